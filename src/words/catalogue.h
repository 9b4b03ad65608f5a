/* src/words/catalogue.h - the table that po/words makes from po/ja.po at build:
 * sorted by msgid, byte by byte, so that tr() is a binary search. */
#ifndef KS_WORDS_CATALOGUE_H
#define KS_WORDS_CATALOGUE_H

struct catalogue_row {
	const char *msgid, *says;
};

extern const struct catalogue_row catalogue_ja[];
extern const unsigned catalogue_ja_n;

/* What the system's libraries say in English and the catalogue knows; NULL-ended. */
extern const char *const system_sentences[];
#endif
