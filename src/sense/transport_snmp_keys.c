/* src/sense/transport_snmp_keys.c - keys out of pass phrases. */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include "sense/transport_snmp_keys.h"
#include "base/hash.h"
#include <stdlib.h>

static int find_auth(struct snmp_keys *keys, struct span word, struct why *why)
{
	static const struct {
		const char *word;
		const oid *oid;
	} rows[] = { { "SHA-256", usmHMAC192SHA256AuthProtocol }, { "SHA", usmHMACSHA1AuthProtocol },
		{ "SHA-1", usmHMACSHA1AuthProtocol }, { "SHA-224", usmHMAC128SHA224AuthProtocol },
		{ "SHA-384", usmHMAC256SHA384AuthProtocol },
		{ "SHA-512", usmHMAC384SHA512AuthProtocol }, { "MD5", usmHMACMD5AuthProtocol } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (span_equal(word, rows[i].word)) {
			keys->auth = rows[i].oid;
			keys->auth_n = 10;
			return KS_OK;
		}
	return fail(why, KS_MALFORMED, "secret file: auth= is none of SHA-256 SHA SHA-384 SHA-512 MD5");
}

static int find_priv(struct snmp_keys *keys, struct span word, struct why *why)
{
	if (span_equal(word, "AES") || span_equal(word, "AES-128"))
		keys->priv = usmAESPrivProtocol;
	else if (span_equal(word, "DES"))
		keys->priv = usmDESPrivProtocol;
	else
		return fail(why, KS_MALFORMED, "secret file: priv= is neither AES nor DES");
	keys->priv_n = 10;
	return KS_OK;
}

static int make_key(const struct snmp_keys *keys, struct span phrase, u_char *ret_key,
    size_t *ret_n, struct why *why)
{
	if (phrase.left < 8)
		return fail(why, KS_MALFORMED,
		    "secret file: an SNMP pass phrase has at least 8 characters");
	if (generate_Ku(keys->auth, (u_int)keys->auth_n, phrase.at, phrase.left, ret_key,
		ret_n) != SNMPERR_SUCCESS)
		return fail(why, KS_REFUSED, "the SNMP library refuses this auth protocol");
	return KS_OK;
}

static int fill_keys(struct snmp_keys *keys, const struct secret *secret, struct why *why)
{
	struct span default_auth = span_text("SHA-256"), default_priv = span_text("AES");
	int code = secret_copy(secret->user, keys->user, sizeof keys->user, why);

	keys->auth_key_n = sizeof keys->auth_key;
	keys->priv_key_n = sizeof keys->priv_key;
	if (code == KS_OK)
		code = secret_copy(secret->context, keys->context, sizeof keys->context, why);
	if (code != KS_OK || secret->authpass.left == 0)
		return code;
	code = find_auth(keys, secret->auth.left > 0 ? secret->auth : default_auth, why);
	if (code == KS_OK)
		code = make_key(keys, secret->authpass, keys->auth_key, &keys->auth_key_n, why);
	if (code != KS_OK || secret->privpass.left == 0)
		return code;
	code = find_priv(keys, secret->priv.left > 0 ? secret->priv : default_priv, why);
	if (code == KS_OK)
		code = make_key(keys, secret->privpass, keys->priv_key, &keys->priv_key_n, why);
	return code;
}

int snmp_keys_find(struct snmp_keys **all, const struct channel_about *about,
    const struct secret *secret, const struct snmp_keys **ret_keys, struct why *why)
{
	uint64_t hash = hash_of(about->secret, 0x6b657973);
	struct snmp_keys *keys;
	int code;

	for (keys = *all; keys != NULL; keys = keys->next)
		if (keys->hash == hash) {
			*ret_keys = keys;
			return KS_OK;
		}
	keys = calloc(1, sizeof *keys);
	if (keys == NULL)
		return fail(why, KS_FULL, "%s: out of memory", about->name);
	code = fill_keys(keys, secret, why);
	if (code != KS_OK) {
		explicit_bzero(keys, sizeof *keys);
		free(keys);
		return code;
	}
	keys->hash = hash;
	keys->next = *all;
	*all = keys;
	*ret_keys = keys;
	return KS_OK;
}

void snmp_keys_free(struct snmp_keys *all)
{
	while (all != NULL) {
		struct snmp_keys *keys = all;

		all = keys->next;
		explicit_bzero(keys, sizeof *keys);
		free(keys);
	}
}
