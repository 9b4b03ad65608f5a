/* test/fuzz/fuzz_message.c - a role taken over says anything: byte 0 picks the two
 * ends, then packets of {u16 length, bytes} on one channel.  Whatever passes must be
 * what its row says. */
#include "base/must.h"
#include "guard/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t ends[][2] = { { ROLE_KEEPER, ROLE_POLLER }, { ROLE_CORE, ROLE_POLLER },
		{ ROLE_CORE, ROLE_PAGE }, { ROLE_PAGE, ROLE_CORE }, { ROLE_POLLER, ROLE_KEEPER } };
	struct span in = span_of(data, size);
	uint8_t pick = (uint8_t)(span_be(&in, 1) % 5);
	struct channel channel = { .fd = -1, .self = ends[pick][0], .peer = ends[pick][1],
		.state = CHANNEL_NEW };

	channel.open[TURN_STATUS] = channel.open[TURN_SAMPLES] = 1;
	while (in.left > 0 && !in.broken) {
		struct span packet = span_cut(&in, (size_t)span_le(&in, 2));
		struct message message;

		size_t fds = packet.left > 64 ? 0 : packet.left % 4;

		if (packet.broken || message_check(&channel, packet, fds, &message, NULL) != KS_OK)
			continue;
		const struct message_row *row = &message_rows[message.head.kind];

		must(message.head.bytes == message.body.left);
		must(message.head.count <= row->most);
		must(message.body.left == (size_t)message.head.count * row->record);
		must((row->from >> channel.peer & 1) != 0 && (row->to >> channel.self & 1) != 0);
	}
	return 0;
}
