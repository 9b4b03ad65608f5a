#include "court.h"
#include "base/must.h"
#include "site/read.h"
#include <stdio.h>
#include <stdlib.h>

struct court *court_new(const char *site)
{
	static struct site_errors errors;
	struct court *court = calloc(1, sizeof *court);

	must(court != NULL);
	if (site_read(span_text(site), &court->site, &errors) != KS_OK) {
		fprintf(stderr, "line %u: %s\n", errors.list[0].line, errors.list[0].why.text);
		abort();
	}
	must(judge_new(court->site, &court->judge, NULL) == KS_OK);
	court->now = COURT_START;
	judge_tick(court->judge, court->now);
	return court;
}

void court_free(struct court *court)
{
	judge_free(court->judge);
	site_free(court->site);
	free(court);
}

#define FIND(things, kind_)                                                                \
	for (size_t i = 0; i < site->things##_n; i++)                                      \
		if (strcmp(site->things[i].id, id) == 0) {                                 \
			series.subject = (uint32_t)i;                                      \
			series.subject_kind = kind_;                                       \
			found = true;                                                      \
		}

void court_series_as(struct court *court, uint32_t number, const char *id, enum measure kind,
    const char *as)
{
	const struct site *site = court->site;
	struct series series = { .number = number, .kind = (uint8_t)kind };
	struct why why = { 0 };
	bool found = false;

	FIND(sensors, SUBJECT_SENSOR)
	FIND(hosts, SUBJECT_HOST)
	FIND(devices, SUBJECT_DEVICE)
	must(found);
	(void)snprintf(series.id, sizeof series.id, "%s", as);
	must(judge_series(court->judge, &series, &why) == KS_OK);
}

void court_series(struct court *court, uint32_t number, const char *id, enum measure kind)
{
	court_series_as(court, number, id, kind, id);
}

void court_take(struct court *court, const struct reading *reading)
{
	judge_take(court->judge, reading, &court->quality, &court->doubt);
}

void court_say(struct court *court, uint32_t number, int64_t milli)
{
	court_take(court, &(struct reading){ .series = number, .time_ms = court->now,
		.milli = milli });
}

void court_bad(struct court *court, uint32_t number, enum quality quality, enum doubt doubt)
{
	court_take(court, &(struct reading){ .series = number, .time_ms = court->now,
		.quality = (uint8_t)quality, .doubt = (uint8_t)doubt });
}

void court_state(struct court *court, uint32_t number, const char *word,
    enum severity severity)
{
	struct reading reading = { .series = number, .time_ms = court->now,
		.kind = MEASURE_STATE, .severity = (uint8_t)severity, .milli = 1000 };

	(void)snprintf(reading.state, sizeof reading.state, "%s", word);
	court_take(court, &reading);
}

static void court_record(struct court *court, const struct finding *finding)
{
	struct finding *record = &court->record[finding->id - 1];

	court->disorder += finding->cause > court->records || finding->cause == finding->id;
	court->disorder += finding->seen_ms < finding->since_ms;
	court->disorder += finding->ended_ms != 0 && finding->ended_ms < finding->since_ms;
	court->disorder += record->id != 0 && record->ended_ms != 0;
	*record = *finding;
	court->changes++;
}

void court_fetch(struct court *court)
{
	const struct finding *changes = NULL;
	size_t n = judge_changes(court->judge, &changes);

	for (size_t i = 0; i < n; i++) {
		if (changes[i].id == 0) {
			must(court->records < COURT_RECORDS);
			judge_name(court->judge, i, ++court->records);
		}
		court_record(court, &changes[i]);
	}
}

void court_tick(struct court *court)
{
	court->now += 10 * SEC;
	judge_tick(court->judge, court->now);
	court_fetch(court);
}

size_t court_count(const struct court *court, enum finding_code code)
{
	size_t n = 0;

	for (size_t i = 0; i < court->records; i++)
		n += court->record[i].code == code;
	return n;
}

size_t court_open(const struct court *court, enum finding_code code)
{
	size_t n = 0;

	for (size_t i = 0; i < court->records; i++)
		n += court->record[i].code == code && court->record[i].ended_ms == 0;
	return n;
}

const struct finding *court_last(const struct court *court, enum finding_code code)
{
	for (size_t i = court->records; i-- > 0;)
		if (court->record[i].code == code)
			return &court->record[i];
	return NULL;
}

size_t court_roots(const struct court *court)
{
	size_t n = 0;

	for (size_t i = 0; i < court->records; i++)
		n += court->record[i].cause == 0 && court->record[i].severity != SEVERITY_OK &&
		    !court->record[i].silenced;
	return n;
}

void court_say_all(struct court *court, const int64_t *values, size_t n, int ticks)
{
	for (int t = 0; t < ticks; t++) {
		for (uint32_t i = 0; i < n; i++)
			if (values[i] != NOT)
				court_say(court, 1 + i, values[i]);
		court_tick(court);
	}
}

void court_say_three(struct court *court, int64_t a, int64_t b, int64_t c, int ticks)
{
	for (int i = 0; i < ticks; i++) {
		court_say(court, 2, b);
		court_say(court, 3, c);
		court_say(court, 1, a);
		court_tick(court);
	}
}

struct court *court_three(void)
{
	struct court *court = court_new(COURT_ROOM COURT_T("t1") COURT_T("t2") COURT_T("t3"));

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series(court, 2, "t2", MEASURE_TEMPERATURE);
	court_series(court, 3, "t3", MEASURE_TEMPERATURE);
	court_say_three(court, 22000, 22500, 23000, 30);
	must(court->records == 0);
	return court;
}
