/* A journal with bits that turned: what lies behind the bad place is still there, what
 * is lost is said, and nothing is cut away but a torn tail. */
#include "store/inside.h"
#include "depot.h"
#include "store/verify.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { BATCHES = 30, HEAD = 12, FRAME = 8, BYTES_MOST = 1 << 16 };
static const int64_t start_ms = 1754006400000;
static char segment[128];
static uint8_t bytes[BYTES_MOST];
static size_t bytes_n, frame_at[BATCHES];

/* Thirty acknowledged batches, and the writer is killed. */
static int killed_writer(void **state)
{
	struct store_found found;

	if (make_folder(state) != 0)
		return 1;
	(void)snprintf(segment, sizeof segment, "%s/journal/0000000001.journal", folder);
	struct store *store = reopen(&found, STORE_WRITE);

	for (unsigned i = 0; i < BATCHES; i++) {
		struct sample sample = { .time_ms = start_ms + i * 10000, .value = i };

		sample.series = series_of(store, i / 20); /* the 21st names one of its own */
		frame_at[i] = (size_t)store->journal.at;
		assert_int_equal(store_append(store, &sample, 1, &why), KS_OK);
		assert_int_equal(store_sync(store, &why), KS_OK);
	}
	kill_writer(store);
	FILE *file = fopen(segment, "rb");

	bytes_n = file != NULL ? fread(bytes, 1, sizeof bytes, file) : 0;
	return file == NULL || fclose(file) != 0;
}

static void segment_write(size_t n)
{
	FILE *file = fopen(segment, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

static int sample_count(void *user, int64_t time_ms, double value)
{
	uint64_t *there = user;

	assert_true(value == (double)((time_ms - start_ms) / 10000));
	*there |= 1ULL << (time_ms - start_ms) / 10000;
	return 0;
}

/* One bit for each batch that is there. */
static uint64_t batches_there(struct store *store)
{
	uint64_t there = 0;

	for (uint32_t i = 1; i <= store_series_count(store); i++)
		assert_int_equal(store_read(store, i, 0, INT64_MAX, sample_count, &there, &why),
		    KS_OK);
	return there;
}

static const uint64_t all = (1ULL << BATCHES) - 1;

static void said(void *user, const char *where, const char *what)
{
	(void)where;
	(void)what;
	++*(unsigned *)user;
}

/* The damage is seen by a check, then by a start, which loses only `lost`, keeps the old
 * file and leaves a journal that two more starts and a seal find as it was. */
static void damaged(uint64_t lost, uint64_t frames)
{
	struct store_found found;
	struct verify seen;
	unsigned places = 0;
	char aside[140];
	uint8_t kept[BYTES_MOST];
	bool more = true;

	segment_write(bytes_n);
	assert_int_equal(store_verify(folder, &seen, said, &places, &why), KS_OK);
	assert_int_equal(seen.damaged, frames);
	assert_int_equal(places, frames);
	assert_int_equal(seen.torn_bytes, 0);
	for (int again = 0; again < 3; again++) {
		struct store *store = reopen(&found, STORE_WRITE);

		assert_int_equal(found.damaged_frames, again == 0 ? frames : 0);
		assert_int_equal(found.damaged_bytes > 0, again == 0);
		assert_int_equal(found.torn_bytes, 0);
		assert_int_equal(found.set_aside, 1);
		assert_int_equal(batches_there(store), all & ~lost);
		if (again == 1)
			while (more)
				assert_int_equal(store_tick(store, start_ms + 86400000, &more, &why),
				    KS_OK);
		store_close(store);
	}
	(void)snprintf(aside, sizeof aside, "%s.damaged", segment);
	FILE *file = fopen(aside, "rb");

	assert_non_null(file);
	assert_int_equal(fread(kept, 1, sizeof kept, file), bytes_n);
	assert_memory_equal(kept, bytes, bytes_n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(store_verify(folder, &seen, said, &places, &why), KS_OK);
	assert_int_equal(seen.damaged, 1); /* the file that was set aside is named */
}

static void a_payload(void **state)
{
	(void)state;
	bytes[frame_at[10] + FRAME + 3] ^= 1;
	damaged(1 << 10, 1);
}

static void a_length(void **state)
{
	(void)state;
	bytes[frame_at[10]] ^= 1; /* the next frame's place tells the length: nothing is lost */
	damaged(0, 1);
}

static void a_length_beyond_the_end(void **state)
{
	(void)state;
	bytes[frame_at[10] + 2] ^= 0x80;
	damaged(0, 1);
}

static void two_neighbours(void **state)
{
	(void)state;
	bytes[frame_at[10] + FRAME] ^= 1;
	bytes[frame_at[11] + FRAME + 2] ^= 0x10;
	damaged(3 << 10, 1);
}

static void the_head(void **state)
{
	(void)state;
	bytes[5] ^= 1;
	damaged(0, 1);
}

static void the_magic(void **state)
{
	(void)state;
	bytes[0] ^= 1;
	damaged(0, 1);
}

static void the_last_frame(void **state)
{
	(void)state;
	bytes[frame_at[BATCHES - 1] + FRAME + 3] ^= 4;
	damaged(1ULL << (BATCHES - 1), 1);
}

/* The labels of series 2 were in it: its later samples are kept under a name. */
static void the_batch_that_names_a_series(void **state)
{
	(void)state;
	bytes[frame_at[20] + FRAME + 5] ^= 1;
	damaged(1ULL << 20, 1);
}

/* Cut at any byte, or unwritten from there on, a tail is torn: no damage is said. */
static void a_torn_tail_is_no_damage(void **state)
{
	struct store_found found;
	size_t last = frame_at[BATCHES - 1];

	(void)state;
	for (size_t n = last + 1; n < bytes_n; n += 3) {
		segment_write(n);
		struct store *store = reopen(&found, STORE_READ_ALL);

		assert_int_equal(found.damaged_frames, 0);
		assert_int_equal(found.torn_bytes, n - last);
		assert_int_equal(batches_there(store), all >> 1);
		store_close(store);
	}
	for (size_t i = last + FRAME; i < bytes_n; i++)
		bytes[i] ^= (uint8_t)(i * 37 | 1); /* what the disk had there before */
	segment_write(bytes_n);
	struct store *rubbish = reopen(&found, STORE_READ_ALL);

	assert_int_equal(found.damaged_frames, 0);
	assert_int_equal(found.torn_bytes, bytes_n - last);
	store_close(rubbish);
	memset(bytes + last, 0, bytes_n - last);
	segment_write(bytes_n);
	struct store *store = reopen(&found, STORE_WRITE);

	assert_int_equal(found.damaged_frames + found.set_aside, 0);
	assert_int_equal(found.torn_bytes, bytes_n - last);
	assert_int_equal(batches_there(store), all >> 1);
	store_close(store);
}

static uint64_t damage_after(struct store *store, const char *sql)
{
	struct verify seen;
	unsigned places = 0;

	assert_int_equal(sqlite3_exec(store->chunks.sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_true(sqlite3_changes(store->chunks.sqlite) > 0);
	assert_int_equal(store_verify(folder, &seen, said, &places, &why), KS_OK);
	assert_int_equal(places, seen.damaged);
	return seen.damaged;
}

/* Labels and keys have no form that a turned bit would break: their sums tell. */
static void sealed_rows(void **state)
{
	struct store_found found;
	struct store *store = reopen(&found, STORE_WRITE);
	struct sample late = { 1, start_ms + 5000, 0.5 };
	bool more = true;

	(void)state;
	assert_int_equal(store_tick(store, start_ms + 10800000, &more, &why), KS_OK);
	assert_int_equal(store_append(store, &late, 1, &why), KS_OK);
	assert_int_equal(store_sync(store, &why), KS_OK);
	assert_int_equal(late_flush(store, &why), KS_OK);
	assert_int_equal(damage_after(store, "UPDATE series SET last_ms = last_ms"), 0);
	assert_int_equal(damage_after(store, "UPDATE series SET labels = CAST(replace("
	    "CAST(labels AS TEXT), 'sensor', 'sensos') AS BLOB) WHERE number = 1"), 1);
	assert_int_equal(damage_after(store, "UPDATE chunk SET k = k + 1 WHERE k ="
	    " (SELECT max(k) FROM chunk)"), 2);
	assert_int_equal(damage_after(store, "UPDATE late SET bits = bits + 4096"), 3);
	store_close(store);
}

/* What is acknowledged is there later: a time no key can hold is refused at once. */
static void times_that_cannot_be_kept(void **state)
{
	const int64_t now = start_ms + 10800000, year = 365 * 86400000LL;
	const int64_t never[] = { INT64_MIN, -1, 0, 946684799999, now + 11 * year,
		253402300800000 * 1000, INT64_MAX };
	const struct store_options options = { .keep_raw_days = 400 };
	struct store_found found;
	struct store *store = NULL;
	struct sample sample = { 1, now, 1 };
	bool more = true;

	(void)state;
	assert_int_equal(store_open(folder, STORE_WRITE, &options, &store, &found, &why), KS_OK);
	assert_int_equal(store_tick(store, now, &more, &why), KS_OK);
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
		sample.time_ms = never[i];
		assert_int_equal(store_append(store, &sample, 1, &why), KS_MALFORMED);
	}
	sample.time_ms = now - 401 * 86400000LL;
	assert_int_equal(store_append(store, &sample, 1, &why), KS_MALFORMED);
	sample.time_ms = now - 399 * 86400000LL;
	assert_int_equal(store_append(store, &sample, 1, &why), KS_OK);
	sample.time_ms = now + 9 * year;
	assert_int_equal(store_append(store, &sample, 1, &why), KS_OK);
	store_close(store);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, killed_writer, remove_folder)
	const struct CMUnitTest tests[] = {
		T(a_payload),
		T(a_length),
		T(a_length_beyond_the_end),
		T(two_neighbours),
		T(the_head),
		T(the_magic),
		T(the_last_frame),
		T(the_batch_that_names_a_series),
		T(a_torn_tail_is_no_damage),
		T(sealed_rows),
		T(times_that_cannot_be_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
