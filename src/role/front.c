#include "role/front.h"
#include "base/hash.h"
#include "guard/secret.h"
#include "page/http_tls.h"
#include "page/users.h"

static int users_check(const struct front *front, struct why *why)
{
	struct secret secret = { .at = NULL };
	struct users users = { .list = NULL };
	bool anybody = false;
	int code = secret_fetch(front->users, &secret, why);

	if (code == KS_OK)
		code = users_read(secret_span(&secret), &users, why);
	for (size_t i = 0; i < users.n; i++)
		anybody = anybody || users.list[i].password[0] != '\0';
	if (code == KS_ABSENT || code == KS_MALFORMED || (code == KS_OK && !anybody)) {
		if (code != KS_MALFORMED || secret.at == NULL)
			code = fail(why, KS_ABSENT, "%s: nobody may log in yet; run: keisoku user add NAME --role "
			    "approver --users %s", front->users, front->users);
	}
	users_done(&users);
	secret_wipe(&secret);
	return code;
}

static int pair_read(const struct front *front, struct http_tls **ret_tls, struct why *why)
{
	struct secret cert = { .at = NULL }, key = { .at = NULL };
	int code = secret_init(why);

	if (code == KS_OK)
		code = public_fetch(front->cert, &cert, why);

	if (code == KS_OK)
		code = secret_fetch(front->key, &key, why);
	if (code == KS_OK)
		code = http_tls_new(secret_span(&cert), secret_span(&key), ret_tls, why);
	secret_wipe(&key);
	secret_wipe(&cert);
	return code;
}

int front_days(const struct front *front, int64_t *ret_days, struct why *why)
{
	struct http_tls *tls = NULL;
	int code = pair_read(front, &tls, why);

	if (code == KS_OK)
		*ret_days = http_tls_left_s(tls) / 86400;
	http_tls_free(tls);
	return code;
}

int front_files_check(const struct front *front, struct why *why)
{
	struct http_tls *tls = NULL;
	int code = pair_read(front, &tls, why);

	http_tls_free(tls);

	return code == KS_OK ? users_check(front, why) : code;
}

uint64_t front_files_print(const struct front *front)
{
	uint64_t print = 0;
	const char *const files[] = { front->cert, front->key, front->users };

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct stat stat_of = { .st_size = 0 };
		const int64_t said[] = { stat(files[i], &stat_of), (int64_t)stat_of.st_ino,
			stat_of.st_size, stat_of.st_mtim.tv_sec, stat_of.st_mtim.tv_nsec };

		print = hash_of(span_of(said, sizeof said), print);
	}
	return print;
}
