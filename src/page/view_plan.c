/* src/page/view_plan.c - what fails if a piece of the power path is lost, and the cheapest
 * set of hosts to switch off or cap then, so that every limit holds (plan/shed.h). */
#include "base/drop.h"
#include "base/number.h"
#include "page/detail.h"
#include "page/view.h"
#include "plan/shed_site.h"
#include <string.h>

enum { ROWS = 400, PATIENCE = 8 /* asks of the solver, each well under 10 ms */ };

static const char *node_name(const struct scene *scene, uint32_t i)
{
	const struct node *node = &scene->site->nodes[i];

	return node->name != NULL ? node->name : node->id;
}

static const char *host_name(const struct scene *scene, uint32_t i)
{
	const struct host *host = &scene->site->hosts[i];

	return host->name != NULL ? host->name : host->id;
}

static void loss_row(struct text *out, const struct scene *scene,
    const struct single_loss *loss)
{
	uint8_t severity = loss->share_milli > 1250 ? SEVERITY_CRITICAL : loss->share_milli > 1000 ||
	    loss->dark > 0 ? SEVERITY_WARNING : SEVERITY_OK;
	KS_DROP(text) struct text words;

	text_init(&words, 300);
	if (loss->over != GRID_NONE && loss->share_milli > 0)
		say(&words, scene->lang, "%s carries %d %%", node_name(scene, loss->over),
		    (int)(loss->share_milli / 10));
	markup(out, "<tr><td>");
	state_badge(out, scene, severity);
	markup(out, "</td><td>");
	link_add(out, "plan", scene->site->nodes[loss->lost].id, node_name(scene, loss->lost));
	markup(out, "</td><td class=\"num\">%u</td><td>%s</td></tr>", loss->dark, text_cstr(&words));
}

static void no_path(struct text *out, const struct scene *scene)
{
	absent_add(out, T("The site file has no power path."),
	    T("Lines feed, ups, breaker and pdu say where the power comes from; a sensor with on= "
	    "measures one of them."));
}

bool plan_write(struct text *out, struct scene *scene)
{
	markup(out, "<div class=\"pagehead\"><h1>%s</h1></div><article class=\"card\"><h2>%s"
	    "<span class=\"note\">%s", T("Plans"), T("If one piece fails"),
	    T("before anything trips; share of what each may carry all day"));
	files_add(out, "losses");
	markup(out, "</span></h2>");
	if (scene->grid == NULL) {
		no_path(out, scene);
		markup(out, "</article>");
		return true;
	}
	markup(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table><thead><tr>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>", T("If one piece fails"),
	    T("State"), T("What fails"), T("Hosts dark"), T("Fullest then"));
	for (uint32_t i = 0; i < scene->grid->nodes_n && i < ROWS; i++) {
		struct single_loss loss = scene_loss(scene, i);

		loss_row(out, scene, &loss);
	}
	markup(out, "</tbody></table></div></article>");
	return true;
}

static bool patient(void *user)
{
	unsigned *left = user;

	return *left > 0 && --*left > 0;
}

static void dark_add(struct text *out, const struct scene *scene)
{
	const struct flow *flow = scene->flow;

	markup(out, "<article class=\"card\"><h2>%s</h2>", T("Without power at once"));
	if (flow->dark_n == 0)
		markup(out, "<p class=\"quietly\">%s</p>", T("No host: every one has another cord."));
	markup(out, "<p class=\"names\">");
	for (uint32_t i = 0; i < flow->dark_n && i < ROWS; i++) {
		link_add(out, "host", scene->site->hosts[flow->dark[i]].id, host_name(scene, flow->dark[i]));
		markup(out, " ");
	}
	markup(out, "</p></article>");
}

/* Each limit that is broken then: what carries how much of it. */
static void broken_add(struct text *out, const struct scene *scene, const struct shed_site *site)
{
	markup(out, "<article class=\"card\"><h2>%s</h2>", T("Above its limit then"));
	if (site->problem.rows_n == 0)
		markup(out, "<p class=\"quietly\">%s</p>", T("Nothing: all limits hold."));
	markup(out, "<ul class=\"about\">");
	for (size_t i = 0; i < site->problem.rows_n && i < ROWS; i++) {
		const struct shed_limit *limit = &site->limits[i];
		KS_DROP(text) struct text words;

		text_init(&words, 300);
		say(&words, scene->lang, "%s carries %d %%", limit->is_room ?
		    scene->site->rooms[limit->at].id : node_name(scene, limit->at),
		    (int)number_scale(limit->load, 100, limit->limit));
		markup(out, "<li>%s</li>", text_cstr(&words));
	}
	markup(out, "</ul></article>");
}

static void hosts_add(struct text *out, const struct scene *scene, const struct shed_site *site,
    const struct shed_plan *plan, enum shed_state state, const char *title)
{
	size_t n = 0;
	int64_t mw = 0;

	for (size_t i = 0; i < site->problem.hosts_n; i++) {
		const struct grid_host *host = &scene->grid->hosts[site->hosts[i]];

		if (plan->state[i] != state)
			continue;
		if (n++ == 0)
			markup(out, "<h3>%s</h3><p class=\"names\">", title);
		mw += state == SHED_OFF ? host->mw : host->mw - host->cap_mw;
		link_add(out, "host", scene->site->hosts[site->hosts[i]].id,
		    host_name(scene, site->hosts[i]));
		markup(out, " ");
	}
	KS_DROP(text) struct text words;

	text_init(&words, 200);
	say(&words, scene->lang, "%zu {host|hosts}, %d W less", n, (int)number_scale(mw, 1, 1000));
	if (n > 0)
		markup(out, "</p><p>%s</p>", text_cstr(&words));
}

static void plan_add(struct text *out, const struct scene *scene, const struct shed_site *site,
    const struct shed_plan *plan)
{
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">%s</span></h2>",
	    T("What to switch off then"), T("the cheapest set found at once; `keisoku plan SITE --lose` "
	    "takes longer, proves how good it is, and gives the order"));
	if (site->problem.rows_n == 0)
		markup(out, "<p class=\"quietly\">%s</p>", T("Nothing: all limits hold."));
	else if (!plan->feasible)
		markup(out, "<p><b>%s</b></p>", T("No set keeps every limit and every service that must not "
		    "go down."));
	if (site->problem.rows_n > 0) {
		hosts_add(out, scene, site, plan, SHED_OFF, T("Switch off"));
		hosts_add(out, scene, site, plan, SHED_CAPPED, T("Cap"));
	}
	size_t down = 0;

	for (size_t i = 0; site->problem.rows_n > 0 && i < site->problem.services_n; i++) {
		if (plan->down[i] == 0)
			continue;
		if (down++ == 0)
			markup(out, "<h3>%s</h3><p class=\"names\">", T("Services that are down then"));
		markup(out, "<span>%s</span> ", site->problem.services[i].name);
	}
	if (down > 0)
		markup(out, "</p>");
	markup(out, "</article>");
}

static int plan_make(struct scene *scene, struct shed_site **ret_site, struct shed_plan *ret_plan,
    struct why *why)
{
	unsigned left = PATIENCE;
	const struct shed_ask ask = { .go_on = patient, .user = &left };
	int bad = shed_site_new(scene->flow, true, &scene->arena, ret_site, why);

	if (bad == KS_OK && (*ret_site)->problem.rows_n > 0)
		bad = shed_solve(&(*ret_site)->problem, &ask, &scene->arena, ret_plan, why);
	return bad;
}

bool plan_loss_write(struct text *out, struct scene *scene)
{
	struct shed_site *site = NULL;
	struct shed_plan plan = { .feasible = true };
	struct why why = { .fmt = NULL };
	uint32_t lost = 0;
	KS_DROP(text) struct text words;

	while (scene->grid != NULL && lost < scene->grid->nodes_n &&
	    strcmp(scene->site->nodes[lost].id, scene->id) != 0)
		lost++;
	if (scene->grid == NULL || lost == scene->grid->nodes_n)
		return false;
	text_init(&words, 300);
	say(&words, scene->lang, "If %s fails", node_name(scene, lost));
	markup(out, "<div class=\"pagehead\"><p class=\"crumb\"><a href=\"/plan\">%s</a></p><h1>%s</h1></div>",
	    T("Plans"), text_cstr(&words));
	flow_reset(scene->flow);
	flow_lose(scene->flow, lost);
	int bad = plan_make(scene, &site, &plan, &why);

	if (bad == KS_OK) {
		plan_add(out, scene, site, &plan);
		markup(out, "<div class=\"two\">");
		broken_add(out, scene, site);
		dark_add(out, scene);
		markup(out, "</div>");
	} else {
		markup(out, "<article class=\"card\">");
		absent_add(out, T("No plan could be made."), why.text);
		markup(out, "</article>");
	}
	flow_reset(scene->flow);
	return true;
}
