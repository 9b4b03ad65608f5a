/* test/scene/room.c - the room: two masses, its hosts, and the noise of its sensors. */
#include "sim.h"
#include <math.h>

enum { STEP_MS = 5000 };
/* J/K and W/K: a closed 40 m3 room with one full rack behind a thin wall */
static const double AIR = 260e3, MASS = 2.3e6, TO_MASS = 2500, TO_OUTSIDE = 28, COOLING_W = 5200;

void sim_room_init(struct sim_room *room, int64_t start_ms, double factor, double air_c)
{
	static const struct sim_host hosts[SIM_HOSTS] = {
		{ "dev1", 480, 0, -1 }, { "file1", 420, 70, -1 }, { "ad1", 210, 140, -1 },
		{ "db1", 560, 190, -1 }, { "db2", 540, 260, -1 }, { "web1", 300, 330, -1 },
		{ "web2", 300, 390, -1 }, { "backup1", 340, 86400, -1 } };

	*room = (struct sim_room){ .start_ms = start_ms, .now_ms = start_ms, .factor = factor,
		.air_c = air_c, .mass_c = air_c - 1.3, .outside_c = 28, .humidity = 46, .cooling = true,
		.noise = 0.05, .seed = 20260720 };
	memcpy(room->hosts, hosts, sizeof hosts);
}

double sim_watts(const struct sim_room *room)
{
	double watts = 90; /* switch, UPS losses */

	for (size_t i = 0; i < SIM_HOSTS; i++)
		if (room->hosts[i].fd >= 0)
			watts += room->hosts[i].watts;
	return watts;
}

static void step(struct sim_room *room, double seconds)
{
	double heat = sim_watts(room), cold = 0;

	room->cooling = room->cooling_off_ms == 0 || room->now_ms < room->cooling_off_ms ||
	    (room->cooling_on_ms != 0 && room->now_ms >= room->cooling_on_ms);
	/* a thermostat: full power above 24.5 C, none below 23.5 C */
	if (room->cooling && room->air_c > 23.5)
		cold = COOLING_W * (room->air_c > 24.5 ? 1 : room->air_c - 23.5);
	double to_mass = TO_MASS * (room->air_c - room->mass_c);
	double to_outside = TO_OUTSIDE * (room->air_c - room->outside_c);

	room->air_c += (heat - to_mass - to_outside - cold) * seconds / AIR;
	room->mass_c += to_mass * seconds / MASS;
	/* the same water in warmer air */
	room->humidity = 46 * exp(-0.057 * (room->air_c - 28));
}

void sim_room_step(struct sim_room *room, int64_t to_ms)
{
	while (room->now_ms + STEP_MS <= to_ms) {
		step(room, STEP_MS / 1000.0);
		room->now_ms += STEP_MS;
		if (room->hot_ms == 0 && room->air_c >= HOST_LIMIT_C)
			room->hot_ms = room->now_ms;
	}
}

double sim_sensor(struct sim_room *room, double offset)
{
	room->seed = room->seed * 1664525 + 1013904223;
	return room->air_c + offset + room->noise * ((room->seed >> 8) / 8388608.0 - 1);
}
