/* Drawings: what goes out is escaped whatever it is called; a chart says its limits,
 * crossings and causes; a rack and a power path show every thing once, at its place. */
#include "harness.h"
#include "base/drop.h"
#include "draw/chart.h"
#include "draw/markup.h"
#include "draw/path.h"
#include "draw/rack.h"
#include <string.h>

static const char hostile[] = "</svg><script>alert(1)</script>\"' onload=\xe2\x80\xae\x01\xff&";

static size_t count(const char *in, const char *what)
{
	size_t n = 0;

	for (const char *at = in; (at = strstr(at, what)) != NULL; at += strlen(what))
		n++;
	return n;
}

static void escapes_everything_said(void **state)
{
	KS_DROP(text) struct text out;

	(void)state;
	text_init(&out, 4096);
	markup(&out, "<p title=\"%s\">%s %d %05u %llx %t %q %%</p>", "a\"b", hostile, -3, 42U,
	    255ULL, (int64_t)-24500, 123);
	assert_string_equal(text_cstr(&out), "<p title=\"a&quot;b\">&lt;/svg&gt;&lt;script&gt;"
	    "alert(1)&lt;/script&gt;&quot;&#39; onload=\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd&amp; "
	    "-3 00042 ff -24.5 12.3 %</p>");
	text_clear(&out);
	markup_path(&out, "r1/../\xe7\x86\xb1 ?#%");
	assert_string_equal(text_cstr(&out), "r1%2F..%2F%E7%86%B1%20%3F%23%25");
	text_clear(&out);
	markup(&out, "%s|%s", NULL, "\xf0\x9f\x94\xa5");
	assert_string_equal(text_cstr(&out), "|\xf0\x9f\x94\xa5");
}

static void ticks_are_code(void **state)
{
	static const struct {
		const char *said, *shown;
	} rows[] = { { "", "" }, { "run `a <b>` or `c`.", "run <code>a &lt;b&gt;</code> or <code>c</code>." },
		{ "one ` alone", "one ` alone" }, { "`a` and `", "<code>a</code> and `" } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		KS_DROP(text) struct text out;

		text_init(&out, 200);
		markup(&out, "%k", rows[i].said);
		assert_string_equal(text_cstr(&out), rows[i].shown);
	}
}

static void steps_are_readable(void **state)
{
	(void)state;
	assert_int_equal(axis_step(0, 10000, 5), 2000);
	assert_int_equal(axis_step(20000, 41000, 5), 5000);
	assert_int_equal(axis_step(0, 0, 5), 1);
	assert_int_equal(axis_step(INT64_MIN / 2, INT64_MAX / 2, 5), 2000000000000000000);
	assert_int_equal(axis_time_step(12 * 3600000LL, 8), 2 * 3600000LL);
	assert_int_equal(axis_time_step(1000LL * 365 * 86400000, 8), 525600 * 60000LL);
}

static struct chart heat_chart(const struct chart_point *points, size_t n)
{
	static const struct chart_limit limits[] = { { 35000, SEVERITY_WARNING, "35 limit" },
		{ 40000, SEVERITY_CRITICAL, hostile }, { 400000, SEVERITY_CRITICAL, "far" } };
	static const struct chart_cause causes[] = { { 1800000, "cooling stopped" },
		{ -5, "before" } };
	static const struct chart_ahead ahead[] = { { 34000, 7200000, 7200000, 7200000 },
		{ 36000, 7800000, 9000000, 10200000 }, { 38000, 9000000, 10800000, 12600000 } };

	return (struct chart){ .lang = LANG_EN, .kind = MEASURE_TEMPERATURE, .tone = "heat",
		.title = hostile, .from_ms = 0, .to_ms = 14400000, .now_ms = 7200000,
		.points = points, .points_n = n, .ahead = ahead, .ahead_n = 3, .limits = limits,
		.limits_n = 3, .causes = causes, .causes_n = 2 };
}

static void chart_tells_its_story(void **state)
{
	static const struct chart_point points[] = { { 0, 24000 }, { 1800000, 24000 },
		{ 3600000, INT64_MIN }, { 5400000, 30000 }, { 7200000, 34000 } };
	struct chart chart = heat_chart(points, 5);
	struct chart_ahead at;
	KS_DROP(drawing) struct drawing drawing;
	KS_DROP(text) struct text out;

	(void)state;
	assert_true(chart_cross(&chart, 35000, &at));
	assert_int_equal(at.mid_ms, 8100000);
	assert_int_equal(at.low_ms, 7500000);
	assert_false(chart_cross(&chart, 40000, &at));
	text_init(&out, 1 << 20);
	drawing_init(&drawing, 8600, 3000);
	chart_draw(&drawing, &chart);
	drawing_svg(&out, &drawing, false);
	assert_false(out.full || drawing.full);
	const char *svg = text_cstr(&out);

	assert_null(strstr(svg, "<script"));
	assert_null(strstr(svg, "style"));
	assert_int_equal(count(svg, "class=\"s heat\""), 2); /* a hole is no line */
	assert_int_equal(count(svg, "class=\"s fore heat\""), 1);
	assert_int_equal(count(svg, "class=\"f band heat\""), 1);
	assert_int_equal(count(svg, "class=\"limit "), 2); /* the far one would flatten it */
	assert_int_equal(count(svg, "class=\"cross warn\""), 1);
	assert_non_null(strstr(svg, ">02:15<"));
	assert_non_null(strstr(svg, ">cooling stopped<"));
	assert_null(strstr(svg, ">before<"));
	assert_non_null(strstr(svg, "now 02:00, 34.0 \xc2\xb0" "C"));
	text_clear(&out);
	drawing_svg(&out, &drawing, true);
	assert_non_null(strstr(text_cstr(&out), "xmlns="));
	assert_non_null(strstr(text_cstr(&out), "prefers-color-scheme"));
}

/* What a chart says, as SVG, in `out`. */
static const char *chart_said(struct text *out, const struct chart *chart)
{
	KS_DROP(drawing) struct drawing drawing;

	drawing_init(&drawing, 8600, 3000);
	chart_draw(&drawing, chart);
	text_clear(out);
	drawing_svg(out, &drawing, false);
	assert_false(out->full || drawing.full);
	return text_cstr(out);
}

static void each_tone_and_length_has_its_look(void **state)
{
	enum { HOUR = 3600000, DAY = 24 * HOUR };
	static const struct {
		enum measure kind;
		const char *tone, *line, *band, *point, *value, *time;
		int64_t len;
	} rows[] = {
		{ MEASURE_TEMPERATURE, "heat", "s heat", "f band heat", "point heat", ">30\xc2\xb0<", ">02:00<", 4 * HOUR },
		{ MEASURE_DEW_POINT, "heat", "s heat", "f band heat", "point heat", ">30\xc2\xb0<", ">01:00<", 4 * HOUR },
		{ MEASURE_POWER, "power", "s power", "f band power", "point power", ">30<", ">1/3<", 10 * DAY },
		{ MEASURE_VALUE, "wire", "s wire", "f band power", "point wire", ">30<", ">12:00<", 3 * DAY },
	};
	KS_DROP(text) struct text out;

	(void)state;
	text_init(&out, 1 << 20);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct chart_point points[] = { { 0, 24000 }, { 1000, 29000 }, { rows[i].len / 2, 30000 } };
		struct chart chart = heat_chart(points, 3);

		chart.kind = rows[i].kind;
		chart.tone = rows[i].tone;
		chart.to_ms = rows[i].len;
		chart.now_ms = rows[i].len / 2;
		const char *svg = chart_said(&out, &chart), *const looks[] = { rows[i].line, rows[i].band,
			rows[i].point };

		for (size_t k = 0; k < 3; k++) {
			char class[40];

			(void)snprintf(class, sizeof class, "class=\"%s\"", looks[k]);
			assert_int_equal(count(svg, class), 1);
		}
		assert_non_null(strstr(svg, rows[i].value));
		assert_non_null(strstr(svg, rows[i].time));
	}
}

static void what_is_outside_is_left_out(void **state)
{
	static const struct chart_point flat[] = { { -1000, 5 }, { 0, 100000 }, { 7200000, 100000 },
		{ 7200001, INT64_MIN }, { 99000000, 7 } };
	static const struct chart_limit limits[] = { { INT64_MAX, SEVERITY_WARNING, "none" },
		{ INT64_MIN, SEVERITY_WARNING, "none" }, { 130000, SEVERITY_WARNING, "above" },
		{ 70000, SEVERITY_WARNING, "below" }, { -900000, SEVERITY_WARNING, "none" } };
	static const struct chart_cause causes[] = { { 100000, "one" }, { 200000, "two" },
		{ 300000, "three" }, { 400000, "four" }, { 14400001, "after" }, { 14300000, "at the edge" } };
	struct chart chart = heat_chart(flat, 5);
	KS_DROP(text) struct text out;

	(void)state;
	text_init(&out, 1 << 20);
	chart.limits = limits;
	chart.limits_n = 5;
	chart.causes = causes;
	chart.causes_n = 6;
	chart.ahead_n = 1; /* a forecast is at least two */
	const char *svg = chart_said(&out, &chart);

	assert_int_equal(count(svg, "class=\"s heat\""), 1);
	assert_int_equal(count(svg, "class=\"limit warn\""), 2);
	assert_null(strstr(svg, ">none<"));
	assert_null(strstr(svg, ">after<"));
	assert_int_equal(count(svg, "class=\"cause\""), 5);
	assert_null(strstr(svg, "f band"));
	/* a clock outside of it is not marked */
	static const int64_t others[] = { -1, 14400001 };

	for (size_t i = 0; i < 2; i++) {
		chart.now_ms = others[i];
		assert_null(strstr(chart_said(&out, &chart), "nowline"));
	}
	chart.now_ms = 7200000;
	chart.points_n = 0;
	assert_null(strstr(chart_said(&out, &chart), "nowline"));
}

static void where_a_forecast_crosses(void **state)
{
	static const struct chart_ahead ahead[] = { { 30000, 0, 0, 0 }, { 30000, 100, 200, 300 },
		{ 29000, 200, 400, 600 }, { 33000, 400, 800, 1200 } };
	static const struct {
		int64_t milli, mid_ms;
	} rows[] = { { 30000, 500 }, { 29000, 400 }, { 33000, 800 }, { 28999, -1 }, { 33001, -1 } };
	const struct chart chart = { .ahead = ahead, .ahead_n = 4 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct chart_ahead at = { .mid_ms = -1 };

		assert_int_equal(chart_cross(&chart, rows[i].milli, &at), rows[i].mid_ms >= 0);
		assert_int_equal(at.mid_ms, rows[i].mid_ms);
	}
}

static const char *drawn(struct text *out, struct drawing *drawing)
{
	text_clear(out);
	drawing_svg(out, drawing, false);
	drawing_done(drawing);
	return text_cstr(out);
}

static void sparks_and_bars(void **state)
{
	static const struct chart_point points[] = { { 0, 1000 }, { 10, 3000 }, { 20, INT64_MIN },
		{ 30, 2000 }, { 40, 2000 }, { 50, INT64_MIN }, { 60, 9 } };
	static const struct {
		const char *tone, *thin, *fill;
	} tones[] = { { "heat", "s thin heat", "f heat" }, { "power", "s thin power", "f power" },
		{ "wire", "s thin wire", "f wire" } };
	static const struct {
		const char *state, *fill;
		int64_t value, limit;
		size_t limits;
	} bars[] = { { "ok", "fill ok", 50, 100, 1 }, { "warn", "fill warn", -5, 0, 0 },
		{ "crit", "fill crit", 500, 101, 0 }, { "none", "fill none", 0, INT64_MAX, 0 },
		{ "ok", "fill ok", 0, 1, 1 } };
	KS_DROP(text) struct text out;
	struct drawing drawing;

	(void)state;
	text_init(&out, 1 << 16);
	for (size_t i = 0; i < 6; i++) {
		struct spark spark = { .tone = tones[i / 2].tone, .points = points, .points_n = 7, .from_ms = 0,
			.to_ms = 60, .low = INT64_MAX, .high = INT64_MIN, .filled = i % 2 == 1 };

		drawing_init(&drawing, 600, 200);
		spark_draw(&drawing, &spark);
		const char *svg = drawn(&out, &drawing);

		assert_int_equal(count(svg, tones[i / 2].thin), 2); /* a point alone is no line */
		assert_int_equal(count(svg, tones[i / 2].fill), spark.filled ? 2 : 0);
	}
	for (size_t i = 0; i < sizeof bars / sizeof *bars; i++) {
		drawing_init(&drawing, 600, 200);
		bar_draw(&drawing, &(struct bar){ .high = 100, .value = bars[i].value, .limit = bars[i].limit,
		    .state = bars[i].state });
		const char *svg = drawn(&out, &drawing);

		assert_int_equal(count(svg, bars[i].fill), 1);
		assert_int_equal(count(svg, "limit crit"), bars[i].limits);
	}
}

static void numbers_on_a_rack(void **state)
{
	static const struct {
		int64_t milli_c, mw;
		const char *said, *letters;
	} rows[] = {
		{ 33950, 0, ">34.0\xc2\xb0<", "on-light small" }, { 22400, 499, ">22.4\xc2\xb0 \xc2\xb7 0 W<", "on-dark small" },
		{ 34500, 420500, ">34.5\xc2\xb0 \xc2\xb7 421 W<", "on-dark small" }, { -500, 0, ">-0.5\xc2\xb0<", "on-dark small" },
		{ -12340, 0, ">-12.3\xc2\xb0<", "on-dark small" }, { INT64_MIN, 90000, ">90 W<", "\"small\"" },
		{ 0, 0, ">0.0\xc2\xb0<", "on-dark small" },
	};
	KS_DROP(text) struct text out;

	(void)state;
	text_init(&out, 1 << 20);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct rack_item items[] = { { .name = "h", .u = 1, .height = 1, .milli_c = rows[i].milli_c,
			.mw = rows[i].mw, .severity = i % 2 ? SEVERITY_WARNING : SEVERITY_OK, .sides = 2, .on = 1 },
			{ .name = "no room", .u = 10, .height = 2 }, { .name = "not placed" } };
		const struct rack_picture rack = { .lang = LANG_EN, .name = "a rack of a very long name indeed",
			.units = 10, .sides = 2, .items = items, .items_n = 3 };
		struct drawing drawing;

		drawing_init(&drawing, 2000, rack_height(10));
		rack_draw(&drawing, &rack);
		const char *svg = drawn(&out, &drawing);

		assert_non_null(strstr(svg, rows[i].said));
		assert_non_null(strstr(svg, rows[i].letters));
		assert_int_equal(count(svg, "class=\"dev\""), 1);
		assert_int_equal(count(svg, "frame host warn"), i % 2);
		assert_non_null(strstr(svg, "\xe2\x80\xa6<")); /* the name is cut */
		assert_non_null(strstr(svg, rows[i].mw >= 10000 ? " kW, 7U free<" : "7U free<"));
		drawing_init(&drawing, 100, 100);
		rack_thumb(&drawing, &rack);
		assert_int_equal(count(drawn(&out, &drawing), "<rect"), 2);
	}
	const struct rack_item tall = { .u = 1, .height = 5 };
	const struct rack_picture full = { .name = "f", .units = 4, .items = &tall, .items_n = 1 }, none = { .name = "n" };
	struct drawing drawing;

	assert_int_equal(rack_free(&full), 0);
	drawing_init(&drawing, 100, 100);
	rack_thumb(&drawing, &full);
	rack_thumb(&drawing, &none);
	assert_int_equal(count(drawn(&out, &drawing), "<rect"), 2);
}

static void nothing_measured_is_drawn_without_harm(void **state)
{
	struct chart chart = heat_chart(NULL, 0);
	struct chart_point lone = { 5, 7 };
	struct spark spark = { .tone = "wire", .points = &lone, .points_n = 1, .from_ms = 5,
		.to_ms = 5, .low = INT64_MAX, .high = INT64_MIN };
	KS_DROP(drawing) struct drawing drawing;
	KS_DROP(text) struct text out;

	(void)state;
	chart.ahead_n = chart.limits_n = chart.causes_n = 0;
	text_init(&out, 1 << 20);
	drawing_init(&drawing, 3000, 2000);
	chart_draw(&drawing, &chart);
	spark_draw(&drawing, &spark);
	bar_draw(&drawing, &(struct bar){ .low = 5, .high = 5, .value = INT64_MAX,
	    .limit = INT64_MAX, .state = "ok" });
	drawing_svg(&out, &drawing, false);
	assert_false(out.full || drawing.full);
	assert_null(strstr(text_cstr(&out), "class=\"s "));
}

static void rack_shows_each_host_once(void **state)
{
	const struct rack_item items[] = {
		{ .name = hostile, .href = "/host/a", .u = 1, .height = 2, .milli_c = 33900,
		    .mw = 420000, .severity = SEVERITY_CRITICAL, .sides = 2, .on = 3 },
		{ .name = "db1", .u = 41, .height = 2, .milli_c = INT64_MIN, .sides = 2, .on = 1 },
		{ .name = "nowhere", .u = 42, .height = 2 }, { .name = "unplaced" } };
	const struct rack_picture rack = { .lang = LANG_EN, .name = "R1", .units = 42, .sides = 2,
		.items = items, .items_n = 4 };
	KS_DROP(drawing) struct drawing drawing;
	KS_DROP(text) struct text out;

	(void)state;
	assert_int_equal(rack_watts(&rack), 420000);
	text_init(&out, 1 << 20);
	drawing_init(&drawing, 3000, rack_height(42));
	rack_draw(&drawing, &rack);
	drawing_svg(&out, &drawing, false);
	const char *svg = text_cstr(&out);

	assert_null(strstr(svg, "<script"));
	assert_int_equal(count(svg, "class=\"dev\""), 2);
	assert_int_equal(count(svg, "class=\"t34\""), 1);
	assert_int_equal(count(svg, "class=\"tno\""), 1);
	assert_int_equal(count(svg, "class=\"cord\""), 3);
	assert_int_equal(count(svg, "class=\"cord off\""), 1);
	assert_non_null(strstr(svg, "33.9\xc2\xb0 \xc2\xb7 420 W"));
	assert_null(strstr(svg, "nowhere"));
	assert_null(strstr(svg, "style"));
}

static void path_flows_left_to_right(void **state)
{
	static const uint32_t a1[] = { 2 }, both[] = { 2, 4 }, b1[] = { 4 };
	const struct path_node nodes[] = {
		{ .name = "panel", .detail = "", .from = PATH_NONE, .load = 3000, .limit = 8000 },
		{ .name = "UPS-A", .detail = "", .from = 0, .load = 2000 },
		{ .name = "A1", .detail = "15 A / 20 A", .from = 1, .load = 2000, .limit = 2100,
		    .severity = SEVERITY_WARNING, .href = "/power#A1" },
		{ .name = "UPS-B", .detail = "", .from = 0, .load = 1000, .side = 1 },
		{ .name = "B1", .detail = hostile, .from = 3, .load = 1000, .limit = 2000,
		    .side = 1, .note = "if A fails: B1 104 %" } };
	const struct path_leaf leaves[] = { { .name = "one", .mw = 1000, .feeds = a1, .feeds_n = 1 },
		{ .name = "two", .mw = 1000, .feeds = both, .feeds_n = 2 },
		{ .name = "three", .mw = 500, .feeds = b1, .feeds_n = 1 } };
	struct path_picture path = { .lang = LANG_EN, .title = "path", .nodes = nodes,
		.nodes_n = 5, .leaves = leaves, .leaves_n = 3 };
	KS_DROP(drawing) struct drawing drawing;
	KS_DROP(text) struct text out;
	struct why why;

	(void)state;
	text_init(&out, 1 << 20);
	drawing_init(&drawing, 7600, path_height(&path));
	assert_int_equal(path_draw(&drawing, &path, &why), KS_OK);
	drawing_svg(&out, &drawing, false);
	const char *svg = text_cstr(&out);

	assert_null(strstr(svg, "<script"));
	assert_int_equal(count(svg, "class=\"node\""), 5);
	assert_int_equal(count(svg, "class=\"leaf\""), 3);
	assert_int_equal(count(svg, "class=\"ribbon"), 4 + 4);
	assert_non_null(strstr(svg, ">95 %<"));
	assert_int_equal(path_share(&nodes[1]), -1);
	assert_non_null(strstr(svg, "if A fails: B1 104 %"));
	const struct path_node ring[] = { { .name = "x", .detail = "", .from = 0 } };

	path.nodes = ring;
	path.nodes_n = 1;
	path.leaves_n = 0;
	assert_int_equal(path_draw(&drawing, &path, &why), KS_MALFORMED);
}

static void too_much_is_said(void **state)
{
	KS_DROP(drawing) struct drawing drawing;

	(void)state;
	drawing_init(&drawing, 10, 10);
	for (int i = 0; i < LIMIT_DRAW_ITEMS + 1; i++)
		draw_dot(&drawing, NULL, (struct draw_spot){ 1, 1 }, 1);
	assert_true(drawing.full);
	assert_int_equal(drawing.items_n, LIMIT_DRAW_ITEMS);
}

static void ramp_is_the_style_sheets(void **state)
{
	struct span css = draw_css();
	char rule[16];

	(void)state;
	assert_string_equal(draw_ramp(INT64_MIN), "tno");
	assert_string_equal(draw_ramp(-40000), "t22");
	assert_string_equal(draw_ramp(28500), "t29");
	assert_string_equal(draw_ramp(99000), "t40");
	for (int64_t t = 22; t <= 40; t++) {
		(void)snprintf(rule, sizeof rule, ".%s{", draw_ramp(t * 1000));
		assert_non_null(memmem(css.at, css.left, rule, strlen(rule)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_everything_said),
		cmocka_unit_test(ticks_are_code),
		cmocka_unit_test(steps_are_readable),
		cmocka_unit_test(chart_tells_its_story),
		cmocka_unit_test(each_tone_and_length_has_its_look),
		cmocka_unit_test(what_is_outside_is_left_out),
		cmocka_unit_test(where_a_forecast_crosses),
		cmocka_unit_test(sparks_and_bars),
		cmocka_unit_test(numbers_on_a_rack),
		cmocka_unit_test(nothing_measured_is_drawn_without_harm),
		cmocka_unit_test(rack_shows_each_host_once),
		cmocka_unit_test(path_flows_left_to_right),
		cmocka_unit_test(too_much_is_said),
		cmocka_unit_test(ramp_is_the_style_sheets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
