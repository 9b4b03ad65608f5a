/* src/page/inside.h - what the page is made of; for its own files only. */
#ifndef KS_PAGE_INSIDE_H
#define KS_PAGE_INSIDE_H
#include "base/drop.h"
#include "page/http.h"
#include "page/page.h"
#include "page/remote_write.h"
#include "words/status.h"

_Static_assert(sizeof(struct status_now) == BYTES_NOW, "see guard/message.h");
_Static_assert(sizeof(struct finding) == BYTES_FINDING, "see guard/message.h");
_Static_assert(sizeof(struct verdict) == BYTES_VERDICT, "see guard/message.h");

enum job_kind { JOB_METRICS, JOB_STATUS, JOB_WRITE };

/* A request that waits for core. */
struct job {
	struct job *next, **at;
	struct http_request *request; /* NULL: the client has gone */
	enum job_kind kind;
	uint32_t ticket;
	/* JOB_WRITE */
	struct rows rows;
	size_t sent;		/* rows on their way */
	uint32_t open;		/* messages not yet acknowledged */
	uint32_t refused;	/* samples of series that core refused */
	size_t counted;		/* rows of it in page->waiting */
	bool asking;		/* series are being asked for */
	int failed;
	char says[WHY_TEXT];
};

struct snapshot { /* core's answer to ASK_STATUS */
	struct verdict verdict;
	struct finding *findings;
	struct status_now *now;
	struct self self;
	size_t findings_n, findings_room, now_n, now_room;
	int64_t at_ms; /* monotonic; 0: none yet */
};

struct page_counts {
	uint64_t requests, writes, samples, refused, malformed;
};

struct page {
	struct page_options options;
	struct http *http[2];
	const struct site *site;
	const struct zone *zone;
	bool core;
	char core_says[WHY_TEXT]; /* why it is not there; "" when that is not known */
	uint32_t ticket;
	struct job *jobs;
	struct snapshot status, coming;
	bool asking; /* ASK_STATUS is open */
	uint32_t asking_ticket;
	struct known known;
	uint32_t *asked;	/* indexes into known, in the order asked */
	size_t asked_n, asked_room;
	uint32_t asked_ticket;	/* of the open ASK_SERIES; 0: none */
	uint8_t *plain;		/* a request unpacked */
	size_t plain_room;
	size_t waiting;		/* rows of all jobs */
	uint64_t full;		/* times a limit was hit */
	struct rows spare;	/* the room of the rows last done with */
	struct page_counts counts;
};

void job_end(struct page *page, struct job *job);
struct job *job_new(struct page *page, struct http_request *request, enum job_kind kind);
void write_take(struct page *page, struct http_request *request);
void write_go_on(struct page *page);
void write_answered(struct page *page, const struct message *message);
void write_series(struct page *page, const struct message *message);
/* All of /metrics from a snapshot. */
void metrics_write(const struct page *page, const struct snapshot *snapshot,
    struct text *text);
#endif
