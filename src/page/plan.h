/* src/page/plan.h - inside the views of plans: what their files share. */
#ifndef KS_PAGE_PLAN_H
#define KS_PAGE_PLAN_H
#include "page/scene.h"
#include "plan/cascade.h"
#include "plan/remedy.h"

static inline const char *node_name(const struct scene *scene, uint32_t i)
{
	return scene->site->nodes[i].name != NULL ? scene->site->nodes[i].name : scene->site->nodes[i].id;
}
static inline const char *host_name(const struct scene *scene, uint32_t i)
{
	return scene->site->hosts[i].name != NULL ? scene->site->hosts[i].name : scene->site->hosts[i].id;
}
/* Losses tried at once (view_loss.c); the views and the tables of /whatif say the same. */
enum { LOSS_MOST = 8 };
/* The pieces that scene->id names, with commas between; what is none goes to unknown. */
uint32_t loss_asked(const struct scene *scene, uint32_t lost[LOSS_MOST], struct text *unknown);
KS_MUST int loss_remedy(struct scene *scene, const uint32_t *lost, uint32_t n, struct remedy **ret_remedy,
    struct why *why);
/* The order to go by: the clean one, or with outlets cut where only that is in time. */
const struct paper *loss_paper(const struct remedy *r);
struct loss_trips {
	struct cascade *cascade; /* by the earliest edges */
	double *latest;		 /* of each node, seconds; INFINITY: it need not trip */
	uint32_t end_earliest, end_latest; /* hosts dark in the end */
	bool breaks;		 /* some limit is broken in the end */
};
bool loss_trips(struct scene *scene, const uint32_t *lost, uint32_t n, struct loss_trips *ret_trips);

/* Two losses that are worse than each alone. */
enum { PAIRS_TRIED = 30000 /* about 1 us each */ };
bool pairs_few(const struct scene *scene);

/* "9 min - 46 min"; latest INFINITY: it need not. */
void trip_say(struct text *words, const struct scene *scene, double earliest_s, double latest_s);
/* The field where a loss is asked for, and all pieces to choose from, shown or folded. */
void try_form(struct text *out, const struct scene *scene, const char *asked, bool open);
/* In one line, what the plan for this loss does and whether it is in time; nothing when
 * that cannot be said quickly. */
void plan_effect_say(struct text *words, struct scene *scene, const char *node);
#endif
