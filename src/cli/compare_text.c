/* src/cli/compare_text.c - the comparison for a terminal: first how much, then what is
 * gone and what is new among findings, destinations and countries. */
#include "cli/audit_page.h"
#include "cli/audit_story.h"
#include "cli/audit_table.h"
#include "cli/compare.h"
#include "base/drop.h"
#include "cli/readings.h"

enum { ROWS_SHOWN = 14 };

static void sides_line(struct page *p, const char *says, const char *before, const char *after,
    const char *change)
{
	static const struct table_column columns[] = { { 26, false, NULL, NULL },
		{ 12, true, NULL, NULL }, { 2, false, NULL, NULL }, { 3, false, NULL, NULL },
		{ 14, false, NULL, NULL }, { 9, false, NULL, NULL } };
	struct page_table table = { .columns = columns, .n = 6, .lead = 1, .indent = 2, .joint = " " };
	const char *cells[] = { tr(p->lang, says), before, "", "→", after, change };

	page_table_begin(p, &table);
	page_table_row(p, &table, cells);
}

static void bytes_line(struct page *p, const char *says, uint64_t before, uint64_t after)
{
	KS_DROP(text) struct text one, two, change;

	text_init(&one, 60);
	text_init(&two, 60);
	text_init(&change, 60);
	say_bytes(&one, before);
	say_bytes(&two, after);
	say_change(&change, before, after);
	sides_line(p, says, text_cstr(&one), text_cstr(&two), text_cstr(&change));
}

static void count_line(struct page *p, const char *says, uint64_t before, uint64_t after)
{
	KS_DROP(text) struct text one, two, change;

	text_init(&one, 60);
	text_init(&two, 60);
	text_init(&change, 60);
	say_count(&one, before);
	say_count(&two, after);
	say_change(&change, before, after);
	sides_line(p, says, text_cstr(&one), text_cstr(&two), text_cstr(&change));
}

static void round_trip_line(struct page *p, uint32_t before, uint32_t after)
{
	KS_DROP(text) struct text one = { .at = NULL }, two = { .at = NULL }, change = { .at = NULL };

	if (before == 0 && after == 0)
		return;
	text_init(&one, 60);
	text_init(&two, 60);
	text_init(&change, 60);
	say_round_trip(&one, before);
	say_round_trip(&two, after);
	if (before > 0 && after > 0)
		say_change(&change, before, after);
	sides_line(p, N_("round trip (median)"), text_cstr(&one), text_cstr(&two), text_cstr(&change));
}

static void rate_line(struct page *p, uint64_t before, uint64_t after)
{
	KS_DROP(text) struct text one = { .at = NULL }, two = { .at = NULL }, change = { .at = NULL };

	if (before == 0 && after == 0)
		return;
	text_init(&one, 60);
	text_init(&two, 60);
	text_init(&change, 60);
	say_bytes(&one, before);
	say_bytes(&two, after);
	text_add(&one, before > 0 ? "/s" : "");
	text_add(&two, after > 0 ? "/s" : "");
	if (before > 0 && after > 0)
		say_change(&change, before, after);
	sides_line(p, N_("download rate (median)"), before > 0 ? text_cstr(&one) : "-",
	    after > 0 ? text_cstr(&two) : "-", text_cstr(&change));
}

static void period_line(struct page *p, const struct compare_view *view, enum compare_side side)
{
	KS_DROP(text) struct text line;

	text_init(&line, 300);
	column_add(&line, tr(p->lang, side == BEFORE ? N_("before") : N_("after")), 8);
	compare_period(&line, view, side);
	text_add(&p->text, "  ");
	page_wrap(p, text_cstr(&line), 2, 10);
}

static void head_add(struct page *p, const struct compare_view *view)
{
	const struct audit *before = view->compare->audit[BEFORE];
	const struct audit *after = view->compare->audit[AFTER];
	KS_DROP(text) struct text line;

	text_init(&line, 400);
	page_color(p, "1");
	compare_headline(&line, view);
	page_wrap(p, text_cstr(&line), 0, 2);
	page_plain(p);
	period_line(p, view, BEFORE);
	period_line(p, view, AFTER);
	text_add_char(&p->text, '\n');
	bytes_line(p, N_("bytes"), before->bytes, after->bytes);
	if (compare_daily(before) > 0 && compare_daily(after) > 0)
		bytes_line(p, N_("bytes a day"), compare_daily(before), compare_daily(after));
	count_line(p, N_("flows"), before->flows.tcp + before->flows.udp,
	    after->flows.tcp + after->flows.udp);
	round_trip_line(p, before->handshake_us, after->handshake_us);
	rate_line(p, before->rate_in, after->rate_in);
}

static const char *sign_of(enum compare_part part)
{
	static const char *const signs[COMPARE_PARTS] = { "−", "+", "~", "=" };

	return signs[part];
}

/* What one device did: few lines, as in the audit. */
static void device_add(struct page *p, const struct compare_view *view, enum compare_part part,
    uint32_t device)
{
	static struct story story;
	KS_DROP(text) struct text name = { 0 };

	compare_tell(view, part, device, &story);
	if (story.n == 0)
		return;
	if (device != AUDIT_NO_DEVICE) {
		text_init(&name, 400);
		compare_device_say(&name, view, compare_side_of(part), device);
		text_add(&p->text, "  ");
		page_wrap(p, text_cstr(&name), 2, 4);
	}
	for (size_t i = 0; i < story.n && i < ROWS_SHOWN; i++) {
		bool worse = part == PART_NEW || part == PART_CHANGED;

		page_color(p, worse ? story.lines[i].severity == SEVERITY_OK ? "2" : "31" : "32");
		text_addf(&p->text, "  %s ", sign_of(part));
		page_plain(p);
		page_wrap(p, story.lines[i].text, 4, 4);
	}
	page_more(p, story.n + story.more > ROWS_SHOWN ? story.n + story.more - ROWS_SHOWN : 0);
}

static void findings_add(struct page *p, const struct compare_view *view, enum compare_part part,
    const char *says)
{
	const struct audit *audit = view->compare->audit[compare_side_of(part)];

	if (view->told[part] == 0)
		return;
	page_heading(p, says);
	for (uint32_t i = 0; i < audit->devices_n; i++)
		device_add(p, view, part, i);
	device_add(p, view, part, AUDIT_NO_DEVICE);
}

static void round_trips_add(struct page *p, const struct compare_view *view)
{
	const struct compare *c = view->compare;
	size_t n = 0;

	for (size_t i = 0; i < c->destinations_n; i++) {
		KS_DROP(text) struct text line = { .at = NULL };

		if (!compare_is_slower(&c->destinations[i]))
			continue;
		if (n++ == 0)
			page_heading(p, N_("Round trips"));
		if (n > ROWS_SHOWN)
			continue;
		text_init(&line, 600);
		compare_round_trip(&line, view, &c->destinations[i]);
		text_add(&p->text, "  ~ ");
		page_wrap(p, text_cstr(&line), 4, 4);
	}
	page_more(p, n > ROWS_SHOWN ? n - ROWS_SHOWN : 0);
}

static const struct table_column destination_columns[] = { { 2, false, NULL, NULL },
	{ PAGE_NAME, false, NULL, NULL }, { 16, false, NULL, NULL }, { 10, true, NULL, NULL },
	{ 2, false, NULL, NULL }, { 2, false, NULL, NULL }, { 9, true, NULL, NULL },
	{ 2, false, NULL, NULL }, { 9, false, NULL, NULL } };

static void difference_row(struct page *p, struct page_table *table, const struct compare_row *row,
    const char *name, const char *country)
{
	char before[PAGE_CELL] = "-", after[PAGE_CELL] = "-";
	KS_DROP(text) struct text change;
	const char *cells[] = { !row->there[AFTER] ? "−" : !row->there[BEFORE] ? "+" : "=", name,
		country, before, "", "→", after, "", "" };

	text_init(&change, 60);
	if (row->there[AFTER] && row->there[BEFORE])
		say_change(&change, row->bytes[BEFORE], row->bytes[AFTER]);
	if (row->there[BEFORE])
		cell_of_bytes(before, row->bytes[BEFORE]);
	if (row->there[AFTER])
		cell_of_bytes(after, row->bytes[AFTER]);
	cells[8] = text_cstr(&change);
	page_table_row(p, table, cells);
}

static void destinations_add(struct page *p, const struct compare *c)
{
	static const struct {
		bool before, after;
	} parts[] = { { true, false }, { false, true }, { true, true } };

	struct page_table table = { .columns = destination_columns, .n = 9, .lead = 2, .indent = 2,
		.joint = " " };

	if (c->destinations_n == 0)
		return;
	page_heading(p, N_("Destinations: − gone, + new, = kept"));
	page_table_begin(p, &table);
	for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
		size_t shown = 0, n = compare_count(c->destinations, c->destinations_n,
		    parts[k].before, parts[k].after);

		for (size_t i = 0; i < c->destinations_n && shown < ROWS_SHOWN; i++) {
			const struct compare_row *row = &c->destinations[i];

			if (row->there[BEFORE] != parts[k].before || row->there[AFTER] != parts[k].after)
				continue;
			difference_row(p, &table, row, row->name, country_said(p->lang, row->country));
			shown++;
		}
		page_more(p, n - shown);
	}
}

static void countries_add(struct page *p, const struct compare *c)
{
	struct page_table table = { .columns = destination_columns, .n = 9, .lead = 2, .indent = 2,
		.joint = " " };
	bool any = false;

	for (size_t i = 0; i < c->countries_n; i++)
		any |= c->countries[i].country[0] != '\0';
	if (!any)
		return;
	page_heading(p, N_("Countries: − gone, + new, = kept"));
	page_table_begin(p, &table);
	for (size_t i = 0; i < c->countries_n && i < ROWS_SHOWN; i++) {
		difference_row(p, &table, &c->countries[i], country_said(p->lang, c->countries[i].country),
		    "");
	}
}

bool compare_text(const struct compare_view *view, FILE *to)
{
	struct audit_view shown = { .audit = view->compare->audit[AFTER], .lang = view->lang,
		.zone = view->zone, .color = view->color };
	struct page p = { .view = &shown, .audit = shown.audit, .lang = view->lang,
		.width = view->columns > 0 ? view->columns : 100 };
	bool good;

	text_init(&p.text, PAGE_BYTES);
	head_add(&p, view);
	findings_add(&p, view, PART_GONE, N_("Gone"));
	findings_add(&p, view, PART_NEW, N_("New"));
	findings_add(&p, view, PART_CHANGED, N_("Changed"));
	findings_add(&p, view, PART_KEPT, N_("Still there"));
	round_trips_add(&p, view);
	destinations_add(&p, view->compare);
	countries_add(&p, view->compare);
	good = !p.text.full && fwrite(p.text.at, 1, p.text.len, to) == p.text.len;
	text_done(&p.text);
	return good && fflush(to) == 0;
}
