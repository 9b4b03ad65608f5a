/* src/tell/tell.h - who is told what, and when.  Pure: findings, receipts and the time
 * in; deliveries out, one struct telling each.  core owns it and stores the receipts;
 * the courier makes requests of the deliveries (channel.h) and sends them.
 *
 * One root finding is one message a channel and one at its end.  A finding that another
 * one explains is counted, not told; when its cause has ended and it is still there
 * after TELL_ORPHAN_MS, it is told for itself. */
#ifndef KS_TELL_TELL_H
#define KS_TELL_TELL_H
#include "base/why.h"
#include "base/zone.h"
#include "site/finding.h"
#include "site/model.h"
#include <stddef.h>

enum news { NEWS_OPENED, NEWS_WORSE, NEWS_ENDED, NEWS_DAILY, NEWS_TEST, NEWS_BEAT, NEWS_KINDS };

enum {
	TELL_HOLD_MS = 20000,	/* one cause shows itself before anything is said */
	TELL_ORPHAN_MS = 60000, /* one cycle of probes after the cause has gone */
	TELL_BACKOFF_MS = 5000, TELL_BACKOFF_MOST_MS = 600000,
	TELL_GIVE_UP_MS = 86400000, /* an end that could not be told for so long */
	TELL_BROKEN = 3,	/* failures in a row that make a channel broken */
	TELL_TAKE_MS = 86400000, /* the link "I have it" of a message is good for so long */
	TELL_FLIGHT_MS = 120000, /* no receipt within this time: tried again */
};

/* One delivery.  Fixed size: it goes from process to process. */
struct telling {
	uint64_t id;		    /* of this try; its receipt carries it */
	uint64_t key;		    /* the same from opened to ended: mostly the finding's number,
				     * else of the one told first that turned out to be part of it */
	uint32_t news, attempt;	    /* enum news; 1: the first try */
	uint32_t children;	    /* findings this one explains */
	uint32_t open;		    /* NEWS_DAILY: incidents that last */
	int64_t now_ms;
	char channel[FINDING_NAME]; /* ID of the notify line */
	struct finding finding;	    /* the incident's root, under its number; not for DAILY, TEST,
				     * BEAT.  Where the root is no alarm by itself (cooling that
				     * rests by its calendar), the worst that it leads to */
	struct finding cause;	    /* then the root; code FINDING_CODES: it is told itself */
	char take[64];		    /* what the link "I have it" ends in (core makes it); "": none */
};

/* What became of it.  text: an English sentence without secrets. */
struct told {
	uint64_t id;
	int32_t code;	  /* enum ks_fail */
	uint32_t status;  /* of HTTP or SMTP; 0: none */
	uint32_t retry_s; /* the receiver's Retry-After; 0: none */
	uint32_t took_ms;
	char text[WHY_TEXT];
};

struct tell_ways {
	void *user;
	/* NULL: UTC */
	const struct zone *(*zone)(void *user, const char *tz);
};

struct tell;
/* The site is borrowed. */
KS_MUST int tell_new(const struct site *site, const struct tell_ways *ways,
    struct tell **ret_tell, struct why *why);
void tell_free(struct tell *tell); /* NULL is fine */
/* After a reload: what was told stays told; channels are known by their IDs. */
void tell_inherit(struct tell *tell, const struct tell *older);

/* All findings that are open now, causes before what they explain. */
void tell_look(struct tell *tell, const struct finding *findings, size_t n, int64_t now_ms);
/* One that began and ended at once (a restart without a clean shutdown). */
void tell_moment(struct tell *tell, const struct finding *finding, int64_t now_ms);
/* "I have it": nobody else is told of this incident.  KS_ABSENT: none is open. */
KS_MUST int tell_acknowledge(struct tell *tell, uint64_t finding, struct why *why);
/* Tell everybody of it now: no waiting, no quiet hours, no severity too low, and whoever
 * has it asks for help.  KS_ABSENT: none is open. */
KS_MUST int tell_escalate(struct tell *tell, uint64_t finding, struct why *why);
bool tell_acknowledged(const struct tell *tell, uint64_t finding);
/* Ask for a trial message through one channel. */
KS_MUST int tell_test(struct tell *tell, const char *channel, int64_t now_ms, struct why *why);
/* keisoku measures and judges: heartbeats may go. */
void tell_well(struct tell *tell, bool well);

/* The next delivery that is due; false: none now.  Each is under way until its receipt
 * comes, tell_lost() is called or TELL_FLIGHT_MS have passed. */
bool tell_next(struct tell *tell, int64_t now_ms, struct telling *ret_telling);
/* A receipt; ret_telling is what it was for.  False: nothing like that is under way. */
bool tell_done(struct tell *tell, const struct told *told, int64_t now_ms,
    struct telling *ret_telling);
/* The courier died: all that was under way is due again. */
void tell_lost(struct tell *tell, int64_t now_ms);
/* A receipt of a former run, or an acknowledgement of it (channel NULL). */
struct tell_past {
	const char *channel;
	enum news news;
	uint64_t key;		/* 0: the finding's number */
	enum severity severity; /* as it was told; SEVERITY_OK: not known */
};
void tell_restore(struct tell *tell, const struct finding *finding,
    const struct tell_past *past);

/* How a channel does, by its place in site->notifies. */
struct tell_channel {
	uint32_t fails;	      /* in a row */
	int64_t ok_ms;	      /* of the last delivery; 0: none yet */
	bool broken;
};
struct tell_channel tell_channel(const struct tell *tell, size_t at);
const char *news_word(enum news news); /* "opened" ...; "?" beyond */
bool news_find(struct span word, enum news *ret_news);
#endif
