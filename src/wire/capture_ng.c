/* pcapng (draft-ietf-opsawg-pcapng): blocks of sections, interfaces, frames, names,
 * counters and secrets; each section has its own byte order and interfaces. */
#include "base/limits.h"
#include "wire/capture_inside.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete */
	BLOCK_SIMPLE = 3,
	BLOCK_NAMES = 4,
	BLOCK_COUNTERS = 5,
	BLOCK_ENHANCED = 6,
	BLOCK_SECRETS = 10,
	BLOCK_HEAD = 8,	 /* type and length */
	BLOCK_FRAME = 12, /* and the length again */
	SECRETS_TLS = 0x544c534b
};

/* The next option: false at the end.  Values are padded to four bytes. */
static bool option_next(const struct capture *capture, struct span *options,
    uint16_t *ret_code, struct span *ret_value)
{
	if (options->left < 4)
		return false;
	uint16_t code = (uint16_t)capture_number(capture, options, 2);
	size_t len = (size_t)capture_number(capture, options, 2);

	*ret_value = span_cut(options, len);
	if (options->broken || code == 0)
		return false;
	(void)span_cut(options, (4 - len % 4) % 4);
	*ret_code = code;
	return true;
}

static int section_read(struct capture *capture, struct span body)
{
	uint16_t code;
	struct span value;

	(void)span_cut(&body, 4 + 4 + 8); /* magic, version, length of the section */
	capture->section_first = capture->interface_count;
	while (capture->facts.application[0] == '\0' &&
	    option_next(capture, &body, &code, &value)) {
		size_t n = sizeof capture->facts.application - 1;

		if (code == 4 && value.left > 0)
			memcpy(capture->facts.application, value.at, value.left < n ? value.left : n);
	}
	return KS_OK;
}

static uint64_t units_of(uint64_t resolution)
{
	uint64_t units = 1;

	if (resolution & 0x80)
		return (uint64_t)1 << ((resolution & 0x7f) < 63 ? (resolution & 0x7f) : 63);
	for (uint64_t i = 0; i < resolution && i < 18; i++)
		units *= 10;
	return units;
}

static int interface_read(struct capture *capture, struct span body, struct why *why)
{
	struct interface interface = { .units = 1000000 };
	uint16_t code;
	struct span value;

	interface.link = (uint16_t)capture_number(capture, &body, 2);
	(void)span_cut(&body, 2);
	interface.snap = (uint32_t)capture_number(capture, &body, 4);
	if (body.broken)
		return capture_stop_bad(capture, "an interface block too short", why);
	while (option_next(capture, &body, &code, &value))
		if (code == 9 && value.left == 1)
			interface.units = units_of(span_be(&value, 1));
		else if (code == 14 && value.left == 8)
			interface.offset_s = (int64_t)capture_number(capture, &value, 8);
	return capture_interface_add(capture, interface, why);
}

static void names_read(const struct capture *capture, struct span body)
{
	while (capture->ears.name != NULL && body.left >= 4) {
		uint16_t kind = (uint16_t)capture_number(capture, &body, 2);
		size_t len = (size_t)capture_number(capture, &body, 2);
		struct span row = span_cut(&body, len);

		if (kind == 0 || row.broken)
			break;
		(void)span_cut(&body, (4 - len % 4) % 4);
		struct address address = address_of(span_cut(&row, kind == 1 ? 4 : 16));

		while (kind <= 2 && address.family != ADDRESS_NONE && row.left > 0) {
			struct span name = span_until(&row, 0);

			if (name.left > 0)
				capture->ears.name(capture->ears.context, &address, name);
		}
	}
}

/* Counted since the capture began: of one interface the newest is the sum. */
static void counters_read(struct capture *capture, struct span body)
{
	uint64_t number = capture_number(capture, &body, 4), dropped = 0;
	uint16_t code;
	struct span value;

	(void)span_cut(&body, 8); /* time */
	while (option_next(capture, &body, &code, &value))
		if ((code == 5 || code == 7) && value.left == 8) /* by interface, by system */
			dropped += capture_number(capture, &value, 8);
	if (number >= capture->interface_count - capture->section_first)
		return;
	struct interface *of = &capture->interfaces[capture->section_first + number];

	if (dropped <= of->dropped)
		return;
	capture->facts.dropped += dropped - of->dropped;
	of->dropped = dropped;
}

static void secrets_read(const struct capture *capture, struct span body)
{
	uint64_t kind = capture_number(capture, &body, 4);
	size_t len = (size_t)capture_number(capture, &body, 4);
	struct span text = span_cut(&body, len < body.left ? len : body.left);

	if (kind == SECRETS_TLS && text.left > 0 && capture->ears.secrets != NULL)
		capture->ears.secrets(capture->ears.context, text);
}

/* Frames of the three kinds; their body begins behind the block's head. */
static int frame_read(struct capture *capture, uint32_t type, struct span body,
    struct frame *ret_frame, struct why *why)
{
	uint32_t number = 0, captured;
	uint64_t high = 0, low = 0;

	if (type == BLOCK_ENHANCED) {
		number = (uint32_t)capture_number(capture, &body, 4);
	} else if (type == BLOCK_PACKET) {
		number = (uint32_t)capture_number(capture, &body, 2);
		uint64_t drops = capture_number(capture, &body, 2);

		capture->facts.dropped += drops == 0xffff ? 0 : drops;
	}
	if (number >= capture->interface_count - capture->section_first)
		return capture_stop_bad(capture, "a frame of an interface that was not described", why);
	const struct interface *interface =
	    &capture->interfaces[capture->section_first + number];

	if (type == BLOCK_SIMPLE) {
		ret_frame->length = (uint32_t)capture_number(capture, &body, 4);
		captured = (uint32_t)(ret_frame->length < body.left ? ret_frame->length : body.left);
		if (interface->snap > 0 && captured > interface->snap)
			captured = interface->snap;
		ret_frame->time_ns = 0;
	} else {
		high = capture_number(capture, &body, 4);
		low = capture_number(capture, &body, 4);
		captured = (uint32_t)capture_number(capture, &body, 4);
		ret_frame->length = (uint32_t)capture_number(capture, &body, 4);
		ret_frame->time_ns = interface_time(interface, high << 32 | low);
	}
	struct span bytes = span_cut(&body, captured);

	if (body.broken)
		return capture_stop_bad(capture, "a frame longer than its block", why);
	if (ret_frame->length < captured)
		ret_frame->length = captured;
	ret_frame->link = interface->link;
	ret_frame->interface = capture->section_first + number;
	return capture_frame(capture, bytes, ret_frame);
}

/* Type and length of the next block; a section tells its own byte order. */
static int block_head(struct capture *capture, uint32_t *ret_type, uint32_t *ret_len,
    struct why *why)
{
	struct span head;
	int code = capture_peek(capture, BLOCK_HEAD, &head, why);

	if (code != KS_OK)
		return code;
	uint32_t type = (uint32_t)capture_number(capture, &head, 4);

	if (type == BLOCK_SECTION) {
		code = capture_peek(capture, BLOCK_FRAME, &head, why);
		if (code != KS_OK)
			return code == KS_ABSENT ? capture_stop_short(capture, why) : code;
		(void)span_cut(&head, 4);
		struct span magic = head;

		(void)span_cut(&magic, 4);
		uint64_t order = span_be(&magic, 4);

		if (order != 0x1a2b3c4d && order != 0x4d3c2b1a)
			return capture_stop_bad(capture, "a section without byte order", why);
		capture->big_endian = order == 0x1a2b3c4d;
	}
	uint32_t len = (uint32_t)capture_number(capture, &head, 4);

	if (len < BLOCK_FRAME || len > UINT32_MAX - 3)
		return capture_stop_bad(capture, "a block with an impossible length", why);
	*ret_type = type;
	*ret_len = (len + 3) & ~UINT32_C(3);
	return KS_OK;
}

static int block_read(struct capture *capture, uint32_t type, struct span body,
    struct frame *ret_frame, struct why *why)
{
	switch (type) {
	case BLOCK_SECTION:
		return section_read(capture, body);
	case BLOCK_INTERFACE:
		return interface_read(capture, body, why);
	case BLOCK_NAMES:
		names_read(capture, body);
		return KS_OK;
	case BLOCK_COUNTERS:
		counters_read(capture, body);
		return KS_OK;
	case BLOCK_SECRETS:
		secrets_read(capture, body);
		return KS_OK;
	default:
		return frame_read(capture, type, body, ret_frame, why);
	}
}

static bool block_known(uint32_t type)
{
	return (type >= BLOCK_INTERFACE && type <= BLOCK_ENHANCED) || type == BLOCK_SECTION ||
	    type == BLOCK_SECRETS;
}

static bool block_is_frame(uint32_t type)
{
	return type == BLOCK_ENHANCED || type == BLOCK_SIMPLE || type == BLOCK_PACKET;
}

static int pcapng_next(struct capture *capture, struct frame *ret_frame, struct why *why)
{
	for (;;) {
		uint32_t type = 0, len = 0;
		struct span block;
		int code = block_head(capture, &type, &len, why);

		if (code != KS_OK)
			return code;
		if (len > LUMP_SIZE && block_is_frame(type))
			return capture_stop_bad(capture, "no frame is as long as its record says", why);
		if (len > LUMP_SIZE || !block_known(type)) {
			capture->facts.skipped += len > LUMP_SIZE;
			code = capture_skip(capture, len, why);
			if (code != KS_OK)
				return code;
			continue;
		}
		code = capture_peek(capture, len, &block, why);
		if (code != KS_OK)
			return code;
		(void)span_cut(&block, BLOCK_HEAD);
		block.left -= 4;
		struct span tail = span_of(block.at + block.left, 4);

		if (((capture_number(capture, &tail, 4) + 3) & ~UINT64_C(3)) != len)
			return capture_stop_bad(capture, "a block whose two lengths differ", why);
		capture_eat(capture, len);
		code = block_read(capture, type, block, ret_frame, why);
		if (code != KS_OK || block_is_frame(type))
			return code;
	}
}

int pcapng_begin(struct capture *capture, struct why *why)
{
	uint32_t type = 0, len = 0;

	capture->facts.format = "pcapng";
	capture->next = pcapng_next;
	return block_head(capture, &type, &len, why);
}
