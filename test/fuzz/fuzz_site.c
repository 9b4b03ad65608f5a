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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct site_errors errors;
	struct site *site = NULL;
	int code = site_read(span_of(data, size), &site, &errors);

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
