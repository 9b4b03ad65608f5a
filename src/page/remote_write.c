#include "page/remote_write.h"
#include "base/drop.h"
#include "base/hash.h"
#include "base/more.h"
#include <endian.h>
#include <stdlib.h>

enum { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES, WIRE_FIXED32 = 5 };
enum { FIRST_ROOM = 1024, KNOWN_MEMORY_MB = 512 };

/* LEB128 of at most 64 bits; breaks the span. */
static uint64_t varint(struct span *s)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint64_t byte = span_be(s, 1);

		value |= (byte & 0x7f) << shift;
		if (byte < 0x80)
			return s->broken ? 0 : value;
	}
	*s = (struct span){ .broken = true };
	return 0;
}

struct field {
	uint64_t number;
	struct span bytes; /* WIRE_BYTES and fixed ones */
	uint64_t value;	   /* WIRE_VARINT */
	unsigned wire;
};

/* The next field; false at the end, or with *s broken. */
static bool field_cut(struct span *s, struct field *ret_field)
{
	if (s->left == 0)
		return false;
	uint64_t tag = varint(s);
	struct field field = { .number = tag >> 3, .wire = (unsigned)(tag & 7) };

	if (field.wire == WIRE_VARINT)
		field.value = varint(s);
	else if (field.wire == WIRE_FIXED64)
		field.bytes = span_cut(s, 8);
	else if (field.wire == WIRE_FIXED32)
		field.bytes = span_cut(s, 4);
	else if (field.wire == WIRE_BYTES)
		field.bytes = span_cut(s, varint(s));
	else
		*s = (struct span){ .broken = true };
	if (field.number == 0)
		*s = (struct span){ .broken = true };
	*ret_field = field;
	return !s->broken;
}

void known_init(struct known *known, uint64_t seed)
{
	*known = (struct known){ .seed = seed };
	arena_init(&known->arena, (size_t)KNOWN_MEMORY_MB * 1024 * 1024);
}

void known_done(struct known *known)
{
	arena_done(&known->arena);
	free(known->at);
	free(known->slots);
	*known = (struct known){ .n = 0 };
}

void rows_done(struct rows *rows)
{
	free(rows->at);
	*rows = (struct rows){ .n = 0 };
}

static bool is_series(const struct known_series *series, struct span raw)
{
	return series->len == raw.left && memcmp(series->raw, raw.at, raw.left) == 0;
}

static uint32_t slot_of(const struct known *known, struct span raw, uint32_t hash)
{
	uint32_t slot = hash & known->mask;

	while (known->slots[slot] != 0) {
		const struct known_series *at = &known->at[known->slots[slot]];

		if (at->hash == hash && is_series(at, raw))
			break;
		slot = (slot + 1) & known->mask;
	}
	return slot;
}

static int known_grow(struct known *known)
{
	uint32_t room = known->room == 0 ? FIRST_ROOM : known->room * 2;
	struct known_series *at = realloc(known->at, room * sizeof *at);
	uint32_t *slots = calloc(room, 2 * sizeof *slots);

	known->at = at != NULL ? at : known->at;
	if (at == NULL || slots == NULL) {
		free(slots);
		return KS_FULL;
	}
	free(known->slots);
	known->slots = slots;
	known->mask = room * 2 - 1;
	known->room = room;
	if (known->n == 0) {
		at[0] = (struct known_series){ .len = 0 };
		known->n = 1;
	}
	for (uint32_t i = 1; i < known->n; i++)
		slots[slot_of(known, span_of(at[i].raw, at[i].len), at[i].hash)] = i;
	return KS_OK;
}

/* The index of labels spelt so; 0: no room for more. */
static uint32_t known_find(struct known *known, struct span raw)
{
	uint32_t hash = (uint32_t)hash_of(raw, known->seed), slot;

	if (known->n == known->room && known_grow(known) != KS_OK) {
		known->full = true;
		return 0;
	}
	slot = slot_of(known, raw, hash);
	if (known->slots[slot] != 0)
		return known->slots[slot];
	char *copy = known->n < LIMIT_SERIES ? arena_text(&known->arena, raw) : NULL;

	if (copy == NULL) {
		known->full = true;
		return 0;
	}
	known->at[known->n] = (struct known_series){ .raw = (const uint8_t *)copy,
		.len = (uint32_t)raw.left, .number = SERIES_UNKNOWN, .hash = hash };
	known->slots[slot] = known->n;
	return known->n++;
}

static int row_add(struct rows *rows, const struct sample_row *row, struct why *why)
{
	if (rows->n >= (rows->most > 0 ? rows->most : LIMIT_BATCH_SAMPLES))
		return fail(why, KS_FULL, "more than %d samples in one request",
		    (int)LIMIT_WAITING_SAMPLES);
	struct sample_row *at = array_more(rows->at, rows->n, &rows->room, FIRST_ROOM, sizeof *at);

	if (at == NULL)
		return fail(why, KS_FULL, "memory ran out for a request");
	rows->at = at;
	rows->at[rows->n++] = *row;
	return KS_OK;
}

static int sample_read(struct span sample, uint32_t index, struct rows *rows,
    struct why *why)
{
	struct sample_row row = { .series = index };
	struct field field;

	while (field_cut(&sample, &field)) {
		if (field.number == 1 && field.wire == WIRE_FIXED64) {
			uint64_t bits = span_le(&field.bytes, 8);

			memcpy(row.value, &bits, sizeof row.value);
		} else if (field.number == 2 && field.wire == WIRE_VARINT) {
			memcpy(row.time_ms, &field.value, sizeof row.time_ms);
		}
	}
	if (sample.broken)
		return fail(why, KS_MALFORMED, "remote-write: a sample makes no sense");
	return row_add(rows, &row, why);
}

/* A sample as every sender spells it: value, then time, nothing else; cut off s.
 * False, and s untouched, when it is spelt otherwise. */
static inline bool sample_cut(struct span *s, struct sample_row *ret_row)
{
	enum { HEAD = 3, VALUE = 8, LEAST = HEAD + VALUE + 2 };
	const uint8_t *at = s->at;

	if (s->left < LEAST || at[0] != (2 << 3 | WIRE_BYTES) || at[1] < LEAST - 2 ||
	    at[1] > VALUE + 2 + 10 || (size_t)at[1] + 2 > s->left ||
	    at[2] != (1 << 3 | WIRE_FIXED64) || at[HEAD + VALUE] != (2 << 3 | WIRE_VARINT))
		return false;
	size_t len = at[1], i = HEAD + VALUE + 1;
	uint64_t time = 0;

	for (unsigned shift = 0; i < len + 2 && shift < 64; i++, shift += 7) {
		time |= (uint64_t)(at[i] & 0x7f) << shift;
		if (at[i] < 0x80)
			break;
	}
	if (i != len + 1)
		return false;
	memcpy(ret_row->value, at + HEAD, VALUE);
	memcpy(ret_row->time_ms, &time, sizeof ret_row->time_ms);
	(void)span_cut(s, len + 2);
	return true;
}

/* The bytes of the label fields at the front of a series. */
static struct span labels_cut(struct span *series)
{
	struct span rest = *series, raw = *series;

	while (rest.left > 0 && rest.at[0] == (1 << 3 | WIRE_BYTES)) {
		struct field field;

		if (!field_cut(&rest, &field)) {
			*series = rest;
			return rest;
		}
		*series = rest;
	}
	raw.left -= rest.left;
	return raw;
}

/* __name__ of a series as far as it can be shown. */
static void name_show(struct span raw, char *ret_name, size_t size)
{
	struct field field;
	size_t n = 0;

	ret_name[0] = '\0';
	while (field_cut(&raw, &field)) {
		struct span name = { .left = 0 }, value = { .left = 0 };
		struct field part;

		while (field_cut(&field.bytes, &part)) {
			if (part.number == 1)
				name = part.bytes;
			else
				value = part.bytes;
		}
		if (!span_equal(name, "__name__"))
			continue;
		for (n = 0; n < value.left && n + 1 < size; n++)
			ret_name[n] = value.at[n] > ' ' && value.at[n] < 0x7f
			    ? (char)value.at[n] : '?';
		ret_name[n] = '\0';
		return;
	}
}

/* Labels that core would refuse never get a place; the other series of the request do. */
static bool labels_good(struct known *known, struct span raw, struct rows *rows)
{
	KS_DROP(text) struct text labels = { 0 };
	struct why why = { .fmt = NULL };
	char name[64];
	int bad;

	if (known->n > 0 &&
	    known->slots[slot_of(known, raw, (uint32_t)hash_of(raw, known->seed))] != 0)
		return true;
	text_init(&labels, LIMIT_LABELS_BYTES);
	bad = raw.left > 2 * LIMIT_LABELS_BYTES
	    ? fail(&why, KS_FULL, "labels of %zu bytes; %d are allowed", raw.left,
		(int)LIMIT_LABELS_BYTES)
	    : remote_write_labels(raw, &labels, &why);
	if (bad == KS_OK)
		return true;
	name_show(raw, name, sizeof name);
	if (rows->bad++ == 0)
		(void)fail(&rows->why, bad,
		    "series \"%s\" was refused: %s; the other samples are stored", name, why.text);
	return false;
}

/* Which series it is; the fast way is that it follows the one before as last time. */
static int series_find(struct known *known, struct span *series, uint32_t before,
    struct rows *rows, uint32_t *ret_index, struct why *why)
{
	uint32_t guess = known->n > 0 ? known->at[before].next : 0;

	if (guess != 0) {
		const struct known_series *at = &known->at[guess];

		if (series->left > at->len && memcmp(series->at, at->raw, at->len) == 0 &&
		    series->at[at->len] != (1 << 3 | WIRE_BYTES)) {
			(void)span_cut(series, at->len);
			*ret_index = guess;
			return KS_OK;
		}
	}
	struct span raw = labels_cut(series);

	if (raw.broken || raw.left == 0)
		return fail(why, KS_MALFORMED, "remote-write: a series without labels");
	*ret_index = 0;
	if (!labels_good(known, raw, rows))
		return KS_OK;
	uint32_t index = known_find(known, raw);

	if (index == 0)
		return fail(why, KS_FULL, "more than %d series", (int)LIMIT_SERIES);
	known->at[before].next = index;
	*ret_index = index;
	return KS_OK;
}

static int series_read(struct span series, struct known *known, uint32_t *before,
    struct rows *rows, struct why *why)
{
	struct field field;
	uint32_t index = 0;
	int bad = series_find(known, &series, *before, rows, &index, why);
	struct sample_row row = { .series = index };

	if (bad == KS_OK && index == 0)
		return KS_OK; /* passed over */
	while (bad == KS_OK && sample_cut(&series, &row))
		bad = row_add(rows, &row, why);
	while (bad == KS_OK && field_cut(&series, &field)) {
		if (field.number == 2 && field.wire == WIRE_BYTES)
			bad = sample_read(field.bytes, index, rows, why);
		else if (field.number == 1)
			bad = fail(why, KS_MALFORMED, "remote-write: labels after samples");
	}
	if (bad == KS_OK && series.broken)
		bad = fail(why, KS_TRUNCATED, "remote-write: a series ends too soon");
	*before = index;
	return bad;
}

int remote_write_read(struct span body, struct known *known, struct rows *ret_rows,
    struct why *why)
{
	struct field field;
	uint32_t before = 0;
	int bad = KS_OK;

	while (bad == KS_OK && field_cut(&body, &field))
		if (field.number == 1 && field.wire == WIRE_BYTES)
			bad = series_read(field.bytes, known, &before, ret_rows, why);
	if (bad == KS_OK && body.broken)
		bad = fail(why, KS_TRUNCATED, "remote-write: the request ends too soon");
	return bad;
}

struct label {
	struct span name, value;
};

static int by_name(const void *a, const void *b)
{
	const struct label *left = a, *right = b;
	size_t n = left->name.left < right->name.left ? left->name.left : right->name.left;
	int order = memcmp(left->name.at, right->name.at, n); /* no name is empty */

	return order != 0 ? order
	    : (left->name.left > right->name.left) - (left->name.left < right->name.left);
}

static int label_read(struct span bytes, struct label *ret_label, struct why *why)
{
	struct label label = { .name = { .left = 0 } };
	struct field field;

	while (field_cut(&bytes, &field)) {
		if (field.number == 1 && field.wire == WIRE_BYTES)
			label.name = field.bytes;
		else if (field.number == 2 && field.wire == WIRE_BYTES)
			label.value = field.bytes;
	}
	if (bytes.broken || label.name.left == 0 ||
	    memchr(label.name.at, 0xff, label.name.left) != NULL ||
	    (label.value.left > 0 && memchr(label.value.at, 0xff, label.value.left) != NULL))
		return fail(why, KS_MALFORMED, "remote-write: a label makes no sense");
	*ret_label = label;
	return KS_OK;
}

static void label_write(struct text *text, struct span name, struct span value)
{
	text_add_span(text, name);
	text_add_char(text, (char)0xff);
	text_add_span(text, value);
	text_add_char(text, (char)0xff);
}

int remote_write_labels(struct span raw, struct text *ret_labels, struct why *why)
{
	struct label labels[LIMIT_LABELS + 1];
	struct field field;
	size_t n = 0;

	while (field_cut(&raw, &field)) {
		if (n == LIMIT_LABELS)
			return fail(why, KS_FULL, "more than %d labels", (int)LIMIT_LABELS);
		int bad = label_read(field.bytes, &labels[n], why);

		if (bad != KS_OK)
			return bad;
		bool ours = span_equal(labels[n].name, "__name__") && labels[n].value.left > 8 &&
		    memcmp(labels[n].value.at, "keisoku_", 8) == 0;

		/* a label without a value is the same as none */
		n += labels[n].value.left > 0;
		if (ours)
			labels[n++] = (struct label){ span_text("keisoku_source"),
				span_text("remote_write") };
		if (n > LIMIT_LABELS)
			return fail(why, KS_FULL, "more than %d labels", (int)LIMIT_LABELS);
	}
	qsort(labels, n, sizeof *labels, by_name);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && by_name(&labels[i - 1], &labels[i]) == 0)
			return fail(why, KS_MALFORMED, "remote-write: a label is there twice");
		label_write(ret_labels, labels[i].name, labels[i].value);
	}
	if (ret_labels->full || n == 0)
		return fail(why, ret_labels->full ? KS_FULL : KS_MALFORMED,
		    "remote-write: labels are empty or too long");
	return KS_OK;
}
