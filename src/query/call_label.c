/* src/query/call_label.c - functions of labels, and of what is not there. */
#include "query/eval.h"

/* Labels that the matchers name once, by equality. */
static int absent_tags(struct query *q, const struct node *select, uint32_t *ret_tags)
{
	uint32_t tags = 0;
	int bad = KS_OK;

	for (size_t i = 0; i < select->matchers_n && bad == KS_OK; i++) {
		const struct matcher *m = &select->matchers[i];
		size_t same = 0;

		for (size_t k = 0; k < select->matchers_n; k++)
			same += select->matchers[k].name.left == m->name.left &&
			    memcmp(select->matchers[k].name.at, m->name.at, m->name.left) == 0;
		if (!span_equal(m->name, "__name__") && m->is == MATCH_EQUAL && same == 1)
			bad = tags_set(q, tags, m->name, m->value, &tags);
	}
	*ret_tags = tags;
	return bad;
}

int call_absent(struct query *q, struct node *node)
{
	const struct node *of = node->args[0];
	uint32_t tags = 0;
	int bad = of->kind == NODE_SELECT ? absent_tags(q, of, &tags) : KS_OK;

	return bad == KS_OK ? out_add(q, node, tags, 1) : bad;
}

static int replace_ready(struct query *q, struct node *node)
{
	struct span pattern = node->args[4]->string, to = node->args[1]->string;

	if (node->regex != NULL)
		return KS_OK;
	int bad = regex_new(&q->arena, pattern, &node->regex, q->why);

	if (bad == KS_FULL)
		return bad; /* of memory or size, which is no fault in it */
	if (bad != KS_OK)
		return fail(q->why, KS_MALFORMED, "invalid regular expression in label_replace(): %.*s",
		    pattern.left < 60 ? (int)pattern.left : 60, (const char *)pattern.at);
	if (!label_name_good(to))
		return fail(q->why, KS_MALFORMED, "invalid destination label name in label_replace(): %.*s",
		    to.left < 60 ? (int)to.left : 60, (const char *)to.at);
	return KS_OK;
}

static int replaced(struct query *q, struct node *node, uint32_t tags, uint32_t *ret_tags)
{
	struct span value = key_value(q->tags.of[tags], node->args[3]->string);
	KS_DROP(text) struct text word;

	text_init(&word, LIMIT_LABELS_BYTES);
	*ret_tags = tags;
	if (!regex_groups(node->regex, value))
		return KS_OK;
	regex_expand(node->regex, value, node->args[2]->string, &word);
	return word.full ? eval_full(q) :
	    tags_set(q, tags, node->args[1]->string, text_span(&word), ret_tags);
}

static int joined(struct query *q, struct node *node, uint32_t tags, uint32_t *ret_tags)
{
	KS_DROP(text) struct text word;

	text_init(&word, LIMIT_LABELS_BYTES);
	for (size_t i = 3; i < node->args_n; i++) {
		if (i > 3)
			text_add_span(&word, node->args[2]->string);
		text_add_span(&word, key_value(q->tags.of[tags], node->args[i]->string));
	}
	return word.full ? eval_full(q) :
	    tags_set(q, tags, node->args[1]->string, text_span(&word), ret_tags);
}

static int join_ready(struct query *q, const struct node *node)
{
	for (size_t i = 1; i < node->args_n; i++) {
		struct span name = node->args[i]->string;

		if (i != 2 && !label_name_good(name))
			return fail(q->why, KS_MALFORMED, "invalid %s label name in label_join(): %.*s",
			    i == 1 ? "destination" : "source", name.left < 60 ? (int)name.left : 60,
			    (const char *)name.at);
	}
	return KS_OK;
}

int call_label(struct query *q, struct node *node)
{
	bool replace = node->function->what == CALL_LABEL_REPLACE;
	const struct values *in = &node->args[0]->out;
	int bad = replace ? replace_ready(q, node) : join_ready(q, node);

	for (size_t i = 0; i < in->n && bad == KS_OK; i++) {
		uint32_t tags = in->at[i].tags, known = memo_find(&node->key, tags), becomes = known - 1;

		if (known == 0) {
			bad = replace ? replaced(q, node, tags, &becomes) : joined(q, node, tags, &becomes);
			if (bad == KS_OK && memo_keep(&q->arena, &node->key, tags, becomes) != KS_OK)
				bad = eval_full(q);
		}
		if (bad == KS_OK)
			bad = out_add(q, node, becomes, in->at[i].value);
	}
	return bad == KS_OK ? eval_unique(q, node) : bad;
}
