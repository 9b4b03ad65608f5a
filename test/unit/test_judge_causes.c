/* test/unit/test_judge_causes.c - which finding explains which, one rule at a time. */
#include "harness.h"
#include "court.h"
#include "judge/state.h"
#include <stdio.h>

/* Everything of a site answers, and all thermometers say 24 C, until told otherwise. */
struct crew {
	struct court *court;
	bool down[40], lost[40], mute[40];	/* hosts, devices, sensors, by their place in the file */
	int64_t say[40];
};

static struct crew crew_new(const char *text)
{
	struct crew crew = { .court = court_new(text) };
	const struct site *site = crew.court->site;

	for (uint32_t i = 0; i < site->hosts_n; i++)
		court_series(crew.court, 100 + i, site->hosts[i].id, MEASURE_REACH);
	for (uint32_t i = 0; i < site->devices_n; i++)
		court_series(crew.court, 200 + i, site->devices[i].id, MEASURE_REACH);
	for (uint32_t i = 0; i < site->sensors_n; i++) {
		court_series(crew.court, 300 + i, site->sensors[i].id, site->sensors[i].kind);
		crew.say[i] = 24000;
	}
	return crew;
}

static void crew_round(struct crew *crew)
{
	const struct site *site = crew->court->site;

	for (uint32_t i = 0; i < site->hosts_n; i++)
		court_say(crew->court, 100 + i, crew->down[i] ? 0 : 1000);
	for (uint32_t i = 0; i < site->devices_n; i++)
		court_say(crew->court, 200 + i, crew->lost[i] ? 0 : 1000);
	for (uint32_t i = 0; i < site->sensors_n; i++)
		if (crew->mute[i])
			court_bad(crew->court, 300 + i, QUALITY_ABSENT, DOUBT_SILENT);
		else
			court_say(crew->court, 300 + i, crew->say[i]);
	court_tick(crew->court);
}

static void rounds(struct crew *crew, int n)
{
	for (int i = 0; i < n; i++)
		crew_round(crew);
}

static void crew_end(struct crew *crew)
{
	assert_int_equal(crew->court->disorder, 0);
	court_free(crew->court);
}

static const struct finding *of(const struct crew *crew, enum finding_code code, const char *subject)
{
	for (size_t i = crew->court->records; i-- > 0;)
		if (crew->court->record[i].code == code &&
		    strcmp(crew->court->record[i].subject, subject) == 0)
			return &crew->court->record[i];
	fail_msg("no %s of %s", finding_id(code), subject);
	return NULL;
}

#define CAUSED(crew, code, subject, cause_code, cause_subject)                             \
	assert_int_equal(of(crew, code, subject)->cause, of(crew, cause_code, cause_subject)->id)

static void a_long_chain_of_switches_has_one_root(void **state)
{
	(void)state;
	char site[4096] = "site s tz=UTC\ndevice d00 address=a every=10s\n";
	size_t n = strlen(site);

	for (int i = 1; i < 14; i++)
		n += (size_t)snprintf(site + n, sizeof site - n,
		    "device d%02d address=a behind=d%02d every=10s\n", i, i - 1);
	(void)snprintf(site + n, sizeof site - n, "host h address=a behind=d13 every=10s\n");
	struct crew crew = crew_new(site);
	struct verdict verdict;

	rounds(&crew, 3);
	for (int i = 0; i < 14; i++)
		crew.lost[i] = true;
	crew.down[0] = true;
	rounds(&crew, 8);
	assert_int_equal(court_open(crew.court, FINDING_SWITCH_DOWN), 14);
	assert_int_equal(court_roots(crew.court), 1);
	CAUSED(&crew, FINDING_SWITCH_DOWN, "d13", FINDING_SWITCH_DOWN, "d12");
	CAUSED(&crew, FINDING_HOST_DOWN, "h", FINDING_SWITCH_DOWN, "d13");
	judge_verdict(crew.court->judge, crew.court->now, &verdict);
	assert_string_equal(verdict.worst.subject, "d00");
	assert_int_equal(verdict.more, 0);
	crew_end(&crew);
}

static void causes_are_found_before_they_have_numbers(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\ndevice d address=a every=10s\n"
		"host h address=b behind=d every=10s\nhost i address=c behind=d every=10s\n");
	const struct finding *found = NULL;

	court_series(court, 1, "d", MEASURE_REACH);
	court_series(court, 2, "h", MEASURE_REACH);
	court_series(court, 3, "i", MEASURE_REACH);
	for (int i = 0; i < 8; i++) {
		for (uint32_t j = 1; j <= 3; j++)
			court_say(court, j, 0);
		court->now += 10 * SEC;
		judge_tick(court->judge, court->now); /* nobody fetches */
	}
	assert_int_equal(judge_changes(court->judge, &found), 4);
	assert_int_equal(found[0].code, FINDING_SWITCH_DOWN);
	assert_int_equal(found[1].code, FINDING_HOSTS_LOST);
	judge_name(court->judge, 0, 7);
	assert_int_equal(found[1].cause, 7);
	judge_name(court->judge, 1, 8);
	assert_int_equal(found[2].cause, 8);
	assert_int_equal(judge_open(court->judge, &found), 4);
	assert_int_equal(found[3].cause, 8);
	court_free(court);
}

static void a_device_alone_is_a_host_and_may_die_of_heat(void **state)
{
	(void)state;
	struct crew crew = crew_new("site s tz=UTC\nroom r1\nrack k room=r1\n"
		"device gw address=a room=r1 every=10s\ndevice lone address=b every=10s\n"
		"device kvm address=c rack=k every=10s\n"
		"sensor t via=w1 address=a at=r1 kind=temperature read=a every=10s\n");

	rounds(&crew, 30);
	for (int i = 0; i < 60; i++) {
		crew.say[0] += 150;
		crew.lost[0] = crew.lost[1] = crew.lost[2] = i > 50;
		rounds(&crew, 1);
	}
	assert_int_equal(court_open(crew.court, FINDING_SWITCH_DOWN), 0);
	CAUSED(&crew, FINDING_HOST_DOWN, "gw", FINDING_HOT, "r1");
	assert_string_equal(of(&crew, FINDING_HOST_DOWN, "gw")->place, "r1");
	assert_string_equal(of(&crew, FINDING_HOST_DOWN, "kvm")->place, "k");
	assert_string_equal(of(&crew, FINDING_HOST_DOWN, "lone")->place, "");
	assert_int_equal(of(&crew, FINDING_HOST_DOWN, "lone")->cause, 0);
	assert_int_equal(of(&crew, FINDING_HOST_DOWN, "lone")->severity, SEVERITY_WARNING);
	crew.lost[0] = false;
	rounds(&crew, 2);
	assert_int_not_equal(of(&crew, FINDING_HOST_DOWN, "gw")->ended_ms, 0);
	crew_end(&crew);
}

#define FED "site s tz=UTC\nroom r1\nrack ka room=r1\nrack kb room=r1\nfeed f\n"             \
	"ups ua from=f\nups ub from=f\npdu pa from=ua\npdu pb from=ub\npdu pc from=ua\n"    \
	"host a1 cords=pa address=a every=10s\nhost a2 cords=pa address=b every=10s\n"       \
	"host two cords=pa,pb address=c every=10s\nhost a3 cords=pa,pc address=d every=10s\n" \
	"sensor ma via=snmp address=a on=pa kind=power read=1 every=10s\n"                   \
	"sensor mb via=snmp address=b on=pa kind=load read=1 every=10s\n"                    \
	"sensor mc via=snmp address=c on=pb kind=power read=1 every=10s\n"                   \
	"sensor md via=snmp address=d on=pc kind=power read=1 every=10s\n"

static void hosts_of_one_pdu_are_one_incident(void **state)
{
	(void)state;
	struct crew crew = crew_new(FED);

	rounds(&crew, 4);
	crew.down[0] = crew.down[1] = true;
	rounds(&crew, 6);
	assert_string_equal(court_last(crew.court, FINDING_HOSTS_LOST)->subject, "pa");
	assert_int_equal(court_last(crew.court, FINDING_HOSTS_LOST)->count, 2);
	crew.down[3] = true; /* its cords share what is above: wider */
	rounds(&crew, 6);
	assert_int_equal(court_count(crew.court, FINDING_HOSTS_LOST), 1);
	assert_string_equal(court_last(crew.court, FINDING_HOSTS_LOST)->subject, "ua");
	assert_int_equal(court_last(crew.court, FINDING_HOSTS_LOST)->count, 3);
	crew.down[3] = false; /* fewer: still the same incident */
	rounds(&crew, 2);
	assert_int_equal(court_count(crew.court, FINDING_HOSTS_LOST), 1);
	assert_int_equal(court_last(crew.court, FINDING_HOSTS_LOST)->count, 2);
	crew.down[3] = true;
	rounds(&crew, 6);
	crew.down[2] = true; /* fed by both sides: what they share */
	rounds(&crew, 6);
	assert_string_equal(court_last(crew.court, FINDING_HOSTS_LOST)->subject, "f");
	assert_int_equal(court_last(crew.court, FINDING_HOSTS_LOST)->count, 4);
	crew_end(&crew);
}

static void power_is_dead_when_all_that_measures_it_is_silent(void **state)
{
	(void)state;
	struct crew crew = crew_new(FED);

	rounds(&crew, 4);
	crew.down[0] = crew.down[1] = crew.down[2] = true;
	crew.mute[0] = true; /* one of two that measure pa: not dead */
	rounds(&crew, 6);
	assert_int_equal(of(&crew, FINDING_HOSTS_LOST, "pa")->cause, 0);
	crew.mute[1] = true;
	rounds(&crew, 6);
	const struct finding *lost = of(&crew, FINDING_HOSTS_LOST, "pa");

	assert_int_equal(lost->cause, of(&crew, FINDING_SILENT, "mb")->id);
	assert_int_not_equal(of(&crew, FINDING_HOST_DOWN, "two")->cause, lost->id); /* pb lives */
	crew.mute[2] = true;
	rounds(&crew, 6);
	assert_int_not_equal(of(&crew, FINDING_HOST_DOWN, "two")->cause, 0);
	crew.mute[0] = crew.mute[1] = crew.mute[2] = false; /* its instruments speak again */
	rounds(&crew, 6);
	assert_int_equal(court_open(crew.court, FINDING_HOST_DOWN), 3);
	crew_end(&crew);
}

static void of_upses_below_one_feed_the_first_speaks(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1\nfeed f\nups u1 from=f\nups u2 from=f\n"
		"ups u3 from=f\nups solo\npdu p from=u2\nhost h cords=p address=a every=10s\n"
		"host i cords=p address=b every=10s\n"
		"sensor x via=nut address=a on=u1 every=10s\nsensor y via=nut address=b on=u2 every=10s\n"
		"sensor z via=nut address=c on=u3 every=10s\nsensor w via=nut address=d on=solo every=10s\n"
		"sensor pp via=snmp address=d on=p kind=power read=1 every=10s\n");
	static const char *const names[] = { "x", "y", "z", "w" };

	for (uint32_t i = 0; i < 4; i++)
		court_series_as(court, 1 + i, names[i], MEASURE_STATE, names[i]);
	court_series(court, 7, "h", MEASURE_REACH);
	court_series(court, 8, "i", MEASURE_REACH);
	court_series(court, 9, "pp", MEASURE_POWER);
	for (int i = 0; i < 20; i++) {
		court_state(court, 1, i > 6 ? "OB" : "OL", i > 6 ? SEVERITY_WARNING : SEVERITY_OK);
		court_state(court, 2, i > 4 ? "OB" : "OL", i > 4 ? SEVERITY_WARNING : SEVERITY_OK);
		court_state(court, 3, i > 4 ? "OB" : "OL", i > 4 ? SEVERITY_WARNING : SEVERITY_OK);
		court_state(court, 4, i > 4 ? "OB" : "OL", i > 4 ? SEVERITY_WARNING : SEVERITY_OK);
		court_say(court, 7, i > 10 ? 0 : 1000);
		court_say(court, 8, i > 10 ? 0 : 1000);
		if (i > 10)
			court_bad(court, 9, QUALITY_ABSENT, DOUBT_SILENT);
		else
			court_say(court, 9, 1000);
		court_tick(court);
	}
	struct crew crew = { .court = court };

	assert_int_equal(of(&crew, FINDING_ON_BATTERY, "u2")->cause, 0);
	CAUSED(&crew, FINDING_ON_BATTERY, "u1", FINDING_ON_BATTERY, "u2");
	CAUSED(&crew, FINDING_ON_BATTERY, "u3", FINDING_ON_BATTERY, "u2");
	assert_int_equal(of(&crew, FINDING_ON_BATTERY, "solo")->cause, 0);
	CAUSED(&crew, FINDING_HOSTS_LOST, "p", FINDING_ON_BATTERY, "u2");
	crew_end(&crew);
}

static void a_sensor_inside_a_host_is_lost_with_it(void **state)
{
	(void)state;
	struct crew crew = crew_new("site s tz=UTC\nroom r1\nroom r2\nrack k\nhost h rack=k address=a every=10s\n"
		"sensor m via=redfish address=a on=h kind=power read=1 every=10s\n");

	rounds(&crew, 4);
	crew.down[0] = crew.mute[0] = true;
	rounds(&crew, 5);
	CAUSED(&crew, FINDING_SILENT, "m", FINDING_HOST_DOWN, "h");
	crew_end(&crew);
}

static void hosts_of_nowhere_cluster_at_the_site(void **state)
{
	(void)state;
	struct crew crew = crew_new("site s tz=UTC\nroom r1\nrack k\n"
		"host a address=a every=10s\nhost b address=b rack=k every=10s\nhost c address=c every=10s\n"
		"host d address=d every=10s\nhost e address=d every=10s\nhost f rack=k\n");

	rounds(&crew, 4);
	crew.down[3] = true;
	rounds(&crew, 80); /* d alone, long ago */
	assert_int_equal(court_open(crew.court, FINDING_HOSTS_LOST), 0);
	crew.down[1] = crew.down[2] = true;
	rounds(&crew, 6);
	assert_int_equal(court_open(crew.court, FINDING_HOSTS_LOST), 0); /* two are chance */
	crew.down[0] = true;
	rounds(&crew, 6);
	assert_int_equal(court_last(crew.court, FINDING_HOSTS_LOST)->count, 3);
	assert_int_equal(court_last(crew.court, FINDING_HOSTS_LOST)->subject_kind, SUBJECT_SITE);
	assert_string_equal(court_last(crew.court, FINDING_HOSTS_LOST)->subject, "s");
	assert_int_equal(of(&crew, FINDING_HOST_DOWN, "d")->cause, 0);
	assert_string_equal(of(&crew, FINDING_HOST_DOWN, "d")->place, "");
	crew.down[0] = false; /* two are left of what was one */
	rounds(&crew, 3);
	assert_int_equal(court_last(crew.court, FINDING_HOSTS_LOST)->count, 2);
	assert_int_equal(court_open(crew.court, FINDING_HOSTS_LOST), 1);
	crew_end(&crew);
}

static void a_rack_lost_over_an_hour_is_no_incident(void **state)
{
	(void)state;
	struct crew crew = crew_new("site s tz=UTC\nroom r1\nrack k room=r1\n"
		"host a rack=k address=a every=10s\nhost b rack=k address=b every=10s\n");

	rounds(&crew, 4);
	crew.down[1] = true;
	rounds(&crew, 91); /* one probe over a quarter of an hour */
	crew.down[0] = true;
	rounds(&crew, 6);
	assert_int_equal(court_open(crew.court, FINDING_HOSTS_LOST), 0);
	crew.down[0] = crew.down[1] = false;
	rounds(&crew, 3);
	crew.down[1] = true;
	rounds(&crew, 90);
	crew.down[0] = true;
	rounds(&crew, 6);
	assert_int_equal(court_open(crew.court, FINDING_HOSTS_LOST), 1);
	crew_end(&crew);
}

static void behind_a_switch_nobody_asks(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\ndevice core address=a every=10s\n"
		"device dumb behind=core\n"
		"host a behind=dumb address=a every=10s\nhost b behind=dumb address=b every=10s\n");

	court_series(court, 1, "a", MEASURE_REACH);
	court_series(court, 2, "b", MEASURE_REACH);
	court_series(court, 3, "core", MEASURE_REACH);
	for (int i = 0; i < 12; i++) {
		court_say(court, 1, i > 4 ? 0 : 1000);
		court_say(court, 2, i > 4 ? 0 : 1000);
		court_say(court, 3, 1000);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_HOSTS_LOST), 1);
	assert_string_equal(court_last(court, FINDING_HOSTS_LOST)->subject, "dumb");
	assert_int_equal(court_last(court, FINDING_HOSTS_LOST)->cause, 0);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_chain_of_switches_has_one_root),
		cmocka_unit_test(causes_are_found_before_they_have_numbers),
		cmocka_unit_test(a_device_alone_is_a_host_and_may_die_of_heat),
		cmocka_unit_test(hosts_of_one_pdu_are_one_incident),
		cmocka_unit_test(power_is_dead_when_all_that_measures_it_is_silent),
		cmocka_unit_test(of_upses_below_one_feed_the_first_speaks),
		cmocka_unit_test(a_sensor_inside_a_host_is_lost_with_it),
		cmocka_unit_test(hosts_of_nowhere_cluster_at_the_site),
		cmocka_unit_test(a_rack_lost_over_an_hour_is_no_incident),
		cmocka_unit_test(behind_a_switch_nobody_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
