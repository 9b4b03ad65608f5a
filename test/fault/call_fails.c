#include "call_fails.h"
#include <dirent.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WAYS = 8192, DEEP = 40 };

static struct {
	uint64_t hash;
	size_t at; /* its first use, counted over all calls of a run */
	const char *call;
} ways[WAYS];
static size_t ways_n, seen, target;
static bool watching, learning;

/* Which chain of our own functions calls: addresses in this program's text. */
static uint64_t chain_hash(const char *call)
{
	extern const char __executable_start[], etext[];
	void *frames[DEEP];
	bool was = watching;
	uint64_t hash = (uint64_t)(uintptr_t)call;

	watching = false; /* backtrace() may allocate */
	int n = backtrace(frames, DEEP);

	watching = was;
	for (int i = 0; i < n; i++) {
		uintptr_t at = (uintptr_t)frames[i];

		if (at >= (uintptr_t)__executable_start && at < (uintptr_t)etext)
			hash = (hash ^ at) * 0x9e3779b97f4a7c15U + (hash >> 29);
	}
	return hash;
}

static void learn(const char *call)
{
	uint64_t hash = chain_hash(call);

	for (size_t i = 0; i < ways_n; i++)
		if (ways[i].hash == hash)
			return;
	if (ways_n < WAYS) {
		ways[ways_n].hash = hash;
		ways[ways_n].call = call;
		ways[ways_n++].at = seen;
	}
}

/* true: this one fails, and errno says why; each third for want of room. */
static bool fails(const char *call)
{
	if (!watching)
		return false;
	if (learning)
		learn(call);
	bool now = !learning && seen == target;

	seen++;
	if (now)
		errno = target % 3 == 0 ? ENOSPC : EIO;
	return now;
}

void calls_watch(bool on)
{
	watching = on;
}

void calls_learn(bool on)
{
	learning = on;
	seen = 0;
}

size_t calls_ways(void)
{
	return ways_n;
}

void calls_fail(size_t way)
{
	target = ways[way].at;
	seen = 0;
}

const char *calls_name(size_t way)
{
	static char name[100];

	(void)snprintf(name, sizeof name, "%s, call %zu%s", ways[way].call, ways[way].at,
	    ways[way].at % 3 == 0 ? " (no space)" : "");
	return name;
}

/* -- of the program --------------------------------------------------------------------------- */

#define WRAP(type, name, params, args, wrong)                                          \
	type __real_##name params;                                                     \
	type __wrap_##name params;                                                     \
	type __wrap_##name params                                                      \
	{                                                                              \
		return fails(#name) ? (wrong) : __real_##name args;                    \
	}

WRAP(void *, malloc, (size_t n), (n), NULL)
WRAP(void *, calloc, (size_t n, size_t size), (n, size), NULL)
WRAP(void *, realloc, (void *old, size_t n), (old, n), NULL)
WRAP(ssize_t, read, (int fd, void *at, size_t n), (fd, at, n), -1)
WRAP(ssize_t, write, (int fd, const void *at, size_t n), (fd, at, n), -1)
WRAP(ssize_t, pread64, (int fd, void *at, size_t n, off_t from), (fd, at, n, from), -1)
WRAP(ssize_t, pwrite64, (int fd, const void *at, size_t n, off_t to), (fd, at, n, to), -1)
WRAP(int, fsync, (int fd), (fd), -1)
WRAP(int, fdatasync, (int fd), (fd), -1)
WRAP(int, ftruncate64, (int fd, off_t n), (fd, n), -1)
WRAP(int, posix_fallocate64, (int fd, off_t from, off_t n), (fd, from, n), ENOSPC)
WRAP(int, renameat, (int from, const char *a, int to, const char *b), (from, a, to, b), -1)
WRAP(int, unlinkat, (int dir, const char *name, int flags), (dir, name, flags), -1)
WRAP(int, mkdirat, (int dir, const char *name, mode_t mode), (dir, name, mode), -1)
WRAP(int, mkdir, (const char *name, mode_t mode), (name, mode), -1)
WRAP(int, rmdir, (const char *name), (name), -1)
WRAP(int, fstat64, (int fd, struct stat *ret), (fd, ret), -1)
WRAP(int, flock, (int fd, int how), (fd, how), -1)
WRAP(DIR *, fdopendir, (int fd), (fd), NULL)
WRAP(void *, mmap64, (void *at, size_t n, int prot, int flags, int fd, off_t from),
    (at, n, prot, flags, fd, from), MAP_FAILED)

static mode_t mode_of(int flags, va_list *more)
{
	return (flags & O_CREAT) != 0 ? (mode_t)va_arg(*more, int) : 0;
}

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...)
{
	va_list more;

	va_start(more, flags);
	mode_t mode = mode_of(flags, &more);

	va_end(more);
	return fails("open64") ? -1 : __real_open64(path, flags, mode);
}

int __real_openat64(int dir, const char *path, int flags, ...);
int __wrap_openat64(int dir, const char *path, int flags, ...);
int __wrap_openat64(int dir, const char *path, int flags, ...)
{
	va_list more;

	va_start(more, flags);
	mode_t mode = mode_of(flags, &more);

	va_end(more);
	return fails("openat64") ? -1 : __real_openat64(dir, path, flags, mode);
}

/* -- of SQLite -------------------------------------------------------------------------------- */

static int sql_open(const char *path, int flags, int mode)
{
	return fails("sqlite open") ? -1 : __real_open64(path, flags, mode);
}

static ssize_t sql_pread(int fd, void *at, size_t n, off_t from)
{
	return fails("sqlite pread") ? -1 : __real_pread64(fd, at, n, from);
}

static ssize_t sql_pwrite(int fd, const void *at, size_t n, off_t to)
{
	return fails("sqlite pwrite") ? -1 : __real_pwrite64(fd, at, n, to);
}

static int sql_ftruncate(int fd, off_t n)
{
	return fails("sqlite ftruncate") ? -1 : __real_ftruncate64(fd, n);
}

static int sql_fstat(int fd, struct stat *ret)
{
	return fails("sqlite fstat") ? -1 : __real_fstat64(fd, ret);
}

static void *sql_mmap(void *at, size_t n, int prot, int flags, int fd, off_t from)
{
	return fails("sqlite mmap") ? MAP_FAILED : __real_mmap64(at, n, prot, flags, fd, from);
}

static sqlite3_mem_methods plain;

static void *sql_malloc(int n)
{
	return fails("sqlite malloc") ? NULL : plain.xMalloc(n);
}

static void *sql_realloc(void *old, int n)
{
	return fails("sqlite realloc") ? NULL : plain.xRealloc(old, n);
}

void calls_init(void)
{
	static const struct {
		const char *name;
		sqlite3_syscall_ptr call;
	} rows[] = {
		{ "open", (sqlite3_syscall_ptr)sql_open }, { "pread", (sqlite3_syscall_ptr)sql_pread },
		{ "pread64", (sqlite3_syscall_ptr)sql_pread }, { "pwrite", (sqlite3_syscall_ptr)sql_pwrite },
		{ "pwrite64", (sqlite3_syscall_ptr)sql_pwrite },
		{ "ftruncate", (sqlite3_syscall_ptr)sql_ftruncate },
		{ "fstat", (sqlite3_syscall_ptr)sql_fstat }, { "mmap", (sqlite3_syscall_ptr)sql_mmap },
	};
	void *frame[1];

	(void)backtrace(frame, 1); /* loads what it needs */
	(void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
	sqlite3_mem_methods ours = plain;

	ours.xMalloc = sql_malloc;
	ours.xRealloc = sql_realloc;
	(void)sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
	(void)sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
	(void)sqlite3_initialize();
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		(void)vfs->xSetSystemCall(vfs, rows[i].name, rows[i].call);
}
