/* src/page/http_in.h - what a server and a request are made of; for http*.c only. */
#ifndef KS_PAGE_HTTP_IN_H
#define KS_PAGE_HTTP_IN_H
#include "page/http.h"
#include <microhttpd.h>

struct connection { /* one socket: when its next header must be there */
	struct connection *next, **at;
	struct MHD_Connection *mhd;
	int64_t deadline_ms; /* 0: a request is being taken */
};

struct http {
	struct http_options options;
	struct MHD_Daemon *daemon;
	struct connection *connections;
	uint32_t connections_n;
	size_t bodies; /* bytes held for requests being taken */
	struct http_tls *tls; /* NULL: plain */
	struct door *door;    /* and what stands in front then */
	int both;	      /* the events of both; -1 */
};

struct http_request {
	struct http *http;
	struct MHD_Connection *mhd;
	const char *method;
	char *path;
	uint8_t *body;
	size_t body_n, body_room;
	struct MHD_Response *response;
	unsigned status;
	void *user;
	bool begun, taken, waits, close;
	char *query;	     /* as it was sent */
	bool stream, asleep, over; /* asleep: suspended until there is something to say */
	uint8_t *out;	     /* of a stream: what is on its way */
	size_t out_n, out_at, out_room;
};

#endif
