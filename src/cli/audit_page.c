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

void page_bytes(struct page *p, uint64_t bytes, size_t width)
{
	KS_DROP(text) struct text words;

	text_init(&words, 40);
	say_bytes(&words, bytes);
	page_right(p, text_cstr(&words), width);
}

void page_count(struct page *p, uint64_t count, size_t width)
{
	KS_DROP(text) struct text words;

	text_init(&words, 40);
	say_count(&words, count);
	page_right(p, text_cstr(&words), width);
}

void page_heading(struct page *p, const char *msgid)
{
	text_add_char(&p->text, '\n');
	page_color(p, "1");
	text_add(&p->text, tr(p->lang, msgid));
	page_plain(p);
	text_add_char(&p->text, '\n');
}

void page_more(struct page *p, size_t n)
{
	if (n == 0)
		return;
	text_add(&p->text, "  ");
	say(&p->text, p->lang, "and %d more: see --json or --html", (int)n);
	text_add_char(&p->text, '\n');
}

void page_clock(struct page *p, int64_t ns, size_t width)
{
	struct civil at = zone_split(p->view->zone, ns / 1000000);
	char words[40];

	(void)snprintf(words, sizeof words, "%02d-%02d %02d:%02d:%02d", at.month, at.day, at.hour,
	    at.minute, at.second);
	column_add(&p->text, words, width);
}
