/* src/cli/compare_change.c - findings that are there on both sides, but not as they were: what
 * comes by another clock, and what happens far more or less often; and what each part of the
 * comparison tells of a device. */
#include "cli/compare_in.h"
#include "base/drop.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Often: twice as often at least, by five times at least, and by more than chance scatters a
 * count (three times its root).  Round trips: the median of five at least, twice as long at
 * least, by 20 ms at least. */
enum { TIMES_LEAST = 5, ROOTS = 3, SAMPLES_LEAST = 5, SLOWER_US = 20000, CLOCK_S = 600,
	LENGTH_LEAST_S = 60 };

static bool is_clock(const struct compare_row *row)
{
	return row->code == FINDING_WIRE_PERIODIC || row->code == FINDING_WIRE_TRACEROUTES;
}

static bool clock_changed(const struct audit_periodic *a, const struct audit_periodic *b)
{
	int64_t jitter = a->jitter_ms > b->jitter_ms ? a->jitter_ms : b->jitter_ms;
	int64_t moved = llabs(a->period_ms - b->period_ms), of_day;

	if (strcmp(a->kind, b->kind) != 0 || a->weekdays != b->weekdays)
		return true;
	if (a->of_day_s < 0 || b->of_day_s < 0)
		return moved > jitter && moved > a->period_ms / 10;
	of_day = llabs((int64_t)a->of_day_s - b->of_day_s);
	of_day = of_day > 43200 ? 86400 - of_day : of_day;
	return of_day > CLOCK_S && of_day > 2 * jitter / 1000;
}

/* How much longer the second capture is: it has that much more of everything. */
static double longer(const struct compare *c)
{
	double s[2];

	for (int side = 0; side < 2; side++)
		s[side] = (double)(c->audit[side]->capture.last_ns - c->audit[side]->capture.first_ns) / 1e9;
	return s[BEFORE] < LENGTH_LEAST_S || s[AFTER] < LENGTH_LEAST_S ? 1 : s[AFTER] / s[BEFORE];
}

static bool is_more(double than, double n)
{
	return n >= 2 * than && n - than >= TIMES_LEAST + ROOTS * sqrt(than);
}

/* Expected after from before, and before from after: each in the length it was heard. */
static bool often_changed(const struct compare_row *row, double ratio)
{
	double before = (double)row->bytes[BEFORE], after = (double)row->bytes[AFTER];

	return is_more(before * ratio, after) || is_more(after / ratio, before);
}

static bool is_changed(const struct compare *c, const struct compare_row *row)
{
	const struct audit_periodic *clock[2];

	if (!row->there[BEFORE] || !row->there[AFTER] || row->code == FINDING_WIRE_SILENCE)
		return false;
	if (!is_clock(row))
		return row->severity > SEVERITY_OK && often_changed(row, longer(c));
	for (int side = 0; side < 2; side++)
		clock[side] = story_periodic(c->audit[side], row->finding[side]);
	return clock[BEFORE] != NULL && clock[AFTER] != NULL &&
	    clock_changed(clock[BEFORE], clock[AFTER]);
}

void compare_changes(struct compare *c)
{
	for (size_t i = 0; i < c->findings_n; i++)
		c->findings[i].changed = is_changed(c, &c->findings[i]);
}

bool compare_is_slower(const struct compare_row *row)
{
	uint32_t one = row->handshake_us[BEFORE], two = row->handshake_us[AFTER];
	uint32_t less = one < two ? one : two, more = one < two ? two : one;

	return row->handshakes[BEFORE] >= SAMPLES_LEAST && row->handshakes[AFTER] >= SAMPLES_LEAST &&
	    more - less >= SLOWER_US && more / 2 >= less;
}

bool compare_is_worse(const struct compare_row *row)
{
	const struct audit_finding *f = row->finding[AFTER];

	if (f == NULL || f->accepted != NULL)
		return false;
	return !row->there[BEFORE] || (row->changed && (is_clock(row) ||
	    row->bytes[AFTER] > row->bytes[BEFORE]));
}

enum compare_part compare_part_of(const struct compare_row *row)
{
	return !row->there[AFTER] ? PART_GONE : !row->there[BEFORE] ? PART_NEW :
	    row->changed ? PART_CHANGED : PART_KEPT;
}

enum compare_side compare_side_of(enum compare_part part)
{
	return part == PART_GONE ? BEFORE : AFTER;
}

/* -- told ---------------------------------------------------------------------------------- */

/* How it was: by which clock, or how often. */
static void before_say(struct text *text, const struct compare_view *view,
    const struct compare_row *row)
{
	const struct audit *audit = view->compare->audit[BEFORE];
	const struct audit_periodic *p = is_clock(row) ?
	    story_periodic(audit, row->finding[BEFORE]) : NULL;
	KS_DROP(text) struct text was;

	text_init(&was, 400);
	if (p != NULL)
		story_period(&was, view->lang, p);
	else
		say(&was, view->lang, "%lld {time|times}", (long long)row->bytes[BEFORE]);
	say(text, view->lang, "; before: %s", text_cstr(&was));
}

static void before_add(struct story_line *line, const struct compare_view *view,
    const struct compare_row *row)
{
	KS_DROP(text) struct text was;
	size_t used = strlen(line->text);

	text_init(&was, 500);
	before_say(&was, view, row);
	(void)snprintf(line->text + used, sizeof line->text - used, "%s", text_cstr(&was));
}

/* What was sent in clear is told by the personal data in it, where that changed as well. */
static bool is_told_beside(const struct compare *c, const struct compare_row *row)
{
	for (size_t i = 0; row->code == FINDING_WIRE_CLEAR_SENT && i < c->findings_n; i++) {
		const struct compare_row *other = &c->findings[i];

		if (other->changed && other->code == FINDING_WIRE_PERSONAL &&
		    other->device == row->device && other->way == row->way &&
		    strcmp(other->key, row->key) == 0)
			return true;
	}
	return false;
}

/* Each for itself: what it was before is said of one. */
static void changed_tell(const struct compare_view *view, const struct audit_view *one,
    uint32_t device, struct story *story)
{
	const struct compare *c = view->compare;
	size_t n = one->audit->findings_n;
	bool *skip = calloc(n + 1, sizeof *skip);
	static struct story single;

	story->n = story->more = 0;
	if (skip != NULL)
		memset(skip, true, n);
	for (size_t i = 0; skip != NULL && i < n; i++) {
		const struct audit_finding *f = &one->audit->findings[i];
		const struct compare_row *row = f->device == device ? compare_row_of(c, AFTER, f) : NULL;

		if (row == NULL || !row->changed || row->finding[AFTER] != f || is_told_beside(c, row))
			continue;
		skip[i] = false;
		story_tell_some(one, view->lang, device, skip, &single);
		skip[i] = true;
		if (single.n > 0 && story->n == STORY_LINES) {
			story->more++;
		} else if (single.n > 0) {
			story->lines[story->n] = single.lines[0];
			before_add(&story->lines[story->n++], view, row);
		}
	}
	free(skip);
}

void compare_tell(const struct compare_view *view, enum compare_part part, uint32_t device,
    struct story *ret_story)
{
	const struct compare *c = view->compare;
	enum compare_side side = compare_side_of(part);
	struct audit_view one = { .audit = c->audit[side], .lang = view->lang, .zone = view->zone };
	size_t n = one.audit->findings_n;

	if (part == PART_CHANGED) {
		changed_tell(view, &one, device, ret_story);
		return;
	}
	bool *skip = calloc(n + 1, sizeof *skip);

	ret_story->n = ret_story->more = 0;
	for (size_t i = 0; skip != NULL && i < n; i++) {
		const struct audit_finding *f = &one.audit->findings[i];
		const struct compare_row *row = f->device == device ? compare_row_of(c, (int)side, f) : NULL;

		skip[i] = row == NULL || compare_part_of(row) != part;
	}
	if (skip != NULL)
		story_tell_some(&one, view->lang, device, skip, ret_story);
	free(skip);
}

void compare_told(struct compare_view *view)
{
	static struct story story;

	for (enum compare_part part = 0; part < COMPARE_PARTS; part++) {
		const struct audit *audit = view->compare->audit[compare_side_of(part)];

		view->told[part] = 0;
		for (size_t i = 0; i <= audit->devices_n; i++) {
			compare_tell(view, part, i < audit->devices_n ? (uint32_t)i : AUDIT_NO_DEVICE, &story);
			view->told[part] += story.n + story.more;
		}
	}
}
