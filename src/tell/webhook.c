/* src/tell/webhook.c - keisoku's own JSON, keisoku.notify/1 (doc/schema): the finding
 * with its sentences in both languages. */
#include "tell/channel.h"
#include "words/status.h"

CHANNEL_MAKE(webhook)
{
	const struct telling *t = story->telling;
	struct text *body = &dispatch->body;
	int code = json_post(story, secret, dispatch, why);

	if (code != KS_OK)
		return code;
	text_add(body, "{\"schema\":\"keisoku.notify/1\"");
	json_member(body, "news", span_text(news_word((enum news)t->news)), false);
	json_member(body, "site", span_text(story->site->id), false);
	json_member(body, "channel", span_text(t->channel), false);
	json_member(body, "key", span_text(story->key), false);
	text_add(body, ",\"time\":\"");
	text_add_time(body, t->now_ms);
	text_addf(body, "\",\"attempt\":%u,\"explains\":%u,\"open\":%u", t->attempt, t->children,
	    t->open);
	json_member(body, "lang", span_text(story->lang == LANG_JA ? "ja" : "en"), false);
	json_member(body, "title", text_span(&story->title), false);
	json_member(body, "text", text_span(&story->body), false);
	json_member(body, "link", text_span(&story->link), false);
	json_member(body, "take", text_span(&story->take), false);
	text_add(body, ",\"finding\":");
	if (story_is_incident(story))
		finding_json(body, story->site, story->zone, &t->finding, t->now_ms);
	else
		text_add(body, "null");
	text_add_char(body, '}');
	return KS_OK;
}
