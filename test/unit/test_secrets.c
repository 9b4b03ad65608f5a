/* test/unit/test_secrets.c - keys and names of TLS and QUIC against the examples of their
 * standards: RFC 9001 appendix A, RFC 9369 appendix A, RFC 8448. */
#include "harness.h"
#include "hex.h"
#include "wire/quic_packet.h"
#include "wire/tls_hello.h"
#include "wire/tls_names.h"
#include "wire/tls_unpack.h"

static void assert_hex(const uint8_t *bytes, const char *hex)
{
	struct span want = hex_bytes(hex);

	assert_memory_equal(bytes, want.at, want.left);
	hex_free(want);
}

static void keys_of_initial_packets(void **state)
{
	struct span id = hex_bytes("8394c8f03e515708");
	struct quic_lock client, server;

	(void)state;
	assert_int_equal(quic_lock_initial(1, id, &client, &server), KS_OK);
	assert_hex(client.key, "1f369613dd76d5467730efcbe3b1a22d");
	assert_hex(client.iv, "fa044b2f42a3fd3b46fb255c");
	assert_hex(client.head, "9f50449e04a0e810283a1e9933adedd2");
	assert_hex(server.key, "cf3a5331653c364c88f0f379b6067e37");
	assert_hex(server.iv, "0ac1493ca1905853b0bba03e");
	assert_hex(server.head, "c206b8d9b9f0f37644430b490eeaa314");
	assert_int_equal(quic_lock_initial(0x6b3343cf, id, &client, &server), KS_OK);
	assert_hex(client.key, "8b1a0bc121284290a29e0971b5cd045d");
	assert_hex(client.iv, "91f73e2351d8fa91660e909f");
	assert_hex(client.head, "45b95e15235d6f45a6b19cbcb0294ba9");
	assert_int_equal(quic_lock_initial(0xff000001, id, &client, &server), KS_MALFORMED);
	hex_free(id);
}

/* RFC 9001 A.3: an answer of the server, opened; any bit of it turned, it stays shut. */
static void an_initial_packet_opens(void **state)
{
	struct span id = hex_bytes("8394c8f03e515708");
	struct span datagram = hex_bytes("cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a"
	    "5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7d"
	    "deb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c27"
	    "6456cbc42158407dd074ee");
	struct span rest = datagram;
	struct quic_packet packet;
	struct quic_lock client, server;
	uint8_t plain[256], *bytes = (uint8_t *)(uintptr_t)datagram.at;
	size_t n = 0;

	(void)state;
	assert_int_equal(quic_lock_initial(1, id, &client, &server), KS_OK);
	assert_true(quic_packet_cut(&rest, &packet));
	assert_int_equal(packet.kind, QUIC_INITIAL);
	assert_int_equal(packet.version, 1);
	assert_int_equal(packet.from.left, 8);
	assert_int_equal(rest.left, 0);
	assert_int_equal(quic_lock_open(&server, &packet, plain, &n), KS_OK);
	assert_hex(plain, "02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf739");
	for (size_t bit = 0; bit < datagram.left * 8; bit += 5) {
		rest = datagram;
		server.largest = 0;
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (quic_packet_cut(&rest, &packet))
			assert_int_not_equal(quic_lock_open(&server, &packet, plain, &n), KS_OK);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t cut = 0; cut < datagram.left; cut++) {
		rest = span_of(datagram.at, cut);
		assert_false(quic_packet_cut(&rest, &packet));
	}
	hex_free(datagram);
	hex_free(id);
}

/* RFC 8448 section 3: the server's handshake traffic secret and its keys. */
static void keys_of_tls13(void **state)
{
	struct span secret = hex_bytes("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
	struct tls_lock lock;

	(void)state;
	assert_int_equal(tls_lock_secret(0x1301, secret, &lock), KS_OK);
	assert_hex(lock.key, "3fce516009c21727d0f2e4e86ee403bc");
	assert_hex(lock.iv, "5d313eb2671276ee13000b30");
	assert_int_equal(tls_lock_secret(0x1302, secret, &lock), KS_MALFORMED);
	assert_int_equal(tls_lock_secret(0xc02f, (struct span){ .left = 0 }, &lock), KS_MALFORMED);
	hex_free(secret);
}

static void names_and_weaknesses(void **state)
{
	(void)state;
	assert_string_equal(tls_cipher_name(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
	assert_string_equal(tls_cipher_name(0x1301), "TLS_AES_128_GCM_SHA256");
	assert_null(tls_cipher_name(0x0a0a));
	assert_string_equal(tls_version_name(0x0304), "TLS 1.3");
	assert_string_equal(tls_group_name(0x11ec), "X25519MLKEM768");
	assert_string_equal(tls_alert_name(48), "unknown_ca");
	assert_int_equal(tls_cipher_weak(0xc02f), 0);
	assert_int_equal(tls_cipher_weak(0x1301), 0);
	assert_int_equal(tls_cipher_weak(0x0002), TLS_WEAK_NULL | TLS_WEAK_RSA_EXCHANGE);
	assert_int_equal(tls_cipher_weak(0x0003),
	    TLS_WEAK_EXPORT | TLS_WEAK_RC4 | TLS_WEAK_RSA_EXCHANGE);
	assert_int_equal(tls_cipher_weak(0x000a), TLS_WEAK_DES | TLS_WEAK_RSA_EXCHANGE);
	assert_int_equal(tls_cipher_weak(0x0034), TLS_WEAK_ANON);
	assert_int_equal(tls_cipher_weak(0xc011), TLS_WEAK_RC4);
	for (uint32_t cipher = 0; cipher < 0x10000; cipher++) /* by number, so that all are found */
		assert_true(tls_cipher_name((uint16_t)cipher) == NULL ||
		    strncmp(tls_cipher_name((uint16_t)cipher), "TLS_", 4) == 0);
	assert_true(tls_alert_refuses(42) && tls_alert_refuses(48));
	assert_false(tls_alert_refuses(0) || tls_alert_refuses(40));
}

/* "certificate certificate" by each of the three ways, and what they must not do. */
static void compressed_certificates(void **state)
{
	static const char *const packed[] = {
		"0001000023000017789c4b4e2d2ac94ccb4c4e2c495548c6ce0600f8720dca",
		"000200002300000e1b2200f825000a18626a016f4c0d",
		"000300002300001f28b52ffd2423950000606365727469666963617465200100af4b1226d30c83",
	};
	struct text text;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct span body = hex_bytes(packed[i]);
		uint8_t *bytes = (uint8_t *)(uintptr_t)body.at;

		text_init(&text, 100);
		assert_int_equal(tls_unpack(body, &text), KS_OK);
		assert_string_equal(text_cstr(&text), "certificate certificate certificate");
		text_clear(&text);
		bytes[4]++; /* it does not unpack to the length it says */
		assert_int_equal(tls_unpack(body, &text), KS_MALFORMED);
		bytes[4]--;
		assert_int_equal(tls_unpack(span_of(body.at, body.left - 1), &text), KS_MALFORMED);
		bytes[1] = 9;
		assert_int_equal(tls_unpack(body, &text), KS_MALFORMED);
		text_done(&text);
		bytes[1] = (uint8_t)(i + 1);
		text_init(&text, 10);
		assert_int_equal(tls_unpack(body, &text), KS_FULL);
		text_done(&text);
		hex_free(body);
	}
}

/* A hello cut anywhere gives what is there and reads nothing else. */
static void a_hello_cut_short(void **state)
{
	struct span body = hex_bytes("0303 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	    "00 0004 1301c02f 0100 001c 0000000e000c0000096c6f63616c686f7374 002b0003020304 00170000");
	struct client_hello hello;

	(void)state;
	client_hello_read(body, false, &hello);
	assert_true(span_equal(hello.sni, "localhost"));
	assert_int_equal(hello.highest, 0x0304);
	for (size_t n = 0; n < body.left; n++) {
		uint8_t *part = malloc(n > 0 ? n : 1);

		assert_non_null(part);
		memcpy(part, body.at, n);
		client_hello_read(span_of(part, n), false, &hello);
		free(part);
	}
	hex_free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_initial_packets),
		cmocka_unit_test(an_initial_packet_opens),
		cmocka_unit_test(keys_of_tls13),
		cmocka_unit_test(names_and_weaknesses),
		cmocka_unit_test(compressed_certificates),
		cmocka_unit_test(a_hello_cut_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
