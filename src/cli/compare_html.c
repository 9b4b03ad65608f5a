/* src/cli/compare_html.c - the comparison as one page: how much, what is gone and new,
 * and a picture of each destination's bytes before and after. */
#include "cli/audit_html.h"
#include "cli/compare.h"
#include "base/drop.h"
#include "draw/drawing.h"
#include "draw/markup.h"
#include <math.h>

enum { BARS_SHOWN = 16, W = 9600, ROW = 420, LEFT = 2900, RIGHT = 7700 };

/* -- the picture ------------------------------------------------------------------- */

static void bar_add(struct drawing *d, const char *class, int32_t y, uint64_t bytes,
    uint64_t most)
{
	int32_t wide = (int32_t)(sqrt((double)bytes / (double)(most > 0 ? most : 1)) *
	    (RIGHT - LEFT));
	KS_DROP(text) struct text words;

	text_init(&words, 60);
	if (bytes > 0)
		say_bytes(&words, bytes);
	wide = bytes > 0 && wide < 20 ? 20 : wide;
	if (wide > 0)
		draw_rect(d, class, (struct draw_box){ LEFT, y, wide, 130 }, 0);
	draw_text(d, "muted", (struct draw_spot){ LEFT + wide + 70, y + 110 }, DRAW_START,
	    bytes > 0 ? text_cstr(&words) : "–");
}

static void bars_draw(struct html *h, const struct compare *c)
{
	size_t n = c->destinations_n < BARS_SHOWN ? c->destinations_n : BARS_SHOWN;
	KS_DROP(drawing) struct drawing d;
	uint64_t most = 0;

	drawing_init(&d, W, (int32_t)n * ROW + 60);
	drawing_title(&d, tr(h->lang, N_("bytes of each destination before and after")));
	for (size_t i = 0; i < n; i++)
		for (int side = 0; side < 2; side++)
			most = c->destinations[i].bytes[side] > most ? c->destinations[i].bytes[side] : most;
	for (size_t i = 0; i < n; i++) {
		const struct compare_row *row = &c->destinations[i];
		int32_t y = (int32_t)i * ROW + 40;
		KS_DROP(text) struct text change;

		text_init(&change, 60);
		say_change(&change, row->bytes[BEFORE], row->bytes[AFTER]);
		draw_text_fit(&d, NULL, (struct draw_spot){ 20, y + 190 },
		    (struct draw_fit){ LEFT - 100, 110 }, row->name);
		bar_add(&d, "beforebar", y + 10, row->bytes[BEFORE], most);
		bar_add(&d, "afterbar", y + 160, row->bytes[AFTER], most);
		draw_text(&d, "strong", (struct draw_spot){ W - 40, y + 190 }, DRAW_END,
		    !row->there[AFTER] ? tr(h->lang, N_("gone")) :
		    !row->there[BEFORE] ? tr(h->lang, N_("new")) : text_cstr(&change));
	}
	drawing_svg(&h->text, &d, false);
}

/* -- the rows ---------------------------------------------------------------------- */

static void change_row(struct html *h, const char *says, const char *before, const char *after,
    const char *change)
{
	markup(&h->text, "<tr><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>"
	    "<td class=\"n\"><b>%s</b></td></tr>\n", tr(h->lang, says), before, after, change);
}

static void bytes_row(struct html *h, const char *says, uint64_t before, uint64_t after,
    const char *unit)
{
	KS_DROP(text) struct text one, two, change;

	text_init(&one, 60);
	text_init(&two, 60);
	text_init(&change, 60);
	if (before == 0 && after == 0)
		return;
	say_bytes(&one, before);
	say_bytes(&two, after);
	text_add(&one, unit);
	text_add(&two, unit);
	if (before > 0 && after > 0)
		say_change(&change, before, after);
	change_row(h, says, before > 0 ? text_cstr(&one) : "–", after > 0 ? text_cstr(&two) : "–",
	    text_cstr(&change));
}

static void destinations_row(struct html *h, const struct compare *c)
{
	size_t gone = compare_count(c->destinations, c->destinations_n, true, false);
	size_t added = compare_count(c->destinations, c->destinations_n, false, true);
	size_t kept = compare_count(c->destinations, c->destinations_n, true, true);
	KS_DROP(text) struct text one, two, change;

	text_init(&one, 60);
	text_init(&two, 60);
	text_init(&change, 60);
	say_count(&one, gone + kept);
	say_count(&two, added + kept);
	say_change(&change, gone + kept, added + kept);
	change_row(h, N_("destinations"), text_cstr(&one), text_cstr(&two), text_cstr(&change));
}

static void round_trip_row(struct html *h, uint32_t before, uint32_t after)
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
	change_row(h, N_("round trip (median)"), text_cstr(&one), text_cstr(&two), text_cstr(&change));
}

static void sums_add(struct html *h, const struct compare *c)
{
	const struct audit *a = c->audit[BEFORE], *b = c->audit[AFTER];
	KS_DROP(text) struct text one, two, change;

	text_init(&one, 60);
	text_init(&two, 60);
	text_init(&change, 60);
	html_card(h, N_("How much"));
	markup(&h->text, "<table><thead><tr><th></th><th class=\"n\">%s</th><th class=\"n\">%s</th>"
	    "<th class=\"n\">%s</th></tr></thead><tbody>", tr(h->lang, N_("before")),
	    tr(h->lang, N_("after")), tr(h->lang, N_("change")));
	bytes_row(h, N_("bytes"), a->bytes, b->bytes, "");
	bytes_row(h, N_("bytes a day"), compare_daily(a), compare_daily(b), "");
	say_count(&one, a->flows.tcp + a->flows.udp);
	say_count(&two, b->flows.tcp + b->flows.udp);
	say_change(&change, a->flows.tcp + a->flows.udp, b->flows.tcp + b->flows.udp);
	change_row(h, N_("flows"), text_cstr(&one), text_cstr(&two), text_cstr(&change));
	destinations_row(h, c);
	round_trip_row(h, a->handshake_us, b->handshake_us);
	bytes_row(h, N_("download rate (median)"), a->rate_in, b->rate_in, "/s");
	markup(&h->text, "</tbody></table>");
	html_card_end(h);
}

static void device_add(struct html *h, const struct compare_view *view, enum compare_part part,
    uint32_t device)
{
	static const char *const signs[COMPARE_PARTS] = { "−", "+", "~", "=" };
	static struct story story;
	bool worse = part == PART_NEW || part == PART_CHANGED;
	KS_DROP(text) struct text name = { 0 };

	compare_tell(view, part, device, &story);
	if (story.n == 0)
		return;
	if (device != AUDIT_NO_DEVICE) {
		text_init(&name, 400);
		compare_device_say(&name, view, compare_side_of(part), device);
		markup(&h->text, "<h3>%s</h3>", text_cstr(&name));
	}
	markup(&h->text, "<ul class=\"story\">");
	for (size_t i = 0; i < story.n; i++) {
		enum severity worst = story.lines[i].severity;

		markup(&h->text, "<li><span class=\"mark %s\">%s</span><span>%s<span class=\"id\">%s"
		    "</span></span></li>", !worse ? "ok" : worst == SEVERITY_CRITICAL ?
		    "critical" : worst == SEVERITY_WARNING ? "warning" : "ok", signs[part],
		    story.lines[i].text, story.lines[i].id);
	}
	markup(&h->text, "</ul>");
	html_more(h, story.more);
}

static void findings_add(struct html *h, const struct compare_view *view, enum compare_part part,
    const char *says)
{
	const struct audit *audit = view->compare->audit[compare_side_of(part)];

	if (view->told[part] == 0)
		return;
	html_card(h, says);
	for (uint32_t i = 0; i < audit->devices_n; i++)
		device_add(h, view, part, i);
	device_add(h, view, part, AUDIT_NO_DEVICE);
	html_card_end(h);
}

static void round_trips_add(struct html *h, const struct compare_view *view)
{
	const struct compare *c = view->compare;
	size_t n = 0;

	for (size_t i = 0; i < c->destinations_n; i++) {
		KS_DROP(text) struct text line = { .at = NULL };

		if (!compare_is_slower(&c->destinations[i]))
			continue;
		if (n++ == 0) {
			html_card(h, N_("Round trips"));
			markup(&h->text, "<ul class=\"story\">");
		}
		if (n > BARS_SHOWN)
			continue;
		text_init(&line, 600);
		compare_round_trip(&line, view, &c->destinations[i]);
		markup(&h->text, "<li><span class=\"mark ok\">~</span><span>%s</span></li>", text_cstr(&line));
	}
	if (n == 0)
		return;
	markup(&h->text, "</ul>");
	html_more(h, n > BARS_SHOWN ? n - BARS_SHOWN : 0);
	html_card_end(h);
}

static void countries_add(struct html *h, const struct compare *c)
{
	html_card(h, N_("Countries"));
	markup(&h->text, "<table><thead><tr><th></th><th class=\"n\">%s</th><th class=\"n\">%s</th>"
	    "<th class=\"n\">%s</th></tr></thead><tbody>", tr(h->lang, N_("before")),
	    tr(h->lang, N_("after")), tr(h->lang, N_("change")));
	for (size_t i = 0; i < c->countries_n && i < BARS_SHOWN; i++) {
		const struct compare_row *row = &c->countries[i];
		KS_DROP(text) struct text change;

		text_init(&change, 60);
		say_change(&change, row->bytes[BEFORE], row->bytes[AFTER]);
		markup(&h->text, "<tr><td>%s</td><td class=\"n\">", country_said(h->lang, row->country));
		html_bytes(h, row->bytes[BEFORE]);
		markup(&h->text, "</td><td class=\"n\">");
		html_bytes(h, row->bytes[AFTER]);
		markup(&h->text, "</td><td class=\"n\">%s</td></tr>", !row->there[AFTER] ?
		    tr(h->lang, N_("gone")) : !row->there[BEFORE] ? tr(h->lang, N_("new")) :
		    text_cstr(&change));
	}
	markup(&h->text, "</tbody></table>");
	html_card_end(h);
}

static void period_add(struct html *h, const struct compare_view *view, enum compare_side side)
{
	KS_DROP(text) struct text line;

	text_init(&line, 400);
	compare_period(&line, view, side);
	markup(&h->text, "<p>%s: %s</p>", tr(h->lang, side == BEFORE ? N_("before") : N_("after")),
	    text_cstr(&line));
}

static enum severity worst_new(const struct compare *c)
{
	enum severity worst = SEVERITY_OK;

	for (size_t i = 0; i < c->findings_n; i++)
		if (compare_is_worse(&c->findings[i]) && c->findings[i].severity > worst)
			worst = c->findings[i].severity;
	return worst;
}

bool compare_html(const struct compare_view *view, FILE *to)
{
	const struct compare *c = view->compare;
	struct audit_view shown = { .audit = c->audit[AFTER], .lang = view->lang,
		.zone = view->zone, .zone_name = view->zone_name };
	struct html h = { .view = &shown, .lang = view->lang };
	KS_DROP(text) struct text title;
	bool good;

	text_init(&h.text, HTML_BYTES);
	text_init(&title, 400);
	compare_headline(&title, view);
	html_head(&h, text_cstr(&title), worst_new(c));
	html_band(&h, text_cstr(&title), worst_new(c));
	period_add(&h, view, BEFORE);
	period_add(&h, view, AFTER);
	markup(&h.text, "</header>\n");
	markup(&h.text, "<div class=\"two\">");
	sums_add(&h, c);
	countries_add(&h, c);
	markup(&h.text, "</div>");
	findings_add(&h, view, PART_NEW, N_("New"));
	findings_add(&h, view, PART_GONE, N_("Gone"));
	findings_add(&h, view, PART_CHANGED, N_("Changed"));
	findings_add(&h, view, PART_KEPT, N_("Still there"));
	round_trips_add(&h, view);
	html_card(&h, N_("Destinations"));
	markup(&h.text, "<p class=\"small muted\"><span class=\"key beforebar\"></span>%s &nbsp; "
	    "<span class=\"key afterbar\"></span>%s</p><div class=\"scroll phone\">",
	    tr(h.lang, N_("before")), tr(h.lang, N_("after")));
	bars_draw(&h, c);
	markup(&h.text, "</div>");
	html_more(&h, c->destinations_n > BARS_SHOWN ? c->destinations_n - BARS_SHOWN : 0);
	html_card_end(&h);
	html_foot(&h);
	good = !h.text.full && fwrite(h.text.at, 1, h.text.len, to) == h.text.len;
	text_done(&h.text);
	return good;
}
