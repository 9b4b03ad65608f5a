/* src/wire/http_body.h - the body of one message while it comes: kept whole when it is
 * worth reading (up to LIMIT_HTTP_BODY), else only its first bytes. */
#ifndef KS_WIRE_HTTP_BODY_H
#define KS_WIRE_HTTP_BODY_H
#include "wire/body.h"
#include "wire/http.h"

enum { HTTP_MAGIC = 256, HTTP_TYPE = 200 };

struct http_body {
	struct hold bytes; /* as sent, chunks put together */
	uint64_t seen;	   /* bytes of it, kept or not */
	bool wanted, broken; /* broken: something is missing in the middle */
	bool unread;	     /* worth reading, and packed in a way that is not known */
	uint8_t packed;	     /* enum packing in http_body.c; 0: not */
	uint16_t type_n, magic_n;
	char type[HTTP_TYPE];
	uint8_t magic[HTTP_MAGIC];
};

void http_body_begin(struct http_body *body, const struct http_head *head);
/* False: nothing more of it is wanted. */
bool http_body_take(struct http_body *body, struct talk *talk, struct span bytes);
void http_body_gap(struct http_body *body, struct talk *talk, uint64_t n);
void http_body_skipped(struct http_body *body, uint64_t n);
/* Tells what is in it, frees it, and gives the first bytes, decoded, in room; unread tells
 * whether it could be unpacked, until the next message begins. */
struct span http_body_end(struct http_body *body, struct talk *talk,
    const struct said_body *about, const struct body_sink *sink, uint8_t room[HTTP_MAGIC]);
#endif
