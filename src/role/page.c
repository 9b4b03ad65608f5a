/* src/role/page.c - the main loop around page/page.h: its sockets, its line to core, and
 * the clock.  It holds no secret, writes nothing, and is told what core knows. */
#include "base/must.h"
#include "page/page.h"
#include "role/front.h"
#include "role/worker.h"
#include "role/zones.h"
#include <stdlib.h>

enum { PAGE_SOCKETS = 2, PAGE_EVERY_MS = 1000 };

struct page_role {
	struct worker *worker;
	struct line core;
	struct page *page;
	struct zones zones;
	uv_poll_t sockets[PAGE_SOCKETS];
	bool watched[PAGE_SOCKETS];
	unsigned working; /* in threads */
	bool secure; /* TLS and users; does not change while it runs */
	uv_timer_t second;
	uv_idle_t idle; /* runs while a query has more to do */
};

static void idle_due(uv_idle_t *idle);

static void idle_set(struct page_role *role)
{
	if (page_busy(role->page))
		(void)uv_idle_start(&role->idle, idle_due);
	else
		(void)uv_idle_stop(&role->idle);
}

static void idle_due(uv_idle_t *idle)
{
	struct page_role *role = idle->data;

	page_run(role->page);
	idle_set(role);
}

static void core_said(struct line *line, struct message *message)
{
	struct page_role *role = line->user;

	page_take(role->page, message);
	idle_set(role);
}

static void core_lost(struct line *line, int code, const struct why *why)
{
	struct page_role *role = line->user;

	if (code == KS_MALFORMED)
		worker_say(role->worker, "KS-ROLE", "core", why->text);
	page_core(role->page, false);
}

static void core_drained(struct line *line)
{
	page_drained(((struct page_role *)line->user)->page);
}

static int64_t mono_said(void *user)
{
	(void)user;
	return clock_mono_ms();
}

static int random_said(void *user, void *room, size_t n)
{
	(void)user;
	return uv_random(NULL, NULL, room, n, 0, NULL) == 0 ? KS_OK : KS_IO;
}

struct work {
	uv_work_t request;
	void (*run)(void *arg), (*done)(void *arg);
	void *arg;
	struct page_role *role;
};

static void work_run(uv_work_t *request)
{
	struct work *work = request->data;

	work->run(work->arg);
}

static void work_over(uv_work_t *request, int status)
{
	struct work *work = request->data;

	(void)status;
	work->role->working--;
	work->done(work->arg);
	free(work);
}

static int work_said(void *user, void (*run)(void *arg), void (*done)(void *arg), void *arg)
{
	struct page_role *role = user;
	struct work *work = calloc(1, sizeof *work);

	if (work == NULL)
		return KS_FULL;
	*work = (struct work){ .request.data = work, .run = run, .done = done, .arg = arg,
		.role = role };
	if (uv_queue_work(&role->worker->loop, &work->request, work_run, work_over) == 0) {
		role->working++;
		return KS_OK;
	}
	free(work);
	return KS_FULL;
}

/* Also in the log of the machine: it stays when the store is lost. */
static void entry_said(void *user, const struct entry *entry)
{
	static const char *const words[ENTRIES] = { "login", "login-refused", "logout" };
	struct page_role *role = user;
	char line[200];

	(void)snprintf(line, sizeof line, "who=%s from=%s tries=%u", entry->who, entry->from,
	    entry->count);
	worker_say(role->worker, "KS-PAGE", words[entry->what], line);
}

static int core_send(void *user, const struct parcel *parcel, struct why *why)
{
	struct page_role *role = user;

	if (role->core.open && !message_may(&role->core.channel, parcel->kind))
		return fail(why, KS_FULL, "%s does not keep up", "core");
	return line_send(&role->core, parcel, why);
}

static void socket_ready(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	page_run(((struct page_role *)poll->data)->page);
	idle_set(poll->data);
}

static void second_due(uv_timer_t *timer)
{
	page_tick(((struct page_role *)timer->data)->page);
}

static void sockets_watch(struct page_role *role)
{
	for (unsigned i = 0; i < PAGE_SOCKETS; i++) {
		int fd = page_fd(role->page, i);

		if (fd < 0)
			continue;
		must(uv_poll_init(&role->worker->loop, &role->sockets[i], fd) == 0);
		role->sockets[i].data = role;
		must(uv_poll_start(&role->sockets[i], UV_READABLE, socket_ready) == 0);
		role->watched[i] = true;
	}
	must(uv_idle_init(&role->worker->loop, &role->idle) == 0);
	role->idle.data = role;
	must(uv_timer_init(&role->worker->loop, &role->second) == 0);
	role->second.data = role;
	must(uv_timer_start(&role->second, second_due, PAGE_EVERY_MS, PAGE_EVERY_MS) == 0);
}

/* The new site is shown before the old one and its zones go. */
static int site_show(struct page_role *role, struct site *site, struct why *why)
{
	struct zones zones;
	int code = zones_load(site, &zones, why);

	if (code != KS_OK)
		return code;
	page_site(role->page, site, zones_find(&zones, site->tz));
	zones_done(&role->zones);
	role->zones = zones;
	return KS_OK;
}

/* The page's own files; none: plain HTTP on this machine. */
static int files_find(struct worker *worker, const struct site *site, struct page_files *ret_files,
    struct why *why)
{
	const struct front *front = site_front(site);
	struct page_files files = { .cert = { .at = NULL } };
	int code = KS_OK;

	if (front != NULL && front->cert != NULL) {
		code = worker_secret(worker, front->cert, &files.cert, why);
		if (code == KS_OK)
			code = worker_secret(worker, front->key, &files.key, why);
		if (code == KS_OK)
			code = worker_secret(worker, front->users, &files.users, why);
	}
	*ret_files = files;
	return code;
}

static int page_start(struct worker *worker, struct why *why)
{
	struct page_role *role = worker_user(worker, sizeof *role, why);
	struct page_options options = { .listen_tcp = worker->handles[HANDLE_LISTEN_TCP],
		.listen_unix = worker->handles[HANDLE_LISTEN_UNIX],
		.store = worker->config.state, .user = role,
		.mono_ms = mono_said, .random = random_said, .work = work_said,
		.entry = entry_said, .send = core_send };

	if (role == NULL)
		return KS_FULL;
	role->worker = worker;
	role->core = (struct line){ .message = core_said, .gone = core_lost,
		.drained = core_drained, .user = role };
	if (uv_random(NULL, NULL, &options.seed, sizeof options.seed, 0, NULL) != 0)
		return fail(why, KS_IO, "no random numbers");
	worker->handles[HANDLE_LISTEN_TCP] = worker->handles[HANDLE_LISTEN_UNIX] = -1;
	int code = files_find(worker, worker->site, &options.files, why);

	role->secure = options.files.cert.left > 0;
	if (code == KS_OK)
		code = page_new(&options, &role->page, why);

	if (code == KS_OK)
		code = site_show(role, worker->site, why);
	if (code != KS_OK)
		return code;
	sockets_watch(role);
	return KS_OK;
}

static void page_peer(struct worker *worker, enum role peer, int fd)
{
	struct page_role *role = worker->user;
	struct why why = { .fmt = NULL };

	if (role->core.open) {
		line_close(&role->core);
		page_core(role->page, false);
	}
	if (peer != ROLE_CORE ||
	    line_open(&role->core, &worker->loop, fd, ROLE_PAGE, ROLE_CORE, &why) != KS_OK) {
		(void)close(fd);
		return;
	}
	page_core(role->page, true);
}

/* Wrong ones are refused with a line in the log, and the old ones hold on. */
static void access_renew(struct worker *worker)
{
	struct page_role *role = worker->user;
	struct page_files files;
	struct why why = { .fmt = NULL };

	if (!role->secure)
		return;
	if (files_find(worker, worker->site, &files, &why) != KS_OK || files.cert.left == 0 ||
	    page_access(role->page, &files, &why) != KS_OK)
		worker_say(worker, "KS-PAGE", "refused", why.text);
}

static int page_reload(struct worker *worker, struct site *take_site, struct why *why)
{
	struct site *old = worker->site;

	worker->site = take_site;
	int code = site_show(worker->user, take_site, why);

	if (code != KS_OK)
		return code;
	site_free(old);
	access_renew(worker);
	return KS_OK;
}

static void page_message(struct worker *worker, struct message *message)
{
	struct page_role *role = worker->user;
	struct event event;

	if (message->head.kind != MESSAGE_EVENT)
		return;
	message_record(message, 0, &event, sizeof event);
	event.text[sizeof event.text - 1] = '\0';
	if (event.what == EVENT_ROLE_DIED && event.role == ROLE_CORE)
		page_core_says(role->page, event.text);
}

static void page_stop(struct worker *worker)
{
	struct page_role *role = worker->user;

	for (unsigned i = 0; i < PAGE_SOCKETS; i++) {
		if (role->watched[i])
			uv_close((uv_handle_t *)&role->sockets[i], NULL);
	}
	uv_close((uv_handle_t *)&role->second, NULL);
	uv_close((uv_handle_t *)&role->idle, NULL);
	line_close(&role->core);
	(void)uv_run(&worker->loop, UV_RUN_NOWAIT);
	page_free(role->page);
	role->page = NULL;
	while (role->working > 0) /* a password is being checked */
		(void)uv_run(&worker->loop, UV_RUN_ONCE);
	zones_done(&role->zones);
	free(role);
}

static uint64_t page_role_full(struct worker *worker)
{
	return page_full(((struct page_role *)worker->user)->page);
}

static const char *page_role_limit(struct worker *worker)
{
	return page_limit(((struct page_role *)worker->user)->page);
}

const struct worker_ops page_ops = {
	.role = ROLE_PAGE,
	.start = page_start,
	.peer = page_peer,
	.reload = page_reload,
	.message = page_message,
	.stop = page_stop,
	.full = page_role_full,
	.limit = page_role_limit,
};
