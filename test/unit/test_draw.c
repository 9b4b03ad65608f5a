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
		cmocka_unit_test(nothing_measured_is_drawn_without_harm),
		cmocka_unit_test(rack_shows_each_host_once),
		cmocka_unit_test(path_flows_left_to_right),
		cmocka_unit_test(too_much_is_said),
		cmocka_unit_test(ramp_is_the_style_sheets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
