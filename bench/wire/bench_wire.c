/* bench/wire/bench_wire.c - one capture through the engine, and what it cost.  The
 * listener only counts, so that this is the engine with its tongues: flows, DNS, TLS and
 * HTTP names.  usage: bench_wire FILE [THREADS [read]] */
#include "base/drop.h"
#include "wire/capture.h"
#include "wire/ear.h"
#include "wire/frag.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

struct heard {
	uint64_t slices, bytes, dns, http, tls, settled;
};

static void hear_slice(void *context, const struct said_head *head, const struct said_slice *slice)
{
	struct heard *heard = context;

	(void)head;
	heard->slices++;
	heard->bytes += slice->bytes[0] + slice->bytes[1];
}
static void hear_dns(void *context, const struct said_head *head, const struct said_dns *dns)
{
	(void)head;
	((struct heard *)context)->dns += dns->name.left > 0;
}
static void hear_http(void *context, const struct said_head *head, const struct said_http *http)
{
	(void)head;
	((struct heard *)context)->http += http->host.left > 0;
}
static void hear_tls(void *context, const struct said_head *head, const struct said_tls *tls)
{
	(void)head;
	((struct heard *)context)->tls += tls->sni.left > 0;
	((struct heard *)context)->settled += tls->when == TLS_SETTLED;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	unsigned threads = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1;
	bool read_only = argc > 3, decode = read_only && argv[3][0] == 'd';
	struct heard heard[16] = { 0 }, all = { 0 };
	struct listener listeners[16];
	struct ear *ear = NULL;
	struct capture *capture = NULL;
	struct frame frame;
	struct rusage used;
	struct timespec from, to;
	uint64_t frames = 0;
	KS_DROP(fd) int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;

	for (int i = 0; i < 16; i++)
		listeners[i] = (struct listener){ .context = &heard[i], .slice = hear_slice,
			.dns = hear_dns, .http = hear_http, .tls = hear_tls };
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	if (fd < 0 || threads > 16 ||
	    ear_new(&(struct ear_plan){ .threads = threads, .seed = 1, .listeners = listeners,
			.memory = (size_t)2 << 30 }, &ear, NULL) != KS_OK ||
	    capture_new(fd, argv[1], NULL, &capture, NULL) != KS_OK)
		return 2;
	struct fragments *fragments = fragments_new(1);
	while (capture_next(capture, &frame, NULL) == KS_OK) {
		frames++;
		if (decode) {
			struct packet packet;

			packet_read(&frame, fragments, &packet);
			packet_drop(&packet);
		} else if (!read_only) {
			ear_take(ear, &frame);
		}
	}
	ear_end(ear);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	(void)getrusage(RUSAGE_SELF, &used);
	for (int i = 0; i < 16; i++) {
		all.slices += heard[i].slices;
		all.dns += heard[i].dns;
		all.http += heard[i].http;
		all.tls += heard[i].tls;
		all.settled += heard[i].settled;
	}
	struct ear_counts counts = ear_counts(ear);
	double cpu = seconds(used.ru_utime) + seconds(used.ru_stime);

	printf("%llu packets  %.2f CPU s (%.2f user)  %.2f wall s  %.3f us a packet  %ld MB  "
	       "tcp %llu udp %llu other %llu  dns %llu http %llu sni %llu\n",
	    (unsigned long long)frames, cpu, seconds(used.ru_utime),
	    (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9,
	    cpu / (double)(frames > 0 ? frames : 1) * 1e6, used.ru_maxrss / 1024,
	    (unsigned long long)counts.tcp, (unsigned long long)counts.udp,
	    (unsigned long long)counts.other, (unsigned long long)all.dns,
	    (unsigned long long)all.http, (unsigned long long)all.tls);
	fragments_free(fragments);
	capture_free(capture);
	ear_free(ear);
	return 0;
}
