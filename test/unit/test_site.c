/* test/unit/test_site.c - the site file: what a good one becomes, and every error on both
 * sides of its limit, with the place it is said at. */
#include "harness.h"
#include "base/number.h"
#include "site/act.h"
#include "site/finding.h"
#include "site/keys.h"
#include "site/read.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct site_errors errors;

/* Memory that runs out at the nth request: linked with --wrap=calloc. */
static long allocations_left = -1;
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
	if (allocations_left == 0)
		return NULL;
	allocations_left -= allocations_left > 0 ? 1 : 0;
	return __real_calloc(count, size);
}

static struct site *good(const char *text)
{
	struct site *site = NULL;

	if (site_read(span_text(text), &site, &errors) != KS_OK)
		fail_msg("%u:%u: %s", errors.list[0].line, errors.list[0].column,
		    errors.list[0].why.text);
	assert_int_equal(errors.n, 0);
	return site;
}

static const char start[] = "site s\n"
			    "room r\n"
			    "rack k room=r units=10\n"
			    "feed A volt=200 amps=100\n"
			    "pdu p from=A rack=k\n"
			    "service v need=2 min=1 value=10 unit=10\n";

/* An error in the one line that follows `start` (line 7). */
struct wrong {
	const char *line;
	uint32_t column, width;
	const char *sentence, *suggestion;
};

static const struct wrong wrongs[] = {
	{ "host h u=", 8, 2, "nothing stands after u=", "" },
	{ "host h name=\"\"", 8, 7, "nothing stands after name=", "" },
	{ "host h u= w=3", 8, 2, "nothing stands after u=", "" },
	{ "hots h", 1, 4, "no kind of thing is called \"hots\"", "host" },
	{ "zebra h", 1, 5, "no kind of thing is called \"zebra\"", "" },
	{ "host", 1, 4, "an ID must stand here", "" },
	{ "host #", 6, 1, "an ID must stand here", "" },
	{ "host a=b", 6, 3, "an ID must stand here", "" },
	{ "host a,b", 6, 3, "an ID must stand here", "" },
	{ "host a\x7f", 6, 2, "an ID must stand here", "" },
	{ "host a\x01", 6, 2, "an ID must stand here", "" },
	{ "host 0123456789012345678901234567890123456789012345678901234567890123", 6, 64,
	    "an ID of more than 63 bytes", "" },
	{ "host k", 6, 1, "the ID \"k\" is taken: a rack in line 3 has it", "" },
	{ "site t", 1, 4, "the site line is given twice; the first is line 1", "" },
	{ "host h rakc=k", 8, 4, "a host has no key \"rakc\"", "rack" },
	{ "host h w=1 w=2", 12, 3, "w= is given twice", "" },
	{ "room r2 heat=1 heat_kw=1", 16, 9, "heat_kw= is given twice", "" },
	{ "host h word", 8, 4, "\"word\" is not key=value", "" },
	{ "host h =3", 8, 2, "\"=3\" is not key=value", "" },
	{ "host h word w=1", 8, 4, "\"word\" is not key=value", "" },
	{ "host h name=\"a b", 13, 4, "the quote that begins here does not end", "" },
	{ "host h name=\"a\"b w=1", 16, 1, "a blank is missing after the quote", "" },
	{ "host 計 name=\"測 b", 13, 4, "the quote that begins here does not end", "" },
	{ "host h w=x", 10, 1, "\"x\" is not a number", "" },
	{ "host h w=5X", 10, 2, "\"X\" is no unit that fits here; these do: W, kW, MW", "" },
	{ "host h pf=0.9W", 11, 4, "a plain number without a unit stands here", "" },
	{ "host h pf=1.001", 8, 8, "pf= must lie between 0.05 and 1", "" },
	{ "host h pf=0.049", 8, 8, "pf= must lie between 0.05 and 1", "" },
	{ "host h w=-1", 8, 4, "w= must lie between 0W and 1000000W", "" },
	{ "host h rack=k u=1.5", 17, 3, "u= takes whole numbers only", "" },
	{ "host h rack=k u=0", 15, 3, "u= must lie between 1U and 100U", "" },
	{ "host h u=1", 8, 3, "u= without rack=", "" },
	{ "host h rack=x u=1", 13, 1, "no rack is called \"x\"", "" },
	{ "host h rack=p", 13, 1, "\"p\" is a pdu (line 5); a rack belongs here", "" },
	{ "host h rack=k u=11", 15, 4, "U11 to U11, but rack k ends at U10", "" },
	{ "host h rack=k u=10 h=2", 15, 4, "U10 to U11, but rack k ends at U10", "" },
	{ "host h cords=p.1,p.1", 8, 13, "outlet 1 of p is taken: line 7 has a cord in it", "" },
	{ "host h cords=q.1", 14, 1, "no feed/ups/panel/leg/pdu/breaker is called \"q\"", "" },
	{ "host h cords=p.x", 14, 3, "no feed/ups/panel/leg/pdu/breaker is called \"p.x\"", "" },
	{ "host h cords=.1", 14, 2, "is called \".1\"", "" },
	{ "host h cords=p12", 14, 3, "is called \"p12\"", "" },
	{ "host h\tname=\"a b\"\t u=1", 20, 3, "u= without rack=", "" },
	{ "maintenance m from=2026-08-13T22:00 to=x", 40, 1, "\"x\" is no time", "" },
	{ "maintenance m from=2026-08-13T22:00Z to=x", 41, 1, "\"x\" is no time", "" },
	{ "maintenance m  ", 13, 1, "a maintenance needs from= and to=, or when=", "" },
	{ "host h cords=12", 14, 2, "is called \"12\"", "" },
	{ "host h cords=p,,p", 16, 0, "is called \"\"", "" },
	{ "host h cords=p,p,p,p,p,p,p,p,p", 14, 17, "more than 8 cords", "" },
	{ "host h w=5 wmax=4", 12, 6, "wmax= is less than w=", "" },
	{ "host h w=5 wmax=7 cap=8", 19, 5, "cap= is more than the host ever draws", "" },
	{ "host h declared=maybe", 17, 5, "declared= is yes or no", "" },
	{ "host h check=icmp", 14, 4, "check= is ping, snmp or tcp:PORT", "" },
	{ "host h check=tcp:0", 14, 5, "check= is ping, snmp or tcp:PORT", "" },
	{ "host h check=tcp:65536", 14, 9, "check= is ping, snmp or tcp:PORT", "" },
	{ "host h check=tcp:1.5", 14, 7, "check= is ping, snmp or tcp:PORT", "" },
	{ "host h check=tcp:x", 14, 5, "check= is ping, snmp or tcp:PORT", "" },
	{ "host h every=0.5s", 8, 10, "every= must lie between 1s and 86400s", "" },
	{ "host h every=2d", 8, 8, "every= must lie between 1s and 86400s", "" },
	{ "feed B phases=2", 8, 8, "phases= is 1 or 3", "" },
	{ "feed B from2=A", 8, 7, "from2= without from=", "" },
	{ "feed B from=A from2=A", 15, 7, "from= and from2= are the same", "" },
	{ "breaker b from=A curve=MCBB", 24, 4, "curve= is one of: B C D", "MCCB" },
	{ "feed B from=B", 8, 6, "from= goes in a circle: B > B", "" },
	{ "service w dep=w", 11, 5, "dep= goes in a circle: w > w", "" },
	{ "service w dep=x", 15, 1, "no service is called \"x\"", "" },
	{ "service w need=1 min=2", 18, 5, "min=2 is more than need=1", "" },
	{ "service w need=3 min=1 unit=5 value=9", 31, 7, "value=9 is less than unit x (need - min) = 10",
	    "" },
	{ "service w value=1.5", 17, 3, "value= takes whole numbers only", "" },
	{ "service w stop=1001", 11, 9, "stop= must lie between -1000 and 1000", "" },
	{ "device d behind=d", 10, 8, "behind= goes in a circle: d > d", "" },
	{ "sensor t address=a", 8, 1, "a sensor needs via=", "" },
	{ "sensor t via=snmp", 10, 8, "a sensor with via=snmp needs address=", "" },
	{ "sensor t via=nut address=a kind=temprature", 33, 10, "nothing measures \"temprature\"",
	    "temperature" },
	{ "sensor t via=hwmon at=nowhere", 23, 7, "no room/rack is called \"nowhere\"", "" },
	{ "sensor t via=hwmon at=k.11", 20, 7, "U11, but rack k ends at U10", "" },
	{ "sensor t via=hwmon at=k.0", 23, 3, "no room/rack is called \"k.0\"", "" },
	{ "sensor t via=hwmon at=k.101", 23, 5, "no room/rack is called \"k.101\"", "" },
	{ "sensor t via=hwmon at=k.x", 23, 3, "no room/rack is called \"k.x\"", "" },
	{ "sensor t via=hwmon at=q.3", 23, 3, "no room/rack is called \"q.3\"", "" },
	{ "sensor t via=hwmon at=p.3", 23, 3, "no room/rack is called \"p.3\"", "" },
	{ "sensor t via=hwmon at=p", 23, 1, "\"p\" is a pdu (line 5); a room/rack belongs here", "" },
	{ "sensor t via=hwmon place=attic", 26, 5, "place= is one of: inlet", "" },
	{ "sensor t via=hwmon on=k", 23, 1, "\"k\" is a rack (line 3)", "" },
	{ "sensor t via=hwmon unit=K", 25, 1, "unit= is C or F", "" },
	{ "sensor t via=hwmon limit=20C critical=19C", 30, 12, "critical= must be above limit=", "" },
	{ "sensor t via=hwmon low=20C limit=20C", 28, 9, "limit= must be above low=", "" },
	{ "sensor t via=hwmon low-critical=5 low=4", 35, 5, "low= must be above low-critical=", "" },
	{ "sensor t via=hwmon low-critical=5 critical=5", 35, 10, "critical= must be above low-critical=",
	    "" },
	{ "sensor t via=hwmon limit=30%", 26, 3, "\"%\" is no unit that fits here; these do: C, F", "" },
	{ "sensor t via=hwmon limit=251C", 20, 10, "limit=251C: no temperature can be that", "" },
	{ "sensor t via=hwmon kind=humidity limit=101%", 34, 10, "no humidity can be that", "" },
	{ "sensor t via=hwmon offset=3%", 27, 2, "these do: K, C, F", "" },
	{ "room r2 limit=35C critical=34C", 19, 12, "critical= must be above limit=", "" },
	{ "room r2 humidity-low=50% humidity-high=50%", 26, 17, "humidity-high= must be above", "" },
	{ "room r2 limit=1000F", 9, 11, "limit= must lie between -60C and 100C", "" },
	{ "calendar c hours=\"Mon-Fry 08:00-20:00\"", 19, 19, "are no hours", "" },
	{ "calendar c hours=\"Mon 08:00-08:00\"", 19, 15, "begins and ends at the same time", "" },
	{ "calendar c hours=daily", 18, 5, "are no hours", "" },
	{ "calendar c holidays=FR", 21, 2, "holidays= is one of: JP CN KR TW US IN", "" },
	{ "calendar c off=2026-02-29", 16, 10, "is no date", "" },
	{ "calendar c off=2026-08-16..2026-08-13", 16, 22, "ends before it begins", "" },
	{ "calendar c tz=../x", 15, 4, "tz= is the name of a time zone", "" },
	{ "calendar c ics=x.ics", 12, 9, "calendar files can not be read here", "" },
	{ "maintenance m from=2026-08-13T22:00", 13, 1, "a maintenance needs from= and to=, or when=", "" },
	{ "maintenance m to=2026-08-13T22:00", 13, 1, "a maintenance needs from= and to=, or when=", "" },
	{ "maintenance m what=k", 13, 1, "a maintenance needs from= and to=, or when=", "" },
	{ "maintenance m from=2026-08-13T22:00 to=2026-08-13T22:00", 37, 19, "to= is not after from=", "" },
	{ "maintenance m from=x to=2026-08-13T22:00", 20, 1, "\"x\" is no time", "" },
	{ "maintenance m what=z when=k", 20, 1, "is called \"z\"", "" },
	{ "maintenance m when=k", 20, 1, "\"k\" is a rack (line 3); a calendar belongs here", "" },
	{ "page w listen=0.0.0.0:4270", 8, 19, "beyond this machine: it needs cert=, key=", "" },
	{ "page w listen=[::]:4270", 8, 16, "beyond this machine", "" },
	{ "page w listen=[::1::]:4270", 8, 19, "beyond this machine", "" },
	{ "page w listen=127", 8, 10, "beyond this machine", "" },
	{ "page w listen=128.0.0.1:80", 8, 19, "beyond this machine", "" },
	{ "page w cert=/c key=/k", 8, 7, "cert=, key= and users= go together: users= is missing", "" },
	{ "page w key=/k users=/u", 8, 6, "cert= is missing", "" },
	{ "page w users=/u cert=/c", 17, 7, "key= is missing", "" },
	{ "page w users=/u", 8, 8, "cert= is missing", "" },
	{ "wire w name=x", 6, 1, "a wire needs interface= or file=, one of them", "" },
	{ "wire w interface=eth0 file=/x", 6, 1, "a wire needs interface= or file=", "" },
	{ "wire w interface=a/b", 8, 13, "\"a/b\" is no name of an interface", "" },
	{ "wire w interface=sixteen-letters-", 8, 26, "is no name of an interface", "" },
	{ "wire w file=/x filter=tcp", 16, 10, "filter= goes with interface=", "" },
};

static void every_error_has_its_place(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
		const struct wrong *wrong = &wrongs[i];
		struct site *site = NULL;
		char text[1024];
		int n = snprintf(text, sizeof text, "%s%s\n", start, wrong->line);
		int code = site_read(span_of(text, (size_t)n), &site, &errors);
		const struct site_error *error = &errors.list[0];

		if (code != KS_MALFORMED || site != NULL || errors.n == 0)
			fail_msg("no error: %s", wrong->line);
		if (error->line != 7 || error->column != wrong->column ||
		    (wrong->width > 0 && error->width != wrong->width) || error->width == 0 ||
		    strstr(error->why.text, wrong->sentence) == NULL ||
		    strcmp(error->suggestion, wrong->suggestion) != 0)
			bad++, print_error("%s: %u:%u+%u %s [%s]\n", wrong->line, error->line,
			    error->column, error->width, error->why.text, error->suggestion);
		bad += error->source_column != wrong->column;
	}
	assert_int_equal(bad, 0);
}

/* The other side of each limit above: one step back and all is well. */
static void one_step_back_is_well(void **state)
{
	static const char *const lines[] = { "host h", "host h name=\"a b\" # w=x", "host h w=0",
		"host h pf=1", "host h pf=0.05", "host h rack=k u=10", "host h rack=k u=9 h=2U",
		"host h cords=p.1,p.2", "host h cords=\"p.1 , p.2\"", "host h declared=no",
		"pdu p.7\nhost h cords=p.7", "pdu z.7\nhost h cords=z.7,z.7.2",
		"rack y136436\nrack h383091\nhost h rack=h383091", /* the same hash, low half */
		"rack y64410\nrack h679231\nhost h rack=h679231", "calendar c tz=UTC", "sensor t via=hwmon place=supply at=r", "sensor t via=hwmon place=outlet at=k.3",
		"host h cords=p,p", "host h cords=p,p,p,p,p,p,p,p",
		"host h w=5 wmax=5 cap=5", "host h check=tcp:1", "host h check=tcp:65535", "host h check=snmp",
		"host h check=ping", "host h every=1s", "host h every=1d", "host h declared=0",
		"host 012345678901234567890123456789012345678901234567890123456789012",
		"feed B phases=3", "feed B from=A", "feed C amps=1 from=A derate=0.05",
		"breaker b from=A curve=MCCB", "service w need=2 min=2",
		"service w need=3 min=1 unit=5 value=10", "service w stop=-1000", "sensor t via=hwmon",
		"sensor t via=hwmon at=k.10", "sensor t via=hwmon limit=20C critical=20C",
		"sensor t via=hwmon low=19.999C limit=20C", "sensor t via=hwmon low-critical=4 low=4",
		"sensor t via=hwmon limit=250C", "sensor t via=hwmon kind=humidity limit=100%",
		"room r2 limit=35C critical=35C", "room r2 humidity-low=50% humidity-high=51%",
		"calendar c hours=\"Mon 08:00-08:01\"", "calendar c off=2028-02-29",
		"calendar c off=2026-08-13..2026-08-13",
		"maintenance m from=2026-08-13T22:00 to=2026-08-13T22:00:01",
		"page w", "page w listen=off", "page w listen=127.0.0.2:80", "page w listen=[::1]:80",
		"page w listen=0.0.0.0:443 cert=/c key=/k users=/u", "page w cert=/c key=/k users=/u",
		"wire w interface=fifteen-letters", "wire w file=/x", "wire w interface=eth0 filter=tcp",
		"wire w interface=a accept=/a geo=/g trust=/t\nwire w2 interface=b",
		"# only a comment", "   ", "\t# tab" };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		char text[1024];

		(void)snprintf(text, sizeof text, "%s%s", start, lines[i]);
		site_free(good(text));
	}
}

static void a_whole_site(void **state)
{
	struct site *site = good("\xef\xbb\xbfsite dc name=\"第一\" lang=en volt=100V keep=30d tz=Asia/Seoul "
				 "generator=hand format=1\r\n"
				 "host h1 rack=k u=3 h=2U cords=p.7,q w=0.4kW pf=0.9 wmax=500 svc=v cap=200W "
				 "address=192.0.2.1 check=tcp:22 secret=/f behind=sw every=1min declared=yes\r\n"
				 "host h2\r\n"
				 "room r name=部屋 heat=5kW volume=40m3 limit=86F critical=36 rise=1K/min\r\n"
				 "rack k room=r\r\n"
				 "feed A volt=6.6kV phases=3 amps=10\r\n"
				 "ups u from=A volt=200 amps=30 derate=1\r\n"
				 "pdu p from=u rack=k\r\n"
				 "pdu q from=u from2=A\r\n"
				 "service v tier=0 value=9 unit=2 need=2 min=1 cap=0.5 must=1 stop=-3 dep=x,y\r\n"
				 "service x\r\nservice y dep=x\r\n"
				 "device sw mac=00:00:5e:00:53:01 rack=k owner=\"a b\"\r\n"
				 "notify n via=mail to=a@example.net server=smtp://mx from=k@example.net\r\n"
				 "list l to=a@example.net via=mail\r\nlist m file=/x\r\nlist e");
	const struct host *h = &site->hosts[0];

	(void)state;
	assert_string_equal(site->id, "dc");
	assert_string_equal(site->name, "第一");
	assert_string_equal(site->lang, "en");
	assert_string_equal(site->tz, "Asia/Seoul");
	assert_int_equal(site->milli_volt, 100000);
	assert_int_equal(site->keep_raw_days, 30);
	assert_int_equal(site->hosts_n, 2);
	assert_string_equal(h->id, "h1");
	assert_string_equal(h->name, "h1");
	assert_ptr_equal(h->rack, &site->racks[0]);
	assert_int_equal(h->u, 3);
	assert_int_equal(h->height, 2);
	assert_int_equal(h->cords_n, 2);
	assert_string_equal(h->cords[0].pdu->id, "p");
	assert_int_equal(h->cords[0].outlet, 7);
	assert_string_equal(h->cords[1].pdu->id, "q");
	assert_int_equal(h->cords[1].outlet, 0);
	assert_int_equal(h->mw, 400000);
	assert_int_equal(h->mw_max, 500000);
	assert_int_equal(h->mw_cap, 200000);
	assert_int_equal(h->pf_milli, 900);
	assert_true(h->declared);
	assert_ptr_equal(h->service, &site->services[0]);
	assert_ptr_equal(h->behind, &site->devices[0]);
	assert_string_equal(h->address, "192.0.2.1");
	assert_string_equal(h->check, "tcp:22");
	assert_string_equal(h->secret, "/f");
	assert_int_equal(h->every_ms, 60000);
	assert_int_equal(h->line, 2);
	assert_int_equal(site->hosts[1].pf_milli, 950);
	assert_int_equal(site->hosts[1].height, 1);
	assert_int_equal(site->hosts[1].every_ms, 30000);
	assert_null(site->hosts[1].check);
	assert_string_equal(site->rooms[0].name, "部屋");
	assert_int_equal(site->rooms[0].heat_mw, 5000000);
	assert_int_equal(site->rooms[0].volume_ml, 40000000);
	assert_int_equal(site->rooms[0].temperature.high_warning, 30000);
	assert_int_equal(site->rooms[0].temperature.high_critical, 36000);
	assert_int_equal(site->rooms[0].rise_mk_h, 60000);
	assert_int_equal(site->racks[0].units, 42);
	assert_int_equal(site->nodes[0].kind, NODE_FEED);
	assert_int_equal(node_limit_mva(&site->nodes[0]), 91452282); /* sqrt 3 x 6600 x 10 x 0.8 */
	assert_int_equal(node_limit_mva(&site->nodes[1]), 6000000);
	assert_int_equal(site->nodes[2].milli_volt, 200000); /* from the ups */
	assert_int_equal(site->nodes[2].kind, NODE_PDU);
	assert_int_equal(node_limit_mva(&site->nodes[2]), 0);
	assert_ptr_equal(site->nodes[3].from2, &site->nodes[0]);
	assert_int_equal(site->services[0].deps_n, 2);
	assert_string_equal(site->services[0].deps[1]->id, "y");
	assert_int_equal(site->services[0].stop, -3);
	assert_int_equal(site->services[0].cap_weight_milli, 500);
	assert_true(site->services[0].must);
	assert_int_equal(site->services[0].hosts_n, 1);
	assert_ptr_equal(site->devices[0].room, &site->rooms[0]);
	assert_string_equal(site->devices[0].owner, "a b");
	assert_int_equal(site->others_n, 3);
	assert_string_equal(site->others[0].kind, "list");
	assert_string_equal(site->others[0].keys[1], "via");
	assert_string_equal(other_value(&site->others[0], "via"), "mail");
	assert_null(other_value(&site->others[0], "file"));
	assert_string_equal(site->others[0].values[0], "a@example.net");
	assert_int_equal(site->others[2].pairs_n, 0);
	site_free(site);
}

static void channels(void **state)
{
	struct site *site = good("site s url=https://k.example/\ncalendar night hours=\"daily 22:00-07:00\"\n"
	    "notify a via=mail to=a@example.net server=smtp://mx from=k@example.net secret=/p lang=en "
	    "severity=critical quiet=night urgent=none after=5min daily=8\n"
	    "notify b via=slack secret=/s\nnotify c via=heartbeat secret=/s every=2min\n"
	    "notify d via=webhook to=http://127.0.0.1/\n");
	const struct notify *n = site->notifies;

	(void)state;
	assert_string_equal(site->url, "https://k.example/");
	assert_int_equal(site->notifies_n, 4);
	assert_string_equal(n[0].severity, "critical");
	assert_ptr_equal(n[0].quiet, &site->calendars[0]);
	assert_string_equal(n[0].urgent, "none");
	assert_int_equal(n[0].after_ms, 300000);
	assert_int_equal(n[0].daily, 8);
	assert_int_equal(n[1].daily, 24);
	assert_string_equal(n[1].severity, "warning");
	assert_int_equal(n[2].every_ms, 120000);
	assert_null(n[3].lang);
	site_free(site);
}

static void channels_say_what_they_need(void **state)
{
	static const struct {
		const char *line, *says;
	} rows[] = {
		{ "via=mail server=a from=b", "a channel with via=mail needs to=" },
		{ "via=mail to=a from=b", "a channel with via=mail needs server=" },
		{ "via=mail to=a server=b", "a channel with via=mail needs from=" },
		{ "via=slack to=a", "a channel with via=slack needs secret=" },
		{ "via=chatwork secret=a", "a channel with via=chatwork needs to=" },
		{ "via=heartbeat", "a channel with via=heartbeat needs to=" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct site *site = NULL;
		char text[200];
		size_t n = (size_t)snprintf(text, sizeof text, "site s\nnotify n %s", rows[i].line);

		assert_int_equal(site_read(span_of(text, n), &site, &errors), KS_MALFORMED);
		assert_string_equal(errors.list[0].why.text, rows[i].says);
		assert_int_equal(errors.list[0].line, 2);
	}
	/* without via= that alone is the fault */
	struct site *site = NULL;

	assert_int_equal(site_read(span_text("site s\nnotify n to=a"), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.n, 1);
}

/* What holds for all stands once, or at the first. */
static void one_page_and_so_many_wires(void **state)
{
	static const struct {
		const char *lines, *says;
		uint32_t line;
	} rows[] = {
		{ "page a\npage b", "the page is served at one address; line 2 says one already", 3 },
		{ "wire a interface=a\nwire b interface=b accept=/x", "they stand at the first", 3 },
		{ "wire a interface=a\nwire b interface=b geo=/x", "they stand at the first", 3 },
		{ "wire a interface=a\nwire b interface=b trust=/x", "they stand at the first", 3 },
	};
	char text[1024] = "site s\n";
	struct site *site = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		(void)snprintf(text, sizeof text, "site s\n%s", rows[i].lines);
		assert_int_equal(site_read(span_text(text), &site, &errors), KS_MALFORMED);
		assert_int_equal(errors.n, 1);
		assert_int_equal(errors.list[0].line, rows[i].line);
		assert_non_null(strstr(errors.list[0].why.text, rows[i].says));
	}
	int n = snprintf(text, sizeof text, "site s\n");

	for (int i = 0; i < LIMIT_WIRES; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "wire w%d interface=i%d\n", i, i);
	site_free(good(text));
	(void)snprintf(text + n, sizeof text - (size_t)n, "wire more interface=i");
	assert_int_equal(site_read(span_text(text), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.list[0].line, 2 + LIMIT_WIRES);
	assert_string_equal(errors.list[0].why.text, "more than 8 wire lines");
}

static void sensors_know_their_place(void **state)
{
	struct site *site = good(
	    "site s\nsensor a via=hwmon at=k.3 limit=27C offset=-0.5F scale=0.1 unit=F\n"
	    "sensor b via=hwmon at=r\nsensor c via=hwmon at=return\nsensor d via=hwmon place=room at=inlet\n"
	    "sensor e via=w1 at=k place=outlet\nsensor f via=nut address=x on=u\n"
	    "sensor g via=nut address=x on=ac\nsensor h via=nut address=x on=hh\n"
	    "sensor i via=hwmon place=outside\nsensor j via=hwmon at=r place=supply unit=C\n"
	    "sensor k2 via=hwmon kind=runtime low=10min low-critical=300s offset=1min\n"
	    "sensor l via=nut address=x on=h2\nsensor m via=hwmon place=inlet\n"
	    "room r\nrack k room=r\nups u\ncooling ac room=r capacity=3kW from=u\nhost hh rack=k\nhost h2\n");
	const struct sensor *s = site->sensors;
	const struct room *r = &site->rooms[0];

	(void)state;
	assert_ptr_equal(s[0].room, r);
	assert_ptr_equal(s[0].rack, &site->racks[0]);
	assert_int_equal(s[0].u, 3);
	assert_int_equal(s[0].place, PLACE_INLET);
	assert_true(s[0].fahrenheit);
	assert_int_equal(s[0].offset, -278);
	assert_int_equal(s[0].multiply_milli, 100);
	assert_int_equal(s[0].limits.high_warning, 27000);
	assert_true(s[0].limits.high_critical == INT64_MAX && s[0].limits.low_warning == INT64_MIN);
	assert_false(s[0].kind_given);
	assert_ptr_equal(s[1].room, r);
	assert_int_equal(s[1].place, PLACE_ROOM);
	assert_ptr_equal(s[2].room, r); /* the only one */
	assert_int_equal(s[2].place, PLACE_RETURN);
	assert_int_equal(s[3].place, PLACE_ROOM);
	assert_int_equal(s[4].place, PLACE_OUTLET);
	assert_int_equal(s[4].u, 0);
	assert_ptr_equal(s[5].node, &site->nodes[0]);
	assert_null(s[5].room);
	assert_ptr_equal(s[6].cooling, &site->coolings[0]);
	assert_ptr_equal(s[6].room, r);
	assert_ptr_equal(s[7].host, &site->hosts[0]);
	assert_ptr_equal(s[7].room, r);
	assert_null(s[8].room);
	assert_int_equal(s[9].place, PLACE_SUPPLY);
	assert_true(s[10].kind_given);
	assert_int_equal(s[10].limits.low_warning, 10000); /* minutes */
	assert_int_equal(s[10].limits.low_critical, 5000);
	assert_int_equal(s[10].offset, 1000);
	assert_null(s[11].room);
	assert_ptr_equal(s[12].room, r);
	site_free(site);
	site = good("site s\nroom a\nroom b\nsensor m via=hwmon place=inlet\nrack k\n"
		    "device d rack=k room=a\ndevice e room=b\nhost h rack=k\nsensor n via=hwmon on=h");
	assert_null(site->sensors[0].room); /* which of two is not known */
	assert_ptr_equal(site->devices[0].room, &site->rooms[0]);
	site_free(site);
}

static void rooms_have_the_default_limits(void **state)
{
	struct site *site = good("site s\nroom r");
	const struct room *room = &site->rooms[0];
	struct limits want = limits_default(MEASURE_TEMPERATURE, PLACE_ROOM);

	(void)state;
	assert_memory_equal(&room->temperature, &want, sizeof want);
	want = limits_default(MEASURE_HUMIDITY, PLACE_ROOM);
	assert_memory_equal(&room->humidity, &want, sizeof want);
	want = limits_default(MEASURE_DEW_POINT, PLACE_ROOM);
	assert_memory_equal(&room->dew_point, &want, sizeof want);
	assert_int_equal(room->rise_mk_h, 20000);
	assert_int_equal(limits_default(MEASURE_TEMPERATURE, PLACE_INLET).high_critical, 32000);
	assert_true(limits_default(MEASURE_TEMPERATURE, PLACE_RETURN).high_warning == INT64_MAX);
	assert_true(limits_default(MEASURE_HUMIDITY, PLACE_OUTSIDE).high_warning == INT64_MAX);
	assert_true(limits_default(MEASURE_DEW_POINT, PLACE_OUTSIDE).high_warning == INT64_MAX);
	site_free(site);
	site_free(NULL);
}

static void two_hosts_in_one_u(void **state)
{
	char text[1024];
	struct site *site = NULL;

	(void)state;
	(void)snprintf(text, sizeof text, "%shost a rack=k u=1 h=2\nhost b rack=k u=2\nhost c rack=k u=3", start);
	assert_int_equal(site_read(span_text(text), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.n, 1);
	assert_int_equal(errors.list[0].line, 8);
	assert_string_equal(errors.list[0].why.text, "rack k U2: a (line 7) is there already");
	(void)snprintf(text, sizeof text, "%shost a rack=k u=2\nhost b rack=k u=1 h=2", start);
	assert_int_equal(site_read(span_text(text), &site, &errors), KS_MALFORMED);
	assert_string_equal(errors.list[0].why.text, "rack k U2: a (line 7) is there already");
	(void)snprintf(text, sizeof text, "%shost a cords=p.3\nhost b cords=p.3,p.4", start);
	assert_int_equal(site_read(span_text(text), &site, &errors), KS_MALFORMED);
	assert_string_equal(errors.list[0].why.text,
	    "outlet 3 of p is taken: line 7 has a cord in it");
}

static void long_circles_and_two_of_them(void **state)
{
	struct site *site = NULL;

	(void)state;
	assert_int_equal(site_read(span_text("site s\nups a from=b\nups b from=c\nups c from=a\nups d from=a\n"
					     "service x dep=y,z\nservice y dep=z\nservice z dep=x\n"),
			     &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.n, 2);
	assert_string_equal(errors.list[0].why.text, "from= goes in a circle: a > b > c > a");
	assert_int_equal(errors.list[0].line, 4);
	assert_string_equal(errors.list[1].why.text, "dep= goes in a circle: x > y > z > x");
	char text[4096] = "site s\n";
	size_t n = strlen(text);

	for (int i = 0; i < 60; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "ups longname%02d from=longname%02d\n", i,
		    (i + 1) % 60);
	assert_int_equal(site_read(span_text(text), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.n, 1); /* said once, cut, and the voltages end too */
	assert_int_equal(site_read(span_text("site s\nups d from=a\nups a from=b\nups b from=a\n"), &site, &errors),
	    KS_MALFORMED);
	assert_string_equal(errors.list[0].why.text, "from= goes in a circle: a > b > a");
	site_free(good("site s\nups a\nups b from=a from2=a2\nups a2\nups c from=b from2=a\n"));
}

static void all_errors_in_line_order(void **state)
{
	struct site *site = NULL;
	char text[8192] = "site s\nhost h1 u=1\n";
	size_t n = strlen(text);

	(void)state;
	for (int i = 0; i < 30; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "rack k%d room=none wat=1\n", i);
	assert_int_equal(site_read(span_of(text, n), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.n, LIMIT_SITE_ERRORS);
	assert_int_equal(errors.n + errors.more, 61);
	assert_int_equal(errors.list[0].line, 2); /* found last, said first */
	for (size_t i = 1; i < errors.n; i++)
		assert_true(errors.list[i].line > errors.list[i - 1].line ||
		    (errors.list[i].line == errors.list[i - 1].line &&
			errors.list[i].column > errors.list[i - 1].column));
}

static void full_width_spaces(void **state)
{
	static const char bad[] = "site s\nroom　r\nrack k　room=r\n# これ　は\nroom q name=\"計測　室\" #　a\n";
	struct site *site = NULL;

	(void)state;
	assert_int_equal(site_read(span_text(bad), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.n, 2);
	for (size_t i = 0; i < errors.n; i++)
		assert_string_equal(errors.list[i].why.text,
		    "a full-width space stands here; type an ordinary blank");
	assert_int_equal(errors.list[0].column, 5);
	assert_int_equal(errors.list[1].column, 7);
}

static void bytes_that_are_no_text(void **state)
{
	static const char bad[] = "site s\nhost a\xff name=x\nroom r\0\nroom \xe6\x9c";
	struct site *site = NULL;

	(void)state;
	assert_int_equal(site_read(span_of(bad, sizeof bad - 1), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.list[0].line, 2);
	assert_int_equal(errors.list[0].column, 7);
	assert_string_equal(errors.list[0].why.text, "this is not UTF-8; save the file as UTF-8");
	assert_string_equal(errors.list[0].source, "host a? name=x");
	assert_int_equal(errors.list[1].line, 3);
	assert_string_equal(errors.list[1].why.text, "a zero byte: this is no text file");
	assert_int_equal(errors.list[2].line, 4);
	assert_int_equal(errors.n, 3); /* one for one cause, whatever else such bytes are not */
	assert_int_equal(site_read(span_text(""), &site, &errors), KS_MALFORMED);
	assert_string_equal(errors.list[0].why.text,
	    "the site line is missing: site ID tz=Asia/Tokyo lang=ja");
	assert_int_equal(site_read(span_text("# nothing\n"), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.n, 1);
	assert_int_equal(site_read(span_text("site s format=2"), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.list[0].column, 15);
	char run[400];

	memset(run, 0x80, sizeof run); /* no character begins anywhere */
	assert_int_equal(site_read(span_of(run, sizeof run), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.list[0].column, 1);
	assert_true(strlen(errors.list[0].source) > 240);
	(void)snprintf(run, sizeof run, "site s\nhost h ");

	memset(run + 14, 0x80, 300);
	(void)snprintf(run + 314, sizeof run - 314, " wat=1");
	assert_int_equal(site_read(span_text(run), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.n, 2);
	assert_int_equal(errors.list[1].column, 309);
}

/* A line longer than what is kept of it is cut around the place, between characters. */
static void long_lines_are_cut(void **state)
{
	static char text[20000];
	struct site *site = NULL;
	size_t n = (size_t)snprintf(text, sizeof text, "site s\nhost h name=\"");

	(void)state;
	for (int i = 0; i < 100; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "測");
	n += (size_t)snprintf(text + n, sizeof text - n, "a\" wat=1 address=\"");
	for (int i = 0; i < 120; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "度");
	n += (size_t)snprintf(text + n, sizeof text - n, "\"\n");
	assert_int_equal(site_read(span_of(text, n), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.list[0].column, 117);
	assert_true(strlen(errors.list[0].source) < sizeof errors.list[0].source);
	assert_non_null(strstr(errors.list[0].source, "測a\" wat=1 address=\"度"));
	assert_int_equal(errors.list[0].source_column, 45);
	/* an early place in a long line: the front stays */
	n = (size_t)snprintf(text, sizeof text, "site s\nhost h wat=1 address=");
	memset(text + n, 'x', 5000);
	text[n + 5000] = '\0';
	assert_int_equal(site_read(span_text(text), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.list[0].source_column, 8);
	assert_string_equal(errors.list[1].why.text, "a line of more than 4096 bytes");
	assert_int_equal(errors.list[1].column, 4097);
	/* 4096 is allowed */
	n = (size_t)snprintf(text, sizeof text, "site s\nhost h address=");
	memset(text + n, 'x', 4096 - 15);
	text[n + 4096 - 15] = '\0';
	site_free(good(text));
}

static void limits_of_ours(void **state)
{
	static char text[400000];
	struct site *site = NULL;
	size_t n = (size_t)snprintf(text, sizeof text, "site s\nlist n");

	(void)state;
	for (int i = 0; i < LIMIT_SITE_KEYS; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, " k%d=1", i);
	site_free(good(text));
	n += (size_t)snprintf(text + n, sizeof text - n, " more=1 again=1");
	assert_int_equal(site_read(span_of(text, n), &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.n, 1);
	assert_string_equal(errors.list[0].why.text, "more than 64 keys in one line");

	n = (size_t)snprintf(text, sizeof text, "site s\nservice x\nservice y dep=x");
	for (int i = 1; i < LIMIT_DEPENDENCIES; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, ",x");
	site_free(good(text));
	n += (size_t)snprintf(text + n, sizeof text - n, ",x");
	assert_int_equal(site_read(span_of(text, n), &site, &errors), KS_MALFORMED);
	assert_string_equal(errors.list[0].why.text, "more than 1024 services");
}

static void too_big_a_file(void **state)
{
	size_t size = LIMIT_SITE_BYTES + 1;
	char *text = malloc(size);
	struct site *site = NULL;

	(void)state;
	assert_non_null(text);
	memset(text, '\n', size);
	assert_int_equal(site_read(span_of(text, size), &site, &errors), KS_FULL);
	assert_int_equal(errors.n, 1);
	assert_int_equal(site_read(span_of(text, LIMIT_SITE_THINGS), &site, &errors), KS_MALFORMED);
	assert_string_equal(errors.list[0].why.text, "more than 1000000 lines");
	memcpy(text, "site s", 6);
	assert_int_equal(site_read(span_of(text, LIMIT_SITE_THINGS + 5), &site, &errors), KS_OK);
	site_free(site);
	allocations_left = 3;
	site = NULL;
	assert_int_equal(site_read(span_of(text, LIMIT_SITE_THINGS + 60), &site, &errors), KS_FULL);
	allocations_left = -1;
	free(text);
}

/* Each allocation fails once: one sentence, no crash, no leak; and then it works. */
static void memory_runs_out(void **state)
{
	static char text[900000];
	size_t n = (size_t)snprintf(text, sizeof text,
	    "site s\nroom r\nrack k room=r\nups u\nservice a\nservice b dep=a\ndevice d\ncooling c\n"
	    "calendar x hours=\"daily 08:00-20:00\" off=12-29..01-03\nmaintenance m when=x\n"
	    "sensor t via=hwmon\nnotify n via=ntfy to=x\nlist n2 a=1\n");
	struct site *site = NULL;
	int fails = 0;

	(void)state;
	for (int i = 0; i < 5000; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
		    "host h%d cords=u.%d,w%d.1 svc=a\nservice s%d dep=b\nlist l%d a=1 b=2\n", i, i + 1, i, i, i);
	for (int i = 0; i < 5000; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "pdu w%d\nrack q%d units=100\n", i, i);
	for (long k = 0; site == NULL; k++) {
		allocations_left = k;
		int code = site_read(span_of(text, n), &site, &errors);

		allocations_left = -1;
		if (code == KS_OK)
			break;
		assert_int_equal(code, KS_FULL);
		assert_int_equal(errors.n, 1);
		assert_null(site);
		fails++;
	}
	assert_true(fails > 10);
	assert_int_equal(site->hosts_n, 5000);
	site_free(site);
}

/* 2,000 events of 100 bytes each, so that their names need memory of their own. */
static int read_many(void *ctx, const char *name, struct span *ret_bytes, struct why *why)
{
	static char text[400000];
	size_t n = (size_t)snprintf(text, sizeof text, "BEGIN:VCALENDAR\n");

	(void)ctx;
	(void)name;
	(void)why;
	for (int i = 0; i < 2000; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
		    "BEGIN:VEVENT\nDTSTART:20260813\nSUMMARY:%0100d\nEND:VEVENT\n", i);
	*ret_bytes = span_of(text, n);
	return KS_OK;
}

static void memory_runs_out_in_calendars(void **state)
{
	const struct site_files files = { read_many, NULL };
	struct site *site = NULL;

	(void)state;
	for (long k = 0; site == NULL; k++) {
		allocations_left = k;
		int code = site_read_files(span_text("site s\ncalendar c tz=UTC ics=many off=2026-01-01\n"), &files,
		    &site, &errors);

		allocations_left = -1;
		assert_true(code == KS_OK || (code == KS_FULL && site == NULL));
	}
	assert_int_equal(site->calendars[0].off_n, 2001);
	site_free(site);
}

static void nearest_words(void **state)
{
	struct nearest nearest;

	(void)state;
	nearest_start(&nearest, span_text("sensro"));
	nearest_put(&nearest, span_text("service"));
	assert_string_equal(nearest.best, "");
	nearest_put(&nearest, span_text(""));
	nearest_put(&nearest, span_text("sensor"));
	assert_string_equal(nearest.best, "sensor");
	nearest_put(&nearest, span_text("sensors"));
	assert_string_equal(nearest.best, "sensor"); /* no nearer */
	char long_word[100];

	memset(long_word, 'x', sizeof long_word);
	nearest_start(&nearest, span_of(long_word, sizeof long_word));
	nearest_put(&nearest, span_of(long_word, 63));
	assert_string_equal(nearest.best, "");
	nearest_start(&nearest, span_of(long_word, 63));
	nearest_put(&nearest, span_of(long_word, 64));
	assert_string_equal(nearest.best, "");
	nearest_put(&nearest, span_of(long_word, 60));
	assert_int_equal(strlen(nearest.best), 60);
}

static const char *same(void *ctx, const char *msgid)
{
	(void)ctx;
	return msgid;
}

/* Our own table: units exist, defaults lie in their bounds, members are not shared by
 * accident, and every key is in the reference. */
static void the_table_is_whole(void **state)
{
	struct text text;
	const struct keys_voice voice = { same, NULL };

	(void)state;
	text_init(&text, 1000000);
	keys_reference(&text, &voice);
	assert_false(text.full);
	for (size_t i = 0; i < keys_n; i++) {
		const struct key *key = &keys[i];
		char line[80];

		assert_true(i == 0 || key->kind == keys[i - 1].kind || key_find(key->kind, span_text(key->word)) == key);
		assert_ptr_equal(key_find(key->kind, span_text(key->word)), key);
		assert_true((key->unit != NULL) == (key->type <= TYPE_DAYS));
		if (key->unit != NULL)
			assert_non_null(unit_own(key->unit));
		(void)snprintf(line, sizeof line, "\n  %s=", key->word);
		assert_non_null(strstr(text_cstr(&text), line));
	}
	for (enum kind kind = 0; kind < KINDS; kind++)
		assert_int_equal(kind_find(span_text(kinds[kind].word)), kind);
	assert_int_equal(kind_find(span_text("zebra")), KINDS);
	assert_null(key_find(KIND_HOST, span_text("zebra")));
	assert_null(key_find(KIND_LIST, span_text("zebra")));
	assert_non_null(strstr(text_cstr(&text), "must be given"));
	assert_non_null(strstr(text_cstr(&text), "default 30C; -60..100C"));
	assert_non_null(strstr(text_cstr(&text), "any key=value"));
	text_done(&text);
}

static void units(void **state)
{
	static const struct {
		const char *value, *own;
		int64_t milli;
	} list[] = { { "35C", "C", 35000 }, { "35°C", "C", 35000 }, { "95F", "C", 35000 },
		{ "-40F", "C", -40000 }, { "95", "C", 35000 + 60000 }, { "1.5kW", "W", 1500000 },
		{ "2h", "s", 7200000 }, { "250ms", "s", 250 }, { "40m3", "m3", 40000000 },
		{ "40", "m3", 40000000 }, { "500l", "m3", 500000 }, { "80%", "%", 80000 }, { "3U", "U", 3000 },
		{ "0.9F", "K", 500 }, { "20C/h", "K/h", 20000 }, { "60m3/h", "l/min", 1000000 },
		{ "1013hPa", "Pa", 101300000 }, { "500Wh", "kWh", 500 }, { "1.5", "", 1500 } };

	(void)state;
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
		int64_t milli = 0;

		assert_int_equal(quantity_read(span_text(list[i].value), unit_own(list[i].own), &milli, NULL),
		    KS_OK);
		assert_int_equal(milli, list[i].milli);
	}
	int64_t kept = 7;

	assert_int_equal(quantity_read(span_text("5X"), unit_own("W"), &kept, NULL), KS_MALFORMED);
	assert_int_equal(quantity_read(span_text("X"), unit_own("W"), &kept, NULL), KS_MALFORMED);
	assert_int_equal(quantity_read(span_text("5W"), unit_own(""), &kept, NULL), KS_MALFORMED);
	assert_int_equal(kept, 7);
	assert_null(unit_own("parsec"));
	assert_null(unit_find(span_text("W"), "C"));
	assert_string_equal(unit_of_difference(MEASURE_TEMPERATURE), "K");
	assert_string_equal(unit_of_difference(MEASURE_POWER), "W");
	for (unsigned kind = 0; kind < MEASURES; kind++)
		assert_non_null(unit_own(measure_unit((enum measure)kind)));
}

static void words_of_the_model(void **state)
{
	enum measure kind;
	enum place place;

	(void)state;
	assert_string_equal(node_kind_word(NODE_PDU), "pdu");
	assert_string_equal(node_kind_word(NODE_KINDS), "?");
	assert_string_equal(measure_word(MEASURE_FAN), "fan");
	assert_string_equal(measure_word(MEASURES), "?");
	assert_string_equal(measure_unit(MEASURE_FAN), "rpm");
	assert_string_equal(measure_unit(MEASURES), "");
	assert_true(measure_find(span_text("flow"), &kind) && kind == MEASURE_FLOW);
	assert_false(measure_find(span_text("flo"), &kind));
	assert_true(measure_possible(MEASURE_HUMIDITY, 100000));
	assert_false(measure_possible(MEASURE_HUMIDITY, 100001));
	assert_true(measure_possible(MEASURE_HUMIDITY, 0));
	assert_false(measure_possible(MEASURE_HUMIDITY, -1));
	assert_false(measure_possible(MEASURES, 0));
	assert_true(place_find(span_text("water"), &place) && place == PLACE_WATER);
	assert_false(place_find(span_text("attic"), &place));
	assert_string_equal(place_word(PLACE_INLET), "inlet");
	assert_string_equal(place_word(PLACES), "?");
	assert_string_equal(quality_word(QUALITY_STUCK), "stuck");
	assert_string_equal(quality_word(QUALITIES), "?");
	assert_string_equal(severity_word(SEVERITY_CRITICAL), "critical");
	assert_string_equal(severity_word(SEVERITIES), "?");
	assert_string_equal(doubt_sentence(DOUBT_NONE), "");
	assert_true(strlen(doubt_sentence(DOUBT_FAULT)) > 10);
	assert_string_equal(doubt_sentence(DOUBTS), "");
	assert_string_equal(finding_id(FINDING_HOT), "KS-HEAT-001");
	assert_string_equal(finding_id(FINDING_CODES), "KS-NONE-000");
	assert_string_equal(subject_word(SUBJECT_ROOM), "room");
	assert_string_equal(subject_word(SUBJECTS), "thing");
	assert_string_equal(way_word(WAY_OUT), "out");
	assert_string_equal(way_word(WAY_AT), "at");
	assert_string_equal(way_word(WAYS), "out");
	assert_string_equal(act_word(ACT_GAP), "gap");
	assert_string_equal(act_word(ACT_KINDS), "act");
}

static int file_n;
static int read_ics(void *ctx, const char *name, struct span *ret_bytes, struct why *why)
{
	(void)ctx;
	file_n++;
	if (strcmp(name, "a.ics") != 0)
		return fail(why, KS_ABSENT, "no file %s", name);
	*ret_bytes = span_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=Asia/Tokyo:20260813T080000\n"
			       "DTEND:20260813T090000\nSUMMARY:drill\nEND:VEVENT\nBEGIN:VEVENT\n"
			       "DTSTART;VALUE=DATE:20260814\nEND:VEVENT\nEND:VCALENDAR\n");
	return KS_OK;
}

static void calendars_of_the_file(void **state)
{
	const struct site_files files = { read_ics, NULL };
	struct site *site = NULL;

	(void)state;
	assert_int_equal(site_read_files(span_text("calendar c ics=a.ics off=2026-08-20..2026-08-21,12-30..01-02 "
						   "hours=\"Mon-Fri 08:00-20:00, Sat 22:00-06:00\"\n"
						   "calendar d tz=UTC holidays=JP\nsite s tz=Asia/Tokyo\n"
						   "maintenance m what=c from=\"2026-08-13 08:00\" to=2026-08-13T00:00Z\n"
						   "cooling ac on-when=c\n"),
			     &files, &site, &errors), KS_OK);
	const struct calendar *c = &site->calendars[0];

	assert_int_equal(file_n, 1);
	assert_string_equal(c->tz, "Asia/Tokyo");
	assert_string_equal(site->calendars[1].tz, "UTC");
	assert_string_equal(site->calendars[1].holidays, "JP");
	assert_int_equal(c->weekly_n, 6);
	assert_int_equal(c->weekly[0].from, 480);
	assert_int_equal(c->weekly[5].from, 5 * 1440 + 1320);
	assert_int_equal(c->weekly[5].to, 6 * 1440 + 360);
	assert_int_equal(c->off_n, 1 + 30 + 2);
	assert_string_equal(c->off[31].name, "drill");
	assert_null(c->off[32].name);
	assert_true(c->off[0].local);
	assert_true(site->maintenances[0].from_local);
	assert_false(site->maintenances[0].to_local);
	assert_string_equal(site->maintenances[0].what, "c");
	assert_ptr_equal(site->coolings[0].on_when, c);
	site_free(site);
	assert_int_equal(site_read_files(span_text("site s tz=UTC\ncalendar c ics=b.ics\ncalendar d ics=a.ics"),
			     &files, &site, &errors), KS_MALFORMED);
	assert_int_equal(errors.n, 2);
	assert_string_equal(errors.list[0].why.text, "no file b.ics");
	assert_int_equal(errors.list[0].column, 16);
	assert_string_equal(errors.list[1].why.text,
	    "line 3 of the calendar file: an event of another time zone than the calendar's");
}

static void more_days_than_fit(void **state)
{
	static char text[30000];
	size_t n = (size_t)snprintf(text, sizeof text, "site s\ncalendar c off=01-01");
	struct site *site = NULL;

	(void)state;
	for (int i = 1; i < LIMIT_PERIODS / 30; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, ",01-01");
	site_free(good(text));
	n += (size_t)snprintf(text + n, sizeof text - n, ",01-01");
	assert_int_equal(site_read(span_of(text, n), &site, &errors), KS_MALFORMED);
	assert_string_equal(errors.list[0].why.text, "more than 4096 days off in one calendar");

	n = (size_t)snprintf(text, sizeof text, "site s\ncalendar c hours=\"");
	for (int i = 0; i < 40; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%sdaily 08:00-20:00", i > 0 ? ", " : "");
	n += (size_t)snprintf(text + n, sizeof text - n, "\"");
	assert_int_equal(site_read(span_of(text, n), &site, &errors), KS_MALFORMED);
	assert_string_equal(errors.list[0].why.text, "more than 31 hours");
}

/* The example sites that are installed load. */
static void example_sites_load(void **state)
{
	static const char *const names[] = { "home", "office", "two-feeds" };
	static char text[65536];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char path[1024];

		(void)snprintf(path, sizeof path, "%s/conf/%s.site", getenv("KS_SOURCE"), names[i]);
		FILE *file = fopen(path, "rb");

		assert_non_null(file);
		text[fread(text, 1, sizeof text - 1, file)] = '\0';
		(void)fclose(file);
		struct site *site = good(text);

		assert_true(site->hosts_n > 0 && site->sensors_n > 0);
		site_free(site);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_has_its_place), cmocka_unit_test(one_step_back_is_well),
		cmocka_unit_test(a_whole_site), cmocka_unit_test(sensors_know_their_place),
		cmocka_unit_test(rooms_have_the_default_limits), cmocka_unit_test(two_hosts_in_one_u),
		cmocka_unit_test(long_circles_and_two_of_them), cmocka_unit_test(all_errors_in_line_order),
		cmocka_unit_test(full_width_spaces),
		cmocka_unit_test(bytes_that_are_no_text), cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(limits_of_ours), cmocka_unit_test(too_big_a_file),
		cmocka_unit_test(memory_runs_out), cmocka_unit_test(memory_runs_out_in_calendars),
		cmocka_unit_test(nearest_words),
		cmocka_unit_test(the_table_is_whole), cmocka_unit_test(units),
		cmocka_unit_test(words_of_the_model), cmocka_unit_test(calendars_of_the_file),
		cmocka_unit_test(more_days_than_fit), cmocka_unit_test(example_sites_load),
		cmocka_unit_test(one_page_and_so_many_wires), cmocka_unit_test(channels), cmocka_unit_test(channels_say_what_they_need),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
