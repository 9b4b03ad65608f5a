/* src/query/regex_match.c - Pike's machine: all ways through the pattern at once, one
 * character after the other, the preferred first. */
#include "query/regex_in.h"

uint32_t rune_cut(struct span *text)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = (uint32_t)span_be(text, 1);
	size_t n = c < 0x80 ? 1 : c >= 0xf0 && c < 0xf8 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 0;

	if (n == 1)
		return c;
	if (n == 0 || c >= 0xf8 || text->left < n - 1)
		return 0xfffd;
	uint32_t value = c & (0xffU >> (n + 1));

	for (size_t i = 0; i + 1 < n; i++) {
		if ((text->at[i] & 0xc0) != 0x80)
			return 0xfffd;
		value = value << 6 | (text->at[i] & 0x3fU);
	}
	if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 0xfffd;
	(void)span_cut(text, n - 1);
	return value;
}

static bool set_has(const struct set *set, uint32_t c)
{
	for (size_t i = 0; i < set->n; i++)
		if (c >= set->ranges[i].low && c <= set->ranges[i].high)
			return !set->not;
	return set->not;
}

int regex_ready(struct regex *regex, struct why *why)
{
	struct arena *arena = regex->arena;
	size_t n = regex->steps_n, slots = regex->groups * 2;

	regex->now.list = arena_array(arena, n, sizeof *regex->now.list);
	regex->next.list = arena_array(arena, n, sizeof *regex->next.list);
	regex->now.sparse = arena_array(arena, n, sizeof *regex->now.sparse);
	regex->next.sparse = arena_array(arena, n, sizeof *regex->next.sparse);
	/* a pair of sets of places for each step, and room on the way */
	regex->places = arena_array(arena, (2 * n + 1) * slots, sizeof *regex->places);
	regex->found = arena_array(arena, slots, sizeof *regex->found);
	/* followed: a step, or a place to be put back (two words more) */
	regex->stack = arena_array(arena, 4 * n + 4, sizeof *regex->stack);
	return regex->now.list == NULL || regex->next.list == NULL || regex->now.sparse == NULL ||
	    regex->next.sparse == NULL || regex->places == NULL || regex->found == NULL ||
	    regex->stack == NULL ? fail(why, KS_FULL, "memory ran out for a query") : KS_OK;
}

static bool word_at(struct span text, size_t at)
{
	uint8_t c = at < text.left ? text.at[at] : 0;

	return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool holds(enum op op, struct span text, size_t at)
{
	bool edge = (at > 0 && word_at(text, at - 1)) != word_at(text, at);

	switch (op) {
	case OP_BEGIN:
		return at == 0;
	case OP_END:
		return at == text.left;
	case OP_LINE:
		return at == 0 || text.at[at - 1] == '\n';
	case OP_LINE_END:
		return at == text.left || text.at[at] == '\n';
	default:
		return (op == OP_WORD) == edge;
	}
}

struct run {
	struct regex *regex;
	struct span text;
	size_t at;
	size_t slots;	  /* of one thread; 0: places are not kept */
	size_t *current;  /* of the thread that is followed */
};

static bool threads_has(const struct threads *threads, uint32_t step)
{
	uint32_t i = threads->sparse[step];

	return i < threads->n && threads->list[i].at == step;
}

static void thread_put(struct run *run, struct threads *threads, uint32_t step)
{
	struct regex *regex = run->regex;
	size_t half = threads == &regex->now ? 0 : regex->steps_n;
	uint32_t i = (uint32_t)threads->n++;

	threads->sparse[step] = i;
	threads->list[i] = (struct thread){ .at = step, .saved = (uint32_t)(half + i) };
	if (run->slots > 0)
		memcpy(&regex->places[(half + i) * regex->groups * 2], run->current,
		    run->slots * sizeof *run->current);
}

/* Everywhere a step leads without a character.  The stack holds steps, and places that are
 * to be put back once what was behind them is done: {slot, low, high, UINT32_MAX}. */
static void follow(struct run *run, struct threads *threads, uint32_t first)
{
	struct regex *regex = run->regex;
	uint32_t *stack = regex->stack;
	size_t n = 0;

	stack[n++] = first;
	while (n > 0) {
		uint32_t at = stack[--n];

		if (at == UINT32_MAX) {
			run->current[stack[n - 3]] = (size_t)stack[n - 2] | (size_t)stack[n - 1] << 32;
			n -= 3;
			continue;
		}
		if (threads_has(threads, at))
			continue;
		const struct step *step = &regex->steps[at];

		thread_put(run, threads, at);
		if (step->op == OP_JUMP) {
			stack[n++] = step->x;
		} else if (step->op == OP_SPLIT) {
			stack[n++] = step->y;
			stack[n++] = step->x;
		} else if (step->op == OP_SAVE) {
			if (run->slots > 0) {
				size_t was = run->current[step->x];

				stack[n++] = step->x;
				stack[n++] = (uint32_t)was;
				stack[n++] = (uint32_t)(was >> 32);
				stack[n++] = UINT32_MAX;
				run->current[step->x] = run->at;
			}
			stack[n++] = at + 1;
		} else if (step->op != OP_SET && step->op != OP_MATCH &&
		    holds((enum op)step->op, run->text, run->at)) {
			stack[n++] = at + 1;
		}
	}
}

/* The threads that survive character c, into next. */
static void advance(struct run *run, uint32_t c, size_t after)
{
	struct regex *regex = run->regex;
	struct threads *now = &regex->now, *next = &regex->next;

	next->n = 0;
	run->at = after;
	for (size_t i = 0; i < now->n; i++) {
		const struct step *step = &regex->steps[now->list[i].at];

		if (step->op != OP_SET || !set_has(&regex->sets[step->x], c))
			continue;
		if (run->slots > 0)
			memcpy(run->current, &regex->places[now->list[i].saved * run->slots],
			    run->slots * sizeof *run->current);
		follow(run, next, now->list[i].at + 1);
	}
}

/* next becomes now: its places lie in the other half. */
static void turn(struct run *run)
{
	struct regex *regex = run->regex;
	size_t half = regex->steps_n;

	if (run->slots > 0 && regex->next.n > 0)
		memcpy(regex->places, &regex->places[half * run->slots],
		    regex->next.n * run->slots * sizeof *regex->places);
	struct threads held = regex->now;

	regex->now = regex->next;
	regex->next = held;
	for (size_t i = 0; i < regex->now.n; i++)
		regex->now.list[i].saved = (uint32_t)i;
}

static bool machine(struct regex *regex, struct span text, bool groups)
{
	struct run run = { .regex = regex, .text = text, .slots = groups ? regex->groups * 2 : 0,
		.current = &regex->places[2 * regex->steps_n * regex->groups * 2] };
	struct span rest = text;

	for (size_t i = 0; i < regex->groups * 2; i++)
		run.current[i] = SIZE_MAX;
	regex->now.n = 0;
	follow(&run, &regex->now, 0);
	while (rest.left > 0 && regex->now.n > 0) {
		uint32_t c = rune_cut(&rest);

		advance(&run, c, text.left - rest.left);
		turn(&run);
	}
	for (size_t i = 0; rest.left == 0 && i < regex->now.n; i++) {
		const struct thread *thread = &regex->now.list[i];

		if (regex->steps[thread->at].op != OP_MATCH)
			continue;
		if (groups)
			memcpy(regex->found, &regex->places[thread->saved * run.slots],
			    run.slots * sizeof *regex->found);
		regex->found[0] = 0;
		regex->found[1] = text.left;
		return true;
	}
	return false;
}

bool regex_match(struct regex *regex, struct span text)
{
	if (regex->is_literal)
		return regex->literal.left == text.left &&
		    (text.left == 0 || memcmp(regex->literal.at, text.at, text.left) == 0);
	return machine(regex, text, false);
}

bool regex_groups(struct regex *regex, struct span text)
{
	return machine(regex, text, true);
}

static void group_add(const struct regex *regex, struct span text, size_t group,
    struct text *out)
{
	size_t from = group < regex->groups ? regex->found[group * 2] : SIZE_MAX;
	size_t to = group < regex->groups ? regex->found[group * 2 + 1] : SIZE_MAX;

	if (from != SIZE_MAX && to != SIZE_MAX && from < to)
		text_add_span(out, span_of(text.at + from, to - from));
}

static size_t group_find(const struct regex *regex, struct span name)
{
	size_t number = 0;
	bool digits = name.left > 0 && name.left < 9;

	for (size_t i = 0; i < name.left; i++) {
		digits = digits && name.at[i] >= '0' && name.at[i] <= '9';
		number = digits ? number * 10 + name.at[i] - '0' : 0;
	}
	if (digits)
		return number;
	for (size_t i = 1; i < regex->groups; i++)
		if (name.left > 0 && regex->names[i].left == name.left &&
		    memcmp(regex->names[i].at, name.at, name.left) == 0)
			return i;
	return SIZE_MAX;
}

/* The name behind a dollar sign; false: the sign stands for itself. */
static bool name_cut(struct span *rest, struct span *ret_name)
{
	struct span s = *rest;
	bool braced = s.left > 0 && s.at[0] == '{';
	size_t n = 0;

	if (braced)
		(void)span_cut(&s, 1);
	while (n < s.left && word_at(s, n))
		n++;
	if (n == 0 || (braced && (n == s.left || s.at[n] != '}')))
		return false;
	*ret_name = span_cut(&s, n);
	if (braced)
		(void)span_cut(&s, 1);
	*rest = s;
	return true;
}

void regex_expand(const struct regex *regex, struct span text, struct span with,
    struct text *ret_out)
{
	while (with.left > 0) {
		struct span name;

		if (with.at[0] != '$') {
			text_add_char(ret_out, (char)span_be(&with, 1));
			continue;
		}
		(void)span_cut(&with, 1);
		if (with.left > 0 && with.at[0] == '$') {
			(void)span_cut(&with, 1);
			text_add_char(ret_out, '$');
		} else if (name_cut(&with, &name)) {
			group_add(regex, text, group_find(regex, name), ret_out);
		} else {
			text_add_char(ret_out, '$');
		}
	}
}
