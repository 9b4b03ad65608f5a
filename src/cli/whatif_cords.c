/* src/cli/whatif_cords.c - see the header. */
#include "cli/whatif_cords.h"
#include "base/number.h"
#include <stdio.h>
#include <string.h>

enum { SIDES_MOST = 2 };

/* Strips in the rack, and whatever its hosts are plugged into. */
static bool serves(const struct whatif *whatif, const struct rack *rack, uint32_t node)
{
	const struct grid *grid = whatif->grid;

	if (whatif->site->nodes[node].rack == rack && whatif->site->nodes[node].kind == NODE_PDU)
		return true;
	for (uint32_t k = grid->nodes[node].plug; k < grid->nodes[node].plug + grid->nodes[node].plugs_n; k++)
		if (whatif->site->hosts[grid->cords[grid->plugs[k]].host].rack == rack)
			return true;
	return false;
}

static bool is_under(const struct grid *grid, uint32_t node, uint32_t above)
{
	while (node != GRID_NONE && node != above)
		node = grid->nodes[node].up;
	return node == above;
}

static uint32_t top_of(const struct grid *grid, uint32_t node)
{
	while (grid->nodes[node].up != GRID_NONE)
		node = grid->nodes[node].up;
	return node;
}

static int64_t share_of(const struct grid_node *node)
{
	return node->limit_uva > 0 ? number_scale(node->full_uva, 1000, node->limit_uva) : 0;
}

/* The emptiest that serves the rack from there; GRID_NONE: nothing does. */
static uint32_t emptiest(const struct whatif *whatif, const struct rack *rack, uint32_t above)
{
	const struct grid *grid = whatif->grid;
	uint32_t best = GRID_NONE;

	for (uint32_t i = 0; i < grid->nodes_n; i++)
		if (is_under(grid, i, above) && serves(whatif, rack, i) &&
		    (best == GRID_NONE || share_of(&grid->nodes[i]) < share_of(&grid->nodes[best])))
			best = i;
	return best;
}

static void cord_put(char *cords, size_t room, struct span id)
{
	size_t n = strlen(cords);

	(void)snprintf(cords + n, room - n, "%s%.*s", n > 0 ? "," : "", (int)id.left, (const char *)id.at);
}

/* One of each side. */
static void sides_take(const struct whatif *whatif, const struct rack *rack, char *cords, size_t room)
{
	const struct grid *grid = whatif->grid;
	uint32_t sides = 0;

	for (uint32_t top = 0; top < grid->nodes_n && sides < SIDES_MOST; top++) {
		uint32_t node = top_of(grid, top) == top ? emptiest(whatif, rack, top) : GRID_NONE;

		if (node == GRID_NONE)
			continue;
		cord_put(cords, room, span_text(whatif->site->nodes[node].id));
		sides++;
	}
}

/* A side's own name, else the word as it is: the site's reader says what is wrong with it. */
static struct span resolved(const struct whatif *whatif, const struct rack *rack, struct span word)
{
	const struct grid *grid = whatif->grid;

	for (uint32_t i = 0; i < grid->nodes_n; i++) {
		if (!span_equal(word, whatif->site->nodes[i].id))
			continue;
		uint32_t node = serves(whatif, rack, i) ? i : emptiest(whatif, rack, i);

		return node != GRID_NONE ? span_text(whatif->site->nodes[node].id) : word;
	}
	return word;
}

void add_cords(const struct whatif *whatif, const struct rack *rack, char *cords, size_t room)
{
	char said[1024];
	struct span s;

	(void)snprintf(said, sizeof said, "%s", cords);
	cords[0] = '\0';
	if (said[0] == '\0') {
		sides_take(whatif, rack, cords, room);
		return;
	}
	s = span_text(said);
	while (s.left > 0)
		cord_put(cords, room, resolved(whatif, rack, span_until(&s, ',')));
}
