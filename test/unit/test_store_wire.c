/* The hours of the wire in the store: put whole, told again instead of the former, summed
 * over hours and parts, met for the first time, let go of when they are old. */
#include "base/limits.h"
#include "depot.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t hour = 1795410000000 / WIRE_HOUR_MS * WIRE_HOUR_MS;

static struct wire_row row(enum wire_kind kind, int64_t hour_ms, const char *device,
    const char *name, uint64_t bytes)
{
	struct wire_row row = { .kind = (uint8_t)kind, .hour_ms = hour_ms, .out = bytes,
		.in = bytes * 2, .count = 1, .first_ms = hour_ms + 5, .last_ms = hour_ms + 9,
		.port = kind == WIRE_FINDING ? wire_number_of(FINDING_WIRE_LISTED) : 443 };

	(void)snprintf(row.device, sizeof row.device, "%s", device);
	(void)snprintf(row.name, sizeof row.name, "%s", name);
	(void)snprintf(row.country, sizeof row.country, "JP");
	return row;
}

struct got {
	struct wire_row rows[16];
	size_t n;
};

static int take(void *user, const struct wire_row *row_)
{
	struct got *got = user;

	assert_true(got->n < 16);
	got->rows[got->n++] = *row_;
	return 0;
}

static struct got ask(struct store *store, enum wire_kind kind, enum wire_by by, int64_t from,
    int64_t to)
{
	struct got got = { .n = 0 };
	const struct wire_ask how = { kind, by, from, to, 16 };

	assert_int_equal(store_wire(store, &how, take, &got, &why), KS_OK);
	return got;
}

static void a_part_told_again_replaces_itself(void **state)
{
	struct store *store = reopen(NULL, STORE_WRITE);
	struct wire_row rows[] = { row(WIRE_DEVICE, hour, "pc", "first", 10),
		row(WIRE_DESTINATION, hour, "pc", "a.example", 10) };

	(void)state;
	assert_int_equal(store_put_wire(store, rows, 2, &why), KS_OK);
	rows[0] = row(WIRE_DEVICE, hour, "pc", "renamed", 30);
	assert_int_equal(store_put_wire(store, rows, 1, &why), KS_OK);
	struct got got = ask(store, WIRE_DEVICE, WIRE_AS_IS, hour, hour + 1);

	assert_int_equal(got.n, 1);
	assert_int_equal(got.rows[0].out, 30);
	assert_int_equal(ask(store, WIRE_DESTINATION, WIRE_AS_IS, hour, hour + 1).n, 0);
	store_close(store);
}

static void parts_and_hours_add_up(void **state)
{
	struct store *store = reopen(NULL, STORE_WRITE);
	struct wire_row one = row(WIRE_DEVICE, hour, "pc", "old name", 10);
	struct wire_row two = row(WIRE_DEVICE, hour, "pc", "old name", 20);
	struct wire_row next = row(WIRE_DEVICE, hour + WIRE_HOUR_MS, "pc", "new name", 40);
	struct wire_row other = row(WIRE_DEVICE, hour + WIRE_HOUR_MS, "printer", "printer", 5);

	(void)state;
	two.part = next.part = 1800;
	other.part = 1801;
	next.count = 7; /* destinations: not a sum, the hours have the same ones */
	assert_int_equal(store_put_wire(store, &one, 1, &why), KS_OK);
	assert_int_equal(store_put_wire(store, &two, 1, &why), KS_OK);
	assert_int_equal(store_put_wire(store, &next, 1, &why), KS_OK);
	assert_int_equal(store_put_wire(store, &other, 1, &why), KS_OK);
	struct got got = ask(store, WIRE_DEVICE, WIRE_BY_THING, hour, hour + 2 * WIRE_HOUR_MS);

	assert_int_equal(got.n, 2);
	assert_string_equal(got.rows[0].device, "pc"); /* the largest first */
	assert_int_equal(got.rows[0].out, 70);
	assert_int_equal(got.rows[0].in, 140);
	assert_int_equal(got.rows[0].count, 7);
	assert_string_equal(got.rows[0].name, "new name");
	assert_int_equal(got.rows[0].first_ms, hour + 5);
	assert_int_equal(got.rows[0].last_ms, hour + WIRE_HOUR_MS + 9);
	got = ask(store, WIRE_DEVICE, WIRE_BY_HOUR, hour, hour + 2 * WIRE_HOUR_MS);
	assert_int_equal(got.n, 2);
	assert_int_equal(got.rows[0].out, 30);
	assert_int_equal(got.rows[1].out, 45);
	store_close(store);
}

static void met_for_the_first_time(void **state)
{
	struct store *store = reopen(NULL, STORE_WRITE);
	struct wire_row old = row(WIRE_DESTINATION, hour, "pc", "a.example", 1);
	struct wire_row rows[] = { row(WIRE_DESTINATION, hour + WIRE_HOUR_MS, "pc", "a.example", 1),
		row(WIRE_DESTINATION, hour + WIRE_HOUR_MS, "pc", "b.example", 1),
		row(WIRE_DESTINATION, hour + WIRE_HOUR_MS, "pc", "local", 1) };

	(void)state;
	rows[2].flags = WIRE_LOCAL; /* in the house: no news */
	assert_int_equal(store_put_wire(store, &old, 1, &why), KS_OK);
	assert_int_equal(store_put_wire(store, rows, 3, &why), KS_OK);
	struct got got = ask(store, WIRE_DESTINATION, WIRE_FIRST_MET, hour + WIRE_HOUR_MS,
	    hour + 2 * WIRE_HOUR_MS);

	assert_int_equal(got.n, 1);
	assert_string_equal(got.rows[0].name, "b.example");
	got = ask(store, WIRE_DESTINATION, WIRE_BY_COUNTRY, hour, hour + 2 * WIRE_HOUR_MS);
	assert_int_equal(got.n, 1);
	assert_string_equal(got.rows[0].country, "JP");
	assert_int_equal(got.rows[0].number[0], 2);
	store_close(store);
}

static void findings_by_device_and_the_worst_first(void **state)
{
	struct store *store = reopen(NULL, STORE_WRITE);
	struct wire_row rows[] = { row(WIRE_FINDING, hour, "pc", "a.example", 0),
		row(WIRE_FINDING, hour, "pc", "b.example", 0) };
	struct wire_row again = row(WIRE_FINDING, hour + WIRE_HOUR_MS, "pc", "b.example", 0);

	(void)state;
	rows[0].level = SEVERITY_WARNING;
	rows[1].level = again.level = SEVERITY_CRITICAL;
	assert_int_equal(store_put_wire(store, rows, 2, &why), KS_OK);
	assert_int_equal(store_put_wire(store, &again, 1, &why), KS_OK);
	struct got got = ask(store, WIRE_FINDING, WIRE_BY_THING, hour, hour + 2 * WIRE_HOUR_MS);

	assert_int_equal(got.n, 2);
	assert_string_equal(got.rows[0].name, "b.example");
	assert_int_equal(got.rows[0].count, 2);
	assert_int_equal(got.rows[0].level, SEVERITY_CRITICAL);
	assert_int_equal(wire_code_of(&got.rows[0]), FINDING_WIRE_LISTED);
	store_close(store);
}

static void readers_see_it_and_old_hours_go(void **state)
{
	struct store *store = reopen(NULL, STORE_WRITE), *reader;
	struct wire_row old = row(WIRE_SOURCE, hour, "", "", 1);
	struct wire_row young = row(WIRE_SOURCE, hour + WIRE_HOUR_MS, "", "", 1);
	struct wire_row met = row(WIRE_DESTINATION, hour, "pc", "gone.example", 1);
	int64_t since = 0;

	(void)state;
	met.part = 1;
	assert_int_equal(store_put_wire(store, &old, 1, &why), KS_OK);
	assert_int_equal(store_put_wire(store, &met, 1, &why), KS_OK);
	assert_int_equal(store_put_wire(store, &young, 1, &why), KS_OK);
	reader = reopen(NULL, STORE_READ);
	assert_int_equal(store_wire_since(reader, &since, &why), KS_OK);
	assert_int_equal(since, hour);
	assert_int_equal(store_wire_drop(store, hour + WIRE_HOUR_MS, &why), KS_OK);
	assert_int_equal(store_wire_since(reader, &since, &why), KS_OK);
	assert_int_equal(since, hour + WIRE_HOUR_MS);
	assert_int_equal(ask(reader, WIRE_DESTINATION, WIRE_FIRST_MET, 0, INT64_MAX).n, 0);
	store_close(reader);
	store_close(store);
}

static void learn(struct store *store, int64_t hour_ms, uint32_t part, bool whole, const char *bytes)
{
	const struct store_learned learned = { .hour_ms = hour_ms, .part = part, .whole = whole,
		.bytes = span_text(bytes) };

	assert_int_equal(store_put_learned(store, &learned, &why), KS_OK);
}

static void learned_is(struct store *store, const char *bytes)
{
	struct text got;

	text_init(&got, 4096);
	assert_int_equal(store_learned(store, &got, &why), KS_OK);
	assert_string_equal(text_cstr(&got), bytes);
	text_done(&got);
}

/* The whole first, then hours that are not in it, each the newest of its own. */
static void what_was_learned_is_given_back(void **state)
{
	struct store *store = reopen(NULL, STORE_WRITE);
	struct text small;

	(void)state;
	learned_is(store, "");
	learn(store, hour, 7, false, "c");
	learn(store, hour, 0, false, "a");
	learn(store, hour, 0, false, "b");
	learned_is(store, "bc");
	learn(store, hour + WIRE_HOUR_MS, 0, true, "W");
	learned_is(store, "W");
	learn(store, hour + WIRE_HOUR_MS, 0, false, "d"); /* beside it, not in its place */
	learned_is(store, "Wd");
	store_close(store);
	store = reopen(NULL, STORE_WRITE);
	learned_is(store, "Wd");
	text_init(&small, 1);
	assert_int_equal(store_learned(store, &small, &why), KS_FULL);
	text_done(&small);
	assert_int_equal(store_wire_drop(store, hour + WIRE_HOUR_MS, &why), KS_OK);
	learned_is(store, "Wd");
	assert_int_equal(store_wire_drop(store, hour + 2 * WIRE_HOUR_MS, &why), KS_OK);
	learned_is(store, "");
	store_close(store);
}

/* One who dies again and again leaves a bounded number of them. */
static void of_many_parts_the_newest_are_kept(void **state)
{
	struct store *store = reopen(NULL, STORE_WRITE);

	(void)state;
	learn(store, hour - WIRE_HOUR_MS, 0, true, "W");
	for (uint32_t i = 0; i < LIMIT_WIRE_LEARNED_PARTS + 3; i++)
		learn(store, hour, i, false, (char[]){ (char)('a' + i), '\0' });
	learned_is(store, "Wdefghijk");
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
		T(a_part_told_again_replaces_itself),
		T(parts_and_hours_add_up),
		T(met_for_the_first_time),
		T(findings_by_device_and_the_worst_first),
		T(readers_see_it_and_old_hours_go),
		T(what_was_learned_is_given_back),
		T(of_many_parts_the_newest_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
