#include "sense/snmp/families.h"
#include <stddef.h>

const struct snmp_family *const snmp_families[] = {
#define X(name) &family_##name,
	SNMP_FAMILIES(X)
#undef X
	NULL
};
