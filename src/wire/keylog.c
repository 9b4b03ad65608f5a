/* src/wire/keylog.c - secrets by client random and label, in one open table. */
#include "wire/keylog.h"
#include "base/hash.h"
#include <stdlib.h>

struct secret {
	uint8_t random[KEYLOG_RANDOM];
	uint8_t bytes[KEYLOG_SECRET];
	uint8_t len;   /* 0: an empty place */
	uint8_t label; /* enum keylog_label */
};

struct keylog {
	struct secret *table;
	size_t room, used; /* room is a power of two, or zero */
};

static const char *const labels[KEYLOG_LABELS] = {
	"CLIENT_RANDOM", "CLIENT_EARLY_TRAFFIC_SECRET", "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
	"SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0",
};

int keylog_new(struct keylog **ret_keylog, struct why *why)
{
	*ret_keylog = calloc(1, sizeof **ret_keylog);
	return *ret_keylog != NULL ? KS_OK : fail(why, KS_FULL, "no memory for a key log");
}

void keylog_free(struct keylog *keylog)
{
	if (keylog == NULL)
		return;
	if (keylog->table != NULL)
		explicit_bzero(keylog->table, keylog->room * sizeof *keylog->table);
	free(keylog->table);
	free(keylog);
}

/* The place of (random, label): where it is, or the empty one where it belongs. */
static struct secret *place_of(struct secret *table, size_t room, uint8_t label,
    const uint8_t random[KEYLOG_RANDOM])
{
	size_t at = (size_t)hash_of(span_of(random, KEYLOG_RANDOM), label) & (room - 1);

	while (table[at].len > 0 &&
	    (table[at].label != label || memcmp(table[at].random, random, KEYLOG_RANDOM) != 0))
		at = (at + 1) & (room - 1);
	return &table[at];
}

static int table_grow(struct keylog *keylog, struct why *why)
{
	size_t room = keylog->room > 0 ? keylog->room * 2 : 64;
	struct secret *table;

	if (keylog->used * 4 < keylog->room * 3)
		return KS_OK;
	if (keylog->used >= LIMIT_KEYLOG_SECRETS)
		return fail(why, KS_FULL, "the key log has more than %d secrets", LIMIT_KEYLOG_SECRETS);
	table = calloc(room, sizeof *table);
	if (table == NULL)
		return fail(why, KS_FULL, "no memory for a key log");
	for (size_t i = 0; i < keylog->room; i++) {
		struct secret *s = &keylog->table[i];

		if (s->len > 0)
			*place_of(table, room, s->label, s->random) = *s;
	}
	if (keylog->table != NULL)
		explicit_bzero(keylog->table, keylog->room * sizeof *keylog->table);
	free(keylog->table);
	keylog->table = table;
	keylog->room = room;
	return KS_OK;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* How many bytes hexadecimal text stands for; 0 when it is none or has no room. */
static size_t hex_read(struct span hex, uint8_t *to, size_t room)
{
	if (hex.left % 2 != 0 || hex.left / 2 > room)
		return 0;
	for (size_t i = 0; i < hex.left / 2; i++) {
		int high = hex_digit(hex.at[2 * i]), low = hex_digit(hex.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return 0;
		to[i] = (uint8_t)(high << 4 | low);
	}
	return hex.left / 2;
}

static bool secret_read(struct span line, struct secret *ret_secret)
{
	struct span label = span_until(&line, ' '), random = span_until(&line, ' ');
	struct span secret = span_trim(line);

	ret_secret->label = 0;
	while (ret_secret->label < KEYLOG_LABELS && !span_equal(label, labels[ret_secret->label]))
		ret_secret->label++;
	if (ret_secret->label == KEYLOG_LABELS ||
	    hex_read(random, ret_secret->random, KEYLOG_RANDOM) != KEYLOG_RANDOM)
		return false;
	ret_secret->len = (uint8_t)hex_read(secret, ret_secret->bytes, KEYLOG_SECRET);
	return ret_secret->len >= 16;
}

int keylog_add(struct keylog *keylog, struct span text, size_t *ret_added, struct why *why)
{
	struct secret secret = { .len = 0 };
	size_t added = 0;
	int code = KS_OK;

	while (text.left > 0) {
		if (!secret_read(span_trim(span_until(&text, '\n')), &secret))
			continue;
		code = table_grow(keylog, why);
		if (code != KS_OK)
			break;
		struct secret *place = place_of(keylog->table, keylog->room, secret.label, secret.random);

		keylog->used += place->len == 0 ? 1 : 0;
		*place = secret;
		added++;
	}
	explicit_bzero(&secret, sizeof secret);
	if (ret_added != NULL)
		*ret_added = added;
	return code;
}

bool keylog_find(const struct keylog *keylog, enum keylog_label label,
    struct span client_random, struct span *ret_secret)
{
	if (keylog == NULL || keylog->room == 0 || client_random.left != KEYLOG_RANDOM)
		return false;
	const struct secret *place =
	    place_of(keylog->table, keylog->room, (uint8_t)label, client_random.at);

	if (place->len == 0)
		return false;
	*ret_secret = span_of(place->bytes, place->len);
	return true;
}

size_t keylog_count(const struct keylog *keylog)
{
	return keylog != NULL ? keylog->used : 0;
}
