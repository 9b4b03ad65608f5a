/* src/cli/audit_missing.h - a device that was asked for and is not in the capture: told, and
 * no all-clear. */
#ifndef KS_CLI_AUDIT_MISSING_H
#define KS_CLI_AUDIT_MISSING_H
#include "cli/audit_show.h"

/* On stderr, for each: what was looked for in what, and what is there.  False: all are there. */
bool audit_missing_tell(enum lang lang, const struct audit *audit, const char *where);
#endif
