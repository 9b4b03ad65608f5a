/* src/cli/flow_rows_in.h - what flow_rows.c and its rows (flow_rows_say.c) share. */
#ifndef KS_CLI_FLOW_ROWS_IN_H
#define KS_CLI_FLOW_ROWS_IN_H
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

struct flow_rows;
struct flows_part { /* of one worker */
	struct flow_rows *flows;
	struct listener ears;
	struct sheet conn, dns;
	struct json eve;
	struct asked asked[ASKED];
};
struct flow_rows {
	const char *folder, *eve_path;
	bool json, failed;
	FILE *conn, *dns, *eve;
	pthread_mutex_t lock; /* of the files */
	struct flows_part *parts;
	unsigned threads;
};

void conn_row(struct sheet *sheet, const struct flow_view *view, const struct said_flow *flow);
void flow_event(struct json *j, const struct flow_view *view, const struct said_flow *flow);
void dns_row(struct flows_part *part, const struct said_head *head, const struct said_dns *dns);
void dns_rest(struct flows_part *part);
void dns_event(struct json *j, const struct said_head *head, const struct said_dns *dns);
#endif
