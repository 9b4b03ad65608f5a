/* src/query/eval_labels.c - label sets made of label sets; each step after the first finds
 * them in a memo. */
#include "query/eval.h"

bool names_has(const struct names *names, struct span name)
{
	for (size_t i = 0; i < names->n; i++)
		if (names->at[i].left == name.left && memcmp(names->at[i].at, name.at, name.left) == 0)
			return true;
	return false;
}

static void label_add(struct text *key, struct span name, struct span value)
{
	text_add_span(key, name);
	text_add_char(key, (char)0xff);
	while (value.left > 0) { /* 0xff is in no UTF-8, and would end the label */
		size_t before = value.left;
		struct span part = span_until(&value, 0xff);

		text_add_span(key, part);
		if (part.left < before)
			text_add(key, "\xef\xbf\xbd");
	}
	text_add_char(key, (char)0xff);
}

static int key_number(struct query *q, struct memo *memo, uint32_t tags, uint32_t *ret_tags)
{
	if (q->key.full || tags_add(&q->tags, text_span(&q->key), ret_tags) != KS_OK ||
	    (memo != NULL && memo_keep(&q->arena, memo, tags, *ret_tags) != KS_OK))
		return eval_full(q);
	return KS_OK;
}

static int filtered(struct query *q, struct memo *memo, uint32_t tags, const struct names *names,
    bool keep, uint32_t *ret_tags)
{
	struct span rest = q->tags.of[tags];
	uint32_t known = memo != NULL ? memo_find(memo, tags) : 0;

	if (known != 0) {
		*ret_tags = known - 1;
		return KS_OK;
	}
	text_clear(&q->key);
	while (rest.left > 0) {
		struct span name = span_until(&rest, 0xff), value = span_until(&rest, 0xff);

		if (keep ? names_has(names, name) : !names_has(names, name) && !span_equal(name, "__name__"))
			label_add(&q->key, name, value);
	}
	return key_number(q, memo, tags, ret_tags);
}

int tags_without(struct query *q, struct memo *memo, uint32_t tags, const struct names *names,
    uint32_t *ret_tags)
{
	return filtered(q, memo, tags, names, false, ret_tags);
}

int tags_with(struct query *q, struct memo *memo, uint32_t tags, const struct names *names,
    uint32_t *ret_tags)
{
	return filtered(q, memo, tags, names, true, ret_tags);
}

int tags_bare(struct query *q, struct memo *memo, uint32_t tags, uint32_t *ret_tags)
{
	static const struct names none = { .n = 0 };

	return tags_without(q, memo, tags, &none, ret_tags);
}

int labels_order(struct span a, struct span b)
{
	while (a.left > 0 && b.left > 0) {
		int order = span_order(span_until(&a, 0xff), span_until(&b, 0xff));

		if (order != 0)
			return order;
	}
	return (a.left > 0) - (b.left > 0);
}

int tags_set(struct query *q, uint32_t tags, struct span name, struct span value,
    uint32_t *ret_tags)
{
	struct span rest = q->tags.of[tags];
	bool done = value.left == 0;

	text_clear(&q->key);
	while (rest.left > 0) {
		struct span has = span_until(&rest, 0xff), its = span_until(&rest, 0xff);
		int order = span_order(has, name);

		if (!done && order >= 0) {
			label_add(&q->key, name, value);
			done = true;
		}
		if (order != 0)
			label_add(&q->key, has, its);
	}
	if (!done)
		label_add(&q->key, name, value);
	return key_number(q, NULL, tags, ret_tags);
}
