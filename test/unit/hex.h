/* test/unit/hex.h - bytes of a test written as hexadecimal; blanks are passed over. */
#ifndef KS_TEST_HEX_H
#define KS_TEST_HEX_H
#include "base/span.h"
#include <stdlib.h>

/* In a block of its own, which the caller frees (cast away const). */
static inline struct span hex_bytes(const char *hex)
{
	size_t n = 0;
	uint8_t *bytes = malloc(strlen(hex) / 2 + 1);

	if (bytes == NULL)
		abort();
	for (; *hex != '\0'; hex++) {
		char pair[3] = { hex[0], hex[1], '\0' };

		if (*hex == ' ')
			continue;
		bytes[n++] = (uint8_t)strtoul(pair, NULL, 16);
		hex++;
	}
	return span_of(bytes, n);
}

static inline void hex_free(struct span bytes)
{
	free((void *)(uintptr_t)bytes.at);
}
#endif
