/* test/fault/store_full.c - a disk of 2 MiB fills up: nothing acknowledged is lost, acts
 * can still be written, and all goes on by itself when there is room.  Needs a mount
 * namespace; says so and is skipped where that is not allowed. */
#include "store_batch.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(x)                                                                       \
	do {                                                                           \
		if (!(x)) {                                                            \
			(void)printf("line %d: %s: %s\n", __LINE__, #x, why.text);    \
			return 1;                                                      \
		}                                                                      \
	} while (0)

static struct why why;

/* Until it says that the disk is full; returns how many were acknowledged. */
static uint64_t fill(struct store *store, uint64_t from, bool *ret_full)
{
	bool more;

	*ret_full = false;
	for (uint64_t batch = from; batch < from + 20000; batch++) {
		int bad = batch_put(store, batch, &why);

		if (bad != KS_OK) {
			*ret_full = bad == KS_FULL;
			return batch;
		}
		if (batch % 50 == 0 && store_tick(store, batch_end_ms(batch), &more, &why) != KS_OK)
			continue; /* a seal without room waits */
	}
	return from + 20000;
}

static int run(const char *folder)
{
	const struct store_options options = { .window_s = 0 };
	struct store_found found;
	struct store *store = NULL;
	char path[128];
	bool full, more;
	int acts = 0;

	(void)snprintf(path, sizeof path, "%s/store", folder);
	CHECK(store_open(path, STORE_WRITE, &options, &store, &found, &why) == KS_OK);
	CHECK(series_make(store, &why) == KS_OK);
	uint64_t acked = fill(store, 0, &full);

	CHECK(full && acked > 50);
	CHECK(batches_found(store) == (int64_t)acked);
	for (int i = 0; i < 20; i++) {
		struct act act = { .kind = ACT_SITE_LOADED, .time_ms = i, .who = "operator",
			.what = "written while the disk is full" };

		acts += store_put_act(store, &act, &why) == KS_OK;
	}
	CHECK(acts == 20);
	CHECK(batch_put(store, acked, &why) == KS_FULL);
	store_close(store);
	CHECK(store_open(path, STORE_WRITE, &options, &store, &found, &why) == KS_OK);
	CHECK(batches_found(store) == (int64_t)acked);
	CHECK(mount(NULL, folder, NULL, MS_REMOUNT, "size=32m") == 0);
	CHECK(store_tick(store, batch_end_ms(acked), &more, &why) == KS_OK);
	CHECK(batch_put(store, acked, &why) == KS_OK);
	CHECK(batches_found(store) == (int64_t)acked + 1);
	store_close(store);
	(void)printf("full after %llu batches; 0 lost, 20 acts written, resumed\n",
	    (unsigned long long)acked);
	return 0;
}

int main(void)
{
	char folder[] = "/tmp/keisoku-full-XXXXXX";

	if (mkdtemp(folder) == NULL)
		return 4;
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tmpfs", folder, "tmpfs", 0, "size=2m") != 0) {
		(void)printf("SKIP: no mount namespace here: %s\n", strerror(errno));
		(void)rmdir(folder);
		return 77;
	}
	int code = run(folder);

	(void)umount(folder);
	(void)rmdir(folder);
	return code;
}
