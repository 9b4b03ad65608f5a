/* test/fault/call_fails.h - calls that fail on purpose: of the program under test by the
 * linker's --wrap, of SQLite by its own table of system calls and its own allocator.
 *
 * A way is a call and the chain of functions of this program that led to it; its first use
 * fails, once.  A program that does the same each time finds the same ways each time. */
#ifndef KS_TEST_CALL_FAILS_H
#define KS_TEST_CALL_FAILS_H
#include <stdbool.h>
#include <stddef.h>

/* Before SQLite is used. */
void calls_init(void);
/* While true, calls are counted, and may fail.  A run begins with calls_fail or calls_learn. */
void calls_watch(bool on);
/* A run that writes down all ways, and lets nothing fail. */
void calls_learn(bool on);
size_t calls_ways(void);
/* The next run: this way fails. */
void calls_fail(size_t way);
/* "pwrite 3 (No space left on device)" */
const char *calls_name(size_t way);
#endif
