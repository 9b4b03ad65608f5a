/* src/words/named.h - what people call a thing of the site file: its name=, else its ID.
 * Records and addresses keep IDs; sentences say names. */
#ifndef KS_WORDS_NAMED_H
#define KS_WORDS_NAMED_H
#include "site/finding.h"
#include "site/model.h"

/* Borrowed from site or id.  site NULL, or nothing of that ID: the ID. */
const char *name_of(const struct site *site, const char *id);
/* A copy whose subject and place are names; of the wire only the subject is ours. */
struct finding finding_named(const struct site *site, const struct finding *finding);
#endif
