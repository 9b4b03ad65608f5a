/* src/plan/paper_read.c - see paper.h. */
#include "base/limits.h"
#include "base/number.h"
#include "plan/paper.h"
#include <string.h>

struct scroll {
	struct span rest;
	struct arena *arena;
	struct why *why;
	struct paper paper;
	uint32_t line, counted; /* in the file; those that say something */
	uint32_t want;		/* steps the wave has announced and not yet had */
	uint32_t lost_max, down_max, waves_max, steps_max;
	bool seen_site, seen_scale, seen_cost, ended;
};

static int wrong(struct scroll *r, const char *what)
{
	return fail(r->why, KS_MALFORMED, "line %u of the plan: %s", r->line, what);
}

static struct span word_cut(struct span *line)
{
	*line = span_trim(*line);
	size_t n = 0;

	while (n < line->left && line->at[n] != ' ' && line->at[n] != '\t')
		n++;
	return span_cut(line, n);
}

/* "key=" off the next word; broken when it is another. */
static struct span value_cut(struct span *line, const char *key)
{
	struct span word = word_cut(line), name = span_until(&word, '=');

	return span_equal(name, key) ? word : (struct span){ .broken = true };
}

static bool number_of(struct span word, unsigned places, int64_t *ret)
{
	return !word.broken && number_read(word, places, ret) == KS_OK && *ret >= 0;
}

static bool seconds_of(struct span word, int64_t *ret_ms)
{
	if (word.broken || word.left == 0 || word.at[word.left - 1] != 's')
		return false;
	word.left--;
	return number_of(word, 3, ret_ms);
}

static bool hex_of(struct span word, uint64_t *ret)
{
	uint64_t value = 0;

	if (word.broken || word.left != 16)
		return false;
	for (size_t i = 0; i < 16; i++) {
		uint8_t c = word.at[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	*ret = value;
	return true;
}

/* An ID, kept; NULL: none, too long, with control characters in it, or no memory. */
static const char *id_of(struct scroll *r, struct span word)
{
	if (word.left == 0 || word.left > LIMIT_NAME)
		return NULL;
	for (size_t i = 0; i < word.left; i++)
		if ((word.at[i] < ' ') | (word.at[i] == 0x7f))
			return NULL;
	return arena_text(r->arena, word);
}

/* How many of each there can be: lines that begin so. */
static int rooms_take(struct scroll *r, struct span all)
{
	while (all.left > 0) {
		struct span line = span_until(&all, '\n'), word = word_cut(&line);

		r->lost_max += span_equal(word, "lose");
		r->down_max += span_equal(word, "down");
		r->waves_max += span_equal(word, "wave");
		r->steps_max++;
	}
	struct paper *p = &r->paper;

	p->lost = arena_array(r->arena, r->lost_max + 1, sizeof *p->lost);
	p->down = arena_array(r->arena, r->down_max + 1, sizeof *p->down);
	p->waves = arena_array(r->arena, r->waves_max + 1, sizeof *p->waves);
	p->steps = arena_array(r->arena, r->steps_max + 1, sizeof *p->steps);
	if (p->lost == NULL || p->down == NULL || p->waves == NULL || p->steps == NULL)
		return fail(r->why, KS_FULL, "no memory for this plan");
	return KS_OK;
}

static int site_line(struct scroll *r, struct span line)
{
	r->paper.site = id_of(r, word_cut(&line));
	if (r->seen_site || r->paper.site == NULL ||
	    !hex_of(value_cut(&line, "hash"), &r->paper.hash) ||
	    !hex_of(value_cut(&line, "readings"), &r->paper.readings) || line.left > 0)
		return wrong(r, "here is: site ID hash=16 digits readings=16 digits");
	r->seen_site = true;
	return KS_OK;
}

static int scale_line(struct scroll *r, struct span line)
{
	bool good = !r->seen_scale &&
	    number_of(value_cut(&line, "feed"), 6, &r->paper.feed_scale) &&
	    number_of(value_cut(&line, "heat"), 6, &r->paper.heat_scale);
	struct span caps = value_cut(&line, "caps");

	r->paper.caps = span_equal(caps, "yes");
	if (!good || (!r->paper.caps && !span_equal(caps, "no")) || line.left > 0)
		return wrong(r, "here is: scale feed=1 heat=1 caps=yes (or no)");
	r->seen_scale = true;
	return KS_OK;
}

static int cost_line(struct scroll *r, struct span line)
{
	if (r->seen_cost || !number_of(word_cut(&line), 4, &r->paper.cost) ||
	    !number_of(value_cut(&line, "bound"), 4, &r->paper.bound) ||
	    !number_of(value_cut(&line, "before"), 4, &r->paper.before) || line.left > 0)
		return wrong(r, "here is: cost NUMBER bound=NUMBER before=NUMBER");
	r->seen_cost = true;
	return KS_OK;
}

static bool kind_of(struct span word, enum wave_kind *ret)
{
	for (enum wave_kind kind = WAVE_CAP; kind < WAVE_KINDS; kind++)
		if (span_equal(word, wave_word(kind))) {
			*ret = kind;
			return true;
		}
	return false;
}

static int wave_line(struct scroll *r, struct span line)
{
	struct paper *p = &r->paper;
	struct paper_wave wave = { .first = p->steps_n };
	int64_t number = 0, hosts = 0;
	bool good = number_of(word_cut(&line), 0, &number) && number == p->waves_n + 1 &&
	    kind_of(word_cut(&line), &wave.kind) &&
	    seconds_of(value_cut(&line, "from"), &wave.from_ms) &&
	    seconds_of(value_cut(&line, "to"), &wave.to_ms) && wave.to_ms >= wave.from_ms &&
	    number_of(value_cut(&line, "hosts"), 0, &hosts) && line.left == 0 &&
	    hosts > 0 && hosts <= r->steps_max;

	if (!good)
		return wrong(r, "here is: wave NUMBER off from=0s to=180s hosts=NUMBER; they count up from 1");
	wave.n = (uint32_t)hosts;
	r->want = wave.n;
	p->waves[p->waves_n++] = wave;
	return KS_OK;
}

static int step_line(struct scroll *r, enum wave_kind kind, struct span line)
{
	struct paper *p = &r->paper;
	struct paper_step step = { .host = id_of(r, word_cut(&line)) };

	if (kind == WAVE_CAP && !number_of(value_cut(&line, "w"), 3, &step.mw))
		return wrong(r, "a cap says to how many watts: cap HOST w=120");
	if (step.host == NULL || line.left > 0 || r->want == 0 ||
	    p->waves[p->waves_n - 1].kind != kind)
		return wrong(r, "this step does not belong to the wave above it");
	r->want--;
	p->steps[p->steps_n++] = step;
	return KS_OK;
}

static int list_line(struct scroll *r, struct span line, const char **list, uint32_t *n)
{
	const char *id = id_of(r, word_cut(&line));

	if (id == NULL || line.left > 0)
		return wrong(r, "one ID belongs here");
	list[(*n)++] = id;
	return KS_OK;
}

static int end_line(struct scroll *r, struct span line)
{
	int64_t lines;

	if (!number_of(value_cut(&line, "lines"), 0, &lines) || line.left > 0 || lines != r->counted)
		return wrong(r, "lines are missing, or there are too many");
	r->ended = true;
	return KS_OK;
}

static int line_read(struct scroll *r, struct span line)
{
	struct span word = word_cut(&line);
	enum wave_kind kind;

	line = span_trim(line);
	if (r->ended)
		return wrong(r, "nothing may follow the end");
	if (r->want > 0 && !kind_of(word, &kind))
		return wrong(r, "the wave above has fewer hosts than it says");
	if (span_equal(word, "site"))
		return site_line(r, line);
	if (span_equal(word, "scale"))
		return scale_line(r, line);
	if (span_equal(word, "cost"))
		return cost_line(r, line);
	if (span_equal(word, "lose"))
		return list_line(r, line, r->paper.lost, &r->paper.lost_n);
	if (span_equal(word, "down"))
		return list_line(r, line, r->paper.down, &r->paper.down_n);
	if (span_equal(word, "wave"))
		return wave_line(r, line);
	if (span_equal(word, "end"))
		return end_line(r, line);
	if (kind_of(word, &kind))
		return step_line(r, kind, line);
	return wrong(r, "this is no line of a plan");
}

int paper_read(struct span bytes, struct arena *arena, struct paper *ret_paper,
    struct why *why)
{
	struct scroll r = { .rest = bytes, .arena = arena, .why = why };
	int bad = rooms_take(&r, bytes);

	while (bad == KS_OK && r.rest.left > 0) {
		struct span line = span_until(&r.rest, '\n'), said = span_trim(span_until(&line, '#'));

		r.line++;
		if (said.left == 0)
			continue;
		r.counted++;
		if (r.counted > 1)
			bad = line_read(&r, said);
		else if (!span_equal(said, "keisoku plan 1"))
			bad = wrong(&r, "a plan begins with: keisoku plan 1");
	}
	if (bad == KS_OK && !(r.seen_site && r.seen_scale && r.seen_cost && r.ended))
		bad = fail(why, KS_TRUNCATED, "the plan ends too soon");
	if (bad == KS_OK)
		*ret_paper = r.paper;
	return bad;
}
