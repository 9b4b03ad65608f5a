/* src/cli/audit_details.c - the report's second part: rows behind the story. */
#include "cli/audit_page.h"
#include "cli/audit_table.h"
#include "base/drop.h"
#include "wire/make.h"
#include "words/finding.h"
#include "words/status.h"

#define TABLE_OF(list, lead_n)                                                          \
	{ .columns = (list), .n = sizeof(list) / sizeof *(list), .lead = (lead_n), .indent = 2 }

/* "<- " before what others began, as in the list of destinations. */
enum { INWARD = 300 };
static const char *inward_cell(char cell[INWARD], bool inward, const char *words)
{
	(void)snprintf(cell, INWARD, "%s%s", inward ? "<- " : "", words);
	return cell;
}

static void listed_add(struct page *p)
{
	static const struct table_column columns[] = { { PAGE_NAME, false, NULL, NULL },
		{ 20, false, NULL, NULL }, { 12, false, NULL, NULL }, { 7, true, NULL, N_("times: %s") },
		{ 2, false, NULL, NULL }, { 0, false, NULL, NULL } };
	const struct audit *audit = p->audit;
	struct page_table table = TABLE_OF(columns, 1);

	if (audit->listed_n == 0)
		return;
	page_heading(p, N_("On block lists"));
	page_table_begin(p, &table);
	for (size_t i = 0; i < audit->listed_n && i < PAGE_ROWS; i++) {
		const struct audit_listed *l = &audit->listed[i];
		char count[PAGE_CELL], entry[300];
		const char *cells[] = { l->indicator, l->list, l->date, count, "", entry };

		(void)snprintf(entry, sizeof entry, "%s%s%s", l->entry, l->category[0] != '\0' ? "  " : "",
		    l->category);

		cell_of_count(count, l->count);
		page_table_row(p, &table, cells);
	}
	page_more(p, audit->listed_n > PAGE_ROWS ? audit->listed_n - PAGE_ROWS : 0);
}

static void personal_row(struct page *p, struct page_table *table, const struct audit_personal *d)
{
	KS_DROP(text) struct text seen;
	char host[INWARD];
	const char *cells[] = { inward_cell(host, audit_personal_way(d) != WAY_OUT, audit_personal_other(d)),
		personal_said(p->lang, d->category), d->masked, d->where, "" };
	uint64_t frame;

	text_init(&seen, 200);
	(void)audit_frame(p->audit, d->frame, &frame);
	say(&seen, p->lang, "frame %lld, %lld {time|times}", (long long)frame, (long long)d->count);
	cells[4] = text_cstr(&seen);
	page_table_row(p, table, cells);
}

/* What came out of TLS by the owner's own keys was in clear for nobody else. */
static void personal_part(struct page *p, bool decrypted)
{
	static const struct table_column columns[] = { { 28, false, NULL, NULL },
		{ 24, false, NULL, NULL }, { 22, false, NULL, NULL }, { 18, false, NULL, NULL },
		{ 0, false, NULL, NULL } };
	const struct audit *audit = p->audit;
	struct page_table table = TABLE_OF(columns, 1);
	size_t n = 0;

	for (size_t i = 0; i < audit->personal_n; i++) {
		if (audit->personal[i].decrypted != decrypted || n++ >= PAGE_ROWS * 2)
			continue;
		if (n == 1) {
			page_heading(p, decrypted ? N_("Personal data inside TLS, read with the keys (masked)")
			    : N_("Personal data in clear (masked)"));
			page_table_begin(p, &table);
		}
		personal_row(p, &table, &audit->personal[i]);
	}
	page_more(p, n > PAGE_ROWS * 2 ? n - PAGE_ROWS * 2 : 0);
}

static void personal_add(struct page *p)
{
	personal_part(p, false);
	personal_part(p, true);
}

static void http_row(struct page *p, struct page_table *table, const struct audit_http *h,
    const struct audit_group *group)
{
	KS_DROP(text) struct text uri;
	char count[PAGE_CELL], bytes[PAGE_CELL], host[INWARD];
	const char *cells[] = { h->method, inward_cell(host, h->inward, h->name[0] != '\0' ? h->name :
	    h->server), count, bytes, "", "" };

	text_init(&uri, 200);
	say_cut(&uri, span_text(h->uri), 40);
	text_add(&uri, h->decrypted ? tr(p->lang, N_(" (decrypted)")) : "");
	text_add(&uri, h->cut ? tr(p->lang, N_(" (head cut)")) : "");
	cell_of_count(count, group->count);
	cell_of_bytes(bytes, group->bytes);
	cells[5] = text_cstr(&uri);
	page_table_row(p, table, cells);
}

/* Requests of one host and method, as one row. */
static void http_add(struct page *p)
{
	static const struct table_column columns[] = { { 8, false, NULL, NULL },
		{ PAGE_NAME - 6, false, NULL, NULL }, { 7, true, NULL, N_("times: %s") },
		{ 10, true, NULL, N_("sent %s") }, { 2, false, NULL, NULL }, { 0, false, NULL, NULL } };
	const struct audit *audit = p->audit;
	static struct audit_groups groups;
	struct page_table table = TABLE_OF(columns, 2);

	if (audit->http_n == 0)
		return;
	page_heading(p, N_("Plain HTTP: method, host, requests, bytes sent, the first of them"));
	audit_http_groups(audit, &groups);
	page_table_begin(p, &table);
	for (size_t i = 0; i < groups.n && i < PAGE_ROWS; i++)
		http_row(p, &table, &audit->http[groups.of[i].first], &groups.of[i]);
	page_more(p, groups.more + (groups.n > PAGE_ROWS ? groups.n - PAGE_ROWS : 0));
}

static void tls_row(struct page *p, struct page_table *table, const struct audit_tls *t, uint64_t count)
{
	KS_DROP(text) struct text words;
	char number[PAGE_CELL], name[INWARD];
	const char *cells[] = { t->version[0] != '\0' ? t->version : "-",
		inward_cell(name, t->inward, t->sni[0] != '\0' ? t->sni : t->server), number, "", "" };

	text_init(&words, 1000);
	say_certificate(&words, p->lang, p->audit, t);
	cell_of_count(number, count);
	cells[4] = text_cstr(&words);
	page_table_row(p, table, cells);
}

static void tls_add(struct page *p)
{
	static const struct table_column columns[] = { { 9, false, NULL, NULL },
		{ PAGE_NAME, false, NULL, NULL }, { 6, true, NULL, N_("times: %s") },
		{ 2, false, NULL, NULL }, { 0, false, NULL, NULL } };
	const struct audit *audit = p->audit;
	static struct audit_groups groups;
	struct page_table table = TABLE_OF(columns, 2);

	if (audit->tls_n == 0)
		return;
	page_heading(p, N_("TLS: version, name, sessions, certificate"));
	audit_tls_groups(audit, &groups);
	page_table_begin(p, &table);
	for (size_t i = 0; i < groups.n && i < PAGE_ROWS * 2; i++)
		tls_row(p, &table, &audit->tls[groups.of[i].first], groups.of[i].count);
	page_more(p, groups.more + (groups.n > PAGE_ROWS * 2 ? groups.n - PAGE_ROWS * 2 : 0));
	if (audit->trust[0] != '\0') {
		KS_DROP(text) struct text line;

		text_init(&line, 5000);
		say(&line, p->lang, "held against the roots of %s", audit->trust);
		text_add(&p->text, "  ");
		page_wrap(p, text_cstr(&line), 2, 2);
	}
}

static void traceroutes_add(struct page *p)
{
	static const struct table_column columns[] = { { 16, false, NULL, NULL },
		{ PAGE_NAME, false, NULL, NULL }, { 6, false, NULL, NULL }, { 0, false, NULL, NULL } };
	const struct audit *audit = p->audit;
	struct page_table table = TABLE_OF(columns, 2);

	if (audit->traceroutes_n == 0)
		return;
	page_heading(p, N_("Traceroutes"));
	page_table_begin(p, &table);
	for (size_t i = 0; i < audit->traceroutes_n && i < PAGE_ROWS; i++) {
		const struct audit_traceroute *t = &audit->traceroutes[i];
		KS_DROP(text) struct text hops;
		char clock[PAGE_CELL], name[INWARD];
		const char *cells[] = { clock, inward_cell(name, t->inward, t->name[0] != '\0' ? t->name :
		    t->target), t->method, "" };

		text_init(&hops, 100);
		cell_of_clock(clock, p, t->time_ns);
		say(&hops, p->lang, t->reached ? N_("%d {hop|hops}, reached") : N_("%d {hop|hops}"),
		    (int)t->hops);
		cells[3] = text_cstr(&hops);
		page_table_row(p, &table, cells);
	}
	page_more(p, audit->traceroutes_n > PAGE_ROWS ? audit->traceroutes_n - PAGE_ROWS : 0);
}

static void unseen_add(struct page *p)
{
	const struct audit *audit = p->audit;

	if (audit->unseen_n == 0)
		return;
	page_heading(p, N_("What could not be seen"));
	for (size_t i = 0; i < audit->unseen_n; i++) {
		KS_DROP(text) struct text line;

		text_init(&line, 2000);
		say_unseen(&line, p->lang, &audit->unseen[i]);
		text_add(&p->text, "  - ");
		page_wrap(p, text_cstr(&line), 4, 4);
	}
}

static void accepted_add(struct page *p)
{
	bool first = true;

	for (size_t i = 0; i < p->audit->findings_n; i++) {
		const struct audit_finding *f = &p->audit->findings[i];
		KS_DROP(text) struct text line = { 0 };

		if (f->accepted == NULL)
			continue;
		if (first)
			page_heading(p, N_("Accepted by the owner"));
		first = false;
		text_init(&line, 4000);
		audit_finding_say(&line, p->view, p->lang, f);
		text_addf(&line, " — %s (%s)", f->accepted->reason, f->accepted->owner);
		text_add(&p->text, "  - ");
		page_wrap(p, text_cstr(&line), 4, 4);
	}
}

static void stale_add(struct page *p)
{
	const struct audit *audit = p->audit;

	if (audit->stale_n == 0)
		return;
	page_heading(p, N_("Acceptances that accept nothing here"));
	for (size_t i = 0; i < audit->stale_n && i < PAGE_ROWS; i++) {
		const struct audit_stale *stale = &audit->stale[i];
		KS_DROP(text) struct text line;

		text_init(&line, 4000);
		audit_stale_say(&line, p->lang, stale);
		text_addf(&line, " — %s (%s)", stale->is.reason, stale->is.owner);
		text_add(&p->text, "  - ");
		page_wrap(p, text_cstr(&line), 4, 4);
	}
	page_more(p, audit->stale_n > PAGE_ROWS ? audit->stale_n - PAGE_ROWS : 0);
}

void page_details(struct page *p)
{
	listed_add(p);
	personal_add(p);
	http_add(p);
	tls_add(p);
	traceroutes_add(p);
	unseen_add(p);
	accepted_add(p);
	stale_add(p);
}
