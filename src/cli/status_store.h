/* src/cli/status_store.h - the last known verdict, out of the store, when no daemon runs. */
#ifndef KS_CLI_STATUS_STORE_H
#define KS_CLI_STATUS_STORE_H
#include "words/status.h"

/* keisoku.status/1 into ret_json.  Its severity is always unknown: nobody measures.
 * state: the value of --state, NULL: the usual place. */
KS_MUST int status_store(const char *state, int64_t now_ms, struct text *ret_json,
    struct why *why);
#endif
