/* test/unit/test_offer.c - from what a device says to what the site file makes of it: kind,
 * unit, calibration, place and name of each value, and what becomes of a device that refuses,
 * talks nonsense or is gone.  Devices are commands and files, polled once on a real loop. */
#include "harness.h"
#include "sense/poll.h"
#include "site/read.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

enum { MOST = 64 };
static struct series series[MOST];
static struct reading last[MOST];
static size_t series_n, readings_n;
static char trouble[300];
static bool is_done;

static int64_t fixed_now(void *user)
{
	(void)user;
	return 1786479000000;
}

static void take_series(void *user, const struct series *one)
{
	(void)user;
	assert_true(one->number < MOST);
	series[one->number] = *one;
	series_n = one->number + 1;
}

static void take_readings(void *user, const struct reading *readings, size_t n)
{
	(void)user;
	for (size_t i = 0; i < n; i++) {
		assert_true(readings[i].series < series_n);
		last[readings[i].series] = readings[i];
		readings_n++;
	}
}

static void take_trouble(void *user, const char *id, const struct why *why)
{
	(void)user;
	(void)snprintf(trouble, sizeof trouble, "%s|%.200s", id, why != NULL ? why->text : "");
}

static void done(void *user)
{
	(void)user;
	is_done = true;
}

/* A command says its first word's file of this table. */
static struct {
	const char *says; /* NULL: it does not start */
	int code, status;
} shell;

static int shell_start(void *user, const char *const argv[], int secret_fd, int *ret_out,
    int64_t *ret_child, struct why *why)
{
	int fds[2];

	(void)user, (void)argv, (void)secret_fd;
	if (shell.says == NULL)
		return fail(why, (enum ks_fail)shell.code, "it does not start");
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], shell.says, strlen(shell.says)), strlen(shell.says));
	(void)close(fds[1]);
	*ret_out = fds[0];
	*ret_child = 1;
	return KS_OK;
}

static int shell_end(void *user, int64_t child)
{
	(void)user, (void)child;
	return shell.status;
}

/* Each device of the site is asked once. */
static struct site *poll_once(const char *text, const char *root)
{
	static struct site_errors errors;
	struct poll_options options = { .now_ms = fixed_now, .series = take_series,
		.readings = take_readings, .trouble = take_trouble, .done = done, .once = true,
		.seed = 5, .root = root, .spawn = { .start = shell_start, .end = shell_end } };
	struct site *site = NULL;
	struct poller *poller = NULL;
	struct why why = { .text = "" };
	uv_loop_t loop;

	memset(last, 0, sizeof last);
	memset(series, 0, sizeof series);
	series_n = readings_n = 0;
	trouble[0] = '\0';
	is_done = false;
	if (site_read(span_text(text), &site, &errors) != KS_OK)
		fail_msg("%s", errors.list[0].why.text);
	assert_int_equal(uv_loop_init(&loop), 0);
	if (poller_new(&loop, site, &options, NULL, &poller, &why) != KS_OK)
		fail_msg("%s", why.text);
	for (int i = 0; i < 5000 && !is_done; i++) {
		(void)uv_run(&loop, UV_RUN_NOWAIT);
		(void)usleep(1000);
	}
	assert_true(is_done);
	poller_free(poller);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	return site;
}

/* The series of that ID; NULL: none. */
static const struct series *series_of(const char *id)
{
	for (size_t i = 0; i < series_n; i++)
		if (strcmp(series[i].id, id) == 0)
			return &series[i];
	return NULL;
}

#define EACH(rows) for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)

static void kinds_units_and_calibration(void **state)
{
	static const struct {
		const char *line, *says;
		enum measure kind;
		int64_t milli;
		enum quality quality;
		enum doubt doubt;
	} rows[] = {
		{ "kind=temperature", "23.5\n", MEASURE_TEMPERATURE, 23500, QUALITY_OK, DOUBT_NONE },
		{ "kind=temperature offset=-0.5K", "23.5", MEASURE_TEMPERATURE, 23000, QUALITY_OK, DOUBT_NONE },
		{ "kind=temperature unit=F", "74.3", MEASURE_TEMPERATURE, 23500, QUALITY_OK, DOUBT_NONE },
		{ "kind=temperature unit=F offset=1K", "74.3", MEASURE_TEMPERATURE, 24500, QUALITY_OK, DOUBT_NONE },
		{ "kind=dew_point unit=F", "50", MEASURE_DEW_POINT, 10000, QUALITY_OK, DOUBT_NONE },
		{ "kind=humidity unit=F", "50", MEASURE_HUMIDITY, 50000, QUALITY_OK, DOUBT_NONE },
		{ "kind=temperature scale=0.1", "235", MEASURE_TEMPERATURE, 23500, QUALITY_OK, DOUBT_NONE },
		{ "kind=temperature scale=1", "23.5", MEASURE_TEMPERATURE, 23500, QUALITY_OK, DOUBT_NONE },
		{ "kind=humidity scale=100", ".455", MEASURE_HUMIDITY, 45500, QUALITY_OK, DOUBT_NONE },
		{ "kind=temperature", "999", MEASURE_TEMPERATURE, 999000, QUALITY_UNTRUSTED, DOUBT_OUT_OF_PHYSICS },
		{ "kind=humidity", "101", MEASURE_HUMIDITY, 101000, QUALITY_UNTRUSTED, DOUBT_OUT_OF_PHYSICS },
		{ "kind=humidity", "100", MEASURE_HUMIDITY, 100000, QUALITY_OK, DOUBT_NONE },
		/* it says itself what it is: believed, unless one value is named */
		{ "kind=humidity", "23.5 C", MEASURE_TEMPERATURE, 23500, QUALITY_OK, DOUBT_NONE },
		{ "kind=humidity read=a", "a: 23.5 C", MEASURE_HUMIDITY, 23500, QUALITY_OK, DOUBT_NONE },
		/* in Fahrenheit by its own word: turned once */
		{ "kind=temperature unit=F", "74.3 F", MEASURE_TEMPERATURE, 23500, QUALITY_OK, DOUBT_NONE },
		{ "", "74.3 F", MEASURE_TEMPERATURE, 23500, QUALITY_OK, DOUBT_NONE },
		{ "", "1.2 kW", MEASURE_POWER, 1200000, QUALITY_OK, DOUBT_NONE },
		{ "", "7", MEASURE_VALUE, 7000, QUALITY_OK, DOUBT_NONE },
		{ "kind=temperature", "oops", MEASURE_TEMPERATURE, 0, QUALITY_UNTRUSTED, DOUBT_MALFORMED },
	};

	(void)state;
	EACH(rows) {
		char text[200];

		(void)snprintf(text, sizeof text, "site s\nsensor t via=command address=\"x\" %s\n", rows[i].line);
		shell.says = rows[i].says;
		shell.status = 0;
		struct site *site = poll_once(text, NULL);
		const struct series *t = series_of("t");

		if (t == NULL)
			fail_msg("%s: %s %s", rows[i].line, rows[i].says, trouble);
		const struct reading *r = &last[t->number];

		if (t->kind != rows[i].kind || r->milli != rows[i].milli || r->quality != rows[i].quality ||
		    r->doubt != rows[i].doubt)
			fail_msg("%s %s: kind %u, %lld, quality %u, doubt %u", rows[i].line, rows[i].says, t->kind,
			    (long long)r->milli, r->quality, r->doubt);
		site_free(site);
	}
}

/* Is it there?  A device that says no is; what can not be had of it is said apart. */
static void devices_in_trouble(void **state)
{
	static char far[LIMIT_REPLY_BYTES + 2];
	static const struct {
		const char *says;
		int code, status;
		int64_t there;
		enum quality quality;
		enum doubt doubt;
		const char *trouble;
	} rows[] = {
		{ "1", 0, 0, 1000, QUALITY_OK, DOUBT_NONE, "" },
		{ "1", 0, 3, 0, QUALITY_OK, DOUBT_SILENT, "exit status 3" },
		{ "", 0, 0, 0, QUALITY_OK, DOUBT_GONE, "said nothing" },
		{ NULL, KS_ABSENT, 0, 0, QUALITY_OK, DOUBT_GONE, "does not start" },
		{ NULL, KS_REFUSED, 0, 1000, QUALITY_UNTRUSTED, DOUBT_REFUSED, "does not start" },
		{ NULL, KS_MALFORMED, 0, 1000, QUALITY_UNTRUSTED, DOUBT_MALFORMED, "does not start" },
		{ NULL, KS_LATE, 0, 0, QUALITY_OK, DOUBT_SILENT, "does not start" },
		{ far, 0, 0, 1000, QUALITY_UNTRUSTED, DOUBT_MALFORMED, "says more than" },
	};

	(void)state;
	memset(far, '1', 60000); /* what a pipe holds */
	EACH(rows) {
		if (rows[i].says == far && strlen(far) <= LIMIT_REPLY_BYTES)
			continue; /* the limit is wider than a pipe */
		shell.says = rows[i].says;
		shell.code = rows[i].code;
		shell.status = rows[i].status;
		struct site *site = poll_once("site s\nsensor t via=command address=\"x\"\n", NULL);
		const struct series *reach = series_of("t:reach");

		assert_non_null(reach);
		assert_int_equal(reach->kind, MEASURE_REACH);
		assert_int_equal(last[reach->number].milli, rows[i].there);
		assert_int_equal(last[reach->number].quality, rows[i].quality);
		assert_int_equal(last[reach->number].doubt, rows[i].doubt);
		assert_non_null(strstr(trouble, rows[i].trouble));
		site_free(site);
	}
}

static void file_put(const char *root, const char *name, const char *text)
{
	char path[300];
	FILE *file;

	(void)snprintf(path, sizeof path, "%s/sys/class/hwmon/hwmon0/%s", root, name);
	file = fopen(path, "w");
	assert_non_null(file);
	(void)fputs(text, file);
	(void)fclose(file);
}

/* One device, several lines: a line that names a value takes it, the others take the rest. */
static void lines_share_a_device(void **state)
{
	static const struct {
		const char *sensors;
		struct {
			const char *id;
			int64_t milli;
		} found[4];
		size_t others; /* series besides, those of reach too */
	} rows[] = {
		/* all of it */
		{ "sensor a via=hwmon", { { "a:chip.temp1", 45000 }, { "a:chip.temp2", 23000 }, { "a:chip.fan1", 1200000 } }, 1 },
		/* by its id, by its own words, by its path */
		{ "sensor a via=hwmon read=chip.temp2 offset=1K\nsensor b via=hwmon read=\"chip Inlet air\" offset=2K\n"
		    "sensor c via=hwmon read=/sys/class/hwmon/hwmon0/temp1_input\nsensor rest via=hwmon",
		    { { "a", 24000 }, { "b", 25000 }, { "c", 45000 }, { "rest:chip.fan1", 1200000 } }, 4 },
		/* and the rest for who named none */
		{ "sensor a via=hwmon read=chip.temp2\nsensor b via=hwmon",
		    { { "a", 23000 }, { "b:chip.temp1", 45000 }, { "b:chip.fan1", 1200000 } }, 2 },
	};
	char root[] = "/tmp/keisoku-hwmon-XXXXXX", command[200];

	(void)state;
	assert_non_null(mkdtemp(root));
	(void)snprintf(command, sizeof command, "mkdir -p %s/sys/class/hwmon/hwmon0", root);
	assert_int_equal(system(command), 0);
	file_put(root, "name", "chip\n");
	file_put(root, "temp1_input", "45000\n");
	file_put(root, "temp2_input", "23000\n");
	file_put(root, "temp2_label", "Inlet air\n");
	file_put(root, "fan1_input", "1200\n");
	EACH(rows) {
		char text[400];

		(void)snprintf(text, sizeof text, "site s\n%s\n", rows[i].sensors);
		struct site *site = poll_once(text, root);
		size_t found = 0;

		for (; found < 4 && rows[i].found[found].id != NULL; found++) {
			const struct series *one = series_of(rows[i].found[found].id);

			if (one == NULL)
				fail_msg("%zu: no %s, but %s %s %s", i, rows[i].found[found].id, series[0].id, series[1].id,
				    series[2].id);
			assert_int_equal(last[one->number].milli, rows[i].found[found].milli);
		}
		assert_int_equal(series_n, found + rows[i].others);
		site_free(site);
	}
	(void)snprintf(command, sizeof command, "rm -rf %s", root);
	assert_int_equal(system(command), 0);
}

/* What stands where: the sensor's place, but a chip inside a machine is no air. */
static void places_of_values(void **state)
{
	static const struct {
		const char *line;
		enum place place;
	} rows[] = { { "at=r", PLACE_ROOM }, { "at=k.3", PLACE_INLET }, { "at=k.3 place=outlet", PLACE_OUTLET },
		{ "", PLACE_NONE } };

	(void)state;
	EACH(rows) {
		char text[200];

		(void)snprintf(text, sizeof text, "site s\nroom r\nrack k room=r units=10\n"
		    "sensor t via=command address=\"x\" kind=temperature %s\n", rows[i].line);
		shell.says = "23.5";
		shell.status = 0;
		struct site *site = poll_once(text, NULL);

		assert_int_equal(series_of("t")->place, rows[i].place);
		site_free(site);
	}
}

/* What can not be polled at all is told when the poller is made. */
static void sites_that_can_not_be_polled(void **state)
{
	static const struct {
		const char *check, *via, *says;
		int code;
	} rows[] = {
		{ "ping", NULL, "", KS_OK }, { "tcp:80", NULL, "", KS_OK }, { "snmp", NULL, "", KS_OK }, { NULL, NULL, "", KS_OK },
		{ "tcp:0", NULL, "h: check=tcp:0: no such port", KS_MALFORMED },
		{ "tcp:65536", NULL, "no such port", KS_MALFORMED }, { "tcp:x", NULL, "no such port", KS_MALFORMED },
		{ "icmp", NULL, "h: check=icmp is none of ping, tcp:PORT, snmp", KS_MALFORMED },
		{ "ping", "magic", "t: there is no via=magic", KS_ABSENT }, { "ping", "", "t: there is no via=", KS_ABSENT },
	};

	(void)state;
	EACH(rows) {
		struct host hosts[] = { { .id = "h", .address = "127.0.0.1", .check = rows[i].check, .every_ms = 1000 },
			{ .id = "silent" } };
		struct device devices[] = { { .id = "d", .address = "127.0.0.1", .check = "ping" }, { .id = "silent" } };
		struct sensor sensor = { .id = "t", .via = rows[i].via, .address = "x" };
		const struct site site = { .id = "s", .hosts = hosts, .hosts_n = 2, .devices = devices, .devices_n = 2,
			.sensors = &sensor, .sensors_n = rows[i].via != NULL };
		struct poll_options options = { .now_ms = fixed_now, .series = take_series,
			.readings = take_readings, .trouble = take_trouble };
		struct poller *poller = NULL;
		struct why why = { .text = "" };
		uv_loop_t loop;

		assert_int_equal(uv_loop_init(&loop), 0);
		assert_int_equal(poller_new(&loop, &site, &options, NULL, &poller, &why), rows[i].code);
		assert_non_null(strstr(why.text, rows[i].says));
		assert_int_equal(poller != NULL, rows[i].code == KS_OK);
		if (poller != NULL)
			assert_int_equal(poller_counts(poller).devices, 2);
		poller_free(poller);
		(void)uv_run(&loop, UV_RUN_DEFAULT);
		assert_int_equal(uv_loop_close(&loop), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_units_and_calibration),
		cmocka_unit_test(devices_in_trouble),
		cmocka_unit_test(lines_share_a_device),
		cmocka_unit_test(places_of_values),
		cmocka_unit_test(sites_that_can_not_be_polled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
