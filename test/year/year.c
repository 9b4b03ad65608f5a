/* test/fault/year.c - a simulated server room under the judge, from a seed: days with
 * weekends, quantised and noisy sensors, lost probes and single glitches, in which
 * nothing may be said; and planted faults, each of which must be found, as one incident.
 *   year SEED DAYS   prints what was found and a hash; the same seed gives the same. */
#include "../unit/court.h"
#include "base/hash.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TICK = 30 * SEC, HOSTS = 12, DAY_TICKS = 2880 };
enum fault { CALM, COOLING, BATTERY, SWITCH, RACK, HOST, SILENT, LIAR, SCALE, BLIND, REBOOT, DAMP,
	STATE, OVERLOAD, CLOCK, GAP, FAULTS };
static const char *const names[FAULTS] = { "calm", "cooling", "battery", "switch", "rack", "host",
	"silent", "liar", "scale", "blind", "reboot", "damp", "state", "overload", "clock", "gap" };
static const enum finding_code wanted[FAULTS] = { FINDING_CODES, FINDING_HOT, FINDING_ON_BATTERY,
	FINDING_SWITCH_DOWN, FINDING_HOSTS_LOST, FINDING_HOST_DOWN, FINDING_SILENT,
	FINDING_UNTRUSTED, FINDING_UNTRUSTED, FINDING_ROOM_BLIND, FINDING_REBOOT, FINDING_HUMID,
	FINDING_STATE, FINDING_OVERLOAD, FINDING_CODES, FINDING_GAP };
enum { S_T1 = 1, S_T2, S_T3, S_I1, S_I2, S_H, S_UPS, S_LOAD, S_DOOR, S_SW1, S_SW2, S_HOST = 20,
	S_UP = 40 };

struct year {
	struct court *court;
	uint64_t seed;
	enum fault fault;
	int64_t since, until;	/* steady ticks of the fault */
	int64_t tick;
	uint32_t victim;
	size_t records_before;
	int64_t uptime[HOSTS];
	unsigned planted, found, false_alarms, split;
	double heat;
};

static uint32_t draw(struct year *year, uint32_t below)
{
	year->seed = year->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(year->seed >> 33) % below;
}

static const char *site_text(void)
{
	static char site[4096];
	int n = snprintf(site, sizeof site,
	    "site s tz=UTC\nroom r1 volume=60m3\nrack ka room=r1\nrack kb room=r1\n"
	    "feed f\nups u from=f amps=20A\npdu pa from=u rack=ka\npdu pb from=u rack=kb\n"
	    "cooling ac room=r1 from=f\n"
	    "device s1 address=192.0.2.1 every=30s\ndevice s2 address=192.0.2.2 every=30s\n"
	    "sensor t1 via=w1 address=a at=r1 kind=temperature read=a\n"
	    "sensor t2 via=w1 address=b at=r1 kind=temperature read=a\n"
	    "sensor t3 via=w1 address=c at=r1 kind=temperature read=a\n"
	    "sensor i1 via=w1 address=d at=ka.3 kind=temperature read=a\n"
	    "sensor i2 via=w1 address=e at=kb.3 kind=temperature read=a\n"
	    "sensor h1 via=w1 address=f at=r1 kind=humidity read=a\n"
	    "sensor up via=nut address=g on=u\nsensor door via=snmp address=h at=r1\n");

	for (int i = 0; i < HOSTS; i++)
		n += snprintf(site + n, sizeof site - (size_t)n,
		    "host h%02d rack=k%c u=%d cords=p%c behind=s%d address=192.0.2.%d\n", i,
		    i < 6 ? 'a' : 'b', i % 6 + 1, i < 6 ? 'a' : 'b', i % 2 + 1, i + 10);
	return site;
}

static void announce(struct court *court)
{
	static const char *const lines[] = { "t1", "t2", "t3", "i1", "i2" };
	char id[16], up[24];

	for (uint32_t i = 0; i < 5; i++)
		court_series(court, S_T1 + i, lines[i], MEASURE_TEMPERATURE);
	court_series(court, S_H, "h1", MEASURE_HUMIDITY);
	court_series_as(court, S_UPS, "up", MEASURE_STATE, "up.status");
	court_series_as(court, S_LOAD, "up", MEASURE_LOAD, "up.load");
	court_series_as(court, S_DOOR, "door", MEASURE_STATE, "door.contact");
	court_series(court, S_SW1, "s1", MEASURE_REACH);
	court_series(court, S_SW2, "s2", MEASURE_REACH);
	for (uint32_t i = 0; i < HOSTS; i++) {
		(void)snprintf(id, sizeof id, "h%02u", (unsigned)i);
		(void)snprintf(up, sizeof up, "h%02u.uptime", (unsigned)i);
		court_series(court, S_HOST + i, id, MEASURE_REACH);
		court_series_as(court, S_UP + i, id, MEASURE_UPTIME, up);
	}
}

static bool during(const struct year *year, enum fault fault)
{
	return year->fault == fault && year->tick < year->until;
}

/* The true air: a day's wave, the compressor's, weekends a little cooler. */
static double air_of(struct year *year)
{
	double t = (double)year->tick, day = t / DAY_TICKS;
	double weekend = fmod(day, 7) >= 5 ? -0.6 : 0;
	double calm = 22.5 + weekend + 0.8 * sin(day * 6.2832) + 0.4 * sin(t / 7.0);

	if (during(year, COOLING))
		year->heat += (15 * (1 - exp(-(t - (double)year->since) / 80)) - year->heat) * 0.2;
	else
		year->heat *= 0.97;
	return calm + year->heat;
}

static void sensor_say(struct year *year, uint32_t number, double value, double step)
{
	double noise = ((double)draw(year, 2001) - 1000) / 1000 * 0.08;
	int64_t milli = (int64_t)(round((value + noise) / step) * step * 1000);
	/* single glitches, never two of one sensor within minutes */
	uint32_t luck = year->tick % 8 == number ? draw(year, 2000) : 9;

	if (during(year, BLIND) || (during(year, SILENT) && number == S_T1 + year->victim % 5))
		court_bad(year->court, number, QUALITY_ABSENT, DOUBT_SILENT);
	else if (luck == 0)
		court_bad(year->court, number, QUALITY_ABSENT, DOUBT_EMPTY);
	else if (luck == 1)
		court_say(year->court, number, milli + 40000);
	else if (during(year, LIAR) && number == S_T1)
		court_say(year->court, number, 61000);
	else if (during(year, SCALE) && number == S_T2)
		court_say(year->court, number, milli / 10);
	else
		court_say(year->court, number, milli);
}

static bool host_fails(struct year *year, uint32_t host)
{
	bool lost = draw(year, 400) == 0; /* a quarter of a percent of probes */

	return lost || (during(year, SWITCH) && host % 2 == 0) || (during(year, RACK) && host < 6) ||
	    (during(year, HOST) && host == year->victim) ||
	    (during(year, REBOOT) && host == year->victim && year->tick < year->since + 8);
}

static void hosts_say(struct year *year)
{
	struct court *court = year->court;

	for (uint32_t i = 0; i < HOSTS; i++) {
		bool fails = host_fails(year, i);
		bool up = (year->tick + i) % 4 == 0 && !fails;

		year->uptime[i] += TICK / SEC;
		if (year->fault == REBOOT && i == year->victim && year->tick == year->since + 4)
			year->uptime[i] = 0;
		court_say(court, S_HOST + i, fails ? 0 : 1000);
		if (up) /* sysUpTime: 32 bits of hundredths */
			court_say(court, S_UP + i, year->uptime[i] % 42949673 * 1000);
	}
	court_say(court, S_SW1, during(year, SWITCH) || draw(year, 400) == 0 ? 0 : 1000);
	court_say(court, S_SW2, draw(year, 400) == 0 ? 0 : 1000);
}

static void readings_say(struct year *year)
{
	double air = air_of(year), humid = during(year, DAMP) ? 88 : 45 * exp(-0.06 * (air - 22));
	struct court *court = year->court;

	sensor_say(year, S_T1, air, 0.0625);
	sensor_say(year, S_T2, air + 0.4, 0.1);
	sensor_say(year, S_T3, air - 0.3, 1);
	sensor_say(year, S_I1, air - 1.5, 0.5);
	sensor_say(year, S_I2, air - 1.2, 0.1);
	court_say(court, S_H, (int64_t)(humid + draw(year, 3)) * 1000);
	court_state(court, S_UPS, during(year, BATTERY) ? "OB DISCHRG" : "OL",
	    during(year, BATTERY) ? SEVERITY_WARNING : SEVERITY_OK);
	court_say(court, S_LOAD, (during(year, OVERLOAD) ? 91 : 55 + draw(year, 10)) * 1000);
	court_state(court, S_DOOR, during(year, STATE) ? "open" : "closed",
	    during(year, STATE) ? SEVERITY_CRITICAL : SEVERITY_OK);
	hosts_say(year);
}

/* One record of what was wanted that nothing else explains; all others hang below. */
static void fault_judge(struct year *year)
{
	const struct court *court = year->court;
	unsigned roots = 0;
	bool found = false;

	for (size_t i = year->records_before; i < court->records; i++) {
		const struct finding *finding = &court->record[i];

		found |= finding->code == wanted[year->fault];
		if (finding->cause == 0 && finding->severity != SEVERITY_OK)
			roots++;
	}
	bool silent = year->fault == CALM || year->fault == CLOCK;

	if (silent)
		year->false_alarms += roots;
	else {
		year->planted++;
		year->found += found;
		year->split += roots > 1;
	}
	if ((silent && roots > 0) || (!silent && (!found || roots != 1)))
		for (size_t i = year->records_before; i < court->records; i++)
			printf("# tick %lld %s: %s %s cause %llu (id %llu)\n",
			    (long long)year->since, names[year->fault],
			    finding_id((enum finding_code)court->record[i].code),
			    court->record[i].subject,
			    (unsigned long long)court->record[i].cause,
			    (unsigned long long)court->record[i].id);
	year->records_before = court->records;
}

static void fault_begin(struct year *year, enum fault fault)
{
	static const int64_t lasts[FAULTS] = { [COOLING] = 400, [REBOOT] = 60 };

	year->fault = fault;
	year->since = year->tick;
	year->until = year->tick + (lasts[fault] > 0 ? lasts[fault] : 60 + draw(year, 200));
	year->victim = draw(year, HOSTS);
	if (fault == CLOCK) {
		static const int64_t scales[] = { SEC, MIN, HR, 24LL * HR, 365LL * 24 * HR };
		int64_t jump = scales[draw(year, 5)] * (1 + draw(year, 10));

		year->court->now += draw(year, 2) > 0 ? jump : -jump;
	} else if (fault == GAP) {
		int64_t gap = (1 + draw(year, 100)) * (int64_t)(10 * MIN);

		judge_gap(year->court->judge, year->court->now, year->court->now + gap);
		year->court->now += gap;
	}
}

static void day_step(struct year *year)
{
	int64_t phase = year->tick % DAY_TICKS;

	if (phase == 1200) { /* each day at ten: what was silent so far, then a fault */
		fault_judge(year);
		fault_begin(year, (enum fault)(CALM + 1 + draw(year, FAULTS - 1)));
	} else if (phase == 2400) {
		fault_judge(year);
		fault_begin(year, CALM);
	}
	readings_say(year);
	year->court->now += TICK;
	judge_tick(year->court->judge, year->court->now);
	court_fetch(year->court);
	year->tick++;
}

int main(int argc, char **argv)
{
	struct year year = { .seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1 };
	long days = argc > 2 ? strtol(argv[2], NULL, 10) : 30;

	year.court = court_new(site_text());
	announce(year.court);
	for (uint32_t i = 0; i < HOSTS; i++)
		year.uptime[i] = 42000000 + 100000 * (int64_t)i;
	while (year.tick < days * DAY_TICKS)
		day_step(&year);
	fault_judge(&year);
	uint64_t hash = 0;

	for (size_t i = 0; i < year.court->records; i++)
		hash = hash_of(span_of(&year.court->record[i].since_ms, 24),
		    hash + year.court->record[i].code);
	printf("# seed %s, %ld days: %u of %u faults found, %u false alarms, %u split incidents, "
	       "%zu out of order, hash %016llx\n",
	    argc > 1 ? argv[1] : "1", days, year.found, year.planted, year.false_alarms, year.split,
	    year.court->disorder, (unsigned long long)hash);
	bool good = year.found == year.planted && year.false_alarms == 0 && year.split == 0 &&
	    year.court->disorder == 0;

	printf("1..1\n%s 1 - a simulated year\n", good ? "ok" : "not ok");
	court_free(year.court);
	return good ? 0 : 1;
}
