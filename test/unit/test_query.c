/* PromQL without a store: what is refused and why, what comes out, what the limits hold;
 * regular expressions; numbers.  test/query/compare.py holds the rest against Prometheus. */
#include "harness.h"
#include "base/limits.h"
#include "query/number.h"
#include "query/query.h"
#include "query/regex.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct why why;
static char said[8192];

/* Two counters and a gauge, a sample every 30 s from 1000 s to 1990 s. */
static void feed(struct query *query)
{
	static const char *const labels[] = { "__name__\xffn\xff" "host\xff" "a\xff",
		"__name__\xffn\xff" "host\xff" "b\xff", "__name__\xffg\xff" };

	for (size_t i = 0; i < query_selects(query); i++)
		for (size_t k = 0; k < 3; k++) {
			if (!query_wants(query, i, span_text(labels[k])))
				continue;
			assert_int_equal(query_begin(query, i, span_text(labels[k]), &why), KS_OK);
			for (int64_t t = 1000; t < 2000; t += 30)
				assert_int_equal(query_sample(query, i, t * 1000,
				    k == 2 ? 2.5 : (double)((t - 1000) * (int64_t)(k + 1)), &why), KS_OK);
		}
}

static int run(const char *text, int64_t step_ms)
{
	const struct query_ask ask = { .text = span_text(text), .start_ms = 1600000,
		.end_ms = step_ms > 0 ? 1660000 : 1600000, .step_ms = step_ms, .seed = 1 };
	struct query *query = NULL;
	struct text out;
	int bad = query_new(&ask, &query, &why);

	said[0] = '\0';
	if (bad != KS_OK)
		return bad;
	feed(query);
	while ((bad = query_step(query, &why)) == KS_OK)
		;
	text_init(&out, sizeof said - 1);
	if (bad == KS_ABSENT) {
		query_answer(query, &out);
		assert_false(out.full);
		(void)snprintf(said, sizeof said, "%s", text_cstr(&out));
	}
	text_done(&out);
	query_free(query);
	return bad == KS_ABSENT ? KS_OK : bad;
}

static void answers(void **state)
{
	(void)state;
	assert_int_equal(run("1 + 2 * 3", 0), KS_OK);
	assert_string_equal(said, "{\"resultType\":\"scalar\",\"result\":[1600,\"7\"]}");
	assert_int_equal(run("sum by (host) (n{host=~\"a|b\"})", 0), KS_OK);
	assert_string_equal(said, "{\"resultType\":\"vector\",\"result\":["
	    "{\"metric\":{\"host\":\"a\"},\"value\":[1600,\"600\"]},"
	    "{\"metric\":{\"host\":\"b\"},\"value\":[1600,\"1200\"]}]}");
	assert_int_equal(run("rate(n{host=\"a\"}[5m])", 60000), KS_OK);
	assert_string_equal(said, "{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"host\":\"a\"},"
	    "\"values\":[[1600,\"1\"],[1660,\"1\"]]}]}");
	assert_int_equal(run("max_over_time(sum(g)[2m:1m])", 0), KS_OK);
	assert_string_equal(said, "{\"resultType\":\"vector\",\"result\":[{\"metric\":{},"
	    "\"value\":[1600,\"2.5\"]}]}");
	assert_int_equal(run("g offset 10h", 0), KS_OK);
	assert_string_equal(said, "{\"resultType\":\"vector\",\"result\":[]}");
}

static void refused(void **state)
{
	static const char *const wrong[] = { "", "(", "n[5m", "n + ", "rate(n)", "n[5m][5m]", "{}",
		"1 and n", "topk(n)", "nosuch(n)", "n{host=~\"(\"}", "n offset", "sum(n) offset 5m", "1 == 1" };

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(run(wrong[i], 0), KS_MALFORMED);
		assert_non_null(strstr(why.text, "parse error"));
	}
	assert_int_equal(run("n[5m]", 60000), KS_MALFORMED); /* not over a range */
	assert_int_equal(run("n + on() n", 0), KS_MALFORMED);
	assert_non_null(strstr(why.text, "duplicate series"));
	assert_int_equal(run("{__name__=~\"n|g\",host!=\"b\"} + on() group_left {host=\"b\"}", 0), KS_OK);
	assert_int_equal(run("label_replace(n, \"host\", \"x\", \"host\", \".*\")", 0), KS_MALFORMED);
}

/* -- memory ----------------------------------------------------------------------------------- */

static long allocations_left = -1; /* until one fails; negative: none does */

static bool runs_out(void)
{
	return allocations_left >= 0 && allocations_left-- == 0;
}

#define WRAP(name, params, args)                                                       \
	void *__real_##name params;                                                    \
	void *__wrap_##name params;                                                    \
	void *__wrap_##name params                                                     \
	{                                                                              \
		return runs_out() ? NULL : __real_##name args;                         \
	}

WRAP(arena_take, (struct arena *arena, size_t size), (arena, size))
WRAP(arena_array, (struct arena *arena, size_t count, size_t size), (arena, count, size))
WRAP(calloc, (size_t count, size_t size), (count, size))
WRAP(malloc, (size_t size), (size))
WRAP(realloc, (void *at, size_t size), (at, size))

/* A query of its own beginning to its own end, with two hosts and a histogram; what it ends
 * with. */
static int run_short(const char *text, bool csv)
{
	static const char *const labels[] = { "__name__\xffn\xff" "host\xff" "a\xff", "__name__\xffn\xff" "host\xff" "b\xff",
		"__name__\xffh\xffle\xff" "1\xff", "__name__\xffh\xffle\xff" "+Inf\xff" };
	const struct query_ask ask = { .text = span_text(text), .start_ms = 1600000, .end_ms = 1600000, .seed = 1 };
	struct query *query = NULL;
	struct text out;
	int bad = query_new(&ask, &query, &why);

	for (size_t i = 0; bad == KS_OK && i < query_selects(query); i++)
		for (size_t k = 0; bad == KS_OK && k < 4; k++) {
			if (!query_wants(query, i, span_text(labels[k])))
				continue;
			bad = query_begin(query, i, span_text(labels[k]), &why);
			for (int64_t t = 1000; bad == KS_OK && t < 1600; t += 30)
				bad = query_sample(query, i, t * 1000, (double)(t * (int64_t)(k + 1)), &why);
		}
	while (bad == KS_OK)
		bad = query_step(query, &why);
	text_init(&out, 100000);
	if (bad == KS_ABSENT) {
		if (csv)
			query_csv(query, &out);
		else
			query_answer(query, &out);
		bad = out.full ? KS_FULL : KS_OK;
	}
	text_done(&out);
	query_free(query);
	return bad;
}

/* Whichever piece is refused: a sentence, nothing that leaks, and the next query is well. */
static void memory_runs_out(void **state)
{
	static const char *const texts[] = { "sum by (host) (rate(n[5m]))", "topk(1, n)", "quantile(0.5, n)",
		"count_values(\"v\", n)", "sort_desc(n)", "label_replace(n, \"x\", \"$1\", \"host\", \"(.*)\")",
		"label_join(n, \"x\", \"-\", \"host\", \"host\")", "histogram_quantile(0.9, h)",
		"quantile_over_time(0.5, n[5m])", "max_over_time(sum(n)[2m:1m])", "n and n", "n or h", "n unless h",
		"n * on(host) group_left n", "absent(x)", "predict_linear(n[5m], 60)", "clamp(n, 1, 2)", "-n > bool 1",
		"hour(n)", "vector(time())", "n{host=~\"(a|b)*[^c]?\"}", "last_over_time(n[5m])" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (unsigned csv = 0; csv < 2; csv++) {
			long at = 0;
			int bad = KS_FULL;

			for (; bad == KS_FULL; at++) {
				why.text[0] = '\0';
				allocations_left = at;
				bad = run_short(texts[i], csv == 1);
				bool failed = allocations_left < 0;

				allocations_left = -1;
				if (bad != KS_OK && bad != KS_FULL)
					fail_msg("%s at %ld: %d %s", texts[i], at, bad, why.text);
				if (bad == KS_OK && failed)
					bad = KS_FULL; /* it could do without */
			}
			assert_true(at > 5);
			assert_int_equal(run_short(texts[i], csv == 1), KS_OK);
		}
}

static char *repeated(const char *first, const char *part, size_t n, const char *last)
{
	size_t one = strlen(part), at = strlen(first);
	char *all = malloc(at + n * one + strlen(last) + 1);

	assert_non_null(all);
	memcpy(all, first, at);
	for (size_t i = 0; i < n; i++, at += one)
		memcpy(all + at, part, one);
	memcpy(all + at, last, strlen(last) + 1);
	return all;
}

static void limits(void **state)
{
	char *deep = repeated("", "(", LIMIT_QUERY_DEPTH + 1, "1");
	char *wide = repeated("1", "+1", LIMIT_QUERY_NODES, "");
	char *selects = repeated("n", "+n", LIMIT_QUERY_SELECTS, "");
	char *groups = repeated("n{a=~\"", "(a)", LIMIT_REGEX_GROUPS, "\"}");
	char *stars = repeated("n{a=~\"", "(.{0,1000}){0,1000}", 1, "\"}");

	(void)state;
	assert_int_equal(run(deep, 0), KS_FULL);
	assert_int_equal(run(wide, 0), KS_FULL);
	assert_int_equal(run(selects, 0), KS_FULL);
	assert_int_equal(run(groups, 0), KS_FULL);
	assert_int_equal(run(stars, 0), KS_FULL);
	assert_int_equal(run("max_over_time(n[10y:1s])", 0), KS_FULL);
	free(deep);
	free(wide);
	free(selects);
	free(groups);
	free(stars);
}

static bool matches(const char *pattern, const char *text)
{
	struct regex *regex = NULL;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	assert_int_equal(regex_new(&arena, span_text(pattern), &regex, &why), KS_OK);
	bool is = regex_match(regex, span_text(text));

	arena_done(&arena);
	return is;
}

static void expressions(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool is;
	} rows[] = {
		{ "abc", "abc", true }, { "abc", "abcd", false }, { "a.c", "abc", true }, { "a|bc", "bc", true },
		{ "(a|b)*c", "ababc", true }, { "a{2,3}", "a", false }, { "a{2,3}", "aaa", true },
		{ "a{2,3}", "aaaa", false }, { "a{,2}", "a{,2}", true }, { "[^a-c]+", "xyz", true },
		{ "[^a-c]+", "xbz", false }, { "\\d+\\.\\d", "12.5", true }, { "[[:alpha:]_]+", "a_B", true },
		{ "(?i)AbC", "aBc", true }, { "(?i:a)B", "AB", true }, { "(?i:a)B", "Ab", false },
		{ ".", "\xe6\x83\x85", true }, { ".", "\n", false }, { "(?s).", "\n", true },
		{ "^a$", "a", true }, { "a\\b.b", "a-b", true }, { "\\Qa.b\\E", "a.b", true },
		{ "\\Qa.b\\E", "axb", false }, { "", "", true }, { "x*", "", true },
		{ "(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false }, { "[]a]+", "]a", true },
		{ "\\x41\\x{42}", "AB", true }, { "(|a)+", "aaa", true },
		{ "\\101\\07", "A\a", true }, { "\\0", "x", false }, { "\\a\\f\\n\\r\\t\\v", "\a\f\n\r\t\v", true },
		{ "\\D\\S\\W", "ab-", true }, { "\\D", "1", false }, { "\\W", "_", false }, { "\\s", "\v", false },
		{ "[\\d\\s]+", "1 2", true }, { "[^\\D]+", "12", true }, { "[[:^digit:]]+", "ab", true },
		{ "[[:punct:][:upper:]]+", "A!", true }, { "[[:xdigit:]]{2}", "fG", false },
		{ "[[:space:][:cntrl:][:blank:]]+", "\t ", true }, { "[[:word:][:graph:][:print:]]+", "a_", true },
		{ "[[:ascii:]]", "\xe6\x83\x85", false }, { "[a\\]]+", "a]", true }, { "[-a]+", "-a", true },
		{ "[a-]+", "-a", true }, { "[[:a]+", ":[a", true }, { "\xe6\x83\x85|\xe5\xa0\xb1", "\xe5\xa0\xb1", true },
		{ "[\xe6\x83\x80-\xe6\x83\x90]", "\xe6\x83\x85", true }, { ".", "\xff", true }, { "..", "\xf0\x9f\x98\x80", false },
		{ "(?m)a$\n^b", "a\nb", true }, { "a$\n^b", "a\nb", false }, { "(?i-s:A.)", "a\n", false },
		{ "(?U)a+?b", "aab", true }, { "a+?", "aaa", true }, { "a*?b", "aab", true }, { "a??b", "b", true },
		{ "a{2}", "aa", true }, { "a{2,}", "aaaa", true }, { "a{2,}", "a", false }, { "a{1,2}?", "aa", true },
		{ "a{", "a{", true }, { "a{1", "a{1", true }, { "a{x}", "a{x}", true }, { "\\Ba", "a", false },
		{ "\\Aa\\z", "a", true }, { "(?:)", "", true }, { "()", "", true }, { "a||b", "", true },
		{ "(?i)[a-c]+", "aBC", true }, { "(?i)[^a]", "A", false }, { "\\Qab", "ab", true }, { "\\-\\.\\+", "-.+", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (matches(rows[i].pattern, rows[i].text) != rows[i].is)
			fail_msg("%s on %s", rows[i].pattern, rows[i].text);
}

static void refuses_expressions(void **state)
{
	static const char *const wrong[] = { "(", ")", "a)", "[", "[a", "[]", "*", "+a", "?", "a**", "a*+", "a{2}{3}",
		"a{1001}", "a{3,2}", "\\", "\\y", "\\1", "\\p{L}", "\\C", "\\x", "\\x4", "\\x{}", "\\x{110000}", "\\x{41",
		"[b-a]", "[[:nosuch:]]", "(?", "(?z)", "(?=a)", "(?i", "(?i:a", "(?P<a", "(?P<>a)", "(?P<a-b>c)", "(?--i)",
		"[\\y]", "(?P=a)" };

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct regex *regex = NULL;
		struct arena arena;

		arena_init(&arena, 1 << 20);
		if (regex_new(&arena, span_text(wrong[i]), &regex, &why) != KS_MALFORMED)
			fail_msg("%s", wrong[i]);
		assert_null(regex);
		arena_done(&arena);
	}
}

static void expands(void **state)
{
	struct regex *regex = NULL;
	struct arena arena;
	struct text out;

	(void)state;
	arena_init(&arena, 1 << 20);
	text_init(&out, 100);
	assert_int_equal(regex_new(&arena, span_text("(?P<host>[^:]+):(\\d+)?(x)?"), &regex, &why), KS_OK);
	assert_true(regex_groups(regex, span_text("h1:9100")));
	regex_expand(regex, span_text("h1:9100"), span_text("$host/${2}/$3/$$/$nosuch/$"), &out);
	assert_string_equal(text_cstr(&out), "h1/9100//$//$");
	text_done(&out);
	arena_done(&arena);
}

static void numbers(void **state)
{
	static const struct {
		double value;
		const char *word;
	} rows[] = { { 0, "0" }, { -0.0, "-0" }, { 1.5, "1.5" }, { 100, "100" }, { 0.1, "0.1" },
		{ 1e21, "1e+21" }, { 1e20, "100000000000000000000" }, { 1e-7, "1e-07" },
		{ 0.000001, "0.000001" }, { 1.0 / 3, "0.3333333333333333" }, { -12345.6789, "-12345.6789" },
		{ 1e300, "1e+300" }, { 123456789.125, "123456789.125" } };
	double value;
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct text out;

		text_init(&out, 400);
		number_add(&out, rows[i].value);
		assert_string_equal(text_cstr(&out), rows[i].word);
		assert_true(number_parse(text_span(&out), &value));
		assert_true(value == rows[i].value);
		text_done(&out);
	}
	assert_true(duration_parse(span_text("1h30m"), &ms) && ms == 5400000);
	assert_false(duration_parse(span_text("30m1h"), &ms));
	assert_false(duration_parse(span_text("1"), &ms));
	assert_false(duration_parse(span_text("999999999999y"), &ms));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers), cmocka_unit_test(refused), cmocka_unit_test(limits),
		cmocka_unit_test(memory_runs_out),
		cmocka_unit_test(expressions),
		cmocka_unit_test(refuses_expressions), cmocka_unit_test(expands), cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
