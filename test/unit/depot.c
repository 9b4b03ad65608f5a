#include "store/inside.h"
#include "depot.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char folder[64];
struct why why;

int make_folder(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof folder, "/tmp/keisoku-store-XXXXXX");
	return mkdtemp(folder) == NULL;
}

int remove_folder(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

struct store *reopen(struct store_found *found, enum store_mode mode)
{
	const struct store_options options = { .keep_raw_days = 0 };
	struct store_found unread;
	struct store *store = NULL;

	why.text[0] = '\0';
	if (store_open(folder, mode, &options, &store, found != NULL ? found : &unread, &why) != KS_OK)
		fail_msg("%s", why.text);
	return store;
}

void kill_writer(struct store *store)
{
	int lock = store->lock;

	store->lock = -1;
	store->mode = STORE_READ;
	store_close(store);
	(void)close(lock);
}

uint32_t series_of(struct store *store, unsigned i)
{
	char text[64];
	uint32_t number = 0;

	(void)snprintf(text, sizeof text, "__name__\xfft\xffsensor\xff%u\xff", i);
	assert_int_equal(store_series(store, span_text(text), &number, &why), KS_OK);
	return number;
}

void put(struct store *store, uint32_t series, int64_t time_ms, double value)
{
	struct sample sample = { series, time_ms, value };

	assert_int_equal(store_append(store, &sample, 1, &why), KS_OK);
}

void tick(struct store *store, int64_t now_ms)
{
	bool more = true;

	while (more)
		assert_int_equal(store_tick(store, now_ms, &more, &why), KS_OK);
}
