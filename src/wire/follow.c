#include "wire/follow.h"
#include <stdlib.h>
#include <string.h>

enum { HEAD = 24, RECORD = 16, RECORD_MOST = 256 * 1024 };
#define MAGIC_US 0xa1b2c3d4u
#define MAGIC_NS 0xa1b23c4du

int follow_init(struct follow *follow, struct why *why)
{
	*follow = (struct follow){ .room = malloc(FOLLOW_ROOM) };
	return follow->room != NULL ? KS_OK : fail(why, KS_FULL, "out of memory");
}

void follow_done(struct follow *follow)
{
	free(follow->room);
	follow->room = NULL;
}

size_t follow_place(struct follow *follow, uint8_t **ret_at)
{
	if (follow->at > 0) {
		memmove(follow->room, follow->room + follow->at, follow->end - follow->at);
		follow->end -= follow->at;
		follow->at = 0;
	}
	*ret_at = follow->room + follow->end;
	return FOLLOW_ROOM - follow->end;
}

void follow_got(struct follow *follow, size_t n)
{
	follow->end += n;
}

static uint64_t number(const struct follow *follow, struct span *s, size_t width)
{
	return follow->big_endian ? span_be(s, width) : span_le(s, width);
}

/* Does a file's head begin here? */
static bool is_head(struct span bytes)
{
	uint32_t big = (uint32_t)span_be(&bytes, 4), little = __builtin_bswap32(big);

	return big == MAGIC_US || big == MAGIC_NS || little == MAGIC_US || little == MAGIC_NS;
}

/* What follows is read by it. */
static void head_take(struct follow *follow, struct span bytes)
{
	struct span magic = bytes;
	uint32_t big = (uint32_t)span_be(&magic, 4);

	follow->big_endian = big == MAGIC_US || big == MAGIC_NS;
	follow->nano = big == MAGIC_NS || big == __builtin_bswap32(MAGIC_NS);
	(void)span_cut(&bytes, HEAD - 4);
	follow->link = (uint16_t)number(follow, &bytes, 4);
	follow->begun = true;
	follow->at += HEAD;
}

static int follow_bad(struct follow *follow, const char *what, struct why *why)
{
	follow->over = true;
	return fail(why, KS_MALFORMED, "after %llu frames: %s",
	    (unsigned long long)follow->frames, what);
}

static int record_take(struct follow *follow, struct span bytes, struct frame *ret_frame,
    struct why *why)
{
	uint64_t s = number(follow, &bytes, 4), part = number(follow, &bytes, 4);
	uint32_t captured = (uint32_t)number(follow, &bytes, 4);
	uint32_t length = (uint32_t)number(follow, &bytes, 4);

	if (captured > RECORD_MOST)
		return follow_bad(follow, "no frame is as long as its record says", why);
	if (bytes.left < captured)
		return KS_LATE;
	*ret_frame = (struct frame){ .number = ++follow->frames, .link = follow->link,
		.bytes = span_cut(&bytes, captured), .length = length > captured ? length : captured,
		.time_ns = (int64_t)s * 1000000000 + (int64_t)part * (follow->nano ? 1 : 1000) };
	follow->at += RECORD + captured;
	return KS_OK;
}

int follow_next(struct follow *follow, struct frame *ret_frame, struct why *why)
{
	struct span bytes = span_of(follow->room + follow->at, follow->end - follow->at);

	if (follow->over)
		return KS_ABSENT;
	/* a record that begins with a head's magic would be of 2055 or later */
	while (bytes.left >= HEAD && is_head(bytes)) {
		head_take(follow, bytes);
		(void)span_cut(&bytes, HEAD);
	}
	if (bytes.left < RECORD || is_head(bytes))
		return KS_LATE;
	if (!follow->begun)
		return follow_bad(follow, "this is no capture of the kind pcap", why);
	return record_take(follow, bytes, ret_frame, why);
}
