/* src/sense/snmp/families.h - the list of families, one name a line; a vendor's file
 * defines `const struct snmp_family family_NAME`.  Order matters only for `unless`;
 * the standard MIBs stand last. */
#ifndef KS_SENSE_SNMP_FAMILIES_H
#define KS_SENSE_SNMP_FAMILIES_H
#include "sense/snmp/rows.h"

/* clang-format off */
#define SNMP_FAMILIES(X)                                                               \
	X(apc_ups)                                                                     \
	X(apc_rpdu2)                                                                   \
	X(apc_rpdu)                                                                    \
	X(apc_outlets)                                                                 \
	X(apc_ats)                                                                     \
	X(apc_env)                                                                     \
	X(apc_uio)                                                                     \
	X(apc_xpdu)                                                                    \
	X(apc_cooling)                                                                 \
	X(akcp)                                                                \
	X(akcp_plus)                                                           \
	X(avtech)                                                              \
	X(poseidon)                                                            \
	X(ste)                                                                 \
	X(papouch)                                                             \
	X(sensatronics)                                                        \
	X(gude)                                                                \
	X(nti)                                                                 \
	X(nti_wide)                                                            \
	X(stulz)                                                               \
	X(chiller)                                                             \
	X(cmc)                                                                 \
	X(cmc3)                                                                \
	X(dantherm)                                                            \
	X(ups_mib)

#define X(name) extern const struct snmp_family family_##name;
SNMP_FAMILIES(X)
#undef X
/* clang-format on */
#endif
