/* src/words/status.c - the verdict in six lines. */
#include "words/status_in.h"
#include "base/drop.h"
#include "base/number.h"
#include "base/utf8.h"
#include "words/finding.h"
#include "words/named.h"

enum { LABEL_COLUMNS = 8, LINE_BYTES = 1200, NEAR_BASE = 15000 /* a share of the way to a limit of air begins here */ };

static const char *const labels[STATUS_LINES] = { N_("What"), N_("Since"), N_("Now"), N_("Next"),
	N_("Do now"), N_("Proof") };

static const char *const severities[SEVERITIES] = { N_("Normal"), N_("Warning"), N_("Critical"),
	N_("Unknown") };

/* with: the sentence when it is about something; bare: when it is about keisoku */
static const struct {
	const char *with, *bare;
} todos[TODOS] = {
	[TODO_NONE] = { N_("nothing"), N_("nothing") },
	[TODO_RESTART_COOLING] = { N_("start the cooling (%s)"), N_("start the cooling") },
	[TODO_OPEN_DOORS] = { N_("open the doors of %s"), N_("open the doors") },
	[TODO_SHED_LOAD] = { N_("switch off what can wait in %s"), N_("switch off what can wait") },
	[TODO_CALL_BUILDING] = { N_("ask building management to run %s"),
		N_("ask building management to run the cooling") },
	[TODO_CHECK_SENSOR] = { N_("look at sensor %s"), N_("look at the sensors") },
	[TODO_CHECK_POWER] = { N_("look at the power of %s"), N_("look at the power") },
	[TODO_CHECK_SWITCH] = { N_("look at %s and its cables"), N_("look at the switches") },
	[TODO_CHECK_HOST] = { N_("look at the hosts: %s"), N_("look at the hosts") },
	[TODO_DRY_AIR] = { N_("dry the air of %s"), N_("dry the air") },
	[TODO_MOIST_AIR] = { N_("moisten the air of %s"), N_("moisten the air") },
	[TODO_FREE_DISK] = { N_("make room on the disk of keisoku"),
		N_("make room on the disk of keisoku") },
	[TODO_FIX_SITE] = { N_("correct the site file (keisoku check says where)"),
		N_("correct the site file (keisoku check says where)") },
	[TODO_SHUT_DOWN_ORDERLY] = { N_("shut down %s in order, before the heat does"),
		N_("shut down in order, before the heat does") },
	[TODO_LOOK_DEVICE] = { N_("look at device %s"), N_("look at the devices") },
	[TODO_CHECK_LEAK] = { N_("look for water at %s"), N_("look for water") },
	[TODO_CHECK_CHANNEL] = { N_("see why messages do not arrive (keisoku notify test %s)"),
		N_("see why messages do not arrive (keisoku notify test NAME)") },
	[TODO_LOOK_ALERT] = { N_("look at what the alert says of %s"),
		N_("look at what the alert says") },
	[TODO_LOOK_WIRE] = { N_("find out what on %s does that (page Wire)"),
		N_("find out which program does that (page Wire)") },
	[TODO_CHECK_WIRE] = { N_("let keisoku listen at %s again"),
		N_("let keisoku listen to the network again") },
	[TODO_CHECK_STORE] = { N_("see what is damaged (keisoku store check) and check the disk"),
		N_("see what is damaged (keisoku store check) and check the disk") },
	[TODO_RUN_PLAN] = { N_("carry out the plan for the loss of %s (keisoku plan)"),
		N_("carry out the plan for the loss (keisoku plan)") },
	[TODO_MEASURE_ROOM] = { N_("go to %s and measure how hot it is"),
		N_("go there and measure how hot it is") },
	[TODO_CHECK_SENSORS] = { N_("look at the sensors of %s, their power and cables"),
		N_("look at the sensors, their power and cables") },
	[TODO_READ_PLAN] = { N_("read and approve the plan for a loss of %s (keisoku plan)"),
		N_("read and approve the plan for that loss (keisoku plan)") },
};

void say_todo(struct text *text, enum lang lang, enum todo todo, const char *subject)
{
	if ((unsigned)todo >= TODOS)
		return;
	if (subject[0] != '\0' && strstr(todos[todo].with, "%s") != NULL)
		say(text, lang, todos[todo].with, subject);
	else
		text_add(text, tr(lang, todos[todo].bare));
}

void say_cut(struct text *text, struct span s, size_t columns)
{
	struct span rest = s;
	size_t used = 0, kept = 0;

	if (utf8_columns(s) <= columns) {
		text_add_span(text, s);
		return;
	}
	while (rest.left > 0) {
		uint32_t character = '?';

		(void)utf8_cut(&rest, &character);
		used += utf8_columns_of(character);
		if (used + 3 > columns)
			break;
		kept = s.left - rest.left;
	}
	text_add_span(text, span_of(s.at, kept));
	text_add(text, "...");
}

static bool all_well(const struct verdict *v)
{
	return v->worst.code >= FINDING_CODES;
}

/* Hosts that were lost together, unless the headline says so itself. */
void status_lost_say(struct text *text, enum lang lang, const struct status *s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s->findings_n; i++)
		if (s->findings[i].code == FINDING_HOSTS_LOST && s->findings[i].ended_ms == 0)
			n += s->findings[i].count;
	if (n > 0 && s->verdict->worst.code != FINDING_HOSTS_LOST)
		say(text, lang, "%u {host|hosts} lost; ", n);
}

/* What people must know first; where the root cause is that cooling stands still, that
 * is the heat it leads to, and the cause behind it. */
const struct finding *status_named(const struct verdict *v)
{
	bool heat = v->now.code <= FINDING_HEADING && v->now.code != v->worst.code;
	bool off = v->worst.code == FINDING_AC_CALENDAR || v->worst.code == FINDING_COOLING_OFF;

	return heat && off ? &v->now : &v->worst;
}

static void named_say(struct text *text, enum lang lang, const struct status *s,
    const struct finding *finding)
{
	struct finding named = finding_named(s->model, lang, finding);

	say_headline(text, lang, s->zone, &named, s->now_ms);
}

static void headline_add(struct text *text, enum lang lang, const struct status *s)
{
	const struct verdict *v = s->verdict;
	bool calendar = v->worst.code == FINDING_AC_CALENDAR;

	named_say(text, lang, s, status_named(v));
	if (status_named(v) == &v->worst)
		return;
	text_add(text, tr(lang, calendar ? N_("; building cooling is off") :
	    N_("; cooling is off, mains power is gone")));
}

static void what_line(struct text *text, enum lang lang, const struct status *s)
{
	const struct verdict *v = s->verdict;

	text_add(text, tr(lang, severities[v->severity < SEVERITIES ? v->severity :
	    SEVERITY_UNKNOWN]));
	if ((v->measuring || !all_well(v)) && strcmp(s->source, "store") == 0) {
		KS_DROP(text) struct text age;

		text_init(&age, 100);
		say_duration(&age, lang, s->now_ms - v->at_ms);
		say(text, lang, ", no daemon measures here. Known %s ago: ", text_cstr(&age));
		if (all_well(v))
			text_add(text, tr(lang, N_("nothing was wrong")));
		else
			named_say(text, lang, s, &v->worst);
		return;
	}
	if (!v->measuring && all_well(v)) {
		text_add(text, tr(lang, N_(": nothing has been measured yet")));
		return;
	}
	if (all_well(v)) {
		text_add(text, tr(lang, status_wire_alone(s) ? N_(". Nothing is wrong on the wire; heat and power are not measured here.")
		    : N_(". Nothing is wrong.")));
		return;
	}
	if (v->more > 0) /* here, as the end of a long line is cut */
		say(text, lang, " (and %u more)", v->more);
	text_add(text, tr(lang, ": "));
	status_lost_say(text, lang, s);
	headline_add(text, lang, s);
}

static void since_line(struct text *text, enum lang lang, const struct status *s)
{
	const struct finding *worst = status_named(s->verdict);
	KS_DROP(text) struct text clock, lasted;

	text_init(&clock, 100);
	text_init(&lasted, 100);
	if (all_well(s->verdict) || worst->since_ms == 0) {
		text_add(text, "-");
		return;
	}
	say_clock(&clock, lang, s->zone, worst->since_ms, s->now_ms);
	say_duration(&lasted, lang, s->now_ms - worst->since_ms);
	say(text, lang, "%s, for %s", text_cstr(&clock), text_cstr(&lasted));
}

/* When nothing is wrong: the hottest air there is. */
static const struct status_now *hottest_of(const struct status *s)
{
	const struct status_now *hottest = NULL;

	for (size_t i = 0; i < s->readings_n; i++) {
		const struct status_now *now = &s->readings[i];
		uint8_t place = now->series.place;

		if (now->reading.kind != MEASURE_TEMPERATURE || now->reading.quality != QUALITY_OK ||
		    (place != PLACE_INLET && place != PLACE_ROOM && place != PLACE_RETURN))
			continue;
		if (hottest == NULL || now->reading.milli > hottest->reading.milli)
			hottest = now;
	}
	return hottest;
}

static void hottest_say(struct text *text, enum lang lang, const struct status *s)
{
	const struct status_now *hottest = hottest_of(s);
	KS_DROP(text) struct text value, age;

	text_init(&value, 100);
	text_init(&age, 100);
	if (status_wire_alone(s)) {
		status_heard_say(text, lang, s);
		return;
	}
	if (hottest == NULL) {
		text_add(text, tr(lang, s->readings_n == 0 ? N_("no reading yet") :
		    N_("no air temperature is measured")));
		return;
	}
	say_value(&value, lang, MEASURE_TEMPERATURE, hottest->reading.milli);
	say_duration(&age, lang, s->now_ms - hottest->reading.time_ms);
	say(text, lang, "hottest air: %s %s, measured %s ago", name_of(s->model, hottest->series.id),
	    text_cstr(&value), text_cstr(&age));
}

/* A finding that counts things: its subject's own newest value, if it has one. */
static void counted_say(struct text *text, enum lang lang, const struct status *s)
{
	const char *subject = s->verdict->now.subject, *name = name_of(s->model, subject);

	for (size_t i = 0; i < s->readings_n; i++) {
		const struct status_now *now = &s->readings[i];
		KS_DROP(text) struct text value = { 0 }, age = { 0 };

		if (strcmp(now->series.id, subject) != 0 || now->reading.quality != QUALITY_OK ||
		    now->reading.kind == MEASURE_REACH || now->reading.kind == MEASURE_STATE)
			continue;
		text_init(&value, 100);
		text_init(&age, 100);
		say_value(&value, lang, now->reading.kind, now->reading.milli);
		say_duration(&age, lang, s->now_ms - now->reading.time_ms);
		say(text, lang, "%s %s, measured %s ago", name, text_cstr(&value),
		    text_cstr(&age));
		return;
	}
	say(text, lang, "%s: no value", name);
}

static void now_line(struct text *text, enum lang lang, const struct status *s)
{
	struct finding named = finding_named(s->model, lang, &s->verdict->now), *now = &named;
	KS_DROP(text) struct text value, limit, age;

	text_init(&value, 100);
	text_init(&limit, 100);
	text_init(&age, 100);
	if (now->subject[0] == '\0' || finding_is_plan(now->code)) {
		hottest_say(text, lang, s);
		return;
	}
	if (now->kind == MEASURE_COUNT) {
		counted_say(text, lang, s);
		return;
	}
	say_value(&value, lang, now->kind, now->value_milli);
	say_value(&limit, lang, now->kind, now->limit_milli);
	say_duration(&age, lang, s->now_ms - now->seen_ms);
	if (finding_is_wire(now->code)) { /* what is done has no value */
		say(text, lang, "%s: last told of %s ago", now->subject, text_cstr(&age));
		return;
	}
	if (now->limit_milli != 0 && now->limit_milli != INT64_MAX &&
	    now->limit_milli != INT64_MIN)
		say(text, lang, "%s %s, limit %s, measured %s ago", now->subject,
		    text_cstr(&value), text_cstr(&limit), text_cstr(&age));
	else
		say(text, lang, "%s %s, measured %s ago", now->subject, text_cstr(&value),
		    text_cstr(&age));
}

static void next_parts_say(struct text *text, enum lang lang, const struct status *s,
    struct text part[5])
{
	const struct forecast *next = &s->verdict->next;
	const char *who = name_of(s->model, s->verdict->next_subject);
	int64_t mid = next->at_ms + next->mid_s * 1000L;

	say_value(&part[0], lang, next->kind, next->limit_milli);
	say_clock(&part[1], lang, s->zone, mid, s->now_ms);
	say_clock(&part[2], lang, s->zone, next->at_ms + next->low_s * 1000L, s->now_ms);
	say_clock(&part[3], lang, s->zone, next->at_ms + next->high_s * 1000L, s->now_ms);
	say_duration(&part[4], lang, mid > s->now_ms ? mid - s->now_ms : 0);
	say(text, lang, "%s reaches %s in %s, at %s (80 %%: %s to %s)", who, text_cstr(&part[0]),
	    text_cstr(&part[4]), text_cstr(&part[1]), text_cstr(&part[2]), text_cstr(&part[3]));
}

void status_next_say(struct text *text, enum lang lang, const struct status *s)
{
	struct text part[5];

	for (size_t i = 0; i < 5; i++)
		text_init(&part[i], 100);
	next_parts_say(text, lang, s, part);
	for (size_t i = 0; i < 5; i++)
		text_done(&part[i]);
}

void say_no_forecast(struct text *text, enum lang lang, const struct verdict *v)
{
	static const char *const whys[FORECAST_WHYS] = {
		[FORECAST_NOT_ASKED] = N_("nothing is forecast for it"),
		[FORECAST_FEW] = N_("cannot be forecast: too few minutes of its temperature are known"),
		[FORECAST_OLD] = N_("cannot be forecast: no temperature has come lately"),
		[FORECAST_IRREGULAR] =
		    N_("cannot be forecast: its temperature rises irregularly"),
		[FORECAST_CALM] = N_("the temperature is not rising, no limit is foreseen"),
		[FORECAST_FAR] = N_("the temperature rises, but reaches no limit within 12 hours"),
		[FORECAST_PASSED] = N_("its last limit has been passed, there is no further one"),
	};
	bool heat = all_well(v) || status_named(v)->code <= FINDING_HEADING;

	text_add(text, tr(lang, whys[heat && v->next.why < FORECAST_WHYS ? v->next.why : 0]));
}

const struct status_now *status_nearest(const struct status_now *now, size_t n,
    int64_t *ret_share)
{
	const struct status_now *nearest = NULL;

	*ret_share = -1;
	for (size_t i = 0; i < n; i++) {
		const struct series *series = &now[i].series;
		int64_t limit = series->high_warning != INT64_MAX ? series->high_warning :
								   series->high_critical;
		int64_t base = series->kind == MEASURE_TEMPERATURE ? NEAR_BASE : 0;

		if (!series->limited || limit == INT64_MAX || limit <= base ||
		    now[i].reading.quality != QUALITY_OK ||
		    series->kind == MEASURE_REACH || series->kind == MEASURE_STATE)
			continue;
		int64_t share = number_scale(now[i].reading.milli - base, 1000, limit - base);

		if (share > *ret_share) {
			*ret_share = share;
			nearest = &now[i];
		}
	}
	return nearest;
}

/* All is well: how far the nearest limit is. */
static void near_say(struct text *text, enum lang lang, const struct status *s)
{
	int64_t share;
	const struct status_now *near = status_nearest(s->readings, s->readings_n, &share);
	KS_DROP(text) struct text value, limit;

	text_init(&value, 100);
	text_init(&limit, 100);
	if (near == NULL) {
		text_add(text, tr(lang, status_wire_alone(s) ? N_("nothing that has a limit is measured here") :
		    N_("no limit is near")));
		return;
	}
	say_value(&value, lang, near->series.kind, near->reading.milli);
	say_value(&limit, lang, near->series.kind,
	    near->series.high_warning != INT64_MAX ? near->series.high_warning :
						     near->series.high_critical);
	say(text, lang, "no limit is near; the nearest: %s at %s, limit %s",
	    name_of(s->model, near->series.id), text_cstr(&value), text_cstr(&limit));
}

static void next_line(struct text *text, enum lang lang, const struct status *s)
{
	const struct verdict *v = s->verdict;

	if (!v->next.known && all_well(v)) {
		near_say(text, lang, s);
		return;
	}
	if (!v->next.known) {
		say_no_forecast(text, lang, v);
		return;
	}
	status_next_say(text, lang, s);
}

static unsigned todos_say(struct text *text, enum lang lang, const struct status *s, bool named)
{
	const struct verdict *v = s->verdict;
	unsigned said = 0;

	for (unsigned i = 0; i < VERDICT_DO; i++) {
		if (v->todo[i] == TODO_NONE)
			continue;
		text_addf(text, "%s%u. ", said > 0 ? "  " : "", said + 1);
		say_todo(text, lang, (enum todo)v->todo[i], named ?
		    name_of(s->model, v->todo_subject[i]) : "");
		said++;
	}
	return said;
}

/* All of them always: where the names make the line too long, without names, in every
 * language alike. */
static void do_line(struct text *text, enum lang lang, const struct status *s)
{
	bool named = true;

	for (unsigned i = 0; i < LANGS; i++) {
		KS_DROP(text) struct text draft;

		text_init(&draft, LINE_BYTES);
		(void)todos_say(&draft, (enum lang)i, s, true);
		named &= utf8_columns(text_span(&draft)) <= STATUS_COLUMNS - LABEL_COLUMNS;
	}
	if (todos_say(text, lang, s, named) == 0)
		text_add(text, tr(lang, N_("nothing to do")));
}

/* What weakens the proof: keisoku's own troubles that are not the headline. */
static const struct finding *own_trouble(const struct status *s)
{
	for (size_t i = 0; i < s->findings_n; i++) {
		const struct finding *f = &s->findings[i];

		if (f->ended_ms == 0 && f->code >= FINDING_DISK_FULL &&
		    f->code <= FINDING_DEAF && f->code != FINDING_CLEAR_COMMUNITY &&
		    f->code != s->verdict->worst.code)
			return f;
	}
	return NULL;
}

static void proof_line(struct text *text, enum lang lang, const struct status *s)
{
	const struct verdict *v = s->verdict;
	const struct finding *trouble = own_trouble(s);

	if (status_wire_alone(s))
		text_add(text, tr(lang, N_("no sensors")));
	else
		say(text, lang, "sensors %u good, %u bad", v->sensors_ok, v->sensors_bad);
	if (v->hosts_up + v->hosts_down > 0)
		say(text, lang, "; hosts %u up, %u down", v->hosts_up, v->hosts_down);
	if (v->oldest_reading_ms > 0) {
		KS_DROP(text) struct text age;

		text_init(&age, 100);
		say_duration(&age, lang, s->now_ms - v->oldest_reading_ms);
		say(text, lang, "; oldest value %s ago", text_cstr(&age));
	}
	status_wires_say(text, lang, s);
	if (trouble != NULL && trouble->code == FINDING_UNCONFINED) {
		text_add(text, tr(lang, N_("; some protection missing")));
	} else if (trouble != NULL) {
		text_add(text, tr(lang, "; "));
		named_say(text, lang, s, trouble);
	}
}

void status_line(struct text *text, enum lang lang, const struct status *status,
    unsigned line)
{
	static void (*const says[STATUS_LINES])(struct text *, enum lang,
	    const struct status *) = { what_line, since_line, now_line, next_line, do_line,
		proof_line };
	const char *label = tr(lang, labels[line]);
	KS_DROP(text) struct text draft;
	size_t used = utf8_columns(span_text(label));

	text_init(&draft, LINE_BYTES);
	says[line](&draft, lang, status);
	text_add(text, label);
	for (; used < LABEL_COLUMNS; used++)
		text_add_char(text, ' ');
	say_cut(text, text_span(&draft), STATUS_MOST - LABEL_COLUMNS);
}
