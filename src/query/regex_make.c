/* src/query/regex_make.c - the steps of Pike's machine out of what was read. */
#include "query/regex_in.h"
#include "base/more.h"

static uint32_t emit(struct reader *r, enum op op, uint32_t x)
{
	struct regex *regex = r->regex;

	if (regex->steps_n == LIMIT_REGEX_STEPS) {
		(void)regex_full(r);
		return 0;
	}
	struct step *steps = arena_more(regex->arena, regex->steps, regex->steps_n,
	    &regex->steps_room, 64, sizeof *steps);

	if (steps == NULL) {
		(void)regex_full(r);
		return 0;
	}
	regex->steps = steps;
	regex->steps[regex->steps_n] = (struct step){ .op = (uint8_t)op, .x = x };
	return (uint32_t)regex->steps_n++;
}

static uint32_t here(const struct reader *r)
{
	return (uint32_t)r->regex->steps_n;
}

static void make(struct reader *r, const struct part *part);

/* A split whose first choice goes on with the next step, or does when lazy not. */
static uint32_t split(struct reader *r)
{
	return emit(r, OP_SPLIT, 0);
}

static void split_set(struct reader *r, uint32_t at, const struct part *part, uint32_t into,
    uint32_t past)
{
	if (r->bad != KS_OK)
		return;
	r->regex->steps[at].x = part->lazy ? past : into;
	r->regex->steps[at].y = part->lazy ? into : past;
}

static void make_repeat(struct reader *r, const struct part *part)
{
	for (int32_t i = 0; i < part->least && r->bad == KS_OK; i++)
		make(r, part->left);
	if (part->most == NO_END) {
		uint32_t at = split(r);

		make(r, part->left);
		(void)emit(r, OP_JUMP, at);
		split_set(r, at, part, at + 1, here(r));
		return;
	}
	/* a? nested: each may end all */
	uint32_t ends[1001];
	int32_t n = part->most - part->least;

	for (int32_t i = 0; i < n && r->bad == KS_OK; i++) {
		ends[i] = split(r);
		make(r, part->left);
	}
	for (int32_t i = 0; i < n && r->bad == KS_OK; i++)
		split_set(r, ends[i], part, ends[i] + 1, here(r));
}

static void make_alternatives(struct reader *r, const struct part *part)
{
	static const struct part eager = { .lazy = false };
	uint32_t at = split(r);

	make(r, part->left);
	uint32_t jump = emit(r, OP_JUMP, 0);

	split_set(r, at, &eager, at + 1, here(r));
	make(r, part->right);
	if (r->bad == KS_OK)
		r->regex->steps[jump].x = here(r);
}

static void make(struct reader *r, const struct part *part)
{
	if (r->bad != KS_OK || part == NULL)
		return;
	switch (part->kind) {
	case PART_SET:
		(void)emit(r, OP_SET, part->index);
		break;
	case PART_ASSERT:
		(void)emit(r, (enum op)part->op, 0);
		break;
	case PART_CAT:
		make(r, part->left);
		make(r, part->right);
		break;
	case PART_ALT:
		make_alternatives(r, part);
		break;
	case PART_REPEAT:
		make_repeat(r, part);
		break;
	case PART_GROUP:
		(void)emit(r, OP_SAVE, part->index * 2);
		make(r, part->left);
		(void)emit(r, OP_SAVE, part->index * 2 + 1);
		break;
	default:
		break;
	}
}

void regex_make(struct reader *r, const struct part *all)
{
	make(r, all);
	(void)emit(r, OP_MATCH, 0);
}
