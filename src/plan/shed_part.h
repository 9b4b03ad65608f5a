/* src/plan/shed_part.h - a plan made better piece by piece: a few dozen hosts are freed,
 * all else stays, and what is left is a small shed problem, solved exactly. */
#ifndef KS_PLAN_SHED_PART_H
#define KS_PLAN_SHED_PART_H
#include "plan/shed_tree.h"

struct shed_polish {
	struct shed_tree *tree;	  /* its best plan is what is made better */
	struct shed_draft hold;	  /* that plan */
	int64_t hold_cost;
	uint32_t *row_of;	  /* of each host: 1 + its row solved whole; 0: none */
	uint32_t *chosen;	  /* hosts freed, rising */
	uint32_t chosen_n;
	uint8_t *is_chosen;
	uint32_t *row_new;	  /* of each row: its number in the part */
	size_t memory;		  /* for one piece */
	uint64_t random;	  /* the same for every run: plans can be repeated */
	uint32_t turn;
};

KS_MUST int polish_new(struct shed_tree *tree, struct arena *arena,
    struct shed_polish *ret_polish, struct why *why);
/* Try one piece; true: the plan became cheaper.  Without a plan, nothing. */
bool polish_step(struct shed_polish *p);
#endif
