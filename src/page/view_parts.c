/* src/page/view_parts.c - pieces that several views use. */
#include "base/drop.h"
#include "page/view.h"
#include "words/finding.h"
#include "words/named.h"
#include <string.h>

enum { CURVE_POINTS = 3 };

const char *state_class(uint8_t severity)
{
	static const char *const classes[SEVERITIES] = { "ok", "warn", "crit", "none" };

	return classes[severity < SEVERITIES ? severity : SEVERITY_UNKNOWN];
}

/* Shape, word and colour together. */
void state_badge(struct text *out, const struct scene *scene, uint8_t severity)
{
	static const char *const words[SEVERITIES] = { N_("Normal"), N_("Warning"), N_("Critical"),
		N_("Unknown") };
	severity = severity < SEVERITIES ? severity : SEVERITY_UNKNOWN;

	markup(out, "<span class=\"state %s\">", state_class(severity));
	if (severity == SEVERITY_OK)
		markup(out, "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle cx=\"8\" cy=\"8\" "
		    "r=\"7\"/><path class=\"in\" d=\"M4.5 8.2l2.4 2.4 4.6-5\"/></svg>");
	else if (severity == SEVERITY_WARNING)
		markup(out, "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M8 1l7.5 14H.5z\"/>"
		    "<path class=\"in\" d=\"M8 6v4.2M8 12v1\"/></svg>");
	else if (severity == SEVERITY_CRITICAL)
		markup(out, "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><rect x=\"1\" y=\"1\" width=\"14\" "
		    "height=\"14\" rx=\"2\"/><path class=\"in\" d=\"M5 5l6 6M11 5l-6 6\"/></svg>");
	else
		markup(out, "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle class=\"ring\" cx=\"8\" "
		    "cy=\"8\" r=\"6.5\"/></svg>");
	markup(out, "%s</span>", tr(scene->lang, words[severity]));
}

/* A finding that is no alarm is a note, not "Normal". */
void finding_badge(struct text *out, const struct scene *scene, const struct finding *f)
{
	if (f->severity != SEVERITY_OK || f->ended_ms != 0) {
		state_badge(out, scene, f->ended_ms != 0 ? SEVERITY_OK : f->severity);
		return;
	}
	markup(out, "<span class=\"state none\"><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle "
	    "cx=\"8\" cy=\"8\" r=\"7\"/><path class=\"in\" d=\"M8 7.2v4.6M8 4v.6\"/></svg>%s</span>",
	    T("Note"));
}

void value_add(struct text *out, const struct scene *scene, enum measure kind, int64_t milli)
{
	KS_DROP(text) struct text words;

	text_init(&words, 100);
	say_value(&words, scene->lang, kind, milli);
	markup(out, "%s", text_cstr(&words));
}

void clock_add(struct text *out, const struct scene *scene, int64_t ms)
{
	KS_DROP(text) struct text words;

	text_init(&words, 100);
	say_clock(&words, scene->lang, scene->zone, ms, scene->now_ms);
	markup(out, "%s", text_cstr(&words));
}

void duration_add(struct text *out, const struct scene *scene, int64_t ms)
{
	KS_DROP(text) struct text words;

	text_init(&words, 100);
	say_duration(&words, scene->lang, ms);
	markup(out, "%s", text_cstr(&words));
}

void link_add(struct text *out, const char *kind, const char *id, const char *name)
{
	markup(out, "<a href=\"/%s/", kind);
	markup_path(out, id);
	markup(out, "\">%s</a>", name);
}

void subject_href(struct text *out, const struct finding *f)
{
	static const char *const kinds[SUBJECTS] = { [SUBJECT_ROOM] = "room", [SUBJECT_RACK] = "rack",
		[SUBJECT_HOST] = "host", [SUBJECT_SENSOR] = "sensor", [SUBJECT_DEVICE] = "sensor" };
	const char *kind = f->subject_kind < SUBJECTS ? kinds[f->subject_kind] : NULL;

	if (kind == NULL || f->subject[0] == '\0')
		return;
	text_addf(out, "/%s/", kind);
	markup_path(out, f->subject);
}

void thing_href(struct text *out, const struct scene *scene, const char *id)
{
	const struct site *site = scene->site;

#define THING(list, kind, it)                                                          \
	for (size_t i = 0; site != NULL && i < site->list##_n; i++)                    \
		if (strcmp(site->list[i].id, id) == 0) {                               \
			text_add(out, kind);                                           \
			markup_path(out, it);                                          \
			return;                                                        \
		}
	THING(rooms, "/room/", id)
	THING(racks, "/rack/", id)
	THING(coolings, "/room/", site->coolings[i].room->id)
	THING(nodes, "/plan/", id)
	THING(hosts, "/host/", id)
	THING(sensors, "/sensor/", id)
	THING(devices, "/sensor/", id)
#undef THING
}

void node_href(struct text *out, const struct scene *scene, uint32_t node)
{
	const struct site *site = scene->site;

	for (size_t i = 0; i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];
		bool load = now->series.kind == MEASURE_POWER || now->series.kind == MEASURE_APPARENT_POWER ||
		    now->series.kind == MEASURE_CURRENT;

		if (load && now->series.subject_kind == SUBJECT_SENSOR && now->series.subject < site->sensors_n &&
		    site->sensors[now->series.subject].node == &site->nodes[node]) {
			series_href(out, now);
			return;
		}
	}
	text_add(out, "/plan/");
	markup_path(out, site->nodes[node].id);
}

void linked_add(struct text *out, const char *href, const char *words)
{
	if (href[0] != '\0' && words[0] != '\0')
		markup(out, "<a href=\"%s\">%s</a>", href, words);
	else
		markup(out, "%s", words);
}

void series_href(struct text *out, const struct status_now *now)
{
	text_add(out, "/sensor/");
	markup_path(out, now->series.id);
	text_addf(out, "?kind=%s", measure_word((enum measure)now->series.kind));
}

void form_token_add(struct text *out, const struct scene *scene)
{
	markup(out, "<input type=\"hidden\" name=\"form\" value=\"%s\">", scene->form_token);
}

void absent_add(struct text *out, const char *what, const char *how)
{
	markup(out, "<p class=\"absent\"><b>%s</b> %k</p>", what, how);
}

const char *tone_of(enum measure kind)
{
	if (kind == MEASURE_TEMPERATURE || kind == MEASURE_DEW_POINT)
		return "heat";
	if (kind >= MEASURE_POWER && kind <= MEASURE_FREQUENCY)
		return "power";
	return "wire";
}

/* How often it is asked; 0: that is not said. */
static int64_t period_of(const struct scene *scene, const struct status_now *now)
{
	const struct site *site = scene->site;
	uint32_t i = now->series.subject;

	if (site == NULL)
		return 0;
	switch ((enum subject)now->series.subject_kind) {
	case SUBJECT_SENSOR:
		return i < site->sensors_n ? site->sensors[i].every_ms : 0;
	case SUBJECT_HOST:
		return i < site->hosts_n ? site->hosts[i].every_ms : 0;
	case SUBJECT_DEVICE:
		return i < site->devices_n ? site->devices[i].every_ms : 0;
	default:
		return 0;
	}
}

void collecting_add(struct text *out, const struct scene *scene, const struct status_now *now,
    const struct want *want)
{
	int64_t left = now == NULL ? 0 : (CURVE_POINTS - (int64_t)(want != NULL ? want->points_n : 0)) *
	    period_of(scene, now);
	KS_DROP(text) struct text words, wait;

	text_init(&words, 200);
	text_init(&wait, 60);
	say_duration(&wait, scene->lang, left);
	if (now != NULL && now->store == 0 && want == NULL)
		text_add(&words, T("no history is kept of it"));
	else if (left <= 0)
		text_add(&words, T("collecting: a curve appears with the third value"));
	else
		say(&words, scene->lang, "collecting: a curve in %s", text_cstr(&wait));
	markup(out, "<p class=\"collecting\">%s</p>", text_cstr(&words));
}

void first_value_say(struct text *words, const struct scene *scene)
{
	int64_t least = INT64_MAX, age = scene->self != NULL && scene->self->started_ms > 0 ?
	    scene->now_ms - scene->self->started_ms : 0;
	KS_DROP(text) struct text wait;

	for (size_t i = 0; scene->site != NULL && i < scene->site->sensors_n; i++)
		if (scene->site->sensors[i].every_ms < least)
			least = scene->site->sensors[i].every_ms;
	text_init(&wait, 60);
	say_duration(&wait, scene->lang, least - age > 1000 ? least - age : 1000);
	if (least == INT64_MAX || age > 2 * least) /* it should have come: no promise */
		text_add(words, T("The first values come within the period of each sensor (every=)."));
	else
		say(words, scene->lang, "Collecting, first value in %s.", text_cstr(&wait));
}

void spark_add(struct text *out, struct scene *scene, const struct status_now *now,
    const char *tone)
{
	struct want *want = scene_wanted(scene, now);
	KS_DROP(drawing) struct drawing drawing = { 0 };
	int64_t first = want != NULL && want->points_n > 0 ? want->points[0].time_ms : 0;

	if (want == NULL || want->points_n < CURVE_POINTS) {
		collecting_add(out, scene, now, want);
		return;
	}
	drawing_init(&drawing, 2400, 440);
	const struct spark spark = { .tone = tone, .points = want->points,
		.points_n = want->points_n, .from_ms = first > want->from_ms ? first : want->from_ms,
		.to_ms = want->points[want->points_n - 1].time_ms, .low = INT64_MAX, .high = INT64_MIN,
		.filled = true };
	/* a line that trembles by less than what matters is drawn flat */
	struct spark calm = spark;
	int64_t least = now->reading.kind == MEASURE_TEMPERATURE ? 1000 : 0;

	if (least > 0) {
		calm.low = now->reading.milli - least;
		calm.high = now->reading.milli + least / 4;
	}
	spark_draw(&drawing, &calm);
	drawing_svg(out, &drawing, false);
}

void headline_say(struct text *words, const struct scene *scene, const struct finding *finding,
    int64_t now_ms)
{
	struct finding named = finding_named(scene->site, scene->lang, finding);

	say_headline(words, scene->lang, scene->zone, &named, now_ms);
}

void verdict_say(struct text *words, const struct scene *scene)
{
	const struct status status = { .verdict = scene->verdict, .findings = scene->findings,
		.findings_n = scene->findings_n, .model = scene->site, .zone = scene->zone, .now_ms = scene->now_ms };

	status_lost_say(words, scene->lang, &status);
	headline_say(words, scene, status_named(scene->verdict), scene->now_ms);
}

void finding_say(struct text *words, const struct scene *scene, const struct finding *finding)
{
	struct finding named = finding_named(scene->site, scene->lang, finding);

	say_finding(words, scene->lang, scene->zone, &named, scene->now_ms);
}

void files_add(struct text *out, const char *what)
{
	const char *ask = strchr(what, '?') != NULL ? "&" : "?";

	markup(out, " <span class=\"files\"><a href=\"/api/%s%sformat=csv\">CSV</a> \xc2\xb7 "
	    "<a href=\"/api/%s%sformat=json\">JSON</a></span>", what, ask, what, ask);
}

void history_files(struct text *out, const struct scene *scene, const struct status_now *now)
{
	const struct want *want = scene_wanted((struct scene *)(uintptr_t)scene, now);
	KS_DROP(text) struct text what = { 0 };

	if (want == NULL)
		return;
	text_init(&what, 600);
	text_add(&what, "history?series=");
	markup_path(&what, now->series.id);
	text_addf(&what, "&kind=%s&from=%lld&to=%lld", measure_word((enum measure)now->series.kind),
	    (long long)(want->from_ms / 1000), (long long)(want->to_ms / 1000 + 1));
	files_add(out, text_cstr(&what));
}
