/* shed_mend.h - a plan made better by chains of exchanges: a host that is dearly off is
 * taken back, what is short then is relieved by the cheapest hosts of that row, what is
 * not needed any more is taken back, too; kept when all of it together is cheaper.
 * Services stay up or down as they are.  Exact: costs and excesses are whole numbers. */
#ifndef KS_PLAN_SHED_MEND_H
#define KS_PLAN_SHED_MEND_H
#include "plan/shed_pick.h"

struct shed_mend {
	struct shed_draft *draft; /* whose states are made better */
	struct shed_draft hold;	  /* the same while it is being changed */
	/* entries of each row (row_at), the cheapest for what they give first */
	struct mend_pick { double ratio; uint32_t entry; } *picks;
	uint8_t *sorted;	  /* of each row: its picks are */
	struct mend_back { int64_t price; uint32_t host; } *backs; /* H */
	struct mend_step { uint32_t host; uint8_t was; } *steps;   /* of one chain */
	uint32_t steps_n;
	int64_t price;		  /* of the chain so far */
	bool (*go_on)(void *user);
	void *user;
};

KS_MUST int mend_new(struct shed_draft *draft, struct arena *arena, struct shed_mend *ret_mend,
    struct why *why);
/* The draft's states, where every row holds, until no chain is cheaper or go_on says no;
 * they hold at any time.  The draft is loaded with them. */
void mend_run(struct shed_mend *m);
#endif
