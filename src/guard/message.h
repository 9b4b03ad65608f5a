/* src/guard/message.h - what processes say to each other: fixed-size structs of at
 * most LIMIT_MESSAGE bytes over SOCK_SEQPACKET pairs.  Each kind is a row {who to
 * whom, length, state, turn}; both sides check length, kind and state, as OpenSSH's
 * monitor does: a message is valid only in its turn.  Sending what the table does not
 * allow is our own mistake (must); receiving it is KS_MALFORMED: the other side is
 * broken or taken over, drop it.
 *
 * A message is a head and `count` records of one size.  What is inside a record (a
 * struct of site/ or judge/) is not guard's matter: the constants below are asserted
 * against sizeof by those who send and take them, and contents are checked there.
 *
 *   keeper  <-> every role   HELLO, CONFIG, HANDLE.., START, READY, then PING / PONG,
 *                            HANDLE (a new peer), RELOAD, STOP, SAID
 *   keeper   -> core         EVENT (a role died, a site file was refused ...)
 *   keeper   -> page         EVENT (core died; text: why it does not start)
 *   poller   -> keeper       RUN, with the pipes of its output and its end -> RUN_DONE
 *   keeper   -> runner       the same RUN, passed on
 *   poller   -> core         SITE, SERIES.., READINGS..
 *   page    <-> core         ASK_STATUS -> VERDICT, OUTLOOK, WIRE_STATE, FINDING.., NOW.., SELF, END
 *                            ASK_RECENT -> RECENT.., RECENT_END (not yet sealed)
 *                            ASK_LABELS -> LABELS_ARE (series that are not sealed yet)
 *                            ASK_SERIES -> SERIES_ARE, SAMPLES -> ACK / NACK
 *                            WISH, ALERTS -> WISHED (what a person or another system wants)
 *   page     -> core         ENTRY (somebody logged in, or tried to)
 *   core    <-> courier      TELL -> TOLD
 *   ear      -> core         WIRE_NOW (each second), WIRE_ROWS.. and WIRE_TOLD (of an hour),
 *                            WIRE_LEARNED.. and WIRE_LEARNT (of many)
 *   ear     <-> core         ASK_LEARNED -> LEARNED_IS.., LEARNED_END (what a former ear learned)
 */
#ifndef KS_GUARD_MESSAGE_H
#define KS_GUARD_MESSAGE_H
#include "base/limits.h"
#include "base/span.h"
#include "base/why.h"
#include "guard/rights.h"
#include <stddef.h>

enum message_kind {
	MESSAGE_NONE,
	MESSAGE_HELLO, MESSAGE_CONFIG, MESSAGE_HANDLE, MESSAGE_START, MESSAGE_READY,
	MESSAGE_PING, MESSAGE_PONG, MESSAGE_RELOAD, MESSAGE_STOP, MESSAGE_SAID,
	MESSAGE_EVENT,
	MESSAGE_RUN, MESSAGE_RUN_DONE,
	MESSAGE_SITE, MESSAGE_SERIES, MESSAGE_READINGS,
	MESSAGE_ASK_STATUS, MESSAGE_VERDICT, MESSAGE_FINDING, MESSAGE_NOW, MESSAGE_SELF,
	MESSAGE_END,
	MESSAGE_ASK_SERIES, MESSAGE_SERIES_ARE,
	MESSAGE_SAMPLES, MESSAGE_ACK, MESSAGE_NACK,
	MESSAGE_OUTLOOK,
	MESSAGE_ASK_RECENT, MESSAGE_RECENT, MESSAGE_RECENT_END,
	MESSAGE_TELL, MESSAGE_TOLD,
	MESSAGE_WISH, MESSAGE_ALERTS, MESSAGE_WISHED,
	MESSAGE_ENTRY,
	MESSAGE_WIRE_NOW, MESSAGE_WIRE_ROWS, MESSAGE_WIRE_TOLD, MESSAGE_WIRE_STATE,
	MESSAGE_ASK_LABELS, MESSAGE_LABELS_ARE,
	MESSAGE_WIRE_LEARNED, MESSAGE_WIRE_LEARNT, MESSAGE_ASK_LEARNED, MESSAGE_LEARNED_IS,
	MESSAGE_LEARNED_END,
	MESSAGE_KINDS
};

/* Sizes of records that other folders own; change them together with the struct. */
enum {
	BYTES_READING = 64, BYTES_SERIES = 368, BYTES_NOW = BYTES_SERIES + BYTES_READING + 16,
	BYTES_FINDING = 328, BYTES_VERDICT = 1008, BYTES_OUTLOOK = 232,
	BYTES_TELLING = 824, BYTES_TOLD = 344, BYTES_WIRE = 488,
};

enum {
	MESSAGE_HEAD = 16,
	MESSAGE_PAYLOAD = LIMIT_MESSAGE - MESSAGE_HEAD,
	MESSAGE_FDS = 3,	  /* descriptors one message may carry */
	MESSAGE_VERSION = 1,
	READINGS_MOST = 64,
	SERIES_MOST = MESSAGE_PAYLOAD / BYTES_SERIES,
	NOW_MOST = MESSAGE_PAYLOAD / BYTES_NOW,
	FINDINGS_MOST = MESSAGE_PAYLOAD / BYTES_FINDING,
	NUMBERS_MOST = 4000, /* series asked for in one message */
	SAMPLES_MOST = 768,
	OUTLOOKS_MOST = 16, /* rooms whose air is foretold in one answer */
	RECENT_ASKS = 24,   /* series asked for in one message */
	ALERTS_MOST = 16,   /* alerts of others in one message */
	RECENT_ROWS = 16384, /* samples in all answers to it */
	PATH_MOST = 512,
	WIRE_MOST = MESSAGE_PAYLOAD / BYTES_WIRE,
};

/* States of a channel: what has been said so far on it. */
enum channel_state {
	CHANNEL_NEW = 1 << 0,	   /* nothing yet */
	CHANNEL_GREETED = 1 << 1,  /* HELLO came: the configuration may go */
	CHANNEL_GIVEN = 1 << 2,	   /* CONFIG came: handles may follow */
	CHANNEL_STARTED = 1 << 3,  /* START: the role gets ready */
	CHANNEL_RUN = 1 << 4,	   /* READY, or SITE from the poller */
	CHANNEL_STOPPING = 1 << 5, /* STOP was said */
};

/* A turn is opened by an ask and closed by the end of its answer. */
enum turn { TURN_NONE, TURN_PING, TURN_RUN, TURN_STATUS, TURN_SERIES, TURN_SAMPLES,
	TURN_RECENT, TURN_TELL, TURN_WISH, TURN_LABELS, TURN_LEARNED, TURNS };

struct hello {
	uint32_t version, role;
	int32_t pid;
	uint32_t missing; /* enum confine_missing, bits: what the kernel does not offer */
};

struct config {
	uint32_t lang;		/* enum lang */
	uint32_t clock_factor;	/* 0: the real clock */
	int64_t clock_start_ms; /* UTC shown at clock_zero_ms when accelerated */
	int64_t clock_zero_ms;	/* CLOCK_MONOTONIC, ms */
	uint64_t site_bytes;	/* length of the site file in descriptor 0 */
	uint32_t restarts;	/* of this role so far: it comes back, not anew */
	uint32_t reserved;
	char state[PATH_MOST];	/* folder of the store */
	char site[PATH_MOST];	/* path of the site file, for sentences */
};

enum handle_what { HANDLE_PEER, HANDLE_LISTEN_TCP, HANDLE_LISTEN_UNIX, HANDLE_ICMP4,
	HANDLE_ICMP6, HANDLE_SECRET, HANDLE_PACKET, HANDLE_FILE, HANDLES };
struct handle {
	uint32_t what;		/* enum handle_what; the descriptor comes with it */
	uint32_t role;		/* HANDLE_PEER: who is at the other end */
	uint64_t bytes;		/* HANDLE_SECRET: its length; HANDLE_FILE: of a sealed memory file */
	char name[PATH_MOST];	/* HANDLE_SECRET: as the site file names it; HANDLE_PACKET: ID of
				 * the wire; HANDLE_FILE: "capture ID", "list NAME", "countries" ... */
};

/* What a role says for the keeper's log and for `status`; one sentence. */
struct said {
	int32_t code; /* enum ks_fail */
	uint32_t reserved;
	char id[16];  /* "KS-SELF-001" */
	char text[WHY_TEXT];
};

enum event_what { EVENT_ROLE_DIED, EVENT_ROLE_BACK, EVENT_SITE_REFUSED, EVENT_SITE_GOOD,
	EVENT_UNCONFINED, EVENT_LIMIT, EVENT_DEAF, EVENTS };
struct event {
	uint32_t what;	     /* enum event_what */
	uint32_t role;	     /* enum role it is about */
	int32_t signal, status; /* how it ended; 0 when not so */
	uint32_t count;	     /* restarts so far; line of the site file; limit's count */
	uint32_t missing;    /* EVENT_UNCONFINED */
	int32_t pid;	     /* EVENT_ROLE_BACK */
	uint32_t again;	     /* 1: was said before, to a core that is no more */
	int64_t time_ms;     /* EVENT_DEAF: text is the wire's ID, a tab, why; nothing behind it: heard again */
	char text[256];	     /* key=value words or a sentence, English */
};

struct pulse {
	int64_t now_ms;
	uint64_t full;	    /* times a limit of this role was hit */
	uint64_t sent, taken;
	char limit[32];	    /* the page's: which one it was the last time */
};

/* One command for the runner; argv zero-ended, one after the other.  Descriptors:
 * where its output goes, where struct run_done goes when it has ended (closing the
 * other end of that ends the command), and maybe a secret, its descriptor 3. */
struct run {
	uint32_t argc;
	uint32_t deadline_ms;
	char argv[2048];
	char state[PATH_MOST]; /* folder it must not read; set by the keeper */
};
struct run_done {
	int32_t status; /* exit code; negative: -signal */
	uint32_t late;	/* 1: the deadline ended it */
};

struct sample_row { /* packed, 20 bytes: what remote-write is made of */
	uint32_t series;
	uint8_t time_ms[8], value[8]; /* int64_t and double, as memory has them */
};

/* Samples of a series that are not sealed yet, [from, to): all of them, or of each step
 * the highest. */
struct recent_ask {
	uint32_t store, reserved;
	int64_t from_ms, to_ms, step_ms; /* step_ms 0: all */
};

/* All rows of one hour's part have been sent. */
struct wire_told {
	int64_t hour_ms;
	uint32_t part;
	uint32_t last; /* 1: nothing more comes of it */
	uint64_t rows;
};

/* All bytes of what was learned have been sent (wire/learned.h; the first message of them
 * had ticket 0).  They are opaque to core. */
struct wire_learnt {
	int64_t hour_ms;
	uint32_t part;
	uint32_t whole; /* 1: it is in place of all before; 0: of this hour so far */
	uint64_t bytes;
};

/* Answered with {int64 now in UTC, uint32 the highest number there is, then of each series
 * from there on uint16 length, labels}, as many as one message holds. */
struct labels_ask {
	uint32_t from; /* number of a series in the store */
};

struct nack {
	int32_t code; /* KS_FULL: disk or limit, come again; KS_IO; KS_MALFORMED */
	uint32_t reserved;
	char text[WHY_TEXT]; /* English sentence */
};

/* What a person asks of keisoku: words end in zero, times are UTC. */
enum wish_what { WISH_ACKNOWLEDGE, WISH_SILENCE, WISH_MAINTENANCE, WISH_END, WISH_TEST,
	WISH_ESCALATE, /* all channels are told at once, whatever the hour */
	WISH_TAKE,     /* ACKNOWLEDGE by the link of a message: reason is its token */
	WISHES };
struct wish {
	uint32_t what;	  /* enum wish_what */
	uint32_t reserved;
	uint64_t number;  /* ACKNOWLEDGE, ESCALATE, TAKE: a finding; SILENCE: a finding, 0: by subject; END: a window */
	int64_t from_ms, to_ms; /* SILENCE, MAINTENANCE; from 0: now */
	int64_t for_ms;	  /* how long, when to_ms is 0 */
	char who[64];
	char subject[64]; /* SILENCE, MAINTENANCE: an ID, "": everything; TEST, TAKE: a channel */
	char reason[128];
};
struct wished {
	int32_t code;	  /* enum ks_fail */
	uint32_t reserved;
	uint64_t number;  /* of the window that was made */
	char text[WHY_TEXT]; /* English sentence; "" when it is done */
};

/* Who came to the page; refused tries are told together, at most once a minute. */
enum entry_what { ENTRY_LOGIN, ENTRY_REFUSED, ENTRY_LOGOUT, ENTRIES };
struct entry {
	uint32_t what;	/* enum entry_what */
	uint32_t count; /* tries */
	char who[64];	/* REFUSED: a user of that name, ""; never what was typed else */
	char from[48];	/* an address; "" */
};

/* Another system's alert; key is the same for as long as it is the same alert. */
struct alert {
	uint64_t key;
	int64_t starts_ms, ends_ms; /* ends 0: it lasts */
	uint32_t severity; /* enum severity */
	uint32_t reserved;
	char name[40];	   /* alertname */
	char subject[64];  /* instance, host, device ...: as it is called there */
};

/* keisoku about itself, for /metrics and `status`. */
struct self_role {
	int32_t pid;	   /* 0: not running */
	uint32_t restarts;
	uint32_t missing;  /* bits of enum confine_missing */
	uint32_t reserved;
};
struct self {
	int64_t now_ms, started_ms;
	uint64_t readings, samples, batches, refused, series, full;
	uint64_t samples_sealed, samples_head, bytes_chunks, bytes_rollups, bytes_journal,
	    bytes_free_disk;
	double bytes_per_sample, samples_per_day;
	uint32_t disk_full, clean_before; /* 1 / 0 */
	uint32_t findings_open, reserved;
	struct self_role roles[ROLES];
};

struct message_head { /* in the machine's own order: it never leaves the machine */
	uint16_t kind;
	uint16_t count;	 /* records that follow */
	uint32_t bytes;	 /* of all records */
	uint32_t ticket; /* ask and answer carry the same one */
	uint32_t fds;	 /* descriptors with it */
};

struct message {
	struct message_head head;
	struct span body;	/* borrowed until the next message_take */
	int fds[MESSAGE_FDS];	/* the taker's own now; -1 where none */
};

struct message_row {
	const char *name;
	uint32_t from, to;	/* bits 1 << enum role */
	uint32_t record, most;	/* bytes of one record; records at most (0: no body) */
	uint8_t states, next;	/* bits valid in; state afterwards, 0: as it is */
	uint8_t opens, answers; /* enum turn */
	bool closes;		/* ends the turn that it answers */
	uint8_t fds_least, fds_most;
};
extern const struct message_row message_rows[MESSAGE_KINDS];

struct channel_item;
struct channel {
	int fd; /* -1: closed */
	uint8_t self, peer, state;
	uint32_t open[TURNS];
	struct channel_item *first, *last; /* not yet sent */
	size_t queued;			   /* bytes of those */
	uint64_t sent, taken, full;
	uint8_t *room;			   /* LIMIT_MESSAGE bytes for what is taken */
};

/* A connected SEQPACKET pair, non-blocking and close-on-exec. */
KS_MUST int channel_pair(int ret_fds[2], struct why *why);
/* Takes fd over.  self and peer are what the table is read with. */
KS_MUST int channel_init(struct channel *channel, int fd, enum role self, enum role peer,
    struct why *why);
void channel_done(struct channel *channel);

/* Queue and try to send.  count records lie in body; fds are taken over when KS_OK.
 * KS_FULL: the queue holds LIMIT_CHANNEL_QUEUE bytes; counted; come again when
 * channel_waits() is false.  KS_IO: the other side is gone. */
struct parcel {
	enum message_kind kind;
	uint16_t count;
	uint32_t ticket;
	struct span body;
	const int *fds;
	size_t fds_n;
};
KS_MUST int message_send(struct channel *channel, const struct parcel *parcel,
    struct why *why);
/* The commonest: one record, no descriptor. */
KS_MUST int message_say(struct channel *channel, enum message_kind kind, uint32_t ticket,
    struct span record, struct why *why);
/* May this kind go now (state, open turns, room in the queue)? */
bool message_may(const struct channel *channel, enum message_kind kind);
/* Send what is queued; KS_OK also when some is left: then poll for writing. */
KS_MUST int channel_flush(struct channel *channel, struct why *why);
static inline bool channel_waits(const struct channel *channel)
{
	return channel->first != NULL;
}

/* The next message.  KS_ABSENT: none now; KS_IO: the other side is gone;
 * KS_MALFORMED: it broke the rules, its descriptors are closed, drop the channel. */
KS_MUST int message_take(struct channel *channel, struct message *ret_message,
    struct why *why);
/* The check alone, for tests and the fuzzer: packet as it came, on channel's state. */
KS_MUST int message_check(struct channel *channel, struct span packet, size_t fds_n,
    struct message *ret_message, struct why *why);
/* Close the descriptors nobody took. */
void message_drop(struct message *message);

/* Record i of a message into storage of exactly its size; memcpy, so any alignment. */
void message_record(const struct message *message, size_t i, void *ret_record, size_t size);
#endif
