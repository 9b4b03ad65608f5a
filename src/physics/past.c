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

/* Of two the lower one: one of them may be an outlier, and is no rise. */
int32_t heat_past_median(const struct heat_past *past, uint32_t minutes_ago)
{
	int32_t known[3];
	int n = 0;

	for (uint32_t i = 0; i < 3; i++) {
		int32_t temp = heat_past_at(past, minutes_ago + i);
		int at = n;

		if (temp == HEAT_NONE)
			continue;
		for (n++; at > 0 && known[at - 1] > temp; at--)
			known[at] = known[at - 1];
		known[at] = temp;
	}
	return n == 0 ? HEAT_NONE : n == 3 ? known[1] : known[0];
}

uint32_t heat_past_newest(const struct heat_past *past)
{
	uint32_t ago = 0;

	while (ago <= HEAT_STALE && heat_past_at(past, ago) == HEAT_NONE)
		ago++;
	return ago;
}

int32_t heat_past_mean(const struct heat_past *past, uint32_t from, uint32_t to)
{
	int64_t sum = 0, n = 0;

	for (uint32_t ago = from; ago < to; ago++) {
		int32_t temp = heat_past_at(past, ago);

		sum += temp != HEAT_NONE ? temp : 0;
		n += temp != HEAT_NONE;
	}
	return n > 0 ? (int32_t)(sum / n) : HEAT_NONE;
}
