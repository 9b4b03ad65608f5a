/* src/words/value.c - numbers, spans of time and clock times as people write them. */
#include "words/words.h"
#include "base/number.h"
#include <stdio.h>

enum { SECOND = 1000 };

/* milli rounded to `places` decimals, thousands set apart: 1140000 -> "1,140". */
static void number_add(struct text *text, int64_t milli, unsigned places)
{
	static const int64_t scale[] = { 1000, 100, 10, 1 };
	int64_t tens = number_scale(milli, 1, scale[places]);
	uint64_t size = tens < 0 ? 0 - (uint64_t)tens : (uint64_t)tens;
	uint64_t unit = (uint64_t)(1000 / scale[places]);
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)(size / unit));

	if (tens < 0)
		text_add_char(text, '-');
	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			text_add_char(text, ',');
		text_add_char(text, digits[i]);
	}
	if (places > 0)
		text_addf(text, ".%0*llu", (int)places, (unsigned long long)(size % unit));
}

/* How many decimals a reader wants: few, and fewer the larger the number. */
static unsigned places_of(enum measure kind, int64_t milli)
{
	int64_t size = milli < 0 ? -(milli + 1) : milli;

	switch (kind) {
	case MEASURE_TEMPERATURE: case MEASURE_DEW_POINT: case MEASURE_CURRENT:
	case MEASURE_FREQUENCY: case MEASURE_ENERGY:
		return size < 1000000 ? 1 : 0;
	case MEASURE_POWER_FACTOR:
		return 2;
	case MEASURE_VOLTAGE: case MEASURE_FLOW: case MEASURE_PRESSURE: case MEASURE_VALUE:
		return size < 100000 && milli % 1000 != 0 ? 1 : 0;
	default:
		return size < 10000 && milli % 1000 != 0 ? 1 : 0;
	}
}

void say_value(struct text *text, enum lang lang, enum measure kind, int64_t milli)
{
	const char *unit = kind == MEASURE_TEMPERATURE || kind == MEASURE_DEW_POINT ?
	    "°C" : measure_unit(kind);

	if (kind == MEASURE_RUNTIME || kind == MEASURE_DURATION) {
		say_duration(text, lang, number_scale(milli, 60, 1));
	} else if (kind == MEASURE_UPTIME) {
		say_duration(text, lang, milli);
	} else if (kind == MEASURE_REACH) {
		text_add(text, tr(lang, milli != 0 ? N_("answers") : N_("no answer")));
	} else if ((kind == MEASURE_POWER || kind == MEASURE_APPARENT_POWER) &&
	    (milli >= 10000000 || milli <= -10000000)) {
		number_add(text, milli / 1000, 2);
		text_addf(text, " k%s", unit);
	} else {
		number_add(text, milli, places_of(kind, milli));
		if (*unit != '\0')
			text_addf(text, " %s", unit);
	}
}

void say_duration(struct text *text, enum lang lang, int64_t ms)
{
	int64_t s;

	ms = ms < 0 ? 0 : ms;
	s = ms / SECOND;
	if (s < 60)
		say(text, lang, "%d s", (int)s);
	else if (s < 3600)
		say(text, lang, "%d min", (int)((s + 30) / 60));
	else if (s < 48 * 3600L && (s + 30) % 3600 < 60)
		say(text, lang, "%d h", (int)((s + 30) / 3600));
	else if (s < 48 * 3600L)
		say(text, lang, "%d h %02d min", (int)((s + 30) / 3600), (int)((s + 30) / 60 % 60));
	else if (s < 14 * 86400L && s / 3600 % 24 != 0)
		say(text, lang, "%d {day|days} %d h", (int)(s / 86400), (int)(s / 3600 % 24));
	else
		say(text, lang, "%d {day|days}", (int)(s / 86400));
}

void say_clock(struct text *text, enum lang lang, const struct zone *zone, int64_t utc_ms,
    int64_t now_ms)
{
	static const char *const months[] = { N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"),
		N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"),
		N_("Dec") };
	struct civil at = zone_split(zone, utc_ms), now = zone_split(zone, now_ms);
	int64_t days = days_of(at.year, at.month, at.day);
	int64_t today = days_of(now.year, now.month, now.day);

	if (days < today - 180 || days > today + 180)
		say(text, lang, "%d-%02d-%02d ", (int)at.year, at.month, at.day);
	else if (days != today)
		say(text, lang, "%d %s ", at.day, tr(lang, months[at.month - 1]));
	text_addf(text, "%02d:%02d", at.hour, at.minute);
}
