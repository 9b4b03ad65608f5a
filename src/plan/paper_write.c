/* src/plan/paper_write.c - see paper.h. */
#include "plan/paper.h"
#include <inttypes.h>

static const char *const words[WAVE_KINDS] = { [WAVE_CAP] = "cap", [WAVE_CUT] = "cut",
	[WAVE_OFF] = "off", [WAVE_ON] = "on" };

const char *wave_word(enum wave_kind kind)
{
	return words[kind];
}

/* A number of whole and parts, without what is not needed: 13324.8 */
static void number_add(struct text *text, int64_t value, int64_t one)
{
	text_addf(text, "%" PRId64, value / one);
	if (value % one == 0)
		return;
	text_add_char(text, '.');
	for (int64_t rest = value % one; rest > 0; rest %= one) {
		rest *= 10;
		text_add_char(text, (char)('0' + rest / one));
	}
}

static void wave_add(struct text *text, const struct paper *paper, uint32_t n)
{
	const struct paper_wave *wave = &paper->waves[n];

	text_addf(text, "wave %" PRIu32 " %s from=", n + 1, words[wave->kind]);
	number_add(text, wave->from_ms, 1000);
	text_add(text, "s to=");
	number_add(text, wave->to_ms, 1000);
	text_addf(text, "s hosts=%" PRIu32 "\n", wave->n);
	for (uint32_t i = wave->first; i < wave->first + wave->n; i++) {
		text_addf(text, "  %s %s", words[wave->kind], paper->steps[i].host);
		if (wave->kind == WAVE_CAP) {
			text_add(text, " w=");
			number_add(text, paper->steps[i].mw, 1000);
		}
		text_add_char(text, '\n');
	}
}

void paper_write(struct text *text, const struct paper *paper)
{
	text_addf(text, "keisoku plan 1\nsite %s hash=%016" PRIx64 " readings=%016" PRIx64 "\n",
	    paper->site, paper->hash, paper->readings);
	for (uint32_t i = 0; i < paper->lost_n; i++)
		text_addf(text, "lose %s\n", paper->lost[i]);
	text_add(text, "scale feed=");
	number_add(text, paper->feed_scale, GRID_SCALE);
	text_add(text, " heat=");
	number_add(text, paper->heat_scale, GRID_SCALE);
	text_addf(text, " caps=%s\ncost ", paper->caps ? "yes" : "no");
	number_add(text, paper->cost, SHED_COST);
	text_add(text, " bound=");
	number_add(text, paper->bound, SHED_COST);
	text_add(text, " before=");
	number_add(text, paper->before, SHED_COST);
	text_add_char(text, '\n');
	for (uint32_t i = 0; i < paper->down_n; i++)
		text_addf(text, "down %s\n", paper->down[i]);
	for (uint32_t i = 0; i < paper->waves_n; i++)
		wave_add(text, paper, i);
	text_addf(text, "end lines=%" PRIu32 "\n",
	    5 + paper->lost_n + paper->down_n + paper->waves_n + paper->steps_n);
}
