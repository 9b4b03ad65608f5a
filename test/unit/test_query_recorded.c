/* Answers recorded when Prometheus and keisoku gave the same, bit for bit
 * (test/query/record.py): the same samples give the same bytes still. */
#include "harness.h"
#include "query/query.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES = 200, AT_S = 1790000630, FROM_S = 1790000510 };

struct series {
	char labels[512];
	size_t len;
	char *samples; /* "MS:BITS MS:BITS ..", of the file */
};

static struct series series[SERIES];
static size_t series_n;
static struct why why;

/* "a=b\x1fc=d" as the store has it */
static void labels_read(struct series *s, const char *text)
{
	bool value = false;

	for (; *text != '\0'; text++) {
		bool ends = *text == '\x1f' || (*text == '=' && !value);

		assert_true(s->len + 2 < sizeof s->labels);
		s->labels[s->len++] = ends ? (char)0xff : *text;
		value = *text == '\x1f' ? false : value || *text == '=';
	}
	s->labels[s->len++] = (char)0xff;
}

static struct span labels_of(const struct series *s)
{
	return span_of(s->labels, s->len);
}

static int by_labels(const void *a, const void *b)
{
	return labels_order(labels_of(a), labels_of(b));
}

static void feed(struct query *query)
{
	for (size_t i = 0; i < query_selects(query); i++)
		for (size_t k = 0; k < series_n; k++) {
			if (!query_wants(query, i, labels_of(&series[k])))
				continue;
			assert_int_equal(query_begin(query, i, labels_of(&series[k]), &why), KS_OK);
			for (char *at = series[k].samples; *at != '\0';) {
				int64_t time_ms = strtoll(at, &at, 10);
				uint64_t bits = strtoull(at + 1, &at, 16);
				double value;

				memcpy(&value, &bits, sizeof value);
				assert_int_equal(query_sample(query, i, time_ms, value, &why), KS_OK);
				at += *at == ' ';
			}
		}
}

static bool holds(const char *text, bool range, const char *answer)
{
	const struct query_ask ask = { .text = span_text(text), .end_ms = AT_S * 1000LL,
		.start_ms = (range ? FROM_S : AT_S) * 1000LL, .step_ms = range ? 60000 : 0, .seed = 3 };
	struct query *query = NULL;
	struct text out;
	int bad = query_new(&ask, &query, &why);

	text_init(&out, 1 << 20);
	if (bad == KS_OK) {
		feed(query);
		while ((bad = query_step(query, &why)) == KS_OK)
			;
		query_answer(query, &out);
	}
	bool same = bad == KS_ABSENT && strcmp(text_cstr(&out), answer) == 0;

	if (!same)
		print_error("%s\n  is  %s\n  was %s\n", text, bad == KS_ABSENT ? text_cstr(&out) : why.text, answer);
	query_free(query);
	text_done(&out);
	return same;
}

static bool refuses(const char *text)
{
	const struct query_ask ask = { .text = span_text(text), .start_ms = AT_S * 1000LL,
		.end_ms = AT_S * 1000LL, .seed = 3 };
	struct query *query = NULL;
	int bad = query_new(&ask, &query, &why);

	if (bad == KS_OK) {
		feed(query);
		while ((bad = query_step(query, &why)) == KS_OK)
			;
	}
	query_free(query);
	if (bad != KS_MALFORMED)
		print_error("%s is not refused\n", text);
	return bad == KS_MALFORMED;
}

static void answers_as_recorded(void **state)
{
	char path[512], *line = NULL;
	size_t room = 0, n = 0, wrong = 0;
	ssize_t len;

	(void)state;
	(void)snprintf(path, sizeof path, "%s/test/data/query/recorded", getenv("KS_SOURCE"));
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	while ((len = getline(&line, &room, file)) > 0) {
		char *tab = strchr(line, '\t');

		assert_non_null(tab);
		*tab = '\0';
		line[len - 1] = '\0';
		if (line[0] == 'S') {
			assert_true(series_n < SERIES);
			labels_read(&series[series_n], line + 2);
			series[series_n++].samples = strdup(tab + 1);
			continue;
		}
		if (n++ == 0)
			qsort(series, series_n, sizeof *series, by_labels);
		wrong += line[0] == 'W' ? !refuses(line + 2) : !holds(line + 2, line[0] == 'R', tab + 1);
	}
	(void)fclose(file);
	free(line);
	for (size_t i = 0; i < series_n; i++)
		free(series[i].samples);
	assert_true(n > 400);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(answers_as_recorded) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
