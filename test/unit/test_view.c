/* Views out of a made moment: every one in both languages is well-formed, says nothing
 * unescaped, has no empty box; what is not measured says so; all well is one quiet line. */
#include "nested.h"
#include "base/drop.h"
#include "page/view.h"
#include "site/read.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1792972800000LL
#define EVIL "<script>alert(1)</script>\xe2\x80\xae'&"

static const char plan[] = "site s name=\"" EVIL "\" tz=UTC lang=en volt=200\n"
	"room r1 name=\"" EVIL "\" limit=30C critical=35C\nrack k1 room=r1 units=12\n"
	"feed f volt=200 amps=20A\nups u from=f amps=10A\npdu pa from=u rack=k1\n"
	"feed g volt=200 amps=20A\npdu pb from=g rack=k1 amps=2A\n"
	"service web tier=4 value=1 need=1 min=0\n"
	"host h1 name=\"" EVIL "\" rack=k1 u=1 h=2U cords=pa.1,pb.1 w=500W svc=web\n"
	"host h2 rack=k1 u=3 h=1U cords=pa.2 w=200W\n"
	"calendar c hours=\"Mon-Fri 01:00-20:00\"\ncooling ac room=r1 capacity=4kW on-when=c\n"
	"sensor t name=\"" EVIL "\" via=w1 address=a at=k1.10 place=inlet kind=temperature\n"
	"sensor bare via=w1 address=b at=r1 kind=temperature\n";

static struct site *site;
static struct status_now nows[3];
static struct finding findings[3];
static struct verdict verdict;
static struct self self;
static struct outlook outlook;

static int make(void **state)
{
	struct site_errors errors;

	(void)state;
	if (site_read(span_text(plan), &site, &errors) != KS_OK) {
		print_error("%s\n", errors.list[0].why.text);
		return 1;
	}
	nows[0] = (struct status_now){ .series = { .number = 1, .subject_kind = SUBJECT_SENSOR,
		.kind = MEASURE_TEMPERATURE, .place = PLACE_INLET, .limited = true,
		.low_critical = INT64_MIN, .low_warning = INT64_MIN, .high_warning = 27000,
		.high_critical = 32000, .id = "t", .label = EVIL, .source = EVIL },
		.reading = { .kind = MEASURE_TEMPERATURE, .milli = 26000, .time_ms = NOW - 5000 },
		.value_ms = NOW - 5000, .store = 1 };
	nows[1] = nows[0];
	nows[1].series.subject = 1;
	nows[1].series.place = PLACE_ROOM;
	(void)snprintf(nows[1].series.id, sizeof nows[1].series.id, "bare");
	nows[1].store = 0; /* no history */
	nows[2] = (struct status_now){ .series = { .number = 3, .subject_kind = SUBJECT_SENSOR,
		.subject = 1, .kind = MEASURE_STATE, .id = EVIL }, .reading = { .kind = MEASURE_STATE,
		.time_ms = NOW, .state = EVIL, .quality = QUALITY_UNTRUSTED, .doubt = DOUBT_EMPTY } };
	findings[0] = (struct finding){ .id = 1, .code = FINDING_HEADING, .severity = SEVERITY_WARNING,
		.subject_kind = SUBJECT_ROOM, .kind = MEASURE_TEMPERATURE, .subject = "r1", .place = "r1",
		.since_ms = NOW - 3600000, .value_milli = 26000, .limit_milli = 30000,
		.next = { .known = true, .kind = MEASURE_TEMPERATURE, .at_ms = NOW, .limit_milli = 30000,
		    .low_s = 1500, .mid_s = 1800, .high_s = 2400 } };
	findings[1] = (struct finding){ .id = 2, .cause = 1, .code = FINDING_STATE,
		.severity = SEVERITY_CRITICAL, .subject_kind = SUBJECT_SENSOR, .kind = MEASURE_STATE,
		.subject = EVIL, .word = EVIL, .since_ms = NOW - 60000 };
	findings[2] = (struct finding){ .id = 3, .code = FINDING_AC_CALENDAR, .severity = SEVERITY_OK,
		.subject_kind = SUBJECT_COOLING, .subject = "ac", .place = "r1", .since_ms = NOW - 7000000 };
	verdict = (struct verdict){ .severity = SEVERITY_WARNING, .measuring = true,
		.worst = findings[0], .now = findings[0], .more = 1, .next = findings[0].next,
		.next_subject = "r1", .todo = { TODO_CALL_BUILDING, TODO_SHED_LOAD, TODO_OPEN_DOORS },
		.todo_subject = { "ac", "r1", "r1" }, .sensors_ok = 2, .hosts_up = 2, .at_ms = NOW,
		.oldest_reading_ms = NOW - 5000 };
	outlook = (struct outlook){ .levels_n = 3, .at_ms = NOW, .warning = 30000, .critical = 35000,
		.rise_mk_h = 2100, .levels = { { 26000, 0, 0, 0 }, { 31000, 1500, 2000, 2600 },
		    { 36000, 5000, 7000, 9000 } } };
	self = (struct self){ .now_ms = NOW };
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	site_free(site);
	site = NULL;
	return 0;
}

static struct scene scene_now(enum lang lang)
{
	return (struct scene){ .lang = lang, .site = site, .verdict = &verdict, .findings = findings,
		.findings_n = 3, .now = nows, .now_n = 3, .outlooks = &outlook, .outlooks_n = 1,
		.self = &self, .now_ms = NOW, .id = "", .kind_asked = "" };
}

static bool render(struct scene *scene, const struct view *view, struct text *out)
{
	struct why why;

	text_init(out, 1 << 22);
	assert_int_equal(scene_begin(scene, &why), KS_OK);
	if (view->want != NULL)
		view->want(scene);
	for (size_t i = 0; i < scene->wants_n; i++)
		for (int k = 0; k < 60; k++)
			want_put(&scene->wants[i], NOW - (60 - k) * 60000, 20000 + k * 100);
	bool there = view_page(out, scene, view);

	scene_end(scene);
	assert_false(out->full);
	return there;
}

/* A thing of each kind, for the views that show one. */
static const char *id_for(const char *path)
{
	static const struct {
		const char *path, *id;
	} ids[] = { { "/plan/", "f" }, { "/whatif", "f, nothing" }, { "/room/", "r1" }, { "/rack/", "k1" }, { "/host/", "h1" },
		{ "/sensor/", "t" }, { "/incident/", "1" }, { "/windows/", "k1" },
		{ "/rule/", "KS-HEAT-001" } };

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (strcmp(ids[i].path, path) == 0)
			return ids[i].id;
	return "";
}

static void every_view_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; views[i].path != NULL; i++)
		for (unsigned lang = 0; lang < LANGS; lang++) {
			struct scene scene = scene_now((enum lang)lang);
			KS_DROP(text) struct text out;

			scene.id = id_for(views[i].path);
			scene.who.role = PAGE_APPROVER;
			assert_true(render(&scene, &views[i], &out));
			const char *html = text_cstr(&out);

			assert_nested(html, views[i].path);
			assert_null(strstr(html, "<script>"));
			assert_null(strstr(html, "style=\""));
			assert_null(strstr(html, "\xe2\x80\xae"));
			assert_null(strstr(html, "</h2></article>"));
			assert_null(strstr(html, "onload"));
			assert_non_null(strstr(html, lang == LANG_JA ? "lang=\"ja\"" : "lang=\"en\""));
		}
}

static void the_overview_answers_four_questions(void **state)
{
	struct scene scene = scene_now(LANG_EN);
	KS_DROP(text) struct text out;

	(void)state;
	assert_true(render(&scene, &views[0], &out));
	const char *html = text_cstr(&out);

	/* by the name people gave it, escaped */
	assert_non_null(strstr(html, "<title>\xe2\x96\xb2 &lt;script&gt;"));
	assert_non_null(strstr(html, " passes 30.0 \xc2\xb0""C in 30 min"));
	assert_non_null(strstr(html, "class=\"since\""));
	assert_non_null(strstr(html, "30.0 \xc2\xb0""C expected"));
	assert_non_null(strstr(html, "takes up to 4,000 W of heat away"));
	assert_non_null(strstr(html, "2 hosts carry nothing of tier 0 to 2: 700 W less heat"));
	assert_non_null(strstr(html, "class=\"s fore heat\""));
	assert_non_null(strstr(html, "class=\"cross crit\""));
	assert_non_null(strstr(html, "ac starts, by its calendar"));
	assert_non_null(strstr(html, "If f fails, pb carries"));
	assert_non_null(strstr(html, "Traffic is not measured yet."));
}

/* Switching off what is down already saves nothing, and what is not forecast is not told as
 * nothing to come. */
static void what_is_told_fits_what_is(void **state)
{
	struct scene scene = scene_now(LANG_EN);
	KS_DROP(text) struct text out;

	(void)state;
	findings[1] = (struct finding){ .id = 2, .code = FINDING_HOST_DOWN, .severity = SEVERITY_WARNING,
		.subject_kind = SUBJECT_HOST, .subject = "h2", .since_ms = NOW - 60000 };
	verdict.next = (struct forecast){ .why = FORECAST_OLD };
	assert_true(render(&scene, &views[0], &out));
	assert_non_null(strstr(text_cstr(&out), "1 host carries nothing of tier 0 to 2: 500 W less heat"));
	assert_non_null(strstr(text_cstr(&out), "cannot be forecast: no temperature has come lately"));
}

/* All is well, but not for ever: then that is the line. */
static void the_quiet_line_names_what_is_foreseen(void **state)
{
	struct scene scene = scene_now(LANG_EN);
	KS_DROP(text) struct text out;
	struct forecast next = verdict.next;

	(void)state;
	verdict = (struct verdict){ .measuring = true, .worst.code = FINDING_CODES,
		.now.code = FINDING_CODES, .next = next, .next_subject = "r1" };
	scene.findings_n = 0;
	assert_true(render(&scene, &views[0], &out));
	assert_non_null(strstr(text_cstr(&out), "reaches 30.0 \xc2\xb0""C in 30 min"));
	assert_null(strstr(text_cstr(&out), "The nearest limit:"));
}

/* A finding stands below what explains it; one whose cause is over, and in no list any more,
 * is no part of whatever happens to stand above it. */
static void who_stands_below_whom(void **state)
{
	static const struct finding list[] = {
		{ .id = 3, .cause = 0, .code = FINDING_HOST_DOWN, .severity = SEVERITY_WARNING,
		    .subject_kind = SUBJECT_HOST, .subject = "h1", .since_ms = NOW - 60000 },
		{ .id = 4, .cause = 3, .code = FINDING_HOST_DOWN, .severity = SEVERITY_WARNING,
		    .subject_kind = SUBJECT_HOST, .subject = "h2", .since_ms = NOW - 60000 },
		{ .id = 7, .cause = 6, .code = FINDING_RISING, .severity = SEVERITY_WARNING,
		    .subject_kind = SUBJECT_ROOM, .subject = "r1", .since_ms = NOW - 60000 } };
	struct scene scene = scene_now(LANG_EN);
	KS_DROP(text) struct text out;

	(void)state;
	scene.findings = list;
	scene.findings_n = sizeof list / sizeof *list;
	text_init(&out, 1 << 20);
	part_findings(&out, &scene, 10);
	const char *first = strstr(text_cstr(&out), "<tr class=\"child ");

	assert_non_null(first);
	assert_null(strstr(first + 1, "<tr class=\"child "));
	assert_non_null(strstr(first, "/incident/4"));
}

static void all_well_is_one_quiet_line(void **state)
{
	struct scene scene = scene_now(LANG_EN);
	KS_DROP(text) struct text out;

	(void)state;
	verdict = (struct verdict){ .measuring = true, .worst.code = FINDING_CODES,
		.now.code = FINDING_CODES };
	scene.findings_n = scene.outlooks_n = 0;
	nows[0].reading.milli = 26500;
	assert_true(render(&scene, &views[0], &out));
	assert_non_null(strstr(text_cstr(&out), "The nearest limit: &lt;script&gt;"));
	assert_non_null(strstr(text_cstr(&out), "at 26.5 \xc2\xb0""C, its limit is 27.0 \xc2\xb0""C."));
	assert_null(strstr(text_cstr(&out), "class=\"todo\""));
}

static const struct view *view_of(const char *path)
{
	const char *id;
	const struct view *view = view_find(path, &id);

	assert_non_null(view);
	return view;
}

/* The headline and the tab's title name lost hosts as `keisoku status` does; a sensor over its own
 * limit is not well without a finding; what nobody measures is not normal. */
static void a_state_is_that_of_what_is_shown(void **state)
{
	struct scene scene = scene_now(LANG_EN);
	KS_DROP(text) struct text out;
	KS_DROP(text) struct text sensor;
	KS_DROP(text) struct text heat;

	(void)state;
	findings[2] = (struct finding){ .id = 4, .code = FINDING_HOSTS_LOST, .severity = SEVERITY_CRITICAL,
		.subject_kind = SUBJECT_ROOM, .subject = "r1", .count = 3, .since_ms = NOW - 1000 };
	assert_true(render(&scene, &views[0], &out));
	const char *first = strstr(text_cstr(&out), "3 hosts lost; ");

	assert_non_null(first);
	assert_non_null(strstr(first + 4, "hosts lost; ")); /* in the headline a number is glued to its word */
	assert_true(first < strstr(text_cstr(&out), "</title>"));
	nows[0].reading.milli = 33000;
	scene = scene_now(LANG_EN);
	scene.findings_n = 0;
	scene.id = "t";
	assert_true(render(&scene, view_of("/sensor/t"), &sensor));
	assert_non_null(strstr(text_cstr(&sensor), "class=\"state crit\""));
	assert_null(strstr(text_cstr(&sensor), "class=\"state ok\""));
	scene = scene_now(LANG_EN);
	scene.findings_n = scene.now_n = 0;
	assert_int_equal(scene_severity(&scene, SENSE_HEAT), SEVERITY_UNKNOWN);
	assert_int_equal(scene_severity(&scene, SENSE_POWER), SEVERITY_UNKNOWN);
	assert_true(render(&scene, view_of("/heat"), &heat));
	assert_null(strstr(text_cstr(&heat), "class=\"state ok\""));
}

static void nothing_measured_says_how(void **state)
{
	struct scene scene = scene_now(LANG_EN);
	KS_DROP(text) struct text out;

	(void)state;
	verdict = (struct verdict){ .severity = SEVERITY_UNKNOWN, .worst.code = FINDING_CODES,
		.now.code = FINDING_CODES };
	scene.findings_n = scene.outlooks_n = scene.now_n = 0;
	scene.site = NULL;
	assert_true(render(&scene, &views[0], &out));
	const char *html = text_cstr(&out);

	assert_non_null(strstr(html, "Nothing has been measured yet."));
	assert_non_null(strstr(html, "keisoku init --scan"));
	assert_non_null(strstr(html, "No air temperature is measured."));
	assert_non_null(strstr(html, "The site file has no power path."));
	assert_non_null(strstr(html, "The site file names no rack."));
	assert_nested(html, "empty");
	/* a wire may have found something where no sensor is */
	verdict.severity = SEVERITY_CRITICAL;
	verdict.worst = verdict.now = (struct finding){ .id = 7, .code = FINDING_WIRE_PERSONAL, .subject = "pc",
		.place = "a.example", .word = "card", .count = 13, .severity = SEVERITY_CRITICAL,
		.since_ms = scene.now_ms - 60000, .seen_ms = scene.now_ms };
	KS_DROP(text) struct text found, title;

	text_init(&title, 1000);
	view_title(&title, &scene);
	assert_non_null(strstr(text_cstr(&title), "pc sends card numbers in clear to a.example (13 times)"));
	assert_true(render(&scene, &views[0], &found));
	assert_null(strstr(text_cstr(&found), "Nothing has been measured yet."));
	assert_non_null(strstr(text_cstr(&found), "<h1><a href=\"/incident/7\">"));
	assert_nested(text_cstr(&found), "found without a sensor");
}

static void what_is_not_there_is_said(void **state)
{
	static const char *const paths[] = { "/room/x", "/rack/x", "/host/x", "/sensor/x",
		"/incident/99", "/incident/x" };
	const char *id;

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		const struct view *view = view_find(paths[i], &id);
		struct scene scene = scene_now(LANG_JA);
		KS_DROP(text) struct text out;

		assert_non_null(view);
		scene.id = id;
		assert_false(render(&scene, view, &out));
		assert_non_null(strstr(text_cstr(&out), "href=\"/\">"));
		assert_nested(text_cstr(&out), paths[i]);
	}
	assert_null(view_find("/room/", &id));
	assert_null(view_find("/room/a/b", &id));
	assert_null(view_find("/rooms", &id));
	assert_null(view_find("", &id));
}

static int64_t air_at(const struct rack *rack, uint32_t u, bool *ret_room)
{
	struct scene scene = scene_now(LANG_EN);
	struct why why;

	assert_int_equal(scene_begin(&scene, &why), KS_OK);
	int64_t air = scene_air(&scene, rack, u, ret_room);

	scene_end(&scene);
	return air;
}

static void air_is_that_of_its_height(void **state)
{
	bool room = true;

	(void)state;
	assert_int_equal(air_at(&site->racks[0], 1, &room), 26000);
	assert_false(room);
	nows[0].reading.quality = QUALITY_ABSENT;
	nows[1].reading.milli = 23000;
	assert_int_equal(air_at(&site->racks[0], 1, &room), 23000);
	assert_true(room);
	nows[1].series.subject = 0; /* now an inlet at the same rack, unit 10 */
	nows[1].series.place = PLACE_INLET;
	assert_int_equal(air_at(&site->racks[0], 12, &room), 23000);
	assert_int_equal(air_at(NULL, 12, &room), INT64_MIN);
}

/* A meter counts for what it hangs on, and bounds what hangs on it. */
static void measured_power_goes_up_and_down(void **state)
{
	struct scene scene = scene_now(LANG_EN);
	struct status_now meter = nows[0];
	struct why why;

	(void)state;
	meter.series.kind = meter.reading.kind = MEASURE_APPARENT_POWER;
	meter.reading.milli = 100000; /* far less than the hosts of the file */
	scene.now = &meter;
	scene.now_n = 1;
	site->sensors[0].node = &site->nodes[1]; /* the UPS u */
	assert_int_equal(scene_begin(&scene, &why), KS_OK);
	assert_int_equal(scene_load(&scene, 1), 100000000);
	assert_int_equal(scene_load(&scene, 0), 100000000); /* the feed above it */
	assert_int_equal(scene_load(&scene, 2), 100000000); /* the PDU below it */
	assert_true(scene_load(&scene, 4) > 200000000);	    /* the other side: as the file says */
	scene_end(&scene);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, make, unmake)
	const struct CMUnitTest tests[] = {
		CASE(every_view_is_whole),
		CASE(the_overview_answers_four_questions),
		CASE(what_is_told_fits_what_is),
		CASE(the_quiet_line_names_what_is_foreseen),
		CASE(all_well_is_one_quiet_line),
		CASE(who_stands_below_whom),
		CASE(a_state_is_that_of_what_is_shown),
		CASE(nothing_measured_says_how),
		CASE(what_is_not_there_is_said),
		CASE(air_is_that_of_its_height),
		CASE(measured_power_goes_up_and_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
