/* src/words/words.h - every sentence a person reads, ja and en, from one catalogue.
 * The English sentence is the msgid; po/ja.po holds the Japanese; a generator makes a
 * sorted C table at build.  Formats may be reordered in a translation (%2$s). */
#ifndef KS_WORDS_WORDS_H
#define KS_WORDS_WORDS_H
#include "base/text.h"
#include "base/why.h"
#include "base/zone.h"
#include "site/finding.h"

enum lang { LANG_EN, LANG_JA, LANGS };

/* "ja", "ja_JP.UTF-8", "en-US,en;q=0.9" ... ; LANG_EN when none is known. */
enum lang lang_find(const char *word);

/* The sentence in that language; msgid itself when not in the catalogue (a test
 * sees to it that this never happens for our own). */
const char *tr(enum lang lang, const char *msgid);

/* A marker for the extractor, where the sentence is kept in a table. */
#define N_(msgid) msgid

/* Format with arguments kept (struct why), in that language. */
void say_why(struct text *text, enum lang lang, const struct why *why);
/* printf in a language: fmt is the msgid. */
void say(struct text *text, enum lang lang, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* One finding as one sentence, with its numbers; zone: for clock times, NULL is UTC. */
void say_finding(struct text *text, enum lang lang, const struct zone *zone,
    const struct finding *finding, int64_t now_ms);
/* "24.5 °C", "42 %", "1,140 W" */
void say_value(struct text *text, enum lang lang, enum measure kind, int64_t milli);
/* "3 min", "2 h 05 min"; a blank between number and unit in Japanese too */
void say_duration(struct text *text, enum lang lang, int64_t ms);
/* Local clock time, with the date when it is not today's. */
void say_clock(struct text *text, enum lang lang, const struct zone *zone, int64_t utc_ms,
    int64_t now_ms);
#endif
