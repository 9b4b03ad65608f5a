/* src/wire/make_mask.c - addresses of requests are shown, and personal data stands in them:
 * the values of those fields in which some was found (of that device, to that host) are
 * masked as they are in the list of findings. */
#include "base/drop.h"
#include "base/limits.h"
#include "base/text.h"
#include "wire/body.h"
#include "wire/decode.h"
#include "wire/make_in.h"
#include "wire/personal.h"

enum { DIGITS_TELL = 7 }; /* in a row: a number of something or somebody */

struct field_row {
	uint32_t device, host; /* key: host by number of name */
	uint32_t field;	       /* key: 0 the path */
};

static uint32_t host_number(const struct make *make, const char *host)
{
	struct span name = span_text(host), rest = name;
	uint8_t low[256];

	if (name.left > 0 && *name.at != '[' && memchr(name.at, '.', name.left) != NULL)
		name = span_until(&rest, ':');
	if (name.left == 0 || name.left > sizeof low)
		return 0;
	for (size_t i = 0; i < name.left; i++)
		low[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] | 32 : name.at[i];
	return name_find(&make->g->names, span_of(low, name.left));
}

static void fields_take(struct make *make, struct rows *fields, struct names *words)
{
	for (size_t i = 0; i < make->audit->personal_n; i++) {
		const struct audit_personal *p = &make->audit->personal[i];
		struct span where = span_text(p->where), kind = span_until(&where, ' ');
		struct field_row key = { .device = p->device, .host = host_number(make, p->host) };

		if (!span_equal(kind, "uri"))
			continue;
		key.field = name_put(words, where);
		make->full |= rows_put(fields, &key, NULL) == NULL;
	}
}

static bool field_known(const struct rows *fields, uint32_t device, uint32_t host, uint32_t field)
{
	return rows_find(fields, &(struct field_row){ device, host, field }) != NULL;
}

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

/* /path?a=1&b=2 with the values of known fields masked. */
static void uri_mask(struct text *text, const struct audit_http *h, uint32_t host,
    const struct rows *fields, const struct names *words)
{
	struct span query = span_text(h->uri), path = span_until(&query, '?');
	bool asks = memchr(h->uri, '?', strlen(h->uri)) != NULL;
	const char *joint = "?";

	if (field_known(fields, h->device, host, 0))
		path_mask(text, path);
	else
		text_add_span(text, path);
	for (; query.left > 0; joint = "&") {
		struct span value = span_until(&query, '&'), name;
		bool equal = value.left > 0 && memchr(value.at, '=', value.left) != NULL;
		KS_DROP(text) struct text plain;

		name = span_until(&value, '=');
		text_init(&plain, LIMIT_BODY_KEY);
		uint32_t field = name_find(words, percent_plain(name, true, &plain));

		text_add(text, joint);
		text_add_span(text, name);
		text_add(text, equal ? "=" : "");
		if (field != 0 && field_known(fields, h->device, host, field))
			masked_add(text, value);
		else
			text_add_span(text, value);
	}
	text_add(text, asks && joint[0] == '?' ? "?" : "");
}

void make_masked(struct make *make)
{
	struct audit *audit = make->audit;
	struct rows fields;
	struct names words;
	KS_DROP(text) struct text uri;

	text_init(&uri, 4 * NAME_LONGEST);
	rows_init(&fields, sizeof(struct field_row), sizeof(struct field_row), UINT32_MAX / 4,
	    make->g->seed);
	names_init(&words, LIMIT_GATHER_NAMES, make->g->seed);
	fields_take(make, &fields, &words);
	for (size_t i = 0; fields.n > 0 && !make->full && i < audit->http_n; i++) {
		struct audit_http *h = &audit->http[i];

		text_clear(&uri);
		uri_mask(&uri, h, host_number(make, h->host[0] != '\0' ? h->host : h->server), &fields,
		    &words);
		if (strcmp(text_cstr(&uri), h->uri) == 0)
			continue;
		h->uri = arena_text(make->arena, text_span(&uri));
		make->full |= h->uri == NULL;
		h->uri = h->uri != NULL ? h->uri : "";
	}
	rows_end(&fields);
	names_done(&words);
}
