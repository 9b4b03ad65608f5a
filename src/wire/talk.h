/* src/wire/talk.h - a talk is one flow as its protocol parser, the tongue, sees it.
 *
 * A tongue is one file with one `const struct tongue` in the table of tongues.c, the
 * likelier first.  The engine shows the first bytes of a flow to each guess(); the first
 * that says GUESS_YES gets the talk and hears everything from the first byte on.  A
 * tongue keeps bounded state, never blocks, prints or asks a clock, and tells what it
 * understood through the say_ functions.
 *
 * Streams (TCP) come in order, split anywhere; datagrams (UDP) come whole, one call
 * each.  Bytes that were never captured are a gap(). */
#ifndef KS_WIRE_TALK_H
#define KS_WIRE_TALK_H
#include "base/span.h"
#include "base/why.h"
#include "wire/said.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keylog; /* wire/keylog.h: secrets known, to be asked by client random */

enum guess {
	GUESS_NO,    /* it is not this */
	GUESS_MAYBE, /* too few bytes to say; asked again with more */
	GUESS_YES
};
enum tongue_over { OVER_TCP = 1, OVER_UDP = 2 };

struct talk;

struct tongue {
	const char *name; /* "tls"; lower case, shown to people */
	uint8_t over;	  /* enum tongue_over, added */
	size_t state_size; /* at most LIMIT_TALK_STATE; zeroed before the first call */

	/* By content first; ports of the flow may decide where content cannot.  first[]
	 * holds what each side sent so far (UDP: the one datagram), either may be empty,
	 * at most LIMIT_GUESS_BYTES of each. */
	enum guess (*guess)(const struct flow_view *flow, const struct span first[2]);
	/* Is it this when no more of its beginning will come, for it was not captured?  Asked
	 * where no guess() is sure; may be NULL. */
	bool (*guess_cut)(const struct span first[2]);
	/* In order, by enum said_side.  Never empty, except an empty UDP datagram. */
	void (*take)(struct talk *talk, enum said_side side, struct span bytes);
	/* n bytes of that side are lost; NULL: the talk ends instead. */
	void (*gap)(struct talk *talk, enum said_side side, uint64_t n);
	/* One side sent FIN after its last byte; may be NULL. */
	void (*half)(struct talk *talk, enum said_side side);
	/* The last call: flow->closed and closed_by say how.  Gives up what talk_hold
	 * got.  May be NULL. */
	void (*end)(struct talk *talk);
};

struct talk {
	const struct tongue *tongue;
	void *state;		/* state_size bytes of the tongue's own */
	struct flow_view *flow; /* as known now; the engine keeps it up to date */
	int64_t time_ns;	/* of the packet being taken */
	uint64_t frame;
	uint8_t unwanted;	   /* bit per side: see talk_rest */
	uint64_t skip[2];	   /* see talk_skip */
	const struct listener *ears;
	struct talk *outer;	   /* inside of a decrypted stream; otherwise NULL */
	const char *before; /* the protocol it was switched from; NULL: it is the first */
	struct ear_worker *worker; /* the engine's, as are the next */
	struct guessing *guessing; /* first bytes, while no tongue is found */
	bool fresh;		   /* no bytes yet */
	bool turned; /* while a packet is taken: the sides were swapped within it (talk_turn) */
	bool readable;		   /* an inside that needs no keys: anyone can read it */
};

/* -- what a tongue may ask of the engine ------------------------------------------ */

/* Nothing more is wanted of this side: its bytes are counted but not put in order any
 * more.  half() and end() still come.  For streams known to be encrypted. */
void talk_rest(struct talk *talk, enum said_side side);
/* The next n bytes of this side, after those of the present take(), are not wanted
 * (a record of ciphertext, a long body): they are counted off, never copied, and gaps
 * within them are silent. */
void talk_skip(struct talk *talk, enum said_side side, uint64_t n);
/* The stream goes on in another protocol: STARTTLS, CONNECT, Upgrade.  The present
 * tongue's end() is called, state is new, and which protocol it is now is guessed from
 * `rest` (bytes of `side` not used by the present take(); may be empty) and what follows.
 * After it the caller returns without touching its state. */
void talk_switch(struct talk *talk, enum said_side side, struct span rest);
/* A talk within this one, for decrypted bytes: found by guess() like any other, with
 * flow->decrypted set.  NULL when memory is out.  It must be ended by talk_inside_end()
 * in the outer tongue's end() at the latest. */
struct talk *talk_inside_new(struct talk *outer);
void talk_inside_take(struct talk *inside, enum said_side side, struct span bytes);
void talk_inside_gap(struct talk *inside, enum said_side side, uint64_t n);
void talk_inside_end(struct talk *inside);
/* The first packet seen was the server's: swap the sides.  Only in the first take(). */
void talk_turn(struct talk *talk);
/* Kept with the flow for the report: the name the client asked for; that it is
 * encrypted. */
void talk_name(struct talk *talk, struct span name);
void talk_is_secret(struct talk *talk);
/* Does anybody listen to content?  Taking bodies apart is dear.  (Without ears at all,
 * as on a test's stage, everything is told.) */
static inline bool talk_wants_bodies(const struct talk *talk)
{
	return talk->ears == NULL || talk->ears->body != NULL;
}
/* It was not this protocol after all: the flow has none, and nobody listens any more. */
void talk_disown(struct talk *talk);
/* Secrets known so far; never NULL. */
const struct keylog *talk_keys(const struct talk *talk);

/* Memory beyond state_size: bytes kept between calls, e.g. a handshake message in
 * parts.  All of it together is bounded by LIMIT_TALK_HOLD_ALL a thread. */
struct hold {
	uint8_t *at;
	size_t len, room;
};
/* Add bytes at the end; KS_FULL past max or past what all talks may hold together:
 * the hold is then unchanged. */
KS_MUST int talk_hold(struct talk *talk, struct hold *hold, struct span bytes, size_t max);
/* Drop the first n bytes. */
void talk_hold_eat(struct hold *hold, size_t n);
void talk_hold_free(struct talk *talk, struct hold *hold);
static inline struct span hold_span(const struct hold *hold)
{
	return span_of(hold->at, hold->len);
}

/* -- telling ----------------------------------------------------------------------- */
void say_dns(struct talk *talk, enum said_side side, const struct said_dns *dns);
void say_name(struct talk *talk, enum said_side side, const struct said_name *name);
void say_http(struct talk *talk, enum said_side side, const struct said_http *http);
void say_http_end(struct talk *talk, enum said_side side, const struct said_http_end *end);
void say_body(struct talk *talk, enum said_side side, const struct said_body *body);
void say_tls(struct talk *talk, enum said_side side, const struct said_tls *tls);
void say_credential(struct talk *talk, enum said_side side,
    const struct said_credential *credential);
void say_banner(struct talk *talk, enum said_side side, const struct said_banner *banner);
void say_odd(struct talk *talk, enum said_side side, enum odd_kind kind, uint64_t count);
#endif
