/* src/cli/plan.h - inside `keisoku plan`: what its files share. */
#ifndef KS_CLI_PLAN_H
#define KS_CLI_PLAN_H
#include "plan/remedy.h"
#include "words/words.h"

struct planned {
	const struct site *site;
	const struct grid *grid;
	const struct remedy *remedy;
	const char *path;   /* of the site file */
	double cpu_seconds; /* of the planner */
	double first_seconds; /* until the first plan that holds; < 0: none */
	bool interrupted;
};

/* plan_check.c: a plan file; stderr has been told when it is none. */
int plan_paper_read(const char *path, struct arena *arena, struct paper *ret_paper, enum lang lang);
/* Says whether it still holds; the exit code. */
int plan_paper_check(const struct paper *paper, struct flow *flow, struct arena *arena, enum lang lang);
void plan_say(struct text *text, enum lang lang, const struct planned *planned);
void plan_json(struct text *text, const struct planned *planned);
#endif
