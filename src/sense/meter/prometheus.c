/* src/sense/meter/prometheus.c - what any Prometheus exporter says.  With
 * read=metric{label="v"}: those series; without: every series whose name ends in a
 * unit that is one of ours (the naming of prometheus.io/docs/practices/naming).
 * address: URL with the path, or HOST:PORT, then /metrics. */
#include "sense/meter/exposition.h"
#include "sense/meter/meter.h"
#include <ctype.h>
#include <stdio.h>

static const struct unit {
	const char *ends;
	enum measure kind;
	int64_t multiplier, divisor;
} units[] = {
	{ "_celsius", MEASURE_TEMPERATURE, 1, 1 },
	{ "_fahrenheit", MEASURE_TEMPERATURE, 1, 1 },
	{ "_volts", MEASURE_VOLTAGE, 1, 1 }, { "_millivolts", MEASURE_VOLTAGE, 1, 1000 },
	{ "_amperes", MEASURE_CURRENT, 1, 1 }, { "_amps", MEASURE_CURRENT, 1, 1 },
	{ "_milliamperes", MEASURE_CURRENT, 1, 1000 },
	{ "_watts", MEASURE_POWER, 1, 1 }, { "_watt", MEASURE_POWER, 1, 1 },
	{ "_milliwatts", MEASURE_POWER, 1, 1000 }, { "_kilowatts", MEASURE_POWER, 1000, 1 },
	{ "_voltamperes", MEASURE_APPARENT_POWER, 1, 1 },
	{ "_volt_amperes", MEASURE_APPARENT_POWER, 1, 1 },
	{ "_va", MEASURE_APPARENT_POWER, 1, 1 },
	{ "_joules", MEASURE_ENERGY, 1, 3600000 }, { "_kwh", MEASURE_ENERGY, 1, 1 },
	{ "_kilowatt_hours", MEASURE_ENERGY, 1, 1 }, { "_watthours", MEASURE_ENERGY, 1, 1000 },
	{ "_watt_hours", MEASURE_ENERGY, 1, 1000 }, { "_wh", MEASURE_ENERGY, 1, 1000 },
	{ "_hertz", MEASURE_FREQUENCY, 1, 1 }, { "_hz", MEASURE_FREQUENCY, 1, 1 },
	{ "_freq_mhz", MEASURE_FREQUENCY, 1000000, 1 },
	{ "_rpm", MEASURE_FAN, 1, 1 }, { "_pascals", MEASURE_PRESSURE, 1, 1 },
	{ "_hectopascals", MEASURE_PRESSURE, 100, 1 },
	{ "_kilopascals", MEASURE_PRESSURE, 1000, 1 },
	{ "_percent", MEASURE_PERCENT, 1, 1 }, { "_percentage", MEASURE_PERCENT, 1, 1 },
	{ "_ratio", MEASURE_PERCENT, 100, 1 }, { "_humidity", MEASURE_HUMIDITY, 1, 1 },
	{ "_power_factor", MEASURE_POWER_FACTOR, 1, 1 },
	{ "runtime_seconds", MEASURE_RUNTIME, 1, 60 },
	{ "runtime_minutes", MEASURE_RUNTIME, 1, 1 },
	{ "node_thermal_zone_temp", MEASURE_TEMPERATURE, 1, 1 },
};

static const struct unit bare = { "", MEASURE_VALUE, 1, 1 };

static int prometheus_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct ask ask = { .what = ASK_BYTES, .reply_max = 4 * LIMIT_REPLY_BYTES };
	const char *address = talk->probe->address != NULL ? talk->probe->address : "";
	const char *host = strstr(address, "://");
	const char *path = strchr(host != NULL ? host + 3 : address, '/');

	if (path == NULL || path[1] == '\0')
		path = "/metrics";
	if (talk->turn > 0)
		ask.what = ASK_NONE;
	else if (strlen(path) >= sizeof ask.target)
		return fail(why, KS_FULL, "%s: path too long", talk->probe->name);
	meter_copy(ask.target, sizeof ask.target, span_text(path));
	*ret_ask = ask;
	return KS_OK;
}

/* A limit or a setting, not a measurement. */
static bool prometheus_setting(struct span name)
{
	static const char *const parts[] = { "_max_", "_min_", "_crit_", "_lcrit_", "_alarm_",
		"_threshold", "_limit", "_nominal", "_offset", "_high_", "_low_", "_upper_", "_lower_",
		"_tolerance", "_setpoint", "_target", "_hyst", "_cap_", "_rated_", NULL };

	for (size_t i = 0; parts[i] != NULL; i++)
		if (meter_has(name, parts[i]))
			return true;
	return false;
}

static const struct unit *prometheus_unit(struct span name)
{
	const struct unit *best = NULL;

	if (meter_ends(name, "_total"))
		name.left -= strlen("_total");
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (meter_ends(name, units[i].ends) &&
		    (best == NULL || strlen(units[i].ends) > strlen(best->ends)))
			best = &units[i];
	return best;
}

static enum measure prometheus_kind(const struct unit *unit, struct span name)
{
	if (unit->kind == MEASURE_TEMPERATURE &&
	    (meter_has(name, "dew_point") || meter_has(name, "dewpoint")))
		return MEASURE_DEW_POINT;
	if (unit->kind != MEASURE_PERCENT)
		return unit->kind;
	if (meter_has(name, "humidity"))
		return MEASURE_HUMIDITY;
	if (meter_has(name, "charge") || meter_has(name, "battery_level"))
		return MEASURE_CHARGE;
	return meter_has(name, "ups") && meter_has(name, "load") ? MEASURE_LOAD : MEASURE_PERCENT;
}

static void prometheus_place(struct offer *offer, struct span series)
{
	static const char *const inside[] = { "hwmon", "cpu", "gpu", "nvme", "smart", "disk", "dimm",
		"thermal_zone", "psu", "vrm", "battery", NULL };

	meter_place(offer, series);
	for (size_t i = 0; offer != NULL && inside[i] != NULL; i++)
		if (offer->place == PLACE_NONE && meter_has(series, inside[i]))
			offer->place = PLACE_INTERNAL;
}

/* The name without its unit, then the labels' values: short, and the same every time. */
static struct span prometheus_id(const struct sample *sample, char *room, size_t room_n)
{
	int n = snprintf(room, room_n, "%.*s", (int)sample->name.left, (const char *)sample->name.at);

	for (size_t i = 0; i < sample->labels_n && n > 0 && (size_t)n < room_n; i++)
		n += snprintf(room + n, room_n - (size_t)n, ".%.*s",
		    (int)sample->labels[i].value.left, (const char *)sample->labels[i].value.at);
	return span_of(room, n > 0 && (size_t)n < room_n ? (size_t)n : room_n - 1);
}

static void prometheus_offer(struct talk *talk, const struct sample *sample,
    const struct unit *unit)
{
	char room[160];
	enum measure kind = prometheus_kind(unit, sample->name);
	struct offer *offer = meter_offer(talk, kind, prometheus_id(sample, room, sizeof room));
	struct span value = sample->value;
	int64_t milli = 0;

	meter_unique(talk, offer);
	meter_label(offer, sample->series);
	meter_source(offer, "%.*s", (int)sample->series.left, (const char *)sample->series.at);
	prometheus_place(offer, sample->series);
	if (meter_ends(value, "inf")) {
		meter_untrusted(offer, DOUBT_OUT_OF_PHYSICS);
	} else if (strcmp(unit->ends, "_fahrenheit") == 0 &&
	    meter_milli(value, 1, 1, &milli) == KS_OK) {
		meter_number(offer, meter_celsius(offer, milli));
	} else {
		meter_text(offer, value, unit->multiplier, unit->divisor);
	}
}

/* Those that one selector of read= names. */
static size_t prometheus_chosen(struct talk *talk, struct span reply,
    const struct sample *selector)
{
	struct sample sample;
	size_t found = 0;

	while (sample_next(&reply, &sample)) {
		if (!sample_matches(&sample, selector))
			continue;
		const struct unit *unit = prometheus_unit(sample.name);

		prometheus_offer(talk, &sample, unit != NULL ? unit : &bare);
		found++;
	}
	return found;
}

static int prometheus_read(struct talk *talk, struct span reply, struct why *why)
{
	const char *read = talk->probe->read;
	struct span selectors = span_text(read != NULL ? read : "");
	struct sample sample, selector;

	while (selectors.left > 0) {
		if (selectors.at[0] == ',' || selectors.at[0] == ' ') {
			(void)span_cut(&selectors, 1);
			continue;
		}
		if (!sample_series(&selectors, true, &selector))
			return fail(why, KS_MALFORMED, "%s: read=%s: not METRIC{LABEL=VALUE}",
			    talk->probe->name, read);
		if (prometheus_chosen(talk, reply, &selector) > 0)
			continue;
		struct offer *offer = meter_offer(talk, MEASURE_VALUE, selector.series);

		meter_unique(talk, offer);
		meter_source(offer, "%.*s", (int)selector.series.left,
		    (const char *)selector.series.at);
		meter_absent(offer, DOUBT_GONE);
	}
	while (read == NULL && sample_next(&reply, &sample)) {
		const struct unit *unit = prometheus_unit(sample.name);

		if (unit != NULL && !prometheus_setting(sample.name))
			prometheus_offer(talk, &sample, unit);
	}
	return KS_OK;
}

const struct driver driver_prometheus = {
	.name = "prometheus",
	.says = "what any Prometheus exporter says of heat and power",
	.via = VIA_HTTP,
	.ask = prometheus_ask,
	.read = prometheus_read,
};
