/* src/tell/tell.c - incidents out of findings, and what is due on which channel. */
#include "tell/inside.h"
#include <stdlib.h>
#include <string.h>

static const char *const news_words[NEWS_KINDS] = { "opened", "worse", "ended", "daily", "test",
	"beat" };

const char *news_word(enum news news)
{
	return (unsigned)news < NEWS_KINDS ? news_words[news] : "?";
}

bool news_find(struct span word, enum news *ret_news)
{
	for (unsigned i = 0; i < NEWS_KINDS; i++) {
		if (!span_equal(word, news_words[i]))
			continue;
		*ret_news = (enum news)i;
		return true;
	}
	return false;
}

int tell_new(const struct site *site, const struct tell_ways *ways, struct tell **ret_tell,
    struct why *why)
{
	struct tell *tell = calloc(1, sizeof *tell);
	size_t n = site->notifies_n;

	if (tell == NULL)
		return fail(why, KS_FULL, "out of memory");
	*tell = (struct tell){ .site = site, .ways = *ways, .channels_n = n,
		.channels = calloc(n + 1, sizeof *tell->channels),
		.incidents = calloc(LIMIT_TELLINGS, sizeof *tell->incidents),
		.told = calloc((n + 1) * LIMIT_TELLINGS, sizeof *tell->told) };
	if (tell->channels == NULL || tell->incidents == NULL || tell->told == NULL) {
		tell_free(tell);
		return fail(why, KS_FULL, "out of memory");
	}
	*ret_tell = tell;
	return KS_OK;
}

void tell_free(struct tell *tell)
{
	if (tell == NULL)
		return;
	free(tell->channels);
	free(tell->incidents);
	free(tell->told);
	free(tell);
}

struct incident *incident_find(const struct tell *tell, uint64_t id)
{
	for (size_t i = 0; id != 0 && i < LIMIT_TELLINGS; i++) {
		if (tell->incidents[i].used && tell->incidents[i].finding.id == id)
			return &tell->incidents[i];
	}
	return NULL;
}

struct delivery *delivery_of(const struct tell *tell, const struct incident *incident,
    size_t channel)
{
	return &tell->told[(size_t)(incident - tell->incidents) * (tell->channels_n + 1) + channel];
}

uint64_t incident_key(const struct incident *incident)
{
	return incident->key != 0 ? incident->key : incident->finding.id;
}

/* The one of that number, or that goes on under it. */
static struct incident *incident_known(const struct tell *tell, uint64_t id)
{
	struct incident *found = incident_find(tell, id);

	for (size_t i = 0; id != 0 && found == NULL && i < LIMIT_TELLINGS; i++) {
		if (tell->incidents[i].used && tell->incidents[i].key == id)
			found = &tell->incidents[i];
	}
	return found;
}

static bool anybody_told(const struct tell *tell, const struct incident *incident)
{
	for (size_t c = 0; c < tell->channels_n; c++) {
		if (delivery_of(tell, incident, c)->told != 0)
			return true;
	}
	return false;
}

/* Somebody was told, or is being told. */
static bool known_outside(const struct tell *tell, const struct incident *incident)
{
	for (size_t c = 0; c < tell->channels_n; c++) {
		const struct delivery *d = delivery_of(tell, incident, c);

		if ((d->told & BIT_OPENED) != 0 || d->flight != 0)
			return true;
	}
	return false;
}

static struct incident *incident_new(struct tell *tell, const struct finding *finding,
    int64_t now_ms)
{
	for (size_t i = 0; i < LIMIT_TELLINGS; i++) {
		struct incident *at = &tell->incidents[i];

		if (at->used)
			continue;
		*at = (struct incident){ .used = true, .finding = *finding, .began_ms = now_ms,
			.due_ms = now_ms + TELL_HOLD_MS, .cause = { .code = FINDING_CODES } };
		memset(delivery_of(tell, at, 0), 0,
		    tell->channels_n * sizeof(struct delivery));
		return at;
	}
	tell->full++;
	return NULL;
}

/* The cause of one of the list; causes come before what they explain, mostly just so. */
static const struct finding *cause_of(const struct finding *list, size_t n,
    const struct finding *of)
{
	if (of->cause == 0)
		return NULL;
	for (const struct finding *at = of; at-- > list;) {
		if (at->id == of->cause)
			return at;
	}
	for (const struct finding *at = of + 1; at < list + n; at++) {
		if (at->id == of->cause)
			return at;
	}
	return NULL;
}

/* The first of the chain of causes that is still open. */
static const struct finding *root_of(const struct finding *list, size_t n,
    const struct finding *finding)
{
	enum { DEEPEST = 16 };

	for (int i = 0; i < DEEPEST; i++) {
		const struct finding *cause = cause_of(list, n, finding);

		if (cause == NULL)
			break;
		finding = cause;
	}
	return finding;
}

/* An incident that turned out to be part of a wider one nobody heard of yet: who was told
 * of it has been told of that one, which goes on under the key they know. */
static void told_take(struct tell *tell, const struct incident *from, struct incident *into)
{
	into->key = incident_key(from);
	into->told = from->told;
	for (size_t c = 0; c < tell->channels_n; c++) {
		const struct delivery *old = delivery_of(tell, from, c);
		struct delivery *now = delivery_of(tell, into, c);

		now->told |= old->told & (BIT_OPENED | BIT_WORSE | BIT_COVERED);
		now->severity = old->severity > now->severity ? old->severity : now->severity;
		if (old->flight != 0) {
			now->flight = old->flight;
			now->flight_ms = old->flight_ms;
			now->news = old->news;
			now->attempts = old->attempts;
		}
	}
}

/* Both are known by their own keys: each ends under its own.  Who heard of the part hears
 * of the whole only where that is worse. */
static void told_cover(struct tell *tell, struct incident *from, struct incident *into)
{
	from->below = from->seen = true;
	for (size_t c = 0; c < tell->channels_n; c++) {
		const struct delivery *old = delivery_of(tell, from, c);
		struct delivery *now = delivery_of(tell, into, c);

		if ((old->told & BIT_OPENED) == 0 || (now->told & BIT_OPENED) != 0)
			continue;
		now->told |= BIT_COVERED;
		now->severity = old->severity > now->severity ? old->severity : now->severity;
	}
}

static void told_merge(struct tell *tell, struct incident *from, struct incident *into)
{
	/* who has the part in hand does not have what is worse than it */
	into->acknowledged |= from->acknowledged &&
	    into->finding.severity <= from->finding.severity;
	into->escalated |= from->escalated;
	into->due_ms = from->due_ms < into->due_ms ? from->due_ms : into->due_ms;
	into->began_ms = from->began_ms < into->began_ms ? from->began_ms : into->began_ms;
	from->used = known_outside(tell, from) && known_outside(tell, into);
	if (from->used)
		told_cover(tell, from, into);
	else if (known_outside(tell, from))
		told_take(tell, from, into);
}

static bool worth_telling(const struct finding *finding)
{
	return finding->severity >= SEVERITY_WARNING && finding->severity <= SEVERITY_CRITICAL;
}

/* What is told of a root: itself; where it is no alarm, the worst and oldest it explains. */
static const struct finding *said_of(const struct finding *list, size_t n,
    const struct finding *root)
{
	const struct finding *said = root;

	for (size_t i = 0; !worth_telling(root) && !root->silenced && i < n; i++) {
		const struct finding *f = &list[i];

		if (!worth_telling(f) || f->silenced || root_of(list, n, f) != root)
			continue;
		if (said == root || f->severity > said->severity ||
		    (f->severity == said->severity && f->since_ms < said->since_ms))
			said = f;
	}
	return said;
}

/* It was over, and is there again before all had heard of that, or after. */
static void again(struct tell *tell, struct incident *at, int64_t now_ms)
{
	bool heard = false;

	at->gone_ms = 0;
	for (size_t c = 0; c < tell->channels_n; c++)
		heard |= (delivery_of(tell, at, c)->told & BIT_ENDED) != 0;
	for (size_t c = 0; heard && c < tell->channels_n; c++)
		delivery_of(tell, at, c)->told = 0;
	if (!heard)
		return;
	at->acknowledged = at->escalated = false;
	at->told.id = 0;
	at->began_ms = now_ms;
	at->due_ms = now_ms + TELL_HOLD_MS;
}

static void root_look(struct tell *tell, const struct finding *root,
    const struct finding *said, int64_t now_ms)
{
	struct incident *at = incident_find(tell, root->id);
	bool orphan = root->cause != 0;

	if (at != NULL && at->gone_ms == 0 && root->silenced && at->cause.id != 0) {
		at->seen = at->finding.silenced = true; /* all that it leads to is, too */
		return;
	}
	if (!worth_telling(said) && (at == NULL || at->cause.id != 0))
		return; /* no alarm (any more) */
	if (at == NULL && (said->silenced || incident_known(tell, root->id) != NULL))
		return; /* or its number is in use by what it was part of, until that has ended */
	if (at == NULL) {
		at = incident_new(tell, root, now_ms);
		if (at == NULL)
			return;
		if (orphan)
			at->due_ms = now_ms + TELL_ORPHAN_MS;
	}
	if (at->gone_ms != 0 && !at->moment)
		again(tell, at, now_ms);
	at->finding = *said;
	at->finding.id = root->id;
	at->finding.cause = root->cause;
	at->cause = said != root ? *root : (struct finding){ .code = FINDING_CODES };
	at->seen = true;
	at->below = false;
}

/* Each finding is a root, or counted below one. */
static void list_look(struct tell *tell, const struct finding *list, size_t n, int64_t now_ms)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].id != 0 && root_of(list, n, &list[i]) == &list[i])
			root_look(tell, &list[i], said_of(list, n, &list[i]), now_ms);
	}
	for (size_t i = 0; i < n; i++) {
		const struct finding *root = root_of(list, n, &list[i]);
		struct incident *above, *was;

		if (list[i].id == 0 || root == &list[i] ||
		    (above = incident_find(tell, root->id)) == NULL)
			continue;
		above->children++;
		was = incident_find(tell, list[i].id);
		if (was != NULL)
			told_merge(tell, was, above);
	}
}

void tell_look(struct tell *tell, const struct finding *findings, size_t n, int64_t now_ms)
{
	tell->open = 0;
	for (size_t i = 0; i < LIMIT_TELLINGS; i++) {
		tell->incidents[i].seen = tell->incidents[i].moment;
		tell->incidents[i].children = 0;
	}
	list_look(tell, findings, n, now_ms);
	for (size_t i = 0; i < LIMIT_TELLINGS; i++) {
		struct incident *at = &tell->incidents[i];

		if (!at->used)
			continue;
		if (at->seen && !at->moment) {
			tell->open += !at->below;
			continue;
		}
		if (!at->seen && at->finding.ended_ms == 0)
			at->finding.ended_ms = now_ms;
		if (at->gone_ms == 0)
			at->gone_ms = now_ms;
		if (!anybody_told(tell, at) && !at->moment)
			at->used = false; /* over before anybody heard of it */
	}
	tell->looked = true;
}

void tell_moment(struct tell *tell, const struct finding *finding, int64_t now_ms)
{
	struct incident *at;

	if (finding->ended_ms == 0 || finding->cause != 0 || finding->silenced ||
	    !worth_telling(finding) || incident_find(tell, finding->id) != NULL ||
	    (at = incident_new(tell, finding, now_ms)) == NULL)
		return;
	at->moment = true;
	at->gone_ms = now_ms;
}

int tell_acknowledge(struct tell *tell, uint64_t finding, struct why *why)
{
	struct incident *at = incident_known(tell, finding);

	if (at == NULL || at->gone_ms != 0)
		return fail(why, KS_ABSENT, "no incident of that number is open; `keisoku status --all` lists them");
	at->acknowledged = true;
	return KS_OK;
}

int tell_escalate(struct tell *tell, uint64_t finding, struct why *why)
{
	struct incident *at = incident_known(tell, finding);

	if (at == NULL || at->gone_ms != 0)
		return fail(why, KS_ABSENT, "no incident of that number is open; `keisoku status --all` lists them");
	at->escalated = true;
	for (size_t c = 0; c < tell->channels_n; c++)
		delivery_of(tell, at, c)->next_ms = 0;
	return KS_OK;
}

bool tell_acknowledged(const struct tell *tell, uint64_t finding)
{
	const struct incident *at = incident_known(tell, finding);

	return at != NULL && at->acknowledged;
}

int tell_test(struct tell *tell, const char *channel, int64_t now_ms, struct why *why)
{
	for (size_t c = 0; c < tell->channels_n; c++) {
		if (strcmp(tell->site->notifies[c].id, channel) != 0)
			continue;
		tell->channels[c].test_ms = now_ms;
		return KS_OK;
	}
	return fail(why, KS_ABSENT, "the site file has no notify line of that name");
}

void tell_well(struct tell *tell, bool well)
{
	tell->well = well;
}

static size_t channel_find(const struct tell *tell, const char *id)
{
	size_t c = 0;

	while (c < tell->channels_n && strcmp(tell->site->notifies[c].id, id) != 0)
		c++;
	return c;
}

void tell_restore(struct tell *tell, const struct finding *finding,
    const struct tell_past *past)
{
	struct incident *at = incident_find(tell, finding->id);
	size_t c = past->channel != NULL ? channel_find(tell, past->channel) : tell->channels_n;

	if (past->news > NEWS_ENDED || (past->channel != NULL && c == tell->channels_n))
		return;
	if (at == NULL)
		at = incident_new(tell, finding, finding->since_ms);
	if (at == NULL)
		return;
	if (past->channel == NULL) {
		at->acknowledged = true;
		return;
	}
	struct delivery *d = delivery_of(tell, at, c);

	d->told |= (uint8_t)(1u << past->news | (past->news == NEWS_WORSE ? BIT_OPENED : 0));
	d->severity = past->severity > d->severity ? (uint8_t)past->severity : d->severity;
	at->key = past->key != finding->id ? past->key : 0;
}

void tell_inherit(struct tell *tell, const struct tell *older)
{
	tell->serial = older->serial;
	tell->looked = older->looked;
	tell->well = older->well;
	for (size_t c = 0; c < tell->channels_n; c++) {
		size_t was = channel_find(older, tell->site->notifies[c].id);

		if (was < older->channels_n)
			tell->channels[c] = older->channels[was];
		tell->channels[c].flight = 0;
	}
	memcpy(tell->incidents, older->incidents, LIMIT_TELLINGS * sizeof *tell->incidents);
	for (size_t i = 0; i < LIMIT_TELLINGS; i++) {
		for (size_t c = 0; c < tell->channels_n; c++) {
			size_t was = channel_find(older, tell->site->notifies[c].id);
			struct delivery *now = delivery_of(tell, &tell->incidents[i], c);

			if (was < older->channels_n)
				*now = *delivery_of(older, &older->incidents[i], was);
			now->flight = 0;
		}
	}
}

struct tell_channel tell_channel(const struct tell *tell, size_t at)
{
	const struct channel_state *channel = &tell->channels[at];

	return (struct tell_channel){ .fails = channel->fails, .ok_ms = channel->ok_ms,
		.broken = channel->fails >= TELL_BROKEN };
}
