/* src/page/view_verdict.c - the band on top: what, since when, now, next and after, and
 * at most three things to do, each with what it would bring. */
#include "base/drop.h"
#include "base/number.h"
#include "page/plan.h"
#include "page/acts.h"
#include "words/named.h"
#include <string.h>

enum { TIER_WAITS = 3 };

static bool all_well(const struct scene *scene)
{
	return scene->verdict->worst.code >= FINDING_CODES;
}

static void nearest_say(struct text *words, const struct scene *scene)
{
	struct nearest nearest = scene_nearest(scene);
	KS_DROP(text) struct text value, limit;
	int64_t critical;

	text_init(&value, 100);
	text_init(&limit, 100);
	if (scene->verdict->next.known) {
		status_next_say(words, scene->lang, &(struct status){ .verdict = scene->verdict,
		    .model = scene->site, .zone = scene->zone, .now_ms = scene->now_ms });
	} else if (nearest.now != NULL) {
		enum measure kind = (enum measure)nearest.now->series.kind;

		say_value(&value, scene->lang, kind, nearest.now->reading.milli);
		say_value(&limit, scene->lang, kind, now_limit(nearest.now, &critical));
		say(words, scene->lang, "The nearest limit: %s at %s, its limit is %s.",
		    now_name(scene, nearest.now), text_cstr(&value), text_cstr(&limit));
	} else if (nearest.node != GRID_NONE) {
		const struct node *node = &scene->site->nodes[nearest.node];

		say(words, scene->lang, "The nearest limit: %s carries %d %% of what it may all day.",
		    node->name != NULL ? node->name : node->id, (int)(nearest.share_milli / 10));
	} else {
		text_add(words, T("No limit is known yet."));
	}
}

static void quiet_band(struct text *out, const struct scene *scene)
{
	struct nearest nearest;
	KS_DROP(text) struct text words, href;

	text_init(&words, 600);
	nearest_say(&words, scene);
	text_init(&href, 400);
	nearest = scene_nearest(scene);
	if (nearest.now != NULL)
		series_href(&href, nearest.now);
	else if (nearest.node != GRID_NONE)
		node_href(&href, scene, nearest.node);
	markup(out, "<section id=\"verdict\" class=\"band quiet ok\" aria-label=\"%s\"><h1>", T("Verdict"));
	state_badge(out, scene, SEVERITY_OK);
	markup(out, " <span class=\"line\">");
	linked_add(out, text_cstr(&href), text_cstr(&words));
	markup(out, "</span></h1></section>");
}

static void unmeasured_band(struct text *out, const struct scene *scene)
{
	KS_DROP(text) struct text words;

	text_init(&words, 300);
	first_value_say(&words, scene);
	markup(out, "<section id=\"verdict\" class=\"band quiet none\" aria-label=\"%s\"><h1>", T("Verdict"));
	state_badge(out, scene, SEVERITY_UNKNOWN);
	markup(out, " <span class=\"line\">%s</span></h1>",
	    T("Nothing has been measured yet."));
	if (scene->site == NULL || scene->site->sensors_n == 0)
		absent_add(out, T("The site file names no sensor."),
		    T("`keisoku init --scan` finds what can be measured here, and `keisoku explain sensor` "
		    "says how a line is written."));
	else
		absent_add(out, text_cstr(&words), "");
	markup(out, "</section>");
}

/* How fast the chart's subject rises, mK in an hour; INT64_MIN: not known. */
static int64_t rise_of(const struct scene *scene)
{
	const struct status_now *now = scene_main(scene);
	const struct outlook *o = now == NULL ? NULL : scene_outlook(scene, now_room(scene, now));

	return o != NULL ? o->rise_mk_h : INT64_MIN;
}

static void lead_add(struct text *out, struct scene *scene)
{
	const struct verdict *v = scene->verdict;
	int64_t rise = rise_of(scene);
	KS_DROP(text) struct text words, number;

	text_init(&words, 1000);
	text_init(&number, 40);
	if (status_named(v) != &v->worst) {
		KS_DROP(text) struct text cause;

		text_init(&cause, 600);
		headline_say(&cause, scene, &v->worst, scene->now_ms);
		say(&words, scene->lang, "The cause: %s. ", text_cstr(&cause));
	}
	if (rise != INT64_MIN && rise >= 300) {
		text_add_milli(&number, number_scale(rise, 1, 100) * 100);
		say(&words, scene->lang, "The air has warmed by %s K in the last hour. ",
		    text_cstr(&number));
	}
	if (v->more > 0) {
		say(&words, scene->lang, "%u more {finding stands|findings stand} below. ", v->more);
	}
	if (words.len > 0)
		markup(out, "<p class=\"lead\"><a href=\"/incident/%llu\">%s</a></p>", (unsigned long long)v->worst.id,
		    text_cstr(&words));
}

static void point_open(struct text *out, const char *class, const char *big)
{
	markup(out, "<li class=\"%s\"><b class=\"at\">%s</b><span class=\"what\">", class, big);
}

static void since_point(struct text *out, const struct scene *scene)
{
	const struct finding *named = status_named(scene->verdict);
	KS_DROP(text) struct text clock = { 0 }, lasted = { 0 };

	if (named->since_ms == 0)
		return;
	text_init(&clock, 100);
	text_init(&lasted, 100);
	say_clock(&clock, scene->lang, scene->zone, named->since_ms, scene->now_ms);
	say_duration(&lasted, scene->lang, scene->now_ms - named->since_ms);
	point_open(out, "since", text_cstr(&clock));
	KS_DROP(text) struct text words;

	text_init(&words, 300);
	say(&words, scene->lang, "for %s", text_cstr(&lasted));
	markup(out, "<strong><a href=\"/incident/%llu\">%s</a></strong> %s</span></li>", (unsigned long long)named->id,
	    T("since"), text_cstr(&words));
}

static void now_point(struct text *out, const struct scene *scene)
{
	const struct status_now *now = scene_main(scene);
	KS_DROP(text) struct text value = { 0 }, clock = { 0 }, limit_words = { 0 }, href = { 0 };
	int64_t critical, limit;

	if (now == NULL)
		return;
	text_init(&value, 100);
	text_init(&clock, 100);
	text_init(&limit_words, 300);
	text_init(&href, 400);
	limit = now_limit(now, &critical);
	say_value(&value, scene->lang, (enum measure)now->series.kind, now->reading.milli);
	say_clock(&clock, scene->lang, scene->zone, now->reading.time_ms, scene->now_ms);
	point_open(out, "now", text_cstr(&value));
	series_href(&href, now);
	KS_DROP(text) struct text when;

	text_init(&when, 200);
	say(&when, scene->lang, "now, %s", text_cstr(&clock));
	markup(out, "<strong>%s</strong> <a href=\"%s\">%s</a>", text_cstr(&when), text_cstr(&href),
	    now_name(scene, now));
	if (limit != INT64_MAX) {
		KS_DROP(text) struct text at;

		text_init(&at, 100);
		say_value(&at, scene->lang, (enum measure)now->series.kind, limit);
		say(&limit_words, scene->lang, "limit %s", text_cstr(&at));
		markup(out, " <span class=\"of\">%s</span>", text_cstr(&limit_words));
	}
	markup(out, "</span></li>");
}

static void ahead_point(struct text *out, const struct scene *scene, const char *class,
    const struct chart_ahead *at, const char *label)
{
	KS_DROP(text) struct text mid, low, high, range;

	text_init(&mid, 100);
	text_init(&low, 100);
	text_init(&high, 100);
	text_init(&range, 300);
	say_clock(&mid, scene->lang, scene->zone, at->mid_ms, scene->now_ms);
	say_clock(&low, scene->lang, scene->zone, at->low_ms, scene->now_ms);
	say_clock(&high, scene->lang, scene->zone, at->high_ms, scene->now_ms);
	say(&range, scene->lang, "between %s and %s (80 %%)", text_cstr(&low), text_cstr(&high));
	point_open(out, class, text_cstr(&mid)); /* the chart shows what it is foreseen from */
	markup(out, "<strong><a href=\"#main\">%s</a></strong> %s</span></li>", label, text_cstr(&range));
}

static struct chart_ahead ahead_of(const struct forecast *next)
{
	return (struct chart_ahead){ .milli = next->limit_milli,
		.low_ms = next->at_ms + next->low_s * 1000LL,
		.mid_ms = next->at_ms + next->mid_s * 1000LL,
		.high_ms = next->at_ms + next->high_s * 1000LL };
}

/* The next limit, then whatever is foreseen after it. */
static void ahead_points(struct text *out, struct scene *scene)
{
	const struct forecast *next = &scene->verdict->next;
	struct coming list[8];
	size_t n = coming_list(scene, list, 8);
	int64_t mid = next->known ? next->at_ms + next->mid_s * 1000LL : scene->now_ms;
	KS_DROP(text) struct text value, label;

	text_init(&value, 100);
	text_init(&label, 300);
	if (next->known) {
		struct chart_ahead at = ahead_of(next);

		say_value(&value, scene->lang, (enum measure)next->kind, next->limit_milli);
		say(&label, scene->lang, "%s expected", text_cstr(&value));
		ahead_point(out, scene, "next", &at, text_cstr(&label));
	} else {
		point_open(out, "next", "\xe2\x80\x93");
		KS_DROP(text) struct text why;

		text_init(&why, 300);
		say_no_forecast(&why, scene->lang, scene->verdict);
		markup(out, "<strong>%s</strong> %s</span></li>", T("next"), all_well(scene) ?
		    T("no limit is near") : text_cstr(&why));
	}
	for (size_t i = 0; i < n; i++) {
		if (list[i].at_ms <= mid + 60000)
			continue;
		KS_DROP(text) struct text clock;

		text_init(&clock, 100);
		say_clock(&clock, scene->lang, scene->zone, list[i].at_ms, scene->now_ms);
		point_open(out, list[i].severity >= SEVERITY_WARNING ? "after bad" : "after",
		    text_cstr(&clock));
		markup(out, "<strong>");
		linked_add(out, list[i].href, list[i].what);
		markup(out, "</strong> %s</span></li>", list[i].more);
		break;
	}
}

/* Who could be switched off first in a room: count and watts, from model and meters. */
static void shed_say(struct text *words, const struct scene *scene, const char *room)
{
	uint32_t n = 0;
	int64_t mw = 0;

	for (uint32_t i = 0; scene->grid != NULL && i < scene->grid->hosts_n; i++) {
		const struct host *host = &scene->site->hosts[i];
		const struct rack *rack = host->rack;

		if (rack == NULL || rack->room == NULL || (strcmp(rack->room->id, room) != 0 &&
		    strcmp(rack->id, room) != 0))
			continue;
		if (host->service != NULL && (host->service->must ||
		    host->service->tier < TIER_WAITS))
			continue;
		if (scene_down(scene, host)) /* switching it off saves nothing */
			continue;
		n++;
		mw += scene->grid->hosts[i].mw;
	}
	if (n == 0)
		return;
	say(words, scene->lang, "%u {host carries|hosts carry} nothing of tier 0 to 2: %d W less heat", n,
	    (int)number_scale(mw, 1, 1000));
}

static void cooling_say(struct text *words, const struct scene *scene, const char *id)
{
	for (size_t i = 0; i < scene->site->coolings_n; i++) {
		const struct cooling *cooling = &scene->site->coolings[i];
		KS_DROP(text) struct text watts = { 0 };

		if (strcmp(cooling->id, id) != 0 || cooling->capacity_mw == 0)
			continue;
		text_init(&watts, 60);
		say_value(&watts, scene->lang, MEASURE_POWER, cooling->capacity_mw);
		say(words, scene->lang, "takes up to %s of heat away", text_cstr(&watts));
	}
}

/* What doing it would bring, where it can be said; else what it is good for. */
static void effect_say(struct text *words, struct scene *scene, enum todo todo,
    const char *subject)
{
	switch (todo) {
	case TODO_RESTART_COOLING:
	case TODO_CALL_BUILDING:
		cooling_say(words, scene, subject);
		break;
	case TODO_SHED_LOAD:
		shed_say(words, scene, subject);
		break;
	case TODO_OPEN_DOORS:
		text_add(words, T("warm air leaves; how much has not been measured here yet"));
		break;
	case TODO_SHUT_DOWN_ORDERLY:
		text_add(words, T("machines that stop by heat lose data; in order they do not"));
		break;
	case TODO_RUN_PLAN:
	case TODO_READ_PLAN:
		plan_effect_say(words, scene, subject);
		break;
	case TODO_CHECK_SENSOR:
		text_add(words, T("until then its values are not believed"));
		break;
	default:
		break;
	}
}

static void todos_add(struct text *out, struct scene *scene)
{
	const struct verdict *v = scene->verdict;
	bool planned = false;
	KS_DROP(text) struct text incident;

	text_init(&incident, 60);
	text_addf(&incident, "/incident/%llu", (unsigned long long)v->worst.id);
	markup(out, "<div class=\"todo\"><h2>%s</h2><ol>", T("What to do now"));
	for (unsigned i = 0; i < VERDICT_DO && v->todo[i] != TODO_NONE; i++) {
		KS_DROP(text) struct text what, effect, href;

		text_init(&what, 300);
		text_init(&effect, 300);
		say_todo(&what, scene->lang, (enum todo)v->todo[i],
		    name_of(scene->site, v->todo_subject[i]));
		effect_say(&effect, scene, (enum todo)v->todo[i], v->todo_subject[i]);
		planned |= v->todo[i] == TODO_SHED_LOAD || v->todo[i] == TODO_SHUT_DOWN_ORDERLY ||
		    v->todo[i] == TODO_RUN_PLAN || v->todo[i] == TODO_READ_PLAN;
		text_init(&href, 400);
		thing_href(&href, scene, v->todo_subject[i]);
		markup(out, "<li><b>");
		linked_add(out, text_cstr(&href), text_cstr(&what));
		markup(out, "</b><span>%s</span></li>", text_cstr(&effect));
	}
	if (v->todo[0] == TODO_NONE)
		markup(out, "<li><b>%s</b><span></span></li>", T("Look at it"));
	markup(out, "</ol><div class=\"buttons\"><a class=\"button main\" href=\"%s\">%s</a>",
	    planned ? "/plan" : text_cstr(&incident), planned ? T("Review the plan") :
	    T("See the whole incident"));
	part_hands(out, scene, &v->worst, scene->id[0] != '\0' ? text_cstr(&incident) : "/");
	if (planned && scene->id[0] == '\0')
		markup(out, "<a class=\"button\" href=\"%s\">%s</a>", text_cstr(&incident),
		    T("See the whole incident"));
	markup(out, "</div>");
	part_broken(out, scene);
	markup(out, "</div>");
}

/* A number stays on one line with its unit. */
static void glue(struct text *out, const struct text *words)
{
	for (size_t i = 0; i < words->len; i++) {
		bool unit = i > 0 && words->at[i] == ' ' && words->at[i - 1] >= '0' && words->at[i - 1] <= '9';

		text_add(out, unit ? "\xc2\xa0" : "");
		if (!unit)
			text_add_char(out, words->at[i]);
	}
}

void part_verdict(struct text *out, struct scene *scene)
{
	const struct verdict *v = scene->verdict;
	KS_DROP(text) struct text headline = { 0 }, words = { 0 };

	if (!v->measuring && all_well(scene)) {
		unmeasured_band(out, scene);
		return;
	}
	if (all_well(scene)) {
		quiet_band(out, scene);
		return;
	}
	text_init(&words, 600);
	text_init(&headline, 800);
	verdict_say(&words, scene);
	glue(&headline, &words);
	markup(out, "<section id=\"verdict\" class=\"band %s\" aria-label=\"%s\"><div class=\"says\">",
	    state_class(v->severity), T("Verdict"));
	state_badge(out, scene, v->severity);
	markup(out, "<h1><a href=\"/incident/%llu\">%s</a></h1>", (unsigned long long)v->worst.id,
	    text_cstr(&headline));
	lead_add(out, scene);
	markup(out, "<ol class=\"line4\">");
	since_point(out, scene);
	now_point(out, scene);
	ahead_points(out, scene);
	markup(out, "</ol></div>");
	todos_add(out, scene);
	markup(out, "</section>");
}
