/* src/wire/flow.h - the table of flows: one record a stream, found by a seeded hash of
 * its direction-neutral key.  Records lie in chunks and never move; a slot of the index
 * is 8 bytes, so that most look-ups touch one line of the index and two of the record.
 * What expired is remembered by its hash alone (8 bytes): should it speak again it is no
 * new stream.
 *
 * Time here is the capture's own clock: the latest time of all frames read so far, in
 * seconds.  It never goes back, and is the same however many threads listen. */
#ifndef KS_WIRE_FLOW_H
#define KS_WIRE_FLOW_H
#include "wire/hashset.h"
#include "wire/packet.h"
#include <stddef.h>

/* Direction-neutral: the lower address and port first. */
struct flow_key {
	uint8_t low[16], high[16]; /* IP addresses; MACs where there is no IP */
	uint16_t low_port, high_port;
	uint8_t protocol, family;
	uint16_t ether_type; /* zero where there is IP; KEY_NO_PORTS */
};
enum { KEY_NO_PORTS = 1 }; /* a fragment, or cut before the ports: no stream of its own */
_Static_assert(sizeof(struct flow_key) == 40, "hashed as bytes: no padding");

enum flow_flag {
	FLOW_OPENED = 1,      /* its SYN was seen */
	FLOW_QUOTED = 2,      /* known only from an ICMP error */
	FLOW_DEAF = 4,	      /* no tongue is looked for any more */
	FLOW_SECRET = 8,      /* encrypted, said a tongue */
	FLOW_SPOKE = 16,      /* << side: that side has spoken (16, 32) */
	FLOW_BASE = 64,	      /* << side: base_seq is known (64, 128) */
	FLOW_FIN = 256,	      /* << side: FIN seen (256, 512) */
	FLOW_RESET = 1024,
	FLOW_CLOSED_BY = 2048, /* the server closed first */
	FLOW_TURNED = 4096,    /* client is the key's high side */
	FLOW_TOLD = 8192,     /* << side: the first bytes were told as unknown (8192, 16384) */
	FLOW_HANDSHAKE = 32768 /* its round trip is known, or can not be any more */
};

struct cold; /* wire/worker.h: what only some flows have */

/* In three lines of memory: the first is enough to find it and to see that it lives on,
 * the second to count, the third is for what changes seldom. */
struct flow {
	struct flow_key key;
	uint32_t last_clock;
	uint16_t flags;
	bool used;
	uint8_t tongue; /* its number in the table, TONGUE_NONE */
	int64_t last_ns;
	struct cold *cold;

	uint32_t frames[2], bytes[2], payload[2]; /* of the slice, by enum said_side */
	uint32_t base_seq[2], next_seq[2];	  /* TCP: first, and highest end */
	uint16_t retransmits[2];
	uint8_t began;	/* enum slice_began */
	uint8_t tries : 7; /* datagrams shown to guesses */
	uint8_t uncounted : 1; /* only fragments of it came yet: no stream so far */
	uint8_t ttl[2];
	uint64_t last_frame;
	char *name; /* as content says; NULL not known */

	int64_t slice_ns; /* first packet of the slice */
	uint64_t slice_frame, first_frame;
	struct mac mac[2]; /* by side */
	uint32_t missing[2];
	uint32_t handshake_us;
	uint32_t tag, low_hash; /* both halves of the key's hash */
	uint16_t vlan;
	uint32_t diary; /* its number (diary.h), and one; 0 none */
};

struct flow_table {
	struct flow_slot *slots;
	size_t slot_count, used, most; /* most: records that memory allows */
	struct flow **chunks;
	size_t chunk_count, chunk_room, made; /* records ever made */
	uint32_t *free;
	size_t free_count, free_room;
	struct hashset seen; /* what expired */
	size_t hand; /* of the sweep */
	size_t gone; /* chunks that were given back */
};

bool flow_table_init(struct flow_table *table, size_t memory);
void flow_table_done(struct flow_table *table);
/* At the end of a capture: the index goes, nobody is looked for again, a last sweep begins.
 * What it has passed is given back, so that what is told of flows can take its place. */
void flow_table_close(struct flow_table *table);
void flow_table_passed(struct flow_table *table);
size_t flow_table_memory(const struct flow_table *table);

/* The key of a packet; false when it has neither IP nor MAC addresses. */
bool flow_key_of(const struct packet *packet, struct flow_key *ret_key, bool *ret_turned);
uint64_t flow_hash(const struct flow_key *key, uint64_t seed);
/* Of the addresses alone: flows between two hosts go together. */
uint32_t flow_pair_hash(const struct flow_key *key, uint64_t seed);
/* Ask for the index's line, and later for the record's: memory is far. */
void flow_prefetch_slot(const struct flow_table *table, uint64_t hash);
void flow_prefetch(const struct flow_table *table, uint64_t hash);
struct flow *flow_find(const struct flow_table *table, const struct flow_key *key,
    uint64_t hash);
/* A zeroed record in the index; NULL when the table is full: make room first. */
struct flow *flow_add(struct flow_table *table, const struct flow_key *key, uint64_t hash);
/* Ask for what flow_remove(), remembering, will touch. */
void flow_prefetch_removal(const struct flow_table *table, const struct flow *flow);
/* Out of the index; `remember` keeps its hash. */
void flow_remove(struct flow_table *table, struct flow *flow, bool remember);
/* The next record in use of those at the sweep's hand; NULL when none of the next
 * `looks` is. */
struct flow *flow_sweep(struct flow_table *table, size_t *looks);
#endif
