/* src/wire/tls_names.c - tables of names, and suites judged by theirs. */
#include "wire/tls_names.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct named {
	uint16_t number;
	const char *name;
};

static const struct named suites[] = { /* by number */
#include "wire/tls_suites.inc"
};
static const struct named versions[] = {
	{ 0x0002, "SSL 2.0" }, { 0x0300, "SSL 3.0" }, { 0x0301, "TLS 1.0" },
	{ 0x0302, "TLS 1.1" }, { 0x0303, "TLS 1.2" }, { 0x0304, "TLS 1.3" },
	{ 0x0100, "DTLS 1.0" }, { 0xfeff, "DTLS 1.0" }, { 0xfefd, "DTLS 1.2" },
	{ 0xfefc, "DTLS 1.3" },
};
static const struct named groups[] = {
	{ 1, "sect163k1" }, { 2, "sect163r1" }, { 3, "sect163r2" }, { 4, "sect193r1" },
	{ 5, "sect193r2" }, { 6, "sect233k1" }, { 7, "sect233r1" }, { 8, "sect239k1" },
	{ 9, "sect283k1" }, { 10, "sect283r1" }, { 11, "sect409k1" }, { 12, "sect409r1" },
	{ 13, "sect571k1" }, { 14, "sect571r1" }, { 15, "secp160k1" }, { 16, "secp160r1" },
	{ 17, "secp160r2" }, { 18, "secp192k1" }, { 19, "secp192r1" }, { 20, "secp224k1" },
	{ 21, "secp224r1" }, { 22, "secp256k1" }, { 23, "secp256r1" }, { 24, "secp384r1" },
	{ 25, "secp521r1" }, { 26, "brainpoolP256r1" }, { 27, "brainpoolP384r1" },
	{ 28, "brainpoolP512r1" }, { 29, "x25519" }, { 30, "x448" },
	{ 31, "brainpoolP256r1tls13" }, { 32, "brainpoolP384r1tls13" },
	{ 33, "brainpoolP512r1tls13" }, { 34, "GC256A" }, { 35, "GC256B" }, { 36, "GC256C" },
	{ 37, "GC256D" }, { 38, "GC512A" }, { 39, "GC512B" }, { 40, "GC512C" },
	{ 41, "curveSM2" }, { 256, "ffdhe2048" }, { 257, "ffdhe3072" }, { 258, "ffdhe4096" },
	{ 259, "ffdhe6144" }, { 260, "ffdhe8192" }, { 512, "MLKEM512" }, { 513, "MLKEM768" },
	{ 514, "MLKEM1024" }, { 0x11eb, "SecP256r1MLKEM768" }, { 0x11ec, "X25519MLKEM768" },
	{ 0x11ed, "SecP384r1MLKEM1024" }, { 0x6399, "X25519Kyber768Draft00" },
	{ 0x639a, "SecP256r1Kyber768Draft00" },
};
static const struct named alerts[] = {
	{ 0, "close_notify" }, { 10, "unexpected_message" }, { 20, "bad_record_mac" },
	{ 21, "decryption_failed" }, { 22, "record_overflow" }, { 30, "decompression_failure" },
	{ 40, "handshake_failure" }, { 41, "no_certificate" }, { 42, "bad_certificate" },
	{ 43, "unsupported_certificate" }, { 44, "certificate_revoked" },
	{ 45, "certificate_expired" }, { 46, "certificate_unknown" },
	{ 47, "illegal_parameter" }, { 48, "unknown_ca" }, { 49, "access_denied" },
	{ 50, "decode_error" }, { 51, "decrypt_error" }, { 60, "export_restriction" },
	{ 70, "protocol_version" }, { 71, "insufficient_security" }, { 80, "internal_error" },
	{ 86, "inappropriate_fallback" }, { 90, "user_canceled" }, { 100, "no_renegotiation" },
	{ 109, "missing_extension" }, { 110, "unsupported_extension" },
	{ 111, "certificate_unobtainable" }, { 112, "unrecognized_name" },
	{ 113, "bad_certificate_status_response" }, { 114, "bad_certificate_hash_value" },
	{ 115, "unknown_psk_identity" }, { 116, "certificate_required" },
	{ 120, "no_application_protocol" }, { 121, "ech_required" },
};

static const char *name_in(const struct named *table, size_t n, uint16_t number)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].number == number)
			return table[i].name;
	return NULL;
}

const char *tls_version_name(uint16_t version)
{
	return name_in(versions, sizeof versions / sizeof *versions, version);
}

static int suite_compare(const void *number, const void *row)
{
	return *(const uint16_t *)number - ((const struct named *)row)->number;
}

const char *tls_cipher_name(uint16_t cipher)
{
	const struct named *row = bsearch(&cipher, suites, sizeof suites / sizeof *suites,
	    sizeof *suites, suite_compare);

	return row != NULL ? row->name : NULL;
}

const char *tls_group_name(uint16_t group)
{
	return name_in(groups, sizeof groups / sizeof *groups, group);
}

const char *tls_alert_name(uint8_t code)
{
	return name_in(alerts, sizeof alerts / sizeof *alerts, code);
}

bool tls_alert_refuses(uint8_t code)
{
	return (code >= 42 && code <= 46) || code == 48 || code == 113 || code == 114;
}

uint32_t tls_cipher_weak(uint16_t cipher)
{
	const char *name = tls_cipher_name(cipher);
	uint32_t weak = 0;

	if (name == NULL || strstr(name, "_WITH_") == NULL)
		return 0; /* 1.3 has none that are */
	weak |= strstr(name, "_WITH_NULL") != NULL ? TLS_WEAK_NULL : 0;
	weak |= strstr(name, "_anon_") != NULL ? TLS_WEAK_ANON : 0;
	weak |= strstr(name, "EXPORT") != NULL ? TLS_WEAK_EXPORT : 0;
	weak |= strstr(name, "_RC4_") != NULL ? TLS_WEAK_RC4 : 0;
	weak |= strstr(name, "DES") != NULL || strstr(name, "_RC2_") != NULL ? TLS_WEAK_DES : 0;
	weak |= strncmp(name, "TLS_RSA_", 8) == 0 && strncmp(name, "TLS_RSA_PSK", 11) != 0
	    ? TLS_WEAK_RSA_EXCHANGE : 0;
	return weak;
}

const char *tls_weak_word(unsigned i)
{
	static const char *const words[TLS_WEAKS] = { "null", "anonymous", "export", "rc4", "des",
		"rsa_key_exchange" };

	return i < TLS_WEAKS ? words[i] : "";
}
