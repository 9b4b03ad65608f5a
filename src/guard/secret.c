/* src/guard/secret.c - files of mode 0600, memory that is locked and wiped. */
#include "guard/secret.h"
#include "base/drop.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int secret_init(struct why *why)
{
	if (sodium_init() < 0)
		return fail(why, KS_IO, "the crypto library does not start");
	return KS_OK;
}

void secret_wipe(struct secret *secret)
{
	if (secret->at != NULL)
		sodium_free(secret->at); /* zeroes first */
	*secret = (struct secret){ .at = NULL };
}

static int secret_room(size_t bytes, struct secret *ret_secret, struct why *why)
{
	struct secret secret = { .at = sodium_malloc(bytes > 0 ? bytes : 1), .bytes = bytes };

	if (secret.at == NULL)
		return fail(why, KS_FULL, "out of memory");
	*ret_secret = secret;
	return KS_OK;
}

/* Exactly bytes bytes from the start of fd; false: they are not all there. */
static bool read_whole(int fd, uint8_t *at, size_t bytes)
{
	size_t have = 0;

	while (have < bytes) {
		ssize_t n = pread(fd, at + have, bytes - have, (off_t)have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		have += (size_t)n;
	}
	return true;
}

static int file_check(int fd, const char *name, bool hidden, struct stat *ret_stat,
    struct why *why)
{
	if (fstat(fd, ret_stat) != 0)
		return fail(why, KS_IO, "secret %s: %s", name, strerror(errno));
	if (!S_ISREG(ret_stat->st_mode))
		return fail(why, KS_REFUSED, "secret %s: not a file", name);
	if (hidden && (ret_stat->st_mode & 077) != 0)
		return fail(why, KS_REFUSED,
		    "secret %s: others may read it (mode %04o); run: chmod 600 %s", name,
		    (unsigned)(ret_stat->st_mode & 07777), name);
	if (ret_stat->st_size > LIMIT_SECRET_BYTES)
		return fail(why, KS_FULL, "secret %s: longer than %d bytes", name,
		    (int)LIMIT_SECRET_BYTES);
	return KS_OK;
}

static int secret_open_file(const char *name)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char path[1024];

	if (folder != NULL && strchr(name, '/') == NULL) {
		int n = snprintf(path, sizeof path, "%s/%s", folder, name);
		int fd = (size_t)n < sizeof path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;

		if (fd >= 0)
			return fd;
	}
	return open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static int fetch(const char *name, bool hidden, struct secret *ret_secret, struct why *why)
{
	KS_DROP(fd) int fd = secret_open_file(name);
	struct secret secret = { .at = NULL };
	struct stat stat;

	if (fd < 0)
		return fail(why, errno == ENOENT ? KS_ABSENT : KS_IO, "secret %s: %s", name,
		    strerror(errno));
	int code = file_check(fd, name, hidden, &stat, why);

	if (code == KS_OK)
		code = secret_room((size_t)stat.st_size, &secret, why);
	if (code != KS_OK)
		return code;
	if (!read_whole(fd, secret.at, secret.bytes)) {
		secret_wipe(&secret);
		return fail(why, KS_IO, "secret %s: can not be read", name);
	}
	if (secret.bytes > 0 && secret.at[secret.bytes - 1] == '\n')
		secret.bytes--;
	if (secret.bytes == 0) {
		secret_wipe(&secret);
		return fail(why, KS_MALFORMED, "secret %s: empty", name);
	}
	*ret_secret = secret;
	return KS_OK;
}

int secret_fetch(const char *name, struct secret *ret_secret, struct why *why)
{
	return fetch(name, true, ret_secret, why);
}

int public_fetch(const char *name, struct secret *ret_secret, struct why *why)
{
	return fetch(name, false, ret_secret, why);
}

int memory_seal(struct span bytes, const char *name, int *ret_fd, struct why *why)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t done = 0;

	while (fd >= 0 && done < bytes.left) {
		ssize_t n = write(fd, bytes.at + done, bytes.left - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (fd < 0 || done < bytes.left ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
		int code = fail(why, KS_IO, "no memory file: %s", strerror(errno));

		drop_fd(&fd);
		return code;
	}
	*ret_fd = fd;
	return KS_OK;
}

int secret_seal(const struct secret *secret, int *ret_fd, struct why *why)
{
	return memory_seal(secret_span(secret), "secret", ret_fd, why);
}

int secret_open(int fd, size_t bytes, struct secret *ret_secret, struct why *why)
{
	struct secret secret;

	if (bytes > LIMIT_SECRET_BYTES)
		return fail(why, KS_FULL, "secret %s: longer than %d bytes", "",
		    (int)LIMIT_SECRET_BYTES);
	int code = secret_room(bytes, &secret, why);

	if (code != KS_OK)
		return code;
	if (!read_whole(fd, secret.at, bytes)) {
		secret_wipe(&secret);
		return fail(why, KS_IO, "secret %s: can not be read", "");
	}
	*ret_secret = secret;
	return KS_OK;
}
