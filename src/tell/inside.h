/* src/tell/inside.h - what tell.c and due.c share: incidents, and how far each is told
 * on each channel. */
#ifndef KS_TELL_INSIDE_H
#define KS_TELL_INSIDE_H
#include "base/limits.h"
#include "tell/tell.h"
#include <stdint.h>

enum { BIT_OPENED = 1 << NEWS_OPENED, BIT_WORSE = 1 << NEWS_WORSE, BIT_ENDED = 1 << NEWS_ENDED,
	BIT_COVERED = 1 << NEWS_KINDS }; /* told of by another incident, with `severity` */

/* Of one incident on one channel. */
struct delivery {
	uint8_t told;	  /* BIT_...: heard by the receiver */
	uint8_t severity; /* as it was told last */
	uint8_t news;	  /* under way */
	uint32_t attempts;
	uint64_t flight;  /* id of the telling under way; 0: none */
	int64_t flight_ms, next_ms;
};

struct incident {
	bool used, seen, moment, acknowledged;
	bool escalated;	  /* somebody asked that all be told */
	bool below;	  /* another explains it, each told under its own key: only its end is due */
	uint64_t key;	  /* of one told before it that it took over from; 0: its own number */
	uint32_t children;
	int64_t began_ms; /* first seen here: escalation counts from it */
	int64_t due_ms;	  /* not told before */
	int64_t gone_ms;  /* seen no more; 0: it lasts */
	struct finding finding;
	struct finding cause; /* as struct telling has it */
	struct finding told;  /* as its receivers know it; id 0: nobody does */
};

struct channel_state {
	uint32_t fails, attempts;
	int64_t ok_ms, next_ms;
	int64_t test_ms;  /* a trial was asked for; 0: none */
	int64_t beat_ms;  /* the last heartbeat */
	int64_t daily_day; /* local day number of the last "all is well"; 0: none */
	uint8_t news;	  /* of `flight` */
	uint64_t flight;  /* a trial, heartbeat or daily under way */
	int64_t flight_ms;
};

struct tell {
	const struct site *site;
	struct tell_ways ways;
	struct channel_state *channels;
	size_t channels_n;
	struct incident *incidents; /* LIMIT_TELLINGS */
	struct delivery *told;	    /* of each, channels_n + 1 */
	uint64_t serial, full;
	uint32_t open;
	bool looked, well;
};

struct incident *incident_find(const struct tell *tell, uint64_t id);
uint64_t incident_key(const struct incident *incident);
struct delivery *delivery_of(const struct tell *tell, const struct incident *incident,
    size_t channel);
#endif
