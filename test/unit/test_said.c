/* test/unit/test_said.c - the things that are said and kept: acts with their words, and rows
 * of the wire, which the one who listens has made of what strangers sent. */
#include "harness.h"
#include "site/act.h"
#include "site/wire.h"
#include <stdio.h>
#include <string.h>

static void words_of_an_act(void **state)
{
	static const struct {
		const char *what, *name, *word;
		bool there;
		int64_t number;
	} rows[] = {
		{ "finding=12 took_ms=40", "finding", "12", true, 12 },
		{ "finding=12 took_ms=40", "took_ms", "40", true, 40 },
		{ "finding=12 took_ms=40", "took", "", false, 0 },   /* a name is whole */
		{ "finding=12 took_ms=40", "finding=12", "", false, 0 },
		{ "finding=12", "find", "", false, 0 },
		{ "from_ms=-5", "from_ms", "-5", true, -5 },
		{ "link=", "link", "", true, 0 },
		{ "code=x1", "code", "x1", true, 0 },
		{ "", "code", "", false, 0 },
		/* these stand last and run to the end, whatever looks like a word in them */
		{ "what=r1 reason=new fan finding=3", "reason", "new fan finding=3", true, 0 },
		{ "attempt=2 why=no route to host", "why", "no route to host", true, 0 },
		{ "attempt=2 why=no route to host", "attempt", "2", true, 2 },
		{ "code=123456789012345678901234567890123", "code", "1234567890123456789012345678901", true, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char word[32];

		memset(word, 'x', sizeof word);
		assert_int_equal(act_part(rows[i].what, rows[i].name, word, sizeof word), rows[i].there);
		assert_string_equal(word, rows[i].word);
		assert_int_equal(act_number(rows[i].what, rows[i].name), rows[i].number);
	}
	for (unsigned kind = 0; kind < ACT_KINDS; kind++)
		for (unsigned other = 0; other < kind; other++)
			assert_string_not_equal(act_word(kind), act_word(other));
	assert_string_equal(act_word(ACT_KINDS), "act");
}

static void words_of_rows_are_found_again(void **state)
{
	enum wire_kind kind;
	unsigned unseen;

	(void)state;
	for (unsigned i = 0; i < WIRE_KINDS; i++) {
		assert_true(wire_kind_find(span_text(wire_kind_word(i)), &kind));
		assert_int_equal(kind, i);
	}
	assert_false(wire_kind_find(span_text("devices"), &kind));
	assert_string_equal(wire_kind_word(WIRE_KINDS), "thing");
	for (unsigned i = 0; i < UNSEENS; i++) {
		assert_true(wire_unseen_find(span_text(wire_unseen_word(i)), &unseen));
		assert_int_equal(unseen, i);
		assert_non_null(strstr(wire_unseen_says(i), "%llu"));
	}
	assert_false(wire_unseen_find(span_text(""), &unseen));
	assert_string_equal(wire_unseen_word(UNSEENS), "");
	assert_string_equal(wire_unseen_says(UNSEENS), "");
}

enum { HOUR_MS = WIRE_HOUR_MS };
#define MOST (INT64_C(1) << 53)

static struct wire_row plain(void)
{
	struct wire_row row = { .kind = WIRE_DESTINATION, .hour_ms = 5LL * HOUR_MS,
		.first_ms = 5LL * HOUR_MS, .last_ms = 5LL * HOUR_MS + 9, .port = 443, .country = "JP",
		.device = "laptop", .name = "社外.example", .address = "192.0.2.1", .protocol = "TLS" };

	return row;
}

/* Each rule on both sides: the last good value, and the first that is none. */
static void numbers_have_their_bounds(void **state)
{
	struct wire_row row = plain();

	(void)state;
	assert_true(wire_row_good(&row));
#define EDGE(member, good, bad)                                                        \
	do {                                                                           \
		row = plain();                                                         \
		row.member = good;                                                     \
		assert_true(wire_row_good(&row));                                      \
		row.member = bad;                                                      \
		assert_false(wire_row_good(&row));                                     \
	} while (0)
	EDGE(kind, WIRE_UNSEEN, WIRE_KINDS);
	EDGE(level, SEVERITIES - 1, SEVERITIES);
	EDGE(flags, WIRE_FLAGS, WIRE_FLAGS + 1);
	EDGE(hour_ms, 0, -HOUR_MS);
	EDGE(hour_ms, HOUR_MS, HOUR_MS + 1);
	EDGE(hour_ms, MOST / HOUR_MS * HOUR_MS, MOST / HOUR_MS * HOUR_MS + HOUR_MS);
	EDGE(first_ms, 0, -1);
	EDGE(last_ms, row.first_ms, row.first_ms - 1);
	EDGE(last_ms, MOST, MOST + 1);
	EDGE(part, 3599, 3600);
	EDGE(out, MOST, MOST + 1);
	EDGE(in, MOST, MOST + 1);
	EDGE(count, MOST, MOST + 1);
	EDGE(number[0], MOST, MOST + 1);
	EDGE(number[WIRE_NUMBERS - 1], -MOST, -MOST - 1);
	row = plain(); /* a beginning so late that no end can come after it */
	row.first_ms = row.last_ms = MOST + 1;
	assert_false(wire_row_good(&row));
	/* the number of a finding is that in its ID */
	row = plain();
	row.kind = WIRE_FINDING;
	for (unsigned port = 0; port <= UINT16_MAX; port++) {
		row.port = (uint16_t)port;
		assert_int_equal(wire_row_good(&row), port >= 1 &&
		    port <= wire_number_of(FINDING_WIRE_INCOMPLETE));
	}
#undef EDGE
}

/* Every text ends, is UTF-8, and holds nothing that moves a terminal's cursor. */
static void texts_are_texts(void **state)
{
	static const struct {
		size_t at, room;
	} texts[] = {
#define T(member) { offsetof(struct wire_row, member), sizeof(((struct wire_row *)0)->member) }
		T(device), T(name), T(address), T(protocol), T(country), T(owner), T(word)
#undef T
	};
	static const struct {
		const char *text;
		bool good;
	} rows[] = { { "", true }, { "a b", true }, { "計", true }, { "a\x1f", false }, { "\x7f", false },
		{ "\x80", false }, { "\xc2\x9b", false }, { "\xc2\xa0", true }, { "\xe8\xa8", false },
		{ "\xff", false } };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct wire_row row = plain();
		char *text = (char *)&row + texts[i].at;

		for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
			(void)snprintf(text, texts[i].room, "%s", rows[k].text);
			assert_int_equal(wire_row_good(&row), rows[k].good);
		}
		memset(text, 'a', texts[i].room);
		assert_false(wire_row_good(&row)); /* without an end */
		text[texts[i].room - 1] = '\0';
		assert_true(wire_row_good(&row));
	}
}

static void any_text_is_made_fit(void **state)
{
	static const struct {
		const char *from, *to;
	} rows[] = { { "", "" }, { "vendor", "vendor" }, { "vendors!", "vendors" }, { "a\tb\x7f", "a?b?" },
		{ "a\xff\xe8", "a??" }, { "計測", "計測" }, { "計測社", "計測" }, { "ab計測", "ab計" },
		{ "\xc2\x85x", "?x" } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char to[8];

		memset(to, 'x', sizeof to);
		wire_text(to, sizeof to, rows[i].from);
		assert_string_equal(to, rows[i].to);
	}
}

static void a_row_becomes_a_finding(void **state)
{
	struct wire_row row = plain();

	(void)state;
	row.kind = WIRE_FINDING;
	row.level = SEVERITY_CRITICAL;
	row.port = wire_number_of(FINDING_WIRE_PERSONAL);
	row.count = 7;
	row.number[0] = 1;
	row.number[1] = 2;
	row.number[3] = 3600;
	(void)snprintf(row.word, sizeof row.word, "card");
	struct finding f = wire_finding_of(&row, "the laptop");

	assert_int_equal(f.code, FINDING_WIRE_PERSONAL);
	assert_int_equal(f.severity, SEVERITY_CRITICAL);
	assert_int_equal(f.subject_kind, SUBJECT_DEVICE);
	assert_string_equal(f.subject, "the laptop");
	assert_string_equal(f.place, "社外.example");
	assert_string_equal(f.word, "card");
	assert_int_equal(f.count, 7);
	assert_int_equal(f.value_milli, 1);
	assert_int_equal(f.limit_milli, 2);
	assert_true(f.since_ms == row.first_ms && f.seen_ms == row.last_ms);
	row.count = UINT32_MAX + 1ULL;
	assert_int_equal(wire_finding_of(&row, "").count, UINT32_MAX);
	/* by the clock: the word is how many were expected */
	row.port = WIRE_FOUND_PERIODIC;
	assert_string_equal(wire_finding_of(&row, "").word, "3600");
	row.port = WIRE_FOUND_TRACEROUTES;
	assert_string_equal(wire_finding_of(&row, "").word, "3600");
	assert_int_equal(WIRE_FOUND_PERIODIC, wire_number_of(FINDING_WIRE_PERIODIC));
	assert_int_equal(WIRE_FOUND_TRACEROUTES, wire_number_of(FINDING_WIRE_TRACEROUTES));
	assert_int_equal(WIRE_FOUND_SILENCE, wire_number_of(FINDING_WIRE_SILENCE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_an_act),
		cmocka_unit_test(words_of_rows_are_found_again),
		cmocka_unit_test(numbers_have_their_bounds),
		cmocka_unit_test(texts_are_texts),
		cmocka_unit_test(any_text_is_made_fit),
		cmocka_unit_test(a_row_becomes_a_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
