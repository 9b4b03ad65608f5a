/* src/page/view_rack.c - racks from the front, out of the model and the newest air. */
#include "base/drop.h"
#include "page/view.h"
#include <string.h>

enum { THUMB_W = 300, THUMBS_MOST = 120 };

static void item_make(struct scene *scene, const struct host *host, struct rack_item *item)
{
	KS_DROP(text) struct text href;
	uint32_t at = (uint32_t)(host - scene->site->hosts);
	bool room;

	text_init(&href, 400);
	text_add(&href, "/host/");
	markup_path(&href, host->id);
	*item = (struct rack_item){ .name = host->name != NULL ? host->name : host->id,
		.href = arena_text(&scene->arena, text_span(&href)), .u = host->u,
		.height = host->height > 0 ? host->height : 1,
		.milli_c = scene_air(scene, host->rack, host->u, &room),
		.mw = scene_down(scene, host) ? 0 : scene->grid != NULL ? scene->grid->hosts[at].mw : host->mw,
		.severity = scene_severity_of(scene, SUBJECT_HOST, host->id),
		.sides = scene_sides(scene) };
	for (size_t i = 0; scene->grid != NULL && i < host->cords_n; i++)
		item->on = (uint8_t)(item->on | 1U << scene_side(scene,
		    (uint32_t)(host->cords[i].pdu - scene->site->nodes)));
}

struct rack_picture *rack_picture(struct scene *scene, const struct rack *rack)
{
	const struct site *site = scene->site;
	struct rack_picture *picture = arena_take(&scene->arena, sizeof *picture);
	struct rack_item *items;
	size_t n = 0;

	for (size_t i = 0; i < site->hosts_n; i++)
		n += site->hosts[i].rack == rack;
	items = arena_array(&scene->arena, n + 1, sizeof *items);
	if (picture == NULL || items == NULL)
		return NULL;
	n = 0;
	for (size_t i = 0; i < site->hosts_n; i++)
		if (site->hosts[i].rack == rack)
			item_make(scene, &site->hosts[i], &items[n++]);
	KS_DROP(text) struct text href;

	text_init(&href, 400);
	text_add(&href, "/rack/");
	markup_path(&href, rack->id);
	*picture = (struct rack_picture){ .lang = scene->lang, .name = rack->name != NULL ?
		rack->name : rack->id, .href = arena_text(&scene->arena, text_span(&href)),
		.units = rack->units, .sides = scene_sides(scene), .items = items, .items_n = n };
	return picture;
}

static void legend_add(struct text *out, const struct scene *scene)
{
	KS_DROP(drawing) struct drawing drawing;

	drawing_init(&drawing, 950, 100);
	for (int32_t i = 0; i < 19; i++)
		draw_rect(&drawing, draw_ramp((22 + i) * 1000), (struct draw_box){ i * 50, 0, 52, 100 }, 0);
	markup(out, "<p class=\"legend\"><span>22 \xc2\xb0" "C</span>");
	drawing_svg(out, &drawing, false);
	markup(out, "<span>40 \xc2\xb0" "C</span>");
	if (scene_sides(scene) > 1)
		markup(out, "<span class=\"dots\"><i class=\"on\"></i><i class=\"on\"></i> %s</span>"
		    "<span class=\"dots\"><i class=\"on\"></i><i></i> %s</span>",
		    T("A and B feed"), T("one feed only"));
	markup(out, "</p>");
}

/* Is the air known by an inlet sensor anywhere, or by the room alone? */
static bool by_room(struct scene *scene)
{
	for (size_t i = 0; i < scene->now_n; i++)
		if (scene->now[i].series.place == PLACE_INLET && now_trusted(&scene->now[i]))
			return false;
	return true;
}

static void thumbs_add(struct text *out, struct scene *scene, const struct room *room)
{
	markup(out, "<div class=\"thumbs\">");
	for (size_t i = 0, n = 0; i < scene->site->racks_n && n < THUMBS_MOST; i++) {
		const struct rack *rack = &scene->site->racks[i];
		struct rack_picture *picture = room == NULL || rack->room == room ?
		    rack_picture(scene, rack) : NULL;
		KS_DROP(drawing) struct drawing drawing = { 0 };

		if (picture == NULL)
			continue;
		n++;
		drawing_init(&drawing, THUMB_W, (int32_t)(rack->units > 0 ? rack->units : 1) * 30);
		rack_thumb(&drawing, picture);
		markup(out, "<a class=\"thumb\" href=\"%s\">", picture->href);
		drawing_svg(out, &drawing, false);
		markup(out, "<span>%s</span></a>", picture->name);
	}
	markup(out, "</div>");
}

static void whole_add(struct text *out, struct scene *scene, const struct room *room)
{
	markup(out, "<div class=\"racks\">");
	for (size_t i = 0; i < scene->site->racks_n; i++) {
		const struct rack *rack = &scene->site->racks[i];
		struct rack_picture *picture = room == NULL || rack->room == room ?
		    rack_picture(scene, rack) : NULL;
		KS_DROP(drawing) struct drawing drawing = { 0 };

		if (picture == NULL)
			continue;
		drawing_init(&drawing, RACK_W, rack_height(rack->units));
		rack_draw(&drawing, picture);
		markup(out, "<div class=\"rack\">");
		drawing_svg(out, &drawing, false);
		markup(out, "</div>");
	}
	markup(out, "</div>");
}

void part_racks(struct text *out, struct scene *scene, const struct room *room)
{
	size_t n = 0;

	for (size_t i = 0; scene->site != NULL && i < scene->site->racks_n; i++)
		n += room == NULL || scene->site->racks[i].room == room;
	markup(out, "<article id=\"racks\" class=\"card\"><h2>%s<span class=\"note\">%s",
	    T("Racks"), by_room(scene) ? T("colour: the room's air, as no inlet is measured") :
	    T("colour: inlet temperature at that height"));
	files_add(out, "racks");
	markup(out, "</span></h2>");
	if (n == 0)
		absent_add(out, T("The site file names no rack."),
		    T("Lines rack and host (rack= u=) draw it here."));
	else if (n > RACKS_WHOLE)
		thumbs_add(out, scene, room);
	else
		whole_add(out, scene, room);
	if (n > 0)
		legend_add(out, scene);
	markup(out, "</article>");
}
