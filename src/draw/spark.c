/* src/draw/spark.c - lines and bars small enough to stand in a row of text. */
#include "base/number.h"
#include "draw/chart.h"

enum { EDGE = 15 };

struct frame {
	const struct spark *spark;
	int32_t w, h;
	int64_t low, high;
};

static struct draw_spot place(const struct frame *f, const struct chart_point *at)
{
	int64_t span = f->spark->to_ms > f->spark->from_ms ? f->spark->to_ms - f->spark->from_ms : 1;

	return (struct draw_spot){
		(int32_t)number_scale(at->time_ms - f->spark->from_ms, f->w, span),
		f->h - EDGE - (int32_t)number_scale(at->milli - f->low, f->h - 2 * EDGE,
		    f->high > f->low ? f->high - f->low : 1) };
}

static void run_draw(struct drawing *drawing, const struct frame *f, size_t from, size_t to)
{
	char tone = f->spark->tone[0];
	const struct chart_point *points = f->spark->points;

	if (to - from < 2)
		return;
	if (f->spark->filled) {
		draw_spot(drawing, place(f, &points[from]).x, f->h);
		for (size_t i = from; i < to; i++)
			draw_spot(drawing, place(f, &points[i]).x, place(f, &points[i]).y);
		draw_spot(drawing, place(f, &points[to - 1]).x, f->h);
		draw_area(drawing, tone == 'h' ? "f heat" : tone == 'p' ? "f power" : "f wire");
	}
	for (size_t i = from; i < to; i++)
		draw_spot(drawing, place(f, &points[i]).x, place(f, &points[i]).y);
	draw_line(drawing, tone == 'h' ? "s thin heat" : tone == 'p' ? "s thin power" :
	    "s thin wire");
}

void spark_draw(struct drawing *drawing, const struct spark *spark)
{
	struct frame f = { spark, drawing->w, drawing->h, spark->low, spark->high };
	size_t from = 0;

	for (size_t i = 0; i < spark->points_n; i++) {
		int64_t milli = spark->points[i].milli;

		if (milli == INT64_MIN)
			continue;
		f.low = milli < f.low ? milli : f.low;
		f.high = milli > f.high ? milli : f.high;
	}
	if (f.low >= f.high) { /* a straight line in the middle */
		f.low -= 500;
		f.high = f.low + 1000;
	}
	for (size_t i = 0; i <= spark->points_n; i++) {
		if (i < spark->points_n && spark->points[i].milli != INT64_MIN)
			continue;
		run_draw(drawing, &f, from, i);
		from = i + 1;
	}
}

void bar_draw(struct drawing *drawing, const struct bar *bar)
{
	int64_t span = bar->high > bar->low ? bar->high - bar->low : 1;
	int64_t value = bar->value < bar->low ? bar->low : bar->value > bar->high ? bar->high :
	    bar->value;
	int32_t w = drawing->w, high = drawing->h / 2, top = drawing->h / 4;
	int32_t at = (int32_t)number_scale(value - bar->low, w, span);

	draw_rect(drawing, "track", (struct draw_box){ 0, top, w, high }, high / 2);
	draw_rect(drawing, bar->state[0] == 'c' ? "fill crit" : bar->state[0] == 'w' ?
	    "fill warn" : bar->state[0] == 'n' ? "fill none" : "fill ok",
	    (struct draw_box){ 0, top, at, high }, high / 2);
	if (bar->limit <= bar->low || bar->limit > bar->high)
		return;
	int32_t x = (int32_t)number_scale(bar->limit - bar->low, w, span);

	draw_between(drawing, "limit crit", (struct draw_spot){ x, 0 },
	    (struct draw_spot){ x, drawing->h });
}
