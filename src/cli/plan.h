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

void plan_say(struct text *text, enum lang lang, const struct planned *planned);
void plan_json(struct text *text, const struct planned *planned);
#endif
