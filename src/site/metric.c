#include "site/metric.h"
#include <math.h>
#include <string.h>

enum { AFTER_PREFIX = sizeof "keisoku_" - 1 };

/* From thousandths of the kind's unit to the base unit: times up, by down. */
static const struct {
	const char *name, *help;
	int64_t up, down;
} metrics[MEASURES] = {
	[MEASURE_TEMPERATURE] = { "keisoku_temperature_celsius", "Temperature.", 1, 1000 },
	[MEASURE_HUMIDITY] = { "keisoku_humidity_ratio", "Relative humidity, 1 is 100 %.", 1, 100000 },
	[MEASURE_DEW_POINT] = { "keisoku_dew_point_celsius", "Dew point.", 1, 1000 },
	[MEASURE_POWER] = { "keisoku_power_watts", "Real power.", 1, 1000 },
	[MEASURE_APPARENT_POWER] = { "keisoku_apparent_power_volt_amperes", "Apparent power.", 1, 1000 },
	[MEASURE_REACTIVE_POWER] = { "keisoku_reactive_power_vars", "Reactive power.", 1, 1000 },
	[MEASURE_ENERGY] = { "keisoku_energy_joules", "Energy counted by the device.", 3600, 1 },
	[MEASURE_CURRENT] = { "keisoku_current_amperes", "Current.", 1, 1000 },
	[MEASURE_VOLTAGE] = { "keisoku_voltage_volts", "Voltage.", 1, 1000 },
	[MEASURE_POWER_FACTOR] = { "keisoku_power_factor", "Real power over apparent power.", 1, 1000 },
	[MEASURE_LOAD] = { "keisoku_load_ratio", "Load, 1 is the rated load.", 1, 100000 },
	[MEASURE_CHARGE] = { "keisoku_charge_ratio", "Battery charge, 1 is full.", 1, 100000 },
	[MEASURE_RUNTIME] = { "keisoku_runtime_seconds", "How long the battery lasts.", 3, 50 },
	[MEASURE_FREQUENCY] = { "keisoku_frequency_hertz", "Frequency.", 1, 1000 },
	[MEASURE_FAN] = { "keisoku_fan_rpm", "Turns of a fan in a minute.", 1, 1000 },
	[MEASURE_FLOW] = { "keisoku_flow_cubic_meters_per_second", "Flow.", 1, 60000000 },
	[MEASURE_PRESSURE] = { "keisoku_pressure_pascals", "Pressure.", 1, 1000 },
	[MEASURE_PERCENT] = { "keisoku_share_ratio", "A share, 1 is 100 %.", 1, 100000 },
	[MEASURE_COUNT] = { "keisoku_number", "A number of things.", 1, 1000 },
	[MEASURE_DURATION] = { "keisoku_duration_seconds", "A duration.", 3, 50 },
	[MEASURE_STATE] = { "keisoku_state", "A state's number; its word is in keisoku_state_info.", 1, 1000 },
	[MEASURE_REACH] = { "keisoku_reach", "1 when it answers, 0 when not.", 1, 1000 },
	[MEASURE_UPTIME] = { "keisoku_uptime_seconds", "Time since its boot.", 1, 1000 },
	[MEASURE_VALUE] = { "keisoku_value", "A value without a kind.", 1, 1000 },
};

const char *metric_name(enum measure kind)
{
	return metrics[kind].name;
}

const char *metric_help(enum measure kind)
{
	return metrics[kind].help;
}

double metric_value(enum measure kind, int64_t milli)
{
	return (double)(milli * metrics[kind].up) / (double)metrics[kind].down;
}

int64_t metric_milli(enum measure kind, double value)
{
	return llround(value * (double)metrics[kind].down / (double)metrics[kind].up);
}

bool metric_find(struct span name, enum measure *ret_kind)
{
	for (unsigned kind = 0; kind < MEASURES; kind++)
		if (span_equal(name, metrics[kind].name)) {
			*ret_kind = (enum measure)kind;
			return true;
		}
	return false;
}

/* "ups1:battery.charge": the thing, and which of its readings. */
static void thing_split(struct span id, struct span *ret_thing, struct span *ret_reading)
{
	struct span rest = id;

	*ret_thing = span_until(&rest, ':');
	*ret_reading = rest;
}

static size_t label_put(struct metric_label *labels, size_t n, const char *name,
    struct span value)
{
	if (value.left > 0)
		labels[n++] = (struct metric_label){ name, value };
	return n;
}

static void where_of(const struct site *site, const struct series *s,
    const struct room **ret_room, const struct rack **ret_rack)
{
	const struct room *room = NULL;
	const struct rack *rack = NULL;

	if (s->subject_kind == SUBJECT_SENSOR && s->subject < site->sensors_n) {
		room = site->sensors[s->subject].room;
		rack = site->sensors[s->subject].rack;
	} else if (s->subject_kind == SUBJECT_HOST && s->subject < site->hosts_n) {
		rack = site->hosts[s->subject].rack;
	} else if (s->subject_kind == SUBJECT_DEVICE && s->subject < site->devices_n) {
		room = site->devices[s->subject].room;
		rack = site->devices[s->subject].rack;
	}
	*ret_room = room == NULL && rack != NULL ? rack->room : room;
	*ret_rack = rack;
}

size_t metric_labels(const struct site *site, const struct series *series,
    struct metric_label ret_labels[METRIC_LABELS])
{
	const char *what = series->subject_kind == SUBJECT_HOST ? "host"
	    : series->subject_kind == SUBJECT_DEVICE		? "device"
								: "sensor";
	const struct room *room = NULL;
	const struct rack *rack = NULL;
	struct span thing, reading;
	size_t n = 0;

	thing_split(span_text(series->id), &thing, &reading);
	if (site != NULL)
		where_of(site, series, &room, &rack);
	n = label_put(ret_labels, n, what, thing);
	n = label_put(ret_labels, n, "reading", reading);
	n = label_put(ret_labels, n, "label", span_text(series->label));
	if (series->place != PLACE_NONE)
		n = label_put(ret_labels, n, "place", span_text(place_word((enum place)series->place)));
	if (rack != NULL)
		n = label_put(ret_labels, n, "rack", span_text(rack->id));
	if (room != NULL)
		n = label_put(ret_labels, n, "room", span_text(room->id));
	return n;
}

static void key_add(struct text *text, const char *name, struct span value)
{
	text_add(text, name);
	text_add_char(text, (char)0xff);
	for (size_t i = 0; i < value.left; i++)
		if (value.at[i] != 0xff) /* in no UTF-8, and it would end the label */
			text_add_char(text, (char)value.at[i]);
	text_add_char(text, (char)0xff);
}

/* "__name__" sorts before all of them. */
static void key_write(struct text *text, const char *name, struct metric_label *labels, size_t n)
{
	key_add(text, "__name__", span_text(name));
	for (size_t i = 1; i < n; i++) {
		struct metric_label label = labels[i];
		size_t at = i;

		for (; at > 0 && strcmp(labels[at - 1].name, label.name) > 0; at--)
			labels[at] = labels[at - 1];
		labels[at] = label;
	}
	for (size_t i = 0; i < n; i++)
		key_add(text, labels[i].name, labels[i].value);
}

void metric_key(struct text *text, const struct site *site, const struct series *series)
{
	struct metric_label labels[METRIC_LABELS];

	key_write(text, metric_name((enum measure)series->kind), labels,
	    metric_labels(site, series, labels));
}

bool metric_renamed(struct span key, struct text *ret_key, enum measure *ret_kind)
{
	enum { THINGS = 3 };
	static const char *const kept[] = { "device", "host", "sensor", "place", "room" };
	struct metric_label labels[METRIC_LABELS];
	struct span reading = span_of(NULL, 0), name = span_of(NULL, 0);
	bool thing = false;
	size_t n = 0;

	while (key.left > 0) {
		struct span what = span_until(&key, 0xff), value = span_until(&key, 0xff);

		if (span_equal(what, "__name__"))
			name = value;
		for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
			if (!span_equal(what, kept[i]))
				continue;
			if (n == METRIC_LABELS - 1)
				return false;
			if (i < THINGS)
				thing_split(value, &value, &reading);
			thing |= i < THINGS;
			n = label_put(labels, n, kept[i], value);
		}
		if (span_equal(what, "reading") || span_equal(what, "keisoku_source"))
			return false; /* of today, or of somebody else */
	}
	if (name.left < AFTER_PREFIX || memcmp(name.at, "keisoku_", AFTER_PREFIX) != 0)
		return false;
	(void)span_cut(&name, AFTER_PREFIX);
	if (!thing || !measure_find(name, ret_kind) ||
	    (reading.left == 0 && span_equal(name, metrics[*ret_kind].name + AFTER_PREFIX)))
		return false;
	n = label_put(labels, n, "reading", reading);
	text_clear(ret_key);
	key_write(ret_key, metrics[*ret_kind].name, labels, n);
	return true;
}

double metric_older(enum measure kind, double value)
{
	if (!(fabs(value) < 4e15)) /* no number, or none that keisoku measured */
		return value;
	return metric_value(kind, llround(value * 1000));
}
