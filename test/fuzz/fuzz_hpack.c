/* Any bytes as header blocks, one after the other (each behind two bytes of length): the
 * table never passes its maximum. */
#include "base/must.h"
#include "wire/hpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear(void *context, struct span name, struct span value)
{
	*(size_t *)context += name.left + value.left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t table[512];
	struct hpack hpack = { .room = table, .room_size = sizeof table, .max = sizeof table };
	struct span rest = span_of(data, size);
	struct text room;
	size_t heard = 0;
	struct hpack_sink sink = { hear, &heard };

	text_init(&room, 4096);
	while (rest.left > 2) {
		size_t n = (size_t)span_be(&rest, 2);

		if (hpack_block(&hpack, span_cut(&rest, n < rest.left ? n : rest.left), &room, &sink) !=
		    KS_OK)
			break;
		must(hpack.size <= hpack.max && hpack.used <= sizeof table);
	}
	text_done(&room);
	return 0;
}
