/* test/unit/nested.h - is HTML well-formed? */
#ifndef KS_TEST_NESTED_H
#define KS_TEST_NESTED_H
#include "harness.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Every element that opens closes, in order; void ones aside. */
static inline void assert_nested(const char *html, const char *what)
{
	static const char *const lone[] = { "meta", "link", "input", "br", "!doctype" };
	char names[64][24];
	size_t deep = 0;

	for (const char *at = strchr(html, '<'); at != NULL; at = strchr(at + 1, '<')) {
		const char *end = strchr(at, '>');
		char name[24];
		size_t n = strcspn(at + 1, " />\t\n");
		bool alone = false;

		assert_non_null(end);
		if (at[1] == '/') {
			n = strcspn(at + 2, " >");
			(void)snprintf(name, sizeof name, "%.*s", (int)n, at + 2);
			if (deep == 0 || strcmp(names[deep - 1], name) != 0)
				fail_msg("%s: </%s> closes <%s>", what, name, deep > 0 ? names[deep - 1] : "");
			deep--;
			continue;
		}
		(void)snprintf(name, sizeof name, "%.*s", (int)n, at + 1);
		for (size_t i = 0; i < sizeof lone / sizeof *lone; i++)
			alone = alone || strcmp(name, lone[i]) == 0;
		if (!alone && end[-1] != '/') {
			assert_true(deep < 64);
			memcpy(names[deep++], name, sizeof name);
		}
	}
	assert_int_equal(deep, 0);
}
#endif
