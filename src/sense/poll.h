/* src/sense/poll.h - the poller: asks every device of a site in its period and hands
 * out readings.  It is the one place of sense that opens sockets, over libuv.
 *
 * Sensor lines with the same (via, address, secret) are one device: one poll answers
 * them all.  Starts are spread evenly over the period.  A device that does not answer
 * is asked less and less often, up to LIMIT_POLL_BACKOFF_S apart, and every failed
 * try is said: each series it ever gave gets a reading QUALITY_ABSENT with its doubt
 * (DOUBT_SILENT, DOUBT_REFUSED, DOUBT_GONE).
 *
 * Series, announced once before their first reading, numbered from 0 (a poller made
 * from an old one goes on counting, so no number means two things):
 *  - SUBJECT_SENSOR, id "ID" for a line with read= (or a command's one value), "ID:what" for
 *    one that takes all a device offers ("ups1:battery.charge");
 *  - SUBJECT_SENSOR, MEASURE_REACH, id "ID:reach" for every sensor line: 1 the device
 *    answered this poll, 0 it did not.  Always there, also when nothing else ever came;
 *  - SUBJECT_HOST / SUBJECT_DEVICE, MEASURE_REACH "ID:reach" and, with check=snmp,
 *    MEASURE_UPTIME "ID:uptime", for those with an address.
 * REACH is said with QUALITY_OK when known (0 after REACH_TRIES lost tries in a row, so
 * that a line that loses a fifth of its packets is never "down"); QUALITY_ABSENT when
 * the check itself can not be done (no ICMP socket), with its reason to `trouble`.
 *
 * It never asks the clock (now_ms is handed in) and reads no file: secrets come from a
 * callback, commands are started by one. */
#ifndef KS_SENSE_POLL_H
#define KS_SENSE_POLL_H
#include "base/span.h"
#include "base/why.h"
#include "site/measure.h"
#include "site/model.h"
#include "site/series.h"
#include <uv.h>

struct poller;
struct channel_kind;

enum { POLL_BATCH = 64,	 /* most readings in one call */
	REACH_TRIES = 8 }; /* lost in a row before a host is said to be gone */

/* How a sensor's command is run: by the keeper in a confined runner, or by the CLI. */
struct poll_spawn {
	void *user;
	/* Start argv (no shell) in a process group of its own, standard output into
	 * *ret_out (a pipe's reading end, the poller closes it), standard input empty.
	 * secret_fd (-1: none) must be descriptor 3 of the child; stays the caller's.
	 * *ret_child names the child for end(). */
	int (*start)(void *user, const char *const argv[], int secret_fd, int *ret_out,
	    int64_t *ret_child, struct why *why);
	/* Its output has ended, or it took too long: kill the whole group if it still
	 * runs, and forget it.  Returns the exit status, or -1 when not known. */
	int (*end)(void *user, int64_t child);
};

struct poll_options {
	void *user;
	int64_t (*now_ms)(void *user); /* UTC, for the readings; may run fast */
	void (*series)(void *user, const struct series *series);
	void (*readings)(void *user, const struct reading *readings, size_t n);
	/* When a device stops or starts to answer; why is NULL when all is well again.
	 * NULL: nobody listens. */
	void (*trouble)(void *user, const char *id, const struct why *why);
	/* The content of a secret file of the site, borrowed until the poller is freed. */
	int (*secret)(void *user, const char *file, struct span *ret_secret, struct why *why);
	struct poll_spawn spawn; /* start NULL: no commands; said as trouble */
	uint32_t factor;	 /* time runs this many times faster; 0 or 1: as it is */
	uint64_t seed;		 /* for ping tags and spreading; from the role */
	int icmp4, icmp6;	 /* sockets of the caller's, raw or SOCK_DGRAM; <= 0: none */
	const char *icmp_why;	 /* why there is none, for a person; NULL */
	const char *root;	 /* before every path of VIA_FILE; NULL: "" */
	bool once;		 /* each device one time, no back-off, then done() */
	void (*done)(void *user);
	/* Tests put others here; NULL: the built-in ones (sense/transport.h). */
	const struct channel_kind *const *kinds;
};

/* Starts polling on `loop`.  `site` and what options point to are borrowed until
 * poller_free.  take_old (NULL: none): the poller of the old site, stopped and freed
 * here; what its drivers had learnt is kept where via and address are the same. */
KS_MUST int poller_new(uv_loop_t *loop, const struct site *site,
    const struct poll_options *options, struct poller *take_old,
    struct poller **ret_poller, struct why *why);
/* Stops; no callback comes afterwards.  Handles close as the loop goes on: run it
 * until it ends (or uv_run(loop, UV_RUN_DEFAULT)) before freeing it. */
void poller_free(struct poller *poller);

struct poll_counts {
	uint64_t polls, failed;	 /* of devices, since the start */
	uint64_t asks;		 /* asks made of devices */
	uint64_t readings;
	uint64_t late;		 /* polls that began over a fifth of a period late */
	uint32_t devices, dead;	 /* now */
	uint32_t flying, waiting;
	uint32_t full;		 /* devices that offered more than LIMIT_DEVICE_READINGS */
};
struct poll_counts poller_counts(const struct poller *poller);
#endif
