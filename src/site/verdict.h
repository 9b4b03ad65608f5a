/* src/site/verdict.h - the four questions of 3 a.m. in data: what is wrong, since when;
 * what happens next, and when; what to do now; what proves it.  judge/ fills it in,
 * words/ makes six lines of it. */
#ifndef KS_SITE_VERDICT_H
#define KS_SITE_VERDICT_H
#include "site/finding.h"

enum { VERDICT_DO = 3 };
enum todo { TODO_NONE, TODO_RESTART_COOLING, TODO_OPEN_DOORS, TODO_SHED_LOAD, TODO_CALL_BUILDING,
	TODO_CHECK_SENSOR, TODO_CHECK_POWER, TODO_CHECK_SWITCH, TODO_CHECK_HOST, TODO_DRY_AIR,
	TODO_MOIST_AIR, TODO_FREE_DISK, TODO_FIX_SITE, TODO_SHUT_DOWN_ORDERLY, TODO_LOOK_DEVICE,
	TODO_CHECK_LEAK, TODO_CHECK_STORE, TODO_RUN_PLAN, TODO_READ_PLAN, TODO_CHECK_CHANNEL,
	TODO_LOOK_ALERT, TODO_LOOK_WIRE, TODO_CHECK_WIRE, TODO_MEASURE_ROOM,
	TODO_CHECK_SENSORS, TODOS };
struct verdict {
	uint8_t severity;	       /* worst not silenced */
	bool measuring;		       /* false: nothing has been measured yet */
	struct finding worst;	       /* the root cause to name; code FINDING_CODES: all well */
	uint32_t more;		       /* other open root findings */
	struct finding now;	       /* what is measured now: sensor, value, limit */
	struct forecast next;	       /* nearest limit ahead */
	char next_subject[FINDING_NAME];
	uint8_t todo[VERDICT_DO];      /* enum todo */
	char todo_subject[VERDICT_DO][FINDING_NAME];
	uint32_t sensors_ok, sensors_bad, hosts_up, hosts_down;
	int64_t at_ms, oldest_reading_ms;
};
#endif
