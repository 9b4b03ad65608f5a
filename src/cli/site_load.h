/* src/cli/site_load.h - a site file, its calendar files and time zones from disk, for
 * the subcommands that take SITE. */
#ifndef KS_CLI_SITE_LOAD_H
#define KS_CLI_SITE_LOAD_H
#include "base/text.h"
#include "base/zone.h"
#include "site/read.h"

/* A whole file; "-" is stdin.  KS_IO, or KS_FULL when it is longer than max. */
KS_MUST int file_load(const char *path, size_t max, struct text *ret_bytes, struct why *why);

/* KS_OK: *ret_site is to be freed.  KS_IO and the like: the file could not be read, see
 * why.  KS_MALFORMED: see ret_errors, which is large; keep it off the stack. */
KS_MUST int site_load(const char *path, struct site **ret_site,
    struct site_errors *ret_errors, struct why *why);

/* The same with more lines behind the file's own; "" for none. */
KS_MUST int site_load_more(const char *path, const char *more, struct site **ret_site,
    struct site_errors *ret_errors, struct why *why);

/* The zone of that name from /usr/share/zoneinfo; "UTC" gives NULL, which is UTC. */
KS_MUST int zone_load(const char *name, struct zone **ret_zone, struct why *why);
#endif
