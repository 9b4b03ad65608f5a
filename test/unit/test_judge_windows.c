/* test/unit/test_judge_windows.c - maintenance windows, calendars by the hour, and what a
 * reload of the site file carries over. */
#include "harness.h"
#include "base/zone.h"
#include "court.h"
#include "judge/state.h"
#include "site/read.h"
#include <stdio.h>

#define ROOMS "site s tz=Asia/Tokyo\nroom r1\nroom r2\nrack k1 room=r1\nrack k2\n"         \
	"feed f\nups u from=f\npdu p from=u\npdu q from=u\nfeed g\npdu o from=g\n"          \
	"service web tier=1 value=1\nservice db tier=1 value=1\n"                          \
	"cooling ac room=r2\ndevice core address=c every=10s\n"                            \
	"device sw address=d behind=core every=10s\n"                                      \
	"host h rack=k1 u=1 cords=p,q behind=sw svc=web address=a every=10s\n"             \
	"host i rack=k2 cords=p,o address=b every=10s\nhost j address=e every=10s\n"       \
	"sensor t via=w1 address=a at=k1.3 kind=temperature read=a every=10s\n"            \
	"sensor v via=w1 address=b at=r2 kind=temperature read=a every=10s\n"              \
	"sensor n via=snmp address=c on=u kind=power read=1 every=10s\n"                   \
	"sensor m via=ipmi address=d on=i kind=power read=1 every=10s\n"                   \
	"sensor w via=w1 address=e kind=voltage read=1 every=10s\n"

#define ALL_DAY " from=2026-10-26T00:00Z to=2026-10-27T00:00Z\n"

static void announce(struct court *court)
{
	static const char *const hosts[] = { "h", "i", "j" };
	static const char *const sensors[] = { "t", "v", "n", "m", "w" };
	static const enum measure kinds[] = { MEASURE_TEMPERATURE, MEASURE_TEMPERATURE,
		MEASURE_POWER, MEASURE_POWER, MEASURE_VOLTAGE };

	for (uint32_t i = 0; i < 3; i++)
		court_series(court, 1 + i, hosts[i], MEASURE_REACH);
	for (uint32_t i = 0; i < 5; i++)
		court_series(court, 11 + i, sensors[i], kinds[i]);
	court_series(court, 5, "core", MEASURE_REACH);
	court_series(court, 6, "sw", MEASURE_REACH);
}

static void round_of(struct court *court, bool up)
{
	for (uint32_t i = 1; i <= 6; i++)
		if (i != 4)
			court_say(court, i, up || i == 5 || i == 6 ? 1000 : 0);
	for (uint32_t i = 11; i <= 15; i++)
		if (up)
			court_say(court, i, 24000);
		else
			court_bad(court, i, QUALITY_ABSENT, DOUBT_EMPTY);
	court_tick(court);
}

/* The subjects of which nobody is told, in the order h i j t v n m w. */
static const char *silenced_by(const char *what)
{
	static const char names[] = "hijtvnmw";
	static char found[16];
	char site[4096];
	size_t n = 0;

	(void)snprintf(site, sizeof site, "%smaintenance x %s%s" ALL_DAY, ROOMS,
	    what[0] != '\0' ? "what=" : "", what);
	struct court *court = court_new(site);

	announce(court);
	for (int i = 0; i < 4; i++)
		round_of(court, true);
	for (int i = 0; i < 6; i++)
		round_of(court, false);
	for (const char *name = names; *name != '\0'; name++)
		for (size_t i = 0; i < court->records; i++) {
			const struct finding *record = &court->record[i];

			if (record->subject[0] == *name && record->subject[1] == '\0' &&
			    (record->code == FINDING_HOST_DOWN || record->code == FINDING_ABSENT) &&
			    record->silenced)
				found[n++] = *name;
		}
	found[n] = '\0';
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), 3);
	assert_int_equal(court_open(court, FINDING_ABSENT), 5);
	court_free(court);
	return found;
}

static void a_window_silences_what_is_in_on_and_behind_it(void **state)
{
	(void)state;
	static const char *const rows[][2] = { { "", "hijtvnmw" }, { "r1", "ht" }, { "r2", "v" },
		{ "k1", "ht" }, { "k2", "i" }, { "sw", "h" }, { "core", "h" }, { "web", "h" },
		{ "db", "" }, { "p", "" }, { "u", "hn" }, { "f", "h" }, { "g", "" }, { "h", "h" },
		{ "i", "im" }, { "j", "j" }, { "t", "t" }, { "w", "w" } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(silenced_by(rows[i][0]), rows[i][1]) != 0)
			fail_msg("maintenance of '%s' silences '%s', not '%s'", rows[i][0],
			    silenced_by(rows[i][0]), rows[i][1]);
}

static void a_window_ends_and_the_rest_is_told(void **state)
{
	(void)state;
	struct court *court = court_new(ROOMS
	    "maintenance x what=j from=2026-10-26T00:00Z to=2026-10-26T00:05Z\n");

	announce(court);
	for (int i = 0; i < 4; i++)
		round_of(court, true);
	for (int i = 0; i < 6; i++)
		court_say(court, 3, 0), court_tick(court);
	assert_true(court_last(court, FINDING_HOST_DOWN)->silenced);
	court->now = COURT_START + 5 * MIN - 20 * SEC;
	for (int i = 0; i < 2; i++) {
		court_say(court, 3, 0);
		assert_true(court_last(court, FINDING_HOST_DOWN)->silenced);
		court_tick(court);
	}
	court_tick(court);
	assert_false(court_last(court, FINDING_HOST_DOWN)->silenced);
	assert_int_equal(court_count(court, FINDING_HOST_DOWN), 1);
	court_free(court);
}

static void a_reboot_in_a_window_is_not_told_after_it(void **state)
{
	(void)state;
	struct court *court = court_new(ROOMS
	    "maintenance x what=j from=2026-10-26T00:00Z to=2026-10-26T00:05Z\n");

	court_series_as(court, 1, "j", MEASURE_UPTIME, "j.up");
	court_say(court, 1, 9000000);
	court_tick(court);
	court_say(court, 1, 1000);
	for (int i = 0; i < 60; i++)
		court_tick(court);
	assert_true(court_last(court, FINDING_REBOOT)->silenced);
	court_free(court);
}

/* RFC 8536, version 2: one type and a footer that says it all. */
static struct zone *zone_made(const char *footer, uint8_t hours)
{
	uint8_t bytes[200] = { 0 }, *at = bytes;
	struct zone *zone = NULL;

	for (int i = 0; i < 2; i++) {
		memcpy(at, "TZif2", 5);
		at[39] = 1; /* types */
		at[43] = 4; /* letters */
		uint32_t offset = hours * 3600U;

		for (int j = 0; j < 4; j++)
			at[44 + j] = (uint8_t)(offset >> (24 - 8 * j));
		memcpy(at + 50, "XST", 4);
		at += 54;
	}
	int n = snprintf((char *)at, 32, "\n%s\n", footer);
	assert_int_equal(zone_new(span_of(bytes, (size_t)(at - bytes) + (size_t)n), &zone, NULL), KS_OK);
	return zone;
}

static void a_calendar_goes_by_its_own_zone(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=Asia/Tokyo\nroom r1\n"
		"calendar day hours=\"Mon-Fri 08:00-20:00\"\n"
		"calendar ist hours=\"Mon-Fri 08:00-20:00\" tz=Asia/Kolkata\n"
		"cooling ac room=r1 on-when=day\ncooling b room=r1 on-when=ist\ncooling c room=r1\n"
		"cooling e on-when=day\n");
	struct zone *tokyo = zone_made("JST-9", 9), *wrong = zone_made("XST-3", 3);

	judge_zone(court->judge, "Asia/Tokyo", wrong);
	judge_zone(court->judge, "Europe/Oslo", wrong);
	judge_zone(court->judge, "Asia/Tokyo", tokyo); /* the last one counts */
	court_tick(court); /* Monday 09:00 in Tokyo; nobody lent India: 00:00 as in UTC */
	assert_int_equal(court_open(court, FINDING_AC_CALENDAR), 1);
	assert_string_equal(court_last(court, FINDING_AC_CALENDAR)->subject, "b");
	assert_int_equal(court_last(court, FINDING_AC_CALENDAR)->since_ms, COURT_START - 52LL * HR);
	court->now = COURT_START + 11LL * HR - 20 * SEC;
	court_tick(court); /* 19:59:50 in Tokyo */
	assert_int_equal(court_open(court, FINDING_AC_CALENDAR), 0);
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_AC_CALENDAR), 1);
	assert_string_equal(court_last(court, FINDING_AC_CALENDAR)->subject, "ac");
	assert_string_equal(court_last(court, FINDING_AC_CALENDAR)->word, "day");
	assert_in_range(court_last(court, FINDING_AC_CALENDAR)->since_ms, court->now - MIN, court->now);
	court_free(court);
	zone_free(tokyo);
	zone_free(wrong);
}

static void a_calendar_that_is_never_on_is_looked_back_at_for_a_fortnight(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1\n"
		"calendar never off=2026-01-01..2026-12-31\ncooling ac room=r1 on-when=never\n");

	court_tick(court);
	assert_int_equal(court_last(court, FINDING_AC_CALENDAR)->since_ms, COURT_START - 14LL * 24 * HR);
	court_free(court);
}

static void windows_by_calendar(void **state)
{
	(void)state;
	struct court *court = court_new(ROOMS "calendar night hours=\"Mon 08:30-09:30\"\n"
		"maintenance x what=j when=night\n");
	struct zone *tokyo = zone_made("JST-9", 9);

	judge_zone(court->judge, "Asia/Tokyo", tokyo);
	court_series(court, 1, "j", MEASURE_REACH);
	for (int i = 0; i < 200; i++) {
		court_say(court, 1, 0);
		court_tick(court);
		if (i == 10 || i == 178)
			assert_true(court_last(court, FINDING_HOST_DOWN)->silenced);
	}
	assert_false(court_last(court, FINDING_HOST_DOWN)->silenced);
	court_free(court);
	zone_free(tokyo);
}

static void more_zones_than_there_is_room_for_is_said(void **state)
{
	(void)state;
	struct court *court = court_new(ROOMS);
	char tz[16];

	for (int i = 0; i < LIMIT_ZONES; i++) {
		(void)snprintf(tz, sizeof tz, "Z%d", i);
		judge_zone(court->judge, tz, NULL);
	}
	court_tick(court);
	assert_int_equal(court_count(court, FINDING_LIMIT_HIT), 0);
	judge_zone(court->judge, "Z64", NULL);
	court_tick(court);
	assert_int_equal(court_count(court, FINDING_LIMIT_HIT), 1);
	court_free(court);
}

/* A new judge, over another site or the same one. */
static void reload(struct court *court, const char *text)
{
	static struct site_errors errors;
	struct site *site = NULL, *old = court->site;
	struct judge *fresh = NULL;

	assert_int_equal(site_read(span_text(text), &site, &errors), KS_OK);
	assert_int_equal(judge_new(site, &fresh, NULL), KS_OK);
	judge_inherit(fresh, court->judge);
	judge_free(court->judge);
	site_free(old);
	court->judge = fresh;
	court->site = site;
}

static void a_reload_knows_its_hosts_and_their_causes(void **state)
{
	(void)state;
	struct court *court = court_new(ROOMS);
	struct finding self = { .code = FINDING_UNCONFINED, .severity = SEVERITY_WARNING,
		.subject = "poller", .since_ms = court->now, .subject_kind = SUBJECT_ROLE };

	announce(court);
	judge_self(court->judge, &self);
	for (int i = 0; i < 4; i++)
		round_of(court, true);
	for (int i = 0; i < 8; i++) {
		court_say(court, 6, 0);
		court_say(court, 5, 1000);
		court_say(court, 1, 0);
		court_say(court, 3, 0);
		for (uint32_t s = 11; s <= 15; s++)
			court_say(court, s, 24000 + i * 10);
		court_say(court, 2, 1000);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_SWITCH_DOWN), 1);
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), 2);
	size_t records = court->records, changes = court->changes;

	/* another order, a host less and a room more; a device renamed */
	reload(court, "site s tz=UTC\nroom r0\nroom r2\nroom r1\nrack k1 room=r1\n"
		"host zero address=z every=10s\nhost j address=e every=10s\n"
		"device new address=n every=10s\ndevice sw address=d every=10s\n"
		"host h rack=k1 u=1 behind=sw address=a every=10s\n"
		"sensor t via=w1 address=a at=k1.3 kind=temperature read=a every=10s\n");
	court_series(court, 101, "t", MEASURE_TEMPERATURE);
	court_series(court, 102, "j", MEASURE_REACH);
	court_series(court, 103, "h", MEASURE_REACH);
	court_series(court, 104, "sw", MEASURE_REACH);
	for (int i = 0; i < 6; i++) {
		court_say(court, 101, 24000);
		court_say(court, 102, 0);
		court_say(court, 103, 0);
		court_say(court, 104, 0);
		court_tick(court);
	}
	assert_int_equal(court->records, records);
	assert_int_equal(court->changes, changes);
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), 2);
	for (int i = 0; i < 20; i++)
		court_tick(court);
	assert_int_equal(court_open(court, FINDING_UNCONFINED), 1); /* lasts until it is ended */
	court_free(court);
}

static void what_a_reload_took_away_ends(void **state)
{
	(void)state;
	struct court *court = court_new(ROOMS);

	announce(court);
	for (int i = 0; i < 4; i++)
		round_of(court, true);
	for (int i = 0; i < 6; i++)
		round_of(court, false);
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), 3);
	reload(court, "site s tz=UTC\nroom r1\nhost h address=a every=10s\n"
		"maintenance m what=r1 from=2026-10-26T00:00Z to=2026-10-27T00:00Z\n");
	court_series(court, 1, "h", MEASURE_REACH);
	for (int i = 0; i < 14; i++) {
		assert_int_equal(court_open(court, FINDING_HOST_DOWN), i < 1 ? 3 : 1);
		court_say(court, 1, 0);
		court_tick(court);
	}
	court_free(court);
}

static void series_known_before_the_reload_is_told_are_found(void **state)
{
	(void)state;
	struct court *court = court_new(ROOMS);
	struct judge *fresh = NULL;

	announce(court);
	for (int i = 0; i < 200; i++)
		round_of(court, true);
	assert_int_equal(judge_new(court->site, &fresh, NULL), KS_OK);
	judge_free(court->judge);
	struct judge *old = NULL;

	assert_int_equal(judge_new(court->site, &old, NULL), KS_OK);
	court->judge = old;
	judge_tick(court->judge, court->now);
	announce(court);
	for (int i = 0; i < 30; i++)
		round_of(court, true);
	court->judge = fresh;
	judge_tick(court->judge, court->now);
	announce(court);
	court_say(court, 11, 24000); /* one has spoken already */
	judge_inherit(fresh, old);
	judge_free(old);
	/* v remembers 24 C: 60 C alone is a jump */
	court_say(court, 12, 60000);
	assert_int_equal(court->doubt, DOUBT_JUMP);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_silences_what_is_in_on_and_behind_it),
		cmocka_unit_test(a_window_ends_and_the_rest_is_told),
		cmocka_unit_test(a_reboot_in_a_window_is_not_told_after_it),
		cmocka_unit_test(a_calendar_goes_by_its_own_zone),
		cmocka_unit_test(a_calendar_that_is_never_on_is_looked_back_at_for_a_fortnight),
		cmocka_unit_test(windows_by_calendar),
		cmocka_unit_test(more_zones_than_there_is_room_for_is_said),
		cmocka_unit_test(a_reload_knows_its_hosts_and_their_causes),
		cmocka_unit_test(what_a_reload_took_away_ends),
		cmocka_unit_test(series_known_before_the_reload_is_told_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
