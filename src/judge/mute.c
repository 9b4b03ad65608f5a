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

static bool window_covers(const struct judge *judge, const struct maintenance *window,
    const struct finding *finding, uint32_t index)
{
	if (window->what == NULL || is(window->what, finding->subject) ||
	    is(window->what, finding->place))
		return true;
	if (finding->subject_kind == SUBJECT_HOST)
		return index < judge->site->hosts_n &&
		    host_within(&judge->site->hosts[index], window->what);
	return finding->subject_kind == SUBJECT_SENSOR && index < judge->site->sensors_n &&
	    sensor_within(judge, index, window->what);
}

bool mute_now(const struct judge *judge, const struct finding *finding, uint32_t index)
{
	for (size_t i = 0; i < judge->site->maintenances_n; i++) {
		const struct maintenance *window = &judge->site->maintenances[i];

		if (window_covers(judge, window, finding, index) &&
		    window_open(judge, window, judge->clock.wall))
			return true;
	}
	return false;
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
