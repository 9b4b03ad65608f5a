/* test/wire/mutate.c - captures with bytes changed, cut and doubled at random through the
 * whole engine with every tongue: no crash, no hang, memory under its limit, and every
 * frame that was read is counted.  The seed and the file reproduce a failure.
 * usage: mutate FOLDER COUNT SEED   (COUNT mutations of every capture below FOLDER) */
#include "base/limits.h"
#include "base/must.h"
#include "wire/capture.h"
#include "wire/ear.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FILE_MOST = 3 * 1024 * 1024, MEMORY_MOST = 1500 * 1024 /* KiB, sanitizers and all */ };

static uint64_t state;
static long count;
static unsigned long captures, runs, frames_seen;

static uint64_t draw(uint64_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return below > 0 ? (state >> 33) % below : 0;
}

struct heard {
	uint64_t frames, touched;
};

static void hear_slice(void *context, const struct said_head *head, const struct said_slice *slice)
{
	struct heard *heard = context;

	must(head->flow != NULL);
	heard->frames += slice->frames[0] + slice->frames[1];
}
static void hear_body(void *context, const struct said_head *head, const struct said_body *body)
{
	struct heard *heard = context;

	(void)head;
	for (size_t i = 0; i < body->bytes.left; i += 16)
		heard->touched += body->bytes.at[i];
}
static void hear_tls(void *context, const struct said_head *head, const struct said_tls *tls)
{
	struct heard *heard = context;

	(void)head;
	for (size_t i = 0; i < tls->certificates; i++)
		for (size_t j = 0; j < tls->certificate[i].left; j++)
			heard->touched += tls->certificate[i].at[j];
}
static void hear_secrets(void *context, struct span text)
{
	ear_secrets(context, text);
}

/* 802.11 alone and behind Prism, radiotap, AVS, PPI */
static bool is_wireless(uint32_t link)
{
	return link == 105 || link == 119 || link == 127 || link == 163 || link == 192;
}

static const char *now_at;
static long now_change;

static void listen_to(int fd)
{
	struct heard heard = { 0 };
	struct listener listener = { .context = &heard, .slice = hear_slice, .body = hear_body,
		.tls = hear_tls };
	struct ear_plan plan = { .seed = 9, .listeners = &listener, .memory = 64 * 1024 * 1024 };
	struct ear *ear = NULL;
	struct capture *capture = NULL;
	struct frame frame;
	uint64_t frames = 0;
	bool wireless = false; /* a frame may hold several (A-MSDU) */

	must(ear_new(&plan, &ear, NULL) == KS_OK);
	struct capture_ears ears = { .context = ear, .secrets = hear_secrets };

	if (capture_new(fd, "mutated", &ears, &capture, NULL) == KS_OK) {
		while (capture_next(capture, &frame, NULL) == KS_OK) {
			ear_take(ear, &frame);
			frames++;
			wireless |= is_wireless(frame.link);
		}
	}
	ear_end(ear);
	bool good = ear_counts(ear).frames == frames && (heard.frames <= frames || wireless);

	if (!good)
		(void)fprintf(stderr, "%s, change %ld: of %llu frames read %llu were counted, %llu told\n", now_at,
		    now_change, (unsigned long long)frames,
		    (unsigned long long)ear_counts(ear).frames, (unsigned long long)heard.frames);
	must(good);
	frames_seen += frames;
	capture_free(capture);
	ear_free(ear);
}

static void mutate(uint8_t *bytes, size_t *size)
{
	uint64_t changes = 1 + draw(40);

	for (uint64_t i = 0; i < changes; i++) {
		size_t at = (size_t)draw(*size), n = 1 + (size_t)draw(8);

		/* headers of file, record and layers are where it hurts: near the front */
		if (draw(3) == 0)
			at = (size_t)draw(*size < 4096 ? *size : 4096);
		for (size_t j = at; j < at + n && j < *size; j++)
			bytes[j] = draw(4) == 0 ? (uint8_t)(draw(2) * 255) : (uint8_t)draw(256);
	}
	if (draw(8) == 0)
		*size = (size_t)draw(*size) + 1;
	if (draw(8) == 0) { /* a piece of it once more, elsewhere */
		size_t from = (size_t)draw(*size), to = (size_t)draw(*size), n = (size_t)draw(2000);

		if (from + n <= *size && to + n <= *size)
			memmove(bytes + to, bytes + from, n);
	}
}

static int file_take(const char *path, const struct stat *about, int kind, struct FTW *ftw)
{
	static uint8_t whole[FILE_MOST], changed[FILE_MOST];
	FILE *file;
	size_t size;

	(void)ftw;
	if (kind != FTW_F || about->st_size == 0 || about->st_size > FILE_MOST ||
	    strstr(path, ".json") != NULL || (file = fopen(path, "rb")) == NULL)
		return 0;
	size = fread(whole, 1, sizeof whole, file);
	(void)fclose(file);
	captures++;
	for (long i = 0; i < count; i++) {
		size_t n = size;
		int fd = memfd_create("mutated", MFD_CLOEXEC);

		memcpy(changed, whole, size);
		mutate(changed, &n);
		must(fd >= 0 && write(fd, changed, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0);
		(void)alarm(60); /* a hang ends the run */
		now_at = path;
		now_change = i;
		listen_to(fd);
		(void)close(fd);
		runs++;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct rusage used;

	if (argc != 4)
		return 2;
	count = strtol(argv[2], NULL, 10);
	state = strtoull(argv[3], NULL, 10) * 2 + 1;
	if (access(argv[1], R_OK) != 0) {
		printf("SKIP: no captures at %s\n", argv[1]);
		return 77;
	}
	must(nftw(argv[1], file_take, 16, FTW_PHYS) == 0);
	(void)getrusage(RUSAGE_SELF, &used);
	printf("%lu captures, %lu mutations, %lu frames, %ld MiB at most\n", captures, runs,
	    frames_seen, used.ru_maxrss / 1024);
	return runs > 0 && used.ru_maxrss < MEMORY_MOST ? 0 : 1;
}
