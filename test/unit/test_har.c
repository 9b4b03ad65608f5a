/* test/unit/test_har.c - a HAR becomes the same events as the wire: requests, fields,
 * bodies, answers; what was https is marked as decrypted. */
#include "harness.h"
#include "base/text.h"
#include "wire/har.h"
#include <stdio.h>
#include <stdlib.h>

static struct text said;

static void on_http(void *context, const struct said_head *head, const struct said_http *http)
{
	(void)context;
	if (http->response)
		text_addf(&said, "answer %d\n", http->status);
	else
		text_addf(&said, "%.*s %.*s %.*s %s f%d %lld\n", (int)http->method.left,
		    (const char *)http->method.at, (int)http->host.left, (const char *)http->host.at,
		    (int)http->uri.left, (const char *)http->uri.at, head->flow->decrypted ? "s" : "-",
		    (int)head->frame, (long long)(head->time_ns / 1000000));
}
static void on_body(void *context, const struct said_head *head, const struct said_body *body)
{
	(void)context;
	text_addf(&said, "%c %.*s=%.*s\n", head->side == SIDE_CLIENT ? '>' : '<', (int)body->key.left,
	    (const char *)body->key.at, (int)body->bytes.left, (const char *)body->bytes.at);
}
static void on_slice(void *context, const struct said_head *head, const struct said_slice *slice)
{
	char text[ADDRESS_TEXT];

	(void)context;
	text_addf(&said, "slice %s:%u %d %d\n", address_show(&head->flow->server, text),
	    head->flow->server_port, (int)slice->bytes[0], (int)slice->bytes[1]);
}

static void on_tls(void *context, const struct said_head *head, const struct said_tls *tls)
{
	(void)context;
	(void)head;
	text_addf(&said, "tls %d %x %.*s", tls->when, tls->version, (int)tls->sni.left,
	    (const char *)tls->sni.at);
	for (size_t i = 0; i < tls->certificates; i++)
		text_addf(&said, " <%.*s>", (int)tls->certificate[i].left,
		    (const char *)tls->certificate[i].at);
	if (tls->told != NULL)
		text_addf(&said, " told %.*s by %.*s %d %d", (int)tls->told->subject.left,
		    (const char *)tls->told->subject.at, (int)tls->told->issuer.left,
		    (const char *)tls->told->issuer.at, (int)tls->told->not_before_s,
		    (int)tls->told->not_after_s);
	text_add(&said, tls->refused ? " refused\n" : "\n");
}
static void on_name(void *context, const struct said_head *head, const struct said_name *name)
{
	(void)context;
	(void)head;
	text_addf(&said, "name %.*s: %.*s\n", (int)name->name.left, (const char *)name->name.at,
	    (int)name->describes.left, (const char *)name->describes.at);
}
static void on_credential(void *context, const struct said_head *head,
    const struct said_credential *credential)
{
	(void)context;
	(void)head;
	text_addf(&said, "credential %s %.*s\n", credential->how, (int)credential->user.left,
	    (const char *)credential->user.at);
}

static const char *read_har(const char *har, int expect)
{
	const struct listener ears = { .http = on_http, .body = on_body, .slice = on_slice,
		.tls = on_tls, .name = on_name, .credential = on_credential };
	const struct har_ask ask = { .device = address_read(span_text("192.0.2.7")),
		.name = span_text("laptop"), .first_frame = 10, .ears = &ears };
	struct har_counts counts = { .entries = 99 };
	struct why why;

	text_clear(&said);
	int code = har_read(span_text(har), &ask, &counts, &why);

	if (code != expect)
		fail_msg("%s", why.text);
	assert_int_equal(counts.entries, expect == KS_OK ? 1 : 99);
	return text_cstr(&said);
}

static void entries_become_events(void **state)
{
	(void)state;
	assert_string_equal(read_har(
	    "{\"log\":{\"version\":\"1.2\",\"entries\":[{\"startedDateTime\":\"2026-04-23T12:00:00.5+09:00\","
	    "\"time\":12.5,\"serverIPAddress\":\"203.0.113.9\",\"request\":{\"method\":\"POST\","
	    "\"url\":\"https://h.example:8443/a?sn=X1#top\",\"headersSize\":100,\"bodySize\":7,"
	    "\"headers\":[{\"name\":\":authority\",\"value\":\"h\"},{\"name\":\"X-Id\",\"value\":\"77\"}],"
	    "\"postData\":{\"mimeType\":\"application/json\",\"text\":\"{\\\"mail\\\":\\\"a@b.example\\\"}\"}},"
	    "\"response\":{\"status\":200,\"headersSize\":50,\"bodySize\":9,\"headers\":[],"
	    "\"content\":{\"size\":5,\"mimeType\":\"text/plain\",\"encoding\":\"base64\",\"text\":\"aGVsbG8=\"}}},"
	    "{\"request\":{\"url\":\"nothing\"}}]}}", KS_OK),
	    "tls 0 0 h.example\ntls 4 0 h.example\n"
	    "POST h.example:8443 /a?sn=X1 s f10 1776913200500\n"
	    "> =/a\n> sn=X1\n> X-Id=77\n> mail=a@b.example\n"
	    "answer 200\n< =hello\nslice 203.0.113.9:8443 107 59\nname laptop: \n");
}

#define ENTRY(more, request, response)                                                 \
	"{\"log\":{\"creator\":{\"name\":\"mitmproxy\",\"version\":\"10.4\"},\"entries\":[{"       \
	"\"startedDateTime\":\"2026-04-23T12:00:00Z\"," more "\"request\":{\"method\":\"GET\","    \
	"\"url\":\"https://h.example/\"" request "},\"response\":{" response "}}]}}"

/* What browsers, proxies and WebPageTest add to the standard. */
static void more_than_the_standard_is_read(void **state)
{
	(void)state;
	assert_string_equal(read_har(ENTRY("\"_securityDetails\":{\"protocol\":\"TLS 1.3\","
	    "\"subjectName\":\"h.example\",\"issuer\":\"R3\",\"validFrom\":1700000000,"
	    "\"validTo\":1707776000},", ",\"headers\":[{\"name\":\"Authorization\","
	    "\"value\":\"Basic YW5uOnNlY3JldA==\"}]", "\"status\":204"), KS_OK),
	    "tls 0 304 h.example\ntls 2 304 h.example told h.example by R3 1700000000 1707776000\n"
	    "tls 4 304 h.example told h.example by R3 1700000000 1707776000\nGET h.example / s f10 1776945600000\n"
	    "credential http-basic ann\nanswer 204\nslice 0.0.0.0:443 55 14\n"
	    "name laptop: mitmproxy 10.4\n");
	assert_string_equal(read_har(ENTRY("\"_certificates\":[\"TUlJ\","
	    "\"-----BEGIN CERTIFICATE-----\\nUk9P\\nVA==\\n-----END CERTIFICATE-----\\n\"],"
	    "\"_webSocketMessages\":[{\"type\":\"send\",\"data\":\"up\"},{\"type\":\"receive\","
	    "\"data\":\"down\"}],", ",\"httpVersion\":\"h2\",\"postData\":{\"params\":[{\"name\":\"sn\","
	    "\"value\":\"X1\"}]}", "\"status\":101"), KS_OK),
	    "tls 0 0 h.example\ntls 2 0 h.example <MII> <ROOT>\ntls 4 0 h.example <MII> <ROOT>\n"
	    "GET h.example / s f10 1776945600000\n> sn=X1\nanswer 101\n> =up\n< =down\n"
	    "slice 0.0.0.0:443 16 14\nname laptop: mitmproxy 10.4\n");
	assert_string_equal(read_har(ENTRY("", "", "\"status\":0,"
	    "\"_error\":\"net::ERR_CERT_AUTHORITY_INVALID\""), KS_OK),
	    "tls 0 0 h.example\ntls 4 0 h.example refused\nGET h.example / s f10 1776945600000\n"
	    "slice 0.0.0.0:443 16 0\nname laptop: mitmproxy 10.4\n");
}

/* Zones as ISO 8601 writes them; what has no time is left out and counted. */
static void times_have_zones(void **state)
{
	static const struct {
		const char *time;
		long long ms;
	} rows[] = { { "2026-11-01T00:03:00Z", 0 }, { "2026-11-01T00:03:00", 0 },
		{ "2026-11-01T09:03:00.000+09:00", 0 }, { "2026-11-01T09:03:00.000+0900", 0 },
		{ "2026-11-01T09:03:00+09", 0 }, { "2026-10-31T18:33:00-0530", 0 },
		{ "2026-10-31T18:33:00-05:30", 0 }, { "2026/11/01 00:03", -1 }, { "2026-11-01T00:03:00+9", -1 },
		{ "2026-11-01T00:03:00+a900", -1 }, { "2026-11-01T00:03:00 GMT", -1 },
		{ "2026-11-01T00:03:00+09:000", -1 } };
	const struct har_ask ask = { .device = address_read(span_text("192.0.2.7")), .name = span_text("laptop"),
		.first_frame = 10, .ears = &(const struct listener){ .http = on_http } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct har_counts counts;
		struct text har;
		struct why why;

		text_init(&har, 4096);
		text_addf(&har, "{\"log\":{\"entries\":[{\"startedDateTime\":\"2026-11-01T00:00:00Z\",\"request\":{"
				"\"method\":\"GET\",\"url\":\"http://a.example/\"}},{\"startedDateTime\":\"%s\","
				"\"request\":{\"method\":\"GET\",\"url\":\"http://b.example/\"}}]}}", rows[i].time);
		text_clear(&said);
		assert_int_equal(har_read(text_span(&har), &ask, &counts, &why), KS_OK);
		assert_int_equal(counts.untimed, rows[i].ms < 0);
		assert_int_equal(counts.first_untimed, rows[i].ms < 0 ? 2 : 0);
		if (rows[i].ms == 0)
			assert_int_equal(counts.last_ns / 1000000, 1793491380000 + rows[i].ms);
		text_done(&har);
	}
}

static void what_is_none_is_refused(void **state)
{
	(void)state;
	assert_string_equal(read_har("", KS_MALFORMED), "");
	assert_string_equal(read_har("{\"log\":{}}", KS_MALFORMED), "");
	assert_string_equal(read_har("{\"log\":", KS_MALFORMED), "");
	assert_string_equal(read_har("[1]", KS_MALFORMED), "");
	assert_true(har_looks(span_text("\xef\xbb\xbf{ \"log\": {")));
	assert_false(har_looks(span_text("{\"a\"")));
	assert_false(har_looks(span_text("")));
}

static int begin(void **state)
{
	(void)state;
	text_init(&said, 1 << 16);
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
		cmocka_unit_test(entries_become_events),
		cmocka_unit_test(more_than_the_standard_is_read),
		cmocka_unit_test(times_have_zones),
		cmocka_unit_test(what_is_none_is_refused),
	};

	return cmocka_run_group_tests_name("har", tests, begin, end);
}
