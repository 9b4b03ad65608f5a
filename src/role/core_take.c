/* src/role/core_take.c - what the poller says, checked: it parses strangers' bytes, so
 * nothing it says is believed to be well formed. */
#include "role/core.h"
#include "base/drop.h"
#include "base/text.h"
#include "site/metric.h"
#include <stdlib.h>
#include <string.h>

/* Prometheus' mark for "no value from here on". */
static double stale_mark(void)
{
	const uint64_t bits = 0x7ff0000000000002ULL;
	double mark;

	memcpy(&mark, &bits, sizeof mark);
	return mark;
}

static bool ends(const char *text, size_t room)
{
	return memchr(text, '\0', room) != NULL;
}

/* A bool of another process may be any byte; reading it as one would be undefined. */
static bool bool_good(const bool *at)
{
	uint8_t byte;

	memcpy(&byte, at, sizeof byte);
	return byte <= 1;
}

static bool series_good(const struct site *site, const struct series *s)
{
	size_t n = s->subject_kind == SUBJECT_SENSOR ? site->sensors_n
	    : s->subject_kind == SUBJECT_HOST	     ? site->hosts_n
	    : s->subject_kind == SUBJECT_DEVICE	     ? site->devices_n
						     : 0;

	return bool_good(&s->limited) && bool_good(&s->clear) && s->number < LIMIT_SERIES && s->subject < n && s->kind < MEASURES &&
	    s->place < PLACES && ends(s->id, sizeof s->id) && ends(s->label, sizeof s->label) &&
	    ends(s->source, sizeof s->source) && s->id[0] != '\0' &&
	    memchr(s->id, 0xff, sizeof s->id) == NULL;
}

static bool reading_good(const struct reading *r)
{
	return r->kind < MEASURES && r->quality < QUALITIES && r->doubt < DOUBTS &&
	    r->severity < SEVERITIES && ends(r->state, sizeof r->state) && r->time_ms > 0;
}

static int series_store(struct core *core, const struct series *s, uint32_t *ret_store,
    struct why *why)
{
	KS_DROP(text) struct text key;

	text_init(&key, LIMIT_LABELS_BYTES);
	metric_key(&key, core->worker->site, s);
	if (key.full)
		return fail(why, KS_FULL, "%s: labels too long", s->id);
	return store_series(core->store, text_span(&key), ret_store, why);
}

void core_forget(struct core *core)
{
	for (size_t i = 0; i < core->known_n; i++)
		free(core->known[i]);
	core->known_n = 0;
	core->poller_current = false;
}

/* A place for that number; NULL: no memory. */
static struct known **known_at(struct core *core, uint32_t number)
{
	if (number >= core->known_room) {
		size_t room = core->known_room * 2 > number ? core->known_room * 2
							    : (size_t)number + 256;
		struct known **more = reallocarray(core->known, room, sizeof(struct known *));

		if (more == NULL)
			return NULL;
		core->known = more;
		core->known_room = room;
	}
	while (core->known_n <= number)
		core->known[core->known_n++] = NULL;
	return &core->known[number];
}

static void series_take(struct core *core, const struct series *series)
{
	struct why why = { .fmt = NULL };
	struct known **at = series_good(core->worker->site, series)
	    ? known_at(core, series->number) : NULL;
	struct known *known = at != NULL ? calloc(1, sizeof *known) : NULL;

	if (known == NULL) {
		core->self.refused++;
		return;
	}
	known->series = *series;
	int code = series_store(core, series, &known->store, &why);

	if (code == KS_OK)
		code = judge_series(core->judge, series, &why);
	if (code != KS_OK) {
		if (core->self.full++ == 0)
			worker_say(core->worker, "KS-SELF-007", "series", why.text);
		free(known);
		return;
	}
	free(*at);
	*at = known;
	core->appended = true; /* a new series is durable after the next sync */
	core_sync_soon(core, CORE_SYNC_MS);
}

/* The value goes to the store when it can be believed; else one stale mark. */
static int reading_store(struct core *core, struct known *known, const struct reading *r)
{
	bool good = r->quality == QUALITY_OK || r->quality == QUALITY_STUCK;
	struct sample sample = { .series = known->store, .time_ms = r->time_ms,
		.value = good ? metric_value((enum measure)r->kind, r->milli) : stale_mark() };
	struct why why = { .fmt = NULL };

	if (!good && known->void_said)
		return KS_OK;
	int code = store_append(core->store, &sample, 1, &why);

	if (code == KS_MALFORMED)
		core->self.refused++;
	else if (code != KS_OK)
		core_store_failed(core, code, &why);
	if (code != KS_OK)
		return code;
	known->void_said = !good;
	core->self.samples++;
	core->appended = true;
	return KS_OK;
}

static int value_seen(void *user, int64_t time_ms, double value)
{
	int64_t *seen = user;

	if (value == value) /* else a stale mark */
		*seen = time_ms;
	return KS_OK;
}

/* A reading without a value tells how old the last one is, also when that was before
 * the last start: asked of the store once a series. */
static void value_recall(struct core *core, struct known *known, int64_t time_ms)
{
	static const int64_t back_ms[] = { 86400000LL, 40 * 86400000LL };
	struct why why = { .fmt = NULL };
	int code = KS_OK;

	known->looked = true;
	for (size_t i = 0; i < 2 && known->value_ms == 0 && code == KS_OK; i++)
		code = store_read(core->store, known->store, time_ms - back_ms[i], time_ms,
		    value_seen, &known->value_ms, &why);
	if (code != KS_OK)
		worker_say(core->worker, "KS-STORE", "read", why.text);
}

static void reading_take(struct core *core, const struct reading *reading)
{
	struct known *known = reading->series < core->known_n ? core->known[reading->series]
							      : NULL;
	enum quality quality = QUALITY_OK;
	enum doubt doubt = DOUBT_NONE;

	if (known == NULL || !reading_good(reading) || reading->kind != known->series.kind) {
		core->self.refused++;
		return;
	}
	judge_take(core->judge, reading, &quality, &doubt);
	core->pause.measured |= reading->time_ms > core->pause.from_ms + PAUSE_EDGE_MS &&
	    reading->time_ms < core->pause.to_ms - PAUSE_EDGE_MS;
	known->last = *reading;
	known->last.quality = (uint8_t)quality;
	known->last.doubt = (uint8_t)doubt;
	known->read = true;
	if (quality == QUALITY_OK || quality == QUALITY_STUCK)
		known->value_ms = reading->time_ms;
	else if (known->value_ms == 0 && !known->looked)
		value_recall(core, known, reading->time_ms);
	core->self.readings++;
	(void)reading_store(core, known, &known->last);
}

static void site_said(struct core *core, const struct message *message)
{
	uint64_t hash;

	message_record(message, 0, &hash, sizeof hash);
	core_forget(core);
	if (hash == core->worker->site->hash) {
		core->poller_current = true;
		return;
	}
	/* its reload was faster than ours: read on when we have that site too */
	core->site_waits = hash;
	line_pause(&core->poller, true);
}

void core_poller(struct line *line, struct message *message)
{
	struct core *core = line->user;

	if (message->head.kind == MESSAGE_SITE) {
		site_said(core, message);
		return;
	}
	if (!core->poller_current) /* of a site that is no more */
		return;
	for (size_t i = 0; i < message->head.count; i++) {
		if (message->head.kind == MESSAGE_SERIES) {
			struct series series;

			message_record(message, i, &series, sizeof series);
			series_take(core, &series);
		} else {
			struct reading reading;

			message_record(message, i, &reading, sizeof reading);
			reading_take(core, &reading);
		}
	}
	core_findings(core);
	if (core->appended)
		core_sync_soon(core, CORE_SYNC_MS);
}
