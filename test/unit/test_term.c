/* Terminal pictures: columns hold with Japanese, ASCII is ASCII, colours only when asked
 * for, names cannot steer the terminal; and the tables the daemon gives. */
#include "harness.h"
#include "base/drop.h"
#include "base/utf8.h"
#include "draw/term.h"
#include <string.h>

static const struct term plain = { .lang = LANG_EN, .ascii = true, .columns = 80 };
static const struct term broad = { .lang = LANG_EN, .ascii = true, .columns = 100 };
static const struct term rich = { .lang = LANG_JA, .colour = true, .columns = 80 };

static void cells_have_their_width(void **state)
{
	static const char *const words[] = { "", "short", "\xe3\x82\xb5\xe3\x83\xbc\xe3\x83\x90\xe5\xae\xa4",
		"a very long name of a sensor", "x\x1b[2Jy\xe2\x80\xae\xff" };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (size_t wide = 1; wide < 40; wide++) {
			KS_DROP(text) struct text out;

			text_init(&out, 4096);
			term_cell(&out, &plain, words[i], wide);
			assert_int_equal(utf8_columns(text_span(&out)), wide);
			assert_null(strchr(text_cstr(&out), '\x1b'));
		}
}

static void curves_rise_and_have_holes(void **state)
{
	static const struct chart_point points[] = { { 0, 10 }, { 10, 20 }, { 20, INT64_MIN },
		{ 70, 80 } };
	const struct spark spark = { .points = points, .points_n = 4, .from_ms = 0, .to_ms = 70,
		.low = INT64_MAX, .high = INT64_MIN };
	KS_DROP(text) struct text out;

	(void)state;
	text_init(&out, 400);
	term_spark(&out, &plain, &spark, 8);
	assert_string_equal(text_cstr(&out), "_.     #");
	text_clear(&out);
	term_spark(&out, &rich, &spark, 8);
	assert_string_equal(text_cstr(&out), "\xe2\x96\x81\xe2\x96\x82     \xe2\x96\x88");
	text_clear(&out);
	term_bar(&out, &plain, 1500, SEVERITY_CRITICAL, 4);
	term_bar(&out, &plain, -5, SEVERITY_OK, 4);
	term_bar(&out, &plain, 500, SEVERITY_OK, 4);
	assert_string_equal(text_cstr(&out), "####....##..");
	text_clear(&out);
	term_bar(&out, &rich, 1000, SEVERITY_CRITICAL, 1);
	assert_string_equal(text_cstr(&out), "\033[1;31m\xe2\x96\x88\033[0m");
}

/* Every line as wide as the next, however wide the names are. */
static void assert_even(const char *text, char edge)
{
	size_t wide = 0;

	for (const char *line = text; *line != '\0';) {
		size_t n = strcspn(line, "\n");

		if (n > 8 && line[n - 1] == edge && line[4] == edge) {
			size_t columns = utf8_columns(span_of(line, n));

			assert_true(wide == 0 || columns == wide);
			wide = columns;
		}
		line += n + (line[n] == '\n');
	}
	assert_true(wide > 0);
}

static void assert_fits(const char *text, size_t columns)
{
	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
		assert_true(utf8_columns(span_of(line, strcspn(line, "\n"))) <= columns);
}

static void signs_of_ours_have_ascii(void **state)
{
	KS_DROP(text) struct text out;

	(void)state;
	text_init(&out, 100);
	term_cell(&out, &plain, "\xe2\x89\x88 18 A, 33.9 \xc2\xb0" "C \xc2\xb1 1", 22);
	assert_string_equal(text_cstr(&out), "~ 18 A, 33.9 C +- 1   ");
}

static void racks_have_straight_edges(void **state)
{
	const struct rack_item items[] = {
		{ .name = "\xe5\x9f\xba\xe5\xb9\xb9\xe3\x82\xb5\xe3\x83\xbc\xe3\x83\x90", .u = 10, .height = 2,
		    .milli_c = 33900, .mw = 420000, .severity = SEVERITY_CRITICAL, .sides = 2, .on = 1 },
		{ .name = "x\x1b]0;t\x07", .u = 3, .height = 1, .milli_c = INT64_MIN, .sides = 2, .on = 3 } };
	const struct rack_picture rack = { .lang = LANG_EN, .name = "R1", .units = 12, .sides = 2,
		.items = items, .items_n = 2 };
	KS_DROP(text) struct text out;

	(void)state;
	text_init(&out, 1 << 16);
	term_rack(&out, &plain, &rack);
	assert_even(text_cstr(&out), '|');
	assert_non_null(strstr(text_cstr(&out), "R1  420 W, 9U free"));
	assert_non_null(strstr(text_cstr(&out), " 33.9 C   420 W A-"));
	assert_non_null(strstr(text_cstr(&out), "11 |!!"));
	assert_null(strchr(text_cstr(&out), '\x1b'));
	text_clear(&out);
	term_rack(&out, &rich, &rack);
	assert_non_null(strstr(text_cstr(&out), "\033[48;5;215;38;5;16m"));
	assert_null(strstr(text_cstr(&out), "\033]"));
	for (unsigned columns = 40; columns <= 120; columns++) {
		const struct term narrow = { .lang = LANG_EN, .columns = columns };

		text_clear(&out);
		term_rack(&out, &narrow, &rack);
		assert_fits(text_cstr(&out), columns);
		assert_non_null(strstr(text_cstr(&out), " 33.9 C   420 W A-"));
	}
}

static void trees_indent_what_hangs_below(void **state)
{
	static const uint32_t one[] = { 1 }, both[] = { 1, 2 };
	const struct path_node nodes[] = { { .name = "wall", .detail = "1 kVA", .from = PATH_NONE },
		{ .name = "A", .detail = "9 A / 10 A", .from = 0, .load = 900, .limit = 1000,
		    .severity = SEVERITY_WARNING },
		{ .name = "B", .detail = "1 A / 10 A", .from = 0, .load = 100, .limit = 1000,
		    .note = "if A fails: 120 %" } };
	const struct path_leaf leaves[] = { { .name = "h1", .mw = 300000, .feeds = one, .feeds_n = 1 },
		{ .name = "h2", .mw = 200400, .feeds = both, .feeds_n = 2, .severity = SEVERITY_CRITICAL },
		{ .name = "unplugged" } };
	const struct path_picture path = { .lang = LANG_EN, .nodes = nodes, .nodes_n = 3,
		.leaves = leaves, .leaves_n = 3 };
	KS_DROP(text) struct text out;

	(void)state;
	text_init(&out, 1 << 16);
	term_path(&out, &broad, &path);
	assert_string_equal(text_cstr(&out),
	    "wall                       1 kVA               \n"
	    "  A                        9 A / 10 A            90 % ##################..\n"
	    "    h1                         300 W\n"
	    "    h2                         200 W + B\n"
	    "  B                        1 A / 10 A            10 % ##..................  if A fails: 120 %\n");
	text_clear(&out);
	term_path(&out, &rich, &path);
	assert_non_null(strstr(text_cstr(&out), "\033[33m"));
	for (unsigned columns = 40; columns <= 120; columns++) {
		const struct term narrow = { .lang = LANG_EN, .columns = columns };

		text_clear(&out);
		term_path(&out, &narrow, &path);
		assert_fits(text_cstr(&out), columns);
		assert_non_null(strstr(text_cstr(&out), " 90 %"));
		assert_non_null(strstr(text_cstr(&out), "if A fails: 120 %"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_have_their_width),
		cmocka_unit_test(curves_rise_and_have_holes),
		cmocka_unit_test(signs_of_ours_have_ascii),
		cmocka_unit_test(racks_have_straight_edges),
		cmocka_unit_test(trees_indent_what_hangs_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
