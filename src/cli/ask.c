#include "cli/ask.h"
#include "base/drop.h"
#include "base/limits.h"
#include "role/paths.h"
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ASK_SECONDS = 5, POST_SECONDS = 90 };

struct asked {
	struct text *body;
	char verdict[ASK_VERDICT];
};

static size_t body_take(char *bytes, size_t size, size_t n, void *user)
{
	struct text *body = user;

	text_add_span(body, span_of(bytes, size * n));
	return body->full ? 0 : size * n;
}

/* "Keisoku-Verdict: critical" */
static size_t header_take(char *bytes, size_t size, size_t n, void *user)
{
	static const char name[] = "Keisoku-Verdict:";
	struct span line = span_of(bytes, size * n);
	char *verdict = user;

	if (line.left > sizeof name && strncasecmp(bytes, name, sizeof name - 1) == 0) {
		(void)span_cut(&line, sizeof name - 1);
		line = span_trim(line);
		(void)snprintf(verdict, ASK_VERDICT, "%.*s", (int)line.left, (const char *)line.at);
	}
	return size * n;
}

/* json: the body tells what went wrong, whatever the status. */
static int answer_of(CURL *curl, CURLcode code, const struct text *body, bool json, struct why *why)
{
	struct span said = text_span(body);
	long status = 0;

	if (code == CURLE_COULDNT_CONNECT)
		return fail(why, KS_ABSENT, "no daemon answers here");
	if (code == CURLE_OPERATION_TIMEDOUT)
		return fail(why, KS_LATE, "the daemon did not answer within %d s", ASK_SECONDS);
	if (code != CURLE_OK)
		return fail(why, KS_IO, "the daemon's socket: %s", curl_easy_strerror(code));
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status == 404 && body->len > 0 && !json)
		return fail(why, KS_REFUSED, "%.*s", (int)span_until(&said, '\n').left,
		    text_cstr(body)); /* in words already */
	if (status != 200 && (!json || body->len == 0 || body->at[0] != '{'))
		return fail(why, KS_REFUSED, "the daemon answered %ld: %.*s", status,
		    (int)span_until(&said, '\n').left, text_cstr(body));
	return KS_OK;
}

/* json.at NULL: GET. */
static int ask(const char *state, const char *path, struct span json, struct asked *asked,
    struct why *why)
{
	char socket[PATHS_MOST], url[200];
	int failed = paths_socket(state, socket, why);
	struct curl_slist *headers = NULL;
	CURL *curl;

	if (failed != KS_OK)
		return failed;
	if (access(socket, F_OK) != 0)
		return fail(why, KS_ABSENT, "no daemon runs here (%s is not there)", socket);
	curl = curl_easy_init();
	if (curl == NULL)
		return fail(why, KS_FULL, "no memory left");
	(void)snprintf(url, sizeof url, "http://localhost%s", path);
	(void)curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket);
	(void)curl_easy_setopt(curl, CURLOPT_URL, url);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, json.at != NULL ? (long)POST_SECONDS
								      : (long)ASK_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_take);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, asked->body);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, header_take);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, asked->verdict);
	if (json.at != NULL) {
		headers = curl_slist_append(NULL, "Content-Type: application/json");
		(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)json.left);
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, (const char *)json.at);
	}
	failed = answer_of(curl, curl_easy_perform(curl), asked->body, json.at != NULL, why);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	return failed;
}

int ask_get(const char *state, const char *path, struct text *ret_body, struct why *why)
{
	return ask(state, path, span_of(NULL, 0), &(struct asked){ .body = ret_body }, why);
}

int ask_draw(const char *state, const char *path, struct text *ret_body,
    char ret_verdict[ASK_VERDICT], struct why *why)
{
	struct asked asked = { .body = ret_body };
	int code = ask(state, path, span_of(NULL, 0), &asked, why);

	memcpy(ret_verdict, asked.verdict, ASK_VERDICT);
	return code;
}

int ask_post(const char *state, const char *path, struct span json, struct text *ret_body,
    struct why *why)
{
	return ask(state, path, json, &(struct asked){ .body = ret_body }, why);
}

int ask_status(const char *state, json_t **ret_status, struct why *why)
{
	KS_DROP(text) struct text body;
	json_error_t error;
	json_t *status;
	int failed;

	text_init(&body, 64UL * 1024 * 1024);
	failed = ask_get(state, "/api/status", &body, why);
	if (failed != KS_OK)
		return failed;
	status = json_loads(text_cstr(&body), JSON_REJECT_DUPLICATES, &error);
	if (status == NULL)
		return fail(why, KS_MALFORMED, "the daemon's answer is no JSON: %s", error.text);
	*ret_status = status;
	return KS_OK;
}
