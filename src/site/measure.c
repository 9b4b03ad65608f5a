#include "site/measure.h"
#include <string.h>

static const struct {
	const char *word, *unit;
	int64_t low, high;
} measures[] = {
#define X(name, word, unit, low, high) [name] = { word, unit, low, high },
	KS_MEASURES(X)
#undef X
};

static const char *const place_words[] = { "none", "inlet", "outlet", "room", "return",
	"supply", "outside", "internal", "water" };

static const char *const doubts[] = {
	[DOUBT_NONE] = "",
	[DOUBT_SENTINEL] = "the device's own number for \"no value\"",
	[DOUBT_NOT_FITTED] = "nothing is plugged in there",
	[DOUBT_EMPTY] = "the device's answer is empty",
	[DOUBT_TYPE_MAX] = "the largest number of its type, not a measurement",
	[DOUBT_OUT_OF_PHYSICS] = "outside what this quantity can be",
	[DOUBT_OUT_OF_ROOM] = "outside -40 to 85 °C: no air of a room",
	[DOUBT_POWER_ON] = "85.000 °C: a DS18B20 that has not converted yet",
	[DOUBT_STARVED] = "127.94 °C: a DS18B20 without power to convert",
	[DOUBT_CHECKSUM] = "damaged on the wire (checksum)",
	[DOUBT_JUMP] = "jumped faster than 10 K a minute and no other sensor agrees",
	[DOUBT_SCALE] = "jumped by a factor of ten: its scale seems to have changed",
	[DOUBT_UNIT] = "looks like Fahrenheit among Celsius neighbours",
	[DOUBT_STUCK] = "unchanged for far longer than ever before",
	[DOUBT_MALFORMED] = "not a number",
	[DOUBT_SILENT] = "the device does not answer",
	[DOUBT_REFUSED] = "the device refuses (login or rights)",
	[DOUBT_GONE] = "was there before and is gone",
	[DOUBT_SIGN] = "read again as a negative number",
	[DOUBT_FAULT] = "the device says this sensor is broken",
	[DOUBT_CLOSED] = "nothing listens on that port",
};

const char *measure_word(enum measure kind)
{
	return (unsigned)kind < MEASURES ? measures[kind].word : "?";
}

const char *measure_unit(enum measure kind)
{
	return (unsigned)kind < MEASURES ? measures[kind].unit : "";
}

bool measure_find(struct span word, enum measure *ret_kind)
{
	for (unsigned i = 0; i < MEASURES; i++)
		if (span_equal(word, measures[i].word)) {
			*ret_kind = (enum measure)i;
			return true;
		}
	return false;
}

bool measure_possible(enum measure kind, int64_t milli)
{
	return (unsigned)kind < MEASURES && milli >= measures[kind].low * 1000 &&
	    milli <= measures[kind].high * 1000;
}

const char *quality_word(enum quality quality)
{
	static const char *const words[] = { "ok", "untrusted", "absent", "stuck" };

	return (unsigned)quality < QUALITIES ? words[quality] : "?";
}

const char *doubt_sentence(enum doubt doubt)
{
	return (unsigned)doubt < DOUBTS ? doubts[doubt] : "";
}

const char *severity_word(enum severity severity)
{
	static const char *const words[] = { "ok", "warning", "critical", "unknown" };

	return (unsigned)severity < SEVERITIES ? words[severity] : "?";
}

const char *place_word(enum place place)
{
	return (unsigned)place < PLACES ? place_words[place] : "?";
}

bool place_find(struct span word, enum place *ret_place)
{
	for (unsigned i = 1; i < PLACES; i++)
		if (span_equal(word, place_words[i])) {
			*ret_place = (enum place)i;
			return true;
		}
	return false;
}
