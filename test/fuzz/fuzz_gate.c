/* test/fuzz/fuzz_gate.c - any number that a device may give, of any kind at any place: what
 * passes the gate as good is possible. */
#include "base/must.h"
#include "sense/gate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t scales[][2] = { { 1, 1 }, { 1, 10 }, { 1, 1000 }, { 10, 1 }, { 1000, 1 } };
	struct span s = span_of(data, size);
	struct offer offer = { .kind = (uint8_t)(span_be(&s, 1) % MEASURES),
		.quality = (uint8_t)(span_be(&s, 1) % QUALITIES),
		.place = (uint8_t)(span_be(&s, 1) % PLACES) };
	const int64_t *scale = scales[span_be(&s, 1) % 5];
	int64_t raw = (int64_t)span_be(&s, 8), plain = 0;
	enum doubt doubt = gate_raw((enum measure)offer.kind, raw, scale[0], scale[1], &plain);

	must(doubt < DOUBTS && (plain == raw || doubt == DOUBT_SIGN));
	offer.milli = raw;
	offer_gate(&offer);
	must(offer.quality != QUALITY_OK || measure_possible(offer.kind, offer.milli));
	(void)celsius_of(raw);
	return 0;
}
