/* src/query/query.h - PromQL over whatever has series and samples: an expression is read,
 * says which samples it needs, is given them, and is evaluated a step at a time, so that
 * whoever runs it can do other things in between.  Pure: no file, no clock.
 *
 *     query_new ... for each select: query_wants(series)? query_begin, query_sample ...
 *     while (query_step() == KS_OK) ;          (KS_ABSENT: it is done)
 *     query_answer
 *
 * What it means is what Prometheus 2.42 makes of it: https://prometheus.io/docs/prometheus/
 * latest/querying/basics/ and its neighbours; test/query compares answer by answer. */
#ifndef KS_QUERY_QUERY_H
#define KS_QUERY_QUERY_H
#include "base/text.h"
#include "base/why.h"
#include <stdbool.h>
#include <stdint.h>

struct query;

struct query_ask {
	struct span text;	/* borrowed until query_new() returns */
	int64_t start_ms, end_ms;
	int64_t step_ms;	/* 0: one moment, start_ms */
	int64_t lookback_ms;	/* 0: five minutes */
	uint64_t seed;		/* of its tables */
};

/* KS_MALFORMED: not PromQL; KS_FULL: a limit. */
KS_MUST int query_new(const struct query_ask *ask, struct query **ret_query, struct why *why);
void query_free(struct query *query);
static inline void drop_query(struct query **query)
{
	query_free(*query);
}

/* Which samples it needs. */
size_t query_selects(const struct query *query);
bool query_wants(const struct query *query, size_t select, struct span labels);
/* [from, to] of a select's samples. */
void query_range(const struct query *query, size_t select, int64_t *ret_from_ms,
    int64_t *ret_to_ms);
/* A series of a select; its samples follow, times rising. */
KS_MUST int query_begin(struct query *query, size_t select, struct span labels,
    struct why *why);
KS_MUST int query_sample(struct query *query, size_t select, int64_t time_ms, double value,
    struct why *why);
bool value_stale(double value);

/* One step.  KS_OK: there are more; KS_ABSENT: all done; KS_MALFORMED: cannot be evaluated
 * (two of the same labels ...); KS_FULL: a limit. */
KS_MUST int query_step(struct query *query, struct why *why);
/* Bytes that it holds. */
size_t query_memory(const struct query *query);
/* {"resultType":..,"result":..} */
void query_answer(const struct query *query, struct text *out);
/* The same as a table: time, value and one column a label; false: a string. */
bool query_csv(const struct query *query, struct text *out);

/* match[]=: a selector alone. */
struct selector;
KS_MUST int selector_new(struct span text, struct selector **ret_selector, struct why *why);
void selector_free(struct selector *selector);
bool selector_wants(const struct selector *selector, struct span labels);
/* The value of a label among labels; empty when it is not there. */
struct span key_value(struct span labels, struct span name);
/* Letters, digits and _, no digit first. */
bool label_name_good(struct span name);
/* In order, name by name, value by value: negative, 0, positive. */
int labels_order(struct span a, struct span b);
/* {"__name__":"up","job":"a"} */
void labels_json(struct text *out, struct span labels);
#endif
