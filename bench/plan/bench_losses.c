/* bench/plan/bench_losses.c - losses of a made site: reading it, its electrical model, every
 * single loss, with cascades to their end, every pair (up to 10,000 hosts); and the same losses by counting all
 * loads anew, for the ratio.  Processor time of this process; the best of RUNS, since
 * others use the machine, too.  usage: bench_losses [HOSTS [SEED]]; exit 1: a promise is
 * not kept at 10,000 hosts. */
#include "base/number.h"
#include "make_site.h"
#include "plan/cascade.h"
#include "plan/loss.h"
#include "plan/pairs.h"
#include "site/read.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 5, NAIVE = 20, PAIRS = 1000, MEMORY = 1 << 30, TEXT = 64 << 20 };
enum { SCREEN_MS = 3, CASCADE_MS = 30, PAIRS_MS = 2000, PROMISED = 10000 };

struct work {
	struct site *site;
	struct arena arena;
	struct grid *grid;
	struct flow *flow;
	struct loss *loss;
	struct cascade *cascade;
	uint32_t losses_n, over_n, dark_most, trips_n;
};

static struct site_errors errors;

static double cpu_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* All loads from nothing: what an incremental loss is held against. */
static void count_all(const struct flow *flow, int64_t *load)
{
	const struct grid *grid = flow->grid;

	for (size_t i = 0; i < grid->nodes_n; i++)
		load[i] = 0;
	for (uint32_t h = 0; h < grid->hosts_n; h++) {
		const struct grid_host *host = &grid->hosts[h];
		uint32_t live = 0;

		for (uint32_t k = host->cord; k < host->cord + host->cords_n; k++)
			live += flow->node[grid->cords[k].node] == FLOW_LIVE ? 1 : 0;
		for (uint32_t k = host->cord; k < host->cord + host->cords_n; k++)
			if (flow->node[grid->cords[k].node] == FLOW_LIVE)
				load[grid->cords[k].node] += grid_share(host, &grid->cords[k], host->uva, live);
	}
	for (size_t i = grid->nodes_n; i-- > 0;) {
		uint32_t n = grid->order[i], up = flow_up(flow, n);

		if (up != GRID_NONE)
			load[up] += load[n];
	}
}

static double screen(struct work *work)
{
	double began = cpu_ms();

	work->losses_n = work->over_n = work->dark_most = 0;
	for (uint32_t i = 0; i < work->grid->nodes_n; i++) {
		if (!loss_counts(work->grid, i))
			continue;
		flow_lose(work->flow, i);
		loss_look(work->loss, work->flow);
		work->losses_n++;
		work->over_n += work->loss->over_n > 0;
		work->dark_most = work->flow->dark_n > work->dark_most ? work->flow->dark_n : work->dark_most;
		flow_reset(work->flow);
	}
	return cpu_ms() - began;
}

static double cascades(struct work *work)
{
	double began = cpu_ms();

	work->trips_n = 0;
	for (uint32_t i = 0; i < work->grid->nodes_n; i++) {
		if (!loss_counts(work->grid, i))
			continue;
		for (int edge = 0; edge < EDGES; edge++) {
			cascade_run(work->cascade, work->flow, &i, 1, (enum edge)edge);
			work->trips_n += work->cascade->trips_n;
			flow_reset(work->flow);
		}
	}
	return cpu_ms() - began;
}

/* A loss counted anew, in milliseconds. */
static double naive(struct work *work)
{
	int64_t *load = calloc(work->grid->nodes_n + 1, sizeof *load);
	double began = cpu_ms();

	for (uint32_t i = 0; load != NULL && i < NAIVE; i++)
		count_all(work->flow, load);
	free(load);
	return (cpu_ms() - began) / NAIVE;
}

static double best_of(double (*what)(struct work *), struct work *work)
{
	double best = 1e300;

	for (int i = 0; i < RUNS; i++) {
		double took = what(work);

		best = took < best ? took : best;
	}
	return best;
}

static bool start(struct work *work, const struct text *text, double *ret_read, double *ret_grid)
{
	double began = cpu_ms();

	if (site_read(text_span(text), &work->site, &errors) != KS_OK)
		return false;
	*ret_read = cpu_ms() - began;
	arena_init(&work->arena, MEMORY);
	began = cpu_ms();
	if (grid_new(work->site, &grid_as_is, &work->arena, &work->grid, NULL) != KS_OK)
		return false;
	*ret_grid = cpu_ms() - began;
	return flow_new(work->grid, &work->arena, &work->flow, NULL) == KS_OK &&
	    loss_new(work->grid, &work->arena, &work->loss, NULL) == KS_OK &&
	    cascade_new(work->grid, &work->arena, &work->cascade, NULL) == KS_OK;
}

static bool one_site(uint32_t hosts, uint64_t seed, enum profile profile)
{
	struct work work = { .site = NULL };
	struct pairs pairs = { .tried = 0 };
	struct text text;
	double read, grid, lost, opened, all, began;

	text_init(&text, TEXT);
	make_site(&text, hosts, seed, profile);
	if (!start(&work, &text, &read, &grid))
		abort();
	lost = best_of(screen, &work);
	opened = best_of(cascades, &work);
	all = naive(&work) * work.losses_n;
	began = cpu_ms();
	if (hosts <= PROMISED && pairs_run(work.flow, work.loss, PAIRS, &work.arena, &pairs, NULL) != KS_OK)
		abort();
	double paired = cpu_ms() - began;

	(void)printf("%-6s %6u hosts: read %.0f ms, model %.1f ms; %u losses %.2f ms (%u overload something), anew %.0f ms, "
	    "ratio %.0f; with cascades by both edges %.2f ms (%u trips); %llu pairs %.0f ms\n", profile_words[profile],
	    hosts, read, grid, work.losses_n, lost, work.over_n, all, all / lost, opened, work.trips_n,
	    (unsigned long long)pairs.tried, paired);
	arena_done(&work.arena);
	site_free(work.site);
	text_done(&text);
	return hosts > PROMISED || (lost <= SCREEN_MS && opened <= CASCADE_MS && paired <= PAIRS_MS);
}

int main(int argc, char **argv)
{
	int64_t hosts = 10000, seed = 1;
	bool kept = true;

	if ((argc > 1 && number_read(span_text(argv[1]), 0, &hosts) != KS_OK) ||
	    (argc > 2 && number_read(span_text(argv[2]), 0, &seed) != KS_OK) || hosts < 10 || hosts > 100000) {
		(void)fprintf(stderr, "usage: bench_losses [HOSTS [SEED]]\n");
		return 2;
	}
	for (int profile = 0; profile < PROFILES; profile++)
		kept &= one_site((uint32_t)hosts, (uint64_t)seed, (enum profile)profile);
	return kept ? 0 : 1;
}
