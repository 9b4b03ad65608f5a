#include "role/clock.h"
#include "base/number.h"
#include "base/zone.h"
#include <time.h>

int64_t clock_mono_ms(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_boot_ms(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now_ms(const struct clock *clock)
{
	struct timespec t = { 0 };

	if (clock->factor > 0)
		return clock->start_ms + (clock_mono_ms() - clock->zero_ms) * clock->factor;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_steady_ms(const struct clock *clock, int64_t now_ms)
{
	return clock->factor > 0 ? now_ms : clock_boot_ms();
}

uint64_t clock_real_ms(const struct clock *clock, int64_t ms)
{
	int64_t real = clock->factor > 0 ? ms / clock->factor : ms;

	return real < 1 ? 1 : (uint64_t)real;
}

static bool field_cut(struct span *word, uint8_t stop, int64_t low, int64_t high,
    int64_t *ret_value)
{
	struct span field = span_until(word, stop);

	return number_read(field, 0, ret_value) == KS_OK && *ret_value >= low &&
	    *ret_value <= high;
}

int clock_read(struct span word, struct clock *ret_clock, struct why *why)
{
	int64_t y, mon, d, h, min, s, factor;

	if (!field_cut(&word, '-', 1970, 9999, &y) || !field_cut(&word, '-', 1, 12, &mon) ||
	    !field_cut(&word, 'T', 1, 31, &d) || !field_cut(&word, ':', 0, 23, &h) ||
	    !field_cut(&word, ':', 0, 59, &min) || !field_cut(&word, 'Z', 0, 60, &s) ||
	    span_until(&word, ',').left != 0 || number_read(word, 0, &factor) != KS_OK ||
	    factor < 1 || factor > 100000)
		return fail(why, KS_MALFORMED,
		    "--clock wants START,FACTOR as in 2026-07-20T06:00:00Z,600");
	*ret_clock = (struct clock){ .factor = (uint32_t)factor,
		.start_ms = ((days_of((int32_t)y, (unsigned)mon, d) * 24 + h) * 60 + min) * 60000 + s * 1000,
		.zero_ms = clock_mono_ms() };
	return KS_OK;
}
