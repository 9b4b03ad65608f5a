/* src/query/call_in.h - a stretch of one series; for call_*.c only. */
#ifndef KS_QUERY_CALL_IN_H
#define KS_QUERY_CALL_IN_H
#include "query/eval.h"

struct stretch {
	const struct moment *at;
	size_t n;		/* at least one */
	int64_t range_ms, end_ms; /* (end - range .. end) was looked at */
	int64_t now_ms;		/* of the evaluation */
	double first, second;	/* further arguments */
};

/* How it goes on: false when there are too few. */
bool call_trend(const struct stretch *s, enum calls what, double *ret_value);
#endif
