#include "page/act.h"
#include "base/number.h"
#include "page/asked.h"
#include "page/asset.h"
#include "page/fields.h"
#include "page/wish.h"
#include "site/quantity.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_BYTES = 4096, WHO_MOST = 64, YEAR_S = 31536000, ANSWER_BYTES = 8192 };

static const char act_path[] = "/act", take_path[] = "/take/";

static bool is_taking(const char *path)
{
	return strncmp(path, take_path, sizeof take_path - 1) == 0;
}

bool act_is(const char *path)
{
	return strcmp(path, act_path) == 0 || is_taking(path);
}

int64_t act_begin(struct http_request *request)
{
	static const char form[] = "application/x-www-form-urlencoded";

	if (strcmp(http_method(request), "POST") == 0) {
		if (strncmp(http_header(request, "Content-Type"), form, sizeof form - 1) == 0)
			return FORM_BYTES;
		http_say(request, 415, "Content-Type must be application/x-www-form-urlencoded");
		return -1;
	}
	if (is_taking(http_path(request)))
		return 0;
	http_say(request, 405, "this is a POST");
	return -1;
}

/* "2026-08-13T22:00", as an input of a browser has it, on zone's wall clock. */
static bool instant_read(const char *word, const struct zone *zone, int64_t *ret_ms)
{
	int year = 0, n = 0;
	unsigned month = 0, day = 0, hour = 0, minute = 0;

	if (sscanf(word, "%4d-%2u-%2uT%2u:%2u%n", &year, &month, &day, &hour, &minute, &n) != 5 ||
	    (word[n] != '\0' && word[n] != ':') || year < 2000 || month < 1 || month > 12 ||
	    day < 1 || day > 31 || hour > 23 || minute > 59)
		return false;
	const struct civil at = { .year = year, .month = (uint8_t)month, .day = (uint8_t)day,
		.hour = (uint8_t)hour, .minute = (uint8_t)minute };

	*ret_ms = zone_join(zone, &at);
	return true;
}

static int times_read(struct span body, const struct zone *zone, struct wish *wish,
    struct why *why)
{
	char word[40];

	if (field_take(body, "from", word, sizeof word) && word[0] != '\0' &&
	    !instant_read(word, zone, &wish->from_ms))
		return fail(why, KS_MALFORMED, "%s: not a time such as 2026-08-13T22:00", word);
	if (field_take(body, "to", word, sizeof word) && word[0] != '\0' &&
	    !instant_read(word, zone, &wish->to_ms))
		return fail(why, KS_MALFORMED, "%s: not a time such as 2026-08-13T22:00", word);
	if (wish->to_ms == 0 && field_take(body, "for", word, sizeof word) && word[0] != '\0')
		return quantity_read(span_text(word), unit_own("s"), &wish->for_ms, why);
	return KS_OK;
}

/* A path of ours and nothing else: no other host, no line end. */
static void back_read(struct span body, char back[JOB_BACK])
{
	bool good = field_take(body, "back", back, JOB_BACK) && back[0] == '/' && back[1] != '/';

	for (const char *c = back; *c != '\0'; c++)
		good &= *c > ' ' && *c < 0x7f && *c != '\\';
	if (!good)
		(void)snprintf(back, JOB_BACK, "/");
}

static bool word_read(struct span body, const char *name, char *room, size_t size)
{
	char any[FORM_BYTES];

	/* not there is "", there but too long is wrong */
	return field_take(body, name, room, size) || !field_take(body, name, any, sizeof any);
}

int act_read(struct span body, const struct zone *zone, struct act_form *ret_form,
    struct why *why)
{
	struct act_form form = { .wish = { .what = WISHES } };
	struct wish *wish = &form.wish;
	char word[24];
	int64_t number = 0;

	(void)field_take(body, "act", word, sizeof word);
	wish->what = wish_find(word);
	if (wish->what >= WISH_TAKE)
		return fail(why, KS_MALFORMED, "the form does not say what to do");
	if (field_take(body, "number", word, sizeof word) && word[0] != '\0' &&
	    (number_read(span_text(word), 0, &number) != KS_OK || number < 0))
		return fail(why, KS_MALFORMED, "%s: not a number", word);
	wish->number = (uint64_t)number;
	if (!word_read(body, "subject", wish->subject, sizeof wish->subject) ||
	    !word_read(body, "reason", wish->reason, sizeof wish->reason) ||
	    !word_read(body, "who", wish->who, sizeof wish->who))
		return fail(why, KS_MALFORMED, "a word of the form is too long");
	back_read(body, form.back);
	int code = times_read(body, zone, wish, why);

	if (code == KS_OK)
		*ret_form = form;
	return code;
}

int take_read(const char *link, struct wish *ret_wish, struct why *why)
{
	struct span rest = span_text(link), number = span_until(&rest, '-'),
		    until = span_until(&rest, '-'), mac = span_until(&rest, '-');
	struct wish wish = { .what = WISH_TAKE };
	int64_t id = 0, until_s = 0;

	if (number_read(number, 0, &id) != KS_OK || id <= 0 ||
	    number_read(until, 0, &until_s) != KS_OK || until_s <= 0 || until_s > INT64_MAX / 1000 ||
	    mac.left >= sizeof wish.reason || rest.left == 0 || rest.left >= sizeof wish.subject)
		return fail(why, KS_MALFORMED, "this link was not made by this keisoku");
	wish.number = (uint64_t)id;
	wish.to_ms = until_s * 1000;
	(void)snprintf(wish.reason, sizeof wish.reason, "%.*s", (int)mac.left, (const char *)mac.at);
	(void)snprintf(wish.subject, sizeof wish.subject, "%.*s", (int)rest.left,
	    (const char *)rest.at);
	*ret_wish = wish;
	return KS_OK;
}

/* A small page of its own: it says nothing of the room to who is not logged in. */
static void small_page(struct http_request *request, enum lang lang, unsigned status,
    const char *heading, const struct text *inner)
{
	KS_DROP(text) struct text out;

	text_init(&out, ANSWER_BYTES + inner->len);
	markup(&out, "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s "
	    "\xc2\xb7 keisoku</title><meta name=\"viewport\" content=\"width=device-width,"
	    "initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" "
	    "href=\"/icon-none.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"%s\">"
	    "</head><body><main id=\"content\" class=\"small\"><article class=\"card\"><h1>%s</h1>",
	    lang == LANG_JA ? "ja" : "en", heading, asset_name("page.css"), heading);
	text_add_span(&out, text_span(inner));
	markup(&out, "</article></main></body></html>\n");
	http_answer(request, &(struct http_answer){ .status = status, .page = true,
	    .type = "text/html; charset=utf-8", .body = text_span(&out) });
}

static void take_ask(const struct page *page, struct http_request *request, const char *link)
{
	enum lang lang = show_lang(page, request);
	KS_DROP(text) struct text inner;
	struct why why = { .fmt = NULL };
	struct wish wish;

	text_init(&inner, ANSWER_BYTES);
	if (take_read(link, &wish, &why) != KS_OK) {
		markup(&inner, "<p>%s</p>", tr(lang, why.text));
		small_page(request, lang, 404, tr(lang, N_("Not found")), &inner);
		return;
	}
	KS_DROP(text) struct text heading;

	text_init(&heading, 200);
	say(&heading, lang, "Do you take on incident %llu?", (unsigned long long)wish.number);
	markup(&inner, "<p>%s</p><form method=\"post\"><p><label>%s "
	    "<input name=\"who\" maxlength=\"60\" autocomplete=\"name\"></label></p><p class=\"buttons\">"
	    "<button class=\"button main\">%s</button><a class=\"button\" href=\"/incident/%llu\">%s</a></p></form>",
	    tr(lang, N_("Then nobody else is told of it, and your name is put on record.")),
	    tr(lang, N_("Your name")), tr(lang, N_("I have it")), (unsigned long long)wish.number,
	    tr(lang, N_("Only look")));
	small_page(request, lang, 200, text_cstr(&heading), &inner);
}

/* A name once given is kept by the browser, and stands in for who did not log in. */
static void who_known(const struct page *page, const struct http_request *request,
    struct job *job, struct wish *wish)
{
	struct page_who who;
	const char *cookie = strstr(http_header(request, "Cookie"), "who=");
	struct span rest = span_text(cookie != NULL ? cookie : "");
	struct span said = span_until(&rest, ';');

	access_who(page, request, &who);
	(void)snprintf(job->who, sizeof job->who, "%s", wish->who);
	if (who.name[0] != '\0')
		(void)snprintf(wish->who, sizeof wish->who, "%s", who.name);
	else if (wish->who[0] == '\0')
		(void)field_take(said, "who", wish->who, sizeof wish->who);
	if (wish->who[0] == '\0')
		(void)snprintf(wish->who, sizeof wish->who, "%s",
		    wish->what == WISH_TAKE ? wish->subject : "page");
}

void act_take(struct page *page, struct http_request *request)
{
	bool taking = is_taking(http_path(request));
	const char *link = taking ? http_path(request) + sizeof take_path - 1 : "";
	struct act_form form = { .back = "/" };
	struct why why = { .fmt = NULL };
	char plain[256];

	if (taking && !path_unescape(link, plain, sizeof plain)) {
		http_say(request, 404, "there is no such page; begin at /");
		return;
	}
	if (strcmp(http_method(request), "POST") != 0) {
		take_ask(page, request, plain);
		return;
	}
	struct job *job = page->core ? job_new(page, request, JOB_WISH) : NULL;

	if (job == NULL) {
		http_say(request, 503, "the core of keisoku is not there at the moment; come again");
		return;
	}
	int code = taking ? take_read(plain, &form.wish, &why)
			  : act_read(http_body(request), page->zone, &form, &why);

	if (taking)
		(void)field_take(http_body(request), "who", form.wish.who, sizeof form.wish.who);
	job->form = taking ? JOB_TAKING : JOB_ACTING;
	memcpy(job->back, form.back, sizeof job->back);
	who_known(page, request, job, &form.wish);
	if (code == KS_OK)
		code = wish_send(page, job, &form.wish, &why);
	job->failed = code;
	if (code != KS_OK) {
		(void)snprintf(job->says, sizeof job->says, "%s", why.text);
		act_answer(page, job);
	}
}

static void acted_back(const struct job *job)
{
	char cookie[4 * WHO_MOST + 100] = "who=";
	size_t n = 4;

	for (const char *c = job->who; *c != '\0' && n + 4 < sizeof cookie - 80; c++)
		n += (size_t)snprintf(cookie + n, sizeof cookie - n, "%%%02X", (unsigned)(unsigned char)*c);
	(void)snprintf(cookie + n, sizeof cookie - n, "; Path=/; Max-Age=%d; SameSite=Lax; HttpOnly",
	    (int)YEAR_S);
	http_answer(job->request, &(struct http_answer){ .status = 303, .page = true,
	    .type = "text/plain", .location = job->back,
	    .cookie = job->who[0] != '\0' ? cookie : NULL });
}

void act_answer(struct page *page, struct job *job)
{
	struct http_request *request = job->request;
	KS_DROP(text) struct text inner = { 0 };

	page->event += job->failed == KS_OK; /* who looks sees it at once */
	if (request == NULL) {
		job_end(page, job);
		return;
	}
	enum lang lang = show_lang(page, request);

	text_init(&inner, ANSWER_BYTES);
	if (job->failed != KS_OK) {
		markup(&inner, "<p>%s</p><p class=\"buttons\"><a class=\"button main\" href=\"%s\">%s</a></p>",
		    tr(lang, job->says), job->back, tr(lang, N_("Back")));
		small_page(request, lang, wish_status(job->failed), tr(lang, N_("That was not done")),
		    &inner);
	} else if (job->form == JOB_TAKING) {
		markup(&inner, "<p>%s</p><p class=\"buttons\"><a class=\"button main\" href=\"/\">%s</a></p>",
		    tr(lang, N_("Nobody else is told of it. It is on record.")),
		    tr(lang, N_("To the overview")));
		small_page(request, lang, 200, tr(lang, N_("You have it")), &inner);
	} else {
		acted_back(job);
	}
	job_end(page, job);
}
