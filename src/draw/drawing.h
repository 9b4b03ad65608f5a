/* src/draw/drawing.h - a list of lines, areas, rectangles, dots and texts, in the order
 * they are drawn.  Coordinates are tenths of a pixel from the top left.  `class` is a
 * literal of ours: what it looks like is said by draw.css (and by whoever draws on
 * paper); texts, addresses and labels are copied, and escaped by who writes them.
 *
 * Past LIMIT_DRAW_ITEMS nothing is added and `full` stays set. */
#ifndef KS_DRAW_DRAWING_H
#define KS_DRAW_DRAWING_H
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

enum draw_kind {
	DRAW_LINE,	/* open line through points */
	DRAW_AREA,	/* closed area */
	DRAW_RECT,	/* x y w h, corners of radius r */
	DRAW_DOT,	/* circle at x y, radius r */
	DRAW_TEXT,	/* at x y; y is the base line */
	DRAW_RIBBON,	/* an S from x y to w h, r wide */
	DRAW_OPEN,	/* what follows belongs together: a link when href is there */
	DRAW_CLOSE,
};
enum draw_anchor { DRAW_START, DRAW_MIDDLE, DRAW_END };

struct draw_spot {
	int32_t x, y;
};

struct draw_item {
	uint8_t kind, anchor;	/* enum draw_kind, draw_anchor */
	int32_t x, y, w, h, r;
	uint32_t first, n;	/* of the drawing's spots */
	const char *class;	/* literal; NULL: none */
	const char *text;	/* DRAW_TEXT: the text; DRAW_OPEN: its label for a screen reader */
	const char *href;	/* DRAW_OPEN */
	int32_t fit;		/* DRAW_TEXT: at most so wide; 0: no matter */
};

struct drawing {
	struct arena arena;
	struct draw_item *items;
	size_t items_n, items_room;
	struct draw_spot *spots;
	size_t spots_n, spots_room;
	int32_t w, h;
	const char *title;	/* what a screen reader says of the whole */
	bool full;
};

void drawing_init(struct drawing *drawing, int32_t w, int32_t h);
void drawing_done(struct drawing *drawing);
static inline void drop_drawing(struct drawing *drawing)
{
	drawing_done(drawing);
}
void drawing_title(struct drawing *drawing, const char *title);

/* points: added by draw_spot() since the last line or area */
void draw_spot(struct drawing *drawing, int32_t x, int32_t y);
void draw_line(struct drawing *drawing, const char *class);
void draw_area(struct drawing *drawing, const char *class);
void draw_between(struct drawing *drawing, const char *class, struct draw_spot a,
    struct draw_spot b);
struct draw_box {
	int32_t x, y, w, h;
};
void draw_rect(struct drawing *drawing, const char *class, struct draw_box box, int32_t r);
void draw_dot(struct drawing *drawing, const char *class, struct draw_spot at, int32_t r);
void draw_text(struct drawing *drawing, const char *class, struct draw_spot at,
    enum draw_anchor anchor, const char *text);
/* The same, cut with an ellipsis where it would be wider than `fit`; size: of the letters. */
struct draw_fit {
	int32_t fit, size;
};
void draw_text_fit(struct drawing *drawing, const char *class, struct draw_spot at,
    struct draw_fit fit, const char *text);
void draw_ribbon(struct drawing *drawing, const char *class, struct draw_spot a,
    struct draw_spot b, int32_t width);
/* label: said by a screen reader; href NULL: no link. */
void draw_open(struct drawing *drawing, const char *class, const char *href,
    const char *label);
void draw_close(struct drawing *drawing);

/* How wide a text is about, in tenths: wide characters one em, others a bit over half. */
int32_t draw_width(const char *text, int32_t size);

/* As SVG.  alone: a file of its own (name space, draw.css inside, a background). */
void drawing_svg(struct text *out, const struct drawing *drawing, bool alone);

/* draw.css, as it was built in. */
struct span draw_css(void);

/* The class of a temperature on the ramp blue - cream - orange - brick, 22 to 40 C in
 * whole degrees: "t22".."t40"; "tno" when it is not known (INT64_MIN). */
const char *draw_ramp(int64_t milli_c);
#endif
