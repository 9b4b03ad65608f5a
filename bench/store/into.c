#include "into.h"
#include "base/text.h"
#include "load.h"
#include <stdio.h>
#include <stdlib.h>

void into_check(int code, const struct why *why)
{
	if (code == KS_OK)
		return;
	(void)fprintf(stderr, "bench: %s\n", why->text);
	exit(4);
}

uint32_t into_number(struct store *store, uint32_t id)
{
	char pairs[LOAD_LABELS][2][32];
	struct text labels;
	struct why why;
	uint32_t number = 0;

	load_labels(id, pairs);
	text_init(&labels, 2048);
	for (int i = 0; i < LOAD_LABELS; i++)
		for (int j = 0; j < 2; j++) {
			text_add(&labels, pairs[i][j]);
			text_add_char(&labels, (char)0xff);
		}
	into_check(store_series(store, text_span(&labels), &number, &why), &why);
	text_done(&labels);
	return number;
}
