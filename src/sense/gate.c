#include "sense/gate.h"
#include "base/number.h"

/* A temperature re-read as negative must be one that a sensor can have. */
enum { SIGNED_LOW = -40000, SIGNED_HIGH = 80000 };

/* Counts may truly reach these numbers; a measured quantity does not. */
static bool kind_counts(enum measure kind)
{
	return kind == MEASURE_COUNT || kind == MEASURE_ENERGY || kind == MEASURE_UPTIME ||
	    kind == MEASURE_VALUE || kind == MEASURE_STATE || kind == MEASURE_FREQUENCY;
}

static bool kind_below_zero(enum measure kind)
{
	return kind == MEASURE_TEMPERATURE || kind == MEASURE_DEW_POINT ||
	    kind == MEASURE_POWER || kind == MEASURE_CURRENT;
}

static bool raw_is_maximum(enum measure kind, int64_t raw, bool whole)
{
	switch (raw) {
	case INT32_MAX:
	case INT32_MIN:
	case UINT32_MAX:
	case INT64_MAX:
	case INT64_MIN:
		return kind != MEASURE_VALUE && kind != MEASURE_STATE;
	case UINT16_MAX:
	case -UINT16_MAX:
	case INT16_MAX:
	case INT16_MIN:
		return !kind_counts(kind);
	case UINT8_MAX: /* one byte holds whole units only: 255 tenths are 25.5 C */
		return whole && (kind == MEASURE_HUMIDITY || kind == MEASURE_CHARGE ||
		    kind == MEASURE_TEMPERATURE);
	default:
		return false;
	}
}

enum doubt gate_raw(enum measure kind, int64_t raw, int64_t times, int64_t over,
    int64_t *ret_raw)
{
	static const int64_t tops[] = { (int64_t)UINT16_MAX + 1, (int64_t)UINT32_MAX + 1 };

	*ret_raw = raw;
	if (raw_is_maximum(kind, raw, times == over))
		return DOUBT_TYPE_MAX;
	if (!kind_below_zero(kind) || raw < 0)
		return DOUBT_NONE;
	for (size_t i = 0; i < sizeof tops / sizeof *tops; i++) {
		int64_t low = raw - tops[i];
		int64_t milli = number_scale(low, times * 1000, over);

		if (raw < tops[i] / 2 || raw >= tops[i])
			continue;
		/* 40,000 W may be true; 4,294,967,000 W is not */
		if (kind == MEASURE_POWER || kind == MEASURE_CURRENT) {
			if (i == 0 || raw < tops[i] - 1000000)
				continue;
		} else if (milli < SIGNED_LOW || milli > SIGNED_HIGH ||
		    measure_possible(kind, number_scale(raw, times * 1000, over))) {
			continue; /* 45000 thousandths are 45 C, not -20 C */
		}
		*ret_raw = low;
		return DOUBT_SIGN;
	}
	return DOUBT_NONE;
}

void offer_absent(struct offer *offer, enum doubt doubt)
{
	offer->quality = QUALITY_ABSENT;
	offer->doubt = (uint8_t)doubt;
	offer->milli = 0;
}

void offer_untrusted(struct offer *offer, enum doubt doubt)
{
	offer->quality = QUALITY_UNTRUSTED;
	offer->doubt = (uint8_t)doubt;
}

int64_t celsius_of(int64_t milli_f)
{
	if (milli_f < INT64_MIN + 32000)
		return INT64_MIN; /* no temperature; offer_gate() says so */
	return number_scale(milli_f - 32000, 5, 9);
}

/* The numbers that devices say for "no sensor", after scaling. */
static bool milli_is_sentinel(enum measure kind, int64_t milli)
{
	switch (milli) {
	case -99900:
	case -999900:
	case -99000:
	case -999000:
	case -9999000:
	case -1000000:
	case -127000:
	case 999000:
	case 999900:
	case 9999000:
	case 99999000:
		return kind == MEASURE_TEMPERATURE || kind == MEASURE_HUMIDITY ||
		    kind == MEASURE_DEW_POINT;
	case -1000:
		return kind == MEASURE_HUMIDITY || kind == MEASURE_CHARGE ||
		    kind == MEASURE_RUNTIME || kind == MEASURE_LOAD ||
		    kind == MEASURE_VOLTAGE || kind == MEASURE_FREQUENCY ||
		    kind == MEASURE_FAN || kind == MEASURE_COUNT ||
		    kind == MEASURE_DURATION || kind == MEASURE_ENERGY;
	default:
		return false;
	}
}

static bool place_has_air(enum place place)
{
	return place != PLACE_INTERNAL && place != PLACE_WATER;
}

void offer_gate(struct offer *offer)
{
	enum measure kind = (enum measure)offer->kind;
	int64_t milli = offer->milli;

	if (offer->quality != QUALITY_OK)
		return;
	if (milli_is_sentinel(kind, milli)) {
		offer_absent(offer, DOUBT_SENTINEL);
	} else if (!measure_possible(kind, milli)) {
		offer_untrusted(offer, DOUBT_OUT_OF_PHYSICS);
	} else if (kind == MEASURE_TEMPERATURE && place_has_air((enum place)offer->place) &&
	    (milli < GATE_AIR_LOW || milli > GATE_AIR_HIGH)) {
		offer_untrusted(offer, DOUBT_OUT_OF_ROOM);
	}
}
