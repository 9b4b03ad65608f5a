/* src/wire/ja.c - JA3, JA3S, JA4.  One hello in a flow pays for it, so numbers are written
 * by hand into a buffer on the stack. */
#include "wire/ja.h"
#include "base/raw.h"
#include "wire/digest.h"
#include "wire/tls_names.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { LISTED = 512, /* entries of a list that count */ WORDS = 16384, NUMBER = 6 };

/* What is hashed; what has no room is left out. */
struct words {
	size_t n;
	char at[WORDS];
};

static void digest_hex(const struct words *words, enum digest_kind kind, size_t bytes, char *to)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t sum[EVP_MAX_MD_SIZE] = { 0 };

	if (EVP_Digest(words->at, words->n, sum, NULL, digest_of(kind), NULL) != 1)
		return;
	for (size_t i = 0; i < bytes; i++) {
		to[2 * i] = digits[sum[i] >> 4];
		to[2 * i + 1] = digits[sum[i] & 15];
	}
	to[2 * bytes] = '\0';
}

static void add_char(struct words *words, char c)
{
	if (words->n < WORDS)
		words->at[words->n++] = c;
}

static void add_decimal(struct words *words, uint32_t value)
{
	char digits[NUMBER];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + value % 10);
	while ((value /= 10) > 0 && n < NUMBER);
	while (n > 0)
		add_char(words, digits[--n]);
}

/* Numbers of `width` bytes as decimals between dashes, without GREASE. */
static void add_decimals(struct words *words, struct span list, size_t width)
{
	bool first = true;

	while (list.left >= width) {
		uint16_t value = (uint16_t)span_be(&list, width);

		if (width == 2 && tls_is_grease(value))
			continue;
		if (!first)
			add_char(words, '-');
		add_decimal(words, value);
		first = false;
	}
}

static void add_extension_types(struct words *words, struct span extensions)
{
	struct span body;
	uint16_t type = 0;
	bool first = true;

	while (extensions.left > 0 && tls_extension_cut(&extensions, &type, &body)) {
		if (tls_is_grease(type))
			continue;
		if (!first)
			add_char(words, '-');
		add_decimal(words, type);
		first = false;
	}
}

void ja3_client(const struct client_hello *hello, char to[JA3_TEXT])
{
	KS_RAW struct words words;

	words.n = 0;
	add_decimal(&words, hello->version);
	add_char(&words, ',');
	add_decimals(&words, hello->ciphers, 2);
	add_char(&words, ',');
	add_extension_types(&words, hello->extensions);
	add_char(&words, ',');
	add_decimals(&words, hello->groups, 2);
	add_char(&words, ',');
	add_decimals(&words, hello->point_formats, 1);
	digest_hex(&words, DIGEST_MD5, 16, to);
}

void ja3_server(const struct server_hello *hello, char to[JA3_TEXT])
{
	KS_RAW struct words words;

	words.n = 0;
	add_decimal(&words, hello->legacy_version);
	add_char(&words, ',');
	add_decimal(&words, hello->cipher);
	add_char(&words, ',');
	add_extension_types(&words, hello->extensions);
	digest_hex(&words, DIGEST_MD5, 16, to);
}

static int compare_numbers(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void add_hex(struct words *words, const uint16_t *list, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			add_char(words, ',');
		for (int shift = 12; shift >= 0; shift -= 4)
			add_char(words, digits[list[i] >> shift & 15]);
	}
}

/* Twelve digits of SHA-256, or zeroes for nothing. */
static void add_hash(char *to, const struct words *words)
{
	if (words->n == 0)
		memcpy(to, "000000000000", 13);
	else
		digest_hex(words, DIGEST_SHA256, 6, to);
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
	KS_RAW struct words words;
	KS_RAW uint16_t ciphers[LISTED], types[LISTED], signatures[LISTED];
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
	words.n = 0;
	add_hex(&words, ciphers, ciphers_n);
	add_hash(to + 11, &words);
	to[23] = '_';
	words.n = 0;
	add_hex(&words, types, types_n);
	if (signatures_n > 0)
		add_char(&words, '_');
	add_hex(&words, signatures, signatures_n);
	add_hash(to + 24, &words);
}
