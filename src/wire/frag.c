/* Datagrams wait in buckets by hash, and in one list by age. */
#include "wire/frag.h"
#include "base/hash.h"
#include "base/limits.h"
#include <stdlib.h>

enum { BUCKETS = 256, DATAGRAM_MAX = 65535 };

struct piece {
	uint32_t begin, end;
};

struct datagram {
	struct datagram *next;		/* of its bucket */
	struct datagram *older, *newer; /* of all */
	struct address from, to;
	uint32_t id, total; /* total: 0 until the last piece is here */
	uint8_t protocol;
	bool spoilt; /* given up; later pieces of it are passed over */
	bool has_ports;
	uint16_t from_port, to_port;
	int64_t first_ns;
	struct piece pieces[LIMIT_FRAGMENT_PIECES]; /* sorted, apart from each other */
	uint32_t count, room;
	uint8_t *bytes;
};

struct fragments {
	uint64_t seed;
	struct datagram *buckets[BUCKETS];
	struct datagram *oldest, *newest;
	size_t memory, waiting;
	struct fragment_counts counts;
};

struct fragments *fragments_new(uint64_t seed)
{
	struct fragments *fragments = calloc(1, sizeof *fragments);

	if (fragments != NULL)
		fragments->seed = seed;
	return fragments;
}

static size_t bucket_of(const struct fragments *fragments, const struct fragment *piece)
{
	uint8_t key[16 + 16 + 4 + 1];

	memcpy(key, piece->from.byte, 16);
	memcpy(key + 16, piece->to.byte, 16);
	memcpy(key + 32, &piece->id, 4);
	key[36] = piece->protocol;
	return hash_of(span_of(key, sizeof key), fragments->seed) % BUCKETS;
}

static size_t bucket_again(const struct fragments *fragments, const struct datagram *d)
{
	struct fragment key = { .from = d->from, .to = d->to, .id = d->id,
		.protocol = d->protocol };

	return bucket_of(fragments, &key);
}

/* Out of both lists; its bytes stay. */
static void datagram_leave(struct fragments *fragments, struct datagram *d)
{
	struct datagram **link = &fragments->buckets[bucket_again(fragments, d)];

	while (*link != d)
		link = &(*link)->next;
	*link = d->next;
	if (d->older != NULL)
		d->older->newer = d->newer;
	else
		fragments->oldest = d->newer;
	if (d->newer != NULL)
		d->newer->older = d->older;
	else
		fragments->newest = d->older;
	fragments->memory -= sizeof *d + d->room;
	fragments->waiting--;
}

static void datagram_lose(struct fragments *fragments, struct datagram *d)
{
	datagram_leave(fragments, d);
	fragments->counts.lost += !d->spoilt; /* that one was counted */
	free(d->bytes);
	free(d);
}

void fragments_free(struct fragments *fragments)
{
	if (fragments == NULL)
		return;
	while (fragments->oldest != NULL)
		datagram_lose(fragments, fragments->oldest);
	free(fragments);
}

static void fragments_expire(struct fragments *fragments, int64_t now_ns)
{
	const int64_t patience = (int64_t)LIMIT_FRAGMENT_S * 1000000000;

	while (fragments->oldest != NULL &&
	    (fragments->waiting >= LIMIT_FRAGMENT_DATAGRAMS ||
		fragments->memory > LIMIT_FRAGMENT_MEMORY ||
		(now_ns > patience && fragments->oldest->first_ns < now_ns - patience)))
		datagram_lose(fragments, fragments->oldest);
}

static struct datagram *datagram_new(struct fragments *fragments, size_t bucket,
    const struct fragment *piece)
{
	struct datagram *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	d->from = piece->from;
	d->to = piece->to;
	d->id = piece->id;
	d->protocol = piece->protocol;
	d->first_ns = piece->time_ns;
	d->next = fragments->buckets[bucket];
	fragments->buckets[bucket] = d;
	d->older = fragments->newest;
	if (d->older != NULL)
		d->older->newer = d;
	else
		fragments->oldest = d;
	fragments->newest = d;
	fragments->memory += sizeof *d;
	fragments->waiting++;
	return d;
}

static struct datagram *datagram_find(struct fragments *fragments,
    const struct fragment *piece)
{
	size_t bucket = bucket_of(fragments, piece);

	for (struct datagram *d = fragments->buckets[bucket]; d != NULL; d = d->next)
		if (d->id == piece->id && d->protocol == piece->protocol &&
		    address_equal(&d->from, &piece->from) && address_equal(&d->to, &piece->to))
			return d;
	return datagram_new(fragments, bucket, piece);
}

static bool datagram_room(struct fragments *fragments, struct datagram *d, uint32_t end)
{
	uint32_t room = d->room > 0 ? d->room : 2048;
	uint8_t *more;

	while (room < end)
		room *= 2;
	if (room == d->room)
		return true;
	more = realloc(d->bytes, room);
	if (more == NULL)
		return false;
	fragments->memory += room - d->room;
	d->bytes = more;
	d->room = room;
	return true;
}

/* Put the piece in: bytes that are there already stay.  False when pieces are too many. */
static bool datagram_put(struct datagram *d, uint32_t begin, struct span bytes,
    bool *ret_differs, bool *ret_overlaps)
{
	uint32_t end = begin + (uint32_t)bytes.left, at = begin;
	uint32_t first = 0, last;

	while (first < d->count && d->pieces[first].end < begin)
		first++;
	for (last = first; last < d->count && d->pieces[last].begin <= end; last++) {
		struct piece *old = &d->pieces[last];
		uint32_t from = old->begin > begin ? old->begin : begin;
		uint32_t to = old->end < end ? old->end : end;

		if (from < to) {
			*ret_overlaps = true;
			*ret_differs |= memcmp(d->bytes + from, bytes.at + (from - begin),
					    to - from) != 0;
		}
		if (at < old->begin)
			memcpy(d->bytes + at, bytes.at + (at - begin), old->begin - at);
		at = old->end > at ? old->end : at;
	}
	if (at < end)
		memcpy(d->bytes + at, bytes.at + (at - begin), end - at);
	if (last == first && d->count == LIMIT_FRAGMENT_PIECES)
		return false;
	struct piece joined = { begin, end };

	if (last > first) {
		joined.begin = d->pieces[first].begin < begin ? d->pieces[first].begin : begin;
		joined.end = d->pieces[last - 1].end > end ? d->pieces[last - 1].end : end;
	}
	memmove(&d->pieces[first + 1], &d->pieces[last],
	    (d->count - last) * sizeof *d->pieces);
	d->pieces[first] = joined;
	d->count = d->count - (last - first) + 1;
	return true;
}

static bool datagram_spoil(struct fragments *fragments, struct datagram *d)
{
	fragments->counts.lost += !d->spoilt;
	d->spoilt = true;
	return false;
}

/* False while the datagram is not whole. */
static bool datagram_take(struct fragments *fragments, struct datagram *d,
    const struct fragment *piece, bool *ret_differs)
{
	struct span bytes = piece->bytes;
	uint64_t end = (uint64_t)piece->at + bytes.left;
	bool overlaps = false;

	if (d->spoilt)
		return false;
	if (d->total != 0 && end > d->total && piece->at < d->total && piece->more) {
		bytes.left = d->total - piece->at; /* past what the last piece said */
		end = d->total;
		*ret_differs = true;
	}
	if (end > DATAGRAM_MAX || bytes.left == 0 ||
	    (d->total != 0 && (end > d->total || (!piece->more && end != d->total))) ||
	    !datagram_room(fragments, d, (uint32_t)end))
		return datagram_spoil(fragments, d);
	if (!datagram_put(d, piece->at, bytes, ret_differs, &overlaps))
		return datagram_spoil(fragments, d);
	if (*ret_differs && piece->from.family == ADDRESS_6)
		return datagram_spoil(fragments, d);
	if (!piece->more)
		d->total = (uint32_t)end;
	return d->total != 0 && d->count == 1 && d->pieces[0].begin == 0 &&
	    d->pieces[0].end == d->total;
}

static void ports_take(struct datagram *d, const struct fragment *piece)
{
	bool has = piece->protocol == IP_UDP || piece->protocol == IP_TCP;

	if (piece->at != 0 || !has || piece->bytes.left < 4 || d->has_ports)
		return;
	d->from_port = (uint16_t)(piece->bytes.at[0] << 8 | piece->bytes.at[1]);
	d->to_port = (uint16_t)(piece->bytes.at[2] << 8 | piece->bytes.at[3]);
	d->has_ports = true;
}

void fragments_take(struct fragments *fragments, const struct fragment *piece,
    struct fragment_whole *ret_whole)
{
	struct fragment_whole whole = { .bytes = NULL };
	struct datagram *d;

	fragments->counts.taken++;
	fragments_expire(fragments, piece->time_ns);
	d = datagram_find(fragments, piece);
	if (d != NULL) {
		ports_take(d, piece);
		d->spoilt |= piece->cut;
		whole.has_ports = d->has_ports;
		whole.from_port = d->from_port;
		whole.to_port = d->to_port;
	}
	if (d != NULL && datagram_take(fragments, d, piece, &whole.overlap)) {
		datagram_leave(fragments, d);
		whole.bytes = d->bytes;
		whole.length = d->total;
		free(d);
	}
	*ret_whole = whole;
}

struct fragment_counts fragments_counts(const struct fragments *fragments)
{
	struct fragment_counts counts = fragments->counts;

	counts.lost += fragments->waiting; /* still waiting at the end is lost too */
	for (const struct datagram *d = fragments->oldest; d != NULL; d = d->newer)
		counts.lost -= d->spoilt;
	return counts;
}
