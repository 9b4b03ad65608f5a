#include "sense/meter/redfish.h"
#include <stdio.h>

/* Where a link of this name leads. */
static const struct lead {
	enum page_what from;
	const char *key;
	enum page_what to;
} leads[] = {
	{ PAGE_ROOT, "Chassis", PAGE_CHASSES },
	{ PAGE_ROOT, "PowerEquipment", PAGE_EQUIPMENT },
	{ PAGE_EQUIPMENT, "RackPDUs", PAGE_PDUS },
	{ PAGE_EQUIPMENT, "FloorPDUs", PAGE_PDUS },
	{ PAGE_EQUIPMENT, "TransferSwitches", PAGE_PDUS },
	{ PAGE_CHASSIS, "Sensors", PAGE_SENSORS },
	{ PAGE_CHASSIS, "Thermal", PAGE_THERMAL },
	{ PAGE_CHASSIS, "Power", PAGE_POWER },
	{ PAGE_CHASSIS, "ThermalSubsystem", PAGE_THERMAL_SUBSYSTEM },
	{ PAGE_CHASSIS, "PowerSubsystem", PAGE_POWER_SUBSYSTEM },
	{ PAGE_CHASSIS, "EnvironmentMetrics", PAGE_METRICS },
	{ PAGE_CHASSIS, "Metrics", PAGE_METRICS },
	{ PAGE_THERMAL_SUBSYSTEM, "Fans", PAGE_FANS },
	{ PAGE_THERMAL_SUBSYSTEM, "ThermalMetrics", PAGE_METRICS },
	{ PAGE_POWER_SUBSYSTEM, "PowerSupplies", PAGE_SUPPLIES },
	{ PAGE_POWER_SUBSYSTEM, "Batteries", PAGE_BATTERIES },
	{ PAGE_SUPPLY, "Metrics", PAGE_METRICS },
	{ PAGE_BATTERY, "Metrics", PAGE_METRICS },
};

/* The excerpts of a Sensor that stand in other pages, by their key. */
static const struct excerpt {
	const char *key;
	enum measure kind;
	double times;
} excerpts[] = {
	{ "TemperatureCelsius", MEASURE_TEMPERATURE, 1 },
	{ "TemperatureReadingsCelsius", MEASURE_TEMPERATURE, 1 },
	{ "Intake", MEASURE_TEMPERATURE, 1 }, { "Exhaust", MEASURE_TEMPERATURE, 1 },
	{ "Internal", MEASURE_TEMPERATURE, 1 }, { "Ambient", MEASURE_TEMPERATURE, 1 },
	{ "DewPointCelsius", MEASURE_DEW_POINT, 1 },
	{ "HumidityPercent", MEASURE_HUMIDITY, 1 },
	{ "PowerWatts", MEASURE_POWER, 1 }, { "InputPowerWatts", MEASURE_POWER, 1 },
	{ "OutputPowerWatts", MEASURE_POWER, 1 }, { "RailPowerWatts", MEASURE_POWER, 1 },
	{ "EnergykWh", MEASURE_ENERGY, 1 },
	{ "EnergyJoules", MEASURE_ENERGY, 1 / 3600000.0 },
	{ "Voltage", MEASURE_VOLTAGE, 1 }, { "InputVoltage", MEASURE_VOLTAGE, 1 },
	{ "OutputVoltages", MEASURE_VOLTAGE, 1 }, { "RailVoltage", MEASURE_VOLTAGE, 1 },
	{ "CurrentAmps", MEASURE_CURRENT, 1 }, { "InputCurrentAmps", MEASURE_CURRENT, 1 },
	{ "OutputCurrentAmps", MEASURE_CURRENT, 1 }, { "RailCurrentAmps", MEASURE_CURRENT, 1 },
	{ "FrequencyHz", MEASURE_FREQUENCY, 1 },
	{ "FanSpeedPercent", MEASURE_PERCENT, 1 }, { "FanSpeedsPercent", MEASURE_PERCENT, 1 },
	{ "SpeedPercent", MEASURE_PERCENT, 1 },
	{ "PowerLoadPercent", MEASURE_LOAD, 1 },
	{ "ChargePercent", MEASURE_CHARGE, 1 },
};

static const struct {
	const char *group; /* an object of excerpts, or an object by phase */
} groups[] = { { "TemperatureSummaryCelsius" }, { "PolyPhaseVoltage" }, { "PolyPhaseCurrentAmps" } };

static const struct excerpt *excerpt_of(const char *key)
{
	for (size_t i = 0; i < sizeof excerpts / sizeof *excerpts; i++)
		if (strcmp(key, excerpts[i].key) == 0)
			return &excerpts[i];
	return NULL;
}

/* One excerpt, unless a Sensor page says the same. */
static void redfish_excerpt(struct talk *talk, const struct page *page,
    const struct excerpt *what, const json_t *json, size_t index)
{
	const char *from = redfish_string(json, "DataSourceUri");
	const char *name = redfish_string(json, "DeviceName");
	char id[96], source[600];

	if (from != NULL && redfish_known(talk, from))
		return;
	(void)snprintf(id, sizeof id, index > 0 ? "%s.%zu" : "%s", what->key, index);
	(void)snprintf(source, sizeof source, index > 0 ? "%s#/%s/%zu" : "%s#/%s", page->path,
	    what->key, index > 0 ? index - 1 : 0);
	const struct redfish_value value = { json, json_object_get(json, "Reading"), what->kind,
		what->times, id, name != NULL ? name : page->label, source };
	struct offer *offer = redfish_offer(talk, page, &value);

	if (offer == NULL)
		return;
	if (strcmp(what->key, "Intake") == 0 || strcmp(what->key, "Ambient") == 0)
		offer->place = PLACE_INLET;
	else if (strcmp(what->key, "Exhaust") == 0)
		offer->place = PLACE_OUTLET;
}

void redfish_excerpts(struct talk *talk, const struct page *page, const json_t *json)
{
	const char *key;
	json_t *member, *each;
	struct page summary = *page;
	size_t i;

	if (summary.part == NULL)
		summary.part = "summary";
	json_object_foreach((json_t *)(uintptr_t)json, key, member) {
		const struct excerpt *what = excerpt_of(key);

		if (what != NULL && json_is_object(member))
			redfish_excerpt(talk, page, what, member, 0);
		else if (what != NULL && json_is_array(member))
			json_array_foreach(member, i, each)
				redfish_excerpt(talk, page, what, each, i + 1);
	}
	for (i = 0; i < sizeof groups / sizeof *groups; i++) {
		member = json_object_get(json, groups[i].group);
		if (i == 0) {
			json_object_foreach(member, key, each)
				if (excerpt_of(key) != NULL && json_is_object(each))
					redfish_excerpt(talk, &summary, excerpt_of(key), each, 0);
			continue;
		}
		const struct excerpt *what = excerpt_of(i == 1 ? "Voltage" : "CurrentAmps");

		json_object_foreach(member, key, each)
			if (json_is_object(each)) {
				struct excerpt phase = *what;

				phase.key = key;
				redfish_excerpt(talk, page, &phase, each, 0);
			}
	}
}

static void redfish_sensor(struct talk *talk, const struct page *page, const json_t *json)
{
	struct redfish_value value = { .json = json, .number = json_object_get(json, "Reading"),
		.id = redfish_string(json, "Id"), .label = redfish_string(json, "Name"),
		.source = page->path };

	if (redfish_string(json, "@odata.id") != NULL)
		value.source = redfish_string(json, "@odata.id");
	if (value.id == NULL || !redfish_kind(redfish_string(json, "ReadingType"),
	    redfish_string(json, "ReadingUnits"), &value.kind, &value.times))
		return;
	(void)redfish_offer(talk, page, &value);
}

/* The rows of one array of Thermal or Power: `number_key` in `kind`. */
static void redfish_rows(struct talk *talk, const struct page *page, const json_t *array,
    const char *number_key, enum measure kind)
{
	const json_t *row;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)array, i, row) {
		const char *name = redfish_string(row, "Name");
		const char *source = redfish_string(row, "@odata.id");
		char id[96];
		struct redfish_value value = { row, json_object_get(row, number_key), kind, 1, id,
			name, source != NULL ? source : page->path };

		if (name == NULL)
			name = redfish_string(row, "FanName"); /* schema 1.0 */
		value.label = name;
		if (kind == MEASURE_FAN && redfish_string(row, "ReadingUnits") != NULL &&
		    strcmp(redfish_string(row, "ReadingUnits"), "Percent") == 0)
			value.kind = MEASURE_PERCENT;
		(void)snprintf(id, sizeof id, "%s.%s",
		    page->what == PAGE_THERMAL ? "Thermal" : "Power",
		    name != NULL ? name : redfish_string(row, "MemberId") != NULL
			? redfish_string(row, "MemberId") : number_key);
		if (value.number == NULL && json_object_get(row, "Status") == NULL)
			continue;
		if (kind == MEASURE_APPARENT_POWER && value.number == NULL)
			continue;
		(void)redfish_offer(talk, page, &value);
	}
}

static void redfish_power(struct talk *talk, const struct page *page, const json_t *json)
{
	const json_t *supplies = json_object_get(json, "PowerSupplies"), *supply;
	struct page part = *page;
	size_t i;

	redfish_rows(talk, page, json_object_get(json, "PowerControl"), "PowerConsumedWatts",
	    MEASURE_POWER);
	redfish_rows(talk, page, json_object_get(json, "Voltages"), "ReadingVolts",
	    MEASURE_VOLTAGE);
	json_array_foreach((json_t *)(uintptr_t)supplies, i, supply) {
		static const struct {
			const char *key, *id;
			enum measure kind;
		} rows[] = { { "PowerInputWatts", "input", MEASURE_POWER },
			{ "PowerOutputWatts", "output", MEASURE_POWER },
			{ "LastPowerOutputWatts", "last_output", MEASURE_POWER },
			{ "LineInputVoltage", "line", MEASURE_VOLTAGE } };
		char id[48];

		(void)snprintf(id, sizeof id, "Power.supply%zu", i);
		part.part = id;
		redfish_health(talk, &part, supply, "health");
		for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
			const char *source = redfish_string(supply, "@odata.id");
			const struct redfish_value value = { supply, json_object_get(supply, rows[k].key),
				rows[k].kind, 1, rows[k].id, redfish_string(supply, "Name"),
				source != NULL ? source : page->path };

			if (json_is_number(value.number))
				(void)redfish_offer(talk, &part, &value);
		}
	}
}

static void redfish_members(struct talk *talk, const struct page *page, const json_t *json)
{
	static const struct {
		enum page_what of, member;
	} rows[] = { { PAGE_CHASSES, PAGE_CHASSIS }, { PAGE_PDUS, PAGE_CHASSIS },
		{ PAGE_SENSORS, PAGE_SENSOR }, { PAGE_FANS, PAGE_FAN },
		{ PAGE_SUPPLIES, PAGE_SUPPLY }, { PAGE_BATTERIES, PAGE_BATTERY } };
	const char *next = redfish_string(json, "Members@odata.nextLink");
	const json_t *member;
	size_t i;

	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		if (page->what != rows[k].of)
			continue;
		struct page about = *page;

		about.what = rows[k].member;
		json_array_foreach(json_object_get(json, "Members"), i, member) {
			/* a server may write the members out in the collection itself */
			if (about.what == PAGE_SENSOR && json_object_get(member, "Reading") != NULL)
				redfish_sensor(talk, page, member);
			else
				redfish_follow(talk, redfish_string(member, "@odata.id"), about);
		}
		if (next == NULL)
			next = redfish_string(json, "@odata.nextLink");
		redfish_follow(talk, next, *page);
	}
}

void redfish_page(struct talk *talk, const struct page *page, const json_t *json)
{
	const char *id = redfish_string(json, "Id"), *name = redfish_string(json, "Name");
	struct page about = *page;

	redfish_members(talk, page, json);
	if (page->what == PAGE_CHASSIS && id != NULL)
		about.chassis = arena_text(talk->arena, span_text(id));
	if ((page->what == PAGE_SUPPLY || page->what == PAGE_BATTERY || page->what == PAGE_FAN) &&
	    id != NULL) {
		about.part = arena_text(talk->arena, span_text(id));
		about.label = name != NULL ? arena_text(talk->arena, span_text(name)) : NULL;
	}
	if (page->what == PAGE_CHASSIS || about.part != NULL)
		if (page->what != PAGE_METRICS)
			redfish_health(talk, &about, json, "health");
	if (page->what == PAGE_SENSOR)
		redfish_sensor(talk, page, json);
	if (page->what == PAGE_METRICS || page->what == PAGE_FAN)
		redfish_excerpts(talk, &about, json);
	if (page->what == PAGE_THERMAL) {
		redfish_rows(talk, page, json_object_get(json, "Temperatures"), "ReadingCelsius",
		    MEASURE_TEMPERATURE);
		redfish_rows(talk, page, json_object_get(json, "Fans"), "Reading", MEASURE_FAN);
	}
	if (page->what == PAGE_POWER)
		redfish_power(talk, page, json);
	for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
		if (leads[i].from == page->what) {
			struct page next = about;

			next.what = leads[i].to;
			redfish_follow(talk, redfish_string(
			    json_object_get(json, leads[i].key), "@odata.id"), next);
		}
}
