/* src/cli/audit_lists.c - see audit_lists.h. */
#include "cli/audit_lists.h"
#include "base/drop.h"
#include "base/text.h"
#include "cli/site_load.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

enum { ACCEPT_BYTES = 4 << 20 };

/* NAME=FILE, or FILE, whose own name is then the list's. */
static int list_take(struct aids *aids, const char *given, struct why *why)
{
	char name[64];
	const char *equal = strchr(given, '='), *slash = strrchr(given, '/');
	const char *path = equal != NULL ? equal + 1 : given;
	KS_DROP(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail(why, KS_IO, "%s: %s", path, strerror(errno));
	if (equal != NULL)
		(void)snprintf(name, sizeof name, "%.*s", (int)(equal - given), given);
	else
		(void)snprintf(name, sizeof name, "%s", slash != NULL ? slash + 1 : given);
	return aids_list(aids, fd, name, why);
}

static int accept_take(struct aids *aids, const char *path, struct why *why)
{
	KS_DROP(text) struct text bytes;

	text_init(&bytes, ACCEPT_BYTES);
	int code = file_load(path, ACCEPT_BYTES, &bytes, why);

	return code == KS_OK ? aids_accept(aids, text_span(&bytes), path, why) : code;
}

int audit_lists(const struct args *args, struct aids *ret_aids, struct why *why)
{
	struct places *places = NULL;
	const char *given = NULL;
	char program[1024] = "";
	int code = KS_OK;

	for (size_t i = 0; code == KS_OK && (given = args_each(args, "--list", i)) != NULL; i++)
		code = list_take(ret_aids, given, why);
	if (code == KS_OK && args_value(args, "--accept") != NULL)
		code = accept_take(ret_aids, args_value(args, "--accept"), why);
	if (code != KS_OK)
		return code;
	if (readlink("/proc/self/exe", program, sizeof program - 1) < 0)
		program[0] = '\0';
	code = places_open_own(program, args_value(args, "--geo"), &places, why);
	if (code == KS_OK)
		aids_places(ret_aids, places);
	return code;
}
