/* src/judge/mute.c - maintenance windows: what happens in them is told, nobody is
 * woken.  A window names a room, rack, node, switch, service or host, and silences
 * what is in it, on it or behind it. */
#include "judge/state.h"

static bool is(const char *what, const char *id)
{
	return strcmp(what, id) == 0;
}

static bool fed_by(const struct host *host, const char *what)
{
	size_t below = 0;

	for (size_t i = 0; i < host->cords_n; i++) {
		const struct node *node = host->cords[i].pdu;

		for (; node != NULL; node = node->from)
			if (is(what, node->id)) {
				below++;
				break;
			}
	}
	return below > 0 && below == host->cords_n;
}

static bool host_within(const struct host *host, const char *what)
{
	const struct device *behind = host->behind;

	if (host->rack != NULL &&
	    (is(what, host->rack->id) ||
		(host->rack->room != NULL && is(what, host->rack->room->id))))
		return true;
	for (; behind != NULL; behind = behind->behind)
		if (is(what, behind->id))
			return true;
	return (host->service != NULL && is(what, host->service->id)) || fed_by(host, what);
}

static bool sensor_within(const struct judge *judge, uint32_t index, const char *what)
{
	const struct sensor *sensor = &judge->site->sensors[index];

	const char *const ids[] = { sensor->id, sensor->room != NULL ? sensor->room->id : NULL,
		sensor->rack != NULL ? sensor->rack->id : NULL,
		sensor->node != NULL ? sensor->node->id : NULL,
		sensor->host != NULL ? sensor->host->id : NULL };

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (ids[i] != NULL && is(what, ids[i]))
			return true;
	return false;
}

/* what: an ID; NULL: everything. */
static bool covers(const struct judge *judge, const char *what, const struct finding *finding,
    uint32_t index)
{
	if (what == NULL || is(what, finding->subject) || is(what, finding->place))
		return true;
	if (finding->subject_kind == SUBJECT_HOST)
		return index < judge->site->hosts_n &&
		    host_within(&judge->site->hosts[index], what);
	return finding->subject_kind == SUBJECT_SENSOR && index < judge->site->sensors_n &&
	    sensor_within(judge, index, what);
}

static bool asked_for(const struct judge *judge, const struct finding *finding, uint32_t index)
{
	int64_t now = judge->clock.wall;

	for (size_t i = 0; i < judge->windows_n; i++) {
		const struct window *window = &judge->windows[i];

		if (now >= window->from_ms && now < window->to_ms &&
		    (window->code == FINDING_CODES || window->code == finding->code) &&
		    covers(judge, window->what[0] != '\0' ? window->what : NULL, finding, index))
			return true;
	}
	return false;
}

void judge_windows(struct judge *judge, const struct window *windows, size_t n)
{
	judge->windows = windows;
	judge->windows_n = n;
	judge->dirty = true;
}

bool mute_now(const struct judge *judge, const struct finding *finding, uint32_t index)
{
	for (size_t i = 0; i < judge->site->maintenances_n; i++) {
		const struct maintenance *window = &judge->site->maintenances[i];

		if (covers(judge, window->what, finding, index) &&
		    window_open(judge, window, judge->clock.wall))
			return true;
	}
	return asked_for(judge, finding, index);
}

void mute_sweep(struct judge *judge)
{
	for (size_t i = 0; i < judge->book.high; i++) {
		struct slot *slot = &judge->book.slots[i];

		if (!slot->used || slot->ended != 0)
			continue;
		bool silenced = mute_now(judge, &slot->said, slot->index);

		/* a reboot is over at once: silenced then, it is not told later */
		silenced |= slot->said.silenced && slot->said.code == FINDING_REBOOT;
		slot->changed |= silenced != slot->said.silenced;
		slot->said.silenced = silenced;
	}
}
