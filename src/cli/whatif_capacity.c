/* src/cli/whatif_capacity.c - `keisoku whatif SITE` alone: what is left. */
#include "base/drop.h"
#include "base/number.h"
#include "cli/readings.h"
#include "cli/whatif.h"
#include "cli/whatif_capacity.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINES = 24, ID_COLUMNS = 16, CELL_COLUMNS = 14, LONG_COLUMNS = 28, HOSTS = 24 };

unsigned whatif_amps(const struct whatif *whatif, uint32_t node, double ret_amps[3], double *ret_may)
{
	const struct grid_node *at = &whatif->grid->nodes[node];

	if (at->phases == 3) {
		struct phase_lines lines = phase_lines(whatif->flow, node);

		for (int i = 0; i < 3; i++)
			ret_amps[i] = lines.amps[i];
		*ret_may = lines.may;
		return lines.known ? 3 : 1;
	}
	ret_amps[0] = (double)at->load_uva / 1000 / (double)at->line_volt_mv;
	*ret_may = (double)at->limit_uva / 1000 / (double)at->line_volt_mv;
	return 1;
}

static void cell(struct whatif *whatif, size_t columns, enum measure kind, int64_t milli)
{
	KS_DROP(text) struct text value;

	text_init(&value, 64);
	say_value(&value, whatif->lang, kind, milli);
	column_add(&whatif->text, text_cstr(&value), columns);
}

static void percent_cell(struct whatif *whatif, int64_t uva, int64_t limit)
{
	char words[32];

	(void)snprintf(words, sizeof words, "%lld %%", (long long)number_scale(uva, 100, limit));
	column_add(&whatif->text, words, CELL_COLUMNS);
}

/* The nodes with a limit, those nearest to it after their worst loss first. */
struct order {
	uint32_t node;
	double part;
};

static int by_part(const void *left, const void *right)
{
	const struct order *a = left, *b = right;

	if (a->part < b->part || a->part > b->part)
		return a->part > b->part ? -1 : 1;
	return a->node < b->node ? -1 : a->node > b->node;
}

static void amps_cell(struct whatif *whatif, uint32_t node)
{
	KS_DROP(text) struct text value;
	double amps[3], may;
	unsigned n = whatif_amps(whatif, node, amps, &may);

	text_init(&value, 200);
	for (unsigned k = 0; k < n; k++)
		text_addf(&value, "%s%.1f", k > 0 ? "/" : "", amps[k]);
	text_addf(&value, " A (%.1f A)", may);
	column_add(&whatif->text, text_cstr(&value), LONG_COLUMNS);
}

static void node_line(struct whatif *whatif, const struct capacity *capacity, uint32_t i)
{
	struct text *text = &whatif->text;
	const struct capacity_node *node = &capacity->nodes[i];
	int64_t limit = whatif->grid->nodes[i].limit_uva;

	text_add(text, "  ");
	column_add(text, whatif->site->nodes[i].id, ID_COLUMNS);
	amps_cell(whatif, i);
	percent_cell(whatif, whatif->grid->nodes[i].full_uva, limit);
	percent_cell(whatif, node->worst_uva, limit);
	column_add(text, node->worst_by != GRID_NONE ? whatif->site->nodes[node->worst_by].id : "-", ID_COLUMNS);
	if (node->short_uva > 0)
		cell(whatif, 1, MEASURE_APPARENT_POWER, number_scale(node->short_uva, 1, 1000));
	else
		text_add_char(text, '-');
	text_add_char(text, '\n');
}

static void heads(struct whatif *whatif, const char *const *words, const size_t *columns, size_t n)
{
	text_add(&whatif->text, "  ");
	for (size_t i = 0; i < n; i++)
		column_add(&whatif->text, tr(whatif->lang, words[i]), columns[i]);
	text_add_char(&whatif->text, '\n');
}

static void more_line(struct whatif *whatif, uint32_t n)
{
	if (n <= LINES)
		return;
	text_add(&whatif->text, "  ");
	say(&whatif->text, whatif->lang, "and %u more", n - LINES);
	text_add_char(&whatif->text, '\n');
}

static void nodes_text(struct whatif *whatif, const struct capacity *capacity)
{
	static const char *const words[] = { N_("power path"), N_("now (limit)"), N_("used"), N_("used at worst"),
		N_("after losing"), N_("short") };
	static const size_t columns[] = { ID_COLUMNS, LONG_COLUMNS, CELL_COLUMNS, CELL_COLUMNS, ID_COLUMNS, 1 };
	struct order *order = arena_array(&whatif->arena, whatif->grid->nodes_n + 1, sizeof *order);
	uint32_t n = 0;

	for (uint32_t i = 0; order != NULL && i < whatif->grid->nodes_n; i++)
		if (whatif->grid->nodes[i].limit_uva > 0)
			order[n++] = (struct order){ i, (double)capacity->nodes[i].worst_uva /
				(double)whatif->grid->nodes[i].limit_uva };
	if (n == 0)
		return;
	qsort(order, n, sizeof *order, by_part);
	heads(whatif, words, columns, 6);
	for (uint32_t i = 0; i < n && i < LINES; i++)
		node_line(whatif, capacity, order[i].node);
	more_line(whatif, n);
}

static void rack_line(struct whatif *whatif, const char *id, const struct capacity_rack *rack)
{
	char words[64];

	text_add(&whatif->text, "  ");
	column_add(&whatif->text, id, ID_COLUMNS);
	(void)snprintf(words, sizeof words, "%u / %u", rack->free_u, rack->units);
	column_add(&whatif->text, words, CELL_COLUMNS);
	(void)snprintf(words, sizeof words, "%u U (U%u)", rack->block_n, rack->block_u);
	column_add(&whatif->text, rack->block_n > 0 ? words : "-", CELL_COLUMNS);
	(void)snprintf(words, sizeof words, "%u", rack->hosts_n);
	column_add(&whatif->text, words, CELL_COLUMNS);
	cell(whatif, 1, MEASURE_POWER, rack->mw);
	text_add_char(&whatif->text, '\n');
}

static void racks_text(struct whatif *whatif, const struct capacity *capacity)
{
	static const char *const words[] = { N_("rack"), N_("free U"), N_("largest block"), N_("hosts"), N_("power") };
	static const size_t columns[] = { ID_COLUMNS, CELL_COLUMNS, CELL_COLUMNS, CELL_COLUMNS, 1 };
	const struct site *site = whatif->site;

	if (site->racks_n == 0)
		return;
	heads(whatif, words, columns, 5);
	for (size_t i = 0; i < site->racks_n && i < LINES; i++)
		rack_line(whatif, site->racks[i].id, &capacity->racks[i]);
	more_line(whatif, (uint32_t)site->racks_n);
}

static void room_line(struct whatif *whatif, const char *id, int64_t load, int64_t limit)
{
	KS_DROP(text) struct text heat, takes;

	text_init(&heat, 64);
	text_init(&takes, 64);
	say_value(&heat, whatif->lang, MEASURE_POWER, load);
	say_value(&takes, whatif->lang, MEASURE_POWER, limit);
	text_add(&whatif->text, "  ");
	if (limit > 0)
		say(&whatif->text, whatif->lang, "room %s: heat %s, cooling takes %s (%d %%)", id,
		    text_cstr(&heat), text_cstr(&takes), (int)number_scale(load, 100, limit));
	else
		say(&whatif->text, whatif->lang, "room %s: heat %s; what its cooling takes is not said (heat=)", id,
		    text_cstr(&heat));
	text_add_char(&whatif->text, '\n');
}

/* The A/B rule, and who has one cord where others have two. */
static void rules_text(struct whatif *whatif, const struct capacity *capacity)
{
	struct text *text = &whatif->text;
	uint32_t n = 0;

	for (uint32_t i = 0; i < whatif->grid->nodes_n; i++) {
		KS_DROP(text) struct text above;

		text_init(&above, 64);
		if (capacity->nodes[i].half_short_uva == 0 || whatif->site->nodes[i].kind == NODE_LEG || ++n > LINES)
			continue;
		say_value(&above, whatif->lang, MEASURE_APPARENT_POWER,
		    number_scale(capacity->nodes[i].half_short_uva, 1, 1000));
		text_add(text, "  ");
		say(text, whatif->lang, "A/B rule: %s is above half of what it may carry by %s", whatif->site->nodes[i].id,
		    text_cstr(&above));
		text_add_char(text, '\n');
	}
	more_line(whatif, n);
	if (capacity->lonely_n == 0)
		return;
	text_add(text, "  ");
	say(text, whatif->lang, "one cord, where others of the service have two: %u {host|hosts}", capacity->lonely_n);
	text_add(text, "\n    ");
	whatif_list(whatif, capacity->lonely, capacity->lonely_n, HOSTS, true);
	text_add_char(text, '\n');
}

void whatif_capacity(struct whatif *whatif)
{
	struct capacity *capacity = NULL;

	if (capacity_of(whatif->grid, whatif->flow, &whatif->arena, &capacity, NULL) != KS_OK)
		return;
	if (whatif->json) {
		whatif_capacity_json(whatif, capacity);
		return;
	}
	say(&whatif->text, whatif->lang, "What is left:");
	text_add_char(&whatif->text, '\n');
	nodes_text(whatif, capacity);
	racks_text(whatif, capacity);
	for (size_t i = 0; i < whatif->site->rooms_n; i++)
		room_line(whatif, whatif->site->rooms[i].id, whatif->grid->rooms[i].load_mw,
		    whatif->grid->rooms[i].limit_mw > 0 ? whatif->grid->rooms[i].limit_mw :
							  capacity->rooms[i].cooling_mw);
	rules_text(whatif, capacity);
}
