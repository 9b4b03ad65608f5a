/* src/page/view_next.c - what happens next: limits that will be passed, cooling that
 * starts or stops by its calendar, windows of maintenance; soonest first. */
#include "base/drop.h"
#include "page/view.h"
#include "site/calendar.h"
#include <stdio.h>
#include <stdlib.h>

enum { SIGHT_MS = 86400000 };

struct gather {
	struct scene *scene;
	struct coming *list;
	size_t n, most;
};

static struct coming *coming_new(struct gather *g, int64_t at_ms, uint8_t severity)
{
	if (g->n == g->most || at_ms <= g->scene->now_ms || at_ms > g->scene->now_ms + SIGHT_MS)
		return NULL;
	struct coming *at = &g->list[g->n++];

	*at = (struct coming){ .at_ms = at_ms, .severity = severity };
	return at;
}

/* Where a row comes from: a thing of the site file. */
static void from(const struct scene *scene, struct coming *row, const char *id)
{
	KS_DROP(text) struct text href;

	text_init(&href, sizeof row->href);
	thing_href(&href, scene, id);
	(void)snprintf(row->href, sizeof row->href, "%s", href.full ? "" : text_cstr(&href));
}

static void put(char *room, size_t size, const struct text *words)
{
	(void)snprintf(room, size, "%s", text_cstr(words));
}

static const char *room_name(const struct scene *scene, const struct outlook *o)
{
	const struct room *room = &scene->site->rooms[o->room];

	return room->name != NULL ? room->name : room->id;
}

static void limit_put(struct gather *g, const struct outlook *o, int64_t milli, bool critical)
{
	struct scene *scene = g->scene;
	struct chart_ahead levels[OUTLOOK_LEVELS], at;
	const struct chart chart = { .ahead = levels, .ahead_n = o->levels_n };

	for (uint32_t i = 0; i < o->levels_n; i++)
		levels[i] = (struct chart_ahead){ o->levels[i].milli,
			o->at_ms + o->levels[i].low_s * 1000LL, o->at_ms + o->levels[i].mid_s * 1000LL,
			o->at_ms + o->levels[i].high_s * 1000LL };
	if (milli == INT64_MAX || !chart_cross(&chart, milli, &at))
		return;
	struct coming *row = coming_new(g, at.mid_ms, critical ? SEVERITY_CRITICAL :
	    SEVERITY_WARNING);
	KS_DROP(text) struct text value = { 0 }, words = { 0 }, low = { 0 }, high = { 0 };

	if (row == NULL)
		return;
	text_init(&value, 60);
	text_init(&words, 300);
	text_init(&low, 60);
	text_init(&high, 60);
	say_value(&value, scene->lang, MEASURE_TEMPERATURE, milli);
	say(&words, scene->lang, "%s reaches %s", room_name(scene, o), text_cstr(&value));
	from(scene, row, scene->site->rooms[o->room].id);
	put(row->what, sizeof row->what, &words);
	text_clear(&words);
	say_clock(&low, scene->lang, scene->zone, at.low_ms, scene->now_ms);
	say_clock(&high, scene->lang, scene->zone, at.high_ms, scene->now_ms);
	say(&words, scene->lang, "between %s and %s (80 %%)", text_cstr(&low), text_cstr(&high));
	put(row->more, sizeof row->more, &words);
}

static void cooling_put(struct gather *g, const struct cooling *cooling)
{
	struct scene *scene = g->scene;
	int64_t at = cooling->on_when != NULL ?
	    calendar_next(cooling->on_when, scene->zone, scene->now_ms) : INT64_MAX;
	struct coming *row = at != INT64_MAX ? coming_new(g, at, SEVERITY_OK) : NULL;
	const char *name = cooling->name != NULL ? cooling->name : cooling->id;
	KS_DROP(text) struct text words = { 0 };

	if (row == NULL)
		return;
	bool on = calendar_on(cooling->on_when, scene->zone, at + 1000);
	const char *day = calendar_off_name(cooling->on_when, scene->zone, on ? scene->now_ms : at + 1000);

	text_init(&words, 300);
	say(&words, scene->lang, on ? N_("%s starts, by its calendar") : N_("%s stops, by its calendar"),
	    name);
	from(scene, row, cooling->id);
	put(row->what, sizeof row->what, &words);
	text_clear(&words);
	if (day != NULL && on)
		say(&words, scene->lang, "off until then: %s", tr(scene->lang, day));
	else if (day != NULL)
		text_add(&words, tr(scene->lang, day));
	put(row->more, sizeof row->more, &words);
	row->severity = on ? SEVERITY_OK : SEVERITY_WARNING;
}

static void window_put(struct gather *g, const struct maintenance *window)
{
	struct scene *scene = g->scene;
	int64_t begins = window->when != NULL ?
	    calendar_next(window->when, scene->zone, scene->now_ms) : window->from_ms;
	struct coming *row = begins != 0 && begins != INT64_MAX ?
	    coming_new(g, begins, SEVERITY_OK) : NULL;
	KS_DROP(text) struct text words = { 0 };

	if (row == NULL)
		return;
	text_init(&words, 300);
	say(&words, scene->lang, "maintenance: %s", window->name != NULL ? window->name : window->id);
	put(row->what, sizeof row->what, &words);
	(void)snprintf(row->href, sizeof row->href, "/windows");
	if (window->what != NULL)
		(void)snprintf(row->more, sizeof row->more, "%s", window->what);
}

/* A battery that runs down: its own minutes left. */
static void battery_put(struct gather *g, const struct status_now *now)
{
	struct scene *scene = g->scene;
	bool battery = false;
	KS_DROP(text) struct text words = { 0 };

	for (size_t i = 0; i < scene->findings_n; i++)
		battery = battery || scene->findings[i].code == FINDING_ON_BATTERY;
	if (!battery || now->series.kind != MEASURE_RUNTIME || !now_trusted(now))
		return;
	struct coming *row = coming_new(g, now->reading.time_ms + now->reading.milli * 60,
	    SEVERITY_CRITICAL);

	if (row == NULL)
		return;
	text_init(&words, 300);
	say(&words, scene->lang, "the battery is empty (%s)", now_name(scene, now));
	put(row->what, sizeof row->what, &words);
	text_clear(&words);
	series_href(&words, now);
	put(row->href, sizeof row->href, &words);
}

static int sooner(const void *a, const void *b)
{
	int64_t x = ((const struct coming *)a)->at_ms, y = ((const struct coming *)b)->at_ms;

	return x < y ? -1 : x > y;
}

size_t coming_list(struct scene *scene, struct coming *list, size_t most)
{
	struct gather g = { scene, list, 0, most };
	const struct site *site = scene->site;

	if (site == NULL)
		return 0;
	for (size_t i = 0; i < scene->outlooks_n; i++) {
		limit_put(&g, &scene->outlooks[i], scene->outlooks[i].warning, false);
		limit_put(&g, &scene->outlooks[i], scene->outlooks[i].critical, true);
	}
	for (size_t i = 0; i < scene->now_n; i++)
		battery_put(&g, &scene->now[i]);
	for (size_t i = 0; i < site->coolings_n; i++)
		cooling_put(&g, &site->coolings[i]);
	for (size_t i = 0; i < site->maintenances_n; i++)
		window_put(&g, &site->maintenances[i]);
	qsort(list, g.n, sizeof *list, sooner);
	return g.n;
}

void part_next(struct text *out, struct scene *scene)
{
	struct coming list[12];
	size_t n = coming_list(scene, list, 12);

	markup(out, "<article id=\"next\" class=\"card\"><h2>%s</h2>", T("What happens next"));
	if (n == 0)
		markup(out, "<p class=\"quietly\">%s</p>",
		    T("Nothing is foreseen for the next 24 hours: no limit is near, no calendar changes."));
	markup(out, "<ol class=\"coming\">");
	for (size_t i = 0; i < n && i < 6; i++) {
		markup(out, "<li class=\"%s\"><span class=\"when\"><b>", state_class(list[i].severity));
		clock_add(out, scene, list[i].at_ms);
		markup(out, "</b><small>");
		KS_DROP(text) struct text span, in;

		text_init(&span, 60);
		text_init(&in, 100);
		say_duration(&span, scene->lang, list[i].at_ms - scene->now_ms);
		say(&in, scene->lang, "in %s", text_cstr(&span));
		markup(out, "%s</small></span><span class=\"what\">", text_cstr(&in));
		linked_add(out, list[i].href, list[i].what);
		markup(out, "<small>%s</small></span></li>", list[i].more);
	}
	markup(out, "</ol></article>");
}
