/* test/fuzz/fuzz_netbox.c - any tables and device types become a site file that loads.
 * The input: parts that end in a byte 0; the first byte of each says whether it is a
 * table or a type. */
#include "base/drop.h"
#include "base/limits.h"
#include "cli/netbox.h"
#include "site/read.h"
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct site_errors errors;

static void site_loads(const struct text *text)
{
	struct site *site = NULL;

	if (site_read(text_span(text), &site, &errors) != KS_OK) {
		(void)fprintf(stderr, "%s\n%u:%u: %s\n", text_cstr(text), errors.list[0].line, errors.list[0].column,
		    errors.list[0].why.text);
		abort();
	}
	site_free(site);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(data, size);
	KS_DROP(arena) struct arena arena;
	KS_DROP(text) struct text text;
	struct netbox *netbox = NULL;

	arena_init(&arena, 64 << 20);
	text_init(&text, 4 << 20);
	if (netbox_new(&arena, &netbox, NULL) != KS_OK)
		return 0;
	while (s.left > 1) {
		bool type = s.at[0] == 'Y', panel = s.at[0] == 'P';

		(void)span_cut(&s, 1);
		struct span part = span_until(&s, '\0');
		int code = type ? netbox_type(netbox, "t.yaml", part, NULL) :
				  netbox_csv(netbox, panel ? "power-panels.csv" : "x.csv", part, NULL);

		if (code != KS_OK)
			return 0;
	}
	if (netbox_site(netbox, &text, NULL) == KS_OK)
		site_loads(&text);
	return 0;
}
