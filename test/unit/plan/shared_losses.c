/* test/unit/plan/shared_losses.c - every single loss of the recorded sites
 * (../shared/data/power, NAME.n1.json): the same hosts lost, the same nodes above their
 * limit, VA to 0.1; SKIP where they are not there. */
#include "plan_site.h"
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static bool near_va(const json_t *list, size_t at, int64_t uva)
{
	return fabs(json_number_value(json_array_get(list, at)) - (double)uva / 1e6) <= 0.1;
}

static int loss_differs(const struct bench *bench, const json_t *want)
{
	const json_t *over = json_object_get(want, "over");
	const struct loss *loss = bench->loss;
	int bad = json_integer_value(json_object_get(want, "hosts_lost")) != bench->flow->dark_n;

	bad |= json_object_size(over) != loss->over_n;
	for (uint32_t i = 0; i < loss->over_n; i++) {
		uint32_t node = loss->over[i];
		const json_t *va = json_object_get(over, bench->site->nodes[node].id);

		bad |= va == NULL || !near_va(va, 0, bench->flow->load_uva[node]) ||
		    !near_va(va, 1, bench->grid->nodes[node].limit_uva);
	}
	return bad;
}

static int try_site(const char *answers)
{
	char path[1024];
	int n = snprintf(path, sizeof path, "%.*s.site", (int)(strlen(answers) - strlen(".n1.json")),
	    answers);
	json_t *all = json_load_file(answers, 0, NULL);
	int bad = 0;
	size_t losses = 0;

	if (n < 0 || (size_t)n >= sizeof path || all == NULL)
		return 1;
	struct bench *bench = bench_file(path, &grid_as_is);

	for (uint32_t i = 0; i < bench->grid->nodes_n; i++) {
		const char *id = bench->site->nodes[i].id;
		const json_t *want = json_object_get(all, id);

		if (!loss_counts(bench->grid, i))
			continue;
		flow_mark(bench->flow);
		flow_lose(bench->flow, i);
		loss_look(bench->loss, bench->flow);
		losses++;
		if (want == NULL || loss_differs(bench, want) || !flow_recount(bench->flow)) {
			(void)printf("# losing %s: differs\n", id);
			bad++;
		}
		flow_undo(bench->flow);
	}
	bad += losses != json_object_size(all) || !flow_recount(bench->flow);
	(void)printf("# %s: %zu losses, %s\n", path, losses, bad ? "wrong" : "the same");
	bench_free(bench);
	json_decref(all);
	return bad;
}

int main(void)
{
	return shared_each("*.n1.json", try_site, "sites lose everything once");
}
