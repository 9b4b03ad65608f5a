/* What is durable, and what a cut leaves: see disk.h. */
#include "disk.h"
#include "disk_calls.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512, PATH = 160, ENTRIES = 512 };

struct bytes {
	uint8_t *at;
	size_t n;
};

struct thing { /* a file or a folder, whatever its name is now */
	ino_t ino;
	bool folder;
	struct bytes durable, last; /* last: what it held when its name went */
	struct thing *next;
};

struct entry { /* a name, below root; the thing it leads to, on the disk and now */
	char path[PATH];
	struct thing *durable, *now;
	bool seen;
};

static char root[PATH];
static void (*hook)(void);
static bool dead, dying, on;
static struct entry entries[ENTRIES];
static size_t entries_n;
static struct thing *things; /* all there ever were, to be freed */

static void give_up(const char *what)
{
	perror(what);
	_exit(4);
}

uint64_t disk_draw(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

static struct bytes slurp(const char *path)
{
	struct bytes bytes = { .n = 0 };
	struct stat st;
	int fd = disk_real_open(path, O_RDONLY | O_CLOEXEC, 0);

	if (fd < 0 || fstat(fd, &st) != 0)
		give_up(path);
	bytes.at = malloc((size_t)st.st_size + 1);
	if (bytes.at == NULL || read(fd, bytes.at, (size_t)st.st_size) != st.st_size)
		give_up(path);
	bytes.n = (size_t)st.st_size;
	(void)close(fd);
	return bytes;
}

static void full_path(char ret_path[static 2 * PATH], const char *path)
{
	(void)snprintf(ret_path, (size_t)2 * PATH, "%s%.*s", root, PATH - 1, path);
}

static struct entry *entry_of(const char *path)
{
	for (size_t i = 0; i < entries_n; i++)
		if (strcmp(entries[i].path, path) == 0)
			return &entries[i];
	if (entries_n == ENTRIES || strlen(path) >= PATH)
		give_up("too many names");
	struct entry *entry = &entries[entries_n++];

	*entry = (struct entry){ .durable = NULL };
	(void)snprintf(entry->path, PATH, "%s", path);
	return entry;
}

static int look(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	const char *below = path + strlen(root);
	size_t len = strlen(path);

	(void)kind;
	if (walk->level == 0 || (len > 4 && strcmp(path + len - 4, "-shm") == 0))
		return 0;
	struct entry *entry = entry_of(below);

	entry->seen = true;
	if (entry->now == NULL || entry->now->ino != st->st_ino) {
		entry->now = calloc(1, sizeof *entry->now);
		if (entry->now == NULL)
			give_up("memory");
		entry->now->ino = st->st_ino;
		entry->now->folder = S_ISDIR(st->st_mode);
		entry->now->next = things;
		things = entry->now;
	}
	return 0;
}

/* Which names there are now. */
static void refresh(void)
{
	for (size_t i = 0; i < entries_n; i++)
		entries[i].seen = false;
	if (nftw(root, look, 16, FTW_PHYS) != 0)
		give_up(root);
	for (size_t i = 0; i < entries_n; i++)
		if (!entries[i].seen)
			entries[i].now = NULL;
}

static void sync_names(const char *folder)
{
	size_t len = strlen(folder);

	for (size_t i = 0; i < entries_n; i++)
		if (strncmp(entries[i].path, folder, len) == 0 && entries[i].path[len] == '/' &&
		    strchr(entries[i].path + len + 1, '/') == NULL)
			entries[i].durable = entries[i].now;
}

static void sync_thing(struct entry *entry)
{
	char path[2 * PATH];

	if (entry->now->folder) {
		sync_names(entry->path);
		return;
	}
	full_path(path, entry->path);
	free(entry->now->durable.at);
	entry->now->durable = slurp(path);
}

void disk_synced(ino_t ino)
{
	struct stat st;

	if (!on)
		return;
	refresh();
	if (stat(root, &st) == 0 && st.st_ino == ino)
		sync_names("");
	for (size_t i = 0; i < entries_n; i++)
		if (entries[i].now != NULL && entries[i].now->ino == ino)
			sync_thing(&entries[i]);
	disk_changed();
}

void disk_folder_synced(const char *file)
{
	char folder[2 * PATH];
	struct stat st;

	(void)snprintf(folder, sizeof folder, "%s", file);
	*strrchr(folder, '/') = '\0';
	if (on && stat(folder, &st) == 0)
		disk_synced(st.st_ino);
}

/* What a name led to is kept: it may be there again after a cut. */
void disk_goes(ino_t ino)
{
	char path[2 * PATH];

	if (!on)
		return;
	refresh();
	for (size_t i = 0; i < entries_n; i++)
		if (entries[i].now != NULL && entries[i].now->ino == ino &&
		    !entries[i].now->folder) {
			full_path(path, entries[i].path);
			free(entries[i].now->last.at);
			entries[i].now->last = slurp(path);
		}
}

void disk_changed(void)
{
	int before = errno; /* the caller's call has set it */

	if (on && hook != NULL)
		hook();
	errno = before;
}

bool disk_is_dead(void)
{
	return on && dead;
}

bool disk_dies_here(void)
{
	dead = dead || (on && dying);
	dying = false;
	return on && dead;
}

void disk_dead(bool is)
{
	dead = is;
}

void disk_die_at_sync(void)
{
	dying = true;
}

void disk_forget(void)
{
	while (things != NULL) {
		struct thing *next = things->next;

		free(things->durable.at);
		free(things->last.at);
		free(things);
		things = next;
	}
	entries_n = 0;
}

void disk_begin(const char *path, void (*each)(void))
{
	disk_calls_install();
	(void)snprintf(root, sizeof root, "%s", path);
	disk_forget();
	refresh();
	for (size_t i = 0; i < entries_n; i++) {
		if (!entries[i].now->folder)
			sync_thing(&entries[i]);
		entries[i].durable = entries[i].now;
	}
	hook = each;
	on = true;
}

void disk_end(void)
{
	on = dead = dying = false;
	hook = NULL;
}

static bool chance(uint64_t *seed, unsigned percent)
{
	return disk_draw(seed) % 100 < percent;
}

/* A length between the two, or one of them. */
static size_t cut_length(size_t durable, size_t now, unsigned lost, uint64_t *seed)
{
	size_t part;

	if (durable == now || !chance(seed, lost))
		return now;
	if (now < durable || chance(seed, 50))
		return durable;
	part = durable + (size_t)(disk_draw(seed) % (now - durable));
	part = part / SECTOR * SECTOR;
	return part < durable ? durable : part;
}

static void cut_sector(uint8_t *at, size_t n, const struct bytes *was, size_t offset,
    uint64_t *seed)
{
	uint8_t fill = chance(seed, 70) ? 0 : (uint8_t)disk_draw(seed);

	memset(at, fill, n);
	if (offset < was->n)
		memcpy(at, was->at + offset, was->n - offset < n ? was->n - offset : n);
}

/* The file as the cut leaves it. */
static void cut_file(const char *to, const struct bytes *was, const struct bytes *is,
    unsigned lost, uint64_t *seed)
{
	size_t n = cut_length(was->n, is->n, lost, seed);
	uint8_t *at = calloc(1, n + 1);
	int fd = disk_real_open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	if (at == NULL || fd < 0)
		give_up(to);
	for (size_t i = 0; i < n; i += SECTOR) {
		size_t len = n - i < SECTOR ? n - i : SECTOR;
		bool same = i + len <= was->n && i + len <= is->n &&
		    memcmp(was->at + i, is->at + i, len) == 0;

		if (i >= is->n || (!same && chance(seed, lost)))
			cut_sector(at + i, len, was, i, seed);
		else
			memcpy(at + i, is->at + i, is->n - i < len ? is->n - i : len);
	}
	if (write(fd, at, n) != (ssize_t)n)
		give_up(to);
	(void)close(fd);
	free(at);
}

static void cut_entry(const char *to, const struct entry *entry, unsigned lost, uint64_t *seed)
{
	struct thing *pick = entry->now;
	struct bytes is = { .n = 0 };
	char path[2 * PATH], new[2 * PATH];

	if (entry->now != entry->durable && chance(seed, lost))
		pick = entry->durable;
	if (pick == NULL)
		return;
	(void)snprintf(new, sizeof new, "%s%s", to, entry->path);
	if (pick->folder) {
		if (disk_real_mkdir(new, 0750) != 0 && access(to, F_OK) != 0)
			give_up(new);
		return;
	}
	char *slash = strrchr(new, '/');

	*slash = '\0';
	bool lives = access(new, F_OK) == 0;

	*slash = '/';
	if (!lives) /* the folder itself is gone */
		return;
	full_path(path, entry->path);
	is = pick == entry->now ? slurp(path) : pick->last;
	cut_file(new, &pick->durable, &is, lost, seed);
	if (pick == entry->now)
		free(is.at);
}

void disk_cut(const char *to, uint64_t seed)
{
	static const unsigned share[] = { 100, 50, 10, 90, 0 };
	unsigned lost = share[disk_draw(&seed) % (sizeof share / sizeof *share)];

	on = false;
	refresh();
	if (disk_real_mkdir(to, 0750) != 0)
		give_up(to);
	/* a folder was always seen before what is in it */
	for (size_t i = 0; i < entries_n; i++)
		cut_entry(to, &entries[i], lost, &seed);
}

static int drop(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

void disk_remove(const char *path)
{
	(void)nftw(path, drop, 16, FTW_PHYS | FTW_DEPTH);
}
