/* test/unit/test_shared_sites.c - every site file of ../shared/data/power loads, whole;
 * SKIP where the recordings are not there. */
#include "site/read.h"
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

enum { SKIP = 77 };

static struct span file_whole(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(LIMIT_SITE_BYTES);

	if (file == NULL || bytes == NULL)
		abort();
	size_t n = fread(bytes, 1, LIMIT_SITE_BYTES, file);

	(void)fclose(file);
	return span_of(bytes, n);
}

/* hosts counted without the reader: lines that begin with the word */
static size_t count_hosts(struct span s)
{
	size_t n = 0;

	while (s.left > 0) {
		struct span line = span_until(&s, '\n');

		n += line.left > 5 && memcmp(line.at, "host ", 5) == 0 ? 1 : 0;
	}
	return n;
}

static int try_file(const char *path)
{
	static struct site_errors errors;
	struct span bytes = file_whole(path);
	size_t hosts = count_hosts(bytes);
	struct site *site = NULL;
	int code = site_read(bytes, &site, &errors);
	int bad = code != KS_OK || site->hosts_n != hosts || hosts == 0;

	for (size_t i = 0; code == KS_OK && i < hosts; i++)
		bad |= site->hosts[i].rack == NULL || site->hosts[i].cords_n == 0 ||
		    site->hosts[i].mw <= 0 || site->hosts[i].service == NULL;
	if (code != KS_OK)
		(void)printf("# %s:%u:%u: %s\n", path, errors.list[0].line, errors.list[0].column,
		    errors.list[0].why.text);
	(void)printf("# %s: %zu hosts, %s\n", path, hosts, bad ? "wrong" : "whole");
	site_free(site);
	free((void *)(uintptr_t)bytes.at);
	return bad;
}

int main(void)
{
	const char *shared = getenv("KS_SHARED"), *source = getenv("KS_SOURCE");
	char pattern[1024];
	glob_t found;
	int bad = 0;

	(void)snprintf(pattern, sizeof pattern, "%s%s/power/*.site",
	    shared != NULL ? "" : source != NULL ? source : ".", shared != NULL ? shared : "/../shared/data");
	if (glob(pattern, 0, NULL, &found) != 0) {
		(void)printf("1..0 # SKIP no recordings at %s\n", pattern);
		return SKIP;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		bad += try_file(found.gl_pathv[i]);
	(void)printf("%s 1 - %zu site files load\n1..1\n", bad == 0 ? "ok" : "not ok", found.gl_pathc);
	globfree(&found);
	return bad != 0;
}
