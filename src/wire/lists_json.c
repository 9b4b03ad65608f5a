/* src/wire/lists_json.c - MISP events ("type" and "value" side by side), STIX 2 bundles
 * (patterns, and when they hold), ThreatFox ("ioc_value"), and plain arrays of entries. */
#include "wire/body.h"
#include "wire/lists_in.h"

enum { NEST = 16 };

/* What one object has said so far; its end decides, for fields come in any order. */
struct object {
	struct span key, type, value, pattern;
	struct span category; /* also those around it say one */
	bool sure;	      /* the name of its field says that the value is an entry */
	bool off;	      /* revoked, deleted */
	struct list_when when;
};
struct reader {
	struct lists *lists;
	struct object at[NEST];
	size_t depth, deeper; /* deeper: more of them than are told apart */
};

static bool type_counts(struct span type)
{
	static const char *const types[] = { "domain", "hostname", "ip-src", "ip-dst", "url",
		"uri", "md5", "sha1", "sha256", "ja3-fingerprint-md5", "x509-fingerprint-sha1",
		"x509-fingerprint-sha256", "x509-fingerprint-md5", "domain|ip", "ip-dst|port",
		"ip-src|port", "hostname|port", "ipv4", "ipv6" };

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (word_is(type, types[i]))
			return true;
	return false;
}

static void value_take(struct lists *lists, const struct object *o)
{
	char joined[300];
	struct span value = o->value, first = span_until(&value, '|');

	if (o->value.left == 0 || !(o->sure || type_counts(o->type)))
		return;
	if (word_in(o->type, "|port") && first.left > 0 && value.left > 0 &&
	    first.left + value.left + 2 < sizeof joined &&
	    memchr(first.at, ':', first.left) == NULL) {
		memcpy(joined, first.at, first.left);
		joined[first.left] = ':';
		memcpy(joined + first.left + 1, value.at, value.left);
		if (entry_address(lists, span_of(joined, first.left + 1 + value.left), o->category))
			return;
	}
	if (!entry_any(lists, first, o->category))
		lists->count.skipped++;
	if (word_is(o->type, "domain|ip"))
		(void)entry_any(lists, value, o->category);
}

/* [domain-name:value = 'x' OR ipv4-addr:value = 'y'] */
static void pattern_take(struct lists *lists, const struct object *o)
{
	struct span s = o->pattern;

	while (s.left > 0) {
		struct span left = span_until(&s, '\''), right = span_until(&s, '\'');

		if (s.left == 0 && right.left == 0)
			return;
		if (word_in(left, "domain-name") || word_in(left, "hostname"))
			(void)entry_name(lists, right, ENTRY_BOTH, o->category);
		else if (word_in(left, "addr:") || word_in(left, "url:") || word_in(left, "hashes") ||
		    word_in(left, "_ref.value"))
			(void)entry_any(lists, right, o->category);
	}
}

static void object_end(struct reader *r)
{
	struct object *o = &r->at[r->depth];

	r->lists->when = o->when;
	if (!o->off) {
		pattern_take(r->lists, o);
		value_take(r->lists, o);
	}
	r->lists->when = (struct list_when){ .rank = 0 };
	*o = (struct object){ .category = o->category };
}

static void object_begin(struct reader *r)
{
	struct span category = r->at[r->depth].category;

	if (r->depth + 1 < NEST) {
		r->at[++r->depth] = (struct object){ .category = category };
		return;
	}
	object_end(r);
	r->deeper++;
}

static void object_close(struct reader *r)
{
	object_end(r);
	if (r->deeper > 0)
		r->deeper--;
	else if (r->depth > 0)
		r->depth--;
}

static void date_take(struct reader *r, const struct object *o, struct span s)
{
	if (span_equal(o->key, "date") || r->lists->heads[r->lists->heads_n - 1].date[0] == '\0')
		list_date(r->lists, s);
}

static void string_take(struct reader *r, struct span s)
{
	struct object *o = &r->at[r->depth];
	bool sure = span_equal(o->key, "indicator") || span_equal(o->key, "ioc") ||
	    span_equal(o->key, "ioc_value");

	if (span_equal(o->key, "type")) {
		o->type = s;
	} else if (sure || span_equal(o->key, "value")) {
		o->value = s;
		o->sure |= sure;
	} else if (span_equal(o->key, "pattern")) {
		o->pattern = s;
	} else if (span_equal(o->key, "category") || span_equal(o->key, "info")) {
		o->category = s;
	} else if (span_equal(o->key, "date") || span_equal(o->key, "modified")) {
		date_take(r, o, s);
	} else if (o->key.left == 0) {
		(void)entry_any(r->lists, s, o->category);
	} else {
		list_when_take(&o->when, list_field(o->key), s);
	}
}

/* Numbers, true and false. */
static void bare_take(struct reader *r, struct span s)
{
	struct object *o = &r->at[r->depth];

	if (span_equal(o->key, "revoked") || span_equal(o->key, "deleted"))
		o->off = span_equal(s, "true") || span_equal(s, "1");
	else if (o->key.left > 0)
		list_when_take(&o->when, list_field(o->key), s);
}

static bool is_bare(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
}

static bool colon_follows(struct span s)
{
	s = span_trim(s);
	return s.left > 0 && *s.at == ':';
}

static struct span quoted_cut(struct span *whole)
{
	const uint8_t *from = whole->at;
	size_t n = 0;

	while (n < whole->left && from[n] != '"')
		n += from[n] == '\\' && n + 1 < whole->left ? 2 : 1;
	n = n < whole->left ? n : whole->left;
	struct span text = span_cut(whole, n);

	(void)span_cut(whole, whole->left > 0 ? 1 : 0);
	return text;
}

void json_read(struct lists *lists, struct span whole)
{
	struct reader r = { .lists = lists };

	while (whole.left > 0) {
		uint8_t c = *whole.at;
		size_t n = 0;

		while (n < whole.left && is_bare(whole.at[n]))
			n++;
		struct span bare = span_cut(&whole, n > 0 ? n : 1);

		if (n > 0) {
			bare_take(&r, bare);
		} else if (c == '{') {
			object_begin(&r);
		} else if (c == '}') {
			object_close(&r);
		} else if (c == '"') {
			struct span text = quoted_cut(&whole);

			if (colon_follows(span_of(whole.at, whole.left < 16 ? whole.left : 16)))
				r.at[r.depth].key = text;
			else
				string_take(&r, text);
		}
	}
	for (r.deeper = 0; r.depth > 0;) /* cut short: what was said counts */
		object_close(&r);
	object_end(&r);
}
