/* src/judge/reach.c - who answers.  A lost packet is no lost host: three probes in a
 * row must fail, more of a host that has been losing some.  A thing seen down waits for the
 * next probe of what it hangs on before it is told. */
#include "judge/state.h"

enum { REACH_NEED = 3, REACH_MORE = 4, REACH_MARGIN = 10 * SECOND, REBOOT_SHOWN = HOUR,
	CAUSE_KEPT = DAY };

static struct reach *reach_of(struct judge *judge, const struct track *track)
{
	if (track->subject_kind == SUBJECT_HOST)
		return &judge->hosts[track->subject];
	return track->subject_kind == SUBJECT_DEVICE ? &judge->devices[track->subject] : NULL;
}

void reach_asked(struct judge *judge, const struct track *track)
{
	struct reach *reach = reach_of(judge, track);

	if (reach != NULL)
		reach->asked = true;
}

static struct reach *reach_named(struct judge *judge, const struct finding *said)
{
	const struct site *site = judge->site;

	for (size_t i = 0; said->subject_kind == SUBJECT_HOST && i < site->hosts_n; i++)
		if (strcmp(site->hosts[i].id, said->subject) == 0)
			return &judge->hosts[i];
	for (size_t i = 0; said->subject_kind == SUBJECT_DEVICE && i < site->devices_n; i++)
		if (strcmp(site->devices[i].id, said->subject) == 0)
			return &judge->devices[i];
	return NULL;
}

/* A poller that backs off asks it again in minutes: until then the last that was known
 * holds, not that nothing is known. */
void reach_restore(struct judge *judge, const struct slot *slot)
{
	const struct finding *said = &slot->said;
	struct reach *reach = said->code == FINDING_HOST_DOWN || said->code == FINDING_SWITCH_DOWN
	    ? reach_named(judge, said) : NULL;

	if (reach == NULL || reach->at != 0)
		return;
	reach->state = PROBE_DOWN;
	reach->watched = reach->told = true;
	reach->fails = REACH_NEED;
	reach->bits = (1u << REACH_NEED) - 1;
	reach->fail_at = slot->since;
	reach->kept = judge->clock.now + REACH_KEPT;
}

/* The site file has it no longer asked: nothing is known of it. */
static void reach_fade(const struct judge *judge, struct reach *reach)
{
	if (reach->kept == 0 || reach->asked || judge->clock.now < reach->kept)
		return;
	*reach = (struct reach){ .incident = -1, .uptime = -1, .every_ms = reach->every_ms };
}

static void reach_up(struct reach *reach, int64_t at)
{
	if (reach->state == PROBE_DOWN)
		reach->recovered_at = at;
	reach->state = PROBE_UP;
	reach->fails = 0;
	reach->up_at = at;
}

static void reach_fail(struct reach *reach, int64_t at)
{
	if (reach->fails == 0)
		reach->fail_at = at;
	reach->fails = reach->fails < 30 ? (uint8_t)(reach->fails + 1) : 30;
	int lossy = __builtin_popcount(reach->bits >> reach->fails);
	int need = REACH_NEED + (lossy < REACH_MORE ? lossy : REACH_MORE);

	if (reach->state != PROBE_DOWN)
		reach->state = reach->fails >= need ? PROBE_DOWN : PROBE_FAILING;
}

void reach_take(struct judge *judge, const struct track *track,
    const struct reading *reading, int64_t at)
{
	struct reach *reach = reach_of(judge, track);
	bool answered = reading->quality == QUALITY_OK && reading->milli > 0;
	bool failed = reading->quality == QUALITY_OK ? !answered : reading->doubt == DOUBT_SILENT;

	if (reach == NULL || (!answered && !failed))
		return;
	uint8_t before = reach->state;

	reach->watched = reach->asked = true;
	reach->kept = 0;
	reach->every_ms = track->every_ms;
	reach->bits = reach->bits << 1 | failed;
	reach->at = at;
	if (answered)
		reach_up(reach, at);
	else
		reach_fail(reach, at);
	judge->dirty |= before != reach->state;
}

/* sysUpTime counts hundredths in 32 bits and starts again after 497 days; others count
 * milliseconds and do so after 49.7. */
static bool uptime_wrapped(int64_t expected, int64_t uptime)
{
	static const int64_t wraps[] = { 42949672, 4294967 };

	for (size_t i = 0; i < sizeof wraps / sizeof *wraps; i++) {
		int64_t off = expected - wraps[i] - uptime;

		if (off >= -300 && off <= 300)
			return true;
	}
	return false;
}

static void reboot_claim(struct judge *judge, const struct track *track, struct reach *reach,
    int64_t since)
{
	bool host = track->subject_kind == SUBJECT_HOST;
	const struct site *site = judge->site;
	const struct host *machine = host ? &site->hosts[track->subject] : NULL;
	struct slot *slot = claim(judge, &(struct claim){ .code = FINDING_REBOOT,
		.severity = SEVERITY_WARNING, .index = track->subject,
		.subject_kind = (enum subject)track->subject_kind,
		.subject = host ? machine->id : site->devices[track->subject].id,
		.place = host && machine->rack != NULL ? machine->rack->id : "",
		.kind = MEASURE_UPTIME, .since = since, .value = reach->uptime * 1000 });

	if (slot == NULL)
		return;
	slot->until = judge->clock.now + REBOOT_SHOWN;
	if (judge->clock.now - reach->cause_at < CAUSE_KEPT)
		slot->cause_id = reach->cause_id;
	judge->dirty = true;
}

void uptime_take(struct judge *judge, const struct track *track, int64_t milli, int64_t at)
{
	struct reach *reach = reach_of(judge, track);
	int64_t uptime = milli / 1000;

	if (reach == NULL)
		return;
	int64_t expected = reach->uptime + (at - reach->uptime_at) / 1000;

	if (reach->uptime >= 0 && uptime + 2 < reach->uptime && !uptime_wrapped(expected, uptime)) {
		int64_t since = at - uptime * 1000;

		reboot_claim(judge, track, reach,
		    since > reach->uptime_at ? since : reach->uptime_at);
	}
	reach->uptime = uptime;
	reach->uptime_at = at;
}

/* Has what it hangs on not been asked yet since this one failed?  Bounded: four of
 * the parent's periods and a margin later nobody waits any more. */
bool reach_waits(const struct judge *judge, const struct device *behind,
    const struct reach *child)
{
	for (; behind != NULL; behind = behind->behind) {
		const struct reach *parent = &judge->devices[behind - judge->site->devices];

		if (!parent->watched)
			continue;
		if (judge->clock.now - child->fail_at > 4 * parent->every_ms + REACH_MARGIN)
			return false;
		if (parent->state == PROBE_DOWN)
			return !parent->told;
		return parent->state == PROBE_FAILING || parent->up_at < child->fail_at;
	}
	return false;
}

static void device_claim(struct judge *judge, size_t at)
{
	const struct device *device = &judge->site->devices[at];
	struct reach *reach = &judge->devices[at];

	reach->slot = claim(judge, &(struct claim){
		.code = judge->parent[at] ? FINDING_SWITCH_DOWN : FINDING_HOST_DOWN,
		.severity = judge->parent[at] ? SEVERITY_CRITICAL : SEVERITY_WARNING,
		.subject_kind = SUBJECT_DEVICE, .subject = device->id,
		.place = device->rack != NULL ? device->rack->id :
		    device->room != NULL ? device->room->id : "",
		.kind = MEASURE_REACH, .since = reach->fail_at });
}

void reach_sweep(struct judge *judge)
{
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->hosts_n; i++)
		reach_fade(judge, &judge->hosts[i]);
	for (size_t i = 0; i < site->devices_n; i++)
		reach_fade(judge, &judge->devices[i]);
	for (size_t i = 0; i < site->devices_n; i++) {
		struct reach *reach = &judge->devices[i];

		reach->slot = NULL;
		if (reach->state != PROBE_DOWN)
			reach->told = false;
		else if (reach->told || !reach_waits(judge, site->devices[i].behind, reach))
			reach->told = true;
		if (reach->told)
			device_claim(judge, i);
		else if (reach->recovered_at != 0 && reach->state == PROBE_UP)
			quit(judge, judge->parent[i] ? FINDING_SWITCH_DOWN : FINDING_HOST_DOWN,
			    site->devices[i].id, reach->recovered_at);
	}
}
