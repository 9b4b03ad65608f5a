#include "plan/fit.h"
#include "base/must.h"
#include "plan/phase.h"

static void reason_add(struct fit *fit, struct fit_reason reason)
{
	uint32_t at = fit->reasons_n;

	fit->reasons_all++;
	while (at > 0 && fit->reasons[at - 1].load - fit->reasons[at - 1].limit < reason.load - reason.limit)
		at--;
	if (at == FIT_REASONS)
		return;
	if (fit->reasons_n < FIT_REASONS)
		fit->reasons_n++;
	for (uint32_t i = fit->reasons_n - 1; i > at; i--)
		fit->reasons[i] = fit->reasons[i - 1];
	fit->reasons[at] = reason;
}

/* One limit: what it carries without the host and with it, of `mw` watts. */
static void limit_try(struct fit *fit, struct fit_reason reason, int64_t without, int64_t mw)
{
	int64_t more = reason.load - without;

	if (reason.limit == 0 || more <= 0)
		return;
	double most = (double)(reason.limit - without) / (double)more * (double)mw;

	most = most < 0 ? 0 : most;
	if (most < (double)fit->most_mw)
		fit->most_mw = (int64_t)most;
	if (reason.load > reason.limit)
		reason_add(fit, reason);
}

/* All that the host's cords hang on, as both flows stand. */
static void path_try(struct fit *fit, const struct flow *without, const struct flow *with, uint32_t by)
{
	const struct grid *grid = with->grid;
	const struct grid_host *host = &grid->hosts[grid->hosts_n - 1];

	for (uint32_t k = host->cord; k < host->cord + host->cords_n; k++)
		for (uint32_t n = grid->cords[k].node; n != GRID_NONE; n = flow_up(with, n))
			if (with->node[n] == FLOW_LIVE)
				limit_try(fit, (struct fit_reason){ n, by, phase_full(with, n), grid->nodes[n].limit_uva },
				    phase_full(without, n), with->mw[grid->hosts_n - 1]);
}

void fit_try(struct flow *without, struct flow *with, struct fit *ret_fit)
{
	const struct grid *grid = with->grid;
	const struct grid_host *host = &grid->hosts[grid->hosts_n - 1];
	struct fit fit = { .most_mw = INT64_MAX };

	must(grid->hosts_n > 0 && grid->nodes_n == without->grid->nodes_n);
	if (host->room != GRID_NONE)
		limit_try(&fit, (struct fit_reason){ GRID_NONE, GRID_NONE, with->room_mw[host->room],
			grid->rooms[host->room].limit_mw }, without->room_mw[host->room], with->mw[grid->hosts_n - 1]);
	path_try(&fit, without, with, GRID_NONE);
	for (uint32_t by = 0; by < grid->nodes_n; by++) {
		if (!loss_counts(grid, by))
			continue;
		flow_mark(without);
		flow_mark(with);
		flow_lose(without, by);
		flow_lose(with, by);
		path_try(&fit, without, with, by);
		flow_undo(with);
		flow_undo(without);
	}

	*ret_fit = fit;
}
