/* test/fault/store_malloc.c - every allocation of the store fails once: no crash, no
 * leak, a sentence; and what was acknowledged is there afterwards. */
#include "store_batch.h"
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);

static long until_failure = -1; /* negative: none fails */
static unsigned long asked;

static bool fails(void)
{
	asked++;
	return until_failure >= 0 && until_failure-- == 0;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

enum { BATCHES = 50 };

/* Returns batches acknowledged. */
static uint64_t scene(const char *folder, struct why *why)
{
	const struct store_options options = { .window_s = 900 };
	struct store_found found;
	struct store *store = NULL;
	uint64_t acked = 0;
	bool more = true;

	if (store_open(folder, STORE_WRITE, &options, &store, &found, why) != KS_OK)
		return 0;
	if (series_make(store, why) == KS_OK)
		while (acked < BATCHES && batch_put(store, acked, why) == KS_OK)
			acked++;
	for (int i = 0; i < 10 && more; i++)
		if (store_tick(store, batch_end_ms(acked) + 3600000LL * (i + 1), &more, why) != KS_OK)
			break;
	store_close(store);
	return acked;
}

int main(void)
{
	struct why why = { .fmt = NULL };
	char command[128];
	int failed = 0;
	long at = 0;
	unsigned long last = 0;
	uint64_t acked = 0;

	for (bool fell = true; fell && failed == 0; at++) {
		char folder[] = "/dev/shm/keisoku-malloc-XXXXXX";
		const struct store_options options = { .window_s = 900 };
		struct store_found found;
		struct store *store = NULL;

		if (mkdtemp(folder) == NULL)
			return 4;
		until_failure = at;
		asked = 0;
		why.text[0] = '\0';
		acked = scene(folder, &why);

		fell = until_failure < 0;
		last = asked;
		until_failure = -1;
		int64_t there = -1;

		if (store_open(folder, STORE_WRITE, &options, &store, &found, &why) == KS_OK) {
			there = batches_found(store);
			store_close(store);
		}
		if (there < (int64_t)acked) {
			(void)printf("allocation %ld: acknowledged %llu, found %lld: %s\n", at,
			    (unsigned long long)acked, (long long)there, why.text);
			failed++;
		}
		(void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
		if (system(command) != 0)
			return 4;
	}
	(void)printf("%ld allocations failed one by one, %d with something lost; then %llu batches (%lu asked)\n",
	    at - 1, failed, (unsigned long long)acked, last);
	if (acked != BATCHES)
		(void)printf("%s\n", why.text);
	return failed != 0 || acked != BATCHES;
}
