/* src/plan/inside.h - inside of plan/grid.c: what it and its neighbours share. */
#ifndef KS_PLAN_INSIDE_H
#define KS_PLAN_INSIDE_H
#include "plan/grid.h"

/* What a node may carry, from its line of the site file: rated and limit. */
void grid_rate(struct grid_node *node, const struct node *line, const struct grid_ask *ask);
/* Readings into a grid whose loads are still those of the site file. */
KS_MUST int grid_read(struct grid *grid, const struct grid_reading *readings, size_t n, struct arena *arena,
    struct why *why);
/* Power factor of what hangs on each node, thousandths; NULL: no memory. */
KS_MUST uint32_t *grid_pf(const struct grid *grid, struct arena *arena);
/* Hosts that nobody measures, by the meters above them; before grid_sum(). */
KS_MUST int grid_meters(struct grid *grid, struct arena *arena, struct why *why);
/* Loads of nodes and rooms from the hosts, and what meters saw beyond them. */
void grid_sum(struct grid *grid);
#endif
