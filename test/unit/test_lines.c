/* test/unit/test_lines.c - protocols of lines and of first messages: who tried to come in,
 * whether they might, letters read, TLS handed over; the same at every split. */
#include "harness.h"
#include "stage.h"
#include "wire/lines.h"
#include "wire/words_clear.h"
#include <stdio.h>
#include <stdlib.h>

struct turn {
	enum said_side side;
	const char *bytes;
	size_t n; /* 0: until the zero */
};
#define C(text) { SIDE_CLIENT, text, 0 }
#define S(text) { SIDE_SERVER, text, 0 }

static void expect(const struct tongue *tongue, const struct turn *turns, size_t n,
    const char *said)
{
	static struct stage stage;

	for (size_t step = 1; step < 80; step += step < 6 ? 1 : 17) {
		stage_begin(&stage, tongue);
		for (size_t i = 0; i < n; i++)
			stage_take(&stage, turns[i].side, turns[i].bytes,
			    turns[i].n > 0 ? turns[i].n : strlen(turns[i].bytes), step);
		const char *got = stage_end(&stage);

		if (strcmp(got, said) != 0)
			fail_msg("step %zu, said:\n%s\nnot:\n%s", step, got, said);
		stage_done(&stage);
	}
}
#define EXPECT(tongue, said, ...)                                                          \
	do {                                                                               \
		static const struct turn turns[] = { __VA_ARGS__ };                        \
		expect(&(tongue), turns, sizeof turns / sizeof *turns, said);               \
	} while (0)

static void smtp_says(void **state)
{
	(void)state;
	EXPECT(tongue_smtp,
	    "< banner smtp text=mx.example ESMTP\n"
	    "> credential smtp user=taro secret=geheim accepted\n"
	    "> header key=MAIL FROM is=<a@x.example>\n> header key=RCPT TO is=<b@y.example>\n"
	    "> header key=Subject is=hi there\n> text is=call 090\\u000a.dot\\u000a\n",
	    S("220-mx\r\n220 mx.example ESMTP\r\n"), C("EHLO me\r\n"),
	    S("250-AUTH PLAIN LOGIN\r\n250 OK\r\n"), C("AUTH PLAIN AHRhcm8AZ2VoZWlt\r\n"),
	    S("235 good\r\n"), C("MAIL FROM:<a@x.example>\r\nRCPT TO: <b@y.example>\r\nDATA\r\n"),
	    S("354 go\r\n"), C("Subject: hi there\r\nDate: x\r\n\r\ncall 090\r\n..dot\r\n.\r\nQUIT\r\n"));
	EXPECT(tongue_smtp,
	    "< banner smtp text=x\n> credential smtp user=taro secret=geheim rejected\n",
	    S("220 x\r\n"), C("AUTH LOGIN\r\n"), S("334 VXNlcm5hbWU6\r\n"), C("dGFybw==\r\n"),
	    S("334 UGFzc3dvcmQ6\r\n"), C("Z2VoZWlt\r\n"), S("535 no\r\n"));
	EXPECT(tongue_smtp, "< banner smtp text=x\nswitch -\n", S("220 x\r\n"), C("STARTTLS\r\n"),
	    S("220 begin\r\n"));
	EXPECT(tongue_smtp, "< banner smtp text=x\n", S("220 x\r\n"), C("STARTTLS\r\n"),
	    S("454 not now\r\n"));
}

static void pop3_says(void **state)
{
	(void)state;
	EXPECT(tongue_pop3,
	    "< banner pop3 text=ready\n> credential pop3 user=taro secret=a b accepted\n"
	    "< header key=From is=a@x.example\n< text is=body\\u000a\n",
	    S("+OK ready\r\n"), C("USER taro\r\n"), S("+OK\r\n"), C("PASS a b\r\n"),
	    S("+OK in\r\n"), C("RETR 1\r\n"), S("+OK 99 octets\r\nFrom: a@x.example\r\n\r\nbody\r\n.\r\n"),
	    C("QUIT\r\n"), S("+OK\r\n"));
	EXPECT(tongue_pop3,
	    "< banner pop3 text=ready\n> credential pop3 user=taro rejected\nswitch -\n",
	    S("+OK ready\r\n"), C("APOP taro c4c9334bac560ecc979e58001b3e22fb\r\n"), S("-ERR\r\n"),
	    C("STLS\r\n"), S("+OK\r\n"));
}

static void imap_says(void **state)
{
	(void)state;
	EXPECT(tongue_imap,
	    "< banner imap text=OK ready\n> credential imap user=ta ro secret=se accepted\n"
	    "< header key=To is=b@y.example\n< text is=hello\\u000d\\u000a\n",
	    S("* OK ready\r\n"), C("a1 LOGIN \"ta ro\" se\r\n"), S("* CAP\r\na1 OK in\r\n"),
	    C("a2 FETCH 1 BODY[]\r\n"),
	    S("* 1 FETCH (BODY[] {26}\r\nTo: b@y.example\r\n\r\nhello\r\n)\r\na2 OK\r\n"));
	EXPECT(tongue_imap,
	    "< banner imap text=OK r\n> credential imap user=taro secret=geheim rejected\n",
	    S("* OK r\r\n"), C("x LOGIN {4}\r\n"), S("+ go\r\n"), C("taro {6}\r\ngeheim\r\n"),
	    S("x NO\r\n"));
	EXPECT(tongue_imap,
	    "< banner imap text=OK r\n> credential imap user=taro secret=geheim accepted\nswitch -\n",
	    S("* OK r\r\n"), C("x AUTHENTICATE PLAIN\r\n"), S("+ \r\n"), C("AHRhcm8AZ2VoZWlt\r\n"),
	    S("x OK\r\n"), C("y STARTTLS\r\n"), S("y OK\r\n"));
}

static void redis_says(void **state)
{
	(void)state;
	EXPECT(tongue_redis, "> credential redis secret=geheim accepted\n",
	    C("*2\r\n$4\r\nAUTH\r\n$6\r\ngeheim\r\n*1\r\n$4\r\nPING\r\n"), S("+OK\r\n+PONG\r\n"),
	    C("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$12\r\nAUTH x\r\n1234\r\n"), S("+OK\r\n"));
	EXPECT(tongue_redis, "> credential redis user=taro secret=no rejected\n"
	    "> credential redis user=taro secret=geheim accepted\n",
	    C("AUTH taro no\r\n"), S("-WRONGPASS no\r\n"), C("auth taro geheim\r\n"), S("+OK\r\n"));
	EXPECT(tongue_redis, "> credential redis user=taro secret=ge heim accepted\n",
	    C("*5\r\n$5\r\nhello\r\n$1\r\n3\r\n$4\r\nAUTH\r\n$4\r\ntaro\r\n$7\r\nge heim\r\n"), S("%7\r\n"));
	/* whose answer comes is not known */
	EXPECT(tongue_redis, "> credential redis secret=geheim\n",
	    C("PING\r\nAUTH geheim\r\n"), S("+PONG\r\n-WRONGPASS x\r\n"));
	EXPECT(tongue_redis, "", C("*2\r\n$4\r\nECHO\r\n$6\r\ngeheim\r\nGET a\r\nAUTH\r\n"), S("-ERR\r\n"));
}

static void ftp_and_telnet_say(void **state)
{
	(void)state;
	EXPECT(tongue_ftp,
	    "< banner ftp text=FTP here\n> credential ftp user=taro secret=geheim accepted\n",
	    S("220 FTP here\r\n"), C("USER taro\r\n"), S("331 word?\r\n"), C("PASS geheim\r\n"),
	    S("230 in\r\n"));
	EXPECT(tongue_ftp, "< banner ftp text=x\n> credential ftp user=taro secret=no rejected\n"
	    "switch -\n", S("220 x\r\n"), C("USER taro\r\nPASS no\r\n"), S("331 w\r\n530 no\r\n"),
	    C("AUTH TLS\r\n"), S("234 ok\r\n"));
	EXPECT(tongue_telnet,
	    "< banner telnet text=box 7\n> credential telnet user=taro secret=geheim accepted\n",
	    S("\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0" "box 7\r\nbox login: "), C("\xff\xfb\x18taru\x08o\r"),
	    S("taro\r\nPassword: "), C("geheim\r\n"), S("\r\nLast login: today\r\n$ "));
	EXPECT(tongue_telnet,
	    "< banner telnet text=login: \n> credential telnet user=taro secret=x rejected\n",
	    S("login: "), C("taro\r\n"), S("\r\nPassword: "), C("x\r\n"), S("\r\nLogin incorrect\r\n"));
}

static void first_messages_say(void **state)
{
	static const char mqtt[] = "\x10\x1c\0\4MQTT\4\xc2\0\x3c\0\2me\0\4taro\0\6geheim";
	static const char bind[] = "\x30\x16\2\1\1\x60\x11\2\1\3\4\4" "cn=a\x80\6" "geheim";
	static const char bound[] = "\x30\x0c\2\1\1\x61\x07\x0a\1\x31\4\0\4\0";
	static const char get[] = "\x30\x10\2\1\1\4\6public\xa0\3\2\1\1";
	static const char get3[] = "\x30\x08\2\1\3\x30\3\2\1\1";

	(void)state;
	EXPECT(tongue_mqtt, "> credential mqtt user=taro secret=geheim accepted\n",
	    { SIDE_CLIENT, mqtt, sizeof mqtt - 1 }, { SIDE_SERVER, "\x20\2\0\0", 4 });
	EXPECT(tongue_ldap, "> credential ldap user=cn=a secret=geheim rejected\n",
	    { SIDE_CLIENT, bind, sizeof bind - 1 }, { SIDE_SERVER, bound, sizeof bound - 1 });
	static struct stage stage;

	stage_begin(&stage, &tongue_snmp);
	stage_take(&stage, SIDE_CLIENT, get, sizeof get - 1, 99);
	stage_take(&stage, SIDE_SERVER, get, sizeof get - 1, 99);
	assert_string_equal(stage_end(&stage), "> credential snmp secret=public\n");
	stage_done(&stage);
	stage_begin(&stage, &tongue_snmp);
	stage_take(&stage, SIDE_CLIENT, get3, sizeof get3 - 1, 99);
	assert_string_equal(stage_end(&stage), "");
	stage_done(&stage);
}

static enum guess guess_of(const struct tongue *tongue, const char *client, const char *server,
    uint16_t port)
{
	struct flow_view flow = { .server_port = port };
	struct span first[2] = { span_text(client), span_text(server) };

	return tongue->guess(&flow, first);
}

static void known_by_content(void **state)
{
	(void)state;
	assert_int_equal(guess_of(&tongue_smtp, "", "220 mx ESMTP\r\n", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_smtp, "", "220 hello\r\n", 25), GUESS_YES);
	assert_int_equal(guess_of(&tongue_smtp, "", "220 hello\r\n", 2000), GUESS_MAYBE);
	assert_int_equal(guess_of(&tongue_smtp, "EHLO me\r\n", "", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_smtp, "USER me\r\n", "220 hello\r\n", 2000), GUESS_NO);
	assert_int_equal(guess_of(&tongue_ftp, "USER me\r\n", "220 hello\r\n", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_ftp, "", "220 mx ESMTP\r\n", 2000), GUESS_NO);
	assert_int_equal(guess_of(&tongue_pop3, "", "+OK x\r\n", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_pop3, "GET /", "", 2000), GUESS_NO);
	assert_int_equal(guess_of(&tongue_pop3, "AUTH geheim\r\n", "", 6379), GUESS_NO);
	assert_int_equal(guess_of(&tongue_pop3, "SET a b\r\n", "+OK\r\n", 2000), GUESS_NO);
	assert_int_equal(guess_of(&tongue_redis, "*2\r\n$4\r\nAU", "", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_redis, "*2\r\n$", "", 2000), GUESS_MAYBE);
	assert_int_equal(guess_of(&tongue_redis, "* OK IMAP\r\n", "", 2000), GUESS_NO);
	assert_int_equal(guess_of(&tongue_redis, "AUTH geheim\r\n", "", 6379), GUESS_YES);
	assert_int_equal(guess_of(&tongue_redis, "AUTH geheim\r\n", "", 2000), GUESS_MAYBE);
	assert_int_equal(guess_of(&tongue_redis, "AUTH geheim\r\n", "+OK\r\n", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_redis, "AUTH geheim\r\n", "334 go\r\n", 2000), GUESS_NO);
	assert_int_equal(guess_of(&tongue_redis, "", "-NOAUTH Authentication required.\r\n", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_imap, "", "* OK x\r\n", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_imap, "a LOGIN x y\r\n", "", 2000), GUESS_YES);
	/* one option is not enough; two are, of whichever side, or words behind it */
	assert_int_equal(guess_of(&tongue_telnet, "", "\xff\xfd\x18", 2000), GUESS_MAYBE);
	assert_int_equal(guess_of(&tongue_telnet, "", "\xff\xfd\x18\xff\xfd\x20", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_telnet, "\xff\xfb\x18", "\xff\xfd\x18", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_telnet, "", "\xff\xfd\x18login: ", 2000), GUESS_MAYBE);
	assert_int_equal(guess_of(&tongue_telnet, "", "\xff\xfd\x18\r\nlogin: ", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_telnet, "", "\xff\xfa\x18\x01\xff\xf0\xff\xfd\x20", 2000), GUESS_YES);
	assert_int_equal(guess_of(&tongue_telnet, "", "\xff\xfd\x18\x99", 2000), GUESS_NO);
	assert_int_equal(guess_of(&tongue_telnet, "", "\xff\xfd\x77\xff\xfd\x20", 2000), GUESS_NO);
	assert_int_equal(guess_of(&tongue_telnet, "", "\xff\x01\x18", 2000), GUESS_NO);
	assert_int_equal(guess_of(&tongue_telnet, "", "box login: ", 23), GUESS_YES);
	assert_int_equal(guess_of(&tongue_telnet, "", "Router>", 23), GUESS_MAYBE);
	assert_int_equal(guess_of(&tongue_telnet, "", "Welcome to this machine", 23), GUESS_YES);
	assert_int_equal(guess_of(&tongue_telnet, "", "\x9c" "bcdef login: ", 23), GUESS_NO);
	assert_int_equal(guess_of(&tongue_mqtt, "\x10\x0c_________", "", 1883), GUESS_NO);
	assert_int_equal(guess_of(&tongue_ldap, "\x16\x03\x01", "", 389), GUESS_NO);
	assert_int_equal(guess_of(&tongue_snmp, "\x30\x03\x02\x01\x05", "", 161), GUESS_NO);
}

static void letters_stay_bounded(void **state)
{
	static struct stage stage;
	static const char line[] = "0123456789012345678901234567890123456789 a line of a letter\r\n";

	(void)state;
	stage_begin(&stage, &tongue_smtp);
	stage_take(&stage, SIDE_SERVER, "220 x\r\n", 7, 7);
	stage_take(&stage, SIDE_CLIENT, "DATA\r\n", 6, 6);
	stage_take(&stage, SIDE_SERVER, "354 x\r\n", 7, 7);
	for (int i = 0; i < 40000; i++)
		stage_take(&stage, SIDE_CLIENT, line, sizeof line - 1, 99);
	assert_true(stage.held <= (1 << 20));
	stage_gap(&stage, SIDE_CLIENT, 10);
	(void)stage_end(&stage);
	stage_done(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smtp_says),
		cmocka_unit_test(pop3_says),
		cmocka_unit_test(imap_says),
		cmocka_unit_test(redis_says),
		cmocka_unit_test(ftp_and_telnet_say),
		cmocka_unit_test(first_messages_say),
		cmocka_unit_test(known_by_content),
		cmocka_unit_test(letters_stay_bounded),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
