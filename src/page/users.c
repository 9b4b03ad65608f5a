#include "page/users.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/utf8.h"
#include "page/asked.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const role_words[PAGE_ROLES] = { "nobody", "viewer", "operator", "approver" };

const char *page_role_word(enum page_role role)
{
	return (unsigned)role < PAGE_ROLES ? role_words[role] : "?";
}

bool page_role_find(struct span word, enum page_role *ret_role)
{
	for (unsigned i = PAGE_VIEWER; i < PAGE_ROLES; i++) {
		if (!span_equal(word, role_words[i]))
			continue;
		*ret_role = (enum page_role)i;
		return true;
	}
	return false;
}

bool user_name_good(const char *name)
{
	struct span rest = span_text(name);
	size_t n = rest.left;
	uint32_t c;

	while (rest.left > 0) {
		if (!utf8_cut(&rest, &c) || c <= ' ' || (c >= 0x7f && c < 0xa1) || c == '"' ||
		    c == '\'' || c == '#' || c == '=' || c == 0x3000 || c == 0xfeff ||
		    (c >= 0x200b && c <= 0x202e))
			return false;
	}
	return n > 0 && n < USER_NAME;
}

void users_done(struct users *users)
{
	if (users == NULL)
		return;
	if (users->list != NULL)
		sodium_memzero(users->list, LIMIT_USERS * sizeof *users->list);
	free(users->list);
	*users = (struct users){ .list = NULL };
}

struct user *users_add(struct users *users)
{
	if (users->list == NULL)
		users->list = calloc(LIMIT_USERS, sizeof *users->list);
	if (users->list == NULL || users->n == LIMIT_USERS)
		return NULL;
	users->list[users->n] = (struct user){ .lang = LANGS };
	return &users->list[users->n++];
}

void users_remove(struct users *users, struct user *user)
{
	size_t i = (size_t)(user - users->list);

	memmove(user, user + 1, (users->n - i - 1) * sizeof *user);
	users->n--;
	sodium_memzero(&users->list[users->n], sizeof *user);
}

struct user *users_find(const struct users *users, const char *name, bool token)
{
	for (size_t i = 0; i < users->n; i++)
		if ((users->list[i].password[0] == '\0') == token &&
		    strcmp(users->list[i].name, name) == 0)
			return &users->list[i];
	return NULL;
}

const struct user *users_token(const struct users *users, const uint8_t hash[TOKEN_BYTES])
{
	const struct user *found = NULL;

	for (size_t i = 0; i < users->n; i++)
		if (users->list[i].password[0] == '\0' &&
		    sodium_memcmp(users->list[i].token, hash, TOKEN_BYTES) == 0)
			found = &users->list[i];
	return found;
}

/* "$argon2id$v=19$m=65536,t=2,p=1$salt$hash", and not dearer than ours. */
static bool password_good(struct span word)
{
	static const char head[] = "$argon2id$v=19$m=", letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/$=,";
	int64_t kib, passes;

	if (word.left >= PASSWORD_HASH || word.left < sizeof head ||
	    memcmp(word.at, head, sizeof head - 1) != 0)
		return false;
	for (size_t i = 0; i < word.left; i++) /* base64 and what stands between */
		if (word.at[i] == '\0' || strchr(letters, word.at[i]) == NULL)
			return false;
	(void)span_cut(&word, sizeof head - 1);
	struct span memory = span_until(&word, ','), pass = span_until(&word, ',');

	if (pass.left < 3 || memcmp(pass.at, "t=", 2) != 0)
		return false;
	(void)span_cut(&pass, 2);
	return number_read(memory, 0, &kib) == KS_OK &&
	    number_read(pass, 0, &passes) == KS_OK && kib >= 8 &&
	    kib <= PASSWORD_MIB * 1024 && passes >= 1 && passes <= 8 * PASSWORD_PASSES &&
	    word.left > 4 && memcmp(word.at, "p=1$", 4) == 0;
}

static bool hash_take(struct span word, uint8_t hash[TOKEN_BYTES])
{
	if (word.left != 2 * TOKEN_BYTES)
		return false;
	for (size_t i = 0; i < TOKEN_BYTES; i++) {
		int high = hex_digit(word.at[2 * i]), low = hex_digit(word.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		hash[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool copy_in(struct span word, char *room, size_t size)
{
	if (word.left == 0 || word.left >= size)
		return false;
	memcpy(room, word.at, word.left);
	room[word.left] = '\0';
	return strlen(room) == word.left;
}

struct seen {
	bool role, password, hash;
};

static bool pair_take(struct span key, struct span value, struct user *user, struct seen *seen)
{
	if (span_equal(key, "role"))
		return seen->role = !seen->role && page_role_find(value, &user->role);
	if (span_equal(key, "password"))
		return seen->password = !seen->password && password_good(value) &&
		    copy_in(value, user->password, sizeof user->password);
	if (span_equal(key, "hash"))
		return seen->hash = !seen->hash && hash_take(value, user->token);
	if (span_equal(key, "lang")) {
		user->lang = span_equal(value, "ja") ? LANG_JA : LANG_EN;
		return span_equal(value, "ja") || span_equal(value, "en");
	}
	return span_equal(key, "theme") && (span_equal(value, "dark") || span_equal(value, "light")) &&
	    copy_in(value, user->theme, sizeof user->theme);
}

static struct span word_cut(struct span *line)
{
	*line = span_trim(*line);
	return span_until(line, ' ');
}

/* One line that says something. */
static int line_take(struct span line, struct users *users, unsigned number, struct why *why)
{
	struct span kind = word_cut(&line), name = word_cut(&line);
	bool token = span_equal(kind, "token");
	struct user user = { .lang = LANGS };
	struct seen seen = { .role = false };

	if (!token && !span_equal(kind, "user"))
		return fail(why, KS_MALFORMED, "users file, line %u: it begins with user or token",
		    number);
	if (!copy_in(name, user.name, sizeof user.name) || !user_name_good(user.name))
		return fail(why, KS_MALFORMED, "users file, line %u: not a name", number);
	while (span_trim(line).left > 0) {
		struct span pair = word_cut(&line), key = span_until(&pair, '=');

		if (!pair_take(key, pair, &user, &seen))
			return fail(why, KS_MALFORMED, "users file, line %u: wrong or twice: %.*s=",
			    number, (int)(key.left < 32 ? key.left : 32), (const char *)key.at);
	}
	if (!seen.role || (token ? !seen.hash || seen.password : !seen.password || seen.hash))
		return fail(why, KS_MALFORMED, "users file, line %u: role= and %s= are needed", number,
		    token ? "hash" : "password");
	if (users_find(users, user.name, token) != NULL)
		return fail(why, KS_MALFORMED, "users file, line %u: %s is there twice", number, user.name);
	struct user *at = users_add(users);

	if (at == NULL)
		return fail(why, KS_FULL, "users file: more than %d users and tokens", (int)LIMIT_USERS);
	*at = user;
	sodium_memzero(&user, sizeof user);
	return KS_OK;
}

int users_read(struct span bytes, struct users *ret_users, struct why *why)
{
	struct users users = { .list = NULL };
	int code = KS_OK;

	for (unsigned number = 1; code == KS_OK && bytes.left > 0; number++) {
		struct span line = span_trim(span_until(&bytes, '\n'));

		if (line.left > 0 && line.at[0] != '#')
			code = line_take(line, &users, number, why);
	}
	if (code != KS_OK) {
		users_done(&users);
		return code;
	}
	*ret_users = users;
	return KS_OK;
}

void users_write(struct text *out, const struct users *users)
{
	char hex[2 * TOKEN_BYTES + 1];

	text_add(out, "# who may use the page of keisoku; changed by `keisoku user`\n");
	for (size_t i = 0; i < users->n; i++) {
		const struct user *user = &users->list[i];
		bool token = user->password[0] == '\0';

		text_addf(out, "%s %s role=%s", token ? "token" : "user", user->name,
		    page_role_word(user->role));
		if (user->lang != LANGS)
			text_addf(out, " lang=%s", user->lang == LANG_JA ? "ja" : "en");
		if (user->theme[0] != '\0')
			text_addf(out, " theme=%s", user->theme);
		if (token)
			text_addf(out, " hash=%s\n", sodium_bin2hex(hex, sizeof hex, user->token,
			    TOKEN_BYTES));
		else
			text_addf(out, " password=%s\n", user->password);
	}
}
