/* src/cli/plan_say.c - the answer of `keisoku plan` for a person. */
#include "cli/plan.h"
#include "base/drop.h"
#include <math.h>

enum { LIMITS_SAID = 8, SERVICES_SAID = 24, HOSTS_SAID = 6, WAVES_SAID = 24 };

static void seconds_say(struct text *text, enum lang lang, double seconds)
{
	if (isinf(seconds))
		return;
	say_duration(text, lang, llround(seconds * 1000));
}

static const char *limit_id(const struct planned *p, const struct shed_limit *limit)
{
	return limit->is_room ? p->site->rooms[limit->at].id : p->site->nodes[limit->at].id;
}

/* "P1", or of one line "P1, line R". */
static void limit_name(struct text *text, enum lang lang, const struct planned *p, const struct shed_limit *limit)
{
	static const char *const lines[] = { "", "R", "S", "T" };

	if (limit->line == 0)
		text_add(text, limit_id(p, limit));
	else
		say(text, lang, "%s, line %s", limit_id(p, limit), lines[limit->line]);
}

static void limits_say(struct text *text, enum lang lang, const struct planned *p)
{
	const struct remedy *r = p->remedy;
	size_t n = r->site->broken_n, said = 0;

	say(text, lang, "hosts without power: %u; limits broken: %zu", r->dark_n, n);
	text_add_char(text, '\n');
	for (size_t i = 0; i < r->site->problem.rows_n && said < LIMITS_SAID; i++) {
		const struct shed_limit *limit = &r->site->limits[i];

		if (limit->again)
			continue;
		said++;
		double one = limit->is_room ? 1e6 : 1e9;
		KS_DROP(text) struct text when, name;

		text_init(&when, 128);
		text_init(&name, 300);
		limit_name(&name, lang, p, limit);
		text_add(text, "  ");
		seconds_say(&when, lang, r->order->deadline_s[i]);
		if (limit->is_room && !isinf(r->order->deadline_s[i]))
			say(text, lang, "%s: %.2f kW, cooling takes %.2f kW; too warm after %s at the earliest",
			    text_cstr(&name), (double)limit->load / one, (double)limit->limit / one,
			    text_cstr(&when));
		else if (limit->is_room)
			say(text, lang, "%s: %.2f kW, cooling takes %.2f kW", text_cstr(&name),
			    (double)limit->load / one, (double)limit->limit / one);
		else if (isinf(r->order->deadline_s[i]))
			say(text, lang, "%s: %.2f kVA, may carry %.2f kVA", text_cstr(&name),
			    (double)limit->load / one, (double)limit->limit / one);
		else
			say(text, lang, "%s: %.2f kVA, may carry %.2f kVA; opens after %s at the earliest",
			    text_cstr(&name), (double)limit->load / one, (double)limit->limit / one,
			    text_cstr(&when));
		text_add_char(text, '\n');
	}
	if (n > LIMITS_SAID) {
		text_add(text, "  ");
		say(text, lang, "and %zu more", n - LIMITS_SAID);
		text_add_char(text, '\n');
	}
}

static void cost_say(struct text *text, enum lang lang, const struct planned *p)
{
	const struct shed_plan *plan = &p->remedy->plan;
	size_t off = 0, capped = 0;

	for (size_t i = 0; i < p->remedy->site->problem.hosts_n; i++) {
		off += plan->state[i] == SHED_OFF;
		capped += plan->state[i] == SHED_CAPPED;
	}
	say(text, lang, "plan: switch off %zu, cap %zu; cost %.1f, of which %.1f is the loss itself", off,
	    capped, (double)plan->cost / SHED_COST, (double)plan->before / SHED_COST);
	text_add_char(text, '\n');
	if (plan->cost == plan->bound)
		say(text, lang, "proven: no plan costs less");
	else
		say(text, lang, "proven: no plan costs less than %.1f; gap %.2f %%, of what can be avoided %.2f %%",
		    (double)plan->bound / SHED_COST, (double)shed_gap(plan) / 1e4,
		    (double)shed_gap_avoidable(plan) / 1e4);
	text_add_char(text, '\n');
	if (p->interrupted) {
		say(text, lang, "ended early: more time may give a cheaper plan");
		text_add_char(text, '\n');
	}
}

struct share { /* of one service in the plan */
	size_t off, capped;
};

/* What goes off, service by service, and what that leaves of each. */
static void service_say(struct text *text, enum lang lang, const struct planned *p, uint32_t s,
    const struct share *share)
{
	const struct shed_service *at = &p->remedy->site->problem.services[s];
	size_t left = at->live - share->off;

	text_add(text, "  ");
	if (p->remedy->plan.down[s] && share->off + share->capped == 0)
		say(text, lang, "%s goes down (value %lld)", p->site->services[s].id,
		    (long long)(at->value / SHED_COST));
	else if (p->remedy->plan.down[s])
		say(text, lang, "%s goes down (value %lld); off %zu, capped %zu, still on %zu",
		    p->site->services[s].id, (long long)(at->value / SHED_COST), share->off, share->capped, left);
	else
		say(text, lang, "%s: off %zu, capped %zu, still on %zu (needs %u, at least %u; %lld for each one short)",
		    p->site->services[s].id, share->off, share->capped, left, at->need, at->min,
		    (long long)(at->unit / SHED_COST));
	text_add_char(text, '\n');
}

static void services_say(struct text *text, enum lang lang, const struct planned *p)
{
	const struct remedy *r = p->remedy;
	uint32_t said = 0, more = 0, h = 0;

	for (uint32_t s = 0; s < r->site->problem.services_n; s++) {
		struct share share = { .off = 0 };

		for (; h < r->site->problem.hosts_n && r->site->problem.hosts[h].service == s; h++) {
			share.off += r->plan.state[h] == SHED_OFF;
			share.capped += r->plan.state[h] == SHED_CAPPED;
		}
		if (share.off + share.capped == 0 && !r->plan.down[s])
			continue;
		if (said++ < SERVICES_SAID)
			service_say(text, lang, p, s, &share);
		else
			more++;
	}
	if (more > 0) {
		text_add(text, "  ");
		say(text, lang, "and %zu more", (size_t)more);
		text_add_char(text, '\n');
	}
	for (uint32_t i = 0; i < r->site->must_lost_n; i++) {
		say(text, lang, "%s may never go down, but the loss itself takes it: no plan can save it",
		    p->site->services[r->site->must_lost[i]].id);
		text_add_char(text, '\n');
	}
}

static void wave_say(struct text *text, enum lang lang, const struct paper *paper, uint32_t n)
{
	static const char *const kinds[WAVE_KINDS] = { [WAVE_CAP] = N_("cap"),
		[WAVE_CUT] = N_("cut outlet"), [WAVE_OFF] = N_("stop"), [WAVE_ON] = N_("start") };
	const struct paper_wave *wave = &paper->waves[n];
	KS_DROP(text) struct text from, to;

	text_init(&from, 128);
	text_init(&to, 128);
	seconds_say(&from, lang, (double)wave->from_ms / 1000);
	seconds_say(&to, lang, (double)wave->to_ms / 1000);
	text_add(text, "  ");
	say(text, lang, "%s to %s, %s %u:", text_cstr(&from), text_cstr(&to), tr(lang, kinds[wave->kind]),
	    wave->n);
	for (uint32_t i = 0; i < wave->n && i < HOSTS_SAID; i++)
		text_addf(text, " %s", paper->steps[wave->first + i].host);
	if (wave->n > HOSTS_SAID) {
		text_add_char(text, ' ');
		say(text, lang, "and %zu more", (size_t)wave->n - HOSTS_SAID);
	}
	text_add_char(text, '\n');
}

/* The waves of a paper that lead there, or back; the time of the last. */
static double waves_say(struct text *text, enum lang lang, const struct paper *paper, bool back)
{
	uint32_t said = 0, more = 0;
	double end = 0;

	for (uint32_t n = 0; n < paper->waves_n; n++) {
		if ((paper->waves[n].kind == WAVE_ON) != back)
			continue;
		end = (double)paper->waves[n].to_ms / 1000;
		if (said++ < WAVES_SAID)
			wave_say(text, lang, paper, n);
		else
			more++;
	}
	if (more > 0) {
		text_add(text, "  ");
		say(text, lang, "and %zu more", (size_t)more);
		text_add_char(text, '\n');
	}
	return end;
}

/* The first to open in spite of all. */
static void late_say(struct text *text, enum lang lang, const struct planned *p,
    const struct order *order, bool fast)
{
	KS_DROP(text) struct text when;
	const struct shed_limit *limits = p->remedy->site->limits;
	uint32_t first = 0, late_n = 0;

	text_init(&when, 128);
	for (uint32_t r = 0; r < p->remedy->site->problem.rows_n; r++) {
		first = order->trip_s[r] < order->trip_s[first] ? r : first;
		late_n += !isinf(order->trip_s[r]) && !limits[r].again;
	}
	seconds_say(&when, lang, order->trip_s[first]);
	const struct shed_limit *limit = &limits[first];
	static const char *const says[2][2] = {
		{ N_("clean stops come too late for %u {limit|limits}: %s may open after %s"),
			N_("even with outlets cut, too late for %u {limit|limits}: %s may open after %s") },
		{ N_("clean stops come too late for %u {limit|limits}: %s may be too warm after %s"),
			N_("even with outlets cut, too late for %u {limit|limits}: %s may be too warm after %s") },
	};

	say(text, lang, says[limit->is_room][fast], late_n, limit_id(p, limit), text_cstr(&when));
	text_add_char(text, '\n');
}

static void order_say(struct text *text, enum lang lang, const struct planned *p)
{
	const struct remedy *r = p->remedy;
	KS_DROP(text) struct text when;

	text_init(&when, 128);
	say(text, lang, "order:");
	text_add_char(text, '\n');
	seconds_say(&when, lang, waves_say(text, lang, &r->paper, false));
	if (!r->order->by_class) {
		say(text, lang, "the most urgent stop first, whatever their stop class: by their classes more would be too late");
		text_add_char(text, '\n');
	}
	if (r->order->late_n == 0) {
		say(text, lang, "every limit holds after %s, before any of them may open", text_cstr(&when));
		text_add_char(text, '\n');
		return;
	}
	late_say(text, lang, p, r->order, false);
	if (r->fast->late_n > 0)
		late_say(text, lang, p, r->fast, true);
	else
		say(text, lang, "with the outlets of stop classes up to %d cut (--fast) it is in time:",
		    (int)order_rules_usual.cut_stop);
	text_add(text, r->fast->late_n > 0 ? "" : "\n");
	(void)waves_say(text, lang, &r->paper_fast, false);
}

static void back_say(struct text *text, enum lang lang, const struct planned *p)
{
	if (p->remedy->back->hosts_n > 0) {
		say(text, lang, "back again, when the loss is healed:");
		text_add_char(text, '\n');
		(void)waves_say(text, lang, &p->remedy->paper, true);
	}
	if (p->remedy->back->waiting_n > 0) {
		say(text, lang, "hosts for which the limits leave no room to start: %u",
		    p->remedy->back->waiting_n);
		text_add_char(text, '\n');
	}
}

void plan_say(struct text *text, enum lang lang, const struct planned *p)
{
	const struct remedy *r = p->remedy;

	limits_say(text, lang, p);
	if (!r->plan.feasible) {
		say(text, lang, r->plan.bound == INT64_MAX
		    ? N_("no plan holds every limit: what must stay on is too much; nearest to it:")
		    : N_("no plan was found that holds every limit; nearest to it:"));
		text_add_char(text, '\n');
		services_say(text, lang, p);
		return;
	}
	if (r->site->problem.rows_n == 0) {
		say(text, lang, "no limit is broken: nothing has to be switched off");
		text_add_char(text, '\n');
		services_say(text, lang, p);
		back_say(text, lang, p);
		return;
	}
	cost_say(text, lang, p);
	services_say(text, lang, p);
	order_say(text, lang, p);
	back_say(text, lang, p);
}
