/* src/words/named.h - what people call a thing of the site file: its name=, else its ID; and
 * what they call a reading of it.  Records and addresses keep IDs; sentences say names. */
#ifndef KS_WORDS_NAMED_H
#define KS_WORDS_NAMED_H
#include "site/finding.h"
#include "site/model.h"
#include "words/words.h"

/* Borrowed from site or id.  site NULL, or nothing of that ID: the ID. */
const char *name_of(const struct site *site, const char *id);
/* "apparent power" */
const char *measure_name(enum lang lang, enum measure kind);
/* "power:output-current.2" is "UPS 6 kVA output current 2" for who reads English: what the
 * sensor is on or is called, which part of it, which quantity; words of the device's own
 * that we do not know stay as they are.  An ID without a colon: name_of(). */
void series_name(struct text *text, enum lang lang, const struct site *site, const char *id,
    enum measure kind);
/* A copy whose subject and place are names; of the wire only the subject is ours. */
struct finding finding_named(const struct site *site, enum lang lang, const struct finding *finding);
#endif
