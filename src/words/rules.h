/* src/words/rules.h - what a finding means and what to do about it, at length: `keisoku
 * explain` and the page of a rule. */
#ifndef KS_WORDS_RULES_H
#define KS_WORDS_RULES_H
#include "site/finding.h"
#include "words/words.h"

const char *rule_means(enum lang lang, enum finding_code code);
const char *rule_todo(enum lang lang, enum finding_code code);
/* "KS-HEAT-001", in any case; false: there is none of that name. */
bool rule_find(const char *id, enum finding_code *ret_code);
#endif
