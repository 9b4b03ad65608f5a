/* test/fuzz/fuzz_labels.c - any bytes as labels, one after the other: what is accepted
 * is found again under one number. */
#include "base/must.h"
#include "store/labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(data, size);
	struct labels labels, again;

	labels_init(&labels, size);
	labels_init(&again, size);
	while (rest.left > 0) {
		struct span text = span_cut(&rest, span_be(&rest, 1) % (rest.left + 1));
		uint32_t number = 0;

		if (labels_check(text, NULL) != KS_OK)
			continue;
		must(labels_add(&labels, 0, text, &number, NULL) == KS_OK && number > 0);
		must(labels_find(&labels, text) == number);
		must(labels_of(&labels, number).left == text.left);
		/* as a journal that is read again has them: its own numbers */
		uint32_t wanted = (uint32_t)span_be(&rest, 3);

		if (labels_add(&labels, wanted, text, &number, NULL) == KS_OK)
			must(number == labels_find(&labels, text) && (wanted == 0 || wanted == number));
		else
			must(wanted != number);
		must(labels_add(&again, wanted, text, &number, NULL) != KS_OK ||
		    labels_find(&again, text) == number);
	}
	labels_done(&again);
	labels_done(&labels);
	return 0;
}
