/* src/wire/clear.h - should it be encrypted, and is it?  By structure first: what can be
 * read, what is only packed or coded (known beginnings, base64, skewed bytes), what looks
 * random.  Compressed and encrypted bytes cannot be told apart by their entropy, even of
 * 4 KiB (7.95 bits both, measured): random-looking is "cannot tell", never "encrypted". */
#ifndef KS_WIRE_CLEAR_H
#define KS_WIRE_CLEAR_H
#include "base/span.h"

enum clear_verdict {
	CLEAR_TOO_LITTLE, /* to say anything */
	CLEAR_READABLE,	  /* text */
	CLEAR_CODED,	  /* packed or coded, not encrypted; `how` names it */
	CLEAR_RANDOM	  /* an unknown protocol that looks random: cannot tell */
};
struct clear_judged {
	uint8_t verdict;
	const char *how; /* "gzip" "base64" "jpeg" ..., "skewed": bytes of an own code; "" */
};
struct clear_judged clear_judge(struct span bytes);
/* Of both sides of a stream: the clearer one. */
struct clear_judged clear_judge_both(const struct span first[2]);
const char *clear_word(uint8_t verdict); /* "too-little" "readable" "coded" "random" */
/* Is encryption what people expect of this port? */
bool port_is_secret(uint16_t port);
#endif
