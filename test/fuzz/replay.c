/* test/fuzz/replay.c - runs a fuzz target over the files of a folder, each from its
 * own heap block (so that a sanitizer sees one byte too far), then over every prefix
 * of each and 2,000 cheap mutations: a smoke test for every change.  After --once only
 * over the files as they are: test/fuzz/coverage counts what the seeds reach.
 *
 * Changes stop after some seconds of processor time: a slow target is for test/fuzz/run.
 *
 * A file NAME.row holds many small inputs, each behind its length (4 bytes, little
 * endian); they are cut and changed less often.  found.row came from the fuzzer. */
#include "base/span.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEED_MAX = 1 << 20, CHANGES_S = 4 };

struct effort {
	size_t prefixes;
	int mutations;
};

static bool is_tired(void)
{
	return clock() > (clock_t)CHANGES_S * CLOCKS_PER_SEC;
}

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

static void run_variants(uint8_t *bytes, size_t size, struct effort effort)
{
	uint64_t state = 0x9e3779b97f4a7c15u ^ size;
	size_t step = effort.prefixes > 0 ? size / effort.prefixes + 1 : size + 1;

	run(bytes, size);
	for (size_t n = step - 1; n < size && !is_tired(); n += step)
		run(bytes, n);
	for (int i = 0; i < effort.mutations && size > 0 && !is_tired(); i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		size_t at = (size_t)(state >> 33) % size;
		uint8_t was = bytes[at];

		bytes[at] = (uint8_t)(state >> 24);
		run(bytes, size);
		if (state & 1)
			bytes[at] = was; /* half of the damage stays */
	}
}

static int run_row(uint8_t *bytes, size_t size, struct effort effort)
{
	struct span rest = span_of(bytes, size);
	int inputs = 0;

	while (rest.left > 0) {
		size_t n = (size_t)span_le(&rest, 4);
		struct span input = span_cut(&rest, n);

		if (input.broken)
			abort(); /* the file is not what it should be */
		run_variants(input.left > 0 ? bytes + (input.at - bytes) : bytes, input.left, effort);
		inputs++;
	}
	return inputs;
}

/* How many inputs it held; 0: it can not be read. */
static int run_file(const char *folder, const char *name, bool once)
{
	char path[1024];
	int n = snprintf(path, sizeof path, "%s/%s", folder, name), inputs = 1;
	FILE *file = n > 0 && (size_t)n < sizeof path ? fopen(path, "rb") : NULL;

	if (file == NULL) {
		(void)fprintf(stderr, "cannot read %s\n", path);
		return 0;
	}
	uint8_t *bytes = malloc(SEED_MAX);

	if (bytes == NULL)
		abort();
	size_t size = fread(bytes, 1, SEED_MAX, file);

	(void)fclose(file);
	const char *dot = strrchr(name, '.');

	if (dot != NULL && strcmp(dot, ".row") == 0)
		inputs = run_row(bytes, size, once ? (struct effort){ 0, 0 } : (struct effort){ 32, 100 });
	else
		run_variants(bytes, size, once ? (struct effort){ 0, 0 } : (struct effort){ 512, 2000 });
	free(bytes);
	return inputs;
}

int main(int argc, char **argv)
{
	bool once = argc == 3 && strcmp(argv[1], "--once") == 0;
	const char *path = argc == 2 || once ? argv[argc - 1] : "";
	DIR *folder = opendir(path);
	int seeds = 0;

	if (folder == NULL) {
		(void)fprintf(stderr, "usage: replay_NAME [--once] SEED-FOLDER (a folder that exists)\n");
		return 2;
	}
	for (struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
		if (e->d_name[0] == '.')
			continue;
		int inputs = run_file(path, e->d_name, once);

		if (inputs == 0)
			return 1;
		seeds += inputs;
	}
	(void)closedir(folder);
	(void)printf("%d seeds replayed\n", seeds);
	return seeds > 0 ? 0 : 1; /* a target without seeds tests nothing */
}
