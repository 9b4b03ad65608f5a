/* src/role/core_ready.c - a plan for every single loss, made ahead of time: a little at
 * each tick, so that readings and samples never wait; at an event it is looked up, and the
 * verdict says so. */
#include "plan/ready.h"
#include "role/core.h"
#include <stdlib.h>
#include <string.h>

/* of each second: 2 % of a core, and at most one step more, which takes some 20 ms for
 * 10,000 hosts (order and way back of a whole side) */
enum { TICK_MS = 20 };

struct shelf {
	struct arena arena;
	struct grid *grid;
	struct ready *ready;
	uint64_t until_ns;
};

void core_ready_drop(struct core *core)
{
	if (core->shelf != NULL) {
		ready_done(core->shelf->ready);
		arena_done(&core->shelf->arena);
	}
	free(core->shelf);
	core->shelf = NULL;
	core->plan.hash = 0; /* the next look makes a new one */
}

void core_ready_start(struct core *core, const struct site *site, const struct grid_ask *ask)
{
	core_ready_drop(core);
	core->shelf = calloc(1, sizeof *core->shelf);
	if (core->shelf == NULL)
		return;
	arena_init(&core->shelf->arena, LIMIT_PLAN_MEMORY);
	if (grid_new(site, ask, &core->shelf->arena, &core->shelf->grid, NULL) != KS_OK ||
	    ready_new(core->shelf->grid, &core->shelf->arena, &core->shelf->ready, NULL) != KS_OK)
		core_ready_drop(core);
}

static bool time_left(void *user)
{
	const struct shelf *shelf = user;

	return uv_hrtime() < shelf->until_ns;
}

void core_ready_tick(struct core *core)
{
	const struct shed_ask ask = { .go_on = time_left, .user = core->shelf };

	if (core->shelf == NULL)
		return;
	core->shelf->until_ns = uv_hrtime() + TICK_MS * 1000000ull;
	/* one without memory stays without a plan; ordering waits for the next tick when the
	 * time of this one was used up */
	while (time_left(core->shelf) && ready_step(core->shelf->ready, &ask, NULL) != KS_ABSENT)
		;
}

/* The loss a finding speaks of: one that is there, or one that could be. */
static enum todo todo_of(const struct finding *finding)
{
	if (finding->subject_kind != SUBJECT_NODE)
		return TODO_NONE;
	switch (finding->code) {
	case FINDING_HOSTS_LOST:
	case FINDING_ON_BATTERY:
	case FINDING_BATTERY_LOW:
		return TODO_RUN_PLAN;
	case FINDING_LOSS_STOPS:
	case FINDING_LOSS_TRIPS:
		return TODO_READ_PLAN;
	default:
		return TODO_NONE;
	}
}

static const struct ready_plan *plan_of(const struct core *core, const char *node)
{
	const struct site *site = core->worker->site;

	for (uint32_t i = 0; core->shelf != NULL && i < site->nodes_n; i++)
		if (strcmp(site->nodes[i].id, node) == 0)
			return ready_find(core->shelf->ready, i);
	return NULL;
}

/* A plan that has something to do comes before all other advice. */
void core_ready_advise(const struct core *core, struct verdict *verdict)
{
	enum todo todo = todo_of(&verdict->worst);
	const struct ready_plan *plan = todo == TODO_NONE ? NULL
							  : plan_of(core, verdict->worst.subject);

	if (plan == NULL || !plan->feasible || plan->off_n + plan->capped_n == 0)
		return;
	memmove(&verdict->todo[1], &verdict->todo[0], (VERDICT_DO - 1) * sizeof verdict->todo[0]);
	memmove(verdict->todo_subject[1], verdict->todo_subject[0],
	    (VERDICT_DO - 1) * sizeof verdict->todo_subject[0]);
	verdict->todo[0] = (uint8_t)todo;
	memcpy(verdict->todo_subject[0], verdict->worst.subject, FINDING_NAME);
}
