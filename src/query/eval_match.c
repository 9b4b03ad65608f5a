/* src/query/eval_match.c - values with values: which belongs to which, and what the pair is
 * called. */
#include "query/eval.h"
#include <stdio.h>

static int key_of(struct query *q, struct node *node, struct memo *memo, uint32_t tags,
    uint32_t *ret_key)
{
	return node->matching.on ? tags_with(q, memo, tags, &node->matching.labels, ret_key) :
	    tags_without(q, memo, tags, &node->matching.labels, ret_key);
}

/* `{a="b"}` for a sentence. */
static void labels_say(struct query *q, uint32_t tags, char *room, size_t size)
{
	KS_DROP(text) struct text out;

	text_init(&out, 4096);
	labels_json(&out, q->tags.of[tags]);
	(void)snprintf(room, size, "%s", text_cstr(&out));
}

static int many(struct query *q, uint32_t key, bool one_is_left)
{
	char group[80];

	labels_say(q, key, group, sizeof group);
	return fail(q->why, KS_MALFORMED, "found duplicate series for the match group %s on the %s "
	    "hand-side of the operation;many-to-many matching not allowed: matching labels must be "
	    "unique on one side", group, one_is_left ? "left" : "right");
}

/* The side that may have only one of each key. */
static int one_mark(struct query *q, struct node *node, bool left)
{
	const struct values *one = left ? &node->left->out : &node->right->out;
	struct memo *memo = left ? &node->key : &node->key_right;

	marks_begin(&node->marks);
	for (size_t i = 0; i < one->n; i++) {
		uint32_t key;
		int bad = key_of(q, node, memo, one->at[i].tags, &key);

		if (bad != KS_OK)
			return bad;
		if (marks_find(&node->marks, key) != UINT32_MAX)
			return many(q, key, left);
		if (marks_set(&q->arena, &node->marks, key, (uint32_t)i) != KS_OK)
			return eval_full(q);
	}
	return KS_OK;
}

static int names_taken(struct query *q, struct node *node, uint32_t tags, uint32_t *ret_tags)
{
	const struct matching *m = &node->matching;
	static const struct names nothing = { .n = 0 };
	int bad = KS_OK;

	*ret_tags = tags;
	if (op_renames(node->op) || node->as_number)
		bad = tags_without(q, NULL, *ret_tags, &nothing, ret_tags);
	if (bad != KS_OK || m->card != CARD_ONE)
		return bad;
	if (m->on)
		return tags_with(q, NULL, *ret_tags, &m->labels, ret_tags);
	for (size_t i = 0; i < m->labels.n && bad == KS_OK; i++)
		bad = tags_set(q, *ret_tags, m->labels.at[i], span_of(NULL, 0), ret_tags);
	return bad;
}

/* What the pair is called; the last answer for the same pair is kept. */
static int pair_tags(struct query *q, struct node *node, uint32_t many_tags, uint32_t one_tags,
    uint32_t *ret_tags)
{
	uint32_t known = memo_find(&node->result, many_tags);
	const struct names *include = &node->matching.include;

	if (known != 0 && (include->n == 0 || memo_find(&node->other, many_tags) == one_tags + 1)) {
		*ret_tags = known - 1;
		return KS_OK;
	}
	int bad = names_taken(q, node, many_tags, ret_tags);

	for (size_t i = 0; i < include->n && bad == KS_OK; i++)
		bad = tags_set(q, *ret_tags, include->at[i],
		    key_value(q->tags.of[one_tags], include->at[i]), ret_tags);
	if (bad == KS_OK && (memo_keep(&q->arena, &node->result, many_tags, *ret_tags) != KS_OK ||
	    memo_keep(&q->arena, &node->other, many_tags, one_tags) != KS_OK))
		bad = eval_full(q);
	return bad;
}

static int pair_add(struct query *q, struct node *node, const struct value *of_many,
    const struct value *of_one)
{
	bool swapped = node->matching.card == CARD_MANY_RIGHT;
	double value;
	uint32_t tags;
	bool keep = swapped ? binary_of(node->op, of_one->value, of_many->value, &value) :
	    binary_of(node->op, of_many->value, of_one->value, &value);

	if (!keep && !node->as_number)
		return KS_OK;
	int bad = pair_tags(q, node, of_many->tags, of_one->tags, &tags);

	return bad == KS_OK ? out_add(q, node, tags, node->as_number ? (keep ? 1 : 0) : value) : bad;
}

int eval_match(struct query *q, struct node *node)
{
	bool swapped = node->matching.card == CARD_MANY_RIGHT;
	const struct values *all = swapped ? &node->right->out : &node->left->out;
	const struct values *one = swapped ? &node->left->out : &node->right->out;
	/* nothing to match: what is there twice is no mistake then */
	int bad = all->n == 0 || one->n == 0 ? KS_OK : one_mark(q, node, swapped);

	marks_begin(&node->seen);
	for (size_t i = 0; i < all->n && one->n > 0 && bad == KS_OK; i++) {
		uint32_t key, at;

		bad = key_of(q, node, swapped ? &node->key_right : &node->key, all->at[i].tags, &key);
		at = bad == KS_OK ? marks_find(&node->marks, key) : UINT32_MAX;
		if (bad != KS_OK || at == UINT32_MAX)
			continue;
		size_t before = node->out.n;

		bad = pair_add(q, node, &all->at[i], &one->at[at]);
		if (bad != KS_OK || node->out.n == before || node->matching.card != CARD_ONE)
			continue;
		if (marks_find(&node->seen, key) != UINT32_MAX)
			return fail(q->why, KS_MALFORMED, "multiple matches for labels: many-to-one matching "
			    "must be explicit (group_left/group_right)");
		if (marks_set(&q->arena, &node->seen, key, 0) != KS_OK)
			return eval_full(q);
	}
	if (bad == KS_OK && node->matching.card != CARD_ONE) {
		bad = eval_unique(q, node);
		if (bad == KS_MALFORMED)
			return fail(q->why, bad, "multiple matches for labels: grouping labels must ensure "
			    "unique matches");
	}
	return bad == KS_OK && node->matching.card == CARD_ONE ? eval_unique(q, node) : bad;
}
