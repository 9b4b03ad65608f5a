#include "page/sessions.h"
#include <sodium.h>
#include <string.h>

static const char cookie_name[] = "__Host-keisoku";

static void print_of(const struct user *user, uint8_t print[16])
{
	(void)crypto_generichash(print, 16, (const uint8_t *)user->password, strlen(user->password),
	    NULL, 0);
}

static void hash_of_word(const char *word, uint8_t hash[32])
{
	(void)crypto_generichash(hash, 32, (const uint8_t *)word, strlen(word), NULL, 0);
}

static bool is_free(const struct session *session)
{
	return sodium_is_zero(session->hash, sizeof session->hash) != 0;
}

static bool is_over(const struct session *session, int64_t now_ms)
{
	return is_free(session) || now_ms - session->seen_ms > SESSION_IDLE_MS ||
	    now_ms - session->began_ms > SESSION_MOST_MS;
}

/* A free or ended place, else that of the longest idle: first of the same user, so that
 * one person can not push the others out. */
static struct session *room_find(struct sessions *sessions, const char *name, int64_t now_ms)
{
	struct session *oldest = &sessions->at[0], *own = NULL;
	unsigned owns = 0;

	for (size_t i = 0; i < LIMIT_SESSIONS; i++) {
		struct session *s = &sessions->at[i];

		if (is_over(s, now_ms)) {
			oldest = s;
			continue;
		}
		if (strcmp(s->name, name) == 0 && ++owns > 0 &&
		    (own == NULL || s->seen_ms < own->seen_ms))
			own = s;
		if (!is_over(oldest, now_ms) && s->seen_ms < oldest->seen_ms)
			oldest = s;
	}
	if (owns >= LIMIT_SESSIONS_USER) {
		sessions->evicted_own++;
		return own;
	}
	sessions->evicted += !is_over(oldest, now_ms);
	return oldest;
}

unsigned sessions_count(const struct sessions *sessions, int64_t now_ms)
{
	unsigned n = 0;

	for (size_t i = 0; i < LIMIT_SESSIONS; i++)
		n += !is_over(&sessions->at[i], now_ms);
	return n;
}

void session_begin(struct sessions *sessions, const struct user *user,
    const uint8_t random[SESSION_BYTES], int64_t now_ms, char ret_word[SESSION_WORD])
{
	struct session *session = room_find(sessions, user->name, now_ms);

	(void)sodium_bin2base64(ret_word, SESSION_WORD, random, SESSION_BYTES,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	*session = (struct session){ .began_ms = now_ms, .seen_ms = now_ms };
	memcpy(session->name, user->name, sizeof session->name);
	print_of(user, session->print);
	hash_of_word(ret_word, session->hash);
}

void session_end(struct session *session)
{
	sodium_memzero(session, sizeof *session);
}

bool session_lives(const struct session *session, const struct users *users, int64_t now_ms)
{
	const struct user *user = users_find(users, session->name, false);
	uint8_t print[16];

	if (user == NULL || is_over(session, now_ms))
		return false;
	print_of(user, print);
	return sodium_memcmp(print, session->print, sizeof print) == 0;
}

struct session *session_find(struct sessions *sessions, const struct users *users,
    const char *word, int64_t now_ms, bool used)
{
	uint8_t hash[32];
	struct session *found = NULL;

	hash_of_word(word, hash);
	for (size_t i = 0; i < LIMIT_SESSIONS; i++)
		if (sodium_memcmp(sessions->at[i].hash, hash, sizeof hash) == 0)
			found = &sessions->at[i];
	if (found == NULL)
		return NULL;
	if (!session_lives(found, users, now_ms)) {
		session_end(found);
		return NULL;
	}
	if (used)
		found->seen_ms = now_ms;
	return found;
}

bool session_cookie(const char *cookies, char ret_word[SESSION_WORD])
{
	struct span rest = span_text(cookies);
	unsigned found = 0;

	while (rest.left > 0) {
		struct span pair = span_trim(span_until(&rest, ';'));
		struct span name = span_until(&pair, '=');

		if (!span_equal(name, cookie_name))
			continue;
		if (++found > 1 || pair.left != SESSION_WORD - 1)
			return false;
		memcpy(ret_word, pair.at, SESSION_WORD - 1);
		ret_word[SESSION_WORD - 1] = '\0';
	}
	return found == 1 && strspn(ret_word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-_") == SESSION_WORD - 1;
}
