/* src/plan/shed_tree.c - branch and bound, depth first.  On the way down whatever cannot
 * be part of a cheaper plan is fixed: by reduced costs, by the fates of services, by
 * the order of hosts alike.  All of it is undone from a trail. */
#include "plan/shed_tree.h"
#include <math.h>
#include <string.h>

enum { ROUNDS = 16, ROUNDS_TOP = 200, LABELS = 1 << 17 };
enum { MORE = 4 }; /* times as much asked for each time: half of all work is then the last */

int tree_new(struct shed_rows *rows, struct shed_draft *draft, struct arena *arena,
    struct shed_tree *ret_tree, struct why *why)
{
	size_t H = rows->w->H, S = rows->w->S;
	/* both ends of a state move twice at most, a fate once */
	struct shed_tree t = { .w = rows->w, .rows = rows, .draft = draft, .cost = INT64_MAX,
		.rounds_top = ROUNDS_TOP,
		.best = arena_array(arena, H + 1, 1),
		.often_x = arena_array(arena, H + 1, sizeof(double)),
		.often_z = arena_array(arena, S + 1, sizeof(double)),
		.trail = arena_array(arena, 4 * H + S + 1, sizeof(struct tree_trail)),
		.path = arena_array(arena, 2 * H + S + 1, sizeof(struct tree_branch)) };

	if (t.best == NULL || t.often_x == NULL || t.often_z == NULL || t.trail == NULL || t.path == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	*ret_tree = t;
	return KS_OK;
}

void tree_offer(struct shed_tree *t)
{
	struct shed_draft *d = t->draft;
	bool feasible;
	int64_t cost = shed_count(d->w->p, d->state, &d->room, d->count_down, &feasible);

	if (!feasible || cost >= t->cost)
		return;
	t->cost = cost;
	memcpy(t->best, d->state, d->w->H);
	if (t->better != NULL)
		t->better(t->user, t);
}

/* When nothing is left for a host, no cheaper plan is below this node: it is dead. */
static void narrow(struct shed_tree *t, uint32_t h, uint8_t lo, uint8_t hi)
{
	struct shed_work *w = t->w;

	if (!w->p->hosts[h].can_cap) {
		lo = lo == SHED_CAPPED ? SHED_OFF : lo;
		hi = hi == SHED_CAPPED ? SHED_ON : hi;
	}
	lo = lo > w->lo[h] ? lo : w->lo[h];
	hi = hi < w->hi[h] ? hi : w->hi[h];
	t->dead |= lo > hi;
	if (lo == w->lo[h] && hi == w->hi[h])
		return;
	t->trail[t->trail_n++] = (struct tree_trail){ h, w->lo[h], w->hi[h], 1 };
	w->lo[h] = lo;
	w->hi[h] = hi;
	/* the bigger go at least as low, the smaller at most */
	if (w->bigger[h] != SHED_NONE)
		narrow(t, w->bigger[h], lo, SHED_OFF);
	if (w->smaller[h] != SHED_NONE)
		narrow(t, w->smaller[h], SHED_ON, hi);
}

static void undo(struct shed_tree *t, uint32_t trail_n)
{
	struct shed_work *w = t->w;

	t->dead = false;
	while (t->trail_n > trail_n) {
		const struct tree_trail *at = &t->trail[--t->trail_n];

		if (at->host) {
			w->lo[at->at] = at->lo;
			w->hi[at->at] = at->hi;
		} else {
			w->fate[at->at] = at->lo;
		}
	}
}

/* Fates that follow, and the counts. */
static bool settle(struct shed_tree *t)
{
	struct shed_work *w = t->w;

	memcpy(w->z, w->fate, w->S); /* z is idle here */
	bool good = work_spread(w);

	for (uint32_t s = 0; s < w->S; s++)
		if (w->fate[s] != w->z[s])
			t->trail[t->trail_n++] = (struct tree_trail){ s, w->z[s], 0, 0 };
	return good & work_count(w) & !t->dead;
}

/* How much dearer the whole becomes at least when the host is not what the Lagrangian
 * took, per fate of its service (Geoffrion 1974). */
static double change_up(const struct shed_work *w, uint32_t s, uint32_t h, uint32_t taken)
{
	const struct shed_service *service = &w->p->services[s];
	uint32_t live = service->live - taken;
	double d = w->gain[h], unit = (double)service->unit;

	/* off after all: one more than taken, or instead of the dearest of them */
	if (w->taken_up[h] != SHED_OFF)
		return fmin(live <= service->min ? INFINITY : d + (live > service->need ? 0 : unit),
		    d - w->edge_in[s]);
	/* not off: one less, or the next one instead */
	return fmin(-d - (live >= service->need ? 0 : unit), w->edge_out[s] - d);
}

static void fix_host(struct shed_tree *t, uint32_t s, uint32_t h, uint32_t taken)
{
	struct shed_work *w = t->w;
	double room = (double)(t->cost - w->grain) - w->bound, up = INFINITY, down = INFINITY;

	/* a little more than the rounding of these few sums */
	room += 1e-9 * fabs(w->bound) + 1;
	if (s < w->S && w->fate[s] != FATE_DOWN)
		up = change_up(w, s, h, taken);
	if (s == w->S || w->fate[s] != FATE_UP)
		down = fabs(w->gain[h]);
	bool off_up = w->taken_up[h] == SHED_OFF, off_down = w->gain[h] < 0;

	if (s == w->S || w->fate[s] == FATE_DOWN)
		off_up = off_down;
	if (s < w->S && w->fate[s] == FATE_UP)
		off_down = off_up;
	if (off_up != off_down || fmin(up, down) <= room)
		return;
	narrow(t, h, off_up ? SHED_OFF : SHED_ON, off_up ? SHED_OFF : SHED_CAPPED);
}

/* Capped or on: what the other would cost does not hang on the service. */
static void fix_cap(struct shed_tree *t, uint32_t h)
{
	struct shed_work *w = t->w;
	double room = (double)(t->cost - w->grain) - w->bound + 1e-9 * fabs(w->bound) + 1;

	if (w->hi[h] != SHED_CAPPED || w->lo[h] != SHED_ON || fabs(w->ry[h]) <= room)
		return;
	narrow(t, h, w->ry[h] < 0 ? SHED_CAPPED : SHED_ON, w->ry[h] < 0 ? SHED_OFF : SHED_ON);
}

/* After an evaluation: fix what reduced costs allow. */
static void fix_all(struct shed_tree *t)
{
	struct shed_work *w = t->w;

	for (uint32_t s = 0; s <= w->S; s++) {
		uint32_t taken = 0;

		for (uint32_t h = w->first[s]; h < w->first[s + 1]; h++)
			taken += w->taken_up[h] == SHED_OFF;
		for (uint32_t h = w->first[s]; h < w->first[s + 1]; h++) {
			if (w->lo[h] < SHED_OFF && w->hi[h] == SHED_OFF)
				fix_host(t, s, h, taken);
			fix_cap(t, h);
		}
	}
}

static double target(const struct shed_tree *t, double best)
{
	return t->cost < INT64_MAX ? (double)t->cost : fmax(2 * best, 100 * SHED_COST);
}

bool tree_climb(struct shed_tree *t)
{
	struct shed_work *w = t->w;

	work_evaluate(w);
	for (size_t h = 0; h < w->H; h++)
		t->often_x[h] += 0.1 * ((double)w->x[h] / SHED_OFF - t->often_x[h]);
	for (size_t s = 0; s < w->S; s++)
		t->often_z[s] += 0.1 * ((double)w->z[s] - t->often_z[s]);
	return climb_step(&w->climb, w->bound, target(t, w->climb.best));
}

bool tree_climb_rows(struct shed_tree *t)
{
	struct shed_rows *rows = t->rows;

	rows_evaluate(rows);
	for (size_t h = 0; h < t->w->H; h++)
		t->often_x[h] += 0.1 * ((double)rows->x[h] / SHED_OFF - t->often_x[h]);
	for (size_t s = 0; s < t->w->S; s++)
		t->often_z[s] += 0.1 * ((double)t->w->z[s] - t->often_z[s]);
	return climb_step(&rows->climb, rows->bound, target(t, rows->climb.best));
}

static void state_tell(void *user, uint32_t host, uint8_t state, double rise)
{
	struct shed_tree *t = user;
	const struct shed_work *w = t->w;
	double room = (double)(t->cost - w->grain) - t->rows->bound + 1e-9 * fabs(t->rows->bound) + 1;

	uint8_t lo = w->lo[host], hi = w->hi[host];

	if (rise > room)
		narrow(t, host, (uint8_t)(lo + (state == lo)),
		    (uint8_t)(hi - ((state == hi) & (state > SHED_ON))));
}

/* The bound by whole rows, at the top; false: nothing cheaper is left. */
static bool node_rows(struct shed_tree *t, uint32_t rounds, double *best)
{
	struct shed_rows *rows = t->rows;

	rows_take(rows);
	climb_start(&rows->climb, 1);
	for (uint32_t i = 0; i < rounds && t->go_on(t->user); i++) {
		if (!tree_climb_rows(t))
			continue;
		*best = fmax(*best, rows->bound);
		if (work_whole(t->w, *best) >= t->cost)
			return false;
		/* now and then: it costs as much as two rounds */
		if (i % 4 == 0)
			rows_each(rows, state_tell, t);
	}
	return true;
}

/* Climb at this node; true: it may still hold a cheaper plan, *ret_bound its bound. */
static bool node_bound(struct shed_tree *t, uint32_t rounds, int64_t *ret_bound)
{
	struct shed_work *w = t->w;
	double best = -INFINITY;

	if (!settle(t))
		return false;
	climb_start(&w->climb, t->depth == 0 ? 1 : 0.5);
	for (uint32_t i = 0; i < rounds && t->go_on(t->user); i++) {
		if (!tree_climb(t))
			continue;
		best = fmax(best, w->bound);
		if (work_whole(w, best) >= t->cost)
			return false;
		uint32_t before = t->trail_n;

		fix_all(t);
		if (t->trail_n > before && !settle(t))
			return false;
	}
	if (t->depth == 0 && t->rows->whole_n > 0 && !node_rows(t, rounds, &best))
		return false;
	*ret_bound = work_whole(w, best);
	return settle(t);
}

/* What to branch on: a fate that wavers, else a host that does; false: all is fixed. */
static bool branch_choose(struct shed_tree *t, struct tree_branch *ret_branch)
{
	const struct shed_work *w = t->w;
	double best = 0.1;
	bool found = false;

	for (uint32_t s = 0; s < w->S; s++) {
		double wavers = 0.5 - fabs(t->often_z[s] - 0.5);

		if (w->fate[s] == FATE_FREE && wavers > best) {
			best = wavers;
			ret_branch->at = s;
			ret_branch->host = 0;
			ret_branch->lo = (uint8_t)(FATE_UP + (t->often_z[s] > 0.5));
			found = true;
		}
	}
	best = -1;
	for (uint32_t h = 0; !found && h < w->H; h++) {
		double wavers = 0.5 - fabs(t->often_x[h] - 0.5);

		if (w->lo[h] == w->hi[h] || wavers <= best)
			continue;
		best = wavers;
		ret_branch->at = h;
		ret_branch->host = 1;
		ret_branch->lo = w->hi[h] == SHED_OFF ? SHED_OFF : SHED_CAPPED;
		ret_branch->hi = SHED_OFF;
		if (t->often_x[h] < 0.5) {
			ret_branch->hi = ret_branch->lo - 1;
			ret_branch->lo = SHED_ON;
		}
	}
	return found || best >= 0;
}

static void branch_take(struct shed_tree *t, const struct tree_branch *b)
{
	struct shed_work *w = t->w;

	if (b->host) {
		narrow(t, b->at, b->lo, b->hi);
		return;
	}
	t->trail[t->trail_n++] = (struct tree_trail){ b->at, w->fate[b->at], 0, 0 };
	w->fate[b->at] = b->lo;
}

/* The other half of a branch. */
static void branch_turn(struct tree_branch *b)
{
	if (!b->host) {
		b->lo = (uint8_t)(FATE_UP + FATE_DOWN - b->lo);
	} else if (b->lo == SHED_ON) {
		b->lo = b->hi + 1;
		b->hi = SHED_OFF;
	} else {
		b->hi = b->lo - 1;
		b->lo = SHED_ON;
	}
}

/* Back to the nearest branch whose other half is open; false: none is left. */
static bool back(struct shed_tree *t)
{
	while (t->depth > 0) {
		struct tree_branch *b = &t->path[t->depth - 1];

		undo(t, b->trail_n);
		if (!b->turned & (b->bound < t->cost)) {
			b->turned = 1;
			branch_turn(b);
			branch_take(t, b);
			return true;
		}
		t->depth--;
	}
	return false;
}

/* What the nodes not yet seen may cost at least; here: the one being looked at. */
static int64_t bound_open(const struct shed_tree *t, int64_t here)
{
	for (uint32_t i = 0; i < t->depth; i++)
		if (!t->path[i].turned && t->path[i].bound < here)
			here = t->path[i].bound;
	return here < t->cost ? here : t->cost;
}

/* The node's plans by joining menus, asking for a little more each time; true: nothing
 * cheaper than the best plan is left here. */
static bool node_join(struct shed_tree *t, int64_t *bound)
{
	int64_t more = 0;
	uint32_t labels = t->depth == 0 ? JOIN_LABELS : LABELS;

	while (t->join != NULL && *bound < t->cost) {
		int64_t most = t->cost - t->w->grain - *bound < more ? t->cost - t->w->grain : *bound + more;
		enum join_end end = join_search(t->join, most, labels, t->draft->state);

		if (end != JOIN_NONE && t->join->best != SHED_NONE)
			tree_offer(t);
		if (end == JOIN_FULL)
			return false;
		*bound = end == JOIN_FOUND ? t->cost : most + t->w->grain;
		more = more > 0 ? MORE * more : t->w->grain;
	}
	return *bound >= t->cost;
}

/* One node: true when it was branched on. */
static bool node(struct shed_tree *t)
{
	struct tree_branch b = { .host = 0 };
	int64_t bound;

	t->nodes++;
	if (!node_bound(t, t->depth == 0 ? t->rounds_top : ROUNDS, &bound))
		return false;
	(void)draft_build(t->draft, t->w->z, NULL);
	tree_offer(t);
	if (t->rows->whole_n > 0) {
		(void)draft_build(t->draft, t->w->z, t->rows->x);
		tree_offer(t);
	}
	/* what the node above was proven to cost holds here too */
	if (t->depth > 0 && t->path[t->depth - 1].bound > bound)
		bound = t->path[t->depth - 1].bound;
	if (node_join(t, &bound) || !branch_choose(t, &b))
		return false;
	b.bound = bound;
	b.trail_n = t->trail_n;
	t->path[t->depth++] = b;
	branch_take(t, &b);
	return true;
}

void tree_search(struct shed_tree *t, uint64_t nodes_max)
{
	bool open = true;

	t->depth = t->trail_n = 0;
	t->nodes = 0;
	while (open && t->nodes < nodes_max && t->go_on(t->user)) {
		if (t->between != NULL)
			t->between(t->user);
		if (!node(t))
			open = back(t);
	}
	if (!open)
		t->bound = t->cost;
	else if (t->depth > 0) {
		int64_t bound = bound_open(t, t->path[t->depth - 1].bound);

		t->bound = bound > t->bound ? bound : t->bound;
	}
	undo(t, 0);
	(void)work_count(t->w);
}
