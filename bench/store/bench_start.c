/* bench/store/bench_start.c - how long a start takes: a journal of two hours that nobody
 * sealed is written, the writer goes without goodbye, and the store is opened again.
 * usage: bench_start FOLDER [SERIES [PERIOD_S]] */
#include "into.h"
#include "load.h"
#include "base/text.h"
#include "store/store.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HOURS = 2, MOST = 20000 };
static const int64_t start_ms = 1754006400000;

static double seconds(clockid_t which)
{
	struct timespec t;

	(void)clock_gettime(which, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void fill(const char *folder, uint32_t n, int64_t period_ms)
{
	const struct store_options options = { .window_s = 0 };
	struct load_series *series = calloc(n, sizeof *series);
	uint32_t *numbers = calloc(n, sizeof *numbers);
	struct sample batch[MOST];
	struct store_found found;
	struct store *store;
	struct why why;

	if (series == NULL || numbers == NULL)
		exit(4);
	into_check(store_open(folder, STORE_WRITE, &options, &store, &found, &why), &why);
	for (uint32_t i = 0; i < n; i++) {
		load_init(&series[i], i, (uint32_t)period_ms);
		numbers[i] = into_number(store, i);
	}
	for (int64_t at = start_ms; at < start_ms + HOURS * 3600000LL - period_ms; at += period_ms)
		for (uint32_t i = 0; i < n;) {
			size_t taken = 0;

			for (; i < n && taken < MOST; i++)
				if (load_next(&series[i], at, &batch[taken].value)) {
					batch[taken].series = numbers[i];
					batch[taken++].time_ms = at + series[i].phase_ms;
				}
			into_check(store_append(store, batch, taken, &why), &why);
			into_check(store_sync(store, &why), &why);
		}
	_exit(0);
}

int main(int argc, char **argv)
{
	const struct store_options options = { .window_s = 0 };
	uint32_t n = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 200000;
	int64_t period_ms = (argc > 3 ? strtoll(argv[3], NULL, 10) : 60) * 1000;
	struct store_found found;
	struct store *store = NULL;
	struct store_size size;
	struct why why;
	int status = 0;

	if (argc < 2)
		return 3;
	pid_t pid = fork();

	if (pid == 0)
		fill(argv[1], n, period_ms);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		return 4;
	double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);

	into_check(store_open(argv[1], STORE_WRITE, &options, &store, &found, &why), &why);
	wall = seconds(CLOCK_MONOTONIC) - wall;
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	into_check(store_size(store, &size, &why), &why);
	store_close(store);
	(void)printf("start with %u series, %llu samples in %.1f MB of journal: %.2f s (%.2f CPU s, "
		     "%.2f M samples per CPU s)\n",
	    n, (unsigned long long)found.replayed, (double)size.bytes_journal / 1e6, wall, cpu,
	    (double)found.replayed / cpu / 1e6);
	return 0;
}
