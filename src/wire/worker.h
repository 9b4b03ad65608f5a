/* src/wire/worker.h - the inside of the engine: one worker has flows, streams and talks
 * of its own and shares nothing. */
#ifndef KS_WIRE_WORKER_H
#define KS_WIRE_WORKER_H
#include "wire/diary.h"
#include "wire/dns.h"
#include "wire/flow.h"
#include "wire/hashset.h"
#include "wire/keylog.h"
#include "wire/talk.h"

enum { TONGUE_NONE = 0xff, RECENT_HOSTS = 256, HOSTS_WAIT = 32 };

/* A piece of a stream that came before its turn. */
struct segment {
	struct segment *next;
	uint32_t seq, length; /* length as sent; `here` bytes of it were captured */
	uint32_t here;
	uint8_t bytes[];
};

/* What was handed on lately, to see whether it comes again with other bytes. */
struct handed {
	uint32_t seq, length;
	uint64_t sum;
};
enum { HANDED = 4 };

/* One direction of a TCP stream. */
struct half {
	uint32_t next; /* the byte wanted next */
	uint32_t acked; /* by the other side */
	uint32_t fin;	/* the byte after its last */
	bool known, acked_known, fin_known, over;
	uint8_t wild;	      /* segments far outside of the window, in a row */
	uint8_t hole_packets; /* packets seen since the hole opened */
	uint8_t handed_at;
	uint32_t wild_next;
	uint32_t queued, queue_count;
	int64_t hole_ns;
	struct segment *queue; /* by sequence, apart from each other */
	struct handed handed[HANDED];
};

/* What only a flow has that somebody listens to. */
struct cold {
	struct talk talk;
	struct half half[2];
};

/* First bytes of both sides, in the order they came, until a tongue is found. */
enum { GUESS_PIECES = 8 };
struct guessing {
	struct hold first[2];
	struct guess_piece {
		uint8_t side;
		uint32_t length;
	} pieces[GUESS_PIECES];
	uint8_t count;
	bool given_up; /* no tongue knows it: the first bytes are only told */
};

struct worker_counts {
	uint64_t tcp, udp, other, evicted, gap_bytes, overlaps, secrets_full;
};

struct ear_worker {
	struct flow_table flows;
	const struct listener *ears;
	struct keylog *keys;
	size_t held, held_most;	      /* bytes of tongues and of streams */
	struct hashset hosts;
	uint64_t recent_hosts[RECENT_HOSTS]; /* most flows are of hosts just met */
	uint64_t hosts_wait[HOSTS_WAIT]; /* not in `hosts` yet: their memory is on the way */
	size_t hosts_waiting;
	uint64_t seed;
	struct worker_counts counts;

	struct dns_room *dns; /* for one message */
	struct diaries diaries;

	/* of the packet being taken */
	int64_t time_ns;
	uint64_t frame;
	uint32_t sub, clock;
	bool turn; /* talk_turn was asked for */
	struct flow *flow;
	struct flow_view view; /* of that flow, when view_of == flow */
	const struct flow *view_of;
};

KS_MUST int worker_init(struct ear_worker *worker, const struct listener *ears,
    uint64_t seed, size_t memory, struct why *why);
void worker_done(struct ear_worker *worker);
/* A packet whose key and hash are known already. */
struct worker_packet {
	const struct packet *packet;
	const struct flow_key *key;
	uint64_t hash;
	uint32_t clock; /* the capture's, in seconds: see flow.h */
	bool turned;
};
void worker_take(struct ear_worker *worker, const struct worker_packet *in);
void slice_tell(struct ear_worker *worker, struct flow *flow, enum slice_ended ended);
void slice_clear(struct flow *flow, enum slice_began began);

/* -- ending.c ---------------------------------------------------------------------------------- */
void flow_end(struct ear_worker *worker, struct flow *flow, enum slice_ended ended);
bool flow_expired(const struct flow *flow, uint32_t clock);
void flow_expire(struct ear_worker *worker, struct flow *flow, enum slice_ended ended);
/* If the sides of the flow were taken for each other, all that is kept by side changes places. */
void flow_turn(struct ear_worker *worker, struct flow *flow);
/* The table is full: one goes. */
void worker_evict(struct ear_worker *worker);
/* Look at a few flows for those that expired. */
void worker_sweep(struct ear_worker *worker, uint32_t clock);
/* What each flow has sent since it was told last is told now, of those whose slice is older
 * than least_ns (the flows live on); what expired by then ends. */
void worker_report(struct ear_worker *worker, int64_t now_ns, int64_t least_ns);
/* Live: flows that were closed a moment ago are told now; expire: those that are silent for
 * long end, although no packet comes; then listener.tick. */
void worker_tick(struct ear_worker *worker, int64_t now_ns, bool expire);
/* Every flow ends; clock: of the whole capture. */
void worker_end(struct ear_worker *worker, uint32_t clock);
static inline bool flow_turned(const struct flow *flow)
{
	return flow->flags & FLOW_TURNED;
}
/* A flow's view is filled when it is asked for. */
struct flow_view *worker_view(struct ear_worker *worker, const struct flow *flow);
void worker_said(struct ear_worker *worker, const struct flow *flow, enum said_side side,
    struct said_head *ret_head);

/* -- hosts.c: addresses counted once --------------------------------------------------------- */
void host_count(struct ear_worker *worker, const struct address *address);
/* Those that wait still. */
void hosts_add(struct ear_worker *worker);

/* -- stream.c: TCP in order ---------------------------------------------------------------- */
void stream_take(struct ear_worker *worker, struct flow *flow, const struct packet *packet,
    enum said_side side);
/* What waits is handed on with gaps; then the talk ends. */
void stream_end(struct ear_worker *worker, struct flow *flow);
/* -- talk.c: guesses and tongues -------------------------------------------------------------- */
struct cold *cold_new(struct ear_worker *worker, struct flow *flow);
void talk_begin(struct ear_worker *worker, struct talk *talk);
void talk_take(struct talk *talk, enum said_side side, struct span bytes);
void talk_gap(struct talk *talk, enum said_side side, uint64_t n);
void talk_half(struct talk *talk, enum said_side side);
void talk_end(struct talk *talk);
/* The talk's tongue begins (false without memory), hears, ends. */
bool talk_tongue(struct talk *talk, const struct tongue *tongue);
void talk_deliver(struct talk *talk, enum said_side side, struct span bytes);
void talk_tongue_end(struct talk *talk);
/* One UDP datagram of a flow. */
void talk_datagram(struct ear_worker *worker, struct flow *flow, enum said_side side,
    struct span bytes);
/* -- tongues.c -------------------------------------------------------------------------------- */
extern const struct tongue *const tongues[];
extern const size_t tongue_count;
/* -- neighbours.c: what is said below TCP and UDP ------------------------------------------------ */
void neighbours_take(struct ear_worker *worker, const struct flow *flow,
    const struct packet *packet, enum said_side side);
#endif
