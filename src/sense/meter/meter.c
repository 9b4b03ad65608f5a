#include "sense/meter/meter.h"
#include "base/number.h"
#include "sense/gate.h"
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
	if (offer != NULL)
		offer_absent(offer, doubt);
}

void meter_untrusted(struct offer *offer, enum doubt doubt)
{
	if (offer != NULL)
		offer_untrusted(offer, doubt);
}

void meter_number(struct offer *offer, int64_t milli)
{
	if (offer == NULL)
		return;
	offer->milli = milli;
	offer->quality = QUALITY_OK;
	offer->doubt = DOUBT_NONE;
	offer_gate(offer);
}

/* A whole number in the kind's own unit: the ends of types first. */
static void meter_whole(struct offer *offer, int64_t whole)
{
	int64_t taken = whole;
	enum doubt doubt = offer != NULL ? gate_raw(offer->kind, whole, 1, 1, &taken) : DOUBT_NONE;

	if (doubt == DOUBT_TYPE_MAX) {
		meter_absent(offer, doubt);
		return;
	}
	meter_number(offer, number_scale(taken, 1000, 1));
	if (offer != NULL && offer->quality == QUALITY_OK)
		offer->doubt = (uint8_t)doubt;
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
	int64_t milli = 0, whole = 0;

	if (meter_empty(text))
		meter_absent(offer, DOUBT_EMPTY);
	else if (meter_milli(text, multiplier, divisor, &milli) != KS_OK)
		meter_untrusted(offer, DOUBT_MALFORMED);
	else if (multiplier == divisor && number_read(span_trim(text), 0, &whole) == KS_OK &&
	    number_scale(whole, 1000, 1) == milli)
		meter_whole(offer, whole);
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
	return celsius_of(milli_f);
}

/* How well read= names an offer: 2 by all of its id, source or label, 1 by the end of
 * one of the first two ("temp1" of "nct6779.temp1"), 0 not at all. */
static int meter_named(const char *read, const struct offer *offer)
{
	const char *const names[] = { offer->id, offer->source };
	size_t n = strlen(read);
	char id[sizeof offer->id];

	meter_copy(id, sizeof id, span_text(read));
	for (char *c = id; *c != '\0'; c++)
		*c = *c == '/' ? '.' : *c;
	if (strcmp(read, offer->id) == 0 || strcmp(read, offer->source) == 0 ||
	    strcmp(read, offer->label) == 0 || strcmp(id, offer->id) == 0)
		return 2;
	for (size_t i = 0; i < 2; i++) {
		size_t all = strlen(names[i]);

		if (all > n && strcmp(names[i] + all - n, read) == 0 &&
		    (names[i][all - n - 1] == '.' || names[i][all - n - 1] == '/'))
			return 1;
	}
	return 0;
}

void meter_pick(struct talk *talk)
{
	const char *read = talk->probe->read;
	size_t best = 0;
	int how = 0;

	if (read == NULL || read[0] == '\0')
		return;
	for (size_t i = 0; i < talk->offers_n; i++)
		if (meter_named(read, &talk->offers[i]) > how) {
			how = meter_named(read, &talk->offers[i]);
			best = i;
		}
	if (how > 0) {
		talk->offers[0] = talk->offers[best];
		talk->offers_n = 1;
		return;
	}
	talk->offers_n = 0;
	struct offer *offer = meter_offer(talk, MEASURE_VALUE, span_text(read));

	meter_source(offer, "%s", read);
	meter_absent(offer, DOUBT_GONE);
}
