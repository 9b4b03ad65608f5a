/* src/cli/flow_rows_in.h - what flow_rows.c and its rows (flow_rows_say.c) share. */
#ifndef KS_CLI_FLOW_ROWS_IN_H
#define KS_CLI_FLOW_ROWS_IN_H
#include "cli/draft.h"
#include "cli/flow_rows.h"
#include "wire/said_rows.h"
#include "cli/sheet.h"
#include "cli/json.h"
#include "wire/said.h"
#include <pthread.h>

/* A question that waits for its answer.  One that another pushes out, and what is left at
 * the end, is a row without an answer. */
struct asked {
	uint64_t flow; /* 0: free */
	int64_t time_ns;
	struct address client, server;
	uint16_t client_port, port, id, type, class;
	uint8_t protocol;
	bool recursive;
	uint16_t name_n;
	uint8_t name[256];
};
enum { ASKED = 1024 }; /* a worker */

/* A question without an answer is a row after so long, live. */
static const int64_t ASKED_LONG_NS = (int64_t)10 * 1000000000;

enum flow_log { LOG_CONN, LOG_DNS, LOG_HTTP, LOG_SSL, LOG_FILES, LOGS };
struct flow_rows;
struct flows_part { /* of one worker */
	struct flow_rows *flows;
	struct listener ears;
	union { /* by enum flow_log */
		struct sheet sheets[LOGS];
		struct {
			struct sheet conn, dns, http, ssl, files;
		};
	};
	struct json eve;
	struct asked asked[ASKED];
	struct said_rows said;
};
struct flow_rows {
	struct flow_rows_plan plan;
	const struct draft *failed; /* the first that could not be written; NULL: none */
	int number;		    /* errno then */
	struct draft logs[LOGS], eve; /* logs: all or none */
	pthread_mutex_t lock; /* of the files */
	struct flows_part *parts;
};

void sheet_ends(struct sheet *sheet, const struct flow_view *view);
void conn_row(struct sheet *sheet, const struct flow_view *view, const struct said_flow *flow);
void dns_row(struct flows_part *part, const struct said_head *head, const struct said_dns *dns);
/* Those that wait for an answer, asked before then. */
void dns_rest(struct flows_part *part, int64_t before_ns);
void http_row(struct sheet *log, const struct exchange *x, const char *uri);
void ssl_row(struct sheet *log, const struct session *s);
void files_row(struct sheet *log, const struct session *s); /* if a certificate was seen */

void event_open(struct json *j, const char *type, int64_t time_ns, const struct flow_view *view);
void event_close(struct json *j);
void flow_event(struct json *j, const struct flow_view *view, const struct said_flow *flow);
void dns_event(struct json *j, const struct said_head *head, const struct said_dns *dns);
void http_event(struct json *j, const struct exchange *x, const char *uri);
void tls_event(struct json *j, const struct session *s);
#endif
