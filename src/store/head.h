/* src/store/head.h - the open windows in memory: per series the window it is in,
 * packed every 64 samples (store/codec.h), and the closed ones that wait to be
 * sealed.  A window is [number * window_ms, + window_ms).  What comes too late for
 * its series' window, or cannot have one, is `late` and goes its own way. */
#ifndef KS_STORE_HEAD_H
#define KS_STORE_HEAD_H
#include "store/codec.h"
#include "store/store.h"

enum { WINDOW_BITS = 22 };
enum { HEAD_TAKEN = 1, HEAD_LATE = 2 }; /* beside KS_OK's negatives */

struct slot { /* a sample not yet packed: 12 bytes, as there are many */
	uint32_t after_ms, half[2];
};

struct head {
	struct packer packer;
	struct slot *slots;
	int64_t last_ms;
	uint32_t window;
	uint8_t n, room; /* slots */
	bool open;
};

struct closed { /* a window done with, waiting to be sealed */
	struct blob blob;
	int64_t last_ms;
	uint32_t series, window, n;
};

struct heads {
	struct head *at; /* by series number */
	uint32_t room;
	int64_t window_ms;
	struct closed *closed;
	size_t closed_n, closed_room;
	uint64_t closed_bytes, open_n, samples;
};

void heads_init(struct heads *heads, int64_t window_ms);
void heads_done(struct heads *heads);

/* Which window a time is in; false when none can hold it. */
bool window_of(const struct heads *heads, int64_t time_ms, uint32_t *ret_window);

/* The newest time a series has sealed: what is not after it is late. */
KS_MUST int heads_last(struct heads *heads, uint32_t series, int64_t last_ms);
/* HEAD_TAKEN, HEAD_LATE (the sample is the caller's) or KS_FULL: memory ran out,
 * nothing changed. */
KS_MUST int heads_add(struct heads *heads, const struct sample *sample);
/* Bring them nearer to the processor: the one's head, the other's slot. */
static inline void heads_soon(const struct heads *heads, uint32_t later, uint32_t sooner)
{
	if (later < heads->room)
		__builtin_prefetch(&heads->at[later]);
	if (sooner < heads->room && heads->at[sooner].slots != NULL)
		__builtin_prefetch(&heads->at[sooner].slots[heads->at[sooner].n], 1);
}

/* Close what ends at or before until_ms; KS_FULL: memory, try again. */
KS_MUST int heads_close(struct heads *heads, int64_t until_ms);
/* Forget the closed ones: they are sealed. */
void heads_sealed(struct heads *heads);
/* The end of the oldest open or closed window; INT64_MAX when there is none. */
int64_t heads_oldest_end(const struct heads *heads);

/* Append what is open of a series; and what is closed of it inside [from, to). */
KS_MUST int heads_open_points(const struct heads *heads, uint32_t series,
    struct points *ret_points, struct why *why);
KS_MUST int heads_points(const struct heads *heads, uint32_t series, int64_t from_ms,
    int64_t to_ms, struct points *ret_points, struct why *why);
#endif
