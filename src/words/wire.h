/* src/words/wire.h - words and numbers of the wire: bytes, countries, verdicts about
 * certificates, what comes back by the clock. */
#ifndef KS_WORDS_WIRE_H
#define KS_WORDS_WIRE_H
#include "words/words.h"

/* "1.2 MB"; "640 B" */
void say_bytes(struct text *text, uint64_t bytes);
/* "24,310" */
void say_count(struct text *text, uint64_t count);
/* Of two letters; the letters where no name is known, "not known" for none. */
const char *country_said(enum lang lang, const char *country);
/* Why no destination has one: a sentence. */
extern const char audit_no_countries[], audit_no_countries_heard[]; /* heard: by the daemon */
/* Of one verdict's word: "self_signed" -> "signed by itself"; the word when not known. */
const char *verdict_said(enum lang lang, const char *word);

/* "entry *.bad.example, of 2026-05-01": of a block list; "" when not known. */
void say_entry(struct text *text, enum lang lang, const char *entry, const char *date);

struct period_said {
	const char *kind; /* "timer" "daily" "weekly" */
	int64_t period_ms, jitter_ms;
	int32_t of_day_s; /* daily, weekly: after local midnight */
	uint64_t contacts, missed;
	uint8_t weekdays;  /* weekly: bit 0 is Monday; 0: not known */
	const char *clock; /* whose was changed (audit.h), "" or NULL: none */
	int32_t shift_day; /* since 1970, local; the change */
	int32_t before_s;  /* of the day, before it */
};
/* "every 60 min ± 20 s, 216 of 216" */
void say_period(struct text *text, enum lang lang, const struct period_said *period);
#endif
