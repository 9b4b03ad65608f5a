/* src/wire/decode.h - text out of its wrappings: percent signs (RFC 3986), base64 (RFC
 * 4648, either alphabet), gzip and deflate (RFC 1950, 1951, 1952), brotli, zstd.  What is produced is
 * bounded by the text's own maximum; what comes out before an error is kept. */
#ifndef KS_WIRE_DECODE_H
#define KS_WIRE_DECODE_H
#include "base/text.h"
#include "base/why.h"

/* %41 is A; with `plus`, + is a blank (forms).  A stray percent sign stays. */
void percent_decode(struct span s, bool plus, struct text *text);
/* s itself when there is nothing to undo; otherwise decoded, in text. */
struct span percent_plain(struct span s, bool plus, struct text *text);
/* Adds what the groups of four say; stops at the first stranger but blanks. */
void base64_decode(struct span s, struct text *text);
/* Is it long enough, of the alphabet alone, and not plain words or digits? */
bool base64_looks(struct span s);
/* gzip, zlib or raw deflate, whichever it is.  KS_OK: it was whole; KS_TRUNCATED: it ends
 * early (text has what was there); KS_FULL: more than text takes; KS_MALFORMED. */
KS_MUST int unzip(struct span packed, struct text *text);
/* Brotli (RFC 7932), zstd (RFC 8878, windows to 8 MiB as RFC 9659 has it); the same codes. */
KS_MUST int unbrotli(struct span packed, struct text *text);
KS_MUST int unzstd(struct span packed, struct text *text);
/* The share of bytes that readable text has (UTF-8 or ASCII), in percent. */
unsigned readable_percent(struct span s);
#endif
