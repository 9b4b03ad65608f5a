/* src/cli/whatif_list.c - every single loss, and every pair, the worst first. */
#include "base/drop.h"
#include "cli/readings.h"
#include "cli/whatif.h"
#include "plan/pairs.h"
#include <math.h>
#include <stdlib.h>

enum { LIST_LINES = 40, PAIRS_KEPT = 1000, ID_COLUMNS = 24, NUMBER_COLUMNS = 10, TIME_COLUMNS = 24 };

/* One single loss and what comes of it. */
struct single {
	uint32_t node, dark_n, down_n, over_n;
	uint32_t end_n[EDGES];	 /* hosts dark in the end */
	double first_s[EDGES];	 /* the first breaker that opens; INFINITY: none */
};

static int by_harm(const void *left, const void *right)
{
	const struct single *a = left, *b = right;
	const uint32_t keys[][2] = { { a->down_n, b->down_n }, { a->end_n[EDGE_EARLIEST], b->end_n[EDGE_EARLIEST] },
		{ a->dark_n, b->dark_n }, { a->over_n, b->over_n } };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] > keys[i][1] ? -1 : 1;
	return a->node < b->node ? -1 : a->node > b->node;
}

static void single_try(struct whatif *whatif, uint32_t node, struct single *ret_single)
{
	struct single single = { .node = node };

	flow_mark(whatif->flow);
	flow_lose(whatif->flow, node);
	loss_look(whatif->loss, whatif->flow);
	loss_services(whatif->loss, whatif->flow, whatif->off);
	single.dark_n = whatif->flow->dark_n;
	single.over_n = whatif->loss->over_n;
	single.down_n = whatif->loss->down_n;
	flow_undo(whatif->flow);
	for (int edge = 0; edge < EDGES; edge++) {
		flow_mark(whatif->flow);
		cascade_run(whatif->cascade, whatif->flow, &node, 1, (enum edge)edge);
		single.end_n[edge] = whatif->flow->dark_n;
		single.first_s[edge] = whatif->cascade->trips_n > 0 ? whatif->cascade->trips[0].at_s : INFINITY;
		flow_undo(whatif->flow);
	}
	*ret_single = single;
}

static void cell_number(struct text *text, uint32_t number)
{
	char cell[16];

	(void)snprintf(cell, sizeof cell, "%u", number);
	column_add(text, cell, NUMBER_COLUMNS);
}

static void cell_time(struct whatif *whatif, const struct single *single)
{
	KS_DROP(text) struct text cell;

	text_init(&cell, 200);
	if (isfinite(single->first_s[EDGE_EARLIEST]))
		say_duration(&cell, whatif->lang, llround(single->first_s[EDGE_EARLIEST] * 1000));
	text_add(&cell, isfinite(single->first_s[EDGE_EARLIEST]) ? " .. " : "-");
	if (isfinite(single->first_s[EDGE_LATEST]))
		say_duration(&cell, whatif->lang, llround(single->first_s[EDGE_LATEST] * 1000));
	column_add(&whatif->text, text_cstr(&cell), TIME_COLUMNS);
}

static void table_head(struct whatif *whatif)
{
	const char *const heads[] = { N_("loss"), N_("dark"), N_("services"), N_("over"), N_("first opens"),
		N_("dark in the end") };
	const size_t widths[] = { ID_COLUMNS, NUMBER_COLUMNS, NUMBER_COLUMNS, NUMBER_COLUMNS, TIME_COLUMNS, 1 };

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		column_add(&whatif->text, tr(whatif->lang, heads[i]), widths[i]);
	text_add_char(&whatif->text, '\n');
}

static void table_line(struct whatif *whatif, const struct single *single)
{
	column_add(&whatif->text, whatif->site->nodes[single->node].id, ID_COLUMNS);
	cell_number(&whatif->text, single->dark_n);
	cell_number(&whatif->text, single->down_n);
	cell_number(&whatif->text, single->over_n);
	cell_time(whatif, single);
	text_addf(&whatif->text, "%u", single->end_n[EDGE_LATEST]);
	if (single->end_n[EDGE_EARLIEST] != single->end_n[EDGE_LATEST])
		text_addf(&whatif->text, " .. %u", single->end_n[EDGE_EARLIEST]);
	text_add_char(&whatif->text, '\n');
}

static void every_text(struct whatif *whatif, struct single *list, uint32_t n)
{
	uint32_t harm = 0;

	qsort(list, n, sizeof *list, by_harm);
	table_head(whatif);
	for (uint32_t i = 0; i < n && i < LIST_LINES; i++)
		table_line(whatif, &list[i]);
	if (n > LIST_LINES) {
		say(&whatif->text, whatif->lang, "and %u more", n - LIST_LINES);
		text_add_char(&whatif->text, '\n');
	}
	for (uint32_t i = 0; i < n; i++)
		harm += list[i].dark_n > 0 || list[i].over_n > 0;
	say(&whatif->text, whatif->lang, "Losses tried: %u; without harm: %u. dark: hosts without power at once; services: that stop; "
	    "over: limits exceeded; first opens: earliest to latest.", n, n - harm);
	text_add_char(&whatif->text, '\n');
}

void whatif_every(struct whatif *whatif)
{
	struct single *list = arena_array(&whatif->arena, whatif->grid->nodes_n + 1, sizeof *list);
	uint32_t n = 0;

	for (uint32_t i = 0; list != NULL && i < whatif->grid->nodes_n; i++) {
		if (!loss_counts(whatif->grid, i))
			continue;
		if (!whatif->json) {
			single_try(whatif, i, &list[n++]);
			continue;
		}
		flow_mark(whatif->flow);
		flow_lose(whatif->flow, i);
		whatif_json_loss(whatif, &i, 1);
		flow_undo(whatif->flow);
	}
	if (list != NULL && !whatif->json)
		every_text(whatif, list, n);
}

static void pairs_json(struct whatif *whatif, const struct pairs *pairs)
{
	struct text *text = &whatif->text;

	text_addf(text, ",\"pairs\":{\"tried\":%llu,\"worse\":%llu,\"worst\":[",
	    (unsigned long long)pairs->tried, (unsigned long long)pairs->worse);
	for (uint32_t i = 0; i < pairs->worst_n; i++) {
		const struct pair *pair = &pairs->worst[i];

		text_addf(text, "%s[\"", i > 0 ? ",{\"nodes\":" : "{\"nodes\":");
		text_add_json(text, span_text(whatif->site->nodes[pair->a].id));
		text_add(text, "\",\"");
		text_add_json(text, span_text(whatif->site->nodes[pair->b].id));
		text_addf(text, "\"],\"hosts_lost\":%u,\"only_together\":%u,\"over_only_together\":%u}",
		    pair->dark_n, pair->only_n, pair->over_n);
	}
	text_add(text, "]}");
}

static void pairs_text(struct whatif *whatif, const struct pairs *pairs)
{
	struct text *text = &whatif->text;

	say(text, whatif->lang, "Pairs tried: %llu; worse together than alone: %llu", (unsigned long long)pairs->tried,
	    (unsigned long long)pairs->worse);
	text_add_char(text, '\n');
	for (uint32_t i = 0; i < pairs->worst_n && i < LIST_LINES; i++) {
		const struct pair *pair = &pairs->worst[i];

		text_add(text, "  ");
		say(text, whatif->lang, "%s and %s: hosts dark %u, of these only by both %u; limits exceeded only by both %u",
		    whatif->site->nodes[pair->a].id, whatif->site->nodes[pair->b].id, pair->dark_n, pair->only_n,
		    pair->over_n);
		text_add_char(text, '\n');
	}
}

void whatif_pairs(struct whatif *whatif)
{
	struct pairs pairs;
	struct why why;

	if (pairs_run(whatif->flow, whatif->loss, PAIRS_KEPT, &whatif->arena, &pairs, &why) != KS_OK)
		return;
	if (whatif->json)
		pairs_json(whatif, &pairs);
	else
		pairs_text(whatif, &pairs);
}
