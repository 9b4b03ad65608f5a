/* test/unit/plan/shared_plans.c - the recorded shed problems (../shared/data/power,
 * NAME.answer.json): the plan holds every limit, costs no more than 1.01 x the proven
 * optimum, exactly that up to 200 hosts, and the bound is never above it.  The plan's
 * cost is counted here anew from the site, sharing nothing with the planner but the
 * reader and the flow.  SKIP where the recordings are not there. */
#include "plan_site.h"
#include "plan/shed_site.h"
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

enum { EXACT_HOSTS = 200, SECONDS = 3 };

static double cpu(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool go_on(void *user)
{
	return cpu() < *(double *)user;
}

/* The cost of the states by the cost model, from the site's own lines; -1: a limit or a
 * must service does not hold. */
static double recount(struct bench *bench, const struct shed_site *s, const uint8_t *state)
{
	const struct site *site = bench->site;
	double cost = 0;
	uint32_t *live = calloc(site->services_n + 1, sizeof *live);
	bool *down = calloc(site->services_n + 1, sizeof *down);

	for (uint32_t h = 0; h < site->hosts_n; h++)
		if (site->hosts[h].service != NULL && flow_lit(bench->flow, h))
			live[site->hosts[h].service - site->services]++;
	for (size_t i = 0; i < s->problem.hosts_n; i++) {
		const struct host *host = &site->hosts[s->hosts[i]];

		if (state[i] == SHED_OFF) {
			cost += 1;
			live[host->service - site->services]--;
			flow_draw(bench->flow, s->hosts[i], 0, 0);
		} else if (state[i] == SHED_CAPPED) {
			cost += 0.2 * (double)host->service->cap_weight_milli / 1000;
			flow_draw(bench->flow, s->hosts[i], host->mw_cap * 1000000 / host->pf_milli,
			    host->mw_cap);
		}
	}
	for (size_t round = 0; round <= site->services_n; round++)
		for (size_t i = 0; i < site->services_n; i++) {
			down[i] |= live[i] < site->services[i].min;
			for (size_t d = 0; d < site->services[i].deps_n; d++)
				down[i] |= down[site->services[i].deps[d] - site->services];
		}
	for (size_t i = 0; i < site->services_n; i++) {
		const struct service *service = &site->services[i];

		cost += down[i] ? (double)service->value
		    : live[i] < service->need ? (double)service->unit * (service->need - live[i]) : 0;
		if (down[i] && service->must)
			cost = -1e18;
	}
	loss_look(bench->loss, bench->flow);
	if (bench->loss->over_n > 0 || bench->loss->hot_n > 0)
		cost = -1;
	free(live);
	free(down);
	return cost;
}

static int try_answer(const char *answers)
{
	char path[1024];
	int n = snprintf(path, sizeof path, "%.*s.site",
	    (int)(strlen(answers) - strlen(".answer.json")), answers);
	json_t *all = json_load_file(answers, 0, NULL), *problem = json_object_get(all, "problem");
	struct grid_ask ask = grid_as_is;

	if (n < 0 || (size_t)n >= sizeof path || problem == NULL)
		return 1;
	ask.feed_scale = llround(json_number_value(json_object_get(problem, "feed_ups_scale")) * GRID_SCALE);
	ask.heat_scale = llround(json_number_value(json_object_get(problem, "heat_scale")) * GRID_SCALE);
	struct bench *bench = bench_file(path, &ask);
	json_t *failed = json_object_get(problem, "failed"), *id;
	size_t i;
	struct shed_site *site = NULL;
	struct shed_plan plan;
	double until = cpu() + SECONDS;

	json_array_foreach(failed, i, id)
		flow_lose(bench->flow, node_of(bench, json_string_value(id)));
	if (shed_site_new(bench->flow, json_is_true(json_object_get(problem, "cap_allowed")),
	    &bench->arena, &site, NULL) != KS_OK || shed_solve(&site->problem,
	    &(struct shed_ask){ .go_on = go_on, .user = &until }, &bench->arena, &plan, NULL) != KS_OK)
		return 1;
	double best = json_number_value(json_object_get(all, "best"));
	bool proven = json_is_true(json_object_get(all, "optimal_proven"));
	double cost = (double)plan.cost / SHED_COST, bound = (double)plan.bound / SHED_COST;
	double lower = json_number_value(json_object_get(all, "lower_bound"));
	bool bad = fabs(recount(bench, site, plan.state) - cost) > 1e-6 || cost < lower - 1e-6 ||
	    cost > 1.01 * best + 1e-6 || bound > best + 1e-6 || !plan.feasible ||
	    (proven && bench->site->hosts_n <= EXACT_HOSTS && fabs(cost - best) > 1e-6);

	(void)printf("# %s: cost %.1f, best known %.1f, bound %.1f: %s\n", path, cost, best, bound,
	    bad ? "wrong" : "good");
	bench_free(bench);
	json_decref(all);
	return bad;
}

int main(void)
{
	return shared_each("*.answer.json", try_answer, "recorded problems are planned");
}
