/* src/query/eval_select.c - selectors and subqueries: which times they look at, what lies
 * there. */
#include "query/eval.h"

bool value_stale(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	return bits == 0x7ff0000000000002;
}

int64_t select_time(const struct node *node, int64_t t)
{
	return (node->at_kind != AT_NONE ? node->at_ms : t) - node->offset_ms;
}

/* Times only rise under one node: each row remembers where it was. */
static void row_move(struct row *row, int64_t from, int64_t to)
{
	while (row->high < row->n && row->at[row->high].time_ms <= to)
		row->high++;
	while (row->low < row->high && row->at[row->low].time_ms < from)
		row->low++;
}

int eval_select(struct query *q, struct node *node, int64_t t)
{
	int64_t to = select_time(node, t), from = to - q->ask.lookback_ms;
	int bad = KS_OK;

	node->out.n = 0;
	for (size_t i = 0; i < node->rows.n && bad == KS_OK; i++) {
		struct row *row = &node->rows.at[i];

		row_move(row, from, to);
		if (row->low == row->high || value_stale(row->at[row->high - 1].value))
			continue;
		bad = out_add(q, node, row->tags, row->at[row->high - 1].value);
		if (bad == KS_OK)
			node->out.at[node->out.n - 1].time_ms = row->at[row->high - 1].time_ms;
	}
	return bad;
}

void eval_stretch(struct query *q, struct node *node, int64_t t, int64_t *ret_end)
{
	int64_t to = select_time(node, t);

	(void)q;
	for (size_t i = 0; i < node->rows.n; i++)
		row_move(&node->rows.at[i], to - node->range_ms, to);
	*ret_end = to;
}

/* The first multiple of step that is not before t. */
static int64_t aligned(int64_t t, int64_t step)
{
	int64_t at = t / step * step;

	return at < t ? at + step : at;
}

static void times_set(const struct query *q, struct node *node, int64_t from, int64_t to, int64_t every)
{
	if (node->at_kind == AT_START || node->at_kind == AT_END)
		node->at_ms = node->at_kind == AT_START ? q->ask.start_ms : q->ask.end_ms;
	node->first_ms = node->at_kind != AT_NONE ? node->at_ms : from;
	node->last_ms = node->at_kind != AT_NONE ? node->at_ms : to;
	node->every_ms = node->at_kind != AT_NONE ? 0 : every;
}

static int plan_node(struct query *q, struct node *node, int64_t from, int64_t to, int64_t every);

static int plan_sub(struct query *q, struct node *node)
{
	int64_t step = node->step_ms > 0 ? node->step_ms : 60000;
	int64_t first = aligned(node->first_ms - node->offset_ms - node->range_ms, step);
	int64_t last = node->last_ms - node->offset_ms;
	int64_t steps = last >= first ? (last - first) / step + 1 : 0;

	if (steps > LIMIT_QUERY_STEPS || q->steps_all + (size_t)steps > LIMIT_QUERY_STEPS)
		return fail(q->why, KS_FULL, "the query would be evaluated at more than %ld times",
		    (long)LIMIT_QUERY_STEPS);
	q->steps_all += (size_t)steps;
	node->step_ms = step;
	node->from_ms = first;
	node->to_ms = last;
	int bad = plan_node(q, node->left, first, last, step);

	node->next = NULL;
	*q->subs_end = node;
	q->subs_end = &node->next;
	return bad;
}

static int plan_node(struct query *q, struct node *node, int64_t from, int64_t to, int64_t every)
{
	int bad = KS_OK;

	times_set(q, node, from, to, every);
	if (node->kind == NODE_SUBQUERY)
		return plan_sub(q, node);
	if (node->kind == NODE_SELECT) {
		if (q->selects_n == LIMIT_QUERY_SELECTS)
			return fail(q->why, KS_FULL, "more than %d selectors in one query",
			    (int)LIMIT_QUERY_SELECTS);
		q->selects[q->selects_n++] = node;
		return KS_OK;
	}
	if (node->left != NULL)
		bad = plan_node(q, node->left, from, to, every);
	if (bad == KS_OK && node->right != NULL)
		bad = plan_node(q, node->right, from, to, every);
	for (size_t i = 0; i < node->args_n && bad == KS_OK; i++)
		bad = plan_node(q, node->args[i], from, to, every);
	return bad;
}

int eval_plan(struct query *q)
{
	q->steps_all = q->ask.step_ms > 0 ?
	    (size_t)((q->ask.end_ms - q->ask.start_ms) / q->ask.step_ms) + 1 : 1;
	q->subs_end = &q->subs;
	return plan_node(q, q->tree.root, q->ask.start_ms, q->ask.end_ms, q->ask.step_ms);
}

/* The first step that can see a sample of this time; negative: none does. */
static int64_t step_after(const struct node *node, int64_t time_ms)
{
	int64_t u = time_ms + node->offset_ms, past = u - node->first_ms;

	if (node->every_ms == 0)
		return u <= node->first_ms ? 0 : -1;
	int64_t k = past > 0 ? (past + node->every_ms - 1) / node->every_ms : 0;

	return node->first_ms + k * node->every_ms <= node->last_ms ? k : -1;
}

/* Of what no step looks at, nothing is kept. */
static int sample_keep(struct query *q, struct node *node, struct row *row, struct moment m)
{
	int64_t k = step_after(node, m.time_ms);
	int64_t back = node->range_ms > 0 ? node->range_ms : q->ask.lookback_ms;

	if (k < 0 || m.time_ms + node->offset_ms < node->first_ms + k * node->every_ms - back)
		return KS_OK;
	if (node->range_ms > 0 && value_stale(m.value))
		return KS_OK;
	if (node->range_ms == 0 && row->n > 0 && step_after(node, row->at[row->n - 1].time_ms) == k) {
		row->at[row->n - 1] = m;
		return KS_OK;
	}
	if (++q->samples > LIMIT_QUERY_SAMPLES)
		return fail(q->why, KS_FULL, "query processing would load too many samples into memory in "
		    "query execution");
	return row_add(row, m) == KS_OK ? KS_OK : eval_full(q);
}

int query_begin(struct query *q, size_t select, struct span labels, struct why *why)
{
	struct node *node = q->selects[select];
	uint32_t tags;

	q->why = why;
	if (node->rows.n >= LIMIT_QUERY_SERIES)
		return fail(why, KS_FULL, "the query would look at more than %ld series",
		    (long)LIMIT_QUERY_SERIES);
	if (tags_add(&q->tags, labels, &tags) != KS_OK ||
	    rowset_add(&q->arena, &node->rows, tags) == NULL)
		return eval_full(q);
	return KS_OK;
}

int query_sample(struct query *q, size_t select, int64_t time_ms, double value, struct why *why)
{
	struct node *node = q->selects[select];
	struct row *row = &node->rows.at[node->rows.n - 1];

	q->why = why;
	if (row->n > 0 && row->at[row->n - 1].time_ms >= time_ms)
		return KS_OK;
	return sample_keep(q, node, row, (struct moment){ time_ms, value });
}

size_t query_selects(const struct query *q)
{
	return q->selects_n;
}

bool query_wants(const struct query *q, size_t select, struct span labels)
{
	const struct node *node = q->selects[select];

	return matchers_want(node->matchers, node->matchers_n, labels);
}

void query_range(const struct query *q, size_t select, int64_t *ret_from_ms, int64_t *ret_to_ms)
{
	const struct node *node = q->selects[select];

	*ret_from_ms = node->first_ms - node->offset_ms -
	    (node->range_ms > 0 ? node->range_ms : q->ask.lookback_ms);
	*ret_to_ms = node->last_ms - node->offset_ms;
}
