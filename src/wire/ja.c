/* src/wire/ja.c - JA3, JA3S, JA4. */
#include "wire/ja.h"
#include "base/drop.h"
#include "base/text.h"
#include "wire/tls_names.h"
#include <ctype.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

enum { LISTED = 512, /* entries of a list that count */ WORDS = 16384 };

static void digest_hex(const struct text *text, const EVP_MD *md, size_t bytes, char *to)
{
	uint8_t sum[EVP_MAX_MD_SIZE];

	if (EVP_Digest(text_cstr(text), text->len, sum, NULL, md, NULL) != 1)
		return;
	for (size_t i = 0; i < bytes; i++)
		(void)snprintf(to + 2 * i, 3, "%02x", sum[i]);
}

/* Numbers of `width` bytes as decimals between dashes, without GREASE. */
static void add_decimals(struct text *text, struct span list, size_t width)
{
	bool first = true;

	while (list.left >= width) {
		uint16_t value = (uint16_t)span_be(&list, width);

		if (width == 2 && tls_is_grease(value))
			continue;
		text_addf(text, first ? "%u" : "-%u", value);
		first = false;
	}
}

static void add_extension_types(struct text *text, struct span extensions)
{
	struct span body;
	uint16_t type = 0;
	bool first = true;

	while (extensions.left > 0 && tls_extension_cut(&extensions, &type, &body)) {
		if (tls_is_grease(type))
			continue;
		text_addf(text, first ? "%u" : "-%u", type);
		first = false;
	}
}

void ja3_client(const struct client_hello *hello, char to[JA3_TEXT])
{
	KS_DROP(text) struct text text;

	text_init(&text, WORDS);
	text_addf(&text, "%u,", hello->version);
	add_decimals(&text, hello->ciphers, 2);
	text_add(&text, ",");
	add_extension_types(&text, hello->extensions);
	text_add(&text, ",");
	add_decimals(&text, hello->groups, 2);
	text_add(&text, ",");
	add_decimals(&text, hello->point_formats, 1);
	digest_hex(&text, EVP_md5(), 16, to);
}

void ja3_server(const struct server_hello *hello, char to[JA3_TEXT])
{
	KS_DROP(text) struct text text;

	text_init(&text, WORDS);
	text_addf(&text, "%u,%u,", hello->legacy_version, hello->cipher);
	add_extension_types(&text, hello->extensions);
	digest_hex(&text, EVP_md5(), 16, to);
}

static int compare_numbers(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void add_hex(struct text *text, const uint16_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_addf(text, i == 0 ? "%04x" : ",%04x", list[i]);
}

/* Twelve digits of SHA-256, or zeroes for nothing. */
static void add_hash(char *to, const struct text *text)
{
	if (text->len == 0)
		(void)snprintf(to, 13, "000000000000");
	else
		digest_hex(text, EVP_sha256(), 6, to);
}

static const char *version_mark(uint16_t version)
{
	switch (version) {
	case 0x0304: return "13";
	case 0x0303: return "12";
	case 0x0302: return "11";
	case 0x0301: return "10";
	case 0x0300: return "s3";
	case 0x0002: return "s2";
	case 0xfeff: return "d1";
	case 0xfefd: return "d2";
	case 0xfefc: return "d3";
	default: return "00";
	}
}

/* First and last character of the first protocol offered, in hexadecimal when one of
 * them is no letter or digit. */
static void alpn_marks(struct span alpn, char to[2])
{
	struct span name;

	to[0] = to[1] = '0';
	if (alpn.left == 0 || !tls_alpn_cut(&alpn, &name))
		return;
	uint8_t first = name.at[0], last = name.at[name.left - 1];
	bool plain = first < 0x80 && last < 0x80 && isalnum(first) && isalnum(last);

	to[0] = plain ? (char)first : "0123456789abcdef"[first >> 4];
	to[1] = plain ? (char)last : "0123456789abcdef"[last & 15];
}

static size_t list_numbers(struct span list, uint16_t to[LISTED])
{
	size_t n = 0;

	while (list.left > 1 && n < LISTED) {
		uint16_t value = (uint16_t)span_be(&list, 2);

		if (!tls_is_grease(value))
			to[n++] = value;
	}
	return n;
}

/* Types of extensions: how many in all, and those that are hashed (no SNI, no ALPN). */
static size_t list_extensions(struct span extensions, uint16_t to[LISTED], unsigned *ret_all)
{
	struct span body;
	uint16_t type = 0;
	size_t n = 0;

	while (extensions.left > 0 && n < LISTED && tls_extension_cut(&extensions, &type, &body)) {
		if (tls_is_grease(type))
			continue;
		++*ret_all;
		if (type != EXT_SERVER_NAME && type != EXT_ALPN)
			to[n++] = type;
	}
	return n;
}

void ja4_client(const struct client_hello *hello, char over, char to[JA4_TEXT])
{
	KS_DROP(text) struct text text;
	uint16_t ciphers[LISTED], types[LISTED], signatures[LISTED];
	unsigned all = 0;
	size_t ciphers_n = list_numbers(hello->ciphers, ciphers);
	size_t types_n = list_extensions(hello->extensions, types, &all);
	size_t signatures_n = list_numbers(hello->signatures, signatures);
	char alpn[2];

	alpn_marks(hello->alpn, alpn);
	(void)snprintf(to, JA4_TEXT, "%c%s%c%02u%02u%c%c_", over, version_mark(hello->highest),
	    hello->named ? 'd' : 'i', ciphers_n < 99 ? (unsigned)ciphers_n : 99,
	    all < 99 ? all : 99, alpn[0], alpn[1]);
	qsort(ciphers, ciphers_n, sizeof *ciphers, compare_numbers);
	qsort(types, types_n, sizeof *types, compare_numbers);
	text_init(&text, WORDS);
	add_hex(&text, ciphers, ciphers_n);
	add_hash(to + 11, &text);
	to[23] = '_';
	text_clear(&text);
	add_hex(&text, types, types_n);
	if (signatures_n > 0)
		text_add(&text, "_");
	add_hex(&text, signatures, signatures_n);
	add_hash(to + 24, &text);
}
