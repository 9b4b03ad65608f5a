/* src/cli/compare_words.c - what text and page of a comparison begin with: how much it
 * changed, and from when to when each side was heard. */
#include "base/drop.h"
#include "cli/audit_show.h"
#include "cli/compare.h"
#include "cli/readings.h"
#include "words/words.h"
#include <string.h>

static uint64_t flows_of(const struct audit *audit)
{
	return audit->flows.tcp + audit->flows.udp;
}

/* As much of everything, with the same others, and nothing to tell: when is no change. */
static bool is_same(const struct compare_view *view)
{
	const struct compare *c = view->compare;
	const struct audit *a = c->audit[BEFORE], *b = c->audit[AFTER];
	bool same = a->bytes == b->bytes &&
	    a->frames == b->frames && flows_of(a) == flows_of(b) &&
	    view->told[PART_GONE] + view->told[PART_NEW] + view->told[PART_CHANGED] == 0;

	for (size_t i = 0; same && i < c->destinations_n; i++)
		same = c->destinations[i].there[BEFORE] && c->destinations[i].there[AFTER] &&
		    c->destinations[i].bytes[BEFORE] == c->destinations[i].bytes[AFTER] &&
		    !compare_is_slower(&c->destinations[i]);
	return same;
}

void compare_headline(struct text *text, const struct compare_view *view)
{
	const struct audit *a = view->compare->audit[BEFORE], *b = view->compare->audit[AFTER];
	enum lang lang = view->lang;
	KS_DROP(text) struct text change;

	text_init(&change, 60);
	say_change(&change, a->bytes, b->bytes);
	if (a->frames == 0 && b->frames == 0) {
		text_add(text, tr(lang, N_("nothing was heard, before or after")));
	} else if (b->frames == 0) {
		text_add(text, tr(lang, N_("there was no traffic after: what is gone may only not have been heard")));
	} else if (change.len == 0) {
		text_add(text, tr(lang, N_("there was no traffic before")));
	} else if (is_same(view)) {
		say(text, lang, "no change; %d {finding|findings} as before", (int)view->told[PART_KEPT]);
	} else if (view->told[PART_CHANGED] > 0) {
		say(text, lang, "%s bytes; %d {finding|findings} gone, %d new, %d changed, %d kept",
		    text_cstr(&change), (int)view->told[PART_GONE], (int)view->told[PART_NEW],
		    (int)view->told[PART_CHANGED], (int)view->told[PART_KEPT]);
	} else {
		say(text, lang, "%s bytes; %d {finding|findings} gone, %d new, %d kept", text_cstr(&change),
		    (int)view->told[PART_GONE], (int)view->told[PART_NEW], (int)view->told[PART_KEPT]);
	}
}

void say_round_trip(struct text *text, uint32_t us)
{
	if (us == 0)
		text_add(text, "-");
	else
		text_addf(text, us < 1000 ? "%.3f ms" : us < 10000 ? "%.2f ms" : "%.1f ms", (double)us / 1000);
}

void compare_round_trip(struct text *text, const struct compare_view *view,
    const struct compare_row *row)
{
	KS_DROP(text) struct text one, two, change;

	text_init(&one, 60);
	text_init(&two, 60);
	text_init(&change, 60);
	say_round_trip(&one, row->handshake_us[BEFORE]);
	say_round_trip(&two, row->handshake_us[AFTER]);
	say_change(&change, row->handshake_us[BEFORE], row->handshake_us[AFTER]);
	say(text, view->lang, "round trip to %s: %s → %s (%s)", row->name, text_cstr(&one),
	    text_cstr(&two), text_cstr(&change));
}

void compare_device_say(struct text *text, const struct compare_view *view,
    enum compare_side side, uint32_t device)
{
	const struct compare *c = view->compare;
	enum compare_side there = side == BEFORE ? AFTER : BEFORE;
	const struct audit *audit = c->audit[side];
	const char *name = audit_device(audit, device);
	const char *address = audit_device_address(audit, device);
	uint32_t other = c->other[side][device];

	text_add(text, name);
	if (other != AUDIT_NO_DEVICE && strcmp(audit_device_address(c->audit[there], other), address) != 0)
		say(text, view->lang, side == BEFORE ? N_(" (after: %s)") : N_(" (before: %s)"),
		    audit_device_address(c->audit[there], other));
	else if (other == AUDIT_NO_DEVICE && c->audit[there]->capture.frames > 0)
		text_add(text, tr(view->lang, side == BEFORE ? N_(" (this device is not there after)") :
		    N_(" (this device was not there before)")));
}

void compare_period(struct text *text, const struct compare_view *view, enum compare_side side)
{
	const struct audit_capture *c = &view->compare->audit[side]->capture;
	KS_DROP(text) struct text from, to, lasted;

	text_init(&from, 60);
	text_init(&to, 60);
	text_init(&lasted, 60);
	if (c->frames == 0) {
		text_add(text, tr(view->lang, N_("not one packet")));
		return;
	}
	say_clock(&from, view->lang, view->zone, c->first_ns / 1000000, 0);
	say_clock(&to, view->lang, view->zone, c->last_ns / 1000000, c->first_ns / 1000000);
	say_duration(&lasted, view->lang, (c->last_ns - c->first_ns) / 1000000);
	say(text, view->lang, "%s to %s (%s)", text_cstr(&from), text_cstr(&to), text_cstr(&lasted));
}
