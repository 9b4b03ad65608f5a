#include "physics/room.h"
#include <math.h>

bool room_until(const struct room_stop *stop, int64_t limit_milli, double *ret_soonest_s,
    double *ret_likely_s, double *ret_latest_s)
{
	/* 6.7 m2 a rack with its aisles, 2.7 m high */
	double volume = stop->volume_ml > 0 ? (double)stop->volume_ml / 1e6 :
	    18.0 * (stop->racks > 0 ? stop->racks : 1);
	double floor = volume / 2.7, surface = 2 * floor + 4 * sqrt(floor) * 2.7;
	double air = 1206.0 * volume, things = 7500.0 * stop->units;
	double watts = (double)(stop->heat_mw - stop->cooling_mw) / 1000;
	double kelvin = (double)(limit_milli - stop->from_milli) / 1000;

	if (kelvin <= 0)
		kelvin = 0;
	else if (watts <= 0)
		return false;
	double pace = kelvin > 0 ? kelvin / watts : 0;

	*ret_soonest_s = pace * (air + 0.1 * things);
	*ret_likely_s = pace * (air + 0.5 * things + 9000 * surface);
	*ret_latest_s = pace * (air + things + 36000 * surface);
	return true;
}
