/* src/site/metric.h - a series as Prometheus knows it: keisoku_KIND_UNIT in base units
 * (https://prometheus.io/docs/practices/naming/), and its labels.  /metrics, the store and
 * whoever asks the store speak of a series by these and no other names.
 *
 * Labels: the thing (sensor, host or device) and, where it gives several readings, which
 * one (reading); label, the device's own words; place, rack, room. */
#ifndef KS_SITE_METRIC_H
#define KS_SITE_METRIC_H
#include "base/text.h"
#include "site/model.h"
#include "site/series.h"

const char *metric_name(enum measure kind); /* "keisoku_temperature_celsius" */
const char *metric_help(enum measure kind);
/* In the metric's unit: a decimal number of thousandths stays the nearest double. */
double metric_value(enum measure kind, int64_t milli);
int64_t metric_milli(enum measure kind, double value);
bool metric_find(struct span name, enum measure *ret_kind);

enum { METRIC_LABELS = 8 };
struct metric_label {
	const char *name;
	struct span value;
};
/* Of a series, in the order people read them; site NULL: without rack and room.
 * Borrowed from both.  How many. */
size_t metric_labels(const struct site *site, const struct series *series,
    struct metric_label ret_labels[METRIC_LABELS]);
/* Name and labels as the store keeps them: sorted `name 0xff value 0xff ...`. */
void metric_key(struct text *text, const struct site *site, const struct series *series);

/* Stores made before 2026-11 have keisoku_KIND in the kind's own unit, and thing and
 * reading in one label.  True: ret_key is what that series is called now, and its values
 * are those of metric_older. */
bool metric_renamed(struct span key, struct text *ret_key, enum measure *ret_kind);
double metric_older(enum measure kind, double value);
#endif
