/* Any text as a key log: what was counted is there, and nothing else. */
#include "base/must.h"
#include "wire/keylog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span secret, random = span_of(data, size);
	struct keylog *keylog = NULL;
	size_t added = 0;

	if (keylog_new(&keylog, NULL) != KS_OK)
		return 0;
	must(keylog_add(keylog, span_of(data, size), &added, NULL) == KS_OK);
	must(keylog_count(keylog) <= added && added <= size / 100);
	must(!keylog_find(keylog, KEY_MASTER, span_of(data, size / 2), &secret) || size / 2 == KEYLOG_RANDOM);
	if (random.left >= KEYLOG_RANDOM)
		(void)keylog_find(keylog, KEY_MASTER, span_cut(&random, KEYLOG_RANDOM), &secret);
	keylog_free(keylog);
	return 0;
}
