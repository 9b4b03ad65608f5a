/* src/words/finding.h - parts of what is said of a finding; the whole: words.h. */
#ifndef KS_WORDS_FINDING_H
#define KS_WORDS_FINDING_H
#include "words/words.h"

/* What is wrong, without since and next: the first line of a verdict, a page title. */
void say_headline(struct text *text, enum lang lang, const struct zone *zone,
    const struct finding *finding, int64_t now_ms);

/* A device's own state word ("onBattery", "OL CHRG"): in words when it is known,
 * else as it is, in quotes. */
void say_state(struct text *text, enum lang lang, const char *word);

/* The word of a finding of the wire (a verdict, a category of personal data, a number),
 * as its sentence takes it. */
void say_wire_word(struct text *text, enum lang lang, const struct finding *finding);
/* What personal data of a category is called: "card" -> "card numbers". */
const char *personal_said(enum lang lang, const char *category);
/* The same of clients of a server. */
const char *personal_received(enum lang lang, const char *category);

/* The sentence of what others began; NULL: the device began it, or it has none of its own. */
const char *received_says(const struct finding *finding, bool full);
/* The sentence of what is not told apart (wire_rest_of); NULL: the common one will do. */
const char *rest_says(const struct finding *finding);
/* The other side: its name, or "12 others". */
void say_others(struct text *text, enum lang lang, const struct finding *finding);
/* "12 clients", or who it is. */
void say_clients(struct text *text, enum lang lang, const struct finding *finding);
#endif
