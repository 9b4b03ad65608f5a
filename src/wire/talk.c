/* Finding the tongue by the first bytes, and handing bytes to it. */
#include "base/limits.h"
#include "base/must.h"
#include "wire/worker.h"
#include <stdlib.h>

/* -- a tongue's beginning and end -------------------------------------------------------------------- */

static uint8_t tongue_number(const struct tongue *tongue)
{
	for (size_t i = 0; i < tongue_count; i++)
		if (tongues[i] == tongue)
			return (uint8_t)i;
	return TONGUE_NONE;
}

/* The flow's view is what tongues see; within a decrypted stream it is a copy. */
static void talk_look(struct talk *talk)
{
	talk->time_ns = talk->worker->time_ns;
	talk->frame = talk->worker->frame;
	if (talk->outer == NULL)
		return;
	const char *tongue = talk->flow->tongue;

	*talk->flow = *talk->outer->flow;
	talk->flow->decrypted = !talk->readable;
	talk->flow->tongue = tongue;
}

bool talk_tongue(struct talk *talk, const struct tongue *tongue)
{
	struct ear_worker *worker = talk->worker;

	must(tongue->state_size <= LIMIT_TALK_STATE);
	if (worker->held + tongue->state_size > worker->held_most)
		return false;
	talk->state = NULL;
	if (tongue->state_size > 0) {
		talk->state = calloc(1, tongue->state_size);
		if (talk->state == NULL)
			return false;
		worker->held += tongue->state_size;
	}
	talk->tongue = tongue;
	talk->fresh = false;
	talk->skip[0] = talk->skip[1] = 0;
	talk->unwanted = 0;
	talk->flow->tongue = tongue->name;
	if (talk->outer == NULL && worker->flow != NULL && worker->flow->tongue == TONGUE_NONE)
		worker->flow->tongue = tongue_number(tongue);
	return true;
}

void talk_tongue_end(struct talk *talk)
{
	const struct tongue *tongue = talk->tongue;

	if (tongue == NULL)
		return;
	if (tongue->end != NULL)
		tongue->end(talk);
	talk->worker->held -= talk->state != NULL ? tongue->state_size : 0;
	free(talk->state);
	talk->state = NULL;
	talk->tongue = NULL;
}

/* A side as the stream calls it, as it is since talk_turn(). */
static enum said_side side_of(const struct talk *talk, enum said_side side)
{
	return talk->turned ? (enum said_side)!side : side;
}

void talk_deliver(struct talk *talk, enum said_side side, struct span bytes)
{
	side = side_of(talk, side);
	if (talk->skip[side] > 0) {
		size_t n = talk->skip[side] < bytes.left ? (size_t)talk->skip[side] : bytes.left;

		talk->skip[side] -= n;
		(void)span_cut(&bytes, n);
		if (bytes.left == 0)
			return;
	}
	if (talk->tongue != NULL && (talk->unwanted >> side & 1) == 0)
		talk->tongue->take(talk, side, bytes);
}

/* -- guessing ------------------------------------------------------------------------------------------ */

static void unknown_tell(struct talk *talk, enum said_side side, struct span first)
{
	struct said_unknown unknown = { .first = { { .left = 0 }, { .left = 0 } } };
	struct said_head head = { .time_ns = talk->time_ns, .frame = talk->frame,
		.sub = talk->worker->sub++, .side = (uint8_t)side, .flow = talk->flow };

	unknown.first[side] = first;
	if (talk->ears->unknown != NULL && first.left > 0)
		talk->ears->unknown(talk->ears->context, &head, &unknown);
}

static void guessing_free(struct talk *talk)
{
	struct guessing *guessing = talk->guessing;

	if (guessing == NULL)
		return;
	talk_hold_free(talk, &guessing->first[0]);
	talk_hold_free(talk, &guessing->first[1]);
	talk->worker->held -= sizeof *guessing;
	free(guessing);
	talk->guessing = NULL;
}

static const struct tongue *tongue_guess(const struct flow_view *flow,
    const struct span first[2], enum tongue_over over)
{
	bool maybe = false; /* an earlier one may still say yes */

	for (size_t i = 0; i < tongue_count; i++) {
		const struct tongue *tongue = tongues[i];

		if ((tongue->over & over) == 0 || tongue->guess == NULL)
			continue;
		enum guess guess = tongue->guess(flow, first);

		if (guess == GUESS_YES && !maybe)
			return tongue;
		maybe |= guess != GUESS_NO;
	}
	return NULL;
}

/* The first that is sure: who waits for more waits in vain. */
static const struct tongue *tongue_guess_cut(const struct flow_view *flow,
    const struct span first[2])
{
	for (size_t i = 0; i < tongue_count; i++)
		if (tongues[i]->over & OVER_TCP && tongues[i]->guess != NULL &&
		    tongues[i]->guess(flow, first) == GUESS_YES)
			return tongues[i];
	for (size_t i = 0; i < tongue_count; i++)
		if (tongues[i]->guess_cut != NULL && tongues[i]->guess_cut(first))
			return tongues[i];
	return NULL;
}

/* The bytes that waited, in the order they came; `last`, the end of the last piece, is still
 * with the caller. */
static void guessing_replay(struct talk *talk, struct span last)
{
	struct guessing *guessing = talk->guessing;
	struct span first[2] = { hold_span(&guessing->first[0]),
		hold_span(&guessing->first[1]) };
	const struct tongue *tongue = talk->tongue;

	talk->guessing = NULL; /* so that a switch within may guess anew */
	for (uint8_t i = 0; i < guessing->count && talk->tongue == tongue; i++) {
		const struct guess_piece *piece = &guessing->pieces[i];
		size_t with_caller = i + 1 == guessing->count ? last.left : 0;
		struct span bytes = span_cut(&first[piece->side], piece->length - with_caller);

		if (bytes.left > 0)
			talk_deliver(talk, (enum said_side)piece->side, bytes);
		if (with_caller > 0 && talk->tongue == tongue)
			talk_deliver(talk, (enum said_side)piece->side, last);
	}
	talk_hold_free(talk, &guessing->first[0]);
	talk_hold_free(talk, &guessing->first[1]);
	talk->worker->held -= sizeof *guessing;
	free(guessing);
}

/* No tongue knows it: the first bytes of each side are told once, then it is left. */
static void guessing_tell(struct talk *talk, bool all)
{
	for (int side = 0; side < 2 && talk->guessing != NULL; side++) {
		struct span first = hold_span(&talk->guessing->first[side]);

		if (talk->unwanted >> side & 1 || (first.left < LIMIT_GUESS_BYTES && !all))
			continue;
		unknown_tell(talk, (enum said_side)side, first);
		talk->unwanted |= (uint8_t)(1 << side);
	}
	if (talk->unwanted == 3)
		guessing_free(talk);
}

/* Add to the first bytes of that side.  False: they cannot be kept. */
static bool guessing_keep(struct talk *talk, enum said_side side, struct span bytes)
{
	struct guessing *guessing = talk->guessing;
	struct hold *first = &guessing->first[side];
	struct span part = bytes;

	if (part.left > LIMIT_GUESS_BYTES - first->len)
		part.left = LIMIT_GUESS_BYTES - first->len;
	if (talk_hold(talk, first, part, LIMIT_GUESS_BYTES) != KS_OK)
		return false;
	struct guess_piece *last = guessing->count > 0 ? &guessing->pieces[guessing->count - 1] : NULL;

	if (last != NULL && last->side == side)
		last->length += (uint32_t)bytes.left;
	else if (guessing->count < GUESS_PIECES)
		guessing->pieces[guessing->count++] =
		    (struct guess_piece){ .side = (uint8_t)side, .length = (uint32_t)bytes.left };
	return true;
}

/* The very first bytes are mostly enough, and then nothing has to be kept. */
static bool guessing_first(struct talk *talk, enum said_side side, struct span bytes)
{
	struct span first[2] = { { .left = 0 }, { .left = 0 } };
	const struct tongue *tongue;

	first[side] = bytes;
	if (first[side].left > LIMIT_GUESS_BYTES)
		first[side].left = LIMIT_GUESS_BYTES;
	tongue = tongue_guess(talk->flow, first, OVER_TCP);
	if (tongue == NULL || !talk_tongue(talk, tongue))
		return false;
	talk_deliver(talk, side, bytes);
	return true;
}

static void guessing_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct guessing *guessing = talk->guessing;
	const struct tongue *tongue = NULL;
	struct span first[2];
	bool kept;

	if (talk->unwanted >> side & 1)
		return;
	kept = guessing_keep(talk, side, bytes);
	first[0] = hold_span(&guessing->first[0]);
	first[1] = hold_span(&guessing->first[1]);
	if (!guessing->given_up && kept)
		tongue = tongue_guess(talk->flow, first, OVER_TCP);
	if (tongue != NULL && talk_tongue(talk, tongue)) {
		guessing_replay(talk, bytes);
		return;
	}
	/* what is not all kept cannot be replayed later */
	if (!kept || guessing->count == GUESS_PIECES || first[0].left == LIMIT_GUESS_BYTES ||
	    first[1].left == LIMIT_GUESS_BYTES)
		guessing->given_up = true;
	if (!kept) {
		talk->unwanted = 3;
		guessing_free(talk);
		return;
	}
	if (guessing->given_up)
		guessing_tell(talk, false);
}

void talk_begin(struct ear_worker *worker, struct talk *talk)
{
	talk->worker = worker;
	talk->ears = worker->ears;
	talk->fresh = true;
}

static bool guessing_new(struct talk *talk)
{
	talk->fresh = false;
	talk->guessing = calloc(1, sizeof *talk->guessing);
	if (talk->guessing == NULL) {
		talk->unwanted = 3;
		return false;
	}
	talk->worker->held += sizeof *talk->guessing;
	return true;
}

void talk_take(struct talk *talk, enum said_side side, struct span bytes)
{
	talk_look(talk);
	if (talk->fresh && (guessing_first(talk, side, bytes) || !guessing_new(talk)))
		return;
	if (talk->guessing != NULL)
		guessing_take(talk, side, bytes);
	else
		talk_deliver(talk, side, bytes);
}

/* More of the beginning will not come.  True: a tongue knows it already. */
static bool guessing_cut(struct talk *talk)
{
	const struct guessing *guessing = talk->guessing;
	const struct tongue *tongue;

	if (guessing == NULL || guessing->given_up)
		return false;
	tongue = tongue_guess_cut(talk->flow, (const struct span[2]){
	    hold_span(&guessing->first[0]), hold_span(&guessing->first[1]) });
	if (tongue == NULL || !talk_tongue(talk, tongue))
		return false;
	guessing_replay(talk, span_of(NULL, 0));
	return true;
}

void talk_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	uint64_t silent;

	side = side_of(talk, side);
	silent = talk->skip[side] < n ? talk->skip[side] : n;
	talk_look(talk);
	if (talk->unwanted >> side & 1)
		return;
	talk->skip[side] -= silent;
	if (silent == n && n > 0)
		return;
	if ((talk->fresh || talk->guessing != NULL) && !guessing_cut(talk)) {
		/* what follows is no beginning */
		talk->fresh = false;
		guessing_tell(talk, true);
		guessing_free(talk);
		talk->unwanted = 3;
		return;
	}
	say_odd(talk, side, ODD_GAP, n - silent);
	if (talk->tongue == NULL)
		return;
	if (talk->tongue->gap != NULL) {
		talk->tongue->gap(talk, side, n - silent);
		return;
	}
	talk_tongue_end(talk);
	talk->unwanted = 3;
}

void talk_half(struct talk *talk, enum said_side side)
{
	talk_look(talk);
	if (talk->tongue != NULL && talk->tongue->half != NULL)
		talk->tongue->half(talk, side_of(talk, side));
}

void talk_end(struct talk *talk)
{
	talk_look(talk);
	if (talk->guessing != NULL)
		guessing_tell(talk, true);
	guessing_free(talk);
	talk_tongue_end(talk);
}

struct cold *cold_new(struct ear_worker *worker, struct flow *flow)
{
	struct cold *cold;

	if (worker->held + sizeof *cold > worker->held_most) {
		flow->flags |= FLOW_DEAF;
		return NULL;
	}
	cold = calloc(1, sizeof *cold);
	if (cold == NULL)
		return NULL;
	worker->held += sizeof *cold;
	cold->talk.flow = &worker->view;
	flow->cold = cold;
	return cold;
}

/* -- datagrams --------------------------------------------------------------------------------------------- */

enum { DATAGRAM_TRIES = 4 };

/* A tongue without state needs no memory of its own: it speaks through this talk. */
static void datagram_stateless(struct ear_worker *worker, const struct tongue *tongue,
    enum said_side side, struct span bytes)
{
	struct talk talk = { .tongue = tongue, .flow = &worker->view, .ears = worker->ears,
		.worker = worker };

	talk_look(&talk);
	tongue->take(&talk, side, bytes);
}

static void datagram_first(struct ear_worker *worker, struct flow *flow,
    enum said_side side, struct span bytes)
{
	struct span first[2] = { { .left = 0 }, { .left = 0 } };
	const struct tongue *tongue;

	first[side] = bytes;
	if (first[side].left > LIMIT_GUESS_BYTES)
		first[side].left = LIMIT_GUESS_BYTES;
	tongue = tongue_guess(&worker->view, first, OVER_UDP);
	if (tongue == NULL) {
		struct talk talk = { .flow = &worker->view, .ears = worker->ears,
			.worker = worker };

		talk_look(&talk);
		if ((flow->flags & (FLOW_TOLD << side)) == 0)
			unknown_tell(&talk, side, first[side]);
		flow->flags |= (uint16_t)(FLOW_TOLD << side);
		if (++flow->tries >= DATAGRAM_TRIES)
			flow->flags |= FLOW_DEAF;
		return;
	}
	flow->tongue = tongue_number(tongue);
	worker->view.tongue = tongue->name;
	if (tongue->state_size == 0) {
		datagram_stateless(worker, tongue, side, bytes);
		return;
	}
	struct cold *cold = cold_new(worker, flow);

	if (cold == NULL)
		return;
	cold->talk.worker = worker;
	cold->talk.ears = worker->ears;
	if (talk_tongue(&cold->talk, tongue)) {
		talk_look(&cold->talk);
		tongue->take(&cold->talk, side, bytes);
	}
}

void talk_datagram(struct ear_worker *worker, struct flow *flow, enum said_side side,
    struct span bytes)
{
	if (bytes.left == 0 || flow->flags & FLOW_DEAF)
		return;
	(void)worker_view(worker, flow);
	if (flow->cold != NULL) {
		struct talk *talk = &flow->cold->talk;

		talk_look(talk);
		if (talk->tongue != NULL && (talk->unwanted >> side & 1) == 0)
			talk->tongue->take(talk, side, bytes);
	} else if (flow->tongue < tongue_count) {
		datagram_stateless(worker, tongues[flow->tongue], side, bytes);
	} else {
		datagram_first(worker, flow, side, bytes);
	}
}
