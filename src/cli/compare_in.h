/* src/cli/compare_in.h - what the parts of compare_make() share. */
#ifndef KS_CLI_COMPARE_IN_H
#define KS_CLI_COMPARE_IN_H
#include "cli/compare.h"

/* Fills other[]; false when memory is out. */
bool compare_devices(struct arena *arena, struct compare *compare);
/* One number for a device on both sides; AUDIT_NO_DEVICE for what belongs to none. */
uint32_t compare_device_of(const struct compare *compare, int side, uint32_t device);
/* Marks the findings that are there on both sides, but not as they were. */
void compare_changes(struct compare *compare);
/* The findings' row of a finding. */
const struct compare_row *compare_row_of(const struct compare *compare, int side,
    const struct audit_finding *finding);
#endif
