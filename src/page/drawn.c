#include "page/drawn.h"
#include "base/drop.h"
#include "page/calendar_out.h"
#include "page/drawn_sense.h"
#include "page/table.h"
#include "page/view.h"

static void nothing_want(struct scene *scene, const struct form *form)
{
	(void)scene;
	(void)form;
}

/* One rack, or in text all of them. */
static bool rack_drawn(struct text *out, struct scene *scene, const struct form *form)
{
	bool found = false;

	if (form->as == FORM_CSV || form->as == FORM_JSON)
		return racks_table(out, scene, form);
	for (size_t i = 0; scene->site != NULL && i < scene->site->racks_n; i++) {
		const struct rack *rack = &scene->site->racks[i];
		KS_DROP(drawing) struct drawing drawing = { 0 };

		if (scene->id[0] != '\0' && strcmp(scene->id, rack->id) != 0)
			continue;
		struct rack_picture *picture = rack_picture(scene, rack);

		if (picture == NULL || (found && form->as == FORM_SVG))
			return found;
		if (found)
			text_add_char(out, '\n');
		found = true;
		drawing_init(&drawing, 2600, rack_height(rack->units));
		if (form->as == FORM_SVG) {
			rack_draw(&drawing, picture);
			drawing_svg(out, &drawing, true);
		} else {
			term_rack(out, &form->term, picture);
		}
	}
	return found;
}

static bool tree_drawn(struct text *out, struct scene *scene, const struct form *form)
{
	struct why why = { .fmt = NULL };
	const struct path_picture *path = scene->grid != NULL ? path_picture(scene, &why) : NULL;
	KS_DROP(drawing) struct drawing drawing = { 0 };
	bool whole = path != NULL;

	if (form->as == FORM_CSV || form->as == FORM_JSON)
		return path_table(out, scene, form);
	drawing_init(&drawing, path != NULL ? path_width(path) : 0, path != NULL ? path_height(path) : 0);
	if (path != NULL && form->as != FORM_SVG)
		term_path(out, &form->term, path);
	else if (path != NULL)
		whole = path_draw(&drawing, path, &why) == KS_OK;
	if (whole && form->as == FORM_SVG)
		drawing_svg(out, &drawing, true);
	return whole;
}

static bool calendar_drawn(struct text *out, struct scene *scene, const struct form *form)
{
	(void)form;
	calendar_write(out, scene);
	return true;
}

static const struct drawn drawings[] = {
	{ "/calendar.ics", nothing_want, calendar_drawn, FORM_ICS, false },
	{ "/draw/heat", heat_drawn_want, heat_drawn, FORM_TEXT, false },
	{ "/draw/power", power_drawn_want, power_drawn, FORM_TEXT, false },
	{ "/draw/rack", nothing_want, rack_drawn, FORM_TEXT, false },
	{ "/draw/rack/", nothing_want, rack_drawn, FORM_TEXT, false },
	{ "/draw/tree", nothing_want, tree_drawn, FORM_TEXT, false },
	{ NULL, NULL, NULL, FORM_TEXT, false },
};

static const struct drawn *find_in(const struct drawn *list, const char *path,
    const char **ret_id)
{
	for (; list->path != NULL; list++) {
		size_t n = strlen(list->path);

		if (strcmp(path, list->path) == 0 && path[n - 1] != '/')
			return list;
		if (list->path[n - 1] != '/' || strncmp(path, list->path, n) != 0 || path[n] == '\0' ||
		    strchr(path + n, '/') != NULL)
			continue;
		*ret_id = path + n;
		return list;
	}
	return NULL;
}

const struct drawn *drawn_find(const char *path, const char **ret_id)
{
	*ret_id = "";
	const struct drawn *found = find_in(drawings, path, ret_id);

	return found != NULL ? found : find_in(tables, path, ret_id);
}
