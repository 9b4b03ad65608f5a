/* test/unit/test_judge_story.c - the first story: the building's cooling does not start
 * on a holiday Monday; the room passes 30 and 35 C; hosts vanish.  One incident, and
 * the forecast is said before the crossing. */
#include "harness.h"
#include "court.h"
#include <math.h>
#include <stdio.h>

enum { HOSTS = 12, STEP = 10 * SEC };
#define FRIDAY 1795132800000LL /* 2026-11-20 00:00 UTC */

static struct court *office(void)
{
	static char site[4096];
	int n = snprintf(site, sizeof site,
	    "site office tz=UTC\nroom server volume=40m3 heat=3.5kW\nrack r1 room=server\n"
	    "calendar building hours=\"Mon-Fri 08:00-20:00, Sat-Sun 00:00-24:00\" holidays=JP\n"
	    "cooling ac1 room=server on-when=building\n"
	    "sensor door via=w1 address=x at=server kind=temperature read=a every=10s\n"
	    "sensor shelf via=w1 address=y at=server kind=temperature read=a every=10s\n");

	for (int i = 0; i < HOSTS; i++)
		n += snprintf(site + n, sizeof site - (size_t)n,
		    "host h%02d rack=r1 u=%d address=192.0.2.%d every=30s\n", i, i + 1, i + 1);
	struct court *court = court_new(site);

	court_series(court, 1, "door", MEASURE_TEMPERATURE);
	court_series(court, 2, "shelf", MEASURE_TEMPERATURE);
	for (uint32_t i = 0; i < HOSTS; i++) {
		char id[8];

		(void)snprintf(id, sizeof id, "h%02u", (unsigned)i);
		court_series(court, 10 + i, id, MEASURE_REACH);
	}
	return court;
}

/* Two lumps: 0.35 K/min at first, a tenth of it in the end. */
static int64_t temperature(double minutes)
{
	double s = minutes > 0 ? minutes : 0;

	return 23000 + (int64_t)(300 * (0.9 * 25 * (1 - exp(-s / 25)) + 0.1 * s));
}

static void round_of(struct court *court, int64_t temp, int64_t hottest, int i)
{
	court_say(court, 1, temp / 100 * 100 + (i % 3 - 1) * 100);
	court_say(court, 2, (temp + 400) / 500 * 500);
	for (uint32_t h = 0; i % 3 == 0 && h < HOSTS; h++)
		court_say(court, 10 + h, hottest > 37000 + (int64_t)h * 150 ? 0 : 1000);
	court_tick(court);
}

static void a_holiday_monday(void **state)
{
	(void)state;
	struct court *court = office();
	int64_t failed = 0, forecast_at = 0, forecast_for = 0, passed = 0;

	court->now = FRIDAY + 2 * 24 * (int64_t)HR + 12 * (int64_t)HR; /* Sunday noon */
	for (int i = 0; i < 12 * 360; i++)
		round_of(court, 23000 + (int64_t)(200 * sin(i / 60.0)), 23000, i);
	assert_int_equal(court_roots(court), 0);
	failed = court->now; /* Monday 2026-11-23, Labor Thanksgiving Day */
	for (int i = 0; i < 8 * 360; i++) {
		int64_t temp = temperature((double)(court->now - failed) / MIN);

		passed = passed == 0 && temp > 35000 ? court->now : passed;
		round_of(court, temp, temp, i);
		const struct finding *head = court_last(court, FINDING_HEADING);

		if (forecast_at == 0 && head != NULL && head->next.limit_milli == 35000) {
			forecast_at = court->now;
			forecast_for = head->next.at_ms + head->next.mid_s * 1000LL;
		}
	}
	/* said long before, and not far off */
	assert_true(forecast_at > 0 && forecast_at < passed - 30 * MIN);
	assert_true((double)(forecast_for - forecast_at) / (double)(passed - forecast_at) > 0.5);
	assert_true((double)(forecast_for - forecast_at) / (double)(passed - forecast_at) < 2.0);
	printf("# 35 C passed %lld min after the failure; said %lld min before, for %lld min ahead\n",
	    (long long)((passed - failed) / MIN), (long long)((passed - forecast_at) / MIN),
	    (long long)((forecast_for - forecast_at) / MIN));
	/* one incident: everything hangs below the calendar */
	assert_int_equal(court_open(court, FINDING_AC_CALENDAR), 1);
	assert_int_equal(court_roots(court), 0);
	assert_int_equal(court_count(court, FINDING_HOT), 1);
	assert_int_equal(court_count(court, FINDING_HOSTS_LOST), 1);
	assert_int_equal(court_last(court, FINDING_HOSTS_LOST)->count, HOSTS);
	assert_int_equal(court_last(court, FINDING_HOT)->severity, SEVERITY_CRITICAL);
	assert_int_equal(court_last(court, FINDING_AC_CALENDAR)->since_ms, failed);
	assert_int_equal(court->disorder, 0);
	struct verdict verdict;

	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.severity, SEVERITY_CRITICAL);
	assert_int_equal(verdict.worst.code, FINDING_AC_CALENDAR);
	assert_int_equal(verdict.now.code, FINDING_HOT);
	assert_int_equal(verdict.more, 0);
	assert_int_equal(verdict.todo[0], TODO_CALL_BUILDING);
	assert_int_equal(verdict.todo[1], TODO_OPEN_DOORS);
	assert_int_equal(verdict.todo[2], TODO_SHUT_DOWN_ORDERLY);
	assert_int_equal(verdict.hosts_down, HOSTS);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_holiday_monday) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
