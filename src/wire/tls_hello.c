/* src/wire/tls_hello.c - hellos; one that is cut short still gives what is there. */
#include "wire/tls_hello.h"
#include "wire/tls_names.h"

/* RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest" */
static const uint8_t retry_random[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe,
	0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
	0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

/* A field behind its length; what is there when it is cut short. */
static struct span field_cut(struct span *s, size_t width, bool *cut)
{
	size_t n = (size_t)span_be(s, width);

	if (s->broken || n > s->left) {
		*cut = true;
		n = s->broken ? 0 : s->left;
	}
	return span_cut(s, n);
}

bool tls_extension_cut(struct span *list, uint16_t *ret_type, struct span *ret_body)
{
	uint32_t type = (uint32_t)span_be(list, 2);
	size_t n = (size_t)span_be(list, 2);
	struct span body = span_cut(list, n);

	if (list->broken)
		return false;
	*ret_type = (uint16_t)type;
	*ret_body = body;
	return true;
}

bool tls_alpn_cut(struct span *list, struct span *ret_name)
{
	struct span name = span_cut(list, (size_t)span_be(list, 1));

	if (list->broken || name.left == 0)
		return false;
	*ret_name = name;
	return true;
}

/* The list inside of an extension, behind its own length. */
static struct span inner(struct span body, size_t width)
{
	bool cut = false;

	return field_cut(&body, width, &cut);
}

static struct span host_name(struct span body)
{
	struct span list = inner(body, 2);

	while (list.left > 0) {
		uint32_t type = (uint32_t)span_be(&list, 1);
		struct span name = span_cut(&list, (size_t)span_be(&list, 2));

		if (!list.broken && type == 0)
			return name;
	}
	return list;
}

static void client_extension(struct client_hello *hello, uint16_t type, struct span body)
{
	switch (type) {
	case EXT_SERVER_NAME:
		hello->sni = host_name(body);
		hello->named = true;
		break;
	case EXT_GROUPS:
		hello->groups = inner(body, 2);
		break;
	case EXT_POINT_FORMATS:
		hello->point_formats = inner(body, 1);
		break;
	case EXT_SIGNATURES:
		hello->signatures = inner(body, 2);
		break;
	case EXT_ALPN:
		hello->alpn = inner(body, 2);
		break;
	case EXT_VERSIONS:
		hello->versions = inner(body, 1);
		break;
	case EXT_PSK:
		hello->psk = true;
		break;
	case EXT_EARLY_DATA:
		hello->early_data = true;
		break;
	case EXT_ECH:
		hello->ech = true;
		break;
	case EXT_ESNI:
		hello->esni = true;
		break;
	default:
		break;
	}
}

/* DTLS counts down: 0xfefd is newer than 0xfeff. */
static bool version_newer(uint16_t a, uint16_t b)
{
	return a >= 0xfe00 && b >= 0xfe00 ? a < b : a > b;
}

static uint16_t version_highest(const struct client_hello *hello)
{
	struct span list = hello->versions;
	uint16_t highest = 0;

	while (list.left > 1) {
		uint16_t version = (uint16_t)span_be(&list, 2);

		if (!tls_is_grease(version) && tls_version_name(version) != NULL &&
		    (highest == 0 || version_newer(version, highest)))
			highest = version;
	}
	return highest != 0 ? highest : hello->version;
}

void client_hello_read(struct span body, bool datagram, struct client_hello *ret_hello)
{
	struct client_hello hello = { .version = (uint16_t)span_be(&body, 2) };
	struct span extensions, part;
	uint16_t type = 0;

	hello.random = span_cut(&body, 32);
	hello.session_id = field_cut(&body, 1, &hello.cut);
	if (datagram)
		(void)field_cut(&body, 1, &hello.cut);
	hello.ciphers = field_cut(&body, 2, &hello.cut);
	hello.compressions = field_cut(&body, 1, &hello.cut);
	if (body.left > 0)
		hello.extensions = field_cut(&body, 2, &hello.cut);
	extensions = hello.extensions;
	while (extensions.left > 0 && tls_extension_cut(&extensions, &type, &part))
		client_extension(&hello, type, part);
	hello.cut |= extensions.broken;
	hello.highest = version_highest(&hello);
	*ret_hello = hello;
}

static void server_extension(struct server_hello *hello, uint16_t type, struct span body)
{
	struct span list;

	switch (type) {
	case EXT_VERSIONS:
		hello->version = (uint16_t)span_be(&body, 2);
		break;
	case EXT_KEY_SHARE:
		hello->group = (uint16_t)span_be(&body, 2);
		break;
	case EXT_ALPN:
		list = inner(body, 2);
		(void)tls_alpn_cut(&list, &hello->alpn);
		break;
	case EXT_MAC_LAST:
		hello->mac_last = true;
		break;
	case EXT_PSK:
		hello->psk = true;
		break;
	case EXT_TICKET:
		hello->ticket = true;
		break;
	case EXT_STATUS_REQUEST:
		hello->status = true;
		break;
	default:
		break;
	}
}

void server_hello_read(struct span body, struct server_hello *ret_hello)
{
	struct server_hello hello = { .version = (uint16_t)span_be(&body, 2) };
	struct span extensions, part;
	uint16_t type = 0;

	hello.legacy_version = hello.version;
	hello.random = span_cut(&body, 32);
	hello.session_id = field_cut(&body, 1, &hello.cut);
	hello.cipher = (uint16_t)span_be(&body, 2);
	(void)span_be(&body, 1);
	hello.cut |= body.broken;
	if (body.left > 0)
		hello.extensions = field_cut(&body, 2, &hello.cut);
	extensions = hello.extensions;
	while (extensions.left > 0 && tls_extension_cut(&extensions, &type, &part))
		server_extension(&hello, type, part);
	hello.cut |= extensions.broken;
	hello.retry = hello.random.left == 32 && memcmp(hello.random.at, retry_random, 32) == 0;
	*ret_hello = hello;
}
