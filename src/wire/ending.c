/* src/wire/ending.c - how flows end: closed, silent for long, pushed out, with the capture. */
#include "wire/worker.h"
#include "base/limits.h"
#include <stdlib.h>

/* After both FINs, or RST, so long nothing more came: live, it is told then and not when its
 * record is forgotten. */
static const int64_t CLOSED_QUIET_NS = 400000000;

static void flow_tell(struct ear_worker *worker, struct flow *flow, struct said_flow is)
{
	struct said_head head;

	worker_said(worker, flow, SIDE_CLIENT, &head);
	listener_flow(worker->ears, &head, &is);
}

/* What is said of a flow belongs to its own last packet, whoever's turn it is. */
struct turn {
	int64_t time_ns;
	uint64_t frame;
	uint32_t sub;
	struct flow *flow;
};

static struct turn turn_take(struct ear_worker *worker, struct flow *flow)
{
	struct turn was = { worker->time_ns, worker->frame, worker->sub, worker->flow };

	worker->time_ns = flow->last_ns;
	worker->frame = flow->last_frame;
	worker->sub = UINT32_C(1) << 16;
	worker->flow = flow;
	return was;
}

static void turn_back(struct ear_worker *worker, struct turn was)
{
	worker->view_of = NULL;
	worker->time_ns = was.time_ns;
	worker->frame = was.frame;
	worker->sub = was.sub;
	worker->flow = was.flow;
}

void flow_end(struct ear_worker *worker, struct flow *flow, enum slice_ended ended)
{
	struct turn was = turn_take(worker, flow);

	stream_end(worker, flow);
	flow_turn(worker, flow);
	if (ended == ENDED_IDLE && flow->flags & (FLOW_RESET | FLOW_FIN | FLOW_FIN << 1))
		ended = ENDED_CLOSED;
	slice_tell(worker, flow, ended);
	if (worker->diaries.on && !diary_is_told(flow))
		flow_tell(worker, flow, diary_close(&worker->diaries, flow, ended));
	free(flow->name);
	flow->name = NULL;
	turn_back(worker, was);
}

static uint32_t flow_patience(const struct flow *flow)
{
	unsigned spoke = FLOW_SPOKE | FLOW_SPOKE << SIDE_SERVER;
	unsigned fins = FLOW_FIN | FLOW_FIN << SIDE_SERVER;

	if (flow->key.protocol == IP_TCP && (flow->flags & spoke) == spoke &&
	    (flow->flags & FLOW_RESET) == 0 && (flow->flags & fins) != fins)
		return LIMIT_FLOW_OPEN_S;
	return LIMIT_FLOW_IDLE_S;
}

bool flow_expired(const struct flow *flow, uint32_t clock)
{
	uint32_t silent = clock - flow->last_clock;

	return silent >= LIMIT_FLOW_IDLE_S && silent >= flow_patience(flow);
}

void flow_expire(struct ear_worker *worker, struct flow *flow, enum slice_ended ended)
{
	flow_end(worker, flow, ended);
	flow_remove(&worker->flows, flow, true);
}

void worker_sweep(struct ear_worker *worker, uint32_t clock)
{
	enum { LOOKS = 8 };
	struct flow *flow, *old[LOOKS];
	/* in a small table none may be met twice */
	size_t looks = worker->flows.made < LOOKS ? worker->flows.made : LOOKS, n = 0;

	while ((flow = flow_sweep(&worker->flows, &looks)) != NULL)
		if (flow_expired(flow, clock)) {
			flow_prefetch_removal(&worker->flows, flow);
			old[n++] = flow;
		}
	for (size_t i = 0; i < n; i++)
		flow_expire(worker, old[i], ENDED_IDLE);
}

/* The table is full: of the next few the longest silent goes. */
void worker_evict(struct ear_worker *worker)
{
	enum { CHOICE = 16, FAR = 1 << 16 };
	struct flow *oldest = NULL, *flow;
	size_t looks = FAR;

	for (int i = 0; i < CHOICE; i++) {
		flow = flow_sweep(&worker->flows, &looks);
		if (flow == NULL)
			break;
		if (oldest == NULL ||
		    worker->clock - flow->last_clock > worker->clock - oldest->last_clock)
			oldest = flow;
	}
	if (oldest == NULL)
		return;
	worker->counts.evicted++;
	flow_expire(worker, oldest, ENDED_EVICTED);
}

/* -- all at once ---------------------------------------------------------------------------------- */

/* The slice so far is told; the next one goes on from there. */
static void slice_cut(struct ear_worker *worker, struct flow *flow)
{
	struct turn was = turn_take(worker, flow);

	slice_tell(worker, flow, ENDED_NOT);
	slice_clear(flow, BEGAN_GOES_ON);
	flow->slice_ns = flow->last_ns;
	flow->slice_frame = flow->last_frame;
	turn_back(worker, was);
}

void worker_report(struct ear_worker *worker, int64_t now_ns, int64_t least_ns)
{
	size_t looks = worker->flows.made;
	uint32_t clock = (uint32_t)(now_ns / 1000000000);
	struct flow *flow;

	worker->flows.hand = 0;
	while ((flow = flow_sweep(&worker->flows, &looks)) != NULL) {
		if (flow_expired(flow, clock))
			flow_expire(worker, flow, ENDED_IDLE);
		else if (flow->frames[0] + flow->frames[1] > 0 &&
		    now_ns - flow->slice_ns >= least_ns)
			slice_cut(worker, flow);
	}
}

static bool flow_closed(const struct flow *flow)
{
	unsigned fins = FLOW_FIN | FLOW_FIN << SIDE_SERVER;

	return flow->key.protocol == IP_TCP && flow->key.ether_type == 0 &&
	    (flow->flags & FLOW_RESET || (flow->flags & fins) == fins);
}

/* Its talk ends and it is told; the record stays as long as it would have, for the packets
 * that come late: they are counted in slices. */
static void flow_close(struct ear_worker *worker, struct flow *flow)
{
	struct turn was = turn_take(worker, flow);

	stream_end(worker, flow);
	flow_turn(worker, flow);
	flow->flags |= FLOW_DEAF;
	flow_tell(worker, flow, diary_early(&worker->diaries, flow, ENDED_CLOSED));
	turn_back(worker, was);
}

void worker_tick(struct ear_worker *worker, int64_t now_ns, bool expire)
{
	const struct listener *also = worker->ears->also;
	uint32_t clock = (uint32_t)(now_ns / 1000000000);
	size_t looks = worker->flows.made;
	struct flow *flow;

	worker->flows.hand = 0;
	while (worker->diaries.on && (flow = flow_sweep(&worker->flows, &looks)) != NULL) {
		if (expire && (int32_t)(clock - flow->last_clock) > 0 && flow_expired(flow, clock))
			flow_expire(worker, flow, ENDED_IDLE);
		else if (flow_closed(flow) && !diary_is_told(flow) &&
		    now_ns - flow->last_ns >= CLOSED_QUIET_NS)
			flow_close(worker, flow);
	}
	if (also != NULL && also->tick != NULL)
		also->tick(also->context, now_ns);
}

void worker_end(struct ear_worker *worker, uint32_t clock)
{
	size_t looks = worker->flows.made;
	struct flow *flow;

	worker->flow = NULL;
	flow_table_close(&worker->flows);
	while ((flow = flow_sweep(&worker->flows, &looks)) != NULL) {
		flow_table_passed(&worker->flows);
		flow_end(worker, flow, flow_expired(flow, clock) ? ENDED_IDLE : ENDED_CAPTURE);
	}
	hosts_add(worker);
	flow_table_done(&worker->flows);
}
