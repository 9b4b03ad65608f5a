/* src/wire/vpn.h - tunnels whose inside nobody sees, known for what they are by the structure
 * of their messages: WireGuard (wireguard.com/protocol), OpenVPN (its wire protocol, draft
 * by the project), IKE (RFC 7296) and ESP in UDP (RFC 3948).  One datagram of random bytes
 * is none of them: what a single message cannot prove, the next one must. */
#ifndef KS_WIRE_VPN_H
#define KS_WIRE_VPN_H
#include "wire/talk.h"

extern const struct tongue tongue_wireguard, tongue_openvpn, tongue_openvpn_tcp, tongue_ike,
    tongue_esp;
#endif
