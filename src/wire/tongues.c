/* Every tongue there is.  Guesses are asked in this order, and the first that is sure
 * gets the talk: the likelier stand first. */
#include "wire/tongues.h"
#include "wire/http.h"
#include "wire/http2.h"
#include "wire/lines.h"
#include "wire/ssh.h"
#include "wire/tls.h"
#include "wire/vpn.h"
#include "wire/words_clear.h"
#include "wire/worker.h"

const struct tongue *const tongues[] = {
	&tongue_tls,
	&tongue_http,
	&tongue_dns,
	&tongue_quic,
	&tongue_ssh,
	&tongue_http2,
	&tongue_dtls,
	&tongue_dns_tcp,
	&tongue_dhcp,
	&tongue_ssdp,
	&tongue_ntp,
	&tongue_dhcp6,
	&tongue_smtp,
	&tongue_redis,
	&tongue_pop3,
	&tongue_imap,
	&tongue_ftp,
	&tongue_mqtt,
	&tongue_ldap,
	&tongue_snmp,
	&tongue_telnet,
	&tongue_wireguard,
	&tongue_openvpn,
	&tongue_openvpn_tcp,
	&tongue_ike,
	&tongue_esp,
};
const size_t tongue_count = sizeof tongues / sizeof *tongues;
