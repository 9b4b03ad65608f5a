/* src/wire/accept.c - see accept.h. */
#include "wire/accept.h"
#include "base/limits.h"
#include "base/zone.h"
#include "site/finding.h"

struct lines {
	struct arena *arena;
	struct why *why;
	const char *name; /* of the file */
	uint32_t line;
	const uint8_t *start; /* of the line */
};

static unsigned column_of(const struct lines *r, const uint8_t *at)
{
	return at == NULL ? 1 : (unsigned)(at - r->start) + 1;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool pattern_fits(const char *pattern, const char *text)
{
	const char *star = NULL, *again = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			again = text;
		} else if (lower(*pattern) == lower(*text)) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star + 1;
			text = ++again;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

/* A word; blanks may stand within double quotes. */
static struct span word_next(struct span *s)
{
	size_t n = 0;
	bool quoted = false;

	while (s->left > 0 && (*s->at == ' ' || *s->at == '\t'))
		(void)span_cut(s, 1);
	while (n < s->left && (quoted || (s->at[n] != ' ' && s->at[n] != '\t'))) {
		quoted ^= s->at[n] == '"';
		n++;
	}
	return span_cut(s, n);
}

static struct span unquoted(struct span value)
{
	if (value.left >= 2 && value.at[0] == '"' && value.at[value.left - 1] == '"')
		return span_of(value.at + 1, value.left - 2);
	return value;
}

int accept_day(struct span s, int32_t *ret_day)
{
	static const char form[] = "0000-00-00";
	unsigned part[3] = { 0, 0, 0 };

	if (s.left != sizeof form - 1)
		return KS_MALFORMED;
	for (size_t i = 0, p = 0; i < s.left; i++) {
		if (form[i] == '-' ? s.at[i] != '-' : s.at[i] < '0' || s.at[i] > '9')
			return KS_MALFORMED;
		if (form[i] == '-')
			p++;
		else
			part[p] = part[p] * 10 + (unsigned)(s.at[i] - '0');
	}
	if (part[1] < 1 || part[1] > 12 || part[2] < 1 ||
	    part[2] > days_in_month((int32_t)part[0], part[1]))
		return KS_MALFORMED;
	*ret_day = (int32_t)days_of((int32_t)part[0], part[1], part[2]);
	return KS_OK;
}

static int key_take(struct lines *r, struct accept *accept, struct span word)
{
	struct span value = word, key = span_until(&value, '=');

	value = unquoted(value);
	if (span_equal(key, "reason"))
		accept->reason = arena_text(r->arena, value);
	else if (span_equal(key, "owner"))
		accept->owner = arena_text(r->arena, value);
	else if (!span_equal(key, "until"))
		return fail(r->why, KS_MALFORMED, "%s, line %u, column %u: %.*s is unknown; reason, owner and until are known",
		    r->name, (unsigned)r->line, column_of(r, word.at), (int)key.left, (const char *)key.at);
	else if (accept_day(value, &accept->until) != KS_OK)
		return fail(r->why, KS_MALFORMED, "%s, line %u, column %u: until is a day, as 2027-03-31",
		    r->name, (unsigned)r->line, column_of(r, word.at));
	return KS_OK;
}

/* No finding of the wire fits: what was meant to be accepted would stay open, unseen. */
static bool finding_known(const char *pattern)
{
	for (unsigned code = FINDING_WIRE_LISTED; code < FINDING_CODES; code++)
		if (finding_is_wire(code) && pattern_fits(pattern, finding_id((enum finding_code)code)))
			return true;
	return false;
}

static int line_take(struct lines *r, struct span line, struct accept *ret_accept)
{
	struct accept accept = { .reason = "", .owner = "", .line = r->line };
	struct span kind = word_next(&line), word[3];

	if (!span_equal(kind, "accept"))
		return fail(r->why, KS_MALFORMED, "%s, line %u, column %u: every line begins with the word accept",
		    r->name, (unsigned)r->line, column_of(r, kind.at));
	for (int i = 0; i < 3; i++) {
		word[i] = unquoted(word_next(&line));
		if (word[i].left == 0)
			return fail(r->why, KS_MALFORMED,
			    "%s, line %u: device, other side and finding are needed; * stands for any", r->name, (unsigned)r->line);
	}
	accept.device = arena_text(r->arena, word[0]);
	accept.to = arena_text(r->arena, word[1]);
	accept.finding = arena_text(r->arena, word[2]);
	for (struct span next = word_next(&line); next.left > 0; next = word_next(&line)) {
		int code = key_take(r, &accept, next);

		if (code != KS_OK)
			return code;
	}
	if (accept.device == NULL || accept.to == NULL || accept.finding == NULL ||
	    accept.reason == NULL || accept.owner == NULL)
		return fail(r->why, KS_FULL, "memory is out");
	if (!finding_known(accept.finding))
		return fail(r->why, KS_MALFORMED,
		    "%s, line %u, column %u: no finding of the wire is called %.40s; `keisoku explain` lists them, * stands for any",
		    r->name, (unsigned)r->line, column_of(r, word[2].at), accept.finding);
	if (accept.reason[0] == '\0' || accept.owner[0] == '\0')
		return fail(r->why, KS_MALFORMED, "%s, line %u: say why and who: reason=\"...\" owner=...",
		    r->name, (unsigned)r->line);
	*ret_accept = accept;
	return KS_OK;
}

int accepts_read(struct span bytes, const char *name, struct arena *arena,
    struct accepts *ret_accepts, struct why *why)
{
	struct lines r = { .arena = arena, .why = why, .name = name };
	struct accepts accepts = { .list = arena_array(arena, LIMIT_ACCEPTS, sizeof *accepts.list) };

	if (accepts.list == NULL)
		return fail(why, KS_FULL, "memory is out");
	while (bytes.left > 0) {
		struct span line = span_until(&bytes, '\n');

		r.line++;
		r.start = line.at;
		line = span_trim(line);
		if (line.left == 0 || *line.at == '#')
			continue;
		if (accepts.n == LIMIT_ACCEPTS)
			return fail(why, KS_FULL, "%s, line %u: more than %d accepted findings",
			    name, (unsigned)r.line, (int)LIMIT_ACCEPTS);
		int code = line_take(&r, line, &accepts.list[accepts.n]);

		if (code != KS_OK)
			return code;
		accepts.n++;
	}
	*ret_accepts = accepts;
	return KS_OK;
}

bool accept_is_of(const struct accept *a, const struct accept_key *key)
{
	return pattern_fits(a->device, key->address) || pattern_fits(a->device, key->mac) ||
	    pattern_fits(a->device, key->name);
}

bool accept_fits(const struct accept *a, const struct accept_key *key)
{
	return accept_is_of(a, key) &&
	    (pattern_fits(a->to, key->to) || pattern_fits(a->to, key->to_address)) &&
	    pattern_fits(a->finding, key->finding);
}

const struct accept *accept_find(const struct accepts *accepts, const struct accept_key *key,
    int32_t day, bool *ret_expired)
{
	bool expired = false;
	const struct accept *found = NULL;

	for (size_t i = 0; i < accepts->n && found == NULL; i++) {
		const struct accept *a = &accepts->list[i];

		if (!accept_fits(a, key))
			continue;
		if (accept_ended(a, day))
			expired = true;
		else
			found = a;
	}
	if (ret_expired != NULL)
		*ret_expired = expired && found == NULL;
	return found;
}
