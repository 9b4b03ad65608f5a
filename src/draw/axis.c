/* src/draw/axis.c - steps that people read at a glance. */
#include "draw/chart.h"

int64_t axis_step(int64_t low, int64_t high, unsigned most)
{
	uint64_t span = high > low ? (uint64_t)high - (uint64_t)low : 1;
	uint64_t step = 1;

	most = most == 0 ? 1 : most;
	while (step < UINT64_MAX / 10) {
		for (unsigned i = 0; i < 3; i++) {
			static const unsigned times[] = { 1, 2, 5 };

			if (span / (step * times[i]) <= most)
				return (int64_t)(step * times[i]);
		}
		step *= 10;
	}
	return INT64_MAX;
}

int64_t axis_time_step(int64_t span_ms, unsigned most)
{
	static const int32_t minutes[] = { 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880,
		10080, 20160, 43200, 86400, 172800, 525600 };
	enum { STEPS = sizeof minutes / sizeof *minutes };

	for (size_t i = 0; i < STEPS; i++)
		if (span_ms / (minutes[i] * 60000LL) <= (int64_t)most)
			return minutes[i] * 60000LL;
	return minutes[STEPS - 1] * 60000LL;
}
