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
	X(apc_easy)                                                                    \
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
	X(tripplite)                                                                   \
	X(tripplite_12x)                                                               \
	X(huawei)                                                                      \
	X(eppc)                                                                        \
	X(dell_ups)                                                                    \
	X(delta)                                                                       \
	X(hpe_ups)                                                                     \
	X(hpe_pdu)                                                                     \
	X(dell_pdu)                                                                    \
	X(enlogic)                                                                     \
	X(aten)                                                                        \
	X(baytech)                                                                     \
	X(pulizzi)                                                                     \
	X(bluenet)                                                                     \
	X(bluenet2)                                                                    \
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
	X(geist3)                                                                      \
	X(watchdog3)                                                                   \
	X(liebert)                                                                     \
	X(liebert_flex)                                                                \
	X(liebert_air)                                                                 \
	X(eaton_epdu)                                                                  \
	X(panduit)                                                                     \
	X(rnx)                                                                         \
	X(schleifenbauer)                                                              \
	X(iboot)                                                                       \
	X(netbotz)                                                                     \
	X(teracom)                                                                     \
	X(serverscheck)                                                                \
	X(comet)                                                                       \
	X(kentix)                                                                      \
	X(knuerr)                                                                      \
	X(jacarta)                                                                     \
	X(didactum)                                                                    \
	X(wut)                                                                         \
	X(eaton_probe)                                                                 \
	X(netsure)                                                                     \
	X(juniper)                                                                     \
	X(brocade)                                                                     \
	X(foundry)                                                                     \
	X(procurve)                                                                    \
	X(aruba_parts)                                                                 \
	X(mikrotik)                                                                    \
	X(fortinet)                                                                    \
	X(huawei_net)                                                                  \
	X(h3c)                                                                         \
	X(extreme)                                                                     \
	X(checkpoint)                                                                  \
	X(f5)                                                                          \
	X(yamaha)                                                                      \
	X(allied)                                                                      \
	X(fastpath)                                                                    \
	X(synology)                                                                    \
	X(qnap)                                                                        \
	X(qts)                                                                         \
	X(netapp)                                                                      \
	X(fujitsu)                                                                     \
	X(hp_health)                                                                   \
	X(dell_idrac)                                                                  \
	X(dell_omsa)                                                                   \
	X(ibm_imm)                                                                     \
	X(lenovo_xcc)                                                                  \
	X(supermicro)                                                                  \
	X(ups_mib)                                                                     \
	X(riello)                                                                      \
	X(entity)                                                                      \
	X(aruba_cx)                                                                    \
	X(cisco_entity)                                                                \
	X(cisco_envmon)                                                                \
	X(lm_sensors)                                                                  \
	X(host)

#define X(name) extern const struct snmp_family family_##name;
SNMP_FAMILIES(X)
#undef X
/* clang-format on */
#endif
