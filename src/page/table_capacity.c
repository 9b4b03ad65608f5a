/* src/page/table_capacity.c - what is left, as tables: of the power path, in racks, of the
 * cooling; and hosts with one cord where others of their service have two. */
#include "page/plan.h"
#include "page/table.h"
#include "plan/capacity.h"

/* NULL: there is no power path, or no memory. */
static const struct capacity *capacity_make(struct scene *scene)
{
	struct capacity *capacity = NULL;

	if (scene->grid == NULL ||
	    capacity_of(scene->grid, scene->flow, &scene->arena, &capacity, NULL) != KS_OK)
		return NULL;
	return capacity;
}

bool capacity_power_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "id", "limit_va", "worst_va", "worst_by", "short_va", "backs",
		"half_short_va", NULL };
	const struct capacity *capacity = capacity_make(scene);
	struct table t;

	if (capacity == NULL)
		return false;
	table_begin(&t, out, form, "capacity_power", columns);
	for (uint32_t i = 0; i < scene->grid->nodes_n; i++) {
		const struct capacity_node *node = &capacity->nodes[i];
		int64_t limit = scene->grid->nodes[i].limit_uva;

		table_row(&t);
		cell_text(&t, scene->site->nodes[i].id);
		cell_milli(&t, limit > 0 ? limit / 1000 : INT64_MIN);
		cell_milli(&t, node->worst_uva / 1000);
		cell_text(&t, node->worst_by != GRID_NONE ? scene->site->nodes[node->worst_by].id : "");
		cell_milli(&t, node->short_uva / 1000);
		cell_flag(&t, node->backs);
		cell_milli(&t, node->half_short_uva / 1000);
	}
	table_end(&t);
	return true;
}

bool capacity_racks_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "rack", "units", "free_u", "largest_block_u", "block_at_u", "hosts",
		"watts", NULL };
	const struct capacity *capacity = capacity_make(scene);
	struct table t;

	if (capacity == NULL)
		return false;
	table_begin(&t, out, form, "capacity_racks", columns);
	for (size_t i = 0; i < scene->site->racks_n; i++) {
		const struct capacity_rack *rack = &capacity->racks[i];

		table_row(&t);
		cell_text(&t, scene->site->racks[i].id);
		cell_count(&t, rack->units);
		cell_count(&t, rack->free_u);
		cell_count(&t, rack->block_n);
		cell_count(&t, rack->block_u);
		cell_count(&t, rack->hosts_n);
		cell_milli(&t, rack->mw);
	}
	table_end(&t);
	return true;
}

bool capacity_rooms_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "room", "heat_watts", "limit_watts", "cooling_watts", "racks",
		"units_filled", NULL };
	const struct capacity *capacity = capacity_make(scene);
	struct table t;

	if (capacity == NULL)
		return false;
	table_begin(&t, out, form, "capacity_rooms", columns);
	for (uint32_t i = 0; i < scene->grid->rooms_n; i++) {
		const struct capacity_room *room = &capacity->rooms[i];
		int64_t limit = scene->grid->rooms[i].limit_mw;

		table_row(&t);
		cell_text(&t, scene->site->rooms[i].id);
		cell_milli(&t, scene->grid->rooms[i].load_mw);
		cell_milli(&t, limit > 0 ? limit : INT64_MIN);
		cell_milli(&t, room->cooling_mw > 0 ? room->cooling_mw : INT64_MIN);
		cell_count(&t, room->racks_n);
		cell_count(&t, room->units_n);
	}
	table_end(&t);
	return true;
}

bool single_cords_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "host", "name", "service", "rack", NULL };
	const struct capacity *capacity = capacity_make(scene);
	struct table t;

	if (capacity == NULL)
		return false;
	table_begin(&t, out, form, "single_cords", columns);
	for (uint32_t i = 0; i < capacity->lonely_n; i++) {
		const struct host *host = &scene->site->hosts[capacity->lonely[i]];

		table_row(&t);
		cell_text(&t, host->id);
		cell_text(&t, host->name);
		cell_text(&t, host->service != NULL ? host->service->id : "");
		cell_text(&t, host->rack != NULL ? host->rack->id : "");
	}
	table_end(&t);
	return true;
}
