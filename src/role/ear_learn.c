/* src/role/ear_learn.c - what only many hours tell, and that it outlives this process: core
 * keeps its bytes and gives them back to the next ear. */
#include "role/ear.h"
#include "base/drop.h"
#include <string.h>

static int64_t now_heard(const struct ear_role *role)
{
	int64_t newest = role->newest_ns / 1000000, now = worker_now(role->worker);

	return ear_is_live(role) && now > newest ? now : newest;
}

/* Of the part that is heard: from when on we listened.  Its first frame may be older. */
static int64_t part_heard(const struct ear_role *role)
{
	int64_t first = role->part_first_ns / 1000000;
	int64_t since = role->heard_ms != 0 ? role->heard_ms
	    : ear_is_live(role)		    ? role->began_ms
					    : first;

	return first != 0 && first < since ? first : since;
}

static void forgotten_say(struct ear_role *role, const struct learned *learned)
{
	uint64_t forgotten = learned_forgotten(learned);

	if (forgotten == role->forgotten)
		return;
	role->forgotten = forgotten;
	role->full++;
	worker_say(role->worker, "KS-WIRE", "days",
	    "full: contacts were forgotten before their time; periods are learned from fewer");
}

/* The hour goes to the days. */
void learn_hour(struct ear_role *role, struct make_plan *plan)
{
	struct why why = { .fmt = NULL };
	int code = KS_OK;

	if (role->days == NULL)
		code = learned_new(role->seed, &role->days, &why);
	if (code == KS_OK)
		code = learned_hour(role->days, role->hour, part_heard(role), now_heard(role), &why);
	if (code != KS_OK) {
		worker_say(role->worker, "KS-WIRE", "days", why.text);
		return;
	}
	role->heard_ms = now_heard(role);
	forgotten_say(role, role->days);
	learned_plan(role->days, plan);
	ear_audit(role, learned_gather(role->days), plan, rows_days);
}

/* -- to core ------------------------------------------------------------------------------ */

static int so_far(struct ear_role *role, bool whole, struct learned **ret, struct why *why)
{
	int code = learned_new(role->seed, ret, why);

	if (code == KS_OK && whole && role->days != NULL)
		code = learned_join(*ret, role->days, why);
	if (code == KS_OK)
		code = learned_hour(*ret, role->hour, part_heard(role), now_heard(role), why);
	return code;
}

/* At the end of an hour all that is known; before, what this hour adds to it. */
void learn_pack(struct ear_role *role, bool last)
{
	struct ear_outbox *out = &role->out;
	KS_DROP(learned) struct learned *part = NULL;
	struct learned *pack = role->days;
	struct why why = { .fmt = NULL };
	bool whole = last || role->whole_due || (out->learned_due && out->learnt.whole);
	int code = KS_OK;

	text_done(&out->learned);
	out->learned_sent = 0;
	out->learned_due = false;
	if (!role->given || (last && role->days == NULL))
		return; /* it would be put in place of what we do not know yet */
	if (!last) {
		code = so_far(role, whole, &part, &why);
		pack = part;
	}
	text_init(&out->learned, whole ? LIMIT_WIRE_LEARNED : LIMIT_WIRE_LEARNED_PART);
	if (code == KS_OK)
		code = learned_pack(pack, &out->learned, &why);
	if (code != KS_OK) {
		worker_say(role->worker, "KS-WIRE", "days", why.text);
		text_done(&out->learned);
		return;
	}
	if (whole)
		forgotten_say(role, pack);
	out->learnt = (struct wire_learnt){ .hour_ms = role->hour_ms, .part = role->part,
		.whole = whole, .bytes = out->learned.len };
	out->learned_due = true;
	role->whole_due = false;
}

/* After the rows of the hour. */
void learn_send(struct ear_role *role)
{
	struct ear_outbox *out = &role->out;

	while (out->learned_due && role->core.open &&
	    message_may(&role->core.channel, MESSAGE_WIRE_LEARNED)) {
		size_t part = out->learned.len - out->learned_sent;
		struct parcel parcel = { .kind = MESSAGE_WIRE_LEARNED,
			.ticket = out->learned_sent > 0 };

		if (part == 0) {
			out->learned_due = false;
			text_done(&out->learned);
			(void)line_say(&role->core, MESSAGE_WIRE_LEARNT, 0,
			    span_of(&out->learnt, sizeof out->learnt));
			return;
		}
		part = part > (size_t)MESSAGE_PAYLOAD ? (size_t)MESSAGE_PAYLOAD : part;
		parcel.count = (uint16_t)part;
		parcel.body = span_of(out->learned.at + out->learned_sent, part);
		if (line_send(&role->core, &parcel, NULL) != KS_OK)
			return;
		out->learned_sent += part;
	}
}

/* -- from core ---------------------------------------------------------------------------- */

void learn_ask(struct ear_role *role)
{
	if (role->given || !message_may(&role->core.channel, MESSAGE_ASK_LEARNED))
		return;
	text_clear(&role->packs);
	role->packs.full = false;
	(void)line_say(&role->core, MESSAGE_ASK_LEARNED, 0, span_of(NULL, 0));
}

/* Packs in the order in which they were heard: the whole, then hours that are not in it. */
static struct learned *packs_read(struct ear_role *role, size_t *ret_n)
{
	struct span bytes = text_span(&role->packs);
	struct learned *all = NULL;
	struct why why = { .fmt = NULL };
	int code = KS_OK;

	*ret_n = 0;
	while (bytes.left > 0 && code == KS_OK) {
		struct learned *one = NULL;

		code = learned_unpack(&bytes, role->seed, &one, &why);
		if (code == KS_OK && all != NULL)
			code = learned_join(all, one, &why);
		if (all == NULL)
			all = one;
		else
			learned_free(one);
		(*ret_n)++;
	}
	if (code != KS_OK) { /* the rest of it can not be read: periods are learned anew */
		worker_say(role->worker, "KS-WIRE", "days", why.text);
		role->whole_due = true;
	}
	return all;
}

static void given_take(struct ear_role *role)
{
	size_t n = 0;
	struct learned *all = packs_read(role, &n);
	struct why why = { .fmt = NULL };

	text_done(&role->packs);
	role->given = true;
	role->whole_due |= n > 1;
	if (all == NULL)
		return;
	if (role->days != NULL && learned_join(all, role->days, &why) != KS_OK)
		worker_say(role->worker, "KS-WIRE", "days", why.text);
	learned_free(role->days);
	role->days = all;
}

void learn_given(struct ear_role *role, const struct message *message)
{
	if (message->head.kind == MESSAGE_LEARNED_IS)
		text_add_span(&role->packs, message->body);
	else if (message->head.kind == MESSAGE_LEARNED_END)
		given_take(role);
}
