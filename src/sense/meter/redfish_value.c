#include "sense/meter/redfish.h"
#include <stdio.h>

static const struct unit {
	const char *word; /* ReadingType, or ReadingUnits (UCUM) */
	enum measure kind;
	double times;
} units[] = {
	{ "Temperature", MEASURE_TEMPERATURE, 1 }, { "Cel", MEASURE_TEMPERATURE, 1 },
	{ "C", MEASURE_TEMPERATURE, 1 },
	{ "Humidity", MEASURE_HUMIDITY, 1 },
	{ "Power", MEASURE_POWER, 1 }, { "W", MEASURE_POWER, 1 }, { "kW", MEASURE_POWER, 1000 },
	{ "Heat", MEASURE_POWER, 1000 },
	{ "V.A", MEASURE_APPARENT_POWER, 1 }, { "VA", MEASURE_APPARENT_POWER, 1 },
	{ "var", MEASURE_REACTIVE_POWER, 1 }, { "V.A{reactive}", MEASURE_REACTIVE_POWER, 1 },
	{ "EnergykWh", MEASURE_ENERGY, 1 }, { "kW.h", MEASURE_ENERGY, 1 },
	{ "EnergyWh", MEASURE_ENERGY, 0.001 }, { "W.h", MEASURE_ENERGY, 0.001 },
	{ "EnergyJoules", MEASURE_ENERGY, 1 / 3600000.0 }, { "J", MEASURE_ENERGY, 1 / 3600000.0 },
	{ "Voltage", MEASURE_VOLTAGE, 1 }, { "V", MEASURE_VOLTAGE, 1 },
	{ "Current", MEASURE_CURRENT, 1 }, { "A", MEASURE_CURRENT, 1 },
	{ "Frequency", MEASURE_FREQUENCY, 1 }, { "Hz", MEASURE_FREQUENCY, 1 },
	{ "MHz", MEASURE_FREQUENCY, 1000000 },
	{ "PressurekPa", MEASURE_PRESSURE, 1000 }, { "kPa", MEASURE_PRESSURE, 1000 },
	{ "PressurePa", MEASURE_PRESSURE, 1 }, { "Pressure", MEASURE_PRESSURE, 1 },
	{ "Pa", MEASURE_PRESSURE, 1 }, { "Barometric", MEASURE_PRESSURE, 133.322387415 },
	{ "Rotational", MEASURE_FAN, 1 }, { "RPM", MEASURE_FAN, 1 }, { "{rev}/min", MEASURE_FAN, 1 },
	{ "AirFlowCMM", MEASURE_FLOW, 1000 }, { "m3/min", MEASURE_FLOW, 1000 },
	{ "AirFlow", MEASURE_FLOW, 28.316846592 }, { "[ft_i]3/min", MEASURE_FLOW, 28.316846592 },
	{ "LiquidFlowLPM", MEASURE_FLOW, 1 }, { "L/min", MEASURE_FLOW, 1 },
	{ "LiquidFlow", MEASURE_FLOW, 60 }, { "L/s", MEASURE_FLOW, 60 },
	{ "Percent", MEASURE_PERCENT, 1 }, { "%", MEASURE_PERCENT, 1 },
};

bool redfish_kind(const char *type, const char *unit, enum measure *ret_kind,
    double *ret_times)
{
	const char *const words[] = { type, unit };

	/* a fan given in percent has ReadingType Percent; units decide over a vague type */
	for (size_t w = 0; w < 2; w++)
		for (size_t i = 0; words[w] != NULL && i < sizeof units / sizeof *units; i++)
			if (strcmp(units[i].word, words[w]) == 0) {
				*ret_kind = units[i].kind;
				*ret_times = units[i].times;
				return true;
			}
	return false;
}

const char *redfish_string(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

static int64_t redfish_limit(const struct redfish_value *value, const char *new_key,
    const char *old_key, int64_t none)
{
	const json_t *all = json_object_get(value->json, "Thresholds");
	const json_t *limit = json_object_get(json_object_get(all, new_key), "Reading");
	int64_t milli = 0;
	char user[32];

	(void)snprintf(user, sizeof user, "%sUser", new_key);
	if (!json_is_number(limit))
		limit = json_object_get(json_object_get(all, user), "Reading");
	if (!json_is_number(limit))
		limit = json_object_get(value->json, old_key);
	if (!json_is_number(limit) ||
	    !meter_milli_real(json_number_value(limit) * value->times, &milli) ||
	    !measure_possible(value->kind, milli))
		return none;
	return milli;
}

static int64_t redfish_least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t redfish_most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void redfish_limits(struct offer *offer, const struct redfish_value *value)
{
	struct limits_offered *limits = &offer->limits;

	limits->low_warning = redfish_limit(value, "LowerCaution", "LowerThresholdNonCritical",
	    INT64_MIN);
	limits->high_warning = redfish_limit(value, "UpperCaution", "UpperThresholdNonCritical",
	    INT64_MAX);
	limits->low_critical = redfish_most(
	    redfish_limit(value, "LowerCritical", "LowerThresholdCritical", INT64_MIN),
	    redfish_limit(value, "LowerFatal", "LowerThresholdFatal", INT64_MIN));
	limits->high_critical = redfish_least(
	    redfish_limit(value, "UpperCritical", "UpperThresholdCritical", INT64_MAX),
	    redfish_limit(value, "UpperFatal", "UpperThresholdFatal", INT64_MAX));
}

static enum place redfish_place(const char *context, struct offer *offer)
{
	static const struct {
		const char *word;
		enum place place;
	} rows[] = { { "Intake", PLACE_INLET }, { "Front", PLACE_INLET },
		{ "Exhaust", PLACE_OUTLET }, { "Back", PLACE_OUTLET }, { "Room", PLACE_ROOM },
		{ "LiquidInlet", PLACE_WATER }, { "LiquidOutlet", PLACE_WATER } };

	for (size_t i = 0; context != NULL && i < sizeof rows / sizeof *rows; i++)
		if (strcmp(context, rows[i].word) == 0)
			return rows[i].place;
	offer->place = PLACE_INTERNAL;
	if (context == NULL)
		meter_place(offer, span_text(offer->label));
	return (enum place)offer->place;
}

static struct offer *redfish_new(struct talk *talk, const struct page *page,
    enum measure kind, const char *id)
{
	char text[160];
	int n = snprintf(text, sizeof text, "%s%s%s%s%s", page->chassis != NULL ? page->chassis : "",
	    page->chassis != NULL ? "." : "", page->part != NULL ? page->part : "",
	    page->part != NULL ? "." : "", id);
	struct offer *offer = meter_offer(talk, kind,
	    span_of(text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1));

	meter_unique(talk, offer);
	return offer;
}

/* Is nothing to be read here, whatever number stands there? */
static bool redfish_off(const json_t *json, enum doubt *ret_doubt)
{
	static const char *const off[] = { "Disabled", "StandbyOffline", "UnavailableOffline",
		"Starting", NULL };
	const char *state = redfish_string(json_object_get(json, "Status"), "State");

	*ret_doubt = DOUBT_EMPTY;
	for (size_t i = 0; state != NULL && off[i] != NULL; i++)
		if (strcmp(state, off[i]) == 0)
			return true;
	*ret_doubt = DOUBT_NOT_FITTED;
	return state != NULL && strcmp(state, "Absent") == 0;
}

struct offer *redfish_offer(struct talk *talk, const struct page *page,
    const struct redfish_value *value)
{
	struct offer *offer = redfish_new(talk, page, value->kind, value->id);
	enum doubt doubt;

	if (offer == NULL)
		return NULL;
	if (value->label != NULL)
		meter_label(offer, span_text(value->label));
	meter_source(offer, "%s", value->source);
	offer->place = (uint8_t)redfish_place(redfish_string(value->json, "PhysicalContext"), offer);
	redfish_limits(offer, value);
	if (redfish_off(value->json, &doubt))
		meter_absent(offer, doubt);
	else if (!json_is_number(value->number))
		meter_absent(offer, DOUBT_EMPTY);
	else
		meter_real(offer, json_number_value(value->number) * value->times);
	return offer;
}

void redfish_health(struct talk *talk, const struct page *page, const json_t *json,
    const char *id)
{
	const json_t *status = json_object_get(json, "Status");
	const char *health = redfish_string(status, "Health");
	const char *name = redfish_string(json, "Name");
	enum severity severity = SEVERITY_UNKNOWN;
	int64_t number = 3;
	enum doubt doubt;

	if (!json_is_object(status))
		return;
	struct offer *offer = redfish_new(talk, page, MEASURE_STATE, id);

	if (name != NULL)
		meter_label(offer, span_text(name));
	meter_source(offer, "%s#/Status", page->path);
	if (redfish_off(json, &doubt) || health == NULL) {
		meter_absent(offer, doubt == DOUBT_NOT_FITTED && health == NULL ? DOUBT_NOT_FITTED
										 : DOUBT_EMPTY);
		return;
	}
	if (strcmp(health, "OK") == 0)
		number = 0, severity = SEVERITY_OK;
	else if (strcmp(health, "Warning") == 0)
		number = 1, severity = SEVERITY_WARNING;
	else if (strcmp(health, "Critical") == 0)
		number = 2, severity = SEVERITY_CRITICAL;
	meter_state(offer, number, span_text(health), severity);
}
