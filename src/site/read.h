/* src/site/read.h - a site file into a model, whole or not at all.
 * Format: `KIND ID key=value ...`, one thing a line, # comments, UTF-8, values with
 * blanks in double quotes, units in values.  Keys are rows of one table (site/keys.h):
 * reader, help, checks and the manual all come from the row. */
#ifndef KS_SITE_READ_H
#define KS_SITE_READ_H
#include "base/limits.h"
#include "base/span.h"
#include "base/why.h"
#include "site/model.h"

struct site_error {
	uint32_t line, column;	   /* 1-based; column counts characters, for the caret */
	uint32_t width;		   /* characters under the caret line */
	struct why why;		   /* what and why */
	char suggestion[64];	   /* "did you mean" word; "" when none */
	char source[LIMIT_NAME * 4]; /* the line, cut around the column */
	uint32_t source_column;	   /* where the caret goes under `source` */
};

struct site_errors {
	struct site_error list[LIMIT_SITE_ERRORS];
	size_t n;	 /* listed */
	size_t more;	 /* found beyond the list */
};

/* Reads `bytes`.  KS_OK: *ret_site is a whole model (site_free it).  Else errors has
 * at least one row, all errors of the file up to the limit, in line order, and
 * *ret_site is untouched.  Borrowed bytes may go away afterwards. */
KS_MUST int site_read(struct span bytes, struct site **ret_site,
    struct site_errors *ret_errors);

/* The same, where calendars may name ICS files (ics=FILE): the reader opens nothing,
 * it asks read() for the bytes of each, as named in the site file.  The bytes must
 * stay until site_read_files() returns.  site_read() refuses ics=. */
struct site_files {
	int (*read)(void *ctx, const char *name, struct span *ret_bytes, struct why *why);
	void *ctx;
};
KS_MUST int site_read_files(struct span bytes, const struct site_files *files,
    struct site **ret_site, struct site_errors *ret_errors);
#endif
