/* src/cli/whatif_seen.c - what is measured now, for `keisoku whatif`: from the daemon of
 * this site, or from its store when none runs. */
#include "base/drop.h"
#include "cli/ask.h"
#include "cli/status_store.h"
#include "cli/whatif.h"
#include "plan/seen.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ANSWER = 64 << 20 };

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000;
}

/* "ups1:output.power" is of the line ups1. */
static bool sensor_of(const struct site *site, const char *id, uint32_t *ret_sensor)
{
	size_t n = strcspn(id, ":");

	for (uint32_t i = 0; i < site->sensors_n; i++)
		if (strlen(site->sensors[i].id) == n && memcmp(site->sensors[i].id, id, n) == 0) {
			*ret_sensor = i;
			return true;
		}
	return false;
}

static bool reading_of(const struct site *site, const json_t *row, int64_t now, struct series *series,
    struct reading *reading)
{
	const char *id = json_string_value(json_object_get(row, "sensor"));
	const char *kind = json_string_value(json_object_get(row, "kind"));
	const char *quality = json_string_value(json_object_get(row, "quality"));
	const char *place = json_string_value(json_object_get(row, "place"));
	double value = json_number_value(json_object_get(row, "value"));
	enum place where = PLACE_NONE;
	enum measure measure;

	if (id == NULL || kind == NULL || quality == NULL || strcmp(quality, "ok") != 0 ||
	    !measure_find(span_text(kind), &measure) || !isfinite(value) || fabs(value) > 1e12)
		return false;
	if (place != NULL)
		(void)place_find(span_text(place), &where);
	*series = (struct series){ .subject_kind = SUBJECT_SENSOR, .kind = (uint8_t)measure, .place = (uint8_t)where };
	*reading = (struct reading){ .kind = (uint8_t)measure, .milli = llround(value * 1000),
		.time_ms = now - llround(json_number_value(json_object_get(row, "age_s")) * 1000) };
	(void)snprintf(series->id, sizeof series->id, "%s", id);
	return sensor_of(site, id, &series->subject);
}

static json_t *status_ask(const char *state)
{
	KS_DROP(text) struct text text = { 0 };
	json_t *status = NULL;
	json_error_t error;

	if (ask_status(state, &status, NULL) == KS_OK)
		return status;
	text_init(&text, ANSWER);
	if (status_store(state, now_ms(), &text, NULL) != KS_OK)
		return NULL;
	return json_loads(text_cstr(&text), 0, &error);
}

size_t whatif_seen(struct whatif *whatif, const char *state, struct grid_reading **ret_readings)
{
	json_t *status = status_ask(state), *rows = json_object_get(status, "readings");
	const char *site = json_string_value(json_object_get(status, "site"));
	struct grid_reading *list = arena_array(&whatif->arena, json_array_size(rows) + 1, sizeof *list);
	int64_t now = now_ms();
	size_t n = 0, i;
	json_t *row;

	/* another site's daemon says nothing of this one */
	if (list != NULL && site != NULL && strcmp(site, whatif->site->id) == 0) {
		json_array_foreach(rows, i, row) {
			struct series series;
			struct reading reading;

			if (!reading_of(whatif->site, row, now, &series, &reading))
				continue;
			n += seen_place(whatif->grid, &series, &reading, now, &list[n]);
		}
	}
	json_decref(status);
	*ret_readings = list;
	return n;
}
