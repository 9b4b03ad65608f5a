/* src/wire/words_clear.h - protocols that carry a password in clear in their first
 * message: MQTT (OASIS 3.1.1, 5.0), LDAP simple bind (RFC 4511), SNMP v1 and v2c (RFC 1901:
 * the community is the password). */
#ifndef KS_WIRE_WORDS_CLEAR_H
#define KS_WIRE_WORDS_CLEAR_H
#include "wire/talk.h"

extern const struct tongue tongue_mqtt, tongue_ldap, tongue_snmp;
#endif
