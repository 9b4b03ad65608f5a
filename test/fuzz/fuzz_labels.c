/* test/fuzz/fuzz_labels.c - any bytes as labels, one after the other: what is accepted
 * is found again under one number. */
#include "base/must.h"
#include "store/labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(data, size);
	struct labels labels;

	labels_init(&labels, size);
	while (rest.left > 0) {
		struct span text = span_cut(&rest, span_be(&rest, 1) % (rest.left + 1));
		uint32_t number = 0;

		if (labels_check(text, NULL) != KS_OK)
			continue;
		must(labels_add(&labels, 0, text, &number, NULL) == KS_OK && number > 0);
		must(labels_find(&labels, text) == number);
		must(labels_of(&labels, number).left == text.left);
	}
	labels_done(&labels);
	return 0;
}
