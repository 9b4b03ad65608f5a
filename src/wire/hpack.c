/* src/wire/hpack.c - RFC 7541. */
#include "wire/hpack.h"
#include "base/must.h"

enum { SYMBOLS = 257, LONGEST = 30, STATIC = 61, OVERHEAD = 32, ENTRY_HEAD = 4 };

/* The code is canonical: how many symbols have each length, and the symbols in the order
 * of their codes (RFC 7541, appendix B). */
static const uint8_t counts[LONGEST + 1] = { 0, 0, 0, 0, 0, 10, 26, 32, 6, 0, 5, 3, 2, 6, 2, 3, 0, 0, 0, 3,
	8, 13, 26, 29, 12, 4, 15, 19, 29, 0, 4 };
static const uint16_t symbols[SYMBOLS] = {
#include "wire/hpack_symbols.inc"
};

static const struct {
	const char *name, *value;
} fixed[STATIC] = { /* RFC 7541, appendix A */
	{ ":authority", "" }, { ":method", "GET" }, { ":method", "POST" }, { ":path", "/" },
	{ ":path", "/index.html" }, { ":scheme", "http" }, { ":scheme", "https" },
	{ ":status", "200" }, { ":status", "204" }, { ":status", "206" }, { ":status", "304" },
	{ ":status", "400" }, { ":status", "404" }, { ":status", "500" },
	{ "accept-charset", "" }, { "accept-encoding", "gzip, deflate" },
	{ "accept-language", "" }, { "accept-ranges", "" }, { "accept", "" },
	{ "access-control-allow-origin", "" }, { "age", "" }, { "allow", "" },
	{ "authorization", "" }, { "cache-control", "" }, { "content-disposition", "" },
	{ "content-encoding", "" }, { "content-language", "" }, { "content-length", "" },
	{ "content-location", "" }, { "content-range", "" }, { "content-type", "" },
	{ "cookie", "" }, { "date", "" }, { "etag", "" }, { "expect", "" }, { "expires", "" },
	{ "from", "" }, { "host", "" }, { "if-match", "" }, { "if-modified-since", "" },
	{ "if-none-match", "" }, { "if-range", "" }, { "if-unmodified-since", "" },
	{ "last-modified", "" }, { "link", "" }, { "location", "" }, { "max-forwards", "" },
	{ "proxy-authenticate", "" }, { "proxy-authorization", "" }, { "range", "" },
	{ "referer", "" }, { "refresh", "" }, { "retry-after", "" }, { "server", "" },
	{ "set-cookie", "" }, { "strict-transport-security", "" }, { "transfer-encoding", "" },
	{ "user-agent", "" }, { "vary", "" }, { "via", "" }, { "www-authenticate", "" },
};

bool hpack_huffman(struct span code, struct text *text)
{
	uint32_t bits = 0, first = 0, index = 0;
	unsigned len = 0;

	for (size_t i = 0; i < code.left * 8; i++) {
		bits = bits << 1 | (uint32_t)(code.at[i / 8] >> (7 - i % 8) & 1);
		must(++len <= LONGEST); /* the code is complete: every 30 bits say something */
		if (bits - first < counts[len]) {
			uint16_t symbol = symbols[index + bits - first];

			if (symbol == SYMBOLS - 1)
				return false; /* the end is never said */
			text_add_char(text, (char)symbol);
			bits = first = index = len = 0;
			continue;
		}
		index += counts[len];
		first = (first + counts[len]) << 1;
	}
	return len < 8 && bits == (1u << len) - 1; /* padding is of ones */
}

/* A number whose first part fills `prefix` bits (RFC 7541 5.1). */
static uint64_t cut_number(struct span *s, unsigned prefix)
{
	uint64_t most = (1u << prefix) - 1, value = span_be(s, 1) & most;

	if (value < most)
		return value;
	for (unsigned shift = 0; shift <= 28 && !s->broken; shift += 7) {
		uint64_t byte = span_be(s, 1);

		value += (byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return value;
	}
	s->broken = true;
	return 0;
}

/* A string, unpacked into text; false when it is broken or has no room. */
static bool cut_string(struct span *s, struct text *text)
{
	bool packed = s->left > 0 && (s->at[0] & 0x80) != 0;
	uint64_t n = cut_number(s, 7);
	struct span bytes = span_cut(s, n <= s->left ? (size_t)n : SIZE_MAX);

	if (s->broken)
		return false;
	if (packed)
		return hpack_huffman(bytes, text) && !text->full;
	text_add_span(text, bytes);
	return !text->full;
}

static size_t entry_cut(struct span *s, struct span *ret_name, struct span *ret_value)
{
	size_t name = (size_t)span_le(s, 2), value = (size_t)span_le(s, 2);

	*ret_name = span_cut(s, name);
	*ret_value = span_cut(s, value);
	return name + value;
}

/* The field of an index, 1 the first of the static table; false when there is none. */
static bool find(const struct hpack *hpack, uint64_t index, struct span *ret_name,
    struct span *ret_value)
{
	struct span entries = span_of(hpack->room, hpack->used);

	if (index == 0 || index > STATIC + (uint64_t)hpack->entries)
		return false;
	if (index <= STATIC) {
		*ret_name = span_text(fixed[index - 1].name);
		*ret_value = span_text(fixed[index - 1].value);
		return true;
	}
	/* the newest is last, and has the lowest index */
	for (uint64_t skip = hpack->entries - (index - STATIC); skip > 0; skip--)
		(void)entry_cut(&entries, ret_name, ret_value);
	(void)entry_cut(&entries, ret_name, ret_value);
	return !entries.broken;
}

static void evict_to(struct hpack *hpack, size_t size)
{
	struct span entries = span_of(hpack->room, hpack->used), name, value;

	while (hpack->size > size) {
		hpack->size -= entry_cut(&entries, &name, &value) + OVERHEAD;
		hpack->entries--;
	}
	if (entries.left < hpack->used && entries.left > 0)
		memmove(hpack->room, entries.at, entries.left);
	hpack->used = entries.left;
}

/* name and value must not lie in the table itself: it moves. */
static void insert(struct hpack *hpack, struct span name, struct span value)
{
	size_t size = name.left + value.left + OVERHEAD;
	uint8_t *to;

	evict_to(hpack, size <= hpack->max ? hpack->max - size : 0);
	if (size > hpack->max)
		return; /* it empties the table, by design (RFC 7541 4.4) */
	must(name.left <= UINT16_MAX && value.left <= UINT16_MAX); /* as is every table of ours */
	to = hpack->room + hpack->used;
	to[0] = (uint8_t)name.left;
	to[1] = (uint8_t)(name.left >> 8);
	to[2] = (uint8_t)value.left;
	to[3] = (uint8_t)(value.left >> 8);
	if (name.left > 0)
		memcpy(to + ENTRY_HEAD, name.at, name.left);
	if (value.left > 0)
		memcpy(to + ENTRY_HEAD + name.left, value.at, value.left);
	hpack->used += ENTRY_HEAD + name.left + value.left;
	hpack->size += size;
	hpack->entries++;
}

/* A literal field: its name by index or in full, then its value. */
static bool literal(struct hpack *hpack, struct span *block, unsigned prefix,
    struct text *room, const struct hpack_sink *sink)
{
	uint64_t index = cut_number(block, prefix);
	struct span name, unused;
	size_t name_len;

	if (index > 0) {
		if (!find(hpack, index, &name, &unused))
			return false;
		text_add_span(room, name);
	} else if (!cut_string(block, room)) {
		return false;
	}
	name_len = room->len;
	if (!cut_string(block, room))
		return false;
	struct span value = text_span(room);

	name = span_cut(&value, name_len);
	sink->field(sink->context, name, value);
	if (prefix == 6)
		insert(hpack, name, value);
	return true;
}

int hpack_block(struct hpack *hpack, struct span block, struct text *room,
    const struct hpack_sink *sink)
{
	struct span name, value;

	while (block.left > 0) {
		uint8_t first = block.at[0];

		text_clear(room);
		if ((first & 0x80) != 0) {
			if (!find(hpack, cut_number(&block, 7), &name, &value))
				return KS_MALFORMED;
			sink->field(sink->context, name, value);
		} else if ((first & 0xe0) == 0x20) {
			uint64_t max = cut_number(&block, 5);

			if (block.broken || max > hpack->room_size)
				return KS_MALFORMED;
			hpack->max = (size_t)max;
			evict_to(hpack, hpack->max);
		} else if (!literal(hpack, &block, (first & 0x40) != 0 ? 6 : 4, room, sink)) {
			return KS_MALFORMED;
		}
	}
	return KS_OK;
}
