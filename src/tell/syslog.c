/* src/tell/syslog.c - one message of RFC 5424; over TCP and TLS framed by octet counting
 * (RFC 6587, RFC 5425).  to= is udp://host:514, tcp://host:601 or tls://host:6514. */
#include "tell/channel.h"
#include <stdio.h>
#include <string.h>

enum { FACILITY_LOCAL0 = 16, CRITICAL = 2, WARNING = 4, NOTICE = 5, PRINTABLE_MOST = 48 };

static int severity_of(const struct story *story)
{
	if (!story_is_incident(story) || story->telling->news == NEWS_ENDED)
		return NOTICE;
	return story->telling->finding.severity == SEVERITY_CRITICAL ? CRITICAL : WARNING;
}

/* PRINTUSASCII without blanks, as the header's fields want it. */
static void field_add(struct text *text, const char *word)
{
	size_t n = 0;

	for (; *word != '\0' && n < PRINTABLE_MOST; word++, n++)
		text_add_char(text, *word > ' ' && *word < 0x7f ? *word : '_');
	if (n == 0)
		text_add_char(text, '-');
}

/* PARAM-VALUE: quote, backslash and ] are escaped (section 6.3.3). */
static void param_add(struct text *text, const char *name, const char *value)
{
	text_addf(text, " %s=\"", name);
	for (; *value != '\0'; value++) {
		if (strchr("\"\\]", *value) != NULL)
			text_add_char(text, '\\');
		text_add_char(text, *value);
	}
	text_add_char(text, '"');
}

static void message_add(struct text *text, const struct story *story)
{
	const struct telling *t = story->telling;
	bool incident = story_is_incident(story);

	text_addf(text, "<%d>1 ", FACILITY_LOCAL0 * 8 + severity_of(story));
	text_add_time(text, t->now_ms);
	text_add_char(text, ' ');
	field_add(text, story->site->id);
	text_add(text, " keisoku - ");
	field_add(text, incident ? finding_id(t->finding.code) : news_word((enum news)t->news));
	text_add(text, " [keisoku@32473"); /* the number of examples, RFC 5612: keisoku has none */
	param_add(text, "news", news_word((enum news)t->news));
	param_add(text, "key", story->key);
	if (incident) {
		param_add(text, "subject", t->finding.subject);
		param_add(text, "place", t->finding.place);
	}
	text_add(text, "] \xef\xbb\xbf"); /* MSG in UTF-8 begins with its mark */
	text_add_span(text, text_span(&story->title));
}

CHANNEL_MAKE(syslog)
{
	const char *to = story->notify->to;
	bool udp = strncmp(to, "udp://", 6) == 0;
	struct text message;

	(void)secret;
	if (!udp && strncmp(to, "tcp://", 6) != 0 && strncmp(to, "tls://", 6) != 0)
		return fail(why, KS_MALFORMED, "%s: to= of a syslog channel begins with udp://, tcp:// or tls://",
		    story->notify->id);
	dispatch->by = BY_SYSLOG;
	text_add(&dispatch->url, to);
	text_init(&message, STORY_BODY);
	message_add(&message, story);
	if (!udp)
		text_addf(&dispatch->body, "%zu ", message.len);
	text_add_span(&dispatch->body, text_span(&message));
	text_done(&message);
	return KS_OK;
}
