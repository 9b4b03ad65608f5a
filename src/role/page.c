/* src/role/page.c - the main loop around page/http.h. */
#include "role/worker.h"
#include <stdlib.h>

struct page_role {
	struct worker *worker;
	struct line core;
};

static void core_said(struct line *line, struct message *message)
{
	(void)line;
	(void)message;
}

static void core_lost(struct line *line, int code, const struct why *why)
{
	(void)line;
	(void)code;
	(void)why;
}

static int page_start(struct worker *worker, struct why *why)
{
	struct page_role *role = calloc(1, sizeof *role);

	if (role == NULL)
		return fail(why, KS_FULL, "out of memory");
	role->worker = worker;
	role->core = (struct line){ .message = core_said, .gone = core_lost, .user = role };
	worker->user = role;
	return KS_OK;
}

static void page_peer(struct worker *worker, enum role peer, int fd)
{
	struct page_role *role = worker->user;
	struct why why = { .fmt = NULL };

	line_close(&role->core);
	if (peer != ROLE_CORE ||
	    line_open(&role->core, &worker->loop, fd, ROLE_PAGE, ROLE_CORE, &why) != KS_OK)
		(void)close(fd);
}

static int page_reload(struct worker *worker, struct site *take_site, struct why *why)
{
	(void)why;
	site_free(worker->site);
	worker->site = take_site;
	return KS_OK;
}

static void page_message(struct worker *worker, struct message *message)
{
	(void)worker;
	(void)message;
}

static void page_stop(struct worker *worker)
{
	struct page_role *role = worker->user;

	line_close(&role->core);
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
