/* src/wire/uri_mask.c - see uri_mask.h. */
#include "wire/uri_mask.h"
#include "base/drop.h"
#include "base/limits.h"
#include "wire/decode.h"
#include "wire/uri.h"

enum { PARTS = 96, /* of one address that are told apart; what follows is one part */
	CUT_LONG = 64 };
enum hide { HIDE_NO, HIDE_VALUE, HIDE_SECRET, HIDE_ALL /* its name as well */ };

struct part {
	char joint; /* before it: '/', '?', '&' or 0 */
	bool equal; /* name=value */
	uint8_t hide;
	struct span name, value;
};
struct parts {
	struct part part[PARTS];
	size_t n;
	struct mac own;
};

/* -- parts --------------------------------------------------------------------------------- */

static struct part part_read(char joint, struct span s)
{
	struct part is = { .joint = joint, .value = s };

	if (joint != '/' && joint != 0 && s.left > 0 && memchr(s.at, '=', s.left) != NULL) {
		is.name = span_until(&is.value, '=');
		is.equal = true;
	}
	return is;
}

/* Where the next part ends: at a slash of the path, else at an &. */
static size_t part_end(struct span rest, bool path)
{
	size_t n = 0;

	while (n < rest.left && rest.at[n] != (path ? '/' : '&') && !(path && rest.at[n] == '?'))
		n++;
	return n;
}

static void parts_read(struct parts *parts, struct span rest)
{
	bool path = true;
	char joint = 0;

	while (joint != 0 || rest.left > 0) {
		size_t n = parts->n + 1 == PARTS ? rest.left : part_end(rest, path);

		parts->part[parts->n++] = part_read(joint, span_cut(&rest, n));
		joint = rest.left > 0 ? (char)*rest.at : 0;
		path &= joint != '?';
		(void)span_cut(&rest, joint != 0 ? 1 : 0);
	}
}

/* -- searching ------------------------------------------------------------------------------- */

struct looked {
	struct personal_search search;
	bool found, secret;
};

static void found_note(void *context, const struct said_body *where, const struct personal *what)
{
	struct looked *looked = context;

	(void)where;
	looked->found = true;
	looked->secret |= what->category == PERSONAL_CREDENTIAL;
}

static void told_search(void *context, const struct said_body *leaf)
{
	personal_take(&((struct looked *)context)->search, leaf);
}

static enum hide uri_search(struct span uri, const struct mac *own)
{
	struct looked looked = { .search = { .number = 0 } };
	const struct personal_sink sink = { found_note, NULL, &looked };
	const struct body_sink told = { told_search, &looked };
	const struct said_body about = { .kind = BODY_URI };

	looked.search.sink = &sink;
	looked.search.own = *own;
	uri_tell(&about, &told, uri);
	return looked.secret ? HIDE_SECRET : looked.found ? HIDE_VALUE : HIDE_NO;
}

static void part_add(struct text *text, const struct part *part)
{
	if (part->joint != 0)
		text_add_char(text, part->joint);
	if (part->hide != HIDE_ALL)
		text_add_span(text, part->name);
	if (part->equal)
		text_add_char(text, '=');
	if (part->hide == HIDE_NO)
		text_add_span(text, part->value);
}

/* What would still be found in those parts, hidden ones left out. */
static enum hide parts_search(const struct parts *parts, size_t from, size_t end)
{
	KS_DROP(text) struct text text;

	text_init(&text, LIMIT_HTTP_HEAD);
	/* a query of its own begins with its mark */
	if (parts->part[from].joint == '&')
		text_add_char(&text, '?');
	for (size_t i = from; i < end; i++)
		part_add(&text, &parts->part[i]);
	if (text.full)
		return HIDE_ALL;
	return uri_search(text_span(&text), &parts->own);
}

/* -- hiding ------------------------------------------------------------------------------------ */

static void part_hide(struct parts *parts, size_t i, enum hide how)
{
	struct part *part = &parts->part[i];

	part->hide = part->hide < how ? (uint8_t)how : part->hide;
}

static bool has_digit(struct span s)
{
	for (size_t i = 0; i < s.left; i++)
		if (s.at[i] >= '0' && s.at[i] <= '9')
			return true;
	return false;
}

static void alone_hide(struct parts *parts)
{
	for (size_t i = 0; i < parts->n; i++) {
		/* "//user:secret@host" is one only behind two slashes */
		bool slashes = i > 0 && parts->part[i].joint == '/' && parts->part[i - 1].value.left == 0;
		size_t from = slashes ? i - 1 : i;
		enum hide how = parts_search(parts, from, i + 1);

		if (how != HIDE_NO)
			part_hide(parts, i, how);
		/* it is the name that tells */
		if (how != HIDE_NO && parts_search(parts, from, i + 1) != HIDE_NO)
			part_hide(parts, i, HIDE_ALL);
	}
}

/* Latitude and longitude, a number in three fields: from the last part without which nothing
 * is found to the first that is needed; what has no digit between is no piece of it. */
static bool together_hide(struct parts *parts)
{
	size_t few = 0, end = parts->n, start = 0;
	enum hide how = parts_search(parts, 0, end);

	if (how == HIDE_NO)
		return false;
	while (few + 1 < end) { /* nothing in `few` parts, something in `end` */
		size_t half = (few + end) / 2;

		*(parts_search(parts, 0, half) != HIDE_NO ? &end : &few) = half;
	}
	size_t none = end;

	while (start + 1 < none) {
		size_t half = (start + none) / 2;

		*(parts_search(parts, half, end) != HIDE_NO ? &start : &none) = half;
	}
	for (size_t i = start; i < end; i++)
		if (i + 1 == end || has_digit(parts->part[i].value))
			part_hide(parts, i, how);
	return true;
}

static bool number_tells(struct span s)
{
	return personal_no_name(s) || word_in(s, "%40");
}

static bool names_secret(struct span name)
{
	return personal_hints(name) & (HINT_SECRET | HINT_TOKEN);
}

static void known_hide(struct parts *parts, const struct uri_known *known)
{
	bool path = known->field != NULL && known->field(known->context, span_of(NULL, 0));
	KS_DROP(text) struct text plain;

	text_init(&plain, LIMIT_BODY_KEY);
	for (size_t i = 0; known->field != NULL && i < parts->n; i++) {
		const struct part *part = &parts->part[i];
		struct span name = percent_plain(part->name, true, &plain);

		if (name.left > 0 ? known->field(known->context, name)
			: path && !part->equal && number_tells(part->value))
			part_hide(parts, i, names_secret(name) ? HIDE_SECRET : HIDE_VALUE);
	}
}

/* Of half a value nobody knows what it is. */
static void end_hide(struct parts *parts)
{
	struct part *last = &parts->part[parts->n > 0 ? parts->n - 1 : 0];

	if (number_tells(last->value) || (last->value.left >= CUT_LONG && has_digit(last->value)) ||
	    names_secret(last->name))
		part_hide(parts, parts->n - 1, HIDE_SECRET);
}

/* -- showing ------------------------------------------------------------------------------------ */

static void masked_add(struct text *text, const struct part *part)
{
	char masked[MASKED_MAX];
	KS_DROP(text) struct text plain;

	text_init(&plain, LIMIT_HTTP_HEAD);
	struct span value = percent_plain(part->value, true, &plain);

	if (part->hide == HIDE_VALUE)
		value_mask(value, masked);
	else
		secret_mask(value, masked);
	text_add(text, masked);
}

static void parts_show(struct text *text, const struct parts *parts)
{
	for (size_t i = 0; i < parts->n; i++) {
		const struct part *part = &parts->part[i];

		part_add(text, part);
		if (part->hide != HIDE_NO)
			masked_add(text, part);
	}
}

static void parts_mask(struct text *text, struct span uri, const struct uri_known *known, bool tells)
{
	struct parts parts = { .n = 0, .own = known->own };
	bool left = tells;

	parts_read(&parts, uri);
	if (tells)
		alone_hide(&parts);
	for (size_t i = 0; left && i < parts.n; i++)
		left = together_hide(&parts);
	known_hide(&parts, known);
	if (known->cut)
		end_hide(&parts);
	for (size_t i = 0; left && i < parts.n; i++)
		part_hide(&parts, i, HIDE_ALL);
	parts_show(text, &parts);
}

void uri_mask(struct text *text, struct span uri, const struct uri_known *known)
{
	bool tells = !known->searched && uri_search(uri, &known->own) != HIDE_NO;

	if (uri.left > 0 && (tells || known->field != NULL || known->cut))
		parts_mask(text, uri, known, tells);
	else
		text_add_span(text, uri);
}
