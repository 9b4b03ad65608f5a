/* src/sense/snmp/snmp.c - the driver `snmp`: who are you, what have you (walks, at the
 * start, after a restart of the device, when something vanished, once a day), and from
 * then on only GETs of what the rows found. */
#include "base/must.h"
#include "sense/snmp/memory.h"
#include "sense/snmp/snmp.h"
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { GET_MOST = 32, SETTLE_POLLS = 60, TICKS_A_DAY = 24 * 3600 * 100, POLLS_A_DAY = 8640 };

static const uint32_t sys_descr[] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 };
static const uint32_t sys_object_id[] = { 1, 3, 6, 1, 2, 1, 1, 2, 0 };
static const uint32_t sys_uptime[] = { 1, 3, 6, 1, 2, 1, 1, 3, 0 };
static const uint32_t sys_name[] = { 1, 3, 6, 1, 2, 1, 1, 5, 0 };

static void ask_sys(struct ask *ask, const uint32_t sys[9])
{
	uint8_t packed[9];

	for (size_t i = 0; i < 9; i++)
		packed[i] = (uint8_t)sys[i]; /* all below 241: one byte each */
	must(ask_oid(span_of(packed, 9), ask->send, sizeof ask->send, &ask->send_n));
}

void walk_forget(struct snmp_memory *memory)
{
	arena_done(&memory->walk);
	memory->vars = NULL;
	memory->vars_n = 0;
}

static void snmp_forget(void *of)
{
	struct snmp_memory *memory = of;

	if (memory == NULL)
		return;
	walk_forget(memory);
	plan_done(&memory->plan);
	memory->known = false;
}

static bool text_wanted(const char *wanted, const char *text)
{
	return strcasecmp(wanted, text) == 0;
}

static bool point_wanted(const struct plan *plan, const struct point *point,
    const char *read)
{
	struct oid oid, value;

	if (read == NULL || text_wanted(read, plan_text(plan, point->id_at)) ||
	    text_wanted(read, plan_text(plan, point->label_at)))
		return true;
	return oid_read(span_text(read), &oid) &&
	    oid_unpack(live_oid(plan, &plan->live[point->value]), &value) &&
	    oid.n == value.n && memcmp(oid.id, value.id, oid.n * sizeof *oid.id) == 0;
}

static void live_want(struct plan *plan, int32_t i)
{
	if (i >= 0)
		plan->live[i].wanted = true;
}

/* Marks what this poll must ask; how many points want something. */
static uint32_t plan_want(struct plan *plan, const char *read)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < plan->live_n; i++)
		plan->live[i].wanted = false;
	for (uint32_t i = 0; i < plan->points_n; i++) {
		const struct point *point = &plan->points[i];

		if (!point_wanted(plan, point, read))
			continue;
		n++;
		live_want(plan, (int32_t)point->value);
		live_want(plan, point->digits);
		live_want(plan, point->divide);
		live_want(plan, point->scale);
		for (uint32_t t = 0; t < point->terms_n; t++)
			live_want(plan, plan->terms[point->terms_at + t].live);
	}
	return n;
}

static void poll_begin(struct talk *talk, struct snmp_memory *memory)
{
	bool old = memory->polls++ >= POLLS_A_DAY ||
	    (memory->ticks >= 0 && memory->ticks_walked >= 0 &&
		(memory->ticks < memory->ticks_walked ||
		    memory->ticks - memory->ticks_walked >= TICKS_A_DAY));

	walk_forget(memory);
	memory->walk_broken = false;
	memory->raw = (struct offer){ .quality = QUALITY_ABSENT };
	memory->phase = PHASE_HELLO;
	if (memory->known && !old && !(memory->again && memory->polls > SETTLE_POLLS)) {
		memory->phase = PHASE_GET;
		memory->asked_to = 0;
		memory->greeted = false;
		for (uint32_t i = 0; i < memory->plan.live_n; i++)
			memory->plan.live[i].var.type = VAR_NULL;
	}
	(void)plan_want(&memory->plan, talk->probe->read);
}

static void ask_hello(struct ask *ask)
{
	ask->what = ASK_GET;
	ask_sys(ask, sys_descr);
	ask_sys(ask, sys_object_id);
	ask_sys(ask, sys_uptime);
	ask_sys(ask, sys_name);
}

static bool family_alone(const struct snmp_memory *memory)
{
	for (uint32_t i = 0; snmp_families[i] != NULL; i++)
		if (memory->is[i] == IS_MATCHED && snmp_families[i]->alone)
			return true;
	return false;
}

/* The next subtree to walk; false when all are done. */
static bool walk_next(struct snmp_memory *memory, struct oid *ret_oid)
{
	for (; snmp_families[memory->family] != NULL; memory->family++) {
		const struct snmp_family *family = snmp_families[memory->family];
		const char *walks = family->walks != NULL ? family->walks : family->base;
		bool first = memory->root_at == 0;

		if (memory->is[memory->family] != IS_NOT &&
		    !(family->generic && family_alone(memory)) &&
		    (first || memory->is[memory->family] == IS_MATCHED)) {
			struct span rest = span_text(walks + memory->root_at), root;

			do /* blanks may be doubled by the layout of a table */
				root = span_until(&rest, ' ');
			while (root.left == 0 && rest.left > 0);
			if (root.left > 0) {
				memory->root_at = (uint32_t)(strlen(walks) - rest.left);
				refer_oid(family, root, ret_oid);
				return true;
			}
		}
		memory->root_at = 0;
	}
	return false;
}

static void ask_walk(struct ask *ask, const struct oid *oid)
{
	uint8_t packed[OID_BYTES];
	size_t n = oid_pack(oid, packed, sizeof packed);

	must(n <= sizeof packed);
	ask->what = ASK_WALK;
	ask->may_fail = true;
	must(ask_oid(span_of(packed, n), ask->send, sizeof ask->send, &ask->send_n));
}

static bool word_among(const char *words, const char *word)
{
	struct span rest = span_text(words != NULL ? words : "");

	while (rest.left > 0)
		if (span_equal(span_until(&rest, ' '), word))
			return true;
	return false;
}

static void plan_make(struct snmp_memory *memory, int32_t *live_of, struct plan *plan)
{
	struct vars vars = { .at = memory->vars, .n = memory->vars_n };
	struct plan_from from = { .vars = &vars, .live_of = live_of };
	uint32_t found[FAMILIES_MOST] = { 0 };

	for (uint32_t i = 0; snmp_families[i] != NULL; i++) {
		const struct snmp_family *family = snmp_families[i];
		bool said = family->generic && family_alone(memory);

		for (uint32_t e = 0; e < i; e++)
			said |= found[e] > 0 &&
			    word_among(family->unless, snmp_families[e]->word);
		if (memory->is[i] != IS_NOT && !said)
			found[i] = plan_add(plan, family, &from);
		if (memory->is[i] == IS_TRIED && found[i] == 0)
			memory->is[i] = IS_NOT;
	}
}

/* Turns what was walked into a plan, and forgets the old one; a walk that was cut off
 * by silence leaves the old plan standing. */
static int discover(struct snmp_memory *memory, struct why *why)
{
	struct plan plan;
	struct vars vars = { .at = memory->vars, .n = memory->vars_n };
	int32_t *live_of = NULL;

	if (memory->walk_broken && memory->known) {
		memory->phase = PHASE_GET;
		memory->asked_to = 0;
		memory->greeted = false;
		return KS_OK;
	}
	vars_sort(&vars);
	memory->vars_n = vars.n;
	live_of = malloc((vars.n + 1) * sizeof *live_of);
	if (live_of == NULL)
		return fail(why, KS_FULL, "out of memory");
	for (uint32_t i = 0; i < vars.n; i++)
		live_of[i] = -1;
	plan_init(&plan);
	plan_make(memory, live_of, &plan);
	free(live_of);
	plan_done(&memory->plan);
	memory->plan = plan;
	memory->known = true;
	memory->again = memory->walk_broken;
	memory->polls = 0;
	memory->ticks_walked = memory->ticks;
	memory->phase = PHASE_END; /* the walk's values are as fresh as a GET's */
	return KS_OK;
}

/* An OID that no row has: its bare number. */
static bool raw_put(const struct talk *talk, struct snmp_memory *memory, struct ask *ask)
{
	struct oid oid;

	memory->raw_oid_n = 0;
	if (talk->probe->read == NULL || !oid_read(span_text(talk->probe->read), &oid) ||
	    plan_want(&memory->plan, talk->probe->read) > 0)
		return false;
	size_t n = oid_pack(&oid, memory->raw_oid, sizeof memory->raw_oid);

	if (n > sizeof memory->raw_oid ||
	    !ask_oid(span_of(memory->raw_oid, n), ask->send, sizeof ask->send, &ask->send_n))
		return false;
	memory->raw_oid_n = (uint8_t)n;
	return true;
}

static bool ask_get(const struct talk *talk, struct snmp_memory *memory, struct ask *ask)
{
	struct plan *plan = &memory->plan;
	uint32_t n = 0, i = memory->asked_to;
	bool first = !memory->greeted;

	memory->asked_from = i;
	if (first) {
		ask_sys(ask, sys_object_id);
		ask_sys(ask, sys_uptime);
		(void)raw_put(talk, memory, ask);
	}
	for (; i < plan->live_n && n < GET_MOST; i++) {
		if (!plan->live[i].wanted)
			continue;
		if (!ask_oid(live_oid(plan, &plan->live[i]), ask->send, sizeof ask->send,
			&ask->send_n))
			break;
		n++;
	}
	memory->asked_to = i;
	ask->what = ASK_GET;
	memory->greeted = true;
	return n > 0 || first;
}

/* By itself: right after a walk, which found no row for it. */
static bool ask_raw(const struct talk *talk, struct snmp_memory *memory, struct ask *ask)
{
	if (memory->raw.source[0] != '\0' || !raw_put(talk, memory, ask))
		return false;
	memory->phase = PHASE_RAW;
	ask->what = ASK_GET;
	return true;
}

static void offer_uptime(struct talk *talk, const struct snmp_memory *memory)
{
	struct offer *offer = memory->ticks >= 0 ? talk_offer(talk) : NULL;

	if (offer == NULL)
		return;
	(void)snprintf(offer->id, sizeof offer->id, "uptime");
	(void)snprintf(offer->label, sizeof offer->label, "Agent uptime");
	(void)snprintf(offer->source, sizeof offer->source, ".1.3.6.1.2.1.1.3.0");
	offer->kind = MEASURE_UPTIME;
	offer->milli = memory->ticks * 10;
}

static void offers_make(struct talk *talk, struct snmp_memory *memory)
{
	const char *read = talk->probe->read;
	const struct plan *plan = &memory->plan;

	(void)snprintf(talk->model, sizeof talk->model, "%s", memory->model);
	(void)snprintf(talk->device, sizeof talk->device, "%s", memory->device);
	if (read == NULL || text_wanted(read, "uptime") ||
	    text_wanted(read, ".1.3.6.1.2.1.1.3.0"))
		offer_uptime(talk, memory);
	for (uint32_t i = 0; i < plan->points_n; i++) {
		struct offer *offer = NULL;

		if (!point_wanted(plan, &plan->points[i], read))
			continue;
		offer = talk_offer(talk);
		if (offer == NULL)
			break;
		point_offer(plan, &plan->points[i], offer);
		if (offer->doubt == DOUBT_GONE)
			memory->again = true;
		if (plan->points[i].row->rewalk && offer->quality == QUALITY_OK &&
		    plan->live[plan->points[i].value].var.number != plan->points[i].first)
			memory->polls = POLLS_A_DAY; /* the next poll walks */
	}
	if (plan->full)
		talk->full = true;
	if (memory->raw.source[0] != '\0') {
		struct offer *offer = talk_offer(talk);

		if (offer != NULL)
			*offer = memory->raw;
	}
	walk_forget(memory);
}

static int snmp_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct snmp_memory *memory = talk->memory;
	struct ask ask = { .reply_max = LIMIT_REPLY_BYTES };
	struct oid oid;

	if (talk->turn == 0)
		poll_begin(talk, memory);
	if (memory->phase == PHASE_HELLO)
		ask_hello(&ask);
	if (memory->phase == PHASE_WALK) {
		if (walk_next(memory, &oid)) {
			ask_walk(&ask, &oid);
		} else {
			int code = discover(memory, why);

			if (code != KS_OK)
				return code;
			(void)plan_want(&memory->plan, talk->probe->read);
		}
	}
	if (memory->phase == PHASE_GET && !ask_get(talk, memory, &ask))
		memory->phase = PHASE_END;
	if (memory->phase == PHASE_END && !ask_raw(talk, memory, &ask))
		memory->phase = PHASE_SAY;
	if (memory->phase == PHASE_SAY) {
		offers_make(talk, memory);
		ask.what = ASK_NONE;
	}
	*ret_ask = ask;
	return KS_OK;
}

const struct driver driver_snmp = {
	.name = "snmp",
	.says = "any device that speaks SNMP: UPS, PDU, environment unit, switch, server",
	.via = VIA_SNMP,
	.port = 161,
	.memory_size = sizeof(struct snmp_memory),
	.forget = snmp_forget,
	.ask = snmp_ask,
	.read = snmp_read,
};
