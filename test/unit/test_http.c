/* test/unit/test_http.c - HTTP/1 as it comes on the wire: whatever the split, the same is
 * said; pipelines, chunks, gzip, gaps, CONNECT; and the leaves of bodies. */
#include "harness.h"
#include "base/limits.h"
#include "stage.h"
#include "wire/body.h"
#include "wire/decode.h"
#include "wire/http.h"
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

/* Both sides whole, at every step; what is said must not depend on it. */
static void expect(const char *asked, const char *answered, const char *said)
{
	static struct stage stage;

	for (size_t step = 1; step < 64; step += step < 8 ? 1 : 11) {
		stage_begin(&stage, &tongue_http);
		stage_take(&stage, SIDE_CLIENT, asked, strlen(asked), step);
		if (answered != NULL)
			stage_take(&stage, SIDE_SERVER, answered, strlen(answered), step);
		const char *got = stage_end(&stage);

		if (strcmp(got, said) != 0)
			fail_msg("step %zu, said:\n%s\nnot:\n%s", step, got, said);
		stage_done(&stage);
	}
}

static void requests_and_answers(void **state)
{
	(void)state;
	expect("GET /a%20b?x=1 HTTP/1.1\r\nHost: h.example:80\r\nUser-Agent: u\r\n\r\n",
	    "HTTP/1.0 200 Fine enough\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi",
	    "name h.example\n"
	    "> request n=0 v=11 method=GET host=h.example:80 uri=/a%20b?x=1 agent=u\n"
	    "> uri is=/a b\n"
	    "> uri key=x is=1\n"
	    "> end n=0 bytes=0\n"
	    "< answer n=0 v=10 status=200 type=text/plain\n"
	    "< text is=hi\n"
	    "< end n=0 bytes=2 magic=hi\n");
	/* until the end; bare line feeds; a folded line; an unknown method */
	expect("BREW-IT / HTTP/1.1\nHost:\n h\n\n", "HTTP/1.1 200 OK\nContent-Type: text/csv\n\na,b",
	    "name h\n"
	    "> request n=0 v=11 method=BREW-IT host=h uri=/\n"
	    "> end n=0 bytes=0\n"
	    "< answer n=0 v=11 status=200 type=text/csv\n"
	    "< text is=a,b\n"
	    "< end n=0 bytes=3 magic=a,b\n");
}

static void the_oldest_has_no_heads(void **state)
{
	static struct stage stage;

	(void)state;
	stage_begin(&stage, &tongue_http);
	stage_take(&stage, SIDE_CLIENT, "GET /old?id=7\r\n", 15, 15);
	stage_take(&stage, SIDE_SERVER, "<p>made in 1991</p>", 19, 7);
	assert_string_equal(stage_end(&stage), "> request n=0 v=9 method=GET uri=/old?id=7\n"
	    "> uri is=/old\n> uri key=id is=7\n> end n=0 bytes=0\n"
	    "< text is=<p>made in 1991</p>\n< end n=0 bytes=19 magic=<p>made in 1\n");
	stage_done(&stage);
	assert_true(http_is_oldest(span_text("GET /\n")));
	assert_true(http_is_oldest(span_text("GET /\r\n\r\n")));
	assert_false(http_is_oldest(span_text("GET /")));
	assert_false(http_is_oldest(span_text("GET / HTTP/1.0\r\n")));
	assert_false(http_is_oldest(span_text("GET /a b\r\n")));
	assert_false(http_is_oldest(span_text("GET /\r\nHost: h\r\n")));
	assert_false(http_is_oldest(span_text("POST /\r\n")));
}

static void pipelines_join_answers(void **state)
{
	(void)state;
	expect("GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n",
	    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n"
	    "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n"
	    "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n",
	    "> request n=0 v=11 method=GET uri=/1\n> uri is=/1\n> end n=0 bytes=0\n"
	    "> request n=1 v=11 method=HEAD uri=/2\n> uri is=/2\n> end n=1 bytes=0\n"
	    "> request n=2 v=11 method=GET uri=/3\n> uri is=/3\n> end n=2 bytes=0\n"
	    "< answer n=0 v=11 status=100\n"
	    "< answer n=0 v=11 status=204\n< end n=0 bytes=0\n"
	    "< answer n=1 v=11 status=200\n< end n=1 bytes=0\n"
	    "< answer n=2 v=11 status=200 type=text/plain\n"
	    "< text is=abcde\n< end n=2 bytes=5 magic=abcde\n");
}

/* The first bytes of a frame of each side, and then a gap, or the end. */
static void expect_cut(const char *asked, const char *answered, const char *said)
{
	static struct stage stage;

	for (size_t step = 1; step < 64; step += step < 8 ? 1 : 11)
		for (uint64_t lost = 0; lost < 20; lost += 19) {
			stage_begin(&stage, &tongue_http);
			stage_take(&stage, SIDE_CLIENT, asked, strlen(asked), step);
			if (lost > 0)
				stage_gap(&stage, SIDE_CLIENT, lost);
			stage_take(&stage, SIDE_SERVER, answered, strlen(answered), step);
			if (lost > 0)
				stage_gap(&stage, SIDE_SERVER, lost);
			const char *got = stage_end(&stage);

			if (lost > 0 && strcmp(got, said) != 0)
				fail_msg("step %zu, said:\n%s\nnot:\n%s", step, got, said);
			assert_non_null(strstr(got, " cut\n"));
			stage_done(&stage);
		}
}

static void heads_that_are_cut_tell_what_is_here(void **state)
{
	(void)state;
	expect_cut("GET /a?x=1&y=23 HTTP/1.1\r\nHost: h\r\nUser-Agent: u\r\nX-", "HTTP/1.1 404 N",
	    "name h\n> request n=0 v=11 method=GET host=h uri=/a?x=1&y=23 agent=u cut\n"
	    "> uri is=/a\n> uri key=x is=1\n> uri key=y is=23\n< answer n=0 v=11 status=404 cut\n");
	/* within the first line: no half word is told as a whole one */
	expect_cut("GET /a?x=1&y=2", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Le",
	    "> request n=0 v=0 method=GET uri=/a?x=1&y=2 cut\n> uri is=/a\n> uri key=x is=1\n"
	    "< answer n=0 v=11 status=200 type=text/html cut\n");
	expect_cut("PUT /a HTTP/1.", "HTTP/1.1 20", "> request n=0 v=0 method=PUT uri=/a cut\n");
	expect_cut("GET / HTTP/1.1\r\nCookie: a=1; b=22; c=3", "HTTP/1.1",
	    "> request n=0 v=11 method=GET uri=/ cut\n> header key=a is=1\n> header key=b is=22\n");
	expect_cut("GET / HTTP/1.1\r\nAuthorization: Basic dGFyb", "HTTP/1.1",
	    "> request n=0 v=11 method=GET uri=/ cut\n> credential http-basic\n");
	expect_cut("CONNECT a.example:443 HTTP/1.1\r\nHost: a.e", "HTTP/1.1 200 OK\r\nX: y",
	    "> request n=0 v=11 method=CONNECT uri=a.example:443 cut\n> uri is=a.example:443\n< answer n=0 v=11 status=200 cut\n");
	/* no requests at all */
	static const char *const none[] = { "GET ", "GET a", "FOO /a", "HTTP/1.1 20x ", "NICK me\r\nX" };
	struct http_head head;

	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_false(http_head_read_cut(span_text(none[i]), &head));
}

static void the_next_head_is_found_after_one_that_is_cut(void **state)
{
	static struct stage stage;

	(void)state;
	stage_begin(&stage, &tongue_http);
	for (int i = 0; i < 3; i++) {
		stage_take(&stage, SIDE_CLIENT, "GET /1 HTTP/1.1\r\nHo", 19, 19);
		stage_gap(&stage, SIDE_CLIENT, 50);
		stage_take(&stage, SIDE_CLIENT, "GET /2/3/4", 10, 10);
		stage_gap(&stage, SIDE_CLIENT, 9);
		stage_take(&stage, SIDE_CLIENT, "of a body", 9, 9);
		stage_gap(&stage, SIDE_CLIENT, 9);
	}
	const char *got = stage_end(&stage);

	assert_non_null(strstr(got, "n=5 v=0 method=GET uri=/2/3/4 cut\n"));
	assert_null(strstr(got, "n=6"));
	stage_done(&stage);
}

static void credentials_are_read(void **state)
{
	(void)state;
	expect("GET / HTTP/1.0\r\nAuthorization: Basic dGFybzphOmI=\r\nCookie: a=1; b=2\r\n"
	       "X-Device-Id: 35\r\n\r\n", NULL,
	    "> request n=0 v=10 method=GET uri=/\n"
	    "> header key=X-Device-Id is=35\n> header key=a is=1\n> header key=b is=2\n"
	    "> credential http-basic user=taro secret=a:b\n> end n=0 bytes=0\n");
	expect("GET / HTTP/1.0\r\nAuthorization: Digest realm=\"r\", username=\"han ako\"\r\n\r\n",
	    NULL, "> request n=0 v=10 method=GET uri=/\n"
	    "> credential http-digest user=han ako\n> end n=0 bytes=0\n");
}

static void post(const char *type, const char *body, size_t n, const char *said)
{
	static struct stage stage;
	char head[512];

	n = n > 0 ? n : strlen(body);
	for (size_t step = 1; step <= n + 1; step += 17) {
		int len = snprintf(head, sizeof head,
		    "POST / HTTP/1.1\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", type, n);

		stage_begin(&stage, &tongue_http);
		stage_take(&stage, SIDE_CLIENT, head, (size_t)len, 4096);
		stage_take(&stage, SIDE_CLIENT, body, n, step);
		const char *got = stage_end(&stage), *first = strchr(got, '\n');
		size_t until = (size_t)(strstr(got, "> end") - got);

		got = first + 1;
		if (strncmp(got, said, strlen(said)) != 0 || strlen(said) != until - (size_t)(got - text_cstr(&stage.said)))
			fail_msg("step %zu, said:\n%s\nnot:\n%s", step, got, said);
		stage_done(&stage);
	}
}

static void bodies_are_taken_apart(void **state)
{
	static const char json[] = "{\"a\":{\"b\":[1,\"x\\u3042\\n\",null,{\"c\":-2.5}]},\"d\":true,"
				   "\"e\":\"{\\\"f\\\":\\\"g h\\\"}\",\"p\":\"\"}";
	static const char form[] = "name=Taro+Yamada&m%61il=a%40b.example&empty=&j=%7B%22k%22%3A7%7D";
	static const char parts[] = "--B\r\nContent-Disposition: form-data; name=\"one\"\r\n\r\n1st\r\n"
		"--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.json\"\r\n"
		"Content-Type: application/json\r\n\r\n{\"tel\":\"090\"}\r\n"
		"--B\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n\r\n"
		"aGVsbG8gd29ybGQ=\r\n--B--\r\nafter";

	(void)state;
	post("application/json", json, sizeof json - 1,
	    "> json key=a.b is=1\n> json key=a.b is=x\xe3\x81\x82\\u000a\n> json key=a.b.c is=-2.5\n"
	    "> json key=e.f is=g h\n");
	post("application/x-www-form-urlencoded", form, sizeof form - 1,
	    "> form key=name is=Taro Yamada\n> form key=mail is=a@b.example\n> json key=j.k is=7\n");
	post("multipart/form-data; boundary=B", parts, sizeof parts - 1,
	    "> part key=one is=1st\n> json key=f.tel is=090\n> text is=hello world\n");
	post("text/plain", "{\"wrong\":\"type\"}", 0, "> json key=wrong is=type\n");
	post("application/json", "{\"b\":\"eyJjYXJkIjoiNDExMSJ9eyJ4IjoiMSJ9\"}", 0,
	    "> json key=b is=eyJjYXJkIjoiNDExMSJ9eyJ4IjoiMSJ9\n> json key=b.card is=4111\n"
	    "> json key=b.x is=1\n");
	post("application/octet-stream", "\x01\x02\x80\x00\xff\x07", 6, "> bytes (6 bytes)\n");
	post("application/json", "{\"a\":\"cut in the mi", 0, "> json key=a is=cut in the mi\n");
}

static size_t pack(const char *plain, int window, uint8_t *room, size_t max)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)plain, .avail_in = (uInt)strlen(plain),
		.next_out = room, .avail_out = (uInt)max };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	(void)deflateEnd(&z);
	return (size_t)z.total_out;
}

static void packed_bodies_are_read(void **state)
{
	static const int windows[] = { 15 + 16, 15, -15 };
	static struct stage stage;

	(void)state;
	for (int w = 0; w < 3; w++) {
		uint8_t packed[256];
		char head[256];
		size_t n = pack("{\"mail\":\"a@b.example\"}", windows[w], packed, sizeof packed);
		int len = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: text/json\r\n"
		    "Content-Encoding: %s\r\nContent-Length: %zu\r\n\r\n", w == 0 ? "gzip" : "deflate", n);

		stage_begin(&stage, &tongue_http);
		stage_take(&stage, SIDE_SERVER, head, (size_t)len, 7);
		stage_take(&stage, SIDE_SERVER, packed, n, 5);
		const char *got = stage_end(&stage);

		assert_non_null(strstr(got, "< json key=mail is=a@b.example\n"));
		assert_non_null(strstr(got, "magic={\\\"mail\\\":\\\"a"));
		stage_done(&stage);
	}
	/* a bomb stops at the limit */
	struct text text;
	char *zeros = calloc(1, 1 << 20);
	uint8_t *packed = malloc(1 << 16);

	memset(zeros, 'a', (1 << 20) - 1);
	size_t n = pack(zeros, 31, packed, 1 << 16);

	text_init(&text, 1000);
	assert_int_equal(unzip(span_of(packed, n), &text), KS_FULL);
	assert_true(text.len <= 1000);
	text_done(&text);
	text_init(&text, 1 << 20);
	assert_int_equal(unzip(span_of(packed, n - 9), &text), KS_TRUNCATED);
	assert_int_equal(unzip(span_of("\xff\xff\xff\xff", 4), &text), KS_MALFORMED);
	text_done(&text);
	free(zeros);
	free(packed);
}

static void gaps_end_only_what_they_hit(void **state)
{
	static struct stage stage;
	const char *got = NULL;

	(void)state;
	stage_begin(&stage, &tongue_http);
	static const char one[] = "POST / HTTP/1.1\r\nContent-Type: text/plain\r\n"
				  "Content-Length: 20\r\n\r\nabcde";
	static const char two[] = "fghijGET /2 HTTP/1.1\r\n\r\n";

	stage_take(&stage, SIDE_CLIENT, one, sizeof one - 1, 100);
	stage_gap(&stage, SIDE_CLIENT, 10);
	stage_take(&stage, SIDE_CLIENT, two, sizeof two - 1, 100);
	stage_gap(&stage, SIDE_SERVER, 100); /* in a head: until the next one */
	stage_take(&stage, SIDE_SERVER, "rubbish", 7, 100);
	stage_take(&stage, SIDE_SERVER, "HTTP/1.1 200 OK\r\n\r\n", 19, 100);
	got = stage_end(&stage);
	assert_non_null(strstr(got, "> text is=abcde\\u000afghij\n> end n=0 bytes=20 magic=abcde"));
	assert_non_null(strstr(got, "> request n=1"));
	assert_non_null(strstr(got, "< answer n=0"));
	stage_done(&stage);
	stage_begin(&stage, &tongue_http); /* larger than the body: all after it is lost */
	stage_take(&stage, SIDE_CLIENT, one, sizeof one - 1, 100);
	stage_gap(&stage, SIDE_CLIENT, 1000);
	stage_take(&stage, SIDE_CLIENT, "tail", 4, 100);
	got = stage_end(&stage);
	assert_non_null(strstr(got, "> end n=0 bytes=20 cut"));
	stage_done(&stage);
}

static void long_bodies_are_skipped(void **state)
{
	static struct stage stage;
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n"
				   "Content-Length: 100000\r\n\r\n";
	static uint8_t film[100000];
	const char *got = NULL;

	(void)state;
	for (size_t cut = 0; cut < 2; cut++) {
		stage_begin(&stage, &tongue_http);
		stage_take(&stage, SIDE_SERVER, head, sizeof head - 1, 1000);
		stage_take(&stage, SIDE_SERVER, film, sizeof film - cut * 1000, 1000);
		if (cut == 0)
			stage_take(&stage, SIDE_SERVER, "HTTP/1.1 304 No\r\n\r\n", 19, 19);
		got = stage_end(&stage);
		assert_non_null(strstr(got, cut ? "end n=0 bytes=99000 cut" : "end n=0 bytes=100000 "));
		if (cut == 0)
			assert_non_null(strstr(got, "answer n=1 v=11 status=304"));
		stage_done(&stage);
	}
}

static void tunnels_are_handed_over(void **state)
{
	(void)state;
	expect("CONNECT h.example:443 HTTP/1.1\r\nHost: h.example:443\r\n\r\n",
	    "HTTP/1.1 200 Connected\r\n\r\n",
	    "name h.example\n"
	    "> request n=0 v=11 method=CONNECT host=h.example:443 uri=h.example:443\n"
	    "> uri is=h.example:443\n> end n=0 bytes=0\n"
	    "< answer n=0 v=11 status=200\n< end n=0 bytes=0\nswitch -\n");
	expect("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
	    "HTTP/1.1 101 Switching\r\n\r\n",
	    "> request n=0 v=11 method=GET uri=/ws\n> uri is=/ws\n> end n=0 bytes=0\n"
	    "< answer n=0 v=11 status=101\n< end n=0 bytes=0\nswitch -\n");
}

static enum guess guess_of(const char *client, const char *server)
{
	struct flow_view flow = { .id = 2 };
	struct span first[2] = { span_text(client), span_text(server) };

	return tongue_http.guess(&flow, first);
}

static void is_known_by_content(void **state)
{
	(void)state;
	assert_int_equal(guess_of("GET / HTTP/1.1\r\n", ""), GUESS_YES);
	assert_int_equal(guess_of("", "HTTP/1.0 200"), GUESS_YES);
	assert_int_equal(guess_of("CCM_POST /x HTTP/1.1\r\n", ""), GUESS_YES);
	assert_int_equal(guess_of("GE", ""), GUESS_MAYBE);
	assert_int_equal(guess_of("GET /a-path-of-which-the-end-is-not-here", ""), GUESS_MAYBE);
	assert_int_equal(guess_of("GET me that\r\nplease\r\n", ""), GUESS_NO);
	assert_int_equal(guess_of("\x16\x03\x01", ""), GUESS_NO);
	assert_int_equal(guess_of("NICK me\r\n", ""), GUESS_NO);
	assert_int_equal(guess_of("", "220 mail ready\r\n"), GUESS_NO);
	assert_int_equal(guess_of("HTTP/1.1 200 OK", ""), GUESS_YES); /* sides unknown yet */
}

static void limits_hold(void **state)
{
	static struct stage stage;
	static const char line[] = "X-Long: 0123456789012345678901234567890123456789\r\n";

	(void)state;
	stage_begin(&stage, &tongue_http);
	stage_take(&stage, SIDE_CLIENT, "GET / HTTP/1.1\r\n", 16, 16);
	for (int i = 0; i < 3000; i++)
		stage_take(&stage, SIDE_CLIENT, line, sizeof line - 1, 25);
	assert_true(stage.held <= LIMIT_HTTP_HEAD);
	assert_null(strstr(text_cstr(&stage.said), "odd")); /* 150 kB are read */
	for (int i = 0; i < 6000; i++)
		stage_take(&stage, SIDE_CLIENT, line, sizeof line - 1, 25);
	assert_true(stage.held <= LIMIT_HTTP_HEAD);
	assert_non_null(strstr(stage_end(&stage), "odd"));
	assert_non_null(strstr(text_cstr(&stage.said), "method=GET uri=/ cut\n")); /* what was read of more */
	stage_done(&stage);
	stage_begin(&stage, &tongue_http);
	stage_take(&stage, SIDE_CLIENT, "POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n", 44, 44);
	for (int i = 0; i < 40000; i++)
		stage_take(&stage, SIDE_CLIENT, line, sizeof line - 1, 50);
	assert_true(stage.held <= LIMIT_HTTP_BODY);
	(void)stage_end(&stage);
	stage_done(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_and_answers),
		cmocka_unit_test(the_oldest_has_no_heads),
		cmocka_unit_test(pipelines_join_answers),
		cmocka_unit_test(heads_that_are_cut_tell_what_is_here),
		cmocka_unit_test(the_next_head_is_found_after_one_that_is_cut),
		cmocka_unit_test(credentials_are_read),
		cmocka_unit_test(bodies_are_taken_apart),
		cmocka_unit_test(packed_bodies_are_read),
		cmocka_unit_test(gaps_end_only_what_they_hit),
		cmocka_unit_test(long_bodies_are_skipped),
		cmocka_unit_test(tunnels_are_handed_over),
		cmocka_unit_test(is_known_by_content),
		cmocka_unit_test(limits_hold),
	};

	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
