#include "page/wish.h"
#include "page/act.h"
#include "page/alerts.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { ACT_BYTES = 8192 };

static const char acts[] = "/api/v1/acts", alerts[] = "/api/v2/alerts",
		  webhook[] = "/api/v1/alerts";

static bool is_act(const struct http_request *request)
{
	return strcmp(http_path(request), acts) == 0;
}

bool wish_is(const struct http_request *request)
{
	return is_act(request) || strcmp(http_path(request), alerts) == 0 ||
	    strcmp(http_path(request), webhook) == 0;
}

int64_t wish_begin(struct http_request *request)
{
	const char *type = http_header(request, "Content-Type");

	if (strcmp(http_method(request), "POST") != 0)
		http_say(request, 405, "this is a POST");
	else if (strncmp(type, "application/json", 16) != 0)
		http_say(request, 415, "Content-Type must be application/json");
	else
		return is_act(request) ? (int64_t)ACT_BYTES : (int64_t)LIMIT_ALERTS_BYTES;
	return -1;
}

static bool word_take(const json_t *json, const char *name, char *to, size_t room)
{
	const json_t *value = json_object_get(json, name);
	const char *text = json_string_value(value);

	if (value == NULL)
		return true;
	if (text == NULL || strlen(text) != json_string_length(value) || strlen(text) >= room)
		return false;
	(void)snprintf(to, room, "%s", text);
	return true;
}

static int64_t number_take(const json_t *json, const char *name)
{
	return json_integer_value(json_object_get(json, name));
}

uint32_t wish_find(const char *word)
{
	static const char *const words[WISH_TAKE] = { "acknowledge", "silence", "maintenance", "end",
		"test", "escalate" };

	for (uint32_t i = 0; i < WISH_TAKE; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return WISHES;
}

int wish_read(struct span body, struct wish *ret_wish, struct why *why)
{
	json_auto_t *json = json_loadb((const char *)body.at, body.left, JSON_REJECT_DUPLICATES, NULL);
	const char *what = json_string_value(json_object_get(json, "act"));
	struct wish wish = { .what = WISHES };

	if (json == NULL)
		return fail(why, KS_MALFORMED, "the act is no JSON");
	if (what != NULL)
		wish.what = wish_find(what);
	if (wish.what == WISHES)
		return fail(why, KS_MALFORMED,
		    "\"act\" is one of acknowledge, silence, maintenance, end, test, escalate");
	int64_t number = number_take(json, "number");

	wish.number = number > 0 ? (uint64_t)number : 0;
	wish.from_ms = number_take(json, "from_ms");
	wish.to_ms = number_take(json, "to_ms");
	wish.for_ms = number_take(json, "for_ms");
	if (!word_take(json, "who", wish.who, sizeof wish.who) ||
	    !word_take(json, "subject", wish.subject, sizeof wish.subject) ||
	    !word_take(json, "reason", wish.reason, sizeof wish.reason))
		return fail(why, KS_MALFORMED, "a word of the act is too long or no text");
	*ret_wish = wish;
	return KS_OK;
}

static int job_send(struct page *page, struct job *job, enum message_kind kind, struct span body,
    size_t n)
{
	struct why why = { .fmt = NULL };
	const struct parcel parcel = { .kind = kind, .count = (uint16_t)n, .ticket = job->ticket,
		.body = body };
	int code = page->options.send(page->options.user, &parcel, &why);

	if (code == KS_OK)
		job->open++;
	return code;
}

int wish_send(struct page *page, struct job *job, const struct wish *wish, struct why *why)
{
	if (job_send(page, job, MESSAGE_WISH, span_of(wish, sizeof *wish), 1) != KS_OK)
		return fail(why, KS_LATE, "the core of keisoku is busy; come again");
	return KS_OK;
}

static int act_send(struct page *page, struct job *job, struct why *why)
{
	struct wish wish;
	struct page_who who;
	int code = wish_read(http_body(job->request), &wish, why);

	/* who has logged in can not act in another's name */
	access_who(page, job->request, &who);
	if (who.name[0] != '\0')
		memcpy(wish.who, who.name, sizeof wish.who);
	return code == KS_OK ? wish_send(page, job, &wish, why) : code;
}

static int alerts_send(struct page *page, struct job *job, struct why *why)
{
	struct alert *list = calloc(ALERTS_ROOM, sizeof *list);
	size_t n = 0;
	int code = list == NULL ? fail(why, KS_FULL, "out of memory")
	    : alerts_read(http_body(job->request), list, &n, why);

	for (size_t i = 0; code == KS_OK && i < n; i += ALERTS_MOST) {
		size_t part = n - i < (size_t)ALERTS_MOST ? n - i : (size_t)ALERTS_MOST;

		if (job_send(page, job, MESSAGE_ALERTS, span_of(&list[i], part * sizeof *list), part) !=
		    KS_OK)
			code = fail(why, KS_LATE, "the core of keisoku is busy; come again");
	}
	free(list);
	return code;
}

unsigned wish_status(int code)
{
	switch (code) {
	case KS_OK:
		return 200;
	case KS_ABSENT:
		return 404;
	case KS_LATE:
	case KS_FULL:
	case KS_IO:
		return 503;
	default:
		return 400;
	}
}

static void json_answer(struct page *page, struct job *job)
{
	KS_DROP(text) struct text body;
	unsigned status = wish_status(job->failed);


	text_init(&body, 4096);
	text_addf(&body, "{\"schema\":\"keisoku.acted/1\",\"done\":%s,\"number\":%llu,\"says\":\"",
	    job->failed == KS_OK ? "true" : "false", (unsigned long long)job->sent);
	text_add_json(&body, span_text(job->says));
	text_add(&body, "\"}\n");
	if (job->request != NULL)
		http_answer(job->request, &(struct http_answer){ .status = status,
		    .type = "application/json", .body = text_span(&body) });
	job_end(page, job);
}

static void job_answer(struct page *page, struct job *job)
{
	if (job->form == JOB_JSON)
		json_answer(page, job);
	else
		act_answer(page, job);
}

void wish_request(struct page *page, struct http_request *request)
{
	struct job *job = page->core ? job_new(page, request, JOB_WISH) : NULL;
	struct why why = { .fmt = NULL };

	if (job == NULL) {
		http_say(request, 503, "the core of keisoku is not there at the moment; come again");
		return;
	}
	int code = is_act(request) ? act_send(page, job, &why) : alerts_send(page, job, &why);

	job->failed = code;
	if (code != KS_OK)
		(void)snprintf(job->says, sizeof job->says, "%s", why.text);
	if (job->open == 0)
		job_answer(page, job);
}

void wish_answered(struct page *page, const struct message *message)
{
	struct job *job = page->jobs;
	struct wished wished;

	message_record(message, 0, &wished, sizeof wished);
	wished.text[sizeof wished.text - 1] = '\0';
	while (job != NULL && (job->kind != JOB_WISH || job->ticket != message->head.ticket))
		job = job->next;
	if (job == NULL || job->open == 0)
		return;
	job->open--;
	job->sent = wished.number;
	if (wished.code != KS_OK) {
		job->failed = wished.code;
		(void)snprintf(job->says, sizeof job->says, "%s", wished.text);
	}
	if (job->open == 0)
		job_answer(page, job);
}
