/* src/page/view_section.c - one sense each, what fails if something is lost, the record,
 * and one incident with all that belongs to it. */
#include "base/drop.h"
#include "base/number.h"
#include "page/acts.h"
#include "page/detail.h"
#include "page/view.h"
#include <stdlib.h>
#include <string.h>

enum { ROWS = 400 };

static const char *place_say(const struct scene *scene, const struct status_now *now)
{
	static const char *const places[PLACES] = { [PLACE_NONE] = "", [PLACE_INLET] = N_("inlet"),
		[PLACE_OUTLET] = N_("outlet"), [PLACE_ROOM] = N_("room"), [PLACE_RETURN] = N_("return air"),
		[PLACE_SUPPLY] = N_("supply air"), [PLACE_OUTSIDE] = N_("outside"),
		[PLACE_INTERNAL] = N_("inside a device"), [PLACE_WATER] = N_("water") };

	return now->series.place < PLACES && now->series.place != PLACE_NONE ?
	    tr(scene->lang, places[now->series.place]) : "";
}

static void reading_value(struct text *out, const struct scene *scene,
    const struct status_now *now)
{
	if (now->reading.quality == QUALITY_ABSENT)
		markup(out, "%s", T("no value"));
	else if (now->series.kind == MEASURE_STATE && now->reading.state[0] != '\0')
		markup(out, "%s", now->reading.state);
	else
		value_add(out, scene, (enum measure)now->series.kind, now->reading.milli);
}

static void reading_row(struct text *out, struct scene *scene, const struct status_now *now)
{
	int64_t critical, limit = now_limit(now, &critical);
	KS_DROP(text) struct text href;

	text_init(&href, 400);
	series_href(&href, now);
	markup(out, "<tr><td><a href=\"%s\">%s</a><small>%s</small></td><td class=\"num\">",
	    text_cstr(&href), now_name(scene, now), place_say(scene, now));
	reading_value(out, scene, now);
	markup(out, "</td><td class=\"num\">");
	if (limit != INT64_MAX)
		value_add(out, scene, (enum measure)now->series.kind, limit);
	markup(out, "</td><td class=\"curve\">");
	if (scene_wanted(scene, now) != NULL)
		spark_add(out, scene, now, tone_of((enum measure)now->series.kind));
	markup(out, "</td><td class=\"num\">");
	duration_add(out, scene, scene->now_ms - now->reading.time_ms);
	markup(out, "</td><td>%s</td></tr>", now_trusted(now) ? T("believed") :
	    tr(scene->lang, doubt_sentence((enum doubt)now->reading.doubt)));
}

static has_fn is_heat, is_power;

static const struct {
	const char *word;
	has_fn *has;
} senses[] = { { "heat", is_heat }, { "power", is_power }, { "wire", is_reach } };

has_fn *sense_has(const char *word)
{
	for (size_t i = 0; i < sizeof senses / sizeof *senses; i++)
		if (strcmp(word, senses[i].word) == 0)
			return senses[i].has;
	return NULL;
}

static void readings_files(struct text *out, const struct scene *scene, has_fn *has)
{
	KS_DROP(text) struct text what;

	text_init(&what, 600);
	text_add(&what, "readings");
	if (scene->id[0] != '\0') {
		text_add_char(&what, '/');
		markup_path(&what, scene->id);
	}
	for (size_t i = 0; i < sizeof senses / sizeof *senses; i++)
		if (senses[i].has == has)
			text_addf(&what, "?kind=%s", senses[i].word);
	files_add(out, text_cstr(&what));
}

void readings_table(struct text *out, struct scene *scene, has_fn *has, const void *what)
{
	size_t n = 0;

	for (size_t i = 0; i < scene->now_n && n < ROWS; i++) {
		if (!has(scene, &scene->now[i], what))
			continue;
		if (n++ == 0) {
			markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">", T("Readings"));
			readings_files(out, scene, has);
			markup(out, "</span></h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
			    "aria-label=\"%s\"><table class=\"readings\"><thead><tr><th>%s</th><th>%s</th><th>%s</th>"
			    "<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>", T("Readings"),
			    T("Sensor"), T("Value"), T("Limit"), T("Hours behind"), T("Age"), T("Trust"));
		}
		reading_row(out, scene, &scene->now[i]);
	}
	if (n > 0)
		markup(out, "</tbody></table></div></article>");
	else {
		markup(out, "<article class=\"card\"><h2>%s</h2>", T("Readings"));
		absent_add(out, T("Nothing is measured here."),
		    T("A sensor line with at= or on= in the site file measures it."));
		markup(out, "</article>");
	}
}

void racks_readings(struct text *out, struct scene *scene, const struct room *room, has_fn *has, const void *what)
{
	size_t n = 0;

	for (size_t i = 0; scene->site != NULL && i < scene->site->racks_n; i++)
		n += room == NULL || scene->site->racks[i].room == room;
	if (n == 1)
		markup(out, "<div class=\"racks-path one\">");
	part_racks(out, scene, room);
	readings_table(out, scene, has, what);
	if (n == 1)
		markup(out, "</div>");
}

void ranges_add(struct text *out, struct scene *scene)
{
	static const struct {
		int64_t hours;
		const char *says;
	} ranges[] = { { 1, N_("1 hour") }, { 12, N_("12 hours") }, { 24, N_("1 day") },
		{ 168, N_("1 week") }, { 720, N_("30 days") } };

	markup(out, "<nav class=\"ranges\" aria-label=\"%s\">", T("Time shown"));
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		int64_t from = scene->now_ms - ranges[i].hours * 3600000;
		bool here = scene->from_ms != 0 ?
		    llabs(scene->from_ms - from) < 120000 : ranges[i].hours == 12;

		markup(out, "<a href=\"?from=-%lld&amp;kind=%s\"%s", (long long)(ranges[i].hours * 3600),
		    scene->kind_asked, here ? " " : "");
		if (here)
			markup(out, "aria-current=\"true\"");
		markup(out, ">%s</a>", tr(scene->lang, ranges[i].says));
	}
	markup(out, "</nav>");
}

static bool is_heat(const struct scene *scene, const struct status_now *now, const void *what)
{
	(void)scene;
	(void)what;
	return now->series.kind == MEASURE_TEMPERATURE || now->series.kind == MEASURE_HUMIDITY ||
	    now->series.kind == MEASURE_DEW_POINT;
}

static bool is_power(const struct scene *scene, const struct status_now *now, const void *what)
{
	(void)scene;
	(void)what;
	return (now->series.kind >= MEASURE_POWER && now->series.kind <= MEASURE_FREQUENCY) ||
	    now->series.kind == MEASURE_STATE;
}

static void sense_want(struct scene *scene, has_fn *has)
{
	for (size_t i = 0; i < scene->now_n && scene->wants_n < SCENE_WANTS - 1; i++)
		if (has(scene, &scene->now[i], NULL) && now_trusted(&scene->now[i]) &&
		    scene->now[i].series.kind != MEASURE_STATE)
			(void)scene_want(scene, &scene->now[i], scene->now_ms - 43200000,
			    scene->now_ms + 1, 120);
}

void heat_want(struct scene *scene)
{
	want_main(scene, scene_hottest(scene));
	sense_want(scene, is_heat);
}

bool heat_write(struct text *out, struct scene *scene)
{
	markup(out, "<div class=\"pagehead\"><h1>%s</h1>", T("Heat"));
	state_badge(out, scene, scene_severity(scene, SENSE_HEAT));
	markup(out, "</div>");
	ranges_add(out, scene);
	markup(out, "<div class=\"main-next\">");
	part_chart(out, scene, scene_hottest(scene));
	part_next(out, scene);
	markup(out, "</div>");
	racks_readings(out, scene, NULL, is_heat, NULL);
	return true;
}

/* The largest that is measured: mostly what the whole room draws. */
static const struct status_now *power_main(const struct scene *scene)
{
	const struct status_now *best = NULL;

	for (size_t i = 0; i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];

		if ((now->series.kind == MEASURE_POWER || now->series.kind == MEASURE_APPARENT_POWER) &&
		    now_trusted(now) && (best == NULL || now->reading.milli > best->reading.milli))
			best = now;
	}
	return best;
}

void power_want(struct scene *scene)
{
	want_main(scene, power_main(scene));
	sense_want(scene, is_power);
}

bool power_write(struct text *out, struct scene *scene)
{
	markup(out, "<div class=\"pagehead\"><h1>%s</h1>", T("Power"));
	state_badge(out, scene, scene_severity(scene, SENSE_POWER));
	markup(out, "</div>");
	if (power_main(scene) != NULL) {
		ranges_add(out, scene);
		part_chart(out, scene, power_main(scene));
	}
	part_path(out, scene);
	readings_table(out, scene, is_power, NULL);
	return true;
}

bool evidence_write(struct text *out, struct scene *scene)
{
	markup(out, "<div class=\"pagehead\"><h1>%s</h1></div>", T("Evidence"));
	part_findings(out, scene, ROWS);
	part_evidence(out, scene, ROWS);
	return true;
}

struct sought {
	uint64_t id;
	struct finding found;
	bool there;
};

static int sought_took(void *user, const struct finding *f)
{
	struct sought *sought = user;

	if (f->id != sought->id)
		return 0;
	sought->found = *f;
	sought->there = true;
	return 1;
}

/* Open, or a past one out of the record. */
static bool incident_find(struct scene *scene, struct sought *sought)
{
	int64_t id = 0;
	struct why why;

	if (number_read(span_text(scene->id), 0, &id) != KS_OK || id <= 0)
		return false;
	sought->id = (uint64_t)id;
	for (size_t i = 0; i < scene->findings_n && !sought->there; i++)
		(void)sought_took(sought, &scene->findings[i]);
	if (!sought->there && scene->store != NULL)
		(void)!store_findings(scene->store, false, INT64_MIN, INT64_MAX, LIMIT_FINDINGS,
		    sought_took, sought, &why);
	return sought->there;
}

static void related_add(struct text *out, struct scene *scene, const struct finding *root)
{
	size_t n = 0;

	for (size_t i = 0; i < scene->findings_n; i++) {
		const struct finding *f = &scene->findings[i];
		KS_DROP(text) struct text words = { 0 };

		if (f->id == root->id || (f->cause != root->id && f->id != root->cause))
			continue;
		text_init(&words, 600);
		headline_say(&words, scene, f, scene->now_ms);
		if (n++ == 0)
			markup(out, "<article class=\"card\"><h2>%s</h2><ul class=\"about\">",
			    T("Cause and consequences"));
		markup(out, "<li>");
		finding_badge(out, scene, f);
		markup(out, " %s<a href=\"/incident/%llu\">%s</a></li>", f->id == root->cause ?
		    T("cause: ") : "", (unsigned long long)f->id, text_cstr(&words));
	}
	if (n > 0)
		markup(out, "</ul></article>");
}

/* What its chart is about: its own series, else the one of the verdict. */
static const struct status_now *incident_main(const struct scene *scene, const struct finding *f)
{
	const struct status_now *now = f->kind < MEASURES && f->subject[0] != '\0' ?
	    scene_find(scene, f->subject, measure_word((enum measure)f->kind)) : NULL;

	if (now != NULL && (now->series.kind == MEASURE_STATE || now->series.kind == MEASURE_REACH))
		now = NULL;
	if (now == NULL && f->subject_kind == SUBJECT_ROOM)
		now = scene_room(scene, f->subject);
	return now == NULL && finding_sense(f) == SENSE_HEAT ? scene_hottest(scene) : now;
}

void incident_want(struct scene *scene)
{
	struct sought sought = { .there = false };

	if (incident_find(scene, &sought))
		want_main(scene, incident_main(scene, &sought.found));
}

bool incident_write(struct text *out, struct scene *scene)
{
	struct sought sought = { .there = false };
	KS_DROP(text) struct text words = { 0 }, href = { 0 };

	if (!incident_find(scene, &sought))
		return false;
	const struct finding *f = &sought.found;

	text_init(&words, 600);
	text_init(&href, 400);
	headline_say(&words, scene, f, scene->now_ms);
	markup(out, "<div class=\"pagehead\"><p class=\"crumb\">%s %llu \xc2\xb7 ", T("Incident"),
	    (unsigned long long)f->id);
	rule_link(out, f->code);
	markup(out, "</p><h1>%s</h1>", text_cstr(&words));
	finding_badge(out, scene, f);
	markup(out, "</div>");
	if (scene->verdict->worst.id == f->id && f->ended_ms == 0)
		part_verdict(out, scene);
	text_clear(&words);
	finding_say(&words, scene, f);
	subject_href(&href, f);
	if (href.len == 0)
		thing_href(&href, scene, f->subject);
	markup(out, "<article class=\"card\"><h2>%s</h2><p>%s</p>", T("In one sentence"),
	    text_cstr(&words));
	if (href.len > 0)
		markup(out, "<p><a class=\"button\" href=\"%s\">%s</a></p>", text_cstr(&href),
		    T("What it is about"));
	markup(out, "<p class=\"rule\">%s ", T("The rule:"));
	rule_link(out, f->code);
	markup(out, " <code>keisoku explain %s</code></p></article>", finding_id(f->code));
	if (incident_main(scene, f) != NULL) {
		markup(out, "<div class=\"main-next\">");
		part_chart(out, scene, incident_main(scene, f));
		part_next(out, scene);
		markup(out, "</div>");
	}
	if (scene->verdict->worst.id != f->id && f->ended_ms == 0) {
		KS_DROP(text) struct text back;

		text_init(&back, 60);
		text_addf(&back, "/incident/%llu", (unsigned long long)f->id);
		markup(out, "<div class=\"buttons\">");
		part_hands(out, scene, f, text_cstr(&back));
		markup(out, "</div>");
	}
	related_add(out, scene, f);
	markup(out, "<div class=\"two\">");
	part_told(out, scene, f);
	part_mute(out, scene, f);
	markup(out, "</div>");
	return true;
}
