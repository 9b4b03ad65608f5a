/* src/base/csv.h - tables for spreadsheets and programs (RFC 4180): UTF-8 with its mark,
 * CRLF, cells quoted where they must be. */
#ifndef KS_BASE_CSV_H
#define KS_BASE_CSV_H
#include "base/text.h"

/* UTF-8's mark, by which a spreadsheet knows Japanese. */
#define CSV_MARK "\xef\xbb\xbf"
#define CSV_END "\r\n"

/* One cell with words of others: what does not show is U+FFFD, and what a spreadsheet would
 * take for a formula (= + - @ in front) gets an apostrophe. */
void csv_cell(struct text *out, struct span word);
#endif
