/* src/plan/shed_tree.h - an exact finish: branching, with what reduced costs and chains
 * of hosts alike settle by themselves. */
#ifndef KS_PLAN_SHED_TREE_H
#define KS_PLAN_SHED_TREE_H
#include "plan/shed_pick.h"
#include "plan/shed_join.h"

struct shed_tree {
	struct shed_work *w;
	struct shed_rows *rows;
	struct shed_draft *draft;
	struct shed_join *join; /* NULL: branch only */
	double *often_x, *often_z; /* how often off, and down, of late: 0 ... 1 */
	uint8_t *best;	   /* states of the best plan; valid when cost < INT64_MAX */
	int64_t cost;
	int64_t bound;	   /* of all that was fixed when the search began; proven */
	struct tree_trail { uint32_t at; uint8_t lo, hi, host; } *trail;
	uint32_t trail_n;
	bool dead;	   /* what is fixed contradicts itself */
	struct tree_branch { uint32_t at, trail_n; int64_t bound; uint8_t host, lo, hi, turned; } *path;
	uint32_t depth;
	uint64_t nodes;
	uint32_t rounds_top; /* of climbing before the first branch */
	/* told when cost or bound improved */
	void (*better)(void *user, struct shed_tree *tree);
	bool (*go_on)(void *user);
	void (*between)(void *user); /* before each node; may offer plans; NULL */
	void *user;
};

KS_MUST int tree_new(struct shed_rows *rows, struct shed_draft *draft, struct arena *arena,
    struct shed_tree *ret_tree, struct why *why);
/* Until nothing can be better than cost (bound is then cost), nodes_max nodes are done,
 * or go_on says no. */
void tree_search(struct shed_tree *t, uint64_t nodes_max);
/* One round towards better multipliers, of each bound; true: it improved. */
bool tree_climb(struct shed_tree *t);
bool tree_climb_rows(struct shed_tree *t);
/* A finished draft; keeps it when it is cheaper. */
void tree_offer(struct shed_tree *t);
#endif
