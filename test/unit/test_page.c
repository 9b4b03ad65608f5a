/* The page: remote-write bytes into samples, and HTTP answered only after core has
 * acknowledged.  Core is played by the test; the client is a socket of this process. */
#include "harness.h"
#include "page/asset.h"
#include "page/remote_write.h"
#include "words/status.h"
#include <snappy-c.h>

#include "page_stage.inc"

/* protobuf by hand: tag, length, bytes */
static size_t put_bytes(uint8_t *at, uint8_t tag, const void *bytes, size_t n)
{
	size_t head = 0;

	at[head++] = tag;
	if (n >= 128)
		at[head++] = (uint8_t)(n | 0x80);
	at[head++] = (uint8_t)(n >= 128 ? n >> 7 : n);
	memcpy(at + head, bytes, n);
	return head + n;
}

static size_t put_label(uint8_t *at, const char *name, const char *value)
{
	uint8_t label[300];
	size_t n = put_bytes(label, 0x0a, name, strlen(name));

	n += put_bytes(label + n, 0x12, value, strlen(value));
	return put_bytes(at, 0x0a, label, n);
}

static size_t put_series(uint8_t *at, const char *room, double value, uint8_t time_ms)
{
	uint8_t series[900], sample[16] = { 0x09 };
	size_t n = put_label(series, "room", room);

	n += put_label(series + n, "__name__", "t");
	memcpy(sample + 1, &value, 8);
	sample[9] = 0x10;
	sample[10] = time_ms;
	n += put_bytes(series + n, 0x12, sample, 11);
	return put_bytes(at, 0x0a, series, n);
}

static void reads_samples(void **state)
{
	uint8_t body[2000];
	size_t n = put_series(body, "a", 1.5, 7);
	struct known known;
	struct rows rows = { .n = 0 };
	struct text labels;
	double value;

	(void)state;
	n += put_series(body + n, "b", 2.5, 8);
	n += put_bytes(body + n, 0x1a, "metadata", 8); /* passed over */
	known_init(&known, 3);
	for (int round = 0; round < 3; round++) {
		rows.n = 0;
		assert_int_equal(remote_write_read(span_of(body, n), &known, &rows, &why), KS_OK);
		assert_int_equal(rows.n, 2);
		assert_int_equal(rows.at[0].series, 1);
		assert_int_equal(rows.at[1].series, 2);
		assert_int_equal(rows.at[1].time_ms[0], 8);
		memcpy(&value, rows.at[1].value, sizeof value);
		assert_true(value == 2.5);
		assert_int_equal(known.n, 3);
	}
	text_init(&labels, LIMIT_LABELS_BYTES);
	assert_int_equal(remote_write_labels(span_of(known.at[1].raw, known.at[1].len), &labels, &why),
	    KS_OK);
	assert_string_equal(text_cstr(&labels), "__name__\xfft\xffroom\xff" "a\xff");
	text_done(&labels);
	for (size_t cut = 1; cut < n; cut++) {
		rows.n = 0;
		(void)!remote_write_read(span_of(body, cut), &known, &rows, &why);
		assert_true(rows.n <= 2);
	}
	rows_done(&rows);
	known_done(&known);
}

static void refuses_labels_that_make_no_sense(void **state)
{
	uint8_t raw[400];
	size_t n;
	struct text labels;

	(void)state;
	text_init(&labels, LIMIT_LABELS_BYTES);
	n = put_label(raw, "a", "1");
	n += put_label(raw + n, "a", "2");
	assert_int_equal(remote_write_labels(span_of(raw, n), &labels, &why), KS_MALFORMED);
	n = put_label(raw, "", "1");
	assert_int_equal(remote_write_labels(span_of(raw, n), &labels, &why), KS_MALFORMED);
	n = put_label(raw, "a", "x\xffy");
	assert_int_equal(remote_write_labels(span_of(raw, n), &labels, &why), KS_MALFORMED);
	n = put_label(raw, "a", ""); /* the same as no label, and none is left */
	assert_int_equal(remote_write_labels(span_of(raw, n), &labels, &why), KS_MALFORMED);
	text_clear(&labels);
	n = put_label(raw, "__name__", "keisoku_temperature");
	assert_int_equal(remote_write_labels(span_of(raw, n), &labels, &why), KS_OK);
	assert_non_null(strstr(text_cstr(&labels), "keisoku_source\xffremote_write"));
	text_done(&labels);
	uint8_t many[2000], body[2400];

	n = 0;
	for (char c = 0; c < 70; c++)
		n += put_label(many + n, (char[]){ 'a', (char)('0' + c), 0 }, "v");
	text_init(&labels, LIMIT_LABELS_BYTES);
	assert_int_equal(remote_write_labels(span_of(many, n), &labels, &why), KS_FULL);
	text_done(&labels);
	struct known known;
	struct rows rows = { .n = 0 };
	static const uint8_t bare[] = { 0x0a, 0x02, 0x12, 0x00 }, group[] = { 0x0b };
	static const uint8_t nobody[] = { 0x0a, 0x00 };

	known_init(&known, 1);
	assert_int_equal(remote_write_read(span_of(bare, sizeof bare), &known, &rows, &why),
	    KS_MALFORMED);
	assert_int_equal(remote_write_read(span_of(nobody, sizeof nobody), &known, &rows, &why),
	    KS_MALFORMED);
	assert_int_not_equal(remote_write_read(span_of(group, 1), &known, &rows, &why), KS_OK);
	n = put_series(body, "a", 1, 1);
	uint8_t both[300];
	size_t m = n - 2;

	memcpy(both, body + 2, m);
	m += put_label(both + m, "late", "label");
	n = put_bytes(body, 0x0a, both, m);
	assert_int_equal(remote_write_read(span_of(body, n), &known, &rows, &why), KS_MALFORMED);
	rows_done(&rows);
	known_done(&known);
}

/* ---- the page over a socket ---- */

static void refuses_bad_requests(void **state)
{
	(void)state;
	refuses("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", "HTTP/1.1 421");
	refuses("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n", "HTTP/1.1 421");
	refuses("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 404");
	refuses("GET /host/a%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 404");
	refuses("GET /host/../evidence HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 404");
	refuses("GET /a/../page.css HTTP/1.1\r\nHost: [::1]:9\r\n\r\n", "HTTP/1.1 404");
	refuses("DELETE / HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", "HTTP/1.1 405");
	refuses("GET /api/v1/write HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 405");
	refuses("POST /api/v1/write HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n",
	    "HTTP/1.1 415");
	refuses("POST /api/v1/write HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: snappy\r\n"
	    "Content-Type: application/x-protobuf;proto=io.prometheus.write.v2.Request\r\n\r\n",
	    "HTTP/1.1 415");
	refuses("POST /api/v1/write HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: snappy\r\n"
	    "Content-Type: application/x-protobuf\r\nContent-Length: 99999999999\r\n\r\n",
	    "HTTP/1.1 413");
	refuses("POST /api/v1/write HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: snappy\r\n"
	    "Content-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n",
	    "HTTP/1.1 411");
	refuses("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
	    "HTTP/1.1 400");
	refuses("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 400");
	refuses("POST /api/v1/write HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
	    "Content-Encoding: snappy\r\nContent-Type: application/x-protobuf\r\n"
	    "Transfer-Encoding : chunked\r\n\r\n", "HTTP/1.1 400");
	refuses("GET /api/v1/status/buildinfo HTTP/1.1\r\nHost: LocalHost\r\n\r\n", "HTTP/1.1 200");
}

static void drips_are_cut_off(void **state)
{
	int fd = ask("GET / HTTP/1.1\r\nHost: loc", NULL, 0);
	char byte;

	(void)state;
	clock_ms += 9000;
	run_a_while();
	assert_true(recv(fd, &byte, 1, MSG_DONTWAIT) < 0);
	clock_ms += 2000;
	run_a_while();
	assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), 0);
	(void)close(fd);
}

static int write_request(void)
{
	uint8_t plain[2000];
	char packed[4000], head[300];
	size_t n = put_series(plain, "a", 1.5, 7), len = sizeof packed;

	n += put_series(plain + n, "b", 2.5, 8);
	assert_int_equal(snappy_compress((char *)plain, n, packed, &len), SNAPPY_OK);
	(void)snprintf(head, sizeof head, "POST /api/v1/write HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Encoding: snappy\r\nContent-Type: application/x-protobuf\r\n"
	    "Content-Length: %zu\r\n\r\n", len);
	return ask(head, packed, len);
}

static void acknowledges_after_core(void **state)
{
	const uint32_t numbers[] = { 41, 42 };
	struct sample_row row;
	struct nack nack = { .code = KS_FULL, .text = "the disk is full" };
	int fd = write_request();

	(void)state;
	assert_int_equal(core.n, 1);
	assert_int_equal(core.heads[0].kind, MESSAGE_ASK_SERIES);
	core_says(MESSAGE_SERIES_ARE, core.heads[0].ticket, numbers, 2, sizeof numbers[0]);
	assert_int_equal(core.n, 2);
	assert_int_equal(core.heads[1].kind, MESSAGE_SAMPLES);
	assert_int_equal(core.heads[1].count, 2);
	memcpy(&row, core.bodies[1], sizeof row);
	assert_int_equal(row.series, 41);
	assert_string_equal(heard(fd), ""); /* not before the acknowledgement */
	core_says(MESSAGE_ACK, core.heads[1].ticket, NULL, 0, 0);
	assert_true(strncmp(heard(fd), "HTTP/1.1 204", 12) == 0);
	(void)close(fd);
	core.n = 0;
	fd = write_request(); /* the series are known now */
	assert_int_equal(core.n, 1);
	assert_int_equal(core.heads[0].kind, MESSAGE_SAMPLES);
	core_says(MESSAGE_NACK, core.heads[0].ticket, &nack, 1, sizeof nack);
	const char *answer = heard(fd);

	assert_true(strncmp(answer, "HTTP/1.1 503", 12) == 0);
	assert_non_null(strstr(answer, "Retry-After: 10"));
	assert_non_null(strstr(answer, "the disk is full"));
	(void)close(fd);
	core.n = 0;
	core.answer = KS_FULL; /* the queue to core is full: go on when it has drained */
	fd = write_request();
	assert_int_equal(core.n, 0);
	core.answer = KS_OK;
	page_drained(page);
	assert_int_equal(core.n, 1);
	page_core(page, false); /* core dies before it answers */
	run_a_while();
	assert_true(strncmp(heard(fd), "HTTP/1.1 503", 12) == 0);
	(void)close(fd);
	fd = write_request();
	assert_true(strncmp(heard(fd), "HTTP/1.1 503", 12) == 0);
	(void)close(fd);
}

static int write_big(size_t samples)
{
	uint8_t *plain = malloc(samples * 80);
	size_t n = 0, len = snappy_max_compressed_length(samples * 80);
	char *packed = malloc(len), head[300];

	assert_true(plain != NULL && packed != NULL);
	for (size_t i = 0; i < samples; i++) { /* values that do not compress */
		double value = 1.0 / (double)(i * i + 3);

		n += put_series(plain + n, i % 2 == 0 ? "a" : "b", value, 7);
	}
	assert_int_equal(snappy_compress((char *)plain, n, packed, &len), SNAPPY_OK);
	(void)snprintf(head, sizeof head, "POST /api/v1/write HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Encoding: snappy\r\nContent-Type: application/x-protobuf\r\n"
	    "Content-Length: %zu\r\n\r\n", len);
	assert_true(len > 40000); /* far beyond a connection's own memory */
	int fd = ask(head, packed, len);

	free(plain);
	free(packed);
	return fd;
}

static void takes_a_long_body_whole(void **state)
{
	int fd = write_big(5000);

	(void)state;
	assert_int_equal(core.n, 1);
	assert_int_equal(core.heads[0].kind, MESSAGE_ASK_SERIES);
	(void)close(fd);
}

static void refused_series_and_bad_bodies(void **state)
{
	const uint32_t numbers[] = { UINT32_MAX, 42 };
	int fd = write_request();

	(void)state;
	core_says(MESSAGE_SERIES_ARE, core.heads[0].ticket, numbers, 2, sizeof numbers[0]);
	assert_int_equal(core.heads[1].count, 1);
	core_says(MESSAGE_ACK, core.heads[1].ticket, NULL, 0, 0);
	assert_true(strncmp(heard(fd), "HTTP/1.1 400", 12) == 0);
	(void)close(fd);
	fd = ask("POST /api/v1/write HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: snappy\r\n"
	    "Content-Type: application/x-protobuf\r\nContent-Length: 4\r\n\r\nABCD", NULL, 0);
	assert_true(strncmp(heard(fd), "HTTP/1.1 400", 12) == 0);
	(void)close(fd);
}

static int write_plain(const uint8_t *plain, size_t n)
{
	size_t len = snappy_max_compressed_length(n);
	char *packed = malloc(len), head[300];

	assert_non_null(packed);
	assert_int_equal(snappy_compress((const char *)plain, n, packed, &len), SNAPPY_OK);
	(void)snprintf(head, sizeof head, "POST /api/v1/write HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Encoding: snappy\r\nContent-Type: application/x-protobuf\r\n"
	    "Content-Length: %zu\r\n\r\n", len);
	int fd = ask(head, packed, len);

	free(packed);
	return fd;
}

/* Of 375 kB, 80 MB: a bomb alone can never be taken, one beside others not now. */
static void rows_of_all_requests_have_one_limit(void **state)
{
	enum { HEAD = 32 };
	size_t n = LIMIT_WAITING_SAMPLES / 2 + 1000, at = HEAD, left;
	uint8_t *plain = malloc(2 * HEAD + 4 * n), label[HEAD];
	const uint32_t number = 41;
	int fds[2];

	(void)state;
	assert_non_null(plain);
	for (int big = 1; big >= 0; big--) {
		size_t m = put_label(label, "__name__", "bomb"), rows = big ? 2 * n : n;

		left = m + 2 * rows;
		at = 0;
		plain[at++] = 0x0a;
		for (size_t rest = left; ; rest >>= 7) {
			plain[at++] = (uint8_t)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
			if (rest <= 0x7f)
				break;
		}
		memcpy(plain + at, label, m);
		at += m;
		for (size_t i = 0; i < rows; i++, at += 2)
			memcpy(plain + at, "\x12\x00", 2);
		fds[0] = write_plain(plain, at);
		if (big) {
			assert_true(strncmp(heard(fds[0]), "HTTP/1.1 413", 12) == 0);
			(void)close(fds[0]);
		}
	}
	assert_int_equal(core.n, 1); /* its series is asked for: it waits */
	uint64_t before = page_full(page);

	fds[1] = write_plain(plain, at);
	const char *answer = heard(fds[1]);

	assert_true(strncmp(answer, "HTTP/1.1 503", 12) == 0);
	assert_non_null(strstr(answer, "Retry-After: 10"));
	assert_int_equal(page_full(page), before + 1);
	core_says(MESSAGE_SERIES_ARE, core.heads[0].ticket, (const uint32_t[]){ UINT32_MAX }, 1,
	    sizeof number);
	assert_true(strncmp(heard(fds[0]), "HTTP/1.1 400", 12) == 0);
	(void)close(fds[0]);
	(void)close(fds[1]);
	free(plain);
}

static void a_bad_series_costs_only_itself(void **state)
{
	static uint8_t plain[20000], series[9000];
	uint8_t label[6000];
	const uint32_t number = 41;

	(void)state;
	for (size_t length = 3000; length <= 5000; length += 2000) {
		size_t n = put_series(plain, "good", 1.5, 7), m, k;

		core.n = 0;
		m = put_label(series, "__name__", "bad_a");
		k = put_bytes(label, 0x0a, "x", 1);
		label[k++] = 0x12;
		label[k++] = (uint8_t)(length | 0x80);
		label[k++] = (uint8_t)(length >> 7);
		memset(label + k, 'y', length);
		m += put_bytes(series + m, 0x0a, label, k + length);
		n += put_bytes(plain + n, 0x0a, series, m);
		int fd = write_plain(plain, n);

		if (length == 3000) {
			assert_int_equal(core.n, 1);
			core_says(MESSAGE_SERIES_ARE, core.heads[0].ticket, &number, 1, sizeof number);
		}
		assert_int_equal(core.heads[core.n - 1].kind, MESSAGE_SAMPLES);
		assert_int_equal(core.heads[core.n - 1].count, 1);
		core_says(MESSAGE_ACK, core.heads[core.n - 1].ticket, NULL, 0, 0);
		const char *answer = heard(fd);

		assert_true(strncmp(answer, "HTTP/1.1 400", 12) == 0);
		assert_non_null(strstr(answer, "bad_a"));
		(void)close(fd);
	}
}

static void refused_labels_take_no_place(void **state)
{
	uint8_t body[600], series[300], label[100];
	struct known known;
	struct rows rows = { .n = 0 };

	(void)state;
	known_init(&known, 3);
	for (unsigned i = 0; i < 5000; i++) {
		char value[16];
		size_t n, m;

		(void)snprintf(value, sizeof value, "%u", i); /* a label without a name */
		n = put_bytes(label, 0x12, value, strlen(value));
		m = put_bytes(series, 0x0a, label, n);
		m += put_bytes(series + m, 0x12, "", 0);
		n = put_bytes(body, 0x0a, series, m);
		assert_int_equal(remote_write_read(span_of(body, n), &known, &rows, &why), KS_OK);
	}
	assert_int_equal(rows.n, 0);
	assert_int_equal(rows.bad, 5000);
	assert_true(known.n <= 1);
	rows_done(&rows);
	known_done(&known);
}

/* What no value came for is as old as its last one, and a number that nobody believes is
 * not given to who scrapes. */
static void metrics_are_as_old_as_their_value(void **state)
{
	static struct status_now now[3] = {
		{ .series = { .kind = MEASURE_TEMPERATURE, .id = "gone" },
		    .reading = { .time_ms = 6000, .quality = QUALITY_ABSENT }, .value_ms = 500 },
		{ .series = { .kind = MEASURE_TEMPERATURE, .id = "never" },
		    .reading = { .time_ms = 6000, .quality = QUALITY_ABSENT } },
		{ .series = { .kind = MEASURE_TEMPERATURE, .id = "odd" }, .value_ms = 2500,
		    .reading = { .time_ms = 6000, .quality = QUALITY_UNTRUSTED, .milli = 85000 } },
	};
	static struct self self = { .now_ms = 6500 };

	(void)state;
	int fd = ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", NULL, 0);
	uint32_t ticket = core.heads[0].ticket;

	core_says(MESSAGE_NOW, ticket, now, 3, sizeof now[0]);
	core_says(MESSAGE_SELF, ticket, &self, 1, sizeof self);
	core_says(MESSAGE_END, ticket, NULL, 0, 0);
	const char *answer = heard(fd);

	assert_null(strstr(answer, "temperature_celsius"));
	assert_non_null(strstr(answer, "age_seconds{sensor=\"gone\",kind=\"temperature\"} 6.000\n"));
	assert_null(strstr(answer, "age_seconds{sensor=\"never\""));
	assert_non_null(strstr(answer, "age_seconds{sensor=\"odd\",kind=\"temperature\"} 4.000\n"));
	assert_non_null(strstr(answer, "quality{sensor=\"never\",kind=\"temperature\"} 2\n"));
	(void)close(fd);
}

/* Who scrapes /metrics, and who asks the store, see one name and one set of labels; the
 * word of a state, which changes, is no part of it. */
static void metrics_have_the_names_of_the_store(void **state)
{
	static struct status_now now = { .series = { .kind = MEASURE_STATE, .id = "ups1:status",
		.label = "Status", .subject_kind = SUBJECT_SENSOR }, .value_ms = 5000,
		.reading = { .time_ms = 5000, .milli = 3000, .state = "onBattery" } };
	static struct self self = { .now_ms = 6500 };

	(void)state;
	int fd = ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", NULL, 0);
	uint32_t ticket = core.heads[0].ticket;

	core_says(MESSAGE_NOW, ticket, &now, 1, sizeof now);
	core_says(MESSAGE_SELF, ticket, &self, 1, sizeof self);
	core_says(MESSAGE_END, ticket, NULL, 0, 0);
	const char *answer = heard(fd);

	assert_non_null(strstr(answer,
	    "\nkeisoku_state{sensor=\"ups1\",reading=\"status\",label=\"Status\"} 3\n"));
	assert_non_null(strstr(answer, "\nkeisoku_state_info{sensor=\"ups1\",reading=\"status\","
	    "label=\"Status\",state=\"onBattery\"} 1\n"));
	(void)close(fd);
}

static void answers_metrics_and_status(void **state)
{
	static struct status_now now = { .series = { .kind = MEASURE_HUMIDITY, .id = "in\"1:rh.2",
		.label = "Inlet", .place = PLACE_INLET, .subject_kind = SUBJECT_SENSOR },
		.reading = { .time_ms = 5000, .milli = 45500 }, .value_ms = 5000 };
	static struct verdict verdict = { .measuring = true, .worst = { .code = FINDING_CODES } };
	static struct finding finding = { .code = FINDING_HOT, .severity = SEVERITY_CRITICAL };
	static struct self self = { .now_ms = 6500, .series = 3 };

	(void)state;
	for (int round = 0; round < 2; round++) {
		int fd = ask(round == 0 ? "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
		    : "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n", NULL, 0);

		assert_int_equal(core.n, 1);
		assert_int_equal(core.heads[0].kind, MESSAGE_ASK_STATUS);
		uint32_t ticket = core.heads[0].ticket;

		core_says(MESSAGE_VERDICT, ticket, &verdict, 1, sizeof verdict);
		core_says(MESSAGE_FINDING, ticket, &finding, 1, sizeof finding);
		core_says(MESSAGE_NOW, ticket, &now, 1, sizeof now);
		core_says(MESSAGE_SELF, ticket, &self, 1, sizeof self);
		assert_string_equal(heard(fd), "");
		core_says(MESSAGE_END, ticket, NULL, 0, 0);
		const char *answer = heard(fd);

		assert_true(strncmp(answer, "HTTP/1.1 200", 12) == 0);
		if (round == 0) {
			assert_non_null(strstr(answer, "\nkeisoku_humidity_ratio{sensor=\"in\\\"1\",reading=\"rh.2\","
			    "label=\"Inlet\",place=\"inlet\"} 0.455\n"));
			assert_non_null(strstr(answer, "kind=\"humidity\"} 1.500\n"));
			assert_non_null(strstr(answer, "keisoku_findings{severity=\"critical\"} 1\n"));
		} else {
			assert_non_null(strstr(answer, "\"schema\":\"keisoku.status/1\""));
			assert_non_null(strstr(answer, ",\"roles\":["));
		}
		(void)close(fd);
		core.n = 0;
		clock_ms += 1000;
	}
	int left = ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", NULL, 0);

	(void)close(left);
	page_core(page, false);
	refuses("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 503");
	page_core_says(page, "chunks.db: made by a newer keisoku");
	left = ask("GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n", NULL, 0);
	assert_non_null(strstr(heard(left), "\r\n\r\nchunks.db: made by a newer keisoku"));
	(void)close(left);
}

#include "page_show.inc"

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, start, stop)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_samples),
		cmocka_unit_test(refuses_labels_that_make_no_sense),
		T(refuses_bad_requests),
		T(drips_are_cut_off),
		T(acknowledges_after_core),
		T(takes_a_long_body_whole),
		T(refused_series_and_bad_bodies),
		T(rows_of_all_requests_have_one_limit),
		T(a_bad_series_costs_only_itself),
		cmocka_unit_test(refused_labels_take_no_place),
		T(metrics_are_as_old_as_their_value),
		T(metrics_have_the_names_of_the_store),
		T(answers_metrics_and_status),
		T(shows_what_core_knows),
		T(speaks_the_language_asked_for),
		T(histories_are_json),
		T(tells_who_listens),
		T(says_that_core_is_away),
		T(gives_what_the_browser_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
