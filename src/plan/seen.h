/* src/plan/seen.h - which part of the electrical model a measured series speaks of: a
 * sensor on= a host or a piece of the power path, and the outlets of a metered strip,
 * known by their words ("Outlet 12 power"); and the air of
 * a room, by its inlet and room sensors. */
#ifndef KS_PLAN_SEEN_H
#define KS_PLAN_SEEN_H
#include "plan/grid.h"
#include "site/series.h"

enum { SEEN_OLDEST_MS = 900000 }; /* an older reading says nothing of now */

/* False: it is none of power, apparent power, current, load and air, of nothing in the grid, a
 * peak or a rating, not good, or too old.  series->label may be "": then the id speaks. */
bool seen_place(const struct grid *grid, const struct series *series, const struct reading *reading,
    int64_t now_ms, struct grid_reading *ret_reading);
#endif
