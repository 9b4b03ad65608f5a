/* src/draw/chart.h - one quantity over time: what was measured, solid; what is forecast,
 * dashed inside its 80 % band; limits named on their line; where they will be crossed,
 * with the clock time; causes at their time.  Values are thousandths of kind's unit. */
#ifndef KS_DRAW_CHART_H
#define KS_DRAW_CHART_H
#include "draw/drawing.h"
#include "words/words.h"

struct chart_point {
	int64_t time_ms, milli; /* milli INT64_MIN: nothing was measured from here on */
};

/* When a value will be reached: with 80 % between low and high. */
struct chart_ahead {
	int64_t milli, low_ms, mid_ms, high_ms;
};

struct chart_limit {
	int64_t milli;
	uint8_t severity; /* enum severity */
	const char *label;
};

struct chart_cause {
	int64_t time_ms;
	const char *label;
};

struct chart {
	enum lang lang;
	const struct zone *zone;
	enum measure kind;
	const char *tone;	/* "heat" "power" "wire" */
	const char *title;	/* for a screen reader */
	int64_t from_ms, to_ms, now_ms; /* now_ms 0: not marked */
	const struct chart_point *points; /* in time order */
	size_t points_n;
	const struct chart_ahead *ahead; /* rising times and values; the first is now */
	size_t ahead_n;
	const struct chart_limit *limits;
	size_t limits_n;
	const struct chart_cause *causes;
	size_t causes_n;
};

void chart_draw(struct drawing *drawing, const struct chart *chart);

/* The forecast's time at a value: false when it does not reach it. */
bool chart_cross(const struct chart *chart, int64_t milli, struct chart_ahead *ret_at);

/* A line without axes, as wide and high as the drawing; to_ms is its right end. */
struct spark {
	const char *tone;
	const struct chart_point *points;
	size_t points_n;
	int64_t from_ms, to_ms;
	int64_t low, high;	/* least span shown, INT64_MAX/MIN: that of the points */
	bool filled;
};
void spark_draw(struct drawing *drawing, const struct spark *spark);

/* A bar from low to high with a tick at the limit (INT64_MAX: none). */
struct bar {
	int64_t low, high, value, limit;
	const char *state;	/* "ok" "warn" "crit" "none" */
};
void bar_draw(struct drawing *drawing, const struct bar *bar);

/* Steps of an axis from low to high, at most `most`: 1, 2 or 5 times a power of ten. */
int64_t axis_step(int64_t low, int64_t high, unsigned most);
/* The same for time: minutes, hours, days that divide the next larger. */
int64_t axis_time_step(int64_t span_ms, unsigned most);
#endif
