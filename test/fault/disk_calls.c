/* The calls of the store (by the linker) and of SQLite (by its VFS): see disk.h. */
#include "disk_calls.h"
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int __real_open64(const char *path, int flags, ...);
int __real_openat64(int dir, const char *path, int flags, ...);
ssize_t __real_pwrite64(int fd, const void *at, size_t n, off_t offset);
int __real_ftruncate64(int fd, off_t length);
int __real_unlinkat(int dir, const char *path, int flags);
int __real_mkdirat(int dir, const char *path, mode_t mode);
int __real_mkdir(const char *path, mode_t mode);

static int failed(void)
{
	errno = EIO;
	return -1;
}

static mode_t mode_of(int flags, va_list *more)
{
	return (flags & O_CREAT) != 0 ? (mode_t)va_arg(*more, int) : 0;
}

static int opened(int fd, int flags)
{
	if (fd >= 0 && (flags & O_CREAT) != 0)
		disk_changed();
	return fd;
}

int __wrap_open64(const char *path, int flags, ...)
{
	va_list more;

	va_start(more, flags);
	mode_t mode = mode_of(flags, &more);

	va_end(more);
	if (disk_is_dead() && (flags & O_CREAT) != 0)
		return failed();
	return opened(__real_open64(path, flags, mode), flags);
}

int __wrap_openat64(int dir, const char *path, int flags, ...)
{
	va_list more;

	va_start(more, flags);
	mode_t mode = mode_of(flags, &more);

	va_end(more);
	if (disk_is_dead() && (flags & O_CREAT) != 0)
		return failed();
	return opened(__real_openat64(dir, path, flags, mode), flags);
}

ssize_t __wrap_pwrite64(int fd, const void *at, size_t n, off_t offset)
{
	if (disk_is_dead())
		return failed();
	ssize_t done = __real_pwrite64(fd, at, n, offset);

	disk_changed();
	return done;
}

static int sync_fd(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || (S_ISREG(st.st_mode) && disk_dies_here()) || disk_is_dead())
		return failed();
	disk_synced(st.st_ino);
	return 0;
}

int __wrap_fsync(int fd)
{
	return sync_fd(fd);
}

int __wrap_fdatasync(int fd)
{
	return sync_fd(fd);
}

int __wrap_ftruncate64(int fd, off_t length)
{
	if (disk_is_dead())
		return failed();
	int code = __real_ftruncate64(fd, length);

	disk_changed();
	return code;
}

int __wrap_unlinkat(int dir, const char *path, int flags)
{
	struct stat st;

	if (disk_is_dead())
		return failed();
	if (fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
		disk_goes(st.st_ino);
	int code = __real_unlinkat(dir, path, flags);

	disk_changed();
	return code;
}

int __wrap_mkdirat(int dir, const char *path, mode_t mode)
{
	if (disk_is_dead())
		return failed();
	int code = __real_mkdirat(dir, path, mode);

	disk_changed();
	return code;
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	if (disk_is_dead())
		return failed();
	int code = __real_mkdir(path, mode);

	disk_changed();
	return code;
}

int disk_real_open(const char *path, int flags, mode_t mode)
{
	return __real_open64(path, flags, mode);
}

int disk_real_mkdir(const char *path, mode_t mode)
{
	return __real_mkdir(path, mode);
}

/* SQLite's side. */
static sqlite3_vfs *under, over;

struct file {
	sqlite3_file file;
	const char *path; /* NULL: a temporary one */
	bool names;	  /* its first sync also syncs its folder, as in os_unix.c */
	sqlite3_file *real;
};

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct file *)file)->real;
}

static int file_close(sqlite3_file *file)
{
	return real(file)->pMethods->xClose(real(file));
}

static int file_read(sqlite3_file *file, void *at, int n, sqlite3_int64 offset)
{
	return real(file)->pMethods->xRead(real(file), at, n, offset);
}

static int file_write(sqlite3_file *file, const void *at, int n, sqlite3_int64 offset)
{
	if (disk_is_dead())
		return SQLITE_IOERR_WRITE;
	int code = real(file)->pMethods->xWrite(real(file), at, n, offset);

	disk_changed();
	return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 n)
{
	if (disk_is_dead())
		return SQLITE_IOERR_TRUNCATE;
	int code = real(file)->pMethods->xTruncate(real(file), n);

	disk_changed();
	return code;
}

static int file_sync(sqlite3_file *of, int flags)
{
	struct file *file = (struct file *)of;
	struct stat st;

	(void)flags; /* there is nothing below that forgets */
	if (disk_is_dead())
		return SQLITE_IOERR_FSYNC;
	if (file->path == NULL || stat(file->path, &st) != 0)
		return SQLITE_OK;
	disk_synced(st.st_ino);
	if (file->names)
		disk_folder_synced(file->path);
	file->names = false;
	return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_n)
{
	return real(file)->pMethods->xFileSize(real(file), ret_n);
}

static int file_lock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xUnlock(real(file), level);
}

static int file_reserved(sqlite3_file *file, int *ret_is)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), ret_is);
}

static int file_control(sqlite3_file *file, int what, void *with)
{
	return real(file)->pMethods->xFileControl(real(file), what, with);
}

static int file_sector(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int file_traits(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret_at)
{
	return real(file)->pMethods->xShmMap(real(file), page, size, extend, ret_at);
}

static int shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}

static void shm_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

static int shm_unmap(sqlite3_file *file, int delete)
{
	return real(file)->pMethods->xShmUnmap(real(file), delete);
}

static const sqlite3_io_methods methods = { .iVersion = 2, .xClose = file_close,
	.xRead = file_read, .xWrite = file_write, .xTruncate = file_truncate,
	.xSync = file_sync, .xFileSize = file_size, .xLock = file_lock,
	.xUnlock = file_unlock, .xCheckReservedLock = file_reserved,
	.xFileControl = file_control, .xSectorSize = file_sector,
	.xDeviceCharacteristics = file_traits, .xShmMap = shm_map, .xShmLock = shm_lock,
	.xShmBarrier = shm_barrier, .xShmUnmap = shm_unmap };

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *of, int flags,
    int *ret_flags)
{
	struct file *file = (struct file *)of;

	(void)vfs;
	*file = (struct file){ .path = path, .real = (sqlite3_file *)(file + 1),
		.names = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL |
			     SQLITE_OPEN_SUPER_JOURNAL)) != 0 };
	if (disk_is_dead())
		return SQLITE_CANTOPEN;
	memset(file->real, 0, (size_t)under->szOsFile);
	int code = under->xOpen(under, path, file->real, flags, ret_flags);

	if (file->real->pMethods != NULL)
		file->file.pMethods = &methods;
	if (path != NULL)
		disk_changed();
	return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
	struct stat st;

	(void)vfs;
	if (disk_is_dead())
		return SQLITE_IOERR_DELETE;
	if (stat(path, &st) == 0)
		disk_goes(st.st_ino);
	int code = under->xDelete(under, path, 0);

	disk_changed();
	if (code == SQLITE_OK && sync != 0)
		disk_folder_synced(path);
	return code;
}

void disk_calls_install(void)
{
	if (under != NULL)
		return;
	under = sqlite3_vfs_find(NULL);
	over = *under;
	over.zName = "disk";
	over.szOsFile = (int)sizeof(struct file) + under->szOsFile;
	over.xOpen = vfs_open;
	over.xDelete = vfs_delete;
	(void)sqlite3_vfs_register(&over, 1);
}
