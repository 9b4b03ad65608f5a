/* test/scene/sim.h - a server room of simulated devices that speak real protocols on
 * loopback: an SNMP UPS (RFC 1628), an SNMP environment unit (ENTITY-SENSOR-MIB), a NUT
 * server, a Redfish controller, and hosts that are TCP ports until the heat takes them. */
#ifndef KS_SCENE_SIM_H
#define KS_SCENE_SIM_H
#include "base/span.h"
#include "base/text.h"
#include <stdbool.h>
#include <stdint.h>

enum { SIM_HOSTS = 8, HOST_LIMIT_C = 40 };

struct sim_host {
	const char *name;
	double watts;
	int dies_s;    /* switches itself off so long after the room passed HOST_LIMIT */
	int fd;	       /* listening; -1: gone */
};

/* Air and what it touches, two masses: C dT/dt = P + G (Tm - T) + L (To - T) - Q. */
struct sim_room {
	int64_t start_ms, now_ms;	/* UTC of the story */
	int64_t steady_zero_ms;
	double factor;
	double air_c, mass_c, outside_c, humidity;
	int64_t hot_ms;			/* when it passed HOST_LIMIT_C; 0: not yet */
	bool cooling;			/* the building's, this minute */
	int64_t cooling_off_ms, cooling_on_ms; /* when it stops and starts again; 0: never */
	struct sim_host hosts[SIM_HOSTS];
	double noise;			/* of the sensors, K; small and deterministic */
	uint32_t seed;
};

void sim_room_init(struct sim_room *room, int64_t start_ms, double factor, double air_c);
/* Bring the room to that instant of the story. */
void sim_room_step(struct sim_room *room, int64_t to_ms);
double sim_watts(const struct sim_room *room);
/* What a sensor shows: air plus its place's offset plus a little noise. */
double sim_sensor(struct sim_room *room, double offset);

enum sim_agent { SIM_UPS, SIM_ENVIRONMENT };
/* One SNMP v1 / v2c request to its answer; 0 bytes: not answered. */
size_t sim_snmp(struct sim_room *room, enum sim_agent agent, struct span request,
    uint8_t *answer, size_t most);
/* One line of the NUT protocol to its answer. */
void sim_nut(struct sim_room *room, struct span line, struct text *answer);
/* One HTTP request line to a whole response. */
void sim_redfish(struct sim_room *room, struct span path, struct text *answer);
#endif
