/* src/cli/whatif_past.c - what the store knows of a room's past, for --lose-cooling: the
 * fastest it has ever warmed over an hour.  It may do so again, sooner but not later. */
#include "cli/whatif.h"
#include "role/paths.h"
#include "site/metric.h"
#include "store/store.h"
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DAYS = 400, HOUR_MS = 3600000, SAMPLES = 6, RISE_LEAST = 1000, RISE_MOST = 60000 };

struct past {
	int64_t now_ms, before_ms, before_milli; /* the hour before */
	struct whatif_rise best;
};

/* Means of hours that follow each other: one wild value makes no rise. */
static int hour_take(void *user, uint32_t series, const struct rollup *hour)
{
	struct past *past = user;
	int64_t milli = hour->n > 0 ? metric_milli(MEASURE_TEMPERATURE, hour->sum / (double)hour->n) : 0;
	int64_t rise = milli - past->before_milli;

	(void)series;
	if (hour->n < SAMPLES)
		return KS_OK;
	if (past->before_ms == hour->hour_ms - HOUR_MS && rise > past->best.milli_h && rise <= RISE_MOST)
		past->best = (struct whatif_rise){ true, rise, past->now_ms - hour->hour_ms };
	past->before_ms = hour->hour_ms;
	past->before_milli = milli;
	return KS_OK;
}

/* Is the series the air of the room? */
static bool breathes(const struct whatif *whatif, struct span labels)
{
	bool warm = false, here = false;

	while (labels.left > 0) {
		struct span key = span_until(&labels, 0xff), value = span_until(&labels, 0xff);

		warm |= span_equal(key, "__name__") && span_equal(value, metric_name(MEASURE_TEMPERATURE));
		for (size_t i = 0; span_equal(key, "sensor") && i < whatif->site->sensors_n; i++) {
			const struct sensor *sensor = &whatif->site->sensors[i];

			here |= span_equal(value, sensor->id) && sensor->room == whatif->room &&
			    (sensor->place == PLACE_ROOM || sensor->place == PLACE_INLET);
		}
	}
	return warm && here;
}

struct whatif_rise whatif_past(const struct whatif *whatif)
{
	struct past past = { .best = { .milli_h = RISE_LEAST } };
	struct store *store = NULL;
	struct store_found found;
	struct paths paths;
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (paths_find(whatif->state, &paths, NULL) != KS_OK || access(paths.state, F_OK) != 0 ||
	    store_open(paths.state, STORE_READ_ALL, &(struct store_options){ .window_s = 0 }, &store, &found, NULL) != KS_OK)
		return (struct whatif_rise){ .known = false };
	past.now_ms = (int64_t)now.tv_sec * 1000;
	for (uint32_t i = 1; i <= store_series_count(store); i++) {
		past.before_ms = 0;
		if (breathes(whatif, store_labels(store, i)) &&
		    store_hours(store, i, past.now_ms - DAYS * 24LL * HOUR_MS, past.now_ms, hour_take, &past, NULL) != KS_OK)
			break;
	}
	store_close(store);
	return past.best;
}
