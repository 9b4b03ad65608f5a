/* src/wire/http_body.c - see http_body.h. */
#include "wire/http_body.h"
#include "base/drop.h"
#include "base/limits.h"
#include "base/text.h"
#include "wire/decode.h"

/* What a server sends is read where it may be about a person; programs, styles, pictures
 * and films are not.  What a device sends is always read: pictures carry places. */
static bool is_wanted(const struct said_http *said)
{
	static const char *const never[] = { "video/", "audio/", "font/", "zip", "x-7z" };
	static const char *const from_server[] = { "text/plain", "text/html", "json", "xml",
		"form", "multipart", "vcard", "csv" };
	struct span type = said->content_type;

	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (word_in(type, never[i]))
			return false;
	if (!said->response)
		return true;
	for (size_t i = 0; i < sizeof from_server / sizeof *from_server; i++)
		if (word_in(type, from_server[i]))
			return true;
	return false;
}

enum packing { PACKED_NOT, PACKED_ZIP, PACKED_BROTLI, PACKED_ZSTD, PACKED_UNKNOWN };

static enum packing packing_of(struct span encoding)
{
	if (encoding.left == 0 || word_is(encoding, "identity"))
		return PACKED_NOT;
	if (word_in(encoding, "gzip") || word_in(encoding, "deflate"))
		return PACKED_ZIP;
	return word_is(encoding, "br") ? PACKED_BROTLI : word_is(encoding, "zstd") ? PACKED_ZSTD
	    : PACKED_UNKNOWN;
}

static int unpack(uint8_t packing, struct span from, struct text *plain)
{
	return packing == PACKED_BROTLI ? unbrotli(from, plain)
	    : packing == PACKED_ZSTD ? unzstd(from, plain) : unzip(from, plain);
}

void http_body_begin(struct http_body *body, const struct http_head *head)
{
	const struct said_http *said = &head->said;
	size_t n = said->content_type.left < HTTP_TYPE ? said->content_type.left : HTTP_TYPE;

	body->seen = 0;
	body->magic_n = 0;
	body->broken = false;
	body->wanted = is_wanted(said);
	body->packed = (uint8_t)packing_of(said->content_encoding);
	body->unread = body->packed == PACKED_UNKNOWN && body->wanted;
	/* dictionaries and what comes after us are not unpacked: nothing can be read in them */
	if (body->packed == PACKED_UNKNOWN) {
		body->wanted = false;
		body->packed = PACKED_NOT;
	}
	if (n > 0)
		memcpy(body->type, said->content_type.at, n);
	body->type_n = (uint16_t)n;
}

bool http_body_take(struct http_body *body, struct talk *talk, struct span bytes)
{
	struct span part = bytes;
	size_t room = HTTP_MAGIC - body->magic_n;

	body->seen += bytes.left;
	if (!body->broken || body->seen == bytes.left) {
		struct span magic = span_cut(&part, part.left < room ? part.left : room);

		if (magic.left > 0)
			memcpy(body->magic + body->magic_n, magic.at, magic.left);
		body->magic_n = (uint16_t)(body->magic_n + magic.left);
	}
	body->wanted = body->wanted && talk_wants_bodies(talk);
	if (!body->wanted)
		return body->magic_n < HTTP_MAGIC;
	if (body->packed != PACKED_NOT && body->broken)
		return false; /* after a hole nothing more can be unpacked */
	size_t fits = body->bytes.len < LIMIT_HTTP_BODY ? LIMIT_HTTP_BODY - body->bytes.len : 0;

	part = span_cut(&bytes, bytes.left < fits ? bytes.left : fits);
	if (part.left > 0 && talk_hold(talk, &body->bytes, part, LIMIT_HTTP_BODY) != KS_OK)
		body->wanted = false;
	return body->wanted && bytes.left == 0;
}

void http_body_gap(struct http_body *body, struct talk *talk, uint64_t n)
{
	static const uint8_t mark[] = "\n"; /* what stands on both sides is not one word */

	body->seen += n;
	body->broken = true;
	if (body->wanted && body->packed == PACKED_NOT)
		(void)!talk_hold(talk, &body->bytes, span_of(mark, 1), LIMIT_HTTP_BODY);
}

void http_body_skipped(struct http_body *body, uint64_t n)
{
	body->seen += n;
}

struct span http_body_end(struct http_body *body, struct talk *talk,
    const struct said_body *about, const struct body_sink *sink, uint8_t room[HTTP_MAGIC])
{
	struct said_body whole = *about;
	KS_DROP(text) struct text plain;
	struct span magic = span_of(body->magic, body->magic_n);

	whole.content_type = span_of(body->type, body->type_n);
	whole.bytes = hold_span(&body->bytes);
	text_init(&plain, LIMIT_BODY_PLAIN);
	if (body->packed != PACKED_NOT) {
		struct span from = whole.bytes.left > 0 ? whole.bytes : magic;

		int code = unpack(body->packed, from, &plain);

		body->unread = code == KS_MALFORMED && plain.len == 0 && body->wanted;
		magic = text_span(&plain);
		magic.left = magic.left < HTTP_MAGIC ? magic.left : HTTP_MAGIC;
		whole.bytes = whole.bytes.left > 0 ? text_span(&plain) : whole.bytes;
	}
	if (body->wanted && whole.bytes.left > 0)
		body_tell(&whole, sink);
	if (magic.left > 0)
		memcpy(room, magic.at, magic.left);
	talk_hold_free(talk, &body->bytes);
	body->seen = 0;
	body->magic_n = 0;
	return span_of(room, magic.left);
}
