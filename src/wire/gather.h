/* src/wire/gather.h - out of what was said, who says what to whom: events of wire/said.h
 * go in, relations, names, questions, requests and handshakes are kept, each in a table
 * with a named maximum, so that memory follows who talks to whom and not how long.
 *
 * One gather belongs to one thread: gather_listener() gives the ears for one worker of
 * the engine.  At the end the gathers of all workers are merged into one, and
 * wire/make.h makes the audit of it.  What comes out does not depend on how flows were
 * spread over threads as long as no maximum was reached; what did not fit is counted.
 *
 * Text and spans are copied when they are kept.  Secrets (passwords, personal data) are
 * masked here, before anything keeps them. */
#ifndef KS_WIRE_GATHER_H
#define KS_WIRE_GATHER_H
#include "base/why.h"
#include "wire/said.h"
#include <stdint.h>

struct gather;

/* seed: of the tables' hash, the same for all that will be merged. */
KS_MUST int gather_new(uint64_t seed, struct gather **ret_gather, struct why *why);
/* One that keeps at most one part in `share` of each maximum: for who listens for ever. */
KS_MUST int gather_new_small(uint64_t seed, uint32_t share, struct gather **ret_gather,
    struct why *why);
/* Something did not fit into one of its tables. */
bool gather_is_full(const struct gather *gather);
/* An audit was made of it, whose texts are the gather's: tables that it does not point into
 * go.  Nothing more may be gathered. */
void gather_made(struct gather *gather);
void gather_free(struct gather *gather); /* NULL is fine */
static inline void drop_gather(struct gather **gather)
{
	gather_free(*gather);
}

/* The ears of one worker; the gather is their context. */
struct listener gather_listener(struct gather *gather);

/* All that `from` has goes into `into`; `from` may then be freed. */
KS_MUST int gather_merge(struct gather *into, const struct gather *from, struct why *why);

/* Only who is called what: hosts, what DNS answered, what devices call themselves. */
KS_MUST int gather_names(struct gather *into, const struct gather *from, struct why *why);

/* Personal data that a search found in clear content; the masked form comes in. */
enum personal_grade { PERSONAL_POSSIBLE, PERSONAL_LIKELY, PERSONAL_CERTAIN };
struct personal_found {
	const char *category;	/* see struct audit_personal */
	uint8_t grade;		/* enum personal_grade */
	struct span masked;	/* first two and last two characters */
	struct span where;	/* "body", "uri", ... */
	struct span key;	/* name of the field; empty */
	uint64_t fingerprint;	/* seeded hash of the full value: tells two values apart */
};
void gather_card_doubt(struct gather *gather, const struct said_head *said,
    const struct said_body *body, uint32_t grade);
void gather_personal(struct gather *gather, const struct said_head *said,
    const struct said_body *body, const struct personal_found *found);
#endif
