/* src/cli/audit_lists.c - see audit_lists.h. */
#include "cli/audit_lists.h"
#include "base/drop.h"
#include "base/text.h"
#include "base/zone.h"
#include "cli/site_load.h"
#include "wire/capture_input.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PIECE = 1 << 18, TEXTS_MOST = 256 << 20, ACCEPT_BYTES = 4 << 20 };

static const char *text_kept(struct audit_lists *l, const char *text)
{
	const char *kept = text[0] == '\0' ? "" : arena_text(&l->texts, span_text(text));

	return kept != NULL ? kept : "";
}

static bool is_listed(void *context, const struct make_indicator *indicator,
    struct audit_listed *ret_listed)
{
	struct audit_lists *l = context;
	struct listed hit;
	const char *what = "";
	bool found = false;

	if (indicator->name != NULL) {
		what = indicator->name;
		found = lists_name(l->lists, span_text(what), &hit);
	} else if (indicator->address != NULL) {
		what = indicator->text;
		found = lists_address(l->lists, indicator->address, indicator->port, &hit);
	} else if (indicator->url_host != NULL && indicator->url_path != NULL) {
		found = lists_url(l->lists, span_text(indicator->url_host),
		    span_text(indicator->url_path), &hit);
		what = found ? text_kept(l, hit.entry) : "";
	} else if (indicator->fingerprint != NULL) {
		what = indicator->fingerprint;
		found = lists_print(l->lists, span_text(what), &hit);
	}
	if (!found)
		return false;
	ret_listed->indicator = what;
	ret_listed->list = hit.list;
	ret_listed->entry = text_kept(l, hit.entry);
	ret_listed->date = hit.date;
	ret_listed->category = hit.category;
	return true;
}

static bool is_at(void *context, const struct address *address, char ret_country[3],
    const char **ret_owner)
{
	struct audit_lists *l = context;
	const char *owner = "";
	bool found = places_find(l->places, address, ret_country, &owner);

	*ret_owner = text_kept(l, owner);
	return found;
}

/* The day of the file's last change: lists say their own date, or that is theirs. */
static void date_of(int fd, char room[12])
{
	struct stat is;

	room[0] = '\0';
	if (fstat(fd, &is) != 0)
		return;
	struct civil day = zone_split(NULL, (int64_t)is.st_mtim.tv_sec * 1000);

	(void)snprintf(room, 12, "%04d-%02u-%02u", (int)day.year % 10000, day.month % 100u,
	    day.day % 100u);
}

static void drop_input(struct input **input)
{
	input_free(*input);
}

static int list_read(struct lists *lists, const char *name, const char *path, struct why *why)
{
	KS_DROP(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	KS_DROP(input) struct input *input = NULL;
	KS_DROP(heap) uint8_t *room = malloc(PIECE);
	char date[12];
	size_t got = 0;

	if (fd < 0)
		return fail(why, KS_IO, "%s: %s", path, strerror(errno));
	if (room == NULL)
		return fail(why, KS_FULL, "out of memory");
	date_of(fd, date);
	int code = input_new(fd, path, &input, why);

	if (code == KS_OK)
		code = lists_begin(lists, name, date, why);
	while (code == KS_OK) {
		code = input_read(input, room, PIECE, &got, why);
		if (code == KS_OK)
			code = lists_take(lists, span_of(room, got), why);
	}
	return code == KS_ABSENT ? lists_end(lists, why) : code;
}

/* NAME=FILE, or FILE, whose own name is then the list's. */
static int list_take(struct audit_lists *l, const char *given, struct why *why)
{
	char name[64];
	const char *equal = strchr(given, '='), *slash = strrchr(given, '/');
	const char *path = equal != NULL ? equal + 1 : given;

	if (equal != NULL)
		(void)snprintf(name, sizeof name, "%.*s", (int)(equal - given), given);
	else
		(void)snprintf(name, sizeof name, "%s", slash != NULL ? slash + 1 : given);
	return list_read(l->lists, name, path, why);
}

static int accept_take(struct audit_lists *l, const char *path, struct why *why)
{
	KS_DROP(text) struct text bytes;
	struct why inner;

	text_init(&bytes, ACCEPT_BYTES);
	int code = file_load(path, ACCEPT_BYTES, &bytes, why);

	if (code != KS_OK)
		return code;
	code = accepts_read(text_span(&bytes), &l->texts, &l->accepts, &inner);
	return code == KS_OK ? code : fail(why, code, "%s: %s", path, inner.text);
}

int audit_lists(const struct args *args, struct audit_lists *ret_lists, struct why *why)
{
	struct audit_lists *l = ret_lists;
	const char *given = NULL;
	char program[1024] = "";
	int code = KS_OK;

	*l = (struct audit_lists){ .lists = NULL };
	arena_init(&l->texts, TEXTS_MOST);
	for (size_t i = 0; code == KS_OK && (given = args_each(args, "--list", i)) != NULL; i++) {
		if (l->lists == NULL && lists_new((uint64_t)(uintptr_t)l, &l->lists) != KS_OK)
			return fail(why, KS_FULL, "out of memory");
		code = list_take(l, given, why);
	}
	if (code != KS_OK)
		return code;
	if (args_value(args, "--accept") != NULL)
		code = accept_take(l, args_value(args, "--accept"), why);
	if (code != KS_OK)
		return code;
	if (readlink("/proc/self/exe", program, sizeof program - 1) < 0)
		program[0] = '\0';
	code = places_open_own(program, args_value(args, "--geo"), &l->places, why);
	if (code != KS_OK)
		return code;
	l->ask_lists = (struct make_lists){ .context = l, .find = is_listed };
	l->ask_place = (struct make_place){ .context = l, .find = is_at,
		.attribution = places_credit(l->places) };
	return KS_OK;
}

void audit_lists_done(struct audit_lists *lists)
{
	lists_free(lists->lists);
	places_close(lists->places);
	arena_done(&lists->texts);
}
