/* test/fuzz/fuzz_site.c - any bytes as a site file: whole or not at all, every error
 * with a place in the file, and a model whose references stay inside it. */
#include "base/zone.h"
#include "site/calendar.h"
#include "site/read.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct site *site)
{
	for (size_t i = 0; i < site->hosts_n; i++) {
		const struct host *host = &site->hosts[i];

		if (host->id == NULL || host->name == NULL || host->mw_max < host->mw ||
		    (host->rack != NULL && (size_t)(host->rack - site->racks) >= site->racks_n))
			abort();
		for (size_t k = 0; k < host->cords_n; k++)
			if ((size_t)(host->cords[k].pdu - site->nodes) >= site->nodes_n)
				abort();
	}
	for (size_t i = 0; i < site->calendars_n; i++)
		for (int64_t t = 1790000000000; t < 1792000000000; t += 700000000) {
			int64_t next = calendar_next(&site->calendars[i], NULL, t);

			if (next <= t)
				abort();
		}
}

/* The one calendar file there is stands behind the site file. */
static int calendar_file(void *ctx, const char *name, struct span *ret_bytes, struct why *why)
{
	if (strcmp(name, "own.ics") != 0)
		return fail(why, KS_ABSENT, "%s: not there", name);
	*ret_bytes = *(struct span *)ctx;
	return KS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char between[] = "%%ics\n";
	static struct site_errors errors;
	const uint8_t *at = size > 0 ? memmem(data, size, between, sizeof between - 1) : NULL;
	size_t n = at != NULL ? (size_t)(at - data) : size;
	struct span calendar = span_of(data + n, size - n);
	const struct site_files files = { calendar_file, &calendar };
	struct site *site = NULL;

	if (at != NULL)
		(void)span_cut(&calendar, sizeof between - 1);
	int code = at != NULL ? site_read_files(span_of(data, n), &files, &site, &errors)
			      : site_read(span_of(data, n), &site, &errors);

	if ((code == KS_OK) != (errors.n == 0) || (code == KS_OK) != (site != NULL))
		abort();
	for (size_t i = 0; i < errors.n; i++)
		if (errors.list[i].line == 0 || errors.list[i].column == 0 || errors.list[i].width == 0)
			abort();
	if (site != NULL)
		look_at(site);
	site_free(site);
	return 0;
}
