/* test/fault/powercut_truth.h - what a store has acknowledged, made again from numbers,
 * and the comparison with what is found in it. */
#ifndef KS_TEST_POWERCUT_TRUTH_H
#define KS_TEST_POWERCUT_TRUTH_H
#include "store/store.h"
#include <stdbool.h>
#include <stdint.h>

enum { BATCHES = 212, KEEP_DAYS = 1, TRUTH_SERIES = 12, TRUTH_STEPS = 5, TRUTH_FINDINGS = 64 };

struct truth {
	uint32_t batches;		    /* acknowledged, each whole */
	uint32_t acts;
	uint32_t findings[TRUTH_FINDINGS];  /* the version acknowledged; 0: none yet */
	uint32_t writing;		    /* 1 + the finding under way */
	bool act_writing;
	int64_t dropped_ms;		    /* retention may have taken what is before */
	char says[160];			    /* what was wrong */
};

int64_t batch_end_ms(uint32_t batch);
void truth_clock(struct truth *truth, int64_t now_ms);
KS_MUST int truth_batch(struct truth *truth, struct store *store, struct why *why);
KS_MUST int truth_finding(struct truth *truth, struct store *store, uint32_t number,
    struct why *why);
KS_MUST int truth_act(struct truth *truth, struct store *store, struct why *why);
/* 0: all is there; -1: something acknowledged is lost; 1: what is there is wrong. */
int truth_compare(struct truth *truth, struct store *store);
#endif
