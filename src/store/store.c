#include "base/drop.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/text.h"
#include "store/inside.h"
#include "base/varint.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* 22 bits of shorter windows would not reach the present */
enum { LEAST_WINDOW_S = 900, USUAL_WINDOW_S = 7200, DAY_S = 86400 };

uint64_t disk_free(const struct store *store)
{
	struct statvfs vfs;

	if (statvfs(store->path, &vfs) != 0)
		return 0;
	return (uint64_t)vfs.f_bavail * vfs.f_frsize;
}

/* A file of that name inside the store's folder. */
static int open_beside(const struct store *store, const char *name, int flags)
{
	KS_DROP(text) struct text path;

	text_init(&path, 4096);
	text_addf(&path, "%s/%s", store->path, name);
	return open(text_cstr(&path), flags | O_CLOEXEC | O_NOFOLLOW, 0640);
}

void ballast_keep(struct store *store)
{
	KS_DROP(fd) int fd = open_beside(store, "ballast", O_RDWR | O_CREAT);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return;
	store->ballast = st.st_size >= BALLAST_BYTES;
	if (store->ballast || disk_free(store) < 4ULL * BALLAST_BYTES)
		return;
	store->ballast = posix_fallocate(fd, 0, BALLAST_BYTES) == 0;
	if (!store->ballast)
		ballast_give(store);
}

void ballast_give(struct store *store)
{
	KS_DROP(fd) int fd = open_beside(store, "ballast", O_RDWR);

	if (fd >= 0 && ftruncate(fd, 0) == 0)
		(void)fsync(fd);
	store->ballast = false;
}

int meta_load_span(struct store *store, struct why *why)
{
	sqlite3_stmt *get = db_use(&store->chunks, META_GET);

	(void)sqlite3_bind_text(get, 1, "oldest_ms", -1, SQLITE_STATIC);
	int bad = db_number(&store->chunks, get, 0, &store->meta.oldest_ms, why);

	if (bad != KS_OK)
		return bad;
	get = db_use(&store->chunks, META_GET);
	(void)sqlite3_bind_text(get, 1, "highest_ms", -1, SQLITE_STATIC);
	return db_number(&store->chunks, get, 0, &store->meta.highest_ms, why);
}

int meta_load(struct store *store, struct why *why)
{
	int bad = KS_OK;

#define X(name)                                                                        \
	if (bad == KS_OK) {                                                            \
		sqlite3_stmt *get = db_use(&store->chunks, META_GET);                  \
		(void)sqlite3_bind_text(get, 1, #name, -1, SQLITE_STATIC);             \
		bad = db_number(&store->chunks, get, 0, &store->meta.name, why);       \
	}
	STORE_META(X)
#undef X
	return bad;
}

int meta_save(struct store *store, struct why *why)
{
	int bad = KS_OK;

#define X(name)                                                                        \
	if (bad == KS_OK) {                                                            \
		sqlite3_stmt *put = db_use(&store->chunks, META_PUT);                  \
		(void)sqlite3_bind_text(put, 1, #name, -1, SQLITE_STATIC);             \
		(void)sqlite3_bind_int64(put, 2, store->meta.name);                    \
		bad = db_run(&store->chunks, put, why);                                \
	}
	STORE_META(X)
#undef X
	return bad;
}

/* Those beyond what is known; a reader asks again when a number is new to it. */
int series_load(struct store *store, struct why *why)
{
	sqlite3_stmt *all = db_use(&store->chunks, SERIES_ALL);
	int bad = KS_OK, code = SQLITE_ERROR;

	(void)sqlite3_bind_int64(all, 1, store->series_sealed);
	while (bad == KS_OK && all != NULL && (code = sqlite3_step(all)) == SQLITE_ROW) {
		uint32_t number = (uint32_t)sqlite3_column_int64(all, 0), got = 0;

		bad = labels_add(&store->labels, number, db_blob(all, 1), &got, why);
		if (bad == KS_OK)
			bad = heads_last(&store->heads, number, sqlite3_column_int64(all, 2));
		if (bad == KS_OK && number > store->series_sealed)
			store->series_sealed = number;
	}
	if (bad == KS_OK && code != SQLITE_DONE)
		bad = db_fail(&store->chunks, why);
	(void)sqlite3_reset(all);
	if (store->series_durable < store->series_sealed)
		store->series_durable = store->series_sealed;
	return bad;
}

/* One writer: an flock, which no crash leaves behind.  The content says whether the
 * last one said goodbye. */
static int lock_take(struct store *store, bool *ret_clean, struct why *why)
{
	char word[8] = "";

	store->lock = open_beside(store, "lock", O_RDWR | O_CREAT);
	if (store->lock < 0)
		return fail(why, KS_IO, "%s/lock: %s", store->path, strerror(errno));
	if (flock(store->lock, LOCK_EX | LOCK_NB) != 0)
		return fail(why, KS_REFUSED, "%s: another keisoku is writing here", store->path);
	ssize_t n = pread(store->lock, word, sizeof word - 1, 0);

	store->said_goodbye = n >= 5 && memcmp(word, "clean", 5) == 0;
	*ret_clean = n <= 0 || store->said_goodbye;
	if (pwrite(store->lock, "begun\n", 6, 0) == 6)
		(void)fdatasync(store->lock);
	return KS_OK;
}

static int replay_series(void *user, uint32_t number, struct span text, struct why *why)
{
	struct store *store = user;
	uint32_t got;

	return labels_add(&store->labels, number, text, &got, why);
}

/* A number whose labels were in a damaged frame: its samples keep a name to be found by,
 * the same each time the journal is read. */
static int series_unnamed(struct store *store, uint32_t number, struct why *why)
{
	char name[64];
	uint32_t got;

	(void)snprintf(name, sizeof name, "__name__%ckeisoku_unnamed_%u%c", 0xff, number, 0xff);
	return labels_add(&store->labels, number, span_text(name), &got, why);
}

static int replay_samples(void *user, const struct sample *samples, size_t n, struct why *why)
{
	struct store *store = user;

	for (size_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			heads_soon(&store->heads, samples[i + AHEAD].series,
			    samples[i + AHEAD / 2].series);
		int bad = labels_of(&store->labels, samples[i].series).left == 0
		    ? series_unnamed(store, samples[i].series, why) : KS_OK;

		if (bad == KS_OK)
			bad = sample_apply(store, &samples[i], why);
		if (bad != KS_OK)
			return bad;
	}
	return KS_OK;
}

static int replay(struct store *store, struct store_found *found, struct why *why)
{
	const struct journal_reader reader = { .user = store, .series = replay_series,
		.samples = replay_samples };
	struct journal_found seen = { .frames = 0 };
	int bad = journal_replay(&store->journal, (uint64_t)store->meta.sealed_segment,
	    store->mode == STORE_WRITE, &reader, &seen, why);

	found->replayed = seen.samples;
	found->torn_bytes = seen.torn_bytes;
	found->damaged_frames = seen.damaged_frames;
	found->damaged_bytes = seen.damaged_bytes;
	found->set_aside = seen.set_aside;
	memcpy(found->damage, seen.damage, sizeof found->damage);
	for (uint32_t i = 1; i <= store->labels.n && bad == KS_OK; i++)
		if (labels_of(&store->labels, i).left == 0)
			bad = series_unnamed(store, i, why);
	store->series_durable = store->labels.n;
	return bad;
}

static int check_options(struct store *store, const struct store_options *options,
    struct why *why)
{
	uint32_t window_s = options->window_s == 0 ? USUAL_WINDOW_S : options->window_s;

	if (window_s < LEAST_WINDOW_S || DAY_S % window_s != 0)
		return fail(why, KS_MALFORMED,
		    "a window of %u s; a day must be a whole number of them", window_s);
	store->options = *options;
	store->options.window_s = window_s;
	return KS_OK;
}

/* The databases, and what is in them about all of them. */
static int open_sealed(struct store *store, struct store_found *found, struct why *why)
{
	bool write = store->mode == STORE_WRITE;
	uint32_t facts_from = 0;
	int bad = db_open(&store->chunks, store->path, &chunks_plan, write,
	    &found->migrated_from, why);

	if (bad == KS_OK)
		bad = db_open(&store->facts, store->path, &facts_plan, write, &facts_from, why);
	if (bad == KS_OK)
		bad = meta_load(store, why);
	if (bad != KS_OK)
		return bad;
	if (store->meta.window_s == 0) /* a store keeps the window it was made with */
		store->meta.window_s = store->options.window_s;
	heads_init(&store->heads, store->meta.window_s * 1000);
	store->newest_ms = store->meta.newest_ms;
	bad = series_load(store, why);
	if (bad == KS_OK && write)
		bad = db_number(&store->chunks, db_use(&store->chunks, LATE_COUNT), 0,
		    &store->late_rows, why);
	return bad;
}

static int open_journal(struct store *store, struct store_found *found, struct why *why)
{
	int bad = journal_open(&store->journal, store->path, store->mode, why);

	if (bad != KS_OK)
		return bad;
	if (store->mode == STORE_WRITE)
		store->journal.clean = store->said_goodbye;
	if (store->mode == STORE_WRITE)
		journal_drop(&store->journal, (uint64_t)store->meta.sealed_segment);
	store->journal.bytes = 0;
	bad = replay(store, found, why);
	if (bad != KS_OK || store->mode != STORE_WRITE)
		return bad;
	bad = journal_next(&store->journal, why);
	store->full = bad == KS_FULL; /* it opens all the same, and waits for room */
	return store->full ? KS_OK : bad;
}

static int open_parts(struct store *store, struct store_found *found, struct why *why)
{
	int bad = KS_OK;

	if (store->mode == STORE_WRITE)
		bad = lock_take(store, &found->clean, why);
	if (bad == KS_OK)
		bad = open_sealed(store, found, why);
	if (bad == KS_FULL && store->mode == STORE_WRITE) {
		/* opening itself needs some pages of disk: the ballast's */
		ballast_give(store);
		db_close(&store->chunks);
		db_close(&store->facts);
		heads_done(&store->heads);
		bad = open_sealed(store, found, why);
	}
	if (bad == KS_OK && store->mode != STORE_READ)
		bad = open_journal(store, found, why);
	if (bad == KS_OK && store->mode == STORE_WRITE)
		ballast_keep(store);
	found->last_ms = store->newest_ms;
	return bad;
}

static void store_free(struct store *store)
{
	journal_done(&store->journal);
	heads_done(&store->heads);
	labels_done(&store->labels);
	db_close(&store->chunks);
	db_close(&store->facts);
	if (store->lock >= 0)
		(void)close(store->lock);
	free(store->batch);
	free(store->late);
	free(store->path);
	free(store);
}

static struct store *store_make(const char *path, enum store_mode mode)
{
	struct store *store = calloc(1, sizeof *store);

	if (store == NULL)
		return NULL;
	store->mode = mode;
	store->lock = store->journal.fd = store->journal.dir = -1;
	store->chunks.plan = &chunks_plan;
	store->facts.plan = &facts_plan;
	store->path = strdup(path);
	/* labels come from the site file and from whom core lets write; a seed that
	 * nobody can know beforehand costs nothing */
	labels_init(&store->labels, (uint64_t)(uintptr_t)store);
	if (store->path == NULL) {
		free(store);
		return NULL;
	}
	return store;
}

/* The folder, durable by name: what is in it would be lost with the name.  Who may not
 * look at the folder above did not make this one. */
static int folder_make(const char *path, struct why *why)
{
	KS_DROP(text) struct text above = { 0 };

	if (mkdir(path, 0750) != 0 && errno != EEXIST)
		return fail(why, errno == ENOSPC ? KS_FULL : KS_IO, "%s: %s", path,
		    strerror(errno));
	text_init(&above, 4096);
	text_addf(&above, "%s/..", path);
	KS_DROP(fd) int fd = open(text_cstr(&above), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && fsync(fd) != 0)
		return fail(why, KS_IO, "%s: %s", path, strerror(errno));
	return KS_OK;
}

int store_open(const char *path, enum store_mode mode, const struct store_options *options,
    struct store **ret_store, struct store_found *ret_found, struct why *why)
{
	struct store_found found = { .clean = true };
	struct store *store;
	int bad = KS_OK;

	for (int tries = 0; tries < 5; tries++) {
		store = store_make(path, mode);
		if (store == NULL)
			return fail(why, KS_FULL, "memory ran out for the store");
		if (mode == STORE_WRITE)
			bad = folder_make(path, why);
		if (bad == KS_OK)
			bad = check_options(store, options, why);
		if (bad == KS_OK)
			bad = open_parts(store, &found, why);
		if (bad == KS_OK) {
			*ret_store = store;
			*ret_found = found;
			return KS_OK;
		}
		store_free(store);
		if (bad != KS_ABSENT || mode == STORE_WRITE)
			return bad;
		/* a segment was sealed while we read: read again what is sealed now */
		bad = KS_OK;
	}
	return fail(why, KS_LATE, "%s: the journal changed again and again", path);
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	if (store->mode == STORE_WRITE && pwrite(store->lock, "clean\n", 6, 0) == 6)
		(void)fdatasync(store->lock);
	store_free(store);
}

int store_series(struct store *store, struct span labels, uint32_t *ret_series,
    struct why *why)
{
	uint32_t known = labels_find(&store->labels, labels);
	int bad = KS_OK;

	if (known == 0 && store->mode != STORE_WRITE) {
		bad = series_load(store, why);
		known = labels_find(&store->labels, labels);
		if (bad == KS_OK && known == 0)
			return fail(why, KS_ABSENT, "there is no such series");
	}
	if (bad != KS_OK)
		return bad;
	if (known != 0) {
		*ret_series = known;
		return KS_OK;
	}
	bad = labels_check(labels, why);
	return bad != KS_OK ? bad : labels_add(&store->labels, 0, labels, ret_series, why);
}

struct span store_labels(struct store *store, uint32_t series)
{
	if (series > store->labels.n && store->mode != STORE_WRITE &&
	    series_load(store, NULL) != KS_OK)
		return span_of(NULL, 0);
	return labels_of(&store->labels, series);
}

uint32_t store_series_count(struct store *store)
{
	if (store->mode != STORE_WRITE && series_load(store, NULL) != KS_OK)
		return store->labels.n;
	return store->labels.n;
}
