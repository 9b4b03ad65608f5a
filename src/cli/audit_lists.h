/* src/cli/audit_lists.h - opens the block lists, countries and accepted findings that audit
 * and compare are given. */
#ifndef KS_CLI_AUDIT_LISTS_H
#define KS_CLI_AUDIT_LISTS_H
#include "cli/args.h"
#include "wire/aids.h"

/* --list NAME=FILE or FILE, any number; --geo FILE; --accept FILE.  ret_aids was made by
 * aids_init. */
KS_MUST int audit_lists(const struct args *args, struct aids *ret_aids, struct why *why);
#endif
