/* pcap as libpcap has written it since 1993: one interface, records of seconds,
 * fraction, captured and original length.  Variants are known by the magic (modified:
 * Alexey Kuznetzov's, with 8 more bytes a record) and the version (before 2.3 the two
 * lengths were the other way round; 2.3 and AIX did either). */
#include "wire/capture_inside.h"

enum { PCAP_HEAD = 24, RECORD = 16, RECORD_MODIFIED = 24 };

static uint32_t number_at(const struct capture *capture, const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof value);
	return capture->big_endian ? be32toh(value) : le32toh(value);
}

static int pcap_next(struct capture *capture, struct frame *ret_frame, struct why *why)
{
	const struct interface *interface = &capture->interfaces[0];
	size_t head = capture->record_head;
	int code = capture_need(capture, head, why);

	if (code != KS_OK)
		return code;
	/* a head is never shorter than these four */
	const uint8_t *at = capture_at(capture);
	uint32_t s = number_at(capture, at), part = number_at(capture, at + 4);
	uint32_t captured = number_at(capture, at + 8), length = number_at(capture, at + 12);

	if (capture->swap_lengths == 2 || (capture->swap_lengths == 1 && captured > length)) {
		uint32_t was = captured;

		captured = length;
		length = was;
	}
	if (captured > LUMP_SIZE - RECORD_MODIFIED)
		return capture_stop_bad(capture, "no frame is as long as its record says", why);
	code = capture_need(capture, head + captured, why);
	if (code != KS_OK)
		return code;
	at = capture_at(capture) + head;
	ret_frame->time_ns =
	    (int64_t)s * 1000000000 + (int64_t)part * (interface->units == 1000000 ? 1000 : 1);
	ret_frame->length = length > captured ? length : captured;
	ret_frame->link = interface->link;
	ret_frame->interface = 0;
	capture_eat(capture, head + captured);
	/* the next record's head is wanted soon, and its line was not touched yet */
	__builtin_prefetch(at + captured);
	return capture_frame(capture, span_of(at, captured), ret_frame);
}

int pcap_begin(struct capture *capture, struct why *why)
{
	struct span head;
	int code = capture_peek(capture, PCAP_HEAD, &head, why);

	if (code != KS_OK)
		return code;
	uint32_t magic = (uint32_t)span_be(&head, 4);

	capture->big_endian = magic >> 16 == 0xa1b2;
	if (!capture->big_endian)
		magic = __builtin_bswap32(magic);
	uint32_t major = (uint32_t)capture_number(capture, &head, 2);
	uint32_t minor = (uint32_t)capture_number(capture, &head, 2);

	(void)span_cut(&head, 8); /* time zone and accuracy: always zero */
	struct interface interface = {
		.units = magic == 0xa1b23c4d ? 1000000000 : 1000000,
		.snap = (uint32_t)capture_number(capture, &head, 4),
	};

	/* the upper half tells of a frame check sequence, which lies behind all lengths */
	interface.link = (uint16_t)capture_number(capture, &head, 4);
	capture->record_head = magic == 0xa1b2cd34 ? RECORD_MODIFIED : RECORD;
	if (major == 2 && minor < 3)
		capture->swap_lengths = 2;
	else if ((major == 2 && minor == 3) || major == 543)
		capture->swap_lengths = 1;
	capture->facts.format = "pcap";
	capture->next = pcap_next;
	capture_eat(capture, PCAP_HEAD);
	return capture_interface_add(capture, interface, why);
}
