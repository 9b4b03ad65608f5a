/* src/tell/teams.c - Microsoft Teams by a Workflows URL ("When a Teams webhook request is
 * received"): one adaptive card of version 1.4 (adaptivecards.io).  The URL is the
 * secret.  The connectors of before (MessageCard) are switched off by Microsoft. */
#include "tell/channel.h"

static const char *colour(const struct story *story)
{
	if (!story_is_incident(story) || story->telling->news == NEWS_ENDED)
		return "Good";
	return story->telling->finding.severity == SEVERITY_CRITICAL ? "Attention" : "Warning";
}

static void action_add(struct text *body, const char *title, const struct text *url)
{
	text_add(body, "{\"type\":\"Action.OpenUrl\"");
	json_member(body, "title", span_text(title), false);
	json_member(body, "url", text_span(url), false);
	text_add_char(body, '}');
}

CHANNEL_MAKE(teams)
{
	struct text *body = &dispatch->body;
	int code = json_post(story, secret, dispatch, why);

	if (code != KS_OK)
		return code;
	text_add(body, "{\"type\":\"message\",\"attachments\":[{\"contentType\":"
	    "\"application/vnd.microsoft.card.adaptive\",\"contentUrl\":null,\"content\":{"
	    "\"$schema\":\"http://adaptivecards.io/schemas/adaptive-card.json\","
	    "\"type\":\"AdaptiveCard\",\"version\":\"1.4\",\"body\":[{\"type\":\"TextBlock\","
	    "\"size\":\"Medium\",\"weight\":\"Bolder\",\"wrap\":true");
	json_member(body, "color", span_text(colour(story)), false);
	json_member(body, "text", text_span(&story->title), false);
	text_add(body, "},{\"type\":\"TextBlock\",\"wrap\":true");
	json_member(body, "text", text_span(&story->body), false);
	text_add(body, "}]");
	if (story->link.len > 0) {
		text_add(body, ",\"actions\":[");
		if (story->take.len > 0) {
			action_add(body, tr(story->lang, N_("I have it")), &story->take);
			text_add_char(body, ',');
		}
		action_add(body, tr(story->lang, N_("Look")), &story->link);
		text_add_char(body, ']');
	}
	text_add(body, "}}]}");
	return KS_OK;
}
