/* src/draw/svg.c - a drawing as SVG 1.1: classes only, no style attribute, so that the
 * page's content security policy needs no exception. */
#include "draw/drawing.h"
#include "draw/markup.h"

static const char *const anchors[] = { "start", "middle", "end" };

static void class_add(struct text *out, const char *class)
{
	if (class != NULL)
		markup(out, " class=\"%s\"", class);
}

static void spots_add(struct text *out, const struct drawing *drawing,
    const struct draw_item *item)
{
	if (item->kind == DRAW_AREA)
		markup(out, "<polygon");
	else
		markup(out, "<polyline");
	class_add(out, item->class);
	markup(out, " points=\"");
	for (uint32_t i = 0; i < item->n; i++) {
		const struct draw_spot *spot = &drawing->spots[item->first + i];

		markup_tenths(out, spot->x);
		text_add_char(out, ',');
		markup_tenths(out, spot->y);
		if (i + 1 < item->n)
			text_add_char(out, ' ');
	}
	markup(out, "\"/>");
}

static void rect_add(struct text *out, const struct draw_item *item)
{
	markup(out, "<rect");
	class_add(out, item->class);
	markup(out, " x=\"%q\" y=\"%q\" width=\"%q\" height=\"%q\"", item->x, item->y, item->w,
	    item->h);
	if (item->r > 0)
		markup(out, " rx=\"%q\"", item->r);
	markup(out, "/>");
}

static void text_write(struct text *out, const struct draw_item *item)
{
	markup(out, "<text");
	class_add(out, item->class);
	markup(out, " x=\"%q\" y=\"%q\"", item->x, item->y);
	if (item->anchor != DRAW_START)
		markup(out, " text-anchor=\"%s\"", anchors[item->anchor]);
	markup(out, ">%s</text>", item->text);
}

static void ribbon_add(struct text *out, const struct draw_item *item)
{
	int32_t middle = (item->x + item->w) / 2;

	markup(out, "<path");
	class_add(out, item->class);
	markup(out, " d=\"M%q %qC%q %q %q %q %q %q\" stroke-width=\"%q\"/>", item->x, item->y,
	    middle, item->y, middle, item->h, item->w, item->h, item->r);
}

static void open_add(struct text *out, const struct draw_item *item)
{
	if (item->href != NULL)
		markup(out, "<a href=\"%s\"", item->href);
	else
		markup(out, "<g");
	if (item->href == NULL && item->text != NULL)
		markup(out, " role=\"img\"");
	class_add(out, item->class);
	if (item->text != NULL)
		markup(out, " aria-label=\"%s\"><title>%s</title>", item->text, item->text);
	else
		markup(out, ">");
}

static void item_add(struct text *out, const struct drawing *drawing,
    const struct draw_item *item, bool *link)
{
	switch ((enum draw_kind)item->kind) {
	case DRAW_LINE:
	case DRAW_AREA:
		spots_add(out, drawing, item);
		break;
	case DRAW_RECT:
		rect_add(out, item);
		break;
	case DRAW_DOT:
		markup(out, "<circle");
		class_add(out, item->class);
		markup(out, " cx=\"%q\" cy=\"%q\" r=\"%q\"/>", item->x, item->y, item->r);
		break;
	case DRAW_TEXT:
		text_write(out, item);
		break;
	case DRAW_RIBBON:
		ribbon_add(out, item);
		break;
	case DRAW_OPEN:
		open_add(out, item);
		*link = item->href != NULL;
		break;
	case DRAW_CLOSE:
		if (*link)
			markup(out, "</a>");
		else
			markup(out, "</g>");
		*link = false;
		break;
	}
}

/* Does anything in it carry its own words?  Then the whole is a group, else an image. */
static bool speaks(const struct drawing *drawing)
{
	for (size_t i = 0; i < drawing->items_n; i++)
		if (drawing->items[i].kind == DRAW_OPEN && drawing->items[i].text != NULL)
			return true;
	return false;
}

void drawing_svg(struct text *out, const struct drawing *drawing, bool alone)
{
	bool link = false;

	markup(out, "<svg class=\"draw\"");
	if (alone)
		markup(out, " xmlns=\"http://www.w3.org/2000/svg\" width=\"%q\" height=\"%q\"",
		    drawing->w, drawing->h);
	markup(out, " viewBox=\"0 0 %q %q\"", drawing->w, drawing->h);
	if (drawing->title != NULL)
		markup(out, " role=\"%s\" aria-label=\"%s\">", speaks(drawing) ? "group" : "img",
		    drawing->title);
	else
		markup(out, " aria-hidden=\"true\">");
	if (alone) {
		markup(out, "<style>");
		text_add_span(out, draw_css());
		markup(out, "</style><rect class=\"paper\" width=\"100%%\" height=\"100%%\"/>");
	}
	for (size_t i = 0; i < drawing->items_n; i++)
		item_add(out, drawing, &drawing->items[i], &link);
	markup(out, "</svg>");
}
