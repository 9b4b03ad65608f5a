/* src/sense/meter/thermal.c - /sys/class/thermal: the kernel's thermal zones, in
 * thousandths of a degree (Linux Documentation/driver-api/thermal/sysfs-api.rst).  A
 * trip point "hot" is the zone's warning, "critical" shuts the machine down. */
#include "sense/meter/meter.h"
#include "base/number.h"
#include <stdio.h>

enum { ZONES_MAX = 64, TRIPS_MAX = 16 };

struct zone {
	char folder[32], type[64];
	uint32_t trips;		   /* bits: trip points that exist */
	bool critical[TRIPS_MAX], hot[TRIPS_MAX];
	struct limits_offered limits;
};

struct thermal {
	struct zone *zones;
	size_t zones_n, zone;
	enum { Z_LIST, Z_TYPE, Z_FILES, Z_TRIP_TYPE, Z_TRIP_TEMP, Z_TEMP } step;
	uint32_t trip;
};

static const char base[] = "/sys/class/thermal";

/* To the next trip point that exists, or on to the temperature itself. */
static void thermal_next_trip(struct thermal *mine, uint32_t from)
{
	const struct zone *zone = &mine->zones[mine->zone];

	for (mine->trip = from; mine->trip < TRIPS_MAX; mine->trip++)
		if ((zone->trips >> mine->trip & 1) != 0) {
			mine->step = Z_TRIP_TYPE;
			return;
		}
	mine->step = Z_TEMP;
}

static int thermal_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct thermal *mine = talk->memory;
	struct ask ask = { .what = ASK_BYTES, .reply_max = 4096, .may_fail = true };

	(void)why;
	if (talk->turn == 0) {
		*mine = (struct thermal){ .step = Z_LIST };
		ask.what = ASK_LIST;
		ask.may_fail = false;
		ask.reply_max = LIMIT_REPLY_BYTES;
		(void)snprintf(ask.target, sizeof ask.target, "%s", base);
	} else if (mine->zone >= mine->zones_n) {
		meter_pick(talk);
		ask.what = ASK_NONE;
	} else {
		const char *folder = mine->zones[mine->zone].folder;

		if (mine->step == Z_FILES) {
			ask.what = ASK_LIST;
			ask.reply_max = 65536;
			(void)snprintf(ask.target, sizeof ask.target, "%s/%s", base, folder);
		} else if (mine->step == Z_TRIP_TYPE || mine->step == Z_TRIP_TEMP) {
			(void)snprintf(ask.target, sizeof ask.target, "%s/%s/trip_point_%u_%s", base,
			    folder, mine->trip, mine->step == Z_TRIP_TYPE ? "type" : "temp");
		} else {
			(void)snprintf(ask.target, sizeof ask.target, "%s/%s/%s", base, folder,
			    mine->step == Z_TYPE ? "type" : "temp");
		}
	}
	*ret_ask = ask;
	return KS_OK;
}

static void thermal_zones(struct talk *talk, struct span names)
{
	struct thermal *mine = talk->memory;

	mine->step = Z_TYPE;
	mine->zones = arena_array(talk->arena, ZONES_MAX, sizeof *mine->zones);
	while (names.left > 0 && mine->zones != NULL) {
		struct span name = span_trim(span_until(&names, '\n'));

		if (!meter_starts(name, "thermal_zone") || name.left >= sizeof mine->zones->folder)
			continue;
		if (mine->zones_n >= ZONES_MAX) {
			talk->full = true;
			return;
		}
		meter_copy(mine->zones[mine->zones_n++].folder, sizeof mine->zones->folder, name);
	}
}

static void thermal_files(struct thermal *mine, struct span names)
{
	struct zone *zone = &mine->zones[mine->zone];

	zone->limits = (struct limits_offered){ INT64_MIN, INT64_MIN, INT64_MAX, INT64_MAX };
	while (names.left > 0) {
		struct span file = span_trim(span_until(&names, '\n'));
		int64_t number = -1;

		if (!meter_starts(file, "trip_point_") || !meter_ends(file, "_type"))
			continue;
		(void)span_cut(&file, strlen("trip_point_"));
		if (number_read(span_until(&file, '_'), 0, &number) == KS_OK && number >= 0 &&
		    number < TRIPS_MAX)
			zone->trips |= 1u << number;
	}
	thermal_next_trip(mine, 0);
}

static void thermal_trip(struct thermal *mine, struct span reply)
{
	struct zone *zone = &mine->zones[mine->zone];
	int64_t milli = 0;

	if (meter_milli(reply, 1, 1000, &milli) == KS_OK && milli > 0 &&
	    measure_possible(MEASURE_TEMPERATURE, milli)) {
		if (zone->critical[mine->trip] && milli < zone->limits.high_critical)
			zone->limits.high_critical = milli;
		if (zone->hot[mine->trip] && milli < zone->limits.high_warning)
			zone->limits.high_warning = milli;
	}
	thermal_next_trip(mine, mine->trip + 1);
}

static void thermal_offer(struct talk *talk, struct span reply)
{
	struct thermal *mine = talk->memory;
	const struct zone *zone = &mine->zones[mine->zone];
	struct offer *offer = meter_offer(talk, MEASURE_TEMPERATURE, span_text(zone->folder));

	meter_label(offer, span_text(zone->type));
	meter_source(offer, "%s/%s/temp", base, zone->folder);
	if (offer != NULL) {
		offer->place = PLACE_INTERNAL;
		offer->limits = zone->limits;
	}
	if (!reply.broken) /* a zone that is switched off answers with an error */
		meter_text(offer, reply, 1, 1000);
	mine->zone++;
	mine->step = Z_TYPE;
}

static int thermal_read(struct talk *talk, struct span reply, struct why *why)
{
	struct thermal *mine = talk->memory;
	struct zone *zone = mine->step != Z_LIST ? &mine->zones[mine->zone] : NULL;

	(void)why;
	switch (mine->step) {
	case Z_LIST:
		thermal_zones(talk, reply);
		break;
	case Z_TYPE:
		meter_copy(zone->type, sizeof zone->type, span_trim(reply));
		mine->step = Z_FILES;
		break;
	case Z_FILES:
		thermal_files(mine, reply);
		break;
	case Z_TRIP_TYPE:
		zone->critical[mine->trip] = meter_same(span_trim(reply), "critical");
		zone->hot[mine->trip] = meter_same(span_trim(reply), "hot");
		mine->step = Z_TRIP_TEMP;
		break;
	case Z_TRIP_TEMP:
		thermal_trip(mine, reply);
		break;
	case Z_TEMP:
		thermal_offer(talk, reply);
		break;
	}
	return KS_OK;
}

const struct driver driver_thermal = {
	.name = "thermal",
	.says = "this machine's thermal zones (/sys/class/thermal)",
	.via = VIA_FILE,
	.memory_size = sizeof(struct thermal),
	.ask = thermal_ask,
	.read = thermal_read,
};
