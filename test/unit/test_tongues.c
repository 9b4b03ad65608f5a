/* test/unit/test_tongues.c - TLS, DTLS, QUIC, HTTP/2 and SSH as they are told, from the
 * talks in test/fuzz/seeds (their form: test/fuzz/tongue.h).  A stream split into single
 * bytes is told the same. */
#include "harness.h"
#include "base/text.h"
#include "wire/clear.h"
#include "wire/http2.h"
#include "wire/ssh.h"
#include "wire/tls.h"
#include "wire/tls_names.h"
#include "wire/vpn.h"
#include "wire/worker.h"
#include <stdio.h>
#include <stdlib.h>

enum { SEED_MAX = 1 << 16 };

static struct text told;
static uint8_t closed_by;

static void add(const char *label, struct span s)
{
	if (s.left > 0)
		text_addf(&told, " %s=%.*s", label, (int)s.left, (const char *)s.at);
}

static void hear_tls(void *context, const struct said_head *head, const struct said_tls *tls)
{
	static const char *const when[] = { "hello", "chosen", "chain", "alert", "settled" };

	(void)context;
	text_addf(&told, "%s%d", when[tls->when], head->side);
	if (tls->when == TLS_HELLO) {
		add("sni", tls->sni);
		add("alpn", tls->alpn);
	}
	if (tls->when == TLS_CHOSEN)
		text_addf(&told, " %s%s%s", tls_version_name(tls->version),
		    tls->cipher != 0 ? " " : "", tls->cipher != 0 ? tls_cipher_name(tls->cipher) : "");
	if (tls->when == TLS_CHAIN)
		text_addf(&told, " %u", tls->certificates);
	if (tls->when == TLS_ALERT)
		text_addf(&told, " %u/%s", tls->alert_level, tls_alert_name(tls->alert_code));
	if (tls->when == TLS_SETTLED && tls->refused != REFUSED_NO)
		text_add(&told, tls->refused == REFUSED_YES ? " refused" : " likely-refused");
	if (tls->when == TLS_SETTLED)
		text_addf(&told, "%s%s%s", tls->keys ? " keys" : "", tls->certificate_visible ? " visible" : "",
		    tls->hello_retry ? " retry" : "");
	text_add(&told, "\n");
}

static void hear_http(void *context, const struct said_head *head, const struct said_http *http)
{
	(void)context;
	text_addf(&told, "http%d", head->side);
	add("method", http->method);
	add("host", http->host);
	add("uri", http->uri);
	if (http->response)
		text_addf(&told, " %u", http->status);
	text_add(&told, "\n");
}

static void hear_end(void *context, const struct said_head *head, const struct said_http_end *end)
{
	(void)context;
	(void)head;
	text_addf(&told, "end %llu%s\n", (unsigned long long)end->body_bytes,
	    end->complete ? "" : " cut");
}

static void hear_banner(void *context, const struct said_head *head, const struct said_banner *banner)
{
	(void)context;
	text_addf(&told, "%s%d", banner->service, head->side);
	add("text", banner->text);
	add("detail", banner->detail);
	text_add(&told, "\n");
}

static struct span seed(const char *name)
{
	const char *source = getenv("KS_SOURCE");
	uint8_t *bytes = malloc(SEED_MAX);
	char path[1024];

	(void)snprintf(path, sizeof path, "%s/test/fuzz/seeds/%s", source != NULL ? source : ".", name);
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	assert_non_null(bytes);
	size_t n = fread(bytes, 1, SEED_MAX, file);

	(void)fclose(file);
	return span_of(bytes, n);
}

/* One talk, as it is or in single bytes; what is told is in `told`. */
static const char *tell(const struct tongue *tongue, const char *name, bool keyed, bool split)
{
	static const struct listener ears = { .tls = hear_tls, .http = hear_http, .http_end = hear_end,
		.banner = hear_banner };
	struct flow_view view = { .protocol = tongue->over & OVER_TCP ? IP_TCP : IP_UDP, .tongue = "" };
	struct span whole = seed(name), rest = whole, keys = { .left = 0 };
	struct ear_worker worker;

	if (keyed)
		keys = span_until(&rest, 0x1e);
	text_clear(&told);
	assert_int_equal(worker_init(&worker, &ears, 7, 4 << 20, NULL), KS_OK);
	assert_int_equal(keylog_add(worker.keys, keys, NULL, NULL), KS_OK);
	struct talk talk = { .worker = &worker, .ears = &ears, .flow = &view };

	assert_true(talk_tongue(&talk, tongue));
	while (rest.left > 2) {
		enum said_side side = (enum said_side)(span_be(&rest, 1) & 1);
		struct span part = span_cut(&rest, (size_t)span_be(&rest, 2));

		assert_false(rest.broken);
		while (part.left > 0)
			talk_deliver(&talk, side, span_cut(&part, split ? 1 : part.left));
	}
	if (tongue->half != NULL)
		tongue->half(&talk, SIDE_CLIENT);
	view.closed = CLOSE_FIN;
	view.closed_by = closed_by;
	talk_end(&talk);
	worker_done(&worker);
	free((void *)(uintptr_t)whole.at);
	return text_cstr(&told);
}

struct wish {
	const char *seed, *told;
};

static void both_ways(const struct tongue *tongue, bool keyed, const struct wish *wishes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(tell(tongue, wishes[i].seed, keyed, false), wishes[i].told);
		if (tongue->over == OVER_TCP)
			assert_string_equal(tell(tongue, wishes[i].seed, keyed, true), wishes[i].told);
	}
}

#define HELLO "hello0 sni=a.example\n"
#define CHOSEN_AGAIN "chosen1 TLS 1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\nchain1 1\nsettled1 keys visible\n"
/* the server of these gave up with an alert when its client was gone */
#define POST "http0 method=POST host=a.example uri=/f\nend 11\nalert1 2/decode_error\n"

static void tls_opened_with_keys(void **state)
{
	static const struct wish wishes[] = {
		{ "tls/12-ecdhe-rsa-aes128-gcm-sha256", HELLO "chosen1 TLS 1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n"
		    "chain1 1\nsettled1 keys visible\n" POST },
		{ "tls/12-mte-aes128-sha256", HELLO "chosen1 TLS 1.2 TLS_RSA_WITH_AES_128_CBC_SHA256\nchain1 1\n"
		    "settled1 keys visible\n" POST },
		{ "tls/12-aes128-sha", HELLO "chosen1 TLS 1.2 TLS_RSA_WITH_AES_128_CBC_SHA\nchain1 1\n"
		    "settled1 keys visible\n" POST },
		{ "tls/12-aes256-ccm", HELLO "chosen1 TLS 1.2 TLS_RSA_WITH_AES_256_CCM\nchain1 1\n"
		    "settled1 keys visible\n" POST },
		{ "tls/10-mte", HELLO "chosen1 TLS 1.0 TLS_RSA_WITH_AES_128_CBC_SHA\nchain1 1\n"
		    "settled1 keys visible\n" POST },
		{ "tls/13-tls_aes_128_gcm_sha256", HELLO "chosen1 TLS 1.3 TLS_AES_128_GCM_SHA256\nchain1 1\n"
		    "settled1 keys visible\n" POST },
		{ "tls/13-tls_chacha20_poly1305_sha256", HELLO "chosen1 TLS 1.3 TLS_CHACHA20_POLY1305_SHA256\n"
		    "chain1 1\nsettled1 keys visible\n" POST },
		{ "tls/13-clientcert", HELLO "chosen1 TLS 1.3 TLS_AES_256_GCM_SHA384\nchain1 1\nchain0 1\n"
		    "settled1 keys visible\n" POST },
		{ "tls/13-hrr", HELLO HELLO "chosen1 TLS 1.3 TLS_AES_256_GCM_SHA384\nchain1 1\n"
		    "settled1 keys visible retry\n" POST },
		{ "tls/12-reneg", HELLO CHOSEN_AGAIN "http0 method=GET host=a.example uri=/one\nend 0\n" HELLO CHOSEN_AGAIN
		    "http0 method=GET host=a.example uri=/two\nend 0\nalert0 1/close_notify\nalert1 1/close_notify\n" },
		{ "tls/12-clientcert", HELLO "chosen1 TLS 1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\nchain1 1\n"
		    "chain0 1\nsettled1 keys visible\n" POST },
	};

	(void)state;
	both_ways(&tongue_tls, true, wishes, sizeof wishes / sizeof *wishes);
}

static void tls_without_keys(void **state)
{
	static const struct wish wishes[] = {
		{ "tls/12-null", HELLO "chosen1 TLS 1.2 TLS_RSA_WITH_NULL_SHA256\nchain1 1\nsettled1 visible\n" POST },
		{ "tls/12-reject", HELLO "chosen1 TLS 1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\nchain1 1\n"
		    "alert0 2/unknown_ca\nsettled0 refused visible\n" },
		{ "tls/13-reject", HELLO "chosen1 TLS 1.3 TLS_AES_256_GCM_SHA384\nalert0 2/unknown_ca\n"
		    "settled0 refused\n" },
		{ "tls/rej-gnutls-tls1_3", "hello0 sni=localhost\nchosen1 TLS 1.3 TLS_AES_256_GCM_SHA384\n"
		    "settled0 likely-refused\n" },
		{ "tls/ssl2", "hello0\nchosen1 SSL 2.0\nchain1 1\nsettled1 visible\n" },
	};

	(void)state;
	closed_by = SIDE_CLIENT;
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
		assert_string_equal(tell(&tongue_tls, wishes[i].seed, true, false), wishes[i].told);
	both_ways(&tongue_tls, true, wishes, 4);
}

static void dtls_and_quic(void **state)
{
	static const struct wish dtls[] = {
		{ "dtls/openssl", "hello0 sni=d.example\nchosen1 DTLS 1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\n"
		    "chain1 1\nsettled1 visible\n" },
	};
	static const struct wish quic[] = {
		{ "quic/v1", "hello0 sni=quic.example alpn=h3\nchosen1 TLS 1.3 TLS_AES_128_GCM_SHA256\nsettled1\n" },
		{ "quic/v2", "hello0 sni=quic.example alpn=h3\nchosen1 TLS 1.3 TLS_AES_128_GCM_SHA256\nsettled1\n" },
		{ "quic/draft29", "hello0 sni=quic.example alpn=h3\nchosen1 TLS 1.3 TLS_AES_128_GCM_SHA256\nsettled1\n" },
		{ "quic/retry", "hello0 sni=quic.example alpn=h3\nalert1 2/handshake_failure\nsettled1\n" },
		{ "quic/versions", "hello0\nhello0 sni=quic.example alpn=h3\nsettled1\n" },
		{ "quic/google-clear", "hello0 sni=www.example\nsettled1\n" },
		{ "quic/google-50", "hello0 sni=www.example\nsettled1\n" },
	};

	(void)state;
	both_ways(&tongue_dtls, false, dtls, 1);
	both_ways(&tongue_quic, true, quic, sizeof quic / sizeof *quic);
}

static void http2_and_ssh(void **state)
{
	static const struct wish http2[] = {
		{ "http2/frames", "http0 method=GET host=www.example.com uri=/\nend 41\nhttp1 200\nend 7\n" },
	};
	static const struct wish ssh[] = {
		{ "ssh/both", "ssh1 text=SSH-2.0-OpenSSH_9.2p1 Debian detail=kex=curve25519-sha256 host-key=ssh-ed25519"
		    " cipher=aes128-ctr,aes256-gcm@openssh.com mac=hmac-sha2-256\n"
		    "ssh0 text=SSH-2.0-PuTTY_0.78 detail=kex=curve25519-sha256 host-key=ssh-ed25519"
		    " cipher=aes128-ctr,aes256-gcm@openssh.com mac=hmac-sha2-256\n" },
	};

	(void)state;
	both_ways(&tongue_http2, false, http2, 1);
	both_ways(&tongue_ssh, false, ssh, 1);
}

/* A guess needs no more than its bytes: each front of a talk is maybe or yes. */
static void guesses_by_content(void **state)
{
	static const struct {
		const struct tongue *tongue;
		const char *front;
		size_t n;
		enum guess guess;
	} cases[] = {
		{ &tongue_tls, "\x16\x03\x01\x02\x00\x01", 6, GUESS_YES },
		{ &tongue_tls, "\x16\x03", 2, GUESS_MAYBE },
		{ &tongue_tls, "\x17\x03\x03\x00\x50", 5, GUESS_YES },
		{ &tongue_tls, "GET / HTTP/1.1\r\n", 16, GUESS_NO },
		{ &tongue_tls, "\x16\x03\x01\xff\xff\x01", 6, GUESS_NO },
		{ &tongue_http2, "PRI * HTTP/2.0\r\n\r\n", 18, GUESS_YES },
		{ &tongue_http2, "PRI ", 4, GUESS_MAYBE },
		{ &tongue_http2, "PROPFIND", 8, GUESS_NO },
		{ &tongue_ssh, "SSH-2.0-x\r\n", 11, GUESS_YES },
		{ &tongue_ssh, "SS", 2, GUESS_MAYBE },
		{ &tongue_ssh, "HELO", 4, GUESS_NO },
		{ &tongue_quic, "\xc0\x00\x00\x00\x01\x08" "12345678" "\x00\x00\x41\x00", 18, GUESS_YES },
		{ &tongue_quic, "\xc0\x12\x34\x56\x78\x08" "12345678" "\x00", 15, GUESS_NO },
		{ &tongue_dtls, "\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x30\x01", 14, GUESS_YES },
		{ &tongue_dtls, "\x16\x03\x01\0\0\0\0\0\0\0\0\0\x30\x01", 14, GUESS_NO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct span first[2] = { span_of(cases[i].front, cases[i].n), { .left = 0 } };

		assert_int_equal(cases[i].tongue->guess(&(struct flow_view){ .tongue = "" }, first),
		    cases[i].guess);
	}
}

/* Of a hello whose end was lost the name is still told, but no fingerprint. */
static void a_name_out_of_half_a_hello(void **state)
{
	static const struct listener ears = { .tls = hear_tls };
	struct flow_view view = { .protocol = IP_TCP, .tongue = "" };
	struct span whole = seed("tls/12-reject"), part = whole;
	struct ear_worker worker;

	(void)state;
	(void)span_cut(&part, 4); /* no keys, one head */
	for (int lost = 0; lost < 2; lost++) {
		text_clear(&told);
		assert_int_equal(worker_init(&worker, &ears, 7, 4 << 20, NULL), KS_OK);
		struct talk talk = { .worker = &worker, .ears = &ears, .flow = &view };

		assert_true(talk_tongue(&talk, &tongue_tls));
		talk_deliver(&talk, SIDE_CLIENT, span_of(part.at, 200));
		if (lost == 1)
			tongue_tls.gap(&talk, SIDE_CLIENT, 100);
		talk_end(&talk);
		assert_string_equal(text_cstr(&told), "hello0 sni=a.example\nsettled1\n");
		worker_done(&worker);
	}
	free((void *)(uintptr_t)whole.at);
}

static int begin(void **state)
{
	(void)state;
	text_init(&told, 1 << 16);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	text_done(&told);
	return 0;
}

/* Random bytes are nobody's: at any port, of any length. */
static void random_bytes_have_no_tongue(void **state)
{
	static const uint16_t ports[] = { 9, 21, 22, 23, 25, 53, 67, 80, 110, 123, 143, 161, 389, 443,
		500, 546, 547, 853, 1194, 1883, 1900, 4500, 5353, 5355, 6379, 8443, 51820 };
	static const uint16_t sizes[] = { 1, 3, 8, 12, 16, 20, 32, 48, 64, 92, 148, 300, 512 };
	uint64_t word = 88172645463325252u;
	uint8_t bytes[512 + 8];
	struct flow_view flow = { .tongue = "" };

	(void)state;
	for (unsigned n = 0; n < 200000; n++) {
		for (size_t i = 0; i < 512; i += 8) {
			word ^= word << 13;
			word ^= word >> 7;
			word ^= word << 17;
			memcpy(bytes + i, &word, 8);
		}
		struct span first[2] = { { .left = 0 }, { .left = 0 } };

		first[n % 2] = span_of(bytes, sizes[n % (sizeof sizes / sizeof *sizes)]);
		flow.server_port = ports[n % (sizeof ports / sizeof *ports)];
		flow.client_port = n % 4 == 0 ? flow.server_port : 40000;
		if (flow.server_port == 547)
			flow.client_port = 546;
		for (size_t i = 0; i < tongue_count; i++) {
			/* ESP in UDP is only supposed, until a second one proves it */
			if (tongues[i] != &tongue_esp && tongues[i]->guess(&flow, first) == GUESS_YES)
				fail_msg("%s at port %u, %zu bytes", tongues[i]->name, flow.server_port,
				    first[n % 2].left);
			assert_true(tongues[i]->guess_cut == NULL || !tongues[i]->guess_cut(first));
		}
		struct clear_judged is = clear_judge_both(first);

		if (is.verdict == CLEAR_READABLE || is.verdict == CLEAR_CODED)
			fail_msg("%zu random bytes are %s %s", first[n % 2].left, clear_word(is.verdict), is.how);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_bytes_have_no_tongue),
		cmocka_unit_test(tls_opened_with_keys),
		cmocka_unit_test(tls_without_keys),
		cmocka_unit_test(dtls_and_quic),
		cmocka_unit_test(http2_and_ssh),
		cmocka_unit_test(a_name_out_of_half_a_hello),
		cmocka_unit_test(guesses_by_content),
	};
	return cmocka_run_group_tests(tests, begin, finish);
}
