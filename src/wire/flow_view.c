/* What listeners see of a flow; filled when it is asked for. */
#include "wire/link.h"
#include "wire/worker.h"
#include <string.h>

static void view_addresses(struct flow_view *view, const struct flow *flow)
{
	const struct flow_key *key = &flow->key;
	bool turned = flow_turned(flow);

	view->client.family = view->server.family = key->family;
	if (key->family != ADDRESS_NONE) {
		memcpy(view->client.byte, turned ? key->high : key->low, 16);
		memcpy(view->server.byte, turned ? key->low : key->high, 16);
	}
	view->client_port = turned ? key->high_port : key->low_port;
	view->server_port = turned ? key->low_port : key->high_port;
	view->client_mac = flow->mac[SIDE_CLIENT];
	view->server_mac = flow->mac[SIDE_SERVER];
	view->protocol = key->protocol;
	view->ether_type = key->family == ADDRESS_4 ? ETHER_IP4
	    : key->family == ADDRESS_6		     ? ETHER_IP6
						     : key->ether_type;
}

struct flow_view *worker_view(struct ear_worker *worker, const struct flow *flow)
{
	struct flow_view *view = &worker->view;
	unsigned spoke = FLOW_SPOKE | FLOW_SPOKE << SIDE_SERVER;

	if (worker->view_of != flow) {
		memset(view, 0, sizeof *view);
		view->id = flow->first_frame * 2 + ((flow->flags & FLOW_QUOTED) != 0);
		view_addresses(view, flow);
		view->vlan = flow->vlan;
		view->name = flow->name != NULL ? span_text(flow->name) : span_of(NULL, 0);
		worker->view_of = flow;
	}
	view->opened = flow->flags & FLOW_OPENED;
	view->answered = (flow->flags & spoke) == spoke;
	view->quoted = flow->flags & FLOW_QUOTED;
	view->encrypted = flow->flags & FLOW_SECRET;
	view->closed = flow->flags & FLOW_RESET ? CLOSE_RESET
	    : flow->flags & (FLOW_FIN | FLOW_FIN << 1) ? CLOSE_FIN
						       : CLOSE_NOT;
	view->closed_by = flow->flags & FLOW_CLOSED_BY ? SIDE_SERVER : SIDE_CLIENT;
	view->handshake_us = flow->handshake_us;
	view->tongue = flow->tongue < tongue_count ? tongues[flow->tongue]->name : "";
	return view;
}

void worker_said(struct ear_worker *worker, const struct flow *flow, enum said_side side,
    struct said_head *ret_head)
{
	*ret_head = (struct said_head){ .time_ns = worker->time_ns, .frame = worker->frame,
		.sub = worker->sub++, .side = (uint8_t)side,
		.flow = worker_view(worker, flow) };
}
