/* src/store/points.h - samples of one series, growing, in the caller's order. */
#ifndef KS_STORE_POINTS_H
#define KS_STORE_POINTS_H
#include "base/why.h"
#include <stddef.h>
#include <stdint.h>

struct point {
	int64_t time_ms;
	double value;
};

struct points {
	struct point *at;
	size_t n, room;
};

void points_done(struct points *points);
static inline void drop_points(struct points *points)
{
	points_done(points);
}
/* Room for `more` beyond n; KS_FULL when memory runs out. */
KS_MUST int points_reserve(struct points *points, size_t more);
KS_MUST int points_add(struct points *points, struct point point);
/* In time order, one a time; of the same time the one that was added last wins. */
void points_settle(struct points *points);
#endif
