/* snoop, of Solaris (RFC 1761): big-endian, records padded to four bytes. */
#include "wire/capture_inside.h"

enum { SNOOP_HEAD = 16, SNOOP_RECORD = 24, SNOOP_ETHERNET = 4 };

static int snoop_next(struct capture *capture, struct frame *ret_frame, struct why *why)
{
	struct span bytes;
	int code = capture_peek(capture, SNOOP_RECORD, &bytes, why);

	if (code != KS_OK)
		return code;
	uint32_t length = (uint32_t)span_be(&bytes, 4);
	uint32_t captured = (uint32_t)span_be(&bytes, 4);
	uint32_t record = (uint32_t)span_be(&bytes, 4);

	capture->facts.dropped = span_be(&bytes, 4); /* a running sum */
	uint64_t s = span_be(&bytes, 4), us = span_be(&bytes, 4);

	if (record < SNOOP_RECORD || captured > record - SNOOP_RECORD || record > LUMP_SIZE)
		return capture_stop_bad(capture, "no frame is as long as its record says", why);
	code = capture_peek(capture, record, &bytes, why);
	if (code != KS_OK)
		return code;
	(void)span_cut(&bytes, SNOOP_RECORD);
	ret_frame->time_ns = (int64_t)(s * 1000000000 + us * 1000);
	ret_frame->length = length > captured ? length : captured;
	ret_frame->link = capture->interfaces[0].link;
	ret_frame->interface = 0;
	capture_eat(capture, record);
	return capture_frame(capture, span_cut(&bytes, captured), ret_frame);
}

int snoop_begin(struct capture *capture, struct why *why)
{
	static const uint16_t links[] = { 1, 0xffff, 6, 0xffff, 1, 0xffff, 0xffff, 0xffff, 10 };
	struct span head;
	int code = capture_peek(capture, SNOOP_HEAD, &head, why);

	if (code != KS_OK)
		return code;
	if (memcmp(head.at, "snoop\0\0\0", 8) != 0)
		return capture_stop_bad(capture, "neither pcap, pcapng nor snoop", why);
	(void)span_cut(&head, 8);
	if (span_be(&head, 4) != 2)
		return capture_stop_bad(capture, "a snoop version that nobody writes", why);
	uint64_t link = span_be(&head, 4);
	struct interface interface = { .units = 1000000, .link = 0xffff };

	if (link < sizeof links / sizeof *links)
		interface.link = links[link];
	capture->facts.format = "snoop";
	capture->next = snoop_next;
	capture_eat(capture, SNOOP_HEAD);
	return capture_interface_add(capture, interface, why);
}
