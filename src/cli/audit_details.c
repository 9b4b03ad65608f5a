/* src/cli/audit_details.c - the report's second part: rows behind the story. */
#include "cli/audit_page.h"
#include "base/drop.h"
#include "wire/make.h"
#include "words/finding.h"

/* "<- " before what others began, as in the list of destinations. */
static void inward_cell(struct page *p, bool inward, const char *words, size_t width)
{
	char cell[300];

	(void)snprintf(cell, sizeof cell, "%s%s", inward ? "<- " : "", words);
	page_cell(p, cell, width);
}

static void listed_add(struct page *p)
{
	const struct audit *audit = p->audit;

	if (audit->listed_n == 0)
		return;
	page_heading(p, N_("On block lists"));
	for (size_t i = 0; i < audit->listed_n && i < PAGE_ROWS; i++) {
		const struct audit_listed *l = &audit->listed[i];

		text_add(&p->text, "  ");
		page_cell(p, l->indicator, PAGE_NAME);
		page_cell(p, l->list, 20);
		page_cell(p, l->date, 12);
		page_count(p, l->count, 7);
		text_add(&p->text, "  ");
		page_words(p, l->category[0] != '\0' ? l->category : l->entry);
		text_add_char(&p->text, '\n');
	}
	page_more(p, audit->listed_n > PAGE_ROWS ? audit->listed_n - PAGE_ROWS : 0);
}

/* What came out of TLS by the owner's own keys was in clear for nobody else. */
static void personal_part(struct page *p, bool decrypted)
{
	const struct audit *audit = p->audit;
	size_t n = 0;

	for (size_t i = 0; i < audit->personal_n; i++) {
		const struct audit_personal *d = &audit->personal[i];
		uint64_t frame;

		if (d->decrypted != decrypted || n++ >= PAGE_ROWS * 2)
			continue;
		if (n == 1)
			page_heading(p, decrypted ? N_("Personal data inside TLS, read with the keys (masked)")
			    : N_("Personal data in clear (masked)"));
		(void)audit_frame(audit, d->frame, &frame);
		text_add(&p->text, "  ");
		page_cell(p, personal_said(p->lang, d->category), 24);
		page_cell(p, d->masked, 22);
		inward_cell(p, d->inward, d->inward ? d->client : d->host, 28);
		page_cell(p, d->where, 18);
		say(&p->text, p->lang, "frame %lld, %lld {time|times}", (long long)frame,
		    (long long)d->count);
		text_add_char(&p->text, '\n');
	}
	page_more(p, n > PAGE_ROWS * 2 ? n - PAGE_ROWS * 2 : 0);
}

static void personal_add(struct page *p)
{
	personal_part(p, false);
	personal_part(p, true);
}

/* Requests of one host and method, as one row. */
static void http_add(struct page *p)
{
	const struct audit *audit = p->audit;
	static struct audit_groups groups;

	if (audit->http_n == 0)
		return;
	page_heading(p, N_("Plain HTTP"));
	audit_http_groups(audit, &groups);
	for (size_t i = 0; i < groups.n && i < PAGE_ROWS; i++) {
		const struct audit_http *h = &audit->http[groups.of[i].first];

		text_add(&p->text, "  ");
		page_cell(p, h->method, 8);
		inward_cell(p, h->inward, h->host[0] != '\0' ? h->host : h->server, PAGE_NAME - 6);
		page_count(p, groups.of[i].count, 7);
		page_bytes(p, groups.of[i].bytes, 10);
		text_add(&p->text, "  ");
		page_cell(p, h->uri, 40);
		text_add(&p->text, h->decrypted ? tr(p->lang, N_(" (decrypted)")) : "");
		text_add(&p->text, h->cut ? tr(p->lang, N_(" (head cut)")) : "");
		text_add_char(&p->text, '\n');
	}
	page_more(p, groups.more + (groups.n > PAGE_ROWS ? groups.n - PAGE_ROWS : 0));
}

static void tls_row(struct page *p, const struct audit_tls *t, uint64_t count)
{
	text_add(&p->text, "  ");
	page_cell(p, t->version[0] != '\0' ? t->version : "-", 9);
	inward_cell(p, t->inward, t->sni[0] != '\0' ? t->sni : t->server, PAGE_NAME);
	page_count(p, count, 6);
	text_add(&p->text, "  ");
	say_certificate(&p->text, p->lang, p->audit, t);
	text_add_char(&p->text, '\n');
}

static void tls_add(struct page *p)
{
	const struct audit *audit = p->audit;
	static struct audit_groups groups;

	if (audit->tls_n == 0)
		return;
	page_heading(p, N_("TLS: version, name, sessions, certificate"));
	audit_tls_groups(audit, &groups);
	for (size_t i = 0; i < groups.n && i < PAGE_ROWS * 2; i++)
		tls_row(p, &audit->tls[groups.of[i].first], groups.of[i].count);
	page_more(p, groups.more + (groups.n > PAGE_ROWS * 2 ? groups.n - PAGE_ROWS * 2 : 0));
	if (audit->trust[0] != '\0') {
		text_add(&p->text, "  ");
		say(&p->text, p->lang, "held against the roots of %s", audit->trust);
		text_add_char(&p->text, '\n');
	}
}

static void traceroutes_add(struct page *p)
{
	const struct audit *audit = p->audit;

	if (audit->traceroutes_n == 0)
		return;
	page_heading(p, N_("Traceroutes"));
	for (size_t i = 0; i < audit->traceroutes_n && i < PAGE_ROWS; i++) {
		const struct audit_traceroute *t = &audit->traceroutes[i];

		text_add(&p->text, "  ");
		page_clock(p, t->time_ns, 16);
		inward_cell(p, t->inward, t->name[0] != '\0' ? t->name : t->target, PAGE_NAME);
		page_cell(p, t->method, 6);
		say(&p->text, p->lang, t->reached ? N_("%d {hop|hops}, reached") : N_("%d {hop|hops}"),
		    (int)t->hops);
		text_add_char(&p->text, '\n');
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
