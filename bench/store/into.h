/* bench/store/into.h - the load's series into a store, for the benches that open one. */
#ifndef KS_BENCH_INTO_H
#define KS_BENCH_INTO_H
#include "base/why.h"
#include "store/store.h"

/* Says the sentence and ends with 4 unless code is KS_OK. */
void into_check(int code, const struct why *why);
/* The store's number of the load's series `id`. */
uint32_t into_number(struct store *store, uint32_t id);
#endif
