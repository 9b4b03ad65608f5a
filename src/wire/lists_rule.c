/* src/wire/lists_rule.c - rules of Suricata and Snort: the names, fingerprints and
 * addresses in them.  dotprefix and endswith: the name and below; otherwise the name. */
#include "wire/body.h"
#include "wire/lists_in.h"

static bool starts(struct span s, const char *with)
{
	size_t n = strlen(with);

	return s.left >= n && memcmp(s.at, with, n) == 0;
}

/* What is looked at by the contents that follow. */
enum buffer { BUFFER_OTHER, BUFFER_NAME, BUFFER_PRINT };

static enum buffer buffer_of(struct span key)
{
	static const char *const names[] = { "dns.query", "dns_query", "tls.sni", "tls_sni",
		"http.host", "http_host", "http.host.raw", "dns.queries.rrname" };
	static const char *const prints[] = { "ja3.hash", "ja3_hash", "tls.cert_fingerprint",
		"tls_cert_fingerprint", "ja3s.hash" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_equal(key, names[i]))
			return BUFFER_NAME;
	for (size_t i = 0; i < sizeof prints / sizeof *prints; i++)
		if (span_equal(key, prints[i]))
			return BUFFER_PRINT;
	return BUFFER_OTHER;
}

struct rule {
	struct span msg, content;
	enum buffer buffer;
	bool dotted, ends, begins, negated;
	bool any; /* it had an entry */
};

static void content_end(struct lists *lists, struct rule *rule)
{
	struct span s = rule->content;
	bool below = rule->dotted || (rule->ends && !rule->begins);

	if (s.left > 0 && !rule->negated && rule->buffer == BUFFER_NAME)
		rule->any |= entry_name(lists, s, below ? ENTRY_BOTH : ENTRY_EXACT, rule->msg);
	else if (s.left > 0 && !rule->negated && rule->buffer == BUFFER_PRINT)
		rule->any |= entry_print(lists, s, rule->msg);
	rule->content.left = 0;
	rule->ends = rule->begins = rule->negated = false;
}

static struct span unquoted(struct span value, bool *ret_negated)
{
	value = span_trim(value);
	*ret_negated = value.left > 0 && *value.at == '!';
	if (*ret_negated)
		(void)span_cut(&value, 1);
	if (value.left > 1 && *value.at == '"') {
		(void)span_cut(&value, 1);
		value = span_until(&value, '"');
	}
	return value;
}

/* Options are divided by semicolons; those within quotes divide nothing. */
static struct span option_cut(struct span *s)
{
	bool quoted = false;
	size_t n = 0;

	for (; n < s->left; n++) {
		if (s->at[n] == '\\' && n + 1 < s->left)
			n++;
		else if (s->at[n] == '"')
			quoted = !quoted;
		else if (s->at[n] == ';' && !quoted)
			break;
	}
	struct span option = span_cut(s, n < s->left ? n : s->left);

	(void)span_cut(s, s->left > 0 ? 1 : 0);
	return span_trim(option);
}

static void option_take(struct lists *lists, struct rule *rule, struct span option)
{
	struct span value = option, key = span_trim(span_until(&value, ':'));
	enum buffer buffer = buffer_of(key);
	bool negated = false;

	if (span_equal(key, "msg")) {
		rule->msg = unquoted(value, &negated);
	} else if (span_equal(key, "content")) {
		content_end(lists, rule);
		rule->content = unquoted(value, &rule->negated);
	} else if (span_equal(key, "dotprefix")) {
		rule->dotted = true;
	} else if (span_equal(key, "endswith") || span_equal(key, "isdataat")) {
		rule->ends = true;
	} else if (span_equal(key, "startswith") || span_equal(key, "bsize")) {
		rule->begins = true;
	} else if (buffer != BUFFER_OTHER && memchr(key.at, '.', key.left) == NULL &&
	    rule->content.left > 0) {
		rule->buffer = buffer; /* the old words stand after the content */
		content_end(lists, rule);
		rule->buffer = BUFFER_OTHER;
	} else if (buffer != BUFFER_OTHER ||
	    (key.left > 0 && memchr(key.at, '.', key.left) != NULL)) {
		content_end(lists, rule);
		rule->buffer = buffer;
		rule->dotted = false;
	}
}

/* alert ip $HOME any -> [1.2.3.4,5.6.7.0/24] any (...) */
static bool head_addresses(struct lists *lists, struct span head, struct span category)
{
	bool any = false;

	while (head.left > 0) {
		struct span word = span_trim(span_until(&head, ' '));

		while (word.left > 0) {
			struct span part = span_until(&word, ',');

			while (part.left > 0 && (*part.at == '[' || *part.at == ' '))
				(void)span_cut(&part, 1);
			while (part.left > 0 && part.at[part.left - 1] == ']')
				part.left--;
			if (part.left > 6 && (memchr(part.at, '.', part.left) != NULL ||
				memchr(part.at, ':', part.left) != NULL))
				any |= entry_address(lists, part, category);
		}
	}
	return any;
}

bool line_rule(struct lists *lists, struct span line)
{
	static const char *const actions[] = { "alert ", "drop ", "reject ", "rejectsrc ",
		"rejectdst ", "rejectboth ", "pass " };
	struct rule rule = { .buffer = BUFFER_OTHER };
	const uint8_t *open = memchr(line.at, '(', line.left);
	bool is_rule = false;

	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		is_rule |= starts(line, actions[i]);
	if (!is_rule || open == NULL)
		return false;
	if (starts(line, "pass "))
		return true;
	struct span options = line, head = span_cut(&options, (size_t)(open - line.at));

	(void)span_cut(&options, 1);
	while (options.left > 1)
		option_take(lists, &rule, option_cut(&options));
	content_end(lists, &rule);
	if (!rule.any)
		rule.any = head_addresses(lists, head, rule.msg);
	return rule.any;
}
