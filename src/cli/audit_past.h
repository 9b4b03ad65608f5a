/* src/cli/audit_past.h - an audit of a stretch of time that the daemon has heard, out of
 * the hours in its store.  What hours do not keep (single requests, handshakes, questions)
 * is not in it. */
#ifndef KS_CLI_AUDIT_PAST_H
#define KS_CLI_AUDIT_PAST_H
#include "cli/audit_run.h"
#include "cli/audit_with.h"

struct store;

/* "2026-11-01..2026-11-07" (whole days), one day, or 2026-11-01T08:00..2026-11-01T12:00,
 * in that zone; [from, to).  False: it is no such thing. */
bool period_read(const char *words, const struct zone *zone, int64_t *ret_from_ms,
    int64_t *ret_to_ms);
/* Does it look like one at all, and not like a file?  Asks nothing of the machine. */
bool is_period(const char *words);
struct past_ask {
	const char *words; /* the period, for sentences */
	int64_t from_ms, to_ms;
	const struct zone *zone;
	bool accepted; /* also what is accepted, apart */
	char hours[48]; /* what `words` points to where the period was made wider */
};
/* That period in ask->zone: the whole hours around it, which is said on stderr where they are
 * more than was asked for.  ask must stay where it is.  KS_MALFORMED: it is none. */
KS_MUST int period_take(struct past_ask *ask, const char *words, enum lang lang, struct why *why);
/* run is ended by audit_run_done also when this fails.  KS_ABSENT: nothing was heard. */
KS_MUST int audit_past(struct store *store, const struct past_ask *ask, struct audit_run *run,
    struct why *why);
/* The store of --state, or where it lies by custom; and its zone into `with` when neither
 * --tz nor a site file named one. */
KS_MUST int past_store(struct audit_with *with, const struct args *args,
    struct store **ret_store, struct why *why);
#endif
