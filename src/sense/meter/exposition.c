#include "sense/meter/exposition.h"
#include <ctype.h>

static void skip_blanks(struct span *s)
{
	while (s->left > 0 && (s->at[0] == ' ' || s->at[0] == '\t'))
		(void)span_cut(s, 1);
}

static struct span cut_name(struct span *s)
{
	size_t n = 0;

	while (n < s->left && (isalnum(s->at[n]) || s->at[n] == '_' || s->at[n] == ':' ||
	    s->at[n] == '.'))
		n++;
	return n > 0 && isdigit(s->at[0]) ? (struct span){ 0 } : span_cut(s, n);
}

/* A quoted value with its escapes left in; false when it does not end. */
static bool cut_quoted(struct span *s, struct span *ret_value)
{
	struct span rest = *s;
	size_t n = 0;

	(void)span_cut(&rest, 1);
	while (n < rest.left && rest.at[n] != '"')
		n += rest.at[n] == '\\' ? 2 : 1;
	if (n >= rest.left)
		return false;
	*ret_value = span_cut(&rest, n);
	(void)span_cut(&rest, 1);
	*s = rest;
	return true;
}

static bool cut_value(struct span *s, bool selector, struct span *ret_value)
{
	size_t n = 0;

	if (s->left > 0 && s->at[0] == '"')
		return cut_quoted(s, ret_value);
	if (!selector)
		return false;
	while (n < s->left && s->at[n] != ',' && s->at[n] != '}')
		n++;
	*ret_value = span_trim(span_cut(s, n));
	return true;
}

bool sample_series(struct span *text, bool selector, struct sample *ret_sample)
{
	struct span s = *text, start = *text;
	struct sample sample = { .name = cut_name(&s) };

	if (sample.name.left == 0)
		return false;
	if (s.left > 0 && s.at[0] == '{') {
		(void)span_cut(&s, 1);
		for (skip_blanks(&s); s.left > 0 && s.at[0] != '}'; skip_blanks(&s)) {
			struct span name = cut_name(&s), value = { 0 };

			skip_blanks(&s);
			if (name.left == 0 || s.left == 0 || s.at[0] != '=')
				return false;
			(void)span_cut(&s, 1);
			skip_blanks(&s);
			if (!cut_value(&s, selector, &value))
				return false;
			if (sample.labels_n < EXPOSITION_LABELS) {
				sample.labels[sample.labels_n].name = name;
				sample.labels[sample.labels_n++].value = value;
			}
			skip_blanks(&s);
			if (s.left > 0 && s.at[0] == ',')
				(void)span_cut(&s, 1);
			else if (s.left == 0 || s.at[0] != '}')
				return false;
		}
		if (s.left == 0)
			return false;
		(void)span_cut(&s, 1);
	}
	sample.series = span_of(start.at, start.left - s.left);
	*ret_sample = sample;
	*text = s;
	return true;
}

bool sample_next(struct span *text, struct sample *ret_sample)
{
	while (text->left > 0) {
		struct span line = span_trim(span_until(text, '\n'));
		struct sample sample;

		if (line.left == 0 || line.at[0] == '#' || !sample_series(&line, false, &sample))
			continue;
		line = span_trim(line);
		sample.value = span_until(&line, ' ');
		if (sample.value.left == 0)
			continue;
		*ret_sample = sample;
		return true;
	}
	return false;
}

static bool same(struct span a, struct span b)
{
	return a.left == b.left && (a.left == 0 || memcmp(a.at, b.at, a.left) == 0);
}

bool sample_matches(const struct sample *sample, const struct sample *selector)
{
	if (!same(sample->name, selector->name))
		return false;
	for (size_t i = 0; i < selector->labels_n; i++) {
		bool found = false;

		for (size_t k = 0; k < sample->labels_n && !found; k++)
			found = same(sample->labels[k].name, selector->labels[i].name) &&
			    same(sample->labels[k].value, selector->labels[i].value);
		if (!found)
			return false;
	}
	return true;
}
