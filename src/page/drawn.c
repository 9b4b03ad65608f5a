#include "page/drawn.h"
#include "base/drop.h"
#include "base/csv.h"
#include "page/calendar_out.h"
#include "page/table.h"
#include "page/view.h"

enum { NAME_COLUMNS = 26, VALUE_COLUMNS = 10, AGE_COLUMNS = 8, STATE_COLUMNS = 9, CURVE_LEAST = 10,
	CURVE_MOST = 48, STEPS = 240 };

static bool is_air(const struct status_now *now)
{
	return now->series.kind == MEASURE_TEMPERATURE || now->series.kind == MEASURE_HUMIDITY ||
	    now->series.kind == MEASURE_DEW_POINT;
}

static uint8_t now_severity(const struct status_now *now)
{
	int64_t critical, limit = now_limit(now, &critical);

	if (!now_trusted(now))
		return SEVERITY_UNKNOWN;
	if (now->reading.milli >= critical || (now->series.limited &&
	    now->reading.milli <= now->series.low_critical))
		return SEVERITY_CRITICAL;
	return now->reading.milli >= limit || (now->series.limited &&
	    now->reading.milli <= now->series.low_warning) ? SEVERITY_WARNING : SEVERITY_OK;
}

static void heat_drawn_want(struct scene *scene, const struct form *form)
{
	int64_t to = scene->to_ms != 0 ? scene->to_ms : scene->now_ms + 1;
	int64_t from = scene->from_ms != 0 ? scene->from_ms : to - 43200000;

	if (form->as == FORM_SVG) {
		want_main(scene, scene_hottest(scene));
		return;
	}
	for (size_t i = 0; form->as == FORM_TEXT && i < scene->now_n; i++)
		if (is_air(&scene->now[i]))
			(void)scene_want(scene, &scene->now[i], from, to, STEPS);
}

static void value_cell(struct text *out, const struct form *form, enum measure kind,
    int64_t milli, size_t columns)
{
	KS_DROP(text) struct text words;

	text_init(&words, 100);
	if (milli != INT64_MAX && milli != INT64_MIN)
		say_value(&words, form->term.lang, kind, milli);
	else
		text_add(&words, "-");
	term_cell(out, &form->term, text_cstr(&words), columns);
	text_add_char(out, ' ');
}

static void heat_line(struct text *out, struct scene *scene, const struct form *form,
    const struct status_now *now)
{
	static const char *const states[SEVERITIES] = { N_("Normal"), N_("Warning"), N_("Critical"),
		N_("Unknown") };
	const struct want *want = scene_wanted(scene, now);
	unsigned used = NAME_COLUMNS + 2 * VALUE_COLUMNS + AGE_COLUMNS + STATE_COLUMNS + 6;
	unsigned curve = form->term.columns > used + CURVE_LEAST ? form->term.columns - used :
	    CURVE_LEAST;
	int64_t critical, limit = now_limit(now, &critical);
	uint8_t severity = now_severity(now);
	KS_DROP(text) struct text age;

	text_init(&age, 60);
	term_cell(out, &form->term, now_name(scene, now), NAME_COLUMNS);
	text_add_char(out, ' ');
	value_cell(out, form, (enum measure)now->series.kind, now->reading.quality == QUALITY_ABSENT ?
	    INT64_MIN : now->reading.milli, VALUE_COLUMNS);
	value_cell(out, form, (enum measure)now->series.kind, limit, VALUE_COLUMNS);
	say_duration(&age, form->term.lang, scene->now_ms - now->reading.time_ms);
	term_cell(out, &form->term, text_cstr(&age), AGE_COLUMNS);
	text_add_char(out, ' ');
	term_state(out, &form->term, severity);
	term_cell(out, &form->term, tr(form->term.lang, states[severity]), STATE_COLUMNS);
	term_off(out, &form->term);
	if (want != NULL && want->points_n > 1) {
		const struct spark spark = { .points = want->points, .points_n = want->points_n,
			.from_ms = scene->from_ms != 0 || want->points[0].time_ms < want->from_ms ?
			    want->from_ms : want->points[0].time_ms,
			.to_ms = want->points[want->points_n - 1].time_ms, .low = INT64_MAX,
			.high = INT64_MIN };

		text_add_char(out, ' ');
		term_spark(out, &form->term, &spark, curve < CURVE_MOST ? curve : CURVE_MOST);
	}
	text_add_char(out, '\n');
}

static void heat_text(struct text *out, struct scene *scene, const struct form *form)
{
	const struct term *term = &form->term;

	term_cell(out, term, tr(term->lang, N_("SENSOR")), NAME_COLUMNS + 1);
	term_cell(out, term, tr(term->lang, N_("VALUE")), VALUE_COLUMNS + 1);
	term_cell(out, term, tr(term->lang, N_("LIMIT")), VALUE_COLUMNS + 1);
	term_cell(out, term, tr(term->lang, N_("AGE")), AGE_COLUMNS + 1);
	term_cell(out, term, tr(term->lang, N_("STATE")), STATE_COLUMNS + 1);
	text_addf(out, "%s\n", tr(term->lang, N_("CURVE")));
	for (size_t i = 0; i < scene->now_n; i++)
		if (is_air(&scene->now[i]))
			heat_line(out, scene, form, &scene->now[i]);
}

static void heat_csv(struct text *out, const struct scene *scene)
{
	text_add(out, CSV_MARK "sensor,kind,place,value,unit,quality,limit,critical,time" CSV_END);
	for (size_t i = 0; i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];
		int64_t critical, limit = now_limit(now, &critical);

		if (!is_air(now))
			continue;
		csv_cell(out, span_text(now->series.id));
		text_addf(out, ",%s,%s,", measure_word((enum measure)now->series.kind),
		    place_word((enum place)now->series.place));
		if (now->reading.quality != QUALITY_ABSENT)
			text_add_milli(out, now->reading.milli);
		text_addf(out, ",%s,%s,", measure_unit((enum measure)now->series.kind),
		    quality_word((enum quality)now->reading.quality));
		if (limit != INT64_MAX)
			text_add_milli(out, limit);
		text_add_char(out, ',');
		if (critical != INT64_MAX)
			text_add_milli(out, critical);
		text_add_char(out, ',');
		text_add_time(out, now->reading.time_ms);
		text_add(out, CSV_END);
	}
}

static void milli_or_null(struct text *out, const char *name, int64_t milli)
{
	text_addf(out, ",\"%s\":", name);
	if (milli == INT64_MAX || milli == INT64_MIN)
		text_add(out, "null");
	else
		text_add_milli(out, milli);
}

/* keisoku.heat/1, the schema of `keisoku heat --now --json`. */
static void heat_json(struct text *out, const struct scene *scene)
{
	size_t n = 0;

	text_add(out, "{\"schema\":\"keisoku.heat/1\",\"readings\":[");
	for (size_t i = 0; i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];
		int64_t critical, limit = now_limit(now, &critical);
		int64_t age = scene->now_ms - now->reading.time_ms;

		if (!is_air(now))
			continue;
		text_add(out, n++ > 0 ? ",{\"sensor\":\"" : "{\"sensor\":\"");
		text_add_json(out, span_text(now->series.id));
		text_add(out, "\",\"label\":\"");
		text_add_json(out, span_text(now->series.label));
		text_addf(out, "\",\"kind\":\"%s\",\"place\":\"%s\",\"unit\":\"%s\",\"quality\":\"%s\"",
		    measure_word((enum measure)now->series.kind),
		    place_word((enum place)now->series.place),
		    measure_unit((enum measure)now->series.kind),
		    quality_word((enum quality)now->reading.quality));
		milli_or_null(out, "value", now->reading.quality == QUALITY_ABSENT ? INT64_MAX :
		    now->reading.milli);
		milli_or_null(out, "limit", limit);
		milli_or_null(out, "critical", critical);
		milli_or_null(out, "age_s", age > 0 ? age : 0);
		text_add(out, ",\"time\":\"");
		text_add_time(out, now->reading.time_ms);
		text_add(out, "\"}");
	}
	text_add(out, "]}\n");
}

static bool heat_drawn(struct text *out, struct scene *scene, const struct form *form)
{
	if (form->as == FORM_SVG)
		return chart_alone(out, scene, scene_hottest(scene));
	if (form->as == FORM_CSV)
		heat_csv(out, scene);
	else if (form->as == FORM_JSON)
		heat_json(out, scene);
	else
		heat_text(out, scene, form);
	return true;
}

static void nothing_want(struct scene *scene, const struct form *form)
{
	(void)scene;
	(void)form;
}

/* One rack, or in text all of them. */
static bool rack_drawn(struct text *out, struct scene *scene, const struct form *form)
{
	bool found = false;

	if (form->as == FORM_CSV || form->as == FORM_JSON)
		return racks_table(out, scene, form);
	for (size_t i = 0; scene->site != NULL && i < scene->site->racks_n; i++) {
		const struct rack *rack = &scene->site->racks[i];
		KS_DROP(drawing) struct drawing drawing = { 0 };

		if (scene->id[0] != '\0' && strcmp(scene->id, rack->id) != 0)
			continue;
		struct rack_picture *picture = rack_picture(scene, rack);

		if (picture == NULL || (found && form->as == FORM_SVG))
			return found;
		if (found)
			text_add_char(out, '\n');
		found = true;
		drawing_init(&drawing, 2600, rack_height(rack->units));
		if (form->as == FORM_SVG) {
			rack_draw(&drawing, picture);
			drawing_svg(out, &drawing, true);
		} else {
			term_rack(out, &form->term, picture);
		}
	}
	return found;
}

static bool tree_drawn(struct text *out, struct scene *scene, const struct form *form)
{
	struct why why = { .fmt = NULL };
	const struct path_picture *path = scene->grid != NULL ? path_picture(scene, &why) : NULL;
	KS_DROP(drawing) struct drawing drawing = { 0 };
	bool whole = path != NULL;

	if (form->as == FORM_CSV || form->as == FORM_JSON)
		return path_table(out, scene, form);
	drawing_init(&drawing, path != NULL ? path_width(path) : 0, path != NULL ? path_height(path) : 0);
	if (path != NULL && form->as != FORM_SVG)
		term_path(out, &form->term, path);
	else if (path != NULL)
		whole = path_draw(&drawing, path, &why) == KS_OK;
	if (whole && form->as == FORM_SVG)
		drawing_svg(out, &drawing, true);
	return whole;
}

static bool calendar_drawn(struct text *out, struct scene *scene, const struct form *form)
{
	(void)form;
	calendar_write(out, scene);
	return true;
}

static const struct drawn drawings[] = {
	{ "/calendar.ics", nothing_want, calendar_drawn, FORM_ICS, false },
	{ "/draw/heat", heat_drawn_want, heat_drawn, FORM_TEXT, false },
	{ "/draw/rack", nothing_want, rack_drawn, FORM_TEXT, false },
	{ "/draw/rack/", nothing_want, rack_drawn, FORM_TEXT, false },
	{ "/draw/tree", nothing_want, tree_drawn, FORM_TEXT, false },
	{ NULL, NULL, NULL, FORM_TEXT, false },
};

static const struct drawn *find_in(const struct drawn *list, const char *path,
    const char **ret_id)
{
	for (; list->path != NULL; list++) {
		size_t n = strlen(list->path);

		if (strcmp(path, list->path) == 0 && path[n - 1] != '/')
			return list;
		if (list->path[n - 1] != '/' || strncmp(path, list->path, n) != 0 || path[n] == '\0' ||
		    strchr(path + n, '/') != NULL)
			continue;
		*ret_id = path + n;
		return list;
	}
	return NULL;
}

const struct drawn *drawn_find(const char *path, const char **ret_id)
{
	*ret_id = "";
	const struct drawn *found = find_in(drawings, path, ret_id);

	return found != NULL ? found : find_in(tables, path, ret_id);
}
