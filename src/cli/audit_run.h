/* src/cli/audit_run.h - captures in, an audit out: opens the files, drives the engine
 * with one gather for each thread, shows progress, and puts the audit together.  Shared by
 * audit and compare. */
#ifndef KS_CLI_AUDIT_RUN_H
#define KS_CLI_AUDIT_RUN_H
#include "base/arena.h"
#include "wire/aids.h"
#include "wire/make.h"
#include "words/words.h"

enum { RUN_FILES = 256, RUN_THREADS = 16 };

struct audit_ask {
	enum lang lang;
	const char *const *files; /* "-": standard input */
	size_t files_n;
	const char *interface; /* listened to instead of files; NULL: none */
	const char *filter;    /* BPF, with interface */
	int64_t listen_ms;     /* with interface: 0 until interrupted */
	unsigned threads; /* 0: as many as processors, at most RUN_THREADS */
	struct span keylog;
	size_t secrets; /* in it */
	const struct zone *zone;
	const struct trust *trust;
	const char *trust_name;
	const struct make_known *known;
	size_t known_n;
	const struct aids *aids; /* lists, countries, accepted findings */
	int32_t today; /* see make_plan */
	const char *zeek, *eve; /* rows that are written meanwhile: folder, file; NULL */
	bool zeek_json;
};
struct flow_rows; /* flow_rows.h */

/* One audit and all that it borrows from. */
struct audit_run {
	const struct audit *audit;
	struct arena arena;
	struct gather *gather;
	struct flow_rows *flows; /* that wrote them; NULL */
	struct why stopped[RUN_FILES]; /* why reading of a file ended early */
};

/* A file that cannot be opened or is no capture at all is a failure; one that ends early
 * is not, and capture.files says where and why.  run is large: let it be static. */
KS_MUST int audit_run(const struct audit_ask *ask, struct audit_run *run, struct why *why);
void audit_run_done(struct audit_run *run);
#endif
