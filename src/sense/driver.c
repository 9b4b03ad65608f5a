#include "sense/driver.h"
#include "sense/snmp/snmp.h"

extern const struct driver driver_command, driver_hwmon, driver_ipmi, driver_modbus, driver_nut,
    driver_owserver, driver_prometheus, driver_redfish, driver_thermal, driver_w1;

const struct driver *const drivers[] = { &driver_command, &driver_hwmon, &driver_ipmi, &driver_modbus, &driver_nut,
	&driver_owserver, &driver_prometheus, &driver_redfish, &driver_snmp, &driver_thermal, &driver_w1, NULL };

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
