/* src/wire/charset.h - text that is not UTF-8, into UTF-8: UTF-16 (RFC 2781), and through
 * the C library's iconv Shift_JIS, EUC-JP, ISO-2022-JP (RFC 1468), GB18030, Big5, EUC-KR and
 * Latin 1.  Which one it is say, in this order, the bytes themselves (byte order mark, NULs,
 * escapes), the declared type, a declaration within (HTML meta, XML), and the forms that
 * Japanese has in either of its two encodings.  What comes out is bounded by the text's own
 * maximum and is kept only when it is readable. */
#ifndef KS_WIRE_CHARSET_H
#define KS_WIRE_CHARSET_H
#include "base/text.h"

/* Loads the C library's tables once.  A process that will open no files any more calls
 * this before; without it only UTF-16 is read. */
void charset_ready(void);

/* s itself when it is UTF-8 or nothing that is known; otherwise the text in UTF-8. */
struct span charset_plain(struct span s, struct span content_type, struct text *text);
/* Full-width letters, digits and signs (U+FF01..FF5E, U+3000) and the many dashes as their
 * ASCII forms; s itself when there is none. */
struct span charset_narrow(struct span s, struct text *text);
#endif
