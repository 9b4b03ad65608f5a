/* src/role/ear.c - the main loop of the one who listens.  Frames go through the engine
 * (wire/ear.h) into the tables of the hour; each minute core is told what the hour is so
 * far, at its end what it was.  An hour that fills its tables is told in parts. */
#include "role/ear.h"
#include "base/must.h"
#include "wire/charset.h"
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static int64_t ms_of(int64_t ns)
{
	return ns / 1000000;
}

/* With a clock that is told to run faster, live frames have its time. */
static void frame_stamp(const struct ear_role *role, const struct ear_source *source,
    struct frame *frame)
{
	if (source->live && role->worker->clock.factor > 0)
		frame->time_ns = worker_now(role->worker) * 1000000;
}

void ear_frame(struct ear_role *role, struct ear_source *source, struct frame *frame)
{
	int64_t hour_ms;

	frame_stamp(role, source, frame);
	if (frame->time_ns < 0)
		return;
	hour_ms = ms_of(frame->time_ns) / WIRE_HOUR_MS * WIRE_HOUR_MS;
	if (role->hour_ms == 0)
		ear_turn(role, hour_ms);
	else if (hour_ms > role->hour_ms) {
		ear_tell(role, true);
		ear_turn(role, hour_ms);
	}
	frame->number = ++role->frames;
	source->frames++;
	source->bytes += frame->length;
	source->link = frame->link;
	source->last_ms = ms_of(frame->time_ns);
	role->newest_ns = frame->time_ns > role->newest_ns ? frame->time_ns : role->newest_ns;
	if (role->part_first_ns == 0)
		role->part_first_ns = frame->time_ns;
	ear_take(role->engine, frame);
}

bool ear_is_live(const struct ear_role *role)
{
	bool live = false;

	for (size_t i = 0; i < LIMIT_WIRES; i++)
		live |= role->sources[i].used && role->sources[i].live;
	return live;
}

/* The clock's hour ends also when nobody speaks, where there is something live. */
static void hour_look(struct ear_role *role)
{
	int64_t now = worker_now(role->worker), hour = now / WIRE_HOUR_MS * WIRE_HOUR_MS;

	if (!ear_is_live(role))
		return;
	if (role->hour_ms == 0)
		ear_turn(role, hour);
	else if (hour > role->hour_ms && now - hour > EAR_SECOND_MS) {
		ear_tell(role, true);
		ear_turn(role, hour);
	}
}

/* No sooner than fifty times what the last one took: two parts in a hundred of the time. */
static bool report_due(const struct ear_role *role)
{
	int64_t since = clock_mono_ms() - role->reported_ms;
	/* a recording that was read to its end has no more to say for now */
	bool soon = !ear_is_live(role) && role->frames != role->frames_told;
	int64_t every = (int64_t)clock_real_ms(&role->worker->clock, soon ? EAR_SOON_MS : EAR_REPORT_MS);

	return role->hour_ms != 0 && since >= every && since >= role->report_took_ms * 50;
}

static void second_due(uv_timer_t *timer)
{
	struct ear_role *role = timer->data;
	int64_t part_ms = (int64_t)clock_real_ms(&role->worker->clock, EAR_PART_MS);

	for (size_t i = 0; i < LIMIT_WIRES; i++)
		if (role->sources[i].used)
			source_look(&role->sources[i]);
	hour_look(role);
	sources_say(role);
	if (role->hour != NULL && gather_is_full(role->hour) &&
	    clock_mono_ms() - role->part_began_ms > part_ms) {
		role->full++;
		ear_tell(role, true);
		ear_turn(role, role->hour_ms);
	} else if (report_due(role)) {
		ear_tell(role, false);
	}
}

static void core_said(struct line *line, struct message *message)
{
	struct ear_role *role = line->user;

	learn_given(role, message);
	if (message->head.kind == MESSAGE_LEARNED_END)
		sources_go_on(role);
}

static void core_lost(struct line *line, int code, const struct why *why)
{
	struct ear_role *role = line->user;

	if (code == KS_MALFORMED)
		worker_say(role->worker, "KS-ROLE", "core", why->text);
	role->out.sent = role->out.learned_sent = 0; /* the next core gets it from the beginning */
}

static void core_drained(struct line *line)
{
	struct ear_role *role = line->user;

	ear_send(role);
	if (!role->out.under_way && !role->out.learned_due)
		sources_go_on(role);
}

static int ear_start(struct worker *worker, struct why *why)
{
	struct ear_role *role = worker_user(worker, sizeof *role, why);

	if (role == NULL)
		return KS_FULL;
	role->worker = worker;
	role->core = (struct line){ .message = core_said, .gone = core_lost,
		.drained = core_drained, .user = role };
	ear_aids_begin(role);
	text_init(&role->packs, LIMIT_WIRE_LEARNED + LIMIT_WIRE_LEARNED_PARTS * LIMIT_WIRE_LEARNED_PART);
	role->began_ms = worker_now(worker);
	role->out.rows = calloc(LIMIT_WIRE_ROWS, sizeof *role->out.rows);
	/* who sends packets must not know in which slot of a table they will fall */
	if (role->out.rows == NULL ||
	    getrandom(&role->seed, sizeof role->seed, 0) != (ssize_t)sizeof role->seed)
		return fail(why, KS_FULL, "out of memory, or no random numbers");
	int code = zones_load(worker->site, &role->zones, why);

	if (code == KS_OK)
		code = ear_known(role, why);
	if (code == KS_OK)
		code = ear_begin(role, why);
	if (code != KS_OK)
		return code;
	must(uv_timer_init(&worker->loop, &role->second) == 0);
	must(uv_timer_init(&worker->loop, &role->again) == 0);
	role->second.data = role->again.data = role;
	uint64_t every = clock_real_ms(&worker->clock, EAR_SECOND_MS);

	every = every < EAR_FILE_MS ? EAR_FILE_MS : every;
	must(uv_timer_start(&role->second, second_due, every, every) == 0);
	return KS_OK;
}

static void ear_handed(struct worker *worker, const struct handle *handle, int fd)
{
	if (handle->what == HANDLE_PACKET)
		source_packet(worker->user, handle->name, fd);
	else
		ear_file(worker->user, handle->name, fd);
}

static void ear_peer(struct worker *worker, enum role peer, int fd)
{
	struct ear_role *role = worker->user;
	struct why why = { .fmt = NULL };

	if (role->core.open) {
		line_close(&role->core);
		core_lost(&role->core, KS_IO, &why);
	}
	if (peer != ROLE_CORE ||
	    line_open(&role->core, &worker->loop, fd, ROLE_EAR, ROLE_CORE, &why) != KS_OK) {
		(void)close(fd);
		return;
	}
	learn_ask(role);
	ear_send(role);
	sources_go_on(role);
}

/* Its own lines are as they were, or the keeper had begun it anew: names may differ. */
static int ear_reload(struct worker *worker, struct site *take_site, struct why *why)
{
	struct ear_role *role = worker->user;
	struct site *old = worker->site;
	struct zones zones;
	int code = zones_load(take_site, &zones, why);

	if (code != KS_OK) {
		site_free(take_site);
		return code;
	}
	worker->site = take_site;
	zones_done(&role->zones);
	role->zones = zones;
	code = ear_known(role, why);
	site_free(old);
	return code;
}

static void ear_message(struct worker *worker, struct message *message)
{
	(void)worker;
	(void)message; /* the keeper has nothing more to say to it */
}

/* What the hour was so far is told; the rest of it comes from the next one. */
static void ear_stop(struct worker *worker)
{
	struct ear_role *role = worker->user;
	struct why why = { .fmt = NULL };

	if (role->hour_ms != 0 && role->frames > 0)
		ear_tell(role, true);
	if (role->core.open && channel_flush(&role->core.channel, &why) != KS_OK)
		worker_say(worker, "KS-ROLE", "core", why.text);
	uv_close((uv_handle_t *)&role->second, NULL);
	uv_close((uv_handle_t *)&role->again, NULL);
	line_close(&role->core);
	for (size_t i = 0; i < LIMIT_WIRES; i++)
		if (role->sources[i].used)
			source_close(&role->sources[i]);
	(void)uv_run(&worker->loop, UV_RUN_NOWAIT);
	ear_free(role->engine);
	gather_free(role->hour);
	learned_free(role->days);
	text_done(&role->packs);
	text_done(&role->out.learned);
	ear_aids_end(role);
	zones_done(&role->zones);
	free(role->out.rows);
	free(role);
	worker->user = NULL;
}

static uint64_t ear_full(struct worker *worker)
{
	return ((struct ear_role *)worker->user)->full;
}

const struct worker_ops ear_ops = {
	.role = ROLE_EAR,
	.memory_bytes = LIMIT_WIRE_MEMORY,
	.before = charset_ready,
	.start = ear_start,
	.peer = ear_peer,
	.handed = ear_handed,
	.reload = ear_reload,
	.message = ear_message,
	.stop = ear_stop,
	.full = ear_full,
};
