/* src/tell/mail.c - one mail (RFC 5322, MIME): plain text in UTF-8, base64; all mails of
 * an incident are one thread.  to= may name several addresses, divided by commas; the
 * secret is the password (then from= is the user), or has user= and password=. */
#include "tell/channel.h"
#include "base/drop.h"
#include "base/zone.h"
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 57, WORD_BYTES = 42 }; /* 76 and 56 characters of base64 */

static void base64_add(struct text *text, struct span s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.left; i += 3) {
		size_t n = s.left - i < 3 ? s.left - i : 3;
		uint32_t bits = (uint32_t)s.at[i] << 16 | (n > 1 ? (uint32_t)s.at[i + 1] << 8 : 0) |
		    (n > 2 ? s.at[i + 2] : 0u);

		for (unsigned k = 0; k < 4; k++)
			text_add_char(text, k <= n ? digits[bits >> (18 - 6 * k) & 63] : '=');
	}
}

/* RFC 2047: words of whole characters, each at most 75 long. */
static void subject_add(struct text *text, struct span s)
{
	for (bool first = true; s.left > 0; first = false) {
		size_t n = s.left < WORD_BYTES ? s.left : WORD_BYTES;

		while (n < s.left && n > 1 && (s.at[n] & 0xc0) == 0x80)
			n--;
		text_add(text, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		base64_add(text, span_cut(&s, n));
		text_add(text, "?=");
	}
}

static void date_add(struct text *text, int64_t utc_ms)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil c = zone_split(NULL, utc_ms);

	text_addf(text, "Date: %s, %02u %s %04d %02u:%02u:%02u +0000\r\n", days[c.weekday % 7],
	    c.day, months[(c.month + 11u) % 12], c.year, c.hour, c.minute, c.second);
}

/* Letters, digits and dots of a key, as a Message-ID may have them. */
static void id_add(struct text *text, const struct story *story, enum news news)
{
	text_add_char(text, '<');
	for (const char *c = story->key; *c != '\0'; c++)
		text_add_char(text, (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		    (*c >= '0' && *c <= '9') ? *c : '.');
	text_addf(text, ".%s.%s@keisoku.invalid>", news_word(news), story->telling->channel);
}

static void addresses_add(struct text *to, const char *list)
{
	struct span rest = span_text(list);

	while (rest.left > 0) {
		struct span one = span_until(&rest, ',');

		while (one.left > 0 && one.at[0] == ' ')
			(void)span_cut(&one, 1);
		if (one.left == 0)
			continue;
		text_add_span(to, one);
		text_add_char(to, '\n');
	}
}

static void head_add(struct text *body, const struct story *story)
{
	enum news news = (enum news)story->telling->news;

	text_addf(body, "From: keisoku <%s>\r\nTo: %s\r\nSubject: ", story->notify->from,
	    story->notify->to);
	subject_add(body, text_span(&story->title));
	text_add(body, "\r\n");
	date_add(body, story->telling->now_ms);
	text_add(body, "Message-ID: ");
	id_add(body, story, news);
	if (news == NEWS_WORSE || news == NEWS_ENDED) {
		text_add(body, "\r\nIn-Reply-To: ");
		id_add(body, story, NEWS_OPENED);
		text_add(body, "\r\nReferences: ");
		id_add(body, story, NEWS_OPENED);
	}
	text_addf(body, "\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
	    "Content-Language: %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n", story->lang == LANG_JA ? "ja" : "en");
}

static bool address_good(const char *s)
{
	for (const char *c = s; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || strchr("<>\"\\", *c) != NULL)
			return false;
	}
	return strchr(s, '@') != NULL;
}

CHANNEL_MAKE(mail)
{
	const struct notify *notify = story->notify;
	bool words = secret->password.at != NULL;
	KS_DROP(text) struct text whole;

	text_init(&whole, STORY_BODY + STORY_LINK);
	text_add_span(&whole, text_span(&story->body));
	story_take_line(story, &whole);
	struct span text = text_span(&whole);

	if (!address_good(notify->to) || !address_good(notify->from))
		return fail(why, KS_MALFORMED, "%s: to= or from= is no mail address", notify->id);
	if (strncmp(notify->server, "smtp://", 7) != 0 && strncmp(notify->server, "smtps://", 8) != 0)
		return fail(why, KS_MALFORMED, "%s: server= does not begin with smtp:// or smtps://",
		    notify->id);
	dispatch->by = BY_MAIL;
	text_add(&dispatch->url, notify->server);
	text_add(&dispatch->from, notify->from);
	addresses_add(&dispatch->to, notify->to);
	if (words || secret->alone.left > 0) {
		text_add_span(&dispatch->password, words ? secret->password : secret->alone);
		text_add_span(&dispatch->user, secret->user.left > 0 ? secret->user
								      : span_text(notify->from));
	}
	head_add(&dispatch->body, story);
	while (text.left > 0) {
		base64_add(&dispatch->body, span_cut(&text, text.left < LINE_BYTES ? text.left
										    : LINE_BYTES));
		text_add(&dispatch->body, "\r\n");
	}
	return KS_OK;
}
