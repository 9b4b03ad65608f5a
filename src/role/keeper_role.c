/* src/role/keeper_role.c - one role's life: started, greeted, given, ready, watched,
 * fallen, started again. */
#include "base/drop.h"
#include "base/must.h"
#include "role/keeper.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Who has a pair with whom; the keeper makes them and hands both ends. */
static const enum role links[][2] = { { ROLE_POLLER, ROLE_CORE }, { ROLE_PAGE, ROLE_CORE },
	{ ROLE_COURIER, ROLE_CORE }, { ROLE_EAR, ROLE_CORE } };

static void handle_send(struct kept *kept, enum handle_what what, enum role role, int fd)
{
	struct handle handle = { .what = what, .role = role };
	struct parcel parcel = { .kind = MESSAGE_HANDLE, .count = 1,
		.body = span_of(&handle, sizeof handle), .fds = &fd, .fds_n = 1 };

	if (fd >= 0 && line_send(&kept->line, &parcel, NULL) != KS_OK)
		(void)close(fd);
}

static void link_make(struct keeper *keeper, enum role a, enum role b)
{
	struct kept *one = &keeper->roles[a], *two = &keeper->roles[b];
	struct why why = { .fmt = NULL };
	int fds[2];

	if (!one->given || !two->given)
		return;
	if (channel_pair(fds, &why) != KS_OK) {
		keeper_say(keeper, "KS-KEEPER", "pair", why.text);
		return;
	}
	handle_send(one, HANDLE_PEER, b, fds[0]);
	handle_send(two, HANDLE_PEER, a, fds[1]);
}

void keeper_config(const struct keeper *keeper, const struct kept *kept,
    struct config *ret_config)
{
	const struct clock *clock = &keeper->options->clock;

	*ret_config = (struct config){ .lang = keeper->options->lang,
		.clock_factor = clock->factor, .clock_start_ms = clock->start_ms,
		.clock_zero_ms = clock->zero_ms, .site_bytes = keeper->site_bytes.len,
		.restarts = kept->restarts };
	(void)snprintf(ret_config->state, sizeof ret_config->state, "%s", keeper->paths.state);
	/* whole: it is noted for who reads the store from elsewhere */
	KS_DROP(heap) char *whole = realpath(keeper->options->site, NULL);

	(void)snprintf(ret_config->site, sizeof ret_config->site, "%s",
	    whole != NULL ? whole : keeper->options->site);
}

static void sockets_hand(struct kept *kept)
{
	const struct keeper *keeper = kept->keeper;

	for (unsigned what = HANDLE_LISTEN_TCP; what <= HANDLE_ICMP6; what++) {
		bool listens = what == HANDLE_LISTEN_TCP || what == HANDLE_LISTEN_UNIX;

		if (keeper->sockets[what] < 0)
			continue;
		if (listens ? role_may(kept->role, RIGHT_LISTEN) : kept->role == ROLE_POLLER)
			handle_send(kept, (enum handle_what)what, ROLE_KEEPER,
			    dup(keeper->sockets[what]));
	}
}

static void kept_give(struct kept *kept)
{
	struct keeper *keeper = kept->keeper;
	struct config config;
	struct why why = { .fmt = NULL };
	int fd;

	keeper_config(keeper, kept, &config);
	if (memory_seal(text_span(&keeper->site_bytes), "site", &fd, &why) != KS_OK) {
		keeper_say(keeper, "KS-KEEPER", role_name(kept->role), why.text);
		(void)uv_process_kill(&kept->process, SIGKILL);
		return;
	}
	struct parcel parcel = { .kind = MESSAGE_CONFIG, .count = 1,
		.body = span_of(&config, sizeof config), .fds = &fd, .fds_n = 1 };

	if (line_send(&kept->line, &parcel, &why) != KS_OK) {
		(void)close(fd);
		return;
	}
	kept->given = true;
	sockets_hand(kept);
	keeper_secrets(keeper, kept);
	if (kept->role == ROLE_EAR)
		keeper_wires_hand(keeper, kept);
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
		if (links[i][0] == kept->role || links[i][1] == kept->role)
			link_make(keeper, links[i][0], links[i][1]);
	}
	(void)line_say(&kept->line, MESSAGE_START, 0, span_of(NULL, 0));
}

static bool role_event(struct kept *kept, enum event_what what)
{
	struct event event = { .what = what, .role = kept->role, .signal = kept->ended_signal,
		.status = kept->ended_status, .pid = kept->pid,
		.count = kept->restarts, .missing = kept->missing,
		.time_ms = keeper_now(kept->keeper) };

	return keeper_event(kept->keeper, &event);
}

bool keeper_event(struct keeper *keeper, const struct event *event)
{
	struct kept *core = &keeper->roles[ROLE_CORE];

	return core->given && message_may(&core->line.channel, MESSAGE_EVENT) &&
	    line_say(&core->line, MESSAGE_EVENT, 0, span_of(event, sizeof *event)) == KS_OK;
}

/* What was said to core may lie unread in the socket of one that dies.  It has been heard
 * when core answers a ping that was sent after it: messages stay in order. */
static void falls_heard(struct kept *core, bool answered)
{
	for (unsigned i = 0; core->role == ROLE_CORE && i < ROLES; i++) {
		struct kept *kept = &core->keeper->roles[i];

		if (kept->told == (answered ? ASKED : UNTOLD))
			kept->told = answered ? TOLD : ASKED;
	}
}

/* The new site file is wrong, and stays so until another one is good. */
void keeper_refused(struct keeper *keeper, bool again)
{
	struct event event = { .what = EVENT_SITE_REFUSED, .role = ROLE_KEEPER, .again = again,
		.time_ms = keeper_now(keeper) };

	memcpy(event.text, keeper->refused_why, sizeof event.text);
	(void)keeper_event(keeper, &event);
}

/* A new core knows nothing of the others: all is said again. */
static void events_again(struct keeper *keeper)
{
	for (unsigned i = 0; i < ROLES; i++) {
		struct kept *kept = &keeper->roles[i];

		if (kept->told != TOLD) {
			kept->told = UNTOLD;
			(void)role_event(kept, EVENT_ROLE_DIED);
		}
		if (kept->ready && i != ROLE_CORE)
			(void)role_event(kept, EVENT_ROLE_BACK);
	}
	if (keeper->refused)
		keeper_refused(keeper, true);
	keeper_wires_again(keeper);
}

/* While core does not start, only the page can say why. */
static void page_told(struct kept *core)
{
	struct kept *page = &core->keeper->roles[ROLE_PAGE];
	struct event event = { .what = EVENT_ROLE_DIED, .role = ROLE_CORE,
		.signal = core->ended_signal, .status = core->ended_status,
		.count = core->restarts, .time_ms = keeper_now(core->keeper) };

	(void)snprintf(event.text, sizeof event.text, "%s", core->said);
	if (page->ready && core->said[0] != '\0' &&
	    message_may(&page->line.channel, MESSAGE_EVENT))
		(void)line_say(&page->line, MESSAGE_EVENT, 0, span_of(&event, sizeof event));
}

static void kept_ready(struct kept *kept, const struct message *message)
{
	struct keeper *keeper = kept->keeper;
	struct hello hello;

	message_record(message, 0, &hello, sizeof hello);
	kept->ready = kept->was_ready = true;
	kept->said[0] = '\0';
	if (kept->role == ROLE_PAGE && !keeper->roles[ROLE_CORE].alive)
		page_told(&keeper->roles[ROLE_CORE]);
	kept->missing = hello.missing;
	kept->asked_ms = 0;
	if (kept->role == ROLE_CORE && kept->restarts > 0)
		(void)role_event(kept, EVENT_ROLE_DIED); /* said by the one who was away */
	(void)role_event(kept, EVENT_ROLE_BACK);
	if (kept->role == ROLE_CORE)
		events_again(keeper);
	if (hello.missing != 0) {
		struct event event = { .what = EVENT_UNCONFINED, .role = kept->role,
			.missing = hello.missing, .time_ms = keeper_now(keeper) };

		(void)keeper_event(keeper, &event);
	}
	if (keeper->told_ready || !keeper_all_ready(keeper))
		return;
	keeper->told_ready = true;
	keeper_say(keeper, "KS-KEEPER", "ready", keeper->options->site);
	notify_say("READY=1\nSTATUS=measuring");
}

static void kept_said(struct kept *kept, const struct message *message)
{
	struct said said;

	message_record(message, 0, &said, sizeof said);
	said.text[sizeof said.text - 1] = '\0';
	keeper_say(kept->keeper, "KS-KEEPER", role_name(kept->role), said.text);
	(void)snprintf(kept->said, sizeof kept->said, "%.255s", said.text);
}

/* A limit of the page was hit since it was last asked. */
static void kept_full(struct kept *kept, const struct pulse *pulse)
{
	struct event event = { .what = EVENT_LIMIT, .role = kept->role,
		.count = (uint32_t)(pulse->full - kept->full), .time_ms = keeper_now(kept->keeper) };

	(void)snprintf(event.text, sizeof event.text, "%.*s", (int)sizeof pulse->limit - 1, pulse->limit);
	if (kept->role == ROLE_PAGE && pulse->full > kept->full)
		(void)keeper_event(kept->keeper, &event);
	kept->full = pulse->full;
}

static void kept_message(struct line *line, struct message *message)
{
	struct kept *kept = line->user;
	struct pulse pulse;

	switch (message->head.kind) {
	case MESSAGE_HELLO:
		kept_give(kept);
		break;
	case MESSAGE_READY:
		kept_ready(kept, message);
		break;
	case MESSAGE_PONG:
		message_record(message, 0, &pulse, sizeof pulse);
		kept->asked_ms = 0;
		falls_heard(kept, true);
		kept_full(kept, &pulse);
		break;
	case MESSAGE_SAID:
		kept_said(kept, message);
		break;
	default:
		keeper_command(kept->keeper, message);
	}
}

/* It hung up or broke the rules: who hung up has a moment to end with its own exit code,
 * then kept_ping ends it. */
static void kept_gone(struct line *line, int code, const struct why *why)
{
	struct kept *kept = line->user;

	if (code == KS_MALFORMED)
		keeper_say(kept->keeper, "KS-KEEPER", role_name(kept->role), why->text);
	kept->given = kept->ready = false;
	if (!kept->alive || kept->keeper->stopping)
		return;
	if (code == KS_MALFORMED)
		(void)uv_process_kill(&kept->process, SIGKILL);
	else
		kept->asked_ms = clock_mono_ms() - KEEPER_PONG_MS + KEEPER_EXIT_MS;
}

static void again_due(uv_timer_t *timer)
{
	kept_start(timer->data);
}

static void kept_again(struct kept *kept)
{
	if (!kept->timer_made) {
		must(uv_timer_init(&kept->keeper->loop, &kept->again) == 0);
		kept->again.data = kept;
		kept->timer_made = true;
	}
	must(uv_timer_start(&kept->again, again_due, kept->backoff_ms, 0) == 0);
}

/* The one that lived well starts again at once; one that falls again and again waits
 * longer: at most a second when it had been ready (it must be back in two), much longer
 * when it never got so far. */
static void kept_fell(struct kept *kept)
{
	struct keeper *keeper = kept->keeper;
	bool lived = clock_mono_ms() - kept->started_ms > WELL_AFTER_MS;
	uint64_t most = kept->was_ready ? BACKOFF_READY_MS : BACKOFF_MOST_MS;
	char words[96];

	kept->restarts++;
	kept->backoff_ms = lived || kept->backoff_ms == 0 ? BACKOFF_FIRST_MS
							  : kept->backoff_ms * 2;
	if (kept->backoff_ms > most)
		kept->backoff_ms = most;
	if (kept->role == ROLE_CORE)
		page_told(kept);
	(void)snprintf(words, sizeof words, "%s signal=%d status=%d restarts=%u in_ms=%llu",
	    role_name(kept->role), kept->ended_signal, kept->ended_status, kept->restarts,
	    (unsigned long long)kept->backoff_ms);
	keeper_say(keeper, "KS-SELF-002", "died", words);
	if (kept->role != ROLE_CORE) {
		kept->told = UNTOLD;
		(void)role_event(kept, EVENT_ROLE_DIED);
	}
	kept_again(kept);
}

static void kept_closed(uv_handle_t *handle)
{
	struct kept *kept = handle->data;

	bool renew = kept->renew;

	kept->renew = false;
	if (kept->keeper->stopping)
		keeper_role_ended(kept->keeper);
	else if (!renew)
		kept_fell(kept);
	else if (keeper_wants(kept->keeper, kept->role))
		kept_start(kept);
	else
		(void)role_event(kept, EVENT_ROLE_BACK); /* with no process: it is not wanted */
}

static void kept_ended(uv_process_t *process, int64_t status, int signal)
{
	struct kept *kept = process->data;

	kept->alive = kept->given = kept->ready = false;
	kept->pid = 0;
	kept->ended_status = (int)status;
	kept->ended_signal = signal;
	line_close(&kept->line);
	uv_close((uv_handle_t *)process, kept_closed);
}

void kept_start(struct kept *kept)
{
	struct keeper *keeper = kept->keeper;
	struct why why = { .fmt = NULL };
	int fds[2] = { -1, -1 };

	if (keeper->stopping)
		return;
	kept->process = (uv_process_t){ .data = kept };
	kept->line.user = kept;
	kept->line.message = kept_message;
	kept->line.gone = kept_gone;
	kept->started_ms = clock_mono_ms();
	kept->was_ready = false;
	kept->full = 0;
	int code = channel_pair(fds, &why);

	if (code == KS_OK) {
		code = keeper_spawn(keeper, kept->role, &kept->process, kept_ended, fds[1], &why);
		(void)close(fds[1]);
	}
	if (code != KS_OK) {
		drop_fd(&fds[0]);
		keeper_say(keeper, "KS-KEEPER", role_name(kept->role), why.text);
		kept->backoff_ms = 1000;
		kept_again(kept);
		return;
	}
	kept->alive = true;
	kept->pid = kept->process.pid;
	kept->asked_ms = kept->started_ms; /* it must get ready within the same time */
	if (line_open(&kept->line, &keeper->loop, fds[0], ROLE_KEEPER, kept->role, &why) !=
	    KS_OK) {
		(void)close(fds[0]);
		(void)uv_process_kill(&kept->process, SIGKILL);
	}
}

void kept_stop(struct kept *kept)
{
	if (kept->timer_made)
		(void)uv_timer_stop(&kept->again);
	if (!kept->alive)
		return;
	if (!message_may(&kept->line.channel, MESSAGE_STOP) ||
	    line_say(&kept->line, MESSAGE_STOP, 0, span_of(NULL, 0)) != KS_OK)
		(void)uv_process_kill(&kept->process, SIGKILL);
}

void kept_ping(struct kept *kept)
{
	int64_t now = clock_mono_ms();

	if (!kept->alive)
		return;
	if (kept->asked_ms != 0 && now - kept->asked_ms > KEEPER_PONG_MS) {
		keeper_say(kept->keeper, "KS-SELF-002", "silent", role_name(kept->role));
		kept->asked_ms = 0;
		(void)uv_process_kill(&kept->process, SIGABRT);
		(void)uv_process_kill(&kept->process, SIGKILL);
		return;
	}
	if (kept->ready && kept->asked_ms == 0 && message_may(&kept->line.channel, MESSAGE_PING) &&
	    line_say(&kept->line, MESSAGE_PING, 0, span_of(NULL, 0)) == KS_OK) {
		kept->asked_ms = now;
		falls_heard(kept, false);
	}
}

bool keeper_all_ready(const struct keeper *keeper)
{
	return keeper->roles[ROLE_CORE].ready && keeper->roles[ROLE_POLLER].ready &&
	    keeper->roles[ROLE_PAGE].ready && keeper->roles[ROLE_COURIER].ready &&
	    (keeper->roles[ROLE_EAR].ready || !keeper_wants(keeper, ROLE_EAR));
}
