/* src/tell/alertmanager.c - the webhook body of Prometheus' Alertmanager, version "4"
 * (prometheus.io/docs/alerting, webhook_config): what Grafana, Keep, bridges to pagers
 * and LibreNMS already understand. */
#include "tell/channel.h"
#include "base/hash.h"

static void labels_add(struct text *body, const struct story *story)
{
	const struct finding *f = &story->telling->finding;
	bool incident = story_is_incident(story);

	text_add_char(body, '{');
	json_member(body, "alertname", span_text(incident ? finding_id(f->code)
		: news_word((enum news)story->telling->news)), true);
	json_member(body, "severity", span_text(!incident ? "none"
		: f->severity == SEVERITY_CRITICAL ? "critical" : "warning"), false);
	json_member(body, "site", span_text(story->site->id), false);
	if (incident && f->subject[0] != '\0')
		json_member(body, "instance", span_text(f->subject), false);
	if (incident && f->place[0] != '\0')
		json_member(body, "place", span_text(f->place), false);
	text_add_char(body, '}');
}

static void annotations_add(struct text *body, const struct story *story)
{
	text_add_char(body, '{');
	json_member(body, "summary", text_span(&story->title), true);
	json_member(body, "description", text_span(&story->body), false);
	text_add_char(body, '}');
}

static void time_add(struct text *body, const char *name, int64_t ms)
{
	text_addf(body, ",\"%s\":\"", name);
	if (ms != 0)
		text_add_time(body, ms);
	else
		text_add(body, "0001-01-01T00:00:00Z"); /* Alertmanager's "not yet" */
	text_add_char(body, '"');
}

CHANNEL_MAKE(alertmanager)
{
	const struct telling *t = story->telling;
	struct text *body = &dispatch->body;
	const char *status = t->news == NEWS_ENDED ? "resolved" : "firing";
	int code = json_post(story, secret, dispatch, why);

	if (code != KS_OK)
		return code;
	text_add(body, "{\"version\":\"4\"");
	json_member(body, "groupKey", span_text(story->key), false);
	text_add(body, ",\"truncatedAlerts\":0");
	json_member(body, "status", span_text(status), false);
	json_member(body, "receiver", span_text(t->channel), false);
	text_add(body, ",\"groupLabels\":");
	labels_add(body, story);
	text_add(body, ",\"commonLabels\":");
	labels_add(body, story);
	text_add(body, ",\"commonAnnotations\":");
	annotations_add(body, story);
	json_member(body, "externalURL", span_text(story->site->url != NULL ? story->site->url : ""),
	    false);
	text_add(body, ",\"alerts\":[{");
	json_member(body, "status", span_text(status), true);
	text_add(body, ",\"labels\":");
	labels_add(body, story);
	text_add(body, ",\"annotations\":");
	annotations_add(body, story);
	time_add(body, "startsAt", t->finding.since_ms != 0 ? t->finding.since_ms : t->now_ms);
	time_add(body, "endsAt", t->news == NEWS_ENDED ? t->finding.ended_ms : 0);
	json_member(body, "generatorURL", text_span(&story->link), false);
	text_addf(body, ",\"fingerprint\":\"%016llx\"}]}",
	    (unsigned long long)hash_of(span_text(story->key), 0));
	return KS_OK;
}
