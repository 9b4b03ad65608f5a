/* src/page/view_loss.c - a loss tried: who is dark at once, what trips and when, the
 * cheapest set of hosts to switch off so that every limit holds, in which order, and the
 * way back (plan/remedy.h). */
#include "base/drop.h"
#include "base/number.h"
#include "page/detail.h"
#include "page/plan.h"
#include "page/view.h"
#include "plan/cascade.h"
#include "plan/phase.h"
#include "plan/remedy.h"
#include <math.h>
#include <string.h>

enum { ROWS = 400, DARK = 48, TRIPS = 24, WAVES = 40, WAVE_HOSTS = 12, EFFECT_HOSTS = 2000,
	/* asks of the solver: each well under 10 ms, of a small site under 1 ms */
	PATIENCE = 8, PATIENCE_SMALL = 300, SMALL = 300 };

static void seconds_say(struct text *words, const struct scene *scene, double seconds)
{
	say_duration(words, scene->lang, (int64_t)(fmin(seconds, 1e12) * 1000));
}

void trip_say(struct text *words, const struct scene *scene, double earliest_s, double latest_s)
{
	seconds_say(words, scene, earliest_s);
	if (!isfinite(latest_s)) {
		text_add(words, T(" at the earliest"));
		return;
	}
	text_add(words, " \xe2\x80\x93 ");
	seconds_say(words, scene, latest_s);
}

static bool patient(void *user)
{
	unsigned *left = user;

	return *left > 0 && --*left > 0;
}

int loss_remedy(struct scene *scene, const uint32_t *lost, uint32_t n, struct remedy **ret_remedy, struct why *why)
{
	unsigned left = scene->grid->hosts_n <= SMALL ? PATIENCE_SMALL : PATIENCE;
	const struct remedy_ask ask = { .lost = lost, .lost_n = n, .caps = true, .feed_scale = GRID_SCALE,
		.heat_scale = GRID_SCALE, .shed = { .go_on = patient, .user = &left } };

	flow_reset(scene->flow);
	return remedy_new(scene->flow, &ask, &scene->arena, ret_remedy, why);
}

static uint32_t moved(const struct remedy *r, enum shed_state state, const struct grid *grid, int64_t *ret_mw)
{
	uint32_t n = 0;

	*ret_mw = 0;
	for (size_t i = 0; i < r->site->problem.hosts_n; i++) {
		const struct grid_host *host = &grid->hosts[r->site->hosts[i]];

		if (r->plan.state[i] != state)
			continue;
		n++;
		*ret_mw += state == SHED_OFF ? host->mw : host->mw - host->cap_mw;
	}
	return n;
}

const struct paper *loss_paper(const struct remedy *r)
{
	return r->fast != NULL && r->fast->late_n == 0 ? &r->paper_fast : &r->paper;
}

static double order_end(const struct order *order)
{
	return order->waves_n > 0 ? order->waves[order->waves_n - 1].end_s : 0;
}

/* The one thing to know: what the plan does, and whether that is in time. */
static void outcome_say(struct text *words, const struct scene *scene, const struct remedy *r)
{
	int64_t off_mw, capped_mw;
	uint32_t off = moved(r, SHED_OFF, scene->grid, &off_mw);
	uint32_t capped = moved(r, SHED_CAPPED, scene->grid, &capped_mw);
	KS_DROP(text) struct text watts = { 0 }, end = { 0 };

	if (r->site->problem.rows_n == 0) {
		text_add(words, T("No limit is broken: nothing has to be switched off."));
		return;
	}
	if (!r->plan.feasible) {
		text_add(words, T("No set keeps every limit and every service that must not go down."));
		return;
	}
	text_init(&watts, 60);
	text_init(&end, 60);
	say_value(&watts, scene->lang, MEASURE_POWER, off_mw + capped_mw);
	seconds_say(&end, scene, order_end(r->order));
	say(words, scene->lang, r->order->late_n == 0 ?
	    N_("Switch off %u, cap %u (%s less): every limit holds after %s, before anything trips.") :
	    r->fast != NULL && r->fast->late_n == 0 ?
	    N_("Switch off %u, cap %u (%s less): clean stops take %s, too late; with some outlets cut first it is in time.") :
	    N_("Switch off %u, cap %u (%s less): it takes %s, and that is too late."),
	    off, capped, text_cstr(&watts), text_cstr(&end));
}

void plan_effect_say(struct text *words, struct scene *scene, const char *id)
{
	struct remedy *r;
	uint32_t node = 0;

	if (scene->grid == NULL || scene->grid->hosts_n > EFFECT_HOSTS)
		return;
	while (node < scene->grid->nodes_n && strcmp(scene->site->nodes[node].id, id) != 0)
		node++;
	if (node < scene->grid->nodes_n && loss_remedy(scene, &node, 1, &r, NULL) == KS_OK)
		outcome_say(words, scene, r);
	flow_reset(scene->flow);
}

/* The same as files: NAME?lose=A,B */
static void loss_files(struct text *out, const struct scene *scene, const char *name, const uint32_t *lost,
    uint32_t n)
{
	KS_DROP(text) struct text what;

	text_init(&what, 1000);
	text_addf(&what, "%s?lose=", name);
	for (uint32_t i = 0; i < n; i++) {
		text_add(&what, i > 0 ? "," : "");
		markup_path(&what, scene->site->nodes[lost[i]].id);
	}
	files_add(out, text_cstr(&what));
}

static void dark_add(struct text *out, const struct scene *scene, const struct remedy *r, const uint32_t *lost,
    uint32_t n)
{
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">", T("Without power at once"));
	if (r->dark_n > 0)
		markup(out, "%u", r->dark_n);
	loss_files(out, scene, "dark", lost, n);
	markup(out, "</span></h2>");
	if (r->dark_n == 0)
		markup(out, "<p class=\"quietly\">%s</p>", T("No host: every one has another cord."));
	markup(out, "<p class=\"names\">");
	for (uint32_t i = 0; i < r->dark_n && i < ROWS; i++) {
		if (i == DARK)
			markup(out, "</p><details><summary>%s</summary><p class=\"names\">", T("All of them"));
		link_add(out, "host", scene->site->hosts[r->dark[i]].id, host_name(scene, r->dark[i]));
		markup(out, " ");
	}
	markup(out, "</p>");
	if (r->dark_n > DARK)
		markup(out, "</details>");
	markup(out, "</article>");
}

/* Each limit that is broken then: what carries how much of it, and how long it may. */
static void broken_add(struct text *out, const struct scene *scene, const struct remedy *r, const uint32_t *lost,
    uint32_t n)
{
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">", T("Above its limit then"));
	loss_files(out, scene, "broken", lost, n);
	markup(out, "</span></h2>");
	if (r->site->problem.rows_n == 0)
		markup(out, "<p class=\"quietly\">%s</p>", T("Nothing: all limits hold."));
	markup(out, "<ul class=\"about\">");
	for (size_t i = 0; i < r->site->problem.rows_n && i < ROWS; i++) {
		const struct shed_limit *limit = &r->site->limits[i];
		KS_DROP(text) struct text words = { 0 };

		if (limit->again)
			continue;
		text_init(&words, 300);
		if (limit->line > 0)
			say(&words, scene->lang, "%s, line %s", node_name(scene, limit->at),
			    limit->line == 1 ? "R" : limit->line == 2 ? "S" : "T");
		KS_DROP(text) struct text share;

		text_init(&share, 300);
		say(&share, scene->lang, "%s carries %d %%", limit->line > 0 ? text_cstr(&words) : limit->is_room ?
		    scene->site->rooms[limit->at].id : node_name(scene, limit->at),
		    (int)number_scale(limit->load, 100, limit->limit));
		markup(out, "<li>");
		link_add(out, limit->is_room ? "room" : "plan", limit->is_room ? scene->site->rooms[limit->at].id :
		    scene->site->nodes[limit->at].id, text_cstr(&share));
		markup(out, "</li>");
	}
	markup(out, "</ul></article>");
}

static bool flow_breaks(const struct scene *scene)
{
	for (uint32_t i = 0; i < scene->grid->nodes_n; i++)
		if (phase_over(scene->flow, i))
			return true;
	return false;
}

bool loss_trips(struct scene *scene, const uint32_t *lost, uint32_t n, struct loss_trips *ret_trips)
{
	struct loss_trips t = { .latest = arena_array(&scene->arena, scene->grid->nodes_n + 1, sizeof *t.latest) };

	if (t.latest == NULL || cascade_new(scene->grid, &scene->arena, &t.cascade, NULL) != KS_OK)
		return false;
	for (uint32_t i = 0; i < scene->grid->nodes_n; i++)
		t.latest[i] = INFINITY;
	flow_reset(scene->flow);
	cascade_run(t.cascade, scene->flow, lost, n, EDGE_LATEST);
	for (uint32_t i = 0; i < t.cascade->trips_n; i++)
		t.latest[t.cascade->trips[i].node] = t.cascade->trips[i].at_s;
	t.end_latest = scene->flow->dark_n;
	flow_reset(scene->flow);
	cascade_run(t.cascade, scene->flow, lost, n, EDGE_EARLIEST);
	t.end_earliest = scene->flow->dark_n;
	t.breaks = flow_breaks(scene);
	flow_reset(scene->flow);
	*ret_trips = t;
	return true;
}

static void trips_end_say(struct text *words, const struct scene *scene, const struct loss_trips *t)
{
	if (t->cascade->trips_n > TRIPS) {
		say(words, scene->lang, "and %zu more", (size_t)t->cascade->trips_n - TRIPS);
		text_add(words, T("; "));
	}
	say(words, scene->lang, "in the end %u {host is|hosts are} dark at the earliest, %u at the latest", t->end_earliest,
	    t->end_latest);
}

/* If nobody does anything: by the earliest edge of every curve, and the latest of those. */
static void cascade_add(struct text *out, struct scene *scene, const uint32_t *lost, uint32_t n)
{
	struct loss_trips t;
	KS_DROP(text) struct text words = { 0 };

	if (!loss_trips(scene, lost, n, &t))
		return;
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">%s", T("If nobody does anything"),
	    T("between the earliest and the latest that its curve allows"));
	loss_files(out, scene, "trips", lost, n);
	markup(out, "</span></h2>");
	if (t.cascade->trips_n == 0) {
		markup(out, "<p class=\"quietly\">%s</p></article>", T(t.breaks ?
		    N_("Nothing trips: it is more than may flow all day, but less than opens a breaker.") : N_("Nothing trips.")));
		return;
	}
	markup(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table><thead><tr><th>%s</th>"
	    "<th>%s</th><th>%s</th></tr></thead><tbody>", T("If nobody does anything"), T("Trips"), T("After"),
	    T("Load"));
	for (uint32_t i = 0; i < t.cascade->trips_n && i < TRIPS; i++) {
		const struct trip *trip = &t.cascade->trips[i];
		KS_DROP(text) struct text when;

		text_init(&when, 120);
		trip_say(&when, scene, trip->at_s, t.latest[trip->node]);
		markup(out, "<tr><td>");
		link_add(out, "plan", scene->site->nodes[trip->node].id, node_name(scene, trip->node));
		markup(out, "</td><td>%s</td><td class=\"num\">%d %%</td></tr>", text_cstr(&when),
		    (int)lround(fmin(trip->load, 1e6) * 100));
	}
	text_init(&words, 300);
	trips_end_say(&words, scene, &t);
	markup(out, "</tbody></table></div><p>%s</p></article>", text_cstr(&words));
}

static void hosts_add(struct text *out, const struct scene *scene, const struct remedy *r,
    enum shed_state state, const char *title)
{
	int64_t mw;
	uint32_t n = moved(r, state, scene->grid, &mw);
	KS_DROP(text) struct text words = { 0 };

	if (n == 0)
		return;
	text_init(&words, 200);
	say(&words, scene->lang, "%zu {host|hosts}, %d W less", (size_t)n, (int)number_scale(mw, 1, 1000));
	markup(out, "<h3>%s</h3><p class=\"names\">", title);
	for (size_t i = 0; i < r->site->problem.hosts_n; i++)
		if (r->plan.state[i] == state) {
			link_add(out, "host", scene->site->hosts[r->site->hosts[i]].id,
			    host_name(scene, r->site->hosts[i]));
			markup(out, " ");
		}
	markup(out, "</p><p>%s</p>", text_cstr(&words));
}

static void plan_add(struct text *out, const struct scene *scene, const struct remedy *r, const uint32_t *lost,
    uint32_t n)
{
	const struct shed_plan *plan = &r->plan;
	size_t down = 0;
	KS_DROP(text) struct text words;

	text_init(&words, 300);
	outcome_say(&words, scene, r);
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">%k",
	    T("What to switch off then"), T("the cheapest set found at once; `keisoku plan SITE --lose` "
	    "may find a cheaper one, and writes the plan file to approve"));
	loss_files(out, scene, "shed", lost, n);
	markup(out, "</span></h2><p><b>%s</b></p>", text_cstr(&words));
	if (r->site->problem.rows_n > 0) {
		hosts_add(out, scene, r, SHED_OFF, T("Switch off"));
		hosts_add(out, scene, r, SHED_CAPPED, T("Cap"));
	}
	for (size_t i = 0; i < r->site->problem.services_n; i++) {
		if (plan->down[i] == 0)
			continue;
		if (down++ == 0)
			markup(out, "<h3>%s</h3><p class=\"names\">", T("Services that are down then"));
		markup(out, "<span>%s</span> ", r->site->problem.services[i].name);
	}
	if (down > 0)
		markup(out, "</p>");
	if (plan->feasible && r->site->problem.rows_n > 0) {
		text_clear(&words);
		if (plan->cost == plan->bound)
			say(&words, scene->lang, "cost %.1f; proven: no plan costs less", (double)plan->cost / SHED_COST);
		else
			say(&words, scene->lang, "cost %.1f; proven: no plan costs less than %.1f", (double)plan->cost / SHED_COST,
			    (double)plan->bound / SHED_COST);
		markup(out, "<p class=\"quietly\">%s</p>", text_cstr(&words));
	}
	markup(out, "</article>");
}

static void wave_row(struct text *out, const struct scene *scene, const struct paper *paper, uint32_t n)
{
	const char *kinds[WAVE_KINDS] = { [WAVE_CAP] = T("cap"), [WAVE_CUT] = T("cut outlet"),
		[WAVE_OFF] = T("stop"), [WAVE_ON] = T("start") };
	const struct paper_wave *wave = &paper->waves[n];
	KS_DROP(text) struct text when;

	text_init(&when, 120);
	seconds_say(&when, scene, (double)wave->from_ms / 1000);
	text_add(&when, " \xe2\x80\x93 ");
	seconds_say(&when, scene, (double)wave->to_ms / 1000);
	markup(out, "<tr><td>%s</td><td>%s</td><td class=\"num\">%u</td><td>", text_cstr(&when), kinds[wave->kind], wave->n);
	for (uint32_t i = 0; i < wave->n && i < WAVE_HOSTS; i++)
		markup(out, "%s%s", i > 0 ? ", " : "", paper->steps[wave->first + i].host);
	markup(out, "%s</td></tr>", wave->n > WAVE_HOSTS ? " \xe2\x80\xa6" : "");
}

/* The waves there, or back. */
static void waves_add(struct text *out, const struct scene *scene, const struct paper *paper, bool back,
    const uint32_t *lost, uint32_t lost_n)
{
	const char *title = back ? T("The way back, when the loss is healed") : T("In this order");
	uint32_t shown = 0, all = 0;

	for (uint32_t n = 0; n < paper->waves_n; n++)
		all += (paper->waves[n].kind == WAVE_ON) == back;
	if (all == 0)
		return;
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">", title);
	loss_files(out, scene, "waves", lost, lost_n);
	markup(out, "</span></h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"%s\"><table><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>",
	    title, T("When"), T("Action"), T("Number"), T("Which"));
	for (uint32_t n = 0; n < paper->waves_n; n++)
		if ((paper->waves[n].kind == WAVE_ON) == back && shown++ < WAVES)
			wave_row(out, scene, paper, n);
	markup(out, "</tbody></table></div>");
	if (all > WAVES) {
		KS_DROP(text) struct text words;

		text_init(&words, 100);
		say(&words, scene->lang, "and %zu more", (size_t)all - WAVES);
		markup(out, "<p>%s</p>", text_cstr(&words));
	}
	markup(out, "</article>");
}

static void loss_page(struct text *out, struct scene *scene, const uint32_t *lost, uint32_t n)
{
	struct remedy *r = NULL;
	struct why why = { .fmt = NULL };
	KS_DROP(text) struct text words, names;

	text_init(&words, 600);
	text_init(&names, 400);
	for (uint32_t i = 0; i < n; i++)
		text_addf(&names, "%s%s", i > 0 ? " + " : "", node_name(scene, lost[i]));
	say(&words, scene->lang, "If %s fails", text_cstr(&names));
	markup(out, "<div class=\"pagehead\"><p class=\"crumb\"><a href=\"/plan\">%s</a></p><h1>%s</h1></div>",
	    T("Plans"), text_cstr(&words));
	if (loss_remedy(scene, lost, n, &r, &why) != KS_OK) {
		markup(out, "<article class=\"card\">");
		absent_add(out, T("No plan could be made."), why.text);
		markup(out, "</article>");
		flow_reset(scene->flow);
		return;
	}
	plan_add(out, scene, r, lost, n);
	if (r->plan.feasible)
		waves_add(out, scene, loss_paper(r), false, lost, n);
	markup(out, "<div class=\"two\">");
	cascade_add(out, scene, lost, n);
	broken_add(out, scene, r, lost, n);
	markup(out, "</div>");
	dark_add(out, scene, r, lost, n);
	if (r->plan.feasible)
		waves_add(out, scene, &r->paper, true, lost, n);
	flow_reset(scene->flow);
}

static bool node_find(const struct scene *scene, struct span id, uint32_t *ret_node)
{
	for (uint32_t i = 0; i < scene->grid->nodes_n; i++)
		if (span_equal(id, scene->site->nodes[i].id)) {
			*ret_node = i;
			return true;
		}
	return false;
}

bool plan_loss_write(struct text *out, struct scene *scene)
{
	uint32_t lost;

	if (scene->grid == NULL || !node_find(scene, span_text(scene->id), &lost))
		return false;
	loss_page(out, scene, &lost, 1);
	try_form(out, scene, scene->id, false);
	return true;
}

uint32_t loss_asked(const struct scene *scene, uint32_t lost[LOSS_MOST], struct text *unknown)
{
	struct span list = span_text(scene->id);
	uint32_t n = 0;

	while (list.left > 0) {
		struct span id = span_trim(span_until(&list, ','));

		if (id.left == 0)
			continue;
		if (n < LOSS_MOST && node_find(scene, id, &lost[n]))
			n++;
		else if (n < LOSS_MOST)
			say(unknown, scene->lang, "There is no \"%.*s\" on the power path of this site. ", (int)id.left,
			    (const char *)id.at);
		else
			say(unknown, scene->lang, "\"%.*s\" is too many: at most %d at once. ", (int)id.left,
			    (const char *)id.at, (int)LOSS_MOST);
	}
	return n;
}

/* ?lose=A,B: several at once; what is not there is said, and the field is there again. */
bool whatif_write(struct text *out, struct scene *scene)
{
	uint32_t lost[LOSS_MOST], n;
	KS_DROP(text) struct text unknown = { 0 };

	if (scene->grid == NULL)
		return plan_write(out, scene);
	text_init(&unknown, 300);
	n = loss_asked(scene, lost, &unknown);
	if (unknown.len > 0)
		markup(out, "<article class=\"card\"><p><b>%s</b></p></article>", text_cstr(&unknown));
	if (n > 0)
		loss_page(out, scene, lost, n);
	else
		markup(out, "<div class=\"pagehead\"><p class=\"crumb\"><a href=\"/plan\">%s</a></p><h1>%s</h1></div>",
		    T("Plans"), T("Try a loss"));
	try_form(out, scene, scene->id, n == 0);
	return true;
}
