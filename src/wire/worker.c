/* Flows: found or begun, counted, cut into slices.  How they end: ending.c. */
#include "wire/worker.h"
#include "base/limits.h"
#include "wire/link.h"
#include <stdlib.h>

static const int64_t HOUR_NS = (int64_t)3600 * 1000000000;

int worker_init(struct ear_worker *worker, const struct listener *ears, uint64_t seed,
    size_t memory, struct why *why)
{
	*worker = (struct ear_worker){ .ears = ears, .held_most = memory / 4,
		.hosts.most = LIMIT_HOSTS_SEEN,
		.seed = seed, .diaries = { .on = ears->flow != NULL ||
		    (ears->also != NULL && ears->also->flow != NULL) } };
	if (!flow_table_init(&worker->flows, memory - memory / 4))
		return fail(why, KS_FULL, "out of memory");
	worker->dns = malloc(sizeof *worker->dns);
	if (worker->dns == NULL)
		return fail(why, KS_FULL, "out of memory");
	return keylog_new(&worker->keys, why);
}

void worker_done(struct ear_worker *worker)
{
	flow_table_done(&worker->flows);
	hashset_done(&worker->hosts);
	keylog_free(worker->keys);
	free(worker->dns);
	diaries_done(&worker->diaries);
}

/* -- slices ------------------------------------------------------------------------------------- */

void slice_tell(struct ear_worker *worker, struct flow *flow, enum slice_ended ended)
{
	struct said_slice slice = { .first_ns = flow->slice_ns, .last_ns = flow->last_ns,
		.first_frame = flow->slice_frame, .began = flow->began,
		.ended = (uint8_t)ended };
	struct said_head head;

	/* a report has told all of it: an end alone would be news of another hour */
	bool empty = flow->began == BEGAN_GOES_ON && flow->frames[0] + flow->frames[1] == 0;

	diary_add(&worker->diaries, flow);
	if (worker->ears->slice == NULL || empty)
		return;
	for (int side = 0; side < 2; side++) {
		slice.frames[side] = flow->frames[side];
		slice.bytes[side] = flow->bytes[side];
		slice.payload[side] = flow->payload[side];
		slice.ttl[side] = flow->ttl[side];
		slice.retransmits[side] = flow->retransmits[side];
		slice.missing[side] = flow->missing[side];
	}
	worker_said(worker, flow, SIDE_CLIENT, &head);
	head.time_ns = flow->last_ns;
	head.frame = flow->slice_frame;
	worker->ears->slice(worker->ears->context, &head, &slice);
}

void slice_clear(struct flow *flow, enum slice_began began)
{
	flow->began = (uint8_t)began;
	memset(flow->frames, 0, sizeof flow->frames);
	memset(flow->bytes, 0, sizeof flow->bytes);
	memset(flow->payload, 0, sizeof flow->payload);
	memset(flow->retransmits, 0, sizeof flow->retransmits);
	memset(flow->missing, 0, sizeof flow->missing);
}

static void slice_begin(struct flow *flow, const struct packet *packet,
    enum slice_began began)
{
	slice_clear(flow, began);
	flow->slice_ns = flow->last_ns = packet->time_ns;
	flow->slice_frame = packet->frame;
}

/* A pause, a full hour or a full counter ends a slice. */
static void slice_turn(struct ear_worker *worker, struct flow *flow,
    const struct packet *packet)
{
	int64_t quiet = (int64_t)LIMIT_FLOW_QUIET_S * 1000000000;
	bool again = packet->time_ns - flow->last_ns >= quiet;
	bool full = (flow->bytes[0] | flow->bytes[1] | flow->payload[0] | flow->payload[1]) >>
	    31;

	if (!again && !full && packet->time_ns / HOUR_NS == flow->last_ns / HOUR_NS)
		return;
	slice_tell(worker, flow, ENDED_NOT);
	slice_begin(flow, packet, again ? BEGAN_AGAIN : BEGAN_GOES_ON);
}

/* -- a flow's beginning ------------------------------------------------------------------------------ */

/* Without a SYN, who has the well-known port is the server. */
static bool from_server(const struct packet *packet)
{
	if (packet->protocol == IP_TCP && packet->tcp_flags & TCP_SYN)
		return packet->tcp_flags & TCP_ACK;
	if (packet->protocol != IP_TCP && packet->protocol != IP_UDP)
		return false;
	return packet->from_port != 0 && packet->from_port < 1024 && packet->to_port >= 1024;
}

static void stream_count(struct ear_worker *worker, const struct flow_key *key)
{
	if (key->ether_type == 0 && key->protocol == IP_TCP)
		worker->counts.tcp++;
	else if (key->ether_type == 0 && key->protocol == IP_UDP)
		worker->counts.udp++;
	else if (key->family != ADDRESS_NONE)
		worker->counts.other++;
}

static struct flow *flow_begin(struct ear_worker *worker, const struct worker_packet *in)
{
	const struct packet *packet = in->packet;
	bool syn = packet->protocol == IP_TCP && packet->tcp_flags & TCP_SYN;
	bool again = !syn && hashset_has(&worker->flows.seen, in->hash);
	struct flow *flow = flow_add(&worker->flows, in->key, in->hash);
	bool server = from_server(packet);

	if (flow == NULL) {
		worker_evict(worker);
		flow = flow_add(&worker->flows, in->key, in->hash);
	}
	if (flow == NULL) {
		worker->counts.evicted++;
		return NULL;
	}
	worker->view_of = NULL; /* the record may be one that was in use before */
	/* fragments are a stream once one datagram is whole */
	flow->uncounted = !again && packet->flags & PACKET_FRAGMENT && in->key->ether_type == 0;
	if (!again && !flow->uncounted)
		stream_count(worker, in->key);
	slice_begin(flow, packet, again ? BEGAN_AGAIN : BEGAN_NEW);
	if (worker->diaries.on)
		diary_open(&worker->diaries, flow);
	flow->first_frame = packet->frame;
	flow->last_clock = in->clock;
	flow->tongue = TONGUE_NONE;
	flow->vlan = packet->vlans > 0 ? packet->vlan[packet->vlans > 1] : 0;
	if (in->turned != server)
		flow->flags |= FLOW_TURNED;
	if (packet->flags & PACKET_QUOTED)
		flow->flags |= FLOW_QUOTED;
	if (packet->has_mac) {
		flow->mac[server ? SIDE_SERVER : SIDE_CLIENT] = packet->mac_from;
		flow->mac[server ? SIDE_CLIENT : SIDE_SERVER] = packet->mac_to;
	}
	/* of tunnels each packet is looked at; a shadow is of hosts that its packet has */
	if (packet->tunnels == 0 && (packet->flags & PACKET_SHADOW) == 0) {
		host_count(worker, &packet->from);
		host_count(worker, &packet->to);
	}
	return flow;
}

/* -- TCP ----------------------------------------------------------------------------------------- */

/* A SYN of another beginning: the ports are used again, by a new stream. */
static bool tcp_begins_anew(const struct flow *flow, const struct packet *packet,
    enum said_side side)
{
	return (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	    flow->flags & (FLOW_BASE << side) && packet->tcp_seq != flow->base_seq[side];
}

static void tcp_base(struct flow *flow, const struct packet *packet, enum said_side side)
{
	enum said_side other = side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
	bool syn = packet->tcp_flags & TCP_SYN;

	if ((flow->flags & (FLOW_BASE << side)) == 0) {
		flow->base_seq[side] = packet->tcp_seq - !syn;
		flow->next_seq[side] = packet->tcp_seq + syn;
		flow->flags |= (uint16_t)(FLOW_BASE << side);
	}
	if ((flow->flags & (FLOW_BASE << other)) == 0 && packet->tcp_flags & TCP_ACK) {
		flow->base_seq[other] = packet->tcp_ack - 1;
		flow->next_seq[other] = packet->tcp_ack;
		flow->flags |= (uint16_t)(FLOW_BASE << other);
	}
}

/* From SYN to the ACK that answers the SYN-ACK: a round trip wherever we listen. */
static void tcp_handshake(struct flow *flow, const struct packet *packet,
    enum said_side side)
{
	uint8_t flags = packet->tcp_flags;

	if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && side == SIDE_CLIENT) {
		if (flow->flags & FLOW_OPENED) /* sent again: which one is answered? */
			flow->flags |= FLOW_HANDSHAKE;
		flow->flags |= FLOW_OPENED;
	} else if (side == SIDE_CLIENT && flags & TCP_ACK &&
	    (flow->flags & FLOW_HANDSHAKE) == 0) {
		int64_t took = packet->time_ns - flow->slice_ns;

		if (flow->flags & FLOW_OPENED && flow->flags & (FLOW_SPOKE << SIDE_SERVER) &&
		    took > 0 && took / 1000 < UINT32_MAX)
			flow->handshake_us = (uint32_t)(took / 1000);
		flow->flags |= FLOW_HANDSHAKE;
	}
}

static void tcp_close(struct flow *flow, const struct packet *packet, enum said_side side)
{
	unsigned before = FLOW_RESET | FLOW_FIN | FLOW_FIN << SIDE_SERVER;

	if ((packet->tcp_flags & (TCP_FIN | TCP_RST)) == 0)
		return;
	if ((flow->flags & before) == 0 && side == SIDE_SERVER)
		flow->flags |= FLOW_CLOSED_BY;
	if (packet->tcp_flags & TCP_FIN)
		flow->flags |= (uint16_t)(FLOW_FIN << side);
	if (packet->tcp_flags & TCP_RST)
		flow->flags |= FLOW_RESET;
}

static void tcp_take(struct ear_worker *worker, struct flow *flow,
    const struct packet *packet, enum said_side side)
{
	uint32_t end = packet->tcp_seq + packet->payload_length;

	tcp_base(flow, packet, side);
	tcp_handshake(flow, packet, side);
	tcp_close(flow, packet, side);
	if (packet->payload_length > 0) {
		if ((int32_t)(end - flow->next_seq[side]) > 0)
			flow->next_seq[side] = end;
		else if (packet->payload_length > 1 && flow->retransmits[side] < UINT16_MAX)
			flow->retransmits[side]++;
	}
	if (flow->cold != NULL || (packet->payload.left > 0 && (flow->flags & FLOW_DEAF) == 0))
		stream_take(worker, flow, packet, side);
}

/* -- one packet ------------------------------------------------------------------------------------ */

/* A small TTL that differs from what this side sent before: the mark of a traceroute. */
static void probe_tell(struct ear_worker *worker, struct flow *flow,
    const struct packet *packet, enum said_side side)
{
	struct said_hop hop = { .kind = HOP_PROBE, .prober = packet->from,
		.target = packet->to, .protocol = packet->protocol, .ttl = packet->ttl,
		.from_port = packet->from_port, .to_port = packet->to_port };
	struct said_head head;

	if (worker->ears->hop == NULL || packet->from.family == ADDRESS_NONE ||
	    packet->ttl > LIMIT_PROBE_TTL || flow->ttl[side] == packet->ttl ||
	    packet->flags & (PACKET_SHADOW | PACKET_LATE_ERROR) ||
	    address_is_group(&packet->to))
		return;
	if ((packet->protocol == IP_ICMP || packet->protocol == IP_ICMP6) &&
	    packet->payload.left >= 4) {
		hop.from_port = link_be16(packet->payload.at);
		hop.to_port = link_be16(packet->payload.at + 2);
	}
	hop.icmp_type = packet->icmp_type;
	hop.icmp_code = packet->icmp_code;
	worker_said(worker, flow, side, &head);
	worker->ears->hop(worker->ears->context, &head, &hop);
}

static void flow_account(struct flow *flow, const struct worker_packet *in,
    enum said_side side)
{
	const struct packet *packet = in->packet;

	if (packet->time_ns > flow->last_ns)
		flow->last_ns = packet->time_ns;
	flow->last_frame = packet->frame;
	flow->last_clock = in->clock;
	if (packet->flags & PACKET_SHADOW)
		return;
	flow->frames[side]++;
	flow->bytes[side] += packet->length;
	flow->payload[side] += packet->payload_length;
	flow->ttl[side] = packet->ttl;
	flow->flags |= (uint16_t)(FLOW_SPOKE << side);
}

static struct flow *flow_of(struct ear_worker *worker, const struct worker_packet *in)
{
	struct flow *flow = flow_find(&worker->flows, in->key, in->hash);

	if (flow != NULL && flow_expired(flow, in->clock)) {
		flow_expire(worker, flow, ENDED_IDLE);
		flow = NULL;
	}
	if (flow != NULL && in->packet->protocol == IP_TCP &&
	    tcp_begins_anew(flow, in->packet,
		in->turned == flow_turned(flow) ? SIDE_CLIENT : SIDE_SERVER)) {
		flow_end(worker, flow, ENDED_CLOSED);
		flow_remove(&worker->flows, flow, false);
		flow = NULL;
	}
	if (flow == NULL)
		return flow_begin(worker, in);
	slice_turn(worker, flow, in->packet);
	return flow;
}

void worker_take(struct ear_worker *worker, const struct worker_packet *in)
{
	const struct packet *packet = in->packet;
	struct flow *flow;
	enum said_side side;

	worker->time_ns = packet->time_ns;
	worker->frame = packet->frame;
	worker->clock = in->clock;
	worker->sub = 0;
	flow = flow_of(worker, in);
	if (packet->tunnels > 0) {
		host_count(worker, &packet->outer_from);
		host_count(worker, &packet->outer_to);
	}
	if (flow == NULL)
		return;
	worker->flow = flow;
	side = in->turned == flow_turned(flow) ? SIDE_CLIENT : SIDE_SERVER;
	if (flow->ttl[side] != packet->ttl)
		probe_tell(worker, flow, packet, side);
	if (worker->diaries.on && (packet->flags & PACKET_FRAGMENT) == 0)
		diary_note(&worker->diaries, flow, packet, side);
	flow_account(flow, in, side);
	if (packet->flags & PACKET_FRAGMENT) { /* what it says is said by the whole */
		worker->flow = NULL;
		return;
	}
	if (flow->uncounted) {
		flow->uncounted = false;
		stream_count(worker, in->key);
	}
	if (in->key->protocol == IP_TCP && in->key->ether_type == 0)
		tcp_take(worker, flow, packet, side);
	else if (in->key->protocol == IP_UDP && in->key->ether_type == 0)
		talk_datagram(worker, flow, side, packet->payload);
	else
		neighbours_take(worker, flow, packet, side);
	flow_turn(worker, flow);
	worker->flow = NULL;
}
