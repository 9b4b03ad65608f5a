#include "role/worker.h"
#include "base/drop.h"
#include "base/log.h"
#include "base/text.h"
#include "guard/confine.h"
#include "site/read.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ROLE_FAILED = 4, GIVEN_MOST = 512 };

int64_t worker_now(const struct worker *worker)
{
	return clock_now_ms(&worker->clock);
}

void *worker_user(struct worker *worker, size_t size, struct why *why)
{
	worker->user = calloc(1, size);
	if (worker->user == NULL)
		(void)fail(why, KS_FULL, "out of memory");
	return worker->user;
}

void worker_say(const struct worker *worker, const char *id, const char *key, const char *text)
{
	KS_DROP(text) struct text line;

	text_init(&line, 1024);
	text_add_json(&line, span_text(text));
	log_line(worker_now(worker), id, "%s=\"%s\"", key, text_cstr(&line));
}

/* Tell the keeper why, end with the code that says keisoku itself failed. */
static void worker_fail(struct worker *worker, int code, const struct why *why)
{
	struct said said = { .code = code };

	(void)snprintf(said.id, sizeof said.id, "KS-ROLE");
	(void)snprintf(said.text, sizeof said.text, "%s", why->text);
	(void)line_say(&worker->keeper, MESSAGE_SAID, 0, span_of(&said, sizeof said));
	worker_say(worker, "KS-ROLE", "failed", why->text);
	worker->exit_code = ROLE_FAILED;
	worker->ended = true;
	uv_stop(&worker->loop);
}

static int site_take(int fd, uint64_t bytes, struct site **ret_site, struct why *why)
{
	if (bytes == 0 || bytes > LIMIT_SITE_BYTES)
		return fail(why, KS_MALFORMED, "the site file has no bytes or too many");
	void *at = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	struct site_errors *errors = calloc(1, sizeof *errors);
	int code;

	if (at == MAP_FAILED || errors == NULL) {
		code = fail(why, KS_FULL, "out of memory");
	} else {
		code = site_read(span_of(at, bytes), ret_site, errors);
		if (code != KS_OK)
			(void)fail(why, code, "site file, line %u: %s", errors->list[0].line,
			    errors->list[0].why.text);
	}
	if (at != MAP_FAILED)
		(void)munmap(at, bytes);
	free(errors);
	return code;
}

static int secret_keep(struct worker *worker, const struct handle *handle, int fd,
    struct why *why)
{
	struct worker_secret *at = NULL;
	struct secret secret;
	int code = secret_open(fd, handle->bytes, &secret, why);

	if (code != KS_OK)
		return code;
	for (size_t i = 0; at == NULL && i < worker->secrets_n; i++) {
		if (strcmp(worker->secrets[i].name, handle->name) == 0)
			at = &worker->secrets[i];
	}
	if (at == NULL) {
		void *more = worker->secrets_n >= LIMIT_SECRETS ? NULL
		    : reallocarray(worker->secrets, worker->secrets_n + 1, sizeof *at);

		if (more == NULL) {
			secret_wipe(&secret);
			return fail(why, KS_FULL, "more than %d secrets", (int)LIMIT_SECRETS);
		}
		worker->secrets = more;
		at = &worker->secrets[worker->secrets_n++];
		*at = (struct worker_secret){ .name = "" };
		(void)snprintf(at->name, sizeof at->name, "%s", handle->name);
	} else {
		secret_wipe(&at->secret);
	}
	at->secret = secret;
	return KS_OK;
}

int worker_secret(struct worker *worker, const char *name, struct span *ret_secret,
    struct why *why)
{
	for (size_t i = 0; i < worker->secrets_n; i++) {
		if (strcmp(worker->secrets[i].name, name) == 0) {
			*ret_secret = secret_span(&worker->secrets[i].secret);
			return KS_OK;
		}
	}
	return fail(why, KS_ABSENT, "secret %s: could not be read when keisoku started", name);
}

/* Kept until the role has started; a role that wants none closes it. */
static void given_take(struct worker *worker, const struct handle *handle, int fd)
{
	if (worker->ops->handed == NULL || worker->given_n >= GIVEN_MOST) {
		(void)close(fd);
		return;
	}
	if (worker->started) {
		worker->ops->handed(worker, handle, fd);
		return;
	}
	struct worker_given *more = reallocarray(worker->given, worker->given_n + 1, sizeof *more);

	if (more == NULL) {
		(void)close(fd);
		return;
	}
	worker->given = more;
	worker->given[worker->given_n++] = (struct worker_given){ .handle = *handle, .fd = fd };
}

static void given_hand(struct worker *worker)
{
	for (size_t i = 0; i < worker->given_n; i++)
		worker->ops->handed(worker, &worker->given[i].handle, worker->given[i].fd);
	free(worker->given);
	worker->given = NULL;
	worker->given_n = 0;
}

static void handle_take(struct worker *worker, struct message *message)
{
	struct handle handle;
	struct why why = { .fmt = NULL };
	int fd = message->fds[0];

	message_record(message, 0, &handle, sizeof handle);
	handle.name[sizeof handle.name - 1] = '\0';
	if (handle.what == HANDLE_SECRET) {
		int code = secret_keep(worker, &handle, fd, &why);

		if (code != KS_OK)
			worker_say(worker, "KS-ROLE", "secret", why.text);
		return; /* the descriptor falls with the message */
	}
	if (handle.what == HANDLE_PEER && handle.role < ROLES) {
		message->fds[0] = -1;
		if (worker->started) {
			worker->ops->peer(worker, (enum role)handle.role, fd);
			return;
		}
		drop_fd(&worker->peers[handle.role]);
		worker->peers[handle.role] = fd;
	} else if (handle.what == HANDLE_PACKET || handle.what == HANDLE_FILE) {
		message->fds[0] = -1;
		given_take(worker, &handle, fd);
	} else if (handle.what < HANDLES) {
		message->fds[0] = -1;
		drop_fd(&worker->handles[handle.what]);
		worker->handles[handle.what] = fd;
	}
}

static int config_take(struct worker *worker, const struct message *message)
{
	message_record(message, 0, &worker->config, sizeof worker->config);
	worker->config.state[PATH_MOST - 1] = '\0';
	worker->config.site[PATH_MOST - 1] = '\0';
	worker->clock = (struct clock){ .factor = worker->config.clock_factor,
		.start_ms = worker->config.clock_start_ms,
		.zero_ms = worker->config.clock_zero_ms };
	/* kept until START: the site is read by a confined process only */
	return dup(message->fds[0]);
}

static void peers_hand(struct worker *worker)
{
	for (unsigned i = 0; i < ROLES; i++) {
		if (worker->peers[i] >= 0)
			worker->ops->peer(worker, (enum role)i, worker->peers[i]);
		worker->peers[i] = -1;
	}
}

static void worker_start(struct worker *worker, int site_fd)
{
	struct why why = { .fmt = NULL };
	struct confine confine = { .state = worker->config.state, .keep_fd = -1,
		.memory_bytes = worker->ops->memory_bytes };
	int code = KS_OK;

	if (worker->ops->before != NULL)
		worker->ops->before();
	code = confine_role(worker->ops->role, &confine, &worker->missing, &why);

	if (code == KS_OK)
		code = site_take(site_fd, worker->config.site_bytes, &worker->site, &why);
	if (code == KS_OK)
		code = worker->ops->start(worker, &why);
	if (code != KS_OK) {
		worker_fail(worker, code, &why);
		return;
	}
	struct hello ready = { .version = MESSAGE_VERSION, .role = worker->ops->role,
		.pid = getpid(), .missing = worker->missing };

	worker_clean();
	worker->started = true;
	(void)line_say(&worker->keeper, MESSAGE_READY, 0, span_of(&ready, sizeof ready));
	given_hand(worker);
	peers_hand(worker);
}

static void worker_reload(struct worker *worker, const struct message *message)
{
	struct why why = { .fmt = NULL };
	struct site *site = NULL;
	KS_DROP(fd) int fd = config_take(worker, message);
	int code = site_take(fd, worker->config.site_bytes, &site, &why);

	if (code == KS_OK)
		code = worker->ops->reload(worker, site, &why);
	if (code != KS_OK) /* the keeper had found it good: this process is not well */
		worker_fail(worker, code, &why);
}

static void worker_end(struct worker *worker)
{
	if (worker->ended)
		return;
	worker->ended = true;
	if (worker->started)
		worker->ops->stop(worker);
	uv_stop(&worker->loop);
}

static void keeper_message(struct line *line, struct message *message)
{
	static int site_fd = -1; /* between CONFIG and START */
	struct worker *worker = line->user;
	struct pulse pulse = { .now_ms = worker_now(worker), .sent = line->channel.sent,
		.taken = line->channel.taken };

	if (worker->ended) /* what was still on the way when the start failed, or after STOP */
		return;
	switch (message->head.kind) {
	case MESSAGE_CONFIG:
		site_fd = config_take(worker, message);
		break;
	case MESSAGE_HANDLE:
		handle_take(worker, message);
		break;
	case MESSAGE_START:
		worker_start(worker, site_fd);
		drop_fd(&site_fd);
		site_fd = -1;
		break;
	case MESSAGE_PING:
		if (worker->ops->full != NULL)
			pulse.full = worker->ops->full(worker);
		if (worker->ops->limit != NULL)
			(void)snprintf(pulse.limit, sizeof pulse.limit, "%s", worker->ops->limit(worker));
		(void)line_say(line, MESSAGE_PONG, 0, span_of(&pulse, sizeof pulse));
		break;
	case MESSAGE_RELOAD:
		worker_reload(worker, message);
		break;
	case MESSAGE_STOP:
		worker_end(worker);
		break;
	default:
		if (worker->started)
			worker->ops->message(worker, message);
	}
}

static void keeper_gone(struct line *line, int code, const struct why *why)
{
	struct worker *worker = line->user;

	if (code == KS_MALFORMED)
		worker_say(worker, "KS-ROLE", "keeper", why->text);
	worker_end(worker);
}

static void worker_done(struct worker *worker)
{
	line_close(&worker->keeper);
	for (size_t i = 0; i < worker->secrets_n; i++)
		secret_wipe(&worker->secrets[i].secret);
	free(worker->secrets);
	for (size_t i = 0; i < worker->given_n; i++)
		(void)close(worker->given[i].fd);
	free(worker->given);
	for (unsigned i = 0; i < HANDLES; i++)
		drop_fd(&worker->handles[i]);
	site_free(worker->site);
	(void)uv_run(&worker->loop, UV_RUN_NOWAIT);
	(void)uv_loop_close(&worker->loop);
}

int worker_run(const struct worker_ops *ops)
{
	struct worker worker = { .ops = ops, .keeper = { .message = keeper_message,
		.gone = keeper_gone } };
	struct hello hello = { .version = MESSAGE_VERSION, .role = ops->role, .pid = getpid() };
	struct why why = { .fmt = NULL };

	for (unsigned i = 0; i < HANDLES; i++)
		worker.handles[i] = -1;
	for (unsigned i = 0; i < ROLES; i++)
		worker.peers[i] = -1;
	log_role(role_name(ops->role));
	/* the keeper stops its roles by message; a terminal's Ctrl-C is for the keeper */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)close_range(WORKER_FD + 1, ~0U, 0); /* nothing of the keeper's but its pair */
	if (secret_init(&why) != KS_OK || uv_loop_init(&worker.loop) != 0)
		return ROLE_FAILED;
	worker.keeper.user = &worker;
	if (line_open(&worker.keeper, &worker.loop, WORKER_FD, ops->role, ROLE_KEEPER, &why) !=
	    KS_OK) {
		worker_say(&worker, "KS-ROLE", "failed", why.text);
		return ROLE_FAILED;
	}
	(void)line_say(&worker.keeper, MESSAGE_HELLO, 0, span_of(&hello, sizeof hello));
	while (!worker.ended)
		(void)uv_run(&worker.loop, UV_RUN_DEFAULT);
	worker_done(&worker);
	return worker.exit_code;
}

int role_run(const char *name)
{
	static const struct worker_ops *const all[] = { &poller_ops, &core_ops, &page_ops,
		&courier_ops, &ear_ops };
	enum role role;

	if (!role_find(span_text(name), &role))
		return ROLE_FAILED;
	if (role == ROLE_RUNNER)
		return runner_run();
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (all[i]->role == role)
			return worker_run(all[i]);
	}
	return ROLE_FAILED;
}
