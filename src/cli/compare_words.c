/* src/cli/compare_words.c - what text and page of a comparison begin with: how much it
 * changed, and from when to when each side was heard. */
#include "base/drop.h"
#include "cli/audit_show.h"
#include "cli/compare.h"
#include "cli/readings.h"
#include "words/words.h"

void compare_headline(struct text *text, enum lang lang, const struct compare *c)
{
	uint64_t before = c->audit[BEFORE]->capture.frames, after = c->audit[AFTER]->capture.frames;
	KS_DROP(text) struct text change;

	text_init(&change, 60);
	say_change(&change, c->audit[BEFORE]->capture.frame_bytes,
	    c->audit[AFTER]->capture.frame_bytes);
	if (before == 0 && after == 0)
		text_add(text, tr(lang, N_("nothing was heard, before or after")));
	else if (after == 0)
		text_add(text, tr(lang, N_("there was no traffic after: what is gone may only not have been heard")));
	else if (change.len == 0)
		text_add(text, tr(lang, N_("there was no traffic before")));
	else
		say(text, lang, "%s bytes; %d {finding|findings} gone, %d new, %d kept", text_cstr(&change),
		    (int)compare_count(c->findings, c->findings_n, true, false),
		    (int)compare_count(c->findings, c->findings_n, false, true),
		    (int)compare_count(c->findings, c->findings_n, true, true));
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
