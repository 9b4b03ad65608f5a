/* src/sense/meter/redfish.h - the pages of a Redfish service (DMTF DSP0266, schemas of
 * DSP8010) and what each says. */
#ifndef KS_SENSE_METER_REDFISH_H
#define KS_SENSE_METER_REDFISH_H
#include "sense/meter/meter.h"
#include <jansson.h>

enum { REDFISH_PATH = 400, REDFISH_PAGES = 4096 };

enum page_what { PAGE_ROOT, PAGE_CHASSES, PAGE_CHASSIS, PAGE_SENSORS, PAGE_SENSOR, PAGE_THERMAL,
	PAGE_POWER, PAGE_THERMAL_SUBSYSTEM, PAGE_POWER_SUBSYSTEM, PAGE_FANS, PAGE_FAN,
	PAGE_SUPPLIES, PAGE_SUPPLY, PAGE_BATTERIES, PAGE_BATTERY, PAGE_METRICS, PAGE_EQUIPMENT,
	PAGE_PDUS };

struct page {
	struct page *next;
	const char *path;
	enum page_what what;
	const char *chassis; /* Id of the chassis it belongs to; NULL */
	const char *part;    /* Id of the supply or fan in it; NULL */
	const char *label;   /* Name of that part */
};

/* Ask for that page later, once; `about` says what it will be. */
void redfish_follow(struct talk *talk, const char *path, struct page about);
/* Was it asked for, or will it be? */
bool redfish_known(struct talk *talk, const char *path);
/* Offers what the page says and follows where it leads. */
void redfish_page(struct talk *talk, const struct page *page, const json_t *json);

/* One number: where it stands, what it is called, in which unit. */
struct redfish_value {
	const json_t *json;   /* the object around it: Status, thresholds, context */
	const json_t *number; /* NULL or null: absent */
	enum measure kind;
	double times;	      /* into the kind's unit */
	const char *id, *label, *source;
};
struct offer *redfish_offer(struct talk *talk, const struct page *page,
    const struct redfish_value *value);
/* Status.Health of a part as a state. */
void redfish_health(struct talk *talk, const struct page *page, const json_t *json,
    const char *id);
const char *redfish_string(const json_t *json, const char *key);
/* The kind of a Sensor's ReadingType or ReadingUnits; false when it is none of ours. */
bool redfish_kind(const char *type, const char *units, enum measure *ret_kind,
    double *ret_times);
/* All numbers in an object of excerpts (EnvironmentMetrics and its like). */
void redfish_excerpts(struct talk *talk, const struct page *page, const json_t *json);
#endif
