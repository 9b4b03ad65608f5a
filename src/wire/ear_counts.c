/* src/wire/ear_counts.c - what was counted between two moments. */
#include "wire/ear.h"
#include <string.h>

struct ear_counts ear_counts_since(const struct ear_counts *now, const struct ear_counts *was)
{
	struct ear_counts since = *now;
	uint64_t *const of[] = { &since.frames, &since.frame_bytes, &since.captured_bytes,
		&since.outer_ip_bytes, &since.tcp, &since.udp, &since.other, &since.evicted,
		&since.fragments, &since.fragments_lost, &since.malformed, &since.cut,
		&since.unknown_link, &since.gap_bytes, &since.overlaps };

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		uint64_t before;

		memcpy(&before, (const char *)was + ((char *)of[i] - (char *)&since), sizeof before);
		*of[i] -= before;
	}
	return since;
}
