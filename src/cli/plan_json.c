/* src/cli/plan_json.c - the answer of `keisoku plan` for machines (keisoku.plan/1). */
#include "cli/plan.h"
#include <inttypes.h>
#include <math.h>

static void id_add(struct text *text, bool *first, const char *id)
{
	text_add(text, *first ? "\"" : ",\"");
	text_add_json(text, span_text(id));
	text_add_char(text, '"');
	*first = false;
}

/* A cost of the model; nothing larger than 2^50 / SHED_COST, so exact. */
static void cost_add(struct text *text, const char *key, int64_t cost)
{
	text_addf(text, "\"%s\":", key);
	if (cost == INT64_MAX)
		text_add(text, "null");
	else
		text_addf(text, "%" PRId64 ".%04" PRId64, cost / SHED_COST, cost % SHED_COST);
}

static void hosts_add(struct text *text, const struct planned *p, const char *key, uint8_t state)
{
	const struct remedy *r = p->remedy;
	bool first = true;

	text_addf(text, ",\"%s\":[", key);
	for (size_t i = 0; i < r->site->problem.hosts_n; i++)
		if (r->plan.state[i] == state)
			id_add(text, &first, p->site->hosts[r->site->hosts[i]].id);
	text_add_char(text, ']');
}

static void services_add(struct text *text, const struct planned *p)
{
	const struct remedy *r = p->remedy;
	bool first = true;

	text_add(text, ",\"services_down\":[");
	for (size_t s = 0; s < p->site->services_n; s++)
		if (r->plan.down[s])
			id_add(text, &first, p->site->services[s].id);
	text_add(text, "],\"must_lost\":[");
	first = true;
	for (uint32_t i = 0; i < r->site->must_lost_n; i++)
		id_add(text, &first, p->site->services[r->site->must_lost[i]].id);
	text_add_char(text, ']');
}

/* The waves that lead there, or back. */
static void waves_add(struct text *text, const char *key, const struct paper *paper, bool back)
{
	const char *between = "";

	text_addf(text, ",\"%s\":[", key);
	for (uint32_t n = 0; n < paper->waves_n; n++) {
		const struct paper_wave *wave = &paper->waves[n];
		bool first = true;

		if ((wave->kind == WAVE_ON) != back)
			continue;
		text_addf(text, "%s{\"kind\":\"%s\",\"start_s\":", between, wave_word(wave->kind));
		between = ",";
		text_add_milli(text, wave->from_ms);
		text_add(text, ",\"end_s\":");
		text_add_milli(text, wave->to_ms);
		text_add(text, ",\"hosts\":[");
		for (uint32_t i = 0; i < wave->n; i++)
			id_add(text, &first, paper->steps[wave->first + i].host);
		text_add(text, "]}");
	}
	text_add_char(text, ']');
}

static void seconds_add(struct text *text, const char *key, double seconds)
{
	text_addf(text, ",\"%s\":", key);
	if (isinf(seconds))
		text_add(text, "null");
	else
		text_addf(text, "%.1f", seconds);
}

static void limits_add(struct text *text, const struct planned *p)
{
	const struct remedy *r = p->remedy;

	text_add(text, ",\"limits\":[");
	for (uint32_t i = 0; i < r->site->problem.rows_n; i++) {
		const struct shed_limit *limit = &r->site->limits[i];
		/* micro-VA, or mW: VA and W in thousandths */
		int64_t one = limit->is_room ? 1 : 1000;

		if (limit->again)
			continue;
		text_addf(text, "%s{\"%s\":\"", i > 0 ? "," : "", limit->is_room ? "room" : "node");
		text_add_json(text, span_text(limit->is_room ? p->site->rooms[limit->at].id
							     : p->site->nodes[limit->at].id));
		if (limit->line > 0)
			text_addf(text, "\",\"line\":\"%c", "?RST"[limit->line]);
		text_addf(text, "\",\"%s\":", limit->is_room ? "w" : "va");
		text_add_milli(text, limit->load / one);
		text_addf(text, ",\"limit_%s\":", limit->is_room ? "w" : "va");
		text_add_milli(text, limit->limit / one);
		seconds_add(text, "opens_s", r->order->deadline_s[i]);
		seconds_add(text, "held_s", r->order->held_s[i]);
		seconds_add(text, "opens_in_spite_s", r->order->trip_s[i]);
		if (r->fast != NULL)
			seconds_add(text, "opens_in_spite_fast_s", r->fast->trip_s[i]);
		text_add_char(text, '}');
	}
	text_add_char(text, ']');
}

void plan_json(struct text *text, const struct planned *p)
{
	const struct remedy *r = p->remedy;
	bool first = true;

	text_addf(text, "{\"schema\":\"keisoku.plan/1\",\"feasible\":%s,",
	    r->plan.feasible && r->site->must_lost_n == 0 ? "true" : "false");
	cost_add(text, "cost", r->plan.cost);
	text_add_char(text, ',');
	cost_add(text, "bound", r->plan.bound);
	text_add_char(text, ',');
	cost_add(text, "before", r->plan.before);
	text_addf(text, ",\"gap\":%.6f,\"gap_avoidable\":%.6f,\"proven\":%s,\"interrupted\":%s",
	    (double)shed_gap(&r->plan) / 1e6, (double)shed_gap_avoidable(&r->plan) / 1e6,
	    r->plan.cost == r->plan.bound ? "true" : "false", p->interrupted ? "true" : "false");
	hosts_add(text, p, "off", SHED_OFF);
	hosts_add(text, p, "capped", SHED_CAPPED);
	services_add(text, p);
	text_add(text, ",\"hosts_lost\":[");
	for (uint32_t i = 0; i < r->dark_n; i++)
		id_add(text, &first, p->site->hosts[r->dark[i]].id);
	text_add_char(text, ']');
	limits_add(text, p);
	text_addf(text, ",\"in_time\":%s", r->order->late_n == 0 ? "true" : "false");
	waves_add(text, "waves", &r->paper, false);
	if (r->fast != NULL) {
		text_addf(text, ",\"fast_in_time\":%s", r->fast->late_n == 0 ? "true" : "false");
		waves_add(text, "fast_waves", &r->paper_fast, false);
	}
	waves_add(text, "back", &r->paper, true);
	first = true;
	text_add(text, ",\"waiting\":[");
	for (uint32_t i = 0; i < r->back->waiting_n; i++)
		id_add(text, &first, p->site->hosts[r->back->waiting[i]].id);
	text_add_char(text, ']');
	text_add(text, ",\"first_plan_seconds\":");
	if (p->first_seconds < 0)
		text_add(text, "null");
	else
		text_addf(text, "%.4f", p->first_seconds);
	text_addf(text, ",\"cpu_seconds\":%.3f}\n", p->cpu_seconds);
}
