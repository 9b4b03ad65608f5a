#include "tell/channel.h"
#include "base/limits.h"
#include <string.h>

static const struct channel_row rows[] = {
	{ "mail", mail_make },
	{ "webhook", webhook_make },
	{ "alertmanager", alertmanager_make },
	{ "slack", slack_make },
	{ "teams", teams_make },
	{ "lineworks", lineworks_make },
	{ "chatwork", chatwork_make },
	{ "ntfy", ntfy_make },
	{ "pagerduty", pagerduty_make },
	{ "syslog", syslog_make },
	{ "heartbeat", heartbeat_make },
};

enum { SECRET_WORD = 2048 };

static bool begins(struct span s, const char *word)
{
	size_t n = strlen(word);

	return s.left >= n && memcmp(s.at, word, n) == 0;
}

static struct span after(struct span s, size_t n)
{
	(void)span_cut(&s, n);
	return s;
}

static struct span line_trim(struct span line)
{
	while (line.left > 0 && (line.at[line.left - 1] == '\r' || line.at[line.left - 1] == ' '))
		line.left--;
	return line;
}

/* From the first BEGIN to the end of the last END line. */
static struct span pem_find(struct span bytes)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END CERTIFICATE-----";
	const uint8_t *from = bytes.left > 0
	    ? memmem(bytes.at, bytes.left, begin, sizeof begin - 1) : NULL;
	const uint8_t *to = NULL, *stop = bytes.at + bytes.left;

	for (const uint8_t *at = from; at != NULL;) {
		at = memmem(at, (size_t)(stop - at), end, sizeof end - 1);
		if (at != NULL)
			to = at += sizeof end - 1;
	}
	return to != NULL ? span_of(from, (size_t)(to - from)) : (struct span){ .at = NULL };
}

void channel_secret_read(struct span bytes, struct channel_secret *ret_secret)
{
	struct channel_secret secret = { .pem = pem_find(bytes) };
	struct span rest = bytes;
	const struct {
		const char *word;
		struct span *at;
	} words[] = { { "user=", &secret.user }, { "password=", &secret.password },
		{ "ca=", &secret.ca }, { "pin=", &secret.pin } };

	while (rest.left > 0) {
		struct span line = line_trim(span_until(&rest, '\n'));
		bool known = line.left == 0 || line.at[0] == '#';

		if (begins(line, "-----BEGIN "))
			break;
		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			if (!begins(line, words[i].word))
				continue;
			*words[i].at = after(line, strlen(words[i].word));
			known = true;
		}
		if (!known && secret.alone.at == NULL)
			secret.alone = line;
	}
	*ret_secret = secret;
}

void json_member(struct text *text, const char *name, struct span value, bool first)
{
	text_addf(text, "%s\"%s\":\"", first ? "" : ",", name);
	text_add_json(text, value);
	text_add_char(text, '"');
}

int json_post(const struct story *story, const struct channel_secret *secret,
    struct dispatch *dispatch, struct why *why)
{
	const char *to = story->notify->to;
	struct span url = to != NULL ? span_text(to) : secret->alone;

	if (!begins(url, "https://") && !begins(url, "http://"))
		return fail(why, KS_MALFORMED, "%s: its URL does not begin with https:// or http://",
		    story->notify->id);
	dispatch->by = BY_HTTP;
	dispatch->method = "POST";
	text_add_span(&dispatch->url, url);
	text_add(&dispatch->headers, "Content-Type: application/json\n");
	if (to != NULL && secret->alone.left > 0) {
		text_add(&dispatch->headers, "Authorization: Bearer ");
		text_add_span(&dispatch->headers, secret->alone);
		text_add_char(&dispatch->headers, '\n');
	}
	return KS_OK;
}

/* A line end in what becomes a header or an address would begin another one. */
static bool clean(const struct text *text)
{
	for (size_t i = 0; i < text->len; i++) {
		if ((unsigned char)text->at[i] < ' ' || text->at[i] == 0x7f)
			return false;
	}
	return true;
}

static void dispatch_init(struct dispatch *dispatch)
{
	*dispatch = (struct dispatch){ .method = "POST" };
	struct text *const words[] = { &dispatch->url, &dispatch->user, &dispatch->password,
		&dispatch->from, &dispatch->to, &dispatch->ca_file, &dispatch->pin };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		text_init(words[i], SECRET_WORD);
	text_init(&dispatch->headers, 2 * SECRET_WORD);
	text_init(&dispatch->ca_pem, LIMIT_SECRET_BYTES);
	text_init(&dispatch->body, LIMIT_MESSAGE_BYTES);
}

static int dispatch_look(const struct dispatch *d, const char *id, struct why *why)
{
	const struct text *const all[] = { &d->url, &d->headers, &d->body, &d->user, &d->password,
		&d->from, &d->to, &d->ca_file, &d->ca_pem, &d->pin };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i]->full)
			return fail(why, KS_FULL, "%s: the message or its address is too long", id);
	}
	if (!clean(&d->url) || !clean(&d->user) || !clean(&d->password) || !clean(&d->from))
		return fail(why, KS_MALFORMED, "%s: a line end or control character in its address or secret",
		    id);
	return KS_OK;
}

int dispatch_make(const struct story *story, struct span secret, struct dispatch *ret_dispatch,
    struct why *why)
{
	struct channel_secret words;
	struct dispatch dispatch;
	int code = KS_ABSENT;

	channel_secret_read(secret, &words);
	dispatch_init(&dispatch);
	text_add_span(&dispatch.ca_file, words.ca);
	text_add_span(&dispatch.pin, words.pin);
	text_add_span(&dispatch.ca_pem, words.pem);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(story->notify->via, rows[i].via) == 0)
			code = rows[i].make(story, &words, &dispatch, why);
	}
	if (code == KS_OK)
		code = dispatch_look(&dispatch, story->notify->id, why);
	if (code != KS_OK) {
		dispatch_done(&dispatch);
		return code;
	}
	*ret_dispatch = dispatch;
	return KS_OK;
}

void dispatch_done(struct dispatch *dispatch)
{
	struct text *const all[] = { &dispatch->url, &dispatch->headers, &dispatch->body,
		&dispatch->user, &dispatch->password, &dispatch->from, &dispatch->to,
		&dispatch->ca_file, &dispatch->ca_pem, &dispatch->pin };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i]->at != NULL)
			explicit_bzero(all[i]->at, all[i]->len);
		text_done(all[i]);
	}
}
