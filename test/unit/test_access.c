/* test/unit/test_access.c - forms: what is read of them, and which are taken at all. */
#include "harness.h"
#include "page/access.h"
#include "page/fields.h"
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_is_read),
		cmocka_unit_test(roles_rise),
		cmocka_unit_test_setup_teardown(another_sites_page_is_refused, start, stop),
		cmocka_unit_test_setup_teardown(a_browser_needs_the_token, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
