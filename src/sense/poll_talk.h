/* src/sense/poll_talk.h - one talk of a driver over a channel, from its first ask to
 * ASK_NONE.  The talker is big (room for all offers) and is used again and again. */
#ifndef KS_SENSE_POLL_TALK_H
#define KS_SENSE_POLL_TALK_H
#include "sense/transport.h"

enum { TALK_ASKS_MOST = 4096, TALK_MEMORY = 8 * 1024 * 1024 };

struct talker {
	struct talk talk;
	struct probe probe;
	struct arena arena;
	const struct driver *driver;
	struct channel *channel;
	uint64_t ends; /* uv_now() by which the whole talk must be over */
	uint32_t lost; /* asks in a row that nobody answered */
	bool again;    /* this ask has been made a second time */
	bool asking, over; /* an ask is under way; the talk has ended */
	void *user;
	/* KS_OK or what went wrong; talk.offers is what came in either case. */
	void (*done)(struct talker *talker, int code, const struct why *why);
	struct talker *next; /* of the free ones */
	struct ask ask;
	struct offer offers[LIMIT_DEVICE_READINGS];
};

/* memory: calloc(driver->memory_size).  done() may come before this returns. */
void talker_start(struct talker *talker, const struct driver *driver,
    struct channel *channel, const struct probe *probe, void *memory);
/* When it wants to be looked at; uv_now(). */
uint64_t talker_deadline(const struct talker *talker);
void talker_tick(struct talker *talker, uint64_t now);
#endif
