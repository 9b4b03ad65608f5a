#include "physics/heat.h"

void heat_past_add(struct heat_past *past, int64_t temp_milli)
{
	past->sum += temp_milli;
	past->sum_n++;
}

void heat_past_move(struct heat_past *past, int64_t by_milli)
{
	for (uint32_t i = 0; i < past->n; i++)
		if (past->temp[i] != HEAT_NONE)
			past->temp[i] += (int32_t)by_milli;
	past->sum += by_milli * past->sum_n;
}

void heat_past_minute(struct heat_past *past, int32_t watt)
{
	past->temp[past->next] = past->sum_n > 0 ? (int32_t)(past->sum / past->sum_n) : HEAT_NONE;
	past->watt[past->next] = watt;
	past->next = (past->next + 1) % HEAT_MINUTES;
	past->n += past->n < HEAT_MINUTES;
	past->sum = 0;
	past->sum_n = 0;
}

int32_t heat_past_at(const struct heat_past *past, uint32_t minutes_ago)
{
	if (minutes_ago >= past->n)
		return HEAT_NONE;
	return past->temp[(past->next + 2 * HEAT_MINUTES - 1 - minutes_ago) % HEAT_MINUTES];
}

int32_t heat_past_median(const struct heat_past *past, uint32_t minutes_ago)
{
	int32_t a = heat_past_at(past, minutes_ago), b = heat_past_at(past, minutes_ago + 1);
	int32_t c = heat_past_at(past, minutes_ago + 2);

	if (a == HEAT_NONE || b == HEAT_NONE || c == HEAT_NONE)
		return a != HEAT_NONE && b != HEAT_NONE ? (a < b ? a : b) : HEAT_NONE;
	if (a > b) {
		int32_t swap = a;

		a = b;
		b = swap;
	}
	return c < a ? a : c > b ? b : c;
}
