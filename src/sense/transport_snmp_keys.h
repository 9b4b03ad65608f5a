/* src/sense/transport_snmp_keys.h - SNMPv3 users and their keys (RFC 3414). */
#ifndef KS_SENSE_TRANSPORT_SNMP_KEYS_H
#define KS_SENSE_TRANSPORT_SNMP_KEYS_H
#include "sense/transport.h"
#include "sense/transport_secret.h"

enum { SNMP_KEY_ROOM = 64 }; /* as much as net-snmp's sessions hold */

/* Making a key out of a pass phrase hashes a MiB (RFC 3414 A.2): once a secret. */
struct snmp_keys {
	struct snmp_keys *next;
	uint64_t hash;
	char user[64], context[64];
	const unsigned long *auth, *priv; /* NULL: none */
	size_t auth_n, priv_n;
	unsigned char auth_key[SNMP_KEY_ROOM], priv_key[SNMP_KEY_ROOM];
	size_t auth_key_n, priv_key_n;
};

/* The keys of that secret file, made once and kept in *all. */
KS_MUST int snmp_keys_find(struct snmp_keys **all, const struct channel_about *about,
    const struct secret *secret, const struct snmp_keys **ret_keys, struct why *why);
void snmp_keys_free(struct snmp_keys *all);
#endif
