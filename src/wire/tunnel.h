/* src/wire/tunnel.h - what carries another packet: GRE, MPLS, PPPoE, VXLAN, GTP-U,
 * Teredo, Geneve, L2TP, MACsec.  Each cuts its header off `rest` and returns what follows (enum
 * ether_type, 0 when it is not that after all; rest is then of no use).
 * Sources: RFC 2784, 2890, 2637, 3032, 2516, 7348, 4380, 8926, 2661; 3GPP TS 29.281. */
#ifndef KS_WIRE_TUNNEL_H
#define KS_WIRE_TUNNEL_H
#include "wire/packet.h"

uint16_t tunnel_gre(struct span *rest);
uint16_t tunnel_mpls(struct span *rest);
uint16_t tunnel_pppoe(struct span *rest);
/* IEEE 802.1AE.  True: only signed, and what it signs begins with its type. */
bool tunnel_macsec(struct span *rest);
/* By the well-known port of either side, and by content. */
uint16_t tunnel_udp(const struct packet *packet, struct span *rest);
#endif
