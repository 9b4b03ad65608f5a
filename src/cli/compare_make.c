/* src/cli/compare_make.c - the rows of both sides, put together. */
#include "cli/compare_in.h"
#include <stdlib.h>
#include <string.h>

/* Sorted by name; equal ones are added up, also when they are of one side. */
static int by_key(const void *a, const void *b)
{
	const struct compare_row *one = a, *two = b;

	if (one->code != two->code)
		return one->code < two->code ? -1 : 1;
	if (one->way != two->way)
		return one->way < two->way ? -1 : 1;
	if (one->device != two->device)
		return one->device < two->device ? -1 : 1;
	int order = strcmp(one->key, two->key);

	return order != 0 ? order : strcmp(one->word, two->word);
}

static int by_size(const void *a, const void *b)
{
	const struct compare_row *one = a, *two = b;
	uint64_t size_one = one->bytes[0] + one->bytes[1], size_two = two->bytes[0] + two->bytes[1];

	if (one->severity != two->severity)
		return one->severity > two->severity ? -1 : 1;
	if (size_one != size_two)
		return size_one < size_two ? 1 : -1;
	return by_key(a, b);
}

static size_t rows_join(struct compare_row *rows, size_t n)
{
	size_t kept = 0;

	if (n > 1)
		qsort(rows, n, sizeof *rows, by_key);
	for (size_t i = 0; i < n; i++) {
		struct compare_row *to = kept > 0 ? &rows[kept - 1] : NULL;

		if (to == NULL || by_key(to, &rows[i]) != 0) {
			rows[kept++] = rows[i];
			continue;
		}
		to->severity = rows[i].severity > to->severity ? rows[i].severity : to->severity;
		if (to->country[0] == '\0')
			to->country = rows[i].country;
		for (int side = 0; side < 2; side++) {
			to->there[side] |= rows[i].there[side];
			to->bytes[side] += rows[i].bytes[side];
			if (to->handshakes[side] < rows[i].handshakes[side] || to->handshake_us[side] == 0) {
				to->handshake_us[side] = rows[i].handshake_us[side];
				to->handshakes[side] = rows[i].handshakes[side];
			}
			if (to->finding[side] == NULL)
				to->finding[side] = rows[i].finding[side];
		}
	}
	if (kept > 1)
		qsort(rows, kept, sizeof *rows, by_size);
	return kept;
}

static bool destinations_make(struct arena *arena, struct compare *c)
{
	size_t most = c->audit[0]->destinations_n + c->audit[1]->destinations_n, n = 0;
	struct compare_row *rows = arena_array(arena, most + 1, sizeof *rows);

	for (int side = 0; rows != NULL && side < 2; side++)
		for (size_t i = 0; i < c->audit[side]->destinations_n; i++) {
			const struct audit_destination *d = &c->audit[side]->destinations[i];
			struct compare_row *row = &rows[n];

			if (d->local || audit_is_echo(d))
				continue;
			*row = (struct compare_row){ .name = d->name[0] != '\0' ? d->name :
			    d->addresses_n > 0 ? d->addresses[0] : "?",
				.country = d->country, .word = "" };
			row->key = row->name;
			row->there[side] = true;
			row->bytes[side] = d->bytes_out + d->bytes_in;
			row->handshake_us[side] = d->handshake_us;
			row->handshakes[side] = d->handshakes;
			n++;
		}
	c->destinations = rows;
	c->destinations_n = rows != NULL ? rows_join(rows, n) : 0;
	return rows != NULL;
}

static bool countries_make(struct arena *arena, struct compare *c)
{
	size_t most = c->audit[0]->countries_n + c->audit[1]->countries_n, n = 0;
	struct compare_row *rows = arena_array(arena, most + 1, sizeof *rows);

	for (int side = 0; rows != NULL && side < 2; side++)
		for (size_t i = 0; i < c->audit[side]->countries_n; i++) {
			const struct audit_country *from = &c->audit[side]->countries[i];
			struct compare_row *row = &rows[n++];

			*row = (struct compare_row){ .name = from->country, .key = from->country,
				.country = from->country, .word = "" };
			row->there[side] = true;
			row->bytes[side] = from->bytes_out + from->bytes_in;
		}
	c->countries = rows;
	c->countries_n = rows != NULL ? rows_join(rows, n) : 0;
	return rows != NULL;
}

/* Words that are numbers (how many were expected) are no part of what a finding is. */
static const char *word_of(const struct finding *f)
{
	return f->code == FINDING_WIRE_PERIODIC || f->code == FINDING_WIRE_TRACEROUTES ? "" :
	    f->word;
}

/* Clients call a device by its address, which it may have changed by then. */
static const char *key_of(const struct audit *audit, const struct audit_finding *f)
{
	const struct audit_device *d = f->base.way == WAY_AT && f->device < audit->devices_n ?
	    &audit->devices[f->device] : NULL;

	for (size_t i = 0; d != NULL && i < d->addresses_n; i++)
		if (strcmp(d->addresses[i], f->to) == 0)
			return "";
	return f->to;
}

static struct compare_row row_make(const struct compare *c, int side,
    const struct audit_finding *f)
{
	struct compare_row row = { .name = f->to, .key = key_of(c->audit[side], f), .country = "",
		.word = word_of(&f->base), .device = compare_device_of(c, side, f->device),
		.code = f->base.code, .severity = f->base.severity, .way = f->base.way };

	row.there[side] = true;
	row.bytes[side] = f->base.count;
	row.finding[side] = f;
	return row;
}

static bool findings_make(struct arena *arena, struct compare *c)
{
	size_t most = c->audit[0]->findings_n + c->audit[1]->findings_n, n = 0;
	struct compare_row *rows = arena_array(arena, most + 1, sizeof *rows);

	for (int side = 0; rows != NULL && side < 2; side++)
		for (size_t i = 0; i < c->audit[side]->findings_n; i++)
			rows[n++] = row_make(c, side, &c->audit[side]->findings[i]);
	c->findings = rows;
	c->findings_n = rows != NULL ? rows_join(rows, n) : 0;
	return rows != NULL;
}

bool compare_make(struct arena *arena, const struct audit *before, const struct audit *after,
    struct compare *ret_compare)
{
	struct compare c = { .audit = { before, after } };

	if (!compare_devices(arena, &c) || !destinations_make(arena, &c) ||
	    !countries_make(arena, &c) || !findings_make(arena, &c))
		return false;
	compare_changes(&c);
	*ret_compare = c;
	return true;
}

size_t compare_count(const struct compare_row *rows, size_t n, bool before, bool after)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += rows[i].there[BEFORE] == before && rows[i].there[AFTER] == after;
	return count;
}

const struct compare_row *compare_row_of(const struct compare *c, int side,
    const struct audit_finding *f)
{
	struct compare_row like = row_make(c, side, f);

	for (size_t i = 0; i < c->findings_n; i++)
		if (by_key(&c->findings[i], &like) == 0)
			return &c->findings[i];
	return NULL;
}

void say_change(struct text *text, uint64_t before, uint64_t after)
{
	double change;

	if (before == 0)
		return;
	change = ((double)after - (double)before) * 100 / (double)before;
	/* beyond tenfold a factor is what a reader understands */
	if (change >= 1000)
		text_addf(text, "× %.0f", (double)after / (double)before);
	else
		text_addf(text, "%s%.1f %%", change < 0 ? "−" : "+", change < 0 ? -change : change);
}

uint64_t compare_daily(const struct audit *audit)
{
	double days = (double)(audit->capture.last_ns - audit->capture.first_ns) / 86400e9;

	/* below an hour a day's sum would be a guess */
	return days < 1.0 / 24 ? 0 : (uint64_t)((double)audit->bytes / days);
}
