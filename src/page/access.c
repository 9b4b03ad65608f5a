#include "page/access_in.h"
#include "base/limits.h"
#include "page/asset.h"
#include "page/fields.h"
#include "page/http_tls.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char form_type[] = "application/x-www-form-urlencoded";

bool page_may(const struct page_who *who, enum page_act act)
{
	static const enum page_role least[MAY_ACTS] = { [MAY_SEE] = PAGE_VIEWER,
		[MAY_OPERATE] = PAGE_OPERATOR, [MAY_APPROVE] = PAGE_APPROVER };

	return (unsigned)act < MAY_ACTS && who->role >= least[act] && who->role < PAGE_ROLES;
}

struct session *access_session(const struct page *page, const struct http_request *request,
    bool used)
{
	char word[SESSION_WORD];
	struct access *access = page->access;

	if (!access->login || !session_cookie(http_header(request, "Cookie"), word))
		return NULL;
	return session_find(&access->sessions, &access->users, word,
	    page->options.mono_ms(page->options.user), used);
}

static const struct user *bearer(const struct access *access, const struct http_request *request)
{
	const char *said = http_header(request, "Authorization");
	uint8_t hash[TOKEN_BYTES];

	if (strncasecmp(said, "Bearer ", 7) != 0)
		return NULL;
	said += 7;
	(void)crypto_generichash(hash, sizeof hash, (const uint8_t *)said, strlen(said), NULL, 0);
	return users_token(&access->users, hash);
}

static void who_is(const struct user *user, enum who_by by, struct page_who *ret_who)
{
	*ret_who = (struct page_who){ .role = user->role, .by = by };
	memcpy(ret_who->name, user->name, sizeof ret_who->name);
}

static void who_find(const struct page *page, const struct http_request *request, bool used,
    struct page_who *ret_who)
{
	const struct access *access = page->access;
	const struct session *session;
	const struct user *user = NULL;

	*ret_who = (struct page_who){ .role = PAGE_OPERATOR, .by = BY_LOOPBACK };
	if (request != NULL && http_local(request))
		ret_who->by = BY_SOCKET;
	if (!access->login || ret_who->by == BY_SOCKET)
		return;
	*ret_who = (struct page_who){ .role = PAGE_NOBODY };
	session = access_session(page, request, used);
	if (session != NULL)
		user = users_find(&access->users, session->name, false);
	if (user != NULL)
		who_is(user, BY_SESSION, ret_who);
	else if ((user = bearer(access, request)) != NULL)
		who_is(user, BY_TOKEN, ret_who);
}

void access_who(const struct page *page, const struct http_request *request,
    struct page_who *ret_who)
{
	who_find(page, request, false, ret_who);
}

const struct user *access_user(const struct page *page, const struct page_who *who)
{
	return who->by == BY_SESSION ? users_find(&page->access->users, who->name, false) : NULL;
}

void access_sign(const struct access *access, const char *what, const char *words,
    char ret_token[FORM_TOKEN])
{
	crypto_generichash_state state;
	uint8_t hash[32];

	(void)crypto_generichash_init(&state, access->key, sizeof access->key, sizeof hash);
	(void)crypto_generichash_update(&state, (const uint8_t *)what, strlen(what) + 1);
	(void)crypto_generichash_update(&state, (const uint8_t *)words, strlen(words) + 1);
	(void)crypto_generichash_final(&state, hash, sizeof hash);
	(void)sodium_bin2base64(ret_token, FORM_TOKEN, hash, sizeof hash,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* Of a session its own.  Without one the same for all: another site can not read it, and a
 * program on this machine need not. */
void access_form(const struct page *page, const struct http_request *request,
    char ret_token[FORM_TOKEN])
{
	char word[SESSION_WORD] = "";

	if (page->access->login && request != NULL &&
	    access_session(page, request, false) != NULL)
		(void)session_cookie(http_header(request, "Cookie"), word);
	access_sign(page->access, "form", word, ret_token);
}

static bool is_post(const struct http_request *request)
{
	const char *method = http_method(request);

	return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;
}

static bool under_api(const struct http_request *request)
{
	return strncmp(http_path(request), "/api/", 5) == 0;
}

/* A question that is asked by POST only because it is long. */
static bool only_asks(const char *path)
{
	static const char *const asks[] = { "/api/v1/query", "/api/v1/query_range",
		"/api/v1/series", "/api/v1/labels", "/api/v1/query_exemplars",
		"/api/v1/format_query" };

	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
		if (strcmp(path, asks[i]) == 0)
			return true;
	return false;
}

/* The link of a message bears a token of its own: who has it may take that incident on,
 * and is shown nothing else. */
static bool is_link(const struct http_request *request)
{
	return strncmp(http_path(request), "/take/", 6) == 0;
}

/* What one needs to see before one is known. */
static bool is_open(const char *path)
{
	return strcmp(path, "/login") == 0 || asset_find(path) != NULL || asset_icon(path) != NULL;
}

/* Says Origin that it is our own page that asks?  true also when nothing is said. */
static bool from_here(const struct http_request *request)
{
	const char *origin = http_header(request, "Origin");
	const char *site = http_header(request, "Sec-Fetch-Site");
	const char *scheme = http_secure(request) ? "https://" : "http://";
	size_t n = strlen(scheme);

	if (site[0] != '\0' && strcmp(site, "same-origin") != 0)
		return false;
	return origin[0] == '\0' || (strncmp(origin, scheme, n) == 0 &&
	    strcmp(origin + n, http_header(request, "Host")) == 0);
}

bool access_wants_page(const struct http_request *request)
{
	return !under_api(request) && strstr(http_header(request, "Accept"), "text/html") != NULL;
}

static void refuse(const struct page *page, struct http_request *request, const char *says,
    const char *plain)
{
	KS_DROP(text) struct text out;

	text_init(&out, 8192);
	if (!access_wants_page(request)) {
		http_say(request, 403, plain);
		return;
	}
	view_refused(&out, show_lang(page, request), show_theme(page, request),
	    N_("This was not done"), says, N_("To the overview"));
	http_answer(request, &(struct http_answer){ .status = 403, .page = true,
	    .type = "text/html; charset=utf-8", .body = text_span(&out) });
}

/* Nobody asks: where to log in, or that it must be. */
static void ask_who(struct http_request *request)
{
	KS_DROP(text) struct text out;
	bool here = strcmp(http_header(request, "Sec-Fetch-Site"), "cross-site") != 0;
	const char *query = http_query_raw(request);

	text_init(&out, 16384);
	if (is_post(request) || !access_wants_page(request)) {
		http_answer(request, &(struct http_answer){ .status = 401, .challenge = "Bearer",
		    .type = "text/plain; charset=utf-8", .body = span_text("log in at /login, or send "
		    "Authorization: Bearer TOKEN (keisoku user token NAME)\n") });
		return;
	}
	text_add(&out, here ? "/login?next=" : "");
	if (here)
		markup_path(&out, http_path(request));
	else
		text_add(&out, http_path(request));
	if (query[0] != '\0' && here) {
		markup_path(&out, "?");
		markup_path(&out, query);
	} else if (query[0] != '\0') {
		text_addf(&out, "?%s", query);
	}
	if (here) {
		http_answer(request, &(struct http_answer){ .status = 303,
		    .location = text_cstr(&out) });
		return;
	}
	KS_DROP(text) struct text body;

	text_init(&body, 65536);
	view_bounce(&body, text_cstr(&out));
	http_answer(request, &(struct http_answer){ .status = 200, .page = true,
	    .type = "text/html; charset=utf-8", .body = text_span(&body) });
}

bool access_begin(struct page *page, struct http_request *request)
{
	const char *mode = http_header(request, "Sec-Fetch-Mode"), *path = http_path(request);
	bool person = is_post(request) || mode[0] == '\0' || strcmp(mode, "navigate") == 0;
	struct page_who who;

	if (is_post(request) && !from_here(request)) {
		refuse(page, request, N_("The form came from another site's page."),
		    "this was asked from another site's page");
		return false;
	}
	if ((page->access->login && !http_local(request) && is_open(path)) || is_link(request))
		return true;
	who_find(page, request, person, &who);
	if (who.role == PAGE_NOBODY) {
		ask_who(request);
		return false;
	}
	if (page_may(&who, is_post(request) && !only_asks(path) && strcmp(path, "/logout") != 0
		? MAY_OPERATE : MAY_SEE))
		return true;
	refuse(page, request, N_("Your role may look, but not do this. Ask whoever runs keisoku for "
	    "the role operator."), "your role may not do that");
	return false;
}

static bool token_good(const struct page *page, const struct http_request *request,
    const char *said)
{
	char token[FORM_TOKEN];

	access_form(page, request, token);
	return strlen(said) == sizeof token - 1 && sodium_memcmp(said, token, sizeof token) == 0;
}

static bool is_browser(const struct http_request *request)
{
	return http_header(request, "Origin")[0] != '\0' ||
	    http_header(request, "Sec-Fetch-Site")[0] != '\0' ||
	    strstr(http_header(request, "Cookie"), "__Host-keisoku") != NULL;
}

bool access_take(struct page *page, struct http_request *request)
{
	char token[FORM_TOKEN];
	const char *said = http_header(request, "X-Keisoku-Form");

	if (!is_post(request) || http_local(request) || is_link(request))
		return true;
	if (under_api(request) && (!is_browser(request) ||
	    strcmp(http_path(request), "/api/v1/acts") != 0))
		return true;
	if (strncmp(http_header(request, "Content-Type"), form_type, sizeof form_type - 1) == 0 &&
	    field_take(http_body(request), "form", token, sizeof token))
		said = token;
	if (token_good(page, request, said))
		return true;
	refuse(page, request, N_("The form is too old: keisoku was started again, or you have logged "
	    "in anew. Go back, load the page again, and send it once more."),
	    "this form is not of this page, or too old: load the page anew, and send it again");
	return false;
}

void access_pass(const struct page *page, const struct http_request *request,
    struct access_pass *ret_pass)
{
	const struct session *session = access_session(page, request, false);

	*ret_pass = (struct access_pass){ .place = 0 };
	if (session != NULL)
		*ret_pass = (struct access_pass){ .began_ms = session->began_ms,
			.place = (uint32_t)(session - page->access->sessions.at) + 1 };
}

unsigned access_sessions(const struct page *page, uint64_t *ret_evicted)
{
	const struct sessions *sessions = &page->access->sessions;

	*ret_evicted = sessions->evicted + sessions->evicted_own;
	return sessions_count(sessions, page->options.mono_ms(page->options.user));
}

bool access_lives(const struct page *page, const struct access_pass *pass)
{
	const struct session *session;
	const struct access *access = page->access;

	if (pass->place == 0)
		return true;
	session = &access->sessions.at[pass->place - 1];
	return session->began_ms == pass->began_ms && session_lives(session, &access->users,
	    page->options.mono_ms(page->options.user));
}
