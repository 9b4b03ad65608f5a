#include "plan_site.h"
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say_errors(const struct site_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		(void)printf("# %u:%u: %s\n", errors->list[i].line, errors->list[i].column,
		    errors->list[i].why.text);
	(void)fflush(stdout);
}

static struct bench *bench_of(struct span bytes, const struct grid_ask *ask)
{
	static struct site_errors errors;
	struct bench *bench = calloc(1, sizeof *bench);
	struct why why;

	if (bench == NULL || site_read(bytes, &bench->site, &errors) != KS_OK) {
		say_errors(&errors);
		abort();
	}
	arena_init(&bench->arena, LIMIT_SITE_MEMORY);
	if (grid_new(bench->site, ask, &bench->arena, &bench->grid, &why) != KS_OK ||
	    flow_new(bench->grid, &bench->arena, &bench->flow, &why) != KS_OK ||
	    loss_new(bench->grid, &bench->arena, &bench->loss, &why) != KS_OK) {
		(void)printf("# %s\n", why.text);
		abort();
	}
	return bench;
}

struct bench *bench_new(const char *text, const struct grid_ask *ask)
{
	return bench_of(span_text(text), ask);
}

struct bench *bench_file(const char *path, const struct grid_ask *ask)
{
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(LIMIT_SITE_BYTES);

	if (file == NULL || bytes == NULL)
		abort();
	size_t n = fread(bytes, 1, LIMIT_SITE_BYTES, file);
	struct bench *bench = bench_of(span_of(bytes, n), ask);

	(void)fclose(file);
	free(bytes);
	return bench;
}

void bench_free(struct bench *bench)
{
	arena_done(&bench->arena);
	site_free(bench->site);
	free(bench);
}

uint32_t node_of(const struct bench *bench, const char *id)
{
	for (uint32_t i = 0; i < bench->site->nodes_n; i++)
		if (strcmp(bench->site->nodes[i].id, id) == 0)
			return i;
	(void)printf("# no node %s\n", id);
	abort();
}

uint32_t host_of(const struct bench *bench, const char *id)
{
	for (uint32_t i = 0; i < bench->site->hosts_n; i++)
		if (strcmp(bench->site->hosts[i].id, id) == 0)
			return i;
	(void)printf("# no host %s\n", id);
	abort();
}

uint32_t service_of(const struct bench *bench, const char *id)
{
	for (uint32_t i = 0; i < bench->site->services_n; i++)
		if (strcmp(bench->site->services[i].id, id) == 0)
			return i;
	(void)printf("# no service %s\n", id);
	abort();
}

bool flow_recount(const struct flow *flow)
{
	const struct grid *grid = flow->grid;
	int64_t *load = calloc(grid->nodes_n + 1, sizeof *load);
	int64_t *room = calloc(grid->rooms_n + 1, sizeof *room);
	bool same = load != NULL && room != NULL;

	for (uint32_t h = 0; same && h < grid->hosts_n; h++) {
		const struct grid_host *host = &grid->hosts[h];
		uint32_t live = 0;

		for (uint32_t k = host->cord; k < host->cord + host->cords_n; k++)
			if (flow->node[grid->cords[k].node] == FLOW_LIVE)
				live += host->even ? 1 : grid->cords[k].weight;
		for (uint32_t k = host->cord; k < host->cord + host->cords_n; k++)
			if (flow->node[grid->cords[k].node] == FLOW_LIVE)
				load[grid->cords[k].node] +=
				    grid_share(host, &grid->cords[k], flow->uva[h], live);
		if (host->room != GRID_NONE && (live > 0 || host->cords_n == 0))
			room[host->room] += flow->mw[h];
	}
	for (size_t i = grid->nodes_n; same && i-- > 0;) {
		uint32_t n = grid->order[i], up = flow_up(flow, n);

		if (flow->node[n] == FLOW_LIVE)
			load[n] += grid->nodes[n].extra_uva;
		if (up != GRID_NONE)
			load[up] += load[n];
		if (load[n] != flow->load_uva[n]) {
			(void)printf("# %s: %lld uVA, counted anew %lld\n", grid->site->nodes[n].id,
			    (long long)flow->load_uva[n], (long long)load[n]);
			same = false;
		}
	}
	for (size_t i = 0; same && i < grid->rooms_n; i++)
		same = room[i] == flow->room_mw[i];
	free(load);
	free(room);
	return same;
}

const char *shared_path(char *path, size_t max, const char *name)
{
	const char *shared = getenv("KS_SHARED"), *source = getenv("KS_SOURCE");
	static const char *const where[] = { "/../shared/data", "/../../shared/data" };

	if (shared != NULL) {
		(void)snprintf(path, max, "%s/%s", shared, name);
		return access(path, R_OK) == 0 ? path : NULL;
	}
	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(path, max, "%s%s/%s", source != NULL ? source : ".", where[i], name);
		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

int shared_each(const char *pattern, int (*bad_in)(const char *path), const char *what)
{
	enum { SKIP = 77 };
	char whole[1024];
	glob_t found;
	int bad = 0;

	if (shared_path(whole, sizeof whole, "power") == NULL) {
		(void)printf("1..0 # SKIP no recordings of power here\n");
		return SKIP;
	}
	size_t n = strlen(whole);

	(void)snprintf(whole + n, sizeof whole - n, "/%s", pattern);
	if (glob(whole, 0, NULL, &found) != 0)
		return 1;
	for (size_t i = 0; i < found.gl_pathc; i++)
		bad += bad_in(found.gl_pathv[i]);
	(void)printf("%s 1 - %zu %s\n1..1\n", bad == 0 ? "ok" : "not ok", found.gl_pathc, what);
	globfree(&found);
	return bad != 0;
}
