/* src/plan/paper_fits.c - is a plan still of this site; see paper.h. */
#include "plan/paper.h"
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
	struct named *names = arena_array(arena, site->hosts_n + 1, sizeof *names);
	uint8_t *seen = arena_array(arena, site->hosts_n + 1, 1);

	if (names == NULL || seen == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	for (uint32_t h = 0; h < site->hosts_n; h++)
		names[h] = (struct named){ site->hosts[h].id, h };
	qsort(names, site->hosts_n, sizeof *names, by_id);
	for (uint32_t n = 0; n < paper->waves_n; n++)
		for (uint32_t i = 0; i < paper->waves[n].n; i++) {
			const struct paper_step *step = &paper->steps[paper->waves[n].first + i];
			const struct named *host = bsearch(&(struct named){ .id = step->host }, names,
			    site->hosts_n, sizeof *names, by_id);
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
