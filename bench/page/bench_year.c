/* bench/page/bench_year.c - a store with a year of temperatures in it: the series are those
 * of a file (labels as the store has them, each behind its length in 2 bytes), so that a
 * daemon on the same site finds its own past.
 * usage: bench_year FOLDER LABELS DAYS PERIOD_S END_S */
#include "into.h"
#include "load.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 20000, SERIES = 20000, SYNC_TICKS = 20 };
static const int64_t window_ms = 7200000;

struct year {
	struct store *store;
	struct load_series series[SERIES];
	uint32_t numbers[SERIES], n;
	struct sample batch[MOST];
	size_t taken;
};

static void series_read(struct year *y, const char *path, int64_t period_ms)
{
	FILE *file = fopen(path, "rb");
	uint8_t head[2], labels[4096];
	struct why why;

	while (file != NULL && y->n < SERIES && fread(head, 1, 2, file) == 2) {
		size_t len = head[0] | (size_t)head[1] << 8;

		if (len > sizeof labels || fread(labels, 1, len, file) != len)
			break;
		into_check(store_series(y->store, span_of(labels, len), &y->numbers[y->n], &why), &why);
		/* of the load's kinds, 0..9 of 20 are temperatures */
		load_init(&y->series[y->n], y->n / 10 * 20 + y->n % 10, period_ms);
		y->n++;
	}
	if (file != NULL)
		(void)fclose(file);
}

static void flush(struct year *y)
{
	struct why why;

	into_check(store_append(y->store, y->batch, y->taken, &why), &why);
	y->taken = 0;
}

static void tick(struct year *y, int64_t now_ms)
{
	bool more = true;
	struct why why;

	into_check(store_sync(y->store, &why), &why);
	while (more)
		into_check(store_tick(y->store, now_ms, &more, &why), &why);
}

int main(int argc, char **argv)
{
	const struct store_options options = { .window_s = 0 };
	static struct year year;
	struct store_found found;
	struct why why;
	unsigned ticks = 0;

	if (argc < 6)
		return 2;
	int64_t period = strtoll(argv[4], NULL, 10) * 1000, end = strtoll(argv[5], NULL, 10) * 1000;
	int64_t start = (end - strtoll(argv[3], NULL, 10) * 86400000) / period * period;

	into_check(store_open(argv[1], STORE_WRITE, &options, &year.store, &found, &why), &why);
	series_read(&year, argv[2], period);
	for (int64_t at = start; at < end; at += period) {
		for (uint32_t i = 0; i < year.n; i++) {
			struct sample *s = &year.batch[year.taken];

			if (!load_next(&year.series[i], at, &s->value))
				continue;
			s->series = year.numbers[i];
			s->time_ms = at + year.series[i].phase_ms;
			if (++year.taken == MOST)
				flush(&year);
		}
		flush(&year);
		if (++ticks % SYNC_TICKS == 0)
			into_check(store_sync(year.store, &why), &why);
		if (at / window_ms != (at + period) / window_ms)
			tick(&year, at + period);
	}
	tick(&year, end);
	store_close(year.store);
	(void)printf("%u series\n", year.n);
	return 0;
}
