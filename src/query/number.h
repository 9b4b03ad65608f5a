/* src/query/number.h - numbers and durations as Prometheus reads and writes them. */
#ifndef KS_QUERY_NUMBER_H
#define KS_QUERY_NUMBER_H
#include "base/text.h"
#include "base/why.h"

/* 1 .5 1e-3 0x1f 017 Inf NaN, nothing else before or behind. */
bool number_parse(struct span word, double *ret_value);
/* 1h30m 5m 100ms: years of 365 days, weeks, days, hours, minutes, seconds, each once. */
bool duration_parse(struct span word, int64_t *ret_ms);
/* The shortest digits that read back as the same number; NaN, +Inf, -Inf. */
void number_add(struct text *out, double value);
/* The same, never with an exponent (labels of count_values). */
void number_add_plain(struct text *out, double value);
/* Seconds with up to three places. */
void seconds_add(struct text *out, int64_t ms);
#endif
