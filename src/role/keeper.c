/* src/role/keeper.c - the loop of `keisoku watch`. */
#include "role/front.h"
#include "role/keeper.h"
#include "base/drop.h"
#include "base/log.h"
#include "base/must.h"
#include "guard/confine.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

static const enum role started[] = { ROLE_CORE, ROLE_POLLER, ROLE_PAGE, ROLE_COURIER, ROLE_EAR };

void keeper_say(const struct keeper *keeper, const char *id, const char *key, const char *text)
{
	KS_DROP(text) struct text line;

	text_init(&line, 1024);
	text_add_json(&line, span_text(text));
	log_line(keeper_now(keeper), id, "%s=\"%s\"", key, text_cstr(&line));
}

static void handle_closed(uv_handle_t *handle, void *user)
{
	(void)user;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

/* When the last role and runner has ended, the loop has nothing left to wait for. */
void keeper_role_ended(struct keeper *keeper)
{
	for (unsigned i = 0; i < ROLES; i++) {
		if (keeper->roles[i].alive)
			return;
	}
	if (keeper->runners_n == 0)
		uv_walk(&keeper->loop, handle_closed, NULL);
}

static void deadline_due(uv_timer_t *timer)
{
	struct keeper *keeper = timer->data;

	for (unsigned i = 0; i < ROLES; i++) {
		struct kept *kept = &keeper->roles[i];

		if (!kept->alive)
			continue;
		keeper_say(keeper, "KS-KEEPER", "does not stop", role_name(kept->role));
		(void)uv_process_kill(&kept->process, SIGKILL);
	}
}

/* The poller first, so that what it has read still reaches core; core last. */
static void keeper_stop(struct keeper *keeper)
{
	if (keeper->stopping)
		return;
	keeper->stopping = true;
	notify_say("STOPPING=1\nSTATUS=stopping");
	kept_stop(&keeper->roles[ROLE_POLLER]);
	kept_stop(&keeper->roles[ROLE_EAR]);
	kept_stop(&keeper->roles[ROLE_PAGE]);
	kept_stop(&keeper->roles[ROLE_COURIER]);
	kept_stop(&keeper->roles[ROLE_CORE]);
	must(uv_timer_start(&keeper->deadline, deadline_due, KEEPER_STOP_MS, 0) == 0);
	keeper_role_ended(keeper);
}

static void role_reload(struct keeper *keeper, struct kept *kept)
{
	struct config config;
	struct why why = { .fmt = NULL };
	int fd;

	if (kept->renew) /* it ends, and comes back with the new one */
		return;
	if (!kept->ready) {
		if (kept->given) /* it reads the old one just now: begin again */
			(void)uv_process_kill(&kept->process, SIGKILL);
		return;
	}
	keeper_config(keeper, kept, &config);
	keeper_secrets(keeper, kept);
	if (memory_seal(text_span(&keeper->site_bytes), "site", &fd, &why) != KS_OK) {
		(void)uv_process_kill(&kept->process, SIGKILL);
		return;
	}
	struct parcel parcel = { .kind = MESSAGE_RELOAD, .count = 1,
		.body = span_of(&config, sizeof config), .fds = &fd, .fds_n = 1 };

	if (line_send(&kept->line, &parcel, &why) != KS_OK) {
		(void)close(fd);
		(void)uv_process_kill(&kept->process, SIGKILL);
	}
}

static void keeper_reload(struct keeper *keeper)
{
	struct event event = { .what = EVENT_SITE_GOOD, .role = ROLE_KEEPER,
		.time_ms = keeper_now(keeper) };
	struct why why = { .fmt = NULL };
	uint64_t hash = keeper->site->hash;

	if (keeper_read_site(keeper, &why) != KS_OK) {
		keeper_say(keeper, "KS-SELF-004", "refused", why.text);
		(void)snprintf(keeper->refused_why, sizeof keeper->refused_why, "%.255s", why.text);
		keeper->refused = true;
		keeper_refused(keeper, false);
		return;
	}
	if (keeper->refused)
		(void)keeper_event(keeper, &event);
	keeper->refused = false;
	if (keeper->site->hash == hash)
		return;
	keeper_say(keeper, "KS-KEEPER", "loaded", keeper->options->site);
	keeper_wires_reload(keeper);
	for (size_t i = 0; i < sizeof started / sizeof started[0]; i++)
		role_reload(keeper, &keeper->roles[started[i]]);
}

static void signal_came(uv_signal_t *handle, int number)
{
	struct keeper *keeper = handle->data;

	if (number == SIGHUP) {
		notify_say("RELOADING=1");
		keeper_reload(keeper);
		notify_say("READY=1");
	} else {
		keeper_stop(keeper);
	}
}

/* A new certificate, or other users: the page is handed them when they are good. */
static void front_reload(struct keeper *keeper)
{
	const struct front *front = site_front(keeper->site);
	struct why why = { .fmt = NULL };

	if (front == NULL || front->cert == NULL)
		return;
	if (front_files_check(front, &why) != KS_OK) {
		keeper_say(keeper, "KS-PAGE", "refused", why.text);
		return;
	}
	keeper_say(keeper, "KS-PAGE", "loaded", front->users);
	role_reload(keeper, &keeper->roles[ROLE_PAGE]);
}

static void look_due(uv_timer_t *timer)
{
	struct keeper *keeper = timer->data;

	if (keeper->stopping)
		return;
	if (keeper_site_changed(keeper))
		keeper_reload(keeper);
	if (keeper_front_changed(keeper))
		front_reload(keeper);
	keeper_wires_look(keeper);
}

/* Who stood still itself can not say that others do: their time begins anew. */
static void pulse_late(struct keeper *keeper, int64_t now)
{
	bool late = keeper->pulsed_ms != 0 && now - keeper->pulsed_ms > 3 * KEEPER_PING_MS;

	keeper->pulsed_ms = now;
	for (size_t i = 0; late && i < sizeof started / sizeof started[0]; i++)
		if (keeper->roles[started[i]].asked_ms != 0)
			keeper->roles[started[i]].asked_ms = now;
}

static void pulse_due(uv_timer_t *timer)
{
	struct keeper *keeper = timer->data;
	int64_t now = clock_mono_ms();

	if (keeper->stopping)
		return;
	pulse_late(keeper, now);
	for (size_t i = 0; i < sizeof started / sizeof started[0]; i++)
		kept_ping(&keeper->roles[started[i]]);
	if (keeper->notify_every_ms == 0 ||
	    now - keeper->notified_ms < (int64_t)keeper->notify_every_ms)
		return;
	keeper->notified_ms = now;
	notify_say(keeper_all_ready(keeper) ? "WATCHDOG=1\nSTATUS=measuring"
					    : "WATCHDOG=1\nSTATUS=a part is being restarted");
}

static void loop_start(struct keeper *keeper)
{
	uv_loop_t *loop = &keeper->loop;
	struct {
		uv_signal_t *handle;
		int number;
	} signals[] = { { &keeper->term, SIGTERM }, { &keeper->interrupt, SIGINT },
		{ &keeper->hangup, SIGHUP } };

	for (size_t i = 0; i < 3; i++) {
		must(uv_signal_init(loop, signals[i].handle) == 0);
		signals[i].handle->data = keeper;
		must(uv_signal_start(signals[i].handle, signal_came, signals[i].number) == 0);
	}
	must(uv_timer_init(loop, &keeper->pulse) == 0);
	must(uv_timer_init(loop, &keeper->look) == 0);
	must(uv_timer_init(loop, &keeper->deadline) == 0);
	keeper->pulse.data = keeper->look.data = keeper->deadline.data = keeper;
	uint64_t pulse = keeper->notify_every_ms != 0 && keeper->notify_every_ms < KEEPER_PING_MS
	    ? keeper->notify_every_ms : KEEPER_PING_MS;

	must(uv_timer_start(&keeper->pulse, pulse_due, pulse, pulse) == 0);
	must(uv_timer_start(&keeper->look, look_due, KEEPER_LOOK_MS, KEEPER_LOOK_MS) == 0);
	for (size_t i = 0; i < sizeof started / sizeof started[0]; i++) {
		struct kept *kept = &keeper->roles[started[i]];

		kept->keeper = keeper;
		kept->role = started[i];
		if (keeper_wants(keeper, started[i]))
			kept_start(kept);
	}
}

int keeper_run(const struct watch_options *options, struct why *why)
{
	struct keeper keeper = { .options = options };

	for (unsigned i = 0; i < HANDLES; i++)
		keeper.sockets[i] = -1;
	log_role("keeper");
	(void)signal(SIGPIPE, SIG_IGN);
	int code = paths_find(options->state, &keeper.paths, why);

	if (code == KS_OK)
		code = secret_init(why);
	if (code == KS_OK)
		code = keeper_read_site(&keeper, why);
	if (code == KS_OK)
		code = keeper_open(&keeper, why);
	if (code != KS_OK || uv_loop_init(&keeper.loop) != 0) {
		keeper_close(&keeper);
		return code != KS_OK ? code : fail(why, KS_FULL, "out of memory");
	}
	/* its children's confinement needs this no less than its own */
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (!confine_sanitized())
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	keeper.notify_every_ms = notify_watchdog_ms();
	(void)keeper_front_changed(&keeper);
	loop_start(&keeper);
	(void)uv_run(&keeper.loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&keeper.loop);
	keeper_close(&keeper);
	return KS_OK;
}
