/* src/base/utf8.h - characters out of bytes (RFC 3629), and how many columns of a
 * terminal each takes (East Asian wide ones two, combining ones none), for carets
 * and tables. */
#ifndef KS_BASE_UTF8_H
#define KS_BASE_UTF8_H
#include "base/span.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Cuts one character off s; false (and one byte cut) when the bytes are not UTF-8.
 * s must not be empty. */
bool utf8_cut(struct span *s, uint32_t *ret_char);
/* The offset of the first byte that is not UTF-8; s.left when all is well. */
size_t utf8_check(struct span s);
/* How many characters; a bad byte counts as one. */
size_t utf8_count(struct span s);
/* Terminal columns of one character, and of a text. */
unsigned utf8_columns_of(uint32_t character);
size_t utf8_columns(struct span s);
#endif
