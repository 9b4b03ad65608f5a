/* src/tell/pagerduty.c - PagerDuty Events API v2 (developer.pagerduty.com): trigger and
 * resolve with one dedup_key an incident.  The secret is the routing key; to= replaces
 * the address of the API. */
#include "tell/channel.h"
#include "base/number.h"

static void payload_add(struct text *body, const struct story *story)
{
	const struct finding *f = &story->telling->finding;
	bool incident = story_is_incident(story);

	text_add(body, ",\"payload\":{");
	json_member(body, "summary", text_span(&story->title), true);
	json_member(body, "source", span_text(incident && f->subject[0] != '\0' ? f->subject
									  : story->site->id), false);
	json_member(body, "severity", span_text(!incident ? "info"
		: f->severity == SEVERITY_CRITICAL ? "critical" : "warning"), false);
	text_add(body, ",\"timestamp\":\"");
	text_add_time(body, incident && f->since_ms != 0 ? f->since_ms : story->telling->now_ms);
	text_add_char(body, '"');
	json_member(body, "class", span_text(incident ? finding_id(f->code) : "keisoku"), false);
	text_add(body, ",\"custom_details\":{");
	json_member(body, "text", text_span(&story->body), true);
	text_addf(body, ",\"explains\":%u}}", story->telling->children);
	if (story->link.len > 0) {
		text_add(body, ",\"links\":[{");
		json_member(body, "href", text_span(&story->link), true);
		text_add(body, ",\"text\":\"keisoku\"}");
		if (story->take.len > 0) {
			text_add(body, ",{");
			json_member(body, "href", text_span(&story->take), true);
			json_member(body, "text", span_text(tr(story->lang, N_("I have it"))), false);
			text_add_char(body, '}');
		}
		text_add_char(body, ']');
	}
}

CHANNEL_MAKE(pagerduty)
{
	struct text *body = &dispatch->body;
	const char *to = story->notify->to;

	if (secret->alone.left == 0)
		return fail(why, KS_ABSENT, "%s: its secret file holds no routing key",
		    story->notify->id);
	text_add(&dispatch->url, to != NULL ? to : "https://events.pagerduty.com/v2/enqueue");
	text_add(&dispatch->headers, "Content-Type: application/json\n");
	text_add_char(body, '{');
	json_member(body, "routing_key", secret->alone, true);
	json_member(body, "event_action", span_text(story->telling->news == NEWS_ENDED ? "resolve"
										   : "trigger"), false);
	json_member(body, "dedup_key", span_text(story->key), false);
	json_member(body, "client", span_text("keisoku"), false);
	payload_add(body, story);
	text_add_char(body, '}');
	return KS_OK;
}
