/* src/role/core_tell.c - messages to people: tell/ decides, the courier sends, what
 * became of each is an act, and a channel that does not work is a finding. */
#include "role/core.h"
#include "site/act.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REMEMBER_DAYS = 30, REMEMBER_MOST = 4096, TRIAL_MS = 60000 };

static const struct zone *zone_of(void *user, const char *tz)
{
	struct core *core = user;

	return zones_find(&core->zones, tz);
}

int core_tell_make(struct core *core, const struct site *site, struct why *why)
{
	const struct tell_ways ways = { .user = core, .zone = zone_of };
	struct tell *tell;
	int code = tell_new(site, &ways, &tell, why);

	if (code != KS_OK)
		return code;
	if (core->tell != NULL)
		tell_inherit(tell, core->tell);
	tell_free(core->tell);
	core->tell = tell;
	return KS_OK;
}

/* Who was told what in the days before, from the acts. */
struct past {
	struct core *core;
	struct {
		uint64_t finding;
		char channel[FINDING_NAME]; /* "": an acknowledgement */
		uint8_t news, severity;
		uint64_t key;
	} *at;
	size_t n;
};

static enum news news_of(const char *what)
{
	enum news news = NEWS_KINDS;
	const char *word = strstr(what, " news=");
	struct span rest = span_text(word != NULL ? word + 6 : "");

	(void)news_find(span_until(&rest, ' '), &news);
	return news;
}

static enum severity severity_of(const char *what)
{
	char word[16];

	for (unsigned i = 0; act_part(what, "severity", word, sizeof word) && i < SEVERITIES; i++)
		if (strcmp(word, severity_word((enum severity)i)) == 0)
			return (enum severity)i;
	return SEVERITY_OK;
}

static int act_past(void *user, const struct act *act)
{
	struct past *past = user;
	bool told = act->kind == ACT_TOLD, taken = act->kind == ACT_ACKNOWLEDGED;
	enum news news = told ? news_of(act->what) : NEWS_OPENED;

	core_window_take(past->core, act);
	if ((!told && !taken) || news > NEWS_ENDED || past->n == REMEMBER_MOST)
		return KS_OK;
	past->at[past->n].finding = (uint64_t)act_number(act->what, "finding");
	past->at[past->n].news = (uint8_t)news;
	past->at[past->n].severity = (uint8_t)severity_of(act->what);
	past->at[past->n].key = (uint64_t)act_number(act->what, "key");
	(void)snprintf(past->at[past->n].channel, sizeof past->at[past->n].channel, "%s",
	    told ? act->who : "");
	past->n++;
	return KS_OK;
}

/* Told, but not of its end; or open still. */
static int finding_past(void *user, const struct finding *finding)
{
	struct past *past = user;

	for (size_t i = 0; i < past->n; i++) {
		const char *channel = past->at[i].channel;

		if (past->at[i].finding == finding->id)
			tell_restore(past->core->tell, finding, &(struct tell_past){
				.channel = channel[0] != '\0' ? channel : NULL,
				.news = (enum news)past->at[i].news, .key = past->at[i].key,
				.severity = (enum severity)past->at[i].severity });
	}
	return KS_OK;
}

void core_tell_load(struct core *core, int64_t now_ms)
{
	struct past past = { .core = core };
	struct why why = { .fmt = NULL };
	int64_t from = now_ms - REMEMBER_DAYS * 86400000LL;

	past.at = calloc(REMEMBER_MOST, sizeof *past.at);
	int code = past.at == NULL ? fail(&why, KS_FULL, "out of memory")
	    : store_acts(core->store, from, now_ms + 1, REMEMBER_MOST, act_past, &past, &why);

	if (code == KS_OK && past.n > 0)
		code = store_findings(core->store, false, from, now_ms + 1, LIMIT_FINDINGS,
		    finding_past, &past, &why);
	if (code != KS_OK)
		worker_say(core->worker, "KS-STORE", "acts", why.text);
	free(past.at);
	core_windows_tick(core, now_ms);
	judge_windows(core->judge, core->windows, core->windows_n);
}

void core_tell_moment(struct core *core, const struct finding *finding)
{
	if (finding->code == FINDING_REBOOT && finding->ended_ms != 0 && finding->id != 0)
		tell_moment(core->tell, finding, core_now(core));
}

static struct trial *trial_of(struct core *core, uint64_t telling, const char *channel)
{
	for (size_t i = 0; i < LIMIT_WISHES; i++) {
		struct trial *trial = &core->trials[i];

		if (trial->used && trial->telling == telling && strcmp(trial->channel, channel) == 0)
			return trial;
	}
	return NULL;
}

static void trials_fade(struct core *core, int64_t now_ms)
{
	for (size_t i = 0; i < LIMIT_WISHES; i++) {
		struct trial *trial = &core->trials[i];

		if (!trial->used || (now_ms - trial->asked_ms < TRIAL_MS && now_ms >= trial->asked_ms))
			continue;
		trial->used = false;
		core_wished(core, trial->ticket, 0, KS_LATE,
		    "the courier does not say what became of it");
	}
}

static void tell_send(struct core *core, int64_t now_ms)
{
	struct telling telling;

	while (core->courier.open && message_may(&core->courier.channel, MESSAGE_TELL) &&
	    tell_next(core->tell, now_ms, &telling)) {
		struct trial *trial = telling.news == NEWS_TEST
		    ? trial_of(core, 0, telling.channel) : NULL;

		if (trial != NULL)
			trial->telling = telling.id;
		core_link_put(core, &telling);
		(void)line_say(&core->courier, MESSAGE_TELL, 0,
		    span_of(&telling, sizeof telling));
	}
}

void core_tell_tick(struct core *core, int64_t now_ms)
{
	const struct finding *open;
	size_t n = judge_open(core->judge, &open);

	tell_look(core->tell, open, n, now_ms);
	tell_well(core->tell, core->poller.open && core->poller_current && !core->store_full);
	tell_send(core, now_ms);
	trials_fade(core, now_ms);
}

void core_tell_drained(struct line *line)
{
	struct core *core = line->user;

	tell_send(core, core_now(core));
}

void core_courier_gone(struct line *line, int code, const struct why *why)
{
	struct core *core = line->user;

	tell_lost(core->tell, core_now(core));
	if (code == KS_MALFORMED)
		worker_say(core->worker, "KS-ROLE", "courier", why->text);
}

/* A channel's trouble is a finding from the third failure to the first success. */
static void channel_look(struct core *core, const char *channel, const char *text)
{
	const struct site *site = core->worker->site;
	struct tell_channel now = { .fails = 1 };
	bool open = false;

	for (size_t i = 0; i < site->notifies_n; i++) {
		if (strcmp(site->notifies[i].id, channel) == 0)
			now = tell_channel(core->tell, i);
	}
	for (size_t i = 0; i < core->named_n; i++)
		open |= core->named[i].code == FINDING_CHANNEL &&
		    strcmp(core->named[i].subject, channel) == 0;
	if (now.broken && !open)
		core_self_finding(core, FINDING_CHANNEL, SEVERITY_WARNING, channel, text, 0);
	else if (now.fails == 0 && open)
		core_self_finding(core, FINDING_CHANNEL, SEVERITY_WARNING, channel, "",
		    core_now(core));
}

/* The first failure, the second, the fourth ...: not each of a night. */
static bool is_said(uint32_t attempt)
{
	return (attempt & (attempt - 1)) == 0;
}

static void receipt_store(struct core *core, const struct told *told,
    const struct telling *telling)
{
	bool good = told->code == KS_OK;

	if (telling->news == NEWS_BEAT && good)
		return; /* one a minute is no news */
	if (!good && !is_said(telling->attempt))
		return;
	core_act(core, good ? ACT_TOLD : ACT_NOT_TOLD, telling->channel,
	    "finding=%llu news=%s key=%llu severity=%s attempt=%u status=%u took_ms=%u%s%.100s",
	    (unsigned long long)telling->finding.id, news_word((enum news)telling->news),
	    (unsigned long long)telling->key,
	    severity_word((enum severity)telling->finding.severity), telling->attempt, told->status, told->took_ms, good ? "" : " why=", told->text);
}

void core_courier(struct line *line, struct message *message)
{
	struct core *core = line->user;
	int64_t now = core_now(core);
	struct telling telling;
	struct told told;

	message_record(message, 0, &told, sizeof told);
	told.text[sizeof told.text - 1] = '\0';
	bool found = tell_done(core->tell, &told, now, &telling);

	if (!found)
		return;
	struct trial *trial = telling.news == NEWS_TEST
	    ? trial_of(core, told.id, telling.channel) : NULL;

	if (trial != NULL) {
		trial->used = false;
		core_wished(core, trial->ticket, told.status, told.code, told.text);
	}
	receipt_store(core, &told, &telling);
	channel_look(core, telling.channel, told.text);
	core_findings(core);
	tell_send(core, now);
}
