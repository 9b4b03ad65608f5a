/* src/cli/audit_table.c - see audit_table.h. */
#include "cli/audit_table.h"
#include "base/drop.h"
#include "base/plain.h"
#include "base/utf8.h"
#include "cli/readings.h"
#include "cli/wrap.h"
#include "words/status.h"
#include <string.h>

enum { NAME_LEAST = 18, LAST_LEAST = 20, DEEPER = 2 };

static size_t width_of(const struct page_table *t, size_t from, size_t to)
{
	size_t width = 0;

	for (size_t i = from; i < to; i++)
		width += t->columns[i].width > 0 ? t->columns[i].width : LAST_LEAST;
	return width;
}

static void blanks_add(struct page *p, size_t n)
{
	while (n-- > 0)
		text_add_char(&p->text, ' ');
}

static void line_end(struct page *p)
{
	while (p->text.len > 0 && p->text.at[p->text.len - 1] == ' ')
		p->text.at[--p->text.len] = '\0';
	text_add_char(&p->text, '\n');
}

/* The last one takes as many lines as it needs. */
static void last_add(struct page *p, const char *words, size_t used)
{
	size_t indent = used + LAST_LEAST <= p->width ? used : 4;
	KS_DROP(text) struct text safe;

	text_init(&safe, 4000);
	plain_add(&safe, span_text(words), PLAIN_ONE_LINE);
	if (strchr(words, ' ') == NULL && used < p->width) /* it cannot be divided */
		say_cut(&p->text, text_span(&safe), p->width - used);
	else
		wrap_add(&p->text, text_span(&safe), used, indent, p->width);
}

/* Columns [from, to) of a row that begin at `used`; name: the width of the lead's last. */
static void cells_add(struct page *p, const struct page_table *t, const char *const *cells, size_t from,
    size_t to, size_t used)
{
	for (size_t i = from; i < to; i++) {
		const struct table_column *c = &t->columns[i];
		size_t width = i + 1 == t->lead && c->width > 0 ? t->name : c->width;

		if (width == 0)
			last_add(p, cells[i], used);
		else if (c->right)
			page_right(p, cells[i], width);
		else
			page_cell(p, cells[i], width);
		used += width;
	}
}

/* Its own line: as long as it is, if the terminal is. */
static void lead_add(struct page *p, struct page_table *t, const char *const *cells)
{
	size_t used = t->indent, last = t->lead - 1;

	if (t->lead == 1 && strcmp(t->above, cells[0]) == 0)
		return;
	t->above[0] = '\0';
	if (strlen(cells[0]) < sizeof t->above)
		(void)snprintf(t->above, sizeof t->above, "%s", cells[0]);
	blanks_add(p, t->indent);
	for (size_t i = 0; i < last; i++) {
		page_cell(p, cells[i], t->columns[i].width);
		used += t->columns[i].width;
	}
	page_cell(p, cells[last], p->width > used + NAME_LEAST ? p->width - used + 1 : NAME_LEAST);
	line_end(p);
}

/* A cell is not divided, unless it is longer than a line. */
static size_t word_add(struct page *p, const char *words, size_t used, size_t indent)
{
	size_t width = utf8_columns(span_text(words));
	KS_DROP(text) struct text safe;

	if (used > indent && used + width > p->width) {
		line_end(p);
		blanks_add(p, indent);
		used = indent;
		width -= *words == ' ';
		words += *words == ' ';
	}
	text_init(&safe, 4000);
	plain_add(&safe, span_text(words), PLAIN_ONE_LINE);
	wrap_add(&p->text, text_span(&safe), used, indent, p->width);
	return used + width;
}

static void words_row(struct page *p, const struct page_table *t, const char *const *cells)
{
	const char *joint = tr(p->lang, t->joint != NULL ? t->joint : N_(", "));
	size_t indent = t->indent + DEEPER, used = indent;

	blanks_add(p, indent);
	for (size_t i = t->lead, n = 0; i < t->n; i++) {
		KS_DROP(text) struct text word = { .at = NULL };
		size_t next = i + 1;

		if (cells[i][0] == '\0')
			continue;
		text_init(&word, 4000);
		text_add(&word, n++ > 0 && t->joint != NULL ? joint : "");
		if (t->columns[i].says != NULL)
			say(&word, p->lang, t->columns[i].says, cells[i]);
		else
			text_add(&word, cells[i]);
		while (next < t->n && cells[next][0] == '\0')
			next++;
		text_add(&word, next < t->n && t->joint == NULL ? joint : "");
		used = word_add(p, text_cstr(&word), used, indent);
	}
	line_end(p);
}

static bool lead_fits(const struct page_table *t, const char *const *cells)
{
	return utf8_columns(span_text(cells[t->lead - 1])) < t->name;
}

void page_table_row(struct page *p, struct page_table *t, const char *const *cells)
{
	size_t before = width_of(t, 0, t->lead - 1), at = t->indent + before + t->name;

	if (t->fold <= TABLE_LESS && lead_fits(t, cells)) {
		t->above[0] = '\0';
		blanks_add(p, t->indent);
		cells_add(p, t, cells, 0, t->n, t->indent);
		line_end(p);
		return;
	}
	lead_add(p, t, cells);
	if (t->fold == TABLE_WORDS) {
		words_row(p, t, cells);
		return;
	}
	at = t->fold == TABLE_BELOW ? t->indent + DEEPER : at;
	blanks_add(p, at);
	cells_add(p, t, cells, t->lead, t->n, at);
	line_end(p);
}

void page_table_begin(struct page *p, struct page_table *t)
{
	size_t before = width_of(t, 0, t->lead - 1), rest = width_of(t, t->lead, t->n);
	size_t name = t->columns[t->lead - 1].width;
	const char *heads[16];
	bool any = false;

	t->above[0] = '\0';
	t->name = name;
	t->fold = TABLE_WIDE;
	if (t->indent + before + name + rest > p->width) {
		size_t taken = t->indent + before + rest;

		t->fold = taken + NAME_LEAST <= p->width ? TABLE_LESS :
		    t->indent + DEEPER + rest <= p->width ? TABLE_BELOW : TABLE_WORDS;
		if (t->fold == TABLE_LESS)
			t->name = p->width - taken;
	}
	for (size_t i = 0; i < t->n; i++) {
		heads[i] = t->columns[i].head != NULL ? tr(p->lang, t->columns[i].head) : "";
		any |= t->columns[i].head != NULL;
	}
	if (any && t->fold != TABLE_WORDS)
		page_table_row(p, t, heads);
}
