/* src/sense/snmp/value.c - from what the variables of a point said to its reading. */
#include "base/number.h"
#include "sense/gate.h"
#include "sense/snmp/plan.h"
#include <stdio.h>
#include <strings.h>

/* EntitySensorDataScale: 1 yocto ... 9 units ... 17 yotta */
enum { SCALE_UNITS = 9, SCALE_MOST = 17, DIGITS_MOST = 12, ONE = 1000000 };

/* Room sensors at 60 to 110 "degrees" of an unknown unit are probably Fahrenheit. */
enum { HINT_FROM = 45000, HINT_TO = 120000 };

enum { KELVIN = 273150 }; /* 0 C in thousandths */

static const struct varbind *live_var(const struct plan *plan, int32_t i)
{
	return i >= 0 ? &plan->live[i].var : NULL;
}

/* All terms of a role hold; `empty` when the point has none. */
static bool role_holds(const struct plan *plan, const struct point *point,
    enum term_role role, bool empty)
{
	bool any = false;

	for (uint32_t i = 0; i < point->terms_n; i++) {
		const struct live_term *term = &plan->terms[point->terms_at + i];
		const struct varbind *var = live_var(plan, term->live);

		if (term->role != role)
			continue;
		any = true;
		/* a device without the status column says nothing against the value */
		if (role == TERM_FIT && term->live < 0)
			continue;
		if (!term_holds(&term->term, var))
			return false;
	}
	return any || empty;
}

static int64_t power_of_ten(int64_t n)
{
	int64_t ten = 1;

	while (n-- > 0)
		ten *= 10;
	return ten;
}

/* milli / 10^digits and the entity scale; live variables, so they are read each time. */
static int64_t scaled(const struct plan *plan, const struct point *point, int64_t milli)
{
	const struct varbind *digits = live_var(plan, point->digits);
	const struct varbind *scale = live_var(plan, point->scale);
	const struct varbind *divide = live_var(plan, point->divide);
	int64_t n = 0, three = 0, by = 0;

	if (divide != NULL && var_number(divide, &by, NULL) == DOUBT_NONE && by > 0)
		milli = number_scale(milli, 1000, by);
	if (digits != NULL && var_number(digits, &n, NULL) == DOUBT_NONE)
		n /= 1000;
	if (scale != NULL && var_number(scale, &three, NULL) == DOUBT_NONE) {
		three /= 1000;
		if (three >= 1 && three <= SCALE_MOST)
			n -= 3 * (three - SCALE_UNITS);
	}
	if (n > 0)
		return number_scale(milli, 1, power_of_ten(n < 18 ? n : 18));
	return number_scale(milli, power_of_ten(n > -DIGITS_MOST ? -n : DIGITS_MOST), 1);
}

static bool state_is(const char *word, struct span text)
{
	return strlen(word) == text.left &&
	    strncasecmp(word, (const char *)text.at, text.left) == 0;
}

static void offer_state(struct offer *offer, const struct snmp_row *row,
    const struct varbind *var)
{
	struct span text = { .at = NULL };
	const struct snmp_state *state = row->states;
	int64_t milli = 0;
	enum doubt doubt = var_number(var, &milli, NULL);

	if (var->type == VAR_OCTETS)
		text = span_trim(var->value);
	struct oid named;

	if (var->type == VAR_OID && oid_unpack(var->value, &named)) {
		milli = named.id[named.n - 1] * INT64_C(1000); /* an OID as an enumeration */
		doubt = DOUBT_NONE;
	}
	if (doubt == DOUBT_EMPTY && text.left == 0) {
		offer_absent(offer, doubt);
		return;
	}
	for (; state != NULL && state->word != NULL; state++)
		if (doubt == DOUBT_NONE ? state->number * INT64_C(1000) == milli :
					  text.left > 0 && state_is(state->word, text))
			break;
	offer->milli = milli;
	offer->severity = SEVERITY_UNKNOWN;
	if (state != NULL && state->word != NULL) {
		offer->milli = state->number * INT64_C(1000);
		offer->severity = state->severity;
		(void)snprintf(offer->state, sizeof offer->state, "%s", state->word);
	} else if (doubt == DOUBT_NONE) {
		(void)snprintf(offer->state, sizeof offer->state, "%lld",
		    (long long)(milli / 1000));
	} else {
		offer_untrusted(offer, DOUBT_MALFORMED);
	}
	offer_gate(offer);
}

static bool tail_says_fahrenheit(struct span tail)
{
	while (tail.left > 0 && (tail.at[0] == ' ' || tail.at[0] >= 0x80))
		(void)span_cut(&tail, 1); /* the degree sign, in whichever code */
	return tail.left > 0 && (tail.at[0] == 'F' || tail.at[0] == 'f');
}

static void offer_hint(struct offer *offer, const struct snmp_row *row)
{
	if (row->unit_unknown && offer->quality == QUALITY_OK &&
	    offer->milli >= HINT_FROM && offer->milli <= HINT_TO)
		offer->doubt = DOUBT_UNIT;
}

static bool kind_has_degrees(const struct snmp_row *row)
{
	return row->kind == MEASURE_TEMPERATURE || row->kind == MEASURE_DEW_POINT;
}

static void offer_number(const struct plan *plan, const struct point *point,
    const struct varbind *var, struct offer *offer)
{
	const struct snmp_row *row = point->row;
	int64_t times = row->times != 0 ? row->times : 1, over = row->over != 0 ? row->over : 1;
	int64_t milli = 0, raw = 0;
	struct span tail;
	enum doubt doubt = var_number(var, &milli, &tail);

	if (doubt == DOUBT_NONE && row->none != NULL &&
	    var_listed(var, milli, span_text(row->none)))
		doubt = DOUBT_SENTINEL;
	if (doubt == DOUBT_NONE && milli % 1000 == 0) {
		int64_t one = scaled(plan, point, ONE); /* decimals and prefix count too */

		doubt = gate_raw((enum measure)row->kind, milli / 1000,
		    times * (one < ONE ? one : ONE), over * ONE, &raw);
		if (doubt == DOUBT_SIGN) {
			milli = raw * 1000;
			offer->doubt = DOUBT_SIGN;
			doubt = DOUBT_NONE;
		}
	}
	if (doubt == DOUBT_MALFORMED) {
		offer_untrusted(offer, doubt);
		return;
	}
	if (doubt != DOUBT_NONE) {
		offer_absent(offer, doubt);
		return;
	}
	offer->milli = number_scale(scaled(plan, point, milli), times, over);
	if (kind_has_degrees(row) &&
	    (role_holds(plan, point, TERM_FAHRENHEIT, false) || tail_says_fahrenheit(tail))) {
		offer->fahrenheit = true;
		offer->milli = celsius_of(offer->milli);
	} else if (kind_has_degrees(row) && role_holds(plan, point, TERM_KELVIN, false)) {
		offer->milli -= KELVIN;
	}
	if (role_holds(plan, point, TERM_FAULT, false))
		offer_untrusted(offer, DOUBT_FAULT);
	offer_gate(offer);
	offer_hint(offer, row);
}

/* Where a sensor of a machine sits, when its label tells. */
static enum place place_of(const char *label, enum place otherwise)
{
	static const struct {
		const char *word;
		enum place place;
	} words[] = { { "inlet", PLACE_INLET }, { "intake", PLACE_INLET },
		{ "ambient", PLACE_INLET }, { "front panel", PLACE_INLET },
		{ "outlet", PLACE_OUTLET }, { "exhaust", PLACE_OUTLET } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(label, words[i].word) != NULL)
			return words[i].place;
	return otherwise;
}

static void limit_celsius(int64_t *limit)
{
	if (*limit != INT64_MIN && *limit != INT64_MAX)
		*limit = celsius_of(*limit);
}

void point_offer(const struct plan *plan, const struct point *point,
    struct offer *ret_offer)
{
	const struct varbind *var = &plan->live[point->value].var;
	struct offer offer = { .kind = point->row->kind, .place = point->row->place,
		.limits = point->limits };
	struct oid oid;

	(void)snprintf(offer.id, sizeof offer.id, "%s", plan_text(plan, point->id_at));
	(void)snprintf(offer.label, sizeof offer.label, "%s",
	    plan_text(plan, point->label_at));
	if (point->row->place_by_label)
		offer.place = (uint8_t)place_of(offer.label, (enum place)offer.place);
	if (oid_unpack(live_oid(plan, &plan->live[point->value]), &oid))
		oid_write(&oid, offer.source, sizeof offer.source);
	if (!varbind_there(var))
		offer_absent(&offer, var->type == VAR_NULL ? DOUBT_EMPTY : DOUBT_GONE);
	else if (!role_holds(plan, point, TERM_FIT, true))
		offer_absent(&offer, DOUBT_NOT_FITTED);
	else if (offer.kind == MEASURE_STATE)
		offer_state(&offer, point->row, var);
	else
		offer_number(plan, point, var, &offer);
	if (offer.fahrenheit) {
		limit_celsius(&offer.limits.low_critical);
		limit_celsius(&offer.limits.low_warning);
		limit_celsius(&offer.limits.high_warning);
		limit_celsius(&offer.limits.high_critical);
	}
	*ret_offer = offer;
}
