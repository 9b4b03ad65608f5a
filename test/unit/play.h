/* test/unit/play.h - plays a recorded talk to a driver.  A .talk file:
 *   address=...  read=...      what the probe says (one a line; a missing one is NULL)
 *   > list /sys/class/hwmon    an ask, as play_key() writes it
 *   < hwmon0\nhwmon1\n         its reply; \n \t \\ \xNN; several lines are joined; "!" alone: broken
 *   = ID KIND PLACE VALUE ...  an offer expected, as play_line() writes it
 * Asks may come in any order; each reply is lent in a block of its own size, so that a
 * sanitizer sees every byte read outside. */
#ifndef KS_TEST_PLAY_H
#define KS_TEST_PLAY_H
#include "base/text.h"
#include "sense/driver.h"

struct play_reply {
	char *key;
	struct text bytes;
	bool broken;
	unsigned used;
};

struct play {
	char *address, *read;
	struct play_reply *replies;
	size_t replies_n;
	struct text expected; /* the lines after "= " */
};

/* false when the file can not be read. */
bool play_load(struct play *play, const char *path);
void play_done(struct play *play);

struct played {
	struct offer *offers; /* of LIMIT_DEVICE_READINGS */
	size_t offers_n, asks;
	int code;
	struct why why;
	char missing[700]; /* the key of an ask nobody recorded; "" */
	bool full, endless, whole_wrong;
};

/* One poll.  change (NULL: none) may alter a reply before the driver sees it. */
struct play_change {
	void *user;
	void (*change)(void *user, size_t reply, struct text *bytes);
};
void play_run(const struct driver *driver, struct play *play, void *memory,
    const struct play_change *change, struct played *ret);
void play_key(struct text *text, const struct ask *ask);
void play_line(struct text *text, const struct offer *offer);
#endif
