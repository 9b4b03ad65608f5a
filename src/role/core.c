/* src/role/core.c - the main loop of the one writer.  It talks to the keeper, and over
 * pairs the keeper made to poller and page; it has no socket call of its own. */
#include "role/core.h"
#include "base/must.h"
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct reading) == BYTES_READING, "see guard/message.h");
_Static_assert(sizeof(struct series) == BYTES_SERIES, "see guard/message.h");
_Static_assert(sizeof(struct finding) == BYTES_FINDING, "see guard/message.h");
_Static_assert(sizeof(struct telling) == BYTES_TELLING, "see guard/message.h");
_Static_assert(sizeof(struct told) == BYTES_TOLD, "see guard/message.h");
_Static_assert(sizeof(struct wire_row) == BYTES_WIRE, "see guard/message.h");
_Static_assert(sizeof(struct verdict) == BYTES_VERDICT, "see guard/message.h");

enum { PAUSE_REAL_MS = 3000 };

/* Between those times nothing was measured. */
static void hole_say(struct core *core, int64_t from_ms, int64_t to_ms)
{
	if (to_ms - from_ms < GAP_LEAST_MS)
		return;
	judge_hole(core->judge, from_ms, to_ms);
	core_act(core, ACT_GAP, "core", "from_ms=%lld to_ms=%lld", (long long)from_ms,
	    (long long)to_ms);
}

/* One step of what is due in the store; while there is more, the next comes soon, and
 * samples and questions are heard in between. */
static void store_step(uv_timer_t *timer)
{
	struct core *core = timer->data;
	struct why why = { .fmt = NULL };
	bool more = false;
	int code = store_tick(core->store, core_now(core), &more, &why);

	if (code != KS_OK)
		core_store_failed(core, code, &why);
	else if (more)
		must(uv_timer_start(&core->step, store_step, CORE_STEP_MS, 0) == 0);
}

/* Ticks that did not come while time passed: nobody was silent then.  Whether anything was measured meanwhile is known a tick
 * later, when what waited in the line has been read. */
static void pause_look(struct core *core, int64_t now)
{
	int64_t boot = clock_boot_ms(), factor = core->worker->clock.factor;
	int64_t real = boot - core->last_boot_ms, passed = real * (factor > 0 ? factor : 1);
	int64_t late = 3 * (factor > 100 ? 10 * factor : 1000);
	int64_t off = now - core->last_tick_ms - passed;
	bool first = core->last_boot_ms == 0;

	if (core->pause.from_ms != 0 && !core->pause.measured)
		hole_say(core, core->pause.from_ms, core->pause.to_ms);
	core->pause.from_ms = 0;
	core->last_boot_ms = boot;
	if (first || passed < late || off > late || off < -late)
		return; /* on time; or both, a pause and a clock that was set: it is now, no more */
	judge_slept(core->judge, passed);
	if (real < PAUSE_REAL_MS)
		return; /* a fast clock, and a busy machine */
	core->pause.from_ms = core->last_tick_ms;
	core->pause.to_ms = now;
	core->pause.measured = false;
}

static void core_tick(uv_timer_t *timer)
{
	struct core *core = timer->data;
	int64_t now = core_now(core);

	pause_look(core, now);
	if (!uv_is_active((uv_handle_t *)&core->step))
		store_step(&core->step);
	core_fade(core, now);
	judge_steady(core->judge, clock_steady_ms(&core->worker->clock, now));
	judge_tick(core->judge, now);
	core_plan(core, now);
	core_ready_tick(core);
	core_findings(core);
	core_findings_retry(core, now);
	core_windows_tick(core, now);
	core_tell_tick(core, now);
	core->last_tick_ms = now;
}

static void poller_gone(struct line *line, int code, const struct why *why)
{
	struct core *core = line->user;

	core->poller_current = false;
	if (code == KS_MALFORMED)
		worker_say(core->worker, "KS-ROLE", "poller", why->text);
}

static void page_gone(struct line *line, int code, const struct why *why)
{
	struct core *core = line->user;

	core->acks_n = 0; /* nobody waits for them any more */
	core->answering = false;
	if (code == KS_MALFORMED)
		worker_say(core->worker, "KS-ROLE", "page", why->text);
}

static void page_message(struct line *line, struct message *message)
{
	struct core *core = line->user;

	if (message->head.kind == MESSAGE_ASK_STATUS)
		core_answer(core, message->head.ticket);
	else if (message->head.kind == MESSAGE_ASK_RECENT)
		core_recent(core, message);
	else if (message->head.kind == MESSAGE_WISH || message->head.kind == MESSAGE_ALERTS ||
	    message->head.kind == MESSAGE_ENTRY)
		core_wish(core, message);
	else if (message->head.kind == MESSAGE_ASK_SERIES)
		core_series_asked(core, message);
	else if (message->head.kind == MESSAGE_ASK_LABELS)
		core_labels_asked(core, message);
	else
		core_samples(core, message);
}

static void page_drained(struct line *line)
{
	core_answer_on(line->user);
}

static void core_peer(struct worker *worker, enum role role, int fd)
{
	struct core *core = worker->user;
	struct line *line = role == ROLE_POLLER ? &core->poller
	    : role == ROLE_COURIER		? &core->courier
	    : role == ROLE_EAR			? &core->ear
						: &core->page;
	struct why why = { .fmt = NULL };

	if (role != ROLE_POLLER && role != ROLE_PAGE && role != ROLE_COURIER && role != ROLE_EAR) {
		(void)close(fd);
		return;
	}
	if (line->open) { /* the old one has died, and we hear of the new one first */
		line_close(line);
		line->gone(line, KS_IO, &why);
	}
	if (role == ROLE_POLLER) {
		core_forget(core);
		core->site_waits = 0;
	}
	if (line_open(line, &worker->loop, fd, ROLE_CORE, role, &why) != KS_OK) {
		worker_say(worker, "KS-ROLE", role_name(role), why.text);
		(void)close(fd);
	}
}

/* Between the last sample of a former run and now nothing was measured. */
static void gap_say(struct core *core, const struct store_found *found, int64_t now)
{
	if (found->last_ms == 0 || now - found->last_ms < GAP_LEAST_MS)
		return;
	judge_gap(core->judge, found->last_ms, now);
	core_act(core, ACT_GAP, "core", "from_ms=%lld to_ms=%lld", (long long)found->last_ms,
	    (long long)now);
}

/* Acknowledged batches may be lost there: told in the log, the acts and as a finding. */
static void damage_say(struct core *core, const struct store_found *found)
{
	char text[200];

	if (found->set_aside > 0) /* until a person has looked at it and removed it */
		core_self_finding(core, FINDING_DAMAGED, SEVERITY_CRITICAL, "journal", "damaged",
		    0);
	if (found->damaged_frames == 0)
		return;
	(void)snprintf(text, sizeof text,
	    "damaged_frames=%llu damaged_bytes=%llu first=%s kept_as=journal/*.damaged",
	    (unsigned long long)found->damaged_frames, (unsigned long long)found->damaged_bytes,
	    found->damage);
	worker_say(core->worker, "KS-SELF-008", "journal", text);
	core_act(core, ACT_STARTED, "core", "journal %s", text);
}

/* For `keisoku status` when no daemon runs. */
static void site_note(struct core *core, const struct site *site)
{
	const struct { const char *name, *word; } notes[] = { { "site", site->id },
		{ "tz", site->tz }, { "site_path", core->worker->config.site } };
	struct why why = { .fmt = NULL };

	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
		int code = store_put_note(core->store, notes[i].name,
		    notes[i].word != NULL ? notes[i].word : "", &why);

		if (code != KS_OK)
			core_store_failed(core, code, &why);
	}
}

static int store_start(struct core *core, struct why *why)
{
	struct worker *worker = core->worker;
	struct store_options options = { .keep_raw_days = worker->site->keep_raw_days };
	struct store_found found = { .clean = false };
	int64_t now = worker_now(worker);
	int code = store_open(worker->config.state, STORE_WRITE, &options, &core->store, &found,
	    why);

	if (code != KS_OK)
		return code;
	core->self.clean_before = found.clean;
	core_act(core, ACT_STARTED, "core",
	    "clean_before=%d replayed=%llu torn_bytes=%llu restarts=%u", found.clean,
	    (unsigned long long)found.replayed, (unsigned long long)found.torn_bytes,
	    worker->config.restarts);
	site_note(core, worker->site);
	gap_say(core, &found, now);
	core_findings_load(core, now);
	core_link_load(core);
	core_tell_load(core, now);
	core_wire_load(core);
	damage_say(core, &found);
	return KS_OK;
}

/* A judge of that site with its time zones; the caller frees both. */
static int judge_make(struct core *core, const struct site *site, struct zones *ret_zones,
    struct judge **ret_judge, struct why *why)
{
	struct zones zones;
	int code = zones_load(site, &zones, why);

	if (code != KS_OK)
		return code;
	code = judge_new(site, ret_judge, why);
	if (code != KS_OK) {
		zones_done(&zones);
		return code;
	}
	for (size_t i = 0; i < zones.n; i++)
		judge_zone(*ret_judge, zones.at[i].tz, zones.at[i].zone);
	if (zones.unread != NULL)
		worker_say(core->worker, "KS-ZONE", "utc_instead_of", zones.unread);
	*ret_zones = zones;
	return KS_OK;
}

static void core_free(struct core *core)
{
	core_forget(core);
	free(core->known);
	core_ready_drop(core);
	judge_free(core->judge);
	tell_free(core->tell);
	zones_done(&core->zones);
	free(core->acks);
	free(core->named);
	core_learned_drop(core);
	free(core->wire.rows);
	free(core);
}

static int core_start(struct worker *worker, struct why *why)
{
	struct core *core = calloc(1, sizeof *core);

	if (core == NULL)
		return fail(why, KS_FULL, "out of memory");
	*core = (struct core){ .worker = worker,
		.poller = { .message = core_poller, .gone = poller_gone, .user = core },
		.page = { .message = page_message, .gone = page_gone, .drained = page_drained,
		    .user = core },
		.courier = { .message = core_courier, .gone = core_courier_gone,
		    .drained = core_tell_drained, .user = core },
		.ear = { .message = core_ear, .gone = core_ear_gone, .drained = core_ear_drained,
		    .user = core },
		.wire = { .rows = calloc(LIMIT_WIRE_ROWS, sizeof(struct wire_row)) },
		.acks = calloc(CORE_GROUP_MOST, sizeof(uint32_t)),
		.named = calloc(LIMIT_FINDINGS, sizeof(struct named)) };
	worker->user = core;
	core->started_ms = worker_now(worker);
	if (core->acks == NULL || core->named == NULL || core->wire.rows == NULL)
		return fail(why, KS_FULL, "out of memory");
	int code = judge_make(core, worker->site, &core->zones, &core->judge, why);

	if (code == KS_OK)
		code = core_tell_make(core, worker->site, why);
	if (code == KS_OK)
		code = store_start(core, why);
	if (code != KS_OK) {
		core_free(core);
		worker->user = NULL;
		return code;
	}
	must(uv_timer_init(&worker->loop, &core->tick) == 0);
	must(uv_timer_init(&worker->loop, &core->sync) == 0);
	must(uv_timer_init(&worker->loop, &core->step) == 0);
	core->tick.data = core->sync.data = core->step.data = core;
	uint64_t every = clock_real_ms(&worker->clock, 1000);

	/* time that runs fast still ticks at most every 10 ms of ours */
	must(uv_timer_start(&core->tick, core_tick, every, every < 10 ? 10 : every) == 0);
	return KS_OK;
}

static int core_reload(struct worker *worker, struct site *take_site, struct why *why)
{
	struct core *core = worker->user;
	struct judge *judge;
	struct zones zones;
	int code = judge_make(core, take_site, &zones, &judge, why);

	if (code != KS_OK) {
		site_free(take_site);
		return code;
	}
	code = core_tell_make(core, take_site, why);
	if (code != KS_OK) {
		judge_free(judge);
		zones_done(&zones);
		site_free(take_site);
		return code;
	}
	judge_inherit(judge, core->judge);
	judge_free(core->judge);
	core->judge = judge;
	core->plan.next_ms = 0;
	judge_windows(judge, core->windows, core->windows_n);
	zones_done(&core->zones);
	core->zones = zones;
	core_forget(core);
	core_ready_drop(core);
	site_free(worker->site);
	worker->site = take_site;
	site_note(core, take_site);
	core_act(core, ACT_SITE_LOADED, "keeper", "file=%s hash=%016llx", worker->config.site,
	    (unsigned long long)take_site->hash);
	/* the poller may have announced this very site before we had it */
	core->poller_current = core->site_waits == take_site->hash;
	core->site_waits = 0;
	line_pause(&core->poller, false);
	return KS_OK;
}

static void core_message(struct worker *worker, struct message *message)
{
	struct event event;

	if (message->head.kind != MESSAGE_EVENT)
		return;
	message_record(message, 0, &event, sizeof event);
	event.text[sizeof event.text - 1] = '\0';
	core_event(worker->user, &event);
}

static void core_stop(struct worker *worker)
{
	struct core *core = worker->user;

	core_sync(core);
	core_act(core, ACT_STOPPED, "core", "orderly=1");
	core_findings_retry(core, worker_now(worker));
	uv_close((uv_handle_t *)&core->tick, NULL);
	uv_close((uv_handle_t *)&core->sync, NULL);
	uv_close((uv_handle_t *)&core->step, NULL);
	line_close(&core->poller);
	line_close(&core->page);
	line_close(&core->courier);
	line_close(&core->ear);
	store_close(core->store);
	(void)uv_run(&worker->loop, UV_RUN_NOWAIT);
	core_free(core);
	worker->user = NULL;
}

static uint64_t core_full(struct worker *worker)
{
	struct core *core = worker->user;

	return core->self.full + core->page.channel.full;
}

const struct worker_ops core_ops = {
	.role = ROLE_CORE,
	.start = core_start,
	.peer = core_peer,
	.reload = core_reload,
	.message = core_message,
	.stop = core_stop,
	.full = core_full,
};
