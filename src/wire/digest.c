/* src/wire/digest.c - see digest.h. */
#include "wire/digest.h"
#include <pthread.h>

enum { BLOCK_MOST = 128 };

static EVP_MD *fetched[DIGEST_KINDS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fetch_all(void)
{
	fetched[DIGEST_MD5] = EVP_MD_fetch(NULL, "MD5", NULL);
	fetched[DIGEST_SHA256] = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	fetched[DIGEST_SHA384] = EVP_MD_fetch(NULL, "SHA2-384", NULL);
}

const EVP_MD *digest_of(enum digest_kind kind)
{
	(void)pthread_once(&once, fetch_all);
	if (fetched[kind] != NULL)
		return fetched[kind];
	return kind == DIGEST_MD5 ? EVP_md5() : kind == DIGEST_SHA256 ? EVP_sha256() : EVP_sha384();
}

/* Hash of a block made of the key and a pad, then the message. */
static bool half(EVP_MD_CTX *ctx, const EVP_MD *md, const uint8_t *pad, size_t block,
    struct span message, uint8_t *to)
{
	return EVP_DigestInit_ex2(ctx, md, NULL) == 1 && EVP_DigestUpdate(ctx, pad, block) == 1 &&
	    (message.left == 0 || EVP_DigestUpdate(ctx, message.at, message.left) == 1) &&
	    EVP_DigestFinal_ex(ctx, to, NULL) == 1;
}

bool digest_hmac(enum digest_kind kind, struct span key, struct span message, uint8_t *to)
{
	const EVP_MD *md = digest_of(kind);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t block = kind == DIGEST_SHA384 ? 128 : 64, size = kind == DIGEST_SHA384 ? 48 : 32;
	uint8_t inner[BLOCK_MOST], outer[BLOCK_MOST], sum[EVP_MAX_MD_SIZE];
	bool good = ctx != NULL && key.left <= block;

	memset(inner, 0x36, block);
	memset(outer, 0x5c, block);
	for (size_t i = 0; good && i < key.left; i++) {
		inner[i] ^= key.at[i];
		outer[i] ^= key.at[i];
	}
	good = good && half(ctx, md, inner, block, message, sum) &&
	    half(ctx, md, outer, block, span_of(sum, size), to);
	EVP_MD_CTX_free(ctx);
	return good;
}
