/* src/judge/incident.c - one cause, one incident.  Hosts that are down are explained by
 * what they share: a switch that is down, power whose instruments went silent, a room
 * that is hot or blind, else by a rack, a node or a room that lost all or many of them
 * within minutes. */
#include "judge/state.h"
#include <stdio.h>

static bool host_down(const struct judge *judge, size_t at)
{
	return judge->hosts[at].state == PROBE_DOWN && judge->hosts[at].told;
}

static const char *subject_name(const struct site *site, const struct incident *incident)
{
	switch (incident->subject_kind) {
	case SUBJECT_DEVICE:
		return site->devices[incident->subject].id;
	case SUBJECT_NODE:
		return site->nodes[incident->subject].id;
	case SUBJECT_RACK:
		return site->racks[incident->subject].id;
	case SUBJECT_ROOM:
		return site->rooms[incident->subject].id;
	default:
		return site->id;
	}
}

static const char *subject_place(const struct site *site, const struct incident *incident)
{
	const struct room *room = NULL;

	if (incident->subject_kind == SUBJECT_RACK)
		room = site->racks[incident->subject].room;
	else if (incident->subject_kind == SUBJECT_ROOM)
		room = &site->rooms[incident->subject];
	return room != NULL ? room->id : "";
}

static bool is_like(const struct incident *a, const struct incident *b)
{
	return a->cause == b->cause && a->subject_kind == b->subject_kind &&
	    a->subject == b->subject;
}

static int32_t incident_find(const struct judge *judge, const struct incident *like)
{
	for (int32_t i = 0; i < LIMIT_INCIDENTS; i++)
		if (judge->incidents[i].used && is_like(&judge->incidents[i], like))
			return i;
	return -1;
}

static int32_t incident_make(struct judge *judge, const struct incident *like)
{
	for (int32_t i = 0; i < LIMIT_INCIDENTS; i++) {
		struct incident *incident = &judge->incidents[i];

		if (incident->used)
			continue;
		*incident = (struct incident){ .used = true, .cause = like->cause,
			.subject_kind = like->subject_kind, .subject = like->subject,
			.number = ++judge->incidents_made, .since = INT64_MAX };
		return i;
	}
	judge->book.hit = true;
	return -1;
}

/* An incident that turns out to be wider, or to have a better known cause, stays the
 * same incident: it is told again as grown, not as new. */
static int32_t incident_join(struct judge *judge, int32_t now, const struct incident *like)
{
	int32_t there = incident_find(judge, like);

	if (there >= 0)
		return there;
	if (now >= 0) {
		struct incident *incident = &judge->incidents[now];

		incident->cause = like->cause;
		incident->subject_kind = like->subject_kind;
		incident->subject = like->subject;
		return now;
	}
	return incident_make(judge, like);
}

/* Causes that are seen for themselves end by themselves; guesses stay. */
static bool cause_lasts(uint8_t cause)
{
	return cause != CAUSE_SWITCH && cause != CAUSE_DEAD_NODE;
}

static void host_assign(struct judge *judge, size_t at)
{
	struct reach *reach = &judge->hosts[at];
	struct incident like = { .cause = CAUSE_CLUSTER };
	bool known = explain(judge, at, &like);
	int32_t now = reach->incident;

	if (now < 0) {
		reach->incident = known ? incident_join(judge, -1, &like) : -1;
		return;
	}
	const struct incident *is = &judge->incidents[now];

	if (known && is_like(is, &like))
		return;
	if (known && (like.cause > is->cause || !cause_lasts(is->cause) ||
			 (like.cause == is->cause && like.count > is->count)))
		reach->incident = incident_join(judge, cause_lasts(is->cause) ? now : -1, &like);
	else if (!known && !cause_lasts(is->cause))
		reach->incident = -1;
}

/* Hosts under maintenance are nobody's incident. */
static bool host_excused(const struct judge *judge, size_t at)
{
	const struct host *host = &judge->site->hosts[at];
	struct finding finding = { .code = FINDING_HOST_DOWN, .subject_kind = SUBJECT_HOST };

	(void)snprintf(finding.subject, sizeof finding.subject, "%s", host->id);
	return mute_now(judge, &finding, (uint32_t)at);
}

static void hosts_count(struct judge *judge)
{
	for (size_t i = 0; i < LIMIT_INCIDENTS; i++)
		judge->incidents[i].count = 0;
	for (size_t i = 0; i < judge->site->hosts_n; i++) {
		const struct reach *reach = &judge->hosts[i];

		if (!host_down(judge, i) || reach->incident < 0)
			continue;
		struct incident *incident = &judge->incidents[reach->incident];

		incident->count++;
		if (reach->fail_at < incident->since)
			incident->since = reach->fail_at;
	}
}

static void incidents_claim(struct judge *judge)
{
	for (size_t i = 0; i < LIMIT_INCIDENTS; i++) {
		struct incident *incident = &judge->incidents[i];
		char key[FINDING_NAME];

		incident->slot = NULL;
		incident->used &= incident->count > 0;
		incident->told &= incident->used;
		if (!incident->used || (incident->count < 2 && !incident->told))
			continue;
		incident->told = true;
		(void)snprintf(key, sizeof key, "%u", (unsigned)incident->number);
		incident->slot = claim(judge, &(struct claim){ .code = FINDING_HOSTS_LOST,
			.severity = SEVERITY_CRITICAL, .key = key,
			.subject_kind = (enum subject)incident->subject_kind,
			.subject = subject_name(judge->site, incident),
			.place = subject_place(judge->site, incident), .kind = MEASURE_REACH,
			.since = incident->since, .count = incident->count });
	}
}

static void host_claim(struct judge *judge, size_t at)
{
	const struct host *host = &judge->site->hosts[at];
	struct reach *reach = &judge->hosts[at];
	bool must_run = host->service != NULL && host->service->must;

	reach->slot = claim(judge, &(struct claim){ .code = FINDING_HOST_DOWN,
		.severity = must_run ? SEVERITY_CRITICAL : SEVERITY_WARNING,
		.subject_kind = SUBJECT_HOST, .subject = host->id, .index = (uint32_t)at,
		.place = host->rack != NULL ? host->rack->id : "", .kind = MEASURE_REACH,
		.since = reach->fail_at });
}

static void hosts_claim(struct judge *judge)
{
	size_t named = 0;

	for (size_t i = 0; i < judge->site->hosts_n; i++) {
		struct reach *reach = &judge->hosts[i];
		bool member = reach->incident >= 0 &&
		    judge->incidents[reach->incident].slot != NULL;

		reach->slot = NULL;
		if (host_down(judge, i) && (!member || named++ < LIMIT_CHILDREN))
			host_claim(judge, i);
		else if (reach->recovered_at > judge->swept - MINUTE && reach->state == PROBE_UP)
			quit(judge, FINDING_HOST_DOWN, judge->site->hosts[i].id,
			    reach->recovered_at);
	}
}

static void host_settle(struct judge *judge, size_t at)
{
	if (host_excused(judge, at))
		judge->hosts[at].incident = -1;
	else
		host_assign(judge, at);
}

void incident_sweep(struct judge *judge)
{
	const struct site *site = judge->site;
	bool any = false;

	for (size_t i = 0; i < site->hosts_n; i++) {
		struct reach *reach = &judge->hosts[i];

		if (reach->state != PROBE_DOWN) {
			reach->told = false;
			reach->incident = -1;
		} else if (!reach->told) {
			reach->told = !reach_waits(judge, site->hosts[i].behind, reach);
		}
		any |= reach->told;
	}
	if (any)
		explain_prepare(judge);
	/* those who have an incident first: it grows, and the others join it */
	for (int member = 1; any && member >= 0; member--)
		for (size_t i = 0; i < site->hosts_n; i++)
			if (host_down(judge, i) && (judge->hosts[i].incident >= 0) == member)
				host_settle(judge, i);
	hosts_count(judge);
	incidents_claim(judge);
	hosts_claim(judge);
}
