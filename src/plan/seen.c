#include "plan/seen.h"
#include <ctype.h>
#include <string.h>

static bool holds(const char *words, const char *word)
{
	return strcasestr(words, word) != NULL;
}

/* What was, may be or must not be is no load of now. */
static bool is_other(const char *words)
{
	static const char *const others[] = { "peak", "max", "min", "rat", "limit", "threshold", "nominal", "average",
		"setpoint" };

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (holds(words, others[i]))
			return true;
	return false;
}

/* "Outlet 12 power" -> 12; 0: it speaks of no outlet; UINT32_MAX: of one without a number. */
static uint32_t outlet_of(const char *words)
{
	const char *at = strcasestr(words, "outlet");
	uint32_t number = 0;

	if (at == NULL)
		return 0;
	while (*at != '\0' && !isdigit((unsigned char)*at))
		at++;
	for (int digits = 0; isdigit((unsigned char)*at) && digits < 6; at++, digits++)
		number = number * 10 + (uint32_t)(*at - '0');
	return number > 0 ? number : UINT32_MAX;
}

static bool outlet_cord(const struct grid *grid, uint32_t node, uint32_t outlet, uint32_t *ret_cord)
{
	const struct grid_node *at = &grid->nodes[node];

	for (uint32_t k = at->plug; k < at->plug + at->plugs_n; k++) {
		uint32_t cord = grid->plugs[k];
		const struct grid_host *host = &grid->hosts[grid->cords[cord].host];

		if (grid->site->hosts[grid->cords[cord].host].cords[cord - host->cord].outlet == outlet) {
			*ret_cord = cord;
			return true;
		}
	}
	return false;
}

/* Of a host's device with many values, those of its parts are not the host. */
static bool is_part(const char *words)
{
	return holds(words, "psu") || holds(words, "supply") || holds(words, "input") || holds(words, "cpu") ||
	    holds(words, "memory") || outlet_of(words) != 0;
}

bool seen_place(const struct grid *grid, const struct series *series, const struct reading *reading,
    int64_t now_ms, struct grid_reading *ret_reading)
{
	struct grid_reading placed = { .kind = (enum measure)series->kind, .milli = reading->milli,
		.age_ms = now_ms - reading->time_ms };
	const char *words = series->label[0] != '\0' ? series->label : series->id;
	bool load = series->kind == MEASURE_LOAD, warm = series->kind == MEASURE_TEMPERATURE;

	if ((!load && !warm && series->kind != MEASURE_POWER && series->kind != MEASURE_APPARENT_POWER &&
		series->kind != MEASURE_CURRENT) || series->subject_kind != SUBJECT_SENSOR ||
	    series->subject >= grid->site->sensors_n || reading->quality != QUALITY_OK ||
	    (reading->milli < 0 && !warm) || placed.age_ms > SEEN_OLDEST_MS || is_other(words))
		return false;
	placed.age_ms = placed.age_ms > 0 ? placed.age_ms : 0;
	const struct sensor *sensor = &grid->site->sensors[series->subject];

	if (warm) {
		if (sensor->room == NULL || (series->place != PLACE_ROOM && series->place != PLACE_INLET))
			return false;
		placed.of = GRID_OF_ROOM;
		placed.at = (uint32_t)(sensor->room - grid->site->rooms);
	} else if (sensor->host != NULL) {
		if (load || (strcmp(series->id, sensor->id) != 0 && is_part(words)))
			return false;
		placed.of = GRID_OF_HOST;
		placed.at = (uint32_t)(sensor->host - grid->site->hosts);
	} else if (sensor->node != NULL) {
		uint32_t node = (uint32_t)(sensor->node - grid->site->nodes), outlet = outlet_of(words);

		placed.of = outlet > 0 ? GRID_OF_CORD : GRID_OF_NODE;
		placed.at = node;
		if (outlet > 0 && (load || !outlet_cord(grid, node, outlet, &placed.at)))
			return false;
	} else {
		return false;
	}
	*ret_reading = placed;
	return true;
}
