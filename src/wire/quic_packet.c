/* src/wire/quic_packet.c - long heads, salts, header protection. */
#include "wire/quic_packet.h"
#include "base/raw.h"
#include "wire/digest.h"
#include <openssl/err.h>
#include <openssl/evp.h>

enum { SAMPLE = 16, SALT = 20 };

static const uint8_t salt_22[SALT] = { 0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
	0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a };
static const uint8_t salt_23[SALT] = { 0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
	0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02 };
static const uint8_t salt_29[SALT] = { 0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
	0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99 };
static const uint8_t salt_v1[SALT] = { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
	0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a };
static const uint8_t salt_v2[SALT] = { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
	0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 };
static const uint8_t salt_q50[SALT] = { 0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94,
	0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45 };
static const uint8_t salt_t50[SALT] = { 0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80,
	0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10 };
static const uint8_t salt_t51[SALT] = { 0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50,
	0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d };

static const struct salt {
	uint32_t first, last; /* versions */
	const uint8_t *salt;
} salts[] = {
	{ 0x00000001, 0x00000001, salt_v1 }, { 0x6b3343cf, 0x6b3343cf, salt_v2 },
	{ 0xff000017, 0xff00001c, salt_23 }, { 0xff00001d, 0xff000020, salt_29 },
	{ 0xff000021, 0xff000022, salt_v1 }, { 0xff000016, 0xff000016, salt_22 },
	{ 0xfaceb001, 0xfaceb001, salt_22 }, { 0xfaceb002, 0xfaceb010, salt_23 },
	{ 0x51303530, 0x51303530, salt_q50 }, { 0x54303530, 0x54303530, salt_t50 },
	{ 0x54303531, 0x54303531, salt_t51 },
};

static const uint8_t *salt_of(uint32_t version)
{
	for (size_t i = 0; i < sizeof salts / sizeof *salts; i++)
		if (version >= salts[i].first && version <= salts[i].last)
			return salts[i].salt;
	return quic_version_reserved(version) ? salt_v1 : NULL;
}

bool quic_version_reserved(uint32_t version)
{
	return (version & 0x0f0f0f0f) == 0x0a0a0a0a;
}

bool quic_version_google(uint32_t version)
{
	return version >> 16 == 0x5130; /* "Q0" */
}

bool quic_version_known(uint32_t version)
{
	return salt_of(version) != NULL;
}

uint64_t quic_number(struct span *s)
{
	if (s->left == 0)
		return span_be(s, 1);
	size_t width = (size_t)1 << (s->at[0] >> 6);

	return span_be(s, width) & (UINT64_MAX >> (66 - 8 * width));
}

/* The kind by two bits of the first byte; version 2 numbers them anew. */
static uint8_t kind_of(uint8_t first, uint32_t version)
{
	unsigned bits = first >> 4 & 3;

	if (version == 0)
		return QUIC_VERSIONS;
	return (uint8_t)(version == 0x6b3343cf ? (bits + 3) % 4 : bits);
}

bool quic_packet_cut(struct span *datagram, struct quic_packet *ret_packet)
{
	struct span s = *datagram, start = *datagram;
	uint8_t first = (uint8_t)span_be(&s, 1);
	struct quic_packet packet = { .version = (uint32_t)span_be(&s, 4) };
	uint64_t n;

	packet.to = span_cut(&s, (size_t)span_be(&s, 1));
	packet.from = span_cut(&s, (size_t)span_be(&s, 1));
	if ((first & 0x80) == 0 || s.broken || packet.to.left > QUIC_ID || packet.from.left > QUIC_ID)
		return false;
	packet.kind = kind_of(first, packet.version);
	if (packet.kind == QUIC_VERSIONS || packet.kind == QUIC_RETRY) {
		packet.whole = span_cut(datagram, datagram->left);
		*ret_packet = packet;
		return true;
	}
	/* the second bit may be anything (RFC 9287) */
	if (packet.kind == QUIC_INITIAL)
		(void)span_cut(&s, (size_t)quic_number(&s)); /* token */
	n = quic_number(&s);
	if (s.broken || n > s.left)
		return false;
	packet.number_at = start.left - s.left;
	packet.whole = span_cut(datagram, packet.number_at + (size_t)n);
	*ret_packet = packet;
	return true;
}

int quic_lock_secret(uint32_t version, uint16_t cipher, struct span secret,
    struct quic_lock *ret_lock)
{
	bool two = version == 0x6b3343cf;
	struct quic_lock lock = { .ready = true, .cipher = cipher };
	size_t hash = secret.left, key = cipher == 0x1301 || cipher == 0x1304 ? 16 : 32;

	if (cipher < 0x1301 || cipher > 0x1304 ||
	    tls_expand(hash, secret, two ? "quicv2 key" : "quic key", lock.key, key) != KS_OK ||
	    tls_expand(hash, secret, two ? "quicv2 iv" : "quic iv", lock.iv, 12) != KS_OK ||
	    tls_expand(hash, secret, two ? "quicv2 hp" : "quic hp", lock.head, key) != KS_OK)
		return KS_MALFORMED;
	*ret_lock = lock;
	return KS_OK;
}

int quic_lock_initial(uint32_t version, struct span id, struct quic_lock *ret_client,
    struct quic_lock *ret_server)
{
	const uint8_t *salt = salt_of(version);
	uint8_t initial[32], client[32], server[32];

	/* HKDF-Extract is HMAC with the salt as key (RFC 5869) */
	if (salt == NULL || !digest_hmac(DIGEST_SHA256, span_of(salt, SALT), id, initial))
		return KS_MALFORMED;
	if (tls_expand(32, span_of(initial, 32), "client in", client, 32) != KS_OK ||
	    tls_expand(32, span_of(initial, 32), "server in", server, 32) != KS_OK ||
	    quic_lock_secret(version, 0x1301, span_of(client, 32), ret_client) != KS_OK)
		return KS_MALFORMED;
	return quic_lock_secret(version, 0x1301, span_of(server, 32), ret_server);
}

/* Five bytes that hide the first byte and the number (RFC 9001 5.4). */
static int head_mask(const struct quic_lock *lock, const uint8_t sample[SAMPLE], uint8_t mask[SAMPLE])
{
	static const uint8_t zeroes[5] = { 0 };
	bool chacha = lock->cipher == 0x1303;
	const EVP_CIPHER *cipher = chacha ? EVP_chacha20()
	    : lock->cipher == 0x1302 ? EVP_aes_256_ecb() : EVP_aes_128_ecb();
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	/* ChaCha20 takes counter and nonce from the sample */
	bool good = ctx != NULL &&
	    EVP_EncryptInit_ex(ctx, cipher, NULL, lock->head, chacha ? sample : NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	    EVP_EncryptUpdate(ctx, mask, &n, chacha ? zeroes : sample, chacha ? 5 : SAMPLE) == 1;

	EVP_CIPHER_CTX_free(ctx);
	ERR_clear_error();
	return good ? KS_OK : KS_MALFORMED;
}

/* The whole number from its last bytes: the nearest to what is expected (RFC 9000 A.3). */
static uint64_t number_whole(uint64_t expected, uint64_t part, size_t width)
{
	uint64_t window = (uint64_t)1 << (8 * width), half = window / 2;
	uint64_t candidate = (expected & ~(window - 1)) | part;

	if (candidate + half <= expected)
		return candidate + window;
	return candidate > expected + half && candidate >= window ? candidate - window : candidate;
}

int quic_lock_open(struct quic_lock *lock, const struct quic_packet *packet, uint8_t *to,
    size_t *ret_n)
{
	KS_RAW uint8_t mask[SAMPLE], head[QUIC_PACKET], nonce[12];
	size_t at = packet->number_at;
	struct span body = packet->whole;
	uint64_t number = 0;

	if (!lock->ready || at + 4 + SAMPLE > packet->whole.left || at + 4 > sizeof head)
		return KS_TRUNCATED;
	memcpy(head, packet->whole.at, at + 4);
	if (head_mask(lock, packet->whole.at + at + 4, mask) != KS_OK)
		return KS_MALFORMED;
	head[0] ^= mask[0] & ((head[0] & 0x80) != 0 ? 0x0f : 0x1f);
	size_t width = (head[0] & 3u) + 1;

	for (size_t i = 0; i < width; i++) {
		head[at + i] ^= mask[1 + i];
		number = number << 8 | head[at + i];
	}
	number = number_whole(lock->largest, number, width);
	memcpy(nonce, lock->iv, 12);
	for (size_t i = 0; i < 8; i++)
		nonce[4 + i] ^= (uint8_t)(number >> (8 * (7 - i)));
	(void)span_cut(&body, at + width);
	if (tls_seal_open(lock->cipher, lock->key, nonce, span_of(head, at + width), body, to, ret_n) !=
	    KS_OK)
		return KS_MALFORMED;
	lock->largest = number + 1 > lock->largest ? number + 1 : lock->largest;
	return KS_OK;
}
