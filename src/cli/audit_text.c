/* src/cli/audit_text.c - the audit for a terminal.  The first screen is the story: what
 * was recorded, each device with the worst of it in few lines; then where it talks to, and
 * the details.  Long lists are cut, and it says how many more there are: --json and
 * --html have all. */
#include "cli/audit_page.h"
#include "cli/audit_story.h"
#include "cli/audit_summary.h"
#include "cli/audit_table.h"
#include "base/drop.h"
#include "base/utf8.h"
#include "cli/readings.h"

enum { DEVICES_SHOWN = 12, SUMMARY_SHOWN = 7, STORY_SHOWN = 14, DESTINATIONS_SHOWN = 20,
	GAPS_SHOWN = 3 };

static const char *mark_of(enum severity severity)
{
	return severity == SEVERITY_CRITICAL ? "✖" : severity == SEVERITY_WARNING ? "!" : "·";
}

static const char *color_of(enum severity severity)
{
	return severity == SEVERITY_CRITICAL ? "1;31" : severity == SEVERITY_WARNING ? "33" : "2";
}

/* -- the first screen -------------------------------------------------------------- */

static void verdict_add(struct page *p)
{
	KS_DROP(text) struct text words;
	enum severity worst;

	text_init(&words, 400);
	worst = say_verdict(&words, p->lang, p->audit);
	page_color(p, worst == SEVERITY_OK ? "1;32" : color_of(worst));
	text_add(&p->text, text_cstr(&words));
	page_plain(p);
	text_add_char(&p->text, '\n');
}

/* The first of them by their dates. */
static void gaps_say(struct text *line, const struct page *p)
{
	const struct audit_capture *c = &p->audit->capture;
	size_t shown = c->gaps_n < GAPS_SHOWN ? c->gaps_n : GAPS_SHOWN;
	KS_DROP(text) struct text when;

	text_init(&when, 600);
	for (size_t i = 0; i < shown; i++) {
		if (i > 0)
			text_add(&when, tr(p->lang, N_(", ")));
		say_span(&when, p->lang, p->view->zone, c->gaps[i].from_ns / 1000000, c->gaps[i].to_ns / 1000000);
	}
	if (c->gaps_n > shown)
		say(&when, p->lang, " and %d more", (int)(c->gaps_n - shown));
	say(line, p->lang, "; nobody at all spoke %s", text_cstr(&when));
}

static void period_add(struct page *p)
{
	const struct audit_capture *c = &p->audit->capture;
	KS_DROP(text) struct text line, from, to, lasted, frames, bytes;

	text_init(&line, 2000);
	text_init(&from, 100);
	text_init(&to, 100);
	text_init(&lasted, 100);
	text_init(&frames, 100);
	text_init(&bytes, 100);
	say_count(&frames, c->frames);
	say_bytes(&bytes, c->frame_bytes);
	if (c->frames == 0) {
		text_addf(&p->text, "%s\n", tr(p->lang, N_("the capture is empty")));
		return;
	}
	say_clock(&from, p->lang, p->view->zone, c->first_ns / 1000000, 0);
	say_clock(&to, p->lang, p->view->zone, c->last_ns / 1000000, c->first_ns / 1000000);
	say_duration(&lasted, p->lang, c->last_ns / 1000000 - c->first_ns / 1000000);
	say(&line, p->lang, c->frames == 1 ? N_("%s to %s (%s, %s): %s frame, %s") :
	    N_("%s to %s (%s, %s): %s frames, %s"), text_cstr(&from), text_cstr(&to),
	    text_cstr(&lasted), p->view->zone_name, text_cstr(&frames), text_cstr(&bytes));
	if (c->files_n > 1)
		say(&line, p->lang, ", %d {file|files}", (int)c->files_n);
	if (c->gaps_n > 0)
		gaps_say(&line, p);
	page_wrap(p, text_cstr(&line), 0, 2);
}

static void stops_add(struct page *p)
{
	for (size_t i = 0; i < p->audit->capture.files_n; i++) {
		const struct audit_file *file = &p->audit->capture.files[i];
		KS_DROP(text) struct text line = { 0 };

		if (file->why == NULL)
			continue;
		text_init(&line, 2000);
		text_add(&line, "! ");
		say(&line, p->lang, "read up to frame %lld, byte %lld: ", (long long)file->frames,
		    (long long)file->stopped_at);
		say_why(&line, p->lang, file->why);
		page_wrap(p, text_cstr(&line), 0, 2);
	}
}

static void lines_add(struct page *p, const struct story *story, size_t most)
{
	for (size_t i = 0; i < story->n && i < most; i++) {
		text_add(&p->text, "  ");
		page_color(p, color_of(story->lines[i].severity));
		text_addf(&p->text, "%s ", mark_of(story->lines[i].severity));
		page_plain(p);
		page_wrap(p, story->lines[i].text, 4, 4);
	}
}

static void story_add(struct page *p, uint32_t device, size_t most)
{
	static struct story story;

	story_tell(p->view, p->lang, device, &story);
	if (story.n > 0 && device == AUDIT_NO_DEVICE)
		page_heading(p, N_("Of no device here, or between others"));
	lines_add(p, &story, most);
	page_more(p, story.n > most ? story.n - most + story.more : story.more);
}

/* Of many devices: what they have in common. */
static void summary_add(struct page *p)
{
	static struct story story;

	summary_tell(p->view, &story);
	lines_add(p, &story, SUMMARY_SHOWN);
	if (story.n <= SUMMARY_SHOWN)
		return;
	KS_DROP(text) struct text line;

	text_init(&line, 200);
	say(&line, p->lang, "and %d more {kind|kinds} of findings, below", (int)(story.n - SUMMARY_SHOWN));
	text_add(&p->text, "  ");
	page_wrap(p, text_cstr(&line), 2, 2);
}

static void device_head(struct page *p, const struct audit_device *d)
{
	KS_DROP(text) struct text line, out, in;

	text_init(&line, 4000);
	text_init(&out, 40);
	text_init(&in, 40);
	say_bytes(&out, d->bytes_out);
	say_bytes(&in, d->bytes_in);
	text_add_char(&p->text, '\n');
	page_color(p, "1");
	page_words(p, d->name[0] != '\0' ? d->name : d->address[0] != '\0' ? d->address : d->mac);
	page_plain(p);
	if (d->name[0] != '\0' && d->address[0] != '\0')
		text_addf(&line, "  %s", d->address);
	if (d->mac[0] != '\0' && (d->name[0] != '\0' || d->address[0] != '\0'))
		text_addf(&line, "  %s", d->mac);
	if (d->mac_owner[0] != '\0')
		text_addf(&line, " (%s)", d->mac_owner);
	if (d->model[0] != '\0')
		text_addf(&line, "  \"%.60s\"", d->model);
	text_add(&line, "  ");
	say(&line, p->lang, "sent %s, received %s, %d {destination|destinations}", text_cstr(&out),
	    text_cstr(&in), (int)d->destinations);
	if (d->countries > 0)
		say(&line, p->lang, ", %d {country|countries}", (int)d->countries);
	page_wrap(p, text_cstr(&line), utf8_columns(span_text(d->name[0] != '\0' ? d->name :
	    d->address)), 2);
}

/* -- destinations ------------------------------------------------------------------ */

static const struct table_column destination_columns[] = {
	{ PAGE_NAME, false, N_("DESTINATION"), NULL },
	{ 16, false, N_("COUNTRY"), NULL },
	{ 12, false, N_("PROTOCOL"), NULL },
	{ 9, true, N_("SENT"), N_("sent %s") },
	{ 10, true, N_("RECEIVED"), N_("received %s") },
	{ 9, true, N_("FLOWS"), N_("flows: %s") },
};

static void destination_row(struct page *p, struct page_table *table, const struct audit_destination *d)
{
	char what[40], name[300], out[PAGE_CELL], in[PAGE_CELL], flows[PAGE_CELL];
	const char *cells[] = { name, d->local ? tr(p->lang, N_("in house")) :
	    country_said(p->lang, d->country), what, out, in, flows };

	(void)snprintf(what, sizeof what, d->port > 0 ? "%s %u" : "%s", d->protocol, d->port);
	(void)snprintf(name, sizeof name, "%s%s%s", d->inward ? "<- " : "", d->others > 0 ? "~ " : "",
	    d->name[0] != '\0' ? d->name : d->addresses_n > 0 ? d->addresses[0] : "?");
	cell_of_bytes(out, d->bytes_out);
	cell_of_bytes(in, d->bytes_in);
	cell_of_count(flows, d->flows);
	page_table_row(p, table, cells);
}

static void destinations_add(struct page *p, uint32_t device)
{
	const struct audit *audit = p->audit;
	struct page_table table = { .columns = destination_columns, .indent = 2, .lead = 1,
		.n = sizeof destination_columns / sizeof *destination_columns };
	size_t shown = 0, all = 0;

	for (size_t i = 0; i < audit->destinations_n; i++) {
		if (audit->destinations[i].device != device ||
		    audit_is_echo(&audit->destinations[i]))
			continue;
		if (all++ == 0)
			page_table_begin(p, &table);
		if (shown >= DESTINATIONS_SHOWN)
			continue;
		destination_row(p, &table, &audit->destinations[i]);
		shown++;
	}
	page_more(p, all - shown);
}

/* Those of which nothing is to be told: all in few lines. */
static void others_add(struct page *p, const struct summary_devices *devices)
{
	KS_DROP(text) struct text names;
	size_t others = 0;

	text_init(&names, 8000);
	for (uint32_t i = 0; i < devices->n; i++) {
		if (devices->told[i])
			continue;
		text_addf(&names, "%s%s", others++ > 0 ? tr(p->lang, N_(", ")) : "",
		    audit_device(p->audit, i));
	}
	if (others == 0)
		return;
	KS_DROP(text) struct text line;

	text_init(&line, 9000);
	say(&line, p->lang, "nothing to tell of: %s", text_cstr(&names));
	text_add_char(&p->text, '\n');
	page_wrap(p, text_cstr(&line), 0, 2);
}

static void device_add(struct page *p, const struct summary_devices *devices, uint32_t i)
{
	KS_DROP(text) struct text line = { 0 };

	device_head(p, &p->audit->devices[i]);
	story_add(p, i, STORY_SHOWN);
	if (devices->same[i] == 0)
		return;
	text_init(&line, 1000);
	text_add(&line, "= ");
	summary_same_say(&line, p->view, devices, i);
	text_add(&p->text, "  ");
	page_wrap(p, text_cstr(&line), 2, 4);
}

static void devices_add(struct page *p, const struct summary_devices *devices)
{
	size_t shown = 0, more = p->audit->devices_n - devices->n;

	story_add(p, AUDIT_NO_DEVICE, STORY_SHOWN);
	for (uint32_t i = 0; i < devices->n; i++) {
		if (!devices->told[i] || devices->first[i] != i)
			continue;
		if (shown++ < DEVICES_SHOWN)
			device_add(p, devices, i);
		else
			more += 1 + devices->same[i];
	}
	others_add(p, devices);
	if (more > 0) {
		KS_DROP(text) struct text line;

		text_init(&line, 200);
		say(&line, p->lang, "%d more {device|devices}: see --json or --html", (int)more);
		text_add_char(&p->text, '\n');
		page_wrap(p, text_cstr(&line), 0, 2);
	}
}

/* What "~" means, where a name has it. */
static void doubt_add(struct page *p)
{
	bool any = false;

	for (size_t i = 0; i < p->audit->destinations_n; i++)
		any |= p->audit->destinations[i].others > 0;
	if (!any)
		return;
	text_add(&p->text, "  ~ ");
	page_wrap(p, tr(p->lang, N_("named by DNS alone, which gave that address other names too: which was meant can not be told; --json and --html name them")), 4, 4);
}

static void where_add(struct page *p, const struct summary_devices *devices)
{
	const struct audit *audit = p->audit;
	size_t shown = 0;

	if (audit->destinations_n == 0)
		return;
	page_heading(p, N_("Where to"));
	for (uint32_t i = 0; i < devices->n && shown < DEVICES_SHOWN; i++) {
		if (audit->devices[i].destinations == 0 || devices->first[i] != i)
			continue;
		shown++;
		if (audit->devices_n > 1) {
			text_add_char(&p->text, ' ');
			page_words(p, audit_device(audit, i));
			text_add_char(&p->text, '\n');
		}
		destinations_add(p, i);
	}
	doubt_add(p);
	if (audit->geo_by != NULL && audit->geo_by[0] != '\0') {
		KS_DROP(text) struct text line;

		text_init(&line, 1000);
		say(&line, p->lang, "source: %s", audit->geo_by);
		text_add(&p->text, "  ");
		page_wrap(p, text_cstr(&line), 2, 2);
	} else if (audit->destinations_n > 0 && audit_no_country(audit) != NULL) {
		text_add(&p->text, "  ");
		page_wrap(p, tr(p->lang, audit_no_country(audit)), 2, 2);
	}
}

bool audit_text(const struct audit_view *view, FILE *to)
{
	struct page p = { .view = view, .audit = view->audit, .lang = view->lang,
		.width = view->columns > 0 ? view->columns : 100 };
	static struct summary_devices devices;
	bool good;

	text_init(&p.text, PAGE_BYTES);
	verdict_add(&p);
	period_add(&p);
	stops_add(&p);
	summary_devices(view, &devices);
	if (summary_is_wanted(&devices))
		summary_add(&p);
	devices_add(&p, &devices);
	where_add(&p, &devices);
	page_details(&p);
	good = !p.text.full && fwrite(p.text.at, 1, p.text.len, to) == p.text.len;
	text_done(&p.text);
	return good && fflush(to) == 0;
}
