/* The reading half of store/journal.h. */
#include "base/drop.h"
#include "base/hash.h"
#include "base/limits.h"
#include "store/codec.h"
#include "store/journal.h"
#include "store/varint.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { SEGMENT_HEAD = 12, FRAME_HEAD = 8, BATCH = 1024 };
enum { VALUE_RAW = 5, VALUE_KINDS = 6 };

static int by_number(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static int add_number(uint64_t **numbers, size_t *n, uint64_t number)
{
	uint64_t *more = realloc(*numbers, (*n + 1) * sizeof *more);

	if (more == NULL)
		return KS_FULL;
	*numbers = more;
	more[(*n)++] = number;
	return KS_OK;
}

int journal_segments(const struct journal *journal, uint64_t **ret_numbers, size_t *ret_n,
    struct why *why)
{
	int fd = openat(journal->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	uint64_t *numbers = NULL;
	size_t n = 0;
	int bad = KS_OK;

	if (dir == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return fail(why, KS_IO, "journal: %s", strerror(errno));
	}
	for (struct dirent *entry = readdir(dir); entry != NULL && bad == KS_OK;
	     entry = readdir(dir)) {
		char name[JOURNAL_NAME], *end = NULL;
		uint64_t number = strtoull(entry->d_name, &end, 10);

		journal_name(number, name);
		if (number > 0 && strcmp(name, entry->d_name) == 0)
			bad = add_number(&numbers, &n, number);
	}
	(void)closedir(dir);
	if (bad != KS_OK) {
		free(numbers);
		return fail(why, bad, "memory ran out for the journal");
	}
	if (n > 1)
		qsort(numbers, n, sizeof *numbers, by_number);
	*ret_numbers = numbers;
	*ret_n = n;
	return KS_OK;
}

static double take_value(struct span *s)
{
	uint64_t coded = varint_cut(s);
	double value;

	if (coded % VALUE_KINDS != VALUE_RAW)
		return decimal_value(zagzig(coded / VALUE_KINDS),
		    (unsigned)(coded % VALUE_KINDS));
	struct span raw = span_cut(s, sizeof value);

	if (raw.at == NULL)
		return 0;
	memcpy(&value, raw.at, sizeof value);
	return value;
}

static int payload_series(struct span *payload, const struct journal_reader *reader,
    struct why *why)
{
	uint64_t n = varint_cut(payload);

	for (uint64_t i = 0; i < n && !payload->broken; i++) {
		uint64_t number = varint_cut(payload);
		struct span text = span_cut(payload, varint_cut(payload));
		int bad = KS_MALFORMED;

		if (payload->broken || number == 0 || number > LIMIT_SERIES)
			return fail(why, KS_MALFORMED, "journal: a series makes no sense");
		bad = labels_check(text, why);
		if (bad == KS_OK)
			bad = reader->series(reader->user, (uint32_t)number, text, why);
		if (bad != KS_OK)
			return bad;
	}
	return payload->broken ? fail(why, KS_TRUNCATED, "journal: a frame ends too soon") : KS_OK;
}

int journal_payload(struct span payload, bool skip_carry,
    const struct journal_reader *reader, uint64_t *ret_samples, struct why *why)
{
	struct sample batch[BATCH];
	uint64_t carry = span_be(&payload, 1), total = 0;
	int64_t series = 0, time_ms = 0;

	if (carry > 1)
		return fail(why, KS_MALFORMED, "journal: an unknown kind of frame");
	if (carry == 1 && skip_carry)
		return KS_OK;
	int bad = payload_series(&payload, reader, why);

	while (bad == KS_OK && payload.left > 0) {
		size_t n = 0;

		while (n < BATCH && payload.left > 0) {
			series = plus(series, zagzig(varint_cut(&payload)));
			time_ms = plus(time_ms, zagzig(varint_cut(&payload)));
			double value = take_value(&payload);

			if (payload.broken || series <= 0 || series > LIMIT_SERIES)
				return fail(why, KS_MALFORMED, "journal: a sample makes no sense");
			batch[n++] = (struct sample){ .series = (uint32_t)series,
				.time_ms = time_ms, .value = value };
		}
		total += n;
		bad = reader->samples(reader->user, batch, n, why);
	}
	*ret_samples += total;
	return bad;
}

/* The payload of the frame at the front of s, or broken; s is then untouched. */
static struct span frame_cut(struct span *s, uint64_t segment)
{
	struct span rest = *s;
	uint64_t len = span_le(&rest, 4), crc = span_le(&rest, 4);
	struct span payload = span_cut(&rest, len);
	uint64_t seed = htole64(segment);

	if (payload.broken || len == 0 ||
	    crc32c(crc32c(0, span_of(&seed, sizeof seed)), payload) != crc)
		return (struct span){ .broken = true };
	*s = rest;
	return payload;
}

/* A frame that is damaged, not torn: another good one follows where it should end. */
static bool skip_damaged(struct span *s, uint64_t segment)
{
	struct span after = *s;

	(void)span_cut(&after, FRAME_HEAD - 4 + span_le(&after, 4));
	struct span probe = after;

	if (after.broken || frame_cut(&probe, segment).broken)
		return false;
	*s = after;
	return true;
}

struct replay {
	const struct journal_reader *reader;
	struct journal_found *found;
	uint64_t segment;
	bool skip_carry;
};

/* How many bytes at the end are torn. */
static int replay_bytes(struct replay *replay, struct span bytes, size_t *ret_torn,
    struct why *why)
{
	struct journal_found *found = replay->found;
	size_t len = bytes.left;
	struct span head = span_cut(&bytes, SEGMENT_HEAD), magic = span_cut(&head, 4);

	*ret_torn = 0;
	if (!span_equal(magic, "KSJ1") || span_le(&head, 8) != replay->segment) {
		*ret_torn = len;
		return KS_OK;
	}
	while (bytes.left > 0) {
		size_t at = len - bytes.left;
		struct span payload = frame_cut(&bytes, replay->segment);

		if (!payload.broken) {
			int bad = journal_payload(payload, replay->skip_carry, replay->reader,
			    &found->samples, why);

			if (bad != KS_OK)
				return bad;
			found->frames++;
			continue;
		}
		bool damaged = skip_damaged(&bytes, replay->segment);

		if (found->damage[0] == '\0')
			(void)snprintf(found->damage, sizeof found->damage,
			    "segment %" PRIu64 " byte %zu", replay->segment, at);
		if (!damaged) {
			*ret_torn = len - at;
			break;
		}
		found->damaged_frames++;
	}
	return KS_OK;
}

static int replay_segment(struct journal *journal, struct replay *replay, bool cut,
    struct why *why)
{
	char name[JOURNAL_NAME];
	struct stat st;

	journal_name(replay->segment, name);
	KS_DROP(fd) int fd = openat(journal->dir, name,
	    (cut ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || fstat(fd, &st) != 0)
		return fail(why, errno == ENOENT ? KS_ABSENT : KS_IO, "journal/%s: %s", name,
		    strerror(errno));
	size_t len = (size_t)st.st_size, torn = 0;
	void *map = len > 0 ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;

	if (map == MAP_FAILED)
		return fail(why, KS_IO, "journal/%s: %s", name, strerror(errno));
	int bad = replay_bytes(replay, span_of(map, len), &torn, why);

	if (map != NULL)
		(void)munmap(map, len);
	replay->found->torn_bytes += torn;
	journal->bytes += len;
	if (bad != KS_OK || !cut)
		return bad;
	journal->bytes -= torn;
	/* what a killed writer had written but not synced is now built upon (a series'
	 * number, say): it must not go with the power any more */
	if ((torn > 0 && ftruncate(fd, (off_t)(len - torn)) != 0) || fdatasync(fd) != 0)
		return fail(why, KS_IO, "journal/%s: %s", name, strerror(errno));
	return KS_OK;
}

int journal_replay(struct journal *journal, uint64_t sealed, bool cut,
    const struct journal_reader *reader, struct journal_found *ret_found, struct why *why)
{
	KS_DROP(heap) uint64_t *numbers = NULL;
	size_t n = 0;
	struct journal_found found = { .frames = 0 };
	struct replay replay = { .reader = reader, .found = &found };
	int bad = journal_segments(journal, &numbers, &n, why);

	journal->segment = sealed;
	for (size_t i = 0; i < n && bad == KS_OK; i++) {
		if (numbers[i] <= sealed)
			continue;
		replay.segment = journal->segment = numbers[i];
		/* a carry counts only when what it repeats is sealed */
		replay.skip_carry = numbers[i] != sealed + 1;
		bad = replay_segment(journal, &replay, cut, why);
	}
	if (bad == KS_OK)
		*ret_found = found;
	return bad;
}
