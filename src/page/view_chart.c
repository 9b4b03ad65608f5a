/* src/page/view_chart.c - the main chart, and the small ones. */
#include "base/drop.h"
#include "page/view.h"
#include <string.h>

enum { HOUR = 3600000, WIDE = 8600, NARROW = 3600, TALL = 2900, STEPS = 280, CAUSES = 6,
	LIMITS = 4 };

static int64_t span_from(const struct scene *scene)
{
	return scene->from_ms != 0 ? scene->from_ms : scene->now_ms - 12 * HOUR;
}

static int64_t span_to(const struct scene *scene)
{
	return scene->to_ms != 0 ? scene->to_ms : scene->now_ms + 1;
}

void want_main(struct scene *scene, const struct status_now *now)
{
	(void)scene_want(scene, now, span_from(scene), span_to(scene), STEPS);
}

struct made { /* what a chart borrows */
	struct chart chart;
	struct chart_ahead ahead[OUTLOOK_LEVELS];
	struct chart_limit limits[LIMITS];
	struct chart_cause causes[CAUSES];
	struct text words[LIMITS + CAUSES];
	size_t words_n;
};

static struct text *words_new(struct made *made)
{
	struct text *words = &made->words[made->words_n++];

	text_init(words, 200);
	return words;
}

static void limit_put(struct made *made, const struct scene *scene, int64_t milli, uint8_t severity)
{
	struct chart_limit *limit = &made->limits[made->chart.limits_n];
	KS_DROP(text) struct text value = { 0 };

	if (milli == INT64_MAX || milli == INT64_MIN)
		return;
	text_init(&value, 60);
	say_value(&value, scene->lang, made->chart.kind, milli);
	struct text *words = words_new(made);

	if (severity == SEVERITY_CRITICAL)
		say(words, scene->lang, "%s critical limit", text_cstr(&value));
	else
		say(words, scene->lang, "%s limit", text_cstr(&value));
	*limit = (struct chart_limit){ milli, severity, text_cstr(words) };
	made->chart.limits_n++;
}

static void cause_put(struct made *made, int64_t at_ms, const struct scene *scene,
    const char *says)
{
	KS_DROP(text) struct text clock = { 0 };

	if (made->chart.causes_n == CAUSES || at_ms <= made->chart.from_ms)
		return;
	text_init(&clock, 60);
	say_clock(&clock, scene->lang, scene->zone, at_ms, scene->now_ms);
	struct text *words = words_new(made);

	text_addf(words, "%s %s", text_cstr(&clock), says);
	made->causes[made->chart.causes_n++] = (struct chart_cause){ at_ms, text_cstr(words) };
}

/* When cooling went away, mains power went, hosts were lost: each once. */
static void causes_put(struct made *made, const struct scene *scene)
{
	for (size_t i = 0; i < scene->findings_n; i++) {
		const struct finding *f = &scene->findings[i];

		if (f->code == FINDING_AC_CALENDAR)
			cause_put(made, f->since_ms, scene, T("building cooling off"));
		else if (f->code == FINDING_COOLING_OFF)
			cause_put(made, f->since_ms, scene, T("cooling off"));
		else if (f->code == FINDING_ON_BATTERY)
			cause_put(made, f->since_ms, scene, T("on battery"));
		else if (f->code == FINDING_HOSTS_LOST)
			cause_put(made, f->since_ms, scene, T("hosts lost"));
	}
}

static void ahead_put(struct made *made, const struct outlook *o, int64_t shift_milli)
{
	for (uint32_t i = 0; i < o->levels_n; i++)
		made->ahead[i] = (struct chart_ahead){ o->levels[i].milli + shift_milli,
			o->at_ms + o->levels[i].low_s * 1000LL, o->at_ms + o->levels[i].mid_s * 1000LL,
			o->at_ms + o->levels[i].high_s * 1000LL };
	made->chart.ahead_n = o->levels_n;
}

/* As much of the past as there is, at least an hour; of what is ahead, what is foreseen
 * and a little more. */
static void span_set(struct made *made, const struct scene *scene, const struct want *want)
{
	struct chart *chart = &made->chart;
	int64_t first = want->points[0].time_ms;

	chart->from_ms = span_from(scene);
	chart->to_ms = scene->to_ms != 0 ? scene->to_ms : scene->now_ms;
	if (scene->from_ms == 0 && first > chart->from_ms)
		chart->from_ms = first < chart->to_ms - HOUR ? first : chart->to_ms - HOUR;
	if (scene->to_ms != 0)
		return;
	int64_t past = chart->to_ms - chart->from_ms, end = chart->to_ms + past / 40;

	for (size_t i = 0; i < chart->ahead_n; i++) {
		int64_t at = chart->ahead[i].mid_ms + past / 20;

		end = at > end ? at : end;
	}
	chart->to_ms = end > chart->to_ms + past ? chart->to_ms + past : end;
}

static void chart_title(struct text *words, const struct scene *scene,
    const struct status_now *now)
{
	KS_DROP(text) struct text value;

	text_init(&value, 60);
	say_value(&value, scene->lang, (enum measure)now->series.kind, now->reading.milli);
	say(words, scene->lang, "%s over time, now %s", now_name(scene, now), text_cstr(&value));
}

static void chart_svg(struct text *out, struct made *made, const char *class, int32_t w)
{
	KS_DROP(drawing) struct drawing drawing;

	drawing_init(&drawing, w, TALL);
	chart_draw(&drawing, &made->chart);
	markup(out, "<div class=\"%s\">", class);
	drawing_svg(out, &drawing, false);
	markup(out, "</div>");
}

static void chart_fill(struct made *made, struct scene *scene, const struct status_now *now,
    const struct want *want)
{
	const struct outlook *o = scene_outlook(scene, now_room(scene, now));
	int64_t critical, limit = now_limit(now, &critical);
	bool air = now->series.kind == MEASURE_TEMPERATURE && (now->series.place == PLACE_ROOM ||
	    now->series.place == PLACE_INLET);

	made->chart.points = want->points;
	made->chart.points_n = want->points_n;
	made->chart.ahead = made->ahead;
	made->chart.limits = made->limits;
	made->chart.causes = made->causes;
	/* the room's outlook, moved to what this sensor shows now */
	if (o != NULL && air && o->levels_n > 0 && scene->to_ms == 0)
		ahead_put(made, o, now->reading.milli - o->levels[0].milli);
	span_set(made, scene, want);
	limit_put(made, scene, limit, limit == critical ? SEVERITY_CRITICAL : SEVERITY_WARNING);
	if (critical != limit)
		limit_put(made, scene, critical, SEVERITY_CRITICAL);
	causes_put(made, scene);
}

static void chart_figure(struct text *out, struct scene *scene, const struct status_now *now,
    struct want *want)
{
	struct made made = { .chart = { .lang = scene->lang, .zone = scene->zone,
		.kind = (enum measure)now->series.kind, .tone = tone_of((enum measure)now->series.kind),
		.now_ms = scene->now_ms } };
	KS_DROP(text) struct text title;

	text_init(&title, 300);
	chart_title(&title, scene, now);
	made.chart.title = text_cstr(&title);
	chart_fill(&made, scene, now, want);
	markup(out, "<figure class=\"chart\" data-from=\"%lld\" data-to=\"%lld\" data-left=\"42\" "
	    "data-right=\"12\"", (long long)made.chart.from_ms, (long long)made.chart.to_ms);
	if (scene->read_off) {
		markup(out, " data-tone=\"%s\" data-name=\"%s\" data-time=\"%s\" "
		    "data-history=\"/api/history?series=", made.chart.tone, now_name(scene, now),
		    T("When"));
		markup_path(out, now->series.id);
		markup(out, "&amp;kind=%s&amp;from=%lld&amp;to=%lld\"",
		    measure_word((enum measure)now->series.kind), (long long)(made.chart.from_ms / 1000),
		    (long long)(made.chart.to_ms / 1000));
	}
	markup(out, ">");
	chart_svg(out, &made, "wide", WIDE);
	chart_svg(out, &made, "narrow", NARROW);
	markup(out, "</figure>");
	if (scene->from_ms != 0)
		markup(out, "<p class=\"back\"><a class=\"button\" href=\"?kind=%s\">%s</a></p>",
		    scene->kind_asked, T("Back to the last 12 hours"));
	for (size_t i = 0; i < made.words_n; i++)
		text_done(&made.words[i]);
}

bool chart_alone(struct text *out, struct scene *scene, const struct status_now *now)
{
	struct want *want = scene_wanted(scene, now);
	struct made made = { .chart = { .lang = scene->lang, .zone = scene->zone, .tone = "heat",
		.now_ms = scene->now_ms } };
	KS_DROP(drawing) struct drawing drawing;
	KS_DROP(text) struct text title;

	drawing_init(&drawing, WIDE, TALL);
	text_init(&title, 300);
	if (now == NULL || want == NULL || want->points_n < 2)
		return false;
	made.chart.kind = (enum measure)now->series.kind;
	made.chart.tone = tone_of(made.chart.kind);
	chart_title(&title, scene, now);
	made.chart.title = text_cstr(&title);
	chart_fill(&made, scene, now, want);
	chart_draw(&drawing, &made.chart);
	drawing_svg(out, &drawing, true);
	for (size_t i = 0; i < made.words_n; i++)
		text_done(&made.words[i]);
	return true;
}

void part_chart(struct text *out, struct scene *scene, const struct status_now *now)
{
	struct want *want = scene_wanted(scene, now);
	KS_DROP(text) struct text href = { 0 };

	markup(out, "<article id=\"main\" class=\"card wide-card\">");
	if (now == NULL) {
		markup(out, "<h2>%s</h2>", T("Over time"));
		absent_add(out, T("Nothing is measured that could be drawn."),
		    T("A first sensor line in the site file changes that."));
		markup(out, "</article>");
		return;
	}
	text_init(&href, 400);
	series_href(&href, now);
	markup(out, "<h2><a href=\"%s\">%s</a><span class=\"note\">%s", text_cstr(&href),
	    now_name(scene, now), scene->from_ms != 0 ? T("the time asked for") :
	    T("measured; dashed: forecast, with 80 % inside the band"));
	history_files(out, scene, now);
	markup(out, "</span></h2>");
	if (want == NULL || want->points_n < 2)
		collecting_add(out, scene, now, want);
	else
		chart_figure(out, scene, now, want);
	markup(out, "</article>");
}

static int rank_of(const struct status_now *now)
{
	bool air = now->series.place == PLACE_INLET || now->series.place == PLACE_ROOM ||
	    now->series.place == PLACE_RETURN || now->series.place == PLACE_SUPPLY;

	switch (now->series.kind) {
	case MEASURE_TEMPERATURE: return air ? 0 : 4;
	case MEASURE_HUMIDITY: return 1;
	case MEASURE_POWER: case MEASURE_APPARENT_POWER: case MEASURE_CURRENT: return 2;
	case MEASURE_LOAD: case MEASURE_CHARGE: case MEASURE_RUNTIME: return 3;
	case MEASURE_FLOW: case MEASURE_PRESSURE: case MEASURE_FAN: return 5;
	default: return 9;
	}
}

size_t pick_multiples(const struct scene *scene, const struct status_now **list, size_t most)
{
	size_t n = 0;

	for (int rank = 0; rank <= 5; rank++)
		for (size_t i = 0; i < scene->now_n && n < most; i++)
			if (rank_of(&scene->now[i]) == rank && now_trusted(&scene->now[i]) &&
			    scene->now[i].store != 0)
				list[n++] = &scene->now[i];
	return n;
}

void part_multiples(struct text *out, struct scene *scene)
{
	const struct status_now *list[8];
	size_t n = pick_multiples(scene, list, 8);

	markup(out, "<article id=\"multiples\" class=\"card\"><h2>%s<span class=\"note\">%s</span></h2>",
	    T("Sensors"), T("as long as measured, at most 12 hours"));
	if (n == 0)
		absent_add(out, T("No sensor has given a value yet."), "");
	markup(out, "<div class=\"multiples\">");
	for (size_t i = 0; i < n; i++) {
		KS_DROP(text) struct text href;

		text_init(&href, 400);
		series_href(&href, list[i]);
		markup(out, "<a class=\"multiple\" href=\"%s\"><span class=\"name\">%s</span><b>",
		    text_cstr(&href), now_name(scene, list[i]));
		value_add(out, scene, (enum measure)list[i]->series.kind, list[i]->reading.milli);
		markup(out, "</b>");
		spark_add(out, scene, list[i], tone_of((enum measure)list[i]->series.kind));
		markup(out, "</a>");
	}
	markup(out, "</div></article>");
}
