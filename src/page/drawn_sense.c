/* src/page/drawn_sense.c - what `keisoku heat` and `keisoku power` print: a row and a curve
 * for each sensor, or the one that counts most as a picture. */
#include "page/drawn_sense.h"
#include "base/drop.h"
#include "base/utf8.h"
#include "page/table.h"
#include "page/view.h"

enum { NAME_COLUMNS = 26, VALUE_COLUMNS = 10, AGE_COLUMNS = 8, STATE_COLUMNS = 9, CURVE_LEAST = 10,
	CURVE_MOST = 48, STEPS = 240, NARROW_VALUE = 9,
	WHOLE = NAME_COLUMNS + 2 * VALUE_COLUMNS + AGE_COLUMNS + STATE_COLUMNS + 4 };

struct of_sense {
	const char *name; /* as the command and the schema are called */
	enum sense sense;
	const struct status_now *(*main)(const struct scene *scene); /* of the picture */
};

/* The power that is the most; where none is measured, the first of the others. */
static const struct status_now *most_power(const struct scene *scene)
{
	const struct status_now *best = NULL, *other = NULL;

	for (size_t i = scene->now_n; i-- > 0;) {
		const struct status_now *now = &scene->now[i];
		uint8_t kind = now->series.kind;

		if (!now_trusted(now) || kind_sense(kind) != SENSE_POWER)
			continue;
		if (kind > MEASURE_APPARENT_POWER)
			other = now;
		else if (best == NULL || now->reading.milli >= best->reading.milli)
			best = now;
	}
	return best != NULL ? best : other;
}

static const struct of_sense heat_sense = { "heat", SENSE_HEAT, scene_hottest };
static const struct of_sense power_sense = { "power", SENSE_POWER, most_power };

static bool is_of(const struct of_sense *sense, const struct status_now *now)
{
	return kind_sense(now->series.kind) == sense->sense;
}

static void sense_want(struct scene *scene, const struct form *form, const struct of_sense *sense)
{
	int64_t to = scene->to_ms != 0 ? scene->to_ms : scene->now_ms + 1;
	int64_t from = scene->from_ms != 0 ? scene->from_ms : to - 43200000;

	if (form->as == FORM_SVG) {
		if (sense->main(scene) != NULL)
			want_main(scene, sense->main(scene));
		return;
	}
	for (size_t i = 0; form->as == FORM_TEXT && i < scene->now_n; i++)
		if (is_of(sense, &scene->now[i]))
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

/* In fewer columns than a whole line has, a row is two lines: its name stands alone. */
static bool is_narrow(const struct term *term)
{
	return term->columns < WHOLE;
}

static size_t value_columns(const struct term *term)
{
	return is_narrow(term) ? (size_t)NARROW_VALUE : (size_t)VALUE_COLUMNS;
}

static void name_add(struct text *out, const struct term *term, const char *name)
{
	size_t wide = utf8_columns(span_text(name));

	if (!is_narrow(term))
		term_cell(out, term, name, NAME_COLUMNS);
	else
		term_cell(out, term, name, wide < term->columns ? wide : term->columns);
	text_add(out, is_narrow(term) ? "\n " : " ");
}

static void curve_add(struct text *out, const struct scene *scene, const struct form *form,
    const struct want *want)
{
	unsigned curve = form->term.columns > WHOLE ? form->term.columns - WHOLE - 1 : 0;

	if (curve < CURVE_LEAST || want == NULL || want->points_n < 2)
		return;
	const struct spark spark = { .points = want->points, .points_n = want->points_n,
		.from_ms = scene->from_ms != 0 || want->points[0].time_ms < want->from_ms ?
		    want->from_ms : want->points[0].time_ms,
		.to_ms = want->points[want->points_n - 1].time_ms, .low = INT64_MAX,
		.high = INT64_MIN };

	text_add_char(out, ' ');
	term_spark(out, &form->term, &spark, curve < CURVE_MOST ? curve : CURVE_MOST);
}

static void line_add(struct text *out, struct scene *scene, const struct form *form,
    const struct status_now *now)
{
	static const char *const states[SEVERITIES] = { N_("Normal"), N_("Warning"), N_("Critical"),
		N_("Unknown") };
	size_t columns = value_columns(&form->term);
	int64_t critical, limit = now_limit(now, &critical);
	uint8_t severity = now_severity(now);
	KS_DROP(text) struct text age;

	text_init(&age, 60);
	name_add(out, &form->term, now_name(scene, now));
	value_cell(out, form, (enum measure)now->series.kind, now->reading.quality == QUALITY_ABSENT ?
	    INT64_MIN : now->reading.milli, columns);
	value_cell(out, form, (enum measure)now->series.kind, limit, columns);
	say_duration(&age, form->term.lang, scene->now_ms - now->reading.time_ms);
	term_cell(out, &form->term, text_cstr(&age), AGE_COLUMNS);
	text_add_char(out, ' ');
	term_state(out, &form->term, severity);
	term_cell(out, &form->term, tr(form->term.lang, states[severity]), STATE_COLUMNS);
	term_off(out, &form->term);
	curve_add(out, scene, form, scene_wanted(scene, now));
	text_add_char(out, '\n');
}

static void sense_text(struct text *out, struct scene *scene, const struct form *form, const struct of_sense *sense)
{
	const struct term *term = &form->term;
	size_t first = 0;

	while (first < scene->now_n && !is_of(sense, &scene->now[first]))
		first++;
	if (first == scene->now_n) {
		text_addf(out, "%s\n", tr(term->lang, N_("nothing of this is measured here: the site file has no such sensor, or "
		    "none has answered yet")));
		return;
	}
	name_add(out, term, tr(term->lang, N_("SENSOR")));
	term_cell(out, term, tr(term->lang, N_("VALUE")), value_columns(term) + 1);
	term_cell(out, term, tr(term->lang, N_("LIMIT")), value_columns(term) + 1);
	term_cell(out, term, tr(term->lang, N_("AGE")), AGE_COLUMNS + 1);
	term_cell(out, term, tr(term->lang, N_("STATE")), STATE_COLUMNS + 1);
	text_addf(out, "%s\n", term->columns > WHOLE + CURVE_LEAST ? tr(term->lang, N_("CURVE")) : "");
	for (size_t i = first; i < scene->now_n; i++)
		if (is_of(sense, &scene->now[i]))
			line_add(out, scene, form, &scene->now[i]);
}

static void sense_csv(struct text *out, const struct scene *scene, const struct form *form,
    const struct of_sense *sense)
{
	static const char *const columns[] = { "sensor", "kind", "place", "value", "unit", "quality", "limit",
		"critical", "time", NULL };
	struct table t;

	table_begin(&t, out, form, sense->name, columns);
	for (size_t i = 0; i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];
		int64_t critical, limit = now_limit(now, &critical);

		if (!is_of(sense, now))
			continue;
		table_row(&t);
		cell_text(&t, now->series.id);
		cell_text(&t, measure_word((enum measure)now->series.kind));
		cell_text(&t, place_word((enum place)now->series.place));
		cell_milli(&t, now->reading.quality != QUALITY_ABSENT ? now->reading.milli : INT64_MIN);
		cell_text(&t, measure_unit((enum measure)now->series.kind));
		cell_text(&t, quality_word((enum quality)now->reading.quality));
		cell_milli(&t, limit);
		cell_milli(&t, critical);
		cell_time(&t, now->reading.time_ms);
	}
	table_end(&t);
}

static void milli_or_null(struct text *out, const char *name, int64_t milli)
{
	text_addf(out, ",\"%s\":", name);
	if (milli == INT64_MAX || milli == INT64_MIN)
		text_add(out, "null");
	else
		text_add_milli(out, milli);
}

/* The worst of what is shown and of what is open about it.  Where nothing can be believed
 * it is unknown; a sensor among others that can not be is a warning. */
static uint8_t sense_severity(const struct scene *scene, const struct of_sense *sense)
{
	uint8_t worst = scene_severity(scene, sense->sense);
	bool unknown = false;

	for (size_t i = 0; i < scene->now_n; i++) {
		uint8_t is = is_of(sense, &scene->now[i]) ? now_severity(&scene->now[i]) : SEVERITIES;

		unknown |= is == SEVERITY_UNKNOWN;
		worst = is < SEVERITY_UNKNOWN && is > worst ? is : worst;
	}
	return worst == SEVERITY_OK && unknown ? SEVERITY_WARNING : worst;
}

/* The first of the worst, causes first. */
static const struct finding *sense_worst(const struct scene *scene, const struct of_sense *sense)
{
	const struct finding *worst = NULL;

	for (size_t i = 0; i < scene->findings_n; i++) {
		const struct finding *f = &scene->findings[i];

		if (f->ended_ms == 0 && !f->silenced && finding_sense(f) == sense->sense &&
		    (f->severity == SEVERITY_WARNING || f->severity == SEVERITY_CRITICAL) &&
		    (worst == NULL || f->severity > worst->severity))
			worst = f;
	}
	return worst;
}

static void verdict_json(struct text *out, const struct scene *scene, const struct of_sense *sense)
{
	const struct finding *worst = sense_worst(scene, sense);

	text_addf(out, "\"verdict\":{\"severity\":\"%s\",\"worst\":",
	    severity_word((enum severity)sense_severity(scene, sense)));
	if (worst != NULL)
		finding_json(out, scene->site, scene->zone, worst, scene->now_ms);
	else
		text_add(out, "null");
	text_add(out, "},");
}

/* keisoku.heat/1 is also the schema of `keisoku heat --now --json`. */
static void sense_json(struct text *out, const struct scene *scene, const struct of_sense *sense)
{
	size_t n = 0;

	text_addf(out, "{\"schema\":\"keisoku.%s/1\",", sense->name);
	verdict_json(out, scene, sense);
	text_add(out, "\"readings\":[");
	for (size_t i = 0; i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];
		int64_t critical, limit = now_limit(now, &critical);
		int64_t age = scene->now_ms - now->reading.time_ms;

		if (!is_of(sense, now))
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

static bool sense_drawn(struct text *out, struct scene *scene, const struct form *form, const struct of_sense *sense)
{
	if (form->as == FORM_SVG && sense->main(scene) != NULL && chart_alone(out, scene, sense->main(scene)))
		return true;
	if (form->as == FORM_SVG) {
		text_clear(out);
		text_add(out, tr(form->term.lang, N_("there is no curve to draw: too little of this was "
		    "measured in that time")));
		return false;
	}
	if (form->as == FORM_TEXT)
		sense_text(out, scene, form, sense);
	else if (form->as == FORM_CSV)
		sense_csv(out, scene, form, sense);
	else
		sense_json(out, scene, sense);
	return true;
}

uint8_t heat_severity(const struct scene *scene)
{
	return sense_severity(scene, &heat_sense);
}

uint8_t power_severity(const struct scene *scene)
{
	return sense_severity(scene, &power_sense);
}

void heat_drawn_want(struct scene *scene, const struct form *form)
{
	sense_want(scene, form, &heat_sense);
}

bool heat_drawn(struct text *out, struct scene *scene, const struct form *form)
{
	return sense_drawn(out, scene, form, &heat_sense);
}

void power_drawn_want(struct scene *scene, const struct form *form)
{
	sense_want(scene, form, &power_sense);
}

bool power_drawn(struct text *out, struct scene *scene, const struct form *form)
{
	return sense_drawn(out, scene, form, &power_sense);
}
