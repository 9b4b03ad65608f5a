/* src/role/courier.c - the main loop of the one who carries messages out.  It holds the
 * channels' secrets, connects, listens to nobody, and sees neither store nor judge. */
#include "role/courier.h"
#include "base/must.h"
#include <stdlib.h>
#include <string.h>

static void told_say(struct courier *courier, uint64_t id, int code, unsigned status,
    unsigned retry_s, int64_t took_ms, const char *text)
{
	struct told told = { .id = id, .code = code, .status = status, .retry_s = retry_s,
		.took_ms = (uint32_t)took_ms };

	(void)snprintf(told.text, sizeof told.text, "%s", text);
	if (courier->core.open)
		(void)line_say(&courier->core, MESSAGE_TOLD, 0, span_of(&told, sizeof told));
}

void flight_end(struct flight *flight, int code, unsigned status, unsigned retry_s,
    const char *text)
{
	struct courier *courier = flight->courier;

	told_say(courier, flight->id, code, status, retry_s,
	    clock_mono_ms() - flight->began_ms, text);
	flight_drop(flight);
}

static const struct notify *notify_of(const struct site *site, const char *id)
{
	for (size_t i = 0; i < site->notifies_n; i++) {
		if (strcmp(site->notifies[i].id, id) == 0)
			return &site->notifies[i];
	}
	return NULL;
}

static int flight_begin(struct flight *flight, const struct telling *telling, struct why *why)
{
	struct courier *courier = flight->courier;
	const struct site *site = courier->worker->site;
	const struct notify *notify = notify_of(site, telling->channel);
	struct span secret = { .at = NULL };
	struct story story;
	int code = KS_OK;

	if (notify == NULL)
		return fail(why, KS_ABSENT, "%s: the site file has no notify line of that name",
		    telling->channel);
	if (notify->secret != NULL &&
	    worker_secret(courier->worker, notify->secret, &secret, why) != KS_OK)
		return fail(why, KS_ABSENT, "%s: its secret file could not be read", notify->id);
	story_make(&story, site, notify, zones_find(&courier->zones, site->tz), telling);
	code = dispatch_make(&story, secret, &flight->dispatch, why);
	story_done(&story);
	if (code != KS_OK)
		return code;
	flight->used = true;
	if (flight->dispatch.by == BY_SYSLOG &&
	    strncmp(text_cstr(&flight->dispatch.url), "udp://", 6) == 0)
		return flight_datagram(flight, why);
	return flight_send(flight, why);
}

static void telling_take(struct courier *courier, const struct telling *telling)
{
	struct why why = { .fmt = NULL };

	for (size_t i = 0; i < LIMIT_TELL_FLIGHT; i++) {
		struct flight *flight = &courier->flights[i];

		if (flight->used)
			continue;
		*flight = (struct flight){ .courier = courier, .id = telling->id,
			.began_ms = clock_mono_ms() };
		int code = flight_begin(flight, telling, &why);

		if (code != KS_OK)
			flight_end(flight, code, 0, 0, why.text);
		return;
	}
	courier->full++;
	told_say(courier, telling->id, KS_FULL, 0, 0, 0, "too many messages at once");
}

static void core_said(struct line *line, struct message *message)
{
	struct telling telling;

	message_record(message, 0, &telling, sizeof telling);
	telling.channel[sizeof telling.channel - 1] = '\0';
	telling.finding.subject[FINDING_NAME - 1] = telling.finding.place[FINDING_NAME - 1] = '\0';
	telling.finding.word[sizeof telling.finding.word - 1] = '\0';
	telling_take(line->user, &telling);
}

/* What was under way is told again to the next core: nobody takes our receipts now. */
static void core_lost(struct line *line, int code, const struct why *why)
{
	struct courier *courier = line->user;

	if (code == KS_MALFORMED)
		worker_say(courier->worker, "KS-ROLE", "core", why->text);
	for (size_t i = 0; i < LIMIT_TELL_FLIGHT; i++)
		flight_drop(&courier->flights[i]);
}

static int courier_start(struct worker *worker, struct why *why)
{
	struct courier *courier = calloc(1, sizeof *courier);

	if (courier == NULL)
		return fail(why, KS_FULL, "out of memory");
	worker->user = courier;
	courier->worker = worker;
	courier->core = (struct line){ .message = core_said, .gone = core_lost, .user = courier };
	for (size_t i = 0; i < LIMIT_TELL_FLIGHT; i++)
		courier->flights[i].courier = courier;
	int code = zones_load(worker->site, &courier->zones, why);

	return code == KS_OK ? courier_multi(courier, why) : code;
}

static void courier_peer(struct worker *worker, enum role peer, int fd)
{
	struct courier *courier = worker->user;
	struct why why = { .fmt = NULL };

	if (courier->core.open) {
		line_close(&courier->core);
		core_lost(&courier->core, KS_IO, &why);
	}
	if (peer != ROLE_CORE ||
	    line_open(&courier->core, &worker->loop, fd, ROLE_COURIER, ROLE_CORE, &why) != KS_OK)
		(void)close(fd);
}

static int courier_reload(struct worker *worker, struct site *take_site, struct why *why)
{
	struct courier *courier = worker->user;
	struct zones zones;
	int code = zones_load(take_site, &zones, why);

	if (code != KS_OK) {
		site_free(take_site);
		return code;
	}
	zones_done(&courier->zones);
	courier->zones = zones;
	site_free(worker->site);
	worker->site = take_site;
	return KS_OK;
}

static void courier_message(struct worker *worker, struct message *message)
{
	(void)worker;
	(void)message; /* the keeper has nothing more to say to it */
}

static void courier_stop(struct worker *worker)
{
	struct courier *courier = worker->user;

	for (size_t i = 0; i < LIMIT_TELL_FLIGHT; i++)
		flight_drop(&courier->flights[i]);
	line_close(&courier->core);
	courier_multi_free(courier);
	(void)uv_run(&worker->loop, UV_RUN_NOWAIT);
	zones_done(&courier->zones);
	free(courier);
	worker->user = NULL;
}

static uint64_t courier_full(struct worker *worker)
{
	return ((struct courier *)worker->user)->full;
}

const struct worker_ops courier_ops = {
	.role = ROLE_COURIER,
	.start = courier_start,
	.peer = courier_peer,
	.reload = courier_reload,
	.message = courier_message,
	.stop = courier_stop,
	.full = courier_full,
};
