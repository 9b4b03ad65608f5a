/* src/sense/snmp/vars.h - the variables of one walk, sorted by OID, to look things up
 * in.  Bytes are borrowed from whoever filled it. */
#ifndef KS_SENSE_SNMP_VARS_H
#define KS_SENSE_SNMP_VARS_H
#include "sense/snmp/varbind.h"

struct vars {
	struct varbind *at;
	uint32_t n;
};

/* <0, 0, >0 in the order of OIDs. */
int oid_compare(struct span a, struct span b);
bool oid_below(struct span oid, struct span prefix);
/* Sorted, and of equal OIDs only one kept. */
void vars_sort(struct vars *vars);
/* The first that is not before oid; vars->n when none. */
uint32_t vars_from(const struct vars *vars, struct span oid);
/* NULL when there is none. */
const struct varbind *vars_find(const struct vars *vars, struct span oid);
#endif
