/* test/unit/depot.h - a folder for a store, made before a test and removed after it, and
 * what every test of the store does with one. */
#ifndef KS_TEST_DEPOT_H
#define KS_TEST_DEPOT_H
#include "harness.h"
#include "store/store.h"

extern char folder[64];
extern struct why why;

/* cmocka's set-up and tear-down. */
int make_folder(void **state);
int remove_folder(void **state);

/* found may be NULL.  What can not be opened ends the test in its own words. */
struct store *reopen(struct store_found *found, enum store_mode mode);
/* The writer is killed: nothing is sealed, synced or marked as closed. */
void kill_writer(struct store *store);
/* The number of sensor i. */
uint32_t series_of(struct store *store, unsigned i);
void put(struct store *store, uint32_t series, int64_t time_ms, double value);
/* Until nothing is left to do. */
void tick(struct store *store, int64_t now_ms);
#endif
