/* src/sense/snmp/hear.c - the hearing half of the driver `snmp`: which families a
 * device is of, the variables of a walk, the values of a GET. */
#include "base/must.h"
#include "sense/gate.h"
#include "sense/snmp/label.h"
#include "sense/snmp/memory.h"
#include <stdio.h>
#include <strings.h>

enum { WALK_MEMORY = 8 << 20 };

static bool text_below(struct span text, const char *head)
{
	size_t n = strlen(head);

	return n > 0 && text.left >= n &&
	    strncasecmp((const char *)text.at, head, n) == 0;
}

/* One of the beginnings with | between; "*x" may stand anywhere. */
static bool descr_is(const char *wanted, struct span descr)
{
	struct span rest = span_text(wanted != NULL ? wanted : "");
	char head[64];

	while (rest.left > 0) {
		struct span one = span_until(&rest, '|');
		bool anywhere = one.left > 0 && one.at[0] == '*';

		if (anywhere)
			(void)span_cut(&one, 1);
		must(one.left < sizeof head);
		(void)snprintf(head, sizeof head, "%.*s", (int)one.left,
		    (const char *)one.at);
		for (struct span at = descr; at.left > 0; (void)span_cut(&at, 1)) {
			if (text_below(at, head))
				return true;
			if (!anywhere)
				break;
		}
	}
	return false;
}

static bool object_id_is(const char *ids, struct span object_id)
{
	struct span rest = span_text(ids != NULL ? ids : "");
	uint8_t packed[OID_BYTES];
	struct oid oid;

	while (rest.left > 0 && object_id.left > 0) {
		struct span one = span_until(&rest, ' ');

		if (one.left == 0)
			continue;
		must(oid_read(one, &oid));
		struct span prefix = span_of(packed, oid_pack(&oid, packed, sizeof packed));

		if (object_id.left >= prefix.left &&
		    memcmp(object_id.at, prefix.at, prefix.left) == 0)
			return true;
	}
	return false;
}

static void model_say(struct snmp_memory *memory, struct span descr)
{
	const char *says = NULL;
	struct text clean;

	for (uint32_t i = 0; snmp_families[i] != NULL && says == NULL; i++)
		if (memory->is[i] == IS_MATCHED && !snmp_families[i]->generic)
			says = snmp_families[i]->says;
	text_init(&clean, 256);
	label_clean(&clean, descr);
	if (says != NULL && clean.len > 0)
		(void)snprintf(memory->model, sizeof memory->model, "%s (%s)", says,
		    text_cstr(&clean));
	else
		(void)snprintf(memory->model, sizeof memory->model, "%s",
		    says != NULL ? says : text_cstr(&clean));
	text_done(&clean);
}

/* Which families to walk.  A device of nobody we know is tried with every family's
 * first subtree, once a day: that finds agents that give a wrong sysObjectID. */
static void identify(struct snmp_memory *memory, struct span descr)
{
	struct span id = span_of(memory->object_id, memory->object_id_n);
	bool any = false;

	descr = span_trim(descr);
	for (uint32_t i = 0; snmp_families[i] != NULL; i++) {
		const struct snmp_family *family = snmp_families[i];
		bool is = object_id_is(family->ids, id) || descr_is(family->descr, descr);

		must(i + 1 < FAMILIES_MOST);
		memory->is[i] = is || family->generic ? IS_MATCHED : IS_NOT;
		any |= is;
	}
	for (uint32_t i = 0; snmp_families[i] != NULL && !any; i++)
		if (memory->is[i] == IS_NOT)
			memory->is[i] = IS_TRIED;
	model_say(memory, descr);
}

static struct span sys_value(const struct varbind *var, enum var_type type)
{
	return var->type == type ? var->value : (struct span){ .at = NULL };
}

static int hear_hello(struct snmp_memory *memory, struct span reply)
{
	struct varbind var;
	struct span descr = { .at = NULL };
	int code;

	memory->object_id_n = 0;
	memory->ticks = -1;
	memory->device[0] = '\0';
	while ((code = varbind_cut(&reply, &var)) == KS_OK) {
		uint8_t which = var.oid.left == 9 ? var.oid.at[7] : 0;

		if (which == 1)
			descr = sys_value(&var, VAR_OCTETS);
		if (which == 2 && var.type == VAR_OID && var.value.left <= OID_BYTES &&
		    var.value.left > 0) {
			memcpy(memory->object_id, var.value.at, var.value.left);
			memory->object_id_n = (uint8_t)var.value.left;
		}
		if (which == 3 && var.type == VAR_TICKS && var.number >= 0 &&
		    var.number <= UINT32_MAX)
			memory->ticks = var.number;
		if (which == 5) {
			struct text name;

			text_init(&name, 256);
			label_clean(&name, sys_value(&var, VAR_OCTETS));
			(void)snprintf(memory->device, sizeof memory->device, "%.63s",
			    text_cstr(&name));
			text_done(&name);
		}
	}
	if (code != KS_ABSENT)
		return code;
	identify(memory, descr);
	memory->family = 0;
	memory->root_at = 0;
	arena_init(&memory->walk, WALK_MEMORY);
	memory->phase = PHASE_WALK;
	return KS_OK;
}

static int hear_walk(struct talk *talk, struct snmp_memory *memory, struct span reply)
{
	struct varbind var;
	bool any = false;
	int code;

	if (reply.broken) {
		memory->walk_broken = true;
		return KS_OK;
	}
	if (memory->vars == NULL)
		memory->vars =
		    arena_array(&memory->walk, LIMIT_DEVICE_VARBINDS, sizeof *memory->vars);
	if (memory->vars == NULL)
		return KS_FULL;
	/* one copy of the whole reply: its variables point into it */
	reply = span_of(arena_text(&memory->walk, reply), reply.left);
	if (reply.left > 0 && reply.at == NULL) {
		talk->full = true;
		return KS_OK;
	}
	while ((code = varbind_cut(&reply, &var)) == KS_OK) {
		if (!varbind_there(&var))
			continue;
		if (memory->vars_n == LIMIT_DEVICE_VARBINDS) {
			talk->full = true;
			return KS_OK;
		}
		memory->vars[memory->vars_n++] = var;
		any = true;
	}
	if (any && memory->is[memory->family] == IS_TRIED)
		memory->is[memory->family] = IS_MATCHED;
	return code == KS_ABSENT ? KS_OK : code;
}

static struct live *live_of_reply(struct plan *plan, const struct varbind *var,
    const struct snmp_memory *memory, uint32_t *next)
{
	/* in the order asked, as a rule; else look for it */
	for (uint32_t turn = 0; turn < 2; turn++) {
		uint32_t from = turn == 0 ? *next : memory->asked_from;

		for (uint32_t i = from; i < memory->asked_to; i++) {
			struct span oid = live_oid(plan, &plan->live[i]);

			if (!plan->live[i].wanted || oid_compare(oid, var->oid) != 0)
				continue;
			*next = i + 1;
			return &plan->live[i];
		}
	}
	return NULL;
}

/* The first GET of a poll also asks who it is: another device may answer there now. */
static void hear_sys(struct snmp_memory *memory, const struct varbind *var)
{
	if (var->oid.at[7] == 3 && var->type == VAR_TICKS && var->number >= 0 &&
	    var->number <= UINT32_MAX)
		memory->ticks = var->number;
	if (var->oid.at[7] == 2 && var->type == VAR_OID &&
	    (var->value.left != memory->object_id_n || (var->value.left > 0 &&
		memcmp(var->value.at, memory->object_id, var->value.left) != 0))) {
		memory->phase = PHASE_HELLO;
		memory->known = false;
	}
}

static int raw_take(struct talk *talk, struct snmp_memory *memory, const struct varbind *var)
{
	struct offer *raw = &memory->raw;
	struct oid oid;
	int64_t milli = 0;
	enum doubt doubt;

	if (!oid_unpack(var->oid, &oid))
		return KS_MALFORMED;
	*raw = (struct offer){ .kind = MEASURE_VALUE,
		.limits = { INT64_MIN, INT64_MIN, INT64_MAX, INT64_MAX } };
	oid_write(&oid, raw->source, sizeof raw->source);
	(void)snprintf(raw->id, sizeof raw->id, "%.63s", raw->source + 1);
	(void)snprintf(raw->label, sizeof raw->label, "%.95s", talk->probe->read);
	doubt = var_number(var, &milli, NULL);
	raw->milli = milli;
	if (doubt == DOUBT_EMPTY)
		offer_absent(raw, doubt);
	else if (doubt != DOUBT_NONE)
		offer_untrusted(raw, doubt);
	offer_gate(raw);
	return KS_OK;
}

static bool raw_is(const struct snmp_memory *memory, const struct varbind *var)
{
	return memory->raw_oid_n > 0 && var->oid.left == memory->raw_oid_n &&
	    memcmp(var->oid.at, memory->raw_oid, memory->raw_oid_n) == 0;
}

static int hear_get(struct talk *talk, struct snmp_memory *memory, struct span reply)
{
	static const uint8_t sys[] = { 1, 3, 6, 1, 2, 1, 1 };
	struct varbind var;
	uint32_t next = memory->asked_from;
	int code;

	while ((code = varbind_cut(&reply, &var)) == KS_OK) {
		struct live *live;

		if (memory->asked_from == 0 && var.oid.left == 9 &&
		    memcmp(var.oid.at, sys, sizeof sys) == 0)
			hear_sys(memory, &var);
		if (raw_is(memory, &var) && raw_take(talk, memory, &var) != KS_OK)
			return KS_MALFORMED;
		live = live_of_reply(&memory->plan, &var, memory, &next);
		if (live == NULL)
			continue;
		if (var.value.left > 0) {
			char *copy = arena_text(talk->arena, var.value);

			if (copy == NULL)
				return KS_FULL;
			var.value.at = (const uint8_t *)copy;
		}
		live->var = var;
	}
	return code == KS_ABSENT ? KS_OK : code;
}

static int hear_raw(struct talk *talk, struct snmp_memory *memory, struct span reply)
{
	struct varbind var;

	memory->phase = PHASE_SAY;
	return varbind_cut(&reply, &var) != KS_OK ? KS_MALFORMED : raw_take(talk, memory, &var);
}

int snmp_read(struct talk *talk, struct span reply, struct why *why)
{
	struct snmp_memory *memory = talk->memory;
	int code = KS_OK;

	if (memory->phase == PHASE_HELLO)
		code = hear_hello(memory, reply);
	else if (memory->phase == PHASE_WALK)
		code = hear_walk(talk, memory, reply);
	else if (memory->phase == PHASE_GET)
		code = hear_get(talk, memory, reply);
	else if (memory->phase == PHASE_RAW)
		code = hear_raw(talk, memory, reply);
	if (code == KS_FULL)
		return fail(why, KS_FULL, "%s: its SNMP answers do not fit in memory",
		    talk->probe->name);
	if (code != KS_OK)
		return fail(why, (enum ks_fail)code, "%s: SNMP variables cut or damaged",
		    talk->probe->name);
	return KS_OK;
}
