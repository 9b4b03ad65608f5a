#include "page/access.h"
#include "page/fields.h"
#include "page/inside.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char form_type[] = "application/x-www-form-urlencoded";

int access_new(struct page *page, struct why *why)
{
	struct access *access = calloc(1, sizeof *access);

	if (access == NULL)
		return fail(why, KS_FULL, "memory ran out for the page");
	page->access = access;
	if (sodium_init() < 0 || page->options.random(page->options.user, access->key,
	    sizeof access->key) != KS_OK)
		return fail(why, KS_IO, "no random numbers");
	return KS_OK;
}

void access_free(struct access *access)
{
	if (access != NULL)
		sodium_memzero(access, sizeof *access);
	free(access);
}

bool page_may(const struct page_who *who, enum page_act act)
{
	static const enum page_role least[MAY_ACTS] = { [MAY_SEE] = PAGE_VIEWER,
		[MAY_OPERATE] = PAGE_OPERATOR, [MAY_APPROVE] = PAGE_APPROVER };

	return (unsigned)act < MAY_ACTS && who->role >= least[act] && who->role < PAGE_ROLES;
}

void access_who(const struct page *page, const struct http_request *request,
    struct page_who *ret_who)
{
	(void)page;
	*ret_who = (struct page_who){ .role = PAGE_OPERATOR,
		.by = http_local(request) ? BY_SOCKET : BY_LOOPBACK };
}

/* The same for all who need no login: another site can not read it, a program on this
 * machine need not. */
void access_form(const struct page *page, const struct http_request *request,
    char ret_token[FORM_TOKEN])
{
	static const char all[] = "loopback";
	uint8_t hash[32];

	(void)request;
	(void)crypto_generichash(hash, sizeof hash, (const uint8_t *)all, sizeof all,
	    page->access->key, sizeof page->access->key);
	(void)sodium_bin2base64(ret_token, FORM_TOKEN, hash, sizeof hash,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
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

bool access_begin(struct page *page, struct http_request *request)
{
	struct page_who who;
	enum page_act act = is_post(request) && !only_asks(http_path(request)) ? MAY_OPERATE
									       : MAY_SEE;

	access_who(page, request, &who);
	if (!page_may(&who, act)) {
		http_say(request, 403, "your role may not do that");
		return false;
	}
	if (is_post(request) && !from_here(request)) {
		http_say(request, 403, "this was asked from another site's page");
		return false;
	}
	return true;
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
	    http_header(request, "Sec-Fetch-Site")[0] != '\0';
}

bool access_take(struct page *page, struct http_request *request)
{
	char token[FORM_TOKEN];
	const char *said = http_header(request, "X-Keisoku-Form");

	if (!is_post(request) || http_local(request))
		return true;
	if (under_api(request) && (!is_browser(request) ||
	    strcmp(http_path(request), "/api/v1/acts") != 0))
		return true;
	if (strncmp(http_header(request, "Content-Type"), form_type, sizeof form_type - 1) == 0 &&
	    field_take(http_body(request), "form", token, sizeof token))
		said = token;
	if (token_good(page, request, said))
		return true;
	http_say(request, 403, "this form is not of this page, or from before a restart: go back, "
	    "load the page anew, and send it again");
	return false;
}
