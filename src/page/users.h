/* src/page/users.h - who may log in: the users file, one thing a line, made by `keisoku
 * user`.  Pure.
 *   user NAME role=viewer|operator|approver password=$argon2id$... [lang=ja] [theme=dark]
 *   token NAME role=... hash=HEX     (of an API client; BLAKE2b-256 of what was shown once)
 */
#ifndef KS_PAGE_USERS_H
#define KS_PAGE_USERS_H
#include "base/text.h"
#include "base/why.h"
#include "page/access.h"
#include "words/words.h"

/* Argon2id as libsodium writes it: m in KiB, t passes.  Costlier ones are refused: each
 * check would take that memory from the page. */
enum { PASSWORD_MIB = 64, PASSWORD_PASSES = 2, PASSWORD_LEAST = 10, PASSWORD_MOST = 256,
	PASSWORD_HASH = 128, TOKEN_BYTES = 32, USER_NAME = 64 };

struct user {
	char name[USER_NAME];
	enum page_role role;
	enum lang lang;		      /* LANGS: not said */
	char theme[8];		      /* "dark", "light"; "": as the browser likes it */
	char password[PASSWORD_HASH]; /* "": a token */
	uint8_t token[TOKEN_BYTES];   /* its hash */
};

struct users {
	struct user *list; /* LIMIT_USERS places */
	size_t n;
};

/* KS_MALFORMED with the line's number; ret_users untouched on failure. */
KS_MUST int users_read(struct span bytes, struct users *ret_users, struct why *why);
void users_write(struct text *out, const struct users *users);
void users_done(struct users *users); /* wiped; NULL and zeroed are fine */
static inline void drop_users(struct users *users)
{
	users_done(users);
}

/* token: among tokens, else among those with a password.  NULL: there is none. */
struct user *users_find(const struct users *users, const char *name, bool token);
/* By the hash of a token, compared in constant time. */
const struct user *users_token(const struct users *users, const uint8_t hash[TOKEN_BYTES]);
/* A place for one more; NULL: LIMIT_USERS, or no memory. */
struct user *users_add(struct users *users);
void users_remove(struct users *users, struct user *user);

/* 1 to 63 bytes of UTF-8 without blanks, quotes, # or =. */
bool user_name_good(const char *name);
const char *page_role_word(enum page_role role); /* "viewer" ... */
bool page_role_find(struct span word, enum page_role *ret_role);
#endif
