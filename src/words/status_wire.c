/* src/words/status_wire.c - the wire in the answer of `keisoku status`. */
#include "base/drop.h"
#include "words/status_in.h"
#include "words/wire.h"
#include <string.h>

bool status_wire_alone(const struct status *s)
{
	return s->wires_n > 0 && s->readings_n == 0 && s->verdict->sensors_ok + s->verdict->sensors_bad +
	    s->verdict->hosts_up + s->verdict->hosts_down == 0;
}

void status_heard_say(struct text *text, enum lang lang, const struct status *s)
{
	for (size_t i = 0; i < s->wires_n; i++) {
		const struct wire_row *wire = &s->wires[i];
		KS_DROP(text) struct text frames = { 0 }, bytes = { 0 };

		text_add(text, i > 0 ? tr(lang, N_("; ")) : "");
		if (!wire_is_heard(wire)) {
			say(text, lang, "wire %s is not heard", wire->device);
			continue;
		}
		text_init(&frames, 60);
		text_init(&bytes, 60);
		say_count(&frames, wire->count);
		say_bytes(&bytes, wire->out);
		say(text, lang, "wire %s: %s packets, %s heard so far", wire->device, text_cstr(&frames),
		    text_cstr(&bytes));
	}
}

void status_wires_say(struct text *text, enum lang lang, const struct status *s)
{
	uint64_t lost = 0;
	unsigned heard = 0;

	for (size_t i = 0; i < s->wires_n; i++) {
		bool down = !wire_is_heard(&s->wires[i]);

		lost += (uint64_t)s->wires[i].number[0];
		heard += !down;
		if (down)
			say(text, lang, "; wire %s is not heard", s->wires[i].device);
	}
	if (heard > 0)
		say(text, lang, "; %u {wire|wires} listened to", heard);
	if (lost > 0)
		say(text, lang, ", %llu {packet|packets} lost", (unsigned long long)lost);
}
