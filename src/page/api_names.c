/* src/page/api_names.c - answers that list names: series, labels, values, metrics. */
#include "base/limits.h"
#include "page/api.h"
#include "site/metric.h"
#include <stdlib.h>

struct words { /* each once, in order */
	struct tags tags;
	struct span *list;
	size_t n;
};

static int by_bytes(const void *a, const void *b)
{
	const struct span *left = a, *right = b;
	size_t n = left->left < right->left ? left->left : right->left;
	int order = n > 0 ? memcmp(left->at, right->at, n) : 0;

	return order != 0 ? order : (left->left > right->left) - (left->left < right->left);
}

static bool words_begin(struct api *api, struct words *words)
{
	*words = (struct words){ .n = 0 };
	return tags_init(&words->tags, &api->arena, api->keys.seed) == KS_OK;
}

static bool word_add(struct words *words, struct span word)
{
	uint32_t number;

	return word.left == 0 || tags_add(&words->tags, word, &number) == KS_OK;
}

static void words_write(struct words *words, struct text *out)
{
	struct span *list = words->tags.of + 1; /* the first is the empty one */
	size_t n = words->tags.n - 1;

	if (n > 1)
		qsort(list, n, sizeof *list, by_bytes);
	text_add_char(out, '[');
	for (size_t i = 0; i < n && !out->full; i++) {
		text_add(out, i > 0 ? ",\"" : "\"");
		text_add_json(out, list[i]);
		text_add_char(out, '"');
	}
	text_add_char(out, ']');
}

static bool names_add(struct words *words, struct span labels)
{
	while (labels.left > 0) {
		struct span name = span_until(&labels, 0xff);

		(void)span_until(&labels, 0xff);
		if (!word_add(words, name))
			return false;
	}
	return true;
}

static void series_write(struct api *api, struct text *out)
{
	struct marks seen = { .now = 1 };
	size_t n = 0;

	text_add_char(out, '[');
	for (size_t i = 0; i < api->picks_n && !out->full; i++) {
		uint32_t key = api->picks[i].key;

		if (!api->picks[i].has || marks_find(&seen, key) != UINT32_MAX)
			continue;
		if (marks_set(&api->arena, &seen, key, 0) != KS_OK) {
			out->full = true;
			return;
		}
		text_add(out, n++ > 0 ? "," : "");
		labels_json(out, api->keys.of[key]);
	}
	text_add_char(out, ']');
}

void api_names_answer(struct api *api, struct text *out)
{
	struct words words;
	bool good = words_begin(api, &words);

	if (api->ask.route == API_SERIES) {
		series_write(api, out);
		return;
	}
	for (size_t i = 0; i < api->picks_n && good; i++) {
		struct span labels = api->keys.of[api->picks[i].key];

		if (!api->picks[i].has)
			continue;
		good = api->ask.route == API_LABELS ? names_add(&words, labels) :
		    word_add(&words, key_value(labels, text_span(&api->ask.name)));
	}
	if (good)
		words_write(&words, out);
	else
		out->full = true;
}

static void metadata_write(const struct api_ask *ask, struct text *out)
{
	size_t n = 0;

	text_add_char(out, '{');
	for (unsigned kind = 0; kind < MEASURES; kind++) {
		const char *name = metric_name((enum measure)kind);

		if (name == NULL || (ask->query.len > 0 && !span_equal(text_span(&ask->query), name)) ||
		    (ask->limit > 0 && n >= ask->limit))
			continue;
		text_addf(out, "%s\"%s\":[{\"type\":\"gauge\",\"help\":\"", n++ > 0 ? "," : "", name);
		text_add_json(out, span_text(metric_help((enum measure)kind)));
		text_add(out, "\",\"unit\":\"\"}]");
	}
	text_add_char(out, '}');
}

bool api_fixed(const struct api_ask *ask, struct text *out)
{
	text_add(out, "{\"status\":\"success\",\"data\":");
	switch (ask->route) {
	case API_METADATA:
		metadata_write(ask, out);
		break;
	case API_BUILDINFO:
		text_add(out, "{\"version\":\"" KS_VERSION "\",\"revision\":\"\",\"branch\":\"\","
		    "\"buildUser\":\"\",\"buildDate\":\"\",\"goVersion\":\"\",\"application\":\"keisoku\"}");
		break;
	case API_RULES:
		text_add(out, "{\"groups\":[]}");
		break;
	case API_ALERTS:
		text_add(out, "{\"alerts\":[]}");
		break;
	case API_EXEMPLARS:
		text_add(out, "[]");
		break;
	default:
		return false;
	}
	text_add(out, "}\n");
	return true;
}
