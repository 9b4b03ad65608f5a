/* bench/store/bench_store.c - load B (1,000 series, 30 s, 30 days) through the store in
 * process: bytes a sample on disk, hourly maxima, the last day of one series.
 * usage: bench_store FOLDER [DAYS [SERIES]] */
#include "into.h"
#include "load.h"
#include "base/text.h"
#include "store/store.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { PERIOD_MS = 30000, TICKS_PER_DAY = 2880, SYNC_EVERY = 20 };
static const int64_t start_ms = 1754006400000;

static double cpu(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void tick(struct store *store, int64_t now_ms)
{
	struct why why;
	bool more = true;

	while (more)
		into_check(store_tick(store, now_ms, &more, &why), &why);
}

static uint64_t fill(struct store *store, uint32_t n, int64_t ticks)
{
	struct load_series *series = calloc(n, sizeof *series);
	uint32_t *numbers = calloc(n, sizeof *numbers);
	struct sample *batch = calloc(n, sizeof *batch);
	uint64_t total = 0;
	struct why why;

	if (series == NULL || numbers == NULL || batch == NULL)
		exit(4);
	for (uint32_t i = 0; i < n; i++) {
		load_init(&series[i], i, PERIOD_MS);
		numbers[i] = into_number(store, i);
	}
	for (int64_t t = 0; t < ticks; t++) {
		size_t taken = 0;
		int64_t at = start_ms + t * PERIOD_MS;

		for (uint32_t i = 0; i < n; i++)
			if (load_next(&series[i], at, &batch[taken].value)) {
				batch[taken].series = numbers[i];
				batch[taken++].time_ms = at + series[i].phase_ms;
			}
		into_check(store_append(store, batch, taken, &why), &why);
		total += taken;
		if (t % SYNC_EVERY == 0 || t + 1 == ticks)
			into_check(store_sync(store, &why), &why);
		if (t % 2 == 0)
			tick(store, at + PERIOD_MS);
	}
	free(series);
	free(numbers);
	free(batch);
	return total;
}

struct seen {
	uint64_t n, samples;
	double max;
};

static int hour(void *user, uint32_t series, const struct rollup *rollup)
{
	struct seen *seen = user;

	(void)series;
	seen->n++;
	seen->samples += rollup->n;
	seen->max = rollup->max > seen->max ? rollup->max : seen->max;
	return 0;
}

static int sample(void *user, int64_t time_ms, double value)
{
	struct seen *seen = user;

	(void)time_ms;
	(void)value;
	seen->n++;
	return 0;
}

static off_t bytes_of(const char *folder, const char *name)
{
	char path[300];
	struct stat st = { .st_size = 0 };

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	(void)stat(path, &st);
	return st.st_size;
}

int main(int argc, char **argv)
{
	const struct store_options options = { .window_s = 0 };
	int64_t days = argc > 2 ? strtoll(argv[2], NULL, 10) : 30;
	uint32_t n = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 1000;
	struct store_found found;
	struct store *store = NULL;
	struct why why;

	if (argc < 2)
		return 3;
	into_check(store_open(argv[1], STORE_WRITE, &options, &store, &found, &why), &why);
	double from = cpu();
	uint64_t total = fill(store, n, days * TICKS_PER_DAY);
	int64_t end_ms = start_ms + days * 86400000;

	/* hours later nothing is open any more */
	tick(store, end_ms + 3 * 3600000);
	tick(store, end_ms + 4 * 3600000);
	double took = cpu() - from;
	struct store_size size;

	into_check(store_size(store, &size, &why), &why);
	store_close(store);
	(void)printf("load B: %llu samples, %.2f M samples per CPU s with its maker\n",
	    (unsigned long long)total, (double)total / took / 1e6);
	(void)printf("  on disk sealed, compacted, with roll-ups: %.3f bytes a sample "
	    "(chunks %.3f, roll-ups %.3f)\n", (double)bytes_of(argv[1], "chunks.db") / (double)total,
	    (double)size.bytes_chunks / (double)total, (double)size.bytes_rollups / (double)total);
	into_check(store_open(argv[1], STORE_READ, &options, &store, &found, &why), &why);
	for (int round = 0; round < 3; round++) {
		struct seen all = { .n = 0 }, day = { .n = 0 };

		from = cpu();
		into_check(store_hours_all(store, start_ms, end_ms, hour, &all, &why), &why);
		double hours = cpu() - from;

		from = cpu();
		into_check(store_read(store, n / 2, end_ms - 86400000, end_ms, sample, &day, &why), &why);
		(void)printf("  hourly maxima of all: %.4f CPU s (%llu hours, %llu samples); "
		    "last 24 h of one series: %.3f ms (%llu samples)\n", hours,
		    (unsigned long long)all.n, (unsigned long long)all.samples, (cpu() - from) * 1e3,
		    (unsigned long long)day.n);
	}
	store_close(store);
	return 0;
}
