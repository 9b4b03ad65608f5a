#include "site/act.h"
#include "base/number.h"
#include <stdio.h>
#include <string.h>

const char *act_word(enum act_kind kind)
{
	static const char *const words[] = { "started", "stopped", "site_loaded", "site_refused",
		"role_restarted", "store_sealed", "store_compacted", "store_dropped", "gap", "told", "not_told",
		"acknowledged", "silenced", "maintenance", "window_ended", "login", "login_refused",
		"logout", "escalated" };

	return (unsigned)kind < ACT_KINDS ? words[kind] : "act";
}

bool act_part(const char *what, const char *name, char *ret, size_t room)
{
	bool last = strcmp(name, "reason") == 0 || strcmp(name, "why") == 0;
	struct span rest = span_text(what);
	size_t n = strlen(name);

	ret[0] = '\0';
	while (rest.left > 0) {
		struct span whole = rest, word = span_until(&rest, ' ');

		if (word.left <= n || memcmp(word.at, name, n) != 0 || word.at[n] != '=')
			continue;
		if (last)
			word = whole;
		(void)span_cut(&word, n + 1);
		(void)snprintf(ret, room, "%.*s", (int)word.left, (const char *)word.at);
		return true;
	}
	return false;
}

int64_t act_number(const char *what, const char *name)
{
	char word[32];
	int64_t number;

	return act_part(what, name, word, sizeof word) &&
	    number_read(span_text(word), 0, &number) == KS_OK ? number : 0;
}
