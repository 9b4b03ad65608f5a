/* src/site/read.c - the way of one reading: lines and IDs first, so that any reference
 * may point forward; then the keys of each line; then what only the whole can tell. */
#include "site/read.h"
#include "base/hash.h"
#include "base/must.h"
#include "base/number.h"
#include "base/utf8.h"
#include "site/reader.h"

void *reader_take(struct reader *r, size_t count, size_t size)
{
	void *at = count > 0 ? arena_array(&r->site->arena, count, size) : NULL;

	r->full |= at == NULL && count > 0;
	return at;
}

const char *reader_text(struct reader *r, struct piece piece)
{
	/* a blank, a quote, the line's end or the zero behind the copy stands there */
	r->copy[piece.at + piece.n] = '\0';
	return r->copy + piece.at;
}

/* The rows of keys[] with their bounds in the base unit, and which share a member. */
static void make_ready(struct reader *r)
{
	for (enum kind kind = 0; kind < KINDS; kind++)
		r->first_key[kind] = keys_of(kind, &r->keys_n[kind]);
	for (size_t i = 0; i < keys_n; i++) {
		const struct key *key = &keys[i], *first = r->first_key[key->kind];
		struct ready *ready = &r->ready[i];
		int64_t whole = key->type >= TYPE_COUNT && key->type <= TYPE_DAYS ? 1000 : 1;

		while (first->type != key->type || first->at != key->at)
			first++; /* ends at the row itself */
		ready->bit = (uint8_t)(first - r->first_key[key->kind]);
		if (key->unit == NULL)
			continue;
		ready->unit = unit_own(key->unit);
		must(ready->unit != NULL && ready->unit->shift == 0);
		ready->low = number_scale(key->low * whole, ready->unit->mul, ready->unit->div);
		ready->high = number_scale(key->high * whole, ready->unit->mul, ready->unit->div);
	}
}

/* One thing of each kind with its defaults, to copy. */
static void make_blanks(struct reader *r)
{
	for (enum kind kind = 0; kind < KINDS; kind++) {
		void *blank = kind == KIND_SITE ? r->site
						: arena_take(&r->scratch, kinds[kind].size);

		r->blank[kind] = blank;
		if (blank == NULL) {
			r->full = true;
			return;
		}
		if (kind == KIND_ROOM) {
			struct room *room = blank;

			room->temperature = room->humidity = room->dew_point = limits_none();
		} else if (kind == KIND_SENSOR) {
			((struct sensor *)blank)->limits = limits_none();
		}
		for (size_t i = 0; i < r->keys_n[kind]; i++)
			value_default(r, &r->first_key[kind][i], blank);
	}
}

static bool id_good(struct span id)
{
	if (id.left == 0 || id.at[0] == '#')
		return false;
	for (size_t i = 0; i < id.left; i++)
		if (id.at[i] <= ' ' || id.at[i] == 0x7f || memchr("=,\"", id.at[i], 3) != NULL)
			return false;
	return true;
}

static void suggest_kind(struct reader *r, struct span word)
{
	struct nearest nearest;

	nearest_start(&nearest, word);
	for (enum kind kind = 0; kind < KINDS; kind++)
		nearest_put(&nearest, span_text(kinds[kind].word));
	memcpy(r->suggestion, nearest.best, sizeof r->suggestion);
}

static const char wide_blank[] = "\xe3\x80\x80"; /* U+3000, what a Japanese keyboard types */

/* A full-width space looks like a blank and is none: said where it stands outside of
 * quotes and comments. */
static bool fault_wide_blank(struct reader *r, struct piece all)
{
	const char *text = r->copy + all.at;
	size_t size = sizeof wide_blank - 1;
	bool quoted = false;

	for (size_t i = 0; i + size <= all.n && (quoted || text[i] != '#'); i++) {
		quoted ^= text[i] == '"';
		if (quoted || memcmp(text + i, wide_blank, size) != 0)
			continue;
		fault(r, (struct piece){ (uint32_t)(all.at + i), (uint32_t)size },
		    "a full-width space stands here; type an ordinary blank");
		return true;
	}
	return false;
}

/* KIND and ID of one line; its thing is counted and its ID remembered. */
static void read_head(struct reader *r, uint32_t number)
{
	struct line *line = &r->lines[number - 1];
	struct piece rest = line->all, word = scan_word(r, &rest);
	struct span s = piece_span(r, word);
	size_t *count;

	if (s.left == 0 || s.at[0] == '#' || (r->wide_blanks && fault_wide_blank(r, line->all)))
		return;
	enum kind kind = kind_find(s);

	if (kind == KINDS) {
		suggest_kind(r, s);
		fault(r, word, "no kind of thing is called \"%.*s\"", (int)s.left,
		    (const char *)s.at);
		return;
	}
	line->id = scan_word(r, &rest);
	if (!id_good(piece_span(r, line->id))) {
		fault(r, line->id.n > 0 ? line->id : word,
		    "an ID must stand here: a %s is written as %s ID key=value ...",
		    kinds[kind].word, kinds[kind].word);
		return;
	}
	if (line->id.n > LIMIT_NAME)
		fault(r, line->id, "an ID of more than %d bytes", LIMIT_NAME);
	line->kind = (uint8_t)kind;
	if (kind == KIND_SITE) {
		if (r->site_line != 0)
			fault(r, word, "the site line is given twice; the first is line %u", r->site_line);
		r->site_line = number;
		return;
	}
	count = (size_t *)(void *)((char *)r->site + kinds[kind].count);
	line->index = (uint32_t)(*count)++;
	ids_put(r, number);
}

/* Bytes that no text has, once a line. */
static void check_bytes(struct reader *r)
{
	size_t from = 0;

	for (;;) {
		struct span rest = span_of(r->bytes.at + from, r->bytes.left - from);
		const uint8_t *nul = rest.left > 0 ? memchr(rest.at, 0, rest.left) : NULL;
		size_t good = utf8_check(rest), zero = nul != NULL ? (size_t)(nul - rest.at) : rest.left;
		size_t bad = good < zero ? good : zero;

		if (bad == rest.left)
			return;
		struct piece at = { (uint32_t)(from + bad), 1 };

		r->bytes_told = true;
		if (zero < good)
			fault(r, at, "a zero byte: this is no text file");
		else
			fault(r, at, "this is not UTF-8; save the file as UTF-8");
		r->bytes_told = false;
		const uint8_t *end = memchr(rest.at + bad, '\n', rest.left - bad);

		if (end == NULL)
			return;
		from = (size_t)(end - r->bytes.at) + 1;
	}
}

static bool cut_lines(struct reader *r)
{
	static const uint8_t mark[] = { 0xef, 0xbb, 0xbf }; /* of UTF-8, as Windows writes it */
	bool marked = r->bytes.left >= sizeof mark && memcmp(r->bytes.at, mark, sizeof mark) == 0;
	size_t n = 1, at = marked ? sizeof mark : 0;

	for (const uint8_t *s = r->bytes.at; n <= LIMIT_SITE_THINGS; n++) {
		s = memchr(s, '\n', (size_t)(r->bytes.at + r->bytes.left - s));
		if (s == NULL)
			break;
		s++;
	}
	r->lines = arena_array(&r->scratch, n, sizeof *r->lines);
	r->full = r->lines == NULL;
	for (; !r->full && r->lines_n < n; r->lines_n++) {
		struct line *line = &r->lines[r->lines_n];
		const uint8_t *end = memchr(r->bytes.at + at, '\n', r->bytes.left - at);
		size_t stop = end != NULL ? (size_t)(end - r->bytes.at) : r->bytes.left;

		*line = (struct line){ .all = { (uint32_t)at, (uint32_t)(stop - at) }, .kind = KINDS };
		at = stop < r->bytes.left ? stop + 1 : stop;
		if (line->all.n > 0 && r->bytes.at[stop - 1] == '\r')
			line->all.n--;
	}
	return n <= LIMIT_SITE_THINGS;
}

/* IDs of every line, and arrays for what there is. */
static void read_heads(struct reader *r)
{
	static const enum kind lists[] = { KIND_HOST, KIND_RACK, KIND_SENSOR, KIND_SERVICE, KIND_FEED,
		KIND_ROOM, KIND_DEVICE, KIND_COOLING, KIND_CALENDAR, KIND_MAINTENANCE, KIND_NOTIFY, KIND_PAGE, KIND_WIRE,
		KIND_LIST };

	r->wide_blanks = r->bytes.left > 0 &&
	    memmem(r->bytes.at, r->bytes.left, wide_blank, sizeof wide_blank - 1) != NULL;
	ids_start(r);
	if (r->slots == NULL) {
		r->full = true;
		return;
	}
	for (uint32_t number = 1; number <= r->lines_n; number++) {
		struct piece all = r->lines[number - 1].all;

		if (all.n > LIMIT_SITE_LINE)
			fault(r, (struct piece){ all.at + LIMIT_SITE_LINE, 1 },
			    "a line of more than %d bytes", LIMIT_SITE_LINE);
		read_head(r, number);
	}
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		const struct kind_row *kind = &kinds[lists[i]];
		size_t count;
		void *list;

		memcpy(&count, (char *)r->site + kind->count, sizeof count);
		list = reader_take(r, count, kind->size);
		memcpy((char *)r->site + kind->list, &list, sizeof list);
	}
}

/* list: every key as it stands. */
static void keep_other(struct reader *r, const struct line *line, struct other *other)
{
	other->kind = kinds[line->kind].word;
	other->keys = reader_take(r, r->pairs_n, sizeof *other->keys);
	other->values = reader_take(r, r->pairs_n, sizeof *other->values);
	for (size_t i = 0; !r->full && i < r->pairs_n; i++) {
		other->keys[i] = reader_text(r, r->pairs[i].word);
		other->values[i] = reader_text(r, r->pairs[i].value);
	}
	other->pairs_n = r->full ? 0 : r->pairs_n;
}

/* Keys whose meaning hangs on others of their line come last. */
static bool is_late(const struct pair *pair)
{
	return pair->key->type == TYPE_LIMIT || pair->key->type == TYPE_OFFSET ||
	    pair->key->type == TYPE_ICS;
}

static void read_line(struct reader *r, uint32_t number)
{
	const struct line *line = &r->lines[number - 1];
	const struct kind_row *kind = &kinds[line->kind];
	char *thing = thing_of(r, number);
	bool late = false;

	scan_pairs(r, line);
	if (line->kind != KIND_SITE) {
		memcpy(thing, r->blank[line->kind], kind->size);
		memcpy(thing + kind->line, &number, sizeof number);
	}
	const char *id = reader_text(r, line->id);

	memcpy(thing + kind->id, &id, sizeof id);
	if (kind->open) {
		keep_other(r, line, (struct other *)(void *)thing);
		return;
	}
	for (size_t i = 0; i < r->pairs_n; i++) {
		late |= is_late(&r->pairs[i]);
		if (!is_late(&r->pairs[i]))
			value_apply(r, &r->pairs[i], thing);
	}
	for (size_t i = 0; late && i < r->pairs_n; i++)
		if (is_late(&r->pairs[i]))
			value_apply(r, &r->pairs[i], thing);
	const char *name;

	memcpy(&name, thing + kind->name, sizeof name);
	if (name == NULL)
		memcpy(thing + kind->name, &id, sizeof id);
}

static void read_all(struct reader *r)
{
	static const struct piece start = { 0, 0 };

	if (!cut_lines(r)) {
		if (!r->full)
			fault(r, start, "more than %d lines", LIMIT_SITE_THINGS);
		return;
	}
	if (!r->full) {
		check_bytes(r);
		make_ready(r);
		make_blanks(r);
	}
	if (!r->full)
		read_heads(r);
	if (r->full)
		return;
	if (r->site_line == 0)
		fault(r, start, "the site line is missing: site ID tz=Asia/Tokyo lang=ja");
	else
		read_line(r, r->site_line);
	for (uint32_t number = 1; number <= r->lines_n && !r->full; number++)
		if (r->lines[number - 1].kind < KIND_SITE)
			read_line(r, number);
	if (!r->full)
		cross_all(r);
}

/* An error that belongs to no place in the file. */
static int fail_whole(struct site_errors *errors, const char *fmt, long limit)
{
	*errors = (struct site_errors){ .n = 1 };
	errors->list[0] = (struct site_error){ .line = 1, .column = 1, .width = 1, .source_column = 1 };
	return fail(&errors->list[0].why, KS_FULL, fmt, limit);
}

int site_read_files(struct span bytes, const struct site_files *files, struct site **ret_site,
    struct site_errors *ret_errors)
{
	struct arena arena;
	struct reader r = { .errors = ret_errors, .files = files };

	*ret_errors = (struct site_errors){ 0 };
	if (bytes.left > LIMIT_SITE_BYTES)
		return fail_whole(ret_errors, "the file is longer than %ld bytes", LIMIT_SITE_BYTES);
	arena_init(&arena, LIMIT_SITE_MEMORY);
	arena_init(&r.scratch, LIMIT_SITE_MEMORY);
	r.site = arena_take(&arena, sizeof *r.site);
	r.copy = arena_text(&arena, bytes);
	r.ready = arena_array(&r.scratch, keys_n, sizeof *r.ready);
	if (r.site != NULL)
		r.site->arena = arena;
	r.full = r.site == NULL || r.copy == NULL || r.ready == NULL;
	if (!r.full) {
		r.bytes = bytes;
		if (bytes.left == 0)
			r.bytes.at = (const uint8_t *)r.copy; /* "", so that nothing asks */
		r.site->hash = hash_of(bytes, 0);
		read_all(&r);
		arena = r.site->arena;
	}
	arena_done(&r.scratch);
	if (!r.full && ret_errors->n == 0) {
		*ret_site = r.site;
		return KS_OK;
	}
	arena_done(&arena);
	if (r.full)
		return fail_whole(ret_errors, "no memory left for the site; at most %ld bytes",
		    LIMIT_SITE_MEMORY);
	return KS_MALFORMED;
}

int site_read(struct span bytes, struct site **ret_site, struct site_errors *ret_errors)
{
	return site_read_files(bytes, NULL, ret_site, ret_errors);
}
