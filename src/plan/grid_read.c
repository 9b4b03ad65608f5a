/* src/plan/grid_read.c - readings into the electrical model: what hosts really draw, how
 * they share it over their cords, what meters on the way see. */
#include "base/hash.h"
#include "base/number.h"
#include "plan/inside.h"
#include <math.h>

enum { STEP_PERCENT = 3 };

/* What was read of a cord; uva -1: nothing. */
struct cord_seen {
	int64_t uva, mw, age_ms;
};

static uint32_t host_pf(const struct grid *grid, uint32_t host)
{
	return grid->site->hosts[host].pf_milli;
}

/* Watts and VA from one reading; the other of the two by the power factor. */
static void seen_power(const struct grid_reading *reading, uint32_t pf_milli, int64_t milli_volt,
    struct cord_seen *seen)
{
	if (reading->kind == MEASURE_POWER) {
		seen->mw = reading->milli;
		seen->uva = number_scale(seen->mw, 1000000, pf_milli);
	} else {
		seen->uva = reading->kind == MEASURE_CURRENT ?
		    number_scale(reading->milli, milli_volt, 1) :
		    number_scale(reading->milli, 1000, 1);
		seen->mw = number_scale(seen->uva, pf_milli, 1000000);
	}
	seen->age_ms = reading->age_ms;
}

static void read_node(struct grid *grid, const struct grid_reading *reading, uint32_t pf_milli)
{
	struct grid_node *node = &grid->nodes[reading->at];
	struct cord_seen seen;

	if (reading->kind == MEASURE_LOAD) {
		seen.uva = number_scale(node->rated_uva, reading->milli, 100000);
	} else {
		seen_power(reading, pf_milli, node->line_volt_mv, &seen);
		if (reading->kind == MEASURE_CURRENT && node->phases == 3)
			seen.uva = number_scale(seen.uva, 1732050808, 1000000000);
	}
	if (seen.uva > node->seen_uva) { /* of several meters, the one that sees most */
		node->seen_uva = seen.uva;
		node->age_ms = reading->age_ms;
	}
}

static void read_host(struct grid *grid, const struct grid_reading *reading)
{
	struct grid_host *host = &grid->hosts[reading->at];
	const struct host *line = &grid->site->hosts[reading->at];
	int64_t milli_volt = line->cords_n > 0 ? line->cords[0].pdu->milli_volt :
	    grid->site->milli_volt;
	struct cord_seen seen;

	seen_power(reading, line->pf_milli, milli_volt, &seen);
	host->uva = seen.uva;
	host->mw = seen.mw;
	host->age_ms = seen.age_ms;
	host->said = GRID_MEASURED;
}

/* All cords of a host were read: their shares, and the host's power where it was not
 * read itself. */
static void read_cords(struct grid *grid, struct grid_host *host, const struct cord_seen *seen)
{
	struct cord_seen all = { 0 };

	for (uint32_t k = 0; k < host->cords_n; k++) {
		if (seen[k].uva < 0)
			return;
		all.uva += seen[k].uva;
		all.mw += seen[k].mw;
		all.age_ms = seen[k].age_ms > all.age_ms ? seen[k].age_ms : all.age_ms;
	}
	if (host->said != GRID_MEASURED) {
		host->uva = all.uva;
		host->mw = all.mw;
		host->age_ms = all.age_ms;
		host->said = GRID_MEASURED;
	}
	if (all.uva == 0)
		return; /* switched off: nothing is known of its shares */
	for (uint32_t k = 0; k < host->cords_n; k++) {
		struct grid_cord *cord = &grid->cords[host->cord + k];

		/* a standby cord carries nothing now, and all of it when it is the last */
		cord->weight = (uint32_t)number_scale(seen[k].uva, GRID_WHOLE, all.uva);
		cord->weight = cord->weight > 0 ? cord->weight : 1;
	}
	host->shares_seen = true;
	host->even = false;
}

/* It says how soon a room is too warm, not what a plan does: plans do not bind to it. */
static void read_room(struct grid *grid, const struct grid_reading *reading)
{
	struct grid_room *room = &grid->rooms[reading->at];

	if (!room->measured || reading->milli > room->from_milli)
		room->from_milli = reading->milli;
	room->measured = true;
}

static bool reading_fits(const struct grid *grid, const struct grid_reading *reading)
{
	size_t n = reading->of == GRID_OF_NODE ? grid->nodes_n :
	    reading->of == GRID_OF_HOST	       ? grid->hosts_n : grid->cords_n;
	bool load = reading->kind == MEASURE_LOAD && reading->of == GRID_OF_NODE;

	if (reading->of == GRID_OF_ROOM)
		return reading->at < grid->rooms_n && reading->kind == MEASURE_TEMPERATURE;
	return reading->at < n && reading->milli >= 0 &&
	    (load || reading->kind == MEASURE_POWER || reading->kind == MEASURE_CURRENT ||
		reading->kind == MEASURE_APPARENT_POWER);
}

int64_t grid_step(int64_t milli)
{
	/* loads are not negative; by their size if one ever were */
	return llround(log(fabs((double)milli) + 1000) * 100 / STEP_PERCENT);
}

/* Only what decides: a plan made of about the same numbers a second later is the same plan. */
static uint64_t reading_hash(const struct grid_reading *reading, uint64_t seed)
{
	const int64_t key[] = { (int64_t)reading->of, (int64_t)reading->at,
		(int64_t)reading->kind, grid_step(reading->milli) };

	return hash_of(span_of(key, sizeof key), seed);
}

/* VA, A and % are what a limit is in; watts count where none of them is read, by the power
 * factor of what hangs below. */
static int read_nodes(struct grid *grid, const struct grid_reading *readings, size_t n, struct arena *arena,
    struct why *why)
{
	uint32_t *pf = grid_pf(grid, arena);

	if (pf == NULL)
		return fail(why, KS_FULL, "no memory for the electrical model of %s", grid->site->id);
	for (size_t i = 0; i < n; i++)
		if (readings[i].of == GRID_OF_NODE && readings[i].kind != MEASURE_POWER)
			read_node(grid, &readings[i], 1000);
	for (size_t i = 0; i < grid->nodes_n; i++)
		pf[i] = grid->nodes[i].seen_uva >= 0 ? 0 : pf[i];
	for (size_t i = 0; i < n; i++)
		if (readings[i].of == GRID_OF_NODE && readings[i].kind == MEASURE_POWER &&
		    pf[readings[i].at] > 0)
			read_node(grid, &readings[i], pf[readings[i].at]);
	return KS_OK;
}

int grid_read(struct grid *grid, const struct grid_reading *readings, size_t n, struct arena *arena, struct why *why)
{
	struct cord_seen *seen = arena_array(arena, grid->cords_n + 1, sizeof *seen);

	if (seen == NULL)
		return fail(why, KS_FULL, "no memory for the electrical model of %s", grid->site->id);
	for (size_t i = 0; i < grid->cords_n; i++)
		seen[i].uva = -1;
	for (size_t i = 0; i < n; i++) {
		const struct grid_reading *reading = &readings[i];

		if (!reading_fits(grid, reading))
			return fail(why, KS_MALFORMED, "a reading of %s does not fit the site",
			    measure_word(reading->kind));
		if (reading->of != GRID_OF_ROOM)
			grid->readings = reading_hash(reading, grid->readings);
		if (reading->of == GRID_OF_ROOM) {
			read_room(grid, reading);
		} else if (reading->of == GRID_OF_HOST) {
			read_host(grid, reading);
		} else if (reading->of == GRID_OF_CORD) {
			const struct grid_cord *cord = &grid->cords[reading->at];

			seen_power(reading, host_pf(grid, cord->host),
			    grid->nodes[cord->node].line_volt_mv, &seen[reading->at]);
		}
	}
	for (size_t i = 0; i < grid->hosts_n; i++)
		if (grid->hosts[i].cords_n > 0)
			read_cords(grid, &grid->hosts[i], seen + grid->hosts[i].cord);
	return read_nodes(grid, readings, n, arena, why);
}
