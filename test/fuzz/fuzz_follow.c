/* test/fuzz/fuzz_follow.c - a pcap stream that comes in pieces: the first byte says how
 * large they are.  However it is cut, the frames are the same. */
#include "wire/follow.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	uint64_t frames, bytes, times;
	int code;
};

static struct sum followed(const uint8_t *data, size_t size, size_t piece)
{
	struct follow follow;
	struct sum sum = { .frames = 0 };
	struct frame frame;
	struct why why;

	if (follow_init(&follow, &why) != KS_OK)
		return sum;
	while (size > 0 && sum.code != KS_MALFORMED) {
		uint8_t *at;
		size_t n = follow_place(&follow, &at);

		n = n < piece ? n : piece;
		n = n < size ? n : size;
		if (n == 0)
			abort(); /* a record is never longer than the room */
		memcpy(at, data, n);
		follow_got(&follow, n);
		data += n;
		size -= n;
		while ((sum.code = follow_next(&follow, &frame, &why)) == KS_OK) {
			sum.frames++;
			sum.bytes += frame.bytes.left > 0 ? frame.bytes.left + frame.bytes.at[0] : 0;
			sum.times += (uint64_t)frame.time_ns;
			if (frame.length < frame.bytes.left)
				abort();
		}
	}
	follow_done(&follow);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sum one, whole;

	if (size == 0)
		return 0;
	one = followed(data + 1, size - 1, data[0] % 64 + 1);
	whole = followed(data + 1, size - 1, size);
	if (one.frames != whole.frames || one.bytes != whole.bytes || one.times != whole.times)
		abort();
	return 0;
}
