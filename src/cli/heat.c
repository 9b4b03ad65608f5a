/* src/cli/heat.c - `keisoku heat --now SITE`: every sensor of a site, asked once. */
#include "base/drop.h"
#include "base/utf8.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/picture.h"
#include "cli/poll_once.h"
#include "cli/readings.h"
#include "cli/site_load.h"

enum { ANSWER = 16 << 20, ID_LEAST = 16, PLACE_COLUMNS = 10, VALUE_COLUMNS = 14,
	LIMIT_COLUMNS = 18, AGE_COLUMNS = 6 };

static struct poll_once once;
static struct site_errors errors;
static size_t once_columns; /* of the longest id among them, and a blank */

static bool any_limit(const struct limits *l)
{
	return l->low_critical != INT64_MIN || l->low_warning != INT64_MIN ||
	    l->high_warning != INT64_MAX || l->high_critical != INT64_MAX;
}

/* The line's own, else the room's, else those of the place, else the device's. */
static struct limits limits_of(const struct site *site, const struct series *series)
{
	const struct sensor *sensor = &site->sensors[series->subject];
	struct limits own = limits_default((enum measure)series->kind, (enum place)series->place);
	bool room = sensor->room != NULL && series->place == PLACE_ROOM;

	if (any_limit(&sensor->limits) && (!sensor->kind_given || sensor->kind == series->kind) &&
	    (sensor->read != NULL || series->kind == MEASURE_TEMPERATURE))
		return sensor->limits;
	if (room && series->kind == MEASURE_TEMPERATURE)
		return sensor->room->temperature;
	if (room && series->kind == MEASURE_HUMIDITY)
		return sensor->room->humidity;
	if (!any_limit(&own) && series->limited)
		own = (struct limits){ series->low_critical, series->low_warning,
			series->high_warning, series->high_critical };
	return own;
}

static enum severity judge(const struct limits *l, const struct reading *r)
{
	if (r->quality != QUALITY_OK)
		return SEVERITY_UNKNOWN;
	if (r->kind == MEASURE_STATE)
		return (enum severity)r->severity;
	if (r->milli >= l->high_critical || r->milli <= l->low_critical)
		return SEVERITY_CRITICAL;
	if (r->milli >= l->high_warning || r->milli <= l->low_warning)
		return SEVERITY_WARNING;
	return SEVERITY_OK;
}

static void limit_add(struct text *text, enum lang lang, const struct limits *l, uint8_t kind)
{
	if (l->high_warning == INT64_MAX && l->high_critical == INT64_MAX) {
		text_add_char(text, '-');
		return;
	}
	if (l->high_warning != INT64_MAX && l->high_critical != INT64_MAX)
		text_add_milli(text, l->high_warning);
	else if (l->high_warning != INT64_MAX)
		say_value(text, lang, (enum measure)kind, l->high_warning);
	text_add(text, l->high_warning != INT64_MAX && l->high_critical != INT64_MAX ? " / " : "");
	if (l->high_critical != INT64_MAX)
		say_value(text, lang, (enum measure)kind, l->high_critical);
}

static void row_add(struct text *text, enum lang lang, const struct site *site,
    const struct polled *v)
{
	struct limits limits = limits_of(site, &v->series);
	KS_DROP(text) struct text cell;

	text_init(&cell, 1000);
	column_add(text, v->series.id, once_columns);
	column_add(text, place_said(lang, (enum place)v->series.place), PLACE_COLUMNS);
	reading_value(&cell, lang, &v->reading);
	column_add(text, text_cstr(&cell), VALUE_COLUMNS);
	text_clear(&cell);
	limit_add(&cell, lang, &limits, v->reading.kind);
	column_add(text, text_cstr(&cell), LIMIT_COLUMNS);
	text_clear(&cell);
	if (v->reading.quality == QUALITY_ABSENT) /* asked once: there is no older value */
		text_add_char(&cell, '-');
	else
		text_addf(&cell, "%d s", (int)((once.now_ms - v->reading.time_ms) / 1000));
	column_add(text, text_cstr(&cell), AGE_COLUMNS);
	if (v->reading.quality != QUALITY_OK)
		reading_quality(text, lang, &v->reading);
	else
		text_add(text, severity_said(lang, judge(&limits, &v->reading)));
	text_add_char(text, '\n');
}

static void json_row(struct text *text, const struct site *site, const struct polled *v)
{
	struct limits l = limits_of(site, &v->series);
	int64_t age = once.now_ms - v->reading.time_ms;

	text_add_char(text, '{');
	json_pair(text, "sensor", v->series.id);
	text_add_char(text, ',');
	json_pair(text, "label", v->series.label);
	text_add_char(text, ',');
	reading_json(text, &v->series, &v->reading);
	text_add(text, ",\"limit\":");
	if (l.high_warning != INT64_MAX)
		text_add_milli(text, l.high_warning);
	else
		text_add(text, "null");
	text_add(text, ",\"critical\":");
	if (l.high_critical != INT64_MAX)
		text_add_milli(text, l.high_critical);
	else
		text_add(text, "null");
	text_add(text, ",\"age_s\":");
	if (v->reading.quality == QUALITY_ABSENT) /* asked once: there is no older value */
		text_add(text, "null");
	else
		text_add_milli(text, age > 0 ? age : 0);
	text_add(text, ",\"time\":\"");
	text_add_time(text, v->reading.time_ms);
	text_add(text, "\"}");
}

static bool shown(const struct polled *v)
{
	return v->read && v->series.kind != MEASURE_REACH;
}

static int worst_of(const struct site *site)
{
	int worst = EXIT_WELL;
	size_t n = 0;

	for (size_t i = 0; i < once.n; i++) {
		struct limits limits;
		enum severity severity;

		if (!shown(&once.values[i]))
			continue;
		n++;
		limits = limits_of(site, &once.values[i].series);
		severity = judge(&limits, &once.values[i].reading);
		if (severity == SEVERITY_CRITICAL)
			worst = EXIT_CRITICAL;
		else if (severity == SEVERITY_WARNING && worst == EXIT_WELL)
			worst = EXIT_FOUND;
	}
	if (once.troubles_n > 0 && worst == EXIT_WELL)
		worst = EXIT_FOUND;
	return n == 0 ? EXIT_UNKNOWN : worst;
}

static void columns_find(void)
{
	once_columns = ID_LEAST;
	for (size_t i = 0; i < once.n; i++) {
		size_t n = shown(&once.values[i]) ?
		    utf8_columns(span_text(once.values[i].series.id)) + 2 : 0;

		once_columns = n > once_columns ? n : once_columns;
	}
	for (size_t i = 0; i < once.troubles_n; i++) {
		size_t n = utf8_columns(span_text(once.troubles[i].id)) + 2;

		once_columns = n > once_columns ? n : once_columns;
	}
}

static void head_add(struct text *text, enum lang lang)
{
	column_add(text, tr(lang, N_("SENSOR")), once_columns);
	column_add(text, tr(lang, N_("PLACE")), PLACE_COLUMNS);
	column_add(text, tr(lang, N_("VALUE")), VALUE_COLUMNS);
	column_add(text, tr(lang, N_("LIMIT")), LIMIT_COLUMNS);
	column_add(text, tr(lang, N_("AGE")), AGE_COLUMNS);
	text_addf(text, "%s\n", tr(lang, N_("STATE")));
}

/* A sensor that could not be asked has its row too, with the reason. */
static void trouble_add(struct text *text, enum lang lang, const struct poll_trouble *trouble)
{
	KS_DROP(text) struct text said;
	size_t name = strlen(trouble->id);
	struct span rest;

	column_add(text, trouble->id, once_columns);
	column_add(text, "-", PLACE_COLUMNS);
	column_add(text, "-", VALUE_COLUMNS);
	column_add(text, "-", LIMIT_COLUMNS);
	column_add(text, "-", AGE_COLUMNS);
	text_init(&said, 4000);
	say_why(&said, lang, &trouble->why);
	rest = text_span(&said);
	/* the row begins with its name already */
	if (rest.left > name && memcmp(rest.at, trouble->id, name) == 0 && rest.at[name] == ':')
		(void)span_cut(&rest, name + 1);
	text_add_span(text, span_trim(rest));
	text_add_char(text, '\n');
}

static int print_all(const struct site *site, enum lang lang, bool json)
{
	KS_DROP(text) struct text text;
	bool first = true;

	text_init(&text, ANSWER);
	columns_find();
	if (!json && once.n + once.troubles_n > 0)
		head_add(&text, lang);
	if (json)
		text_addf(&text, "{\"schema\":\"keisoku.heat/1\",\"verdict\":{\"severity\":\"%s\","
		    "\"worst\":null},\"readings\":[",
		    severity_word((enum severity)worst_of(site))); /* the exit codes are in its order */
	for (size_t i = 0; i < once.n; i++) {
		if (!shown(&once.values[i]))
			continue;
		if (json && !first)
			text_add_char(&text, ',');
		first = false;
		if (json)
			json_row(&text, site, &once.values[i]);
		else
			row_add(&text, lang, site, &once.values[i]);
	}
	if (json)
		text_add(&text, "]}\n");
	for (size_t i = 0; i < once.troubles_n; i++)
		if (json)
			cli_complain_why(lang, &once.troubles[i].why);
		else
			trouble_add(&text, lang, &once.troubles[i]);
	if (first && once.troubles_n == 0)
		cli_complain(lang, "no sensor of this site gave a value");
	return cli_print(&text) ? worst_of(site) : EXIT_BROKEN;
}

static int heat_run(int argc, char **argv, enum lang lang);
static const struct option_row heat_options[] = {
	{ "--now", NULL, N_("ask every sensor of the site once") },
	{ "--since", "TIME", N_("curves from then on: 12h, or 2026-08-11T22:10:00Z") },
	{ "--until", "TIME", N_("curves up to then") },
	{ "--json", NULL, N_("answer for machines (keisoku.heat/1)") },
	{ "--csv", NULL, N_("a table for a spreadsheet") },
	{ "--svg", NULL, N_("the hottest air over time, as a picture (SVG)") },
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ NULL, NULL, NULL },
};
static const char *const heat_examples[] = { "keisoku heat --since 24h",
	"keisoku heat --now site.conf --json", NULL };
const struct command command_heat = {
	.name = "heat", .takes = "[SITE]",
	.says = N_("temperatures and all other sensors of a site"),
	.options = heat_options, .examples = heat_examples, .run = heat_run,
};

static int heat_run(int argc, char **argv, enum lang lang)
{
	struct site *site = NULL;
	struct why why = { 0 };
	struct args args;
	int code;

	if (!args_read(&command_heat, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	if (args.operands_n == 0 && args_has(&args, "--now")) {
		cli_complain(lang, "heat: --now needs the site file: keisoku heat --now SITE");
		return EXIT_UNKNOWN;
	}
	if (args.operands_n == 0)
		return picture_run(&args, lang);
	if (!args_has(&args, "--now"))
		cli_complain(lang, "asking every sensor now, as --now says: the values kept are "
		    "read by `keisoku store export`");
	code = site_load(args.operands[0], &site, &errors, &why);
	if (code == KS_MALFORMED) {
		cli_complain(lang, "%s has errors; keisoku check %s names them", args.operands[0],
		    args.operands[0]);
		return EXIT_UNKNOWN;
	}
	if (code == KS_OK)
		code = poll_once(&once, site, lang, &why);
	if (code != KS_OK) {
		cli_complain_why(lang, &why);
		code = EXIT_UNKNOWN;
	} else {
		code = print_all(site, lang, args_has(&args, "--json"));
	}
	poll_once_done(&once);
	site_free(site);
	return code;
}
