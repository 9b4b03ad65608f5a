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
	X(akcp)                                                                        \
	X(akcp_plus)                                                                   \
	X(avtech)                                                                      \
	X(poseidon)                                                                    \
	X(ste)                                                                         \
	X(papouch)                                                                     \
	X(sensatronics)                                                                \
	X(gude)                                                                        \
	X(nti)                                                                         \
	X(nti_wide)                                                                    \
	X(stulz)                                                                       \
	X(chiller)                                                                     \
	X(cmc)                                                                         \
	X(cmc3)                                                                        \
	X(dantherm)                                                                    \
	X(mge)                                                                         \
	X(xups)                                                                        \
	X(megatec)                                                                     \
	X(socomec)                                                                     \
	X(sinetica)                                                                    \
	X(cyberpower)                                                                  \
	X(cyberpower_pdu2)                                                             \
	X(raritan_px)                                                                  \
	X(eaton_pxg1)                                                                  \
	X(raritan_px2)                                                                 \
	X(raritan_emx)                                                                 \
	X(sentry4)                                                                     \
	X(sentry3)                                                                     \
	X(geist)                                                                       \
	X(liebert)                                                                     \
	X(eaton_epdu)                                                                  \
	X(panduit)                                                                     \
	X(rnx)                                                                         \
	X(schleifenbauer)                                                              \
	X(iboot)                                                                       \
	X(netbotz)                                                                     \
	X(hp_health)                                                                   \
	X(dell_idrac)                                                                  \
	X(dell_omsa)                                                                   \
	X(ibm_imm)                                                                     \
	X(lenovo_xcc)                                                                  \
	X(supermicro)                                                                  \
	X(ups_mib)                                                                     \
	X(entity)                                                                      \
	X(cisco_entity)                                                                \
	X(cisco_envmon)                                                                \
	X(lm_sensors)                                                                  \
	X(host)

#define X(name) extern const struct snmp_family family_##name;
SNMP_FAMILIES(X)
#undef X
/* clang-format on */
#endif
