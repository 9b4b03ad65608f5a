/* src/tell/chatwork.c - Chatwork API v2: POST /v2/rooms/ROOM/messages, a form, the token
 * in x-chatworktoken (developer.chatwork.com).  to= is the room's number, or the whole
 * URL of a server of one's own. */
#include "tell/channel.h"
#include "base/drop.h"
#include <string.h>

enum { BODY_MOST = 2500 }; /* bytes; very long bodies are answered 400 */

/* application/x-www-form-urlencoded */
static void form_add(struct text *text, struct span s)
{
	for (size_t i = 0; i < s.left; i++) {
		char c = (char)s.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || (c != '\0' && strchr("-_.*", c) != NULL);

		if (plain)
			text_add_char(text, c);
		else if (c == ' ')
			text_add_char(text, '+');
		else
			text_addf(text, "%%%02X", s.at[i]);
	}
}

CHANNEL_MAKE(chatwork)
{
	const char *to = story->notify->to;
	bool is_url = strncmp(to, "http://", 7) == 0 || strncmp(to, "https://", 8) == 0;

	if (!is_url && (to[0] == '\0' || to[strspn(to, "0123456789")] != '\0'))
		return fail(why, KS_MALFORMED, "%s: to= of a Chatwork channel is the room's number",
		    story->notify->id);
	if (secret->alone.left == 0)
		return fail(why, KS_ABSENT, "%s: its secret file holds no token", story->notify->id);
	text_addf(&dispatch->url, is_url ? "%s" : "https://api.chatwork.com/v2/rooms/%s/messages", to);
	text_add(&dispatch->headers, "Content-Type: application/x-www-form-urlencoded\nx-chatworktoken: ");
	text_add_span(&dispatch->headers, secret->alone);
	text_add_char(&dispatch->headers, '\n');
	KS_DROP(text) struct text take;

	text_init(&take, 2 * STORY_LINK);
	story_take_line(story, &take);
	struct span body = text_span(&story->body);

	while (body.left > BODY_MOST || (body.left > 0 && (body.at[body.left - 1] & 0xc0) == 0x80 &&
	    body.left == BODY_MOST))
		body.left--;
	text_add(&dispatch->body, "self_unread=1&body=");
	form_add(&dispatch->body, span_text("[info][title]"));
	form_add(&dispatch->body, text_span(&story->title));
	form_add(&dispatch->body, span_text("[/title]"));
	form_add(&dispatch->body, body);
	form_add(&dispatch->body, text_span(&take));
	form_add(&dispatch->body, span_text("[/info]"));
	return KS_OK;
}
