/* src/wire/tls_open.c - keys out of secrets, records out of keys. */
#include "wire/tls_open.h"
#include "wire/digest.h"
#include "wire/tls_names.h"
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <stdio.h>

enum mode { MODE_NONE, MODE_GCM, MODE_CCM, MODE_CHACHA, MODE_CBC, MODE_CLEAR };

/* What a suite is made of, read out of its name. */
struct suite {
	enum mode mode;
	const EVP_CIPHER *cipher;
	const EVP_MD *hash; /* of the MAC (CBC, NULL), of the PRF or HKDF otherwise */
	size_t key, tag, mac, block;
};

static const struct {
	const char *part, *cipher;
	enum mode mode;
	uint8_t key;
} parts[] = {
	{ "AES_128_GCM", "AES-128-GCM", MODE_GCM, 16 },
	{ "AES_256_GCM", "AES-256-GCM", MODE_GCM, 32 },
	{ "ARIA_128_GCM", "ARIA-128-GCM", MODE_GCM, 16 },
	{ "ARIA_256_GCM", "ARIA-256-GCM", MODE_GCM, 32 },
	{ "AES_128_CCM", "AES-128-CCM", MODE_CCM, 16 },
	{ "AES_256_CCM", "AES-256-CCM", MODE_CCM, 32 },
	{ "CHACHA20_POLY1305", "ChaCha20-Poly1305", MODE_CHACHA, 32 },
	{ "AES_128_CBC", "AES-128-CBC", MODE_CBC, 16 },
	{ "AES_256_CBC", "AES-256-CBC", MODE_CBC, 32 },
	{ "CAMELLIA_128_CBC", "CAMELLIA-128-CBC", MODE_CBC, 16 },
	{ "CAMELLIA_256_CBC", "CAMELLIA-256-CBC", MODE_CBC, 32 },
	{ "ARIA_128_CBC", "ARIA-128-CBC", MODE_CBC, 16 },
	{ "ARIA_256_CBC", "ARIA-256-CBC", MODE_CBC, 32 },
	{ "3DES_EDE_CBC", "DES-EDE3-CBC", MODE_CBC, 24 },
	{ "WITH_NULL_", NULL, MODE_CLEAR, 0 },
};

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && strcmp(name + n - m, end) == 0;
}

static struct suite suite_of(uint16_t number)
{
	const char *name = tls_cipher_name(number);
	struct suite suite = { .mode = MODE_NONE };

	for (size_t i = 0; name != NULL && i < sizeof parts / sizeof *parts; i++)
		if (strstr(name, parts[i].part) != NULL) {
			suite.mode = parts[i].mode;
			suite.key = parts[i].key;
			suite.cipher = parts[i].cipher != NULL ? EVP_get_cipherbyname(parts[i].cipher) : NULL;
			break;
		}
	if (suite.mode == MODE_NONE || (suite.cipher == NULL && suite.mode != MODE_CLEAR))
		return (struct suite){ .mode = MODE_NONE };
	suite.hash = ends_with(name, "SHA384") ? EVP_sha384()
	    : ends_with(name, "SHA") ? EVP_sha1()
	    : ends_with(name, "MD5") ? EVP_md5() : EVP_sha256();
	suite.tag = suite.mode == MODE_CCM && strstr(name, "_CCM_8") != NULL ? 8 : 16;
	if (suite.mode == MODE_CBC || suite.mode == MODE_CLEAR)
		suite.mac = (size_t)EVP_MD_get_size(suite.hash);
	suite.block = suite.mode == MODE_CBC ? (size_t)EVP_CIPHER_get_block_size(suite.cipher) : 0;
	return suite;
}

bool tls_cipher_is_clear(uint16_t cipher)
{
	return (tls_cipher_weak(cipher) & TLS_WEAK_NULL) != 0 && suite_of(cipher).mode == MODE_CLEAR;
}

bool tls_cipher_opens(uint16_t cipher)
{
	return suite_of(cipher).mode != MODE_NONE;
}

size_t tls_cipher_hash(uint16_t cipher)
{
	const char *name = tls_cipher_name(cipher);

	return name == NULL ? 0 : ends_with(name, "SHA384") ? 48 : 32;
}

int tls_expand(size_t hash, struct span secret, const char *label, uint8_t *to, size_t n)
{
	uint8_t info[64], block[TLS_SECRET];
	int len = snprintf((char *)info + 3, sizeof info - 5, "tls13 %s", label);

	if (len < 0 || (size_t)len >= sizeof info - 5 || secret.left == 0 || n > hash)
		return KS_MALFORMED;
	info[0] = (uint8_t)(n >> 8);
	info[1] = (uint8_t)n;
	info[2] = (uint8_t)len;
	info[3 + len] = 0; /* an empty context */
	info[4 + len] = 1; /* no output is longer than one block (RFC 5869 2.3) */
	if (!digest_hmac(hash == 48 ? DIGEST_SHA384 : DIGEST_SHA256, secret,
	    span_of(info, (size_t)len + 5), block))
		return KS_MALFORMED;
	memcpy(to, block, n);
	return KS_OK;
}

int tls_lock_secret(uint16_t cipher, struct span secret, struct tls_lock *ret_lock)
{
	struct suite suite = suite_of(cipher);
	size_t hash = tls_cipher_hash(cipher);
	struct tls_lock lock = { .ready = true, .v13 = true, .version = 0x0304, .cipher = cipher };

	if ((suite.mode != MODE_GCM && suite.mode != MODE_CCM && suite.mode != MODE_CHACHA) ||
	    secret.left != hash)
		return KS_MALFORMED;
	memcpy(lock.secret, secret.at, secret.left);
	lock.secret_len = (uint8_t)secret.left;
	if (tls_expand(hash, secret, "key", lock.key, suite.key) != KS_OK ||
	    tls_expand(hash, secret, "iv", lock.iv, 12) != KS_OK)
		return KS_MALFORMED;
	*ret_lock = lock;
	return KS_OK;
}

int tls_lock_turn(struct tls_lock *lock)
{
	uint8_t next[TLS_SECRET];

	if (!lock->ready || !lock->v13 || tls_expand(lock->secret_len,
	    span_of(lock->secret, lock->secret_len), "traffic upd", next, lock->secret_len) != KS_OK)
		return KS_MALFORMED;
	return tls_lock_secret(lock->cipher, span_of(next, lock->secret_len), lock);
}

static int prf(const OSSL_PARAM *params, uint8_t *to, size_t n)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	int code = ctx != NULL && EVP_KDF_derive(ctx, to, n, params) == 1 ? KS_OK : KS_MALFORMED;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	ERR_clear_error();
	return code;
}

/* RFC 5246 6.3: the key block, by the PRF of the version and suite. */
static int key_block(const struct tls_terms *terms, struct span master, uint8_t *to, size_t n)
{
	char hash[16];
	uint8_t seed[13 + 64];

	if (master.left != 48 || terms->client_random.left != 32 || terms->server_random.left != 32)
		return KS_MALFORMED;
	(void)snprintf(hash, sizeof hash, "%s", terms->version < 0x0303 ? "MD5-SHA1"
	    : tls_cipher_hash(terms->cipher) == 48 ? "SHA384" : "SHA256");
	memcpy(seed, "key expansion", 13);
	memcpy(seed + 13, terms->server_random.at, 32);
	memcpy(seed + 45, terms->client_random.at, 32);
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET,
		    (void *)(uintptr_t)master.at, master.left),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed, sizeof seed),
		OSSL_PARAM_construct_end(),
	};

	return prf(params, to, n);
}

int tls_lock_master(const struct tls_terms *terms, struct span master,
    struct tls_lock *ret_client, struct tls_lock *ret_server)
{
	struct suite suite = suite_of(terms->cipher);
	struct tls_lock lock = { .ready = true, .version = terms->version, .cipher = terms->cipher,
		.mac_last = terms->mac_last && suite.mode == MODE_CBC };
	struct tls_lock client = lock, server = lock;
	uint8_t block[2 * (TLS_KEY + TLS_IV + TLS_MAC)];
	size_t iv = suite.mode == MODE_CHACHA ? 12 : suite.mode == MODE_CBC ? suite.block
	    : suite.mode == MODE_CLEAR ? 0 : 4;
	struct span rest = span_of(block, 2 * (suite.mac + suite.key + iv));

	if (suite.mode == MODE_NONE || terms->version < 0x0301 || terms->version > 0x0303)
		return KS_MALFORMED;
	if (suite.mode != MODE_CLEAR) {
		if (key_block(terms, master, block, rest.left) != KS_OK)
			return KS_MALFORMED;
		memcpy(client.mac, block, suite.mac);
		memcpy(server.mac, block + suite.mac, suite.mac);
		memcpy(client.key, block + 2 * suite.mac, suite.key);
		memcpy(server.key, block + 2 * suite.mac + suite.key, suite.key);
		memcpy(client.iv, block + 2 * (suite.mac + suite.key), iv);
		memcpy(server.iv, block + 2 * (suite.mac + suite.key) + iv, iv);
	}
	*ret_client = client;
	*ret_server = server;
	return KS_OK;
}

static void put_be(uint8_t *to, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		to[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
}

/* The 13 bytes that a MAC or AEAD of TLS 1.2 covers beside the content. */
static void put_head(uint8_t to[13], const struct tls_lock *lock, const struct tls_record *record,
    size_t length)
{
	put_be(to, lock->sequence, 8);
	to[8] = record->type;
	put_be(to + 9, record->version, 2);
	put_be(to + 11, length, 2);
}

struct aead {
	const uint8_t *nonce, *head;
	size_t head_len, tag;
	struct span content; /* without the tag */
	const uint8_t *seal;
};

static int aead_open(const struct suite *suite, const uint8_t *key, const struct aead *a,
    uint8_t *to)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool ccm = suite->mode == MODE_CCM;
	int n = 0, length = (int)a->content.left;
	bool good = ctx != NULL && EVP_DecryptInit_ex(ctx, suite->cipher, NULL, NULL, NULL) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)a->tag,
		(void *)(uintptr_t)a->seal) == 1 &&
	    EVP_DecryptInit_ex(ctx, NULL, NULL, key, a->nonce) == 1 &&
	    (!ccm || EVP_DecryptUpdate(ctx, NULL, &n, NULL, length) == 1) &&
	    EVP_DecryptUpdate(ctx, NULL, &n, a->head, (int)a->head_len) == 1 &&
	    EVP_DecryptUpdate(ctx, to, &n, length > 0 ? a->content.at : to, length) == 1 &&
	    (ccm || EVP_DecryptFinal_ex(ctx, to + n, &n) == 1);

	EVP_CIPHER_CTX_free(ctx);
	ERR_clear_error();
	return good ? KS_OK : KS_MALFORMED;
}

int tls_seal_open(uint16_t cipher, const uint8_t key[TLS_KEY], const uint8_t nonce[12],
    struct span head, struct span body, uint8_t *to, size_t *ret_n)
{
	struct suite suite = suite_of(cipher);
	struct aead a = { .nonce = nonce, .head = head.at, .head_len = head.left, .tag = suite.tag };

	if ((suite.mode != MODE_GCM && suite.mode != MODE_CCM && suite.mode != MODE_CHACHA) ||
	    body.left < suite.tag)
		return KS_MALFORMED;
	a.content = span_cut(&body, body.left - suite.tag);
	a.seal = body.at;
	*ret_n = a.content.left;
	return aead_open(&suite, key, &a, to);
}

static int open_aead(struct tls_lock *lock, const struct suite *suite,
    const struct tls_record *record, uint8_t *to, struct tls_record *ret_plain)
{
	bool carried = !lock->v13 && suite->mode != MODE_CHACHA; /* 8 bytes of nonce ride along */
	struct span body = record->body;
	uint64_t own = carried ? span_be(&body, 8) : 0;
	uint8_t nonce[12], head[13];
	struct aead a = { .nonce = nonce, .head = head, .head_len = 13, .tag = suite->tag };

	if (body.broken || body.left < suite->tag)
		return KS_TRUNCATED;
	a.content = span_cut(&body, body.left - suite->tag);
	a.seal = body.at;
	memcpy(nonce, lock->iv, 12);
	if (carried)
		put_be(nonce + 4, own, 8);
	for (size_t i = 0; !carried && i < 8; i++)
		nonce[4 + i] ^= (uint8_t)(lock->sequence >> (8 * (7 - i)));
	if (lock->v13) {
		head[0] = record->type;
		put_be(head + 1, record->version, 2);
		put_be(head + 3, record->body.left, 2);
		a.head_len = 5;
	} else {
		put_head(head, lock, record, a.content.left);
	}
	if (aead_open(suite, lock->key, &a, to) != KS_OK)
		return KS_MALFORMED;
	*ret_plain = (struct tls_record){ .type = record->type, .version = record->version,
		.body = span_of(to, a.content.left) };
	return KS_OK;
}

static bool mac_fits(const struct tls_lock *lock, const struct suite *suite,
    const struct tls_record *record, struct span covered, const uint8_t *mac)
{
	uint8_t sum[EVP_MAX_MD_SIZE], whole[13 + TLS_RECORD];

	if (covered.left > TLS_RECORD)
		return false;
	put_head(whole, lock, record, covered.left);
	if (covered.left > 0)
		memcpy(whole + 13, covered.at, covered.left);
	return HMAC(suite->hash, lock->mac, (int)suite->mac, whole, 13 + covered.left, sum, NULL) !=
	    NULL && CRYPTO_memcmp(sum, mac, suite->mac) == 0;
}

static int cbc_decrypt(const struct suite *suite, const uint8_t *key, const uint8_t *iv,
    struct span content, uint8_t *to)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	bool good = ctx != NULL && EVP_DecryptInit_ex(ctx, suite->cipher, NULL, key, iv) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	    EVP_DecryptUpdate(ctx, to, &n, content.at, (int)content.left) == 1;

	EVP_CIPHER_CTX_free(ctx);
	ERR_clear_error();
	return good ? KS_OK : KS_MALFORMED;
}

static int open_cbc(struct tls_lock *lock, const struct suite *suite,
    const struct tls_record *record, uint8_t *to, struct tls_record *ret_plain)
{
	struct span body = record->body;
	struct span covered = span_of(body.at, body.left - (body.left < suite->mac ? 0 : suite->mac));
	uint8_t iv[TLS_IV];

	if (lock->mac_last) {
		if (body.left < suite->mac ||
		    !mac_fits(lock, suite, record, covered, body.at + covered.left))
			return KS_MALFORMED;
		body = covered;
	}
	memcpy(iv, lock->iv, suite->block);
	for (size_t i = 0; lock->version >= 0x0302 && i < suite->block; i++)
		iv[i] = (uint8_t)span_be(&body, 1);
	if (body.left == 0 || body.left % suite->block != 0 ||
	    cbc_decrypt(suite, lock->key, iv, body, to) != KS_OK)
		return KS_MALFORMED;
	if (lock->version < 0x0302) /* the next record goes on from here */
		memcpy(lock->iv, body.at + body.left - suite->block, suite->block);
	size_t pad = (size_t)to[body.left - 1] + 1, tail = pad + (lock->mac_last ? 0 : suite->mac);

	if (body.left < tail)
		return KS_MALFORMED;
	struct span plain = span_of(to, body.left - tail);

	if (!lock->mac_last && !mac_fits(lock, suite, record, plain, to + plain.left))
		return KS_MALFORMED;
	*ret_plain = (struct tls_record){ .type = record->type, .version = record->version,
		.body = plain };
	return KS_OK;
}

/* The true type of a record of 1.3 is its last byte that is not zero. */
static int unwrap(struct tls_record *plain)
{
	struct span *body = &plain->body;

	while (body->left > 0 && body->at[body->left - 1] == 0)
		body->left--;
	if (body->left == 0)
		return KS_MALFORMED;
	plain->type = body->at[--body->left];
	if (body->left == 0)
		body->at = NULL;
	return KS_OK;
}

int tls_lock_open(struct tls_lock *lock, const struct tls_record *record,
    uint8_t to[TLS_RECORD], struct tls_record *ret_plain)
{
	struct suite suite = suite_of(lock->cipher);
	struct tls_record plain = *record;
	int code = KS_OK;

	if (!lock->ready || record->body.left > TLS_RECORD)
		return KS_MALFORMED;
	if (suite.mode == MODE_CLEAR && record->body.left >= suite.mac)
		plain.body = span_of(record->body.at, record->body.left - suite.mac);
	else if (suite.mode == MODE_CBC)
		code = open_cbc(lock, &suite, record, to, &plain);
	else if (suite.mode != MODE_NONE && suite.mode != MODE_CLEAR)
		code = open_aead(lock, &suite, record, to, &plain);
	else
		code = KS_MALFORMED;
	if (code == KS_OK && lock->v13)
		code = unwrap(&plain);
	if (code != KS_OK)
		return code;
	lock->sequence++;
	*ret_plain = plain;
	return KS_OK;
}
