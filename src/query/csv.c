/* src/query/csv.c - results as a table: time, a column for each label, value. */
#include "query/eval.h"
#include "base/csv.h"

struct columns {
	struct span of[LIMIT_QUERY_COLUMNS];
	size_t n;
};

/* In order, each once; false: too many. */
static bool columns_add(struct columns *columns, struct span labels)
{
	while (labels.left > 0) {
		struct span name = span_until(&labels, 0xff);
		size_t at = 0;

		(void)span_until(&labels, 0xff);
		while (at < columns->n && span_order(columns->of[at], name) < 0)
			at++;
		if (at < columns->n && span_order(columns->of[at], name) == 0)
			continue;
		if (columns->n == LIMIT_QUERY_COLUMNS)
			return false;
		memmove(columns->of + at + 1, columns->of + at, (columns->n++ - at) * sizeof *columns->of);
		columns->of[at] = name;
	}
	return true;
}

static void line(struct text *out, const struct columns *columns, struct span labels,
    struct moment m)
{
	text_add_time(out, m.time_ms);
	for (size_t i = 0; i < columns->n; i++) {
		text_add_char(out, ',');
		csv_cell(out, key_value(labels, columns->of[i]));
	}
	text_add_char(out, ',');
	number_add(out, m.value);
	text_add(out, CSV_END);
}

static bool head(const struct query *q, struct columns *columns, struct text *out)
{
	const struct values *in = &q->tree.root->out;
	bool rows = q->ask.step_ms > 0 || q->tree.root->type == TYPE_MATRIX, good = true;

	for (size_t i = 0; rows && i < q->result.n && good; i++)
		good = columns_add(columns, q->tags.of[q->result.at[i].tags]);
	for (size_t i = 0; !rows && i < in->n && good; i++)
		good = columns_add(columns, q->tags.of[in->at[i].tags]);
	text_add(out, CSV_MARK "time");
	for (size_t i = 0; i < columns->n; i++) {
		text_add_char(out, ',');
		csv_cell(out, columns->of[i]);
	}
	text_add(out, ",value" CSV_END);
	return good;
}

bool query_csv(const struct query *q, struct text *out)
{
	const struct values *in = &q->tree.root->out;
	struct columns columns = { .n = 0 };

	if (q->tree.root->type == TYPE_STRING)
		return false;
	if (!head(q, &columns, out))
		out->full = true;
	if (q->ask.step_ms == 0 && q->tree.root->type != TYPE_MATRIX) {
		for (size_t i = 0; i < in->n && !out->full; i++)
			line(out, &columns, q->tags.of[in->at[i].tags],
			    (struct moment){ q->ask.start_ms, in->at[i].value });
		return true;
	}
	for (size_t i = 0; i < q->result.n; i++)
		for (size_t k = 0; k < q->result.at[i].n && !out->full; k++)
			line(out, &columns, q->tags.of[q->result.at[i].tags], q->result.at[i].at[k]);
	return true;
}
