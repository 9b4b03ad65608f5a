/* test/fuzz/fuzz_owners.c - any bytes as the table of owners and as a table of countries
 * (MMDB): lookups stay within it, and what is found can be shown. */
#include "wire/places.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libmaxminddb 1.7 forgets what it had read of a table that it then refuses. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libmaxminddb\n";
}

static void look(struct places *places, size_t most)
{
	static const char *const asked[] = { "0.0.0.0", "8.8.8.8", "1.2.3.4", "223.255.255.255", "::",
		"10.0.0.1", "224.0.0.1", "2001:db8::1", "2a00::1", "no address" };

	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		struct address address = address_read(span_text(asked[i]));
		char country[3];
		const char *owner;

		if (places_find(places, &address, country, &owner) !=
		    (country[0] != '\0' || owner[0] != '\0'))
			abort();
		if (strlen(country) > 2 || strlen(owner) > most)
			abort();
	}
	if (strlen(places_credit(places)) > 200)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("places", MFD_CLOEXEC);
	struct places *places = NULL;
	struct why why;
	char path[40];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	for (int i = 0; i < 3; i++) {
		if (places_open(i != 0 ? path : NULL, i != 1 ? path : NULL, &places, &why) != KS_OK) {
			if (why.text[0] == '\0')
				abort();
			continue;
		}
		look(places, size);
		places_close(places);
	}
	(void)close(fd);
	return 0;
}
