/* src/store/rollup.h - hours of one series: highest, lowest, sum and number.
 * A NaN counts for nothing: an hour of NaN only is not there.  Sums of decimals are
 * exact (integers), so that a sum does not depend on who added it up.
 * The blob of a day is: 1 byte exponent (7: raw doubles), bits {24 which hours,
 * numbers, highest, highest - lowest, sum's distance from number * middle}, CRC-32C. */
#ifndef KS_STORE_ROLLUP_H
#define KS_STORE_ROLLUP_H
#include "store/codec.h"
#include "store/store.h"

enum { HOUR_MS = 3600000, DAY_MS = 86400000, DAY_HOURS = 24 };

struct hours { /* of one day, in order; n of them are there */
	struct rollup at[DAY_HOURS];
	size_t n;
};

/* Points of one day, settled; those of other days are passed over. */
void hours_of(const struct points *points, int64_t day_ms, struct hours *ret_hours);
KS_MUST int hours_pack(const struct hours *hours, int64_t day_ms, struct blob *ret_blob);
KS_MUST int hours_unpack(struct span blob, int64_t day_ms, struct hours *ret_hours,
    struct why *why);
#endif
