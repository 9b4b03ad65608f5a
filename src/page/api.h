/* src/page/api.h - Prometheus' HTTP API over the store, so that Grafana and whoever speaks
 * it can ask keisoku: the request (api.c), its series and samples (api_load.c), and what
 * lists names (api_names.c).  Work is cut into slices of a few milliseconds: a query that
 * takes seconds keeps nobody waiting, and one that takes too long is told so. */
#ifndef KS_PAGE_API_H
#define KS_PAGE_API_H
#include "page/api_ask.h"
#include "page/inside.h"
#include "query/query.h"
#include "query/rows.h"

enum { API_SLICE_MS = 5, API_ANSWER_BYTES = 64 * 1024 * 1024 };

enum api_stage { API_STAGE_SERIES, API_STAGE_MATCH, API_STAGE_RECENT, API_STAGE_SEALED,
	API_STAGE_STEP };

struct pick { /* one series of one selector */
	uint32_t number, key;	/* in the store; in api->keys */
	uint16_t select;
	uint8_t kind;		/* older: enum measure */
	bool older;		/* kept under a name of before (metric_renamed) */
	bool has;		/* a sample lies in the range */
	size_t recent, recent_n; /* of api->recents */
};

struct api {
	struct api_ask ask;
	struct query *query;	/* QUERY, QUERY_RANGE */
	struct selector *selectors[API_MATCHES];
	enum api_stage stage;
	uint32_t asked;		/* ticket before which the catalogue is too old */
	int64_t deadline_ms;	/* monotonic */
	struct arena arena;	/* of keys and picks */
	struct tags keys;
	struct text key;
	struct pick *picks;
	size_t picks_n, picks_room;
	size_t select;		/* MATCH: where it is */
	uint32_t number;
	size_t at;		/* RECENT, SEALED: pick */
	uint32_t ticket;	/* RECENT: of the open ask; 0: none */
	size_t batch_n, batch_rows, batch_at;
	int64_t batch_from_ms;	/* of its first pick; INT64_MIN: of the range */
	struct moment *recents;
	size_t recents_n, recents_room;
};

bool api_is(const struct http_request *request);
int64_t api_begin(struct http_request *request);
void api_take(struct page *page, struct http_request *request);
/* Every query as far as it can go in one slice; page->busy: call again soon. */
void api_go_on(struct page *page);
void api_recent(struct page *page, const struct message *message);
void api_lost(struct page *page, struct job *job);

/* {"status":"error",..} */
void api_error(struct http_request *request, unsigned status, const char *type,
    const char *sentence);
/* One step of a stage.  KS_OK: go on; KS_ABSENT: wait; else it failed. */
KS_MUST int api_match(struct page *page, struct api *api, struct why *why);
KS_MUST int api_recent_ask(struct page *page, struct api *api, struct why *why);
KS_MUST int api_sealed(struct page *page, struct api *api, struct why *why);
/* From and to of a pick, [from, to] in the store. */
void api_range(const struct api *api, size_t select, int64_t *ret_from_ms, int64_t *ret_to_ms);
/* SERIES, LABELS, VALUES. */
void api_names_answer(struct api *api, struct text *out);
/* METADATA, BUILDINFO and those that are always empty; false: it is none of these. */
bool api_fixed(const struct api_ask *ask, struct text *out);
#endif
