/* src/tell/due.c - what is due now on which channel, and what a receipt changes. */
#include "site/calendar.h"
#include "tell/inside.h"
#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000 };

static bool is_via(const struct notify *notify, const char *via)
{
	return strcmp(notify->via, via) == 0;
}

static bool is_quiet(const struct tell *tell, const struct notify *notify,
    const struct finding *finding, int64_t now_ms)
{
	if (notify->quiet == NULL)
		return false;
	if (strcmp(notify->urgent, "critical") == 0 && finding->severity == SEVERITY_CRITICAL)
		return false;
	return calendar_on(notify->quiet, tell->ways.zone(tell->ways.user, notify->quiet->tz),
	    now_ms);
}

static bool is_for(const struct notify *notify, const struct finding *finding)
{
	enum severity least = strcmp(notify->severity, "critical") == 0 ? SEVERITY_CRITICAL
									: SEVERITY_WARNING;

	return !is_via(notify, "heartbeat") && finding->severity >= least &&
	    finding->severity <= SEVERITY_CRITICAL;
}

/* What this channel has still to hear of the incident. */
static bool news_due(const struct tell *tell, const struct incident *at, size_t channel,
    int64_t now_ms, enum news *ret_news)
{
	const struct notify *notify = &tell->site->notifies[channel];
	const struct delivery *d = delivery_of(tell, at, channel);
	const struct finding *f = &at->finding;
	bool heard = (d->told & BIT_OPENED) != 0;

	if (d->flight != 0 || now_ms < d->next_ms)
		return false;
	if (at->escalated && at->gone_ms == 0 && !heard && !at->below) {
		*ret_news = NEWS_OPENED;
		return !is_via(notify, "heartbeat");
	}
	if (is_quiet(tell, notify, f, now_ms))
		return false;
	if (at->gone_ms != 0 && !at->moment) {
		*ret_news = NEWS_ENDED;
		return heard && (d->told & BIT_ENDED) == 0;
	}
	if (now_ms < at->due_ms || f->silenced || at->acknowledged || at->below || !is_for(notify, f))
		return false;
	*ret_news = heard ? NEWS_WORSE : NEWS_OPENED;
	if (heard)
		return d->severity != 0 && f->severity > d->severity &&
		    (d->told & BIT_WORSE) == 0;
	return now_ms - at->began_ms >= notify->after_ms &&
	    ((d->told & BIT_COVERED) == 0 || f->severity > d->severity);
}

static void telling_fill(struct tell *tell, size_t channel, enum news news, int64_t now_ms,
    struct telling *ret_telling)
{
	*ret_telling = (struct telling){ .id = ++tell->serial, .news = news, .attempt = 1,
		.now_ms = now_ms, .open = tell->open };
	(void)snprintf(ret_telling->channel, sizeof ret_telling->channel, "%s",
	    tell->site->notifies[channel].id);
}

static bool incident_next(struct tell *tell, struct incident *at, int64_t now_ms,
    struct telling *ret_telling)
{
	for (size_t c = 0; c < tell->channels_n; c++) {
		struct delivery *d = delivery_of(tell, at, c);
		enum news news = NEWS_OPENED;

		if (!news_due(tell, at, c, now_ms, &news))
			continue;
		if (d->news != news)
			d->attempts = 0;
		telling_fill(tell, c, news, now_ms, ret_telling);
		ret_telling->attempt = ++d->attempts;
		ret_telling->children = at->children - (at->cause.id != 0 && at->children > 0);
		ret_telling->key = incident_key(at);
		ret_telling->finding = at->finding;
		if (news == NEWS_ENDED && at->told.id != 0) { /* of what it had told */
			ret_telling->finding = at->told;
			ret_telling->finding.id = at->finding.id;
			ret_telling->finding.ended_ms = at->finding.ended_ms;
		}
		ret_telling->cause = at->cause;
		d->news = (uint8_t)news;
		d->flight = ret_telling->id;
		d->flight_ms = now_ms;
		return true;
	}
	return false;
}

/* Is it past the hour of "all is well", for the first time today? */
static bool daily_due(const struct tell *tell, size_t channel, int64_t now_ms)
{
	const struct notify *notify = &tell->site->notifies[channel];
	const struct zone *zone = tell->ways.zone(tell->ways.user, tell->site->tz);
	int64_t local = now_ms + zone_offset(zone, now_ms) * 1000LL;

	if (notify->daily >= 24 || is_via(notify, "heartbeat") || !tell->well)
		return false;
	return local / DAY_MS != tell->channels[channel].daily_day &&
	    local % DAY_MS / 3600000 == (int64_t)notify->daily;
}

static bool channel_due(const struct tell *tell, size_t c, int64_t now_ms, enum news *ret_news)
{
	const struct channel_state *channel = &tell->channels[c];
	const struct notify *notify = &tell->site->notifies[c];

	if (channel->flight != 0)
		return false;
	*ret_news = NEWS_TEST;
	if (channel->test_ms != 0)
		return true;
	if (now_ms < channel->next_ms)
		return false;
	*ret_news = NEWS_BEAT;
	if (is_via(notify, "heartbeat"))
		return tell->well && (now_ms - channel->beat_ms >= notify->every_ms ||
					 now_ms < channel->beat_ms);
	*ret_news = NEWS_DAILY;
	return daily_due(tell, c, now_ms);
}

static bool channel_next(struct tell *tell, size_t c, int64_t now_ms,
    struct telling *ret_telling)
{
	struct channel_state *channel = &tell->channels[c];
	enum news news = NEWS_TEST;

	if (!channel_due(tell, c, now_ms, &news))
		return false;
	telling_fill(tell, c, news, now_ms, ret_telling);
	ret_telling->attempt = news == NEWS_TEST ? 1 : ++channel->attempts;
	channel->news = (uint8_t)news;
	channel->flight = ret_telling->id;
	channel->flight_ms = now_ms;
	channel->test_ms = news == NEWS_TEST ? 0 : channel->test_ms;
	if (news == NEWS_BEAT)
		channel->beat_ms = now_ms;
	return true;
}

static bool is_late(int64_t flight_ms, int64_t now_ms)
{
	return now_ms - flight_ms > TELL_FLIGHT_MS || now_ms < flight_ms;
}

/* Nothing more is to be said of it, or nobody could be reached for a day. */
static bool is_over(const struct tell *tell, const struct incident *at, int64_t now_ms)
{
	bool waits = false;

	if (at->gone_ms == 0)
		return false;
	for (size_t c = 0; c < tell->channels_n; c++) {
		const struct delivery *d = delivery_of(tell, at, c);

		waits |= d->flight != 0;
		if (at->moment)
			waits |= (d->told & BIT_OPENED) == 0 &&
			    is_for(&tell->site->notifies[c], &at->finding) && !at->acknowledged;
		else
			waits |= (d->told & BIT_OPENED) != 0 && (d->told & BIT_ENDED) == 0;
	}
	return !waits || now_ms - at->gone_ms > TELL_GIVE_UP_MS || now_ms < at->gone_ms;
}

static void lost_look(struct tell *tell, int64_t now_ms)
{
	for (size_t c = 0; c < tell->channels_n; c++) {
		if (tell->channels[c].flight != 0 &&
		    is_late(tell->channels[c].flight_ms, now_ms))
			tell->channels[c].flight = 0;
	}
	for (size_t i = 0; i < LIMIT_TELLINGS; i++) {
		struct incident *at = &tell->incidents[i];

		for (size_t c = 0; at->used && c < tell->channels_n; c++) {
			struct delivery *d = delivery_of(tell, at, c);

			if (d->flight != 0 && is_late(d->flight_ms, now_ms))
				d->flight = 0;
		}
		if (at->used && is_over(tell, at, now_ms))
			at->used = false;
	}
}

bool tell_next(struct tell *tell, int64_t now_ms, struct telling *ret_telling)
{
	lost_look(tell, now_ms);
	for (size_t c = 0; c < tell->channels_n; c++) {
		if (channel_next(tell, c, now_ms, ret_telling))
			return true;
	}
	for (size_t i = 0; tell->looked && i < LIMIT_TELLINGS; i++) {
		if (tell->incidents[i].used &&
		    incident_next(tell, &tell->incidents[i], now_ms, ret_telling))
			return true;
	}
	return false;
}

/* 5 s, 10 s, 20 s ... 10 min; what the receiver refused for good is tried rarely. */
static int64_t pause_ms(const struct told *told, uint32_t attempts)
{
	int64_t pause = TELL_BACKOFF_MS;

	for (uint32_t i = 1; i < attempts && pause < TELL_BACKOFF_MOST_MS; i++)
		pause *= 2;
	if (told->code == KS_REFUSED && pause < 60000)
		pause = 60000;
	if (told->retry_s * 1000LL > pause)
		pause = told->retry_s * 1000LL;
	return pause < TELL_BACKOFF_MOST_MS ? pause : TELL_BACKOFF_MOST_MS;
}

static void channel_hears(struct channel_state *channel, const struct told *told, int64_t now_ms)
{
	if (told->code == KS_OK) {
		channel->fails = 0;
		channel->ok_ms = now_ms;
	} else if (channel->fails < UINT32_MAX) {
		channel->fails++;
	}
}

static void own_done(struct tell *tell, size_t c, const struct told *told, int64_t now_ms)
{
	struct channel_state *channel = &tell->channels[c];
	const struct zone *zone = tell->ways.zone(tell->ways.user, tell->site->tz);

	channel->flight = 0;
	if (channel->news == NEWS_TEST)
		return;
	if (told->code != KS_OK) {
		channel->next_ms = now_ms + pause_ms(told, channel->attempts);
		return;
	}
	channel->attempts = 0;
	if (channel->news == NEWS_DAILY)
		channel->daily_day = (now_ms + zone_offset(zone, now_ms) * 1000LL) / DAY_MS;
}

static void delivery_done(struct delivery *d, struct incident *at, const struct told *told,
    int64_t now_ms)
{
	d->flight = 0;
	if (told->code != KS_OK) {
		d->next_ms = now_ms + pause_ms(told, d->attempts);
		return;
	}
	d->told |= (uint8_t)(1u << d->news);
	d->severity = at->finding.severity;
	if (d->news != NEWS_ENDED)
		at->told = at->finding;
	d->attempts = 0;
	d->next_ms = 0;
}

/* The incident's delivery that this receipt is for. */
static bool delivery_hears(struct tell *tell, size_t c, const struct told *told, int64_t now_ms,
    struct telling *ret_telling)
{
	for (size_t i = 0; i < LIMIT_TELLINGS; i++) {
		struct incident *at = &tell->incidents[i];
		struct delivery *d = delivery_of(tell, at, c);

		if (!at->used || d->flight != told->id)
			continue;
		ret_telling->news = d->news;
		ret_telling->attempt = d->attempts;
		ret_telling->key = incident_key(at);
		ret_telling->finding = at->finding;
		delivery_done(d, at, told, now_ms);
		return true;
	}
	return false;
}

bool tell_done(struct tell *tell, const struct told *told, int64_t now_ms,
    struct telling *ret_telling)
{
	for (size_t c = 0; c < tell->channels_n && told->id != 0; c++) {
		struct channel_state *channel = &tell->channels[c];
		struct telling t = { .id = told->id, .now_ms = now_ms, .news = channel->news,
			.attempt = channel->attempts };

		(void)snprintf(t.channel, sizeof t.channel, "%s", tell->site->notifies[c].id);
		if (channel->flight == told->id)
			own_done(tell, c, told, now_ms);
		else if (!delivery_hears(tell, c, told, now_ms, &t))
			continue;
		channel_hears(channel, told, now_ms);
		*ret_telling = t;
		return true;
	}
	return false;
}

void tell_lost(struct tell *tell, int64_t now_ms)
{
	for (size_t c = 0; c < tell->channels_n; c++)
		tell->channels[c].flight = 0;
	for (size_t i = 0; i < LIMIT_TELLINGS; i++) {
		for (size_t c = 0; c < tell->channels_n; c++) {
			struct delivery *d = delivery_of(tell, &tell->incidents[i], c);

			if (d->flight == 0)
				continue;
			d->flight = 0;
			d->next_ms = now_ms + TELL_BACKOFF_MS;
		}
	}
}
