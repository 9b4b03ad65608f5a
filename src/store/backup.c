/* A copy of a store that is in use: journal first, then the databases by SQLite's own
 * backup.  What was sealed in between is in both, and replay passes over it. */
#include "base/text.h"
#include "store/inside.h"
#include "store/verify.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

enum { COPY = 1 << 16 };

static int copy_file(int from_dir, int to_dir, const char *name, struct why *why)
{
	KS_DROP(fd) int from = openat(from_dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	uint8_t bytes[COPY];
	ssize_t n = -1;

	if (from < 0 && errno == ENOENT)
		return KS_OK; /* sealed since it was listed */
	KS_DROP(fd) int to = openat(to_dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);

	while (from >= 0 && to >= 0 && (n = read(from, bytes, sizeof bytes)) > 0)
		for (ssize_t done = 0; done < n;) {
			ssize_t put = write(to, bytes + done, (size_t)(n - done));

			if (put <= 0)
				return fail(why, errno == ENOSPC ? KS_FULL : KS_IO, "%s: %s", name,
				    strerror(errno));
			done += put;
		}
	if (n != 0 || fsync(to) != 0)
		return fail(why, errno == ENOSPC ? KS_FULL : KS_IO, "%s: %s", name, strerror(errno));
	return KS_OK;
}

static int copy_journal(const char *path, const char *to, struct why *why)
{
	struct journal from = { .dir = -1 }, into = { .dir = -1 };
	KS_DROP(heap) uint64_t *numbers = NULL;
	size_t n = 0;
	int bad = journal_open(&from, path, STORE_READ, why);

	if (bad == KS_OK)
		bad = journal_open(&into, to, STORE_WRITE, why);
	if (bad == KS_OK)
		bad = journal_segments(&from, &numbers, &n, why);
	for (size_t i = 0; i < n && bad == KS_OK; i++) {
		char name[JOURNAL_NAME];

		journal_name(numbers[i], name);
		bad = copy_file(from.dir, into.dir, name, why);
	}
	if (bad == KS_OK && fsync(into.dir) != 0)
		bad = fail(why, KS_IO, "%s/journal: %s", to, strerror(errno));
	journal_done(&from);
	journal_done(&into);
	return bad;
}

static int copy_db(struct db *from, const char *to, struct why *why)
{
	KS_DROP(text) struct text path;
	struct db into = { .plan = from->plan };

	text_init(&path, 4096);
	text_addf(&path, "%s/%s", to, from->plan->file);
	if (path.full)
		return fail(why, KS_FULL, "%s: memory ran out", to);
	int code = sqlite3_open_v2(text_cstr(&path), &into.sqlite,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE, NULL);
	sqlite3_backup *backup = code == SQLITE_OK
	    ? sqlite3_backup_init(into.sqlite, "main", from->sqlite, "main") : NULL;

	if (backup != NULL) {
		(void)sqlite3_backup_step(backup, -1);
		code = sqlite3_backup_finish(backup);
	}
	int bad = backup != NULL && code == SQLITE_OK ? KS_OK : db_fail(&into, why);

	(void)sqlite3_close(into.sqlite);
	return bad;
}

int store_backup(const char *path, const char *to, struct why *why)
{
	const struct store_options options = { .window_s = 0 };
	struct store *store = NULL;
	struct store_found found;
	int bad = store_open(path, STORE_READ, &options, &store, &found, why);

	if (bad != KS_OK)
		return bad;
	if (mkdir(to, 0750) != 0)
		bad = errno == EEXIST ? fail(why, KS_REFUSED, "%s is there already; name a folder "
		    "that is not, a copy is never written over another", to)
		    : fail(why, KS_IO, "%s: %s", to, strerror(errno));
	if (bad == KS_OK)
		bad = copy_journal(path, to, why);
	if (bad == KS_OK)
		bad = copy_db(&store->chunks, to, why);
	if (bad == KS_OK)
		bad = copy_db(&store->facts, to, why);
	store_close(store);
	return bad;
}

int store_restore(const char *from, const char *to, struct why *why)
{
	KS_DROP(text) struct text path;
	struct verify seen;

	text_init(&path, 4096);
	text_addf(&path, "%s/chunks.db", to);
	if (access(text_cstr(&path), F_OK) == 0)
		return fail(why, KS_REFUSED,
		    "%s holds a store already; move it away first, nothing was changed", to);
	int bad = store_verify(from, &seen, verify_silent, NULL, why);

	if (bad == KS_OK && seen.damaged > 0)
		bad = fail(why, KS_MALFORMED, "%s is damaged in %llu places; see store check", from,
		    (unsigned long long)seen.damaged);
	if (bad == KS_OK && rmdir(to) != 0 && errno != ENOENT)
		bad = fail(why, KS_REFUSED, "%s is not empty; nothing was changed", to);
	return bad == KS_OK ? store_backup(from, to, why) : bad;
}
