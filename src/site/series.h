/* src/site/series.h - what one row of numbers is about.  The poller announces each
 * series once, with a number of its own (struct reading.series); core keeps the
 * store's number and the judge's state beside it. */
#ifndef KS_SITE_SERIES_H
#define KS_SITE_SERIES_H
#include "site/finding.h"
#include "site/measure.h"

struct series {
	uint32_t number;      /* struct reading.series of this role */
	uint8_t subject_kind; /* SUBJECT_SENSOR, SUBJECT_HOST or SUBJECT_DEVICE */
	uint32_t subject;     /* index into site->sensors, hosts or devices */
	uint8_t kind;	      /* enum measure */
	uint8_t place;	      /* enum place: the site file's, else what the device knows */
	bool limited;	      /* the device itself holds the limits below */
	bool clear;	      /* MEASURE_REACH: asked with a password that travels in clear */
	int64_t low_critical, low_warning, high_warning, high_critical; /* INT64_MIN/MAX: none */
	char id[64];	      /* unique in a site: "inlet-1", "ups1:battery.charge" */
	char label[96];	      /* the device's own words, UTF-8 */
	char source[160];     /* OID, variable, path: where exactly it comes from */
};
#endif
