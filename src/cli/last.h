/* src/cli/last.h - what a store knows of the moment it was last written to, for
 * commands that find no daemon: the open findings, the newest value of every series, and
 * the site file its daemon read, where that is still there. */
#ifndef KS_CLI_LAST_H
#define KS_CLI_LAST_H
#include "site/model.h"
#include "store/store.h"
#include "words/status.h"

struct last {
	struct store *store;
	struct site *site;	   /* NULL: its file is not there any more, or has errors */
	char site_id[FINDING_NAME], site_path[1024];
	struct zone *zone;	   /* NULL: UTC */
	struct finding *findings;
	size_t findings_n;
	struct status_now *readings;
	size_t readings_n;
	struct verdict verdict;
	int64_t newest_ms;	   /* of all samples */
	/* of the series looked at: its newest sample, and its newest value */
	int64_t time_ms, value_ms;
	double value;
};

/* state: the value of --state, NULL when not given.  KS_ABSENT: there is no store. */
KS_MUST int last_open(const char *state, int64_t now_ms, struct last *ret_last,
    struct why *why);
void last_done(struct last *last);
#endif
