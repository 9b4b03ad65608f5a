/* src/cli/whatif_capacity.h - inside of `keisoku whatif`: what is left, for a person
 * (whatif_capacity.c) and for a machine (whatif_capacity_json.c). */
#ifndef KS_CLI_WHATIF_CAPACITY_H
#define KS_CLI_WHATIF_CAPACITY_H
#include "cli/whatif.h"
#include "plan/capacity.h"
#include "plan/phase.h"

/* Amps of a node as the flow stands: three lines where the phases are said, else one. */
unsigned whatif_amps(const struct whatif *whatif, uint32_t node, double ret_amps[3], double *ret_may);
void whatif_capacity_json(struct whatif *whatif, const struct capacity *capacity);
#endif
