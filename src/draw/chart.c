#include "draw/chart.h"
#include "base/drop.h"
#include "base/number.h"

enum { LEFT = 420, RIGHT = 120, TOP = 220, BOTTOM = 240, LETTER = 110, LINE = 140 };

struct plane { /* values and times to tenths of a pixel */
	int32_t left, top, right, bottom;
	int64_t low, high, from_ms, to_ms;
	int64_t step;
};

static int32_t x_of(const struct plane *p, int64_t time_ms)
{
	time_ms = time_ms < p->from_ms ? p->from_ms : time_ms > p->to_ms ? p->to_ms : time_ms;
	return p->left + (int32_t)number_scale(time_ms - p->from_ms, p->right - p->left,
	    p->to_ms > p->from_ms ? p->to_ms - p->from_ms : 1);
}

static int32_t y_of(const struct plane *p, int64_t milli)
{
	milli = milli < p->low ? p->low : milli > p->high ? p->high : milli;
	return p->bottom - (int32_t)number_scale(milli - p->low, p->bottom - p->top,
	    p->high > p->low ? p->high - p->low : 1);
}

static void widen(int64_t *low, int64_t *high, int64_t milli)
{
	if (milli == INT64_MIN || milli == INT64_MAX)
		return;
	*low = milli < *low ? milli : *low;
	*high = milli > *high ? milli : *high;
}

/* All that is drawn, and a limit that is near enough to matter. */
static void plane_span(const struct chart *chart, struct plane *p)
{
	int64_t low = INT64_MAX, high = INT64_MIN;

	for (size_t i = 0; i < chart->points_n; i++)
		widen(&low, &high, chart->points[i].milli);
	for (size_t i = 0; i < chart->ahead_n; i++)
		if (chart->ahead[i].mid_ms <= chart->to_ms)
			widen(&low, &high, chart->ahead[i].milli);
	if (low > high) {
		low = 0;
		high = 1000;
	}
	/* a line that hardly moves is not blown up; a limit within half of it is still drawn */
	int64_t size = high > -low ? high : -low, least = size / 20;
	int64_t reach = (high - low) * 3 > 15000 ? (high - low) * 3 : 15000;

	reach = size / 2 > reach ? size / 2 : reach;
	if (high - low < least) {
		low -= least / 2;
		high += least / 2;
	}

	for (size_t i = 0; i < chart->limits_n; i++)
		if (chart->limits[i].milli < high + reach && chart->limits[i].milli > low - reach)
			widen(&low, &high, chart->limits[i].milli);
	p->step = axis_step(low, high, 5);
	p->step = p->step < 10 ? 10 : p->step;
	p->low = low - p->step / 4;
	p->high = high + p->step / 3;
	p->low -= ((p->low % p->step) + p->step) % p->step;
}

static void grid_values(struct drawing *drawing, const struct chart *chart,
    const struct plane *p)
{
	bool degrees = chart->kind == MEASURE_TEMPERATURE || chart->kind == MEASURE_DEW_POINT;

	for (int64_t at = p->low; at <= p->high; at += p->step) {
		KS_DROP(text) struct text label;
		int32_t y = y_of(p, at);

		text_init(&label, 40);
		text_add_milli(&label, at);
		if (degrees)
			text_add(&label, "\xc2\xb0");
		draw_between(drawing, "grid", (struct draw_spot){ p->left, y },
		    (struct draw_spot){ p->right, y });
		draw_text(drawing, "muted", (struct draw_spot){ p->left - 60, y + 40 }, DRAW_END,
		    text_cstr(&label));
	}
}

static void grid_times(struct drawing *drawing, const struct chart *chart,
    const struct plane *p)
{
	unsigned most = (unsigned)((p->right - p->left) / 700);
	int64_t step = axis_time_step(p->to_ms - p->from_ms, most < 2 ? 2 : most);
	int64_t shift = (int64_t)zone_offset(chart->zone, p->from_ms) * 1000;
	int64_t first = p->from_ms + shift + step - 1;

	first = first - ((first % step) + step) % step - shift;
	for (int64_t at = first; at <= p->to_ms; at += step) {
		struct civil civil = zone_split(chart->zone, at);
		KS_DROP(text) struct text label;
		int32_t x = x_of(p, at);

		text_init(&label, 40);
		if (step >= 86400000)
			text_addf(&label, "%u/%u", civil.month, civil.day);
		else
			text_addf(&label, "%02u:%02u", civil.hour, civil.minute);
		draw_between(drawing, "grid", (struct draw_spot){ x, p->top },
		    (struct draw_spot){ x, p->bottom });
		/* at the right edge a label stays inside */
		draw_text(drawing, "muted", (struct draw_spot){ x + 170 > drawing->w ? drawing->w : x,
		    p->bottom + 160 }, x + 170 > drawing->w ? DRAW_END : DRAW_MIDDLE, text_cstr(&label));
	}
}

static const char *limit_class(uint8_t severity, bool text)
{
	if (severity == SEVERITY_CRITICAL)
		return text ? "crit strong" : "limit crit";
	return text ? "warn strong" : "limit warn";
}

static void limits_draw(struct drawing *drawing, const struct chart *chart,
    const struct plane *p)
{
	for (size_t i = 0; i < chart->limits_n; i++) {
		const struct chart_limit *limit = &chart->limits[i];
		int32_t y = y_of(p, limit->milli);

		if (limit->milli < p->low || limit->milli > p->high)
			continue;
		draw_between(drawing, limit_class(limit->severity, false),
		    (struct draw_spot){ p->left, y }, (struct draw_spot){ p->right, y });
		draw_text(drawing, limit_class(limit->severity, true),
		    (struct draw_spot){ p->left + 40, y - 40 }, DRAW_START, limit->label);
	}
}

static void causes_draw(struct drawing *drawing, const struct chart *chart,
    const struct plane *p)
{
	int32_t free_from = INT32_MIN;
	int row = 0;

	for (size_t i = 0; i < chart->causes_n; i++) {
		const struct chart_cause *cause = &chart->causes[i];

		if (cause->time_ms < p->from_ms || cause->time_ms > p->to_ms)
			continue;
		int32_t x = x_of(p, cause->time_ms), wide = draw_width(cause->label, LETTER);
		bool left = x + wide + 60 > p->right;

		row = x < free_from ? (row + 1) % 3 : 0;
		free_from = x + wide + 120;
		draw_between(drawing, "cause", (struct draw_spot){ x, p->top },
		    (struct draw_spot){ x, p->bottom });
		draw_text(drawing, "muted",
		    (struct draw_spot){ left ? x - 50 : x + 50, p->bottom - 60 - row * LINE },
		    left ? DRAW_END : DRAW_START, cause->label);
	}
}

/* Each stretch without a hole is a line of its own. */
static void history_draw(struct drawing *drawing, const struct chart *chart,
    const struct plane *p)
{
	const char *class = chart->tone[0] == 'h' ? "s heat" : chart->tone[0] == 'p' ? "s power" :
	    "s wire";
	size_t run = 0;

	for (size_t i = 0; i <= chart->points_n; i++) {
		const struct chart_point *at = i < chart->points_n ? &chart->points[i] : NULL;

		if (at != NULL && at->milli != INT64_MIN) {
			if (at->time_ms < p->from_ms || at->time_ms > p->to_ms)
				continue;
			draw_spot(drawing, x_of(p, at->time_ms), y_of(p, at->milli));
			run++;
			continue;
		}
		if (run > 0)
			draw_line(drawing, class);
		run = 0;
	}
}

static void ahead_draw(struct drawing *drawing, const struct chart *chart,
    const struct plane *p)
{
	bool heat = chart->tone[0] == 'h';

	if (chart->ahead_n < 2)
		return;
	for (size_t i = 0; i < chart->ahead_n; i++)
		draw_spot(drawing, x_of(p, chart->ahead[i].low_ms), y_of(p, chart->ahead[i].milli));
	for (size_t i = chart->ahead_n; i-- > 0;)
		draw_spot(drawing, x_of(p, chart->ahead[i].high_ms), y_of(p, chart->ahead[i].milli));
	draw_area(drawing, heat ? "f band heat" : "f band power");
	for (size_t i = 0; i < chart->ahead_n && chart->ahead[i].mid_ms <= p->to_ms; i++)
		draw_spot(drawing, x_of(p, chart->ahead[i].mid_ms), y_of(p, chart->ahead[i].milli));
	draw_line(drawing, heat ? "s fore heat" : "s fore power");
}

bool chart_cross(const struct chart *chart, int64_t milli, struct chart_ahead *ret_at)
{
	for (size_t i = 1; i < chart->ahead_n; i++) {
		const struct chart_ahead *a = &chart->ahead[i - 1], *b = &chart->ahead[i];

		if (a->milli > milli || b->milli < milli || b->milli == a->milli)
			continue;
		int64_t part = milli - a->milli, whole = b->milli - a->milli;

		*ret_at = (struct chart_ahead){ .milli = milli,
			.low_ms = a->low_ms + number_scale(b->low_ms - a->low_ms, part, whole),
			.mid_ms = a->mid_ms + number_scale(b->mid_ms - a->mid_ms, part, whole),
			.high_ms = a->high_ms + number_scale(b->high_ms - a->high_ms, part, whole) };
		return true;
	}
	return false;
}

static void crosses_draw(struct drawing *drawing, const struct chart *chart,
    const struct plane *p)
{
	for (size_t i = 0; i < chart->limits_n; i++) {
		const struct chart_limit *limit = &chart->limits[i];
		struct chart_ahead at;
		KS_DROP(text) struct text clock = { 0 };

		if (!chart_cross(chart, limit->milli, &at) || at.mid_ms > p->to_ms)
			continue;
		struct draw_spot spot = { x_of(p, at.mid_ms), y_of(p, limit->milli) };
		bool left = spot.x + 500 > p->right;

		text_init(&clock, 60);
		say_clock(&clock, chart->lang, chart->zone, at.mid_ms, chart->now_ms);
		draw_dot(drawing, limit->severity == SEVERITY_CRITICAL ? "cross crit" :
		    "cross warn", spot, 45);
		draw_text(drawing, "strong", (struct draw_spot){ left ? spot.x - 70 : spot.x + 70,
		    spot.y + 160 }, left ? DRAW_END : DRAW_START, text_cstr(&clock));
	}
}

static void now_draw(struct drawing *drawing, const struct chart *chart, const struct plane *p)
{
	const struct chart_point *last = NULL;
	KS_DROP(text) struct text clock = { 0 }, value = { 0 }, label = { 0 };

	for (size_t i = 0; i < chart->points_n; i++)
		if (chart->points[i].milli != INT64_MIN)
			last = &chart->points[i];
	if (chart->now_ms < p->from_ms || chart->now_ms > p->to_ms || last == NULL)
		return;
	int32_t x = x_of(p, chart->now_ms);

	text_init(&clock, 60);
	text_init(&value, 60);
	text_init(&label, 200);
	say_clock(&clock, chart->lang, chart->zone, chart->now_ms, chart->now_ms);
	say_value(&value, chart->lang, chart->kind, last->milli);
	say(&label, chart->lang, "now %s, %s", text_cstr(&clock), text_cstr(&value));
	draw_between(drawing, "nowline", (struct draw_spot){ x, p->top - 60 },
	    (struct draw_spot){ x, p->bottom });
	bool left = x - p->left > draw_width(text_cstr(&label), LETTER) + 100;

	draw_text(drawing, "strong", (struct draw_spot){ left ? x - 50 : x + 50, p->top - 80 },
	    left ? DRAW_END : DRAW_START, text_cstr(&label));
	draw_dot(drawing, chart->tone[0] == 'h' ? "point heat" : chart->tone[0] == 'p' ?
	    "point power" : "point wire",
	    (struct draw_spot){ x_of(p, last->time_ms), y_of(p, last->milli) }, 40);
}

void chart_draw(struct drawing *drawing, const struct chart *chart)
{
	struct plane p = { .left = LEFT, .top = TOP, .right = drawing->w - RIGHT,
		.bottom = drawing->h - BOTTOM, .from_ms = chart->from_ms, .to_ms = chart->to_ms };

	drawing_title(drawing, chart->title);
	plane_span(chart, &p);
	grid_values(drawing, chart, &p);
	grid_times(drawing, chart, &p);
	ahead_draw(drawing, chart, &p);
	causes_draw(drawing, chart, &p);
	limits_draw(drawing, chart, &p);
	history_draw(drawing, chart, &p);
	crosses_draw(drawing, chart, &p);
	now_draw(drawing, chart, &p);
}
