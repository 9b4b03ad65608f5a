/* src/sense/poll_flight.c - one poll of one device: its talks, what became of them. */
#include "sense/poll_in.h"
#include "base/must.h"
#include <stdlib.h>

static struct talker *talker_take(struct poller *poller)
{
	struct talker *talker = poller->free_talkers;

	if (talker == NULL)
		return calloc(1, sizeof *talker); /* pages are touched as offers come */
	poller->free_talkers = talker->next;
	return talker;
}

void device_land(struct device_polled *device)
{
	struct talker *talker = device->talker;

	if (talker == NULL)
		return;
	talker->over = true;
	arena_done(&talker->arena);
	talker->next = device->poller->free_talkers;
	device->poller->free_talkers = talker;
	device->talker = NULL;
}

void channel_close(struct device_polled *device)
{
	if (device->channel != NULL)
		device->channel->kind->close(device->channel);
	device->channel = NULL;
}

static void unit_done(struct talker *talker, int code, const struct why *why);

static int unit_start(struct device_polled *device, struct why *why)
{
	struct poller *poller = device->poller;
	struct unit *unit = &device->units[device->unit];
	struct probe probe = { .name = device->about.name, .address = device->about.address,
		.read = unit->read, .root = "" };
	const struct channel_kind *const *kinds = poller->options.kinds != NULL ?
	    poller->options.kinds : channel_kinds;
	int code = KS_OK;

	if (device->secret != NULL && device->about.secret.left == 0 &&
	    poller->options.secret != NULL)
		code = poller->options.secret(poller->options.user, device->secret,
		    &device->about.secret, why);
	if (code == KS_OK && device->channel == NULL)
		code = kinds[device->driver->via]->open(&poller->hub, &device->about,
		    &device->channel, why);
	if (code != KS_OK)
		return code;
	device->clear = device->channel->clear;
	device->talker = talker_take(poller);
	if (device->talker == NULL)
		return fail(why, KS_FULL, "%s: out of memory", device->about.name);
	device->talker->user = device;
	device->talker->done = unit_done;
	talker_start(device->talker, device->driver, device->channel, &probe, unit->memory);
	if (device->talker != NULL && !device->talker->over)
		device_move(device, talker_deadline(device->talker));
	return KS_OK;
}

static void not_begun(struct device_polled *device, int code, const struct why *why)
{
	for (uint32_t u = 0; u < device->units_n; u++)
		unit_silent(device, &device->units[u], doubt_of(code));
	device_done(device, code, why);
}

void device_fly(struct device_polled *device)
{
	struct poller *poller = device->poller;
	uint64_t now = uv_now(poller->hub.loop);
	struct why why = { 0 };
	int code;

	if (now > device->slot + device->period / 5 + poller->granule)
		poller->counts.late++;
	device->state = DEVICE_FLIES;
	device->unit = 0;
	device->any_well = false;
	device->code = KS_OK;
	device->tries = 0;
	code = device->is == DEVICE_TALKS ? unit_start(device, &why) : reach_begin(device, &why);
	if (code != KS_OK)
		not_begun(device, code, &why);
}

/* Datagrams that a talk loses before it gives up; TCP sees to its own. */
static uint32_t tries_of(const struct device_polled *device)
{
	return device->driver != NULL && device->driver->via == VIA_SNMP ? SNMP_TRIES :
									   REACH_TRIES / 2;
}

/* A device that did answer lately is asked again before anything is said of it. */
static bool try_again(struct device_polled *device, int code)
{
	struct poller *poller = device->poller;

	if (code != KS_LATE || device->fails > 0 || device->any_well || poller->options.once)
		return false;
	device->tries += tries_of(device);
	if (device->tries >= REACH_TRIES)
		return false;
	device_move(device, uv_now(poller->hub.loop) + hub_wait(&poller->hub, RETRY_GAP_MS));
	return true;
}

/* A channel whose question is still open can not be asked another. */
static void leave_channel(struct talker *talker, bool going_on)
{
	struct device_polled *device = talker->user;

	if (talker->asking)
		channel_close(device);
	else if (!going_on)
		device->channel->kind->rest(device->channel, false);
}

static void unit_done(struct talker *talker, int code, const struct why *why)
{
	struct device_polled *device = talker->user;
	struct poller *poller = device->poller;
	struct why own = why != NULL ? *why : (struct why){ 0 };

	poller->counts.asks += talker->talk.turn + 1;
	if (talker->talk.full)
		poller->counts.full++;
	if (code != KS_OK && try_again(device, code)) {
		leave_channel(talker, false);
		device_land(device);
		return;
	}
	if (code == KS_OK || talker->talk.offers_n > 0)
		device_take(device, &talker->talk, true);
	else
		unit_silent(device, &device->units[device->unit], doubt_of(code));
	leave_channel(talker, true);
	device_land(device);
	if (code == KS_OK)
		device->any_well = true;
	else
		device->code = code;
	device->unit++;
	/* the next value of the same device; none when it is silent altogether */
	if (device->unit < device->units_n && code != KS_LATE) {
		code = unit_start(device, &own);
		if (code == KS_OK)
			return;
	}
	for (uint32_t u = device->unit; u < device->units_n; u++)
		unit_silent(device, &device->units[u], doubt_of(code));
	device_done(device, device->any_well ? KS_OK : device->code != KS_OK ? device->code : code,
	    &own);
}

static uint64_t next_start(struct device_polled *device)
{
	struct poller *poller = device->poller;
	uint64_t now = uv_now(poller->hub.loop), wait = device->period;
	uint64_t factor = poller->options.factor > 0 ? poller->options.factor : 1;
	uint64_t most = LIMIT_POLL_BACKOFF_S * 1000u / factor;

	if (device->fails == 0) { /* back to its even place */
		if (device->slot <= now)
			device->slot += ((now - device->slot) / device->period + 1) * device->period;
		return device->slot;
	}
	for (uint32_t i = 1; i < device->fails && wait < most; i++)
		wait *= 2;
	if (wait > most)
		wait = most > device->period ? most : device->period;
	if (now + wait > device->slot)
		device->slot += (now + wait - device->slot) / device->period * device->period;
	return now + wait;
}

static void tell(struct device_polled *device, int code, const struct why *why)
{
	struct poller *poller = device->poller;
	bool well = code == KS_OK;

	if (poller->options.trouble != NULL && (device->ever ? device->well_said != well : !well))
		poller->options.trouble(poller->options.user, device->about.name, well ? NULL : why);
	device->well_said = well;
	device->ever = true;
}

void device_done(struct device_polled *device, int code, const struct why *why)
{
	struct poller *poller = device->poller;

	must(device->state == DEVICE_FLIES);
	poller->counts.polls++;
	if (code != KS_OK)
		poller->counts.failed++;
	reach_stop(device);
	device_land(device);
	if (device->channel != NULL)
		device->channel->kind->rest(device->channel, code == KS_OK);
	device_reach(device, code);
	if (device->fails == 0 && code != KS_OK)
		poller->counts.dead++;
	if (device->fails > 0 && code == KS_OK)
		poller->counts.dead--;
	tell(device, code, why);
	device->fails = code == KS_OK ? 0 : device->fails + 1;
	device->state = DEVICE_WAITS;
	if (device->is != DEVICE_PINGED) {
		device->host->flying--;
		poller->flying--;
		poll_host_list(poller, device->host);
	}
	if (poller->options.once) {
		device->finished = true;
		poller->unfinished--;
		device_move(device, UINT64_MAX);
		if (poller->unfinished == 0) /* say so from the timer, not from within */
			device_move(device, uv_now(poller->hub.loop));
	} else {
		device_move(device, next_start(device));
	}
}

void device_tick(struct device_polled *device, uint64_t now)
{
	struct why why = { 0 };
	int code;

	if (device->is != DEVICE_TALKS) {
		reach_tick(device, now);
		return;
	}
	if (device->talker == NULL) { /* the pause before trying again is over */
		code = unit_start(device, &why);
		if (code != KS_OK)
			not_begun(device, code, &why);
		return;
	}
	if (now >= talker_deadline(device->talker))
		talker_tick(device->talker, now);
	if (device->state == DEVICE_FLIES && device->talker != NULL)
		device_move(device, talker_deadline(device->talker));
}
