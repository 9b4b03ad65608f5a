/* test/unit/test_personal.c - what is personal data, how sure, and only masked; and what
 * only looks like it. */
#include "harness.h"
#include "wire/exif.h"
#include "wire/personal.h"
#include <stdio.h>
#include <stdlib.h>

static char said[4096];

static void found(void *context, const struct said_body *where, const struct personal *what)
{
	size_t n = strlen(said);

	(void)context, (void)where;
	(void)snprintf(said + n, sizeof said - n, "%s%s %s %s", n > 0 ? "; " : "",
	    personal_word(what->category), grade_word(what->grade), what->masked);
}
static unsigned doubts[3];

static void doubted(void *context, const struct said_body *where, enum grade grade)
{
	(void)context, (void)where;
	doubts[grade]++;
}
static const struct personal_sink sink = { .found = found, .doubt = doubted };

/* Its own block, so that a sanitizer sees one byte too far. */
static const char *look_as(struct personal_search *s, int kind, const char *key,
    const void *value, size_t n)
{
	uint8_t *copy = malloc(n > 0 ? n : 1);
	struct said_body leaf = { .kind = (uint8_t)kind, .key = span_text(key) };

	assert_non_null(copy);
	memcpy(copy, value, n);
	leaf.bytes = span_of(copy, n);
	said[0] = '\0';
	personal_take(s, &leaf);
	free(copy);
	return said;
}

static const char *look(const char *key, const char *value)
{
	struct personal_search s = { .sink = &sink, .seed = 1 };

	return look_as(&s, BODY_JSON, key, value, strlen(value));
}

#define IS(key, value, what) assert_string_equal(look(key, value), what)

static void cards(void **state)
{
	(void)state;
	IS("cardNumber", "4111111111111111", ""); /* fewer than three digits of their own */
	IS("cardNumber", "4132479807365555", "card certain 41************55");
	IS("clip", "card 4132 4798 0736 5555", "card certain 41************55");
	IS("memo", "ref 4132479807365558", ""); /* the decoy: Luhn fails */
	IS("card", "4132479807365558", "");
	IS("x", "4132 4798 0736 5555", "card likely 41************55");
	IS("x", "pay 4132-4798-0736-5555 now", "card likely 41************55");
	IS("x", "4132479807365555", "card possible 41************55");
	IS("order", "4132479807365555", "");
	IS("x", "a4132479807365555", "");
	IS("x", "4132479807365555b", "");
	IS("x", "4132479807365555.25", "");
	IS("x", "12 4132 4798 0736 5555 10", "card likely 41************55");
	IS("x", "41 32479807 365555", ""); /* nobody writes cards so */
	IS("x", "9132479807365556", ""); /* no issuer */
	IS("amexCard", "378282246310005", "card certain 37***********05");
	IS("x", "378282246310005", ""); /* fifteen digits are many things */
	IS("jcb", "3530111333300000", "card certain 35************00");
	IS("\xe3\x82\xab\xe3\x83\xbc\xe3\x83\x89\xe7\x95\xaa\xe5\x8f\xb7", "6011000990139424",
	    "card certain 60************24");
}

static void my_numbers(void **state)
{
	(void)state;
	IS("id", "\xe5\x80\x8b\xe4\xba\xba\xe7\x95\xaa\xe5\x8f\xb7: 788800332725",
	    "my_number certain 78********25");
	IS("myNumber", "7888-0033-2725", "my_number certain 78********25");
	IS("order", "788800332726", "");
	IS("my_number", "788800332726", ""); /* check digit */
	IS("id", "788800332725", "");	     /* one in eleven numbers has it: a word is needed */
	IS("mynumber", "072321420010", "my_number certain 07********10");
	IS("mynumber", "000000000000", "");
}

static void phones_and_mail(void **state)
{
	(void)state;
	IS("tel", "090-0950-8313", "phone certain 09*********13");
	IS("x", "call 090-0950-8313.", "phone likely 09*********13");
	IS("tel", "09009508313", "phone certain 09*******13");
	IS("x", "09009508313", "phone possible 09*******13");
	IS("seq", "09009508313", "");
	IS("x", "+81 90 0950 8313", "phone likely 81***********13");
	IS("phone", "+14155550123", "phone certain 14*******23");
	IS("x", "2026-04-23", "");
	IS("ts", "1709623574308", "");
	IS("fax", "03-1234-5678", "phone likely 03********78");
	IS("x", "03-1234-5678", "");
	IS("mail", "taro7@mail.example", "email certain ta**************le");
	IS("x", "<a.b+c@x.co.jp>", "email likely a.*********jp");
	IS("x", "icon@2x.png", "");
	IS("x", "@user", "");
	IS("x", "user@host", "");
	IS("x", "npm/@scope/pack", "");
	IS("x", "a@1.2.3", "");
	IS("x", "TARO@MAIL.EXAMPLE", "email likely TA*************LE");
	IS("x", "9Tx7@f3.NY", "");
}

/* As people write them, and as forms ask for them. */
static void as_people_write(void **state)
{
	(void)state;
	IS("phone", "(03)1234-5678", "phone likely (0*********78");
	IS("phone", "(03) 1234-5678", "phone likely (0**********78");
	IS("phone", "03(1234)5678", "phone likely 03********78");
	IS("x", "tel: (03)1234-5678", "phone likely (0*********78");
	IS("x", "f(03)1234-5678", "");
	IS("x", "(03)1234-5678", "");
	IS("x", "(090)1234-5678", "phone likely (0**********78");
	IS("phone", "03(1234(5678", "");
	IS("phone", "(03)1234-567", "");
	IS("phone", "\xef\xbc\x90\xef\xbc\x93\xef\xbc\x88\xef\xbc\x91\xef\xbc\x92\xef\xbc\x93\xef\xbc\x94"
	    "\xef\xbc\x89\xef\xbc\x95\xef\xbc\x96\xef\xbc\x97\xef\xbc\x98", "phone likely 03********78");
	IS("phone", "\xef\xbc\x90\xef\xbc\x93\xe3\x83\xbc\xef\xbc\x91\xef\xbc\x92\xef\xbc\x93\xef\xbc\x94"
	    "\xe3\x83\xbc\xef\xbc\x95\xef\xbc\x96\xef\xbc\x97\xef\xbc\x98", "phone likely 03********78");
	IS("phone", "03.1234.5678", "phone likely 03********78");
	IS("x", "03.1234.5678", "");
	IS("version", "090.1234.5678", "");
	IS("x", "0081-90-1234-5678", "phone likely 00*************78");
	IS("x", "0081901234567", "");
	IS("card", "4132.4798.0736.5555", "card certain 41************55");
	IS("card", "4132.4798.0736.55551", "");
	IS("x", "card 4132\xc2\xa0" "4798\xc2\xa0" "0736\xc2\xa0" "5555", "card certain 41************55");
	IS("x", "card 4132&nbsp;4798&nbsp;0736&nbsp;5555", "card certain 41************55");
	IS("x", "%B4132479807365555^YAMADA/TARO^2712101?", "card certain 41************55");
	IS("x", ";4132479807365555=27121010000012345678?", "card certain 41************55");
	IS("x", "B4132479807365555^", "");
	IS("kojin_bango", "788800332725", "my_number certain 78********25");
	IS("kojinBangou", "788800332725", "my_number certain 78********25");
	IS("individual_number", "788800332725", "my_number certain 78********25");
	IS("my_no", "788800332725", "my_number certain 78********25");
	IS("mynum", "788800332725", "my_number certain 78********25");
	/* the post bank: symbol and number */
	IS("x", "\xe8\xa8\x98\xe5\x8f\xb7 12345 \xe7\x95\xaa\xe5\x8f\xb7 12345671",
	    "bank_account likely 12****71");
	IS("x", "\xe8\xa8\x98\xe5\x8f\xb7 22345 \xe7\x95\xaa\xe5\x8f\xb7 12345671", "");
	IS("x", "\xe8\xa8\x98\xe5\x8f\xb7 12345 \xe7\x95\xaa\xe5\x8f\xb7 12345672", "");
	IS("x", "35\xc2\xb0" "40'52.45\"N 139\xc2\xb0" "46'1.65\"E", "location likely 35****************24");
	IS("x", "35\xc2\xb0" "40'52.45\"S, 139\xc2\xb0" "46\xe2\x80\xb2" "1\xe2\x80\xb3 W",
	    "location likely -3****************43");
	IS("x", "35\xc2\xb0" "40'52.45\"N", "");
	IS("x", "95\xc2\xb0" "40'52.45\"N 139\xc2\xb0" "46'1.65\"E", "");
	IS("x", "35\xc2\xb0" "40'60\"N 139\xc2\xb0" "46'1.65\"E", "");
	IS("x", "it is 21\xc2\xb0", "");
}

#define PIECE(key, value, what) \
	assert_string_equal(look_as(&s, BODY_FORM, key, value, strlen(value)), what)

/* tel1, tel2, tel3: found with the last. */
static void in_several_fields(void **state)
{
	struct personal_search s = { .sink = &sink };

	(void)state;
	PIECE("tel1", "090", "");
	PIECE("tel2", "1234", "");
	PIECE("tel3", "5678", "phone certain 09*********78");
	PIECE("card_no[0]", "4132", "");
	PIECE("card_no[1]", "4798", "");
	PIECE("card_no[2]", "0736", "");
	PIECE("card_no[3]", "5555", "card certain 41************55");
	/* not one behind the other, or of two names */
	PIECE("tel1", "090", "");
	PIECE("tel3", "1234", "");
	PIECE("tel4", "5678", "");
	PIECE("tel1", "090", "");
	PIECE("fax2", "1234", "");
	PIECE("tel3", "5678", "");
	PIECE("tel1", "090", "");
	PIECE("x", "1", "");
	PIECE("tel2", "1234", "");
	PIECE("tel3", "5678", "");
	PIECE("n1", "090", "");
	PIECE("n2", "1234", "");
	PIECE("n3", "5678", "");
}

/* What only looks like it. */
static void decoys(void **state)
{
	struct personal_search s = { .sink = &sink };
	struct said_body svg = { .kind = BODY_TEXT, .content_type = span_text("image/svg+xml"),
		.bytes = span_text("M 35.6812,139.7671 36.1,139.9 35.6813,139.7672") };

	(void)state;
	IS("x", "card reader 7 read serial 4132479807365555", "");
	IS("cardSerial", "4132479807365555", "device_id likely 41************55");
	IS("x", "serial 12, card 4132479807365555", "card certain 41************55");
	IS("x", "git@github.com:foo/bar", "");
	IS("x", "digit@mail.example", "email likely di**************le");
	IS("x", "<path d=\"M1,2 35.6812,139.7671\">", "");
	IS("x", "L 35.6812,139.7671", "");
	IS("x", "at hotel 35.6812,139.7671", "location likely 35************71");
	said[0] = '\0';
	personal_take(&s, &svg);
	assert_string_equal(said, "");
}

static void places(void **state)
{
	struct personal_search s = { .sink = &sink };

	(void)state;
	assert_string_equal(look_as(&s, BODY_JSON, "gps.lat", "35.62147", 8), "");
	assert_string_equal(look_as(&s, BODY_JSON, "gps.lon", "139.708595", 10),
	    "location certain 35****************95");
	assert_string_equal(look_as(&s, BODY_JSON, "lat", "35.62", 5), "");
	assert_string_equal(look_as(&s, BODY_JSON, "lng", "139.70", 6),
	    "location possible 35****************00");
	assert_string_equal(look_as(&s, BODY_JSON, "lat", "95.62147", 8), "");
	assert_string_equal(look_as(&s, BODY_JSON, "lng", "139.7085", 8), "");
	s.number = 7; /* another message: half a place is none */
	assert_string_equal(look_as(&s, BODY_JSON, "lat", "35.62147", 8), "");
	IS("pos", "at 35.62147, 139.708595!", "location likely 35****************95");
	IS("d", "12.3456,78.9012", "");
	IS("v", "35.62147", "");
	IS("note", "\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd\xe6\xb8\xaf\xe5\x8c\xba\xe8\x8a\x9d" "1-2-3",
	    "address likely \xe6\x9d\xb1\xe4\xba\xac***\xe8\x8a\x9d" "1");
	IS("address", "12 Long Street, Kobe", "address possible 12****************be");
	IS("ip_address", "192.168.10.27 or so", "");
}

static void devices_and_words(void **state)
{
	struct personal_search s = { .sink = &sink, .own = { { 2, 0, 0, 10, 0, 7 } } };

	(void)state;
	IS("imei", "350748104797717", "device_id certain 35***********17");
	IS("imei", "350748104797718", "");
	IS("n", "350748104797717", "");
	IS("imsi", "440101234567890", "device_id likely 44***********90");
	IS("sn", "SN-8F14E45FCE", "device_id likely SN*********CE");
	IS("mac", "02:00:00:0a:00:08", "device_id likely 02*************08");
	assert_string_equal(look_as(&s, BODY_URI, "q", "0200000A0007", 12),
	    "device_id certain 02********07");
	IS("password", "hunter22", "credential certain ********");
	IS("pwd", "abc", "credential certain ****");
	IS("access_token", "eyJhbGciOi", "credential likely ********");
	IS("iban", "DE89370400440532013000", "bank_account certain DE****************00");
	IS("iban", "DE89370400440532013001", "");
	IS("x", "\xe5\x8f\xa3\xe5\xba\xa7 1234567", "bank_account likely 12***67");
	IS("account", "1234567", "");
	IS("", "sn=SN-8F14E45FCE", "");
}

/* What is said about a secret is none, nor is a bank of memory one of money. */
static void about_secrets(void **state)
{
	(void)state;
	IS("password_min_length", "8", "");
	IS("password_changed_at", "2026-01-01T00:00:00Z", "");
	IS("password_strength", "3", "");
	IS("passwordResetEnabled", "true", "");
	IS("password", "false", "");
	IS("token_type", "bearer-token", "");
	IS("csrfToken", "null", "");
	IS("user.newPassword", "hunter22", "credential certain ********");
	IS("password_confirm", "hunter22", "credential certain ********");
	IS("password2", "hunter22", "credential certain ********");
	IS("password.value", "hunter22", "credential certain ********");
	IS("api_key", "0a1b2c3d4e", "credential likely ********");
	IS("\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89", "hunter22",
	    "credential certain ********");
	IS("memory_bank", "1234567", "");
	IS("branch", "7654321", "");
	IS("account_count", "1234567", "");
	IS("account_number", "1234567", "bank_account likely 12***67");
	IS("bankAccount", "1234567", "bank_account likely 12***67");
}

/* A long row of fours holds every kind of number; what fails the check digit is told, so
 * that chance can be told from cards. */
static void numbers_like_cards(void **state)
{
	char row[2000];
	size_t n = 0;

	(void)state;
	for (unsigned i = 0; i < 300; i++)
		n += (size_t)snprintf(row + n, sizeof row - n, "%s%04u", i > 0 ? " " : "",
		    4000 + i * 7919 % 1700);
	memset(doubts, 0, sizeof doubts);
	IS("x", row, "");
	assert_int_equal(doubts[GRADE_LIKELY] + doubts[GRADE_POSSIBLE], 0);
	IS("x", "4132479807365558", "");
	assert_int_equal(doubts[GRADE_POSSIBLE], 1);
	IS("x", "4132 4798 0736 5558", "");
	assert_int_equal(doubts[GRADE_LIKELY], 1);
	IS("card", "4132479807365558", ""); /* named: a slip of the pen, no chance */
	IS("order", "4132479807365558", "");
	IS("x", "9132479807365558", "");
	assert_int_equal(doubts[GRADE_POSSIBLE] + doubts[GRADE_LIKELY], 2);
}

static void contacts(void **state)
{
	struct personal_search s = { .sink = &sink };
	static const char cards[] = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Yamada Hanako\r\nEND:VCARD\r\n"
				    "BEGIN:VCARD\r\nEND:VCARD\r\n";

	(void)state;
	assert_string_equal(look_as(&s, BODY_TEXT, "", cards, sizeof cards - 1),
	    "contact certain Ya*********ko; contact certain BE*******RD");
}

static void pages_for_everybody(void **state)
{
	struct personal_search s = { .sink = &sink, .from_server = true };
	struct said_body leaf = { .kind = BODY_TEXT, .content_type = span_text("text/html") };

	(void)state;
	leaf.bytes = span_text("mail info@shop.example, card 4132479807365555, tel 090-0950-8313");
	said[0] = '\0';
	personal_take(&s, &leaf);
	assert_string_equal(said, "card certain 41************55");
}

static void photos(void **state)
{
	struct personal_search s = { .sink = &sink };
	static const uint8_t jpeg[] = { 0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xe1, 0, 116,
		'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0, 0, /* first directory at 8 */
		1, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0, /* GPS at 26 */
		4, 0, 1, 0, 2, 0, 2, 0, 0, 0, 'N', 0, 0, 0, /* north */
		2, 0, 5, 0, 3, 0, 0, 0, 76, 0, 0, 0, 3, 0, 2, 0, 2, 0, 0, 0, 'W', 0, 0, 0,
		4, 0, 5, 0, 3, 0, 0, 0, 76, 0, 0, 0,
		35, 0, 0, 0, 1, 0, 0, 0, 30, 0, 0, 0, 1, 0, 0, 0, 180, 0, 0, 0, 10, 0, 0, 0 };
	int64_t place[2] = { 7, 7 };

	(void)state;
	assert_true(exif_place(span_of(jpeg, sizeof jpeg), place));
	assert_int_equal(place[0], 35505000);
	assert_int_equal(place[1], -35505000);
	assert_string_equal(look_as(&s, BODY_BYTES, "photo", jpeg, sizeof jpeg),
	    "photo_location certain 35****************00");
	for (size_t n = 0; n < sizeof jpeg; n++) {
		uint8_t *part = malloc(n + 1);
		int64_t untouched[2] = { 7, 7 };

		memcpy(part, jpeg, n);
		assert_false(exif_place(span_of(part, n), untouched));
		assert_int_equal(untouched[0], 7);
		free(part);
	}
}

static void masks_show_four_characters(void **state)
{
	char masked[MASKED_MAX];

	(void)state;
	value_mask(span_text(""), masked);
	assert_string_equal(masked, "");
	value_mask(span_text("abcd"), masked);
	assert_string_equal(masked, "****");
	value_mask(span_text("abcde"), masked);
	assert_string_equal(masked, "ab*de");
	value_mask(span_text("\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd\xe6\xb8\xaf\xe5\x8c\xba"), masked);
	assert_string_equal(masked, "\xe6\x9d\xb1\xe4\xba\xac*\xe6\xb8\xaf\xe5\x8c\xba");
	value_mask(span_of("\x80\xff\x01xxxx\x7f\xfe", 9), masked);
	assert_string_equal(masked, "??*****??");
	secret_mask(span_text(""), masked);
	assert_string_equal(masked, "");
	secret_mask(span_text("abc123"), masked);
	assert_string_equal(masked, "****");
	secret_mask(span_text("abcd1234"), masked);
	assert_string_equal(masked, "********");
	secret_mask(span_text("\xe6\x9d\xb1\xe4\xba\xac"), masked);
	assert_string_equal(masked, "****");
	char longest[500];

	memset(longest, 'q', sizeof longest);
	secret_mask(span_of(longest, sizeof longest), masked);
	assert_string_equal(masked, "************");
	value_mask(span_of(longest, sizeof longest), masked);
	assert_int_equal(strlen(masked), 20);
}

/* Random numbers, words and letters of any form: only a phone's form can be met by chance,
 * and that is what `possible` and `likely` are for; never anything certain. */
static void noise_is_nothing_certain(void **state)
{
	uint64_t z = 12345;
	unsigned cards = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char value[40];
		size_t n = 1 + (size_t)(z >> 40) % 24;

		for (size_t k = 0; k < n; k++) {
			z = z * 6364136223846793005u + 1442695040888963407u;
			value[k] = "01234567890123456789abcdef-. :,"[(z >> 33) % 31];
		}
		value[n] = '\0';
		const char *got = look("v", value);

		assert_null(strstr(got, "certain"));
		cards += strstr(got, "card") != NULL;
	}
	assert_true(cards <= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cards),
		cmocka_unit_test(my_numbers),
		cmocka_unit_test(phones_and_mail),
		cmocka_unit_test(as_people_write),
		cmocka_unit_test(in_several_fields),
		cmocka_unit_test(decoys),
		cmocka_unit_test(places),
		cmocka_unit_test(devices_and_words),
		cmocka_unit_test(about_secrets),
		cmocka_unit_test(numbers_like_cards),
		cmocka_unit_test(contacts),
		cmocka_unit_test(pages_for_everybody),
		cmocka_unit_test(photos),
		cmocka_unit_test(masks_show_four_characters),
		cmocka_unit_test(noise_is_nothing_certain),
	};

	return cmocka_run_group_tests_name("personal", tests, NULL, NULL);
}
