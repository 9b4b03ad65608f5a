/* src/cli/wrap.h - a sentence over several lines of a terminal: English between words,
 * Japanese between characters, except before a closing mark or after an opening one. */
#ifndef KS_CLI_WRAP_H
#define KS_CLI_WRAP_H
#include "base/text.h"

enum { WRAP_COLUMNS = 80 };

/* s, where `used` columns of the line are taken already; lines that follow begin with
 * `indent` blanks; none is wider than `width` unless one word is.  No line end after. */
void wrap_add(struct text *text, struct span s, size_t used, size_t indent, size_t width);

/* May a line end between these two characters? */
bool wrap_may_break(uint32_t a, uint32_t b);

/* Columns of the terminal behind stdout, 80 to 120; 0: stdout is no terminal. */
size_t wrap_terminal(void);
#endif
