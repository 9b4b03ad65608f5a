/* test/unit/test_lists.c - every format of block list, exact names and those below, and
 * the words a finding needs; also as the shared lists have them, when they are there. */
#include "harness.h"
#include "base/drop.h"
#include "wire/lists.h"
#include "wire/lists_in.h"
#include <stdio.h>
#include <stdlib.h>

static struct lists *lists;
static struct listed hit;
static struct lists_met met; /* all zero: whenever */

/* At every piece length the same must come out: 7 and whole are tried. */
static void read_list(const char *name, const char *bytes)
{
	size_t n = strlen(bytes);

	lists_free(lists);
	for (int pass = 0; pass < 2; pass++) {
		struct why why;
		size_t step = pass == 0 ? 7 : n + 1;
		struct lists_count before = { .names = 0 };

		if (pass == 1) {
			before = lists_count(lists);
			lists_free(lists);
		}
		assert_int_equal(lists_new(7, &lists), KS_OK);
		assert_int_equal(lists_begin(lists, name, "2020-01-01", &why), KS_OK);
		for (size_t i = 0; i < n; i += step)
			assert_int_equal(lists_take(lists, span_of(bytes + i,
			    n - i < step ? n - i : step), &why), KS_OK);
		assert_int_equal(lists_end(lists, &why), KS_OK);
		struct lists_count after = lists_count(lists);

		if (pass == 1)
			assert_memory_equal(&before, &after, sizeof before);
	}
}

static bool on(const char *name)
{
	hit.entry[0] = '\0';
	return lists_name(lists, span_text(name), met.last_s != 0 ? &met : NULL, &hit);
}
static bool at(const char *address, uint16_t port)
{
	struct address a = address_read(span_text(address));

	hit.entry[0] = '\0';
	return lists_address(lists, &a, port, met.last_s != 0 ? &met : NULL, &hit);
}

static void hosts_are_exact(void **state)
{
	(void)state;
	read_list("h", "\xef\xbb\xbf" "# Updated 2026-03-04\r\n0.0.0.0\tBAD.Example.\r\n127.0.0.1 localhost\r\n"
		       "::1 ip6-localhost\r\n\r\n0.0.0.0 a.example b.example # two\r\n0 c.example\n");
	assert_true(on("bad.example"));
	assert_string_equal(hit.list, "h");
	assert_string_equal(hit.date, "2026-03-04"); /* its own, not the file's */
	assert_string_equal(hit.entry, "bad.example");
	assert_true(on("Bad.EXAMPLE."));
	assert_false(on("www.bad.example"));
	assert_false(on("localhost"));
	assert_true(on("b.example") && on("a.example") && on("c.example"));
	assert_int_equal(lists_count(lists).names, 4);
	assert_int_equal(lists_count(lists).skipped, 0);
}

static void names_with_all_below(void **state)
{
	(void)state;
	read_list("n", "plain.example\n.suffix.example\n*.wild.example\nfam.example\tmalware/fam\n"
		       "xn--eckwd4c7c.example # comment\n\xe4\xbe\x8b\xe3\x81\x88.example\n.ac.zz\n");
	assert_true(on("plain.example") && on("www.plain.example"));
	assert_string_equal(hit.date, "2020-01-01");
	assert_string_equal(hit.entry, "plain.example");
	assert_false(on("notplain.example"));
	assert_false(on("example"));
	assert_true(on("suffix.example") && on("a.b.suffix.example"));
	assert_false(on("wild.example"));
	assert_true(on("x.wild.example"));
	assert_string_equal(hit.entry, "*.wild.example");
	assert_true(on("fam.example"));
	assert_string_equal(hit.category, "malware/fam");
	assert_true(on("xn--r8jz45g.example")); /* the other, as punycode */
	assert_true(on("xn--eckwd4c7c.example"));
	assert_true(on("any.ac.zz"));
	assert_int_equal(lists_count(lists).skipped, 0);
}

static void adblock_and_resolvers(void **state)
{
	(void)state;
	read_list("a", "[Adblock Plus 2.0]\n! Last modified: 2026-01-02\n||ads.example^$third-party\n"
		       "||track.example^\n@@||good.example^\n|https://one.example/x|\n"
		       "address=/dnsmasq.example/0.0.0.0\nlocal-zone: \"unbound.example\" always_nxdomain\n");
	assert_true(on("ads.example") && on("x.ads.example"));
	assert_string_equal(hit.date, "2026-01-02");
	assert_true(on("track.example"));
	assert_false(on("good.example"));
	assert_false(on("one.example"));
	assert_true(lists_url(lists, span_text("one.example"), span_text("/x"), NULL, &hit));
	assert_true(on("a.dnsmasq.example") && on("unbound.example"));
}

static void response_policy_zones(void **state)
{
	(void)state;
	read_list("z", "$TTL 60\n@ IN SOA localhost. root.localhost. (1 3600 600 86400 60)\n"
		       "@ IN NS localhost.\nx.example CNAME .\n*.x.example 60 IN CNAME .\n"
		       "only.example CNAME *.\npass.example CNAME rpz-passthru.\n"
		       "24.0.113.0.203.rpz-ip CNAME .\n48.zz.bad.db8.2001.rpz-ip CNAME .\n");
	assert_true(on("x.example") && on("a.x.example"));
	assert_string_equal(hit.entry, "*.x.example");
	assert_true(on("only.example"));
	assert_false(on("a.only.example"));
	assert_false(on("pass.example"));
	assert_false(on("localhost"));
	assert_int_equal(lists_count(lists).ranges, 2);
	assert_true(at("203.0.113.9", 0));
	assert_false(at("203.113.0.9", 0));
	assert_true(at("2001:db8:bad::1", 0));
	assert_int_equal(lists_count(lists).skipped, 0);
}

static void rules(void **state)
{
	(void)state;
	read_list("r",
	    "alert dns any any -> any any (msg:\"list a\"; dns.query; dotprefix; "
	    "content:\".a.example\"; nocase; endswith; sid:1;)\n"
	    "alert tls any any -> any any (msg:\"semi\\;colon; b\"; tls.sni; content:\"b.example\"; "
	    "startswith; endswith; sid:2;)\n"
	    "alert http any any -> any any (msg:\"c\"; content:\"/gate.php\"; http_uri; "
	    "content:\"c.example\"; http_host; sid:3;)\n"
	    "alert tls any any -> any any (ja3.hash; content:\"6734F37431670B3AB4292B8F60F29984\"; sid:4;)\n"
	    "alert ip $HOME_NET any -> [192.0.2.7,198.51.100.0/24] any (msg:\"ips\"; sid:5;)\n"
	    "pass dns any any -> any any (dns.query; content:\"good.example\"; sid:6;)\n"
	    "alert tcp any any -> any any (msg:\"nothing\"; content:\"|00 01|\"; sid:7;)\n");
	assert_true(on("a.example") && on("x.a.example"));
	assert_string_equal(hit.category, "list a");
	assert_true(on("b.example"));
	assert_false(on("x.b.example"));
	assert_true(on("c.example"));
	assert_false(on("good.example"));
	assert_true(lists_print(lists, span_text("6734f37431670b3ab4292b8f60f29984"), NULL, &hit));
	assert_true(at("192.0.2.7", 443) && at("198.51.100.200", 0));
	assert_string_equal(hit.entry, "198.51.100.0/24");
	assert_int_equal(lists_count(lists).skipped, 1);
}

static void addresses(void **state)
{
	(void)state;
	read_list("i", "203.0.113.0/24\n198.51.100.7\n2001:db8:bad::/48\n192.0.2.1-192.0.2.9\n"
		       "# comment\n45.9.0.0/16 ; SBL1 \n192.0.2.77:8080\tmalware/x\n[2001:db8::1]:443\n"
		       "10.0.0.0/8\n10.1.2.0/24\n10.0.0.1 - 10.0.0.3\n");
	assert_true(at("203.0.113.200", 443));
	assert_string_equal(hit.entry, "203.0.113.0/24");
	assert_false(at("203.0.114.0", 0));
	assert_true(at("198.51.100.7", 0) && at("198.51.100.7", 80));
	assert_true(at("2001:db8:bad:1::", 0));
	assert_true(at("192.0.2.9", 0));
	assert_string_equal(hit.entry, "192.0.2.1-192.0.2.9");
	assert_false(at("192.0.2.10", 0));
	assert_true(at("45.9.255.255", 0));
	assert_string_equal(hit.category, "SBL1");
	assert_true(at("192.0.2.77", 8080));
	assert_string_equal(hit.entry, "192.0.2.77:8080");
	assert_string_equal(hit.category, "malware/x");
	assert_false(at("192.0.2.77", 80));
	assert_true(at("2001:db8::1", 443));
	assert_true(at("10.1.2.3", 0));
	assert_string_equal(hit.entry, "10.1.2.0/24"); /* the nearest */
	assert_true(at("10.200.0.1", 0));
	assert_string_equal(hit.entry, "10.0.0.0/8");
	assert_int_equal(lists_count(lists).skipped, 0);
}

static void urls_tables_and_digests(void **state)
{
	(void)state;
	read_list("u", "# id,dateadded,url\n\"1\",\"2026-01-01 00:00\",\"http://u.example:80/a/b.exe\",\"online\"\n"
		       "first_seen_utc,dst_ip,dst_port,c2_status\n2026-01-01 10:00:00,192.0.2.5,447,online\n"
		       "2026-01-02,DE:AD:BE:EF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF,\"Dridex C2\"\n"
		       "https://root.example/\nbare.example/path?q=1\nNXUuY3J5cHRvLWt1YmUuY29t\n"
		       "900150983cd24fb0d6963f7d28e17f72\n"); /* MD5 of "abc" */
	assert_true(lists_url(lists, span_text("U.example:80"), span_text("/a/b.exe"), NULL, &hit));
	assert_true(lists_url(lists, span_text("u.example"), span_text("/a/b.exe?x=1"), NULL, &hit));
	assert_false(lists_url(lists, span_text("u.example"), span_text("/a/b"), NULL, &hit));
	assert_false(on("u.example"));
	assert_true(at("192.0.2.5", 447));
	assert_false(at("192.0.2.5", 80));
	assert_true(lists_print(lists, span_text("deadbeef00112233445566778899aabbccddeeff"), NULL, &hit));
	assert_string_equal(hit.category, "Dridex C2");
	assert_true(on("root.example"));
	assert_true(lists_url(lists, span_text("bare.example"), span_text("/path?q=1"), NULL, &hit));
	assert_true(on("5u.crypto-kube.com"));
	assert_true(on("abc"));
}

static void objects(void **state)
{
	(void)state;
	read_list("m", "{\"Event\":{\"info\":\"case 7\",\"date\":\"2026-05-06\",\"Attribute\":["
		       "{\"type\":\"domain\",\"category\":\"Network activity\",\"value\":\"m.example\"},"
		       "{\"value\":\"192.0.2.9|8443\",\"type\":\"ip-dst|port\"},"
		       "{\"type\":\"comment\",\"value\":\"not.example\"}]}}");
	assert_true(on("m.example"));
	assert_string_equal(hit.date, "2026-05-06");
	assert_string_equal(hit.category, "Network activity");
	assert_true(at("192.0.2.9", 8443));
	assert_false(on("not.example"));
	read_list("s", "{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\",\"modified\":\"2026-02-03T00:00:00Z\","
		       "\"pattern\":\"[domain-name:value = 's.example' OR ipv4-addr:value = '192.0.2.10' OR "
		       "url:value = 'http://s.example/x']\"}]}");
	assert_true(on("s.example") && at("192.0.2.10", 0));
	assert_true(lists_url(lists, span_text("s.example"), span_text("/x"), NULL, &hit));
	read_list("j", "[\"j.example\", \"192.0.2.11\"]");
	assert_true(on("j.example") && at("192.0.2.11", 0));
}

/* The second that is meant, and one only. */
static void met_at(const char *when)
{
	int64_t s = 0;

	assert_true(list_time(span_text(when), &s));
	met = (struct lists_met){ s, s };
}

static void times_are_read(void **state)
{
	static const struct { const char *text; int64_t s; } good[] = { { "2026-01-01", 1767225600 },
		{ "2026-01-01 00:00:00", 1767225600 }, { "2026-01-01T09:00:00.123456+09:00", 1767225600 },
		{ "2025-12-31T19:00:00-0500", 1767225600 }, { "2026-01-01T00:01Z", 1767225660 },
		{ "2026-01-01 00:00:07 UTC", 1767225607 }, { "1767225600", 1767225600 } };
	static const char *const bad[] = { "", "2026", "2026-13-01", "2026-02-29", "2026-1-01", "soon",
		"01/02/2026", "12345", "99999-01-01", "-1767225600" };
	int64_t s = 7;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(list_time(span_text(good[i].text), &s));
		assert_int_equal(s, good[i].s);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(list_time(span_text(bad[i]), &s));
}

/* STIX: an indicator holds from valid_from until valid_until, wherever in the object that is
 * said; one that is revoked never does. */
static void entries_hold_for_a_time(void **state)
{
	static const char bundle[] = "{\"type\":\"bundle\",\"objects\":["
		"{\"type\":\"indicator\",\"created\":\"2026-01-05T00:00:00Z\",\"external_references\":[{\"source_name\":\"x\"}],"
		"\"pattern\":\"[domain-name:value = 'a.example']\",\"valid_from\":\"2026-02-01T12:00:00Z\",\"valid_until\":\"2026-03-01T00:00:00Z\"},"
		"{\"valid_from\":\"2026-05-01T00:00:00Z\",\"type\":\"indicator\",\"pattern\":\"[domain-name:value = 'a.example' OR ipv4-addr:value = '192.0.2.0/24']\"},"
		"{\"type\":\"indicator\",\"pattern\":\"[domain-name:value = 'r.example']\",\"revoked\": true},"
		"{\"type\":\"indicator\",\"pattern\":\"[domain-name:value = 'n.example']\",\"revoked\": false}]}";
	static const struct { const char *when; bool on, range; } at_times[] = {
		{ "2026-02-01T11:59:59Z", false, false }, { "2026-02-01T12:00:00Z", true, false },
		{ "2026-02-28T23:59:59Z", true, false }, { "2026-03-01T00:00:00Z", false, false },
		{ "2026-04-30T23:59:59Z", false, false }, { "2026-05-01T00:00:00Z", true, true },
		{ "2030-01-01", true, true } };

	(void)state;
	read_list("s", bundle);
	for (size_t i = 0; i < sizeof at_times / sizeof *at_times; i++) {
		met_at(at_times[i].when);
		assert_int_equal(on("a.example"), at_times[i].on);
		assert_int_equal(on("www.a.example"), at_times[i].on);
		assert_int_equal(at("192.0.2.7", 443), at_times[i].range);
		assert_false(on("r.example"));
		assert_true(on("n.example"));
	}
	met_at("2026-02-10");
	assert_true(on("a.example") && hit.dated);
	assert_string_equal(hit.date, "2026-01-05");
	assert_int_equal(hit.from_s, 1769947200);
	assert_int_equal(hit.until_s, 1772323200);
	met_at("2026-06-01");
	assert_true(on("a.example") && hit.dated);
	assert_string_equal(hit.date, "2026-05-01"); /* nothing else says one */
	assert_int_equal(hit.until_s, 0);
	assert_true(on("n.example") && !hit.dated);
	assert_string_equal(hit.date, "2020-01-01"); /* the list's */
	met = (struct lists_met){ 1, 1790000000 }; /* a long time in which it held once */
	assert_true(on("a.example"));
	met = (struct lists_met){ .first_s = 0 };
	assert_true(on("a.example"));
	assert_int_equal(lists_count(lists).names, 3); /* one of them with two times */
	assert_int_equal(lists_count(lists).skipped, 0);
}

/* When something was first seen is the date of its entry, and bounds nothing. */
static void rows_have_their_dates(void **state)
{
	(void)state;
	read_list("urlhaus", "# id,dateadded,url,url_status,last_online,threat\n"
		"\"1\",\"2026-01-02 03:04:05\",\"http://u.example/a\",\"offline\",\"2026-02-03\",\"malware_download\"\n");
	met_at("2025-01-01");
	assert_true(lists_url(lists, span_text("u.example"), span_text("/a"), &met, &hit));
	assert_string_equal(hit.date, "2026-01-02");
	assert_string_equal(hit.category, "malware_download");
	read_list("feodo", "\"last_online\",\"first_seen_utc\",\"dst_ip\",\"dst_port\"\n"
		"\"2026-09-09\",\"2026-01-03 10:00:00\",\"192.0.2.5\",\"447\"\n");
	assert_true(at("192.0.2.5", 447));
	assert_string_equal(hit.date, "2026-01-03");
	read_list("sslbl", "# Listingdate,SHA1,Listingreason\n2026-01-04 10:00:00,deadbeef00112233445566778899aabbccddeeff,Dridex C2\n");
	assert_true(lists_print(lists, span_text("deadbeef00112233445566778899aabbccddeeff"), &met, &hit));
	assert_string_equal(hit.date, "2026-01-04");
	read_list("no heading", "x.example,2026-01-05,malware,2026-01-09\n");
	assert_true(on("x.example"));
	assert_string_equal(hit.date, "2026-01-05");
	read_list("misp", "uuid,event_id,category,type,value,comment,to_ids,date\n"
		"u,7,\"Network activity\",domain,m.example,\"\",1,1767225600\n");
	assert_true(on("m.example"));
	assert_string_equal(hit.date, "2026-01-01");
	read_list("opencti", "value,valid_from,valid_until\no.example,2026-01-01,2026-02-01\n");
	assert_false(on("o.example"));
	met_at("2026-01-15");
	assert_true(on("o.example"));
	met = (struct lists_met){ .first_s = 0 };
}

static void objects_have_their_dates(void **state)
{
	(void)state;
	read_list("misp", "{\"Event\":{\"info\":\"case 7\",\"date\":\"2026-05-06\",\"timestamp\":\"1700000000\",\"Attribute\":["
		"{\"type\":\"domain\",\"timestamp\":\"1767225600\",\"value\":\"m.example\"},"
		"{\"first_seen\":\"2026-03-04T00:00:00+00:00\",\"value\":\"f.example\",\"timestamp\":1767225600,\"type\":\"domain\"},"
		"{\"type\":\"domain\",\"value\":\"d.example\",\"deleted\":true},"
		"{\"type\":\"domain\",\"value\":\"e.example\"}]}}");
	assert_true(on("m.example"));
	assert_string_equal(hit.date, "2026-01-01");
	assert_string_equal(hit.category, "case 7");
	assert_true(on("f.example"));
	assert_string_equal(hit.date, "2026-03-04");
	assert_false(on("d.example"));
	assert_true(on("e.example") && !hit.dated);
	assert_string_equal(hit.date, "2026-05-06");
	read_list("threatfox", "{\"1\":[{\"ioc_value\":\"192.0.2.8:447\",\"ioc_type\":\"ip:port\",\"first_seen_utc\":\"2026-04-05 06:07:08\",\"last_seen_utc\":null}]}");
	assert_true(at("192.0.2.8", 447));
	assert_string_equal(hit.date, "2026-04-05");
	/* deeper than objects are told apart, and cut short */
	read_list("deep", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
		"{\"type\":\"domain\",\"value\":\"deep.example\"}, \"type\":\"domain\",\"value\":\"cut.example\"");
	assert_true(on("deep.example") && on("cut.example"));
}

/* Of one entry many times are kept; past the limit they are counted. */
static void many_times_of_one(void **state)
{
	char csv[4000] = "value,valid_from,valid_until\n";

	(void)state;
	for (unsigned i = 0; i < LIMIT_LIST_TIMES + 3; i++)
		(void)snprintf(csv + strlen(csv), sizeof csv - strlen(csv), "o.example,20%02u-01-01,20%02u-02-01\n",
		    10 + i, 10 + i);
	read_list("o", csv);
	assert_int_equal(lists_count(lists).names, LIMIT_LIST_TIMES);
	assert_int_equal(lists_count(lists).skipped, 3);
	met_at("2025-01-15");
	assert_true(on("o.example"));
	met_at("2025-03-15");
	assert_false(on("o.example"));
	met = (struct lists_met){ .first_s = 0 };
}

static void punycode_is_right(void **state)
{
	char room[64];

	(void)state; /* examples of RFC 3492 section 7.1 */
	size_t n = punycode(span_text("\xe4\xbb\x96\xe4\xbb\xac\xe4\xb8\xba\xe4\xbb\x80\xe4\xb9\x88"
		"\xe4\xb8\x8d\xe8\xaf\xb4\xe4\xb8\xad\xe6\x96\x87"), room, sizeof room);

	assert_memory_equal(room, "xn--ihqwcrb4cv8a8dqg056pqjye", n);
	assert_int_equal(n, 28);
	n = punycode(span_text("b\xc3\xbc" "cher"), room, sizeof room);
	assert_memory_equal(room, "xn--bcher-kva", n);
	assert_int_equal(n, 13);
	assert_int_equal(punycode(span_text("b\xc3\xbc" "cher"), room, 8), 0);
}

static void rubbish_is_counted(void **state)
{
	char *longest = malloc(20001);

	(void)state;
	memset(longest, 'a', 20000);
	longest[20000] = '\0';
	read_list("x", longest);
	assert_int_equal(lists_count(lists).names, 0);
	assert_int_equal(lists_count(lists).skipped, 1);
	longest[19000] = '\n';
	read_list("x", longest);
	assert_int_equal(lists_count(lists).skipped, 2); /* what is after it, too */
	free(longest);
	read_list("x", "hello\n(a|b)\\.example\n...\n999.1.1.1\n1.2.3.4/99\n");
	assert_int_equal(lists_count(lists).names, 0);
	assert_int_equal(lists_count(lists).ranges, 0);
	assert_int_equal(lists_count(lists).skipped, 5);
}

static int done(void **state)
{
	(void)state;
	lists_free(lists);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_exact),
		cmocka_unit_test(names_with_all_below),
		cmocka_unit_test(adblock_and_resolvers),
		cmocka_unit_test(response_policy_zones),
		cmocka_unit_test(rules),
		cmocka_unit_test(addresses),
		cmocka_unit_test(urls_tables_and_digests),
		cmocka_unit_test(objects),
		cmocka_unit_test(times_are_read),
		cmocka_unit_test(entries_hold_for_a_time),
		cmocka_unit_test(rows_have_their_dates),
		cmocka_unit_test(objects_have_their_dates),
		cmocka_unit_test(many_times_of_one),
		cmocka_unit_test(punycode_is_right),
		cmocka_unit_test(rubbish_is_counted),
	};

	return cmocka_run_group_tests_name("lists", tests, NULL, done);
}
