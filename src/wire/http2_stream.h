/* src/wire/http2_stream.h - exchanges of HTTP/2 that are under way, and heads made of
 * header fields.  HTTP/3 is told through the same. */
#ifndef KS_WIRE_HTTP2_STREAM_H
#define KS_WIRE_HTTP2_STREAM_H
#include "base/text.h"
#include "wire/http_body.h"

enum { HTTP2_STREAMS = 64, HTTP2_HOST = 255, HTTP2_URI = 1023 };

/* The fields of one block. */
struct http2_head {
	struct text method, path, authority, status, lines;
	size_t bytes; /* names and values */
};
void http2_head_begin(struct http2_head *head);
void http2_head_field(void *head, struct span name, struct span value);
void http2_head_done(struct http2_head *head);

/* Exchanges; each lies in a hold of its own, the oldest leaves when all are taken. */
struct http2_streams {
	struct hold slots[HTTP2_STREAMS];
	uint64_t asked; /* exchanges begun so far */
};
void http2_streams_head(struct talk *talk, struct http2_streams *streams, enum said_side side,
    uint32_t id, const struct http2_head *head);
void http2_streams_data(struct talk *talk, struct http2_streams *streams, enum said_side side,
    uint32_t id, struct span bytes);
void http2_streams_end(struct talk *talk, struct http2_streams *streams, enum said_side side,
    uint32_t id);
void http2_streams_reset(struct talk *talk, struct http2_streams *streams, uint32_t id);
void http2_streams_over(struct talk *talk, struct http2_streams *streams);
#endif
