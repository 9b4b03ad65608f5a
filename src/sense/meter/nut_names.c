#include "sense/meter/nut.h"

/* What the last part of a name measures. */
static const struct quantity {
	const char *word;
	enum measure kind;
	int64_t multiplier, divisor;
} quantities[] = {
	{ "temperature", MEASURE_TEMPERATURE, 1, 1 },
	{ "humidity", MEASURE_HUMIDITY, 1, 1 },
	{ "voltage", MEASURE_VOLTAGE, 1, 1 },
	{ "current", MEASURE_CURRENT, 1, 1 },
	{ "frequency", MEASURE_FREQUENCY, 1, 1 },
	{ "realpower", MEASURE_POWER, 1, 1 },
	{ "power", MEASURE_APPARENT_POWER, 1, 1 },
	{ "powerfactor", MEASURE_POWER_FACTOR, 1, 1 },
	{ "power.percent", MEASURE_LOAD, 1, 1 },
	{ "realpower.percent", MEASURE_LOAD, 1, 1 },
	{ "load", MEASURE_LOAD, 1, 1 },
	{ "charge", MEASURE_CHARGE, 1, 1 },
	{ "charge.approx", MEASURE_CHARGE, 1, 1 },
	{ "runtime", MEASURE_RUNTIME, 1, 60 },
	{ "runtime.elapsed", MEASURE_DURATION, 1, 60 },
	{ "efficiency", MEASURE_PERCENT, 1, 1 },
	{ "capacity", MEASURE_VALUE, 1, 1 },
	{ "crestfactor", MEASURE_VALUE, 1, 1 },
	{ "energy", MEASURE_ENERGY, 1, 1000 },
	{ "phases", MEASURE_COUNT, 1, 1 },
	{ "count", MEASURE_COUNT, 1, 1 },
	{ "packs", MEASURE_COUNT, 1, 1 },
	{ "packs.bad", MEASURE_COUNT, 1, 1 },
	{ "packs.external", MEASURE_COUNT, 1, 1 },
	{ "device.uptime", MEASURE_UPTIME, 1, 1 },
	{ "ups.delay.start", MEASURE_DURATION, 1, 60 },
	{ "ups.delay.shutdown", MEASURE_DURATION, 1, 60 },
	{ "ups.delay.reboot", MEASURE_DURATION, 1, 60 },
	{ "ups.timer.start", MEASURE_DURATION, 1, 60 },
	{ "ups.timer.shutdown", MEASURE_DURATION, 1, 60 },
	{ "ups.timer.reboot", MEASURE_DURATION, 1, 60 },
	{ "ups.test.interval", MEASURE_DURATION, 1, 60 },
};

/* Words behind a quantity that make it another number of the same kind.  Only for
 * electric ones: a nominal temperature must not be taken for the room's. */
static const char *const qualifiers[] = { ".nominal", ".minimum", ".maximum", ".total",
	".peak", ".average", ".cell.min", ".cell.max", NULL };

static const struct limit_word {
	const char *ends;
	int limit;
} limit_words[] = {
	{ ".high.critical", NUT_HIGH_CRITICAL },
	{ ".high.warning", NUT_HIGH_WARNING },
	{ ".low.critical", NUT_LOW_CRITICAL },
	{ ".low.warning", NUT_LOW_WARNING },
	{ ".alarm.high", NUT_HIGH_WARNING },
	{ ".alarm.low", NUT_LOW_WARNING },
	{ ".high", NUT_HIGH_CRITICAL },
	{ ".low", NUT_LOW_CRITICAL },
	{ ".warning", NUT_LOW_WARNING },
};

/* s ends in `.word`, or is it; word may hold dots. */
static bool ends_in(struct span s, const char *word)
{
	size_t n = strlen(word);

	return s.left >= n && memcmp(s.at + s.left - n, word, n) == 0 &&
	    (s.left == n || s.at[s.left - n - 1] == '.');
}

static const struct quantity *quantity_of(struct span name)
{
	const struct quantity *best = NULL;

	for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++)
		if (ends_in(name, quantities[i].word) &&
		    (best == NULL || strlen(quantities[i].word) > strlen(best->word)))
			best = &quantities[i];
	return best;
}

static bool cut_end(struct span *name, const char *end)
{
	if (!meter_ends(*name, end))
		return false;
	name->left -= strlen(end);
	return true;
}

static bool is_electric(enum measure kind)
{
	return kind == MEASURE_VOLTAGE || kind == MEASURE_CURRENT || kind == MEASURE_FREQUENCY ||
	    kind == MEASURE_POWER || kind == MEASURE_APPARENT_POWER || kind == MEASURE_LOAD ||
	    kind == MEASURE_POWER_FACTOR || kind == MEASURE_VALUE;
}

static bool limit_of(struct span name, struct nut_meaning *ret)
{
	if (span_equal(name, "input.transfer.low") || span_equal(name, "input.transfer.high")) {
		ret->limit = meter_ends(name, "low") ? NUT_LOW_CRITICAL : NUT_HIGH_CRITICAL;
		ret->about = span_text("input.voltage");
		ret->kind = MEASURE_VOLTAGE;
		ret->multiplier = ret->divisor = 1;
		return true;
	}
	/* the float charge of a battery is above what NUT calls high */
	if (span_equal(name, "battery.voltage.high"))
		return false;
	for (size_t i = 0; i < sizeof limit_words / sizeof *limit_words; i++) {
		struct span about = name;

		if (!cut_end(&about, limit_words[i].ends))
			continue;
		const struct quantity *q = quantity_of(about);

		if (q == NULL)
			return false;
		ret->kind = q->kind;
		ret->multiplier = q->multiplier;
		ret->divisor = q->divisor;
		ret->about = about;
		ret->limit = (unsigned)limit_words[i].limit;
		return true;
	}
	return false;
}

struct nut_meaning nut_meaning(struct span variable)
{
	struct nut_meaning ret = { .is = NUT_OTHER };
	struct span name = variable;
	bool qualified = false, percent = false;

	if (meter_starts(variable, "driver.") || meter_starts(variable, "server.") ||
	    meter_starts(variable, "battery.energysave."))
		return ret;
	if (meter_ends(variable, ".status") || span_equal(variable, "ups.test.result")) {
		ret.is = NUT_STATE;
		return ret;
	}
	if (meter_ends(variable, ".alarm")) {
		ret.is = NUT_ALARM;
		return ret;
	}
	if (limit_of(variable, &ret)) {
		ret.is = NUT_LIMIT;
		return ret;
	}
	/* output.L1.power.maximum.percent is a percentage of the power */
	percent = quantity_of(name) == NULL && cut_end(&name, ".percent");
	for (size_t i = 0; qualifiers[i] != NULL && !qualified; i++)
		qualified = cut_end(&name, qualifiers[i]);
	const struct quantity *q = quantity_of(name);

	if (q == NULL || (qualified && !is_electric(q->kind)))
		return ret;
	ret.is = NUT_NUMBER;
	ret.kind = percent ? MEASURE_LOAD : q->kind;
	ret.multiplier = q->multiplier;
	ret.divisor = q->divisor;
	ret.never_negative = q->kind == MEASURE_DURATION;
	return ret;
}

static const struct flag {
	const char *word;
	enum severity severity;
} flags[] = { { "OL", SEVERITY_OK }, { "OB", SEVERITY_WARNING }, { "LB", SEVERITY_CRITICAL },
	{ "HB", SEVERITY_WARNING }, { "RB", SEVERITY_WARNING }, { "CHRG", SEVERITY_OK },
	{ "DISCHRG", SEVERITY_OK }, { "BYPASS", SEVERITY_WARNING }, { "CAL", SEVERITY_OK },
	{ "OFF", SEVERITY_CRITICAL }, { "OVER", SEVERITY_CRITICAL }, { "TRIM", SEVERITY_OK },
	{ "BOOST", SEVERITY_OK }, { "FSD", SEVERITY_CRITICAL }, { "ALARM", SEVERITY_WARNING },
	{ "COMMOK", SEVERITY_OK }, { "COMMBAD", SEVERITY_WARNING },
	{ "NOBATT", SEVERITY_CRITICAL }, { "NOCOMM", SEVERITY_WARNING },
	{ "ECO", SEVERITY_OK }, { "TEST", SEVERITY_OK }, { "OVERHEAT", SEVERITY_CRITICAL } };

uint32_t nut_flags(struct span status, enum severity *ret_severity)
{
	enum severity worst = SEVERITY_OK;
	uint32_t bits = 0;

	while (status.left > 0) {
		struct span word = span_trim(span_until(&status, ' '));

		for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
			if (span_equal(word, flags[i].word)) {
				bits |= 1u << i;
				worst = flags[i].severity > worst ? flags[i].severity : worst;
			}
	}
	*ret_severity = bits == 0 ? SEVERITY_UNKNOWN : worst;
	return bits;
}

int64_t nut_state(struct span word, enum severity *ret_severity)
{
	static const struct {
		const char *has;
		int64_t number;
		enum severity severity;
	} rows[] = { { "critical", 2, SEVERITY_CRITICAL }, { "warning", 1, SEVERITY_WARNING },
		{ "fail", 2, SEVERITY_WARNING }, { "error", 2, SEVERITY_WARNING },
		{ "bad", 2, SEVERITY_WARNING }, { "inactive", 0, SEVERITY_OK },
		{ "active", 1, SEVERITY_WARNING }, { "alarm", 1, SEVERITY_WARNING },
		{ "closed", 1, SEVERITY_OK }, { "off", 0, SEVERITY_OK }, { "on", 1, SEVERITY_OK } };

	*ret_severity = SEVERITY_OK;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool whole = strlen(rows[i].has) <= 3;

		if (whole ? meter_same(word, rows[i].has) : meter_has(word, rows[i].has)) {
			*ret_severity = rows[i].severity;
			return rows[i].number;
		}
	}
	return 0;
}
