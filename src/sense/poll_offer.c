/* src/sense/poll_offer.c - what a device offered, as series and readings of a site. */
#include "sense/poll_in.h"
#include "base/hash.h"
#include "base/number.h"
#include <stdlib.h>

void poll_flush(struct poller *poller)
{
	uint32_t n = poller->batch_n;

	poller->batch_n = 0;
	if (n > 0 && !poller->stopping)
		poller->options.readings(poller->options.user, poller->batch, n);
}

void poll_say(struct poller *poller, const struct reading *reading)
{
	poller->batch[poller->batch_n++] = *reading;
	poller->counts.readings++;
	if (poller->batch_n == POLL_BATCH)
		poll_flush(poller);
}

static const char *subject_id(const struct device_polled *device, const struct line *line)
{
	const struct site *site = device->poller->site;

	return line->subject_kind == SUBJECT_HOST ? site->hosts[line->subject].id :
	    line->subject_kind == SUBJECT_DEVICE ? site->devices[line->subject].id :
						   site->sensors[line->subject].id;
}

void line_id(const struct device_polled *device, const struct line *line, const char *what,
    char ret_id[64])
{
	const char *id = subject_id(device, line);

	if (what == NULL)
		(void)snprintf(ret_id, 64, "%s", id);
	else
		(void)snprintf(ret_id, 64, "%s:%s", id, what);
}

enum doubt doubt_of(int code)
{
	switch (code) {
	case KS_REFUSED:
		return DOUBT_REFUSED;
	case KS_ABSENT:
		return DOUBT_GONE;
	case KS_MALFORMED: case KS_FULL:
		return DOUBT_MALFORMED;
	default:
		return DOUBT_SILENT;
	}
}

static const struct sensor *sensor_of(const struct device_polled *device, const struct line *line)
{
	return line->subject_kind == SUBJECT_SENSOR ?
	    &device->poller->site->sensors[line->subject] : NULL;
}

/* Does read= name this offer?  By its id, its source or its own words. */
static bool names(const char *read, const struct offer *offer)
{
	const char *source = offer->source;

	if (*read == '.')
		read++;
	if (*source == '.')
		source++;
	return strcmp(read, offer->id) == 0 || strcmp(read, source) == 0 ||
	    strcmp(read, offer->label) == 0;
}

static int64_t adjust(const struct sensor *sensor, const struct offer *offer, bool turn,
    int64_t milli)
{
	if (milli == INT64_MIN || milli == INT64_MAX)
		return milli; /* a limit that is none */
	(void)offer;
	if (turn)
		milli = number_scale(milli - 32000, 5, 9);
	if (sensor->multiply_milli != 0 && sensor->multiply_milli != 1000)
		milli = number_scale(milli, sensor->multiply_milli, 1000);
	return milli + sensor->offset;
}

/* scale=, unit=F, offset=, kind= of the sensor line. */
static void apply_line(const struct sensor *sensor, struct offer *offer)
{
	bool air = offer->kind == MEASURE_TEMPERATURE || offer->kind == MEASURE_DEW_POINT;
	bool turn, changed;

	if (sensor->kind_given && offer->kind != MEASURE_STATE &&
	    (sensor->read != NULL || offer->kind == MEASURE_VALUE)) {
		offer->kind = (uint8_t)sensor->kind;
		air = offer->kind == MEASURE_TEMPERATURE || offer->kind == MEASURE_DEW_POINT;
	}
	if (offer->quality == QUALITY_ABSENT || offer->kind == MEASURE_STATE)
		return;
	turn = sensor->fahrenheit && !offer->fahrenheit && air;
	changed = turn || (sensor->multiply_milli != 0 && sensor->multiply_milli != 1000);
	if (sensor->offset != 0 || changed) {
		struct limits_offered *l = &offer->limits;

		offer->milli = adjust(sensor, offer, turn, offer->milli);
		l->low_critical = adjust(sensor, offer, turn, l->low_critical);
		l->low_warning = adjust(sensor, offer, turn, l->low_warning);
		l->high_warning = adjust(sensor, offer, turn, l->high_warning);
		l->high_critical = adjust(sensor, offer, turn, l->high_critical);
	}
	/* judged in the wrong unit before: judge again */
	if (changed && air && (offer->doubt == DOUBT_OUT_OF_ROOM ||
	    offer->doubt == DOUBT_OUT_OF_PHYSICS) && offer->milli >= -40000 &&
	    offer->milli <= 85000) {
		offer->quality = QUALITY_OK;
		offer->doubt = DOUBT_NONE;
	}
}

static void check_physics(struct offer *offer)
{
	if (offer->quality == QUALITY_OK &&
	    !measure_possible((enum measure)offer->kind, offer->milli)) {
		offer->quality = QUALITY_UNTRUSTED;
		offer->doubt = DOUBT_OUT_OF_PHYSICS;
	}
}

static uint8_t place_of(const struct sensor *sensor, const struct offer *offer)
{
	bool knows = offer->place == PLACE_INTERNAL || offer->place == PLACE_OUTLET ||
	    offer->place == PLACE_WATER || offer->place == PLACE_OUTSIDE;

	if (sensor == NULL)
		return offer->place;
	if (sensor->read == NULL && knows)
		return offer->place; /* a UPS's battery is no inlet, wherever the UPS stands */
	return sensor->place != PLACE_NONE ? (uint8_t)sensor->place : offer->place;
}

static void announce(struct device_polled *device, const struct known *known,
    const struct line *line, const struct offer *offer, const char *what)
{
	struct series series = { .number = known->number, .subject_kind = line->subject_kind,
		.subject = line->subject, .kind = offer->kind,
		.place = place_of(sensor_of(device, line), offer),
		.low_critical = offer->limits.low_critical,
		.low_warning = offer->limits.low_warning,
		.high_warning = offer->limits.high_warning,
		.high_critical = offer->limits.high_critical };

	series.limited = series.low_critical != INT64_MIN || series.low_warning != INT64_MIN ||
	    series.high_warning != INT64_MAX || series.high_critical != INT64_MAX;
	line_id(device, line, what, series.id);
	memcpy(series.label, offer->label, sizeof series.label);
	series.label[sizeof series.label - 1] = '\0';
	memcpy(series.source, offer->source, sizeof series.source);
	series.source[sizeof series.source - 1] = '\0';
	device->poller->options.series(device->poller->options.user, &series);
}

/* The series of that offer; offers mostly come in the same order each time. */
static struct known *find_known(struct unit *unit, uint64_t hash, uint32_t *cursor)
{
	for (uint32_t i = 0; i < unit->known_n; i++) {
		uint32_t at = (*cursor + i) % unit->known_n;

		if (unit->known[at].hash == hash) {
			*cursor = at + 1;
			return &unit->known[at];
		}
	}
	return NULL;
}

static struct known *add_known(struct device_polled *device, struct unit *unit, uint64_t hash)
{
	if (unit->known_n == unit->known_room) {
		uint32_t room = unit->known_room > 0 ? unit->known_room * 2 : 1;
		struct known *more = realloc(unit->known, room * sizeof *more);

		if (more == NULL || unit->known_n >= 2 * LIMIT_DEVICE_READINGS) {
			if (more != NULL)
				unit->known = more;
			return NULL;
		}
		unit->known = more;
		unit->known_room = room;
	}
	struct known *known = &unit->known[unit->known_n++];

	*known = (struct known){ .hash = hash, .number = device->poller->next_series++ };
	return known;
}

static void take_offer(struct device_polled *device, struct unit *unit, uint32_t line_at,
    const struct offer *offered, uint32_t *cursor)
{
	const struct line *line = &device->lines[line_at];
	const struct sensor *sensor = sensor_of(device, line);
	struct offer offer = *offered;
	uint64_t hash;
	struct known *known;

	if (sensor != NULL)
		apply_line(sensor, &offer);
	check_physics(&offer);
	hash = hash_of(span_of(offer.id, strnlen(offer.id, sizeof offer.id)),
	    (uint64_t)line_at << 8 | offer.kind);
	known = find_known(unit, hash, cursor);
	if (known == NULL) {
		/* the one value of a read= line, or of a command, carries the line's own ID */
		bool own = sensor != NULL &&
		    (sensor->read != NULL || strcmp(offer.id, "value") == 0);

		for (uint32_t i = 0; own && i < unit->known_n; i++)
			own = unit->known[i].line != line_at;
		known = add_known(device, unit, hash);
		if (known == NULL)
			return;
		known->line = line_at;
		known->kind = offer.kind;
		announce(device, known, line, &offer, own ? NULL : offer.id);
	}
	known->seen = true;
	struct reading reading = { .series = known->number, .kind = offer.kind,
		.quality = offer.quality, .doubt = offer.doubt, .severity = offer.severity,
		.time_ms = device->poller->options.now_ms(device->poller->options.user),
		.milli = offer.milli };

	memcpy(reading.state, offer.state, sizeof reading.state);
	poll_say(device->poller, &reading);
}

static bool unit_has_line(const struct unit *unit, uint32_t line)
{
	for (uint32_t i = 0; i < unit->known_n; i++)
		if (unit->known[i].line == line)
			return true;
	return false;
}

/* The whole device was read: a read= line takes what it names, the others the rest. */
static void share_out(struct device_polled *device, struct unit *unit, const struct talk *talk)
{
	uint32_t cursor = 0;

	for (size_t i = 0; i < talk->offers_n; i++) {
		const struct offer *offer = &talk->offers[i];
		bool taken = false;

		for (uint32_t l = 0; l < device->lines_n; l++) {
			const struct sensor *s = sensor_of(device, &device->lines[l]);

			if (s != NULL && s->read != NULL && names(s->read, offer)) {
				take_offer(device, unit, l, offer, &cursor);
				taken = true;
			}
		}
		for (uint32_t l = 0; !taken && l < device->lines_n; l++) {
			const struct sensor *s = sensor_of(device, &device->lines[l]);

			if (s == NULL || s->read == NULL)
				take_offer(device, unit, l, offer, &cursor);
		}
	}
}

/* What is named but not among all it offers gets a talk of its own. */
static void add_own_units(struct device_polled *device)
{
	for (uint32_t l = 0; l < device->lines_n; l++) {
		const struct sensor *s = sensor_of(device, &device->lines[l]);
		bool has = s == NULL || s->read == NULL;

		for (uint32_t u = 0; !has && u < device->units_n; u++)
			has = device->units[u].read != NULL ? device->units[u].line == l :
							      unit_has_line(&device->units[u], l);
		if (!has && device_add_unit(device, s->read, l) == NULL)
			return;
	}
}

void device_take(struct device_polled *device, const struct talk *talk, bool whole)
{
	struct unit *unit = &device->units[device->unit];
	struct reading gone = { .quality = QUALITY_ABSENT, .doubt = DOUBT_GONE };
	uint32_t cursor = 0;

	for (uint32_t i = 0; i < unit->known_n; i++)
		unit->known[i].seen = false;
	if (unit->read == NULL)
		share_out(device, unit, talk);
	else
		for (size_t i = 0; i < talk->offers_n; i++)
			take_offer(device, unit, unit->line, &talk->offers[i], &cursor);
	gone.time_ms = device->poller->options.now_ms(device->poller->options.user);
	for (uint32_t i = 0; i < unit->known_n; i++)
		if (!unit->known[i].seen && whole) {
			gone.series = unit->known[i].number;
			gone.kind = unit->known[i].kind;
			poll_say(device->poller, &gone);
		}
	if (whole && unit->read == NULL)
		add_own_units(device); /* last: it moves the units */
}

void unit_silent(struct device_polled *device, struct unit *unit, enum doubt doubt)
{
	struct reading none = { .quality = QUALITY_ABSENT, .doubt = (uint8_t)doubt,
		.time_ms = device->poller->options.now_ms(device->poller->options.user) };

	for (uint32_t i = 0; i < unit->known_n; i++) {
		none.series = unit->known[i].number;
		none.kind = unit->known[i].kind;
		poll_say(device->poller, &none);
	}
}

static void announce_reach(struct device_polled *device, struct line *line)
{
	struct series series = { .subject_kind = line->subject_kind, .subject = line->subject,
		.kind = MEASURE_REACH, .clear = device->clear };
	const char *address = device->about.address;

	line->reach_said = true;
	line->reach = series.number = device->poller->next_series++;
	line_id(device, line, "reach", series.id);
	(void)snprintf(series.source, sizeof series.source, "%s%s",
	    device->is == DEVICE_PINGED ? "ping " : device->is == DEVICE_CONNECTED ? "tcp " : "",
	    address != NULL ? address : "");
	device->poller->options.series(device->poller->options.user, &series);
}

/* A device that says no is there; that what it holds can not be had is said too. */
void device_reach(struct device_polled *device, int code)
{
	bool there = code == KS_OK || code == KS_REFUSED || code == KS_MALFORMED || code == KS_FULL;
	bool connect = device->is == DEVICE_CONNECTED; /* a refused port is what was asked */
	struct reading reading = { .kind = MEASURE_REACH, .quality = QUALITY_OK,
		.time_ms = device->poller->options.now_ms(device->poller->options.user) };

	reading.milli = there && !(connect && code != KS_OK) ? 1000 : 0;
	reading.severity = reading.milli > 0 ? SEVERITY_OK : SEVERITY_CRITICAL;
	if (code != KS_OK) {
		reading.doubt = (uint8_t)(connect && code == KS_REFUSED ? DOUBT_CLOSED
									: doubt_of(code));
		if (device->is == DEVICE_PINGED && code == KS_ABSENT) /* could not be tried */
			reading.quality = QUALITY_ABSENT;
		if (there && !connect)
			reading.quality = QUALITY_UNTRUSTED;
	}
	for (uint32_t i = 0; i < device->lines_n; i++) {
		if (!device->lines[i].reach_said)
			announce_reach(device, &device->lines[i]);
		reading.series = device->lines[i].reach;
		poll_say(device->poller, &reading);
	}
}
