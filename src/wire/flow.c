/* Index, records and memory of what expired. */
#include "wire/flow.h"
#include <stdlib.h>
#include <sys/mman.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { CHUNK_SHIFT = 10, CHUNK = 1 << CHUNK_SHIFT, FIRST_SLOTS = 4096, AHEAD = 8 };

struct flow_slot {
	uint32_t tag;
	uint32_t number; /* of the record, from 1; 0: empty */
};

bool flow_table_init(struct flow_table *table, size_t memory)
{
	*table = (struct flow_table){ .slot_count = FIRST_SLOTS };
	table->most = memory / (sizeof(struct flow) + 4 * sizeof(struct flow_slot));
	if (table->most < CHUNK)
		table->most = CHUNK;
	table->seen.most = table->most * 8;
	table->slots = calloc(FIRST_SLOTS, sizeof *table->slots);
	return table->slots != NULL;
}

/* Of the system itself, not of malloc(), which would keep what it gets back: what is told
 * of flows at the end takes as much again. */
static struct flow *chunk_new(void)
{
	void *chunk = mmap(NULL, CHUNK * sizeof(struct flow), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0);

	return chunk != MAP_FAILED ? chunk : NULL;
}

static void chunk_free(struct flow *chunk)
{
	(void)munmap(chunk, CHUNK * sizeof(struct flow));
}

void flow_table_done(struct flow_table *table)
{
	for (size_t i = table->gone; i < table->chunk_count; i++)
		chunk_free(table->chunks[i]);
	free(table->chunks);
	free(table->slots);
	free(table->free);
	hashset_done(&table->seen);
	*table = (struct flow_table){ .slot_count = 0 };
}

void flow_table_close(struct flow_table *table)
{
	free(table->slots);
	free(table->free);
	hashset_done(&table->seen);
	table->slots = NULL;
	table->free = NULL;
	table->slot_count = table->free_count = table->free_room = table->hand = 0;
}

void flow_table_passed(struct flow_table *table)
{
	size_t passed = table->hand > 0 ? (table->hand - 1) >> CHUNK_SHIFT : 0;

	for (; table->gone < passed; table->gone++)
		chunk_free(table->chunks[table->gone]);
}

size_t flow_table_memory(const struct flow_table *table)
{
	return table->chunk_count * CHUNK * sizeof(struct flow) +
	    table->slot_count * sizeof(struct flow_slot) +
	    table->free_room * sizeof *table->free + table->seen.room * sizeof *table->seen.at;
}

static struct flow *flow_at(const struct flow_table *table, uint32_t number)
{
	number--;
	return &table->chunks[number >> CHUNK_SHIFT][number & (CHUNK - 1)];
}

/* -- keys ---------------------------------------------------------------------------------- */

/* An address in two halves: so it is read as it was written, and need not wait for that. */
struct halves {
	uint64_t at[2];
};

static struct halves halves_of(const uint8_t *bytes, size_t n)
{
	struct halves halves = { { 0, 0 } };

	memcpy(&halves.at[0], bytes, n < 8 ? n : 8);
	if (n > 8)
		memcpy(&halves.at[1], bytes + 8, 8);
	return halves;
}

static int halves_order(struct halves a, struct halves b)
{
	bool first = a.at[0] == b.at[0];
	uint64_t left = be64toh(a.at[first]), right = be64toh(b.at[first]);

	return (left > right) - (left < right);
}

static void halves_put(uint8_t *to, struct halves halves)
{
	memcpy(to, &halves.at[0], 8);
	memcpy(to + 8, &halves.at[1], 8);
}

bool flow_key_of(const struct packet *packet, struct flow_key *ret_key, bool *ret_turned)
{
	struct flow_key *key = ret_key;
	bool ip = packet->layer >= PACKET_NETWORK, turned;

	if (!ip && !packet->has_mac)
		return false;
	struct halves from = ip ? halves_of(packet->from.byte, 16)
				: halves_of(packet->mac_from.byte, sizeof packet->mac_from);
	struct halves to = ip ? halves_of(packet->to.byte, 16)
			      : halves_of(packet->mac_to.byte, sizeof packet->mac_to);
	int order = halves_order(from, to);

	turned = order > 0 || (order == 0 && packet->from_port > packet->to_port);
	halves_put(key->low, turned ? to : from);
	halves_put(key->high, turned ? from : to);
	key->low_port = turned ? packet->to_port : packet->from_port;
	key->high_port = turned ? packet->from_port : packet->to_port;
	key->protocol = packet->protocol;
	key->family = packet->from.family;
	key->ether_type = ip ? 0 : packet->ether_type;
	if (packet->layer == PACKET_NETWORK &&
	    (packet->protocol == IP_TCP || packet->protocol == IP_UDP))
		key->ether_type = KEY_NO_PORTS;
	*ret_turned = turned;
	return true;
}

uint64_t flow_hash(const struct flow_key *key, uint64_t seed)
{
	return XXH3_64bits_withSeed(key, sizeof *key, seed);
}

uint32_t flow_pair_hash(const struct flow_key *key, uint64_t seed)
{
	return (uint32_t)(XXH3_64bits_withSeed(key, sizeof key->low + sizeof key->high, seed) >>
	    32);
}

/* -- index ------------------------------------------------------------------------------------ */

/* A slot's home follows from its tag, so that moving it needs no look at the record. */
static size_t slot_of(const struct flow_table *table, uint64_t hash)
{
	return (size_t)(hash >> 32) & (table->slot_count - 1);
}

void flow_prefetch_slot(const struct flow_table *table, uint64_t hash)
{
	__builtin_prefetch(&table->slots[slot_of(table, hash)]);
}

void flow_prefetch(const struct flow_table *table, uint64_t hash)
{
	enum { LINE = 64, LINES = 3 };
	const struct flow_slot *slot = &table->slots[slot_of(table, hash)];
	const char *record;

	if (slot->number == 0) { /* a new one: was it met before? */
		hashset_prefetch(&table->seen, hash);
		return;
	}
	record = (const char *)flow_at(table, slot->number);
	for (int i = 0; i < LINES; i++)
		__builtin_prefetch(record + (ptrdiff_t)i * LINE);
}

struct flow *flow_find(const struct flow_table *table, const struct flow_key *key,
    uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);

	for (size_t i = slot_of(table, hash);; i = (i + 1) & (table->slot_count - 1)) {
		const struct flow_slot *slot = &table->slots[i];

		if (slot->number == 0)
			return NULL;
		if (slot->tag == tag) {
			struct flow *flow = flow_at(table, slot->number);

			if (memcmp(&flow->key, key, sizeof *key) == 0)
				return flow;
		}
	}
}

static void slot_put(struct flow_slot *slots, size_t count, struct flow_slot slot)
{
	size_t i = slot.tag & (count - 1);

	while (slots[i].number != 0)
		i = (i + 1) & (count - 1);
	slots[i] = slot;
}

static bool index_grow(struct flow_table *table)
{
	size_t count = table->slot_count * 2;
	struct flow_slot *slots = calloc(count, sizeof *slots);

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < table->slot_count; i++)
		if (table->slots[i].number != 0)
			slot_put(slots, count, table->slots[i]);
	free(table->slots);
	table->slots = slots;
	table->slot_count = count;
	return true;
}

/* -- records ------------------------------------------------------------------------------------- */

static bool chunk_add(struct flow_table *table)
{
	if (table->chunk_count == table->chunk_room) {
		size_t room = table->chunk_room > 0 ? table->chunk_room * 2 : 64;
		struct flow **more = realloc(table->chunks, room * sizeof(struct flow *));

		if (more == NULL)
			return false;
		table->chunks = more;
		table->chunk_room = room;
	}
	struct flow *chunk = chunk_new();

	if (chunk == NULL)
		return false;
	table->chunks[table->chunk_count++] = chunk;
	return true;
}

static uint32_t record_take(struct flow_table *table)
{
	if (table->free_count > 0)
		return table->free[--table->free_count];
	if (table->made == table->chunk_count * CHUNK && !chunk_add(table))
		return 0;
	return (uint32_t)++table->made;
}

struct flow *flow_add(struct flow_table *table, const struct flow_key *key, uint64_t hash)
{
	uint32_t number;

	if (table->used >= table->most ||
	    (table->used + 1 > table->slot_count / 4 * 3 && !index_grow(table)))
		return NULL;
	number = record_take(table);
	if (number == 0)
		return NULL;
	struct flow *flow = flow_at(table, number);

	*flow = (struct flow){ .key = *key, .tag = (uint32_t)(hash >> 32),
		.low_hash = (uint32_t)hash, .used = true };
	slot_put(table->slots, table->slot_count, (struct flow_slot){ flow->tag, number });
	table->used++;
	return flow;
}

/* Close the hole in a run of slots: each later one that may move up does. */
static void slot_close(struct flow_table *table, size_t hole)
{
	size_t mask = table->slot_count - 1;

	for (size_t i = (hole + 1) & mask; table->slots[i].number != 0; i = (i + 1) & mask) {
		size_t home = table->slots[i].tag & mask;

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			table->slots[hole] = table->slots[i];
			hole = i;
		}
	}
	table->slots[hole] = (struct flow_slot){ .number = 0 };
}

void flow_prefetch_removal(const struct flow_table *table, const struct flow *flow)
{
	uint64_t hash = (uint64_t)flow->tag << 32 | flow->low_hash;

	__builtin_prefetch(&table->slots[slot_of(table, hash)]);
	hashset_prefetch(&table->seen, hash);
}

void flow_remove(struct flow_table *table, struct flow *flow, bool remember)
{
	size_t mask = table->slot_count - 1, i = flow->tag & mask;
	uint64_t hash = (uint64_t)flow->tag << 32 | flow->low_hash;

	while (table->slots[i].tag != flow->tag || table->slots[i].number == 0 ||
	    flow_at(table, table->slots[i].number) != flow)
		i = (i + 1) & mask;
	uint32_t number = table->slots[i].number;

	slot_close(table, i);
	flow->used = false;
	table->used--;
	if (remember)
		(void)hashset_add(&table->seen, hash);
	if (table->free_count == table->free_room) {
		size_t room = table->free_room > 0 ? table->free_room * 2 : 1024;
		uint32_t *more = realloc(table->free, room * sizeof *more);

		if (more == NULL)
			return; /* this record is not used again */
		table->free = more;
		table->free_room = room;
	}
	table->free[table->free_count++] = number;
}

struct flow *flow_sweep(struct flow_table *table, size_t *looks)
{
	while (*looks > 0 && table->made > 0) {
		if (table->hand >= table->made)
			table->hand = 0;
		struct flow *flow = flow_at(table, (uint32_t)++table->hand);

		if (table->hand + AHEAD <= table->made)
			__builtin_prefetch(flow_at(table, (uint32_t)table->hand + AHEAD));
		--*looks;
		if (flow->used)
			return flow;
	}
	return NULL;
}
