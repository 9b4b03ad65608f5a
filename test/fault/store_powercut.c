/* test/fault/store_powercut.c - the power is cut at any write of a scripted day: samples
 * on time and late, new series, findings, acts, seals, compaction, retention, and twice a
 * writer killed between write and sync.  At each cut point a copy of the folder is made as
 * the disk would be found (disk.h), opened, compared with what was acknowledged, used for
 * a while - every third time the power goes again in that - closed and verified.
 * usage: store_powercut CUTS [SEEDS [CHANGE]]; CUTS 0: every one; CHANGE: only there. */
#include "disk.h"
#include "powercut_truth.h"
#include "store/verify.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOST = 1, CORRUPT = 2, BROKEN = 4 };

static char root[64];
static struct truth truth;
static uint64_t ops, every, seeds, cuts, lost, corrupt, only;
static uint64_t killed; /* when the writer was */
static uint64_t again; /* the second cut comes after so many more changes */
static uint64_t gone;  /* so many since the first */
static char first[64], second[80];

static void path_of(char ret_path[static 96], const char *folder)
{
	(void)snprintf(ret_path, 96, "%s/store", folder);
}

static int open_at(const char *folder, enum store_mode mode, struct store **ret_store)
{
	const struct store_options options = { .window_s = 0, .keep_raw_days = KEEP_DAYS };
	struct store_found found;
	struct why why = { .fmt = NULL };
	char path[96];

	path_of(path, folder);
	int bad = store_open(path, mode, &options, ret_store, &found, &why);

	if (bad != KS_OK)
		(void)printf("open: %s\n", why.text);
	return bad;
}

/* Until nothing is due. */
static int ticks(struct store *store, struct truth *t, int64_t now_ms, struct why *why)
{
	bool more = true;
	int bad = KS_OK;

	truth_clock(t, now_ms);
	for (int i = 0; i < 100 && more && bad == KS_OK; i++)
		bad = store_tick(store, now_ms, &more, why);
	return bad;
}

/* What happens in a quarter of an hour. */
static int quarter(struct store *store, struct truth *t, struct why *why)
{
	uint32_t batch = t->batches;
	int bad = truth_batch(t, store, why);

	if (bad == KS_OK && batch % 8 == 3)
		bad = truth_finding(t, store, batch / 8, why);
	if (bad == KS_OK && batch % 24 == 20)
		bad = truth_finding(t, store, batch / 24, why);
	if (bad == KS_OK && batch % 12 == 5)
		bad = truth_act(t, store, why);
	return bad == KS_OK ? ticks(store, t, batch_end_ms(batch), why) : bad;
}

static void place_say(void *user, const char *where, const char *what)
{
	(void)user;
	(void)printf("damaged: %s %s\n", where, what);
}

static int whole(const char *folder)
{
	struct verify seen = { .damaged = 0 };
	struct why why = { .fmt = NULL };
	char path[96];

	path_of(path, folder);
	if (store_verify(path, &seen, place_say, NULL, &why) == KS_OK && seen.damaged == 0)
		return 0;
	(void)printf("verify: %llu damaged %s\n", (unsigned long long)seen.damaged, why.text);
	return CORRUPT;
}

/* Is it all there; returns LOST, CORRUPT or 0. */
static int look(const char *folder, struct truth *t, bool use)
{
	struct why why = { .fmt = NULL };
	struct store *store = NULL;
	int bad = KS_OK;

	if (open_at(folder, STORE_WRITE, &store) != KS_OK)
		return CORRUPT;
	int wrong = truth_compare(t, store);

	if (wrong != 0) {
		(void)printf("found: %s\n", t->says);
		return wrong > 0 ? CORRUPT : LOST;
	}
	for (int i = 0; i < 2 && bad == KS_OK && use; i++)
		bad = quarter(store, t, &why);
	if (bad != KS_OK) {
		(void)printf("does not go on: %s\n", why.text);
		return CORRUPT;
	}
	store_close(store);
	if (use && open_at(folder, STORE_READ_ALL, &store) == KS_OK) {
		wrong = truth_compare(t, store);
		store_close(store);
	}
	if (wrong != 0)
		(void)printf("found later: %s\n", t->says);
	return wrong != 0 ? (wrong > 0 ? CORRUPT : LOST) : whole(folder);
}

/* The power goes once more while the store comes back. */
static void cut_again(void)
{
	gone++;
	if (again == 0 || --again > 0)
		return;
	disk_end();
	disk_cut(second, ops * 31 + 7);
	int wrong = look(second, &truth, false);

	disk_remove(second);
	if (wrong != 0)
		(void)printf("at the second cut, change %llu and %llu more\n",
		    (unsigned long long)ops, (unsigned long long)gone);
	(void)fflush(stdout);
	_exit(wrong);
}

/* In a process of its own: nothing of this one's memory outlives the cut. */
static void cut_here(uint64_t seed)
{
	int status = 0;

	(void)fflush(stdout);
	pid_t pid = fork();

	if (pid < 0) {
		perror("fork");
		_exit(BROKEN);
	}
	if (pid == 0) {
		uint64_t draw = ops * 1000003 + seed;

		disk_end();
		disk_cut(first, draw);
		if (disk_draw(&draw) % 3 == 0) {
			again = 1 + disk_draw(&draw) % 60;
			disk_begin(first, cut_again);
		}
		int wrong = look(first, &truth, true);

		if (wrong != 0)
			(void)printf("at change %llu, seed %llu\n", (unsigned long long)ops,
			    (unsigned long long)seed);
		(void)fflush(stdout);
		_exit(wrong);
	}
	(void)waitpid(pid, &status, 0);
	disk_remove(first);
	disk_remove(second);
	cuts++;
	lost += WIFEXITED(status) && WEXITSTATUS(status) == LOST;
	corrupt += !WIFEXITED(status) || WEXITSTATUS(status) > LOST;
}

static void changed(void)
{
	ops++;
	/* what a killed writer left unsynced, and what was built upon it, goes or stays */
	bool after_kill = killed != 0 && ops > killed + 20 && ops < killed + 40 && ops % 4 == 0;

	if (every == 0 || (ops % every != 0 && !after_kill) || (only != 0 && ops != only))
		return;
	for (uint64_t seed = 1; seed <= seeds; seed++)
		cut_here(seed);
}

/* The writer dies after a write that brought a new series, before the sync. */
static int kill_writer(struct store **store, struct why *why)
{
	disk_die_at_sync();
	if (truth_batch(&truth, *store, why) == KS_OK)
		return fail(why, KS_IO, "it should have died");
	store_close(*store);
	disk_dead(false);
	killed = ops;
	return open_at(root, STORE_WRITE, store);
}

/* The scripted day: two days and some, so that one becomes due to be dropped. */
static int script(void)
{
	struct why why = { .fmt = NULL };
	struct store *store = NULL;

	truth = (struct truth){ .batches = 0 };
	if (mkdtemp(root) == NULL)
		return BROKEN;
	ops = killed = 0;
	disk_begin(root, changed);
	int bad = open_at(root, STORE_WRITE, &store);

	while (bad == KS_OK && truth.batches < BATCHES) {
		if (truth.batches == 40 || truth.batches == 120)
			bad = kill_writer(&store, &why);
		if (bad == KS_OK)
			bad = quarter(store, &truth, &why);
	}
	if (bad == KS_OK)
		store_close(store);
	disk_end();
	disk_forget();
	disk_remove(root);
	if (bad != KS_OK)
		(void)printf("script: batch %u: %s\n", truth.batches, why.text);
	return bad == KS_OK ? 0 : BROKEN;
}

static void name_root(const char *kind)
{
	(void)snprintf(root, sizeof root, "%s/keisoku-%s-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", kind);
}

int main(int argc, char **argv)
{
	uint64_t want = argc > 1 ? strtoull(argv[1], NULL, 10) : 40;

	seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	only = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
	name_root("count");
	if (script() != 0)
		return BROKEN;
	every = want == 0 || want > ops ? 1 : (ops + want - 1) / want;
	name_root("cut");
	(void)snprintf(first, sizeof first, "%s-%ld-1", "/dev/shm/keisoku-after", (long)getpid());
	(void)snprintf(second, sizeof second, "%s-%ld-2", "/dev/shm/keisoku-after", (long)getpid());
	if (script() != 0)
		return BROKEN;
	(void)printf("%llu changes of the disk, %llu power cuts: %llu with something acknowledged lost, "
		     "%llu corrupt\n",
	    (unsigned long long)ops, (unsigned long long)cuts, (unsigned long long)lost,
	    (unsigned long long)corrupt);
	return cuts > 0 && lost == 0 && corrupt == 0 ? 0 : 1;
}
