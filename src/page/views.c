/* src/page/views.c - the table of views; the overview itself. */
#include "page/acts.h"
#include "page/detail.h"
#include "page/view.h"
#include <string.h>

enum { HOURS_12 = 43200000, SMALL_STEPS = 90 };
/* pixels on a desk: how wide a rack and the path are drawn, how tall the curves are */
enum { RACK_ONE = 335, RACK_SEVERAL = 240, PATH_ONE = 960, PATH_SEVERAL = 770, CURVES_TALL = 240 };

static void overview_want(struct scene *scene)
{
	const struct status_now *list[8];
	size_t n = pick_multiples(scene, list, 8);

	want_main(scene, scene_main(scene));
	(void)scene_want(scene, scene_hottest(scene), scene->now_ms - HOURS_12, scene->now_ms + 1,
	    SMALL_STEPS);
	for (size_t i = 0; i < n; i++)
		(void)scene_want(scene, list[i], scene->now_ms - HOURS_12, scene->now_ms + 1,
		    SMALL_STEPS);
}

/* The curves have room beside one or two racks, where the path takes the whole width. */
static bool few(const struct scene *scene)
{
	return path_deep(scene) && scene->site->racks_n > 0 && scene->site->racks_n <= 2;
}

/* The path is so short, and the racks are so tall, that the curves have room below it. */
static bool beside(struct scene *scene)
{
	const struct path_picture *path = scene->grid != NULL && !path_deep(scene) ?
	    path_picture(scene, &(struct why){ .fmt = NULL }) : NULL;
	bool one = scene->site != NULL && scene->site->racks_n == 1;
	int32_t tall = 0;

	if (path == NULL || scene->site->racks_n > RACKS_WHOLE)
		return false;
	for (size_t i = 0; i < scene->site->racks_n; i++)
		if (rack_height(scene->site->racks[i].units) > tall)
			tall = rack_height(scene->site->racks[i].units);
	tall = tall / 1000 * (one ? RACK_ONE : RACK_SEVERAL) / (RACK_W / 1000);
	return path_height(path) / 100 * (one ? PATH_ONE : PATH_SEVERAL) / (path_width(path) / 100) + CURVES_TALL <= tall;
}

static bool overview_write(struct text *out, struct scene *scene)
{
	part_verdict(out, scene);
	part_senses(out, scene);
	markup(out, "<div class=\"main-next\">");
	part_chart(out, scene, scene_main(scene));
	part_next(out, scene);
	bool curves = beside(scene) || few(scene);

	markup(out, "</div><div class=\"racks-path%s%s%s\">", path_deep(scene) ? " deep" : "",
	    scene->site != NULL && scene->site->racks_n == 1 ? " one" : "", few(scene) ? " few" : curves ? " beside" : "");
	part_racks(out, scene, NULL);
	part_path(out, scene);
	if (curves)
		part_multiples(out, scene);
	markup(out, "</div>");
	if (!curves)
		part_multiples(out, scene);
	markup(out, "<div class=\"two\">");
	part_findings(out, scene, 8);
	part_evidence(out, scene, 8);
	markup(out, "</div>");
	return true;
}

const struct view views[] = {
	{ "/", TAB_OVERVIEW, N_("Overview"), overview_want, overview_write },
	{ "/heat", TAB_HEAT, N_("Heat"), heat_want, heat_write },
	{ "/power", TAB_POWER, N_("Power"), power_want, power_write },
	{ "/wire", TAB_WIRE, N_("Wire"), NULL, wire_write },
	{ "/plan", TAB_PLAN, N_("Plans"), NULL, plan_write },
	{ "/evidence", TAB_EVIDENCE, N_("Evidence"), NULL, evidence_write },
	{ "/channels", TAB_EVIDENCE, N_("Channels"), NULL, channels_write },
	{ "/windows", TAB_EVIDENCE, N_("Silences and maintenance"), NULL, windows_write },
	{ "/windows/", TAB_EVIDENCE, N_("Silences and maintenance"), NULL, windows_write },
	{ "/whatif", TAB_PLAN, N_("Try a loss"), NULL, whatif_write },
	{ "/plan/", TAB_PLAN, NULL, NULL, plan_loss_write },
	{ "/room/", TAB_HEAT, NULL, room_want, room_write },
	{ "/rack/", TAB_HEAT, NULL, NULL, rack_write },
	{ "/host/", TAB_WIRE, NULL, NULL, host_write },
	{ "/sensor/", TAB_HEAT, NULL, sensor_want, sensor_write },
	{ "/rule/", TAB_EVIDENCE, NULL, NULL, rule_write },
	{ "/incident/", TAB_OVERVIEW, NULL, incident_want, incident_write },
	{ NULL, TAB_OVERVIEW, NULL, NULL, NULL },
};

const struct view *view_find(const char *path, const char **ret_id)
{
	*ret_id = "";
	for (const struct view *view = views; view->path != NULL; view++) {
		size_t n = strlen(view->path);

		if (n > 1 && view->path[n - 1] == '/') {
			if (strncmp(path, view->path, n) != 0 || path[n] == '\0' ||
			    strchr(path + n, '/') != NULL)
				continue;
			*ret_id = path + n;
			return view;
		}
		if (strcmp(path, view->path) == 0)
			return view;
	}
	return NULL;
}
