/* src/role/core_learn.c - what the ear learned over days: kept for the next one as it is,
 * bytes that core does not read, and given back when it asks. */
#include "role/core.h"
#include "site/wire.h"

enum { GIVEN_MOST = LIMIT_WIRE_LEARNED + LIMIT_WIRE_LEARNED_PARTS * LIMIT_WIRE_LEARNED_PART };

static void part_take(struct core *core, const struct message *message)
{
	struct text *learned = &core->wire.learned;

	if (message->head.ticket == 0) { /* the first of them */
		text_done(learned);
		text_init(learned, LIMIT_WIRE_LEARNED);
	}
	text_add_span(learned, message->body);
}

static void learnt(struct core *core, const struct wire_learnt *what)
{
	struct text *learned = &core->wire.learned;
	struct why why = { .fmt = NULL };
	const struct store_learned put = { .hour_ms = what->hour_ms, .part = what->part,
		.whole = what->whole != 0, .bytes = text_span(learned) };

	if (learned->full || learned->len == 0 || learned->len != what->bytes ||
	    what->hour_ms <= 0 || what->hour_ms % WIRE_HOUR_MS != 0 || what->part >= 3600 ||
	    what->whole > 1 || (!put.whole && learned->len > LIMIT_WIRE_LEARNED_PART)) {
		core->self.refused++;
		worker_say(core->worker, "KS-WIRE", "refused", "what was learned is not whole");
	} else {
		int code = store_put_learned(core->store, &put, &why);

		if (code != KS_OK)
			core_store_failed(core, code, &why);
	}
	text_done(learned);
}

static void give_on(struct core *core)
{
	struct text *given = &core->wire.given;

	while (core->wire.giving && core->ear.open &&
	    message_may(&core->ear.channel, MESSAGE_LEARNED_IS)) {
		size_t part = given->len - core->wire.given_sent;
		struct parcel parcel = { .kind = MESSAGE_LEARNED_IS };

		if (part == 0) {
			core->wire.giving = false;
			text_done(given);
			(void)line_say(&core->ear, MESSAGE_LEARNED_END, 0, span_of(NULL, 0));
			return;
		}
		part = part > (size_t)MESSAGE_PAYLOAD ? (size_t)MESSAGE_PAYLOAD : part;
		parcel.count = (uint16_t)part;
		parcel.body = span_of(given->at + core->wire.given_sent, part);
		if (line_send(&core->ear, &parcel, NULL) != KS_OK)
			return;
		core->wire.given_sent += part;
	}
}

static void asked(struct core *core)
{
	struct text *given = &core->wire.given;
	struct why why = { .fmt = NULL };

	text_done(given);
	text_init(given, GIVEN_MOST);
	core->wire.given_sent = 0;
	core->wire.giving = true;
	if (store_learned(core->store, given, &why) != KS_OK) {
		worker_say(core->worker, "KS-STORE", "learned", why.text);
		text_done(given); /* then it learns anew */
	}
	give_on(core);
}

void core_learned(struct core *core, const struct message *message)
{
	struct wire_learnt what;

	if (message->head.kind == MESSAGE_WIRE_LEARNED) {
		part_take(core, message);
	} else if (message->head.kind == MESSAGE_ASK_LEARNED) {
		asked(core);
	} else {
		message_record(message, 0, &what, sizeof what);
		learnt(core, &what);
	}
}

void core_ear_drained(struct line *line)
{
	give_on(line->user);
}

void core_learned_drop(struct core *core)
{
	text_done(&core->wire.learned);
	text_done(&core->wire.given);
	core->wire.giving = false;
}
