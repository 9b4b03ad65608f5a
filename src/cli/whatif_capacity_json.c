/* src/cli/whatif_capacity_json.c - "capacity" of keisoku.whatif/1. */
#include "base/number.h"
#include "cli/whatif_capacity.h"
#include <math.h>

static void json_id(struct text *text, const char *key, const char *id)
{
	text_addf(text, "\"%s\":\"", key);
	text_add_json(text, span_text(id));
	text_add_char(text, '"');
}

static void json_milli(struct text *text, const char *key, int64_t milli)
{
	text_addf(text, ",\"%s\":", key);
	text_add_milli(text, milli);
}

static void json_va(struct text *text, const char *key, int64_t uva)
{
	json_milli(text, key, number_scale(uva, 1, 1000));
}

static void json_node(struct whatif *whatif, const struct capacity *capacity, uint32_t i)
{
	struct text *text = &whatif->text;
	const struct capacity_node *node = &capacity->nodes[i];
	double amps[3], may;
	unsigned n = whatif_amps(whatif, i, amps, &may);

	text_add(text, i > 0 ? ",{" : "{");
	json_id(text, "id", whatif->site->nodes[i].id);
	json_va(text, "load_va", whatif->grid->nodes[i].load_uva);
	json_va(text, "limit_va", whatif->grid->nodes[i].limit_uva);
	text_add(text, ",\"amps\":[");
	for (unsigned k = 0; k < n; k++) {
		text_add(text, k > 0 ? "," : "");
		text_add_milli(text, llround(amps[k] * 1000));
	}
	text_add_char(text, ']');
	json_milli(text, "amps_limit", llround(may * 1000));
	json_va(text, "worst_va", node->worst_uva);
	if (node->worst_by != GRID_NONE) {
		text_add_char(text, ',');
		json_id(text, "worst_by", whatif->site->nodes[node->worst_by].id);
	}
	json_va(text, "short_va", node->short_uva);
	json_va(text, "half_short_va", node->half_short_uva);
	text_addf(text, ",\"backs\":%s,\"cords\":%u,\"outlets\":%u}", node->backs ? "true" : "false",
	    node->cords_n, whatif->site->nodes[i].outlets);
	whatif_flush(whatif, false);
}

static void json_rack(struct text *text, const char *id, const struct capacity_rack *rack)
{
	json_id(text, "id", id);
	text_addf(text, ",\"units\":%u,\"free_u\":%u,\"block_u\":%u,\"block_n\":%u,\"hosts\":%u", rack->units,
	    rack->free_u, rack->block_u, rack->block_n, rack->hosts_n);
	json_milli(text, "w", rack->mw);
	text_add_char(text, '}');
}

void whatif_capacity_json(struct whatif *whatif, const struct capacity *capacity)
{
	struct text *text = &whatif->text;
	const struct site *site = whatif->site;

	text_add(text, ",\"capacity\":{\"racks\":[");
	for (size_t i = 0; i < site->racks_n; i++) {
		text_add(text, i > 0 ? ",{" : "{");
		json_rack(text, site->racks[i].id, &capacity->racks[i]);
	}
	text_add(text, "],\"nodes\":[");
	for (uint32_t i = 0; i < site->nodes_n; i++)
		json_node(whatif, capacity, i);
	text_add(text, "],\"rooms\":[");
	for (size_t i = 0; i < site->rooms_n; i++) {
		text_add(text, i > 0 ? ",{" : "{");
		json_id(text, "id", site->rooms[i].id);
		json_milli(text, "heat_w", whatif->grid->rooms[i].load_mw);
		json_milli(text, "limit_w", whatif->grid->rooms[i].limit_mw);
		json_milli(text, "cooling_w", capacity->rooms[i].cooling_mw);
		text_addf(text, ",\"racks\":%u,\"units\":%u}", capacity->rooms[i].racks_n, capacity->rooms[i].units_n);
	}
	text_add(text, "],\"single_cord\":[");
	for (uint32_t i = 0; i < capacity->lonely_n; i++) {
		text_add(text, i > 0 ? ",\"" : "\"");
		text_add_json(text, span_text(site->hosts[capacity->lonely[i]].id));
		text_add_char(text, '"');
	}
	text_add(text, "]}");
}
