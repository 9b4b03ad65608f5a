#include "role/paths.h"
#include "guard/confine.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SYSTEM_STATE "/var/lib/keisoku"
#define SYSTEM_SOCKET "/run/keisoku/keisoku.sock"

static int path_set(char to[PATHS_MOST], const char *folder, const char *rest, struct why *why)
{
	int n = snprintf(to, PATHS_MOST, "%s%s", folder, rest);

	if (n < 0 || n >= PATHS_MOST)
		return fail(why, KS_FULL, "%s: path too long", folder);
	return KS_OK;
}

static int home_state(char to[PATHS_MOST], struct why *why)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state != NULL && state[0] == '/')
		return path_set(to, state, "/keisoku", why);
	if (home == NULL || home[0] != '/')
		return fail(why, KS_ABSENT, "no home folder; name one with --state DIR");
	return path_set(to, home, "/.local/state/keisoku", why);
}

int paths_find(const char *option, struct paths *ret_paths, struct why *why)
{
	const char *state = getenv("STATE_DIRECTORY"), *run = getenv("RUNTIME_DIRECTORY");
	struct paths paths = { .state = "" };
	int code;

	if (option != NULL)
		code = path_set(paths.state, option, "", why);
	else if (state != NULL && state[0] == '/')
		code = path_set(paths.state, state, "", why);
	else if (geteuid() == 0)
		code = path_set(paths.state, SYSTEM_STATE, "", why);
	else
		code = home_state(paths.state, why);
	if (code != KS_OK)
		return code;
	if (option == NULL && run != NULL && run[0] == '/')
		code = path_set(paths.socket, run, "/keisoku.sock", why);
	else if (option == NULL && geteuid() == 0)
		code = path_set(paths.socket, SYSTEM_SOCKET, "", why);
	else
		code = path_set(paths.socket, paths.state, "/keisoku.sock", why);
	if (code == KS_OK && strlen(paths.socket) >= sizeof((struct sockaddr_un *)0)->sun_path)
		code = fail(why, KS_FULL, "%s: too long for a socket; choose a shorter --state",
		    paths.socket);
	if (code == KS_OK)
		*ret_paths = paths;
	return code;
}

int paths_socket(const char *option, char ret_socket[PATHS_MOST], struct why *why)
{
	struct paths paths;
	int code = paths_find(option, &paths, why);

	if (code != KS_OK)
		return code;
	if (option == NULL && access(paths.socket, F_OK) != 0 && access(SYSTEM_SOCKET, F_OK) == 0)
		return path_set(ret_socket, SYSTEM_SOCKET, "", why);
	return path_set(ret_socket, paths.socket, "", why);
}

/* The name of a folder just made outlives a power cut. */
static void folder_sync(const char *path)
{
	char above[PATHS_MOST];
	int fd = path_set(above, path, "/..", NULL) == KS_OK
	    ? open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	(void)fsync(fd);
	(void)close(fd);
}

/* mkdir -p; what is there already keeps its mode, and is refused when it is meant for
 * us alone and is not. */
static int folder_make(const char *path, mode_t mode, struct why *why)
{
	char part[PATHS_MOST];
	uint32_t uid, gid;

	if (path_set(part, path, "", why) != KS_OK)
		return KS_FULL;
	for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0755) == 0)
			folder_sync(part);
		else if (errno != EEXIST)
			return fail(why, KS_IO, "%s: %s", part, strerror(errno));
		*slash = '/';
	}
	if (mkdir(part, mode) != 0) {
		struct stat stat_;

		if (errno != EEXIST)
			return fail(why, KS_IO, "%s: %s", part, strerror(errno));
		if (stat(part, &stat_) != 0 || !S_ISDIR(stat_.st_mode))
			return fail(why, KS_IO, "%s: not a folder", part);
		if (mode == 0700 && (stat_.st_mode & 077) != 0)
			return fail(why, KS_REFUSED,
			    "%s: others may look into it (mode %04o); run: chmod 700 %s", part,
			    (unsigned)stat_.st_mode & 07777, part);
		return KS_OK;
	}
	folder_sync(part);
	if (geteuid() == 0 && confine_user_find(&uid, &gid) && chown(part, uid, gid) != 0)
		return fail(why, KS_IO, "%s: %s", part, strerror(errno));
	return KS_OK;
}

int paths_make(const struct paths *paths, struct why *why)
{
	char run[PATHS_MOST];
	char *slash;
	int code = folder_make(paths->state, 0700, why);

	if (code != KS_OK || (code = path_set(run, paths->socket, "", why)) != KS_OK)
		return code;
	slash = strrchr(run, '/');
	if (slash == NULL || slash == run)
		return KS_OK;
	*slash = '\0';
	return strcmp(run, paths->state) == 0 ? KS_OK : folder_make(run, 0755, why);
}
