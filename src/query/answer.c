/* src/query/answer.c - results as Prometheus writes them, and as a table. */
#include "query/eval.h"
#include <stdlib.h>

void labels_json(struct text *out, struct span labels)
{
	bool first = true;

	text_add_char(out, '{');
	while (labels.left > 0) {
		struct span name = span_until(&labels, 0xff), value = span_until(&labels, 0xff);

		text_add(out, first ? "\"" : ",\"");
		text_add_json(out, name);
		text_add(out, "\":\"");
		text_add_json(out, value);
		text_add_char(out, '"');
		first = false;
	}
	text_add_char(out, '}');
}

static void moment_json(struct text *out, int64_t time_ms, double value)
{
	text_add_char(out, '[');
	seconds_add(out, time_ms);
	text_add(out, ",\"");
	number_add(out, value);
	text_add(out, "\"]");
}

static int by_labels(const void *a, const void *b, void *user)
{
	const struct query *q = user;
	const struct row *left = *(const struct row *const *)a, *right = *(const struct row *const *)b;

	return labels_order(q->tags.of[left->tags], q->tags.of[right->tags]);
}

/* The rows of the result by their labels; NULL: memory. */
static const struct row **rows_sorted(const struct query *q)
{
	const struct row **list = malloc((q->result.n + 1) * sizeof *list);

	for (size_t i = 0; list != NULL && i < q->result.n; i++)
		list[i] = &q->result.at[i];
	if (list != NULL && q->result.n > 1)
		qsort_r(list, q->result.n, sizeof *list, by_labels, (void *)(uintptr_t)q);
	return list;
}

static void matrix_json(const struct query *q, struct text *out)
{
	KS_DROP(heap) const struct row **rows = rows_sorted(q);

	if (rows == NULL) {
		out->full = true;
		return;
	}
	text_add(out, "{\"resultType\":\"matrix\",\"result\":[");
	for (size_t i = 0; i < q->result.n && !out->full; i++) {
		text_add(out, i > 0 ? ",{\"metric\":" : "{\"metric\":");
		labels_json(out, q->tags.of[rows[i]->tags]);
		text_add(out, ",\"values\":[");
		for (size_t k = 0; k < rows[i]->n; k++) {
			if (k > 0)
				text_add_char(out, ',');
			moment_json(out, rows[i]->at[k].time_ms, rows[i]->at[k].value);
		}
		text_add(out, "]}");
	}
	text_add(out, "]}");
}

static void vector_json(const struct query *q, struct text *out)
{
	const struct values *in = &q->tree.root->out;

	text_add(out, "{\"resultType\":\"vector\",\"result\":[");
	for (size_t i = 0; i < in->n && !out->full; i++) {
		text_add(out, i > 0 ? ",{\"metric\":" : "{\"metric\":");
		labels_json(out, q->tags.of[in->at[i].tags]);
		text_add(out, ",\"value\":");
		moment_json(out, q->ask.start_ms, in->at[i].value);
		text_add_char(out, '}');
	}
	text_add(out, "]}");
}

void query_answer(const struct query *q, struct text *out)
{
	const struct node *root = q->tree.root;

	if (q->ask.step_ms > 0 || root->type == TYPE_MATRIX) {
		matrix_json(q, out);
	} else if (root->type == TYPE_VECTOR) {
		vector_json(q, out);
	} else if (root->type == TYPE_SCALAR) {
		text_add(out, "{\"resultType\":\"scalar\",\"result\":[");
		seconds_add(out, q->ask.start_ms);
		text_add(out, ",\"");
		number_add_plain(out, out_scalar(root));
		text_add(out, "\"]}");
	} else {
		text_add(out, "{\"resultType\":\"string\",\"result\":[");
		seconds_add(out, q->ask.start_ms);
		text_add(out, ",\"");
		text_add_json(out, root->string);
		text_add(out, "\"]}");
	}
}
