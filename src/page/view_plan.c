/* src/page/view_plan.c - what fails if one piece of the power path is lost, which two are
 * worse than each alone, what redundancy is worth; and the way to a plan for any loss. */
#include "base/drop.h"
#include "base/number.h"
#include "page/detail.h"
#include "page/plan.h"
#include "page/view.h"
#include "plan/capacity.h"
#include "plan/cascade.h"
#include "plan/pairs.h"
#include <math.h>
#include <stdlib.h>

enum { ROWS = 400, LOSSES_SHOWN = 24, PAIRS_SHOWN = 8, CHOICES = 200, RULE_SHOWN = 8, LONELY_SHOWN = 40 };

static void loss_row(struct text *out, struct scene *scene, const struct single_loss *loss,
    struct cascade *cascade)
{
	uint8_t severity = loss->share_milli > 1250 ? SEVERITY_CRITICAL : loss->share_milli > 1000 ||
	    loss->dark > 0 ? SEVERITY_WARNING : SEVERITY_OK;
	uint32_t opens = GRID_NONE;
	KS_DROP(text) struct text words, when;

	text_init(&words, 300);
	text_init(&when, 300);
	if (loss->over != GRID_NONE && loss->share_milli > 0)
		say(&words, scene->lang, "%s carries %d %%", node_name(scene, loss->over),
		    (int)(loss->share_milli / 10));
	flow_lose(scene->flow, loss->lost);
	double first = cascade_first(cascade, scene->flow, EDGE_EARLIEST, &opens);

	if (isfinite(first)) {
		text_addf(&when, "%s ", node_name(scene, opens));
		trip_say(&when, scene, first, cascade_node(cascade, scene->flow, opens, EDGE_LATEST));
	}
	flow_reset(scene->flow);
	markup(out, "<tr><td>");
	state_badge(out, scene, severity);
	markup(out, "</td><td>");
	link_add(out, "plan", scene->site->nodes[loss->lost].id, node_name(scene, loss->lost));
	markup(out, "</td><td class=\"num\">%u</td><td>%s</td><td>%s</td></tr>", loss->dark, text_cstr(&words),
	    text_cstr(&when));
}

static void no_path(struct text *out, const struct scene *scene)
{
	absent_add(out, T("The site file has no power path."),
	    T("Lines feed, ups, breaker and pdu say where the power comes from; a sensor with on= "
	    "measures one of them."));
}

/* Is the word one of a list with commas between? */
static bool span_has(struct span list, const char *word)
{
	while (list.left > 0)
		if (span_equal(span_trim(span_until(&list, ',')), word))
			return true;
	return false;
}

/* The pieces of one kind to choose from; where something is asked, the two together. */
static void choices_add(struct text *out, const struct scene *scene, const char *asked, enum node_kind kind,
    const char *name)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < scene->grid->nodes_n && n < CHOICES; i++) {
		const struct node *node = &scene->site->nodes[i];

		if (node->kind != kind || span_has(span_text(asked), node->id))
			continue;
		if (n++ == 0)
			markup(out, "<h3>%s</h3><p class=\"names\">", name);
		markup(out, "<a href=\"/whatif?lose=");
		if (asked[0] != '\0') {
			markup_path(out, asked);
			markup(out, ",");
		}
		markup_path(out, node->id);
		markup(out, "\">%s</a> ", node_name(scene, i));
	}
	if (n > 0)
		markup(out, "</p>");
}

/* Without JavaScript: all pieces to choose from, and a field for several at once. */
void try_form(struct text *out, const struct scene *scene, const char *asked, bool open)
{
	const char *kinds[NODE_KINDS] = { T("Feeds"), T("UPSes"), T("Panels"), T("Legs"), T("Breakers"), T("PDUs") };

	markup(out, "<article class=\"card screen\"><h2>%s<span class=\"note\">%s</span></h2>"
	    "<form class=\"try\" method=\"get\" action=\"/whatif\"><label>%s"
	    "<input name=\"lose\" list=\"pieces\" required maxlength=\"200\" value=\"%s\" placeholder=\"%s\"></label>"
	    "<datalist id=\"pieces\">", T("Try a loss"), T("nothing is switched off by this"),
	    T("What fails: one or several, with commas between"), asked, scene->site->nodes[0].id);
	for (uint32_t i = 0; i < scene->grid->nodes_n && i < ROWS; i++)
		markup(out, "<option value=\"%s\">%s</option>", scene->site->nodes[i].id, node_name(scene, i));
	markup(out, "</datalist><button class=\"button main\">%s</button></form><details%s><summary>%s</summary>",
	    T("Show what happens"), open ? " open" : "", asked[0] != '\0' ? T("What else fails at the same time") :
	    T("Choose from all pieces"));
	for (unsigned kind = 0; kind < NODE_KINDS; kind++)
		choices_add(out, scene, asked, (enum node_kind)kind, kinds[kind]);
	markup(out, "</details></article>");
}

bool pairs_few(const struct scene *scene)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < scene->grid->nodes_n; i++)
		n += loss_counts(scene->grid, i);
	return n * n / 2 <= PAIRS_TRIED;
}

/* Two at once that are worse than the two alone. */
static void pairs_add(struct text *out, struct scene *scene, struct loss *loss)
{
	struct pairs pairs;

	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">%s", T("Pairs worth knowing"),
	    T("two losses at once that do more than the two alone"));
	if (pairs_few(scene))
		files_add(out, "pairs");
	markup(out, "</span></h2>");
	if (!pairs_few(scene)) {
		absent_add(out, T("Too many pairs for a page."), T("`keisoku whatif SITE --pairs` tries all of them."));
	} else if (pairs_run(scene->flow, loss, PAIRS_SHOWN, &scene->arena, &pairs, NULL) != KS_OK ||
	    pairs.worst_n == 0) {
		markup(out, "<p class=\"quietly\">%s</p>", T("None: no pair does more than its two losses alone."));
	} else {
		markup(out, "<ul class=\"about\">");
		for (uint32_t i = 0; i < pairs.worst_n; i++) {
			KS_DROP(text) struct text words;

			text_init(&words, 300);
			if (pairs.worst[i].only_n > 0)
				say(&words, scene->lang, "%u {host|hosts} more go dark", pairs.worst[i].only_n);
			if (pairs.worst[i].only_n > 0 && pairs.worst[i].over_n > 0)
				text_add(&words, T(", "));
			if (pairs.worst[i].over_n > 0)
				say(&words, scene->lang, "%u {limit|limits} more are broken", pairs.worst[i].over_n);
			markup(out, "<li><a href=\"/whatif?lose=");
			markup_path(out, scene->site->nodes[pairs.worst[i].a].id);
			markup(out, ",");
			markup_path(out, scene->site->nodes[pairs.worst[i].b].id);
			markup(out, "\">%s + %s</a> %s</li>", node_name(scene, pairs.worst[i].a),
			    node_name(scene, pairs.worst[i].b), text_cstr(&words));
		}
		markup(out, "</ul>");
	}
	markup(out, "</article>");
}

/* Each side at most at half of what it may carry, or else by how much not. */
static void rule_add(struct text *out, const struct scene *scene, const struct capacity *capacity)
{
	uint32_t shown = 0;

	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">%s", T("A/B rule"),
	    T("each side at most at half of its limit, so that the other carries both"));
	files_add(out, "capacity_power");
	markup(out, "</span></h2><ul class=\"about\">");
	for (uint32_t i = 0; i < scene->grid->nodes_n && shown < RULE_SHOWN; i++) {
		KS_DROP(text) struct text words = { 0 }, va = { 0 };

		if (capacity->nodes[i].half_short_uva == 0 || scene->site->nodes[i].kind == NODE_LEG)
			continue;
		text_init(&words, 300);
		text_init(&va, 60);
		say_value(&va, scene->lang, MEASURE_APPARENT_POWER, number_scale(capacity->nodes[i].half_short_uva, 1, 1000));
		say(&words, scene->lang, "%s is above half of what it may carry by %s", node_name(scene, i), text_cstr(&va));
		markup(out, "<li>%s</li>", text_cstr(&words));
		shown++;
	}
	if (shown == 0)
		markup(out, "<li>%s</li>", T("It holds everywhere."));
	markup(out, "</ul>");
	if (capacity->lonely_n > 0) {
		markup(out, "<h3>%s", T("One cord, where others of the service have two"));
		files_add(out, "single_cords");
		markup(out, "</h3><p class=\"names\">");
	}
	for (uint32_t i = 0; i < capacity->lonely_n && i < LONELY_SHOWN; i++) {
		link_add(out, "host", scene->site->hosts[capacity->lonely[i]].id, host_name(scene, capacity->lonely[i]));
		markup(out, " ");
	}
	if (capacity->lonely_n > 0)
		markup(out, "</p>");
	markup(out, "</article>");
}

/* What is left in the racks, and of the cooling. */
static void left_add(struct text *out, const struct scene *scene, const struct capacity *capacity)
{
	uint32_t units = 0, free_u = 0, block = 0, where = 0;

	for (uint32_t i = 0; i < scene->site->racks_n; i++) {
		units += capacity->racks[i].units;
		free_u += capacity->racks[i].free_u;
		if (capacity->racks[i].block_n > block) {
			block = capacity->racks[i].block_n;
			where = i;
		}
	}
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">%k", T("What is left"),
	    T("`keisoku whatif SITE --add` tries one more host"));
	files_add(out, "capacity_racks");
	markup(out, "</span></h2><ul class=\"about\">");
	for (int row = 0; row < 2 && units > 0; row++) {
		KS_DROP(text) struct text words;

		text_init(&words, 300);
		if (row == 0)
			say(&words, scene->lang, "%u of %u U are free", free_u, units);
		else if (block > 0)
			say(&words, scene->lang, "the largest free block: %u U in %s", block, scene->site->racks[where].id);
		if (words.len > 0)
			markup(out, "<li>%s</li>", text_cstr(&words));
	}
	for (uint32_t i = 0; i < scene->grid->rooms_n && i < RULE_SHOWN; i++) {
		KS_DROP(text) struct text words = { 0 }, heat = { 0 }, limit = { 0 };

		if (scene->grid->rooms[i].limit_mw <= 0)
			continue;
		text_init(&words, 300);
		text_init(&heat, 60);
		text_init(&limit, 60);
		say_value(&heat, scene->lang, MEASURE_POWER, scene->grid->rooms[i].load_mw);
		say_value(&limit, scene->lang, MEASURE_POWER, scene->grid->rooms[i].limit_mw);
		say(&words, scene->lang, "%s: %s of heat, its cooling takes %s", scene->site->rooms[i].id, text_cstr(&heat),
		    text_cstr(&limit));
		markup(out, "<li>");
		link_add(out, "room", scene->site->rooms[i].id, text_cstr(&words));
		files_add(out, "capacity_rooms");
		markup(out, "</li>");
	}
	markup(out, "</ul></article>");
}

static void more_add(struct text *out, struct scene *scene, struct loss *loss)
{
	struct capacity *capacity;

	if (capacity_of(scene->grid, scene->flow, &scene->arena, &capacity, NULL) != KS_OK)
		return;
	markup(out, "<div class=\"two\">");
	rule_add(out, scene, capacity);
	left_add(out, scene, capacity);
	markup(out, "</div>");
	pairs_add(out, scene, loss);
}

static int worst_first(const void *a, const void *b)
{
	const struct single_loss *x = a, *y = b;

	if (x->share_milli != y->share_milli)
		return x->share_milli > y->share_milli ? -1 : 1;
	if (x->dark != y->dark)
		return x->dark > y->dark ? -1 : 1;
	return (x->lost > y->lost) - (x->lost < y->lost);
}

/* A strip is its breaker.  Where there are many, the worst. */
static void losses_add(struct text *out, struct scene *scene, struct cascade *cascade)
{
	struct single_loss *list = arena_array(&scene->arena, scene->grid->nodes_n + 1, sizeof *list);
	size_t n = 0;
	KS_DROP(text) struct text words;

	for (uint32_t i = 0; list != NULL && i < scene->grid->nodes_n; i++)
		if (loss_counts(scene->grid, i))
			list[n++] = scene_loss(scene, i);
	if (n > LOSSES_SHOWN)
		qsort(list, n, sizeof *list, worst_first);
	for (size_t i = 0; i < n && i < LOSSES_SHOWN; i++)
		loss_row(out, scene, &list[i], cascade);
	markup(out, "</tbody></table></div>");
	text_init(&words, 100);
	say(&words, scene->lang, "and %zu more", n > LOSSES_SHOWN ? n - LOSSES_SHOWN : 0);
	if (n > LOSSES_SHOWN)
		markup(out, "<p>%s</p>", text_cstr(&words));
}

bool plan_write(struct text *out, struct scene *scene)
{
	struct cascade *cascade;
	struct loss *loss;

	markup(out, "<div class=\"pagehead\"><h1>%s</h1></div>", T("Plans"));
	if (scene->grid == NULL || cascade_new(scene->grid, &scene->arena, &cascade, NULL) != KS_OK ||
	    loss_new(scene->grid, &scene->arena, &loss, NULL) != KS_OK) {
		markup(out, "<article class=\"card\">");
		no_path(out, scene);
		markup(out, "</article>");
		return true;
	}
	try_form(out, scene, "", false);
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">%s", T("If one piece fails"),
	    T("before anything trips; share of what each may carry all day"));
	files_add(out, "losses");
	markup(out, "</span></h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table><thead><tr>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>", T("If one piece fails"),
	    T("State"), T("What fails"), T("Hosts dark"), T("Fullest then"), T("Then trips"));
	losses_add(out, scene, cascade);
	markup(out, "</article>");
	more_add(out, scene, loss);
	flow_reset(scene->flow);
	return true;
}
