/* src/wire/uri_mask.c - see uri_mask.h. */
#include "wire/uri_mask.h"
#include "base/drop.h"
#include "base/limits.h"
#include "wire/body.h"
#include "wire/decode.h"
#include "wire/personal.h"
#include "wire/rows.h"

enum { DIGITS_TELL = 7 }; /* in a row: a number of something or somebody */

static void masked_add(struct text *text, struct span value)
{
	char masked[MASKED_MAX];
	KS_DROP(text) struct text plain;

	text_init(&plain, NAME_LONGEST);
	value_mask(percent_plain(value, true, &plain), masked);
	text_add(text, masked);
}

static bool segment_tells(struct span segment)
{
	unsigned run = 0;

	for (size_t i = 0; i < segment.left; i++) {
		run = segment.at[i] >= '0' && segment.at[i] <= '9' ? run + 1 : 0;
		if (run == DIGITS_TELL || segment.at[i] == '@')
			return true;
	}
	return word_in(segment, "%40");
}

static void path_mask(struct text *text, struct span path)
{
	bool first = true;

	while (path.left > 0) {
		struct span segment = span_until(&path, '/');

		text_add(text, first ? "" : "/");
		first = false;
		if (segment_tells(segment))
			masked_add(text, segment);
		else
			text_add_span(text, segment);
	}
}

void uri_mask(struct text *text, struct span uri, const struct uri_known *known)
{
	struct span query = uri, path = span_until(&query, '?');
	bool asks = uri.left > 0 && memchr(uri.at, '?', uri.left) != NULL;
	const char *joint = "?";

	if (known->field(known->context, span_of(NULL, 0)))
		path_mask(text, path);
	else
		text_add_span(text, path);
	for (; query.left > 0; joint = "&") {
		struct span value = span_until(&query, '&'), name;
		bool equal = value.left > 0 && memchr(value.at, '=', value.left) != NULL;
		KS_DROP(text) struct text plain;

		name = span_until(&value, '=');
		text_init(&plain, LIMIT_BODY_KEY);
		struct span field = percent_plain(name, true, &plain);

		text_add(text, joint);
		text_add_span(text, name);
		text_add(text, equal ? "=" : "");
		if (field.left > 0 && known->field(known->context, field))
			masked_add(text, value);
		else
			text_add_span(text, value);
	}
	text_add(text, asks && joint[0] == '?' ? "?" : "");
}
