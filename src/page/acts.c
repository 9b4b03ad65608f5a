#include "page/acts.h"
#include <stdio.h>
#include <string.h>

enum { ACTS_MOST = 20000 };

uint64_t incident_root(const struct scene *scene, const struct finding *finding)
{
	uint64_t id = finding->id, cause = finding->cause;

	for (size_t deep = 0; cause != 0 && deep < 16; deep++) {
		const struct finding *above = NULL;

		for (size_t i = 0; above == NULL && i < scene->findings_n; i++)
			if (scene->findings[i].id == cause)
				above = &scene->findings[i];
		if (above == NULL)
			break;
		id = above->id;
		cause = above->cause;
	}
	return id;
}

struct search {
	uint64_t id;
	struct holder holder;
};

static int holder_took(void *user, const struct act *act)
{
	struct search *search = user;

	if (act->kind != ACT_ACKNOWLEDGED || (uint64_t)act_number(act->what, "finding") != search->id)
		return KS_OK;
	search->holder.there = true;
	search->holder.at_ms = act->time_ms;
	(void)snprintf(search->holder.who, sizeof search->holder.who, "%s", act->who);
	return 1;
}

struct holder holder_find(const struct scene *scene, const struct finding *finding)
{
	struct search search = { .id = incident_root(scene, finding) };
	struct why why;

	if (scene->store != NULL && finding->since_ms != 0)
		(void)!store_acts(scene->store, finding->since_ms, INT64_MAX, ACTS_MOST,
		    holder_took, &search, &why);
	return search.holder;
}

struct windows {
	struct set_window *list;
	size_t n, most;
	int64_t since_ms;
	struct {
		uint64_t id;
		int64_t at_ms;
	} ended[64];
	size_t ended_n;
};

/* Newest first: an end is heard before what it ended. */
static int window_took(void *user, const struct act *act)
{
	struct windows *windows = user;
	struct set_window set = { .asked_ms = act->time_ms, .window = { .id = act->id,
		.maintenance = act->kind == ACT_MAINTENANCE,
		.from_ms = act_number(act->what, "from_ms"), .to_ms = act_number(act->what, "to_ms"),
		.code = (uint16_t)act_number(act->what, "code") } };

	if (act->kind == ACT_WINDOW_ENDED && windows->ended_n < 64) {
		windows->ended[windows->ended_n].id = (uint64_t)act_number(act->what, "window");
		windows->ended[windows->ended_n++].at_ms = act->time_ms;
	}
	if ((act->kind != ACT_SILENCED && act->kind != ACT_MAINTENANCE) ||
	    set.window.to_ms <= windows->since_ms)
		return KS_OK;
	for (size_t i = 0; i < windows->ended_n; i++)
		if (windows->ended[i].id == act->id)
			set.ended_ms = windows->ended[i].at_ms;
	(void)act_part(act->what, "what", set.window.what, sizeof set.window.what);
	(void)act_part(act->what, "reason", set.reason, sizeof set.reason);
	(void)snprintf(set.who, sizeof set.who, "%s", act->who);
	windows->list[windows->n++] = set;
	return windows->n == windows->most ? 1 : KS_OK;
}

size_t windows_set(const struct scene *scene, int64_t since_ms, struct set_window *list,
    size_t most)
{
	struct windows windows = { .list = list, .most = most, .since_ms = since_ms };
	struct why why;

	if (scene->store != NULL && most > 0)
		(void)!store_acts(scene->store, INT64_MIN, INT64_MAX, ACTS_MOST, window_took, &windows,
		    &why);
	return windows.n;
}

struct news_search {
	const char *channel;
	struct channel_news *news;
};

static int news_took(void *user, const struct act *act)
{
	struct news_search *search = user;
	struct act *to = act->kind == ACT_TOLD ? &search->news->good : act->kind == ACT_NOT_TOLD ?
	    &search->news->bad : NULL;

	if (to != NULL && to->time_ms == 0 && strcmp(act->who, search->channel) == 0)
		*to = *act;
	return search->news->good.time_ms != 0 && search->news->bad.time_ms != 0 ? 1 : KS_OK;
}

void channel_news(const struct scene *scene, const char *channel, struct channel_news *ret_news)
{
	struct news_search search = { .channel = channel, .news = ret_news };
	struct why why;

	*ret_news = (struct channel_news){ .good = { .time_ms = 0 } };
	if (scene->store != NULL)
		(void)!store_acts(scene->store, INT64_MIN, INT64_MAX, ACTS_MOST, news_took, &search,
		    &why);
}

const struct finding *channel_broken(const struct scene *scene, const char *channel)
{
	for (size_t i = 0; i < scene->findings_n; i++)
		if (scene->findings[i].code == FINDING_CHANNEL &&
		    strcmp(scene->findings[i].subject, channel) == 0)
			return &scene->findings[i];
	return NULL;
}
