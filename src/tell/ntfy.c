/* src/tell/ntfy.c - ntfy by "publish as JSON" (docs.ntfy.sh/publish): POST to the server,
 * the topic inside.  to= is server and topic, https://ntfy.example/room; a secret is the
 * access token.  What is critical comes with priority 5: it rings through. */
#include "tell/channel.h"
#include <string.h>

static int priority(const struct story *story)
{
	if (!story_is_incident(story) || story->telling->news == NEWS_ENDED)
		return 3;
	return story->telling->finding.severity == SEVERITY_CRITICAL ? 5 : 4;
}

CHANNEL_MAKE(ntfy)
{
	struct text *body = &dispatch->body;
	int code = json_post(story, secret, dispatch, why);

	if (code != KS_OK)
		return code;
	const char *url = text_cstr(&dispatch->url), *host = strstr(url, "://");
	const char *topic = strrchr(url, '/');

	if (host == NULL || topic <= host + 2 || topic[1] == '\0')
		return fail(why, KS_MALFORMED, "%s: to= of an ntfy channel ends in /TOPIC",
		    story->notify->id);
	text_add_char(body, '{');
	json_member(body, "topic", span_text(topic + 1), true);
	json_member(body, "title", text_span(&story->title), false);
	json_member(body, "message", text_span(&story->body), false);
	text_addf(body, ",\"priority\":%d,\"tags\":[\"%s\"]", priority(story),
	    priority(story) == 5 ? "rotating_light" : priority(story) == 4 ? "warning"
									   : "white_check_mark");
	if (story->link.len > 0)
		json_member(body, "click", text_span(&story->link), false);
	if (story->take.len > 0) {
		text_add(body, ",\"actions\":[{\"action\":\"view\"");
		json_member(body, "label", span_text(tr(story->lang, N_("I have it"))), false);
		json_member(body, "url", text_span(&story->take), false);
		text_add(body, "}]");
	}
	text_add_char(body, '}');
	dispatch->url.len = (size_t)(topic - url);
	dispatch->url.at[dispatch->url.len] = '\0';
	return KS_OK;
}
