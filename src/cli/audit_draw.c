/* src/cli/audit_draw.c - see audit_draw.h.  Coordinates are tenths of a pixel. */
#include "cli/audit_draw.h"
#include "base/drop.h"
#include "draw/chart.h"
#include "wire/make.h"
#include <math.h>
#include <stdlib.h>

static const int64_t NS_MS = 1000000, DAY_MS = 86400000;

static void label(struct drawing *d, const char *class, int32_t x, int32_t y,
    enum draw_anchor anchor, const char *words)
{
	draw_text(d, class, (struct draw_spot){ x, y }, anchor, words);
}

/* -- traffic ----------------------------------------------------------------------- */

enum { T_WIDE = 9600, T_HIGH = 2300, T_LEFT = 620, T_RIGHT = 9520, T_MIDDLE = 1060,
	T_REACH = 900, T_COLUMNS = 240 };

struct traffic {
	uint64_t out[T_COLUMNS], in[T_COLUMNS], most;
	int64_t from_ms, to_ms;
	size_t n;
};

/* As many columns as are legible; each a whole number of the audit's own. */
static void traffic_sum(struct traffic *t, const struct audit *audit)
{
	const struct audit_time *time = &audit->time;
	size_t each = (time->columns_n + T_COLUMNS - 1) / T_COLUMNS;

	t->n = (time->columns_n + each - 1) / each;
	for (size_t i = 0; i < time->columns_n; i++) {
		t->out[i / each] += time->columns[i].bytes_out;
		t->in[i / each] += time->columns[i].bytes_in;
	}
	for (size_t i = 0; i < t->n; i++) {
		t->most = t->out[i] > t->most ? t->out[i] : t->most;
		t->most = t->in[i] > t->most ? t->in[i] : t->most;
	}
	t->from_ms = time->from_ns / NS_MS;
	t->to_ms = t->from_ms + (int64_t)(t->n * each) * (time->width_ns / NS_MS);
}

static int32_t traffic_x(const struct traffic *t, int64_t at_ms)
{
	return T_LEFT + (int32_t)((double)(T_RIGHT - T_LEFT) * (double)(at_ms - t->from_ms) /
	    (double)(t->to_ms - t->from_ms));
}

static void traffic_axis(struct drawing *d, const struct traffic *t,
    const struct audit_view *view)
{
	int64_t step = axis_time_step(t->to_ms - t->from_ms, 8);
	int64_t offset = zone_offset(view->zone, t->from_ms) * 1000LL;
	int64_t at = (t->from_ms + offset) / step * step + step - offset;

	for (; at < t->to_ms; at += step) {
		struct civil c = zone_split(view->zone, at);
		char words[32];
		int32_t x = traffic_x(t, at);

		if (step >= DAY_MS)
			(void)snprintf(words, sizeof words, "%u/%u", c.month, c.day);
		else if (step >= 60000)
			(void)snprintf(words, sizeof words, "%02d:%02d", c.hour, c.minute);
		else
			(void)snprintf(words, sizeof words, "%02d:%02d:%02d", c.hour, c.minute, c.second);
		draw_between(d, "grid", (struct draw_spot){ x, T_MIDDLE - T_REACH },
		    (struct draw_spot){ x, T_MIDDLE + T_REACH });
		label(d, "muted", x, T_HIGH - 170, DRAW_MIDDLE, words);
	}
}

static void traffic_scale(struct drawing *d, const struct traffic *t, enum lang lang)
{
	KS_DROP(text) struct text most;

	text_init(&most, 60);
	draw_between(d, "tick", (struct draw_spot){ T_LEFT, T_MIDDLE },
	    (struct draw_spot){ T_RIGHT, T_MIDDLE });
	for (int part = 1; part <= 2; part++) {
		int32_t reach = T_REACH * part / 2;

		text_clear(&most);
		say_bytes(&most, part == 2 ? t->most : t->most / 4);
		for (int side = -1; side <= 1; side += 2) {
			draw_between(d, "grid", (struct draw_spot){ T_LEFT, T_MIDDLE + side * reach },
			    (struct draw_spot){ T_RIGHT, T_MIDDLE + side * reach });
			label(d, "muted", T_LEFT - 60, T_MIDDLE + side * reach + 40, DRAW_END,
			    text_cstr(&most));
		}
	}
	label(d, "outword strong", T_LEFT + 60, T_MIDDLE - T_REACH + 150, DRAW_START,
	    tr(lang, N_("sent")));
	label(d, "inword strong", T_LEFT + 60, T_MIDDLE + T_REACH - 60, DRAW_START,
	    tr(lang, N_("received")));
}

void draw_traffic(struct text *out, const struct audit_view *view, bool alone)
{
	static struct traffic t;
	KS_DROP(drawing) struct drawing d;

	t = (struct traffic){ .most = 0 };
	drawing_init(&d, T_WIDE, T_HIGH);
	drawing_title(&d, tr(view->lang, N_("bytes sent and received over time")));
	if (view->audit->time.columns_n == 0)
		return;
	traffic_sum(&t, view->audit);
	if (t.most == 0)
		return;
	traffic_axis(&d, &t, view);
	for (size_t i = 0; i < t.n; i++) {
		int32_t x = T_LEFT + (int32_t)((int64_t)(T_RIGHT - T_LEFT) * (int64_t)i / (int64_t)t.n);
		int32_t next = T_LEFT +
		    (int32_t)((int64_t)(T_RIGHT - T_LEFT) * (int64_t)(i + 1) / (int64_t)t.n);
		int32_t wide = next - x > 20 ? next - x - 8 : next - x;
		/* by the square root: beside one large download the rest is still seen */
		int32_t up = (int32_t)(sqrt((double)t.out[i] / (double)t.most) * T_REACH);
		int32_t down = (int32_t)(sqrt((double)t.in[i] / (double)t.most) * T_REACH);

		/* what is there is seen: at least a pixel */
		up = t.out[i] > 0 && up < 10 ? 10 : up;
		down = t.in[i] > 0 && down < 10 ? 10 : down;
		if (up > 0)
			draw_rect(&d, "outbar", (struct draw_box){ x, T_MIDDLE - up, wide, up }, 0);
		if (down > 0)
			draw_rect(&d, "inbar", (struct draw_box){ x, T_MIDDLE, wide, down }, 0);
	}
	traffic_scale(&d, &t, view->lang);
	drawing_svg(out, &d, alone);
}

/* -- countries --------------------------------------------------------------------- */

enum { C_WIDE = 3800, C_ROW = 300, C_LEFT = 1150, C_RIGHT = 3050 };

void draw_countries(struct text *out, const struct audit_view *view)
{
	const struct audit *audit = view->audit;
	size_t n = audit->countries_n < DRAW_COUNTRIES ? audit->countries_n : DRAW_COUNTRIES;
	KS_DROP(drawing) struct drawing d;
	uint64_t most;

	drawing_init(&d, C_WIDE, (int32_t)n * C_ROW + 40);
	drawing_title(&d, tr(view->lang, N_("bytes by country")));
	if (n == 0)
		return;
	most = audit->countries[0].bytes_out + audit->countries[0].bytes_in;
	for (size_t i = 0; i < n; i++) {
		const struct audit_country *c = &audit->countries[i];
		int32_t y = (int32_t)i * C_ROW + 30;
		int32_t o = (int32_t)((double)(C_RIGHT - C_LEFT) * (double)c->bytes_out /
		    (double)(most > 0 ? most : 1));
		int32_t r = (int32_t)((double)(C_RIGHT - C_LEFT) * (double)c->bytes_in /
		    (double)(most > 0 ? most : 1));
		KS_DROP(text) struct text bytes;

		text_init(&bytes, 60);
		say_bytes(&bytes, c->bytes_out + c->bytes_in);
		draw_text_fit(&d, NULL, (struct draw_spot){ 20, y + 170 },
		    (struct draw_fit){ C_LEFT - 80, 110 }, country_said(view->lang, c->country));
		draw_rect(&d, "outbar", (struct draw_box){ C_LEFT, y + 40, o < 10 ? 10 : o, 180 }, 0);
		draw_rect(&d, "inbar", (struct draw_box){ C_LEFT + (o < 10 ? 10 : o), y + 40, r, 180 },
		    0);
		label(&d, "muted", C_LEFT + (o < 10 ? 10 : o) + r + 70, y + 170, DRAW_START,
		    text_cstr(&bytes));
	}
	drawing_svg(out, &d, false);
}

/* -- the day clock ----------------------------------------------------------------- */

enum { K_SIZE = 4400, K_CENTRE = 2200, K_OUTER = 1820, K_RING = 230, K_TICK = 150,
	K_TICKS_MOST = 1200 };

const char *draw_ring_class(size_t i)
{
	static const char *const classes[] = { "ring0", "ring1", "ring2", "ring3", "ring4",
		"ring5" };

	return classes[i % (sizeof classes / sizeof *classes)];
}

static struct draw_spot clock_spot(double day_part, int32_t radius)
{
	double angle = day_part * 2 * M_PI - M_PI / 2;

	return (struct draw_spot){ K_CENTRE + (int32_t)lround(cos(angle) * radius),
		K_CENTRE + (int32_t)lround(sin(angle) * radius) };
}

static void clock_circle(struct drawing *d, int32_t radius)
{
	enum { STEPS = 96 };

	for (int i = 0; i <= STEPS; i++) {
		struct draw_spot at = clock_spot((double)i / STEPS, radius);

		draw_spot(d, at.x, at.y);
	}
	draw_line(d, "grid");
}

static void clock_face(struct drawing *d, size_t rings)
{
	int32_t inner = K_OUTER - (int32_t)rings * K_RING;

	for (size_t i = 0; i <= rings; i++)
		clock_circle(d, K_OUTER + 40 - (int32_t)i * K_RING);
	for (int hour = 0; hour < 24; hour++) {
		struct draw_spot from = clock_spot(hour / 24.0, inner + 40);
		struct draw_spot to = clock_spot(hour / 24.0, K_OUTER + 40);
		struct draw_spot at = clock_spot(hour / 24.0, K_OUTER + 190);
		char words[16];

		if (hour % 3 != 0)
			continue;
		draw_between(d, "grid", from, to);
		(void)snprintf(words, sizeof words, "%d", hour);
		label(d, hour % 6 == 0 ? "strong" : "muted", at.x, at.y + 40, DRAW_MIDDLE, words);
	}
}

/* Marks that fall on each other are drawn once: the day has room for so many. */
static void clock_ring(struct drawing *d, const struct audit_view *view, size_t ring)
{
	const struct audit_periodic *p = &view->audit->periodic[ring];
	int32_t outer = K_OUTER - (int32_t)ring * K_RING;
	bool *taken = calloc(K_TICKS_MOST, sizeof *taken);

	for (size_t i = 0; taken != NULL && i < p->times_n; i++) {
		struct civil c = zone_split(view->zone, p->times_ns[i] / NS_MS);
		double part = (c.hour * 3600 + c.minute * 60 + c.second) / 86400.0;
		size_t slot = (size_t)(part * K_TICKS_MOST);

		if (slot >= K_TICKS_MOST || taken[slot])
			continue;
		taken[slot] = true;
		draw_between(d, draw_ring_class(ring), clock_spot(part, outer),
		    clock_spot(part, outer - K_TICK));
	}
	free(taken);
}

void draw_clock(struct text *out, const struct audit_view *view)
{
	size_t rings = view->audit->periodic_n < DRAW_RINGS ? view->audit->periodic_n : DRAW_RINGS;
	KS_DROP(drawing) struct drawing d;

	drawing_init(&d, K_SIZE, K_SIZE);
	drawing_title(&d, tr(view->lang, N_("contacts by the clock, on a dial of 24 hours")));
	if (rings == 0)
		return;
	clock_face(&d, rings);
	for (size_t i = 0; i < rings; i++)
		clock_ring(&d, view, i);
	drawing_svg(out, &d, false);
}

/* -- certificates ------------------------------------------------------------------ */

enum { V_WIDE = 9600, V_ROW = 290, V_LEFT = 2900, V_RIGHT = 9300, V_TOP = 320 };

/* The worst of the verdicts that the sessions with this leaf got. */
static uint32_t verdicts_of(const struct audit *audit, uint32_t leaf)
{
	uint32_t verdicts = 0;

	for (size_t i = 0; i < audit->tls_n; i++)
		if (audit->tls[i].leaf == leaf)
			verdicts |= audit->tls[i].verdicts;
	return verdicts;
}

/* The names alone: what stands after CN= in the subject, else its beginning. */
static void subject_say(char *ret, size_t room, const char *subject)
{
	const char *cn = strstr(subject, "CN=");
	size_t n = 0;

	subject = cn != NULL ? cn + 3 : subject;
	for (; *subject != '\0' && *subject != ',' && n + 1 < room; subject++)
		ret[n++] = *subject;
	ret[n] = '\0';
}

struct years {
	int64_t from_s, to_s, seen_s;
};

static int32_t years_x(const struct years *y, int64_t at_s)
{
	int64_t at = at_s < y->from_s ? y->from_s : at_s > y->to_s ? y->to_s : at_s;

	return V_LEFT + (int32_t)((double)(V_RIGHT - V_LEFT) * (double)(at - y->from_s) /
	    (double)(y->to_s - y->from_s));
}

static void certificate_row(struct drawing *d, const struct audit *audit, uint32_t leaf,
    const struct years *y, int32_t row)
{
	const struct audit_certificate *c = &audit->certificates[leaf];
	uint32_t verdicts = verdicts_of(audit, leaf);
	int32_t top = V_TOP + row * V_ROW;
	int32_t from = years_x(y, c->not_before_s), to = years_x(y, c->not_after_s);
	char name[120];

	subject_say(name, sizeof name, c->subject);
	draw_text_fit(d, verdicts != 0 ? "warn" : NULL, (struct draw_spot){ 20, top + 170 },
	    (struct draw_fit){ V_LEFT - 120, 110 }, name);
	draw_rect(d, verdicts != 0 ? "fill warn" : "fill ok",
	    (struct draw_box){ from, top + 70, to - from < 20 ? 20 : to - from, 120 }, 20);
}

static void years_axis(struct drawing *d, const struct years *y, int32_t bottom, enum lang lang)
{
	int32_t x = years_x(y, y->seen_s);
	struct civil first = zone_split(NULL, y->from_s * 1000), last = zone_split(NULL,
	    y->to_s * 1000);
	int32_t step = (last.year - first.year) / 8 + 1;

	for (int32_t year = first.year + 1; year <= last.year; year += step) {
		char words[16];
		int32_t at = years_x(y, days_of(year, 1, 1) * 86400);

		draw_between(d, "grid", (struct draw_spot){ at, V_TOP },
		    (struct draw_spot){ at, bottom });
		(void)snprintf(words, sizeof words, "%d", (int)year);
		label(d, "muted", at, bottom + 160, DRAW_MIDDLE, words);
	}
	draw_between(d, "nowline", (struct draw_spot){ x, V_TOP - 60 },
	    (struct draw_spot){ x, bottom });
	label(d, "muted", x, V_TOP - 110, DRAW_MIDDLE, tr(lang, N_("captured")));
}

void draw_certificates(struct text *out, const struct audit_view *view)
{
	const int64_t year_s = 31557600;
	const struct audit *audit = view->audit;
	uint32_t leaves[DRAW_CERTIFICATES];
	int32_t n = 0;
	struct years y = { .seen_s = audit->capture.first_ns / 1000000000 };
	KS_DROP(drawing) struct drawing d;

	for (uint32_t i = 0; i < audit->certificates_n && n < DRAW_CERTIFICATES; i++)
		if (audit->certificates[i].leaf)
			leaves[n++] = i;
	drawing_init(&d, V_WIDE, V_TOP + n * V_ROW + 260);
	drawing_title(&d, tr(view->lang, N_("certificates and their dates")));
	if (n == 0)
		return;
	/* five years to each side are shown; what reaches further is cut there */
	y.from_s = y.seen_s - year_s / 2;
	y.to_s = y.seen_s + year_s / 2;
	for (int32_t i = 0; i < n; i++) {
		const struct audit_certificate *c = &audit->certificates[leaves[i]];

		y.from_s = c->not_before_s < y.from_s ? c->not_before_s : y.from_s;
		y.to_s = c->not_after_s > y.to_s ? c->not_after_s : y.to_s;
	}
	y.from_s = y.from_s < y.seen_s - 5 * year_s ? y.seen_s - 5 * year_s : y.from_s;
	y.to_s = y.to_s > y.seen_s + 5 * year_s ? y.seen_s + 5 * year_s : y.to_s;
	years_axis(&d, &y, V_TOP + n * V_ROW, view->lang);
	for (int32_t i = 0; i < n; i++)
		certificate_row(&d, audit, leaves[i], &y, i);
	drawing_svg(out, &d, false);
}
