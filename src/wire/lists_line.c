/* src/wire/lists_line.c - what kind of line: hosts, plain, adblock, zone, CSV, resolver
 * configuration.  Rules of Suricata are in lists_rule.c. */
#include "base/drop.h"
#include "base/number.h"
#include "wire/body.h"
#include "wire/decode.h"
#include "wire/lists_in.h"
#include <stdio.h>

static const struct span none = { .left = 0 };

static bool starts(struct span s, const char *with)
{
	size_t n = strlen(with);

	return s.left >= n && memcmp(s.at, with, n) == 0;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The first YYYY-MM-DD in text is the list's date. */
void list_date(struct lists *lists, struct span text)
{
	for (; text.left >= 10; (void)span_cut(&text, 1)) {
		const uint8_t *c = text.at;

		if (c[0] != '2' || c[4] != '-' || c[7] != '-')
			continue;
		bool good = true;

		for (int i = 1; i < 10; i++)
			good &= i == 4 || i == 7 || is_digit(c[i]);
		if (!good)
			continue;
		(void)snprintf(lists->heads[lists->heads_n - 1].date, 12, "%.10s", (const char *)c);
		return;
	}
}

static struct span word_cut(struct span *s)
{
	struct span word = *s;
	size_t n = 0;

	while (n < s->left && s->at[n] != ' ' && s->at[n] != '\t')
		n++;
	word = span_cut(s, n);
	*s = span_trim(*s);
	return word;
}

/* 0.0.0.0, 127.x, ::1 and the like: where hosts files send what they block. */
static bool is_nowhere(struct span word)
{
	struct address a = word.left <= 45 ? address_read(word) : (struct address){ .family = 0 };

	return span_equal(word, "0") || (a.family == ADDRESS_4 && (a.byte[0] == 127 ||
		memcmp(a.byte, "\0\0\0\0", 4) == 0)) ||
	    (a.family == ADDRESS_6 && memcmp(a.byte, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 15) == 0 &&
		a.byte[15] <= 1);
}

static bool line_hosts(struct lists *lists, struct span rest)
{
	while (rest.left > 0 && *rest.at != '#') {
		struct span name = word_cut(&rest);

		/* localhost and its kin have no dot, and are no entries */
		if (memchr(name.at, '.', name.left) != NULL && !is_nowhere(name) &&
		    !span_equal(name, "localhost.localdomain"))
			(void)entry_name(lists, name, ENTRY_EXACT, none);
	}
	return true;
}

/* ||name^ with options, |https://url|, @@ is an exception and no entry. */
static bool line_adblock(struct lists *lists, struct span line)
{
	size_t n = 0;

	if (starts(line, "@@"))
		return true;
	(void)span_cut(&line, starts(line, "||") ? 2 : 1);
	while (n < line.left && strchr("^$|", line.at[n]) == NULL)
		n++;
	struct span name = span_of(line.at, n);

	if (starts(name, "*."))
		(void)span_cut(&name, 2);
	return entry_address(lists, name, none) || entry_name(lists, name, ENTRY_BOTH, none) ||
	    entry_url(lists, name, none);
}

/* 24.0.113.0.203.rpz-ip: the prefix, then the address from behind. */
static bool zone_address(struct lists *lists, struct span owner)
{
	struct span part[10];
	size_t n = 0;
	bool is_v4 = true;
	char text[100] = "";

	owner.left -= strlen(".rpz-ip");
	while (owner.left > 0 && n < 10)
		part[n++] = span_until(&owner, '.');
	if (n < 2)
		return false;
	for (size_t i = 0; i < n; i++)
		is_v4 &= n == 5 && part[i].left <= 3 && part[i].left > 0 && is_digit(*part[i].at);
	for (size_t i = n - 1; i > 0; i--) {
		size_t len = strlen(text);
		bool gap = span_equal(part[i], "zz");

		(void)snprintf(text + len, sizeof text - len, "%s%.*s",
		    i == n - 1 ? "" : is_v4 ? "." : ":", gap ? 0 : (int)part[i].left,
		    (const char *)part[i].at);
		if (gap && (i == n - 1 || i == 1)) /* a gap at an end has two colons */
			(void)snprintf(text + strlen(text), sizeof text - strlen(text), ":");
	}
	size_t len = strlen(text);

	(void)snprintf(text + len, sizeof text - len, "/%.*s", (int)part[0].left,
	    (const char *)part[0].at);
	return entry_address(lists, span_text(text), none);
}

/* owner [ttl] [IN] CNAME target; of a response policy zone. */
static bool line_zone(struct lists *lists, struct span owner, struct span rest)
{
	struct span word = word_cut(&rest);

	while (word.left > 0 && (is_digit(*word.at) || word_is(word, "IN")))
		word = word_cut(&rest);
	if (word_is(word, "SOA") || word_is(word, "NS") || starts(owner, "$"))
		return true;
	if (!word_is(word, "CNAME") && !word_is(word, "A") && !word_is(word, "AAAA"))
		return false;
	if (starts(rest, "rpz-passthru") || starts(owner, "@"))
		return true;
	if (owner.left > 7 && word_is(span_of(owner.at + owner.left - 7, 7), ".rpz-ip"))
		return zone_address(lists, owner);
	if (starts(owner, "*.")) {
		(void)span_cut(&owner, 2);
		return entry_name(lists, owner, ENTRY_BELOW, none);
	}
	return entry_name(lists, owner, ENTRY_EXACT, none);
}

static struct span field_cut(struct span *s, uint8_t apart)
{
	struct span field = { .left = 0 };

	*s = span_trim(*s);
	if (s->left > 0 && *s->at == '"') {
		(void)span_cut(s, 1);
		field = span_until(s, '"');
		(void)span_until(s, apart);
		return field;
	}
	return span_trim(span_until(s, apart));
}

static size_t fields_cut(struct span line, uint8_t apart, struct span field[LIST_COLUMNS])
{
	size_t n = 0;

	while (line.left > 0 && n < LIST_COLUMNS)
		field[n++] = field_cut(&line, apart);
	return n;
}

/* abuse.ch and others: of the fields, the first that is an entry; after an address perhaps
 * its port; the last word is the category. */
static bool row_read(struct lists *lists, const struct span *field, size_t n)
{
	struct span category = none;
	char with_port[120];
	int64_t port = 0;

	for (size_t i = 0; i < n; i++)
		if (field[i].left > 2 && !is_digit(*field[i].at) &&
		    memchr(field[i].at, '/', field[i].left) == NULL)
			category = field[i];
	for (size_t i = 0; i < n; i++) {
		struct address a = field[i].left <= 45 ? address_read(field[i])
						       : (struct address){ .family = 0 };

		if (a.family == ADDRESS_4 && i + 1 < n &&
		    number_read(field[i + 1], 0, &port) == KS_OK && port > 0 && port < 65536) {
			(void)snprintf(with_port, sizeof with_port, "%.*s:%d", (int)field[i].left,
			    (const char *)field[i].at, (int)port);
			return entry_address(lists, span_text(with_port), category);
		}
		if ((field[i].left > 3 && !is_digit(*field[i].at) && entry_url(lists, field[i], category)) ||
		    entry_print(lists, field[i], category) || entry_address(lists, field[i], category) ||
		    entry_name(lists, field[i], ENTRY_BOTH, category))
			return true;
	}
	return false;
}

static bool line_csv(struct lists *lists, struct span line, uint8_t apart)
{
	struct span field[LIST_COLUMNS] = { { .left = 0 } };
	size_t n = fields_cut(line, apart, field);

	list_row_when(lists, field, n);
	bool any = row_read(lists, field, n);

	lists->when = (struct list_when){ .rank = 0 };
	return any || list_heading(lists, field, n) || n > 1;
}

/* dnsmasq address=/name/0.0.0.0, unbound local-zone: "name" always_nxdomain */
static bool line_resolver(struct lists *lists, struct span line)
{
	bool dnsmasq = starts(line, "address=/") || starts(line, "server=/") ||
	    starts(line, "local=/");
	bool unbound = starts(line, "local-zone:");
	struct span s = line;

	if (!dnsmasq && !unbound)
		return false;
	(void)span_until(&s, dnsmasq ? '/' : '"');
	return entry_name(lists, span_until(&s, dnsmasq ? '/' : '"'), ENTRY_BOTH, none);
}

/* A dataset of Suricata: the string itself as base64. */
static bool line_base64(struct lists *lists, struct span line)
{
	KS_DROP(text) struct text plain = { .at = NULL };

	if (line.left < 8 || memchr(line.at, '.', line.left) != NULL)
		return false;
	text_init(&plain, NAME_MAX_BYTES);
	base64_decode(line, &plain);
	return entry_name(lists, text_span(&plain), ENTRY_EXACT, none);
}

static bool is_comment(struct lists *lists, struct span line)
{
	struct span field[LIST_COLUMNS] = { { .left = 0 } };

	if (*line.at != '#' && *line.at != '!' && *line.at != ';' && !starts(line, "//") &&
	    !(starts(line, "[Adblock") || starts(line, "[adblock")))
		return false;
	if (word_in(line, "updat") || word_in(line, "modif") || word_in(line, "date") ||
	    word_in(line, "generat"))
		list_date(lists, line);
	if (memchr(line.at, ',', line.left) != NULL) { /* "# id,dateadded,url" */
		(void)span_cut(&line, 1);
		(void)list_heading(lists, field, fields_cut(line, ',', field));
	}
	return true;
}

static bool line_plain(struct lists *lists, struct span first, struct span rest)
{
	struct span category = none;

	if (rest.left > 1 && *rest.at == ';') { /* "; SBL1" */
		(void)span_cut(&rest, 1);
		category = span_trim(rest);
	} else if (rest.left > 0 && *rest.at != '#') {
		category = rest;
	}
	return entry_any(lists, first, category) ||
	    (rest.left == 0 && line_base64(lists, first));
}

bool line_read(struct lists *lists, struct span line)
{
	struct span rest = line, first = none;

	if (is_comment(lists, line))
		return true;
	if (*line.at == '"')
		return line_csv(lists, line, ',');
	if (*line.at == '|' || starts(line, "@@"))
		return line_adblock(lists, line);
	first = word_cut(&rest);
	/* most lines are one word, or a word and its category */
	if (rest.left == 0 && memchr(first.at, ',', first.left) == NULL &&
	    line_plain(lists, first, rest))
		return true;
	if (line_rule(lists, line) || line_resolver(lists, line))
		return true;
	if (is_nowhere(first) && rest.left > 0)
		return line_hosts(lists, rest);
	if (rest.left > 0 && line_zone(lists, first, rest))
		return true;
	if (memchr(line.at, ',', line.left) != NULL)
		return line_csv(lists, line, ',');
	/* a range with blanks about its dash */
	if (rest.left > 2 && *rest.at == '-' && entry_address(lists, line, none))
		return true;
	return rest.left > 0 && line_plain(lists, first, rest);
}
