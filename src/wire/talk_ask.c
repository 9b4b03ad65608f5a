/* What a tongue may ask of the engine. */
#include "base/limits.h"
#include "base/must.h"
#include "wire/worker.h"
#include <stdlib.h>

/* -- memory ------------------------------------------------------------------------------------- */

int talk_hold(struct talk *talk, struct hold *hold, struct span bytes, size_t max)
{
	struct ear_worker *worker = talk->worker;
	size_t room = hold->room > 0 ? hold->room : 64;
	uint8_t *more;

	if (bytes.left == 0)
		return KS_OK;
	if (bytes.left > max || hold->len > max - bytes.left)
		return KS_FULL;
	while (room < hold->len + bytes.left)
		room *= 2;
	if (room != hold->room) {
		if (worker->held + (room - hold->room) > worker->held_most)
			return KS_FULL;
		more = realloc(hold->at, room);
		if (more == NULL)
			return KS_FULL;
		worker->held += room - hold->room;
		hold->at = more;
		hold->room = room;
	}
	memcpy(hold->at + hold->len, bytes.at, bytes.left);
	hold->len += bytes.left;
	return KS_OK;
}

void talk_hold_eat(struct hold *hold, size_t n)
{
	must(n <= hold->len);
	if (n > 0)
		memmove(hold->at, hold->at + n, hold->len - n);
	hold->len -= n;
}

void talk_hold_free(struct talk *talk, struct hold *hold)
{
	talk->worker->held -= hold->room;
	free(hold->at);
	*hold = (struct hold){ .len = 0 };
}

/* -- the stream goes on in another way, or on the inside ------------------------------------------------------------------------------------ */

void talk_rest(struct talk *talk, enum said_side side)
{
	talk->unwanted |= (uint8_t)(1 << side);
}

void talk_skip(struct talk *talk, enum said_side side, uint64_t n)
{
	talk->skip[side] += n;
}

void talk_switch(struct talk *talk, enum said_side side, struct span rest)
{
	talk->before = talk->tongue->name;
	talk_tongue_end(talk);
	talk->unwanted = 0;
	talk->skip[0] = talk->skip[1] = 0;
	talk_begin(talk->worker, talk);
	if (rest.left > 0)
		talk_take(talk, side, rest);
}

struct inside {
	struct talk talk;
	struct flow_view view;
};

struct talk *talk_inside_new(struct talk *outer)
{
	struct ear_worker *worker = outer->worker;
	struct inside *inside;

	if (worker->held + sizeof *inside > worker->held_most)
		return NULL;
	inside = calloc(1, sizeof *inside);
	if (inside == NULL)
		return NULL;
	worker->held += sizeof *inside;
	inside->talk.flow = &inside->view;
	inside->talk.outer = outer;
	inside->view.tongue = "";
	talk_begin(worker, &inside->talk);
	return &inside->talk;
}

void talk_inside_take(struct talk *inside, enum said_side side, struct span bytes)
{
	if (bytes.left > 0)
		talk_take(inside, side, bytes);
}

void talk_inside_gap(struct talk *inside, enum said_side side, uint64_t n)
{
	talk_gap(inside, side, n);
}

void talk_inside_end(struct talk *inside)
{
	struct ear_worker *worker = inside->worker;

	talk_end(inside);
	worker->held -= sizeof(struct inside);
	free(inside); /* the talk is the inside's first member */
}

void talk_turn(struct talk *talk)
{
	struct flow *flow = talk->worker->flow;

	if (flow == NULL || talk->outer != NULL || flow->flags & FLOW_OPENED)
		return;
	/* what is counted by side is swapped once the packet is taken: flow_turn() */
	flow->flags ^= FLOW_TURNED;
	talk->turned = !talk->turned;
	talk->worker->turn = !talk->worker->turn;
	talk->worker->view_of = NULL;
	(void)worker_view(talk->worker, flow);
}

void talk_name(struct talk *talk, struct span name)
{
	struct flow *flow = talk->worker->flow;
	char *copy;

	if (flow == NULL || name.left == 0 || name.left > LIMIT_HOST_NAME ||
	    (flow->name != NULL && span_equal(name, flow->name)))
		return;
	copy = malloc(name.left + 1);
	if (copy == NULL)
		return;
	memcpy(copy, name.at, name.left);
	copy[name.left] = '\0';
	free(flow->name);
	flow->name = copy;
	talk->worker->view_of = NULL;
	(void)worker_view(talk->worker, flow);
}

void talk_is_secret(struct talk *talk)
{
	if (talk->worker->flow != NULL)
		talk->worker->flow->flags |= FLOW_SECRET;
	talk->flow->encrypted = true;
}

void talk_disown(struct talk *talk)
{
	struct flow *flow = talk->worker->flow;

	talk_rest(talk, SIDE_CLIENT);
	talk_rest(talk, SIDE_SERVER);
	if (flow == NULL || talk->outer != NULL)
		return;
	flow->tongue = TONGUE_NONE;
	flow->flags |= FLOW_DEAF;
	talk->worker->view_of = NULL;
	(void)worker_view(talk->worker, flow);
}

const struct keylog *talk_keys(const struct talk *talk)
{
	return talk->worker->keys;
}
