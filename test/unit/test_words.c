/* test/unit/test_words.c - sentences in both languages, from one catalogue. */
#include "harness.h"
#include "base/drop.h"
#include "base/utf8.h"
#include "words/finding.h"
#include "words/named.h"
#include "words/status.h"
#include "words/words.h"
#include <jansson.h>

static struct text said;
#define SAID(call) (text_clear(&said), call, text_cstr(&said))
enum { MIN = 60000 };
static const int64_t now = 1784505600000; /* 2026-07-20 00:00 UTC, a Monday */

static void finds_the_language(void **state)
{
	(void)state;
	assert_int_equal(lang_find("ja"), LANG_JA);
	assert_int_equal(lang_find("ja_JP.UTF-8"), LANG_JA);
	assert_int_equal(lang_find("en-US,en;q=0.9,ja;q=0.8"), LANG_EN);
	assert_int_equal(lang_find("fr, ja;q=0.8, en;q=0.5"), LANG_JA);
	assert_int_equal(lang_find("ja;q=0"), LANG_EN);
	assert_int_equal(lang_find("jamaican"), LANG_EN);
	assert_int_equal(lang_find("C"), LANG_EN);
	assert_int_equal(lang_find(""), LANG_EN);
	assert_int_equal(lang_find(NULL), LANG_EN);
	assert_int_equal(lang_find("j"), LANG_EN);
}

static void says_numbers_as_people_do(void **state)
{
	(void)state;
	static const struct {
		enum measure kind;
		int64_t milli;
		const char *en;
	} rows[] = { { MEASURE_TEMPERATURE, 24460, "24.5 °C" },
		{ MEASURE_TEMPERATURE, -40, "0.0 °C" }, { MEASURE_TEMPERATURE, -300, "-0.3 °C" },
		{ MEASURE_HUMIDITY, 42000, "42 %" }, { MEASURE_POWER, 1140000, "1,140 W" },
		{ MEASURE_POWER, 12345678, "12.35 kW" }, { MEASURE_CURRENT, 15700, "15.7 A" },
		{ MEASURE_RUNTIME, 19000, "19 min" }, { MEASURE_VOLTAGE, 100500, "101 V" },
		{ MEASURE_FAN, 12400000, "12,400 rpm" }, { MEASURE_REACH, 0, "no answer" } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(SAID(say_value(&said, LANG_EN, rows[i].kind, rows[i].milli)),
		    rows[i].en);
	assert_string_equal(SAID(say_value(&said, LANG_JA, MEASURE_RUNTIME, 19000)), "19 分");
}

static void says_one_and_many(void **state)
{
	static struct room rooms[] = { { .id = "r1", .name = "Server room" } };
	const struct site site = { .rooms = rooms, .rooms_n = 1 };
	struct finding f = { .code = FINDING_HOSTS_LOST, .count = 1, .subject = "r1" };

	(void)state;
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, now)), "1 host lost in r1");
	f.count = 2;
	f = finding_named(&site, LANG_EN, &f);
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, now)),
	    "2 hosts lost in Server room");
	assert_string_equal(SAID(say(&said, LANG_EN, "%u more {finding stands|findings stand} below. ",
	    1u)), "1 more finding stands below. ");
	assert_string_equal(SAID(say(&said, LANG_EN, "%d {day|days}", 0)), "0 days");
	/* braces without a bar are themselves */
	assert_string_equal(SAID(say(&said, LANG_EN, "{s} {%d}", 1)), "{s} {1}");
}

/* What is read off a device is called by what it is on, its part and the quantity. */
static void names_readings(void **state)
{
	static struct node nodes[] = { { .id = "ups1", .name = "UPS 6 kVA" } };
	static struct sensor sensors[] = { { .id = "power", .name = "power", .node = &nodes[0] }, { .id = "netups" },
		{ .id = "bmc", .name = "db1 BMC" }, { .id = "t1", .name = "Door" } };
	const struct site site = { .sensors = sensors, .sensors_n = 4, .nodes = nodes, .nodes_n = 1 };
	static const struct {
		const char *id;
		enum measure kind;
		const char *en, *ja;
	} rows[] = {
		{ "power:output-current.1", MEASURE_CURRENT, "UPS 6 kVA output current", "UPS 6 kVA 出力電流" },
		{ "power:output-current.3", MEASURE_CURRENT, "UPS 6 kVA output current 3", "UPS 6 kVA 出力電流 3" },
		{ "power:battery-runtime-remaining", MEASURE_RUNTIME, "UPS 6 kVA battery runtime", "UPS 6 kVA 電池持続時間" },
		{ "netups:ups2.ups.realpower", MEASURE_POWER, "netups ups2 power", "netups ups2 電力" },
		{ "bmc:1.Thermal.CPU1_Temp", MEASURE_TEMPERATURE, "db1 BMC CPU1 temperature", "db1 BMC CPU1 温度" },
		{ "bmc:", MEASURE_POWER, "db1 BMC power", "db1 BMC 電力" },
		{ "t1", MEASURE_TEMPERATURE, "Door", "Door" },
		{ "nosuch:input", MEASURE_POWER, "nosuch:input", "nosuch:input" },
		{ "0a:1b:2c:00:00:01", MEASURE_REACH, "0a:1b:2c:00:00:01", "0a:1b:2c:00:00:01" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_string_equal(SAID(series_name(&said, LANG_EN, &site, rows[i].id, rows[i].kind)), rows[i].en);
		assert_string_equal(SAID(series_name(&said, LANG_JA, &site, rows[i].id, rows[i].kind)), rows[i].ja);
	}
	struct finding f = { .code = FINDING_HOT, .kind = MEASURE_CURRENT, .subject = "power:output-current.1" };

	f = finding_named(&site, LANG_JA, &f);
	assert_string_equal(f.subject, "UPS 6 kVA 出力電流");
	assert_string_equal(SAID(series_name(&said, LANG_EN, NULL, "power:x", MEASURE_POWER)), "power:x");
}

static void says_how_long(void **state)
{
	(void)state;
	assert_string_equal(SAID(say_duration(&said, LANG_EN, 42000)), "42 s");
	assert_string_equal(SAID(say_duration(&said, LANG_EN, 59 * MIN + 40000)), "60 min");
	assert_string_equal(SAID(say_duration(&said, LANG_EN, 125 * MIN)), "2 h 05 min");
	assert_string_equal(SAID(say_duration(&said, LANG_JA, 125 * MIN)), "2 時間 5 分");
	assert_string_equal(SAID(say_duration(&said, LANG_EN, 120 * MIN)), "2 h");
	assert_string_equal(SAID(say_duration(&said, LANG_JA, 50 * 60 * MIN)), "2 日 2 時間");
	assert_string_equal(SAID(say_duration(&said, LANG_EN, -5)), "0 s");
}

static void says_the_clock_and_another_day(void **state)
{
	(void)state;
	assert_string_equal(SAID(say_clock(&said, LANG_EN, NULL, now + 125 * MIN, now)), "02:05");
	assert_string_equal(SAID(say_clock(&said, LANG_EN, NULL, now - 5 * MIN, now)),
	    "19 Jul 23:55");
	assert_string_equal(SAID(say_clock(&said, LANG_JA, NULL, now - 5 * MIN, now)),
	    "7 月 19 日 23:55");
	assert_string_equal(SAID(say_clock(&said, LANG_JA, NULL, 0, now)), "1970-01-01 00:00");
}

static void reorders_kept_arguments(void **state)
{
	(void)state;
	struct why why = { 0 };

	(void)fail(&why, KS_MALFORMED, "%s sent %s with a wrong length (%zu)", "poller", "hello",
	    (size_t)7);
	assert_string_equal(SAID(say_why(&said, LANG_JA, &why)),
	    "poller が送った hello の長さが違います（7）");
	assert_string_equal(SAID(say_why(&said, LANG_EN, &why)), why.text);
	assert_string_equal(SAID(say(&said, LANG_JA, "%d %s ", 19, "7 月")), "7 月 19 日 ");
	assert_string_equal(SAID(say(&said, LANG_JA, "never %.*s in %5.1f%% %c %x", 2, "abc", 2.26,
				    'z', 255)), "never ab in   2.3% z ff");
	(void)fail(&why, KS_IO, "never said: %s", "not a number");
	assert_string_equal(SAID(say_why(&said, LANG_JA, &why)), "never said: 数ではありません");
}

static void says_states_of_devices(void **state)
{
	(void)state;
	assert_string_equal(SAID(say_state(&said, LANG_EN, "onBattery")), "on battery");
	assert_string_equal(SAID(say_state(&said, LANG_JA, "OB DISCHRG LB")),
	    "電池運転中、放電中、電池残量低下");
	assert_string_equal(SAID(say_state(&said, LANG_JA, "wobbly")), "「wobbly」");
	assert_string_equal(SAID(say_state(&said, LANG_EN, "OB wobbly")), "\"OB wobbly\"");
	assert_string_equal(SAID(say_state(&said, LANG_EN, "")), "");
}

static void says_what_comes_next_with_its_interval(void **state)
{
	(void)state;
	struct finding f = { .code = FINDING_HEADING, .severity = SEVERITY_WARNING,
		.kind = MEASURE_TEMPERATURE, .subject = "inlet-1", .place = "room1",
		.since_ms = now - 292 * MIN, .value_milli = 33900, .limit_milli = 35000,
		.next = { .known = true, .kind = MEASURE_TEMPERATURE, .at_ms = now,
			.limit_milli = 35000, .low_s = 22 * 60, .mid_s = 32 * 60,
			.high_s = 45 * 60 } };

	assert_string_equal(SAID(say_finding(&said, LANG_EN, NULL, &f, now)),
	    "inlet-1 (room1) passes 35.0 °C in 32 min (now 33.9 °C); since 19 Jul 19:08 "
	    "(4 h 52 min); between 00:22 and 00:45");
	assert_string_equal(SAID(say_finding(&said, LANG_JA, NULL, &f, now)),
	    "あと 32 分で inlet-1（room1）が 35.0 °C を超えます（現在 33.9 °C）"
	    "（7 月 19 日 19:08 から 4 時間 52 分）。予測の幅は 00:22〜00:45 です");
	f.code = FINDING_HOSTS_LOST;
	f.count = 12;
	f.next.known = false;
	f.ended_ms = now;
	assert_string_equal(SAID(say_finding(&said, LANG_EN, NULL, &f, now)),
	    "12 hosts lost in inlet-1 (room1), which is at 33.9 °C; ended, began at 19 Jul 19:08 "
	    "and lasted 4 h 52 min");
}

static void has_a_sentence_for_every_finding(void **state)
{
	(void)state;
	struct finding f = { .since_ms = now - MIN, .subject = "ups1", .place = "r1" };

	for (unsigned code = 0; code < FINDING_CODES; code++)
		for (unsigned full = 0; full < 2; full++) {
			f.code = (uint16_t)code;
			f.count = full * 3;
			f.value_milli = f.limit_milli = full * 5000;
			(void)memcpy(f.word, "OL", full * 2);
			const char *en = SAID(say_finding(&said, LANG_EN, NULL, &f, now));

			assert_true(strlen(en) > 10);
			assert_null(strchr(en, '%') != NULL ? strstr(en, "$s") : NULL);
			char *copy = strdup(en);
			const char *ja = SAID(say_finding(&said, LANG_JA, NULL, &f, now));

			assert_string_not_equal(copy, ja);
			assert_false(said.full);
			free(copy);
		}
}

static struct verdict heading(void)
{
	struct verdict v = { .severity = SEVERITY_WARNING, .measuring = true, .more = 2,
		.worst = { .code = FINDING_HEADING, .severity = SEVERITY_WARNING,
			.kind = MEASURE_TEMPERATURE, .subject = "room1",
			.since_ms = now - 292 * MIN, .value_milli = 33900, .limit_milli = 35000 },
		.now = { .subject = "inlet-1", .kind = MEASURE_TEMPERATURE, .value_milli = 33900,
			.limit_milli = 35000, .seen_ms = now - 12000 },
		.next = { .known = true, .kind = MEASURE_TEMPERATURE, .at_ms = now,
			.limit_milli = 35000, .low_s = 22 * 60, .mid_s = 32 * 60,
			.high_s = 45 * 60 },
		.next_subject = "room1", .todo = { TODO_RESTART_COOLING, TODO_OPEN_DOORS,
			TODO_SHED_LOAD }, .todo_subject = { "room1", "R1", "" },
		.sensors_ok = 12, .sensors_bad = 1, .hosts_up = 22, .at_ms = now,
		.oldest_reading_ms = now - 30000 };

	v.worst.next = v.next;
	return v;
}

static const char *six(enum lang lang, const struct status *status)
{
	text_clear(&said);
	for (unsigned i = 0; i < STATUS_LINES; i++) {
		size_t before = said.len;

		status_line(&said, lang, status, i);
		assert_in_range(utf8_columns(span_of(said.at + before, said.len - before)), 9,
		    STATUS_MOST);
		text_add_char(&said, '\n');
	}
	return text_cstr(&said);
}

/* Two sides that each look half empty: what both carry, when the other trips, if it must. */
static void says_what_a_loss_would_trip(void **state)
{
	struct finding f = { .code = FINDING_LOSS_TRIPS, .kind = MEASURE_LOAD, .count = 12, .subject = "A",
		.place = "B", .word = "either", .value_milli = 72000, .limit_milli = 61000,
		.next = { .low_s = 540, .high_s = 2760 } };

	(void)state;
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, 0)),
	    "A at 72 % and B at 61 %: losing either trips the other in 46 min (earliest 9 min); then 12 hosts are dark");
	assert_string_equal(SAID(say_headline(&said, LANG_JA, NULL, &f, 0)),
	    "A は 72 %、B は 61 %：どちらを失っても、もう一方が 46 分で落ち（最短 9 分）、停電は 12 台になります");
	f.next.high_s = 0;
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, 0)),
	    "A at 72 % and B at 61 %: losing either may trip the other after 9 min; then 12 hosts are dark");
	(void)snprintf(f.word, sizeof f.word, "one");
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, 0)),
	    "A at 72 % and B at 61 %: losing A may trip B after 9 min; then 12 hosts are dark");
	f.next.high_s = 2760;
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, 0)),
	    "A at 72 % and B at 61 %: losing A trips B in 46 min (earliest 9 min); then 12 hosts are dark");
	f.value_milli = 0; /* no rating, so no share of it */
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, 0)),
	    "losing A trips B in 46 min (earliest 9 min); then 12 hosts are dark");
	f.next.high_s = 0;
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, 0)),
	    "losing A overloads B, which may trip after 9 min; then 12 hosts are dark");
}

static void says_a_verdict_in_six_lines(void **state)
{
	(void)state;
	struct verdict v = heading();
	struct finding trouble[] = { { .code = FINDING_UNCONFINED, .subject = "poller",
		.word = "landlock" }, { .code = FINDING_HOSTS_LOST, .count = 7 } };
	struct status s = { .verdict = &v, .findings = trouble, .findings_n = 2, .site = "hq",
		.source = "daemon", .now_ms = now };

	assert_string_equal(six(LANG_JA, &s),
	    "判定    警告、ほか 2 件：サーバ 7 台が停止。"
	    "あと 32 分で room1 が 35.0 °C を超えます（現在 33.9 °C）\n"
	    "発生    7 月 19 日 19:08 から、4 時間 52 分経過\n"
	    "いま    inlet-1 33.9 °C、限度 35.0 °C（12 秒前の値）\n"
	    "この先  あと 32 分、00:32 に room1 が 35.0 °C に達します（80 % の幅 00:22〜00:45）\n"
	    "対応    1. 空調（room1）を入れる  2. R1 の扉を開ける  3. 急がない機器を止める\n"
	    "根拠    センサ 正常 12、異常 1。サーバ 応答 22、停止 0。最も古い値は 30 秒前。"
	    "保護の一部なし\n");
	assert_string_equal(six(LANG_EN, &s),
	    "What    Warning (and 2 more): 7 hosts lost; room1 passes 35.0 °C in 32 min (now 33.9 °C)\n"
	    "Since   19 Jul 19:08, for 4 h 52 min\n"
	    "Now     inlet-1 33.9 °C, limit 35.0 °C, measured 12 s ago\n"
	    "Next    room1 reaches 35.0 °C in 32 min, at 00:32 (80 %: 00:22 to 00:45)\n"
	    "Do now  1. start the cooling (room1)  2. open the doors of R1  "
	    "3. switch off what can wait\n"
	    "Proof   sensors 12 good, 1 bad; hosts 22 up, 0 down; oldest value 30 s ago; "
	    "some protection missing\n");
}

static void names_the_heat_before_its_cause(void **state)
{
	(void)state;
	struct verdict v = heading();
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now };

	v.now = v.worst;
	v.more = 0;
	v.worst = (struct finding){ .code = FINDING_AC_CALENDAR, .subject = "ac1" };
	assert_non_null(strstr(six(LANG_EN, &s), "What    Warning: room1 passes 35.0 °C in 32 min "
	    "(now 33.9 °C); building cooling is off\n"));
	v.worst.code = FINDING_COOLING_OFF;
	assert_non_null(strstr(six(LANG_JA, &s), "あと 32 分で room1 が 35.0 °C を超えます"
	    "（現在 33.9 °C）。停電で空調も止まっています\n"));
	v.now.code = FINDING_CODES;
	assert_non_null(strstr(six(LANG_EN, &s), "What    Warning: ac1: mains power is gone"));
}

/* What a device does has no value that was measured. */
static void says_when_the_wire_told_last(void **state)
{
	(void)state;
	struct verdict v = heading();
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now };

	v.next.known = false;
	v.worst = (struct finding){ .code = FINDING_WIRE_CREDENTIAL, .subject = "web", .word = "snmp",
		.place = "192.0.2.7", .count = 3, .kind = MEASURE_UPTIME, .severity = SEVERITY_CRITICAL,
		.since_ms = now - 90000, .seen_ms = now - 61000 };
	v.now = v.worst;
	assert_non_null(strstr(six(LANG_EN, &s), "Now     web: last told of 1 min ago\n"));
	assert_non_null(strstr(six(LANG_JA, &s), "いま    web：1 分前の報告\n"));
}

/* That no forecast could be made is told as that, and never as there being nothing to come. */
static void says_why_nothing_is_forecast(void **state)
{
	static const struct {
		enum forecast_why why;
		const char *en, *ja;
	} rows[] = {
		{ FORECAST_NOT_ASKED, "nothing is forecast for it", "これについての予測はありません" },
		{ FORECAST_FEW, "cannot be forecast: too few minutes of its temperature are known",
			"予測できません：温度の記録がまだ足りません" },
		{ FORECAST_OLD, "cannot be forecast: no temperature has come lately",
			"予測できません：直近の温度が届いていません" },
		{ FORECAST_IRREGULAR, "cannot be forecast: its temperature rises irregularly",
			"予測できません：温度の上がり方が不規則です" },
		{ FORECAST_CALM, "the temperature is not rising, no limit is foreseen",
			"温度は上がっておらず、達する見込みの限度はありません" },
		{ FORECAST_FAR, "the temperature rises, but reaches no limit within 12 hours",
			"温度は上がっていますが、12 時間以内に限度には達しません" },
		{ FORECAST_PASSED, "its last limit has been passed, there is no further one",
			"最後の限度を超えています。その先の限度はありません" },
		{ FORECAST_WHYS, "nothing is forecast for it", "これについての予測はありません" },
	};
	struct verdict v = heading();
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now };

	(void)state;
	v.next.known = false;
	for (size_t i = 1; i < sizeof rows / sizeof *rows; i++) {
		v.next.why = (uint8_t)rows[i].why;
		assert_non_null(strstr(six(LANG_EN, &s), rows[i].en));
		if (rows[i].why != FORECAST_WHYS)
			assert_non_null(strstr(six(LANG_JA, &s), rows[i].ja));
	}
	/* of what is no heat nothing is forecast, whatever a room does meanwhile */
	v.worst.code = FINDING_OVERLOAD;
	v.next.why = FORECAST_CALM;
	assert_non_null(strstr(six(LANG_EN, &s), rows[0].en));
}

/* All is well: the nearest limit of all is named. */
static void says_the_nearest_limit(void **state)
{
	struct verdict v = { .worst.code = FINDING_CODES, .now.code = FINDING_CODES, .measuring = true };
	struct status_now rows[] = {
		{ .series = { .id = "load", .kind = MEASURE_LOAD, .limited = true, .high_warning = 80000,
			.high_critical = 100000 }, .reading = { .kind = MEASURE_LOAD, .milli = 60000 } },
		{ .series = { .id = "air", .kind = MEASURE_TEMPERATURE, .limited = true,
			.high_warning = INT64_MAX, .high_critical = 35000 },
			.reading = { .kind = MEASURE_TEMPERATURE, .milli = 31000 } },
		{ .series = { .id = "ill", .kind = MEASURE_LOAD, .limited = true, .high_warning = 80000 },
			.reading = { .milli = 90000, .quality = QUALITY_UNTRUSTED } },
		{ .series = { .id = "free", .kind = MEASURE_LOAD }, .reading = { .milli = 99000 } },
		{ .series = { .id = "low", .kind = MEASURE_LOAD, .limited = true, .high_warning = INT64_MAX,
			.high_critical = INT64_MAX }, .reading = { .milli = 99000 } },
		{ .series = { .id = "cold", .kind = MEASURE_TEMPERATURE, .limited = true,
			.high_warning = 5000 }, .reading = { .milli = 4000 } },
		{ .series = { .id = "up", .kind = MEASURE_REACH, .limited = true, .high_warning = 500 },
			.reading = { .milli = 1000 } },
		{ .series = { .id = "on", .kind = MEASURE_STATE, .limited = true, .high_warning = 500 },
			.reading = { .milli = 1000 } },
	};
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now,
		.readings = rows, .readings_n = sizeof rows / sizeof *rows };

	(void)state;
	assert_non_null(strstr(six(LANG_EN, &s),
	    "Next    no limit is near; the nearest: air at 31.0 °C, limit 35.0 °C\n"));
	rows[0].reading.milli = 66000;
	assert_non_null(strstr(six(LANG_JA, &s),
	    "この先  近い限度はありません。次に近い限度：load 66 %、限度 80 %\n"));
	s.readings_n = 0;
	assert_non_null(strstr(six(LANG_EN, &s), "Next    no limit is near\n"));
}

static void says_what_is_reached_and_what_is_the_only_one(void **state)
{
	struct finding f = { .code = FINDING_HEADING, .kind = MEASURE_TEMPERATURE, .subject = "r1",
		.value_milli = 40000, .limit_milli = 40000 };

	(void)state;
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, now)),
	    "r1 is at 40.0 °C and has reached 40.0 °C");
	f.value_milli = 39900;
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, now)),
	    "r1 is at 39.9 °C and heading for 40.0 °C");
	/* the time it was to come has passed: no negative time is told */
	f.next = (struct forecast){ .known = true, .kind = MEASURE_TEMPERATURE, .limit_milli = 40000,
		.at_ms = now - MIN, .mid_s = 30, .high_s = 90 };
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, now)),
	    "r1 passes 40.0 °C in 0 s (now 39.9 °C)");
	f = (struct finding){ .code = FINDING_ROOM_BLIND, .subject = "r1", .count = 1, .value_milli = 1000,
		.kind = MEASURE_COUNT };
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, now)),
	    "the only sensor of r1 is lost: nobody knows how hot it is");
	f.count = 2;
	assert_string_equal(SAID(say_headline(&said, LANG_EN, NULL, &f, now)),
	    "all 2 sensors of r1 are lost: nobody knows how hot it is");
}

static void says_only_what_holds(void **state)
{
	(void)state;
	struct verdict v = heading();
	struct status_now row = { .series = { .id = "ups1" },
		.reading = { .kind = MEASURE_LOAD, .milli = 40000, .time_ms = now - 4000 } };
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now };

	v.next.known = false;
	v.worst = (struct finding){ .code = FINDING_SILENT, .subject = "ups1", .count = 12,
		.kind = MEASURE_COUNT, .value_milli = 12000, .severity = SEVERITY_WARNING };
	v.now = v.worst;
	assert_non_null(strstr(six(LANG_EN, &s), "Now     ups1: no value\n"
	    "Next    nothing is forecast for it\n"));
	s.readings = &row;
	s.readings_n = 1;
	assert_non_null(strstr(six(LANG_EN, &s), "Now     ups1 40 %, measured 4 s ago\n"));
	v.now = v.worst = (struct finding){ .code = FINDING_HOT, .subject = "inlet", .since_ms = now - 60000,
		.kind = MEASURE_TEMPERATURE, .value_milli = 24400, .limit_milli = 32000 };
	assert_non_null(strstr(six(LANG_EN, &s), "inlet was above 32.0 °C, now 24.4 °C\n"));
	v.worst = (struct finding){ .code = FINDING_AC_CALENDAR, .subject = "building-ac",
		.since_ms = now - 172800000 };
	assert_non_null(strstr(six(LANG_EN, &s), ", for 1 min\n"));
	v.todo[0] = TODO_RESTART_COOLING;
	v.todo[1] = TODO_CALL_BUILDING;
	v.todo[2] = TODO_OPEN_DOORS;
	for (int i = 0; i < 3; i++)
		(void)snprintf(v.todo_subject[i], FINDING_NAME, "a-name-that-is-long-%d", i);
	assert_non_null(strstr(six(LANG_EN, &s), "3. open the doors\n"));
}

static void is_quiet_when_all_is_well(void **state)
{
	(void)state;
	struct verdict v = { .measuring = true, .worst = { .code = FINDING_CODES } };
	struct status s = { .verdict = &v, .site = "hq", .source = "daemon", .now_ms = now };
	struct status stored = { .verdict = &v, .site = "hq", .source = "store",
		.now_ms = now + 60000 };

	assert_non_null(strstr(six(LANG_JA, &s), "判定    正常です。異常はありません。\n"));
	struct status_now air[] = { { .series = { .id = "door", .place = PLACE_ROOM },
		.reading = { .kind = MEASURE_TEMPERATURE, .milli = 24100, .time_ms = now - 4000 } },
		{ .series = { .id = "cpu", .place = PLACE_INTERNAL },
		.reading = { .kind = MEASURE_TEMPERATURE, .milli = 70000 } } };

	s.readings = air;
	s.readings_n = 2;
	assert_non_null(strstr(six(LANG_EN, &s),
	    "Now     hottest air: door 24.1 °C, measured 4 s ago\n"));
	v.at_ms = now;
	v.severity = SEVERITY_UNKNOWN;
	assert_non_null(strstr(six(LANG_EN, &stored),
	    "Unknown, no daemon measures here. Known 1 min ago: nothing was wrong\n"));
	v.measuring = false;
	v.severity = SEVERITY_UNKNOWN;
	assert_non_null(strstr(six(LANG_EN, &s), "Unknown: nothing has been measured yet\n"));
	assert_non_null(strstr(six(LANG_EN, &stored), "Unknown: nothing has been measured yet\n"));
	/* without a sensor a wire may have found something all the same */
	v.severity = SEVERITY_CRITICAL;
	v.worst = v.now = (struct finding){ .code = FINDING_WIRE_PERSONAL, .subject = "pc", .place = "a.example",
		.word = "card", .count = 13, .since_ms = now - 60000, .seen_ms = now - 1000 };
	assert_non_null(strstr(six(LANG_EN, &s),
	    "Critical: pc sends card numbers in clear to a.example (13 times)\n"));
	assert_non_null(strstr(six(LANG_JA, &s), "a.example"));
	assert_null(strstr(six(LANG_JA, &s), "まだ何も測れていません"));
	assert_non_null(strstr(six(LANG_EN, &s), ", for 1 min\n"));
	assert_non_null(strstr(six(LANG_EN, &stored),
	    "Critical, no daemon measures here. Known 1 min ago: pc sends card numbers in clear to a.example"));
}

static void every_todo_has_its_words(void **state)
{
	(void)state;
	for (unsigned todo = 0; todo < TODOS; todo++) {
		assert_true(strlen(SAID(say_todo(&said, LANG_EN, todo, ""))) > 5);
		char *en = strdup(SAID(say_todo(&said, LANG_EN, todo, "R1")));

		assert_string_not_equal(en, SAID(say_todo(&said, LANG_JA, todo, "R1")));
		free(en);
	}
}

static void status_is_json(void **state)
{
	(void)state;
	struct verdict v = heading();
	const struct reading reading = { .kind = MEASURE_TEMPERATURE, .milli = 33900,
		.time_ms = now - 12000 };
	struct status_now rows[] = {
		{ .series = { .id = "inlet-\"1", .place = PLACE_INLET }, .reading = reading,
		    .value_ms = now - 12000 },
		{ .reading = reading, .value_ms = now - 3600000 }, { .reading = reading },
		{ .reading = reading, .value_ms = now - 60000 } };
	struct status s = { .verdict = &v, .findings = &v.worst, .findings_n = 1,
		.readings = rows, .readings_n = 4, .site = "hq", .source = "daemon",
		.now_ms = now };
	KS_DROP(text) struct text json;
	json_error_t error;

	rows[1].reading.quality = rows[2].reading.quality = QUALITY_ABSENT;
	rows[3].reading.quality = QUALITY_UNTRUSTED;
	v.todo[0] = TODOS - 1;
	text_init(&json, 100000);
	status_json(&json, &s);
	json_t *root = json_loads(text_cstr(&json), 0, &error);

	assert_non_null(root);
	json_t *lines = json_object_get(json_object_get(root, "lines"), "ja");
	json_t *first = json_array_get(json_object_get(root, "readings"), 0);

	assert_int_equal(json_array_size(lines), 6);
	assert_string_equal(json_string_value(json_object_get(first, "sensor")), "inlet-\"1");
	assert_float_equal(json_number_value(json_object_get(first, "age_s")), 12, 0.001);
	assert_float_equal(json_number_value(json_object_get(first, "trusted_age_s")), 12, 0.001);
	/* nothing there: as old as the last value, or of no age; a number in doubt: both */
	json_t *gone = json_array_get(json_object_get(root, "readings"), 1);
	json_t *never = json_array_get(json_object_get(root, "readings"), 2);
	json_t *odd = json_array_get(json_object_get(root, "readings"), 3);

	assert_true(json_is_null(json_object_get(gone, "value")));
	assert_float_equal(json_number_value(json_object_get(gone, "age_s")), 3600, 0.001);
	assert_true(json_is_null(json_object_get(never, "age_s")));
	assert_true(json_is_null(json_object_get(never, "trusted_age_s")));
	assert_float_equal(json_number_value(json_object_get(odd, "age_s")), 12, 0.001);
	assert_float_equal(json_number_value(json_object_get(odd, "trusted_age_s")), 60, 0.001);
	assert_string_equal(json_string_value(json_object_get(json_object_get(root, "next"), "at")),
	    "2026-07-20T00:32:00.000Z");
	assert_int_equal(json_array_size(json_object_get(root, "do")), 3);
	assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(root, "do"), 0), "what")),
	    "check_sensors");
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_language),
		cmocka_unit_test(says_numbers_as_people_do),
		cmocka_unit_test(says_one_and_many),
		cmocka_unit_test(names_readings),
		cmocka_unit_test(says_how_long),
		cmocka_unit_test(says_the_clock_and_another_day),
		cmocka_unit_test(reorders_kept_arguments),
		cmocka_unit_test(says_states_of_devices),
		cmocka_unit_test(says_what_comes_next_with_its_interval),
		cmocka_unit_test(has_a_sentence_for_every_finding),
		cmocka_unit_test(says_what_a_loss_would_trip),
		cmocka_unit_test(says_a_verdict_in_six_lines),
		cmocka_unit_test(names_the_heat_before_its_cause),
		cmocka_unit_test(is_quiet_when_all_is_well),
		cmocka_unit_test(says_when_the_wire_told_last),
		cmocka_unit_test(says_why_nothing_is_forecast),
		cmocka_unit_test(says_the_nearest_limit),
		cmocka_unit_test(says_what_is_reached_and_what_is_the_only_one),
		cmocka_unit_test(says_only_what_holds),
		cmocka_unit_test(every_todo_has_its_words),
		cmocka_unit_test(status_is_json),
	};

	text_init(&said, 2000);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	text_done(&said);
	return failed;
}
