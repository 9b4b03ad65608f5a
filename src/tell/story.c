#include "tell/story.h"
#include "words/finding.h"
#include "words/named.h"
#include <stdio.h>
#include <string.h>

static const char *severity_said(unsigned severity)
{
	return severity == SEVERITY_CRITICAL ? N_("critical") : N_("warning");
}

bool story_is_incident(const struct story *story)
{
	return story->telling->news <= NEWS_ENDED;
}

static void title_incident(struct story *story)
{
	static const char *const formats[] = { [NEWS_OPENED] = N_("[%s] %s"),
		[NEWS_WORSE] = N_("[now %s] %s"), [NEWS_ENDED] = N_("[over, was %s] %s") };
	const struct telling *t = story->telling;
	struct text headline;

	struct finding named = finding_named(story->site, story->lang, &t->finding);

	text_init(&headline, STORY_TITLE);
	say_headline(&headline, story->lang, story->zone, &named, t->now_ms);
	say(&story->title, story->lang, formats[t->news],
	    tr(story->lang, severity_said(t->finding.severity)), text_cstr(&headline));
	text_done(&headline);
}

static void body_incident(struct story *story)
{
	const struct telling *t = story->telling;

	struct finding named = finding_named(story->site, story->lang, &t->finding);

	say_finding(&story->body, story->lang, story->zone, &named, t->now_ms);
	text_add_char(&story->body, '\n');
	if (t->cause.id != 0 && t->news != NEWS_ENDED) {
		struct text cause;

		text_init(&cause, STORY_TITLE);
		named = finding_named(story->site, story->lang, &t->cause);
		say_headline(&cause, story->lang, story->zone, &named, t->now_ms);
		say(&story->body, story->lang, "The cause: %s. ", text_cstr(&cause));
		text_add_char(&story->body, '\n');
		text_done(&cause);
	}
	if (t->children > 0 && t->news != NEWS_ENDED) {
		say(&story->body, story->lang,
		    "It explains %u more {finding, which is not told by itself|findings, which are not told one by one}.", t->children);
		text_add_char(&story->body, '\n');
	}
	if (t->news != NEWS_ENDED && story->link.len > 0) {
		say(&story->body, story->lang, "What comes next, what to do, what proves it: %s",
		    text_cstr(&story->link));
		text_add_char(&story->body, '\n');
	}
}

/* Where there is no button, the link stands in the text. */
void story_take_line(const struct story *story, struct text *to)
{
	if (story->take.len == 0)
		return;
	say(to, story->lang, "\"I have it\" (nobody else is told then): %s",
	    text_cstr(&story->take));
	text_add_char(to, '\n');
}

static void body_other(struct story *story)
{
	const struct telling *t = story->telling;
	const char *site = story->site->name != NULL ? story->site->name : story->site->id;

	if (t->news == NEWS_TEST) {
		say(&story->title, story->lang, "keisoku %s: a trial message", site);
		say(&story->body, story->lang,
		    "The channel %s works. This is a trial; nothing is wrong.", t->channel);
	} else if (t->open == 0) {
		say(&story->title, story->lang, "keisoku %s: all is well", site);
		say(&story->body, story->lang,
		    "keisoku measures, and nothing is wrong. If this message does not come one day, look why.");
	} else {
		say(&story->title, story->lang, "keisoku %s: %u {incident lasts|incidents last}", site, t->open);
		say(&story->body, story->lang,
		    "keisoku measures. %u {incident was|incidents were} told before and {is|are} not over yet.", t->open);
	}
	text_add_char(&story->body, '\n');
}

static void link_add(struct story *story)
{
	const char *url = story->site->url;
	size_t n = url != NULL ? strlen(url) : 0;

	if (n == 0)
		return;
	text_add_span(&story->link, span_of(url, url[n - 1] == '/' ? n - 1 : n));
	if (story_is_incident(story))
		text_addf(&story->link, "/incident/%llu",
		    (unsigned long long)story->telling->finding.id);
	else
		text_add_char(&story->link, '/');
}

/* The channel's ID stands last: it may have any character. */
static void take_add(struct story *story)
{
	const struct telling *t = story->telling;
	const char *url = story->site->url;
	size_t n = url != NULL ? strlen(url) : 0;

	if (n == 0 || t->take[0] == '\0')
		return;
	text_add_span(&story->take, span_of(url, url[n - 1] == '/' ? n - 1 : n));
	text_addf(&story->take, "/take/%s-", t->take);
	for (const char *c = t->channel; *c != '\0'; c++) {
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
		    *c == '_' || *c == '.' || *c == '-')
			text_add_char(&story->take, *c);
		else
			text_addf(&story->take, "%%%02X", (unsigned)(unsigned char)*c);
	}
}

void story_make(struct story *story, const struct site *site, const struct notify *notify,
    const struct zone *zone, const struct telling *telling)
{
	*story = (struct story){ .telling = telling, .site = site, .notify = notify,
		.zone = zone, .lang = lang_find(notify->lang != NULL ? notify->lang : site->lang) };
	text_init(&story->title, STORY_TITLE);
	text_init(&story->body, STORY_BODY);
	text_init(&story->link, STORY_LINK);
	if (story_is_incident(story))
		(void)snprintf(story->key, sizeof story->key, "keisoku/%s/%llu", site->id,
		    (unsigned long long)telling->key);
	else
		(void)snprintf(story->key, sizeof story->key, "keisoku/%s/%s/%lld", site->id,
		    news_word((enum news)telling->news), (long long)telling->now_ms);
	text_init(&story->take, STORY_LINK);
	link_add(story);
	take_add(story);
	if (story_is_incident(story)) {
		title_incident(story);
		body_incident(story);
	} else {
		body_other(story);
	}
}

void story_done(struct story *story)
{
	text_done(&story->title);
	text_done(&story->body);
	text_done(&story->link);
	text_done(&story->take);
}
