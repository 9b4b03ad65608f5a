/* src/wire/exif.h - where a photo was taken: JPEG, APP1 "Exif", the GPS directory of its
 * TIFF (CIPA DC-008, tags 1 to 4).  Millionths of a degree, north and east positive. */
#ifndef KS_WIRE_EXIF_H
#define KS_WIRE_EXIF_H
#include "base/span.h"

/* False: no JPEG, or no place in it; ret is then untouched.  May be cut anywhere. */
bool exif_place(struct span jpeg, int64_t ret_micro[2]);
#endif
