#include "site/quantity.h"
#include "base/number.h"
#include <stdio.h>

static const struct unit units[] = {
	{ "", "", 1, 1, 0 },
	{ "C", "C", 1, 1, 0 }, { "°C", "C", 1, 1, 0 }, { "℃", "C", 1, 1, 0 },
	{ "F", "C", 5, 9, 32000 }, { "°F", "C", 5, 9, 32000 },
	{ "K", "K", 1, 1, 0 }, { "C", "K", 1, 1, 0 }, { "F", "K", 5, 9, 0 },
	{ "K/h", "K/h", 1, 1, 0 }, { "C/h", "K/h", 1, 1, 0 }, { "K/min", "K/h", 60, 1, 0 },
	{ "%", "%", 1, 1, 0 },
	{ "W", "W", 1, 1, 0 }, { "kW", "W", 1000, 1, 0 }, { "MW", "W", 1000000, 1, 0 },
	{ "VA", "VA", 1, 1, 0 }, { "kVA", "VA", 1000, 1, 0 }, { "MVA", "VA", 1000000, 1, 0 },
	{ "var", "var", 1, 1, 0 }, { "kvar", "var", 1000, 1, 0 },
	{ "kWh", "kWh", 1, 1, 0 }, { "MWh", "kWh", 1000, 1, 0 }, { "Wh", "kWh", 1, 1000, 0 },
	{ "A", "A", 1, 1, 0 }, { "kA", "A", 1000, 1, 0 }, { "mA", "A", 1, 1000, 0 },
	{ "V", "V", 1, 1, 0 }, { "kV", "V", 1000, 1, 0 }, { "mV", "V", 1, 1000, 0 },
	{ "s", "s", 1, 1, 0 }, { "ms", "s", 1, 1000, 0 }, { "min", "s", 60, 1, 0 },
	{ "h", "s", 3600, 1, 0 }, { "d", "s", 86400, 1, 0 },
	{ "Hz", "Hz", 1, 1, 0 }, { "kHz", "Hz", 1000, 1, 0 }, { "MHz", "Hz", 1000000, 1, 0 },
	{ "rpm", "rpm", 1, 1, 0 },
	{ "l/min", "l/min", 1, 1, 0 }, { "m3/h", "l/min", 50, 3, 0 },
	{ "Pa", "Pa", 1, 1, 0 }, { "hPa", "Pa", 100, 1, 0 }, { "kPa", "Pa", 1000, 1, 0 },
	{ "bar", "Pa", 100000, 1, 0 },
	{ "l", "l", 1, 1, 0 }, { "L", "l", 1, 1, 0 }, { "m3", "l", 1000, 1, 0 },
	{ "m³", "l", 1000, 1, 0 },
	{ "U", "U", 1, 1, 0 },
};
enum { UNITS = sizeof units / sizeof units[0] };

const struct unit *unit_find(struct span word, const char *base)
{
	for (size_t i = 0; i < UNITS; i++)
		if (strcmp(units[i].base, base) == 0 && span_equal(word, units[i].word))
			return &units[i];
	return NULL;
}

const struct unit *unit_own(const char *word)
{
	for (size_t i = 0; i < UNITS; i++)
		if (strcmp(units[i].word, word) == 0)
			return &units[i];
	return NULL;
}

const char *unit_of_difference(enum measure kind)
{
	const char *unit = measure_unit(kind);

	return strcmp(unit, "C") == 0 ? "K" : unit;
}

/* "C, °C, ℃, F" */
static void name_family(const char *base, char *ret_names, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < UNITS; i++) {
		if (strcmp(units[i].base, base) != 0 || (unsigned char)units[i].word[0] > 0x7f)
			continue;
		int more = snprintf(ret_names + n, room - n, "%s%s", n > 0 ? ", " : "", units[i].word);

		n += (size_t)more; /* the longest family is 30 bytes */
	}
}

static int refuse_unit(struct span value, struct span unit, const struct unit *own,
    struct why *why)
{
	char names[80] = "";

	if (unit.left == value.left)
		return fail(why, KS_MALFORMED, "\"%.*s\" is not a number", (int)value.left,
		    (const char *)value.at);
	if (own->base[0] == '\0')
		return fail(why, KS_MALFORMED, "\"%.*s\": a plain number without a unit stands here",
		    (int)value.left, (const char *)value.at);
	name_family(own->base, names, sizeof names);
	return fail(why, KS_MALFORMED, "\"%.*s\" is no unit that fits here; these do: %s",
	    (int)unit.left, (const char *)unit.at, names);
}

int quantity_read(struct span value, const struct unit *own, int64_t *ret_milli,
    struct why *why)
{
	struct span unit = value;
	int64_t milli = 0;
	const struct unit *said = own;
	int code = number_cut(&unit, 3, &milli);

	if (code == KS_OK && unit.left > 0)
		said = unit_find(unit, own->base);
	if (code != KS_OK || said == NULL)
		return refuse_unit(value, unit, own, why);
	if (said->mul != said->div) /* division of 128 bits is slow */
		milli = number_scale(milli - said->shift, said->mul, said->div);
	*ret_milli = milli;
	return KS_OK;
}

void quantity_write(struct text *text, int64_t milli, const struct unit *own)
{
	text_add_milli(text, number_scale(milli, own->div, own->mul) + own->shift);
	text_add(text, own->word);
}
