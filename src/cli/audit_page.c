/* src/cli/audit_page.c - columns, colour and headings of a report. */
#include "cli/audit_page.h"
#include "base/drop.h"
#include "base/plain.h"
#include "base/utf8.h"
#include "cli/readings.h"
#include "cli/wrap.h"
#include "words/status.h"

void page_color(struct page *p, const char *code)
{
	if (p->view->color)
		text_addf(&p->text, "\033[%sm", code);
}

void page_plain(struct page *p)
{
	if (p->view->color)
		text_add(&p->text, "\033[0m");
}

/* Others' words come in: nothing of them may move the cursor. */
void page_words(struct page *p, const char *words)
{
	plain_add(&p->text, span_text(words), PLAIN_ONE_LINE);
}

void page_wrap(struct page *p, const char *words, size_t used, size_t indent)
{
	KS_DROP(text) struct text safe;

	text_init(&safe, 8000);
	plain_add(&safe, span_text(words), PLAIN_ONE_LINE);
	wrap_add(&p->text, text_span(&safe), used, indent, p->width);
	text_add_char(&p->text, '\n');
}

/* A word in a column; longer ones are cut. */
void page_cell(struct page *p, const char *words, size_t width)
{
	KS_DROP(text) struct text safe, cut;

	text_init(&safe, 4000);
	text_init(&cut, 4000);
	plain_add(&safe, span_text(words), PLAIN_ONE_LINE);
	say_cut(&cut, text_span(&safe), width - 1);
	column_add(&p->text, text_cstr(&cut), width);
}

void page_right(struct page *p, const char *words, size_t width)
{
	size_t used = utf8_columns(span_text(words));

	for (; used < width; used++)
		text_add_char(&p->text, ' ');
	text_add(&p->text, words);
}

void cell_of_bytes(char cell[PAGE_CELL], uint64_t bytes)
{
	KS_DROP(text) struct text words;

	text_init(&words, PAGE_CELL - 1);
	say_bytes(&words, bytes);
	(void)snprintf(cell, PAGE_CELL, "%s", text_cstr(&words));
}

void cell_of_count(char cell[PAGE_CELL], uint64_t count)
{
	KS_DROP(text) struct text words;

	text_init(&words, PAGE_CELL - 1);
	say_count(&words, count);
	(void)snprintf(cell, PAGE_CELL, "%s", text_cstr(&words));
}

void cell_of_clock(char cell[PAGE_CELL], const struct page *p, int64_t ns)
{
	struct civil at = zone_split(p->view->zone, ns / 1000000);

	(void)snprintf(cell, PAGE_CELL, "%02d-%02d %02d:%02d:%02d", at.month, at.day, at.hour,
	    at.minute, at.second);
}

void page_heading(struct page *p, const char *msgid)
{
	text_add_char(&p->text, '\n');
	page_color(p, "1");
	wrap_add(&p->text, span_text(tr(p->lang, msgid)), 0, 0, p->width);
	page_plain(p);
	text_add_char(&p->text, '\n');
}

void page_more(struct page *p, size_t n)
{
	KS_DROP(text) struct text line = { .at = NULL };

	if (n == 0)
		return;
	text_init(&line, 400);
	say(&line, p->lang, "and %d more: see --json or --html", (int)n);
	text_add(&p->text, "  ");
	page_wrap(p, text_cstr(&line), 2, 2);
}
