/* src/cli/poll_once.h - every sensor of a site asked once, from the command line. */
#ifndef KS_CLI_POLL_ONCE_H
#define KS_CLI_POLL_ONCE_H
#include "cli/command.h"
#include "site/model.h"
#include "site/series.h"

struct polled {
	struct series series;
	struct reading reading;
	bool read;
};

struct poll_trouble {
	char id[64];
	struct why why;
};

struct poll_once {
	/* secrets: a text for every file name, or NULL: the files themselves are read */
	const char *secret;
	struct polled *values; /* by series number; REACH among them */
	size_t n, room;
	struct poll_trouble *troubles;
	size_t troubles_n;
	int64_t now_ms; /* at the end */
	char files[16][4096];
	size_t files_n;
};

/* Runs until all have answered or failed.  Only sensors, no hosts.  KS_OK also when
 * none answered; once->troubles says so.  Progress on a terminal's stderr. */
int poll_once(struct poll_once *once, const struct site *site, enum lang lang,
    struct why *why);
void poll_once_done(struct poll_once *once);
#endif
