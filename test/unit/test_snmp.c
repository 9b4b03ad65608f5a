#include "harness.h"
#include "play.h"
#include "sense/gate.h"
#include "sense/snmp/families.h"
#include "sense/snmp/refer.h"
#include "snmp_tape.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { MUTATIONS = 10000, MINIATURES_MAX = 128 };

static struct oid oid_of(const char *text)
{
	struct oid oid;

	assert_true(oid_read(span_text(text), &oid));
	return oid;
}

static void oid_text_goes_and_comes_back(void **state)
{
	static const char *const good[] = { ".1.3.6.1.2.1.1.3.0", ".0", ".4294967295.240.241",
		".2288.2289.67823.67824.16777215.16777216" };
	static const char *const bad[] = { "", ".", "1.", "1..3", "a", "1.4294967296", "1.-3",
		"1.3.6.1.", "12345678901" };
	char text[OID_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct oid oid = oid_of(good[i]), back;
		uint8_t bytes[OID_BYTES];
		size_t n = oid_pack(&oid, bytes, sizeof bytes);

		assert_true(oid_unpack(span_of(bytes, n), &back));
		oid_write(&back, text, sizeof text);
		assert_string_equal(text, good[i]);
		assert_false(oid_unpack(span_of(bytes, 0), &back));
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct oid oid;

		assert_false(oid_read(span_text(bad[i]), &oid));
	}
}

/* The walk's cache is searched by bytes: their order must be the order of OIDs. */
static void packed_order_is_oid_order(void **state)
{
	static const uint32_t ids[] = { 0, 1, 240, 241, 496, 497, 2288, 2289, 2290, 65535,
		65536, 16777215, 16777216, 4294967295U };
	uint8_t last[8], now[8];
	size_t last_n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		struct oid oid = { .n = 1, .id = { ids[i] } }, back;
		size_t n = oid_pack(&oid, now, sizeof now);

		assert_true(oid_unpack(span_of(now, n), &back));
		assert_int_equal(back.id[0], ids[i]);
		if (i > 0)
			assert_true(memcmp(last, now, last_n < n ? last_n : n) < 0);
		memcpy(last, now, n);
		last_n = n;
	}
}

static void reply_goes_and_comes_back_and_no_prefix_does(void **state)
{
	struct oid oid = oid_of("1.3.6.1.4.1.318.1.1.1.2.2.1.0");
	uint8_t packed[OID_BYTES];
	struct span name = span_of(packed, oid_pack(&oid, packed, sizeof packed));
	const struct varbind in[] = {
		{ .oid = name, .type = VAR_INTEGER, .number = -999 },
		{ .oid = name, .type = VAR_OCTETS, .value = span_text("23.1 C") },
		{ .oid = name, .type = VAR_NO_INSTANCE },
		{ .oid = name, .type = VAR_GAUGE, .number = 4294967295LL },
	};
	struct text reply;
	struct varbind out;

	(void)state;
	text_init(&reply, 4096);
	for (size_t i = 0; i < 4; i++)
		varbind_add(&reply, &in[i]);
	assert_false(reply.full);
	struct span rest = text_span(&reply);

	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(varbind_cut(&rest, &out), KS_OK);
		assert_int_equal(out.type, in[i].type);
		assert_int_equal(out.number, in[i].number);
		assert_int_equal(out.value.left, in[i].value.left);
		assert_memory_equal(out.oid.at, packed, name.left);
	}
	assert_int_equal(varbind_cut(&rest, &out), KS_ABSENT);
	size_t first = 2 + name.left + 2 + 8;

	for (size_t n = 1; n < first; n++) {
		uint8_t *part = malloc(n);

		memcpy(part, reply.at, n);
		rest = span_of(part, n);
		assert_int_equal(varbind_cut(&rest, &out), KS_TRUNCATED);
		free(part);
	}
	text_done(&reply);
}

static void ask_holds_what_fits(void **state)
{
	struct oid oid = oid_of("1.3.6.1.2.1.1.3.0");
	uint8_t packed[OID_BYTES], send[32];
	struct span name = span_of(packed, oid_pack(&oid, packed, sizeof packed)), cut;
	uint16_t send_n = 0;
	int held = 0, read = 0;

	(void)state;
	while (ask_oid(name, send, sizeof send, &send_n))
		held++;
	assert_int_equal(held, 3);
	struct span rest = span_of(send, send_n);

	while (ask_oid_cut(&rest, &cut)) {
		assert_int_equal(cut.left, name.left);
		read++;
	}
	assert_int_equal(read, held);
}

/* --- miniatures: small recordings of our own, each with the readings it must give --- */

static char miniatures[MINIATURES_MAX][700];
static int miniatures_n;

static int miniatures_find(void **state)
{
	const char *source = getenv("KS_SOURCE");
	char folder[400];
	struct dirent **names = NULL;

	(void)state;
	(void)snprintf(folder, sizeof folder, "%s/test/data/snmp", source != NULL ? source : ".");
	int n = scandir(folder, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		if (strstr(names[i]->d_name, ".snmprec") != NULL && miniatures_n < MINIATURES_MAX)
			(void)snprintf(miniatures[miniatures_n++], sizeof miniatures[0], "%s/%s",
			    folder, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return miniatures_n > 0 ? 0 : -1;
}

static void open_miniature(struct tape *tape, const char *word)
{
	for (int i = 0; i < miniatures_n; i++)
		if (strstr(strrchr(miniatures[i], '/'), word) != NULL) {
			assert_true(tape_open(tape, miniatures[i]));
			return;
		}
	fail_msg("no miniature %s", word);
}

static void expected_of(const char *path, struct text *ret_lines)
{
	char line[1024];
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, "= ", 2) == 0)
			text_add(ret_lines, line + 2);
	(void)fclose(file);
}

static void given_by(const struct talked *talked, struct text *ret_lines)
{
	text_clear(ret_lines);
	for (size_t i = 0; i < talked->talk.offers_n; i++)
		play_line(ret_lines, &talked->talk.offers[i]);
}

static void every_miniature_is_read_as_listed_and_again_by_gets_alone(void **state)
{
	(void)state;
	for (int i = 0; i < miniatures_n; i++) {
		struct text want, got;
		struct tape tape;
		struct talked talked;
		struct why why;

		text_init(&want, 1 << 16);
		text_init(&got, 1 << 16);
		expected_of(miniatures[i], &want);
		assert_true(tape_open(&tape, miniatures[i]));
		talked_init(&talked);
		for (int poll = 0; poll < 3; poll++) {
			tape.walks = 0;
			tape.asks = 0;
			assert_int_equal(talked_poll(&talked, &tape, NULL, &why), KS_OK);
			given_by(&talked, &got);
			assert_string_equal(text_cstr(&got), text_cstr(&want));
			assert_true(poll == 0 ? tape.walks > 0 : tape.walks == 0);
			assert_true(poll == 0 || tape.asks == 1);
		}
		talked_done(&talked);
		tape_done(&tape);
		text_done(&want);
		text_done(&got);
	}
}

static struct varbind *tape_var(struct tape *tape, const char *text)
{
	struct oid oid = oid_of(text);
	uint8_t packed[OID_BYTES];
	struct span name = span_of(packed, oid_pack(&oid, packed, sizeof packed));
	uint32_t i = vars_from(&tape->vars, name);

	assert_true(i < tape->vars.n && oid_compare(tape->vars.at[i].oid, name) == 0);
	return &tape->vars.at[i];
}

static void one_value_asks_only_what_it_needs(void **state)
{
	static const char *const names[] = { "temperature.0.1",
		".1.3.6.1.4.1.318.1.1.10.4.2.3.1.5.0.1", "1.3.6.1.4.1.318.1.1.10.4.2.3.1.5.0.1" };
	struct tape tape;
	struct talked talked;
	struct why why;

	(void)state;
	open_miniature(&tape, "room");
	talked_init(&talked);
	for (size_t i = 0; i < 3; i++) {
		tape.asked = 0;
		assert_int_equal(talked_poll(&talked, &tape, names[i], &why), KS_OK);
		assert_int_equal(talked.talk.offers_n, 1);
		assert_int_equal(talked.talk.offers[0].milli, 20000);
		/* sysObjectID, sysUpTime, value, unit, status */
		assert_true(i == 0 || tape.asked == 5);
	}
	/* no row has it: the bare number */
	assert_int_equal(talked_poll(&talked, &tape, "1.3.6.1.2.1.1.3.0.0", &why), KS_OK);
	assert_int_equal(talked.talk.offers_n, 1);
	assert_int_equal(talked.talk.offers[0].quality, QUALITY_ABSENT);
	tape.asks = 0; /* and in the same request as who it is */
	assert_int_equal(talked_poll(&talked, &tape, "1.3.6.1.4.1.318.1.1.10.3.12.11.0", &why),
	    KS_OK);
	assert_int_equal(tape.asks, 1);
	assert_int_equal(talked.talk.offers_n, 1);
	assert_int_equal(talked.talk.offers[0].milli, 2000);
	assert_int_equal(talked.talk.offers[0].kind, MEASURE_VALUE);
	talked_done(&talked);
	tape_done(&tape);
}

static void what_vanished_is_absent_and_walked_for_later(void **state)
{
	struct tape tape;
	struct talked talked;
	struct why why;

	(void)state;
	open_miniature(&tape, "room");
	talked_init(&talked);
	assert_int_equal(talked_poll(&talked, &tape, NULL, &why), KS_OK);
	tape_var(&tape, "1.3.6.1.4.1.318.1.1.10.4.2.3.1.5.0.2")->type = VAR_NO_INSTANCE;
	assert_int_equal(talked_poll(&talked, &tape, NULL, &why), KS_OK);
	const struct offer *offer = talked_find(&talked, "temperature.0.2");

	assert_int_equal(offer->quality, QUALITY_ABSENT);
	assert_int_equal(offer->doubt, DOUBT_GONE);
	tape.walks = 0;
	for (int i = 0; i < 70 && tape.walks == 0; i++)
		assert_int_equal(talked_poll(&talked, &tape, NULL, &why), KS_OK);
	assert_true(tape.walks > 0);
	talked_done(&talked);
	tape_done(&tape);
}

static void a_restart_walks_again_and_silence_keeps_the_plan(void **state)
{
	struct tape tape;
	struct talked talked;
	struct why why;

	(void)state;
	open_miniature(&tape, "ups");
	talked_init(&talked);
	assert_int_equal(talked_poll(&talked, &tape, NULL, &why), KS_OK);
	size_t all = talked.talk.offers_n;

	tape_var(&tape, "1.3.6.1.2.1.1.3.0")->number = 5;
	assert_int_equal(talked_poll(&talked, &tape, NULL, &why), KS_OK);
	tape.walks = 0;
	tape.silent_walks = true;
	assert_int_equal(talked_poll(&talked, &tape, NULL, &why), KS_OK);
	assert_true(tape.walks > 0);
	assert_int_equal(talked.talk.offers_n, all);
	tape.silent_walks = false;
	/* an alarm goes: their number says so, and the next poll looks again */
	assert_int_equal(talked_poll(&talked, &tape, NULL, &why), KS_OK);
	tape_var(&tape, "1.3.6.1.2.1.33.1.6.1.0")->number = 1;
	tape_var(&tape, "1.3.6.1.2.1.33.1.6.2.1.2.7")->type = VAR_NO_INSTANCE;
	assert_int_equal(talked_poll(&talked, &tape, NULL, &why), KS_OK);
	assert_int_equal(talked_poll(&talked, &tape, NULL, &why), KS_OK);
	assert_int_equal(talked.talk.offers_n, all - 1);
	talked_done(&talked);
	tape_done(&tape);
}

static void look(const struct talked *talked)
{
	for (size_t i = 0; i < talked->talk.offers_n; i++) {
		const struct offer *o = &talked->talk.offers[i];

		assert_true(o->kind < MEASURES && o->quality < QUALITIES && o->doubt < DOUBTS &&
		    o->place < PLACES && o->severity < SEVERITIES);
		assert_non_null(memchr(o->id, '\0', sizeof o->id));
		assert_non_null(memchr(o->label, '\0', sizeof o->label));
		assert_true(o->quality != QUALITY_OK ||
		    measure_possible((enum measure)o->kind, o->milli));
		assert_true(o->quality == QUALITY_OK || o->doubt != DOUBT_NONE);
	}
}

static void no_mutation_is_read_outside_or_beyond_physics(void **state)
{
	uint64_t seed = 20260823;
	struct tape tapes[MINIATURES_MAX];

	(void)state;
	for (int m = 0; m < miniatures_n; m++)
		assert_true(tape_open(&tapes[m], miniatures[m]));
	for (int i = 0; i < MUTATIONS; i++) {
		struct tape *tape = &tapes[i % miniatures_n];
		struct talked talked;
		struct why why;

		talked_init(&talked);
		tape->mutate = seed;
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		for (int poll = 0; poll < 2; poll++) {
			(void)talked_poll(&talked, tape, NULL, &why);
			look(&talked);
		}
		talked_done(&talked);
	}
	for (int m = 0; m < miniatures_n; m++)
		tape_done(&tapes[m]);
}

static void no_prefix_is_read_outside(void **state)
{
	(void)state;
	for (int m = 0; m < miniatures_n; m++)
		for (uint32_t cut = 0; cut < 600; cut += 3) {
			struct tape tape;
			struct talked talked;
			struct why why;

			assert_true(tape_open(&tape, miniatures[m]));
			talked_init(&talked);
			tape.cut = cut;
			(void)talked_poll(&talked, &tape, NULL, &why);
			look(&talked);
			talked_done(&talked);
			tape_done(&tape);
		}
}

/* --- tables: a slip of the pen in a row stops the program when a device meets it --- */

static void ref_is_good(const struct refer_from *from, const char *ref)
{
	struct oid oid;

	if (ref != NULL)
		refer(from, span_text(ref), &oid);
}

static void condition_is_good(const struct refer_from *from, const char *condition, bool live)
{
	struct span rest = span_text(condition != NULL ? condition : "");
	struct term term;
	struct oid oid;

	while (term_cut(&rest, &term)) {
		assert_true(term.part == 0 || !live);
		if (term.part == 0)
			refer(from, term.ref, &oid);
	}
}

static void row_is_good(const struct snmp_family *family, const struct snmp_row *row)
{
	struct oid at;
	struct refer_from from = { .family = family, .row = row, .at = &at };

	refer_oid(family, span_text(row->oid), &at);
	from.index_at = at.n;
	at.id[at.n++] = 1;
	assert_true(row->kind < MEASURES && row->place < PLACES && row->over >= 0);
	assert_true((row->kind == MEASURE_STATE) == (row->states != NULL));
	const char *const refs[] = { row->label, row->label2, row->digits, row->divide, row->scale,
		row->low_critical, row->low_warning, row->high_warning, row->high_critical };

	for (size_t i = 0; i < sizeof refs / sizeof *refs; i++)
		ref_is_good(&from, refs[i]);
	condition_is_good(&from, row->when, false);
	condition_is_good(&from, row->fit, true);
	condition_is_good(&from, row->fault, true);
	condition_is_good(&from, row->fahrenheit, true);
	for (const struct snmp_state *s = row->states; s != NULL && s->word != NULL; s++) {
		assert_true(strlen(s->word) < sizeof((struct offer *)0)->state);
		for (const struct snmp_state *t = row->states; t != s; t++)
			assert_int_not_equal(t->number, s->number);
	}
}

static void every_row_of_every_family_is_well_formed(void **state)
{
	uint32_t rows = 0;

	(void)state;
	for (size_t f = 0; snmp_families[f] != NULL; f++) {
		const struct snmp_family *family = snmp_families[f];
		struct span walks = span_text(family->walks != NULL ? family->walks : "");
		struct oid oid;

		assert_true(oid_read(span_text(family->base), &oid));
		while (walks.left > 0) {
			struct span one = span_until(&walks, ' ');

			if (one.left > 0)
				refer_oid(family, one, &oid);
		}
		assert_true(family->generic || family->ids != NULL || family->descr != NULL);
		for (uint32_t r = 0; r < family->rows_n; r++, rows++)
			row_is_good(family, &family->rows[r]);
		for (size_t g = 0; g < f; g++)
			assert_string_not_equal(family->word, snmp_families[g]->word);
	}
	assert_true(rows > 400);
}

static void gate_says_what_no_sensor_can_mean(void **state)
{
	static const struct {
		enum measure kind;
		int64_t raw, over;
		enum doubt doubt;
		int64_t want;
	} raws[] = {
		{ MEASURE_TEMPERATURE, 4294967246, 10, DOUBT_SIGN, -50 },
		{ MEASURE_TEMPERATURE, 65486, 10, DOUBT_SIGN, -50 },
		{ MEASURE_TEMPERATURE, 45000, 1000, DOUBT_NONE, 45000 },
		{ MEASURE_TEMPERATURE, 65535, 10, DOUBT_TYPE_MAX, 65535 },
		{ MEASURE_TEMPERATURE, 2147483647, 10, DOUBT_TYPE_MAX, 2147483647 },
		{ MEASURE_RUNTIME, 65535, 1, DOUBT_TYPE_MAX, 65535 },
		{ MEASURE_ENERGY, 65535, 1, DOUBT_NONE, 65535 },
		{ MEASURE_VOLTAGE, 255, 1, DOUBT_NONE, 255 },
		{ MEASURE_HUMIDITY, 255, 1, DOUBT_TYPE_MAX, 255 },
		{ MEASURE_POWER, 40000, 1, DOUBT_NONE, 40000 },
	};
	static const struct {
		enum measure kind;
		enum place place;
		int64_t milli;
		enum quality quality;
		enum doubt doubt;
	} values[] = {
		{ MEASURE_TEMPERATURE, PLACE_ROOM, 85000, QUALITY_OK, DOUBT_NONE },
		{ MEASURE_TEMPERATURE, PLACE_ROOM, 85001, QUALITY_UNTRUSTED, DOUBT_OUT_OF_ROOM },
		{ MEASURE_TEMPERATURE, PLACE_ROOM, -40000, QUALITY_OK, DOUBT_NONE },
		{ MEASURE_TEMPERATURE, PLACE_NONE, -40001, QUALITY_UNTRUSTED, DOUBT_OUT_OF_ROOM },
		{ MEASURE_TEMPERATURE, PLACE_INTERNAL, 95000, QUALITY_OK, DOUBT_NONE },
		{ MEASURE_TEMPERATURE, PLACE_INTERNAL, 250001, QUALITY_UNTRUSTED,
		    DOUBT_OUT_OF_PHYSICS },
		{ MEASURE_TEMPERATURE, PLACE_ROOM, -99900, QUALITY_ABSENT, DOUBT_SENTINEL },
		{ MEASURE_HUMIDITY, PLACE_ROOM, -1000, QUALITY_ABSENT, DOUBT_SENTINEL },
		{ MEASURE_HUMIDITY, PLACE_ROOM, 100001, QUALITY_UNTRUSTED, DOUBT_OUT_OF_PHYSICS },
		{ MEASURE_CURRENT, PLACE_NONE, -1000, QUALITY_OK, DOUBT_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof raws / sizeof *raws; i++) {
		int64_t raw = 0;

		assert_int_equal(gate_raw(raws[i].kind, raws[i].raw, 1, raws[i].over, &raw),
		    raws[i].doubt);
		assert_int_equal(raw, raws[i].want);
	}
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct offer offer = { .kind = (uint8_t)values[i].kind,
			.place = (uint8_t)values[i].place, .milli = values[i].milli };

		offer_gate(&offer);
		assert_int_equal(offer.quality, values[i].quality);
		assert_int_equal(offer.doubt, values[i].doubt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(oid_text_goes_and_comes_back),
		cmocka_unit_test(packed_order_is_oid_order),
		cmocka_unit_test(reply_goes_and_comes_back_and_no_prefix_does),
		cmocka_unit_test(ask_holds_what_fits),
		cmocka_unit_test(every_miniature_is_read_as_listed_and_again_by_gets_alone),
		cmocka_unit_test(one_value_asks_only_what_it_needs),
		cmocka_unit_test(what_vanished_is_absent_and_walked_for_later),
		cmocka_unit_test(a_restart_walks_again_and_silence_keeps_the_plan),
		cmocka_unit_test(no_prefix_is_read_outside),
		cmocka_unit_test(no_mutation_is_read_outside_or_beyond_physics),
		cmocka_unit_test(every_row_of_every_family_is_well_formed),
		cmocka_unit_test(gate_says_what_no_sensor_can_mean),
	};

	return cmocka_run_group_tests(tests, miniatures_find, NULL);
}
