/* src/query/query.c - a query from its text to the last step. */
#include "query/eval.h"
#include <stdlib.h>

int query_new(const struct query_ask *ask, struct query **ret_query, struct why *why)
{
	struct query *q = calloc(1, sizeof *q);
	int bad = KS_FULL;

	if (q == NULL)
		return fail(why, bad, "memory ran out for a query");
	arena_init(&q->arena, LIMIT_QUERY_BYTES);
	text_init(&q->key, 4 * LIMIT_LABELS_BYTES);
	q->ask = *ask;
	q->why = why;
	if (q->ask.lookback_ms == 0)
		q->ask.lookback_ms = 300000;
	uint8_t *copy = arena_take(&q->arena, ask->text.left + 1);

	if (copy != NULL && ask->text.left > 0)
		memcpy(copy, ask->text.at, ask->text.left);
	bad = copy == NULL ? fail(why, KS_FULL, "memory ran out for a query") :
	    tree_read(&q->arena, span_of(copy, ask->text.left), &q->tree, why);
	if (bad == KS_OK && tags_init(&q->tags, &q->arena, ask->seed) != KS_OK)
		bad = eval_full(q);
	if (bad == KS_OK && ask->step_ms > 0 && q->tree.root->type != TYPE_SCALAR &&
	    q->tree.root->type != TYPE_VECTOR)
		bad = fail(why, KS_MALFORMED, "invalid expression type \"%s\" for range query, must be Scalar "
		    "or instant Vector", type_word(q->tree.root->type));
	if (bad == KS_OK)
		bad = eval_plan(q);
	if (bad != KS_OK) {
		query_free(q);
		return bad;
	}
	q->phase = q->subs;
	q->at_ms = q->phase != NULL ? q->phase->from_ms : q->ask.start_ms;
	*ret_query = q;
	return KS_OK;
}

void query_free(struct query *q)
{
	if (q == NULL)
		return;
	for (size_t i = 0; i < q->selects_n; i++)
		rowset_free(&q->selects[i]->rows);
	for (struct node *node = q->subs; node != NULL; node = node->next)
		rowset_free(&node->rows);
	rowset_free(&q->result);
	text_done(&q->key);
	free(q->sorted);
	free(q->buckets);
	arena_done(&q->arena);
	free(q);
}

static int keep(struct query *q, struct rowset *rows, const struct values *out)
{
	for (size_t i = 0; i < out->n; i++) {
		struct row *row = rowset_row(&q->arena, rows, out->at[i].tags);

		if (++q->samples > LIMIT_QUERY_SAMPLES)
			return fail(q->why, KS_FULL, "query processing would load too many samples into memory "
			    "in query execution");
		if (row == NULL ||
		    row_add(row, (struct moment){ q->at_ms, out->at[i].value }) != KS_OK)
			return eval_full(q);
	}
	return KS_OK;
}

/* Steps of a subquery that has none are over at once. */
static void phases_skip(struct query *q)
{
	while (q->phase != NULL && q->at_ms > q->phase->to_ms) {
		q->phase = q->phase->next;
		q->at_ms = q->phase != NULL ? q->phase->from_ms : q->ask.start_ms;
	}
}

static int step_sub(struct query *q)
{
	struct node *node = q->phase;
	int bad = eval(q, node->left, q->at_ms);

	if (bad == KS_OK)
		bad = keep(q, &node->rows, &node->left->out);
	q->at_ms += node->step_ms;
	return bad;
}

/* A range vector asked for at one moment is its rows. */
static int whole_stretch(struct query *q)
{
	struct node *root = q->tree.root;
	int64_t end;
	int bad = KS_OK;

	eval_stretch(q, root, q->ask.start_ms, &end);
	for (size_t i = 0; i < root->rows.n && bad == KS_OK; i++) {
		const struct row *from = &root->rows.at[i];
		struct row *row = from->low < from->high ?
		    rowset_row(&q->arena, &q->result, from->tags) : NULL;

		if (from->low < from->high && row == NULL)
			return eval_full(q);
		for (size_t k = from->low; k < from->high && bad == KS_OK; k++)
			bad = row_add(row, from->at[k]) == KS_OK ? KS_OK : eval_full(q);
	}
	return bad;
}

int query_step(struct query *q, struct why *why)
{
	int bad;

	q->why = why;
	phases_skip(q);
	if (q->done)
		return KS_ABSENT;
	if (q->phase != NULL)
		return step_sub(q);
	bad = q->tree.root->type == TYPE_MATRIX ? whole_stretch(q) : eval(q, q->tree.root, q->at_ms);
	if (bad == KS_OK && q->ask.step_ms > 0)
		bad = keep(q, &q->result, &q->tree.root->out);
	q->at_ms += q->ask.step_ms;
	q->done = q->ask.step_ms == 0 || q->at_ms > q->ask.end_ms;
	return bad;
}

/* Rows have up to twice the room they need. */
size_t query_memory(const struct query *q)
{
	return q->arena.used + q->samples * 2 * sizeof(struct moment);
}

struct selector {
	struct arena arena;
	struct tree tree;
};

int selector_new(struct span text, struct selector **ret_selector, struct why *why)
{
	struct selector *selector = calloc(1, sizeof *selector);

	if (selector == NULL)
		return fail(why, KS_FULL, "memory ran out for a query");
	arena_init(&selector->arena, LIMIT_QUERY_BYTES);
	uint8_t *copy = arena_take(&selector->arena, text.left + 1);

	if (copy != NULL && text.left > 0)
		memcpy(copy, text.at, text.left);
	int bad = copy == NULL ? fail(why, KS_FULL, "memory ran out for a query") :
	    tree_selector(&selector->arena, span_of(copy, text.left), &selector->tree, why);

	if (bad != KS_OK) {
		selector_free(selector);
		return bad;
	}
	*ret_selector = selector;
	return KS_OK;
}

void selector_free(struct selector *selector)
{
	if (selector == NULL)
		return;
	arena_done(&selector->arena);
	free(selector);
}

bool selector_wants(const struct selector *selector, struct span labels)
{
	return matchers_want(selector->tree.root->matchers, selector->tree.root->matchers_n, labels);
}
