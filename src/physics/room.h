/* src/physics/room.h - a room whose cooling stops, from what is known of it without any
 * history: how soon it is too warm.  (With history, physics/heat.h does better.)
 *
 * Heat goes into air (1.2 kJ/m3 K), equipment and the room's surfaces.  Soonest: only the
 * air and a tenth of the equipment take part; latest: all of the equipment (7.5 kJ/K a U:
 * 15 kg at 0.5 kJ/kg K) and 2 cm of all surfaces (36 kJ/m2 K, concrete); likely: air, half
 * of the equipment and 5 mm (Khankari, ASHRAE Trans. 117(1), 2011: the rate begins at that
 * of air with chips and falls to that of all masses). */
#ifndef KS_PHYSICS_ROOM_H
#define KS_PHYSICS_ROOM_H
#include <stdbool.h>
#include <stdint.h>

struct room_stop {
	int64_t heat_mw;     /* of what stands in it */
	int64_t cooling_mw;  /* what cooling is left */
	int64_t volume_ml;   /* thousandths of a litre; 0: not known, 18 m3 a rack are taken */
	uint32_t racks;
	uint32_t units;	     /* U filled with equipment */
	int64_t from_milli;  /* C at the start */
};

/* Seconds until it passes limit_milli; *ret_ are untouched when it never does: the
 * cooling that is left is enough (false). */
bool room_until(const struct room_stop *stop, int64_t limit_milli, double *ret_soonest_s,
    double *ret_likely_s, double *ret_latest_s);
#endif
