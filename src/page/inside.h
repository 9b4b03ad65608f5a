/* src/page/inside.h - what the page is made of; for its own files only. */
#ifndef KS_PAGE_INSIDE_H
#define KS_PAGE_INSIDE_H
#include "base/drop.h"
#include "judge/outlook.h"
#include "page/access.h"
#include "page/catalog.h"
#include "page/drawn.h"
#include "page/http.h"
#include "page/page.h"
#include "page/remote_write.h"
#include "page/users.h"
#include "page/view.h"
#include "words/status.h"

_Static_assert(sizeof(struct status_now) == BYTES_NOW, "see guard/message.h");
_Static_assert(sizeof(struct finding) == BYTES_FINDING, "see guard/message.h");
_Static_assert(sizeof(struct outlook) == BYTES_OUTLOOK, "see guard/message.h");
_Static_assert(sizeof(struct verdict) == BYTES_VERDICT, "see guard/message.h");

enum job_kind { JOB_METRICS, JOB_STATUS, JOB_WRITE, JOB_WISH, JOB_SHOW, JOB_LOGIN, JOB_API };

/* What a view or a history was asked for. */
struct show {
	const struct view *view;   /* a page; or */
	const struct drawn *drawn; /* a picture; both NULL: samples of one series, as JSON */
	struct form form;	   /* of the picture */
	enum lang lang;
	bool gzip, ready;	 /* ready: its samples are there */
	char id[256], kind[40], cookie[96];
	struct page_who who;
	const char *theme;
	char form_token[FORM_TOKEN];
	int64_t asked_ms;	 /* monotonic: what core said long before is not shown */
	int64_t from_ms, to_ms;
	uint32_t points;
	struct want wants[SCENE_WANTS]; /* asked of core; points: its answer */
	size_t wants_n;
};

/* Which session, if any. */
struct access_pass {
	uint32_t place; /* in the table, from 1; 0: no session is needed */
	int64_t began_ms;
};

/* Someone who listens to events. */
struct stream {
	struct stream *next, **at;
	struct http_request *request;
	enum lang lang;
	struct access_pass pass;
};

enum { JOB_BACK = 256 };
enum job_form { JOB_JSON, JOB_ACTING, JOB_TAKING };

/* A request that waits for core. */
struct job {
	struct job *next, **at;
	struct http_request *request; /* NULL: the client has gone */
	enum job_kind kind;
	uint32_t ticket;
	struct show *show; /* JOB_SHOW */
	struct login *login; /* JOB_LOGIN */
	/* JOB_WISH */
	enum job_form form; /* how it was asked, and is answered */
	char back[JOB_BACK], who[64];
	struct api *api;   /* JOB_API */
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
	struct outlook *outlooks;
	struct self self;
	size_t outlooks_n, outlooks_room;
	struct wire_row *wires;
	size_t wires_n, wires_room;
	size_t findings_n, findings_room, now_n, now_room;
	int64_t at_ms; /* monotonic; 0: none yet */
};

struct page_counts {
	uint64_t requests, writes, samples, refused, malformed;
};

struct access;
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
	uint64_t full;		/* times a limit was hit: page_hit() */
	const char *limit;	/* which, the last time */
	struct rows spare;	/* the room of the rows last done with */
	struct page_counts counts;
	struct access *access;
	char *store_path;
	struct store *store;	/* what is sealed; NULL: not (yet) to be read */
	int64_t store_tried_ms;
	struct stream *streams;
	uint64_t event, digest;	/* number of the last change of what is shown */
	int64_t told_ms, pinged_ms;
	size_t crowd;		/* most connections since memory was given back */
	struct job *recent;	/* whose samples core is asked for */
	uint32_t recent_ticket;
	struct catalog catalog;	/* of series, for queries */
	bool busy;		/* a query has more to do: page_run() again soon */
};

/* access.c, access_login.c */
KS_MUST int access_new(struct page *page, struct why *why);
void access_free(struct access *access);
/* Sessions: how many live, and how many had to go so far for newer ones. */
unsigned access_sessions(const struct page *page, uint64_t *ret_evicted);
void access_go_on(struct page *page);
bool access_path(const struct http_request *request);
void access_answer(struct page *page, struct http_request *request);
const struct user *access_user(const struct page *page, const struct page_who *who);
void login_done(struct login *login);
/* A stream lives as long as the session it was asked with. */
bool access_lives(const struct page *page, const struct access_pass *pass);
void access_pass(const struct page *page, const struct http_request *request,
    struct access_pass *ret_pass);

/* show.c, show_ask.c: views and histories; live.c: events */
void show_take(struct page *page, struct http_request *request, const struct view *view,
    const struct drawn *drawn, const char *id);
void show_go_on(struct page *page);
void show_recent(struct page *page, const struct message *message);
void show_done(struct show *show);
void show_lost(struct page *page, struct job *job);
/* false: there can be no such thing. */
bool show_range_bad(struct http_request *request);
bool show_read(const struct page *page, struct http_request *request, const char *id,
    struct show *show);
enum lang show_lang(const struct page *page, const struct http_request *request);
const char *show_theme(const struct page *page, const struct http_request *request);
void show_cookie(const struct page *page, const struct http_request *request, char *room,
    size_t size);
void scene_of(const struct page *page, enum lang lang, struct scene *ret_scene);
struct store *page_store(struct page *page);
void live_take(struct page *page, struct http_request *request);
void live_gone(struct page *page, struct http_request *request);
void live_tell(struct page *page);
void live_end(struct page *page);
void status_ask(struct page *page);

/* A limit was hit: "LIMIT_QUERIES". */
void page_hit(struct page *page, const char *limit);
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
