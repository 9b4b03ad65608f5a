/* test/unit/test_alerts.c - alerts in both shapes, acts, instants. */
#include "harness.h"
#include "page/alerts.h"
#include "page/wish.h"
#include "site/measure.h"

static struct alert list[ALERTS_ROOM];

static size_t read_good(const char *text)
{
	size_t n = 0;

	assert_int_equal(alerts_read(span_text(text), list, &n, NULL), KS_OK);
	return n;
}

static void both_shapes(void **state)
{
	(void)state;
	assert_int_equal(read_good("[{\"labels\":{\"alertname\":\"A\",\"instance\":\"h1:9100\",\"severity\":\"page\"},"
	    "\"startsAt\":\"2026-01-01T00:00:01.5Z\",\"endsAt\":\"2026-01-01T09:00:02+09:00\"}]"), 1);
	assert_string_equal(list[0].name, "A");
	assert_string_equal(list[0].subject, "h1:9100");
	assert_int_equal(list[0].severity, SEVERITY_CRITICAL);
	assert_int_equal(list[0].starts_ms, 1767225601500LL);
	assert_int_equal(list[0].ends_ms, 1767225602000LL);
	assert_int_equal(read_good("{\"version\":\"4\",\"alerts\":[{\"status\":\"resolved\",\"labels\":"
	    "{\"alertname\":\"B\\u0007c\",\"host\":\"x\",\"instance\":\"y\",\"severity\":\"info\"},"
	    "\"endsAt\":\"0001-01-01T00:00:00Z\"},{\"status\":\"firing\"}]}"), 2);
	assert_string_equal(list[0].name, "B c");
	assert_string_equal(list[0].subject, "x");
	assert_int_equal(list[0].severity, SEVERITY_OK);
	assert_int_equal(list[0].starts_ms, 0);
	assert_int_equal(list[0].ends_ms, 1);
	assert_string_equal(list[1].name, "alert");
	assert_string_equal(list[1].subject, "");
	assert_int_equal(list[1].severity, SEVERITY_WARNING);
	assert_int_equal(list[1].ends_ms, 0);
	assert_int_equal(read_good("[]"), 0);
}

static void what_is_none(void **state)
{
	static const char *const wrong[] = { "", "{", "7", "{}", "{\"alerts\":3}", "\"a\"" };
	static char many[ALERTS_ROOM * 3 + 16];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(alerts_read(span_text(wrong[i]), list, &n, NULL), KS_MALFORMED);
	many[0] = '[';
	for (size_t i = 0; i <= ALERTS_ROOM; i++)
		memcpy(many + 1 + i * 2, i > 0 ? ",7" : " 7", 2);
	many[1 + (ALERTS_ROOM + 1) * 2] = ']';
	assert_int_equal(alerts_read(span_text(many), list, &n, NULL), KS_FULL);
}

/* A long word is cut between two characters. */
static void long_words(void **state)
{
	char text[400] = "[{\"labels\":{\"alertname\":\"", word[200] = "";

	(void)state;
	for (int i = 0; i < 30; i++)
		memcpy(word + 3 * i, "\xe6\xb8\xac", 4);
	(void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s\"}}]", word);
	assert_int_equal(read_good(text), 1);
	assert_int_equal(strlen(list[0].name), 39);
	assert_memory_equal(list[0].name, word, 39);
}

static void instants(void **state)
{
	static const char *const wrong[] = { "", "2026-01-01", "2026-13-01T00:00:00Z",
		"2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00Zx",
		"2026-01-01T00:00:00+9:00", "2026-01-01T00:00:00+09:60", "2026-01-00T00:00:00Z" };
	int64_t ms = 0;

	(void)state;
	assert_true(alert_instant(span_text("2026-01-01t00:00:00.1239z"), &ms));
	assert_int_equal(ms, 1767225600123LL);
	assert_true(alert_instant(span_text("2025-12-31T19:00:00-05:00"), &ms));
	assert_int_equal(ms, 1767225600000LL);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(alert_instant(span_text(wrong[i]), &ms));
}

static void wishes(void **state)
{
	static const char *const wrong[] = { "", "[]", "{\"act\":\"off\"}", "{\"act\":7}",
		"{\"act\":\"end\",\"who\":7}", "{\"act\":\"end\",\"who\":\"a\\u0000b\"}",
		"{\"act\":\"end\",\"act\":\"end\"}",
		"{\"act\":\"end\",\"subject\":\"0123456789012345678901234567890123456789012345678901234567890123\"}" };
	struct wish wish;

	(void)state;
	assert_int_equal(wish_read(span_text("{\"act\":\"silence\",\"number\":12,\"for_ms\":60000,"
	    "\"who\":\"mio\",\"reason\":\"fan\"}"), &wish, NULL), KS_OK);
	assert_int_equal(wish.what, WISH_SILENCE);
	assert_int_equal(wish.number, 12);
	assert_int_equal(wish.for_ms, 60000);
	assert_string_equal(wish.who, "mio");
	assert_int_equal(wish_read(span_text("{\"act\":\"end\",\"number\":-1}"), &wish, NULL), KS_OK);
	assert_int_equal(wish.number, 0);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(wish_read(span_text(wrong[i]), &wish, NULL), KS_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(both_shapes), cmocka_unit_test(what_is_none),
		cmocka_unit_test(long_words), cmocka_unit_test(instants), cmocka_unit_test(wishes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
