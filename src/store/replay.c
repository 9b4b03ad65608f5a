/* The reading half of store/journal.h. */
#include "base/drop.h"
#include "base/hash.h"
#include "base/limits.h"
#include "store/codec.h"
#include "store/journal.h"
#include "base/varint.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { SEGMENT_HEAD = 12, FRAME_HEAD = 8, BATCH = 1024 };
enum { VALUE_RAW = 5, VALUE_KINDS = 6 };
enum { SEARCH_BYTES = 1 << 30 }; /* checksums computed in search of the next frame */

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

static uint32_t frame_crc(uint64_t segment, struct span payload)
{
	uint64_t seed = htole64(segment);

	return crc32c(crc32c(0, span_of(&seed, sizeof seed)), payload);
}

/* The payload of the frame at the front of s, or broken; s is then untouched. */
static struct span frame_cut(struct span *s, uint64_t segment)
{
	struct span rest = *s;
	uint64_t len = span_le(&rest, 4), crc = span_le(&rest, 4);
	struct span payload = span_cut(&rest, len);

	if (payload.broken || len == 0 || frame_crc(segment, payload) != crc)
		return (struct span){ .broken = true };
	*s = rest;
	return payload;
}

struct replay {
	const struct journal_reader *reader;
	struct journal_found *found;
	uint64_t segment;
	bool skip_carry, last, clean, cut;
	struct span all;
	bool damaged;
	uint8_t *good; /* what a repaired segment holds */
	size_t good_n;
	uint64_t effort; /* bytes that may still be summed in search of a frame */
};

/* Cheap, before a checksum is computed: how every payload begins. */
static bool payload_likely(struct span payload)
{
	uint64_t carry = span_be(&payload, 1), series = varint_cut(&payload);
	uint64_t first = varint_cut(&payload);

	if (payload.broken && (carry > 1 || series != 0))
		return false;
	if (series == 0)
		return carry <= 1 && (payload.broken || (first > 0 && first <= 2 * LIMIT_SERIES));
	return carry <= 1 && series <= LIMIT_SERIES && first > 0 && first <= LIMIT_SERIES;
}

/* Where the next good frame begins; the length of all when there is none.  What cannot
 * be searched to its end in bounded time is damaged, not torn: nothing of it is cut. */
static size_t resync(struct replay *replay, size_t at, bool *ret_given_up)
{
	for (at++; at + FRAME_HEAD < replay->all.left; at++) {
		struct span s = span_of(replay->all.at + at, replay->all.left - at), probe = s;
		uint64_t len = span_le(&probe, 4);

		(void)span_cut(&probe, 4);
		if (len == 0 || len > probe.left ||
		    !payload_likely(span_of(probe.at, (size_t)len)))
			continue;
		if (len > replay->effort) {
			*ret_given_up = true;
			break;
		}
		replay->effort -= len;
		if (!frame_cut(&s, replay->segment).broken)
			return at;
	}
	return replay->all.left;
}

/* The last frame may never have been acknowledged: power that went leaves pieces of it
 * unwritten, and what the disk had there before.  One wrong byte is no power cut, unless
 * it is all that the frame has in its last sector. */
static bool frame_turned(const struct replay *replay, size_t at)
{
	enum { SECTOR = 512 };
	struct span s = span_of(replay->all.at + at, replay->all.left - at);
	uint64_t len = span_le(&s, 4);
	uint32_t sum = (uint32_t)span_le(&s, 4);
	size_t behind;

	return !s.broken && len == s.left &&
	    crc32c_one_byte(frame_crc(replay->segment, s), sum, s.left, &behind) &&
	    (behind > 0 || replay->all.left % SECTOR != 1);
}

/* From here on what is good is kept by itself, beginning with all before. */
static int damage(struct replay *replay, size_t at, size_t n, struct why *why)
{
	struct journal_found *found = replay->found;

	if (found->damage[0] == '\0')
		(void)snprintf(found->damage, sizeof found->damage,
		    "segment %" PRIu64 " byte %zu", replay->segment, at);
	found->damaged_frames++;
	found->damaged_bytes += n;
	if (replay->damaged || !replay->cut) {
		replay->damaged = true;
		return KS_OK;
	}
	replay->damaged = true;
	replay->good = malloc(replay->all.left + SEGMENT_HEAD);
	if (replay->good == NULL)
		return fail(why, KS_FULL, "memory ran out for a damaged journal");
	uint64_t number = htole64(replay->segment);

	memcpy(replay->good, "KSJ1", 4);
	memcpy(replay->good + 4, &number, sizeof number);
	if (at > SEGMENT_HEAD)
		memcpy(replay->good + SEGMENT_HEAD, replay->all.at + SEGMENT_HEAD,
		    at - SEGMENT_HEAD);
	replay->good_n = at > SEGMENT_HEAD ? at : SEGMENT_HEAD;
	return KS_OK;
}

static int take(struct replay *replay, struct span payload, struct why *why)
{
	int bad = journal_payload(payload, replay->skip_carry, replay->reader,
	    &replay->found->samples, why);

	if (bad != KS_OK)
		return bad;
	replay->found->frames++;
	if (replay->good != NULL) {
		uint32_t len = htole32((uint32_t)payload.left);

		memcpy(replay->good + replay->good_n, &len, sizeof len);
		memcpy(replay->good + replay->good_n + 4, payload.at - 4, payload.left + 4);
		replay->good_n += FRAME_HEAD + payload.left;
	}
	return KS_OK;
}

/* What lies between two good frames, or behind the last. */
static int bad_place(struct replay *replay, size_t at, size_t *ret_next, size_t *ret_torn,
    struct why *why)
{
	size_t len = replay->all.left;
	bool given_up = false;
	size_t next = *ret_next = resync(replay, at, &given_up);
	struct span sum = span_of(replay->all.at + at, len - at);
	uint64_t crc = (span_cut(&sum, 4), span_le(&sum, 4));

	if (!sum.broken && next - at > FRAME_HEAD) {
		struct span payload = span_of(sum.at, next - at - FRAME_HEAD);

		if (frame_crc(replay->segment, payload) == crc) {
			/* it was the length that is damaged, and we know it now */
			int bad = damage(replay, at, 4, why);

			return bad == KS_OK ? take(replay, payload, why) : bad;
		}
	}
	if (next == len && !given_up && replay->last && !replay->clean &&
	    !frame_turned(replay, at)) {
		*ret_torn = len - at;
		return KS_OK;
	}
	return damage(replay, at, next - at, why);
}

/* How many bytes at the end are torn. */
static int replay_bytes(struct replay *replay, size_t *ret_torn, struct why *why)
{
	size_t len = replay->all.left, at = SEGMENT_HEAD;
	struct span head = replay->all, magic = span_cut(&head, 4);
	int bad = KS_OK;

	*ret_torn = 0;
	if (len == 0)
		return KS_OK;
	if (!span_equal(magic, "KSJ1") || span_le(&head, 8) != replay->segment || head.broken) {
		if (len <= SEGMENT_HEAD) { /* no frame was ever written */
			*ret_torn = len;
			return KS_OK;
		}
		bad = damage(replay, 0, SEGMENT_HEAD, why);
	}
	while (bad == KS_OK && at < len && *ret_torn == 0) {
		struct span rest = span_of(replay->all.at + at, len - at);
		struct span payload = frame_cut(&rest, replay->segment);

		if (payload.broken) {
			bad = bad_place(replay, at, &at, ret_torn, why);
			continue;
		}
		bad = take(replay, payload, why);
		at = len - rest.left;
	}
	return bad;
}

/* Only now, with all that is good known, is anything changed on the disk. */
static int segment_settle(struct journal *journal, struct replay *replay, int fd, size_t torn,
    struct why *why)
{
	char name[JOURNAL_NAME];
	size_t len = replay->all.left;

	if (replay->damaged) {
		int bad = journal_repair(journal, replay->segment,
		    span_of(replay->good, replay->good_n), why);

		if (bad == KS_OK)
			journal->bytes -= len < replay->good_n ? 0 : len - replay->good_n;
		/* no room for a second one: it stays as it is and is read so again */
		return bad == KS_FULL ? KS_OK : bad;
	}
	journal->bytes -= torn;
	journal_name(replay->segment, name);
	/* what a killed writer had written but not synced is now built upon (a series'
	 * number, say): it must not go with the power any more */
	if ((torn > 0 && ftruncate(fd, (off_t)(len - torn)) != 0) || fdatasync(fd) != 0)
		return fail(why, KS_IO, "journal/%s: %s", name, strerror(errno));
	return KS_OK;
}

static int replay_segment(struct journal *journal, struct replay *replay, struct why *why)
{
	char name[JOURNAL_NAME];
	struct stat st;

	journal_name(replay->segment, name);
	KS_DROP(fd) int fd = openat(journal->dir, name,
	    (replay->cut ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || fstat(fd, &st) != 0)
		return fail(why, errno == ENOENT ? KS_ABSENT : KS_IO, "journal/%s: %s", name,
		    strerror(errno));
	size_t len = (size_t)st.st_size, torn = 0;
	void *map = len > 0 ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;

	if (map == MAP_FAILED)
		return fail(why, KS_IO, "journal/%s: %s", name, strerror(errno));
	replay->all = span_of(map, len);
	replay->damaged = false;
	replay->effort = SEARCH_BYTES;
	int bad = replay_bytes(replay, &torn, why);

	replay->found->torn_bytes += torn;
	journal->bytes += len;
	if (bad == KS_OK && replay->cut)
		bad = segment_settle(journal, replay, fd, torn, why);
	free(replay->good);
	replay->good = NULL;
	if (map != NULL)
		(void)munmap(map, len);
	return bad;
}

/* Files kept as NAME.damaged; a person looks at them and removes them. */
static uint64_t aside_count(const struct journal *journal)
{
	int fd = openat(journal->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	uint64_t n = 0;

	if (dir == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return 0;
	}
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir))
		n += strstr(entry->d_name, ".journal.damaged") != NULL;
	(void)closedir(dir);
	return n;
}

int journal_replay(struct journal *journal, uint64_t sealed, bool cut,
    const struct journal_reader *reader, struct journal_found *ret_found, struct why *why)
{
	KS_DROP(heap) uint64_t *numbers = NULL;
	size_t n = 0;
	struct journal_found found = { .frames = 0 };
	struct replay replay = { .reader = reader, .found = &found, .cut = cut,
		.clean = journal->clean };
	int bad = journal_segments(journal, &numbers, &n, why);

	journal->segment = sealed;
	for (size_t i = 0; i < n && bad == KS_OK; i++) {
		if (numbers[i] <= sealed)
			continue;
		replay.segment = journal->segment = numbers[i];
		/* a carry counts only when what it repeats is sealed */
		replay.skip_carry = numbers[i] != sealed + 1;
		replay.last = i + 1 == n;
		bad = replay_segment(journal, &replay, why);
	}
	found.set_aside = aside_count(journal);
	if (bad == KS_OK)
		*ret_found = found;
	return bad;
}
