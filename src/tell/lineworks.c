/* src/tell/lineworks.c - LINE WORKS' Incoming Webhook app: {"title", "body": {"text"},
 * "button": {"label", "url"}} (developers.worksmobile.com, webhook).  The URL is the
 * secret. */
#include "tell/channel.h"

CHANNEL_MAKE(lineworks)
{
	struct text *body = &dispatch->body;
	int code = json_post(story, secret, dispatch, why);

	if (code != KS_OK)
		return code;
	text_add_char(body, '{');
	json_member(body, "title", text_span(&story->title), true);
	text_add(body, ",\"body\":{");
	json_member(body, "text", text_span(&story->body), true);
	text_add_char(body, '}');
	if (story->link.len > 0) {
		bool take = story->take.len > 0;

		text_add(body, ",\"button\":{"); /* there is one only; the text has the other link */
		json_member(body, "label", span_text(tr(story->lang, take ? N_("I have it") :
		    N_("Look"))), true);
		json_member(body, "url", text_span(take ? &story->take : &story->link), false);
		text_add_char(body, '}');
	}
	text_add_char(body, '}');
	return KS_OK;
}
