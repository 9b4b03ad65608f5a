/* src/cli/plan_check.c - `keisoku plan SITE --check FILE`: does a plan that lies there still
 * hold?  It is refused when the site file or the readings have changed since; what it would
 * leave above its limits now is said either way. */
#include "base/drop.h"
#include "base/limits.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/plan.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MOST = 16 << 20, OVER_SAID = 8 };

static bool file_take(const char *path, struct text *text, enum lang lang)
{
	KS_DROP(file) FILE *file = fopen(path, "r");
	char part[4096];
	size_t n = 0;

	while (file != NULL && (n = fread(part, 1, sizeof part, file)) > 0)
		text_add_span(text, span_of(part, n));
	if (file == NULL || ferror(file)) {
		cli_complain(lang, "%s: %s", path, strerror(errno));
		return false;
	}
	if (text->full)
		cli_complain(lang, "%s: larger than a plan can be", path);
	return !text->full;
}

static void plan_tell(struct text *text, enum lang lang, const struct paper *paper)
{
	KS_DROP(text) struct text lost;
	uint32_t count[WAVE_KINDS] = { 0 };

	text_init(&lost, 4096);
	for (uint32_t i = 0; i < paper->lost_n; i++)
		text_addf(&lost, "%s%s", i > 0 ? ", " : "", paper->lost[i]);
	for (uint32_t i = 0; i < paper->waves_n; i++)
		count[paper->waves[i].kind] += paper->waves[i].n;
	say(text, lang, "a plan for the loss of %s at %s: cap %u, cut %u, switch off %u; back again %u",
	    text_cstr(&lost), paper->site, count[WAVE_CAP], count[WAVE_CUT], count[WAVE_OFF], count[WAVE_ON]);
	text_add_char(text, '\n');
}

/* What it would leave above its limits with the loads there are. */
static void over_tell(struct text *text, enum lang lang, const struct grid *grid, const uint32_t *over,
    uint32_t n)
{
	say(text, lang, n == 0 ? N_("with the loads of now it holds every limit")
			       : N_("with the loads of now these stay above their limits:"));
	for (uint32_t i = 0; i < n && i < OVER_SAID; i++)
		text_addf(text, " %s", over[i] < grid->nodes_n ? grid->site->nodes[over[i]].id
							       : grid->site->rooms[over[i] - grid->nodes_n].id);
	if (n > OVER_SAID) {
		text_add_char(text, ' ');
		say(text, lang, "and %zu more", (size_t)n - OVER_SAID);
	}
	text_add_char(text, '\n');
}

int plan_paper_read(const char *path, struct arena *arena, struct paper *ret_paper, enum lang lang)
{
	KS_DROP(text) struct text bytes;
	struct why why;

	text_init(&bytes, FILE_MOST);
	if (!file_take(path, &bytes, lang))
		return KS_IO;
	int bad = paper_read(text_span(&bytes), arena, ret_paper, &why);

	if (bad != KS_OK)
		cli_complain_why(lang, &why);
	return bad;
}

int plan_paper_check(const struct paper *paper, struct flow *flow, struct arena *arena, enum lang lang)
{
	KS_DROP(text) struct text text;
	struct why why;
	struct paper same = *paper;
	uint32_t *over = NULL, over_n = 0;
	int stale = paper_fits(paper, flow->grid, arena, &why);

	text_init(&text, 1 << 20);
	plan_tell(&text, lang, paper);
	say(&text, lang, stale == KS_OK ? N_("it is of this site file and these readings") : N_("it is stale: "));
	if (stale != KS_OK)
		say_why(&text, lang, &why);
	text_add_char(&text, '\n');
	/* whatever its hashes: does it name what is there, and what would it leave? */
	same.hash = flow->grid->site->hash;
	same.readings = flow->grid->readings;
	if (paper_fits(&same, flow->grid, arena, NULL) == KS_OK &&
	    paper_over(&same, flow, arena, &over, &over_n) == KS_OK)
		over_tell(&text, lang, flow->grid, over, over_n);
	if (!cli_print(&text))
		return EXIT_BROKEN;
	return stale == KS_OK && over_n == 0 ? EXIT_WELL : EXIT_FOUND;
}
