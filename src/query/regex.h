/* src/query/regex.h - regular expressions as Prometheus has them (RE2's syntax, the whole
 * text must match), by Pike's machine: time grows with text x pattern and never beyond,
 * whatever a stranger writes (K. Thompson, CACM 11/6, 1968; R. Cox, "Regular Expression
 * Matching: the Virtual Machine Approach", 2009).
 *
 * Not understood, and said so: \p{..} classes, \C.  (?i) folds ASCII letters. */
#ifndef KS_QUERY_REGEX_H
#define KS_QUERY_REGEX_H
#include "base/arena.h"
#include "base/text.h"
#include "base/why.h"
#include <stdbool.h>

struct regex;

/* Lives in arena.  KS_MALFORMED: no such expression; KS_FULL: a limit. */
KS_MUST int regex_new(struct arena *arena, struct span pattern, struct regex **ret_regex,
    struct why *why);
/* Does the whole of text match? */
bool regex_match(struct regex *regex, struct span text);
/* The same; groups of the match are kept for regex_expand(). */
bool regex_groups(struct regex *regex, struct span text);
/* $1, ${1}, ${name}, $name, $$ of `with`, after regex_groups() found `text`. */
void regex_expand(const struct regex *regex, struct span text, struct span with,
    struct text *ret_out);
#endif
