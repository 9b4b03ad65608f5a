#include "cli/user_file.h"
#include "base/drop.h"
#include "base/limits.h"
#include "guard/confine.h"
#include "guard/secret.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int user_file_read(const char *path, struct users *ret_users, struct why *why)
{
	struct secret secret = { .at = NULL };
	struct stat had;

	if (stat(path, &had) != 0 && errno == ENOENT) {
		*ret_users = (struct users){ .list = NULL };
		return KS_OK;
	}
	int code = secret_init(why);

	if (code == KS_OK)
		code = secret_fetch(path, &secret, why);
	if (code == KS_OK)
		code = users_read(secret_span(&secret), ret_users, why);
	secret_wipe(&secret);
	return code;
}

static int write_whole(int fd, struct span bytes)
{
	while (bytes.left > 0) {
		ssize_t n = write(fd, bytes.at, bytes.left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		(void)span_cut(&bytes, (size_t)n);
	}
	return fsync(fd);
}

static int owner_set(int fd, const char *path)
{
	struct stat had;
	uint32_t uid, gid;

	if (geteuid() != 0)
		return 0;
	if (stat(path, &had) == 0)
		return fchown(fd, had.st_uid, had.st_gid);
	return confine_user_find(&uid, &gid) ? fchown(fd, uid, gid) : 0;
}

int user_file_write(const char *path, const struct users *users, struct why *why)
{
	KS_DROP(text) struct text text = { 0 };
	char draft[1024], folder[1024];
	const char *slash = strrchr(path, '/');
	int n = snprintf(draft, sizeof draft, "%s.draft", path);

	(void)snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path) + 1 : 1,
	    slash != NULL ? path : ".");
	if (n < 0 || (size_t)n >= sizeof draft)
		return fail(why, KS_FULL, "%s: name too long", path);
	text_init(&text, LIMIT_SECRET_BYTES);
	users_write(&text, users);
	if (text.full)
		return fail(why, KS_FULL, "%s: longer than %d bytes", path, (int)LIMIT_SECRET_BYTES);
	KS_DROP(fd) int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)unlink(draft);
	KS_DROP(fd) int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 || dir < 0)
		return fail(why, KS_IO, "%s: %s", draft, strerror(errno));
	if (owner_set(fd, path) != 0 || write_whole(fd, text_span(&text)) != 0 ||
	    rename(draft, path) != 0 || fsync(dir) != 0) {
		(void)unlink(draft);
		return fail(why, KS_IO, "%s: %s; the old file stands", path, strerror(errno));
	}
	return KS_OK;
}
