/* A PromQL expression, evaluated over a few series at a few times: whatever a stranger asks,
 * nothing is read or written outside, time and memory stay within their limits, and the
 * answer is whole.  The same bytes as a form, and as a regular expression over themselves. */
#include "base/must.h"
#include "page/api_ask.h"
#include "query/query.h"
#include "query/regex.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { STEPS_MOST = 300, SERIES = 4, SAMPLES = 12 };

static void feed(struct query *query)
{
	static const char *const labels[SERIES] = {
		"__name__\xffup\xffinstance\xffh1:9100\xffjob\xffnode\xff",
		"__name__\xffup\xffinstance\xffh2:9100\xffjob\xffnode\xff",
		"__name__\xfflatency_bucket\xffle\xff" "0.5\xff",
		"__name__\xff" "flat\xffn\xff" "1\xff" };
	struct why why;

	for (size_t i = 0; i < query_selects(query); i++)
		for (size_t k = 0; k < SERIES; k++) {
			if (!query_wants(query, i, span_text(labels[k])) ||
			    query_begin(query, i, span_text(labels[k]), &why) != KS_OK)
				continue;
			for (int64_t t = 0; t < SAMPLES; t++)
				if (query_sample(query, i, 1000000 + t * 30000, (double)(t * (int64_t)k), &why) != KS_OK)
					break;
		}
}

static void evaluate(struct span text, int64_t step_ms)
{
	const struct query_ask ask = { .text = text, .start_ms = 1000000,
		.end_ms = step_ms > 0 ? 1300000 : 1000000, .step_ms = step_ms, .seed = 7 };
	struct query *query = NULL;
	struct why why;
	int bad = query_new(&ask, &query, &why);
	struct text out;

	if (bad != KS_OK) {
		must(query == NULL && why.text[0] != '\0');
		return;
	}
	feed(query);
	for (int i = 0; i < STEPS_MOST && bad == KS_OK; i++)
		bad = query_step(query, &why);
	text_init(&out, 1 << 20);
	if (bad == KS_ABSENT) {
		query_answer(query, &out);
		must(out.full || (out.len > 0 && out.at[out.len - 1] == '}'));
		text_clear(&out);
		(void)query_csv(query, &out);
	}
	text_done(&out);
	query_free(query);
}

static void form(struct span text, enum api_route route)
{
	struct api_ask ask = { .route = route };
	struct selector *selector = NULL;
	struct why why;

	(void)!api_ask_read(&ask, text, span_of(NULL, 0), &why);
	for (size_t i = 0; i < ask.matches_n; i++) {
		if (selector_new(text_span(&ask.matches[i]), &selector, &why) != KS_OK)
			continue;
		(void)selector_wants(selector, span_text("__name__\xffup\xff"));
		selector_free(selector);
	}
	api_ask_done(&ask);
}

/* The same as a path, and as one word of a form. */
static void words(struct span text)
{
	char path[100];
	enum api_route route;
	struct span name = { .left = 0 };
	int64_t ms;

	(void)snprintf(path, sizeof path, "%.*s", (int)text.left,
	    text.left > 0 ? (const char *)text.at : "");
	if (api_find(path, &route, &name) && route == API_VALUES)
		must(name.left < sizeof path);
	(void)moment_parse(text, &ms);
	(void)stretch_parse(text, &ms);
}

static void expression(struct span text)
{
	struct regex *regex = NULL;
	struct arena arena;
	struct text out;
	struct why why;

	arena_init(&arena, 64 << 20);
	text_init(&out, 1 << 16);
	if (regex_new(&arena, text, &regex, &why) == KS_OK) {
		(void)regex_match(regex, text);
		if (regex_groups(regex, text))
			regex_expand(regex, text, text, &out);
	}
	text_done(&out);
	arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct span text = span_of(bytes, n < 2000 ? n : 2000);

	evaluate(text, 0);
	evaluate(text, 60000);
	form(text, API_QUERY_RANGE);
	form(text, API_QUERY);
	form(text, API_METADATA);
	words(text);
	expression(text);
	return 0;
}
