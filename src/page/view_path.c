/* src/page/view_path.c - the power path: a drawing where there is room, a list on a
 * phone; hosts one by one, or by rack when there are many. */
#include "base/drop.h"
#include "base/number.h"
#include "page/view.h"
#include <stdlib.h>

enum { LEAVES_MOST = 60, NODES_MOST = 48, NARROW_DEPTH = 3 };

static const char *kept(struct scene *scene, const struct text *words)
{
	const char *copy = arena_text(&scene->arena, text_span(words));

	return copy != NULL ? copy : "";
}

/* "15.7 A / 25 A"; watts where no limit is known. */
static const char *detail_of(struct scene *scene, uint32_t i)
{
	const struct node *node = &scene->site->nodes[i];
	const struct grid_node *at = &scene->grid->nodes[i];
	int64_t load = scene_full(scene, i);
	KS_DROP(text) struct text words;

	text_init(&words, 100);
	if (at->seen_uva < 0) /* reckoned, not measured */
		text_add(&words, "\xe2\x89\x88 ");
	if (node->milli_amp > 0 && at->rated_uva > 0) {
		int64_t amps = number_scale(load, node->milli_amp, at->rated_uva);

		text_add_milli(&words, number_scale(amps, 1, 100) * 100);
		text_add(&words, " A / ");
		text_add_milli(&words, node->milli_amp);
		text_add(&words, " A");
	} else {
		text_addf(&words, "%lld.%02lld kVA", (long long)(load / 1000000000),
		    (long long)(load / 10000000 % 100));
	}
	return kept(scene, &words);
}

static uint8_t node_severity(const struct scene *scene, uint32_t i)
{
	const struct grid_node *at = &scene->grid->nodes[i];
	int64_t load = scene_full(scene, i);
	uint8_t said = scene_severity_of(scene, SUBJECT_NODE, scene->site->nodes[i].id);

	if (said != SEVERITY_OK)
		return said;
	if (at->rated_uva > 0 && load > at->rated_uva)
		return SEVERITY_CRITICAL;
	return at->limit_uva > 0 && load > at->limit_uva ? SEVERITY_WARNING : SEVERITY_OK;
}

/* What would trip it: said at the node that would be overloaded. */
static const char *note_of(struct scene *scene, uint32_t over)
{
	struct single_loss worst = scene->worst[over];
	KS_DROP(text) struct text words = { 0 };

	if (worst.share_milli <= 1000)
		return NULL;
	const struct node *lost = &scene->site->nodes[worst.lost];

	text_init(&words, 200);
	say(&words, scene->lang, "if %s fails: %d %%", lost->name != NULL ? lost->name : lost->id,
	    (int)(worst.share_milli / 10));
	return kept(scene, &words);
}

/* Nodes in an order in which each comes after what feeds it; ret_at: the grid's index to
 * the picture's. */
static struct path_node *nodes_make(struct scene *scene, uint32_t *at)
{
	const struct grid *grid = scene->grid;
	struct path_node *nodes = arena_array(&scene->arena, grid->nodes_n + 1, sizeof *nodes);

	for (size_t k = 0; nodes != NULL && k < grid->nodes_n; k++) {
		uint32_t i = grid->order[k], up = grid->nodes[i].up;
		const struct node *node = &scene->site->nodes[i];
		KS_DROP(text) struct text href;

		text_init(&href, 400);
		text_add(&href, "/power#");
		markup_path(&href, node->id);
		at[i] = (uint32_t)k;
		nodes[k] = (struct path_node){ .name = node->name != NULL ? node->name : node->id,
			.detail = detail_of(scene, i), .href = kept(scene, &href),
			.from = up == GRID_NONE ? PATH_NONE : at[up], .load = scene_full(scene, i),
			.limit = grid->nodes[i].limit_uva, .severity = node_severity(scene, i),
			.side = scene_side(scene, i), .note = note_of(scene, i) };
	}
	return nodes;
}

static bool leaf_make(struct scene *scene, uint32_t host, const uint32_t *at,
    struct path_leaf *leaf)
{
	const struct grid_host *h = &scene->grid->hosts[host];
	const struct host *plan = &scene->site->hosts[host];
	uint32_t *feeds = arena_array(&scene->arena, h->cords_n + 1, sizeof *feeds);
	KS_DROP(text) struct text href = { 0 };

	if (feeds == NULL)
		return false;
	text_init(&href, 400);
	text_add(&href, "/host/");
	markup_path(&href, plan->id);
	for (uint32_t i = 0; i < h->cords_n; i++)
		feeds[i] = at[scene->grid->cords[h->cord + i].node];
	*leaf = (struct path_leaf){ .name = plan->name != NULL ? plan->name : plan->id,
		.href = kept(scene, &href), .mw = h->mw, .feeds = feeds, .feeds_n = h->cords_n,
		.severity = scene_severity_of(scene, SUBJECT_HOST, plan->id) };
	return true;
}

/* Of each rack one leaf: all its watts, every node that feeds it. */
static bool group_make(struct scene *scene, const struct rack *rack, const uint32_t *at,
    struct path_leaf *leaf)
{
	const struct grid *grid = scene->grid;
	uint32_t *feeds = arena_array(&scene->arena, grid->nodes_n + 1, sizeof *feeds);
	KS_DROP(text) struct text href = { 0 };

	if (feeds == NULL)
		return false;
	text_init(&href, 400);
	text_add(&href, "/rack/");
	markup_path(&href, rack->id);
	*leaf = (struct path_leaf){ .name = rack->name != NULL ? rack->name : rack->id,
		.href = kept(scene, &href), .feeds = feeds };
	for (uint32_t i = 0; i < grid->hosts_n; i++) {
		if (scene->site->hosts[i].rack != rack)
			continue;
		leaf->mw += grid->hosts[i].mw;
		for (uint32_t c = 0; c < grid->hosts[i].cords_n; c++) {
			uint32_t node = at[grid->cords[grid->hosts[i].cord + c].node];
			size_t k = 0;

			while (k < leaf->feeds_n && feeds[k] != node)
				k++;
			if (k == leaf->feeds_n)
				feeds[leaf->feeds_n++] = node;
		}
	}
	return true;
}

static bool leaves_make(struct scene *scene, const uint32_t *at, struct path_picture *path)
{
	const struct site *site = scene->site;
	bool racks = site->hosts_n > LEAVES_MOST;
	size_t n = racks ? site->racks_n : site->hosts_n;
	struct path_leaf *leaves = arena_array(&scene->arena, n + 1, sizeof *leaves);

	if (leaves == NULL)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (!(racks ? group_make(scene, &site->racks[i], at, &leaves[i]) :
		    leaf_make(scene, i, at, &leaves[i])))
			return false;
	path->leaves = leaves;
	path->leaves_n = n;
	return true;
}

static int fuller(const void *a, const void *b)
{
	return path_share(b) - path_share(a);
}

/* All of a small path in its order; of a large one the fullest. */
static void list_add(struct text *out, const struct scene *scene, struct path_picture *path)
{
	struct path_node *nodes = (struct path_node *)(uintptr_t)path->nodes;
	size_t shown = path->nodes_n;

	if (shown > NODES_MOST) {
		qsort(nodes, path->nodes_n, sizeof *nodes, fuller);
		shown = NODES_MOST;
		markup(out, "<p class=\"quietly\">%k</p>", T("The fullest of them; `keisoku tree` shows all."));
	}
	markup(out, "<ul class=\"pathlist\">");
	for (size_t i = 0; i < shown; i++) {
		const struct path_node *node = &nodes[i];
		int share = path_share(node);
		KS_DROP(drawing) struct drawing drawing;

		markup(out, "<li><b>%s</b> <span>%s</span>", node->name, node->detail);
		if (share >= 0) {
			markup(out, "<em class=\"%s\">%d %%</em>", state_class(node->severity), share);
			drawing_init(&drawing, 2400, 100);
			bar_draw(&drawing, &(struct bar){ 0, node->limit, node->load, INT64_MAX,
			    state_class(node->severity) });
			drawing_svg(out, &drawing, false);
		}
		if (node->note != NULL)
			markup(out, "<small class=\"crit\">%s</small>", node->note);
		markup(out, "</li>");
	}
	markup(out, "</ul>");
}

struct path_picture *path_picture(struct scene *scene, struct why *why)
{
	struct path_picture *path = arena_take(&scene->arena, sizeof *path);
	uint32_t *at = arena_array(&scene->arena, scene->grid->nodes_n + 1, sizeof *at);

	if (path == NULL || at == NULL) {
		(void)fail(why, KS_FULL, "memory ran out for a drawing");
		return NULL;
	}
	*path = (struct path_picture){ .lang = scene->lang, .title = T("Power path"),
		.nodes = nodes_make(scene, at), .nodes_n = scene->grid->nodes_n };
	if (path->nodes == NULL || !leaves_make(scene, at, path)) {
		(void)fail(why, KS_FULL, "memory ran out for a drawing");
		return NULL;
	}
	return path;
}

static void picture_add(struct text *out, struct scene *scene)
{
	struct why why = { .fmt = NULL };
	struct path_picture *path = path_picture(scene, &why);
	KS_DROP(drawing) struct drawing drawing;

	drawing_init(&drawing, 0, 0);
	if (path == NULL)
		return;
	if (path->nodes_n <= NODES_MOST) {
		drawing.w = path_width(path);
		drawing.h = path_height(path);
		if (path_draw(&drawing, path, &why) == KS_OK) {
			markup(out, "<div class=\"wide\">");
			drawing_svg(out, &drawing, false);
			markup(out, "</div>");
		}
	}
	markup(out, "<div class=\"%s\">", path->nodes_n <= NODES_MOST ? "narrow" : "always");
	list_add(out, scene, path);
	markup(out, "</div>");
}

/* Deeper than three, the path wants the whole width of a page. */
bool path_deep(const struct scene *scene)
{
	for (uint32_t i = 0; scene->grid != NULL && i < scene->grid->nodes_n; i++) {
		uint32_t at = i;

		for (unsigned deep = 0; at != GRID_NONE; at = scene->grid->nodes[at].up)
			if (++deep > NARROW_DEPTH)
				return true;
	}
	return false;
}

void part_path(struct text *out, struct scene *scene)
{
	markup(out, "<article id=\"path\" class=\"card\"><h2>%s<span class=\"note\">%s",
	    T("Power path"), T("share of what each may carry all day; \xe2\x89\x88 reckoned, not measured"));
	files_add(out, "path");
	markup(out, "</span></h2>");
	if (scene->grid == NULL)
		absent_add(out, T("The site file has no power path."),
		    T("Lines feed, ups, breaker and pdu say where the power comes from; a sensor with on= "
		    "measures one of them."));
	else
		picture_add(out, scene);
	markup(out, "</article>");
}
