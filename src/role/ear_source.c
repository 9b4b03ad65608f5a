/* src/role/ear_source.c - interfaces and captures: frames out of them, and how they do. */
#include "base/drop.h"
#include "base/must.h"
#include "role/ear.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct ear_source *source_of(struct ear_role *role, const char *id)
{
	const struct site *site = role->worker->site;

	for (size_t i = 0; i < site->wires_n && i < LIMIT_WIRES; i++) {
		struct ear_source *source = &role->sources[i];

		if (strcmp(site->wires[i].id, id) != 0)
			continue;
		if (!source->used)
			*source = (struct ear_source){ .role = role, .used = true, .fd = -1,
				.since_ms = worker_now(role->worker), .live = site->wires[i].interface != NULL };
		wire_text(source->id, sizeof source->id, id);
		wire_text(source->name, sizeof source->name, source->live ? site->wires[i].interface
									  : site->wires[i].file);
		return source;
	}
	return NULL;
}

static void poll_closed(uv_handle_t *handle)
{
	free(handle);
}

void source_close(struct ear_source *source)
{
	if (source->poll != NULL)
		uv_close((uv_handle_t *)source->poll, poll_closed);
	source->poll = NULL;
	if (source->ring != NULL)
		source->dropped += ring_dropped(source->ring);
	ring_free(source->ring);
	source->ring = NULL;
	follow_done(&source->follow);
	drop_fd(&source->fd);
	source->fd = -1;
}

static void source_ready(uv_poll_t *poll, int status, int events)
{
	struct ear_source *source = poll->data;

	(void)events;
	(void)status;
	if (source_read(source))
		sources_go_on(source->role);
}

/* Others get their turn in between. */
static void more_soon(uv_timer_t *timer)
{
	struct ear_role *role = timer->data;
	bool more = false;

	for (size_t i = 0; i < LIMIT_WIRES; i++)
		more |= role->sources[i].used && source_read(&role->sources[i]);
	if (more)
		must(uv_timer_start(&role->again, more_soon, 0, 0) == 0);
}

static bool source_watch(struct ear_source *source, int fd)
{
	uv_poll_t *poll = calloc(1, sizeof *poll);

	if (poll == NULL || uv_poll_init(&source->role->worker->loop, poll, fd) != 0) {
		free(poll);
		return false;
	}
	poll->data = source;
	source->poll = poll;
	return uv_poll_start(poll, UV_READABLE, source_ready) == 0;
}

/* A ring that comes again replaces the one of an interface that went away. */
void source_packet(struct ear_role *role, const char *id, int take_fd)
{
	struct ear_source *source = source_of(role, id);
	struct why why = { .fmt = NULL };

	if (source == NULL) {
		(void)close(take_fd);
		return;
	}
	source_close(source);
	source->down = false;
	if (ring_new(take_fd, &source->ring, &why) != KS_OK ||
	    !source_watch(source, ring_fd(source->ring))) {
		worker_say(role->worker, "KS-WIRE", id, why.text);
		source->down = true;
	}
}

/* A pipe tells when there is something; a plain file is looked at in turn (source_look). */
void source_capture(struct ear_role *role, const char *id, int take_fd)
{
	struct ear_source *source = source_of(role, id);
	struct why why = { .fmt = NULL };
	struct stat is;

	if (source == NULL || follow_init(&source->follow, &why) != KS_OK) {
		(void)close(take_fd);
		return;
	}
	source->fd = take_fd;
	role->anew = fstat(take_fd, &is) == 0 && S_ISREG(is.st_mode);
	sources_go_on(role);
}

static void source_said(struct ear_source *source, const struct why *why)
{
	worker_say(source->role->worker, "KS-WIRE", source->id, why->text);
}

static bool ring_read(struct ear_source *source)
{
	struct why why = { .fmt = NULL };
	struct frame frame;
	int code = KS_OK;

	for (int i = 0; i < EAR_BUDGET && code == KS_OK; i++) {
		code = ring_next(source->ring, &frame, &why);
		if (code == KS_OK)
			ear_frame(source->role, source, &frame);
	}
	if (code == KS_OK || code == KS_LATE) {
		source->down &= code == KS_LATE;
		return code == KS_OK;
	}
	source->down = true; /* it comes back by itself, or is handed down anew */
	source_said(source, &why);
	return false;
}

/* A recording comes faster than core writes its hours: it waits, also for what a former ear
 * learned.  The wire does not. */
static bool must_wait(const struct ear_role *role)
{
	return !role->core.open || !role->given || role->out.under_way || role->out.learned_due ||
	    channel_waits(&role->core.channel);
}

/* True: more bytes are wanted. */
static bool frames_take(struct ear_source *source)
{
	struct why why = { .fmt = NULL };
	struct frame frame;
	int code = KS_OK;

	for (int i = 0; i < EAR_BUDGET && code == KS_OK && !must_wait(source->role); i++) {
		code = follow_next(&source->follow, &frame, &why);
		if (code == KS_OK)
			ear_frame(source->role, source, &frame);
	}
	if (code == KS_MALFORMED) {
		source->over = true;
		source_said(source, &why);
	}
	return code == KS_LATE;
}

/* True: there is more at once.  Who waits is called again when core has read. */
static bool capture_read(struct ear_source *source)
{
	uint8_t *at;

	if (must_wait(source->role))
		return false;
	if (!frames_take(source))
		return !source->over && !must_wait(source->role);
	size_t room = follow_place(&source->follow, &at);
	ssize_t n = room > 0 ? read(source->fd, at, room) : 0;

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		source->over = true;
	if (n > 0)
		follow_got(&source->follow, (size_t)n);
	return n > 0;
}

bool source_read(struct ear_source *source)
{
	if (source->ring != NULL)
		return ring_read(source);
	return source->fd >= 0 && capture_read(source);
}

void source_look(struct ear_source *source)
{
	if (source->fd >= 0 && source_read(source))
		sources_go_on(source->role);
}

void sources_go_on(struct ear_role *role)
{
	if (!uv_is_active((uv_handle_t *)&role->again))
		must(uv_timer_start(&role->again, more_soon, 0, 0) == 0);
}

uint64_t source_dropped(struct ear_source *source)
{
	return source->dropped + (source->ring != NULL ? ring_dropped(source->ring) : 0);
}

static const char *source_state(const struct ear_source *source)
{
	if (source->over)
		return "unreadable";
	if (source->down || (source->live && source->ring == NULL))
		return "down";
	return source->live ? "listening" : "following";
}

static void source_row(struct ear_source *source, struct wire_row *row)
{
	struct ear_role *role = source->role;
	uint64_t flows = 0, memory = 0;
	struct ear_counts counts = ear_counts_now(role->engine, &flows, &memory);

	*row = (struct wire_row){ .kind = WIRE_SOURCE, .count = source->frames, .out = source->bytes,
		.in = source->bytes - source->bytes_before, .first_ms = source->since_ms,
		.last_ms = source->last_ms > source->since_ms ? source->last_ms : source->since_ms,
		.number = { (int64_t)source_dropped(source), (int64_t)flows, (int64_t)counts.evicted,
		    (int64_t)role->out.lost, (int64_t)memory } };
	(void)snprintf(row->device, sizeof row->device, "%s", source->id);
	(void)snprintf(row->name, sizeof row->name, "%s", source->name);
	(void)snprintf(row->word, sizeof row->word, "%s", source_state(source));
	(void)snprintf(row->protocol, sizeof row->protocol, "%s", source->live ? "live" : "file");
	source->bytes_before = source->bytes;
}

/* Each second, to core: how each does. */
void sources_say(struct ear_role *role)
{
	struct wire_row rows[LIMIT_WIRES];
	size_t n = 0;

	for (size_t i = 0; i < LIMIT_WIRES; i++)
		if (role->sources[i].used)
			source_row(&role->sources[i], &rows[n++]);
	struct parcel parcel = { .kind = MESSAGE_WIRE_NOW, .count = (uint16_t)n,
		.body = span_of(rows, n * sizeof rows[0]) };

	if (n > 0 && role->core.open && message_may(&role->core.channel, MESSAGE_WIRE_NOW))
		(void)line_send(&role->core, &parcel, NULL);
}
