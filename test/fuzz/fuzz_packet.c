/* test/fuzz/fuzz_packet.c - any bytes as a frame of any link type (the first two bytes
 * are its number): what is read lies within the frame, and says no more than it may. */
#include "base/must.h"
#include "wire/capture.h"
#include "wire/frag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool within(struct span part, struct span whole)
{
	return part.left == 0 || (part.at >= whole.at && part.at + part.left <= whole.at + whole.left);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(data, size);
	struct frame frame = { .number = 1, .time_ns = 1000000000 };
	struct fragments *fragments = fragments_new(7);
	struct packet packet;
	char text[ADDRESS_TEXT];

	frame.link = (uint16_t)span_be(&rest, 2);
	while (fragments != NULL && rest.left > 0) { /* several frames: length, bytes */
		size_t length = (size_t)span_be(&rest, 2);

		frame.bytes = span_cut(&rest, length < rest.left ? length : rest.left);
		frame.length = (uint32_t)frame.bytes.left;
		packet_read(&frame, fragments, &packet);
		must(packet.datagram != NULL || within(packet.payload, frame.bytes));
		must(packet.carriers <= PACKET_CARRIERS);
		must(packet.layer < PACKET_NETWORK || packet.from.family != ADDRESS_NONE);
		must(address_show(&packet.from, text) == text);
		packet_drop(&packet);
		frame.number++;
		frame.time_ns += 1000000000;
	}
	if (fragments != NULL)
		must(fragments_counts(fragments).taken < frame.number);
	fragments_free(fragments);
	return 0;
}
