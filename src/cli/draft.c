/* src/cli/draft.c - see draft.h. */
#include "cli/draft.h"
#include "base/drop.h"
#include "base/must.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static enum ks_fail code_of(int number)
{
	return number == ENOSPC || number == EFBIG || number == EDQUOT || number == 0 ? KS_FULL : KS_IO;
}

static int whole_failed(const struct draft *draft, int number, struct why *why)
{
	return fail(why, code_of(number), "%s could not be written: %s. It is as it was before; make room, or name another place",
	    draft->name, strerror(number != 0 ? number : EFBIG));
}

int draft_failed(const struct draft *draft, int number, struct why *why)
{
	return draft->beside != NULL ? whole_failed(draft, number, why) : fail(why, code_of(number),
	    "%s could not be written: %s. It ends where that happened; make room, or name another place",
	    draft->name, strerror(number));
}

/* As a file that fopen() makes, or as the one was whose place it takes. */
static mode_t mode_for(const struct stat *old)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	return old != NULL ? old->st_mode & 0777 : 0666 & ~mask;
}

static bool in_place(struct draft *draft)
{
	draft->to = fopen(draft->path, "we");
	return draft->to != NULL;
}

static bool beside_open(struct draft *draft, const struct stat *old)
{
	if (asprintf(&draft->beside, "%s.XXXXXX", draft->path) < 0) {
		draft->beside = NULL;
		return false;
	}
	int fd = mkostemp(draft->beside, O_CLOEXEC);
	int number = errno;

	if (fd < 0) {
		drop_heap(&draft->beside);
		draft->beside = NULL;
		errno = number;
		return (number == EACCES || number == EROFS || number == EPERM) && old != NULL &&
		    in_place(draft);
	}
	draft->to = fchmod(fd, mode_for(old)) == 0 ? fdopen(fd, "w") : NULL;
	if (draft->to == NULL)
		(void)close(fd);
	return draft->to != NULL;
}

int draft_open(const char *path, bool now, struct draft *ret_draft, struct why *why)
{
	KS_DROP(draft) struct draft draft = { .to = NULL };
	struct stat old;
	bool there, good = false;

	must(path != NULL);
	(void)snprintf(draft.name, sizeof draft.name, "%s", path);
	there = stat(path, &old) == 0;
	errno = 0;
	draft.path = there ? realpath(path, NULL) : strdup(path);
	if (draft.path != NULL && (now || (there && !S_ISREG(old.st_mode))))
		good = in_place(&draft);
	else if (draft.path != NULL && (!there || access(draft.path, W_OK) == 0))
		good = beside_open(&draft, there ? &old : NULL);
	if (!good)
		return whole_failed(&draft, errno, why);
	*ret_draft = draft;
	draft = (struct draft){ .to = NULL };
	return KS_OK;
}

int draft_keep(struct draft *draft, struct why *why)
{
	bool good = fflush(draft->to) == 0 &&
	    (draft->beside == NULL || (fsync(fileno(draft->to)) == 0 &&
		rename(draft->beside, draft->path) == 0));

	if (!good)
		return draft_failed(draft, errno, why);
	drop_heap(&draft->beside);
	draft->beside = NULL;
	return KS_OK;
}

void drop_draft(struct draft *draft)
{
	drop_file(&draft->to);
	if (draft->beside != NULL)
		(void)unlink(draft->beside);
	free(draft->beside);
	free(draft->path);
	*draft = (struct draft){ .to = NULL };
}
