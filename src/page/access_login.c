/* src/page/access_login.c - logging in and out.  A try waits its turn: one password is
 * checked at a time, in a thread of the role's, so that others do not wait for it. */
#include "base/limits.h"
#include "page/access_in.h"
#include "page/fields.h"
#include "page/http_tls.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEXT_MOST = 1024, ADDRESS = 64, TOLD_MS = 60000, COOKIE = 160 };

struct login { /* a try that waits */
	uint8_t address[ADDRESS], peer[8]; /* address: what tries are counted by */
	size_t address_n, peer_n;
	char name[USER_NAME], password[PASSWORD_MOST + 1], next[NEXT_MOST];
};

struct check { /* one under way; owned by the thread until it is done */
	struct access *access;
	struct page *page;
	uint32_t ticket;
	bool known, good;
	char password[PASSWORD_MOST + 1], hash[PASSWORD_HASH];
};

void login_done(struct login *login)
{
	if (login != NULL)
		sodium_memzero(login, sizeof *login);
	free(login);
}

static void check_free(struct check *check)
{
	sodium_memzero(check, sizeof *check);
	free(check);
}

static int64_t now_of(const struct page *page)
{
	return page->options.mono_ms(page->options.user);
}

bool access_path(const struct http_request *request)
{
	const char *path = http_path(request);

	return strcmp(path, "/login") == 0 || strcmp(path, "/logout") == 0;
}

/* An address of ours alone: "/x", not "//host", not "/\host". */
static const char *next_good(const char *next)
{
	for (const char *c = next; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == '\\' || *c == 0x7f)
			return "/";
	return next[0] == '/' && next[1] != '/' && strcmp(next, "/login") != 0 ? next : "/";
}

static void page_show(struct page *page, struct http_request *request, unsigned status,
    unsigned retry_s, const char *says, const struct login *login)
{
	KS_DROP(text) struct text out;
	char token[FORM_TOKEN];
	const struct login_view view = { .lang = show_lang(page, request),
		.theme = show_theme(page, request), .says = says, .form = token,
		.site = page->site == NULL ? "" : page->site->name != NULL ? page->site->name
									   : page->site->id,
		.name = login != NULL ? login->name : "",
		.next = next_good(login != NULL ? login->next : http_query(request, "next")) };
	char cookie[96] = "";

	access_form(page, request, token);
	text_init(&out, 32768);
	view_login(&out, &view);
	show_cookie(page, request, cookie, sizeof cookie);
	http_answer(request, &(struct http_answer){ .status = status, .page = true,
	    .retry_s = retry_s, .cookie = cookie[0] != '\0' ? cookie : NULL,
	    .type = "text/html; charset=utf-8", .body = text_span(&out) });
}

static void to(struct http_request *request, const char *location, const char *cookie,
    const char *cookie2)
{
	http_answer(request, &(struct http_answer){ .status = 303, .location = location,
	    .cookie = cookie, .cookie2 = cookie2 });
}

static void peer_say(const struct login *login, char *room, size_t size)
{
	const uint8_t *p = login->peer;

	if (login->peer_n == 4)
		(void)snprintf(room, size, "%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
	else if (login->peer_n == 8)
		(void)snprintf(room, size, "%x:%x:%x:%x::/64", p[0] << 8 | p[1], p[2] << 8 | p[3],
		    p[4] << 8 | p[5], p[6] << 8 | p[7]);
}

static void said(const struct page *page, enum entry_what what, const char *name,
    const struct login *login, uint32_t count)
{
	struct entry entry = { .what = what, .count = count };
	const struct parcel parcel = { .kind = MESSAGE_ENTRY, .count = 1,
		.body = span_of(&entry, sizeof entry) };

	(void)snprintf(entry.who, sizeof entry.who, "%s", name);
	if (login != NULL)
		peer_say(login, entry.from, sizeof entry.from);
	if (page->options.entry != NULL)
		page->options.entry(page->options.user, &entry);
	if (page->core)
		(void)!page->options.send(page->options.user, &parcel, NULL);
}

/* A browser that has logged in here as this user before is not counted with the others at
 * its address: its cookie says so, signed. */
static void known_sign(const struct access *access, const struct user *user, char ret[FORM_TOKEN])
{
	char words[USER_NAME + PASSWORD_HASH + 1];

	(void)snprintf(words, sizeof words, "%s %s", user->name, user->password);
	access_sign(access, "known", words, ret);
	sodium_memzero(words, sizeof words);
}

static void address_of(const struct page *page, const struct http_request *request,
    struct login *login)
{
	const struct user *user = users_find(&page->access->users, login->name, false);
	const char *cookies = http_header(request, "Cookie");
	const char *at = strstr(cookies, "__Secure-keisoku-known=");
	struct span peer = http_peer(request);
	char known[FORM_TOKEN];

	login->address_n = login->peer_n = peer.left;
	if (peer.left > 0) {
		memcpy(login->address, peer.at, peer.left);
		memcpy(login->peer, peer.at, peer.left);
	}
	if (user == NULL || at == NULL)
		return;
	known_sign(page->access, user, known);
	at = strchr(at, '=') + 1;
	if (strlen(at) < FORM_TOKEN - 1 || sodium_memcmp(at, known, FORM_TOKEN - 1) != 0)
		return;
	login->address_n = FORM_TOKEN - 1;
	memcpy(login->address, known, login->address_n);
}

/* The first at once; those of the minute after it together. */
static void refused_tell(struct page *page, const struct login *login)
{
	struct access *access = page->access;
	const struct user *user = login != NULL ? users_find(&access->users, login->name, false) : NULL;
	int64_t now = now_of(page);

	if (access->failed == access->told_refused ||
	    (access->told_ms != 0 && now - access->told_ms < TOLD_MS))
		return;
	/* people type their password where the name belongs: a name that is none is not kept */
	said(page, ENTRY_REFUSED, user != NULL ? user->name : "", login,
	    (uint32_t)(access->failed - access->told_refused));
	access->told_refused = access->failed;
	access->told_ms = now;
}

static void refused(struct page *page, const struct login *login)
{
	page->access->failed++;
	refused_tell(page, login);
}

static void let_in(struct page *page, struct job *job, const struct user *user)
{
	struct access *access = page->access;
	char word[SESSION_WORD], known[FORM_TOKEN], cookie[COOKIE], cookie2[COOKIE];
	uint8_t random[SESSION_BYTES];
	struct session *before = access_session(page, job->request, false);

	if (page->options.random(page->options.user, random, sizeof random) != KS_OK) {
		http_say(job->request, 503, "no random numbers; come again");
		return;
	}
	if (before != NULL)
		session_end(before);
	uint64_t evicted = access->sessions.evicted;

	session_begin(&access->sessions, user, random, now_of(page), word);
	if (access->sessions.evicted != evicted)
		page_hit(page, "LIMIT_SESSIONS"); /* somebody else had to go */
	sodium_memzero(random, sizeof random);
	known_sign(access, user, known);
	(void)snprintf(cookie, sizeof cookie,
	    "__Host-keisoku=%s; Path=/; Secure; HttpOnly; SameSite=Strict", word);
	(void)snprintf(cookie2, sizeof cookie2, "__Secure-keisoku-known=%s; Path=/login; Max-Age=31536000; "
	    "Secure; HttpOnly; SameSite=Strict", known);
	to(job->request, job->login->next, cookie, cookie2);
	said(page, ENTRY_LOGIN, user->name, job->login, 1);
}

static void check_run(void *arg)
{
	struct check *check = arg;
	char made[crypto_pwhash_STRBYTES];

	if (check->known) {
		check->good = crypto_pwhash_str_verify(check->hash, check->password,
		    strlen(check->password)) == 0;
		return;
	}
	/* nobody has that name: the same work, so that the time does not tell */
	(void)!crypto_pwhash_str(made, check->password, strlen(check->password), PASSWORD_PASSES,
	    (size_t)PASSWORD_MIB * 1024 * 1024);
	check->good = false;
}

static void check_over(void *arg)
{
	struct check *check = arg;
	struct page *page = check->page;
	struct access *access = check->access;
	struct job *job;

	if (access->dead) {
		check_free(check);
		free(access);
		return;
	}
	access->checking = NULL;
	for (job = page->jobs; job != NULL && job->ticket != check->ticket;)
		job = job->next;
	const struct user *user = job != NULL ? users_find(&access->users, job->login->name, false)
					      : NULL;
	/* the hash that was checked must still be the user's */
	bool good = check->good && user != NULL && strcmp(user->password, check->hash) == 0;

	check_free(check);
	if (job != NULL) {
		struct span address = span_of(job->login->address, job->login->address_n);

		if (good)
			tries_good(&access->tries, address);
		else
			tries_failed(&access->tries, address, job->login->name, now_of(page));
		if (!good)
			refused(page, job->login);
		if (job->request != NULL && good)
			let_in(page, job, user);
		else if (job->request != NULL)
			page_show(page, job->request, 401, 0, N_("The name or the password is wrong."),
			    job->login);
		access->waiting--;
		job_end(page, job);
	}
	access_go_on(page);
	page_run(page);
}

/* A browser that was let in before: it goes before strangers, however many they are. */
static bool is_known(const struct login *login)
{
	return login->address_n == FORM_TOKEN - 1;
}

static bool goes_before(const struct job *a, const struct job *b)
{
	if (is_known(a->login) != is_known(b->login))
		return is_known(a->login);
	return a->ticket < b->ticket;
}

/* Of those whose name may be tried now, who is known, then who has waited longest. */
static struct job *job_next(struct page *page)
{
	const struct access *access = page->access;
	int64_t now = now_of(page);
	struct job *first = NULL;

	for (struct job *job = page->jobs; job != NULL; job = job->next)
		if (job->kind == JOB_LOGIN && (first == NULL || goes_before(job, first)) &&
		    (is_known(job->login) || tries_name_ms(&access->tries, job->login->name) <= now))
			first = job;
	return first;
}

void access_go_on(struct page *page)
{
	struct access *access = page->access;
	int64_t now = now_of(page);
	struct job *job;

	if (access == NULL)
		return;
	refused_tell(page, NULL);
	if (access->waiting == 0 || access->checking != NULL)
		return;
	if (now - access->second_ms >= 1000) {
		access->second_ms = now;
		access->checks = 0;
	}
	if (access->checks >= LIMIT_CHECKS || (job = job_next(page)) == NULL)
		return;
	const struct user *user = users_find(&access->users, job->login->name, false);
	struct check *check = calloc(1, sizeof *check);

	if (check == NULL)
		return;
	*check = (struct check){ .access = access, .page = page, .ticket = job->ticket,
		.known = user != NULL };
	memcpy(check->password, job->login->password, sizeof check->password);
	if (user != NULL)
		memcpy(check->hash, user->password, sizeof check->hash);
	access->checks++;
	access->checking = check;
	if (page->options.work(page->options.user, check_run, check_over, check) == KS_OK)
		return;
	access->checking = NULL;
	check_free(check);
}

/* false: not a try at all. */
static bool login_read(const struct http_request *request, struct login *login)
{
	struct span body = http_body(request);

	bool good = field_take(body, "name", login->name, sizeof login->name) &&
	    field_take(body, "password", login->password, sizeof login->password) &&
	    login->password[0] != '\0';

	if (!field_take(body, "next", login->next, sizeof login->next) ||
	    next_good(login->next) != login->next)
		memcpy(login->next, "/", 2);
	return good;
}

static unsigned waiting_from(const struct page *page, const struct login *login)
{
	unsigned n = 0;

	for (const struct job *job = page->jobs; job != NULL; job = job->next)
		n += job->kind == JOB_LOGIN && job->login->address_n == login->address_n &&
		    memcmp(job->login->address, login->address, login->address_n) == 0;
	return n;
}

static void login_take(struct page *page, struct http_request *request)
{
	struct access *access = page->access;
	struct login *login = calloc(1, sizeof *login);

	if (login == NULL || !login_read(request, login)) {
		page_show(page, request, login == NULL ? 503 : 401, 0,
		    N_("The name or the password is wrong."), login);
		login_done(login);
		return;
	}
	address_of(page, request, login);
	int64_t wait = tries_wait(&access->tries, span_of(login->address, login->address_n),
	    now_of(page));
	bool full = access->waiting >= (is_known(login) ? 2 * LIMIT_LOGINS : LIMIT_LOGINS) ||
	    waiting_from(page, login) >= LIMIT_LOGINS_ADDRESS;
	struct job *job = wait == 0 && !full ? job_new(page, request, JOB_LOGIN) : NULL;

	if (job == NULL) {
		refused(page, login);
		page_show(page, request, 429, wait > 0 ? (unsigned)(wait / 1000 + 1) : 2,
		    N_("Too many tries from here. Wait a little, then try again."), login);
		login_done(login);
		return;
	}
	job->login = login;
	access->waiting++;
	access_go_on(page);
}

static void logout(struct page *page, struct http_request *request)
{
	struct session *session = access_session(page, request, false);

	if (session != NULL) {
		said(page, ENTRY_LOGOUT, session->name, NULL, 1);
		session_end(session);
	}
	to(request, "/login", "__Host-keisoku=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict",
	    NULL);
}

void access_answer(struct page *page, struct http_request *request)
{
	bool post = strcmp(http_method(request), "POST") == 0;
	bool login = strcmp(http_path(request), "/login") == 0;

	if (!page->access->login || http_local(request))
		to(request, "/", NULL, NULL);
	else if (post && login)
		login_take(page, request);
	else if (post)
		logout(page, request);
	else if (!login)
		to(request, "/", NULL, NULL);
	else
		page_show(page, request, 200, 0, NULL, NULL);
}

static int users_take(struct page *page, struct span bytes, struct why *why)
{
	struct access *access = page->access;
	struct users users;
	int code = users_read(bytes, &users, why);

	if (code != KS_OK)
		return code;
	users_done(&access->users);
	access->users = users;
	return KS_OK;
}

int page_access(struct page *page, const struct page_files *files, struct why *why)
{
	struct http_tls *tls = NULL;
	int code = http_tls_new(files->cert, files->key, &tls, why);

	if (code == KS_OK)
		code = users_take(page, files->users, why);
	if (code != KS_OK) {
		http_tls_free(tls);
		return code;
	}
	http_tls_change(page->http[0], tls);
	return KS_OK;
}

int access_new(struct page *page, struct why *why)
{
	const struct page_files *files = &page->options.files;
	struct access *access = calloc(1, sizeof *access);
	uint64_t seed;

	if (access == NULL)
		return fail(why, KS_FULL, "memory ran out for the page");
	page->access = access;
	if (sodium_init() < 0 || page->options.random(page->options.user, access->key,
	    sizeof access->key) != KS_OK || page->options.random(page->options.user, &seed,
	    sizeof seed) != KS_OK)
		return fail(why, KS_IO, "no random numbers");
	access->tries.seed = seed;
	access->login = files->cert.left > 0;
	return access->login ? users_take(page, files->users, why) : KS_OK;
}

void access_free(struct access *access)
{
	if (access == NULL)
		return;
	users_done(&access->users);
	struct check *checking = access->checking;

	sodium_memzero(access, sizeof *access);
	access->dead = true;
	if (checking == NULL)
		free(access); /* else check_over() does */
}
