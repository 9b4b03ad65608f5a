/* src/cli/audit_tables.c - the rows behind the story, for the page. */
#include "cli/audit_draw.h"
#include "cli/audit_html.h"
#include "base/drop.h"
#include "draw/markup.h"
#include "wire/make.h"

enum { DESTINATIONS_SHOWN = 400, ROWS_SHOWN = 200, GROUPS_SHOWN = 60 };

/* A head that begins with ">" is that of numbers; so does its translation. */
static void table(struct html *h, const char *const *heads)
{
	markup(&h->text, "<div class=\"scroll\"><table><thead><tr>");
	for (; *heads != NULL; heads++) {
		bool right = (*heads)[0] == '>';

		if (right)
			markup(&h->text, "<th class=\"n\">%s</th>", tr(h->lang, *heads) + 1);
		else
			markup(&h->text, "<th>%s</th>", tr(h->lang, *heads));
	}
	markup(&h->text, "</tr></thead><tbody>\n");
}

static void table_end(struct html *h)
{
	markup(&h->text, "</tbody></table></div>");
}

static void cell_bytes(struct html *h, uint64_t bytes)
{
	markup(&h->text, "<td class=\"n\">");
	html_bytes(h, bytes);
	markup(&h->text, "</td>");
}

static void cell_count(struct html *h, uint64_t count)
{
	markup(&h->text, "<td class=\"n\">");
	html_count(h, count);
	markup(&h->text, "</td>");
}

/* Only where there are several devices does each row say whose it is. */
static void cell_device(struct html *h, uint32_t device)
{
	if (!h->alone)
		markup(&h->text, "<td class=\"w\">%s</td>", audit_device(h->view->audit, device));
}

#define DEVICE_HEAD(h) ((h)->alone ? 1 : 0)
/* before what others began */
#define INWARD(row) ((row)->inward ? "← " : "")

/* -- where to ---------------------------------------------------------------------- */

static void destination_row(struct html *h, const struct audit_destination *d)
{
	markup(&h->text, "<tr>");
	markup(&h->text, "<td class=\"name\">%s%s", INWARD(d),
	    d->name[0] != '\0' ? d->name : d->addresses_n > 0 ? d->addresses[0] : "?");
	if (d->name[0] != '\0' && d->addresses_n > 0)
		markup(&h->text, "<br><span class=\"muted small\">%s%s</span>", d->addresses[0],
		    d->addresses_n > 1 ? " …" : "");
	for (uint32_t i = 0; i < d->others && i < AUDIT_NAMES; i++)
		markup(&h->text, "%s%s", i == 0 ? "<br><span class=\"muted small\">" : ", ", d->other[i]);
	if (d->others > 0)
		markup(&h->text, "%s %s</span>", d->others > AUDIT_NAMES ? " …" : "",
		    tr(h->lang, N_("(by DNS alone: which was meant can not be told)")));
	markup(&h->text, "</td><td>%s", d->local ? tr(h->lang, N_("in house")) :
	    country_said(h->lang, d->country));
	if (d->owner[0] != '\0')
		markup(&h->text, "<br><span class=\"muted small\">%s</span>", d->owner);
	markup(&h->text, "</td><td class=\"w\">%s", d->protocol);
	if (d->port > 0)
		markup(&h->text, " %u", (unsigned)d->port);
	markup(&h->text, "</td>");
	cell_bytes(h, d->bytes_out);
	cell_bytes(h, d->bytes_in);
	cell_count(h, d->flows);
	if (d->handshake_us > 0)
		markup(&h->text, "<td class=\"n\">%u.%u ms</td></tr>\n", d->handshake_us / 1000,
		    d->handshake_us / 100 % 10);
	else
		markup(&h->text, "<td class=\"n muted\">–</td></tr>\n");
}

static void destinations_add(struct html *h)
{
	static const char *const heads[] = { N_("Destination"), N_("Country, owner"), N_("Protocol"), N_(">Sent"), N_(">Received"), N_(">Flows"), N_(">Round trip"), NULL };
	const struct audit *audit = h->view->audit;
	uint32_t device = AUDIT_NO_DEVICE;
	size_t n = 0;

	if (audit->destinations_n == 0)
		return;
	html_card(h, N_("Where to"));
	table(h, heads);
	for (size_t i = 0; i < audit->destinations_n; i++) {
		const struct audit_destination *d = &audit->destinations[i];

		if (audit_is_echo(d) || n++ >= DESTINATIONS_SHOWN)
			continue;
		if (audit->devices_n > 1 && d->device != device)
			markup(&h->text, "<tr class=\"group\"><th colspan=\"7\">%s</th></tr>",
			    audit_device(audit, d->device));
		device = d->device;
		destination_row(h, d);
	}
	table_end(h);
	html_more(h, n > DESTINATIONS_SHOWN ? n - DESTINATIONS_SHOWN : 0);
	html_card_end(h);
}

/* -- personal data, lists ---------------------------------------------------------- */

static void personal_row(struct html *h, const struct audit_personal *p)
{
	uint64_t frame;

	(void)audit_frame(h->view->audit, p->frame, &frame);
	markup(&h->text, "<tr>");
	cell_device(h, p->device);
	markup(&h->text, "<td>%s</td><td class=\"w\">%s</td><td>%s%s</td><td>%s</td><td>%s</td>",
	    personal_said(h->lang, p->category), p->masked, audit_personal_way(p) != WAY_OUT ? "← " : "", audit_personal_other(p),
	    p->where, grade_said(h->lang, p->grade));
	cell_count(h, frame);
	cell_count(h, p->count);
	markup(&h->text, "</tr>\n");
}

/* What came out of TLS by the owner's own keys was in clear for nobody else. */
static void personal_part(struct html *h, bool decrypted)
{
	static const char *const heads[] = { N_("Device"), N_("What"), N_("Masked"), N_("To"),
		N_("Where"), N_("Sure"), N_(">Frame"), N_(">Times"), NULL };
	const struct audit *audit = h->view->audit;
	size_t n = 0;

	for (size_t i = 0; i < audit->personal_n; i++) {
		if (audit->personal[i].decrypted != decrypted || n++ >= ROWS_SHOWN)
			continue;
		if (n == 1) {
			html_card(h, decrypted ? N_("Personal data inside TLS, read with the keys (masked)")
			    : N_("Personal data in clear (masked)"));
			table(h, heads + DEVICE_HEAD(h));
		}
		personal_row(h, &audit->personal[i]);
	}
	if (n == 0)
		return;
	table_end(h);
	html_more(h, n > ROWS_SHOWN ? n - ROWS_SHOWN : 0);
	html_card_end(h);
}

static void personal_add(struct html *h)
{
	personal_part(h, false);
	personal_part(h, true);
}

static void listed_add(struct html *h)
{
	static const char *const heads[] = { N_("Device"), N_("On the list"), N_("List"),
		N_("Entry"), N_("Date"), N_(">Times"), NULL };
	const struct audit *audit = h->view->audit;

	if (audit->listed_n == 0)
		return;
	html_card(h, N_("On block lists"));
	table(h, heads + DEVICE_HEAD(h));
	for (size_t i = 0; i < audit->listed_n && i < ROWS_SHOWN; i++) {
		const struct audit_listed *l = &audit->listed[i];

		markup(&h->text, "<tr>");
		cell_device(h, l->device);
		markup(&h->text, "<td>%s</td><td>%s</td><td>%s %s</td><td class=\"w\">%s</td>",
		    l->indicator, l->list, l->entry, l->category, l->date);
		cell_count(h, l->count);
		markup(&h->text, "</tr>\n");
	}
	table_end(h);
	html_more(h, audit->listed_n > ROWS_SHOWN ? audit->listed_n - ROWS_SHOWN : 0);
	html_card_end(h);
}

/* -- requests ---------------------------------------------------------------------- */

static void http_add(struct html *h)
{
	static const char *const heads[] = { N_("Device"), N_("Method"), N_("Host"),
		N_("First request"), N_(">Requests"), N_(">Bytes sent"), NULL };
	const struct audit *audit = h->view->audit;
	static struct audit_groups groups;

	if (audit->http_n == 0)
		return;
	html_card(h, N_("Plain HTTP"));
	table(h, heads + DEVICE_HEAD(h));
	audit_http_groups(audit, &groups);
	for (size_t i = 0; i < groups.n && i < GROUPS_SHOWN; i++) {
		const struct audit_http *a = &audit->http[groups.of[i].first];

		markup(&h->text, "<tr>");
		cell_device(h, a->device);
		markup(&h->text, "<td>%s</td><td class=\"name\">%s%s%s</td><td class=\"name\">%s%s</td>", a->method,
		    INWARD(a), a->name[0] != '\0' ? a->name : a->server,
		    a->decrypted ? tr(h->lang, N_(" (decrypted)")) : "", a->uri,
		    a->cut ? tr(h->lang, N_(" (head cut)")) : "");
		cell_count(h, groups.of[i].count);
		cell_bytes(h, groups.of[i].bytes);
		markup(&h->text, "</tr>\n");
	}
	table_end(h);
	html_more(h, groups.more + (groups.n > GROUPS_SHOWN ? groups.n - GROUPS_SHOWN : 0));
	html_card_end(h);
}

/* -- TLS and certificates ---------------------------------------------------------- */

static void tls_row(struct html *h, const struct audit_tls *t, uint64_t count)
{
	KS_DROP(text) struct text words;
	bool bad = t->verdicts != 0 || t->refused != 0;

	text_init(&words, 1000);
	say_certificate(&words, h->lang, h->view->audit, t);
	markup(&h->text, "<tr>");
	cell_device(h, t->device);
	markup(&h->text, "<td class=\"name\">%s%s</td><td class=\"w\">%s</td><td class=\"small\">%s</td>",
	    INWARD(t), t->sni[0] != '\0' ? t->sni : t->server, t->version, t->cipher);
	cell_count(h, count);
	markup(&h->text, "<td class=\"%s\">%s</td></tr>\n", bad ? "warn" : !t->visible ? "muted" :
	    "good", text_cstr(&words));
}

static void tls_add(struct html *h)
{
	static const char *const heads[] = { N_("Device"), N_("Server"), N_("Version"),
		N_("Cipher"), N_(">Sessions"), N_("Certificate"), NULL };
	const struct audit *audit = h->view->audit;
	static struct audit_groups groups;

	if (audit->tls_n == 0)
		return;
	html_card(h, N_("TLS and certificates"));
	draw_certificates(&h->text, h->view);
	table(h, heads + DEVICE_HEAD(h));
	audit_tls_groups(audit, &groups);
	for (size_t i = 0; i < groups.n; i++)
		tls_row(h, &audit->tls[groups.of[i].first], groups.of[i].count);
	table_end(h);
	html_more(h, groups.more);
	html_card_end(h);
}

/* -- the rest ---------------------------------------------------------------------- */

static void traceroutes_add(struct html *h)
{
	static const char *const heads[] = { N_("Device"), N_("When"), N_("To"), N_("How"),
		N_(">Hops"), N_("Reached"), NULL };
	const struct audit *audit = h->view->audit;

	if (audit->traceroutes_n == 0)
		return;
	html_card(h, N_("Traceroutes"));
	table(h, heads + DEVICE_HEAD(h));
	for (size_t i = 0; i < audit->traceroutes_n && i < GROUPS_SHOWN; i++) {
		const struct audit_traceroute *t = &audit->traceroutes[i];

		markup(&h->text, "<tr>");
		cell_device(h, t->device);
		markup(&h->text, "<td class=\"w\">");
		html_clock(h, t->time_ns);
		markup(&h->text, "</td><td>%s%s</td><td>%s</td>", INWARD(t), t->name[0] != '\0' ? t->name :
		    t->target, t->method);
		cell_count(h, t->hops);
		markup(&h->text, "<td>%s</td></tr>\n", tr(h->lang, t->reached ? N_("yes") : N_("no")));
	}
	table_end(h);
	html_more(h, audit->traceroutes_n > GROUPS_SHOWN ? audit->traceroutes_n - GROUPS_SHOWN : 0);
	html_card_end(h);
}

static void unseen_add(struct html *h)
{
	const struct audit *audit = h->view->audit;

	if (audit->unseen_n == 0)
		return;
	html_card(h, N_("What could not be seen"));
	markup(&h->text, "<ul class=\"plain\">");
	for (size_t i = 0; i < audit->unseen_n; i++) {
		KS_DROP(text) struct text line;

		text_init(&line, 1000);
		say_unseen(&line, h->lang, &audit->unseen[i]);
		markup(&h->text, "<li>%s</li>", text_cstr(&line));
	}
	markup(&h->text, "</ul>");
	html_card_end(h);
}

static void accepted_add(struct html *h)
{
	const struct audit *audit = h->view->audit;
	bool any = false;

	for (size_t i = 0; i < audit->findings_n; i++) {
		const struct audit_finding *f = &audit->findings[i];
		KS_DROP(text) struct text line = { 0 };

		if (f->accepted == NULL)
			continue;
		if (!any) {
			html_card(h, N_("Accepted by the owner"));
			markup(&h->text, "<ul class=\"plain\">");
		}
		any = true;
		text_init(&line, 4000);
		audit_finding_say(&line, h->view, h->lang, f);
		markup(&h->text, "<li>%s — %s (%s)</li>", text_cstr(&line), f->accepted->reason,
		    f->accepted->owner);
	}
	if (any) {
		markup(&h->text, "</ul>");
		html_card_end(h);
	}
}

static void stale_add(struct html *h)
{
	const struct audit *audit = h->view->audit;

	if (audit->stale_n == 0)
		return;
	html_card(h, N_("Acceptances that accept nothing here"));
	markup(&h->text, "<ul class=\"plain\">");
	for (size_t i = 0; i < audit->stale_n; i++) {
		const struct audit_stale *stale = &audit->stale[i];
		KS_DROP(text) struct text line;

		text_init(&line, 4000);
		audit_stale_say(&line, h->lang, stale);
		markup(&h->text, "<li>%s — %s (%s)</li>", text_cstr(&line), stale->is.reason,
		    stale->is.owner);
	}
	markup(&h->text, "</ul>");
	html_card_end(h);
}

/* Is there but one device that began anything? */
static bool is_alone(const struct audit *audit)
{
	size_t clients = 0;

	for (size_t i = 0; i < audit->devices_n; i++)
		clients += audit->devices[i].client && audit->devices[i].destinations > 0 &&
		    audit->devices[i].bytes_out + audit->devices[i].bytes_in > 0;
	return clients < 2;
}

void html_tables(struct html *h)
{
	h->alone = is_alone(h->view->audit);
	destinations_add(h);
	listed_add(h);
	personal_add(h);
	http_add(h);
	tls_add(h);
	traceroutes_add(h);
	unseen_add(h);
	accepted_add(h);
	stale_add(h);
}
