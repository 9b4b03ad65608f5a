#include "sense/snmp/refer.h"
#include "base/must.h"
#include "base/number.h"
#include <ctype.h>
#include <math.h>

static void oid_join(struct oid *oid, const uint32_t *more, uint32_t n)
{
	must(oid->n + n <= OID_MAX);
	memcpy(oid->id + oid->n, more, n * sizeof *more);
	oid->n += n;
}

void refer_oid(const struct snmp_family *family, struct span text, struct oid *ret_oid)
{
	struct oid below = { .n = 0 };

	must(text.left > 0);
	if (text.at[0] == '.') {
		must(oid_read(text, ret_oid));
		return;
	}
	must(oid_read(span_text(family->base), ret_oid));
	must(oid_read(text, &below));
	oid_join(ret_oid, below.id, below.n);
}

void refer(const struct refer_from *from, struct span text, struct oid *ret_oid)
{
	struct span head = text, tail = { .at = NULL };
	const struct oid *at = from->at;
	uint32_t index_n = at->n - from->index_at, taken = index_n;
	int64_t number = 0;

	must(text.left > 0);
	if (text.at[0] == '=') {
		(void)span_cut(&text, 1);
		refer_oid(from->family, text, ret_oid);
		return;
	}
	tail = text;
	head = span_until(&tail, '/');
	if (tail.left > 0) {
		must(number_read(tail, 0, &number) == KS_OK);
		if (number < 0)
			taken = index_n < (uint32_t)-number ? 0 : index_n - (uint32_t)-number;
		else if ((uint32_t)number < taken)
			taken = (uint32_t)number;
	}
	if (head.at[0] == '^') {
		(void)span_cut(&head, 1);
		must(number_read(head, 0, &number) == KS_OK);
		refer_oid(from->family, span_text(from->row->oid), ret_oid);
		ret_oid->id[ret_oid->n - 1] = (uint32_t)number;
	} else {
		refer_oid(from->family, head, ret_oid);
		if (tail.left == 0 && ret_oid->id[ret_oid->n - 1] == 0)
			return;
	}
	if (ret_oid->n + taken > OID_MAX)
		taken = OID_MAX - ret_oid->n;
	oid_join(ret_oid, at->id + from->index_at, taken);
}

bool term_cut(struct span *condition, struct term *ret_term)
{
	struct term term = { .part = 0 };
	struct span word;

	*condition = span_trim(*condition);
	if (condition->left == 0)
		return false;
	word = span_until(condition, ' ');
	for (size_t i = 0; i < word.left && term.values.at == NULL; i++) {
		size_t sign = word.at[i] == '!' ? 2 : 1;

		if (word.at[i] != '=' && word.at[i] != '!' && word.at[i] != '~')
			continue;
		if (i == 0)
			continue; /* "=2.1.7" starts a reference */
		term.not = word.at[i] == '!';
		term.start = word.at[i] == '~';
		term.ref = span_of(word.at, i);
		must(word.left > i + sign);
		term.values = span_of(word.at + i + sign, word.left - i - sign);
	}
	must(term.values.left > 0);
	if (term.ref.at[0] == '#') {
		struct span digits = span_of(term.ref.at + 1, term.ref.left - 1);
		int64_t part = 0;

		must(number_read(digits, 0, &part) == KS_OK && part != 0);
		term.part = (int)part;
	}
	*ret_term = term;
	return true;
}

/* A _ of the word is a blank (or an underscore) of the text. */
static bool text_starts(struct span text, struct span word)
{
	bool same = text.left >= word.left && word.left > 0;

	for (size_t i = 0; i < word.left && same; i++)
		same = tolower(text.at[i]) == tolower(word.at[i]) ||
		    (word.at[i] == '_' && text.at[i] == ' ');
	return same;
}

static bool text_is(struct span text, struct span word)
{
	return text.left == word.left && (word.left == 0 || text_starts(text, word));
}

bool var_listed(const struct varbind *var, int64_t milli, struct span list)
{
	struct span text = { .at = NULL };

	if (var != NULL && var->type == VAR_OCTETS)
		text = span_trim(var->value);
	while (list.left > 0) {
		struct span word = span_until(&list, ',');
		int64_t number = 0;

		if (span_equal(word, "*"))
			return true;
		if (number_read(word, 3, &number) == KS_OK ? number == milli :
							     text_is(text, word))
			return true;
	}
	return false;
}

bool term_holds(const struct term *term, const struct varbind *var)
{
	int64_t milli = INT64_MIN;
	bool held;

	if (var == NULL || !varbind_there(var))
		return term->not;
	if (var_number(var, &milli, NULL) != DOUBT_NONE)
		milli = INT64_MIN;
	if (term->start)
		return var->type == VAR_OCTETS &&
		    text_starts(span_trim(var->value), term->values);
	held = var_listed(var, milli, term->values);
	return held != term->not;
}

bool term_holds_index(const struct term *term, const struct refer_from *from)
{
	int64_t n = (int64_t)from->at->n - from->index_at;
	int64_t part = term->part > 0 ? term->part - 1 : n + term->part;

	if (part < 0 || part >= n)
		return term->not;
	int64_t value = from->at->id[from->index_at + part];

	return var_listed(NULL, value * 1000, term->values) != term->not;
}

/* net-snmp's float in an Opaque: 9f 78 04 and 4 bytes, 9f 79 08 and 8 bytes. */
static enum doubt opaque_number(struct span value, int64_t *ret_milli)
{
	uint64_t head = span_be(&value, 3);
	double number = 0;

	if (head == 0x9f7804 && value.left == 4) {
		uint32_t bits = (uint32_t)span_be(&value, 4);
		float narrow;

		memcpy(&narrow, &bits, sizeof narrow);
		number = (double)narrow;
	} else if (head == 0x9f7908 && value.left == 8) {
		uint64_t bits = span_be(&value, 8);

		memcpy(&number, &bits, sizeof number);
	} else {
		return DOUBT_MALFORMED;
	}
	if (!isfinite(number) || fabs(number) > 1e15)
		return DOUBT_MALFORMED;
	*ret_milli = (int64_t)llround(number * 1000);
	return DOUBT_NONE;
}

static bool text_is_nothing(struct span text)
{
	static const char *const words[] = { "n/a", "na", "null", "none", "nan", "-", "--",
		"---", "----", "unknown", "not available", "error", "no data", "noval",
		"unavailable" };

	if (text.left == 0)
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_is(text, span_text(words[i])))
			return true;
	return false;
}

enum doubt var_number(const struct varbind *var, int64_t *ret_milli,
    struct span *ret_tail)
{
	struct span text;

	if (ret_tail != NULL)
		*ret_tail = (struct span){ .at = NULL };
	if (!varbind_there(var))
		return DOUBT_EMPTY;
	if (var->type == VAR_OPAQUE)
		return opaque_number(var->value, ret_milli);
	if (var->type != VAR_OCTETS) {
		if (var->type == VAR_OID || var->type == VAR_ADDRESS)
			return DOUBT_MALFORMED;
		*ret_milli = number_scale(var->number, 1000, 1);
		return DOUBT_NONE;
	}
	text = var->value;
	while (text.left > 0 && text.at[text.left - 1] == '\0')
		text.left--; /* C strings sent with their end */
	text = span_trim(text.left > 0 ? text : (struct span){ .at = NULL });
	if (text_is_nothing(text))
		return DOUBT_EMPTY;
	if (number_cut(&text, 3, ret_milli) != KS_OK)
		return DOUBT_MALFORMED;
	if (ret_tail != NULL)
		*ret_tail = span_trim(text);
	return DOUBT_NONE;
}
