/* src/tell/slack.c - Slack's incoming webhook: {"text", "blocks"} (api.slack.com,
 * "Sending messages using incoming webhooks").  The URL is the secret. */
#include "tell/channel.h"

enum { HEADER_MOST = 150 }; /* characters of a header block */

/* Whole characters only, at most so many. */
static struct span characters(struct span s, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < s.left; i++) {
		if ((s.at[i] & 0xc0) == 0x80)
			continue;
		if (n++ == most)
			return span_of(s.at, i);
	}
	return s;
}

static void button_add(struct text *body, const char *label, const struct text *url)
{
	text_add(body, "{\"type\":\"button\",\"text\":{\"type\":\"plain_text\"");
	json_member(body, "text", span_text(label), false);
	text_add_char(body, '}');
	json_member(body, "url", text_span(url), false);
	text_add_char(body, '}');
}

CHANNEL_MAKE(slack)
{
	struct text *body = &dispatch->body;
	int code = json_post(story, secret, dispatch, why);

	if (code != KS_OK)
		return code;
	text_add_char(body, '{');
	json_member(body, "text", text_span(&story->title), true);
	text_add(body, ",\"blocks\":[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\"");
	json_member(body, "text", characters(text_span(&story->title), HEADER_MOST), false);
	text_add(body, "}},{\"type\":\"section\",\"text\":{\"type\":\"plain_text\"");
	json_member(body, "text", characters(text_span(&story->body), 3000), false);
	text_add(body, "}}");
	if (story->link.len > 0) {
		text_add(body, ",{\"type\":\"actions\",\"elements\":[");
		if (story->take.len > 0) {
			button_add(body, tr(story->lang, N_("I have it")), &story->take);
			text_add_char(body, ',');
		}
		button_add(body, tr(story->lang, N_("Look")), &story->link);
		text_add(body, "]}");
	}
	text_add(body, "]}");
	return KS_OK;
}
