/* src/physics/dew.h - dew point from temperature and relative humidity, by the Magnus
 * formula over water with the constants 17.62 and 243.12 C (WMO-No. 8, Guide to
 * Instruments and Methods of Observation, annex 4.B; Sonntag 1990): good to 0.1 K
 * between -45 and 60 C.  Thousandths of C and of percent. */
#ifndef KS_PHYSICS_DEW_H
#define KS_PHYSICS_DEW_H
#include <stdint.h>

/* Below 0.1 % of humidity, 0.1 % is taken: air is never without water. */
int64_t dew_point_milli(int64_t temp_milli, int64_t humidity_milli);
#endif
