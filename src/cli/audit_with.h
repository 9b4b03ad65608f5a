/* src/cli/audit_with.h - what audit and compare are told beside the captures: lists,
 * countries, roots, secrets, time zone, devices. */
#ifndef KS_CLI_AUDIT_WITH_H
#define KS_CLI_AUDIT_WITH_H
#include "base/text.h"
#include "cli/args.h"
#include "cli/audit_lists.h"
#include "cli/audit_run.h"

struct audit_with {
	struct audit_ask ask; /* files are the caller's to fill in */
	struct zone *zone;
	char zone_name[64];
	struct text keylog;
	struct trust *trust;
	struct site *site; /* NULL: none was given */
	struct make_known *known;
	struct aids aids;
};

/* ret_with is to be ended also when this fails. */
KS_MUST int audit_with(const struct args *args, enum lang lang, struct audit_with *ret_with,
    struct why *why);
/* --tz alone: for who reads what was made already. */
KS_MUST int audit_with_time(const struct args *args, enum lang lang, struct audit_with *ret_with,
    struct why *why);
/* Another zone of the report. */
KS_MUST int audit_with_zone(struct audit_with *with, const char *name, struct why *why);
void audit_with_done(struct audit_with *with);

/* Rows for the options of a command that takes them. */
#define AUDIT_WITH_OPTIONS                                                             \
	{ "--keylog", "FILE", N_("TLS secrets (SSLKEYLOGFILE) to open what is yours") },  \
	{ "--trust", "FILE", N_("roots to hold certificates against (PEM); else the system's") }, \
	{ "--list", "NAME=FILE", N_("a block list, in any usual format (may be repeated)") }, \
	{ "--geo", "FILE", N_("countries of addresses (MMDB); else those built in") },    \
	{ "--accept", "FILE", N_("findings that are known and accepted, one a line") },   \
	{ "--today", "DATE", N_("with --accept: as of this day (2027-04-01), not today") }, \
	{ "--tz", "ZONE", N_("time zone of the report, such as Asia/Tokyo") },		       \
	{ "--site", "SITE", N_("names of devices from this site file") },		       \
	{ "--device", "ADDR", N_("only this device, by IP address or MAC (may be repeated)") }, \
	{ "--threads", "N", N_("processors to use") }
#endif
