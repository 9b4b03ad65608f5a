#include "cli/last.h"
#include "base/drop.h"
#include "base/limits.h"
#include "cli/site_load.h"
#include "judge/judge.h"
#include "role/paths.h"
#include "role/zones.h"
#include "site/metric.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FINDINGS_MOST = 512, READINGS_MOST_SAID = 4096, LOOK_BACK_MS = 15 * 60 * 1000 };

static int finding_keep(void *user, const struct finding *finding)
{
	struct last *last = user;

	if (last->findings_n < FINDINGS_MOST)
		last->findings[last->findings_n++] = *finding;
	return KS_OK;
}

static int sample_keep(void *user, int64_t time_ms, double value)
{
	struct last *last = user;

	last->time_ms = time_ms;
	if (value != value) /* a stale mark: from here on there is no value */
		return KS_OK;
	last->value_ms = time_ms;
	last->value = value;
	return KS_OK;
}

static void label_copy(struct span labels, const char *name, char *ret, size_t room)
{
	while (labels.left > 0) {
		struct span key = span_until(&labels, 0xff), value = span_until(&labels, 0xff);

		if (span_equal(key, name))
			(void)snprintf(ret, room, "%.*s", (int)value.left, (const char *)value.at);
	}
}

/* Which line of the site file it is of: the ID before the colon. */
static void subject_find(const struct site *site, struct series *series)
{
	size_t n = strcspn(series->id, ":");
	struct span id = span_of(series->id, n);

	for (size_t i = 0; site != NULL && i < site->sensors_n; i++) {
		if (!span_equal(id, site->sensors[i].id))
			continue;
		series->subject_kind = SUBJECT_SENSOR;
		series->subject = (uint32_t)i;
		return;
	}
	series->subject_kind = SUBJECT_SITE;
}

static void reading_keep(struct last *last, uint32_t number, struct span labels)
{
	struct status_now *now = &last->readings[last->readings_n];
	char name[100] = "", place[40] = "", *id = now->series.id;
	enum place where = PLACE_NONE;
	enum measure kind = MEASURE_VALUE;
	KS_DROP(text) struct text key;

	text_init(&key, LIMIT_LABELS_BYTES);
	if (metric_renamed(labels, &key, &kind)) {
		labels = text_span(&key);
		last->value = metric_older(kind, last->value);
	}
	*now = (struct status_now){ .series = { .number = 0 }, .store = number };
	label_copy(labels, "__name__", name, sizeof name);
	label_copy(labels, "place", place, sizeof place);
	label_copy(labels, "device", id, sizeof now->series.id);
	label_copy(labels, "host", id, sizeof now->series.id);
	label_copy(labels, "sensor", id, sizeof now->series.id);
	size_t n = strlen(id);

	if (!metric_find(span_text(name), &kind) || n == 0)
		return;
	if (n + 2 < sizeof now->series.id)
		label_copy(labels, "reading", id + n + 1, sizeof now->series.id - n - 1);
	if (n + 2 < sizeof now->series.id && id[n + 1] != '\0')
		id[n] = ':';
	label_copy(labels, "label", now->series.label, sizeof now->series.label);
	(void)place_find(span_text(place), &where);
	now->series.place = (uint8_t)where;
	now->series.kind = now->reading.kind = (uint8_t)kind;
	now->reading.time_ms = last->time_ms;
	now->reading.quality = last->value_ms < last->time_ms ? QUALITY_ABSENT : QUALITY_OK;
	now->reading.milli = metric_milli(kind, last->value);
	now->value_ms = last->value_ms;
	subject_find(last->site, &now->series);
	last->readings_n++;
}

static int readings_since(struct store *store, int64_t from_ms, int64_t to_ms,
    struct last *last, struct why *why)
{
	uint32_t n = store_series_count(store);

	for (uint32_t i = 1; i <= n && last->readings_n < READINGS_MOST_SAID; i++) {
		last->time_ms = last->value_ms = 0;
		last->value = 0;
		int code = store_read(store, i, from_ms, to_ms + 1, sample_keep, last, why);

		if (code != KS_OK)
			return code;
		if (last->time_ms > last->newest_ms)
			last->newest_ms = last->time_ms;
		if (last->time_ms > 0 && last->value > -9e15 && last->value < 9e15)
			reading_keep(last, i, store_labels(store, i));
	}
	return KS_OK;
}

/* The last minutes before the newest sample.  Where that is one of the future (a clock
 * was wrong), the newest that is not is looked for, further and further back. */
static int readings_take(struct store *store, int64_t last_ms, int64_t now_ms,
    struct last *last, struct why *why)
{
	static const int64_t back_ms[] = { LOOK_BACK_MS, 86400000LL, 40 * 86400000LL };
	size_t looks = last_ms > now_ms ? sizeof back_ms / sizeof *back_ms : 1;
	int64_t to_ms = last_ms > now_ms ? now_ms : last_ms;
	int code = KS_OK;

	for (size_t i = 0; i < looks && last->newest_ms == 0 && code == KS_OK; i++)
		code = readings_since(store, to_ms - back_ms[i], to_ms, last, why);
	return code;
}

static int heard_keep(void *user, const struct wire_row *row)
{
	struct last *last = user;

	last->newest_ms = row->last_ms > last->newest_ms ? row->last_ms : last->newest_ms;
	return 0;
}

/* A site that has a wire only: when that was heard last. */
static int heard_take(struct store *store, int64_t now_ms, struct last *last, struct why *why)
{
	const struct wire_ask ask = { .kind = WIRE_SOURCE, .by = WIRE_BY_HOUR,
		.from_ms = now_ms - 40 * INT64_C(86400000), .to_ms = now_ms, .most = 40 * 24 };

	return last->newest_ms > 0 ? KS_OK : store_wire(store, &ask, heard_keep, last, why);
}

/* The worst that explains itself; newest first, so of equals the newest. */
static void verdict_of(const struct last *last, struct verdict *ret)
{
	struct verdict v = { .severity = SEVERITY_UNKNOWN, .measuring = last->newest_ms > 0,
		.worst = { .code = FINDING_CODES }, .now = { .code = FINDING_CODES }, .at_ms = last->newest_ms };
	int worst = -1;

	for (size_t i = 0; i < last->readings_n; i++) {
		const struct status_now *now = &last->readings[i];
		bool good = now->reading.quality == QUALITY_OK;

		v.sensors_ok += good;
		v.sensors_bad += !good;
		if (good && (v.oldest_reading_ms == 0 || now->value_ms < v.oldest_reading_ms))
			v.oldest_reading_ms = now->value_ms;
	}

	for (size_t i = 0; i < last->findings_n; i++) {
		const struct finding *f = &last->findings[i];

		if (f->cause != 0 || f->silenced || f->code >= FINDING_CODES)
			continue;
		if (worst >= 0)
			v.more++;
		if (f->severity < SEVERITY_UNKNOWN && f->severity > worst) {
			worst = f->severity;
			v.worst = v.now = *f;
		}
	}
	if (worst == SEVERITY_CRITICAL) /* nobody knows that it is over */
		v.severity = SEVERITY_CRITICAL;
	if (v.at_ms == 0 && worst >= 0)
		v.at_ms = v.worst.seen_ms;
	judge_advise(last->site, &v);
	*ret = v;
}

/* The site of the last daemon, as it noted it; of an unknown zone, this machine's. */
static int site_known(struct last *last, struct why *why)
{
	static struct site_errors errors;
	struct store *store = last->store;
	char tz[100];
	KS_DROP(text) struct text tzif = { 0 };
	struct why ignored = { .fmt = NULL };
	int code = store_note(store, "site", last->site_id, sizeof last->site_id, why);

	if (code == KS_OK)
		code = store_note(store, "site_path", last->site_path, sizeof last->site_path, why);
	if (code == KS_OK)
		code = store_note(store, "tz", tz, sizeof tz, why);
	if (code != KS_OK)
		return code;
	if (last->site_path[0] != '\0' &&
	    site_load(last->site_path, &last->site, &errors, &ignored) != KS_OK)
		last->site = NULL;
	if (strcmp(tz, "UTC") == 0 || (tz[0] != '\0' && (last->zone = zones_read(tz)) != NULL))
		return KS_OK;
	text_init(&tzif, 1000000);
	if (file_load("/etc/localtime", 1000000, &tzif, NULL) == KS_OK)
		(void)!zone_new(text_span(&tzif), &last->zone, NULL);
	return KS_OK;
}

static int last_read(const char *path, int64_t now_ms, struct last *last, struct why *why)
{
	struct store_found found;
	int code = store_open(path, STORE_READ_ALL, &(struct store_options){ .window_s = 0 },
	    &last->store, &found, why);

	if (code == KS_OK)
		code = store_findings(last->store, true, 0, INT64_MAX, FINDINGS_MOST, finding_keep,
		    last, why);
	if (code == KS_OK)
		code = site_known(last, why);
	if (code == KS_OK && found.last_ms > 0)
		code = readings_take(last->store, found.last_ms, now_ms, last, why);
	if (code == KS_OK)
		code = heard_take(last->store, now_ms, last, why);
	if (code == KS_OK)
		verdict_of(last, &last->verdict);
	return code;
}

int last_open(const char *state, int64_t now_ms, struct last *ret_last, struct why *why)
{
	struct last last = { .findings = calloc(FINDINGS_MOST, sizeof *last.findings),
		.readings = calloc(READINGS_MOST_SAID, sizeof *last.readings) };
	struct paths paths;
	int code = paths_find(state, &paths, why);

	if (code == KS_OK && access(paths.state, F_OK) != 0)
		code = fail(why, KS_ABSENT, "no daemon runs here, and there is no store in %s; "
		    "`keisoku watch SITE` starts one", paths.state);
	if (code == KS_OK && (last.findings == NULL || last.readings == NULL))
		code = fail(why, KS_FULL, "no memory left");
	if (code == KS_OK)
		code = last_read(paths.state, now_ms, &last, why);
	if (code != KS_OK) {
		last_done(&last);
		return code;
	}
	*ret_last = last;
	return KS_OK;
}

void last_done(struct last *last)
{
	free(last->findings);
	free(last->readings);
	site_free(last->site);
	zone_free(last->zone);
	store_close(last->store);
	*last = (struct last){ .store = NULL };
}
