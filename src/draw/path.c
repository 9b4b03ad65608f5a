#include "draw/path.h"
#include "base/drop.h"
#include "base/number.h"

enum { LEAF = 230, LEAST = 3400, BOX_MOST = 1450, BOX_LEAST = 1130, BOX_GAP = 380,
	WIDE_LEAST = 7600, WIDE_MOST = 30000, BOX_H = 480, LETTER = 100, TOP = 100,
	LEAVES_W = 1750, RIBBON_MOST = 160 };

struct stand {
	int32_t x, y;	  /* left edge and middle */
	uint32_t depth, children;
};

struct layout {
	const struct path_picture *path;
	struct drawing *drawing;
	struct stand *places;
	uint32_t *order;  /* leaves in the order they are drawn */
	uint32_t *hung;	  /* nodes in drawing order */
	uint32_t depths;
	int64_t most;	  /* load of the heaviest root */
	int32_t leaf_x, box; /* where hosts begin; how wide a node is */
};

int path_share(const struct path_node *node)
{
	return node->limit > 0 ? (int)number_scale(node->load, 100, node->limit) : -1;
}

static size_t ends_count(const struct path_picture *path)
{
	size_t n = 0;

	for (size_t i = 0; i < path->nodes_n; i++) {
		bool parent = false;

		for (size_t j = i + 1; j < path->nodes_n && !parent; j++)
			parent = path->nodes[j].from == i;
		n += !parent;
	}
	return n;
}

int32_t path_height(const struct path_picture *path)
{
	int32_t leaves = (int32_t)path->leaves_n * LEAF, ends = (int32_t)ends_count(path) * 900;

	int32_t most = leaves > ends ? leaves : ends;

	return TOP * 2 + (most > LEAST ? most : LEAST);
}

/* How many nodes lie behind each other at most. */
static uint32_t depth_of(const struct path_picture *path)
{
	uint32_t most = 0;

	for (size_t i = 0; i < path->nodes_n; i++) {
		uint32_t depth = 1;

		for (uint32_t at = path->nodes[i].from; at != PATH_NONE && at < path->nodes_n &&
		     depth <= path->nodes_n; at = path->nodes[at].from)
			depth++;
		most = depth > most ? depth : most;
	}
	return most;
}

int32_t path_width(const struct path_picture *path)
{
	int64_t wide = (int64_t)depth_of(path) * (BOX_LEAST + BOX_GAP) + BOX_GAP + LEAVES_W;

	return wide < WIDE_LEAST ? WIDE_LEAST : wide > WIDE_MOST ? WIDE_MOST : (int32_t)wide;
}

/* Depth first: children follow their parent, so that lines cross little. */
static size_t hang(struct layout *l, uint32_t from, size_t n)
{
	for (uint32_t i = 0; i < l->path->nodes_n; i++) {
		if (l->path->nodes[i].from != from)
			continue;
		l->hung[n++] = i;
		n = hang(l, i, n);
	}
	return n;
}

static void depths_find(struct layout *l)
{
	for (uint32_t i = 0; i < l->path->nodes_n; i++) {
		uint32_t from = l->path->nodes[i].from;

		if (from != PATH_NONE && from < i) {
			l->places[i].depth = l->places[from].depth + 1;
			l->places[from].children++;
		}
		if (from == PATH_NONE && l->path->nodes[i].load > l->most)
			l->most = l->path->nodes[i].load;
		if (l->places[i].depth + 1 > l->depths)
			l->depths = l->places[i].depth + 1;
	}
	l->most = l->most < 1 ? 1 : l->most;
}

/* Ends stand evenly from top to bottom; a parent in the middle of its children. */
static void nodes_place(struct layout *l)
{
	int32_t ends = (int32_t)ends_count(l->path), row = 0;
	int32_t span = l->drawing->h - 2 * TOP;
	int32_t step = l->depths > 0 ? (l->leaf_x - BOX_GAP) / (int32_t)l->depths : 0;

	step = step > BOX_MOST + 700 ? BOX_MOST + 700 : step;
	l->box = step - BOX_GAP > BOX_MOST ? BOX_MOST : step - BOX_GAP;
	for (size_t i = 0; i < l->path->nodes_n; i++) {
		struct stand *at = &l->places[l->hung[i]];

		at->x = (int32_t)at->depth * step;
		if (at->children == 0)
			at->y = TOP + span * (2 * row++ + 1) / (2 * (ends > 0 ? ends : 1));
	}
	for (size_t i = l->path->nodes_n; i-- > 0;) {
		int32_t sum = 0;

		if (l->places[i].children == 0)
			continue;
		for (uint32_t j = 0; j < l->path->nodes_n; j++)
			if (l->path->nodes[j].from == i)
				sum += l->places[j].y;
		l->places[i].y = sum / (int32_t)l->places[i].children;
	}
}

/* Hosts in the order of the nodes they stand at. */
static void leaves_order(struct layout *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->path->nodes_n; i++)
		for (uint32_t j = 0; j < l->path->leaves_n; j++)
			if (l->path->leaves[j].feeds_n > 0 &&
			    l->path->leaves[j].feeds[0] == l->hung[i])
				l->order[n++] = j;
	for (uint32_t j = 0; j < l->path->leaves_n; j++)
		if (l->path->leaves[j].feeds_n == 0)
			l->order[n++] = j;
}

static int32_t wide(const struct layout *l, int64_t load)
{
	int32_t w = (int32_t)number_scale(load, RIBBON_MOST, l->most);

	return w < 8 ? 8 : w > RIBBON_MOST ? RIBBON_MOST : w;
}

static const char *ribbon_class(uint8_t side)
{
	static const char *const classes[] = { "ribbon a", "ribbon b", "ribbon c", "ribbon d" };

	return classes[side < 3 ? side : 3];
}

static void ribbons_draw(struct layout *l)
{
	for (size_t i = 0; i < l->path->nodes_n; i++) {
		uint32_t at = l->hung[i], from = l->path->nodes[at].from;

		if (from == PATH_NONE)
			continue;
		draw_ribbon(l->drawing, ribbon_class(l->path->nodes[at].side),
		    (struct draw_spot){ l->places[from].x + l->box, l->places[from].y },
		    (struct draw_spot){ l->places[at].x, l->places[at].y },
		    wide(l, l->path->nodes[at].load));
	}
}

static int32_t leaf_y(const struct layout *l, size_t row)
{
	int32_t span = l->drawing->h - 2 * TOP;

	return TOP + (int32_t)(span * (int64_t)(2 * row + 1) / (int64_t)(2 * l->path->leaves_n));
}

static const char *feed_class(uint8_t side)
{
	static const char *const classes[] = { "feed a", "feed b", "feed c", "feed d" };

	return classes[side < 3 ? side : 3];
}

static void leaf_draw(struct layout *l, size_t row)
{
	const struct path_leaf *leaf = &l->path->leaves[l->order[row]];
	int32_t y = leaf_y(l, row), right = l->drawing->w;
	KS_DROP(text) struct text watts, label;

	text_init(&watts, 40);
	text_init(&label, 300);
	if (leaf->mw > 0)
		text_addf(&watts, "%lld W", (long long)((leaf->mw + 500) / 1000));
	text_addf(&label, "%s %s", leaf->name, text_cstr(&watts));
	for (size_t i = 0; i < leaf->feeds_n; i++) {
		uint32_t at = leaf->feeds[i];

		draw_ribbon(l->drawing, ribbon_class(l->path->nodes[at].side),
		    (struct draw_spot){ l->places[at].x + l->box, l->places[at].y },
		    (struct draw_spot){ l->leaf_x, y },
		    wide(l, leaf->mw / (int64_t)leaf->feeds_n));
	}
	draw_open(l->drawing, "leaf", leaf->href, text_cstr(&label));
	for (size_t i = 0; i < leaf->feeds_n && i < 4; i++)
		draw_rect(l->drawing, feed_class(l->path->nodes[leaf->feeds[i]].side),
		    (struct draw_box){ l->leaf_x + (int32_t)i * 75, y - 85, 60, 170 }, 10);
	draw_text_fit(l->drawing, leaf->severity == SEVERITY_CRITICAL ? "crit strong" :
	    leaf->severity == SEVERITY_WARNING ? "warn strong" : "name",
	    (struct draw_spot){ l->leaf_x + 220, y + 40 },
	    (struct draw_fit){ right - l->leaf_x - 800, 110 }, leaf->name);
	draw_text(l->drawing, "muted", (struct draw_spot){ right - 10, y + 40 }, DRAW_END,
	    text_cstr(&watts));
	draw_close(l->drawing);
}

static const char *state_of(uint8_t severity, bool box)
{
	if (severity == SEVERITY_CRITICAL)
		return box ? "box crit" : "crit strong big";
	if (severity == SEVERITY_WARNING)
		return box ? "box warn" : "warn strong big";
	return box ? "box" : "ok strong big";
}

static void share_draw(struct layout *l, const struct path_node *node, const struct stand *at)
{
	int share = path_share(node);
	KS_DROP(text) struct text words = { 0 };
	int32_t inner = l->box - 200;
	int64_t load = node->load > node->limit ? node->limit : node->load < 0 ? 0 : node->load;

	if (share < 0)
		return;
	text_init(&words, 20);
	text_addf(&words, "%d %%", share);
	draw_text(l->drawing, state_of(node->severity, false),
	    (struct draw_spot){ at->x + l->box - 100, at->y - 70 }, DRAW_END, text_cstr(&words));
	draw_rect(l->drawing, "track", (struct draw_box){ at->x + 100, at->y + 130, inner, 50 }, 25);
	draw_rect(l->drawing, node->severity == SEVERITY_CRITICAL ? "fill crit" :
	    node->severity == SEVERITY_WARNING ? "fill warn" : "fill ok",
	    (struct draw_box){ at->x + 100, at->y + 130,
		(int32_t)number_scale(load, inner, node->limit), 50 }, 25);
}

static void node_draw(struct layout *l, uint32_t i)
{
	const struct path_node *node = &l->path->nodes[i];
	const struct stand *at = &l->places[i];
	KS_DROP(text) struct text label;
	int share = path_share(node);

	text_init(&label, 300);
	text_addf(&label, "%s %s", node->name, node->detail);
	if (share >= 0)
		text_addf(&label, " %d %%", share);
	draw_open(l->drawing, "node", node->href, text_cstr(&label));
	draw_rect(l->drawing, state_of(node->severity, true), (struct draw_box){ at->x + 10,
		at->y - BOX_H / 2, l->box - 20, BOX_H }, 50);
	draw_text_fit(l->drawing, "strong", (struct draw_spot){ at->x + 100, at->y - 70 },
	    (struct draw_fit){ l->box - (share < 0 ? 200 : 620), 110 }, node->name);
	draw_text_fit(l->drawing, "muted small", (struct draw_spot){ at->x + 100, at->y + 80 },
	    (struct draw_fit){ l->box - 180, LETTER }, node->detail);
	share_draw(l, node, at);
	draw_close(l->drawing);
	if (node->note == NULL)
		return;
	draw_open(l->drawing, "note", NULL, node->note);
	draw_rect(l->drawing, "notebox", (struct draw_box){ at->x - 100, at->y + BOX_H / 2 + 40,
		draw_width(node->note, LETTER) + 160, 200 }, 30);
	draw_text(l->drawing, "crit small strong", (struct draw_spot){ at->x - 20,
		at->y + BOX_H / 2 + 175 }, DRAW_START, node->note);
	draw_close(l->drawing);
}

int path_draw(struct drawing *drawing, const struct path_picture *path, struct why *why)
{
	struct layout l = { .path = path, .drawing = drawing, .leaf_x = drawing->w - LEAVES_W };

	drawing_title(drawing, path->title);
	l.places = arena_array(&drawing->arena, path->nodes_n + 1, sizeof *l.places);
	l.hung = arena_array(&drawing->arena, path->nodes_n + 1, sizeof *l.hung);
	l.order = arena_array(&drawing->arena, path->leaves_n + 1, sizeof *l.order);
	if (l.places == NULL || l.hung == NULL || l.order == NULL)
		return fail(why, KS_FULL, "memory ran out for a drawing");
	if (hang(&l, PATH_NONE, 0) != path->nodes_n)
		return fail(why, KS_MALFORMED, "the power path has a circle");
	depths_find(&l);
	leaves_order(&l);
	nodes_place(&l);
	ribbons_draw(&l);
	for (size_t i = 0; i < path->leaves_n; i++)
		leaf_draw(&l, i);
	for (uint32_t i = 0; i < path->nodes_n; i++)
		node_draw(&l, i);
	return KS_OK;
}
