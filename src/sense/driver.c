#include "sense/driver.h"

const struct driver *const drivers[] = { NULL };

const struct driver *driver_find(struct span name)
{
	for (size_t i = 0; drivers[i] != NULL; i++)
		if (span_equal(name, drivers[i]->name))
			return drivers[i];
	return NULL;
}

struct offer *talk_offer(struct talk *talk)
{
	if (talk->offers_n >= LIMIT_DEVICE_READINGS) {
		talk->full = true;
		return NULL;
	}
	struct offer *offer = &talk->offers[talk->offers_n++];

	*offer = (struct offer){ .limits = { INT64_MIN, INT64_MIN, INT64_MAX, INT64_MAX } };
	return offer;
}
