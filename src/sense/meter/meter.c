#include "sense/meter/meter.h"
#include "base/number.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>

void meter_copy(char *to, size_t room, struct span s)
{
	size_t n = s.left < room - 1 ? s.left : room - 1;

	while (n > 0 && n < s.left && (s.at[n] & 0xc0) == 0x80)
		n--; /* not inside a character */
	for (size_t i = 0; i < n; i++)
		to[i] = s.at[i] < 0x20 || s.at[i] == 0x7f ? ' ' : (char)s.at[i];
	to[n] = '\0';
}

struct offer *meter_offer(struct talk *talk, enum measure kind, struct span id)
{
	struct offer *offer = talk_offer(talk);

	if (offer == NULL)
		return NULL;
	offer->kind = (uint8_t)kind;
	offer->quality = QUALITY_ABSENT;
	offer->doubt = DOUBT_EMPTY;
	meter_copy(offer->id, sizeof offer->id, id);
	meter_copy(offer->label, sizeof offer->label, id);
	for (char *c = offer->id; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && *c != '.' && *c != '-')
			*c = '_';
	if (offer->id[0] == '\0')
		(void)snprintf(offer->id, sizeof offer->id, "value");
	return offer;
}

void meter_unique(struct talk *talk, struct offer *offer)
{
	size_t n;
	unsigned same = 1;

	if (offer == NULL)
		return;
	n = strlen(offer->id);
	n = n > sizeof offer->id - 6 ? sizeof offer->id - 6 : n;
	for (const struct offer *other = talk->offers; other < offer; other++)
		if (strcmp(other->id, offer->id) == 0 || (strncmp(other->id, offer->id, n) == 0 &&
		    other->id[n] == '-'))
			same++;
	if (same > 1)
		(void)snprintf(offer->id + n, 6, "-%u", same % 10000);
}

void meter_label(struct offer *offer, struct span label)
{
	label = span_trim(label);
	if (offer != NULL && label.left > 0)
		meter_copy(offer->label, sizeof offer->label, label);
}

void meter_source(struct offer *offer, const char *fmt, ...)
{
	va_list args;

	if (offer == NULL)
		return;
	va_start(args, fmt);
	(void)vsnprintf(offer->source, sizeof offer->source, fmt, args);
	va_end(args);
}

void meter_absent(struct offer *offer, enum doubt doubt)
{
	if (offer == NULL)
		return;
	offer->quality = QUALITY_ABSENT;
	offer->doubt = (uint8_t)doubt;
	offer->milli = 0;
}

void meter_untrusted(struct offer *offer, enum doubt doubt)
{
	if (offer == NULL)
		return;
	offer->quality = QUALITY_UNTRUSTED;
	offer->doubt = (uint8_t)doubt;
}

void meter_number(struct offer *offer, int64_t milli)
{
	if (offer == NULL)
		return;
	offer->milli = milli;
	offer->quality = QUALITY_OK;
	offer->doubt = DOUBT_NONE;
	if (!measure_possible(offer->kind, milli))
		meter_untrusted(offer, DOUBT_OUT_OF_PHYSICS);
}

bool meter_same(struct span text, const char *word)
{
	size_t n = strlen(word);

	return text.left == n && (n == 0 || strncasecmp((const char *)text.at, word, n) == 0);
}

bool meter_starts(struct span text, const char *with)
{
	size_t n = strlen(with);

	return text.left >= n && meter_same(span_of(text.at, n), with);
}

bool meter_ends(struct span text, const char *with)
{
	size_t n = strlen(with);

	return text.left >= n && meter_same(span_of(text.at + text.left - n, n), with);
}

bool meter_has(struct span text, const char *word)
{
	for (; text.left > 0; (void)span_cut(&text, 1))
		if (meter_starts(text, word))
			return true;
	return false;
}

bool meter_empty(struct span text)
{
	static const char *const words[] = { "", "n/a", "na", "null", "none", "nan", "-", "--",
		"unknown", "not available", "no reading", NULL };

	text = span_trim(text);
	for (size_t i = 0; words[i] != NULL; i++)
		if (meter_same(text, words[i]))
			return true;
	return false;
}

int meter_milli(struct span text, int64_t multiplier, int64_t divisor,
    int64_t *ret_milli)
{
	/* as many places as the size of the number leaves room for */
	static const struct {
		unsigned places;
		int64_t scale;
	} tries[] = { { 9, 1000000000 }, { 3, 1000 }, { 0, 1 } };
	int64_t value = 0;

	text = span_trim(text);
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		int64_t scale = tries[i].scale;

		if (number_read(text, tries[i].places, &value) != KS_OK)
			continue;
		*ret_milli = scale <= INT64_MAX / divisor
		    ? number_scale(value, multiplier * 1000, scale * divisor)
		    : number_scale(number_scale(value, multiplier, divisor), 1000, scale);
		return KS_OK;
	}
	return KS_MALFORMED;
}

bool meter_milli_real(double value, int64_t *ret_milli)
{
	double milli = value * 1000;

	if (!isfinite(milli) || milli > 9e18 || milli < -9e18)
		return false;
	*ret_milli = llround(milli);
	return true;
}

void meter_text(struct offer *offer, struct span text, int64_t multiplier,
    int64_t divisor)
{
	int64_t milli = 0;

	if (meter_empty(text))
		meter_absent(offer, DOUBT_EMPTY);
	else if (meter_milli(text, multiplier, divisor, &milli) != KS_OK)
		meter_untrusted(offer, DOUBT_MALFORMED);
	else
		meter_number(offer, milli);
}

void meter_real(struct offer *offer, double value)
{
	int64_t milli = 0;

	if (isnan(value))
		meter_absent(offer, DOUBT_EMPTY);
	else if (!meter_milli_real(value, &milli))
		meter_untrusted(offer, DOUBT_OUT_OF_PHYSICS);
	else
		meter_number(offer, milli);
}

void meter_state(struct offer *offer, int64_t number, struct span word,
    enum severity severity)
{
	if (offer == NULL)
		return;
	offer->severity = (uint8_t)severity;
	meter_copy(offer->state, sizeof offer->state, span_trim(word));
	meter_number(offer, number * 1000);
}

void meter_place(struct offer *offer, struct span words)
{
	static const struct {
		const char *word;
		enum place place;
	} rows[] = { { "inlet", PLACE_INLET }, { "intake", PLACE_INLET },
		{ "ambient", PLACE_INLET }, { "front panel", PLACE_INLET },
		{ "outlet", PLACE_OUTLET }, { "exhaust", PLACE_OUTLET },
		{ "return", PLACE_RETURN }, { "supply air", PLACE_SUPPLY },
		{ "outside", PLACE_OUTSIDE }, { "outdoor", PLACE_OUTSIDE },
		{ "coolant", PLACE_WATER }, { "water", PLACE_WATER }, { NULL, PLACE_NONE } };

	/* a PDU's outlet is no place of air */
	if (offer == NULL || (offer->kind != MEASURE_TEMPERATURE &&
	    offer->kind != MEASURE_HUMIDITY && offer->kind != MEASURE_DEW_POINT))
		return;
	for (size_t i = 0; rows[i].word != NULL; i++)
		if (meter_has(words, rows[i].word)) {
			offer->place = (uint8_t)rows[i].place;
			return;
		}
}

int64_t meter_celsius(struct offer *offer, int64_t milli_f)
{
	if (offer != NULL)
		offer->fahrenheit = true;
	return number_scale(milli_f - 32000, 10, 18);
}
