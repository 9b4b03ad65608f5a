/* src/judge/explain.c - what explains that this host is down?  The best evidence first. */
#include "judge/state.h"

enum { TOGETHER = 15 * MINUTE, CLUSTER_TIME = 10 * MINUTE, CLUSTER_LEAST = 3 };

static void lost_count(struct lost *lost, const struct reach *reach)
{
	lost->hosts++;
	if (reach->state != PROBE_DOWN || !reach->told)
		return;
	if (lost->down == 0 || reach->fail_at < lost->first)
		lost->first = reach->fail_at;
	if (lost->down == 0 || reach->fail_at > lost->last)
		lost->last = reach->fail_at;
	lost->down++;
}

/* All of them, at least two, and nearly at once: then it is what they share. */
static bool lost_whole(const struct lost *lost)
{
	return lost->down >= 2 && lost->down == lost->hosts && lost->last - lost->first <= TOGETHER;
}

static bool feeds(const struct node *node, const struct node *pdu)
{
	for (; pdu != NULL; pdu = pdu->from)
		if (pdu == node)
			return true;
	return false;
}

/* Nothing but this node (and what is above it) gives the host power. */
static bool feeds_alone(const struct node *node, const struct host *host)
{
	for (size_t i = 1; i < host->cords_n; i++)
		if (!feeds(node, host->cords[i].pdu))
			return false;
	return true;
}

static void host_count(struct judge *judge, size_t at)
{
	const struct site *site = judge->site;
	const struct host *host = &site->hosts[at];
	const struct reach *reach = &judge->hosts[at];

	if (!reach->watched)
		return;
	if (host->rack != NULL)
		lost_count(&judge->racks[host->rack - site->racks].lost, reach);
	if (host->behind != NULL)
		lost_count(&judge->devices[host->behind - site->devices].kids, reach);
	const struct node *node = host->cords_n > 0 ? host->cords[0].pdu : NULL;

	for (; node != NULL; node = node->from)
		if (feeds_alone(node, host))
			lost_count(&judge->nodes[node - site->nodes].lost, reach);
}

/* The room of a host; one past the last for those of which it is not said. */
static size_t cluster_at(const struct judge *judge, const struct host *host)
{
	const struct room *room = host->rack != NULL ? host->rack->room : NULL;

	return room != NULL ? (size_t)(room - judge->site->rooms) : judge->site->rooms_n;
}

/* Hosts of a room that are down, near the newest of them in time. */
static void cluster_count(struct judge *judge)
{
	const struct site *site = judge->site;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < site->hosts_n; i++) {
			const struct reach *reach = &judge->hosts[i];
			struct lost *lost =
			    &judge->rooms[cluster_at(judge, &site->hosts[i])].cluster;

			if (reach->state != PROBE_DOWN || !reach->told)
				continue;
			if (pass == 0 && reach->fail_at > lost->last)
				lost->last = reach->fail_at;
			else if (pass == 1 && lost->last - reach->fail_at <= CLUSTER_TIME)
				lost->down++;
		}
}

/* A node is taken for dead when all that measures it fell silent. */
static void dead_nodes(struct judge *judge)
{
	const struct site *site = judge->site;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < site->sensors_n; i++) {
			const struct node *node = site->sensors[i].node;

			if (node == NULL)
				continue;
			struct node_state *state = &judge->nodes[node - site->nodes];

			if (pass == 0 && judge->lines[i].all_silent) {
				state->dead = true;
				state->silent = judge->lines[i].slot;
			} else if (pass == 1 && !judge->lines[i].all_silent) {
				state->dead = false;
				state->silent = NULL;
			}
		}
}

void explain_prepare(struct judge *judge)
{
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->racks_n; i++)
		judge->racks[i].lost = (struct lost){ 0 };
	for (size_t i = 0; i < site->nodes_n; i++)
		judge->nodes[i].lost = (struct lost){ 0 };
	for (size_t i = 0; i < site->devices_n; i++)
		judge->devices[i].kids = (struct lost){ 0 };
	for (size_t i = 0; i <= site->rooms_n; i++)
		judge->rooms[i].cluster = (struct lost){ 0 };
	dead_nodes(judge);
	for (size_t i = 0; i < site->hosts_n; i++)
		host_count(judge, i);
	cluster_count(judge);
}

/* The nearest thing it hangs on that is down, or came back and has not been followed
 * by a probe of the host yet. */
static bool by_switch(const struct judge *judge, const struct host *host,
    const struct reach *reach, struct incident *ret_like)
{
	const struct device *behind = host->behind;

	for (; behind != NULL; behind = behind->behind) {
		const struct reach *parent = &judge->devices[behind - judge->site->devices];
		bool back = parent->recovered_at != 0 && parent->recovered_at >= reach->at;

		if (!parent->told && !back)
			continue;
		*ret_like = (struct incident){ .cause = CAUSE_SWITCH,
			.subject_kind = SUBJECT_DEVICE,
			.subject = (uint32_t)(behind - judge->site->devices) };
		return true;
	}
	return false;
}

static const struct node *dead_above(const struct judge *judge, const struct node *node)
{
	const struct node *dead = NULL;

	for (; node != NULL; node = node->from)
		if (judge->nodes[node - judge->site->nodes].dead)
			dead = node;
	return dead;
}

static bool by_dead_node(const struct judge *judge, const struct host *host,
    struct incident *ret_like)
{
	const struct node *dead = NULL;

	for (size_t i = 0; i < host->cords_n; i++) {
		dead = dead_above(judge, host->cords[i].pdu);
		if (dead == NULL)
			return false;
	}
	if (dead == NULL)
		return false;
	*ret_like = (struct incident){ .cause = CAUSE_DEAD_NODE, .subject_kind = SUBJECT_NODE,
		.subject = (uint32_t)(dead - judge->site->nodes) };
	return true;
}

/* A limit passed between two readings is seen at the second: what began no later than
 * one period of the room's thermometers after may have been there before. */
struct slot *began_before(const struct chamber *room, struct slot *slot, int64_t at)
{
	return slot != NULL && slot->since < at + room->every_ms ? slot : NULL;
}

struct slot *room_before(const struct chamber *room, int64_t at)
{
	struct slot *const chain[] = { room->hot, room->hot_inlet, room->rise, room->blind };
	struct slot *found = NULL;

	for (size_t i = 0; found == NULL && i < sizeof chain / sizeof *chain; i++)
		found = began_before(room, chain[i], at);
	return found;
}

static bool by_room(const struct judge *judge, const struct host *host,
    const struct reach *reach, struct incident *ret_like)
{
	const struct room *plan = host->rack != NULL ? host->rack->room : NULL;

	if (plan == NULL)
		return false;
	const struct chamber *room = &judge->rooms[plan - judge->site->rooms];
	const struct slot *slot = room_before(room, reach->fail_at);

	if (slot == NULL)
		return false;
	*ret_like = (struct incident){ .cause = slot == room->blind ? CAUSE_BLIND : CAUSE_HOT,
		.subject_kind = SUBJECT_ROOM, .subject = (uint32_t)(plan - judge->site->rooms) };
	return true;
}

/* The widest group that is wholly lost; of equals the rack, as people look there. */
static bool by_group(const struct judge *judge, const struct host *host,
    struct incident *ret_like)
{
	const struct site *site = judge->site;
	const struct node *node = host->cords_n > 0 ? host->cords[0].pdu : NULL;
	struct incident best = { .count = 0 };

	if (host->rack != NULL && lost_whole(&judge->racks[host->rack - site->racks].lost))
		best = (struct incident){ .cause = CAUSE_RACK, .subject_kind = SUBJECT_RACK,
			.subject = (uint32_t)(host->rack - site->racks),
			.count = judge->racks[host->rack - site->racks].lost.down };
	for (; node != NULL; node = node->from) {
		const struct lost *lost = &judge->nodes[node - site->nodes].lost;

		if (feeds_alone(node, host) && lost_whole(lost) && lost->down > best.count)
			best = (struct incident){ .cause = CAUSE_NODE,
				.subject_kind = SUBJECT_NODE,
				.subject = (uint32_t)(node - site->nodes), .count = lost->down };
	}
	if (host->behind != NULL) {
		const struct reach *parent = &judge->devices[host->behind - site->devices];

		if (!parent->watched && lost_whole(&parent->kids) &&
		    parent->kids.down > best.count)
			best = (struct incident){ .cause = CAUSE_BEHIND,
				.subject_kind = SUBJECT_DEVICE,
				.subject = (uint32_t)(host->behind - site->devices),
				.count = parent->kids.down };
	}
	*ret_like = best;
	return best.count > 0;
}

static bool by_cluster(const struct judge *judge, const struct host *host,
    const struct reach *reach, struct incident *ret_like)
{
	size_t at = cluster_at(judge, host);
	const struct lost *lost = &judge->rooms[at].cluster;

	if (lost->down < CLUSTER_LEAST || lost->last - reach->fail_at > CLUSTER_TIME)
		return false;
	*ret_like = (struct incident){ .cause = CAUSE_CLUSTER, .count = lost->down,
		.subject_kind = at < judge->site->rooms_n ? SUBJECT_ROOM : SUBJECT_SITE,
		.subject = (uint32_t)at };
	return true;
}

bool explain(struct judge *judge, size_t at, struct incident *ret_like)
{
	const struct host *host = &judge->site->hosts[at];
	const struct reach *reach = &judge->hosts[at];

	return by_switch(judge, host, reach, ret_like) || by_dead_node(judge, host, ret_like) ||
	    by_room(judge, host, reach, ret_like) || by_group(judge, host, ret_like) ||
	    by_cluster(judge, host, reach, ret_like);
}
