#include "cli/status_store.h"
#include "base/drop.h"
#include "base/limits.h"
#include "cli/site_load.h"
#include "role/paths.h"
#include "role/zones.h"
#include "site/metric.h"
#include "store/store.h"
#include <stdio.h>

enum { FINDINGS_MOST = 512, READINGS_MOST_SAID = 4096, LOOK_BACK_MS = 15 * 60 * 1000 };

struct known {
	struct finding *findings;
	size_t findings_n;
	struct status_now *readings;
	size_t readings_n;
	int64_t newest_ms; /* of all */
	/* of the series looked at: its newest sample, and its newest value */
	int64_t time_ms, value_ms;
	double value;
};

static int finding_keep(void *user, const struct finding *finding)
{
	struct known *known = user;

	if (known->findings_n < FINDINGS_MOST)
		known->findings[known->findings_n++] = *finding;
	return KS_OK;
}

static int sample_keep(void *user, int64_t time_ms, double value)
{
	struct known *known = user;

	known->time_ms = time_ms;
	if (value != value) /* a stale mark: from here on there is no value */
		return KS_OK;
	known->value_ms = time_ms;
	known->value = value;
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

static void reading_keep(struct known *known, struct span labels)
{
	struct status_now *now = &known->readings[known->readings_n];
	char name[100] = "", place[40] = "", *id = now->series.id;
	enum place where = PLACE_NONE;
	enum measure kind = MEASURE_VALUE;
	KS_DROP(text) struct text key;

	text_init(&key, LIMIT_LABELS_BYTES);
	if (metric_renamed(labels, &key, &kind)) {
		labels = text_span(&key);
		known->value = metric_older(kind, known->value);
	}
	*now = (struct status_now){ .series = { .number = 0 } };
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
	now->reading.time_ms = known->time_ms;
	now->reading.quality = known->value_ms < known->time_ms ? QUALITY_ABSENT : QUALITY_OK;
	now->reading.milli = metric_milli(kind, known->value);
	now->value_ms = known->value_ms;
	known->readings_n++;
}

static int readings_since(struct store *store, int64_t from_ms, int64_t to_ms,
    struct known *known, struct why *why)
{
	uint32_t n = store_series_count(store);

	for (uint32_t i = 1; i <= n && known->readings_n < READINGS_MOST_SAID; i++) {
		known->time_ms = known->value_ms = 0;
		known->value = 0;
		int code = store_read(store, i, from_ms, to_ms + 1, sample_keep, known, why);

		if (code != KS_OK)
			return code;
		if (known->time_ms > known->newest_ms)
			known->newest_ms = known->time_ms;
		if (known->time_ms > 0 && known->value > -9e15 && known->value < 9e15)
			reading_keep(known, store_labels(store, i));
	}
	return KS_OK;
}

/* The last minutes before the newest sample.  Where that is one of the future (a clock
 * was wrong), the newest that is not is looked for, further and further back. */
static int readings_take(struct store *store, int64_t last_ms, int64_t now_ms,
    struct known *known, struct why *why)
{
	static const int64_t back_ms[] = { LOOK_BACK_MS, 86400000LL, 40 * 86400000LL };
	size_t looks = last_ms > now_ms ? sizeof back_ms / sizeof *back_ms : 1;
	int64_t to_ms = last_ms > now_ms ? now_ms : last_ms;
	int code = KS_OK;

	for (size_t i = 0; i < looks && known->newest_ms == 0 && code == KS_OK; i++)
		code = readings_since(store, to_ms - back_ms[i], to_ms, known, why);
	return code;
}

/* The worst that explains itself; newest first, so of equals the newest. */
static void verdict_of(const struct known *known, struct verdict *ret)
{
	struct verdict v = { .severity = SEVERITY_UNKNOWN, .measuring = known->newest_ms > 0,
		.worst = { .code = FINDING_CODES }, .at_ms = known->newest_ms };
	int worst = -1;

	for (size_t i = 0; i < known->readings_n; i++) {
		const struct status_now *now = &known->readings[i];
		bool good = now->reading.quality == QUALITY_OK;

		v.sensors_ok += good;
		v.sensors_bad += !good;
		if (good && (v.oldest_reading_ms == 0 || now->value_ms < v.oldest_reading_ms))
			v.oldest_reading_ms = now->value_ms;
	}

	for (size_t i = 0; i < known->findings_n; i++) {
		const struct finding *f = &known->findings[i];

		if (f->cause != 0 || f->silenced || f->code >= FINDING_CODES)
			continue;
		if (worst >= 0)
			v.more++;
		if (f->severity < SEVERITY_UNKNOWN && f->severity > worst) {
			worst = f->severity;
			v.worst = v.now = *f;
		}
	}
	*ret = v;
}

/* The site of the last daemon, as it noted it; of an unknown zone, this machine's. */
static int site_known(struct store *store, char site[FINDING_NAME], struct zone **ret_zone,
    struct why *why)
{
	char tz[100];
	KS_DROP(text) struct text tzif;
	int code = store_note(store, "site", site, FINDING_NAME, why);

	if (code == KS_OK)
		code = store_note(store, "tz", tz, sizeof tz, why);
	if (code != KS_OK || strcmp(tz, "UTC") == 0)
		return code;
	if (tz[0] != '\0' && (*ret_zone = zones_read(tz)) != NULL)
		return KS_OK;
	text_init(&tzif, 1000000);
	if (file_load("/etc/localtime", 1000000, &tzif, NULL) == KS_OK)
		(void)!zone_new(text_span(&tzif), ret_zone, NULL);
	return KS_OK;
}

static int known_read(const char *path, int64_t now_ms, struct known *known,
    struct text *ret_json, struct why *why)
{
	KS_DROP(zone) struct zone *zone = NULL;
	struct status status = { .source = "store", .now_ms = now_ms };
	char site[FINDING_NAME] = "";
	struct store_found found;
	struct verdict verdict;
	struct store *store = NULL;
	int code = store_open(path, STORE_READ_ALL, &(struct store_options){ .window_s = 0 }, &store,
	    &found, why);

	if (code != KS_OK)
		return code;
	code = store_findings(store, true, 0, INT64_MAX, FINDINGS_MOST, finding_keep, known, why);
	if (code == KS_OK && found.last_ms > 0)
		code = readings_take(store, found.last_ms, now_ms, known, why);
	if (code == KS_OK)
		code = site_known(store, site, &zone, why);
	if (code == KS_OK) {
		verdict_of(known, &verdict);
		status.verdict = &verdict;
		status.findings = known->findings;
		status.findings_n = known->findings_n;
		status.readings = known->readings;
		status.readings_n = known->readings_n;
		status.site = site;
		status.zone = zone;
		status_json(ret_json, &status);
	}
	store_close(store);
	return code;
}

int status_store(const char *state, int64_t now_ms, struct text *ret_json, struct why *why)
{
	struct known known = { .findings = calloc(FINDINGS_MOST, sizeof *known.findings),
		.readings = calloc(READINGS_MOST_SAID, sizeof *known.readings) };
	struct paths paths;
	int code = paths_find(state, &paths, why);

	if (code == KS_OK && access(paths.state, F_OK) != 0)
		code = fail(why, KS_ABSENT, "no daemon runs here, and there is no store in %s; "
		    "`keisoku watch SITE` starts one", paths.state);
	if (code == KS_OK && (known.findings == NULL || known.readings == NULL))
		code = fail(why, KS_FULL, "no memory left");
	if (code == KS_OK)
		code = known_read(paths.state, now_ms, &known, ret_json, why);
	free(known.findings);
	free(known.readings);
	return code;
}
