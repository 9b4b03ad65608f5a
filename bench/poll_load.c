/* bench/poll_load.c - the poller alone on a list of SNMP devices; prints what it cost.
 * usage: poll_load SECONDS PERIOD_MS OID < addresses, one a line.  The first period and
 * a half (sessions opened, drivers learning) is counted apart. */
#include "sense/poll.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static unsigned long good, bad;
static uv_loop_t loop;
static struct poller *poller;
static struct poll_counts before;
static double cpu_before;
static unsigned long good_before, bad_before;
static uint64_t began;
static unsigned period_ms;

static int64_t clock_ms(void *user)
{
	struct timespec now;

	(void)user;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static double cpu_s(void)
{
	struct rusage used;

	(void)getrusage(RUSAGE_SELF, &used);
	return (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6 +
	    (double)used.ru_stime.tv_sec + (double)used.ru_stime.tv_usec / 1e6;
}

static long rss_kb(void)
{
	long pages = 0, unused;
	FILE *file = fopen("/proc/self/statm", "re");

	if (file != NULL && fscanf(file, "%ld %ld", &unused, &pages) != 2)
		pages = 0;
	if (file != NULL)
		(void)fclose(file);
	return pages * 4;
}

static void take_series(void *user, const struct series *series)
{
	(void)user;
	(void)series;
}

static void take_readings(void *user, const struct reading *readings, size_t n)
{
	(void)user;
	for (size_t i = 0; i < n; i++)
		if (readings[i].kind != MEASURE_REACH) {
			good += readings[i].quality == QUALITY_OK;
			bad += readings[i].quality != QUALITY_OK;
		}
}

static void warm(uv_timer_t *timer)
{
	(void)timer;
	before = poller_counts(poller);
	cpu_before = cpu_s();
	good_before = good;
	bad_before = bad;
	began = uv_hrtime();
}

static void end(uv_timer_t *timer)
{
	struct poll_counts now = poller_counts(poller);
	double cpu = cpu_s() - cpu_before, wall = (double)(uv_hrtime() - began) / 1e9;

	printf("{\"devices\":%u,\"wall_s\":%.3f,\"cpu_s\":%.4f,\"polls\":%lu,\"failed\":%lu,"
	       "\"asks\":%lu,\"late\":%lu,\"good\":%lu,\"bad\":%lu,\"rss_kb\":%ld,"
	       "\"start_cpu_s\":%.4f}\n",
	    now.devices, wall, cpu, (unsigned long)(now.polls - before.polls),
	    (unsigned long)(now.failed - before.failed), (unsigned long)(now.asks - before.asks),
	    (unsigned long)(now.late - before.late), good - good_before, bad - bad_before,
	    rss_kb(), cpu_before);
	uv_stop(timer->loop);
}

int main(int argc, char **argv)
{
	size_t room = 20000;
	struct sensor *sensors = calloc(room, sizeof *sensors);
	struct site site = { .id = "bench", .sensors = sensors };
	struct poll_options options = { .now_ms = clock_ms, .series = take_series,
		.readings = take_readings, .factor = 1, .seed = 1 };
	struct rlimit files;
	char line[128], id[32];
	struct why why = { 0 };
	uv_timer_t first, last;

	if (argc < 4 || sensors == NULL)
		return 2;
	period_ms = (unsigned)strtoul(argv[2], NULL, 10);
	(void)getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	while (site.sensors_n < room && fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		(void)snprintf(id, sizeof id, "s%zu", site.sensors_n);
		sensors[site.sensors_n++] = (struct sensor){ .id = strdup(id), .name = "s",
			.via = "snmp", .address = strdup(line), .read = argv[3],
			.every_ms = period_ms, .multiply_milli = 1000 };
	}
	(void)uv_loop_init(&loop);
	if (poller_new(&loop, &site, &options, NULL, &poller, &why) != KS_OK) {
		(void)fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	uint64_t warm_ms = period_ms + period_ms / 2 > 6000 ? period_ms + period_ms / 2 : 6000;

	(void)uv_timer_init(&loop, &first);
	(void)uv_timer_init(&loop, &last);
	(void)uv_timer_start(&first, warm, warm_ms, 0);
	(void)uv_timer_start(&last, end, warm_ms + strtoul(argv[1], NULL, 10) * 1000, 0);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	return 0;
}
