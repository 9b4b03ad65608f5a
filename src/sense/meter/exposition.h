/* src/sense/meter/exposition.h - the text format of Prometheus exporters (0.0.4, and
 * OpenMetrics 1.0): NAME{LABEL="VALUE",...} NUMBER [TIMESTAMP], one a line. */
#ifndef KS_SENSE_METER_EXPOSITION_H
#define KS_SENSE_METER_EXPOSITION_H
#include "base/span.h"

enum { EXPOSITION_LABELS = 32 };

struct sample {
	struct span series; /* as it stands: name and labels */
	struct span name;
	struct span value;  /* the number's text */
	size_t labels_n;
	struct { struct span name, value; } labels[EXPOSITION_LABELS]; /* still escaped */
};

/* The next sample of text, which is cut off; false at its end.  Lines that are none
 * (comments, damage) are passed over. */
bool sample_next(struct span *text, struct sample *ret_sample);

/* Name and labels of one series; the rest is left in *text.  Labels may stand without
 * quotes when `selector`.  False when malformed. */
bool sample_series(struct span *text, bool selector, struct sample *ret_sample);

/* Does the sample have the selector's name, and all its labels with those values? */
bool sample_matches(const struct sample *sample, const struct sample *selector);
#endif
