/* src/page/view_wire_part.c - the tables of the page Wire. */
#include "base/drop.h"
#include "page/wire_day.h"
#include "words/finding.h"
#include "words/wire.h"
#include <string.h>

/* A table in a card: titles of its columns, in the reader's language; file: the same as a
 * file, of the same time. */
static void table_open(struct text *out, const struct wire_day *day, const char *title, const char *file,
    const char *class, const char *const *heads)
{
	KS_DROP(text) struct text what;

	text_init(&what, 200);
	text_addf(&what, "%s?from=%lld&to=%lld", file, (long long)(day->from_ms / 1000),
	    (long long)(day->to_ms / 1000));
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">", title);
	files_add(out, text_cstr(&what));
	markup(out, "</span></h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"%s\"><table class=\"%s\"><thead><tr>", title, class);
	for (; *heads != NULL; heads++)
		markup(out, "<th>%s</th>", *heads);
	markup(out, "</tr></thead><tbody>");
}

static void table_close(struct text *out, const struct scene *scene, bool more)
{
	markup(out, "</tbody></table></div>");
	if (more)
		markup(out, "<p class=\"quietly\">%s</p>", T("There are more; the largest are shown."));
	markup(out, "</article>");
}

static void bytes_cell(struct text *out, uint64_t bytes)
{
	KS_DROP(text) struct text words;

	text_init(&words, 60);
	say_bytes(&words, bytes);
	markup(out, "<td class=\"num\">%s</td>", text_cstr(&words));
}

static void count_cell(struct text *out, uint64_t count)
{
	KS_DROP(text) struct text words;

	text_init(&words, 60);
	say_count(&words, count);
	markup(out, "<td class=\"num\">%s</td>", text_cstr(&words));
}

/* The other side: its name, or its address. */
static const char *other_of(const struct wire_row *row)
{
	return row->name[0] != '\0' ? row->name : row->address;
}

/* -- findings -------------------------------------------------------------------------------- */

/* The date and the entry of a list. */
static void entry_small(struct text *out, const struct scene *scene, const char *both)
{
	struct span rest = span_text(both), date = span_until(&rest, ' ');
	KS_DROP(text) struct text words;
	char day[WIRE_NAME], entry[WIRE_NAME];

	text_init(&words, 400);
	(void)snprintf(day, sizeof day, "%.*s", span_equal(date, "-") ? 0 : (int)date.left, (const char *)date.at);
	(void)snprintf(entry, sizeof entry, "%.*s", (int)rest.left, rest.left > 0 ? (const char *)rest.at : "");
	say_entry(&words, scene->lang, entry, day);
	markup(out, "<small>%s</small>", text_cstr(&words));
}

static void finding_row(struct text *out, struct scene *scene, const struct wire_day *day,
    const struct wire_row *row)
{
	struct finding f = wire_finding(day, row);
	KS_DROP(text) struct text words;

	text_init(&words, 900);
	say_headline(&words, scene->lang, scene->zone, &f, scene->now_ms);
	markup(out, "<tr><td>");
	state_badge(out, scene, row->level);
	markup(out, "</td><td>%s", text_cstr(&words));
	if (row->flags & WIRE_ACCEPTED)
		markup(out, "<small>%s</small>", row->owner);
	else if (f.code == FINDING_WIRE_LISTED && row->owner[0] != '\0')
		entry_small(out, scene, row->owner);
	markup(out, "</td><td>");
	clock_add(out, scene, row->last_ms);
	markup(out, "</td><td class=\"id\">");
	rule_link(out, f.code);
	markup(out, "</td></tr>");
}

static size_t findings_table(struct text *out, struct scene *scene, const struct wire_day *day,
    bool accepted)
{
	const char *heads[] = { T("State"), T("What"), T("Last seen"), T("Rule"), NULL };
	enum { SHOWN = 60 };
	size_t n = 0;

	for (size_t i = 0; i < day->findings.n && n < SHOWN; i++) {
		const struct wire_row *row = &day->findings.at[i];

		if (((row->flags & WIRE_ACCEPTED) != 0) != accepted)
			continue;
		if (n++ == 0)
			table_open(out, day, accepted ? T("Accepted findings") : T("What was found"),
			    "wire_findings", "found", heads);
		finding_row(out, scene, day, row);
	}
	if (n > 0)
		table_close(out, scene, n == SHOWN);
	return n;
}

void wire_findings(struct text *out, struct scene *scene, const struct wire_day *day)
{
	if (findings_table(out, scene, day, false) == 0)
		markup(out, "<article class=\"card\"><h2>%s</h2><p class=\"quietly\">%s</p></article>",
		    T("What was found"), T("Nothing: no list was met, nothing personal went in clear, no certificate was wrong."));
	(void)findings_table(out, scene, day, true);
}

/* -- devices ------------------------------------------------------------------------------------ */

static void device_row(struct text *out, const struct scene *scene, const struct wire_row *row)
{
	markup(out, "<tr><td>%s<small>%s%s%s</small></td>", row->name[0] != '\0' ? row->name : row->device,
	    strcmp(row->name, row->address) != 0 ? row->address : "", row->owner[0] != '\0' ? " " : "",
	    row->owner);
	bytes_cell(out, row->out);
	bytes_cell(out, row->in);
	count_cell(out, row->count);
	count_cell(out, (uint64_t)row->number[0]);
	count_cell(out, (uint64_t)row->number[1]);
	markup(out, "<td class=\"num\">");
	if (row->number[2] > 0)
		markup(out, "%lld / %lld", (long long)(row->number[2] - row->number[3]),
		    (long long)row->number[2]);
	else
		markup(out, "%s", T("none"));
	markup(out, "</td><td class=\"num\">");
	duration_add(out, scene, scene->now_ms - row->last_ms);
	markup(out, "</td></tr>");
}

void wire_devices(struct text *out, struct scene *scene, const struct wire_day *day)
{
	const char *heads[] = { T("Device"), T("Sent"), T("Received"), T("Destinations"), T("Countries"),
		T("Requests in clear"), T("Certificates seen"), T("Age"), NULL };

	if (day->devices.n == 0)
		return;
	table_open(out, day, T("Devices"), "wire_devices", "readings", heads);
	for (size_t i = 0; i < day->devices.n && i < WIRE_TOP; i++)
		device_row(out, scene, &day->devices.at[i]);
	table_close(out, scene, day->devices.n > WIRE_TOP || day->devices.more);
}

/* -- where to -------------------------------------------------------------------------------------- */

static void destinations_table(struct text *out, struct scene *scene, const struct wire_day *day)
{
	const char *heads[] = { T("Destination"), T("Device"), T("Where"), T("Protocol"), T("Sent"),
		T("Received"), NULL };

	table_open(out, day, T("Destinations"), "wire_destinations", "readings", heads);
	for (size_t i = 0; i < day->destinations.n; i++) {
		const struct wire_row *row = &day->destinations.at[i];

		markup(out, "<tr><td>%s%s<small>%s</small></td><td>%s</td><td>%s</td><td>%s %u</td>",
		    row->flags & WIRE_INWARD ? "← " : "", other_of(row), row->owner, wire_device(day, row->device), row->flags & WIRE_LOCAL ?
		    T("in house") : country_said(scene->lang, row->country), row->protocol, row->port);
		bytes_cell(out, row->out);
		bytes_cell(out, row->in);
		markup(out, "</tr>");
	}
	table_close(out, scene, day->destinations.more);
}

static void countries_table(struct text *out, struct scene *scene, const struct wire_day *day)
{
	const char *heads[] = { T("Country"), T("Destinations"), T("Sent"), T("Received"), NULL };

	table_open(out, day, T("Countries"), "wire_countries", "readings", heads);
	for (size_t i = 0; i < day->countries.n; i++) {
		const struct wire_row *row = &day->countries.at[i];

		markup(out, "<tr><td>%s</td>", country_said(scene->lang, row->country));
		count_cell(out, (uint64_t)row->number[0]);
		bytes_cell(out, row->out);
		bytes_cell(out, row->in);
		markup(out, "</tr>");
	}
	if (day->countries.n == 0)
		markup(out, "<tr><td colspan=\"4\">%s</td></tr>", T("nothing went outside of the house"));
	table_close(out, scene, day->countries.more);
}

/* All is new in the first day: that says nothing. */
static void met_table(struct text *out, struct scene *scene, const struct wire_day *day)
{
	const char *heads[] = { T("Destination"), T("Device"), T("Where"), T("First seen"), NULL };

	if (day->since_ms + WIRE_DAY_MS > scene->now_ms || day->from_ms <= day->since_ms) {
		markup(out, "<article class=\"card\"><h2>%s</h2>", T("New destinations"));
		absent_add(out, T("Too early to tell what is new."),
		    T("In the first day that keisoku listens everything is; from the second on they are named here."));
		markup(out, "</article>");
		return;
	}
	table_open(out, day, T("New destinations"), "wire_new", "readings", heads);
	for (size_t i = 0; i < day->met.n; i++) {
		const struct wire_row *row = &day->met.at[i];

		markup(out, "<tr><td>%s<small>%s</small></td><td>%s</td><td>%s</td><td>", row->name, row->owner,
		    wire_device(day, row->device), country_said(scene->lang, row->country));
		clock_add(out, scene, row->first_ms);
		markup(out, "</td></tr>");
	}
	if (day->met.n == 0)
		markup(out, "<tr><td colspan=\"4\">%s</td></tr>", T("none in this time"));
	table_close(out, scene, day->met.more);
}

void wire_where(struct text *out, struct scene *scene, const struct wire_day *day)
{
	destinations_table(out, scene, day);
	markup(out, "<div class=\"two\">");
	countries_table(out, scene, day);
	met_table(out, scene, day);
	markup(out, "</div>");
}

/* -- by the clock ------------------------------------------------------------------------------------ */

void wire_periods(struct text *out, struct scene *scene, const struct wire_day *day)
{
	const char *heads[] = { T("Device"), T("To"), T("When"), T("Since"), T("Last seen"), NULL };

	if (day->periods.n == 0) {
		markup(out, "<article class=\"card\"><h2>%s</h2>", T("Periodic contacts"));
		absent_add(out, T("None is known."),
		    T("A timer of minutes shows after an hour, one of hours after a day, a daily one after three days without a restart."));
		markup(out, "</article>");
		return;
	}
	table_open(out, day, T("Periodic contacts"), "wire_periodic", "readings", heads);
	for (size_t i = 0; i < day->periods.n && i < WIRE_TOP * 2; i++) {
		const struct wire_row *row = &day->periods.at[i];
		const struct period_said said = { .kind = row->word, .period_ms = row->number[0],
			.jitter_ms = row->number[1], .of_day_s = (int32_t)row->number[3],
			.contacts = row->count, .missed = (uint64_t)row->number[2],
			.weekdays = (uint8_t)(row->number[4] & 0x7f), .clock = "" };
		KS_DROP(text) struct text words;

		text_init(&words, 300);
		say_period(&words, scene->lang, &said);
		markup(out, "<tr><td>%s</td><td>%s<small>%s</small></td><td>%s</td><td>",
		    wire_device(day, row->device), other_of(row), row->flags & WIRE_LOCAL ? T("in house") :
		    country_said(scene->lang, row->country), text_cstr(&words));
		clock_add(out, scene, row->first_ms);
		markup(out, "</td><td>");
		clock_add(out, scene, row->last_ms);
		markup(out, "</td></tr>");
	}
	table_close(out, scene, day->periods.n > WIRE_TOP * 2);
}

/* -- certificates ---------------------------------------------------------------------------------------- */

static int64_t left_ms(const struct scene *scene, const struct wire_row *row)
{
	return row->number[1] * 1000 - scene->now_ms;
}

static void verdicts_add(struct text *out, const struct scene *scene, const char *words)
{
	struct span rest = span_text(words);

	while (rest.left > 0) {
		struct span word = span_until(&rest, ',');
		char one[WIRE_NAME];

		(void)snprintf(one, sizeof one, "%.*s", (int)word.left, (const char *)word.at);
		markup(out, "%s%s", verdict_said(scene->lang, one), rest.left > 0 ? ", " : "");
	}
}

/* Wrong ones, and those whose end is near, which nobody has noticed yet. */
void wire_certificates(struct text *out, struct scene *scene, const struct wire_day *day)
{
	const char *heads[] = { T("For"), T("Issuer"), T("Valid until"), T("What is wrong"), NULL };
	const int64_t soon = WIRE_SOON_DAYS * (int64_t)WIRE_DAY_MS;
	size_t n = 0, more = 0;

	table_open(out, day, T("Certificates: wrong, or at an end within 30 days"), "wire_certificates",
	    "readings", heads);
	for (size_t i = 0; i < day->certificates.n; i++) {
		const struct wire_row *row = &day->certificates.at[i];

		if (row->word[0] == '\0' && left_ms(scene, row) > soon)
			continue;
		if (n == WIRE_TOP * 2) {
			more++;
			continue;
		}
		n++;
		markup(out, "<tr><td>%s<small>%s %u</small></td><td>%s</td><td>", other_of(row),
		    row->address, row->port, row->owner);
		clock_add(out, scene, row->number[1] * 1000);
		markup(out, "</td><td>");
		if (row->word[0] != '\0')
			verdicts_add(out, scene, row->word);
		else
			markup(out, "%s", T("nothing yet"));
		markup(out, "</td></tr>");
	}
	if (n == 0)
		markup(out, "<tr><td colspan=\"4\">%s</td></tr>",
		    T("none of those that were seen; TLS 1.3 shows none"));
	table_close(out, scene, more > 0);
}

/* -- what can not be seen ------------------------------------------------------------------------------------ */

void wire_unseen(struct text *out, struct scene *scene, const struct wire_day *day)
{
	KS_DROP(text) struct text what;

	text_init(&what, 200);
	text_addf(&what, "wire_unseen?from=%lld&to=%lld", (long long)(day->from_ms / 1000),
	    (long long)(day->to_ms / 1000));
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">", T("What could not be seen"));
	files_add(out, text_cstr(&what));
	markup(out, "</span></h2><ul class=\"about\">");
	for (size_t i = 0; i < day->unseen.n; i++) {
		KS_DROP(text) struct text words = { 0 };
		unsigned which;

		if (!wire_unseen_find(span_text(day->unseen.at[i].word), &which))
			continue;
		text_init(&words, 400);
		say(&words, scene->lang, wire_unseen_says(which),
		    (unsigned long long)day->unseen.at[i].count);
		markup(out, "<li>%s</li>", text_cstr(&words));
	}
	markup(out, "<li>%s</li></ul></article>",
	    T("what passes other switches and cables than those that are listened to"));
}
