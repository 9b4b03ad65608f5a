/* src/sense/transport_secret.c - secret files. */
#include "sense/transport_secret.h"
#include <stddef.h>

#define KEY(name) { #name, offsetof(struct secret, name) }
static const struct secret_key {
	const char *key;
	size_t at;
} secret_keys[] = { KEY(version), KEY(community), KEY(user), KEY(auth), KEY(authpass),
	KEY(priv), KEY(privpass), KEY(context), KEY(password), KEY(bearer), KEY(ca), KEY(pin) };
#undef KEY

static bool is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Does the file speak in keys?  Else its one line is the secret, whatever it holds. */
static bool has_key(struct span bytes)
{
	struct span line = span_trim(span_until(&bytes, '\n'));

	while (line.left == 0 || line.at[0] == '#') {
		if (bytes.left == 0)
			return false;
		line = span_trim(span_until(&bytes, '\n'));
	}
	for (size_t i = 0; i < sizeof secret_keys / sizeof *secret_keys; i++) {
		size_t n = strlen(secret_keys[i].key);

		if (line.left > n && line.at[n] == '=' &&
		    memcmp(line.at, secret_keys[i].key, n) == 0)
			return true;
	}
	return false;
}

static struct span cut_value(struct span *rest)
{
	if (rest->left > 0 && rest->at[0] == '"') {
		(void)span_cut(rest, 1);
		return span_until(rest, '"');
	}
	size_t n = 0;

	while (n < rest->left && !is_blank(rest->at[n]))
		n++;
	return span_cut(rest, n);
}

static int read_word(struct span *rest, struct secret *secret, unsigned line, struct why *why)
{
	for (size_t i = 0; i < sizeof secret_keys / sizeof *secret_keys; i++) {
		size_t n = strlen(secret_keys[i].key);

		if (rest->left <= n || rest->at[n] != '=' ||
		    memcmp(rest->at, secret_keys[i].key, n) != 0)
			continue;
		(void)span_cut(rest, n + 1);
		*(struct span *)(void *)((char *)secret + secret_keys[i].at) = cut_value(rest);
		return KS_OK;
	}
	return fail(why, KS_MALFORMED, "secret file, line %u: not a key of a secret", line);
}

int secret_read(struct span bytes, struct secret *ret_secret, struct why *why)
{
	struct secret secret = { 0 };
	unsigned number = 0;

	if (!has_key(bytes)) {
		secret.alone = span_trim(bytes);
		if (secret.alone.left > 0 &&
		    memchr(secret.alone.at, '\n', secret.alone.left) != NULL)
			return fail(why, KS_MALFORMED,
			    "secret file: several lines, but no key=value words");
		*ret_secret = secret;
		return KS_OK;
	}
	while (bytes.left > 0) {
		struct span line = span_trim(span_until(&bytes, '\n'));

		number++;
		while (line.left > 0 && line.at[0] != '#') {
			int code = read_word(&line, &secret, number, why);

			if (code != KS_OK)
				return code;
			line = span_trim(line);
		}
	}
	*ret_secret = secret;
	return KS_OK;
}

int secret_copy(struct span s, char *ret_text, size_t room, struct why *why)
{
	if (s.left >= room)
		return fail(why, KS_FULL, "secret file: a value is longer than %zu bytes",
		    room - 1);
	if (s.left > 0)
		memcpy(ret_text, s.at, s.left);
	ret_text[s.left] = '\0';
	return KS_OK;
}
