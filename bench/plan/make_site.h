/* bench/plan/make_site.h - a realistic, repeatable site of any size: the profiles story
 * (databases on both feeds, all else on one), mixed and dual.  Same arguments, same
 * bytes; no clock, no random numbers of others. */
#ifndef KS_BENCH_MAKE_SITE_H
#define KS_BENCH_MAKE_SITE_H
#include "base/text.h"
#include <stdint.h>

enum profile { PROFILE_STORY, PROFILE_MIXED, PROFILE_DUAL, PROFILES };
extern const char *const profile_words[PROFILES];

/* "site 1" lines into text, which must be large enough: about 110 bytes a host. */
void make_site(struct text *text, uint32_t hosts, uint64_t seed, enum profile profile);
#endif
