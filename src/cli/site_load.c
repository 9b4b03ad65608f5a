#include "cli/site_load.h"
#include "base/drop.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { CHUNK = 65536, ZONE_BYTES = 1 << 20, FILES_MAX = 64 };

int file_load(const char *path, size_t max, struct text *ret_bytes, struct why *why)
{
	bool is_stdin = strcmp(path, "-") == 0;
	KS_DROP(fd) int fd = is_stdin ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
	char chunk[CHUNK];
	ssize_t n = fd < 0 ? -1 : 1;

	text_init(ret_bytes, max);
	while (n > 0 && !ret_bytes->full) {
		n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			text_add_span(ret_bytes, span_of(chunk, (size_t)n));
	}
	if (n < 0) {
		text_done(ret_bytes);
		return fail(why, KS_IO, "%s: %s", path, strerror(errno));
	}
	if (ret_bytes->full) {
		text_done(ret_bytes);
		return fail(why, KS_FULL, "%s is longer than %lld bytes", path, (long long)max);
	}
	return KS_OK;
}

/* Files that calendars name, kept until the site is read; relative to the site file. */
struct folder {
	const char *site_path;
	struct text files[FILES_MAX];
	size_t n;
};

static int folder_read(void *ctx, const char *name, struct span *ret_bytes, struct why *why)
{
	struct folder *folder = ctx;
	const char *slash = strrchr(folder->site_path, '/');
	KS_DROP(text) struct text path;

	text_init(&path, LIMIT_SITE_LINE);
	if (name[0] != '/' && slash != NULL)
		text_add_span(&path, span_of(folder->site_path, (size_t)(slash - folder->site_path) + 1));
	text_add(&path, name);
	if (folder->n == FILES_MAX)
		return fail(why, KS_FULL, "more than %d calendar files", FILES_MAX);
	int code = file_load(text_cstr(&path), LIMIT_ICS_BYTES, &folder->files[folder->n], why);

	if (code == KS_OK)
		*ret_bytes = text_span(&folder->files[folder->n++]);
	return code;
}

int site_load(const char *path, struct site **ret_site, struct site_errors *ret_errors,
    struct why *why)
{
	return site_load_more(path, "", ret_site, ret_errors, why);
}

int site_load_more(const char *path, const char *more, struct site **ret_site,
    struct site_errors *ret_errors, struct why *why)
{
	struct folder folder = { .site_path = path };
	const struct site_files files = { folder_read, &folder };
	struct text bytes;
	int code = file_load(path, LIMIT_SITE_BYTES, &bytes, why);

	ret_errors->n = 0;
	if (code != KS_OK)
		return code;
	text_add(&bytes, more);
	if (site_read_files(text_span(&bytes), &files, ret_site, ret_errors) != KS_OK)
		code = KS_MALFORMED;
	for (size_t i = 0; i < folder.n; i++)
		text_done(&folder.files[i]);
	text_done(&bytes);
	return code;
}

int zone_load(const char *name, struct zone **ret_zone, struct why *why)
{
	KS_DROP(text) struct text path, bytes;

	text_init(&path, LIMIT_SITE_LINE);
	text_init(&bytes, 0);
	*ret_zone = NULL;
	if (strcmp(name, "UTC") == 0)
		return KS_OK;
	if (!zone_name_good(span_text(name)))
		return fail(why, KS_MALFORMED, "\"%s\" is no name of a time zone", name);
	text_addf(&path, "/usr/share/zoneinfo/%s", name);
	if (file_load(text_cstr(&path), ZONE_BYTES, &bytes, NULL) != KS_OK)
		return fail(why, KS_ABSENT, "no time zone \"%s\" in /usr/share/zoneinfo", name);
	return zone_new(text_span(&bytes), ret_zone, why);
}
