/* src/wire/lists_json.c - MISP events ("type" and "value" side by side), STIX 2 bundles
 * (patterns), and plain arrays of entries. */
#include "wire/body.h"
#include "wire/lists_in.h"

struct reader {
	struct lists *lists;
	struct span key, type, category; /* of the object being read */
	struct span value;		 /* it may come before its type */
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

static void value_take(struct reader *r)
{
	char joined[300];
	struct span value = r->value, first = span_until(&value, '|');

	if (r->value.left == 0 || !type_counts(r->type))
		return;
	if (word_in(r->type, "|port") && first.left > 0 && value.left > 0 &&
	    first.left + value.left + 2 < sizeof joined &&
	    memchr(first.at, ':', first.left) == NULL) {
		memcpy(joined, first.at, first.left);
		joined[first.left] = ':';
		memcpy(joined + first.left + 1, value.at, value.left);
		if (entry_address(r->lists, span_of(joined, first.left + 1 + value.left), r->category)) {
			r->value.left = 0;
			return;
		}
	}
	if (!entry_any(r->lists, first, r->category))
		r->lists->count.skipped++;
	if (word_is(r->type, "domain|ip"))
		(void)entry_any(r->lists, value, r->category);
	r->value.left = 0;
}

/* [domain-name:value = 'x' OR ipv4-addr:value = 'y'] */
static void pattern_take(struct reader *r, struct span s)
{
	while (s.left > 0) {
		struct span left = span_until(&s, '\''), right = span_until(&s, '\'');

		if (s.left == 0 && right.left == 0)
			return;
		if (word_in(left, "domain-name") || word_in(left, "hostname"))
			(void)entry_name(r->lists, right, ENTRY_BOTH, r->category);
		else if (word_in(left, "addr:") || word_in(left, "url:") || word_in(left, "hashes") ||
		    word_in(left, "_ref.value"))
			(void)entry_any(r->lists, right, r->category);
	}
}

static void string_take(struct reader *r, struct span s, bool is_key)
{
	if (is_key) {
		r->key = s;
		return;
	}
	if (span_equal(r->key, "type")) {
		r->type = s;
	} else if (span_equal(r->key, "value") || span_equal(r->key, "indicator") ||
	    span_equal(r->key, "ioc")) {
		r->value = s;
		if (!span_equal(r->key, "value"))
			r->type = span_text("domain");
	} else if (span_equal(r->key, "pattern")) {
		pattern_take(r, s);
	} else if (span_equal(r->key, "category") || span_equal(r->key, "info")) {
		r->category = s;
	} else if (span_equal(r->key, "date") || span_equal(r->key, "modified")) {
		if (span_equal(r->key, "date") ||
		    r->lists->heads[r->lists->heads_n - 1].date[0] == '\0')
			list_date(r->lists, s);
	} else if (r->key.left == 0) {
		(void)entry_any(r->lists, s, r->category);
	}
	value_take(r);
}

static bool colon_follows(struct span s)
{
	s = span_trim(s);
	return s.left > 0 && *s.at == ':';
}

void json_read(struct lists *lists, struct span whole)
{
	struct reader r = { .lists = lists };

	while (whole.left > 0) {
		uint8_t c = (uint8_t)span_be(&whole, 1);

		if (c == '{' || c == '}') { /* another object */
			r.type.left = r.value.left = 0;
			r.key = (struct span){ .left = 0 };
		}
		if (c != '"')
			continue;
		const uint8_t *from = whole.at;
		size_t n = 0;

		while (n < whole.left && from[n] != '"')
			n += from[n] == '\\' && n + 1 < whole.left ? 2 : 1;
		n = n < whole.left ? n : whole.left;
		struct span text = span_cut(&whole, n);

		(void)span_cut(&whole, whole.left > 0 ? 1 : 0);
		string_take(&r, text, colon_follows(span_of(whole.at, whole.left < 16 ? whole.left : 16)));
	}
}
