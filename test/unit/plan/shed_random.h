/* test/unit/plan/shed_random.h - random shed problems, and every plan of a small one. */
#ifndef KS_TEST_SHED_RANDOM_H
#define KS_TEST_SHED_RANDOM_H
#include "plan/shed.h"
#include <stdbool.h>

enum { R_HOSTS = 600, R_ROWS = 40, R_SERVICES = 24, R_DEPS = 80, R_USES = 4 * R_HOSTS };

struct random_problem {
	struct shed_problem problem;
	int64_t excess[R_ROWS];
	struct shed_host hosts[R_HOSTS];
	struct shed_use uses[R_USES];
	struct shed_service services[R_SERVICES];
	uint32_t deps[R_DEPS];
	uint64_t random;
};

uint32_t random_of(struct random_problem *p, uint32_t n); /* 0 ... n - 1 */
/* Up to so many hosts, rows and services, all drawn from the seed. */
void random_make(struct random_problem *p, uint64_t seed, uint32_t hosts, uint32_t rows,
    uint32_t services);
/* What the states cost, counted from the definition; INT64_MAX: they do not hold. */
int64_t plain_cost(const struct shed_problem *p, const uint8_t *state);
/* The least cost of all states; INT64_MAX: none holds.  3^hosts of them. */
int64_t brute_force(const struct shed_problem *p);
/* Goes on as often as the int it is given says. */
bool counted(void *user);
#endif
