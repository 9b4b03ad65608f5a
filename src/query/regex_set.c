/* src/query/regex_set.c - characters of a pattern: classes, escapes, what one place may be. */
#include "query/regex_in.h"
#include "base/more.h"

enum { RUNE_MOST = 0x10ffff };

static bool set_add(struct reader *r, struct set *set, uint32_t low, uint32_t high)
{
	struct range *ranges = arena_more(r->regex->arena, set->ranges, set->n, &set->room, 4,
	    sizeof *ranges);

	if (ranges == NULL)
		return regex_full(r) != NULL;
	set->ranges = ranges;
	set->ranges[set->n++] = (struct range){ low, high };
	return true;
}

/* With (?i) also the other case of ASCII letters. */
static void set_add_folded(struct reader *r, struct set *set, uint32_t low, uint32_t high)
{
	(void)set_add(r, set, low, high);
	if ((r->flags & FLAG_CASE) == 0)
		return;
	for (uint32_t c = low > 'A' ? low : 'A'; c <= high && c <= 'Z'; c++)
		(void)set_add(r, set, c + 32, c + 32);
	for (uint32_t c = low > 'a' ? low : 'a'; c <= high && c <= 'z'; c++)
		(void)set_add(r, set, c - 32, c - 32);
}

struct part *set_part(struct reader *r, const struct set *set)
{
	struct regex *regex = r->regex;
	struct part *part = part_new(r, PART_SET);

	if (part == NULL)
		return NULL;
	struct set *sets = arena_more(regex->arena, regex->sets, regex->sets_n, &regex->sets_room, 16,
	    sizeof *sets);

	if (sets == NULL)
		return regex_full(r);
	regex->sets = sets;
	part->index = (uint32_t)regex->sets_n;
	regex->sets[regex->sets_n++] = *set;
	return part;
}

/* What is not in these rising ranges. */
static void set_add_others(struct reader *r, struct set *set, const struct range *ranges, size_t n)
{
	uint32_t from = 0;

	for (size_t i = 0; i < n; from = ranges[i++].high + 1)
		if (ranges[i].low > from)
			(void)set_add(r, set, from, ranges[i].low - 1);
	(void)set_add(r, set, from, RUNE_MOST);
}

/* \d \s \w and their opposites. */
bool set_add_class(struct reader *r, struct set *set, uint32_t letter)
{
	static const struct range digits[] = { { '0', '9' } },
	    blanks[] = { { '\t', '\n' }, { '\f', '\r' }, { ' ', ' ' } },
	    words[] = { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' } };
	uint32_t small = letter | 32;
	const struct range *ranges = small == 'd' ? digits : small == 's' ? blanks : words;
	size_t n = small == 'd' ? 1 : small == 's' ? 3 : 4;

	if (small != 'd' && small != 's' && small != 'w')
		return false;
	if (letter != small)
		set_add_others(r, set, ranges, n);
	for (size_t i = 0; letter == small && i < n; i++)
		(void)set_add(r, set, ranges[i].low, ranges[i].high);
	return true;
}

static bool set_add_named(struct reader *r, struct set *set, struct span name)
{
	static const struct {
		const char *name;
		struct range ranges[4];
		size_t n;
	} classes[] = {
		{ "alnum", { { '0', '9' }, { 'A', 'Z' }, { 'a', 'z' } }, 3 },
		{ "alpha", { { 'A', 'Z' }, { 'a', 'z' } }, 2 }, { "ascii", { { 0, 127 } }, 1 },
		{ "blank", { { '\t', '\t' }, { ' ', ' ' } }, 2 },
		{ "cntrl", { { 0, 31 }, { 127, 127 } }, 2 }, { "digit", { { '0', '9' } }, 1 },
		{ "graph", { { '!', '~' } }, 1 }, { "lower", { { 'a', 'z' } }, 1 },
		{ "print", { { ' ', '~' } }, 1 },
		{ "punct", { { '!', '/' }, { ':', '@' }, { '[', '`' }, { '{', '~' } }, 4 },
		{ "space", { { '\t', '\r' }, { ' ', ' ' } }, 2 }, { "upper", { { 'A', 'Z' } }, 1 },
		{ "word", { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' } }, 4 },
		{ "xdigit", { { '0', '9' }, { 'A', 'F' }, { 'a', 'f' } }, 3 },
	};
	bool not = name.left > 0 && name.at[0] == '^';

	if (not)
		(void)span_cut(&name, 1);
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		if (!span_equal(name, classes[i].name))
			continue;
		if (not)
			set_add_others(r, set, classes[i].ranges, classes[i].n);
		for (size_t k = 0; !not && k < classes[i].n; k++)
			set_add_folded(r, set, classes[i].ranges[k].low, classes[i].ranges[k].high);
		return true;
	}
	return false;
}

static int hex_digit(struct span *s)
{
	uint8_t c = s->left > 0 ? s->at[0] : 0;
	int value = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ?
	    (c | 32) - 'a' + 10 : -1;

	if (value >= 0)
		(void)span_cut(s, 1);
	return value;
}

/* \x41 or \x{1F600}, behind the x. */
static uint32_t escaped_hex(struct reader *r)
{
	bool braced = r->rest.left > 0 && r->rest.at[0] == '{';
	uint32_t value = 0;
	int digits = 0, digit;

	if (braced)
		(void)span_cut(&r->rest, 1);
	while ((braced || digits < 2) && digits < 8 && (digit = hex_digit(&r->rest)) >= 0) {
		value = value * 16 + (uint32_t)digit;
		digits++;
	}
	bool closed = !braced || (r->rest.left > 0 && r->rest.at[0] == '}');

	if (braced && closed)
		(void)span_cut(&r->rest, 1);
	if (digits == 0 || (!braced && digits != 2) || !closed || value > RUNE_MOST)
		(void)regex_bad(r, "invalid escape sequence");
	return value;
}

/* A character behind a backslash that stands for one character. */
uint32_t escaped(struct reader *r, uint32_t c)
{
	static const char letters[] = "afnrtv", means[] = "\a\f\n\r\t\v";
	const char *found = c != 0 && c < 128 ? strchr(letters, (int)c) : NULL;
	uint32_t value = c - '0';

	if (found != NULL)
		return (uint32_t)means[found - letters];
	if (c == 'x')
		return escaped_hex(r);
	bool more = r->rest.left > 0 && r->rest.at[0] >= '0' && r->rest.at[0] <= '7';

	if (c >= '0' && c <= '7' && (c == '0' || more)) {
		for (int i = 0; i < 2 && r->rest.left > 0 && r->rest.at[0] >= '0' &&
		     r->rest.at[0] <= '7'; i++)
			value = value * 8 + (uint32_t)span_be(&r->rest, 1) - '0';
		return value;
	}
	if (c < 128 && c > ' ' && !((c | 32) >= 'a' && (c | 32) <= 'z') && !(c >= '0' && c <= '9') &&
	    c != '_')
		return c;
	(void)regex_bad(r, c == 'p' || c == 'P' || c == 'C' ? "\\p and \\C are not understood here" :
	    "invalid escape sequence");
	return 0;
}

static uint32_t set_one(struct reader *r)
{
	uint32_t c = rune_cut(&r->rest);

	return c == '\\' ? escaped(r, r->rest.left > 0 ? rune_cut(&r->rest) : 0) : c;
}

/* [:alpha:], \d and the like within brackets. */
static bool set_class(struct reader *r, struct set *set)
{
	if (r->rest.left > 1 && r->rest.at[0] == '\\' && set_add_class(r, set, r->rest.at[1])) {
		(void)span_cut(&r->rest, 2);
		return true;
	}
	if (r->rest.left < 4 || r->rest.at[0] != '[' || r->rest.at[1] != ':')
		return false;
	for (size_t i = 2; i + 1 < r->rest.left; i++)
		if (r->rest.at[i] == ':' && r->rest.at[i + 1] == ']') {
			if (!set_add_named(r, set, span_of(r->rest.at + 2, i - 2)))
				return regex_bad(r, "invalid character class range") != NULL;
			(void)span_cut(&r->rest, i + 2);
			return true;
		}
	return false;
}

struct part *brackets(struct reader *r)
{
	struct set set = { .n = 0 };
	bool first = true;

	if (r->rest.left > 0 && r->rest.at[0] == '^') {
		set.not = true;
		(void)span_cut(&r->rest, 1);
	}
	for (; r->bad == KS_OK && r->rest.left > 0 && (r->rest.at[0] != ']' || first); first = false) {
		if (set_class(r, &set) || r->bad != KS_OK)
			continue;
		uint32_t low = set_one(r), high = low;

		if (r->rest.left > 1 && r->rest.at[0] == '-' && r->rest.at[1] != ']') {
			(void)span_cut(&r->rest, 1);
			high = set_one(r);
		}
		if (high < low)
			return regex_bad(r, "invalid character class range");
		set_add_folded(r, &set, low, high);
	}
	if (r->rest.left == 0)
		return regex_bad(r, "missing closing ]");
	(void)span_cut(&r->rest, 1);
	return set_part(r, &set);
}

struct part *one_char(struct reader *r, uint32_t c)
{
	struct set set = { .n = 0 };

	set_add_folded(r, &set, c, c);
	return set_part(r, &set);
}

struct part *any_char(struct reader *r)
{
	struct set set = { .n = 0 };

	if ((r->flags & FLAG_DOT) != 0)
		(void)set_add(r, &set, 0, RUNE_MOST);
	else
		set_add_others(r, &set, (const struct range[]){ { '\n', '\n' } }, 1);
	return set_part(r, &set);
}
