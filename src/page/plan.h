/* src/page/plan.h - inside the views of plans: what their files share. */
#ifndef KS_PAGE_PLAN_H
#define KS_PAGE_PLAN_H
#include "page/scene.h"

static inline const char *node_name(const struct scene *scene, uint32_t i)
{
	return scene->site->nodes[i].name != NULL ? scene->site->nodes[i].name : scene->site->nodes[i].id;
}
static inline const char *host_name(const struct scene *scene, uint32_t i)
{
	return scene->site->hosts[i].name != NULL ? scene->site->hosts[i].name : scene->site->hosts[i].id;
}
/* "9 min - 46 min"; latest INFINITY: it need not. */
void trip_say(struct text *words, const struct scene *scene, double earliest_s, double latest_s);
/* The field where a loss is asked for. */
void try_form(struct text *out, const struct scene *scene, const char *asked);
/* In one line, what the plan for this loss does and whether it is in time; nothing when
 * that cannot be said quickly. */
void plan_effect_say(struct text *words, struct scene *scene, const char *node);
#endif
