/* test/unit/plan/plan_site.h - a site file and its electrical model, for tests of plan/. */
#ifndef KS_TEST_PLAN_SITE_H
#define KS_TEST_PLAN_SITE_H
#include "plan/flow.h"
#include "plan/loss.h"
#include "site/read.h"
#include <stdio.h>

struct bench {
	struct site *site;
	struct arena arena;
	struct grid *grid;
	struct flow *flow;
	struct loss *loss;
};

/* The site's text; aborts with the reader's errors when it does not load. */
struct bench *bench_new(const char *text, const struct grid_ask *ask);
struct bench *bench_file(const char *path, const struct grid_ask *ask);
void bench_free(struct bench *bench);

/* Indexes by ID; abort when there is none. */
uint32_t node_of(const struct bench *bench, const char *id);
uint32_t host_of(const struct bench *bench, const char *id);
uint32_t service_of(const struct bench *bench, const char *id);

/* All loads counted anew from nothing, and compared with the flow's; false and said
 * when one differs. */
bool flow_recount(const struct flow *flow);

/* ../shared/data/NAME, or NULL when the recordings are not there. */
const char *shared_path(char *path, size_t max, const char *name);

/* A test's main: bad_in() over every recording of power that the pattern names, what they
 * are called in its TAP line; skipped when the recordings are not there. */
int shared_each(const char *pattern, int (*bad_in)(const char *path), const char *what);
#endif
