/* src/base/raw.h - room on the stack that is written before it is read.  The compiler fills
 * every other local variable with zeroes; for a buffer of kilobytes that costs more than
 * what is done with it.  Use it where a length beside the buffer says what is there. */
#ifndef KS_BASE_RAW_H
#define KS_BASE_RAW_H

#define KS_RAW __attribute__((uninitialized))
#endif
