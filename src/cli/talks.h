/* src/cli/talks.h - which services talk to which, as the wire has heard it, where the site
 * file does not say that one needs the other: offered as a line, never used by itself. */
#ifndef KS_CLI_TALKS_H
#define KS_CLI_TALKS_H
#include "base/text.h"
#include "site/model.h"
#include "words/words.h"

enum { TALKS_MOST = 64, TALKS_SHOWN = 8 };

struct talks {
	struct talked {
		const struct service *from, *to; /* hosts of `from` call hosts of `to` */
		const char *host, *other;	 /* the two that do most */
		uint64_t contacts;
		int64_t hours;	       /* of those hosts: in how many of the last 31 days' */
		uint64_t most;	       /* contacts of those two */
		uint16_t port;
	} list[TALKS_MOST];
	size_t n, more;
	char texts[TALKS_MOST][2][64]; /* of host and other */
};

/* From the store of that site; empty when there is none, or it is another site's. */
void talks_find(const char *state, const struct site *site, struct talks *ret_talks);
/* Lines with an indent; nothing when there are none. */
void talks_say(struct text *text, enum lang lang, const struct talks *talks);
/* ,"proposals":[{"service":..,"needs":..}] */
void talks_json(struct text *text, const struct talks *talks);
#endif
