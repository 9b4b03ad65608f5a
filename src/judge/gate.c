#include "judge/state.h"

/* How far back inside a limit a value must come, and how long it must stay on either
 * side.  Two readings are always needed: one alone may be an outlier. */
struct manner {
	int64_t milli, permille; /* the larger one counts */
	int64_t hold, hold_back;
};

static const struct manner manners[MEASURES] = {
	[MEASURE_TEMPERATURE] = { 1000, 0, 60 * SECOND, 120 * SECOND },
	[MEASURE_HUMIDITY] = { 3000, 0, 5 * MINUTE, 5 * MINUTE },
	[MEASURE_DEW_POINT] = { 1000, 0, 5 * MINUTE, 5 * MINUTE },
	[MEASURE_LOAD] = { 3000, 0, 60 * SECOND, 120 * SECOND },
	[MEASURE_CHARGE] = { 3000, 0, 30 * SECOND, 60 * SECOND },
	[MEASURE_RUNTIME] = { 500, 100, 30 * SECOND, 60 * SECOND },
};
static const struct manner plain = { 0, 30, 60 * SECOND, 120 * SECOND };

static const struct manner *manner_of(enum measure kind)
{
	return manners[kind].hold > 0 ? &manners[kind] : &plain;
}

int64_t hysteresis_of(enum measure kind, int64_t limit)
{
	const struct manner *manner = manner_of(kind);
	int64_t size = limit < 0 ? -limit : limit;
	int64_t part = size / 1000 * manner->permille;

	return part > manner->milli ? part : manner->milli;
}

/* What is over its limit from its very first value on has not just begun: it is told
 * as soon as a second and third reading say the same. */
enum { HOLD_FIRST = 20 * SECOND };

/* far: beyond the limit; back: inside it by the hysteresis. */
static int gate_take(struct gate *gate, const struct manner *manner, bool far, bool back,
    int64_t at)
{
	gate->first = far && (gate->first || !gate->known);
	gate->known = true;
	if (!gate->on) {
		int64_t hold = gate->first && manner->hold == 60 * SECOND ? HOLD_FIRST : manner->hold;

		gate->since = gate->n == 0 ? at : gate->since;
		gate->n = !far ? 0 : gate->n < 2 ? (uint8_t)(gate->n + 1) : 2;
		gate->on = gate->n == 2 && at - gate->since >= hold;
		gate->back_n = 0;
		return gate->on ? GATE_BEGAN : GATE_SAME;
	}
	gate->back = gate->back_n == 0 ? at : gate->back;
	gate->back_n = !back ? 0 : gate->back_n < 2 ? (uint8_t)(gate->back_n + 1) : 2;
	if (gate->back_n < 2 || at - gate->back < manner->hold_back)
		return GATE_SAME;
	gate->on = false;
	gate->n = 0;
	return GATE_ENDED;
}

/* There is no such limit (any more): a gate that was on ends with it. */
static int gate_close(struct gate *gate, int64_t at)
{
	bool was = gate->on;

	*gate = (struct gate){ .back = at };
	return was ? GATE_ENDED : GATE_SAME;
}

/* What is open already is critical as soon as its value is, twice; and so for as long as
 * the critical limit's own way back takes. */
static void gate_harden(struct gate *hard, const struct gate *mild)
{
	hard->on |= mild->on && hard->n == 2;
}

void gates_take(struct gates *gates, const struct limits *limits, enum measure kind,
    int64_t value, int64_t at)
{
	const struct manner *manner = manner_of(kind);
	const int64_t edge[SIDES] = { limits->low_critical, limits->low_warning,
		limits->high_warning, limits->high_critical };

	gates->value = value;
	for (int i = 0; i < SIDES; i++) {
		bool low = i <= SIDE_LOW_WARNING;
		bool none = edge[i] == INT64_MIN || edge[i] == INT64_MAX;
		struct gate *gate = &gates->side[i];
		int64_t inside = none ? 0 : hysteresis_of(kind, edge[i]);
		int turn = none ? gate_close(gate, at) :
		    low ? gate_take(gate, manner, value < edge[i], value >= edge[i] + inside, at) :
			  gate_take(gate, manner, value > edge[i], value <= edge[i] - inside, at);

		if (turn == GATE_ENDED && low)
			gates->low_ended = gate->back;
		else if (turn == GATE_ENDED)
			gates->high_ended = gate->back;
	}
	gate_harden(&gates->side[SIDE_LOW_CRITICAL], &gates->side[SIDE_LOW_WARNING]);
	gate_harden(&gates->side[SIDE_HIGH_CRITICAL], &gates->side[SIDE_HIGH_WARNING]);
}

int gates_level(const struct gates *gates)
{
	if (gates->side[SIDE_HIGH_CRITICAL].on)
		return 2;
	if (gates->side[SIDE_LOW_CRITICAL].on)
		return -2;
	if (gates->side[SIDE_HIGH_WARNING].on)
		return 1;
	return gates->side[SIDE_LOW_WARNING].on ? -1 : 0;
}

/* The first reading over the mildest limit that is still passed. */
int64_t gates_since(const struct gates *gates)
{
	int level = gates_level(gates);
	const struct gate *mild = &gates->side[level > 0 ? SIDE_HIGH_WARNING : SIDE_LOW_WARNING];
	const struct gate *hard = &gates->side[level > 0 ? SIDE_HIGH_CRITICAL : SIDE_LOW_CRITICAL];

	if (mild->on && (!hard->on || mild->since < hard->since))
		return mild->since;
	return hard->since;
}

int64_t gates_limit(const struct gates *gates, const struct limits *limits)
{
	switch (gates_level(gates)) {
	case 2:
		return limits->high_critical;
	case 1:
		return limits->high_warning;
	case -1:
		return limits->low_warning;
	default:
		return limits->low_critical;
	}
}

bool limits_any(const struct limits *limits)
{
	return limits->low_critical != INT64_MIN || limits->low_warning != INT64_MIN ||
	    limits->high_warning != INT64_MAX || limits->high_critical != INT64_MAX;
}
