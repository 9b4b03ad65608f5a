#include "draw/drawing.h"
#include "base/drop.h"
#include "base/number.h"
#include "base/utf8.h"
#include <stdlib.h>

enum { FIRST_ITEMS = 64, ARENA_BYTES = 4 * 1024 * 1024 };

void drawing_init(struct drawing *drawing, int32_t w, int32_t h)
{
	*drawing = (struct drawing){ .w = w, .h = h };
	arena_init(&drawing->arena, ARENA_BYTES);
}

void drawing_done(struct drawing *drawing)
{
	arena_done(&drawing->arena);
	free(drawing->items);
	free(drawing->spots);
	drawing->items = NULL;
	drawing->spots = NULL;
}

static const char *kept(struct drawing *drawing, const char *text)
{
	const char *copy = text == NULL ? NULL : arena_text(&drawing->arena, span_text(text));

	if (text != NULL && copy == NULL)
		drawing->full = true;
	return copy;
}

void drawing_title(struct drawing *drawing, const char *title)
{
	drawing->title = kept(drawing, title);
}

/* Room for one more of `size`; false past the limit. */
static bool grow(struct drawing *drawing, void **at, const size_t *n, size_t *room, size_t size)
{
	if (*n >= LIMIT_DRAW_ITEMS) {
		drawing->full = true;
		return false;
	}
	if (*n < *room)
		return true;
	size_t want = *room == 0 ? FIRST_ITEMS : *room * 2;
	void *grown = realloc(*at, want * size);

	if (grown == NULL) {
		drawing->full = true;
		return false;
	}
	*at = grown;
	*room = want;
	return true;
}

static void add(struct drawing *drawing, struct draw_item item)
{
	if (grow(drawing, (void **)&drawing->items, &drawing->items_n, &drawing->items_room,
	    sizeof item))
		drawing->items[drawing->items_n++] = item;
}

void draw_spot(struct drawing *drawing, int32_t x, int32_t y)
{
	if (grow(drawing, (void **)&drawing->spots, &drawing->spots_n, &drawing->spots_room,
	    sizeof *drawing->spots))
		drawing->spots[drawing->spots_n++] = (struct draw_spot){ x, y };
}

/* The spots since the last item that has some. */
static void add_spots(struct drawing *drawing, enum draw_kind kind, const char *class)
{
	uint32_t first = 0;

	for (size_t i = drawing->items_n; i > 0 && first == 0; i--)
		if (drawing->items[i - 1].n > 0)
			first = drawing->items[i - 1].first + drawing->items[i - 1].n;
	if (drawing->spots_n - first < 2) {
		drawing->spots_n = first;
		return;
	}
	add(drawing, (struct draw_item){ .kind = (uint8_t)kind, .class = class, .first = first,
		.n = (uint32_t)(drawing->spots_n - first) });
}

void draw_line(struct drawing *drawing, const char *class)
{
	add_spots(drawing, DRAW_LINE, class);
}

void draw_area(struct drawing *drawing, const char *class)
{
	add_spots(drawing, DRAW_AREA, class);
}

void draw_between(struct drawing *drawing, const char *class, struct draw_spot a,
    struct draw_spot b)
{
	draw_spot(drawing, a.x, a.y);
	draw_spot(drawing, b.x, b.y);
	draw_line(drawing, class);
}

void draw_rect(struct drawing *drawing, const char *class, struct draw_box box, int32_t r)
{
	add(drawing, (struct draw_item){ .kind = DRAW_RECT, .class = class, .x = box.x, .y = box.y,
		.w = box.w, .h = box.h, .r = r });
}

void draw_dot(struct drawing *drawing, const char *class, struct draw_spot at, int32_t r)
{
	add(drawing, (struct draw_item){ .kind = DRAW_DOT, .class = class, .x = at.x, .y = at.y,
		.r = r });
}

void draw_text(struct drawing *drawing, const char *class, struct draw_spot at,
    enum draw_anchor anchor, const char *text)
{
	add(drawing, (struct draw_item){ .kind = DRAW_TEXT, .class = class, .x = at.x, .y = at.y,
		.anchor = (uint8_t)anchor, .text = kept(drawing, text) });
}

int32_t draw_width(const char *text, int32_t size)
{
	struct span rest = span_text(text);
	int32_t hundredths = 0;

	while (rest.left > 0) {
		uint32_t c = '?';

		(void)utf8_cut(&rest, &c);
		if (utf8_columns_of(c) == 2)
			hundredths += 100;
		else if (c == 'i' || c == 'l' || c == 'j' || c == '.' || c == ',' || c == ' ' ||
		    c == ':' || c == '1')
			hundredths += 36;
		else
			hundredths += (c >= 'A' && c <= 'Z') || c == 'm' || c == 'w' || c == '%' ? 74 : 59;
	}
	return (int32_t)number_scale(hundredths, size, 100);
}

void draw_text_fit(struct drawing *drawing, const char *class, struct draw_spot at,
    struct draw_fit fit, const char *text)
{
	struct span rest = span_text(text), kept_part = rest;
	KS_DROP(text) struct text cut = { 0 };

	if (draw_width(text, fit.size) <= fit.fit) {
		draw_text(drawing, class, at, DRAW_START, text);
		return;
	}
	text_init(&cut, 1024);
	while (rest.left > 0) {
		uint32_t c = '?';

		kept_part.left = (size_t)(rest.at - kept_part.at);
		text_clear(&cut);
		text_add_span(&cut, kept_part);
		text_add(&cut, "\xe2\x80\xa6");
		(void)utf8_cut(&rest, &c);
		KS_DROP(text) struct text more;

		text_init(&more, 1024);
		text_add_span(&more, span_of(kept_part.at, rest.left > 0 ?
		    (size_t)(rest.at - kept_part.at) : strlen(text)));
		text_add(&more, "\xe2\x80\xa6");
		if (draw_width(text_cstr(&more), fit.size) > fit.fit)
			break;
	}
	draw_text(drawing, class, at, DRAW_START, text_cstr(&cut));
}

void draw_ribbon(struct drawing *drawing, const char *class, struct draw_spot a,
    struct draw_spot b, int32_t width)
{
	add(drawing, (struct draw_item){ .kind = DRAW_RIBBON, .class = class, .x = a.x, .y = a.y,
		.w = b.x, .h = b.y, .r = width });
}

void draw_open(struct drawing *drawing, const char *class, const char *href, const char *label)
{
	add(drawing, (struct draw_item){ .kind = DRAW_OPEN, .class = class,
		.href = kept(drawing, href), .text = kept(drawing, label) });
}

void draw_close(struct drawing *drawing)
{
	add(drawing, (struct draw_item){ .kind = DRAW_CLOSE });
}

const char *draw_ramp(int64_t milli_c)
{
	static const char *const classes[] = { "t22", "t23", "t24", "t25", "t26", "t27", "t28",
		"t29", "t30", "t31", "t32", "t33", "t34", "t35", "t36", "t37", "t38", "t39", "t40" };
	int64_t degrees = number_scale(milli_c, 1, 1000);

	if (milli_c == INT64_MIN)
		return "tno";
	degrees = degrees < 22 ? 22 : degrees > 40 ? 40 : degrees;
	return classes[degrees - 22];
}
