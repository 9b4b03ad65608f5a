/* src/base/plain.h - words of others (devices, files, answers) made safe to show: what
 * would move a terminal's cursor, change its title or turn the reading direction
 * becomes U+FFFD, one for each character, so that columns stay.  Not for JSON, whose
 * writer (text_add_json) keeps such characters as \uXXXX. */
#ifndef KS_BASE_PLAIN_H
#define KS_BASE_PLAIN_H
#include "base/text.h"

/* C0 and C1 controls, DEL, line and paragraph separators, marks and overrides of
 * direction (Unicode Bidi_Control), and what does not show at all (U+FEFF). */
bool plain_hides(uint32_t character);

enum plain_lines { PLAIN_ONE_LINE, PLAIN_LINES };
/* s, with those characters and bytes that are not UTF-8 replaced; PLAIN_LINES keeps
 * line ends and tabs. */
void plain_add(struct text *text, struct span s, enum plain_lines lines);
#endif
