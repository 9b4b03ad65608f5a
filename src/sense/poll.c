/* src/sense/poll.c - whose turn it is: starts, deadlines, back-off. */
#include "sense/poll_in.h"
#include <stdlib.h>

/* The heap: who is due first. */

static bool sooner(const struct device_polled *a, const struct device_polled *b)
{
	return a->due != b->due ? a->due < b->due : a->index < b->index;
}

static void heap_put(struct poller *poller, uint32_t at, struct device_polled *device)
{
	poller->heap[at] = device;
	device->at = at;
}

static void heap_fix(struct poller *poller, struct device_polled *device)
{
	uint32_t at = device->at;

	while (at > 0 && sooner(device, poller->heap[(at - 1) / 2])) {
		heap_put(poller, at, poller->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child >= poller->heap_n)
			break;
		if (child + 1 < poller->heap_n &&
		    sooner(poller->heap[child + 1], poller->heap[child]))
			child++;
		if (!sooner(poller->heap[child], device))
			break;
		heap_put(poller, at, poller->heap[child]);
		at = child;
	}
	heap_put(poller, at, device);
}

static void turn(uv_timer_t *timer);

/* One timer for all; rounded up, so that starts come in small batches. */
static void arm(struct poller *poller)
{
	uint64_t due = poller->heap_n > 0 ? poller->heap[0]->due : UINT64_MAX;
	uint64_t now = uv_now(poller->hub.loop);

	if (due == UINT64_MAX || poller->stopping)
		return;
	due = (due / poller->granule + 1) * poller->granule;
	if (due >= poller->armed)
		return;
	poller->armed = due;
	(void)uv_timer_start(poller->timer, turn, due > now ? due - now : 1, 0);
}

void device_move(struct device_polled *device, uint64_t due)
{
	device->due = due;
	heap_fix(device->poller, device);
	arm(device->poller);
}

/* The queues: who waits for a free place. */

void poll_host_list(struct poller *poller, struct poll_host *host)
{
	if (host->listed || host->first == NULL || host->flying >= LIMIT_POLL_HOST_FLIGHT)
		return;
	host->listed = true;
	host->next = NULL;
	if (poller->queue_last != NULL)
		poller->queue_last->next = host;
	else
		poller->queue_first = host;
	poller->queue_last = host;
}

static void enqueue(struct device_polled *device)
{
	struct poll_host *host = device->host;

	device->state = DEVICE_QUEUED;
	device->next = NULL;
	if (host->last != NULL)
		host->last->next = device;
	else
		host->first = device;
	host->last = device;
	device->poller->waiting++;
	device_move(device, UINT64_MAX);
	poll_host_list(device->poller, host);
}

static struct device_polled *dequeue(struct poller *poller)
{
	struct poll_host *host = poller->queue_first;
	struct device_polled *device;

	if (host == NULL)
		return NULL;
	poller->queue_first = host->next;
	if (poller->queue_first == NULL)
		poller->queue_last = NULL;
	host->listed = false;
	device = host->first;
	host->first = device->next;
	if (host->first == NULL)
		host->last = NULL;
	host->flying++;
	poller->flying++;
	poller->waiting--;
	poll_host_list(poller, host); /* at the end: hosts take turns */
	return device;
}

static void pump(struct poller *poller)
{
	struct device_polled *device;

	while (!poller->stopping && poller->flying < LIMIT_POLL_FLIGHT &&
	    (device = dequeue(poller)) != NULL)
		device_fly(device);
}

static void begin(struct device_polled *device)
{
	device->slot = device->slot > device->due ? device->slot : device->due;
	if (device->is == DEVICE_PINGED)
		device_fly(device); /* costs no place: one socket for all */
	else
		enqueue(device);
}

static void turn(uv_timer_t *timer)
{
	struct poller *poller = timer->data;
	uint64_t now = uv_now(timer->loop);

	if (poller == NULL)
		return;
	poller->armed = UINT64_MAX;
	if (poller->options.once && poller->devices_n == 0) {
		poller->options.done(poller->options.user);
		return;
	}
	while (!poller->stopping && poller->heap_n > 0 && poller->heap[0]->due <= now) {
		struct device_polled *device = poller->heap[0];

		if (device->finished) {
			device_move(device, UINT64_MAX);
			poll_flush(poller);
			poller->options.done(poller->options.user);
			return;
		}
		if (device->state == DEVICE_FLIES)
			device_tick(device, now);
		else
			begin(device);
		/* who did not move would keep us here for ever */
		if (device->due <= now)
			device_move(device, now + 1);
	}
	pump(poller);
	arm(poller);
}

/* Once a turn of the loop: what came is handed on, free places are filled. */
static void loop_turned(uv_check_t *check)
{
	struct poller *poller = check->data;

	if (poller == NULL)
		return;
	pump(poller);
	poll_flush(poller);
}

/* Even starts: the golden ratio spreads any number of devices over any period. */
static void spread(struct poller *poller)
{
	uint64_t now = uv_now(poller->hub.loop);

	poller->granule = GRANULE_MOST_MS;
	for (uint32_t i = 0; i < poller->devices_n; i++)
		if (poller->devices[i].period / 10 < poller->granule)
			poller->granule = poller->devices[i].period / 10;
	if (poller->granule < GRANULE_LEAST_MS || poller->options.once)
		poller->granule = GRANULE_LEAST_MS;
	for (uint32_t i = 0; i < poller->devices_n; i++) {
		struct device_polled *device = &poller->devices[i];
		uint64_t part = (i * UINT64_C(2654435769)) & 0xffffffff;
		uint64_t phase = device->period * part >> 32;
		uint64_t first = device->period < FIRST_SPREAD_MS ? device->period : FIRST_SPREAD_MS;

		device->due = poller->options.once ? now : now + (first * part >> 32);
		device->slot = now + phase;
		if (device->slot > device->due + device->period / 2)
			device->slot -= device->period; /* the next one is the even one */
		if (device->slot < device->due)
			device->slot = device->due;
		poller->heap[poller->heap_n] = device;
		device->at = poller->heap_n++;
		heap_fix(poller, device);
	}
	poller->unfinished = poller->devices_n;
}

static int start(struct poller *poller, struct why *why)
{
	uv_loop_t *loop = poller->hub.loop;

	poller->timer = calloc(1, sizeof *poller->timer);
	poller->check = calloc(1, sizeof *poller->check);
	if (poller->timer == NULL || poller->check == NULL) {
		free(poller->timer);
		free(poller->check);
		poller->timer = NULL;
		poller->check = NULL;
		return fail(why, KS_FULL, "the poller's memory is full");
	}
	(void)uv_timer_init(loop, poller->timer);
	(void)uv_check_init(loop, poller->check);
	poller->timer->data = poller;
	poller->check->data = poller;
	(void)uv_check_start(poller->check, loop_turned);
	uv_unref((uv_handle_t *)poller->check);
	uv_update_time(loop);
	spread(poller);
	arm(poller);
	if (poller->options.once && poller->devices_n == 0)
		(void)uv_timer_start(poller->timer, turn, 1, 0);
	return ping_open(poller, why);
}

int poller_new(uv_loop_t *loop, const struct site *site,
    const struct poll_options *options, struct poller *take_old,
    struct poller **ret_poller, struct why *why)
{
	struct poller *poller = calloc(1, sizeof *poller);
	int code = poller == NULL ? fail(why, KS_FULL, "the poller's memory is full") : KS_OK;

	if (code == KS_OK) {
		poller->options = *options;
		poller->site = site;
		poller->armed = UINT64_MAX;
		hub_init(&poller->hub, loop, options);
		code = poll_build(poller, take_old, why);
	}
	if (code == KS_OK) {
		if (take_old != NULL)
			ping_close(take_old); /* a socket has one watcher */
		code = start(poller, why);
	}
	if (code != KS_OK) {
		poller_free(poller); /* the old one goes on */
		if (take_old != NULL && take_old->pings[0] == NULL && take_old->pings[1] == NULL)
			(void)!ping_open(take_old, NULL);
		return code;
	}
	poller_free(take_old);
	*ret_poller = poller;
	return KS_OK;
}

void poller_free(struct poller *poller)
{
	if (poller == NULL)
		return;
	poller->stopping = true;
	for (uint32_t i = 0; i < poller->devices_n; i++) {
		struct device_polled *device = &poller->devices[i];

		reach_stop(device);
		channel_close(device);
		device_land(device);
		for (uint32_t u = 0; u < device->units_n; u++)
			unit_free(&device->units[u], device->driver);
		free(device->units);
	}
	while (poller->free_talkers != NULL) {
		struct talker *talker = poller->free_talkers;

		poller->free_talkers = talker->next;
		free(talker);
	}
	ping_close(poller);
	if (poller->timer != NULL) {
		poller->timer->data = poller->check->data = NULL;
		uv_close((uv_handle_t *)poller->timer, (uv_close_cb)free);
		uv_close((uv_handle_t *)poller->check, (uv_close_cb)free);
	}
	hub_done(&poller->hub);
	arena_done(&poller->arena);
	free(poller);
}

struct poll_counts poller_counts(const struct poller *poller)
{
	struct poll_counts counts = poller->counts;

	counts.devices = poller->devices_n;
	counts.flying = poller->flying;
	counts.waiting = poller->waiting;
	return counts;
}
