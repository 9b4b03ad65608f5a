/* test/fuzz/fuzz_segment.c - segments of a journal as a power cut, a bad disk or anybody may
 * have left them: what can be read is, and once mended it is whole and holds the same.
 * Input: a byte (1: said goodbye, 2: the first segment is sealed), then pieces: what,
 * length (2 bytes), bytes.  What: 0 a frame, 1 bytes as they are, 2 the next segment,
 * 3 a frame of a wrong length, 4 a frame with its first byte turned, 5 the last byte. */
#include "base/hash.h"
#include "base/must.h"
#include "store/journal.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/dev/shm/keisoku-fuzz-XXXXXX";

static int series(void *user, uint32_t number, struct span labels, struct why *why)
{
	(void)user, (void)number;
	return labels_check(labels, why);
}

static int samples(void *user, const struct sample *at, size_t n, struct why *why)
{
	(void)at, (void)why;
	*(uint64_t *)user += n;
	return KS_OK;
}

static void empty(int dir)
{
	DIR *list = fdopendir(dup(dir));

	must(list != NULL);
	rewinddir(list);
	for (struct dirent *e = readdir(list); e != NULL; e = readdir(list))
		if (e->d_name[0] != '.')
			(void)unlinkat(dir, e->d_name, 0);
	(void)closedir(list);
}

static void gone(void)
{
	(void)rmdir(folder);
}

static void put(int fd, const void *bytes, size_t n)
{
	must(n == 0 || write(fd, bytes, n) == (ssize_t)n);
}

static int segment_begin(int dir, uint64_t number)
{
	char name[JOURNAL_NAME];

	journal_name(number, name);
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0);
	return fd;
}

static void frame_put(int fd, uint64_t number, uint8_t what, struct span payload)
{
	uint64_t seed = htole64(number);
	uint32_t sum = htole32(crc32c(crc32c(0, span_of(&seed, sizeof seed)), payload));
	uint32_t length = htole32((uint32_t)payload.left + (what == 3));
	uint8_t *copy = malloc(payload.left + 1);

	must(copy != NULL);
	if (payload.left > 0) {
		memcpy(copy, payload.at, payload.left);
		copy[0] ^= what == 4 ? 0x55 : 0;
		copy[payload.left - 1] ^= what == 5 ? 0x55 : 0;
	}
	put(fd, &length, sizeof length);
	put(fd, &sum, sizeof sum);
	put(fd, copy, payload.left);
	free(copy);
}

static void segments_put(int dir, struct span rest)
{
	uint64_t number = 1, seed = htole64(number);
	int fd = segment_begin(dir, number);

	put(fd, "KSJ1", 4);
	put(fd, &seed, sizeof seed);
	while (rest.left > 0) {
		uint8_t what = (uint8_t)(span_be(&rest, 1) % 6);
		size_t n = (size_t)span_be(&rest, 2);
		struct span bytes = span_cut(&rest, n < rest.left ? n : rest.left);

		if (what == 2) { /* its head is the input's, or ours */
			(void)close(fd);
			fd = segment_begin(dir, ++number);
			seed = htole64(number);
			put(fd, "KSJ1", bytes.left > 0 ? 0 : 4);
			put(fd, &seed, bytes.left > 0 ? 0 : sizeof seed);
		}
		if (what == 1 || what == 2)
			put(fd, bytes.at, bytes.left);
		else
			frame_put(fd, number, what, bytes);
	}
	(void)close(fd);
}

static int replay(int dir, uint8_t how, bool cut, uint64_t *ret_samples,
    struct journal_found *ret_found)
{
	struct journal journal = { .dir = dir, .fd = -1, .clean = how & 1 };
	const struct journal_reader reader = { ret_samples, series, samples };
	struct why why = { .fmt = NULL };

	*ret_samples = 0;
	int code = journal_replay(&journal, how >> 1 & 1, cut, &reader, ret_found, &why);

	must(code == KS_OK || why.text[0] != '\0');
	must(code != KS_OK || ret_found->samples == *ret_samples);
	return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int dir = -1;
	struct span rest = span_of(data, size);
	uint8_t how = (uint8_t)span_be(&rest, 1);
	struct journal_found read, cut, again;
	uint64_t told[3];

	if (dir < 0) {
		must(mkdtemp(folder) != NULL && atexit(gone) == 0);
		dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		must(dir >= 0);
	}
	segments_put(dir, rest);
	int code = replay(dir, how, false, &told[0], &read);

	must(replay(dir, how, true, &told[1], &cut) == code);
	if (code == KS_OK) {
		must(told[0] == told[1] && read.torn_bytes == cut.torn_bytes);
		must(replay(dir, how, true, &told[2], &again) == KS_OK);
		must(told[2] == told[1] && again.frames == cut.frames);
		must(again.damaged_frames == 0 && again.torn_bytes == 0);
	}
	empty(dir);
	return 0;
}
