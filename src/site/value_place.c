/* src/site/value_place.c - where a sensor is, what it measures, and its limits. */
#include "base/number.h"
#include "site/reader.h"

/* "RACK.12" -> the rack's line and 12; the line is 0 when it is not of that form. */
static uint32_t split_u(const struct reader *r, struct piece at, uint32_t *ret_u)
{
	struct span s = piece_span(r, at);
	size_t dot = s.left;
	int64_t u = 0;

	while (dot > 0 && s.at[dot - 1] != '.')
		dot--;
	if (dot == 0)
		return 0;
	struct span number = span_of(s.at + dot, s.left - dot);
	uint32_t line = ids_find(r, span_of(s.at, dot - 1));

	if (line == 0 || r->lines[line - 1].kind != KIND_RACK ||
	    number_read(number, 0, &u) != KS_OK || u < 1 || u > 100)
		return 0;
	*ret_u = (uint32_t)u;
	return line;
}

void value_at(struct reader *r, const struct pair *pair, struct sensor *sensor)
{
	struct span s = piece_span(r, pair->value);
	uint32_t u = 0, line = ids_find(r, s);
	enum place place;

	if (line == 0 && place_find(s, &place)) {
		sensor->place = sensor->place != PLACE_NONE ? sensor->place : place;
		return;
	}
	if (line == 0)
		line = split_u(r, pair->value, &u);
	if (line != 0 && r->lines[line - 1].kind == KIND_ROOM) {
		sensor->room = thing_of(r, line);
		if (sensor->place == PLACE_NONE)
			sensor->place = PLACE_ROOM;
	} else if (line != 0 && r->lines[line - 1].kind == KIND_RACK) {
		sensor->rack = thing_of(r, line);
		sensor->u = u;
		if (sensor->place == PLACE_NONE)
			sensor->place = PLACE_INLET;
	} else {
		(void)thing_named(r, pair->value, 1u << KIND_ROOM | 1u << KIND_RACK);
	}
}

void value_on(struct reader *r, const struct pair *pair, struct sensor *sensor)
{
	uint32_t line = ids_find(r, piece_span(r, pair->value));
	const void *thing = thing_named(r, pair->value,
	    KINDS_POWER | 1u << KIND_HOST | 1u << KIND_COOLING);

	if (thing == NULL)
		return;
	if (r->lines[line - 1].kind == KIND_HOST)
		sensor->host = thing;
	else if (r->lines[line - 1].kind == KIND_COOLING)
		sensor->cooling = thing;
	else
		sensor->node = thing;
}

void value_limit(struct reader *r, const struct pair *pair, struct sensor *sensor)
{
	bool difference = pair->key->type == TYPE_OFFSET;
	enum measure kind = sensor->kind_given ? sensor->kind : MEASURE_TEMPERATURE;
	const struct unit *unit = unit_own(difference ? unit_of_difference(kind)
						      : measure_unit(kind));
	int64_t milli = 0;
	struct why why;

	if (quantity_read(piece_span(r, pair->value), unit, &milli, &why) != KS_OK) {
		fault_why(r, pair->value, &why);
		return;
	}
	milli = number_scale(milli, unit->div, unit->mul); /* minutes are kept as minutes */
	if (!difference && !measure_possible(kind, milli))
		fault(r, pair->all, "%s=%.*s: no %s can be that", pair->key->word,
		    (int)pair->value.n, r->copy + pair->value.at, measure_word(kind));
	memcpy((char *)sensor + pair->key->at, &milli, sizeof milli);
}
