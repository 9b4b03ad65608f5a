/* src/words/json.c - keisoku.status/1: the same verdict for machines. */
#include "base/drop.h"
#include "words/named.h"
#include "words/status.h"

static void string_add(struct text *text, const char *name, const char *value)
{
	text_addf(text, ",\"%s\":\"", name);
	text_add_json(text, span_text(value));
	text_add_char(text, '"');
}

static void time_add(struct text *text, const char *name, int64_t ms)
{
	text_addf(text, ",\"%s\":", name);
	if (ms == 0) {
		text_add(text, "null");
		return;
	}
	text_add_char(text, '"');
	text_add_time(text, ms);
	text_add_char(text, '"');
}

static void milli_add(struct text *text, const char *name, int64_t milli)
{
	text_addf(text, ",\"%s\":", name);
	if (milli == INT64_MAX || milli == INT64_MIN)
		text_add(text, "null");
	else
		text_add_milli(text, milli);
}

/* A forecast: when made, which limit, seconds from then with the 80 % interval. */
static void forecast_add(struct text *text, const char *name, const struct forecast *next,
    const char *subject)
{
	text_addf(text, ",\"%s\":", name);
	if (!next->known) {
		text_add(text, "null");
		return;
	}
	text_add(text, "{\"kind\":\"");
	text_add(text, measure_word(next->kind));
	text_add_char(text, '"');
	if (subject != NULL)
		string_add(text, "subject", subject);
	milli_add(text, "limit", next->limit_milli);
	string_add(text, "unit", measure_unit(next->kind));
	time_add(text, "made", next->at_ms);
	time_add(text, "at", next->at_ms + next->mid_s * 1000L);
	time_add(text, "low", next->at_ms + next->low_s * 1000L);
	time_add(text, "high", next->at_ms + next->high_s * 1000L);
	text_addf(text, ",\"low_s\":%d,\"mid_s\":%d,\"high_s\":%d}", next->low_s, next->mid_s,
	    next->high_s);
}

void finding_json(struct text *text, const struct site *site, const struct zone *zone,
    const struct finding *f, int64_t now_ms)
{
	struct finding named = finding_named(site, LANG_JA, f);
	KS_DROP(text) struct text words;

	text_addf(text, "{\"id\":\"%s\",\"number\":%llu,\"cause\":%llu", finding_id(f->code),
	    (unsigned long long)f->id, (unsigned long long)f->cause);
	string_add(text, "severity", severity_word(f->severity));
	string_add(text, "subject_kind", subject_word(f->subject_kind));
	string_add(text, "subject", f->subject);
	string_add(text, "place", f->place);
	string_add(text, "kind", measure_word(f->kind));
	string_add(text, "unit", measure_unit(f->kind));
	milli_add(text, "value", f->value_milli);
	milli_add(text, "limit", f->limit_milli);
	string_add(text, "word", f->word);
	string_add(text, "why", doubt_sentence(f->doubt));
	text_addf(text, ",\"count\":%u,\"silenced\":%s", f->count, f->silenced ? "true" : "false");
	time_add(text, "since", f->since_ms);
	time_add(text, "seen", f->seen_ms);
	time_add(text, "ended", f->ended_ms);
	forecast_add(text, "next", &f->next, NULL);
	text_init(&words, 2000);
	say_finding(&words, LANG_JA, zone, &named, now_ms);
	string_add(text, "words_ja", text_cstr(&words));
	text_clear(&words);
	named = finding_named(site, LANG_EN, f);
	say_finding(&words, LANG_EN, zone, &named, now_ms);
	string_add(text, "words_en", text_cstr(&words));
	text_add_char(text, '}');
}

static void lines_add(struct text *text, const struct status *s)
{
	KS_DROP(text) struct text line;

	text_init(&line, 2000);
	text_add(text, ",\"lines\":{");
	for (unsigned lang = 0; lang < LANGS; lang++) {
		text_add(text, lang == LANG_JA ? ",\"ja\":[" : "\"en\":[");
		for (unsigned i = 0; i < STATUS_LINES; i++) {
			text_clear(&line);
			status_line(&line, (enum lang)lang, s, i);
			text_add(text, i > 0 ? ",\"" : "\"");
			text_add_json(text, text_span(&line));
			text_add_char(text, '"');
		}
		text_add_char(text, ']');
	}
	text_add_char(text, '}');
}

static const char *todo_word(unsigned todo)
{
	static const char *const words[] = { "none", "restart_cooling", "open_doors",
		"shed_load", "call_building", "check_sensor", "check_power", "check_switch",
		"check_host", "dry_air", "moist_air", "free_disk", "fix_site",
		"shut_down_orderly", "look_device", "check_leak", "check_store",
		"run_plan", "read_plan", "check_channel", "look_alert", "look_wire",
		"check_wire", "measure_room", "check_sensors" };

	_Static_assert(sizeof words / sizeof *words == TODOS, "each has its word");

	return todo < TODOS ? words[todo] : "none";
}

static void verdict_add(struct text *text, const struct status *s)
{
	const struct verdict *v = s->verdict;
	bool first = true;

	text_addf(text, ",\"measuring\":%s,\"worst\":", v->measuring ? "true" : "false");
	if (v->worst.code < FINDING_CODES)
		finding_json(text, s->model, s->zone, &v->worst, s->now_ms);
	else
		text_add(text, "null");
	text_addf(text, ",\"more\":%u", v->more);
	text_addf(text, ",\"now\":{\"subject\":\"");
	text_add_json(text, span_text(v->now.subject));
	text_add_char(text, '"');
	string_add(text, "kind", measure_word(v->now.kind));
	milli_add(text, "value", v->now.value_milli);
	milli_add(text, "limit", v->now.limit_milli);
	string_add(text, "unit", measure_unit(v->now.kind));
	time_add(text, "measured", v->now.seen_ms);
	text_add_char(text, '}');
	forecast_add(text, "next", &v->next, v->next_subject);
	text_add(text, ",\"do\":[");
	for (unsigned i = 0; i < VERDICT_DO; i++) {
		if (v->todo[i] == TODO_NONE)
			continue;
		text_addf(text, "%s{\"what\":\"%s\"", first ? "" : ",", todo_word(v->todo[i]));
		string_add(text, "subject", v->todo_subject[i]);
		text_add_char(text, '}');
		first = false;
	}
	text_add_char(text, ']');
}

/* Nothing that never was is young: null. */
static void age_add(struct text *text, const char *name, const struct status *s, int64_t ms)
{
	milli_add(text, name, ms > 0 ? s->now_ms - ms : INT64_MAX);
}

static void readings_add(struct text *text, const struct status *s)
{
	text_add(text, ",\"readings\":[");
	for (size_t i = 0; i < s->readings_n; i++) {
		const struct series *series = &s->readings[i].series;
		const struct reading *r = &s->readings[i].reading;
		int64_t value_ms = s->readings[i].value_ms;

		text_add(text, i > 0 ? ",{\"sensor\":\"" : "{\"sensor\":\"");
		text_add_json(text, span_text(series->id));
		text_add_char(text, '"');
		string_add(text, "label", series->label);
		string_add(text, "kind", measure_word(r->kind));
		string_add(text, "place", place_word(series->place));
		milli_add(text, "value", r->quality == QUALITY_ABSENT ? INT64_MAX : r->milli);
		string_add(text, "unit", measure_unit(r->kind));
		string_add(text, "quality", quality_word(r->quality));
		string_add(text, "why", doubt_sentence(r->doubt));
		string_add(text, "state", r->state);
		string_add(text, "source", series->source);
		age_add(text, "age_s", s, r->quality == QUALITY_ABSENT ? value_ms : r->time_ms);
		age_add(text, "trusted_age_s", s, value_ms);
		text_add_char(text, '}');
	}
	text_add_char(text, ']');
}

/* How the network is listened to. */
static void wires_add(struct text *text, const struct status *s)
{
	text_add(text, ",\"wire\":[");
	for (size_t i = 0; i < s->wires_n; i++) {
		const struct wire_row *w = &s->wires[i];

		text_add(text, i > 0 ? ",{\"id\":\"" : "{\"id\":\"");
		text_add_json(text, span_text(w->device));
		text_add_char(text, '"');
		string_add(text, "name", w->name);
		string_add(text, "state", w->word);
		text_addf(text, ",\"frames\":%llu,\"bytes\":%llu,\"bytes_per_s\":%llu,\"dropped\":%lld,"
		    "\"flows\":%lld,\"evicted\":%lld", (unsigned long long)w->count,
		    (unsigned long long)w->out, (unsigned long long)w->in, (long long)w->number[0],
		    (long long)w->number[1], (long long)w->number[2]);
		time_add(text, "since", w->first_ms);
		age_add(text, "age_s", s, w->count > 0 ? w->last_ms : 0);
		text_add_char(text, '}');
	}
	text_add_char(text, ']');
}

void status_json(struct text *text, const struct status *s)
{
	const struct verdict *v = s->verdict;

	text_add(text, "{\"schema\":\"keisoku.status/1\"");
	time_add(text, "time", s->now_ms);
	string_add(text, "site", s->site);
	string_add(text, "source", s->source);
	string_add(text, "severity", severity_word(v->severity));
	lines_add(text, s);
	verdict_add(text, s);
	text_addf(text, ",\"health\":{\"sensors_ok\":%u,\"sensors_bad\":%u,\"hosts_up\":%u,"
	    "\"hosts_down\":%u", v->sensors_ok, v->sensors_bad, v->hosts_up, v->hosts_down);
	milli_add(text, "oldest_age_s", v->oldest_reading_ms > 0 ?
	    s->now_ms - v->oldest_reading_ms : INT64_MAX);
	text_add(text, "},\"findings\":[");
	for (size_t i = 0; i < s->findings_n; i++) {
		if (i > 0)
			text_add_char(text, ',');
		finding_json(text, s->model, s->zone, &s->findings[i], s->now_ms);
	}
	text_add_char(text, ']');
	readings_add(text, s);
	wires_add(text, s);
	text_add_char(text, '}');
}
