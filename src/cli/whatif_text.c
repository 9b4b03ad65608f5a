/* src/cli/whatif_text.c - a loss, in words that a person understands at 3 a.m. */
#include "base/drop.h"
#include "base/number.h"
#include "cli/whatif.h"
#include "plan/phase.h"
#include <math.h>

enum { LIST_SERVICES = 12, LIST_OVER = 16, LIST_HOSTS = 24, ID_COLUMNS = 14 };

static void end_line(struct whatif *whatif)
{
	text_add_char(&whatif->text, '\n');
}

void whatif_names(const struct whatif *whatif, struct text *text, const uint32_t *nodes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		text_add(text, i > 0 ? "," : "");
		text_add(text, whatif->site->nodes[nodes[i]].id);
	}
}

void whatif_list(struct whatif *whatif, const uint32_t *things, uint32_t n, uint32_t most, bool hosts)
{
	struct text *text = &whatif->text;

	for (uint32_t i = 0; i < n && i < most; i++) {
		text_add(text, i == 0 ? "" : " ");
		text_add(text, hosts ? whatif->site->hosts[things[i]].id : whatif->site->nodes[things[i]].id);
	}
	if (n > most) {
		text_add_char(text, ' ');
		say(text, whatif->lang, "and %u more", n - most);
	}
}

static void say_seconds(struct text *text, enum lang lang, double seconds)
{
	say_duration(text, lang, seconds < 1e12 ? llround(seconds * 1000) : INT64_MAX);
}

/* Why a service is down: too few hosts, or one it needs is down. */
static void say_service(struct whatif *whatif, uint32_t at)
{
	const struct grid_service *service = &whatif->grid->services[at];
	const char *id = whatif->site->services[at].id;

	text_add(&whatif->text, "    ");
	if (whatif->loss->live[at] < service->min) {
		say(&whatif->text, whatif->lang, "%s: %u of its %u hosts are left, it needs %u", id,
		    whatif->loss->live[at], service->members_n, service->min);
		end_line(whatif);
		return;
	}
	for (uint32_t k = 0; k < service->deps_n; k++)
		for (uint32_t i = 0; i < whatif->loss->down_n; i++)
			if (whatif->loss->down[i] == whatif->grid->deps[service->dep + k]) {
				say(&whatif->text, whatif->lang, "%s: needs %s, which is down", id,
				    whatif->site->services[whatif->loss->down[i]].id);
				end_line(whatif);
				return;
			}
}

static void say_services(struct whatif *whatif)
{
	struct text *text = &whatif->text;
	uint32_t n = whatif->loss->down_n;

	text_add(text, "  ");
	if (n == 0)
		say(text, whatif->lang, "no service stops");
	else
		say(text, whatif->lang, "services that stop: %u", n);
	end_line(whatif);
	for (uint32_t i = 0; i < n && i < LIST_SERVICES; i++)
		say_service(whatif, whatif->loss->down[i]);
	if (n > LIST_SERVICES) {
		text_add(text, "    ");
		say(text, whatif->lang, "and %u more", n - LIST_SERVICES);
		end_line(whatif);
	}
}

/* "6,086 VA, may carry 4,800 VA (127 %)", or of uneven loads the fullest line in amps. */
static void say_load(struct whatif *whatif, uint32_t node)
{
	const struct grid_node *at = &whatif->grid->nodes[node];
	int percent = (int)number_scale(phase_full(whatif->flow, node), 100, at->limit_uva);
	struct phase_lines lines;
	unsigned line = phase_fullest(whatif->flow, node, &lines);
	KS_DROP(text) struct text now, limit;

	text_init(&now, 64);
	text_init(&limit, 64);
	if (line != 3) {
		say(&whatif->text, whatif->lang, "line %c: %.1f A, may carry %.1f A (%d %%)", "RST"[line],
		    lines.amps[line], lines.may, percent);
		return;
	}
	say_value(&now, whatif->lang, MEASURE_APPARENT_POWER, number_scale(whatif->flow->load_uva[node], 1, 1000));
	say_value(&limit, whatif->lang, MEASURE_APPARENT_POWER, number_scale(at->limit_uva, 1, 1000));
	say(&whatif->text, whatif->lang, "%s, may carry %s (%d %%)", text_cstr(&now), text_cstr(&limit), percent);
}

/* "B0001   6,086 VA, may carry 4,800 VA (127 %); opens after 5 min to 40 min" */
static void say_over(struct whatif *whatif, uint32_t node)
{
	struct text *text = &whatif->text;
	double early = cascade_node(whatif->cascade, whatif->flow, node, EDGE_EARLIEST);
	double late = cascade_node(whatif->cascade, whatif->flow, node, EDGE_LATEST);
	bool assumed;
	KS_DROP(text) struct text first, last;

	text_init(&first, 64);
	text_init(&last, 64);
	text_addf(text, "    %-*s ", ID_COLUMNS, whatif->site->nodes[node].id);
	say_load(whatif, node);
	if (isfinite(early)) {
		say_seconds(&first, whatif->lang, early);
		text_add(text, whatif->lang == LANG_JA ? "" : "; ");
		if (isfinite(late)) {
			say_seconds(&last, whatif->lang, late);
			say(text, whatif->lang, "opens after %s to %s", text_cstr(&first), text_cstr(&last));
		} else {
			say(text, whatif->lang, "may open after %s", text_cstr(&first));
		}
		(void)curve_word(&whatif->site->nodes[node], &assumed);
		text_add(text, assumed ? tr(whatif->lang, N_(" (its trip curve is assumed)")) : "");
	}
	end_line(whatif);
}

/* How pressing: seconds until it may open; then how far above its limit. */
static double over_rank(const struct whatif *whatif, uint32_t node)
{
	double s = cascade_node(whatif->cascade, whatif->flow, node, EDGE_EARLIEST);

	return isfinite(s) ? s : 1e12 * (double)whatif->grid->nodes[node].limit_uva /
	    (double)phase_full(whatif->flow, node) + 1e12;
}

/* The most pressing first; as many as are shown. */
static void over_sort(struct whatif *whatif)
{
	uint32_t *over = whatif->loss->over, n = whatif->loss->over_n;

	for (uint32_t i = 0; i < n && i < LIST_OVER; i++)
		for (uint32_t k = i + 1; k < n; k++)
			if (over_rank(whatif, over[k]) < over_rank(whatif, over[i])) {
				uint32_t keep = over[i];

				over[i] = over[k];
				over[k] = keep;
			}
}

static void say_overs(struct whatif *whatif)
{
	struct text *text = &whatif->text;
	const struct loss *loss = whatif->loss;

	text_add(text, "  ");
	if (loss->over_n == 0)
		say(text, whatif->lang, "nothing is above what it may carry");
	else
		say(text, whatif->lang, "above what they may carry all day: %u", loss->over_n);
	end_line(whatif);
	over_sort(whatif);
	for (uint32_t i = 0; i < loss->over_n && i < LIST_OVER; i++)
		say_over(whatif, loss->over[i]);
	if (loss->over_n > LIST_OVER) {
		text_add(text, "    ");
		say(text, whatif->lang, "and %u more", loss->over_n - LIST_OVER);
		end_line(whatif);
	}
	for (uint32_t i = 0; i < loss->hot_n; i++) {
		const char *id = whatif->site->rooms[loss->hot[i]].id;

		text_add(text, "  ");
		say(text, whatif->lang, "room %s: hosts give off %lld W; its cooling takes %lld W", id,
		    (long long)number_scale(whatif->flow->room_mw[loss->hot[i]], 1, 1000),
		    (long long)number_scale(whatif->grid->rooms[loss->hot[i]].limit_mw, 1, 1000));
		end_line(whatif);
	}
}

/* Cooling that hangs on what is dark: the room grows warm, too. */
static void say_coolings(struct whatif *whatif)
{
	const struct site *site = whatif->site;

	for (size_t i = 0; i < site->coolings_n; i++) {
		const struct cooling *cooling = &site->coolings[i];

		if (cooling->from == NULL || whatif->flow->node[cooling->from - site->nodes] == FLOW_LIVE)
			continue;
		text_add(&whatif->text, "  ");
		say(&whatif->text, whatif->lang, "cooling that stops: %s (%s)", cooling->id,
		    cooling->room != NULL ? cooling->room->id : "-");
		end_line(whatif);
	}
}

/* What comes if nobody does anything, by one edge. */
static void say_edge(struct whatif *whatif, const uint32_t *nodes, uint32_t n, enum edge edge)
{
	struct text *text = &whatif->text;
	const struct cascade *cascade = whatif->cascade;
	KS_DROP(text) struct text first = { 0 }, last = { 0 };

	flow_undo(whatif->flow);
	flow_mark(whatif->flow);
	cascade_run(whatif->cascade, whatif->flow, nodes, n, edge);
	text_add(text, "  ");
	if (cascade->trips_n == 0) {
		say(text, whatif->lang, edge == EDGE_EARLIEST ?
		    N_("nothing else opens, even by the earliest edges of all breakers") :
		    N_("at the latest: nothing else need open"));
		end_line(whatif);
		return;
	}
	text_init(&first, 64);
	text_init(&last, 64);
	loss_services(whatif->loss, whatif->flow, whatif->off);
	say_seconds(&first, whatif->lang, cascade->trips[0].at_s);
	say_seconds(&last, whatif->lang, cascade->trips[cascade->trips_n - 1].at_s);
	say(text, whatif->lang, edge == EDGE_EARLIEST ? N_("at the earliest: %s opens after %s") :
							N_("at the latest: %s opens after %s"),
	    whatif->site->nodes[cascade->trips[0].node].id, text_cstr(&first));
	if (cascade->trips_n > 1)
		say(text, whatif->lang, ", and more until %s (%u in all)", text_cstr(&last), cascade->trips_n);
	say(text, whatif->lang, "; then %u of %u {host is|hosts are} dark and %u {service|services} down", whatif->flow->dark_n,
	    (unsigned)whatif->grid->hosts_n, whatif->loss->down_n);
	end_line(whatif);
}

void whatif_say_loss(struct whatif *whatif, const uint32_t *nodes, uint32_t n)
{
	struct text *text = &whatif->text;
	KS_DROP(text) struct text names;

	text_init(&names, 8192);
	whatif_names(whatif, &names, nodes, n);
	if (n > 0)
		say(text, whatif->lang, "When %s is lost:", text_cstr(&names));
	else
		say(text, whatif->lang, "As it is now:");
	end_line(whatif);
	loss_look(whatif->loss, whatif->flow);
	loss_services(whatif->loss, whatif->flow, whatif->off);
	text_add(text, "  ");
	if (whatif->flow->dark_n == 0)
		say(text, whatif->lang, "no host goes dark at once");
	else
		say(text, whatif->lang, "hosts dark at once: %u of %u", whatif->flow->dark_n,
		    (unsigned)whatif->grid->hosts_n);
	end_line(whatif);
	if (whatif->flow->dark_n > 0) {
		text_add(text, "    ");
		whatif_list(whatif, whatif->flow->dark, whatif->flow->dark_n, LIST_HOSTS, true);
		end_line(whatif);
	}
	say_services(whatif);
	say_overs(whatif);
	say_coolings(whatif);
	say_edge(whatif, nodes, n, EDGE_EARLIEST);
	if (whatif->cascade->trips_n > 0)
		say_edge(whatif, nodes, n, EDGE_LATEST);
}

void whatif_say_numbers(struct whatif *whatif)
{
	struct text *text = &whatif->text;
	uint32_t said[5] = { 0 };
	int64_t oldest = 0;

	for (size_t i = 0; i < whatif->grid->hosts_n; i++) {
		const struct grid_host *host = &whatif->grid->hosts[i];

		said[host->said]++;
		oldest = host->said >= GRID_METERED && host->age_ms > oldest ? host->age_ms : oldest;
	}
	say(text, whatif->lang, "Watts of %u hosts: measured %u, by meters above them %u, from the site file %u, from nameplates %u, unknown %u",
	    (unsigned)whatif->grid->hosts_n, said[GRID_MEASURED], said[GRID_METERED], said[GRID_FILE], said[GRID_DECLARED],
	    said[GRID_UNSAID]);
	if (said[GRID_MEASURED] + said[GRID_METERED] > 0) {
		KS_DROP(text) struct text age;

		text_init(&age, 64);
		say_duration(&age, whatif->lang, oldest);
		say(text, whatif->lang, "; oldest measured %s ago", text_cstr(&age));
	}
	end_line(whatif);
}
