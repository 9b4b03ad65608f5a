/* src/page/api_ask.h - requests of Prometheus' HTTP API, read: pure, for api*.c, tests and
 * the fuzzer.  https://prometheus.io/docs/prometheus/latest/querying/api/ */
#ifndef KS_PAGE_API_ASK_H
#define KS_PAGE_API_ASK_H
#include "base/text.h"
#include "base/why.h"

enum api_route { API_QUERY, API_QUERY_RANGE, API_SERIES, API_LABELS, API_VALUES, API_METADATA,
	API_BUILDINFO, API_EXEMPLARS, API_RULES, API_ALERTS, API_OPENAPI, API_ROUTES };

enum { API_MATCHES = 16, API_FORM_BYTES = 65536 };

struct api_ask {
	enum api_route route;
	bool csv;		/* format=csv */
	bool now;		/* time was not said */
	int64_t start_ms, end_ms, step_ms; /* QUERY: start is the time, step 0 */
	int64_t timeout_ms;	/* 0: not said */
	size_t limit;		/* METADATA; 0: none */
	struct text query;	/* the expression; METADATA: metric */
	struct text name;	/* VALUES: of which label */
	struct text matches[API_MATCHES];
	size_t matches_n;
};

/* Which route a path is; *ret_name: VALUES: the label, still percent-encoded. */
bool api_find(const char *path, enum api_route *ret_route, struct span *ret_name);
/* Parameters of the address and of a form, a=b&c=d each.  KS_MALFORMED: the sentence says
 * which.  api_ask_done() in either case. */
KS_MUST int api_ask_read(struct api_ask *ask, struct span query, struct span form,
    struct why *why);
void api_ask_done(struct api_ask *ask);

/* The next a=b, both decoded; false: there is no more, or it is none (ret_bad). */
bool form_next(struct span *rest, struct text *ret_name, struct text *ret_value, bool *ret_bad);
/* Seconds with or without a point, or RFC 3339. */
bool moment_parse(struct span word, int64_t *ret_ms);
/* Seconds, or 1h30m. */
bool stretch_parse(struct span word, int64_t *ret_ms);
#endif
