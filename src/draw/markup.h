/* src/draw/markup.h - HTML and SVG out of literals and values: the one writer that
 * escapes.  The format is a literal of ours and goes out as it is; every %s is somebody's
 * word and is escaped: & < > " ' become entities, bytes that are no UTF-8 and characters
 * that control a terminal or turn the direction of writing become U+FFFD.
 * Understood: %s %d %u %zu %ld %lld %lu %llu %x with width, %%; and
 *   %k   a sentence of ours, escaped, in which `words` between ticks are <code>
 *   %t   a milli value without trailing zeros (int64_t): 24500 -> 24.5
 *   %q   tenths of a pixel (int): 123 -> 12.3 */
#ifndef KS_DRAW_MARKUP_H
#define KS_DRAW_MARKUP_H
#include "base/text.h"

/* Only a literal stands beside "". */
#define markup(out, ...) markup_literal(out, "" __VA_ARGS__)
void markup_literal(struct text *out, const char *fmt, ...);
/* Somebody's word, inside an element or a quoted attribute. */
void markup_text(struct text *out, struct span s);
/* The same inside an element only: `words` between two ticks become <code>. */
void markup_prose(struct text *out, struct span s);
/* Tenths of a pixel: 123 -> 12.3. */
void markup_tenths(struct text *out, int64_t tenths);
/* Somebody's word as a part of a path in a URL: RFC 3986 unreserved stay, others %XX. */
void markup_path(struct text *out, const char *word);
#endif
