/* src/cli/readings.c - one reading for a person, and for a machine. */
#include "cli/readings.h"
#include "base/utf8.h"
#include "words/named.h"

const char *place_said(enum lang lang, enum place place)
{
	static const char *const words[PLACES] = { "-", N_("inlet"), N_("outlet"), N_("room"),
		N_("return"), N_("supply"), N_("outside"), N_("internal"), N_("water") };

	return (unsigned)place < PLACES ? tr(lang, words[place]) : "?";
}

const char *measure_said(enum lang lang, enum measure kind)
{
	/* in English the very word that kind= takes */
	return lang == LANG_EN || (unsigned)kind >= MEASURES ? measure_word(kind) :
	    measure_name(lang, kind);
}

const char *severity_said(enum lang lang, enum severity severity)
{
	static const char *const words[SEVERITIES] = { N_("ok"), N_("warning"), N_("critical"),
		N_("unknown") };

	return (unsigned)severity < SEVERITIES ? tr(lang, words[severity]) : "?";
}

static const char *quality_said(enum lang lang, enum quality quality)
{
	static const char *const words[QUALITIES] = { N_("ok"), N_("untrusted"), N_("absent"),
		N_("stuck") };

	return (unsigned)quality < QUALITIES ? tr(lang, words[quality]) : "?";
}

void column_add(struct text *text, const char *s, size_t width)
{
	size_t used = utf8_columns(span_text(s));

	text_add(text, s);
	do
		text_add_char(text, ' ');
	while (++used < width);
}

void reading_value(struct text *text, enum lang lang, const struct reading *reading)
{
	if (reading->quality == QUALITY_ABSENT)
		text_add_char(text, '-');
	else if (reading->kind == MEASURE_STATE && reading->state[0] != '\0')
		text_addf(text, "%.*s", (int)sizeof reading->state, reading->state);
	else
		say_value(text, lang, (enum measure)reading->kind, reading->milli);
}

void reading_quality(struct text *text, enum lang lang, const struct reading *reading)
{
	const char *reason = doubt_sentence((enum doubt)reading->doubt);

	text_add(text, quality_said(lang, (enum quality)reading->quality));
	if (reason[0] != '\0')
		text_addf(text, "%s%s", tr(lang, ": "), tr(lang, reason));
}

void json_pair(struct text *text, const char *key, const char *value)
{
	text_addf(text, "\"%s\":\"", key);
	text_add_json(text, span_text(value));
	text_add_char(text, '"');
}

void reading_json(struct text *text, const struct series *series,
    const struct reading *reading)
{
	const char *reason = doubt_sentence((enum doubt)reading->doubt);

	json_pair(text, "kind", measure_word((enum measure)reading->kind));
	text_add_char(text, ',');
	json_pair(text, "place", place_word((enum place)series->place));
	text_add(text, ",\"value\":");
	if (reading->quality == QUALITY_ABSENT)
		text_add(text, "null");
	else
		text_add_milli(text, reading->milli);
	text_add_char(text, ',');
	json_pair(text, "unit", measure_unit((enum measure)reading->kind));
	text_add_char(text, ',');
	json_pair(text, "quality", quality_word((enum quality)reading->quality));
	text_add(text, ",\"why\":");
	if (reason[0] != '\0') {
		text_add_char(text, '"');
		text_add_json(text, span_text(reason));
		text_add_char(text, '"');
	} else {
		text_add(text, "null");
	}
	if (reading->kind == MEASURE_STATE) {
		text_add_char(text, ',');
		json_pair(text, "state", reading->state);
		text_add_char(text, ',');
		json_pair(text, "severity", severity_word((enum severity)reading->severity));
	}
}
