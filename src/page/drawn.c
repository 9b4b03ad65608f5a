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

enum { NAMED_MOST = 12 };

/* Of the picture that there is none: which racks there are. */
static bool rack_missing(struct text *out, const struct scene *scene, const struct form *form)
{
	const struct site *site = scene->site;
	KS_DROP(text) struct text names;

	text_init(&names, 2000);
	for (size_t i = 0; site != NULL && i < site->racks_n && i < NAMED_MOST; i++)
		text_addf(&names, "%s%s", i > 0 ? ", " : "", site->racks[i].id);
	if (site != NULL && site->racks_n > NAMED_MOST)
		text_add(&names, ", ...");
	if (names.len == 0)
		text_add(out, tr(form->term.lang, N_("the site file has no rack line: "
		    "`keisoku explain rack` says what one is")));
	else
		say(out, form->term.lang, "there is no rack \"%s\": there are %s", scene->id,
		    text_cstr(&names));
	return false;
}

static bool tree_missing(struct text *out, const struct form *form, const struct why *why)
{
	if (why->fmt != NULL)
		say_why(out, form->term.lang, why);
	else
		text_add(out, tr(form->term.lang, N_("the site file has no power path, that is no feed, "
		    "ups, panel, breaker or pdu line: `keisoku explain feed` says what one is")));
	return false;
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

		if (found && form->as == FORM_SVG)
			return true;
		if (picture == NULL)
			return false;
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
	return found || rack_missing(out, scene, form);
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
	return whole || tree_missing(out, form, &why);
}

static bool calendar_drawn(struct text *out, struct scene *scene, const struct form *form)
{
	(void)form;
	calendar_write(out, scene);
	return true;
}

static const struct drawn drawings[] = {
	{ "/calendar.ics", nothing_want, calendar_drawn, FORM_ICS, false, NULL },
	{ "/draw/heat", heat_drawn_want, heat_drawn, FORM_TEXT, false, heat_severity },
	{ "/draw/power", power_drawn_want, power_drawn, FORM_TEXT, false, power_severity },
	{ "/draw/rack", nothing_want, rack_drawn, FORM_TEXT, false, NULL },
	{ "/draw/rack/", nothing_want, rack_drawn, FORM_TEXT, false, NULL },
	{ "/draw/tree", nothing_want, tree_drawn, FORM_TEXT, false, NULL },
	{ NULL, NULL, NULL, FORM_TEXT, false, NULL },
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
