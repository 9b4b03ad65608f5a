/* bench/store/send.c - the sender: load A by remote-write over HTTP, four connections
 * kept busy, 10,000 samples a request.  usage: send PORT PATH HOURS SERIES
 * Prints `samples N seconds S`.  Requests are made beforehand, an hour at a time, so
 * that sender and server do not share the time measured; every answer must be 2xx. */
#include "load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <snappy-c.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 10000, PERIOD_MS = 10000, CONNECTIONS = 4 };

/* As Prometheus' own sender does it, a series always takes the same connection: its
 * samples never overtake each other. */

struct request {
	char *bytes;
	size_t len;
	unsigned samples;
};

struct sender {
	struct load_series *series;
	char **labels; /* label fields as protobuf */
	size_t *labels_n;
	uint32_t n;
	struct shard {
		char *plain;
		size_t plain_n;
		unsigned samples;
		struct request *requests;
		size_t requests_n, requests_room;
	} shards[CONNECTIONS];
	const char *path;
};

static size_t put_varint(char *at, uint64_t n)
{
	size_t len = 0;

	for (; n >= 128; n >>= 7)
		at[len++] = (char)(n | 0x80);
	at[len++] = (char)n;
	return len;
}

static void *need(void *pointer)
{
	if (pointer == NULL) {
		(void)fputs("send: out of memory\n", stderr);
		exit(4);
	}
	return pointer;
}

static void make_labels(struct sender *s, uint32_t id)
{
	char pairs[LOAD_LABELS][2][32], *at = need(malloc(LOAD_LABELS * 80));
	size_t n = 0;

	load_labels(id, pairs);
	for (int i = 0; i < LOAD_LABELS; i++) {
		size_t name = strlen(pairs[i][0]), value = strlen(pairs[i][1]);

		at[n++] = 0x0a;
		at[n++] = (char)(name + value + 4);
		at[n++] = 0x0a;
		at[n++] = (char)name;
		memcpy(at + n, pairs[i][0], name);
		n += name;
		at[n++] = 0x12;
		at[n++] = (char)value;
		memcpy(at + n, pairs[i][1], value);
		n += value;
	}
	s->labels[id] = at;
	s->labels_n[id] = n;
}

static void flush(const struct sender *s, struct shard *shard)
{
	size_t len = snappy_max_compressed_length(shard->plain_n), head;
	char *bytes = need(malloc(len + 300)), *packed = need(malloc(len));

	if (snappy_compress(shard->plain, shard->plain_n, packed, &len) != SNAPPY_OK)
		exit(4);
	head = (size_t)snprintf(bytes, 300, "POST %s HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Type: application/x-protobuf\r\nContent-Encoding: snappy\r\n"
	    "X-Prometheus-Remote-Write-Version: 0.1.0\r\nContent-Length: %zu\r\n\r\n", s->path, len);
	memcpy(bytes + head, packed, len);
	free(packed);
	if (shard->requests_n == shard->requests_room) {
		shard->requests_room = shard->requests_room == 0 ? 256 : shard->requests_room * 2;
		shard->requests = need(realloc(shard->requests,
		    shard->requests_room * sizeof *shard->requests));
	}
	shard->requests[shard->requests_n++] =
	    (struct request){ bytes, head + len, shard->samples };
	shard->plain_n = shard->samples = 0;
}

static void add(struct sender *s, uint32_t id, int64_t time_ms, double value)
{
	struct shard *shard = &s->shards[(uint64_t)id * CONNECTIONS / s->n];
	char sample[24], *at = shard->plain + shard->plain_n;
	size_t n = 0;

	sample[n++] = 0x09;
	memcpy(sample + n, &value, 8);
	n += 8;
	sample[n++] = 0x10;
	n += put_varint(sample + n, (uint64_t)time_ms);
	*at++ = 0x0a;
	at += put_varint(at, s->labels_n[id] + 2 + n);
	memcpy(at, s->labels[id], s->labels_n[id]);
	at += s->labels_n[id];
	*at++ = 0x12;
	*at++ = (char)n;
	memcpy(at, sample, n);
	shard->plain_n = (size_t)(at + n - shard->plain);
	if (++shard->samples == BATCH)
		flush(s, shard);
}

static int dial(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
		perror("send: connect");
		exit(4);
	}
	return fd;
}

static void put_all(int fd, const struct request *r)
{
	for (size_t done = 0; done < r->len;) {
		ssize_t n = write(fd, r->bytes + done, r->len - done);

		if (n <= 0) {
			perror("send: write");
			exit(4);
		}
		done += (size_t)n;
	}
}

static void expect_2xx(int fd)
{
	char answer[4096];
	size_t n = 0;

	do {
		ssize_t got = read(fd, answer + n, sizeof answer - 1 - n);

		if (got <= 0) {
			(void)fputs("send: no answer\n", stderr);
			exit(4);
		}
		n += (size_t)got;
		answer[n] = '\0';
	} while (strstr(answer, "\r\n\r\n") == NULL && n < sizeof answer - 1);
	if (n < 12 || answer[9] != '2') {
		(void)fprintf(stderr, "send: %s\n", answer);
		exit(4);
	}
}

static void send_all(struct sender *s, const int *fds)
{
	bool more = true;

	for (size_t k = 0; more; k++) {
		more = false;
		for (size_t i = 0; i < CONNECTIONS; i++)
			if (k < s->shards[i].requests_n)
				put_all(fds[i], &s->shards[i].requests[k]);
		for (size_t i = 0; i < CONNECTIONS; i++)
			if (k < s->shards[i].requests_n) {
				expect_2xx(fds[i]);
				free(s->shards[i].requests[k].bytes);
				more = true;
			}
	}
	for (size_t i = 0; i < CONNECTIONS; i++)
		s->shards[i].requests_n = 0;
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
	struct sender s = { .path = argc > 2 ? argv[2] : "" };
	int fds[CONNECTIONS];
	uint64_t total = 0;
	double seconds = 0;

	if (argc < 6)
		return 3;
	int hours = (int)strtol(argv[3], NULL, 10);
	int64_t start_ms = strtoll(argv[5], NULL, 10);

	s.n = (uint32_t)strtoul(argv[4], NULL, 10);
	s.series = need(calloc(s.n, sizeof *s.series));
	s.labels = need(calloc(s.n, sizeof *s.labels));
	s.labels_n = need(calloc(s.n, sizeof *s.labels_n));
	for (size_t i = 0; i < CONNECTIONS; i++)
		s.shards[i].plain = need(malloc((size_t)BATCH * 600));
	for (uint32_t i = 0; i < s.n; i++) {
		load_init(&s.series[i], i, PERIOD_MS);
		make_labels(&s, i);
	}
	for (size_t i = 0; i < CONNECTIONS; i++)
		fds[i] = dial((int)strtol(argv[1], NULL, 10));
	for (int64_t tick = 0; tick < (int64_t)hours * 360; tick++) {
		for (uint32_t i = 0; i < s.n; i++) {
			double value;
			int64_t at = start_ms + tick * PERIOD_MS;

			if (load_next(&s.series[i], at, &value)) {
				add(&s, i, at + s.series[i].phase_ms, value);
				total++;
			}
		}
		if (tick % 60 == 59 || tick + 1 == (int64_t)hours * 360) {
			for (size_t i = 0; i < CONNECTIONS; i++)
				if (s.shards[i].samples > 0)
					flush(&s, &s.shards[i]);
			double from = now();

			send_all(&s, fds);
			seconds += now() - from;
		}
	}
	(void)printf("samples %llu seconds %.2f\n", (unsigned long long)total, seconds);
	return 0;
}
