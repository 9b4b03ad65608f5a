/* test/fuzz/fuzz_judge.c - any feed of series, readings, ticks, gaps and jumps: the
 * judge stays whole, findings have order, causes come before what they explain, and the
 * same feed gives the same findings. */
#include "base/hash.h"
#include "base/must.h"
#include "judge/judge.h"
#include "site/read.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char site_text[] =
    "site s tz=UTC\nroom r1 volume=40m3\nroom r2\nrack ka room=r1\nrack kb room=r2\n"
    "feed f\nups u from=f amps=10A rack=ka\npdu p from=u rack=ka\n"
    "calendar c hours=\"Mon-Fri 08:00-20:00\" holidays=JP\n"
    "cooling a1 room=r1 on-when=c\ncooling a2 room=r2 from=f\n"
    "maintenance m what=r2 from=2026-10-26T00:00 to=2026-10-27T00:00\n"
    "device sw address=192.0.2.9 every=10s\n"
    "host h1 rack=ka u=1 cords=p behind=sw address=192.0.2.11 every=10s\n"
    "host h2 rack=ka u=2 cords=p behind=sw address=192.0.2.12 every=10s\n"
    "host h3 rack=kb u=1 address=192.0.2.13 every=10s\n"
    "sensor t1 via=w1 address=a at=r1 kind=temperature every=10s\n"
    "sensor t2 via=w1 address=b at=r1 kind=temperature every=10s limit=40C\n"
    "sensor i1 via=w1 address=c at=ka.3 every=10s\n"
    "sensor us via=nut address=127.0.0.1 on=u every=10s\n"
    "sensor ac via=snmp address=127.0.0.1 on=a2 every=10s\n";

struct feed {
	struct span bytes;
	int64_t now;
	uint64_t id;
	uint64_t hash;
};

static void feed_series(struct feed *feed, struct judge *judge)
{
	struct series series = { .number = (uint32_t)span_be(&feed->bytes, 1) & 15,
		.subject_kind = (uint8_t)(SUBJECT_HOST + span_be(&feed->bytes, 1) % 5),
		.subject = (uint32_t)span_be(&feed->bytes, 1) % 6,
		.kind = (uint8_t)span_be(&feed->bytes, 1) % (MEASURES + 1),
		.place = (uint8_t)span_be(&feed->bytes, 1) % (PLACES + 1) };

	series.id[0] = (char)('a' + series.number);
	(void)!judge_series(judge, &series, NULL);
}

static void feed_reading(struct feed *feed, struct judge *judge)
{
	static const char *const words[] = { "OL", "OB DISCHRG", "onBattery", "leak" };
	uint64_t head = span_be(&feed->bytes, 2);
	struct reading reading = { .series = (uint32_t)head & 15,
		.quality = head >> 4 & 8 ? QUALITY_OK : (uint8_t)(head >> 4 & 7),
		.doubt = head >> 4 & 8 ? DOUBT_NONE : DOUBT_SILENT,
		.severity = (uint8_t)(head >> 8 & 3), .time_ms = feed->now };

	reading.milli = (int64_t)(int16_t)span_be(&feed->bytes, 2) * (head >> 10 & 1 ? 1 : 4);
	if (head >> 11 & 1)
		reading.milli *= 10000000000000LL;
	memcpy(reading.state, words[head >> 12 & 3], strlen(words[head >> 12 & 3]));
	enum quality quality;
	enum doubt doubt;

	judge_take(judge, &reading, &quality, &doubt);
	must(quality < 8 && doubt < DOUBTS);
}

static void feed_fetch(struct feed *feed, struct judge *judge)
{
	const struct finding *found = NULL;
	size_t n = judge_changes(judge, &found);

	for (size_t i = 0; i < n; i++) {
		if (found[i].id == 0)
			judge_name(judge, i, ++feed->id);
		must(found[i].code < FINDING_CODES && found[i].cause <= feed->id);
		must(found[i].cause != found[i].id && found[i].seen_ms >= found[i].since_ms);
		must(found[i].ended_ms == 0 || found[i].ended_ms >= found[i].since_ms);
		feed->hash = hash_of(span_of(&found[i].since_ms, 24), feed->hash + found[i].code);
	}
	struct verdict verdict;

	(void)judge_open(judge, &found);
	judge_verdict(judge, feed->now, &verdict);
	must(verdict.severity < SEVERITIES);
}

static void feed_step(struct feed *feed, struct judge *judge)
{
	static const int64_t scales[] = { 1000, 10000, 10000, 60000, 3600000, 86400000,
		31536000000LL, -3600000 };
	uint64_t op = span_be(&feed->bytes, 1);
	int64_t step = scales[op >> 3 & 7] * (int64_t)(1 + (op >> 6));

	switch (op & 7) {
	case 0:
		feed_series(feed, judge);
		return;
	case 1:
		judge_gap(judge, feed->now, feed->now + step);
		return;
	case 2:
		judge_self(judge, &(struct finding){ .code = (uint16_t)(op >> 3),
			.since_ms = feed->now, .ended_ms = op >> 7 ? feed->now : 0, .subject = "x" });
		return;
	case 3:
	case 4:
		feed->now += step;
		judge_tick(judge, feed->now);
		feed_fetch(feed, judge);
		return;
	default:
		feed_reading(feed, judge);
		return;
	}
}

static uint64_t run(const struct site *site, struct span bytes)
{
	struct feed feed = { .bytes = bytes, .now = 1792972800000LL };
	struct judge *judge = NULL, *next = NULL;

	must(judge_new(site, &judge, NULL) == KS_OK);
	while (feed.bytes.left > 0) {
		feed_step(&feed, judge);
		if (feed.bytes.left % 499 != 96)
			continue;
		must(judge_new(site, &next, NULL) == KS_OK);
		judge_inherit(next, judge);
		judge_free(judge);
		judge = next;
	}
	judge_free(judge);
	return feed.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct site *site;
	static struct site_errors errors;

	if (site == NULL)
		must(site_read(span_text(site_text), &site, &errors) == KS_OK);
	if (size > 4096)
		return 0;
	uint64_t first = run(site, span_of(data, size));

	if (size % 8 == 0)
		must(run(site, span_of(data, size)) == first);
	return 0;
}
