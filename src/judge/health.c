/* src/judge/health.c - which sensors can be believed, which are silent, and whether a
 * room can still be seen at all. */
#include "judge/state.h"

enum { ILL_SILENT, ILL_ABSENT, ILL_UNTRUSTED, ILL_STUCK };

/* Its last reading is young enough to speak for now. */
bool track_fresh(const struct judge *judge, const struct track *track)
{
	return judge->clock.now - track->at <= track->every_ms * 5 / 2 + MINUTE / 4;
}

bool track_trusted(const struct judge *judge, const struct track *track)
{
	return track->good && track->quality == QUALITY_OK && track_fresh(judge, track);
}

/* Nothing came for 2.5 periods and three ticks: a tick after a set clock proves nothing. */
bool track_silent(const struct judge *judge, const struct track *track)
{
	int64_t from = track->heard > judge->excuse ? track->heard : judge->excuse;

	return track->silent || (track->seen && judge->clock.ticks - track->tick >= 3 &&
	    judge->clock.now - from > track->every_ms * 5 / 2);
}

/* That nobody answered is no sign of life, however often it is said: a poller that
 * backs off says so minutes apart. */
static bool is_answer(const struct reading *reading)
{
	return reading->quality != QUALITY_ABSENT ||
	    (reading->doubt != DOUBT_SILENT && reading->doubt != DOUBT_REFUSED);
}

static void doubt_take(struct judge *judge, struct track *track, struct reading *reading,
    int64_t at)
{
	if (reading->quality != QUALITY_OK)
		return;
	enum doubt doubt = measure_possible((enum measure)track->kind, reading->milli) ?
	    suspect(judge, track, reading->milli, at) : DOUBT_OUT_OF_PHYSICS;

	if (doubt != DOUBT_NONE) {
		reading->quality = QUALITY_UNTRUSTED;
		reading->doubt = (uint8_t)doubt;
	} else if (track_breathes(track) && stuck_take(judge, track, reading->milli, at)) {
		reading->quality = QUALITY_STUCK;
		reading->doubt = DOUBT_STUCK;
	}
}

static void state_take(struct track *track, const struct reading *reading, int64_t at)
{
	bool ill = reading->severity == SEVERITY_WARNING || reading->severity == SEVERITY_CRITICAL;

	if (reading->quality != QUALITY_OK)
		return;
	if (ill && track->state_n == 0)
		track->state_since = at;
	track->state_n = !ill ? 0 : track->state_n < 2 ? (uint8_t)(track->state_n + 1) : 2;
	track->severity = reading->severity;
	memcpy(track->state, reading->state, sizeof track->state);
	track->state[sizeof track->state - 1] = '\0';
}

static void good_take(struct track *track, int64_t milli, int64_t at)
{
	if (track->good && milli != track->good_milli) {
		track->moved_by = milli - track->good_milli;
		track->moved_at = at;
	}
	track->good = true;
	track->good_n = track->good_n < 2 ? (uint8_t)(track->good_n + 1) : 2;
	track->good_at = at;
	track->good_milli = milli;
}

void health_take(struct judge *judge, struct track *track, struct reading *reading,
    int64_t at)
{
	doubt_take(judge, track, reading, at);
	bool bad = reading->quality != QUALITY_OK;

	if (bad && (track->bad_bits & 3) == 0)
		track->bad_since = at;
	/* one glitch of another kind does not change what it suffers from */
	if (bad && (!track->bad || reading->quality == track->quality)) {
		track->ill = reading->quality;
		track->ill_doubt = reading->doubt;
	}
	track->bad_bits = (uint8_t)(track->bad_bits << 1 | bad);
	bool two = __builtin_popcount(track->bad_bits & 7U) >= 2;

	judge->dirty |= two != track->bad;
	track->bad = two;
	if (track->kind == MEASURE_STATE) {
		judge->dirty |= reading->severity != track->severity;
		state_take(track, reading, at);
	}
	track->quality = reading->quality;
	track->doubt = reading->doubt;
	track->seen = true;
	track->at = at;
	if (is_answer(reading)) {
		track->heard = at;
		track->tick = judge->clock.ticks;
		track->silent = false;
	}
	if (reading->quality != QUALITY_ABSENT)
		track->milli = reading->milli;
	if (!bad)
		good_take(track, reading->milli, at);
}

/* A series that never gave a value is an empty port, unless its line asked for it. */
static bool track_expected(const struct judge *judge, const struct track *track)
{
	return track->good || judge->site->sensors[track->subject].read != NULL;
}

static void line_note(struct line_health *line, int ill, uint32_t at, const struct track *track,
    int64_t since)
{
	uint32_t *counts[] = { &line->silent, &line->absent, &line->untrusted, &line->stuck };

	if (++*counts[ill] == 1 || since < line->since[ill]) {
		line->first[ill] = at;
		line->since[ill] = since;
		line->doubt[ill] = track->ill_doubt;
	}
}

static void line_take(struct judge *judge, uint32_t at)
{
	struct track *track = &judge->tracks[at];
	struct line_health *line = &judge->lines[track->subject];
	bool mute = track->bad &&
	    (track->ill_doubt == DOUBT_SILENT || track->ill_doubt == DOUBT_REFUSED);
	bool garbage = track->bad && track->ill == QUALITY_ABSENT &&
	    track->ill_doubt == DOUBT_MALFORMED;

	if (track->kind == MEASURE_REACH) {
		/* says why there are no values; is none itself */
		line->hint = line->hint != DOUBT_NONE ? line->hint : track->doubt;
		return;
	}
	line->series++;
	line->good += track->good;
	line->hint = track->bad ? track->ill_doubt : line->hint;
	track->silent = track_silent(judge, track);
	if (track->silent && !garbage)
		line_note(line, ILL_SILENT, at, track, track->heard + track->every_ms);
	else if (mute)
		line_note(line, ILL_SILENT, at, track, track->bad_since);
	else if (!track->bad || !track_expected(judge, track))
		return;
	else if (track->ill == QUALITY_STUCK)
		line_note(line, ILL_STUCK, at, track, track->run_since);
	else if (track->ill == QUALITY_UNTRUSTED)
		line_note(line, ILL_UNTRUSTED, at, track, track->bad_since);
	else
		line_note(line, ILL_ABSENT, at, track, track->bad_since);
}

static void line_claim(struct judge *judge, const struct sensor *sensor, int ill)
{
	static const enum finding_code codes[] = { FINDING_SILENT, FINDING_ABSENT,
		FINDING_UNTRUSTED, FINDING_STUCK };
	struct line_health *line = &judge->lines[sensor - judge->site->sensors];
	const uint32_t counts[] = { line->silent, line->absent, line->untrusted, line->stuck };
	enum doubt doubt = (enum doubt)line->doubt[ill];
	bool one = ill != ILL_SILENT && counts[ill] == 1;
	const struct track *track = one ? &judge->tracks[line->first[ill]] : NULL;

	if (doubt == DOUBT_NONE)
		doubt = ill == ILL_SILENT ? DOUBT_SILENT : DOUBT_GONE;
	struct slot *slot = claim(judge, &(struct claim){ .code = codes[ill],
		.severity = SEVERITY_WARNING, .subject_kind = SUBJECT_SENSOR, .key = sensor->id,
		.index = (uint32_t)(sensor - judge->site->sensors),
		.subject = one ? track->id : sensor->id, .doubt = doubt,
		.place = sensor->room != NULL ? sensor->room->id : "",
		.kind = one ? (enum measure)track->kind : MEASURE_COUNT,
		.value = one ? track->milli : (int64_t)counts[ill] * 1000,
		.since = line->since[ill], .count = line->never ? 0 : counts[ill] });

	line->ill = true;
	if (ill == ILL_SILENT)
		line->slot = slot;
}

/* Told before a reload or a gap: not over for our not having asked meanwhile. */
static bool told_still(struct judge *judge, enum finding_code code, const char *key)
{
	struct slot *slot = book_find(&judge->book, code, key);

	if (slot != NULL)
		slot->claimed = true;
	return slot != NULL;
}

/* A line of which nothing ever came is silent too, three periods after the start; one
 * that answers with something else than values has none. */
static bool line_never(struct judge *judge, const struct sensor *sensor,
    struct line_health *line)
{
	int ill = line->hint == DOUBT_NONE || line->hint == DOUBT_SILENT ? ILL_SILENT : ILL_ABSENT;

	if (line->good + line->silent + line->absent + line->untrusted + line->stuck > 0)
		return false;
	if (judge->clock.now - judge->excuse < 3 * sensor->every_ms) {
		line->ill = told_still(judge, FINDING_SILENT, sensor->id);
		line->ill |= told_still(judge, FINDING_ABSENT, sensor->id);
		return line->ill;
	}
	line->never = true;
	line->all_silent = ill == ILL_SILENT; /* who answers with garbage has power */
	line->since[ill] = judge->excuse;
	line->doubt[ill] = line->hint;
	line_claim(judge, sensor, ill);
	return true;
}

static void line_judge(struct judge *judge, uint32_t at)
{
	const struct sensor *sensor = &judge->site->sensors[at];
	struct line_health *line = &judge->lines[at];

	if (line_never(judge, sensor, line))
		return;
	line->all_silent = line->series > 0 && line->silent == line->series;
	if (line->all_silent) {
		line_claim(judge, sensor, ILL_SILENT);
		return;
	}
	if (line->silent > 0 && line->absent == 0) {
		line->since[ILL_ABSENT] = line->since[ILL_SILENT];
		line->first[ILL_ABSENT] = line->first[ILL_SILENT];
		line->doubt[ILL_ABSENT] = line->doubt[ILL_SILENT];
	}
	line->absent += line->silent;
	if (line->absent > 0)
		line_claim(judge, sensor, ILL_ABSENT);
	if (line->untrusted > 0)
		line_claim(judge, sensor, ILL_UNTRUSTED);
	if (line->stuck > 0)
		line_claim(judge, sensor, ILL_STUCK);
}

void health_sweep(struct judge *judge)
{
	if (judge->excuse == 0)
		judge->excuse = judge->clock.now;
	for (size_t i = 0; i < judge->site->sensors_n; i++)
		judge->lines[i] = (struct line_health){ .battery_since = INT64_MAX };
	for (uint32_t i = 0; i < judge->tracks_n; i++)
		if (judge->tracks[i].subject_kind == SUBJECT_SENSOR)
			line_take(judge, i);
	for (uint32_t i = 0; i < judge->site->sensors_n; i++)
		line_judge(judge, i);
}

static void blind_count(struct judge *judge, const struct track *track)
{
	if (track->subject_kind != SUBJECT_SENSOR || track->room < 0 || !track_breathes(track) ||
	    !track_expected(judge, track) || judge->lines[track->subject].never)
		return;
	struct chamber *room = &judge->rooms[track->room];
	bool silent = track_silent(judge, track);
	int64_t since = silent ? track->heard + track->every_ms : track->bad_since;

	room->temp_n++;
	/* one doubted for its jump answers: something is known of the room */
	if (!silent && (!track->bad || track->ill_doubt == DOUBT_JUMP))
		return;
	room->temp_lost++;
	if (since > room->lost_since)
		room->lost_since = since;
}

/* A thermometer of the site file that never said a word is lost as well. */
static void blind_count_mute(struct judge *judge, uint32_t at)
{
	const struct sensor *sensor = &judge->site->sensors[at];

	if (sensor->room == NULL || (judge->lines[at].series > 0 && !judge->lines[at].never) ||
	    (sensor->kind_given && sensor->kind != MEASURE_TEMPERATURE) ||
	    (sensor->place != PLACE_ROOM && sensor->place != PLACE_INLET))
		return;
	struct chamber *room = &judge->rooms[sensor->room - judge->site->rooms];

	room->temp_n++;
	if (judge->lines[at].never)
		room->temp_lost++;
}

/* All sensors of a room lost: worse than any one of them, worse than heat. */
void blind_sweep(struct judge *judge)
{
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->rooms_n; i++) {
		judge->rooms[i].temp_n = judge->rooms[i].temp_lost = 0;
		judge->rooms[i].lost_since = judge->excuse;
		judge->rooms[i].blind = NULL;
	}
	for (size_t i = 0; i < judge->tracks_n; i++)
		blind_count(judge, &judge->tracks[i]);
	for (uint32_t i = 0; i < site->sensors_n; i++)
		blind_count_mute(judge, i);
	for (size_t i = 0; i < site->rooms_n; i++) {
		struct chamber *room = &judge->rooms[i];

		if (room->temp_n == 0 || room->temp_lost < room->temp_n)
			continue;
		room->blind = claim(judge, &(struct claim){ .code = FINDING_ROOM_BLIND,
			.severity = SEVERITY_CRITICAL, .subject_kind = SUBJECT_ROOM,
			.subject = site->rooms[i].id, .place = site->rooms[i].id,
			.kind = MEASURE_COUNT, .since = room->lost_since,
			.value = room->temp_lost * 1000LL, .count = room->temp_lost });
	}
}
