/* src/plan/paper_fits.c - is a plan still of this site; see paper.h. */
#include "plan/paper.h"
#include "plan/phase.h"
#include <stdlib.h>
#include <string.h>

struct named {
	const char *id;
	uint32_t at;
};

static int by_id(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return strcmp(x->id, y->id);
}

/* The site's hosts by ID; NULL: no memory. */
static struct named *hosts_named(const struct site *site, struct arena *arena)
{
	struct named *names = arena_array(arena, site->hosts_n + 1, sizeof *names);

	for (uint32_t h = 0; names != NULL && h < site->hosts_n; h++)
		names[h] = (struct named){ site->hosts[h].id, h };
	if (names != NULL)
		qsort(names, site->hosts_n, sizeof *names, by_id);
	return names;
}

static const struct named *host_named(const struct named *names, const struct site *site, const char *id)
{
	return bsearch(&(struct named){ .id = id }, names, site->hosts_n, sizeof *names, by_id);
}

static bool node_there(const struct site *site, const char *id)
{
	for (size_t i = 0; i < site->nodes_n; i++)
		if (strcmp(site->nodes[i].id, id) == 0)
			return true;
	return false;
}

static bool service_there(const struct site *site, const char *id)
{
	for (size_t i = 0; i < site->services_n; i++)
		if (strcmp(site->services[i].id, id) == 0)
			return true;
	return false;
}

/* Each host of the steps exists; goes off or is capped once, and comes back once at most. */
static int steps_fit(const struct paper *paper, const struct site *site, struct arena *arena,
    struct why *why)
{
	struct named *names = hosts_named(site, arena);
	uint8_t *seen = arena_array(arena, site->hosts_n + 1, 1);

	if (names == NULL || seen == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	for (uint32_t n = 0; n < paper->waves_n; n++)
		for (uint32_t i = 0; i < paper->waves[n].n; i++) {
			const struct paper_step *step = &paper->steps[paper->waves[n].first + i];
			const struct named *host = host_named(names, site, step->host);
			uint8_t how = paper->waves[n].kind == WAVE_ON ? 2 : 1;

			if (host == NULL)
				return fail(why, KS_REFUSED, "the plan names host %s, which this site does not have",
				    step->host);
			if (seen[host->at] & how)
				return fail(why, KS_REFUSED, "the plan names host %s twice", step->host);
			seen[host->at] |= how;
		}
	return KS_OK;
}

int paper_fits(const struct paper *paper, const struct grid *grid, struct arena *arena,
    struct why *why)
{
	const struct site *site = grid->site;

	if (strcmp(paper->site, site->id) != 0)
		return fail(why, KS_REFUSED, "the plan is for site %s, this is %s", paper->site, site->id);
	if (paper->hash != site->hash)
		return fail(why, KS_REFUSED, "the site file has changed since the plan was made; make a new one");
	if (paper->readings != grid->readings)
		return fail(why, KS_REFUSED, "the readings have changed since the plan was made; make a new one");
	for (uint32_t i = 0; i < paper->lost_n; i++)
		if (!node_there(site, paper->lost[i]))
			return fail(why, KS_REFUSED, "the plan names %s, which this site does not have",
			    paper->lost[i]);
	for (uint32_t i = 0; i < paper->down_n; i++)
		if (!service_there(site, paper->down[i]))
			return fail(why, KS_REFUSED, "the plan names %s, which this site does not have",
			    paper->down[i]);
	return steps_fit(paper, site, arena, why);
}

static uint32_t node_index(const struct site *site, const char *id)
{
	uint32_t i = 0;

	while (strcmp(site->nodes[i].id, id) != 0)
		i++;
	return i;
}

/* What the steps leave of each host. */
static void steps_take(const struct paper *paper, struct flow *flow, const struct named *names)
{
	const struct grid *grid = flow->grid;

	for (uint32_t n = 0; n < paper->waves_n; n++)
		for (uint32_t i = 0; paper->waves[n].kind != WAVE_ON && i < paper->waves[n].n; i++) {
			uint32_t h = host_named(names, grid->site, paper->steps[paper->waves[n].first + i].host)->at;

			if (paper->waves[n].kind == WAVE_CAP)
				flow_draw(flow, h, grid->hosts[h].cap_uva, grid->hosts[h].cap_mw);
			else
				flow_draw(flow, h, 0, 0);
		}
}

int paper_over(const struct paper *paper, struct flow *flow, struct arena *arena, uint32_t **ret_over,
    uint32_t *ret_n)
{
	const struct grid *grid = flow->grid;
	const struct named *names = hosts_named(grid->site, arena);
	uint32_t *over = arena_array(arena, grid->nodes_n + grid->rooms_n + 1, sizeof *over), found = 0;

	if (names == NULL || over == NULL)
		return KS_FULL;
	flow_mark(flow);
	for (uint32_t i = 0; i < paper->lost_n; i++)
		flow_lose(flow, node_index(grid->site, paper->lost[i]));
	steps_take(paper, flow, names);
	for (uint32_t i = 0; i < grid->nodes_n + grid->rooms_n; i++) {
		bool is_node = i < grid->nodes_n;
		uint32_t room = is_node ? 0 : i - (uint32_t)grid->nodes_n;
		bool above = is_node ? phase_over(flow, i) : grid->rooms[room].limit_mw > 0 &&
		    flow->room_mw[room] > grid->rooms[room].limit_mw;

		if (above)
			over[found++] = i;
	}
	flow_undo(flow);
	*ret_over = over;
	*ret_n = found;
	return KS_OK;
}
