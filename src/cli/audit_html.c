/* src/cli/audit_html.c - the audit as one page that needs nothing else: no script, no
 * picture, no font from anywhere.  Order as in the text: verdict, story, pictures, rows. */
#include "cli/audit_draw.h"
#include "cli/audit_summary.h"
#include "cli/audit_html.h"
#include "cli/draft.h"
#include "base/drop.h"
#include "draw/drawing.h"
#include "draw/markup.h"
#include "wire/owner.h"
#include <errno.h>
#include <stdlib.h>

void html_words(struct html *h, const char *msgid)
{
	markup(&h->text, "%s", tr(h->lang, msgid));
}

void html_bytes(struct html *h, uint64_t bytes)
{
	KS_DROP(text) struct text words;

	text_init(&words, 60);
	say_bytes(&words, bytes);
	markup(&h->text, "%s", text_cstr(&words));
}

void html_count(struct html *h, uint64_t count)
{
	KS_DROP(text) struct text words;

	text_init(&words, 60);
	say_count(&words, count);
	markup(&h->text, "%s", text_cstr(&words));
}

void html_card(struct html *h, const char *msgid)
{
	markup(&h->text, "<section class=\"card\"><h2>%s</h2>", tr(h->lang, msgid));
}

void html_card_end(struct html *h)
{
	markup(&h->text, "</section>\n");
}

void html_more(struct html *h, size_t n)
{
	KS_DROP(text) struct text words = { .at = NULL };

	if (n == 0)
		return;
	text_init(&words, 200);
	say(&words, h->lang, "and %d more: --json has them all", (int)n);
	markup(&h->text, "<p class=\"muted small\">%s</p>", text_cstr(&words));
}

void html_clock(struct html *h, int64_t ns)
{
	struct civil c = zone_split(h->view->zone, ns / 1000000);

	markup(&h->text, "%d-%02u-%02u %02u:%02u:%02u", (int)c.year, c.month, c.day, c.hour,
	    c.minute, c.second);
}

/* -- head and verdict -------------------------------------------------------------- */

static const char *severity_class(enum severity severity)
{
	return severity == SEVERITY_CRITICAL ? "critical" :
	    severity == SEVERITY_WARNING     ? "warning" : "ok";
}

static const char *severity_mark(enum severity severity)
{
	return severity == SEVERITY_CRITICAL ? "✖" : severity == SEVERITY_WARNING ? "▲" : "·";
}

void html_head(struct html *h, const char *title, enum severity worst)
{
	markup(&h->text, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
	    "<meta name=\"color-scheme\" content=\"light dark\">"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src 'unsafe-inline'\"><title>%s %s · keisoku</title><style>",
	    h->lang == LANG_JA ? "ja" : "en", severity_mark(worst), title);
	text_add_span(&h->text, draw_css());
	text_add_span(&h->text, report_css());
	markup(&h->text, "</style></head><body><main>\n");
}

void html_band(struct html *h, const char *title, enum severity worst)
{
	markup(&h->text, "<header class=\"band %s\"><h1>%s %s</h1>", severity_class(worst),
	    severity_mark(worst), title);
}

void html_foot(struct html *h)
{
	const struct audit *audit = h->view->audit;

	markup(&h->text, "<footer>");
	if (audit->geo_by != NULL && audit->geo_by[0] != '\0') {
		html_words(h, N_("Countries"));
		markup(&h->text, ": %s · ", audit->geo_by);
	} else if (audit_no_country(audit) != NULL) {
		html_words(h, audit_no_country(audit));
		markup(&h->text, " · ");
	}
	if (audit->trust[0] != '\0') {
		html_words(h, N_("Roots"));
		markup(&h->text, ": %s · ", audit->trust);
	}
	if (mac_owner_date[0] != '\0') {
		html_words(h, N_("Owners of network cards: IEEE, as of"));
		markup(&h->text, " %s · ", mac_owner_date);
	}
	markup(&h->text, "keisoku %s</footer></main></body></html>\n", KS_VERSION);
}

static void period_say(struct html *h)
{
	const struct audit_capture *c = &h->view->audit->capture;
	KS_DROP(text) struct text from, to, lasted, frames, bytes, line;

	text_init(&from, 100);
	text_init(&to, 100);
	text_init(&lasted, 100);
	text_init(&frames, 100);
	text_init(&bytes, 100);
	text_init(&line, 1000);
	if (c->frames == 0) {
		markup(&h->text, "<p>%s</p>", tr(h->lang, N_("the capture is empty")));
		return;
	}
	say_clock(&from, h->lang, h->view->zone, c->first_ns / 1000000, 0);
	say_clock(&to, h->lang, h->view->zone, c->last_ns / 1000000, c->first_ns / 1000000);
	say_duration(&lasted, h->lang, c->last_ns / 1000000 - c->first_ns / 1000000);
	say_count(&frames, c->frames);
	say_bytes(&bytes, c->frame_bytes);
	say(&line, h->lang, c->frames == 1 ? N_("%s to %s (%s, %s): %s frame, %s") :
	    N_("%s to %s (%s, %s): %s frames, %s"), text_cstr(&from), text_cstr(&to),
	    text_cstr(&lasted), h->view->zone_name, text_cstr(&frames), text_cstr(&bytes));
	markup(&h->text, "<p>%s</p>", text_cstr(&line));
}

static void files_say(struct html *h)
{
	const struct audit_capture *c = &h->view->audit->capture;

	markup(&h->text, "<p class=\"small\">");
	for (size_t i = 0; i < c->files_n && i < 4; i++) {
		const char *name = strrchr(c->files[i].name, '/');

		markup(&h->text, "%s%s", i > 0 ? " · " : "", name != NULL ? name + 1 :
		    c->files[i].name);
	}
	if (c->files_n > 4)
		markup(&h->text, " · +%zu", c->files_n - 4);
	markup(&h->text, "</p>");
	for (size_t i = 0; i < c->files_n; i++) {
		KS_DROP(text) struct text line = { 0 };

		if (c->files[i].why == NULL)
			continue;
		text_init(&line, 2000);
		say(&line, h->lang, "read up to frame %lld, byte %lld: ",
		    (long long)c->files[i].frames, (long long)c->files[i].stopped_at);
		say_why(&line, h->lang, c->files[i].why);
		markup(&h->text, "<p>▲ %s</p>", text_cstr(&line));
	}
}

/* -- the story --------------------------------------------------------------------- */

static void lines_add(struct html *h, const struct story *story)
{
	markup(&h->text, "<ul class=\"story\">");
	for (size_t i = 0; i < story->n; i++)
		markup(&h->text, "<li><span class=\"mark %s\">%s</span><span>%s<span class=\"id\">%s"
		    "</span></span></li>", severity_class(story->lines[i].severity),
		    severity_mark(story->lines[i].severity), story->lines[i].text, story->lines[i].id);
	markup(&h->text, "</ul>");
}

static void story_add(struct html *h, uint32_t device)
{
	static struct story story;

	story_tell(h->view, h->lang, device, &story);
	if (story.n == 0)
		return;
	if (device == AUDIT_NO_DEVICE)
		html_card(h, N_("Of no device here, or between others"));
	lines_add(h, &story);
	if (device == AUDIT_NO_DEVICE)
		html_card_end(h);
}

/* Of many devices: what they have in common. */
static void summary_add(struct html *h)
{
	static struct story story;

	summary_tell(h->view, &story);
	html_card(h, N_("In short, over all devices"));
	lines_add(h, &story);
	html_card_end(h);
}

static void device_add(struct html *h, const struct summary_devices *devices, uint32_t i)
{
	const struct audit_device *d = &h->view->audit->devices[i];
	KS_DROP(text) struct text line, out, in;

	text_init(&line, 1000);
	text_init(&out, 60);
	text_init(&in, 60);
	say_bytes(&out, d->bytes_out);
	say_bytes(&in, d->bytes_in);
	say(&line, h->lang, "sent %s, received %s, %d {destination|destinations}", text_cstr(&out),
	    text_cstr(&in), (int)d->destinations);
	if (d->countries > 0)
		say(&line, h->lang, ", %d {country|countries}", (int)d->countries);
	markup(&h->text, "<section class=\"card keep\"><h3>%s</h3><p class=\"muted small\">",
	    audit_device(h->view->audit, i));
	if (d->name[0] != '\0')
		markup(&h->text, "%s · ", d->address);
	if (d->mac[0] != '\0')
		markup(&h->text, "%s", d->mac);
	if (d->mac_owner[0] != '\0')
		markup(&h->text, " (%s)", d->mac_owner);
	if (d->model[0] != '\0')
		markup(&h->text, " · “%s”", d->model);
	markup(&h->text, " · %s</p>", text_cstr(&line));
	story_add(h, i);
	if (devices->same[i] > 0) {
		text_clear(&line);
		summary_same_say(&line, h->view, devices, i);
		markup(&h->text, "<p class=\"muted\">= %s</p>", text_cstr(&line));
	}
	html_card_end(h);
}

/* Those of which nothing is to be told: a line each. */
static void others_add(struct html *h, const struct summary_devices *devices)
{
	const struct audit *audit = h->view->audit;
	bool any = false;

	for (uint32_t i = 0; i < devices->n; i++) {
		const struct audit_device *d = &audit->devices[i];

		if (devices->told[i])
			continue;
		if (!any) {
			html_card(h, N_("Other devices: nothing to tell of them"));
			markup(&h->text, "<ul class=\"plain\">");
		}
		any = true;
		markup(&h->text, "<li>%s <span class=\"muted small\">%s %s · ", audit_device(audit, i),
		    d->mac, d->mac_owner);
		html_bytes(h, d->bytes_out + d->bytes_in);
		markup(&h->text, "</span></li>");
	}
	if (any) {
		markup(&h->text, "</ul>");
		html_card_end(h);
	}
}

static void devices_add(struct html *h, const struct summary_devices *devices)
{
	for (uint32_t i = 0; i < devices->n; i++)
		if (devices->told[i] && devices->first[i] == i)
			device_add(h, devices, i);
	others_add(h, devices);
	html_more(h, h->view->audit->devices_n - devices->n);
}

/* -- pictures ---------------------------------------------------------------------- */

static void period_row(struct html *h, const struct audit_periodic *p, size_t ring)
{
	KS_DROP(text) struct text words;

	text_init(&words, 300);
	story_period(&words, h->lang, p);
	markup(&h->text, "<li><span class=\"mark\"><span class=\"key %s\"></span></span><span>",
	    draw_ring_class(ring));
	if (strcmp(p->what, "traceroute") == 0)
		markup(&h->text, "%s ", tr(h->lang, p->inward ? N_("traceroute from") : N_("traceroute to")));
	markup(&h->text, "<b>%s%s</b> %s</span></li>", p->inward && strcmp(p->what, "contact") == 0 ? "← " : "", p->to, text_cstr(&words));
}

static void clock_add(struct html *h)
{
	const struct audit *audit = h->view->audit;

	if (audit->periodic_n == 0)
		return;
	html_card(h, N_("By the clock"));
	markup(&h->text, "<div class=\"clock\">");
	draw_clock(&h->text, h->view);
	markup(&h->text, "<ul class=\"story\">");
	for (size_t i = 0; i < audit->periodic_n && i < DRAW_RINGS; i++)
		period_row(h, &audit->periodic[i], i);
	markup(&h->text, "</ul></div>");
	html_more(h, audit->periodic_n > DRAW_RINGS ? audit->periodic_n - DRAW_RINGS : 0);
	html_card_end(h);
}

static void pictures_add(struct html *h)
{
	const struct audit *audit = h->view->audit;

	if (audit->time.columns_n > 0) {
		html_card(h, N_("Traffic over time"));
		markup(&h->text, "<div class=\"scroll phone\">");
		draw_traffic(&h->text, h->view, false);
		markup(&h->text, "</div>");
		html_card_end(h);
	}
	clock_add(h);
	if (audit->countries_n > 0) {
		html_card(h, N_("By country"));
		markup(&h->text, "<p class=\"small muted\"><span class=\"key outbar\"></span>%s &nbsp; "
		    "<span class=\"key inbar\"></span>%s</p>", tr(h->lang, N_("sent")),
		    tr(h->lang, N_("received")));
		markup(&h->text, "<div class=\"countries\">");
		draw_countries(&h->text, h->view);
		markup(&h->text, "</div>");
		html_card_end(h);
	}
}

bool audit_html(const struct audit_view *view, FILE *to)
{
	struct html h = { .view = view, .lang = view->lang };
	static struct summary_devices devices;
	KS_DROP(text) struct text title;
	enum severity worst;
	bool good;

	text_init(&h.text, HTML_BYTES);
	text_init(&title, 400);
	worst = say_verdict(&title, view->lang, view->audit);
	html_head(&h, text_cstr(&title), worst);
	html_band(&h, text_cstr(&title), worst);
	period_say(&h);
	files_say(&h);
	markup(&h.text, "</header>\n");
	summary_devices(view, &devices);
	if (summary_is_wanted(&devices))
		summary_add(&h);
	story_add(&h, AUDIT_NO_DEVICE);
	devices_add(&h, &devices);
	pictures_add(&h);
	html_tables(&h);
	html_foot(&h);
	good = !h.text.full && fwrite(h.text.at, 1, h.text.len, to) == h.text.len;
	text_done(&h.text);
	return good;
}

int audit_page_write(const struct audit_view *view, const char *path, struct why *why)
{
	KS_DROP(draft) struct draft page = { .to = NULL };
	int code = draft_open(path, false, &page, why);

	errno = 0;
	if (code == KS_OK && !audit_html(view, page.to))
		code = draft_failed(&page, errno, why);
	return code == KS_OK ? draft_keep(&page, why) : code;
}
