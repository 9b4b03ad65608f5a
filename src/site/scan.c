/* src/site/scan.c - a line into words and key=value pairs. */
#include "site/reader.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_blanks(const struct reader *r, struct piece *rest)
{
	while (rest->n > 0 && is_blank(r->copy[rest->at])) {
		rest->at++;
		rest->n--;
	}
}

static struct piece cut(struct piece *rest, uint32_t n)
{
	struct piece head = { rest->at, n };

	rest->at += n;
	rest->n -= n;
	return head;
}

struct piece scan_word(const struct reader *r, struct piece *rest)
{
	uint32_t n = 0;

	skip_blanks(r, rest);
	while (n < rest->n && !is_blank(r->copy[rest->at + n]))
		n++;
	return cut(rest, n);
}

bool scan_item(const struct reader *r, struct piece *rest, struct piece *ret_item)
{
	uint32_t n = 0;

	if (rest->n == 0)
		return false;
	while (n < rest->n && r->copy[rest->at + n] != ',')
		n++;
	*ret_item = cut(rest, n);
	skip_blanks(r, ret_item);
	while (ret_item->n > 0 && is_blank(r->copy[ret_item->at + ret_item->n - 1]))
		ret_item->n--;
	if (rest->n > 0)
		(void)cut(rest, 1); /* the comma */
	return true;
}

/* The value after '=', which is not empty: quoted or up to the next blank. */
static bool scan_value(struct reader *r, struct piece *rest, struct piece *ret_value)
{
	if (r->copy[rest->at] != '"') {
		*ret_value = scan_word(r, rest);
		return true;
	}
	struct piece quote = cut(rest, 1);
	const char *end = memchr(r->copy + rest->at, '"', rest->n);

	if (end == NULL) {
		quote.n += rest->n;
		fault(r, quote, "the quote that begins here does not end on this line");
		rest->n = 0;
		return false;
	}
	*ret_value = cut(rest, (uint32_t)(end - r->copy) - rest->at);
	(void)cut(rest, 1);
	if (rest->n > 0 && !is_blank(r->copy[rest->at])) {
		fault(r, (struct piece){ rest->at, 1 }, "a blank is missing after the quote");
		(void)scan_word(r, rest);
		return false;
	}
	return true;
}

static void suggest_key(struct reader *r, enum kind kind, struct span word)
{
	struct nearest nearest;

	nearest_start(&nearest, word);
	for (size_t i = 0; i < r->keys_n[kind]; i++)
		nearest_put(&nearest, span_text(r->first_key[kind][i].word));
	memcpy(r->suggestion, nearest.best, sizeof r->suggestion);
}

static const struct key *find_key(const struct reader *r, enum kind kind, struct span word)
{
	for (size_t i = 0; i < r->keys_n[kind]; i++) {
		const struct key *key = &r->first_key[kind][i];

		if ((uint8_t)key->word[0] == word.at[0] && span_equal(word, key->word))
			return key;
	}
	return NULL;
}

/* Is the pair fit to be kept?  The faults are said here. */
static bool check_pair(struct reader *r, enum kind kind, struct pair *pair, uint64_t *seen)
{
	struct span word = piece_span(r, pair->word);
	uint64_t bit;

	pair->key = find_key(r, kind, word);
	if (pair->key == NULL && !kinds[kind].open) {
		suggest_key(r, kind, word);
		fault(r, pair->word, "a %s has no key \"%.*s\"", kinds[kind].word,
		    (int)word.left, (const char *)word.at);
		return false;
	}
	if (pair->value.n == 0) {
		fault(r, pair->all, "nothing stands after %.*s=", (int)word.left,
		    (const char *)word.at);
		return false;
	}
	if (pair->key == NULL)
		return true;
	bit = (uint64_t)1 << r->ready[pair->key - keys].bit;
	if (*seen & bit)
		fault(r, pair->all, "%.*s= is given twice", (int)word.left, (const char *)word.at);
	*seen |= bit;
	return true;
}

/* One word: key=value, cut off rest; false when it is none. */
static bool scan_pair(struct reader *r, struct piece *rest, struct pair *ret_pair)
{
	uint32_t start = rest->at, n = 0;

	while (n < rest->n && r->copy[start + n] != '=' && !is_blank(r->copy[start + n]))
		n++;
	if (n == 0 || n == rest->n || r->copy[start + n] != '=') {
		struct piece word = scan_word(r, rest);

		fault(r, word, "\"%.*s\" is not key=value", (int)word.n, r->copy + word.at);
		return false;
	}
	ret_pair->word = cut(rest, n);
	(void)cut(rest, 1);
	bool good = true;

	/* "key= value" would else swallow the next word */
	if (rest->n > 0 && !is_blank(r->copy[rest->at]))
		good = scan_value(r, rest, &ret_pair->value);
	ret_pair->all = (struct piece){ start, rest->at - start };
	return good;
}

void scan_pairs(struct reader *r, const struct line *line)
{
	uint32_t after = line->id.at + line->id.n;
	struct piece rest = { after, line->all.at + line->all.n - after };
	uint64_t seen = 0;

	r->pairs_n = 0;
	for (;;) {
		struct pair pair = { .key = NULL };

		skip_blanks(r, &rest);
		if (rest.n == 0 || r->copy[rest.at] == '#')
			break;
		if (!scan_pair(r, &rest, &pair) || !check_pair(r, line->kind, &pair, &seen))
			continue;
		if (r->pairs_n == LIMIT_SITE_KEYS) {
			fault(r, pair.all, "more than %d keys in one line", LIMIT_SITE_KEYS);
			break;
		}
		r->pairs[r->pairs_n++] = pair;
	}
	for (size_t i = 0; i < r->keys_n[line->kind]; i++) {
		const struct key *key = &r->first_key[line->kind][i];

		if (key->required && !(seen & (uint64_t)1 << r->ready[key - keys].bit))
			fault(r, line->id, "a %s needs %s=", kinds[line->kind].word, key->word);
	}
}
