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

static const char *read_har(const char *har, int expect)
{
	const struct listener ears = { .http = on_http, .body = on_body, .slice = on_slice };
	struct address device = address_read(span_text("192.0.2.7"));
	struct har_counts counts = { .entries = 99 };
	struct why why;

	text_clear(&said);
	int code = har_read(span_text(har), &device, 10, &ears, &counts, &why);

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
	    "POST h.example:8443 /a?sn=X1 s f10 1776913200500\n"
	    "> =/a\n> sn=X1\n> X-Id=77\n> mail=a@b.example\n"
	    "answer 200\n< =hello\nslice 203.0.113.9:8443 107 59\n");
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
		cmocka_unit_test(what_is_none_is_refused),
	};

	return cmocka_run_group_tests_name("har", tests, begin, end);
}
