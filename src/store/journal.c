#include "store/journal.h"
#include "base/drop.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/must.h"
#include "store/codec.h"
#include "base/varint.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

enum { SEGMENT_HEAD = 12, FRAME_HEAD = 8, SAMPLE_MOST = 2 * VARINT_MOST + 9 };
enum { VALUE_RAW = 5, VALUE_KINDS = 6 };

void journal_name(uint64_t segment, char ret_name[static JOURNAL_NAME])
{
	(void)snprintf(ret_name, JOURNAL_NAME, "%010" PRIu64 ".journal", segment);
}

static int said(struct why *why, const char *doing)
{
	bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;

	return fail(why, full ? KS_FULL : KS_IO, "journal: %s: %s", doing, strerror(errno));
}

int journal_open(struct journal *journal, const char *path, enum store_mode mode,
    struct why *why)
{
	KS_DROP(fd) int above = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*journal = (struct journal){ .dir = -1, .fd = -1 };
	if (above < 0)
		return fail(why, KS_IO, "%s: %s", path, strerror(errno));
	if (mode == STORE_WRITE) {
		/* every time: who made it may have died before its name was durable */
		(void)mkdirat(above, "journal", 0750);
		(void)fsync(above);
	}
	journal->dir = openat(above, "journal", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (journal->dir < 0)
		return fail(why, KS_IO, "%s/journal: %s", path, strerror(errno));
	/* a writer has written its own word there by now, and says what it found */
	KS_DROP(fd) int lock = mode == STORE_WRITE ? -1
	    : openat(above, "lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char word[8] = "";

	journal->clean = lock >= 0 && pread(lock, word, sizeof word - 1, 0) >= 5 &&
	    memcmp(word, "clean", 5) == 0;
	return KS_OK;
}

void journal_done(struct journal *journal)
{
	if (journal->fd >= 0)
		(void)close(journal->fd);
	if (journal->dir >= 0)
		(void)close(journal->dir);
	free(journal->frame);
	*journal = (struct journal){ .dir = -1, .fd = -1 };
}

static int frame_room(struct journal *journal, size_t more, struct why *why)
{
	size_t room = journal->room == 0 ? 4096 : journal->room;

	if (journal->used + more > LIMIT_JOURNAL_FRAME)
		return fail(why, KS_FULL, "more than %ld bytes in one batch",
		    (long)LIMIT_JOURNAL_FRAME);
	while (room < journal->used + more)
		room *= 2;
	if (room == journal->room)
		return KS_OK;
	uint8_t *frame = realloc(journal->frame, room);

	if (frame == NULL)
		return fail(why, KS_FULL, "memory ran out for the journal");
	journal->frame = frame;
	journal->room = room;
	return KS_OK;
}

int journal_begin(struct journal *journal, bool carry, struct why *why)
{
	journal->used = 0;
	journal->last_ms = 0;
	journal->last_series = 0;
	int bad = frame_room(journal, FRAME_HEAD + 1, why);

	if (bad != KS_OK)
		return bad;
	journal->used = FRAME_HEAD;
	journal->frame[journal->used++] = carry;
	return KS_OK;
}

int journal_series(struct journal *journal, const struct labels *labels, uint32_t after,
    struct why *why)
{
	int bad = frame_room(journal, VARINT_MOST, why);

	if (bad != KS_OK)
		return bad;
	uint8_t *at = varint_put(journal->frame + journal->used, labels->n - after);

	journal->used = (size_t)(at - journal->frame);
	for (uint32_t number = after + 1; number <= labels->n; number++) {
		struct span text = labels_of(labels, number);

		bad = frame_room(journal, 2 * VARINT_MOST + text.left, why);
		if (bad != KS_OK)
			return bad;
		at = varint_put(journal->frame + journal->used, number);
		at = varint_put(at, text.left);
		if (text.left > 0)
			memcpy(at, text.at, text.left);
		journal->used = (size_t)(at - journal->frame) + text.left;
	}
	return KS_OK;
}

static uint8_t *put_value(uint8_t *at, double value)
{
	int64_t whole;

	for (unsigned e = 0; e < EXPONENTS; e++)
		if (decimal_exact(value, e, &whole))
			return varint_put(at, zigzag(whole) * VALUE_KINDS + e);
	*at++ = VALUE_RAW;
	memcpy(at, &value, sizeof value);
	return at + sizeof value;
}

int journal_add(struct journal *journal, const struct sample *samples, size_t n,
    struct why *why)
{
	int bad = frame_room(journal, n * SAMPLE_MOST, why);

	if (bad != KS_OK)
		return bad;
	uint8_t *at = journal->frame + journal->used;
	int64_t last_ms = journal->last_ms;
	uint32_t last_series = journal->last_series;

	for (size_t i = 0; i < n; i++) {
		at = varint_put(at, zigzag((int64_t)samples[i].series - last_series));
		at = varint_put(at, zigzag(minus(samples[i].time_ms, last_ms)));
		at = put_value(at, samples[i].value);
		last_series = samples[i].series;
		last_ms = samples[i].time_ms;
	}
	journal->used = (size_t)(at - journal->frame);
	journal->last_ms = last_ms;
	journal->last_series = last_series;
	return KS_OK;
}

static int write_all(int fd, const uint8_t *at, size_t n, uint64_t offset)
{
	while (n > 0) {
		ssize_t done = pwrite(fd, at, n, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			errno = done == 0 ? ENOSPC : errno;
			return -1;
		}
		at += done;
		n -= (size_t)done;
		offset += (uint64_t)done;
	}
	return 0;
}

static void put_le32(uint8_t *at, uint32_t n)
{
	n = htole32(n);
	memcpy(at, &n, sizeof n);
}

static uint32_t frame_crc(uint64_t segment, struct span payload)
{
	uint64_t seed = htole64(segment);

	return crc32c(crc32c(0, span_of(&seed, sizeof seed)), payload);
}

int journal_sync(struct journal *journal, struct why *why)
{
	size_t len = journal->used - FRAME_HEAD;

	must(journal->fd >= 0 && journal->used > FRAME_HEAD);
	put_le32(journal->frame, (uint32_t)len);
	put_le32(journal->frame + 4,
	    frame_crc(journal->segment, span_of(journal->frame + FRAME_HEAD, len)));
	if (write_all(journal->fd, journal->frame, journal->used, journal->at) == 0 &&
	    fdatasync(journal->fd) == 0) {
		journal->at += journal->used;
		journal->bytes += journal->used;
		return KS_OK;
	}
	int bad = said(why, "write");

	/* whatever is there now is not acknowledged and must not be read back */
	if (ftruncate(journal->fd, (off_t)journal->at) != 0 && bad == KS_FULL)
		bad = said(why, "cut");
	return bad;
}

static int segment_make(const struct journal *journal, uint64_t segment, struct why *why)
{
	uint8_t head[SEGMENT_HEAD] = "KSJ1";
	uint64_t number = htole64(segment);
	char name[JOURNAL_NAME];

	journal_name(segment, name);
	int fd = openat(journal->dir, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
	    0640);

	if (fd < 0)
		return said(why, name);
	memcpy(head + 4, &number, sizeof number);
	if (write_all(fd, head, sizeof head, 0) == 0 && fsync(fd) == 0 &&
	    fsync(journal->dir) == 0)
		return fd;
	int bad = said(why, name);

	(void)close(fd);
	(void)unlinkat(journal->dir, name, 0);
	return bad;
}

int journal_next(struct journal *journal, struct why *why)
{
	int fd = segment_make(journal, journal->segment + 1, why);

	if (fd < 0)
		return fd;
	if (journal->fd >= 0)
		(void)close(journal->fd);
	journal->fd = fd;
	journal->segment++;
	journal->at = SEGMENT_HEAD;
	journal->bytes += SEGMENT_HEAD;
	return KS_OK;
}

void journal_switch(struct journal *journal, struct journal *next)
{
	(void)close(journal->fd);
	free(next->frame);
	journal->fd = next->fd;
	journal->segment = next->segment;
	journal->at = next->at;
	journal->bytes += next->bytes;
}

void journal_undo(struct journal *next)
{
	char name[JOURNAL_NAME];

	journal_name(next->segment, name);
	(void)close(next->fd);
	(void)unlinkat(next->dir, name, 0);
	free(next->frame);
}

static int repair_name(struct journal *journal, const char *name, struct why *why)
{
	char aside[JOURNAL_NAME + 24];

	for (unsigned i = 1; i < 1000; i++) {
		(void)snprintf(aside, sizeof aside, i == 1 ? "%s.damaged" : "%s.damaged.%u", name,
		    i);
		if (linkat(journal->dir, name, journal->dir, aside, 0) == 0)
			return KS_OK;
		if (errno != EEXIST)
			break;
	}
	return said(why, aside);
}

int journal_repair(struct journal *journal, uint64_t segment, struct span good,
    struct why *why)
{
	const char *fresh = "repaired";
	char name[JOURNAL_NAME];

	journal_name(segment, name);
	/* one left by a repair that was cut short may be the segment's own second name */
	(void)unlinkat(journal->dir, fresh, 0);
	KS_DROP(fd) int fd = openat(journal->dir, fresh,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);

	if (fd < 0)
		return said(why, fresh);
	int bad = write_all(fd, good.at, good.left, 0) == 0 && fsync(fd) == 0 ? KS_OK
	    : said(why, fresh);

	if (bad == KS_OK)
		bad = repair_name(journal, name, why);
	/* the second name must be there before the first one means something else */
	if (bad == KS_OK && (fsync(journal->dir) != 0 ||
	    renameat(journal->dir, fresh, journal->dir, name) != 0 || fsync(journal->dir) != 0))
		bad = said(why, name);
	if (bad != KS_OK)
		(void)unlinkat(journal->dir, fresh, 0);
	return bad;
}

void journal_drop(struct journal *journal, uint64_t upto)
{
	KS_DROP(heap) uint64_t *numbers = NULL;
	size_t n = 0;

	if (journal_segments(journal, &numbers, &n, NULL) != KS_OK)
		return;
	for (size_t i = 0; i < n && numbers[i] <= upto; i++) {
		char name[JOURNAL_NAME];
		struct stat st = { .st_size = 0 };

		journal_name(numbers[i], name);
		(void)fstatat(journal->dir, name, &st, AT_SYMLINK_NOFOLLOW);
		if (unlinkat(journal->dir, name, 0) == 0)
			journal->bytes -= (uint64_t)st.st_size < journal->bytes
			    ? (uint64_t)st.st_size : journal->bytes;
	}
}
