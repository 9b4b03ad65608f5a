/* src/wire/body.h - what is inside a message's content: the leaves of JSON (RFC 8259), the
 * fields of a form, the parts of a multipart (RFC 2046, 7578), each with its name; what was
 * wrapped in base64 or percent signs unwrapped, at most LIMIT_BODY_DEPTH deep.  Tolerant:
 * content may be cut anywhere, and its declared type may be wrong.  Pure. */
#ifndef KS_WIRE_BODY_H
#define KS_WIRE_BODY_H
#include "wire/said.h"

struct body_sink {
	void (*say)(void *context, const struct said_body *body);
	void *context;
};

/* Tells the content of `whole` (bytes, content_type, key and the rest are those of the
 * message; kind is not looked at) leaf by leaf; what is no container as one piece. */
void body_tell(const struct said_body *whole, const struct body_sink *sink);
/* The fields of a=b&c=d, as BODY_FORM. */
void body_tell_form(const struct said_body *whole, const struct body_sink *sink);

/* For body*.c alone. */
struct body_walk {
	const struct said_body *whole;
	const struct body_sink *sink;
	unsigned depth;
};
void body_leaf(const struct body_walk *walk, enum body_kind kind, struct span key,
    struct span value);
void body_walk(const struct body_walk *walk, struct span key, struct span type,
    struct span bytes);
void body_json(const struct body_walk *walk, struct span key, struct span bytes);
bool body_multipart(const struct body_walk *walk, struct span type, struct span bytes);
/* Case is ignored; ASCII. */
bool word_in(struct span s, const char *word);
bool word_is_slowly(struct span s, const char *word);
static inline bool word_is(struct span s, const char *word)
{
	/* most words already differ in their first letter */
	return s.left > 0 && ((*s.at ^ (uint8_t)word[0]) & 0xdf) == 0 && word_is_slowly(s, word);
}
#endif
