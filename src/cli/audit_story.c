/* src/cli/audit_story.c - see audit_story.h. */
#include "cli/audit_story_in.h"
#include "base/drop.h"
#include "words/finding.h"
#include <stdlib.h>

void story_line_put(struct telling *t, enum severity severity, enum finding_code code,
    const struct text *words)
{
	struct story_line *line;

	if (t->story->n == STORY_LINES) {
		t->story->more++;
		return;
	}
	line = &t->story->lines[t->story->n++];
	line->severity = severity;
	line->id = finding_id(code);
	(void)snprintf(line->text, sizeof line->text, "%s", text_cstr(words));
}

bool story_is_open(const struct telling *t, size_t i)
{
	const struct audit_finding *f = &t->audit->findings[i];

	return !t->told[i] && f->device == t->device && f->accepted == NULL;
}

void list_add(struct name_list *list, enum lang lang, const char *name)
{
	if (list->n < STORY_NAMES) {
		if (list->n > 0)
			text_add(&list->text, tr(lang, N_(", ")));
		text_add(&list->text, name);
	}
	list->n++;
}

void list_end(struct name_list *list, enum lang lang)
{
	if (list->n > STORY_NAMES)
		say(&list->text, lang, " and %d more", (int)(list->n - STORY_NAMES));
}

/* The other side; of what others sent, who they are and what they called the device. */
void story_other_say(struct text *text, const struct telling *t, const struct audit_finding *f)
{
	if (f->base.way != WAY_AT) {
		text_add(text, f->to);
		return;
	}
	say_clients(text, t->lang, &f->base);
	if (f->to[0] != '\0' && strcmp(f->to, audit_device(t->audit, t->device)) != 0 &&
	    strcmp(f->to, audit_device_address(t->audit, t->device)) != 0)
		say(text, t->lang, " (as %s)", f->to);
}

bool story_is_same_kind(const struct audit_finding *f, const struct audit_finding *g)
{
	return g->base.code == f->base.code && g->base.way == f->base.way;
}

/* -- by the clock ------------------------------------------------------------------ */

static const struct audit_periodic *periodic_to(const struct telling *t, const char *to,
    const char *what, bool inward)
{
	for (size_t i = 0; i < t->audit->periodic_n; i++) {
		const struct audit_periodic *p = &t->audit->periodic[i];

		if (p->device == t->device && p->inward == inward && strcmp(p->what, what) == 0 &&
		    (strcmp(p->to, to) == 0 || strcmp(p->address, to) == 0))
			return p;
	}
	return NULL;
}

const struct audit_periodic *story_periodic(const struct audit *audit,
    const struct audit_finding *f)
{
	const struct telling t = { .audit = audit, .device = f->device };

	return periodic_to(&t, f->to, f->base.code == FINDING_WIRE_TRACEROUTES ? "traceroute" :
	    "contact", f->base.way != WAY_OUT);
}

void story_period(struct text *text, enum lang lang, const struct audit_periodic *p)
{
	const struct period_said said = { .kind = p->kind, .period_ms = p->period_ms,
		.jitter_ms = p->jitter_ms, .of_day_s = p->of_day_s, .contacts = p->contacts,
		.missed = p->missed, .weekdays = p->weekdays, .clock = p->clock,
		.shift_day = p->shift_day, .before_s = p->before_s };

	say_period(text, lang, &said);
}

/* The destination of that name or address. */
static const struct audit_destination *destination_to(const struct telling *t, const char *to)
{
	for (size_t i = 0; i < t->audit->destinations_n; i++) {
		const struct audit_destination *d = &t->audit->destinations[i];

		if (d->device != t->device)
			continue;
		if (strcmp(d->name, to) == 0)
			return d;
		for (size_t k = 0; k < d->addresses_n; k++)
			if (strcmp(d->addresses[k], to) == 0)
				return d;
	}
	return NULL;
}

static bool is_at(const struct audit_destination *d, const char *address)
{
	for (size_t k = 0; k < d->addresses_n; k++)
		if (strcmp(d->addresses[k], address) == 0)
			return true;
	return false;
}

static bool is_of(const struct audit_destination *d, const char *to)
{
	return d != NULL && (is_at(d, to) || strcmp(d->name, to) == 0);
}

/* Has this destination a name of that address that none before it has? */
static bool is_another_name(const struct telling *t, size_t i, const char *address)
{
	const struct audit_destination *d = &t->audit->destinations[i];

	if (d->device != t->device || d->name[0] == '\0' || strcmp(d->name, address) == 0 || !is_at(d, address))
		return false;
	for (size_t k = 0; k < i; k++)
		if (t->audit->destinations[k].device == t->device &&
		    strcmp(t->audit->destinations[k].name, d->name) == 0 && is_at(&t->audit->destinations[k], address))
			return false;
	return true;
}

/* Under which names the device spoke with an address; returns how many. */
static size_t names_say(struct text *text, const struct telling *t, const char *address)
{
	struct name_list names = { .n = 0 };
	size_t n;

	text_init(&names.text, 600);
	for (size_t i = 0; i < t->audit->destinations_n; i++)
		if (is_another_name(t, i, address))
			list_add(&names, t->lang, t->audit->destinations[i].name);
	list_end(&names, t->lang);
	if (names.n > 0)
		say(text, t->lang, " (%s)", text_cstr(&names.text));
	n = names.n;
	text_done(&names.text);
	return n;
}

static void entry_add(struct text *line, enum lang lang, const struct audit_finding *f)
{
	if (f->entry == NULL || f->entry[0] == '\0')
		return;
	text_add(line, tr(lang, N_("; ")));
	say_entry(line, lang, f->entry, f->date);
}

/* What is on the list is said, and counted: of an address its names are not, they stand
 * behind it.  Returns how many these are. */
static size_t listed_say(struct text *line, const struct telling *t, const struct audit_finding *f)
{
	KS_DROP(text) struct text both;
	size_t names;

	text_init(&both, 1000);
	text_add(&both, f->to);
	names = names_say(&both, t, f->to);
	say(line, t->lang, f->base.way == WAY_FROM ?
	    N_("is contacted by %s, which is on the list %s (%d {time|times})") :
	    f->base.way == WAY_AT ? N_("serves %s, which is on the list %s (%d {time|times})") :
	    N_("talks with %s, which is on the list %s (%d {time|times})"), text_cstr(&both),
	    f->base.word, (int)f->base.count);
	entry_add(line, t->lang, f);
	return names;
}

/* By what clock it comes, where that is of the one name only that it has. */
static const struct audit_periodic *listed_period(const struct telling *t, const struct audit_finding *f,
    size_t names)
{
	const struct audit_periodic *p = periodic_to(t, f->to, "contact", f->base.way == WAY_FROM);

	return p != NULL && (names < 2 || strcmp(p->to, f->to) == 0) ? p : NULL;
}

/* By name and by address, in one list or two, and by the clock: one line. */
static void listed_tell(struct telling *t, size_t first)
{
	const struct audit_finding *f = &t->audit->findings[first];
	const struct audit_destination *d = destination_to(t, f->to);
	const struct audit_periodic *p;
	KS_DROP(text) struct text line, period;

	text_init(&line, 2000);
	text_init(&period, 300);
	p = listed_period(t, f, listed_say(&line, t, f));
	for (size_t i = first; i < t->audit->findings_n; i++) {
		const struct audit_finding *g = &t->audit->findings[i];
		bool listed = g->base.code == FINDING_WIRE_LISTED;

		if (!story_is_open(t, i) || (i != first && (g->base.way != f->base.way || !is_of(d, g->to) ||
		    (!listed && (g->base.code != FINDING_WIRE_PERIODIC || p == NULL || strcmp(g->to, p->to) != 0)))))
			continue;
		t->told[i] = true;
		if (i == first || !listed)
			continue;
		say(&line, t->lang, "; also %s, on the list %s", g->to, g->base.word);
		entry_add(&line, t->lang, g);
	}
	if (p != NULL) {
		story_period(&period, t->lang, p);
		text_addf(&line, "%s%s", tr(t->lang, N_("; ")), text_cstr(&period));
	}
	story_line_put(t, f->base.severity, FINDING_WIRE_LISTED, &line);
}

static void periodic_tell(struct telling *t, size_t first)
{
	const struct audit_finding *f = &t->audit->findings[first];
	bool traceroute = f->base.code == FINDING_WIRE_TRACEROUTES, inward = f->base.way != WAY_OUT;
	const struct audit_periodic *p = story_periodic(t->audit, f);
	KS_DROP(text) struct text line = { .at = NULL }, period = { .at = NULL };

	t->told[first] = true;
	if (p == NULL)
		return;
	text_init(&line, 2000);
	text_init(&period, 300);
	story_period(&period, t->lang, p);
	if (traceroute)
		say(&line, t->lang, inward ? N_("%s traces the route to it %s") :
		    N_("traces the route to %s %s"), f->to, text_cstr(&period));
	else
		say(&line, t->lang, inward ? N_("is contacted by %s %s") : N_("contacts %s %s"),
		    f->to, text_cstr(&period));
	if (p->country[0] != '\0')
		text_addf(&line, " [%s]", country_said(t->lang, p->country));
	story_line_put(t, f->base.severity, f->base.code, &line);
	/* each single trace is told by the one line */
	for (size_t i = 0; traceroute && i < t->audit->findings_n; i++)
		if (story_is_open(t, i) && t->audit->findings[i].base.code == FINDING_WIRE_TRACEROUTE &&
		    t->audit->findings[i].base.way == f->base.way && strcmp(t->audit->findings[i].to, f->to) == 0)
			t->told[i] = true;
}

/* -- silence: all destinations with the same days ---------------------------------- */

static const struct audit_silence *silence_to(const struct telling *t, const char *to,
    enum finding_way way)
{
	for (size_t i = 0; i < t->audit->silence_n; i++)
		if (t->audit->silence[i].device == t->device &&
		    t->audit->silence[i].inward == (way != WAY_OUT) &&
		    strcmp(t->audit->silence[i].to, to) == 0)
			return &t->audit->silence[i];
	return NULL;
}

static bool same_days(const struct audit_silence *a, const struct audit_silence *b)
{
	return a != NULL && b != NULL && a->days_n == b->days_n &&
	    memcmp(a->days, b->days, a->days_n * sizeof *a->days) == 0;
}

static void days_say(struct text *text, enum lang lang, const struct audit_silence *s)
{
	const int64_t day_ms = 86400000;

	for (size_t i = 0; i < s->days_n && i < 8; i++) {
		if (i > 0)
			text_add(text, tr(lang, N_(", ")));
		say_day(text, lang, NULL, s->days[i] * day_ms);
	}
	if (s->days_n > 8)
		say(text, lang, " and %d more", (int)(s->days_n - 8));
}

static void silence_tell(struct telling *t, size_t first)
{
	const struct audit_finding *f = &t->audit->findings[first];
	enum finding_way way = (enum finding_way)f->base.way;
	const struct audit_silence *s = silence_to(t, f->to, way);
	struct name_list hosts = { .n = 0 };
	KS_DROP(text) struct text line, days;

	text_init(&hosts.text, 600);
	text_init(&line, 2000);
	text_init(&days, 600);
	for (size_t i = first; i < t->audit->findings_n; i++) {
		const struct audit_finding *g = &t->audit->findings[i];

		if (!story_is_open(t, i) || !story_is_same_kind(f, g) ||
		    (i != first && !same_days(s, silence_to(t, g->to, way))))
			continue;
		t->told[i] = true;
		list_add(&hosts, t->lang, g->to);
	}
	list_end(&hosts, t->lang);
	if (s != NULL)
		days_say(&days, t->lang, s);
	say(&line, t->lang, way != WAY_OUT ? N_("hears nothing from %s on %s, although awake") :
	    N_("says nothing to %s on %s, although awake"), text_cstr(&hosts.text),
	    text_cstr(&days));
	if (s != NULL && s->calendars_n > 0)
		say(&line, t->lang, "; this fits the holidays of %s", s->calendars[0]);
	story_line_put(t, f->base.severity, f->base.code, &line);
	text_done(&hosts.text);
}

/* -- the rest: one line for all hosts of one kind ---------------------------------- */

static void together_tell(struct telling *t, size_t first, const char *sentence)
{
	const struct audit_finding *f = &t->audit->findings[first];
	enum severity worst = f->base.severity;
	struct name_list hosts = { .n = 0 };
	KS_DROP(text) struct text line, last, other;
	uint64_t count = 0;

	text_init(&hosts.text, 600);
	text_init(&line, 2000);
	text_init(&last, 600);
	text_init(&other, 600);
	for (size_t i = first; i < t->audit->findings_n; i++) {
		const struct audit_finding *g = &t->audit->findings[i];

		if (!story_is_open(t, i) || !story_is_same_kind(f, g))
			continue;
		t->told[i] = true;
		count += g->base.count;
		text_clear(&other);
		story_other_say(&other, t, g);
		if (strcmp(text_cstr(&other), text_cstr(&last)) != 0)
			list_add(&hosts, t->lang, text_cstr(&other));
		text_clear(&last);
		text_add(&last, text_cstr(&other));
	}
	list_end(&hosts, t->lang);
	say(&line, t->lang, sentence, text_cstr(&hosts.text), (long long)count);
	story_line_put(t, worst, f->base.code, &line);
	text_done(&hosts.text);
}

static void own_tell(struct telling *t, size_t i)
{
	const struct audit_finding *f = &t->audit->findings[i];
	KS_DROP(text) struct text line;

	t->told[i] = true;
	text_init(&line, 2000);
	audit_finding_say(&line, t->view, t->lang, f);
	story_line_put(t, f->base.severity, f->base.code, &line);
}

/* What was sent in clear is told already where personal data was in it. */
static bool is_told_by_personal(const struct telling *t, const struct audit_finding *f)
{
	for (size_t i = 0; i < t->audit->findings_n; i++) {
		const struct audit_finding *g = &t->audit->findings[i];

		if (t->skip != NULL && t->skip[i]) /* it is not told here */
			continue;
		if (f->base.code == FINDING_WIRE_CLEAR_SENT && g->device == f->device &&
		    g->base.code == FINDING_WIRE_PERSONAL && g->base.way == f->base.way &&
		    strcmp(g->to, f->to) == 0)
			return true;
	}
	return false;
}

static void finding_tell(struct telling *t, size_t i)
{
	const struct audit_finding *f = &t->audit->findings[i];

	switch ((enum finding_code)f->base.code) {
	case FINDING_WIRE_PERSONAL:
		story_personal(t, i);
		return;
	case FINDING_WIRE_LISTED:
		listed_tell(t, i);
		return;
	case FINDING_WIRE_PERIODIC: case FINDING_WIRE_TRACEROUTES:
		periodic_tell(t, i);
		return;
	case FINDING_WIRE_SILENCE:
		silence_tell(t, i);
		return;
	default:
		break;
	}
	if (is_told_by_personal(t, f)) {
		t->told[i] = true;
		return;
	}
	const char *sentence = story_together((enum finding_code)f->base.code,
	    (enum finding_way)f->base.way);

	if (sentence != NULL)
		together_tell(t, i, sentence);
	else
		own_tell(t, i);
}

static int by_severity(const void *a, const void *b)
{
	const struct story_line *one = a, *two = b;

	if (one->severity != two->severity)
		return one->severity > two->severity ? -1 : 1;
	int order = strcmp(one->id, two->id);

	return order != 0 ? order : strcmp(one->text, two->text);
}

void story_tell_some(const struct audit_view *view, enum lang lang, uint32_t device,
    const bool *skip, struct story *ret_story)
{
	static const enum finding_code first[] = { FINDING_WIRE_LISTED, FINDING_WIRE_TRACEROUTES };
	struct telling t = { .view = view, .audit = view->audit, .lang = lang, .device = device,
		.story = ret_story, .skip = skip };

	ret_story->n = ret_story->more = 0;
	t.told = calloc(t.audit->findings_n + 1, sizeof *t.told);
	if (t.told == NULL)
		return;
	for (size_t i = 0; skip != NULL && i < t.audit->findings_n; i++)
		t.told[i] = skip[i];
	/* those that take others with them */
	for (size_t k = 0; k < sizeof first / sizeof *first; k++)
		for (size_t i = 0; i < t.audit->findings_n; i++)
			if (story_is_open(&t, i) && t.audit->findings[i].base.code == first[k])
				finding_tell(&t, i);
	for (size_t i = 0; i < t.audit->findings_n; i++)
		if (story_is_open(&t, i))
			finding_tell(&t, i);
	qsort(ret_story->lines, ret_story->n, sizeof *ret_story->lines, by_severity);
	free(t.told);
}

void story_tell(const struct audit_view *view, enum lang lang, uint32_t device,
    struct story *ret_story)
{
	story_tell_some(view, lang, device, NULL, ret_story);
}
