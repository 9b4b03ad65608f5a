/* test/unit/test_say.c - words, numbers and names of which sentences are made, on both sides
 * of where they change. */
#include "harness.h"
#include "base/drop.h"
#include "words/finding.h"
#include "words/format.h"
#include "words/named.h"
#include "words/status.h"
#include "words/wire.h"
#include <jansson.h>

static struct text said;
#define SAID(call) (text_clear(&said), call, text_cstr(&said))
#define EACH(rows) for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)
enum { MIN = 60000 };
static const int64_t now = 1784505600000; /* 2026-07-20 00:00 UTC, a Monday */

static void values_of_every_kind(void **state)
{
	static const struct {
		enum measure kind;
		int64_t milli;
		const char *en;
	} rows[] = {
		{ MEASURE_TEMPERATURE, 999999, "1,000.0 °C" }, { MEASURE_TEMPERATURE, 1000000, "1,000 °C" },
		{ MEASURE_DEW_POINT, 11040, "11.0 °C" }, { MEASURE_POWER_FACTOR, 954, "0.95" },
		{ MEASURE_POWER_FACTOR, -1000, "-1.00" },
		{ MEASURE_VOLTAGE, 99500, "99.5 V" }, { MEASURE_VOLTAGE, 99000, "99 V" },
		{ MEASURE_VOLTAGE, 100000, "100 V" }, { MEASURE_FLOW, 1500, "1.5 l/min" },
		{ MEASURE_LOAD, 9500, "9.5 %" }, { MEASURE_LOAD, 9000, "9 %" }, { MEASURE_LOAD, 10500, "11 %" },
		{ MEASURE_LOAD, -9500, "-9.5 %" }, { MEASURE_LOAD, -10400, "-10 %" },
		{ MEASURE_POWER, 9999400, "9,999 W" }, { MEASURE_POWER, 10000000, "10.00 kW" },
		{ MEASURE_POWER, -9999400, "-9,999 W" }, { MEASURE_POWER, -10000000, "-10.00 kW" },
		{ MEASURE_APPARENT_POWER, 12345678, "12.35 kVA" },
		{ MEASURE_REACTIVE_POWER, 12345678, "12,346 var" },
		{ MEASURE_ENERGY, 999900, "999.9 kWh" }, { MEASURE_ENERGY, 12345678000, "12,345,678 kWh" },
		{ MEASURE_DURATION, 90000, "1 h 30 min" }, { MEASURE_UPTIME, 3600000, "1 h" },
		{ MEASURE_REACH, 1000, "answers" }, { MEASURE_COUNT, 3000, "3" },
		{ MEASURE_VALUE, INT64_MIN, "-9,223,372,036,854,776" },
		{ MEASURE_VALUE, INT64_MAX, "9,223,372,036,854,776" },
	};

	(void)state;
	EACH(rows)
		assert_string_equal(SAID(say_value(&said, LANG_EN, rows[i].kind, rows[i].milli)), rows[i].en);
	assert_string_equal(SAID(say_value(&said, LANG_JA, MEASURE_REACH, 1000)), "応答あり");
}

static void days_and_hours(void **state)
{
	static const struct {
		int64_t s;
		const char *en;
	} rows[] = { { 59, "59 s" }, { 60, "1 min" }, { 3599, "60 min" }, { 3600, "1 h" }, { 3629, "1 h" },
		{ 3630, "1 h 01 min" }, { 7169, "1 h 59 min" }, { 7170, "2 h" },
		{ 48 * 3600 - 31, "47 h 59 min" }, { 48 * 3600 - 1, "48 h" }, { 48 * 3600, "2 days" },
		{ 49 * 3600, "2 days 1 h" }, { 14 * 86400 - 1, "13 days 23 h" }, { 15 * 86400 - 1, "14 days" } };

	(void)state;
	EACH(rows)
		assert_string_equal(SAID(say_duration(&said, LANG_EN, rows[i].s * 1000)), rows[i].en);
}

static void bytes_and_counts(void **state)
{
	static const struct {
		uint64_t n;
		const char *bytes, *count;
	} rows[] = {
		{ 0, "0 B", "0" }, { 999, "999 B", "999" }, { 1000, "1.0 kB", "1,000" },
		{ 99949, "99.9 kB", "99,949" }, { 99950, "100 kB", "99,950" },
		{ 999499, "999 kB", "999,499" }, { 999500, "1.0 MB", "999,500" }, /* never "1000 kB" */
		{ 1234567, "1.2 MB", "1,234,567" }, { 999500000, "1.0 GB", "999,500,000" },
		{ 5000000000000, "5.0 TB", "5,000,000,000,000" },
		{ UINT64_MAX, "18447 PB", "18,446,744,073,709,551,615" },
	};

	(void)state;
	EACH(rows) {
		assert_string_equal(SAID(say_bytes(&said, rows[i].n)), rows[i].bytes);
		assert_string_equal(SAID(say_count(&said, rows[i].n)), rows[i].count);
	}
}

static void countries_are_found_by_their_letters(void **state)
{
	unsigned found = 0;
	char letters[3] = "";

	(void)state;
	assert_string_equal(country_said(LANG_EN, "JP"), "Japan");
	assert_string_equal(country_said(LANG_JA, "JP"), "日本");
	assert_string_equal(country_said(LANG_EN, ""), "not known");
	assert_string_equal(country_said(LANG_EN, "QQ"), "QQ");
	for (letters[0] = 'A'; letters[0] <= 'Z'; letters[0]++)
		for (letters[1] = 'A'; letters[1] <= 'Z'; letters[1]++) {
			bool known = country_said(LANG_EN, letters) != letters;

			found += known;
			if (known) /* and each has a Japanese name of its own */
				assert_string_not_equal(country_said(LANG_JA, letters),
				    country_said(LANG_EN, letters));
		}
	assert_int_equal(found, 251); /* the table is in order: none hides from the search */
}

static void periods(void **state)
{
	static const struct {
		struct period_said period;
		const char *en, *ja;
	} rows[] = {
		{ { "timer", 60LL * MIN, 20000, 0, 216, 0, 0, NULL, 0, 0 }, "every 1 h ± 20 s, 216 of 216",
		    "1 時間 ± 20 秒ごと、216 回のうち 216 回" },
		{ { "weekly", 7LL * 1440 * MIN, 5LL * MIN, 0, 3, 1, 0, NULL, 0, 0 }, "every 7 days ± 5 min, 3 of 4", NULL },
		{ { "weekly", 7LL * 1440 * MIN, 20000, 36000, 9, 1, 0x09, NULL, 0, 0 },
		    "each week on Mon, Thu at 10:00 ± 20 s, 9 of 10",
		    "毎週月、木の 10:00 ± 20 秒、10 回のうち 9 回" },
		{ { "daily", 3 * 1440LL * MIN, 20000, 36000, 9, 1, 0, NULL, 0, 0 },
		    "every 3 days at 10:00 ± 20 s, 9 of 10", "3 日ごとの 10:00 ± 20 秒、10 回のうち 9 回" },
		{ { "daily", 1440LL * MIN, 20000, 80100, 42, 0, 0, "north_america", 20758, 76500 },
		    "every day at 22:15 ± 20 s, 42 of 42 (at 21:15 until 2026-11-01: clocks were "
		    "changed in North America then)", NULL },
		{ { "daily", 1440LL * MIN, 90000, 2 * 3600 + 5 * 60 + 59, 9, 2, 0, NULL, 0, 0 },
		    "every day at 02:05 ± 2 min, 9 of 11", NULL },
	};

	(void)state;
	EACH(rows) {
		assert_string_equal(SAID(say_period(&said, LANG_EN, &rows[i].period)), rows[i].en);
		if (rows[i].ja != NULL)
			assert_string_equal(SAID(say_period(&said, LANG_JA, &rows[i].period)), rows[i].ja);
	}
}

/* The word inside a finding of the wire: what its code makes of it. */
static void words_of_the_wire(void **state)
{
	static const struct {
		enum finding_code code;
		const char *word, *en;
	} rows[] = {
		{ FINDING_WIRE_PERSONAL, "card", "card numbers" }, { FINDING_WIRE_PERSONAL, "shoe", "shoe" },
		{ FINDING_WIRE_REFUSED, "likely", ", very probably" }, { FINDING_WIRE_REFUSED, "yes", "" },
		{ FINDING_WIRE_SILENCE, "JP", "; this fits the holidays of JP" },
		{ FINDING_WIRE_SILENCE, "", "" },
		{ FINDING_WIRE_UNTRUSTED, "self_signed", "signed by itself" },
		{ FINDING_WIRE_OLD_TLS, "TLS 1.0", "TLS 1.0" },
		{ FINDING_WIRE_INCOMPLETE, "stopped", "it ends early or is damaged" },
	};
	static const char *const verdicts[] = { "self_signed", "untrusted_root", "expired", "not_yet_valid",
		"name_mismatch", "weak_key", "weak_digest", "short_validity", "long_validity",
		"claims_foreign_name", "ca_as_leaf", "unparseable", "wrong_purpose" };

	(void)state;
	EACH(rows) {
		struct finding f = { .code = (uint16_t)rows[i].code };

		(void)snprintf(f.word, sizeof f.word, "%s", rows[i].word);
		assert_string_equal(SAID(say_wire_word(&said, LANG_EN, &f)), rows[i].en);
	}
	EACH(verdicts) {
		assert_true(verdict_said(LANG_EN, verdicts[i]) != verdicts[i]); /* the table's own */
		assert_string_not_equal(verdict_said(LANG_JA, verdicts[i]), verdict_said(LANG_EN, verdicts[i]));
	}
	assert_string_equal(verdict_said(LANG_JA, "odd"), "odd");
	assert_string_equal(personal_said(LANG_JA, "my_number"), "マイナンバー");
}

static void states_however_they_are_written(void **state)
{
	static const struct {
		const char *word, *en;
	} rows[] = {
		{ "Low-Battery", "battery low" }, { "low_battery", "battery low" }, { "LOWBATTERY", "battery low" },
		{ "-low-", "too low" }, { "lo", "\"lo\"" }, { "lowbatterys", "\"lowbatterys\"" },
		{ "  OL  ", "on mains" }, { "OL CHRG", "on mains, charging" }, { "OL  CHRG", "\"OL  CHRG\"" },
		{ "-", "\"-\"" }, { "[ol]", "\"[ol]\"" }, { "   ", "" },
	};

	(void)state;
	EACH(rows)
		assert_string_equal(SAID(say_state(&said, LANG_EN, rows[i].word)), rows[i].en);
}

static void languages_and_their_weights(void **state)
{
	static const struct {
		const char *word;
		enum lang lang;
	} rows[] = {
		{ "JA", LANG_JA }, { "jA_JP", LANG_JA }, { "ja.UTF-8", LANG_JA }, { "ja@x", LANG_JA },
		{ "jp", LANG_EN }, { "eo, ja;q=0.1", LANG_JA }, { "en;q=0.3, ja;Q=0.4", LANG_JA },
		{ "en;q=0.4, ja;q=0.4", LANG_EN }, { "ja;q=high", LANG_EN }, { "ja;level=1", LANG_JA },
		{ "ja;q", LANG_JA }, { "ja;qq0.1, en", LANG_JA }, { " ja ; q=1 , en", LANG_JA }, { ",,;,ja", LANG_JA },
		{ "ja2", LANG_EN }, { "*", LANG_EN }, { "en_US", LANG_EN }, { "fn,ja", LANG_JA },
	};

	(void)state;
	EACH(rows)
		if (lang_find(rows[i].word) != rows[i].lang)
			fail_msg("%s", rows[i].word);
}

/* Formats that no compiler has looked at: translations, and what was kept of a failure. */
static void (*const say_unseen)(struct text *, enum lang, const char *, ...) = say;

static void formats_of_any_shape(void **state)
{
	static const char none[] = "";
	static const struct {
		const char *fmt, *said;
	} rows[] = {
		{ "%2$s %1$s", "b a" }, { "100 %% of %s", "100 % of a" }, { "%s %", none }, { "%s %5", none },
		{ "%3$s", none }, { "%d", none }, { "%1$f", none }, { "%q", none }, { "%1000$s", none },
		{ "%s{|s}", "as" }, { "{x|y", "y" }, { "{x", "{x" }, { "%1$s{one|many} %1$s", "amany a" },
	};
	const struct format_args args = { .list = {
		{ .is = ARG_STRING, .string = "a", .string_max = SIZE_MAX },
		{ .is = ARG_STRING, .string = "b", .string_max = SIZE_MAX } }, .n = 2 };
	const struct format_args empty = { .list = { { .is = ARG_NONE },
		{ .is = ARG_STRING, .string_max = 3 } }, .n = 2 };

	(void)state;
	EACH(rows) {
		bool whole = (text_clear(&said), format_add(&said, LANG_EN, rows[i].fmt, &args));

		assert_string_equal(text_cstr(&said), rows[i].said);
		assert_int_equal(whole, rows[i].said != none); /* half a sentence is none */
	}
	text_clear(&said);
	assert_false(format_add(&said, LANG_EN, "%s", &empty)); /* nothing was kept */
	assert_true(format_add(&said, LANG_EN, "%2$s.", &empty));
	assert_string_equal(text_cstr(&said), ".");
	/* "1" is one, however it is given */
	assert_string_equal(SAID(say(&said, LANG_EN, "%s {day|days}", "1")), "1 day");
	assert_string_equal(SAID(say(&said, LANG_EN, "%.1f {day|days}", 1.0)), "1.0 days");
	assert_string_equal(SAID(say(&said, LANG_EN, "%+5.1f|%-4d|%04x|%lu|%lld|%zu|%i|%c", 2.25, 7, 255,
	    5UL, -6LL, (size_t)8, -9, 'c')), " +2.2|7   |00ff|5|-6|8|-9|c");
	assert_string_equal(SAID(say(&said, LANG_EN, "%hd %ju %e", (short)3, (uintmax_t)4, 1500.0)),
	    "3 4 1.500000e+03");
	assert_string_equal(SAID(say_unseen(&said, LANG_EN, "as far as it goes %s %")), "");
	assert_string_equal(SAID(say_unseen(&said, LANG_EN, "%-+ #0123456789-+ #0123456789d", 1)),
	    SAID(say_unseen(&said, LANG_EN, "%-+ #0123456789-+ #0123456789d", 1)));
}

static void failures_in_japanese(void **state)
{
	struct why why = { .text = "as it was" };

	(void)state;
	assert_string_equal(SAID(say_why(&said, LANG_JA, &why)), "as it was"); /* no format kept */
	(void)fail(&why, KS_IO, "%s grows by %.1f %d", "x", 2.25, 3);
	assert_string_equal(SAID(say_why(&said, LANG_JA, &why)), "x grows by 2.2 3");
	why.fmt = "%2$s is a number";
	assert_string_equal(SAID(say_why(&said, LANG_JA, &why)), why.text);
	(void)fail(&why, KS_IO, "%d%d%d%d%d%d%d%d", 1, 2, 3, 4, 5, 6, 7, 8);
	assert_string_equal(SAID(say_why(&said, LANG_JA, &why)), "12345678");
	/* a blank between Japanese and an argument goes where the argument is Japanese too */
	struct format_args wide = { .list = { { .is = ARG_STRING, .string = "測", .string_max = SIZE_MAX },
		{ .is = ARG_STRING, .string = "x", .string_max = SIZE_MAX },
		{ .is = ARG_STRING, .string = "！", .string_max = SIZE_MAX } }, .n = 3 };

	text_clear(&said);
	assert_true(format_add(&said, LANG_JA, "計 %1$s を 計 %2$s を ～ %3$s を a %1$s b %1$s を", &wide));
	assert_string_equal(text_cstr(&said), "計測を 計 x を ～！を a 測 b 測を");
}

/* -- findings --------------------------------------------------------------------------------- */

static void findings_with_and_without_their_numbers(void **state)
{
	static const struct {
		struct finding f;
		const char *en;
	} rows[] = {
		{ { .code = FINDING_CODES }, "all well" },
		{ { .code = FINDING_ON_BATTERY, .subject = "u", .kind = MEASURE_CHARGE, .value_milli = 80000 },
		    "u runs on battery, 80 % left" },
		{ { .code = FINDING_ON_BATTERY, .subject = "u", .kind = MEASURE_RUNTIME, .value_milli = 19000 },
		    "u runs on battery, 19 min left" },
		{ { .code = FINDING_ON_BATTERY, .subject = "u", .kind = MEASURE_STATE, .value_milli = 2000 },
		    "u runs on battery" },
		{ { .code = FINDING_BATTERY_LOW, .subject = "u", .kind = MEASURE_CHARGE },
		    "u: the battery is nearly empty" },
		{ { .code = FINDING_HOSTS_LOST, .subject = "r", .count = 1, .value_milli = 45000 },
		    "1 host lost in r, which is at 45.0 °C" },
		{ { .code = FINDING_HOSTS_LOST, .subject = "r", .count = 2, .kind = MEASURE_LOAD,
		    .value_milli = 45000 }, "2 hosts lost in r" },
		{ { .code = FINDING_HOT, .subject = "t", .place = "t", .limit_milli = 30000 },
		    "t was above 30.0 °C, now 0.0 °C" },
		{ { .code = FINDING_HOT, .subject = "t", .value_milli = 30000, .limit_milli = 30000 },
		    "t is at 30.0 °C, above its limit of 30.0 °C" },
		{ { .code = FINDING_HEADING, .subject = "t", .value_milli = 29000, .limit_milli = 30000 },
		    "t is at 29.0 °C and heading for 30.0 °C" },
		{ { .code = FINDING_WIRE_PERIODIC, .subject = "pc", .place = "a.example", .count = 9,
		    .kind = MEASURE_UPTIME, .value_milli = 3600000, .limit_milli = 20000, .word = "10" },
		    "pc contacts a.example every 1 h ± 20 s (9 of 10 times)" },
		{ { .code = FINDING_WIRE_PERIODIC, .subject = "pc", .place = "a.example", .count = 9,
		    .kind = MEASURE_UPTIME, .word = "10" }, "pc contacts a.example by the clock" },
		{ { .code = FINDING_WIRE_PERIODIC, .subject = "pc", .count = 9, .kind = MEASURE_UPTIME,
		    .value_milli = 3600000 }, "pc contacts ? by the clock" },
		{ { .code = FINDING_WIRE_PERSONAL, .subject = "web", .place = "shop.example", .count = 4,
		    .word = "location", .way = WAY_AT, .clients = 3 },
		    "web (shop.example) receives locations in clear from 3 clients (4 times)" },
		{ { .code = FINDING_WIRE_CREDENTIAL, .subject = "web", .place = "web", .count = 1,
		    .word = "ftp", .way = WAY_AT, .clients = 1, .client = "192.0.2.9" },
		    "web receives passwords in clear from 192.0.2.9 (ftp, 1 time)" },
		{ { .code = FINDING_WIRE_DATES, .subject = "web", .place = "a.example", .count = 2,
		    .word = "expired", .way = WAY_AT },
		    "the certificate that web (a.example) shows its clients is expired (2 times)" },
		{ { .code = FINDING_WIRE_LISTED, .subject = "web", .place = "192.0.2.9", .count = 1,
		    .word = "bad", .way = WAY_FROM }, "192.0.2.9, which is on the list bad, contacts web (1 time)" },
		{ { .code = FINDING_WIRE_LISTED, .subject = "web", .place = "a.example/x", .count = 1,
		    .word = "bad", .way = WAY_AT }, "a.example/x, which web serves, is on the list bad (1 time)" },
		{ { .code = FINDING_WIRE_PERSONAL, .subject = "pc", .place = "api.example", .count = 2,
		    .word = "location", .way = WAY_FROM }, "pc receives locations in clear from api.example (2 times)" },
		{ { .code = FINDING_WIRE_PERSONAL, .subject = "pc", .place = "api.example",
		    .word = "card", .way = WAY_FROM }, "pc receives card numbers in clear from api.example" },
		{ { .code = FINDING_WIRE_CREDENTIAL, .subject = "pc", .place = "api.example", .count = 1,
		    .word = "json password", .way = WAY_FROM },
		    "pc receives a password in clear from api.example (json password, 1 time)" },
		{ { .code = FINDING_WIRE_CREDENTIAL, .subject = "pc", .place = "api.example",
		    .word = "json password", .way = WAY_FROM },
		    "pc receives a password in clear from api.example (json password)" },
		{ { .code = FINDING_WIRE_PERSONAL, .subject = "pc", .count = 30, .word = "5" },
		    "pc sends personal data in clear also to others: 5 more (30 times)" },
		{ { .code = FINDING_WIRE_PERSONAL, .subject = "pc", .count = 1, .word = "5", .way = WAY_AT },
		    "pc receives personal data in clear also of other kinds or from others: 5 more (1 time)" },
		{ { .code = FINDING_WIRE_CREDENTIAL, .subject = "pc", .count = 30, .word = "5" },
		    "pc sends passwords in clear also to others: 5 more (30 times)" },
		{ { .code = FINDING_WIRE_CREDENTIAL, .subject = "pc", .count = 30, .word = "5", .way = WAY_AT },
		    "pc receives passwords in clear also in other ways: 5 more (30 times)" },
		{ { .code = FINDING_WIRE_LISTED, .subject = "pc", .count = 30, .word = "1" },
		    "pc: 1 more name or address on lists (30 times)" },
		{ { .code = FINDING_WIRE_DATES, .subject = "pc", .count = 30, .word = "5" },
		    "the certificate of 5 others is out of its dates (pc)" },
		{ { .code = FINDING_WIRE_TUNNEL, .place = "a.example", .count = 60 },
		    "somebody else asks for 60 long names below a.example: data may travel inside them" },
		{ { .code = FINDING_WIRE_SCAN, .subject = "pc", .count = 1 },
		    "pc knocks at 1 address and ports that do not answer" },
		{ { .code = FINDING_UNCONFINED, .word = "seccomp odd user" },
		    "keisoku runs with less protection: the kernel does not bound system calls (seccomp), "
		    "it runs as root, no user is called keisoku" },
		{ { .code = FINDING_ABSENT, .subject = "t", .place = "r", .doubt = DOUBT_NONE },
		    "t (r) gives no value" },
		{ { .code = FINDING_LOSS_TRIPS, .subject = "A", .place = "B", .value_milli = 5000, .count = 1,
		    .next = { .low_s = 60 } },
		    "losing A overloads B, which may trip after 1 min; then 1 host is dark" },
	};

	(void)state;
	EACH(rows)
		assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &rows[i].f, now)), rows[i].en);
}

static void when_it_began_and_what_comes(void **state)
{
	const struct forecast next = { .known = true, .kind = MEASURE_TEMPERATURE, .at_ms = now,
		.limit_milli = 35000, .low_s = 60, .mid_s = 120, .high_s = 180 };
	const struct {
		enum finding_code code;
		int64_t since, ended;
		struct forecast next;
		const char *en;
	} rows[] = {
		{ FINDING_HOST_DOWN, 0, 0, { .known = false }, "h does not answer" },
		{ FINDING_HOST_DOWN, 0, now, { .known = false }, "h does not answer" },
		{ FINDING_HOST_DOWN, now - 5 * MIN, now - MIN, next,
		    "h does not answer; ended, began at 19 Jul 23:55 and lasted 4 min" },
		{ FINDING_HOST_DOWN, now, 0, next,
		    "h does not answer; since 00:00 (0 s); 35.0 °C in 2 min (00:01 to 00:03)" },
		{ FINDING_HEADING, 0, now, next, "h passes 35.0 °C in 2 min (now 0.0 °C)" },
	};

	(void)state;
	EACH(rows) {
		struct finding f = { .code = (uint16_t)rows[i].code, .subject = "h", .since_ms = rows[i].since,
			.ended_ms = rows[i].ended, .next = rows[i].next };

		assert_string_equal(SAID(say_finding(&said, LANG_EN, NULL, &f, now)), rows[i].en);
	}
}

/* -- names ------------------------------------------------------------------------------------ */

static void things_are_called_by_their_names(void **state)
{
	static struct room rooms[] = { { .id = "r0" }, { .id = "r", .name = "Room" } };
	static struct rack racks[] = { { .id = "k0" }, { .id = "k", .name = "Rack" } };
	static struct cooling coolings[] = { { .id = "c0" }, { .id = "c", .name = "Cooler" } };
	static struct node nodes[] = { { .id = "n0" }, { .id = "n", .name = "UPS" } };
	static struct service services[] = { { .id = "s0" }, { .id = "s", .name = "Mail" } };
	static struct device devices[] = { { .id = "d0" }, { .id = "d", .name = "Switch" } };
	static struct sensor sensors[] = { { .id = "t0" }, { .id = "t", .name = "Door" } };
	static struct host hosts[] = { { .id = "h0" }, { .id = "h", .name =
		"a計測計測計測計測計測計測計測計測計測計測計測" } }; /* 67 bytes */
	const struct site site = { .rooms = rooms, .rooms_n = 2, .racks = racks, .racks_n = 2,
		.coolings = coolings, .coolings_n = 2, .nodes = nodes, .nodes_n = 2,
		.services = services, .services_n = 2, .devices = devices, .devices_n = 2,
		.sensors = sensors, .sensors_n = 2, .hosts = hosts, .hosts_n = 2 };
	static const struct {
		const char *id, *name;
	} rows[] = { { "r", "Room" }, { "k", "Rack" }, { "c", "Cooler" }, { "n", "UPS" }, { "s", "Mail" },
		{ "d", "Switch" }, { "t", "Door" }, { "r0", "r0" }, { "k0", "k0" }, { "c0", "c0" },
		{ "n0", "n0" }, { "s0", "s0" }, { "d0", "d0" }, { "t0", "t0" }, { "h0", "h0" },
		{ "nobody", "nobody" }, { "", "" } };

	(void)state;
	EACH(rows) {
		assert_string_equal(name_of(&site, rows[i].id), rows[i].name);
		assert_string_equal(name_of(NULL, rows[i].id), rows[i].id);
	}
	/* a reading of a thing says which; a long name ends with a whole character */
	static const struct {
		const char *subject, *place;
		enum finding_code code;
		const char *said, *said_place;
	} findings[] = {
		{ "n:battery.charge", "r", FINDING_STATE, "UPS battery charge", "Room" },
		{ "x:y", "r0", FINDING_STATE, "x:y", "r0" },
		{ "h", "h:5", FINDING_STATE, "a計測計測計測計測計測計測計測計測計測計測",
		    "a計測計測計測計測計測計測計測計測計測計測" },
		/* the other side of a wire is no thing of the site */
		{ "d", "r", FINDING_WIRE_LISTED, "Switch", "r" },
	};

	EACH(findings) {
		struct finding f = { .code = (uint16_t)findings[i].code, .kind = MEASURE_CHARGE };

		(void)snprintf(f.subject, sizeof f.subject, "%s", findings[i].subject);
		(void)snprintf(f.place, sizeof f.place, "%s", findings[i].place);
		struct finding named = finding_named(&site, LANG_EN, &f),
		    plain = finding_named(NULL, LANG_EN, &f);

		assert_string_equal(named.subject, findings[i].said);
		assert_string_equal(named.place, findings[i].said_place);
		assert_string_equal(plain.subject, f.subject);
	}
}

/* -- the six lines ---------------------------------------------------------------------------- */

static void lines_are_cut_between_characters(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *cut;
	} rows[] = { { "abcdef", 6, "abcdef" }, { "abcdefg", 6, "abc..." }, { "計測計", 6, "計測計" },
		{ "計測計測", 6, "計..." }, { "計測計測", 7, "計測..." }, { "abcd", 3, "..." }, { "", 0, "" },
		{ "ab\xff\xff\xff\xff", 5, "ab..." } };

	(void)state;
	EACH(rows)
		assert_string_equal(SAID(say_cut(&said, span_text(rows[i].text), rows[i].columns)), rows[i].cut);
	assert_string_equal(SAID(say_todo(&said, LANG_EN, TODOS, "x")), "");
	assert_string_equal(SAID(say_todo(&said, LANG_EN, TODO_FREE_DISK, "x")),
	    "make room on the disk of keisoku");
}

enum { WHAT = 0, NOW = 2, NEXT = 3, PROOF = 5 };

static struct verdict quiet(void)
{
	return (struct verdict){ .measuring = true, .worst = { .code = FINDING_CODES },
		.now = { .code = FINDING_CODES } };
}

static struct status_now air(const char *id, enum place place, enum quality quality, int64_t milli)
{
	struct status_now row = { .series = { .place = (uint8_t)place },
		.reading = { .kind = MEASURE_TEMPERATURE, .quality = (uint8_t)quality, .milli = milli,
			.time_ms = now - 5000 } };

	(void)snprintf(row.series.id, sizeof row.series.id, "%s", id);
	return row;
}

static void the_hottest_air_is_told(void **state)
{
	struct verdict v = quiet();
	struct status_now rows[] = { air("fan", PLACE_INTERNAL, QUALITY_OK, 70000),
		air("broken", PLACE_ROOM, QUALITY_UNTRUSTED, 60000), air("back", PLACE_RETURN, QUALITY_OK, 30000),
		air("front", PLACE_INLET, QUALITY_OK, 31000), air("door", PLACE_ROOM, QUALITY_OK, 24000),
		air("wet", PLACE_ROOM, QUALITY_OK, 90000) };
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now };

	(void)state;
	rows[5].reading.kind = MEASURE_HUMIDITY;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NOW)), "Now     no reading yet");
	s.readings = rows;
	s.readings_n = 2;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NOW)), "Now     no air temperature is measured");
	s.readings_n = 6;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NOW)),
	    "Now     hottest air: front 31.0 °C, measured 5 s ago");
	/* what a loss would do has no value of now */
	v.worst = v.now = (struct finding){ .code = FINDING_LOSS_STOPS, .subject = "u" };
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NOW)),
	    "Now     hottest air: front 31.0 °C, measured 5 s ago");
	/* of a thing that counts: its newest good value that is a number */
	v.worst = v.now = (struct finding){ .code = FINDING_SILENT, .subject = "broken", .kind = MEASURE_COUNT };
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NOW)), "Now     broken: no value");
	rows[1].reading.quality = QUALITY_OK;
	rows[1].reading.kind = MEASURE_REACH;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NOW)), "Now     broken: no value");
	rows[1].reading.kind = MEASURE_STATE;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NOW)), "Now     broken: no value");
	rows[1].reading.kind = MEASURE_LOAD;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NOW)),
	    "Now     broken 60 %, measured 5 s ago");
	/* a limit that is none is not told */
	v.now = (struct finding){ .code = FINDING_STUCK, .subject = "t", .kind = MEASURE_LOAD,
		.value_milli = 50000, .seen_ms = now };
	static const int64_t none[] = { 0, INT64_MAX, INT64_MIN };

	EACH(none) {
		v.now.limit_milli = none[i];
		assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NOW)), "Now     t 50 %, measured 0 s ago");
	}
}

/* A site that has a wire and nothing else: it is not "unknown", and not "sensors 0". */
static void a_wire_alone_is_told(void **state)
{
	struct verdict v = quiet();
	struct wire_row wires[] = { { .kind = WIRE_SOURCE, .device = "tap", .word = "up", .count = 24310,
		.out = 5802040 }, { .kind = WIRE_SOURCE, .device = "lab", .word = "down" } };
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now, .wires = wires,
		.wires_n = 2 };

	(void)state;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, WHAT)),
	    "What    Normal. Nothing is wrong on the wire; heat and power are not measured here.");
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NOW)),
	    "Now     wire tap: 24,310 packets, 5.8 MB heard so far; wire lab is not heard");
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, NEXT)),
	    "Next    nothing that has a limit is measured here");
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, PROOF)),
	    "Proof   no sensors; wire lab is not heard; 1 wire listened to");
}

static void what_weakens_the_proof(void **state)
{
	struct verdict v = quiet();
	struct finding findings[] = {
		{ .code = FINDING_DISK_FULL, .ended_ms = now }, { .code = FINDING_CLEAR_COMMUNITY },
		{ .code = FINDING_HOT, .subject = "t" }, { .code = FINDING_ALERT, .subject = "x" },
		{ .code = FINDING_CHANNEL, .subject = "chat" } };
	struct wire_row wires[] = { { .device = "w1", .word = "up" }, { .device = "w2", .word = "down" },
		{ .device = "w3", .word = "unreadable" }, { .device = "w4", .word = "up" } };
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now,
		.findings = findings, .findings_n = 4 };

	(void)state;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, PROOF)), "Proof   sensors 0 good, 0 bad");
	s.findings_n = 5;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, PROOF)),
	    "Proof   sensors 0 good, 0 bad; messages through chat do not arrive");
	v.worst.code = FINDING_CHANNEL; /* it is the headline already */
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, PROOF)), "Proof   sensors 0 good, 0 bad");
	s.wires = wires;
	s.wires_n = 1;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, PROOF)),
	    "Proof   no sensors; 1 wire listened to");
	s.wires_n = 4;
	wires[3].number[0] = 1200;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, PROOF)),
	    "Proof   no sensors; wire w2 is not heard; wire w3 is not heard; "
	    "2 wires listened to, 1200 packets lost");
}

/* Hosts that are lost are told once, and those that came back not at all. */
static void hosts_that_are_lost_are_told_once(void **state)
{
	struct verdict v = quiet();
	struct finding lost[] = { { .code = FINDING_HOSTS_LOST, .subject = "r", .count = 7 },
		{ .code = FINDING_HOSTS_LOST, .subject = "r", .count = 9, .ended_ms = now } };
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now,
		.findings = lost, .findings_n = 2 };

	(void)state;
	v.severity = SEVERITIES; /* of a later version: not known here */
	v.worst = v.now = (struct finding){ .code = FINDING_SWITCH_DOWN, .subject = "sw" };
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, 0)),
	    "What    Unknown: 7 hosts lost; sw does not answer; what hangs on it cannot be reached");
	v.worst = v.now = lost[0];
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, 0)), "What    Unknown: 7 hosts lost in r");
	s.source = "store";
	v.at_ms = now - 5 * MIN;
	assert_string_equal(SAID(status_line(&said, LANG_EN, &s, 0)),
	    "What    Unknown, no daemon measures here. Known 5 min ago: 7 hosts lost in r");
}

static void lists_of_two_are_json(void **state)
{
	struct verdict v = quiet();
	struct finding findings[] = { { .code = FINDING_STUCK, .subject = "t", .silenced = true,
		.limit_milli = INT64_MIN }, { .code = FINDING_HOT, .subject = "u", .limit_milli = INT64_MAX } };
	struct wire_row wires[] = { { .device = "w\"1", .name = "eth0", .word = "up", .count = 3, .out = 180,
		.in = 60, .number = { 4, 5, 6 }, .first_ms = now - 60000, .last_ms = now - 2000 },
		{ .device = "w2", .word = "down" } };
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now,
		.findings = findings, .findings_n = 2, .wires = wires, .wires_n = 2 };
	KS_DROP(text) struct text json;

	(void)state;
	v.todo[0] = TODOS; /* of a later version */
	text_init(&json, 100000);
	status_json(&json, &s);
	json_t *root = json_loads(text_cstr(&json), 0, NULL), *list, *one;

	assert_non_null(root);
	list = json_object_get(root, "findings");
	assert_int_equal(json_array_size(list), 2);
	assert_true(json_is_true(json_object_get(json_array_get(list, 0), "silenced")));
	assert_true(json_is_false(json_object_get(json_array_get(list, 1), "silenced")));
	assert_true(json_is_null(json_object_get(json_array_get(list, 0), "limit")));
	assert_true(json_is_null(json_object_get(json_array_get(list, 1), "limit")));
	assert_true(json_is_null(json_object_get(root, "worst")));
	list = json_object_get(root, "wire");
	assert_int_equal(json_array_size(list), 2);
	one = json_array_get(list, 0);
	assert_string_equal(json_string_value(json_object_get(one, "id")), "w\"1");
	assert_int_equal(json_integer_value(json_object_get(one, "dropped")), 4);
	assert_float_equal(json_number_value(json_object_get(one, "age_s")), 2, 0.001);
	assert_true(json_is_null(json_object_get(json_array_get(list, 1), "age_s"))); /* heard nothing */
	one = json_array_get(json_object_get(root, "do"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "what")), "none");
	json_decref(root);
}

static int begin(void **state)
{
	(void)state;
	text_init(&said, 20000);
	return 0;
}

static int end(void **state)
{
	(void)state;
	text_done(&said);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_of_every_kind),
		cmocka_unit_test(days_and_hours),
		cmocka_unit_test(bytes_and_counts),
		cmocka_unit_test(countries_are_found_by_their_letters),
		cmocka_unit_test(periods),
		cmocka_unit_test(words_of_the_wire),
		cmocka_unit_test(states_however_they_are_written),
		cmocka_unit_test(languages_and_their_weights),
		cmocka_unit_test(formats_of_any_shape),
		cmocka_unit_test(failures_in_japanese),
		cmocka_unit_test(findings_with_and_without_their_numbers),
		cmocka_unit_test(when_it_began_and_what_comes),
		cmocka_unit_test(things_are_called_by_their_names),
		cmocka_unit_test(lines_are_cut_between_characters),
		cmocka_unit_test(the_hottest_air_is_told),
		cmocka_unit_test(a_wire_alone_is_told),
		cmocka_unit_test(what_weakens_the_proof),
		cmocka_unit_test(hosts_that_are_lost_are_told_once),
		cmocka_unit_test(lists_of_two_are_json),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
