/* test/fuzz/fuzz_remote_write.c - any bytes as an unpacked remote-write request, read
 * twice: the second time through what the first one remembered, with the same result. */
#include "base/must.h"
#include "page/remote_write.h"
#include "store/labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void labels_of_all(const struct known *known)
{
	for (uint32_t i = 1; i < known->n; i++) {
		struct text labels;

		text_init(&labels, LIMIT_LABELS_BYTES);
		if (remote_write_labels(span_of(known->at[i].raw, known->at[i].len), &labels,
		    NULL) == KS_OK)
			must(labels_check(text_span(&labels), NULL) == KS_OK);
		text_done(&labels);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct known known;
	struct rows first = { .n = 0 }, second = { .n = 0 };

	known_init(&known, size);
	int bad = remote_write_read(span_of(data, size), &known, &first, NULL);

	must(remote_write_read(span_of(data, size), &known, &second, NULL) == bad);
	must(first.n == second.n);
	for (size_t i = 0; i < first.n; i++)
		must(first.at[i].series == second.at[i].series && first.at[i].series > 0 &&
		    first.at[i].series < known.n);
	labels_of_all(&known);
	rows_done(&first);
	rows_done(&second);
	known_done(&known);
	return 0;
}
