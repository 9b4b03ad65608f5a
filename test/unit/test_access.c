/* test/unit/test_access.c - forms: what is read of them, and which are taken at all. */
#include "harness.h"
#include "page/access.h"
#include "page/asked.h"
#include "page/act.h"
#include "page/fields.h"
#include "page/sessions.h"
#include "page/tries.h"
#include "page/users.h"
#include "page_stage.inc"

static void takes(const char *body, const char *value)
{
	char room[8];
	bool good = field_take(span_text(body), "who", room, sizeof room);

	if (good != (value != NULL) || strcmp(room, value != NULL ? value : "") != 0)
		fail_msg("%s: %d \"%s\"", body, good, room);
}

static void a_field_is_read(void **state)
{
	(void)state;
	takes("who=taro", "taro");
	takes("a=1&who=a+b%2b%41&b=2", "a b+A");
	takes("wh%6F=x", "x");
	takes("who=", "");
	takes("who", "");
	takes("who=%E7%86%B1", "\xe7\x86\xb1");
	takes("who=1234567", "1234567");
	takes("who=12345678", NULL);
	takes("who=a&who=b", NULL);
	takes("who=%0", NULL);
	takes("who=%00", NULL);
	takes("who=%g1", NULL);
	takes("", NULL);
	takes("whom=x&xwho=y", NULL);
}

static int reads(const char *body, struct act_form *form)
{
	return act_read(span_text(body), NULL, form, &why);
}

static void a_form_becomes_a_wish(void **state)
{
	struct act_form f;

	(void)state;
	assert_int_equal(reads("act=acknowledge&number=12&back=%2Fincident%2F12", &f), KS_OK);
	assert_int_equal(f.wish.what, WISH_ACKNOWLEDGE);
	assert_int_equal(f.wish.number, 12);
	assert_string_equal(f.back, "/incident/12");
	assert_int_equal(reads("act=maintenance&subject=r1&from=2026-08-13T22%3A00&to=2026-08-13T23:30"
	    "&reason=new+UPS&who=mio&for=2h", &f), KS_OK);
	assert_int_equal(f.wish.from_ms, 1786658400000);
	assert_int_equal(f.wish.to_ms, 1786663800000);
	assert_int_equal(f.wish.for_ms, 0); /* an end was given */
	assert_string_equal(f.wish.reason, "new UPS");
	assert_string_equal(f.wish.who, "mio");
	assert_string_equal(f.back, "/");
	assert_int_equal(reads("act=silence&number=3&for=2h&to=", &f), KS_OK);
	assert_int_equal(f.wish.for_ms, 7200000);
	assert_int_equal(reads("act=take&number=3", &f), KS_MALFORMED);
	assert_int_equal(reads("number=3", &f), KS_MALFORMED);
	assert_int_equal(reads("act=silence&number=-3", &f), KS_MALFORMED);
	assert_int_equal(reads("act=silence&for=soon", &f), KS_MALFORMED);
	assert_int_equal(reads("act=silence&from=2026-13-01T00:00", &f), KS_MALFORMED);
	assert_int_equal(reads("act=end&who=0123456789012345678901234567890123456789012345678901234567890123",
	    &f), KS_MALFORMED);
}

static void nobody_is_sent_elsewhere(void **state)
{
	static const char *const backs[] = { "http://evil.example/", "//evil.example", "/\\evil.example",
		"/a%0d%0aSet-Cookie:x", "", "a" };
	struct act_form f;

	(void)state;
	for (size_t i = 0; i < sizeof backs / sizeof *backs; i++) {
		char body[100];

		(void)snprintf(body, sizeof body, "act=end&number=1&back=%s", backs[i]);
		assert_int_equal(reads(body, &f), KS_OK);
		assert_string_equal(f.back, "/");
	}
}

static void a_link_is_read(void **state)
{
	static const char *const bad[] = { "", "12", "12-1-", "12-1-aa", "12-1-aa-", "0-1-aa-c",
		"-1-1-aa-c", "12-x-aa-c", "12--aa-c", "12-9999999999999999999-aa-c",
		"12-9223372036854775807-aa-c" };
	struct wish wish;

	(void)state;
	assert_int_equal(take_read("12-1784600000-aa-the-mail", &wish, &why), KS_OK);
	assert_int_equal(wish.number, 12);
	assert_int_equal(wish.to_ms, 1784600000000);
	assert_string_equal(wish.reason, "aa");
	assert_string_equal(wish.subject, "the-mail");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(take_read(bad[i], &wish, &why), KS_MALFORMED);
}

static void a_link_asks_before_it_acts(void **state)
{
	int fd = ask("GET /take/12-1784600000-aa-mail HTTP/1.1\r\nHost: localhost:1\r\n"
	    "Accept-Language: en\r\n\r\n", NULL, 0);
	const char *answer = heard(fd);

	(void)state;
	assert_non_null(strstr(answer, "HTTP/1.1 200"));
	assert_non_null(strstr(answer, "<form method=\"post\">"));
	(void)close(fd);
	assert_int_equal(core.n, 0);
	fd = ask("POST /take/12-1784600000-aa-mail HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: 7\r\nAccept-Language: en\r\n"
	    "Content-Type: application/x-www-form-urlencoded\r\n\r\n", "who=mio", 7);
	assert_int_equal(core.n, 1);
	assert_int_equal(core.heads[0].kind, MESSAGE_WISH);
	const struct wished said = { .code = KS_REFUSED, .text = "somebody has it already" };

	core_says(MESSAGE_WISHED, core.heads[0].ticket, &said, 1, sizeof said);
	assert_non_null(strstr(heard(fd), "somebody has it already"));
	(void)close(fd);
}

static void roles_rise(void **state)
{
	const struct page_who nobody = { .role = PAGE_NOBODY }, viewer = { .role = PAGE_VIEWER },
		operator = { .role = PAGE_OPERATOR }, approver = { .role = PAGE_APPROVER },
		broken = { .role = PAGE_ROLES };

	(void)state;
	assert_false(page_may(&nobody, MAY_SEE));
	assert_true(page_may(&viewer, MAY_SEE));
	assert_false(page_may(&viewer, MAY_OPERATE));
	assert_true(page_may(&operator, MAY_OPERATE));
	assert_false(page_may(&operator, MAY_APPROVE));
	assert_true(page_may(&approver, MAY_APPROVE));
	assert_false(page_may(&broken, MAY_SEE));
	assert_false(page_may(&approver, MAY_ACTS));
}

#define ACT "POST /api/v1/acts HTTP/1.1\r\nHost: localhost:1\r\n" \
	"Content-Type: application/json\r\nContent-Length: 2\r\n"

static void asks(const char *head, const char *body, const char *status)
{
	int fd = ask(head, body, strlen(body));
	const char *answer = heard(fd);

	if (strncmp(answer, status, strlen(status)) != 0)
		fail_msg("%s: %s", head, answer);
	(void)close(fd);
}

static void another_sites_page_is_refused(void **state)
{
	(void)state;
	asks(ACT "Origin: http://evil.example\r\n\r\n", "{}", "HTTP/1.1 403");
	asks(ACT "Origin: http://localhost:2\r\n\r\n", "{}", "HTTP/1.1 403");
	asks(ACT "Origin: https://localhost:1\r\n\r\n", "{}", "HTTP/1.1 403");
	asks(ACT "Origin: null\r\n\r\n", "{}", "HTTP/1.1 403");
	asks(ACT "Sec-Fetch-Site: same-site\r\n\r\n", "{}", "HTTP/1.1 403");
	asks(ACT "Sec-Fetch-Site: cross-site\r\n\r\n", "{}", "HTTP/1.1 403");
	/* a program: what it asks is looked at, and is wrong */
	asks(ACT "\r\n", "{}", "HTTP/1.1 400");
}

static void a_browser_needs_the_token(void **state)
{
	char token[FORM_TOKEN], head[512];

	(void)state;
	access_form(page, NULL, token);
	assert_int_equal(strlen(token), FORM_TOKEN - 1);
	asks(ACT "Origin: http://localhost:1\r\n\r\n", "{}", "HTTP/1.1 403");
	asks(ACT "Sec-Fetch-Site: same-origin\r\nX-Keisoku-Form: x\r\n\r\n", "{}", "HTTP/1.1 403");
	(void)snprintf(head, sizeof head, ACT "Origin: http://localhost:1\r\nX-Keisoku-Form: %s\r\n\r\n",
	    token);
	asks(head, "{}", "HTTP/1.1 400");
	token[5] ^= 1;
	(void)snprintf(head, sizeof head, ACT "Origin: http://localhost:1\r\nX-Keisoku-Form: %s\r\n\r\n",
	    token);
	asks(head, "{}", "HTTP/1.1 403");
}

#define HASH "$argon2id$v=19$m=65536,t=2,p=1$fDOWRrs0yvQKePZGlOlYCg$egEyWpDnPOja8aIr9CFPeDz1ak3bIGtz"
#define TOKEN_HEX "9102ac74037eec41473ba8208a6d531418e52f3be1a805ec597e2c9cd48925f8"
static const char people[] = "# people\r\n\nuser taro role=approver password=" HASH "\n"
	"  user \xe8\x8a\xb1 password=" HASH " lang=ja theme=dark role=viewer\n"
	"token graf role=operator hash=" TOKEN_HEX "\n";

static void users_are_read_and_written(void **state)
{
	struct users users, again;
	struct text text;
	uint8_t hash[TOKEN_BYTES] = { 0x91, 0x02 };

	(void)state;
	assert_int_equal(users_read(span_text(people), &users, &why), KS_OK);
	assert_int_equal(users.n, 3);
	assert_int_equal(users_find(&users, "taro", false)->role, PAGE_APPROVER);
	assert_int_equal(users_find(&users, "\xe8\x8a\xb1", false)->lang, LANG_JA);
	assert_string_equal(users_find(&users, "\xe8\x8a\xb1", false)->theme, "dark");
	assert_null(users_find(&users, "graf", false));
	assert_null(users_token(&users, hash));
	memcpy(hash, users_find(&users, "graf", true)->token, sizeof hash);
	assert_string_equal(users_token(&users, hash)->name, "graf");
	text_init(&text, 10000);
	users_write(&text, &users);
	assert_int_equal(users_read(text_span(&text), &again, &why), KS_OK);
	assert_memory_equal(users.list, again.list, 3 * sizeof *users.list);
	users_remove(&again, users_find(&again, "taro", false));
	assert_int_equal(again.n, 2);
	assert_null(users_find(&again, "taro", false));
	users_done(&again);
	users_done(&users);
	text_done(&text);
}

static void bad_users_are_refused(void **state)
{
	static const char *const bad[] = { "guest taro role=viewer password=" HASH,
		"user taro role=root password=" HASH, "user taro password=" HASH, "user taro role=viewer",
		"user taro role=viewer role=viewer password=" HASH, "user ta=ro role=viewer password=" HASH,
		"user taro role=viewer password=$2y$10$abc", "user", "user taro role=viewer hash=" TOKEN_HEX,
		"token t role=viewer hash=91", "token t role=viewer hash=" TOKEN_HEX " password=" HASH,
		/* a check of these would take a gigabyte, or minutes */
		"user taro role=viewer password=$argon2id$v=19$m=1048576,t=2,p=1$a$b",
		"user taro role=viewer password=$argon2id$v=19$m=65536,t=2000,p=1$a$b",
		"user taro role=viewer password=$argon2i$v=19$m=65536,t=2,p=1$a$b",
		"user a role=viewer password=" HASH "\nuser a role=viewer password=" HASH,
		"user taro role=viewer password=" HASH " lang=fr", "user taro role=viewer x=1 password=" HASH };
	struct users users = { .n = 77 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (users_read(span_text(bad[i]), &users, &why) == KS_OK || users.n != 77)
			fail_msg("%s", bad[i]);
	assert_false(user_name_good("a b"));
	assert_false(user_name_good(""));
	assert_false(user_name_good("\xff"));
	assert_true(user_name_good("\xe5\xb1\xb1\xe7\x94\xb0"));
}

static void a_session_ends(void **state)
{
	static struct sessions sessions;
	static uint8_t random[SESSION_BYTES];
	char word[SESSION_WORD], other[SESSION_WORD], first[SESSION_WORD] = "";
	struct users users;

	(void)state;
	assert_int_equal(users_read(span_text(people), &users, &why), KS_OK);
	struct user *taro = users_find(&users, "taro", false);

	session_begin(&sessions, taro, random, 1000, word);
	assert_int_equal(strlen(word), SESSION_WORD - 1);
	assert_non_null(session_find(&sessions, &users, word, 1000 + SESSION_IDLE_MS, false));
	assert_non_null(session_find(&sessions, &users, word, 1000 + SESSION_IDLE_MS, true));
	assert_non_null(session_find(&sessions, &users, word, 1000 + 2 * SESSION_IDLE_MS, false));
	/* used all the time, but too old */
	for (int64_t at = 0; at <= SESSION_MOST_MS; at += SESSION_IDLE_MS)
		assert_non_null(session_find(&sessions, &users, word, 1000 + at, true));
	assert_null(session_find(&sessions, &users, word, 1001 + SESSION_MOST_MS, true));
	/* idle */
	session_begin(&sessions, taro, random, 1000, word);
	assert_null(session_find(&sessions, &users, word, 1001 + SESSION_IDLE_MS, true));
	assert_null(session_find(&sessions, &users, word, 1001, true)); /* and stays so */
	/* a new password */
	session_begin(&sessions, taro, random, 1000, word);
	taro->password[60] ^= 1;
	assert_null(session_find(&sessions, &users, word, 1001, true));
	/* one person can not push the others out: the own oldest goes */
	random[0] = 99;
	session_begin(&sessions, users_find(&users, "\xe8\x8a\xb1", false), random, 900, other);
	for (unsigned i = 0; i < 2 * LIMIT_SESSIONS; i++) {
		random[0] = (uint8_t)i;
		random[1] = (uint8_t)(i >> 8) + 1;
		session_begin(&sessions, taro, random, 1000 + i, word);
		if (i == 0)
			memcpy(first, word, sizeof first);
	}
	assert_non_null(session_find(&sessions, &users, other, 1600, false));
	assert_non_null(session_find(&sessions, &users, word, 1600, false));
	assert_null(session_find(&sessions, &users, first, 1600, false));
	/* counted: of the same user's, nobody else had to go */
	assert_int_equal(sessions.evicted_own, 2 * LIMIT_SESSIONS - LIMIT_SESSIONS_USER);
	assert_int_equal(sessions.evicted, 0);
	assert_int_equal(sessions_count(&sessions, 1600), LIMIT_SESSIONS_USER + 1);
	/* more people than places: the longest idle of all goes, and that is told apart */
	for (unsigned i = 0; i < LIMIT_SESSIONS; i++) {
		struct user many = *taro;

		(void)snprintf(many.name, sizeof many.name, "p%u", i);
		random[1] = (uint8_t)(100 + (i >> 8));
		random[0] = (uint8_t)i;
		session_begin(&sessions, &many, random, 3000 + i, word);
	}
	assert_int_equal(sessions.evicted, LIMIT_SESSIONS_USER + 1);
	assert_int_equal(sessions_count(&sessions, 4000), LIMIT_SESSIONS);
	users_remove(&users, taro);
	assert_null(session_find(&sessions, &users, word, 1600, false));
	users_done(&users);
}

static void cookies_are_found(void **state)
{
	char word[SESSION_WORD];

	(void)state;
#define WORD "ZA-IVrx69aT1TczWHFmQ7ZhkDjbfJUmnkn-QaF_plu0"
	assert_true(session_cookie("a=b; __Host-keisoku=" WORD "; c=d", word));
	assert_string_equal(word, WORD);
	assert_false(session_cookie("__Host-keisoku=" WORD "x", word));
	assert_false(session_cookie("__Host-keisoku=" WORD "; __Host-keisoku=" WORD, word));
	assert_false(session_cookie("x__Host-keisoku=" WORD, word));
	assert_false(session_cookie("__Host-keisoku=ZA-IVrx69aT1TczWHFmQ7ZhkDjbfJUmnkn-QaF_plu+", word));
	assert_false(session_cookie("", word));
	assert_string_equal(theme_cookie("lang=ja; theme=dark"), "dark");
	assert_string_equal(theme_cookie("theme=auto"), "auto");
	assert_string_equal(theme_cookie("theme=\"><script>"), "");
}

static void tries_are_slowed(void **state)
{
	static struct tries tries = { .seed = 5 };
	uint8_t one[4] = { 127, 0, 0, 1 }, two[4] = { 127, 0, 0, 2 };
	int64_t now = 1000;
	unsigned looked_at = 0;

	(void)state;
	/* ten thousand tries in a hundred seconds from one address */
	for (unsigned i = 0; i < 10000; i++, now += 10) {
		if (tries_wait(&tries, span_of(one, 4), now) > 0)
			continue;
		looked_at++;
		tries_failed(&tries, span_of(one, 4), "taro", now);
	}
	assert_in_range(looked_at, TRIES_FREE, 12);
	assert_int_equal(tries_wait(&tries, span_of(two, 4), now), 0);
	assert_in_range(tries_wait(&tries, span_of(one, 4), now), 1, TRIES_MOST_MS);
	/* from many addresses: the name is tried once a second, and is never locked */
	for (unsigned i = 0; i < 100000; i++) {
		uint8_t many[4] = { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };

		tries_failed(&tries, span_of(many, 4), "taro", now);
	}
	assert_in_range(tries_name_ms(&tries, "taro"), now + 1, now + TRIES_NAME_MS);
	assert_int_equal(tries_name_ms(&tries, "hanako"), 0);
	/* who tried most is not forgotten for the sake of those many */
	assert_in_range(tries_wait(&tries, span_of(one, 4), now), 1, TRIES_MOST_MS);
	/* the right word forgives half */
	for (unsigned i = 0; i < TRIES_FREE - 1; i++)
		tries_failed(&tries, span_of(two, 4), "taro", now);
	tries_good(&tries, span_of(two, 4));
	tries_failed(&tries, span_of(two, 4), "taro", now);
	assert_int_equal(tries_wait(&tries, span_of(two, 4), now), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_is_read),
		cmocka_unit_test(a_form_becomes_a_wish),
		cmocka_unit_test(nobody_is_sent_elsewhere),
		cmocka_unit_test(a_link_is_read),
		cmocka_unit_test_setup_teardown(a_link_asks_before_it_acts, start, stop),
		cmocka_unit_test(roles_rise),
		cmocka_unit_test(users_are_read_and_written),
		cmocka_unit_test(bad_users_are_refused),
		cmocka_unit_test(a_session_ends),
		cmocka_unit_test(cookies_are_found),
		cmocka_unit_test(tries_are_slowed),
		cmocka_unit_test_setup_teardown(another_sites_page_is_refused, start, stop),
		cmocka_unit_test_setup_teardown(a_browser_needs_the_token, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
