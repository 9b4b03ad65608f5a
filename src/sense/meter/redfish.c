/* src/sense/meter/redfish.c - a server's management controller by Redfish (DMTF
 * DSP0266): from the service root through every chassis, page by page, to all that
 * measures.  Sensors (1.x), the older Thermal and Power, and the excerpts of
 * EnvironmentMetrics, ThermalMetrics and power supplies where they say something that
 * no Sensor page says.  What a page means is in redfish_page.c. */
#include "sense/meter/redfish.h"
#include <stdio.h>

struct redfish {
	struct page *pages, **last, *now; /* all of this poll, in the order of asking */
	size_t pages_n;
};

/* A path on the same server that can stand in a request line. */
static bool redfish_path(const char *path)
{
	if (path == NULL || path[0] != '/' || path[1] == '/' || strlen(path) >= REDFISH_PATH)
		return false;
	for (const char *c = path; *c != '\0'; c++)
		if (*c <= ' ' || *c >= 0x7f)
			return false;
	return true;
}

bool redfish_known(struct talk *talk, const char *path)
{
	const struct redfish *mine = talk->memory;

	for (const struct page *page = mine->pages; page != NULL; page = page->next)
		if (strcmp(page->path, path) == 0)
			return true;
	return false;
}

void redfish_follow(struct talk *talk, const char *path, struct page about)
{
	struct redfish *mine = talk->memory;

	if (!redfish_path(path) || redfish_known(talk, path))
		return;
	if (mine->pages_n >= REDFISH_PAGES) {
		talk->full = true;
		return;
	}
	struct page *page = arena_take(talk->arena, sizeof *page);
	char *copy = arena_text(talk->arena, span_text(path));

	if (page == NULL || copy == NULL) {
		talk->full = true;
		return;
	}
	*page = about;
	page->path = copy;
	page->next = NULL;
	*mine->last = page;
	mine->last = &page->next;
	mine->pages_n++;
	if (mine->now == NULL)
		mine->now = page;
}

static int redfish_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct redfish *mine = talk->memory;
	struct ask ask = { .what = ASK_BYTES, .reply_max = LIMIT_REPLY_BYTES };

	if (talk->turn == 0) {
		*mine = (struct redfish){ .pages_n = 0 };
		mine->last = &mine->pages;
		redfish_follow(talk, "/redfish/v1/", (struct page){ .what = PAGE_ROOT });
		if (mine->now == NULL)
			return fail(why, KS_FULL, "%s: out of memory", talk->probe->name);
	}
	if (mine->now == NULL) {
		meter_pick(talk);
		ask.what = ASK_NONE;
	} else {
		ask.may_fail = mine->now->what != PAGE_ROOT && mine->now->what != PAGE_CHASSES;
		(void)snprintf(ask.target, sizeof ask.target, "%s", mine->now->path);
	}
	*ret_ask = ask;
	return KS_OK;
}

static int redfish_read(struct talk *talk, struct span reply, struct why *why)
{
	struct redfish *mine = talk->memory;
	const struct page *page = mine->now;
	json_error_t error;

	if (page == NULL)
		return KS_OK;
	json_auto_t *json = reply.left > 0
	    ? json_loadb((const char *)reply.at, reply.left, 0, &error) : NULL;

	if (json_is_object(json))
		redfish_page(talk, page, json);
	else if (page->what == PAGE_ROOT || page->what == PAGE_CHASSES)
		return fail(why, KS_MALFORMED, "%s: %s is no JSON of a Redfish service",
		    talk->probe->name, page->path);
	/* a page that pages were added to is followed by them */
	mine->now = page->next;
	return KS_OK;
}

const struct driver driver_redfish = {
	.name = "redfish",
	.says = "servers and PDUs through their management controller (Redfish)",
	.via = VIA_HTTP,
	.port = 443,
	.memory_size = sizeof(struct redfish),
	.ask = redfish_ask,
	.read = redfish_read,
};
