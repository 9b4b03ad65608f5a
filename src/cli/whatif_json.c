/* src/cli/whatif_json.c - keisoku.whatif/1. */
#include "base/drop.h"
#include "base/number.h"
#include "cli/whatif.h"
#include "plan/phase.h"
#include <math.h>

static void json_id(struct text *text, const char *id)
{
	text_add_char(text, '"');
	text_add_json(text, span_text(id));
	text_add_char(text, '"');
}

static void json_va(struct text *text, int64_t uva)
{
	text_add_milli(text, number_scale(uva, 1, 1000));
}

static void json_hosts(struct text *text, const struct site *site, const uint32_t *hosts, uint32_t n)
{
	text_add_char(text, '[');
	for (uint32_t i = 0; i < n; i++) {
		text_add(text, i > 0 ? "," : "");
		json_id(text, site->hosts[hosts[i]].id);
	}
	text_add_char(text, ']');
}

static void json_over(struct whatif *whatif)
{
	struct text *text = &whatif->text;
	const struct loss *loss = whatif->loss;
	bool first = true;

	text_add(text, "\"over\":{");
	for (uint32_t i = 0; i < loss->over_n; i++) {
		if (whatif->flow->load_uva[loss->over[i]] <= whatif->grid->nodes[loss->over[i]].limit_uva)
			continue; /* only a line of it */
		text_add(text, first ? "" : ",");
		first = false;
		json_id(text, whatif->site->nodes[loss->over[i]].id);
		text_add(text, ":[");
		json_va(text, whatif->flow->load_uva[loss->over[i]]);
		text_add_char(text, ',');
		json_va(text, whatif->grid->nodes[loss->over[i]].limit_uva);
		text_add_char(text, ']');
	}
	text_add_char(text, '}');
}

/* node: [line, A, limit A]; only where there is one, as most sites say no phases. */
static void json_lines(struct whatif *whatif)
{
	struct text *text = &whatif->text;
	bool first = true;

	for (uint32_t k = 0; k < whatif->loss->over_n; k++) {
		uint32_t i = whatif->loss->over[k];
		struct phase_lines lines;
		unsigned line = phase_fullest(whatif->flow, i, &lines);

		if (line == 3)
			continue;
		text_add(text, first ? ",\"lines_over\":{" : ",");
		json_id(text, whatif->site->nodes[i].id);
		text_addf(text, ":[\"%c\",%.1f,%.1f]", "RST"[line], lines.amps[line], lines.may);
		first = false;
	}
	text_add(text, first ? "" : "}");
}

static void json_rooms(struct whatif *whatif)
{
	struct text *text = &whatif->text;

	text_add(text, ",\"rooms_over\":{");
	for (uint32_t i = 0; i < whatif->loss->hot_n; i++) {
		uint32_t room = whatif->loss->hot[i];

		text_add(text, i > 0 ? "," : "");
		json_id(text, whatif->site->rooms[room].id);
		text_add(text, ":[");
		text_add_milli(text, whatif->flow->room_mw[room]);
		text_add_char(text, ',');
		text_add_milli(text, whatif->grid->rooms[room].limit_mw);
		text_add_char(text, ']');
	}
	text_add_char(text, '}');
}

static void json_services(struct whatif *whatif)
{
	struct text *text = &whatif->text;

	loss_services(whatif->loss, whatif->flow, whatif->off);
	text_add(text, "\"services_down\":[");
	for (uint32_t i = 0; i < whatif->loss->down_n; i++) {
		text_add(text, i > 0 ? "," : "");
		json_id(text, whatif->site->services[whatif->loss->down[i]].id);
	}
	text_add_char(text, ']');
}

static void json_coolings(struct whatif *whatif)
{
	const struct site *site = whatif->site;
	struct text *text = &whatif->text;
	bool first = true;

	text_add(text, ",\"cooling_down\":[");
	for (size_t i = 0; i < site->coolings_n; i++) {
		const struct node *from = site->coolings[i].from;

		if (from == NULL || whatif->flow->node[from - site->nodes] == FLOW_LIVE)
			continue;
		text_add(text, first ? "" : ",");
		json_id(text, site->coolings[i].id);
		first = false;
	}
	text_add_char(text, ']');
}

/* One edge of the cascade: every trip, and who is dark when all is over. */
static void json_edge(struct whatif *whatif, const uint32_t *nodes, uint32_t n, enum edge edge)
{
	struct text *text = &whatif->text;
	const struct cascade *cascade = whatif->cascade;
	bool assumed;

	flow_undo(whatif->flow);
	flow_mark(whatif->flow);
	cascade_run(whatif->cascade, whatif->flow, nodes, n, edge);
	text_addf(text, ",\"%s\":{\"trips\":[", edge == EDGE_LATEST ? "latest" : "earliest");
	for (uint32_t i = 0; i < cascade->trips_n; i++) {
		text_add(text, i > 0 ? ",{\"node\":" : "{\"node\":");
		json_id(text, whatif->site->nodes[cascade->trips[i].node].id);
		text_add(text, ",\"after_s\":");
		text_add_milli(text, llround(cascade->trips[i].at_s * 1000));
		text_add(text, ",\"load\":");
		text_add_milli(text, llround(cascade->trips[i].load * 1000));
		(void)curve_word(&whatif->site->nodes[cascade->trips[i].node], &assumed);
		text_add(text, assumed ? ",\"curve_assumed\":true}" : ",\"curve_assumed\":false}");
	}
	text_addf(text, "],\"hosts_dark\":%u,\"dark\":", whatif->flow->dark_n);
	json_hosts(text, whatif->site, whatif->flow->dark, whatif->flow->dark_n);
	text_add_char(text, ',');
	json_services(whatif);
	text_add_char(text, '}');
}

void whatif_json_begin(struct whatif *whatif)
{
	struct text *text = &whatif->text;
	uint32_t said[5] = { 0 };
	int64_t oldest = 0;

	for (size_t i = 0; i < whatif->grid->hosts_n; i++) {
		const struct grid_host *host = &whatif->grid->hosts[i];

		said[host->said]++;
		oldest = host->said >= GRID_METERED && host->age_ms > oldest ? host->age_ms : oldest;
	}
	text_add(text, "{\"schema\":\"keisoku.whatif/1\",\"site\":");
	json_id(text, whatif->site->id);
	text_addf(text, ",\"hosts\":%zu,\"watts\":{\"measured\":%u,\"metered\":%u,\"site_file\":%u,\"declared\":%u,"
	    "\"unknown\":%u,\"oldest_s\":", whatif->grid->hosts_n, said[GRID_MEASURED],
	    said[GRID_METERED], said[GRID_FILE],
	    said[GRID_DECLARED], said[GRID_UNSAID]);
	text_add_milli(text, oldest);
	text_add(text, "},\"off\":[");
	for (uint32_t i = 0, n = 0; whatif->off_n > 0 && i < whatif->grid->hosts_n; i++)
		if (whatif->off[i]) {
			text_add(text, n++ > 0 ? "," : "");
			json_id(text, whatif->site->hosts[i].id);
		}
	text_add_char(text, ']');
}

void whatif_json_loss(struct whatif *whatif, const uint32_t *nodes, uint32_t n)
{
	struct text *text = &whatif->text;
	KS_DROP(text) struct text names;

	text_init(&names, 8192);
	if (n > 0)
		whatif_names(whatif, &names, nodes, n);
	else
		text_add(&names, "now");
	text_add(text, whatif->losses_n++ > 0 ? "," : ",\"losses\":{");
	json_id(text, text_cstr(&names));
	loss_look(whatif->loss, whatif->flow);
	text_addf(text, ":{\"hosts_lost\":%u,", whatif->flow->dark_n);
	json_over(whatif);
	if (whatif->one || whatif->follow) {
		json_lines(whatif);
	json_rooms(whatif);
		text_add_char(text, ',');
		json_services(whatif);
	}
	if (whatif->one) {
		text_add(text, ",\"lost\":");
		json_hosts(text, whatif->site, whatif->flow->dark, whatif->flow->dark_n);
		json_coolings(whatif);
	}
	if (whatif->follow) {
		json_edge(whatif, nodes, n, EDGE_LATEST);
		json_edge(whatif, nodes, n, EDGE_EARLIEST);
	}
	text_add_char(text, '}');
	whatif_flush(whatif, false);
}

void whatif_json_end(struct whatif *whatif)
{
	text_add(&whatif->text, whatif->losses_n > 0 ? "}}\n" : "}\n");
	whatif_flush(whatif, true);
}
