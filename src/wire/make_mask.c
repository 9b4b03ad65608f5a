/* src/wire/make_mask.c - addresses of requests are shown, and personal data stands in them:
 * what is found there (uri_mask.h) is masked, and so are the values of all fields in which
 * some was found of that device, to that host: what only repeats tells nothing by itself. */
#include "base/drop.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "wire/make_in.h"
#include "wire/uri_mask.h"

struct field_row {
	uint32_t device, host; /* key: host by number of name */
	uint32_t field;	       /* key: 0 the path; FIELD_ANY */
};

enum { FIELD_ANY = INT32_MAX };

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
		key.field = FIELD_ANY;
		make->full |= rows_put(fields, &key, NULL) == NULL;
		/* "d.card" is what was wrapped in the field d */
		for (size_t n = 0; n <= where.left; n++) {
			if (n < where.left && (n == 0 || where.at[n] != '.'))
				continue;
			key.field = name_put(words, span_of(where.at, n));
			make->full |= rows_put(fields, &key, NULL) == NULL;
		}
	}
}

static bool field_known(const struct rows *fields, uint32_t device, uint32_t host, uint32_t field)
{
	return rows_find(fields, &(struct field_row){ device, host, field }) != NULL;
}

/* A request's host and device, with what was found of them. */
struct asked_fields {
	const struct rows *fields;
	const struct names *words;
	uint32_t device, host;
};

static bool field_asked(void *context, struct span name)
{
	const struct asked_fields *asked = context;
	uint32_t field = name_find(asked->words, name);

	return (name.left == 0 || field != 0) &&
	    field_known(asked->fields, asked->device, asked->host, field);
}

/* The same is asked again and again: what it was shown as the last time. */
enum { SHOWN_ROWS = 512 };
struct shown_row {
	const char *raw, *shown;
	uint32_t device, host;
	bool cut;
};

static struct shown_row *shown_row(struct shown_row rows[SHOWN_ROWS], const char *raw,
    uint32_t device, uint32_t host)
{
	return &rows[hash_of(span_text(raw), ((uint64_t)device << 32) + host) % SHOWN_ROWS];
}

static bool shown_same(const struct shown_row *row, const char *raw,
    const struct asked_fields *asked, bool cut)
{
	return row->raw != NULL && row->device == asked->device && row->host == asked->host &&
	    row->cut == cut && strcmp(row->raw, raw) == 0;
}

void make_masked(struct make *make)
{
	struct audit *audit = make->audit;
	struct rows fields;
	struct names words;
	struct asked_fields asked = { .fields = &fields, .words = &words };
	struct uri_known known = { .context = &asked };
	struct shown_row shown[SHOWN_ROWS] = { { .raw = NULL } };
	KS_DROP(text) struct text uri;

	text_init(&uri, 4 * NAME_LONGEST);
	rows_init(&fields, sizeof(struct field_row), sizeof(struct field_row), UINT32_MAX / 4,
	    make->g->seed);
	names_init(&words, LIMIT_GATHER_NAMES, make->g->seed);
	fields_take(make, &fields, &words);
	for (size_t i = 0; !make->full && i < audit->http_n; i++) {
		struct audit_http *h = &audit->http[i];

		known.cut = h->cut || strlen(h->uri) >= NAME_LONGEST;
		asked.device = h->device;
		asked.host = fields.n == 0 ? 0 : host_number(make, h->host[0] != '\0' ? h->host : h->server);
		known.field = fields.n > 0 && field_known(&fields, asked.device, asked.host, FIELD_ANY)
		    ? field_asked : NULL;
		if (h->nobodys && known.field == NULL && !known.cut)
			continue;
		struct shown_row *row = shown_row(shown, h->uri, asked.device, asked.host);

		if (shown_same(row, h->uri, &asked, known.cut)) {
			h->uri = row->shown;
			continue;
		}
		*row = (struct shown_row){ h->uri, h->uri, asked.device, asked.host, known.cut };
		text_clear(&uri);
		known.searched = h->nobodys;
		uri_mask(&uri, span_text(h->uri), &known);
		if (strcmp(text_cstr(&uri), h->uri) == 0)
			continue;
		h->uri = arena_text(make->arena, text_span(&uri));
		make->full |= h->uri == NULL;
		h->uri = h->uri != NULL ? h->uri : "";
		row->shown = h->uri;
	}
	rows_end(&fields);
	names_done(&words);
}
