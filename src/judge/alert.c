/* src/judge/alert.c - what other systems report: each of their alerts is a finding of
 * the thing in the site file that it is about, so that one cause stays one incident. */
#include "base/hash.h"
#include "judge/state.h"
#include <stdio.h>
#include <strings.h>

/* An alert nobody repeats and nobody resolves is forgotten after a day. */
enum { ALERT_KEPT_MS = 86400000 };

/* "h1:9100", "h1.example.net": the name, whole or up to the port. */
static bool same(const char *mine, const char *theirs)
{
	size_t n = mine != NULL ? strlen(mine) : 0;

	return n > 0 && strncmp(mine, theirs, n) == 0 && (theirs[n] == '\0' || theirs[n] == ':');
}

#define LOOK(list, subject_, place_)                                                   \
	for (size_t i = 0; i < site->list##_n; i++)                                    \
		if (same(site->list[i].id, name))                                      \
			return (struct about){ subject_, site->list[i].id, place_, (uint32_t)i }

/* "h1" and "h1.example.net:9100": one says the name in full, the other does not.  A number
 * is none: it is how an address begins. */
static bool short_same(const char *mine, const char *theirs)
{
	size_t m = strcspn(mine != NULL ? mine : "", "."), n = strcspn(theirs, ".:");
	bool mine_whole = mine != NULL && mine[m] == '\0', theirs_whole = theirs[n] != '.';

	return m > 0 && m == n && mine_whole != theirs_whole &&
	    strspn(mine, "0123456789") < m && strncasecmp(mine, theirs, m) == 0;
}

/* The only one that is called so, one of the two names being short; else NULL. */
static const struct host *short_find(const struct site *site, const char *name)
{
	const struct host *found = NULL;

	for (size_t i = 0; i < site->hosts_n; i++) {
		const struct host *host = &site->hosts[i];

		if (!short_same(host->id, name) && !short_same(host->name, name) &&
		    !short_same(host->address, name))
			continue;
		if (found != NULL)
			return NULL;
		found = host;
	}
	return found;
}

struct about about_of(const struct site *site, const char *name)
{
	for (size_t i = 0; i < site->hosts_n; i++) {
		const struct host *host = &site->hosts[i];

		if (same(host->id, name) || same(host->name, name) || same(host->address, name))
			return (struct about){ SUBJECT_HOST, host->id,
				host->rack != NULL ? host->rack->id : "", (uint32_t)i };
	}
	for (size_t i = 0; i < site->devices_n; i++) {
		const struct device *device = &site->devices[i];

		if (same(device->id, name) || same(device->address, name))
			return (struct about){ SUBJECT_DEVICE, device->id, "", (uint32_t)i };
	}
	LOOK(rooms, SUBJECT_ROOM, "");
	LOOK(nodes, SUBJECT_NODE, "");
	const struct host *host = short_find(site, name);

	if (host != NULL)
		return (struct about){ SUBJECT_HOST, host->id, host->rack != NULL ? host->rack->id : "",
			(uint32_t)(host - site->hosts) };
	return (struct about){ SUBJECT_SITE, name[0] != '\0' ? name : site->id, "", 0 };
}

/* Room for one more?  What is not taken is counted and said (limit_claim). */
static bool has_room(struct judge *judge)
{
	size_t n = 0;

	for (size_t i = 0; i < judge->book.high; i++) {
		const struct slot *slot = &judge->book.slots[i];

		n += slot->used && slot->said.code == FINDING_ALERT && slot->ended == 0;
	}
	if (n < LIMIT_ALERTS)
		return true;
	judge->alerts_refused++;
	judge->alerts_refused_at = judge->clock.now;
	return false;
}

/* Also for those of a former run, whose rule this is. */
void alert_key(const char *subject, const char *name, char key[FINDING_NAME])
{
	(void)snprintf(key, FINDING_NAME, "alert %.40s %08x", subject,
	    (uint32_t)hash_of(span_text(name), 0));
}

void judge_alert(struct judge *judge, const struct finding *finding, int64_t until_ms)
{
	char name[FINDING_NAME], word[sizeof finding->word], key[FINDING_NAME];

	if (finding->severity >= SEVERITIES)
		return;
	if (!judge->clock.started)
		clock_tick(&judge->clock, finding->seen_ms);
	(void)snprintf(name, sizeof name, "%.*s", FINDING_NAME - 1, finding->subject);
	(void)snprintf(word, sizeof word, "%.*s", (int)sizeof word - 1, finding->word);
	struct about about = about_of(judge->site, name);

	alert_key(about.id, word, key);
	if (finding->ended_ms != 0 && book_find(&judge->book, FINDING_ALERT, key) == NULL)
		return; /* the end of what was never heard of */
	judge->dirty = true;
	if (book_find(&judge->book, FINDING_ALERT, key) == NULL && !has_room(judge))
		return;
	struct slot *slot = claim(judge, &(struct claim){ .code = FINDING_ALERT,
		.severity = (enum severity)finding->severity, .subject_kind = about.kind,
		.key = key, .subject = about.id, .place = about.place, .kind = MEASURE_COUNT,
		.word = word, .since = clock_at(&judge->clock, finding->since_ms), .count = 1,
		.index = about.index });

	if (slot == NULL)
		return;
	slot->until = judge->clock.now +
	    (until_ms > judge->clock.wall ? until_ms - judge->clock.wall : ALERT_KEPT_MS);
	if (finding->ended_ms == 0)
		return;
	slot->until = 0;
	slot->ends = clock_at(&judge->clock, finding->ended_ms);
	slot->claimed = false;
}
