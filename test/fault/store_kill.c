/* test/fault/store_kill.c - the writer is killed at any moment, every second time with
 * random bytes behind the newest segment as a torn write leaves them: every batch it
 * acknowledged must be there, whole and equal.  usage: store_kill ROUNDS [SEED] */
#include "store_batch.h"
#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char folder[64];
static uint64_t seed = 1;

static uint64_t draw(void)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

/* Writes from batch `from` on, saying each one acknowledged, until it is killed. */
static void write_on(uint64_t from, int said)
{
	const struct store_options options = { .window_s = 900 };
	struct store_found found;
	struct store *store;
	struct why why;

	if (store_open(folder, STORE_WRITE, &options, &store, &found, &why) != KS_OK ||
	    series_make(store, &why) != KS_OK)
		_exit(9);
	for (uint64_t batch = from;; batch++) {
		bool more = false;

		if (batch_put(store, batch, &why) != KS_OK ||
		    write(said, &batch, sizeof batch) != sizeof batch)
			_exit(9);
		/* a seal takes many batches; let the clock of the samples drive it */
		for (int i = 0; i < 50 && batch % 7 == 0; i++)
			if (store_tick(store, batch_end_ms(batch) + i * 900001, &more, &why) != KS_OK ||
			    !more)
				break;
	}
}

static void tear(void)
{
	char path[400], newest[256] = "";
	struct dirent *entry;
	uint8_t bytes[700];

	(void)snprintf(path, sizeof path, "%s/journal", folder);
	DIR *dir = opendir(path);

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, newest) > 0)
			(void)snprintf(newest, sizeof newest, "%s", entry->d_name);
	if (dir != NULL)
		(void)closedir(dir);
	(void)snprintf(path, sizeof path, "%s/journal/%s", folder, newest);
	FILE *file = newest[0] != '\0' ? fopen(path, "ab") : NULL;

	if (file == NULL)
		return;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)draw();
	(void)fwrite(bytes, 1, sizeof bytes, file);
	(void)fclose(file);
}

/* One life and death; returns batches acknowledged so far, or -1. */
static int64_t live(uint64_t from, bool torn)
{
	int said[2];
	uint64_t batch = 0;
	int64_t acked = (int64_t)from;
	struct timespec nap = { .tv_nsec = (long)(draw() % 250000000) + 2000000 };

	if (pipe(said) != 0)
		return -1;
	pid_t pid = fork();

	if (pid == 0) {
		(void)close(said[0]);
		write_on(from, said[1]);
	}
	(void)close(said[1]);
	(void)nanosleep(&nap, NULL);
	(void)kill(pid, SIGKILL);
	int status = 0;

	(void)waitpid(pid, &status, 0);
	while (read(said[0], &batch, sizeof batch) == sizeof batch)
		acked = (int64_t)batch + 1;
	(void)close(said[0]);
	if (torn)
		tear();
	return WIFSIGNALED(status) ? acked : -1;
}

static int64_t look(void)
{
	const struct store_options options = { .window_s = 900 };
	struct store_found found;
	struct store *store = NULL;
	struct why why = { .fmt = NULL };

	if (store_open(folder, STORE_WRITE, &options, &store, &found, &why) != KS_OK) {
		(void)fprintf(stderr, "open: %s\n", why.text);
		return -1;
	}
	int64_t batches = batches_found(store);

	store_close(store);
	return batches;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 10, failed = 0;
	int64_t batches = 0;
	char command[128];

	seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	(void)snprintf(folder, sizeof folder, "/tmp/keisoku-kill-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return 4;
	for (int round = 0; round < rounds && failed == 0; round++) {
		int64_t acked = live((uint64_t)batches, round % 2 == 1);

		batches = look();
		/* the one that was not yet said may be there too, but whole */
		if (acked < 0 || batches < acked || batches > acked + 1) {
			(void)printf("round %d: acknowledged %lld, found %lld\n", round,
			    (long long)acked, (long long)batches);
			failed++;
		}
	}
	(void)printf("%d kills, %lld batches acknowledged, %d rounds with something lost or torn\n",
	    rounds, (long long)batches, failed);
	(void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command) == 0 && failed == 0 && batches > 0 ? 0 : 1;
}
