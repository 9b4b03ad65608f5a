/* Prometheus' HTTP API over the socket of page_stage.inc: which series core is asked for,
 * names of before read under today's, what is told when it goes wrong. */
#include "harness.h"
#include "base/limits.h"
#include "guard/message.h"
#include "page/api_ask.h"
#include "page_stage.inc"

static const int64_t now_ms = 1790000000000;

/* Core's answer to ASK_LABELS: the time, the highest number, labels. */
static void labels_are(uint32_t ticket, uint32_t highest, const char *const *labels)
{
	uint8_t body[2000];
	size_t n = 0;

	for (unsigned shift = 0; shift < 64; shift += 8)
		body[n++] = (uint8_t)(now_ms >> shift);
	for (unsigned shift = 0; shift < 32; shift += 8)
		body[n++] = (uint8_t)(highest >> shift);
	for (uint32_t i = 0; i < highest && labels[i] != NULL; i++) {
		size_t len = strlen(labels[i]);

		body[n++] = (uint8_t)len;
		body[n++] = (uint8_t)(len >> 8);
		memcpy(body + n, labels[i], len);
		n += len;
	}
	core_says(MESSAGE_LABELS_ARE, ticket, body, (uint16_t)n, 1);
}

static struct sample_row row_of(uint32_t series, int64_t time_ms, double value)
{
	struct sample_row row = { .series = series };

	memcpy(row.time_ms, &time_ms, sizeof time_ms);
	memcpy(row.value, &value, sizeof value);
	return row;
}

static int get(const char *path)
{
	char head[600];

	(void)snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
	return ask(head, NULL, 0);
}

static void expect(int fd, const char *status, const char *part)
{
	const char *answer = heard(fd);

	if (strstr(answer, status) == NULL || strstr(answer, part) == NULL)
		fail_msg("%s", answer);
	(void)close(fd);
}

static void needs_no_samples(void **state)
{
	int fd = get("/api/v1/query?query=1%2B1");

	(void)state;
	assert_int_equal(core.heads[0].kind, MESSAGE_ASK_LABELS); /* what time is it */
	labels_are(core.heads[0].ticket, 0, NULL);
	expect(fd, "200", "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\","
	    "\"result\":[1790000000,\"2\"]}}");
	assert_int_equal(core.n, 1);
}

static void reads_names_of_before(void **state)
{
	static const char *const labels[] = { "__name__\xffkeisoku_humidity\xffsensor\xffups:ambient\xff",
		"__name__\xffkeisoku_humidity_ratio\xffreading\xff" "ambient\xffsensor\xffups\xff",
		"__name__\xffother\xff", NULL };
	int fd = get("/api/v1/query?query=keisoku_humidity_ratio[1h]");

	(void)state;
	labels_are(core.heads[0].ticket, 3, labels);
	assert_int_equal(core.n, 2);
	assert_int_equal(core.heads[1].kind, MESSAGE_ASK_RECENT);
	assert_int_equal(core.heads[1].count, 2); /* both, the older first; not the other */
	const struct sample_row rows[] = { row_of(1, now_ms - 120000, 42), row_of(1, now_ms - 60000, 43),
		row_of(2, now_ms - 30000, 0.44) };

	core_says(MESSAGE_RECENT, core.heads[1].ticket, rows, 3, sizeof rows[0]);
	core_says(MESSAGE_RECENT_END, core.heads[1].ticket, NULL, 0, 0);
	expect(fd, "200", "\"result\":[{\"metric\":{\"__name__\":\"keisoku_humidity_ratio\","
	    "\"reading\":\"ambient\",\"sensor\":\"ups\"},\"values\":[[1789999880,\"0.42\"],"
	    "[1789999940,\"0.43\"],[1789999970,\"0.44\"]]}]");
}

/* What did not fit into one answer is asked for again, from where it ended. */
static void asks_again(void **state)
{
	static const char *const labels[] = { "__name__\xff" "a\xff", NULL };
	static struct sample_row rows[SAMPLES_MOST];
	int fd = get("/api/v1/query?query=count_over_time(a[10h])");
	struct recent_ask again;
	int64_t at = now_ms - 36000000;
	size_t sent = 0;

	(void)state;
	labels_are(core.heads[0].ticket, 1, labels);
	while (sent < RECENT_ROWS) {
		size_t n = RECENT_ROWS - sent < SAMPLES_MOST ? RECENT_ROWS - sent : SAMPLES_MOST;

		for (size_t i = 0; i < n; i++, at += 1000)
			rows[i] = row_of(1, at, 1);
		core_says(MESSAGE_RECENT, core.heads[1].ticket, rows, (uint16_t)n, sizeof rows[0]);
		sent += n;
	}
	core_says(MESSAGE_RECENT_END, core.heads[1].ticket, NULL, 0, 0);
	assert_int_equal(core.n, 3);
	memcpy(&again, core.bodies[2], sizeof again);
	assert_true(again.store == 1 && again.from_ms == at - 999);
	rows[0] = row_of(1, at, 1);
	core_says(MESSAGE_RECENT, core.heads[2].ticket, rows, 1, sizeof rows[0]);
	core_says(MESSAGE_RECENT_END, core.heads[2].ticket, NULL, 0, 0);
	expect(fd, "200", "\"16385\"");
}

static void says_what_is_wrong(void **state)
{
	int fd = get("/api/v1/query?query=(");

	(void)state;
	expect(fd, "400", "\"errorType\":\"bad_data\",\"error\":\"invalid parameter \\\"query\\\"");
	expect(get("/api/v1/query_range?query=up&start=0&end=20000&step=1"), "400", "11,000 points");
	expect(get("/api/v1/query_range?query=up&start=0&end=1&step=0"), "400", "step");
	expect(get("/api/v1/series"), "400", "match[]");
	expect(get("/api/v1/label/a%2Fb/values"), "400", "label name");
	assert_int_equal(core.n, 0);
	fd = get("/api/v1/query?query=vector(1)+%2B+on()+vector(1)&time=5");
	labels_are(core.heads[0].ticket, 0, NULL);
	expect(fd, "200", "\"2\"");
	fd = get("/api/v1/query?query=up");
	page_core(page, false);
	run_a_while();
	expect(fd, "503", "core");
	expect(get("/api/v1/query?query=up"), "503", "\"errorType\":\"unavailable\"");
}

static void ends_in_time(void **state)
{
	static const char *const labels[] = { "__name__\xff" "a\xff", NULL };
	int fd = get("/api/v1/query?query=a&timeout=2s");

	(void)state;
	clock_ms += 1900;
	labels_are(core.heads[0].ticket, 1, labels);
	assert_string_equal(heard(fd), "");
	clock_ms += 200; /* core does not answer */
	page_tick(page);
	run_a_while();
	expect(fd, "503", "\"errorType\":\"timeout\"");
	core_says(MESSAGE_RECENT_END, core.heads[1].ticket, NULL, 0, 0); /* now it does */
}

static void forgets_who_went_away(void **state)
{
	int fd = get("/api/v1/query?query=up");

	(void)state;
	(void)close(fd);
	run_a_while();
	labels_are(core.heads[0].ticket, 0, NULL);
	assert_int_equal(core.n, 1);
	assert_false(page_busy(page));
}

static void takes_a_form(void **state)
{
	static const char body[] = "query=vector(7)&time=2026-08-11T22%3A10%3A00%2B09%3A00&format=csv";
	char head[300];

	(void)state;
	(void)snprintf(head, sizeof head, "POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
	    "%zu\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n", sizeof body - 1);
	int fd = ask(head, body, sizeof body - 1);

	labels_are(core.heads[0].ticket, 0, NULL);
	expect(fd, "200", "time,value\r\n2026-08-11T13:10:00.000Z,7\r\n");
}

static void limits_how_many(void **state)
{
	int fds[LIMIT_QUERIES];

	(void)state;
	for (int i = 0; i < LIMIT_QUERIES; i++)
		fds[i] = get("/api/v1/query?query=up");
	expect(get("/api/v1/query?query=up"), "503", "too many queries");
	assert_int_equal(page_full(page), 1);
	labels_are(core.heads[0].ticket, 0, NULL);
	for (uint32_t i = 1; i < core.n; i++)
		labels_are(core.heads[i].ticket, 0, NULL);
	for (int i = 0; i < LIMIT_QUERIES; i++)
		expect(fds[i], "200", "\"result\":[]");
}

static void reads_times(void **state)
{
	static const struct {
		const char *word;
		int64_t ms;
	} good[] = { { "0", 0 }, { "1790000000.25", 1790000000250 }, { "-1.5", -1500 },
		{ "2026-08-11T22:10:00Z", 1786486200000 }, { "2026-08-11T22:10:00.5+09:00", 1786453800500 },
		{ "2024-02-29T00:00:00.001Z", 1709164800001 } };
	static const char *const bad[] = { "", "x", "NaN", "Inf", "1e300", "2026-08-11", "2026-13-01T00:00:00Z",
		"2026-02-29T00:00:00Z", "2026-08-11T22:10:00", "2026-08-11T22:10:00+9", "2026-08-11T22:10:00Zx" };
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(moment_parse(span_text(good[i].word), &ms));
		assert_int_equal(ms, good[i].ms);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(moment_parse(span_text(bad[i]), &ms));
	assert_true(stretch_parse(span_text("1h30m"), &ms) && ms == 5400000);
	assert_true(stretch_parse(span_text("7.5"), &ms) && ms == 7500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(needs_no_samples, start, stop),
		cmocka_unit_test_setup_teardown(reads_names_of_before, start, stop),
		cmocka_unit_test_setup_teardown(asks_again, start, stop),
		cmocka_unit_test_setup_teardown(says_what_is_wrong, start, stop),
		cmocka_unit_test_setup_teardown(ends_in_time, start, stop),
		cmocka_unit_test_setup_teardown(forgets_who_went_away, start, stop),
		cmocka_unit_test_setup_teardown(takes_a_form, start, stop),
		cmocka_unit_test_setup_teardown(limits_how_many, start, stop),
		cmocka_unit_test(reads_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
