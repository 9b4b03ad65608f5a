/* src/page/sessions.h - who has logged in.  A session is 32 random bytes that only the
 * browser has; here lies their hash.  It ends when it is idle, when it is old, when the
 * user goes or the password changes.  Pure: time and random bytes are handed in. */
#ifndef KS_PAGE_SESSIONS_H
#define KS_PAGE_SESSIONS_H
#include "base/limits.h"
#include "page/users.h"

enum { SESSION_BYTES = 32, SESSION_WORD = 44, /* base64url with its zero */
	SESSION_IDLE_MS = 30 * 60 * 1000, SESSION_MOST_MS = 12 * 3600 * 1000 };

struct session {
	uint8_t hash[32];  /* of its word; all zero: the place is free */
	uint8_t print[16]; /* of the user's password: a new one ends it */
	char name[USER_NAME];
	int64_t began_ms, seen_ms; /* monotonic */
};

struct sessions {
	struct session at[LIMIT_SESSIONS];
	uint64_t evicted; /* times the longest idle one of all had to go: LIMIT_SESSIONS */
	uint64_t evicted_own; /* of the same user's: LIMIT_SESSIONS_USER */
};

/* Begins one for user; the word goes into the cookie. */
void session_begin(struct sessions *sessions, const struct user *user,
    const uint8_t random[SESSION_BYTES], int64_t now_ms, char ret_word[SESSION_WORD]);
/* The one of this word, if it still lives; used: a person did something. */
struct session *session_find(struct sessions *sessions, const struct users *users,
    const char *word, int64_t now_ms, bool used);
/* Neither idle nor old, and its user is as before. */
bool session_lives(const struct session *session, const struct users *users, int64_t now_ms);
void session_end(struct session *session);
unsigned sessions_count(const struct sessions *sessions, int64_t now_ms);
/* The value of a cookie, of 43 letters; false: there is none, or two. */
bool session_cookie(const char *cookies, char ret_word[SESSION_WORD]);
#endif
