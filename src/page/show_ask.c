/* src/page/show_ask.c - what a request for a view, a picture or a history asks for. */
#include "page/asked.h"
#include "page/inside.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { POINTS_USUAL = 600, POINTS_MOST = 20000 };

static const long long SECONDS_MOST = 99999999999LL;

bool lang_accepted(const char *list, enum lang *ret_lang)
{
	struct span rest = span_text(list);

	while (rest.left > 0) {
		struct span word = span_trim(span_until(&rest, ','));

		if (word.left < 2)
			continue;
		if (strncasecmp((const char *)word.at, "ja", 2) == 0) {
			*ret_lang = LANG_JA;
			return true;
		}
		if (strncasecmp((const char *)word.at, "en", 2) == 0) {
			*ret_lang = LANG_EN;
			return true;
		}
	}
	return false;
}

bool lang_cookie(const char *cookies, enum lang *ret_lang)
{
	struct span rest = span_text(cookies);

	while (rest.left > 0) {
		struct span pair = span_trim(span_until(&rest, ';'));
		struct span name = span_until(&pair, '=');

		if (!span_equal(name, "lang"))
			continue;
		*ret_lang = span_equal(pair, "ja") ? LANG_JA : LANG_EN;
		return span_equal(pair, "ja") || span_equal(pair, "en");
	}
	return false;
}

/* The address, the cookie, the user, the browser, the site file: the first that says one. */
enum lang show_lang(const struct page *page, const struct http_request *request)
{
	const char *asked = http_query(request, "lang");
	enum lang lang = LANG_JA;
	const struct user *user;
	struct page_who who;

	if (strcmp(asked, "ja") == 0 || strcmp(asked, "en") == 0)
		return asked[0] == 'j' ? LANG_JA : LANG_EN;
	if (lang_cookie(http_header(request, "Cookie"), &lang))
		return lang;
	access_who(page, request, &who);
	user = access_user(page, &who);
	if (user != NULL && user->lang != LANGS)
		return user->lang;
	if (lang_accepted(http_header(request, "Accept-Language"), &lang))
		return lang;
	return page->site != NULL ? lang_find(page->site->lang) : LANG_JA;
}

int hex_digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	    c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool path_unescape(const char *from, char *room, size_t size)
{
	size_t n = 0;

	for (; *from != '\0'; from++) {
		int high = *from == '%' ? hex_digit((uint8_t)from[1]) : 0;
		int low = *from == '%' && high >= 0 ? hex_digit((uint8_t)from[2]) : 0;

		if (high < 0 || low < 0 || n + 1 >= size || (*from == '%' && high + low == 0))
			return false;
		room[n++] = (char)(*from == '%' ? high << 4 | low : *from);
		from += *from == '%' ? 2 : 0;
	}
	room[n] = '\0';
	return true;
}

int64_t seconds_asked(const char *word)
{
	char *end = NULL;
	long long s = strtoll(word, &end, 10);

	return *word == '\0' || *end != '\0' || s < -SECONDS_MOST || s > SECONDS_MOST ? 0 : s * 1000;
}

static const char *theme_of(struct span word)
{
	return span_equal(word, "dark") ? "dark" : span_equal(word, "light") ? "light" : "";
}

const char *theme_cookie(const char *cookies)
{
	struct span rest = span_text(cookies);

	while (rest.left > 0) {
		struct span pair = span_trim(span_until(&rest, ';'));
		struct span name = span_until(&pair, '=');

		if (span_equal(name, "theme"))
			return span_equal(pair, "auto") ? "auto" : theme_of(pair);
	}
	return "";
}

/* The address, the cookie, the user: the first that says one; "": as the browser likes. */
const char *show_theme(const struct page *page, const struct http_request *request)
{
	const char *asked = http_query(request, "theme");
	const struct user *user;
	struct page_who who;

	if (asked[0] == '\0')
		asked = theme_cookie(http_header(request, "Cookie"));
	if (asked[0] != '\0')
		return theme_of(span_text(asked));
	access_who(page, request, &who);
	user = access_user(page, &who);
	return user != NULL ? theme_of(span_text(user->theme)) : "";
}

/* What was chosen in the address is remembered; "": nothing was. */
void show_cookie(const struct page *page, const struct http_request *request, char *room,
    size_t size)
{
	const char *theme = http_query(request, "theme");
	const char *safe = http_secure(request) ? "; Secure" : "";

	room[0] = '\0';
	if (http_query(request, "lang")[0] != '\0')
		(void)snprintf(room, size, "lang=%s; Path=/; Max-Age=31536000; SameSite=Lax%s",
		    show_lang(page, request) == LANG_JA ? "ja" : "en", safe);
	else if (strcmp(theme, "auto") == 0 || theme_of(span_text(theme))[0] != '\0')
		(void)snprintf(room, size, "theme=%s; Path=/; Max-Age=31536000; SameSite=Lax%s", theme,
		    safe);
}

static void form_read(struct http_request *request, struct show *show)
{
	long columns = strtol(http_query(request, "columns"), NULL, 10);
	bool table = strncmp(http_path(request), "/api/", 5) == 0;
	const char *said = http_query(request, "as");
	const char *as = said[0] != '\0' ? said : http_query(request, "format");

	show->form = (struct form){ .as = strcmp(as, "csv") == 0 ? FORM_CSV :
		table || strcmp(as, "json") == 0 ? FORM_JSON : strcmp(as, "svg") == 0 ? FORM_SVG : FORM_TEXT,
		.term = { .lang = show->lang, .colour = http_query(request, "colour")[0] == '1',
		    .ascii = http_query(request, "ascii")[0] == '1',
		    .columns = columns >= 40 && columns <= 400 ? (unsigned)columns : 80 } };
}

/* A range that is none: seconds since 1970, or before now, from= before to=. */
bool show_range_bad(struct http_request *request)
{
	const char *from = http_query(request, "from"), *to = http_query(request, "to");
	int64_t begin = seconds_asked(from), end = seconds_asked(to);

	return (from[0] != '\0' && begin == 0 && strcmp(from, "0") != 0) ||
	    (to[0] != '\0' && end == 0 && strcmp(to, "0") != 0) || (begin > 0 && end > 0 && begin >= end);
}

bool show_read(const struct page *page, struct http_request *request, const char *id,
    struct show *show)
{
	long points = strtol(http_query(request, "points"), NULL, 10);
	bool history = show->view == NULL && show->drawn == NULL;
	const char *series = history ? http_query(request, "series") : NULL;

	show->lang = show_lang(page, request);
	show->gzip = strstr(http_header(request, "Accept-Encoding"), "gzip") != NULL;
	show->from_ms = seconds_asked(http_query(request, "from"));
	show->to_ms = seconds_asked(http_query(request, "to"));
	if (show->to_ms > 0 && show->from_ms >= show->to_ms)
		show->from_ms = show->to_ms = 0;
	show->points = points > 0 && points <= POINTS_MOST ? (uint32_t)points : POINTS_USUAL;
	if (show->view == NULL)
		form_read(request, show);
	if (show->drawn != NULL && show->drawn->only != FORM_TEXT)
		show->form.as = show->drawn->only;
	if (show->view != NULL)
		show_cookie(page, request, show->cookie, sizeof show->cookie);
	show->theme = show_theme(page, request);
	int n = snprintf(show->kind, sizeof show->kind, "%s", http_query(request, "kind"));

	if (n < 0 || (size_t)n >= sizeof show->kind)
		return false;
	if ((show->drawn != NULL && show->drawn->lose) ||
	    (show->view != NULL && strcmp(show->view->path, "/whatif") == 0))
		series = http_query(request, "lose");
	else if (series == NULL)
		return path_unescape(id, show->id, sizeof show->id);
	n = snprintf(show->id, sizeof show->id, "%s", series);
	return (n > 0 || show->view != NULL) && (size_t)n < sizeof show->id;
}
