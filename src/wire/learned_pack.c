/* src/wire/learned_pack.c - what was learned as bytes, and back.  Numbers are LEB128:
 *
 * "KSL1" crc length, both of 4 bytes, little-endian; CRC-32C over the rest, which is
 * since until (ms)
 * gaps: n, then (from to), all times as distances from the one before
 * names: n, then (length, bytes), numbered from 1
 * hosts: n, then (family address flags [MAC])
 * relations: n, then (client server name tongue port protocol flags bytes, frames of both
 *   sides, flows unanswered contacts unlocked; entries: n, then (time lasted flags))
 * namings: n, then (host name describes how MAC time), answers: n, then (host name count
 *   time); traceroutes (traceroute.c) */
#include "base/drop.h"
#include "base/hash.h"
#include "wire/learned_in.h"
#include "wire/pack.h"
#include "wire/worker.h"

enum { HEAD = 12, NS_MS = 1000000 };
enum { HOST_MAC = 1, HOST_SEVERAL = 2, HOST_NEAR = 4, HOST_ROUTED = 8 };
enum { RELATION_CLEAR = 1, RELATION_ENCRYPTED = 2, RELATION_QUOTED = 4, RELATION_INSIDE = 8 };
enum { ENTRY_BEGAN = 3, ENTRY_ANSWERED = 4, ENTRY_CLOSED = 8, ENTRY_CLOSED_BITS = 3,
	ENTRY_THINNED = 32 };
/* The least that one takes: how many there can be follows from the bytes. */
enum { GAP_BYTES = 2, NAME_BYTES = 1, HOST_BYTES = 6, RELATION_BYTES = 16, ENTRY_BYTES = 3,
	NAMING_BYTES = 11, ANSWER_BYTES = 4 };

/* -- out -------------------------------------------------------------------------------- */

static void mac_pack(struct text *to, const struct mac *mac)
{
	text_add_span(to, span_of(mac->byte, sizeof mac->byte));
}

static void times_pack(struct text *to, const struct learned *l, int64_t *before)
{
	pack_time(to, l->since_ms, before);
	pack_time(to, l->until_ms, before);
	pack_number(to, l->deaf_n);
	for (size_t i = 0; i < l->deaf_n; i++) {
		pack_time(to, l->deaf[i].from_ns / NS_MS, before);
		pack_time(to, l->deaf[i].to_ns / NS_MS, before);
	}
}

static void names_pack(struct text *to, const struct names *names)
{
	pack_number(to, names->index.n);
	for (uint32_t i = 1; i <= names->index.n; i++) {
		struct span name = span_text(name_at(names, i));

		pack_number(to, name.left);
		text_add_span(to, name);
	}
}

static void hosts_pack(struct text *to, const struct rows *hosts)
{
	pack_number(to, hosts->n);
	for (uint32_t i = 0; i < hosts->n; i++) {
		const struct host_row *host = rows_row(hosts, i);

		pack_address(to, &host->address);
		text_add_char(to, (char)((host->has_mac ? HOST_MAC : 0) |
		    (host->several ? HOST_SEVERAL : 0) | (host->near > 0 ? HOST_NEAR : 0) |
		    (host->routed > host->near ? HOST_ROUTED : 0)));
		if (host->has_mac)
			mac_pack(to, &host->mac);
	}
}

static void tongue_pack(struct text *to, const char *name)
{
	size_t i = 0;

	while (i < tongue_count && strcmp(tongues[i]->name, name) != 0)
		i++;
	/* by name: the next keisoku may have others */
	pack_number(to, i < tongue_count ? strlen(name) : 0);
	text_add(to, i < tongue_count ? name : "");
}

static void relation_pack(struct text *to, const struct relation_row *row)
{
	pack_number(to, row->key.client);
	pack_number(to, row->key.server);
	pack_number(to, row->key.name);
	tongue_pack(to, row->tongue);
	pack_number(to, row->key.port);
	text_add_char(to, (char)row->key.protocol);
	text_add_char(to, (char)((row->clear ? RELATION_CLEAR : 0) |
	    (row->encrypted ? RELATION_ENCRYPTED : 0) | (row->quoted ? RELATION_QUOTED : 0) |
	    (row->key.decrypted ? RELATION_INSIDE : 0)));
	for (unsigned side = 0; side < 2; side++) {
		pack_number(to, row->bytes[side]);
		pack_number(to, row->frames[side]);
	}
	pack_number(to, row->flows);
	pack_number(to, row->unanswered);
	pack_number(to, row->contacts);
	pack_number(to, row->unlocked);
}

static void relations_pack(struct text *to, const struct gather *g, int64_t *before)
{
	uint32_t at = 0;

	pack_number(to, g->relations.n);
	for (uint32_t i = 0; i < g->relations.n; i++) {
		const struct entry_row *entries = rows_row(&g->entries, at);
		uint32_t n = 0;

		while (at + n < g->entries.n && entries[n].relation == i)
			n++;
		relation_pack(to, rows_row(&g->relations, i));
		pack_number(to, n);
		for (uint32_t k = 0; k < n; k++) {
			pack_time(to, entries[k].first_ns / NS_MS, before);
			pack_number(to, entries[k].lasted_ms);
			text_add_char(to, (char)((entries[k].began & ENTRY_BEGAN) |
			    (entries[k].answered ? ENTRY_ANSWERED : 0) |
			    (entries[k].closed & ENTRY_CLOSED_BITS) * ENTRY_CLOSED |
			    (entries[k].thinned ? ENTRY_THINNED : 0)));
		}
		at += n;
	}
}

static void called_pack(struct text *to, const struct gather *g, int64_t *before)
{
	pack_number(to, g->namings.n);
	for (uint32_t i = 0; i < g->namings.n; i++) {
		const struct naming_row *row = rows_row(&g->namings, i);

		pack_number(to, row->host);
		pack_number(to, row->name);
		pack_number(to, row->describes);
		pack_number(to, row->how);
		mac_pack(to, &row->mac);
		pack_time(to, row->last_ns / NS_MS, before);
	}
	pack_number(to, g->answers.n);
	for (uint32_t i = 0; i < g->answers.n; i++) {
		const struct answer_row *row = rows_row(&g->answers, i);

		pack_number(to, row->host);
		pack_number(to, row->name);
		pack_number(to, row->count);
		pack_time(to, row->last_ns / NS_MS, before);
	}
}

static void head_put(struct text *to)
{
	struct span body = span_of(to->at + HEAD, to->len - HEAD);
	uint32_t crc = htole32(crc32c(0, body)), length = htole32((uint32_t)body.left);

	memcpy(to->at, "KSL1", 4);
	memcpy(to->at + 4, &crc, sizeof crc);
	memcpy(to->at + 8, &length, sizeof length);
}

int learned_pack(struct learned *learned, struct text *ret_bytes, struct why *why)
{
	static const uint8_t head[HEAD];

	for (unsigned level = 0;; level++) {
		int64_t before = 0;

		text_clear(ret_bytes);
		text_add_span(ret_bytes, span_of(head, sizeof head));
		times_pack(ret_bytes, learned, &before);
		names_pack(ret_bytes, &learned->gather->names);
		hosts_pack(ret_bytes, &learned->gather->hosts);
		relations_pack(ret_bytes, learned->gather, &before);
		called_pack(ret_bytes, learned->gather, &before);
		tracks_pack(learned->gather->tracks, ret_bytes);
		if (!ret_bytes->full) {
			head_put(ret_bytes);
			return KS_OK;
		}
		if (!learned_may_thin(level + 1))
			return fail(why, KS_FULL, "what was learned does not fit in %zu bytes",
			    ret_bytes->max);
		level++;
		int code = learned_thin(learned, &level, why);

		if (code != KS_OK)
			return code;
		level--;
	}
}

/* -- in --------------------------------------------------------------------------------- */

struct unpack {
	struct span left;
	struct learned *l;
	struct gather *g;
	int64_t before;
	uint32_t *names; /* their numbers here */
	uint64_t names_n, hosts_n;
};

static void broken(struct unpack *u)
{
	u->left = (struct span){ .broken = true };
}

static uint64_t count_cut(struct unpack *u, size_t least)
{
	return pack_below(&u->left, u->left.left / least + 1);
}

static struct mac mac_cut(struct unpack *u)
{
	struct span bytes = span_cut(&u->left, 6);
	struct mac mac = { { 0 } };

	if (bytes.left > 0)
		memcpy(mac.byte, bytes.at, sizeof mac.byte);
	return mac;
}

static int64_t time_cut(struct unpack *u)
{
	return pack_time_cut(&u->left, &u->before);
}

static void times_unpack(struct unpack *u)
{
	struct learned *l = u->l;

	l->since_ms = time_cut(u);
	l->until_ms = time_cut(u);
	uint64_t n = count_cut(u, GAP_BYTES);

	if (l->until_ms < l->since_ms || n > LIMIT_WIRE_LEARNED_GAPS)
		broken(u);
	for (uint64_t i = 0; i < n && !u->left.broken; i++) {
		int64_t from = time_cut(u), to = time_cut(u);

		if (to < from)
			broken(u);
		l->deaf[l->deaf_n++] = (struct audit_gap){ from * NS_MS, to * NS_MS };
	}
}

/* One name may come twice: then they are one here. */
static void names_unpack(struct unpack *u, struct why *why)
{
	uint64_t n = count_cut(u, NAME_BYTES);

	u->names = calloc(n + 1, sizeof *u->names);
	if (u->names == NULL) {
		(void)fail(why, KS_FULL, "out of memory");
		broken(u);
		return;
	}
	for (uint64_t i = 1; i <= n && !u->left.broken; i++) {
		struct span name = span_cut(&u->left, pack_below(&u->left, NAME_LONGEST + 1));

		u->names[i] = name_put(&u->g->names, name);
	}
	u->names_n = n;
}

static uint32_t name_cut(struct unpack *u)
{
	uint64_t number = pack_below(&u->left, u->names_n + 1);

	return u->left.broken ? 0 : u->names[number];
}

static uint32_t host_cut(struct unpack *u)
{
	return (uint32_t)pack_below(&u->left, u->hosts_n);
}

/* Each is a new one, so that numbers here are those there. */
static void hosts_unpack(struct unpack *u)
{
	uint64_t n = count_cut(u, HOST_BYTES);

	for (uint64_t i = 0; i < n && !u->left.broken; i++) {
		struct address at = pack_address_cut(&u->left, ADDRESS_MAC);
		unsigned flags = (unsigned)pack_below(&u->left, (HOST_MAC | HOST_SEVERAL | HOST_NEAR | HOST_ROUTED) + 1);
		bool is_new = false;
		struct host_row *row = u->left.broken ? NULL : rows_put(&u->g->hosts, &at, &is_new);

		if (row == NULL || !is_new) {
			broken(u);
			return;
		}
		row->has_mac = flags & HOST_MAC;
		row->several = (flags & HOST_SEVERAL) != 0;
		row->near = (flags & HOST_NEAR) != 0;
		row->routed = flags & HOST_ROUTED ? row->near + 1 : 0;
		if (row->has_mac)
			row->mac = mac_cut(u);
	}
	u->hosts_n = n;
}

static const char *tongue_cut(struct unpack *u)
{
	struct span name = span_cut(&u->left, pack_below(&u->left, 64));

	for (size_t i = 0; i < tongue_count; i++)
		if (span_equal(name, tongues[i]->name))
			return tongues[i]->name;
	return "";
}

static void entries_unpack(struct unpack *u, struct relation_row *row)
{
	uint32_t relation = rows_index(&u->g->relations, row);
	uint64_t n = count_cut(u, ENTRY_BYTES);
	int64_t last = 0;

	for (uint64_t i = 0; i < n && !u->left.broken; i++) {
		int64_t ms = time_cut(u);
		uint64_t lasted = pack_below(&u->left, UINT32_MAX + 1ull);
		unsigned flags = (unsigned)pack_below(&u->left, 2 * ENTRY_THINNED);
		struct entry_row *entry = u->left.broken || ms < last ? NULL : rows_add(&u->g->entries);

		if (entry == NULL) {
			broken(u);
			return;
		}
		*entry = (struct entry_row){ .first_ns = ms * NS_MS, .relation = relation,
			.lasted_ms = (uint32_t)lasted, .began = flags & ENTRY_BEGAN,
			.answered = (flags & ENTRY_ANSWERED) != 0,
			.closed = flags / ENTRY_CLOSED & ENTRY_CLOSED_BITS,
			.thinned = (flags & ENTRY_THINNED) != 0 };
		row->first_ns = i == 0 ? entry->first_ns : row->first_ns;
		row->last_ns = entry->first_ns;
		last = ms;
	}
}

static void relation_unpack(struct unpack *u)
{
	struct relation_key key = { .client = host_cut(u) };
	bool is_new = false;

	key.server = host_cut(u);
	key.name = name_cut(u);
	const char *tongue = tongue_cut(u);

	key.port = (uint16_t)pack_below(&u->left, UINT16_MAX + 1);
	key.protocol = (uint8_t)span_le(&u->left, 1);
	unsigned flags = (unsigned)pack_below(&u->left, 2 * RELATION_INSIDE);

	key.decrypted = (flags & RELATION_INSIDE) != 0;
	struct relation_row *row = u->left.broken ? NULL
						  : rows_put(&u->g->relations, &key, &is_new);

	if (row == NULL || !is_new) {
		broken(u);
		return;
	}
	row->tongue = tongue;
	row->tongue_frame = tongue[0] != '\0' ? 0 : UINT64_MAX;
	row->clear = flags & RELATION_CLEAR;
	row->encrypted = (flags & RELATION_ENCRYPTED) != 0;
	row->quoted = (flags & RELATION_QUOTED) != 0;
	for (unsigned side = 0; side < 2; side++) {
		row->bytes[side] = varint_cut(&u->left);
		row->frames[side] = varint_cut(&u->left);
	}
	row->flows = varint_cut(&u->left);
	row->unanswered = varint_cut(&u->left);
	row->contacts = varint_cut(&u->left);
	row->unlocked = varint_cut(&u->left);
	entries_unpack(u, row);
}

static void called_unpack(struct unpack *u)
{
	uint64_t n = count_cut(u, NAMING_BYTES);

	for (uint64_t i = 0; i < n && !u->left.broken; i++) {
		struct naming_row key = { .host = host_cut(u) };

		key.name = name_cut(u);
		key.describes = name_cut(u);
		key.how = (uint32_t)pack_below(&u->left, NAME_ARP_ANSWER + 1);
		struct mac mac = mac_cut(u);
		int64_t ms = time_cut(u);
		struct naming_row *row = u->left.broken ? NULL : rows_put(&u->g->namings, &key, NULL);

		if (row == NULL)
			continue;
		row->mac = mac;
		row->count = 1;
		row->last_ns = ms * NS_MS;
	}
	n = count_cut(u, ANSWER_BYTES);
	for (uint64_t i = 0; i < n && !u->left.broken; i++) {
		struct answer_row key = { .host = host_cut(u) };

		key.name = name_cut(u);
		uint64_t count = varint_cut(&u->left);
		int64_t ms = time_cut(u);
		struct answer_row *row = u->left.broken ? NULL : rows_put(&u->g->answers, &key, NULL);

		if (row == NULL)
			continue;
		row->count = count;
		row->first_ns = row->last_ns = ms * NS_MS;
	}
}

/* The body of the first one, if it is whole. */
static struct span body_cut(struct span *bytes)
{
	struct span mark = span_cut(bytes, 4);
	uint32_t crc = (uint32_t)span_le(bytes, 4);
	struct span body = span_cut(bytes, span_le(bytes, 4));

	if (!span_equal(mark, "KSL1") || body.broken || crc32c(0, body) != crc)
		return (struct span){ .broken = true };
	return body;
}

int learned_unpack(struct span *bytes, uint64_t seed, struct learned **ret_learned,
    struct why *why)
{
	struct span all = *bytes;
	struct unpack u = { .left = body_cut(&all) };
	int code = learned_new(seed, &u.l, why);

	if (code != KS_OK)
		return code;
	u.g = u.l->gather;
	times_unpack(&u);
	names_unpack(&u, why);
	hosts_unpack(&u);
	for (uint64_t n = count_cut(&u, RELATION_BYTES); n > 0 && !u.left.broken; n--)
		relation_unpack(&u);
	called_unpack(&u);
	tracks_unpack(u.g->tracks, &u.left);
	free(u.names);
	if (u.left.broken || u.left.left > 0) {
		learned_free(u.l);
		return fail(why, KS_MALFORMED, "what was learned is damaged");
	}
	*bytes = all;
	*ret_learned = u.l;
	return KS_OK;
}
