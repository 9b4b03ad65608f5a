/* src/role/page.c - the main loop around page/page.h. */
#include "page/page.h"
#include "base/drop.h"
#include "role/worker.h"
#include <stdlib.h>

enum { SWEEP_MS = 1000 };

struct page_role {
	struct worker *worker;
	struct line core;
	struct page *page;
	uv_poll_t *polls[2];
	uv_timer_t *sweep;
};

static void core_said(struct line *line, struct message *message)
{
	struct page_role *role = line->user;

	page_take(role->page, message);
}

static void core_lost(struct line *line, int code, const struct why *why)
{
	struct page_role *role = line->user;

	if (code != KS_IO) /* the keeper says when core died; this is worse */
		worker_say(role->worker, "KS-ROLE", "core", why->text);
	page_core(role->page, false);
	page_run(role->page);
}

static void core_drained(struct line *line)
{
	struct page_role *role = line->user;

	page_drained(role->page);
}

static int core_send(void *user, const struct parcel *parcel, struct why *why)
{
	struct page_role *role = user;

	if (!role->core.open)
		return fail(why, KS_IO, "core is not there");
	/* asks are limited too; what does not fit waits for an answer or an empty queue */
	if (!message_may(&role->core.channel, parcel->kind))
		return KS_FULL;
	return line_send(&role->core, parcel, why);
}

static int64_t mono(void *user)
{
	(void)user;
	return clock_mono_ms();
}

static void readable(uv_poll_t *poll, int status, int events)
{
	struct page_role *role = poll->data;

	(void)status;
	(void)events;
	page_run(role->page);
}

static void swept(uv_timer_t *timer)
{
	struct page_role *role = timer->data;

	page_run(role->page);
}

static int watch(struct page_role *role, unsigned which, struct why *why)
{
	int fd = page_fd(role->page, which);

	if (fd < 0)
		return KS_OK;
	role->polls[which] = calloc(1, sizeof *role->polls[which]);
	if (role->polls[which] == NULL)
		return fail(why, KS_FULL, "out of memory");
	role->polls[which]->data = role;
	int code = uv_poll_init(&role->worker->loop, role->polls[which], fd);

	if (code == 0)
		code = uv_poll_start(role->polls[which], UV_READABLE, readable);
	return code == 0 ? KS_OK : fail(why, KS_IO, "page: %s", uv_strerror(code));
}

static int serve(struct page_role *role, struct why *why)
{
	struct worker *worker = role->worker;
	struct page_options options = { .listen_tcp = worker->handles[HANDLE_LISTEN_TCP],
		.listen_unix = worker->handles[HANDLE_LISTEN_UNIX], .user = role,
		.mono_ms = mono, .send = core_send };

	if (uv_random(NULL, NULL, &options.seed, sizeof options.seed, 0, NULL) != 0)
		return fail(why, KS_IO, "no random numbers");
	int bad = page_new(&options, &role->page, why);

	if (bad != KS_OK)
		return bad;
	worker->handles[HANDLE_LISTEN_TCP] = worker->handles[HANDLE_LISTEN_UNIX] = -1;
	page_site(role->page, worker->site, NULL);
	bad = watch(role, 0, why);
	if (bad == KS_OK)
		bad = watch(role, 1, why);
	role->sweep = calloc(1, sizeof *role->sweep);
	if (bad != KS_OK || role->sweep == NULL)
		return bad != KS_OK ? bad : fail(why, KS_FULL, "out of memory");
	role->sweep->data = role;
	int code = uv_timer_init(&worker->loop, role->sweep);

	if (code == 0)
		code = uv_timer_start(role->sweep, swept, SWEEP_MS, SWEEP_MS);
	return code == 0 ? KS_OK : fail(why, KS_IO, "page: %s", uv_strerror(code));
}

static int page_start(struct worker *worker, struct why *why)
{
	struct page_role *role = calloc(1, sizeof *role);

	if (role == NULL)
		return fail(why, KS_FULL, "out of memory");
	role->worker = worker;
	role->core = (struct line){ .message = core_said, .gone = core_lost,
		.drained = core_drained, .user = role };
	worker->user = role;
	return serve(role, why);
}

static void page_peer(struct worker *worker, enum role peer, int fd)
{
	struct page_role *role = worker->user;
	struct why why = { .fmt = NULL };

	page_core(role->page, false);
	line_close(&role->core);
	if (peer != ROLE_CORE ||
	    line_open(&role->core, &worker->loop, fd, ROLE_PAGE, ROLE_CORE, &why) != KS_OK)
		(void)close(fd);
	else
		page_core(role->page, true);
}

static int page_reload(struct worker *worker, struct site *take_site, struct why *why)
{
	struct page_role *role = worker->user;

	(void)why;
	page_site(role->page, take_site, NULL);
	site_free(worker->site);
	worker->site = take_site;
	return KS_OK;
}

static void page_message(struct worker *worker, struct message *message)
{
	(void)worker;
	(void)message;
}

static void closed(uv_handle_t *handle)
{
	free(handle);
}

static void page_stop(struct worker *worker)
{
	struct page_role *role = worker->user;

	line_close(&role->core);
	for (size_t i = 0; i < 2; i++)
		if (role->polls[i] != NULL) {
			(void)uv_poll_stop(role->polls[i]);
			uv_close((uv_handle_t *)role->polls[i], closed);
		}
	if (role->sweep != NULL)
		uv_close((uv_handle_t *)role->sweep, closed);
	page_free(role->page);
	free(role);
}

const struct worker_ops page_ops = {
	.role = ROLE_PAGE,
	.start = page_start,
	.peer = page_peer,
	.reload = page_reload,
	.message = page_message,
	.stop = page_stop,
};
