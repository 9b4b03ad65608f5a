/* test/fuzz/replay.c - runs a fuzz target over the files of a folder, each from its
 * own heap block (so that a sanitizer sees one byte too far), then over every prefix
 * of each and 2,000 cheap mutations: a smoke test for every change. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEED_MAX = 1 << 20, PREFIXES = 512, MUTATIONS = 2000 };

static void run(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	if (size > 0)
		memcpy(copy, bytes, size);
	(void)LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void run_variants(uint8_t *bytes, size_t size)
{
	uint64_t state = 0x9e3779b97f4a7c15u ^ size;
	size_t step = size / PREFIXES + 1;

	for (size_t n = 0; n <= size; n += step)
		run(bytes, n);
	run(bytes, size);
	for (int i = 0; i < MUTATIONS && size > 0; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		size_t at = (size_t)(state >> 33) % size;
		uint8_t was = bytes[at];

		bytes[at] = (uint8_t)(state >> 24);
		run(bytes, size);
		if (state & 1)
			bytes[at] = was; /* half of the damage stays */
	}
}

static bool run_file(const char *folder, const char *name)
{
	char path[1024];
	int n = snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = n > 0 && (size_t)n < sizeof path ? fopen(path, "rb") : NULL;

	if (file == NULL) {
		(void)fprintf(stderr, "cannot read %s\n", path);
		return false;
	}
	uint8_t *bytes = malloc(SEED_MAX);

	if (bytes == NULL)
		abort();
	size_t size = fread(bytes, 1, SEED_MAX, file);

	(void)fclose(file);
	run_variants(bytes, size);
	free(bytes);
	return true;
}

int main(int argc, char **argv)
{
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	int seeds = 0;

	if (folder == NULL) {
		(void)fprintf(stderr, "usage: replay_NAME SEED-FOLDER (a folder that exists)\n");
		return 2;
	}
	for (struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
		if (e->d_name[0] == '.')
			continue;
		if (!run_file(argv[1], e->d_name))
			return 1;
		seeds++;
	}
	(void)closedir(folder);
	(void)printf("%d seeds replayed\n", seeds);
	return seeds > 0 ? 0 : 1; /* a target without seeds tests nothing */
}
