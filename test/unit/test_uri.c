/* test/unit/test_uri.c - the address of a request is shown without what is somebody's: a part
 * is masked by what is found in it, not by its name. */
#include "harness.h"
#include "base/drop.h"
#include "base/text.h"
#include "wire/uri_mask.h"
#include <stdlib.h>

static const char *masked_as(const char *uri, const struct uri_known *known)
{
	static char said[4096];
	size_t n = strlen(uri);
	uint8_t *copy = malloc(n + 1); /* so that a sanitizer sees one byte too far */
	KS_DROP(text) struct text text;

	assert_non_null(copy);
	memcpy(copy, uri, n);
	text_init(&text, sizeof said - 1);
	uri_mask(&text, span_of(copy, n), known);
	free(copy);
	memcpy(said, text_cstr(&text), text.len + 1);
	return said;
}

#define SHOWN(uri, shown) assert_string_equal(masked_as(uri, &(struct uri_known){ .cut = false }), shown)
#define SAME(uri) SHOWN(uri, uri)

static void fields_of_the_query(void **state)
{
	(void)state;
	SHOWN("/x?a=1&card=4539578763621486&b=2", "/x?a=1&card=45************86&b=2");
	SHOWN("/x?c%61rd=4539578763621486", "/x?c%61rd=45************86");
	SHOWN("/x?q=4539+5787+6362+1486", "/x?q=45***************86");
	SHOWN("/x?password=S3cretPw99", "/x?password=********");
	SHOWN("/x?pin=1234", "/x?pin=****");
	SHOWN("/x?mail=taro@a.example&mail2=jiro@a.example&n=5",
	    "/x?mail=ta**********le&mail2=ji**********le&n=5");
	/* what is no field at all, or the field's name */
	SHOWN("/x?taro@mail.example", "/x?ta*************le");
	SHOWN("/x?taro@mail.example=1", "/x?=****");
	SHOWN("/x?a=%2534539578763621486", "/x?a=%3**************86");
}

static void what_is_wrapped(void **state)
{
	(void)state;
	SHOWN("/x?json=%7B%22card%22%3A%20%224539578763621486%22%7D", "/x?json={\"****************\"}");
	SHOWN("/x?q=%7B%22password%22%3A%20%22S3cretPw99%22%7D&b=2", "/x?q=************&b=2");
	SHOWN("/x?d=eyJjYXJkIjogIjQ1Mzk1Nzg3NjM2MjE0ODYiLCAicGFzc3dvcmQiOiAiUzNjcmV0UHc5OSJ9",
	    "/x?d=************");
	SHOWN("/p/eyJjYXJkIjogIjQ1Mzk1Nzg3NjM2MjE0ODYifQ==/q", "/p/ey****************==/q");
	SHOWN("/x?next=/y?password=S3cretPw99", "/x?next=************");
	SHOWN("/x?next=/y?mail=taro@a.example", "/x?next=/y****************le");
	SHOWN("/x?to=/y;password=S3cretPw99", "/x?to=************");
}

static void segments_of_the_path(void **state)
{
	(void)state;
	SHOWN("/call/090-1234-5678", "/call/09*********78");
	SHOWN("/u/taro.yamada@example.co.jp/p", "/u/ta****************jp/p");
	SHOWN("/u/taro.yamada%40example.co.jp", "/u/ta****************jp");
	SHOWN("/login/taro/password/S3cretPw99", "/login/taro/password/********");
	SHOWN("/x;card=4539578763621486/y", "/x;****************86/y");
	SHOWN("/x;password=S3cret/y", "/************/y");
	SHOWN("/x#card=4539578763621486", "/x#****************86");
	SHOWN("/x?a=1#access_token=0a1b2c3d4e5f", "/x?a=************");
	SHOWN("//user:S3cretPw99@host/x", "//************/x");
	SHOWN("http://user:S3cretPw99@zz.example/x?a=1", "http://************/x?a=1");
}

/* Neither half is anything alone. */
static void what_is_found_together(void **state)
{
	(void)state;
	SHOWN("/x?lat=35.681236&lon=139.767125&zoom=12", "/x?lat=35*****36&lon=13******25&zoom=12");
	SHOWN("/x?a=1&lon=139.767125&lang=ja&lat=35.681236", "/x?a=1&lon=13******25&lang=ja&lat=35*****36");
	SHOWN("/weather/35.681236/139.767125", "/weather/35*****36/13******25");
	SHOWN("/x?lat=35.681236&card=4539578763621486&lon=139.767125",
	    "/x?lat=35*****36&card=45************86&lon=13******25");
}

static void what_tells_nothing(void **state)
{
	(void)state;
	SAME("");
	SAME("/");
	SAME("*");
	SAME("h.example:443");
	SAME("/a%20b?x=1&y=&z&&=");
	SAME("/a?x=%41+b#c");
	SAME("/password/reset");
	SAME("/token/refresh-all?lat=35.681236");
	SAME("/p/@babel/core@7.1.2");
	SAME("/v1/20261123/index.html?page=1234567&v=abc123");
	SAME("//a//b/?");
}

static bool is_id(void *context, struct span name)
{
	(void)context;
	return name.left == 0 || span_equal(name, "id");
}

static void what_is_known_elsewhere(void **state)
{
	const struct uri_known known = { .field = is_id }, cut = { .cut = true };
	char many[2000];
	size_t n = 0;

	(void)state;
	assert_string_equal(masked_as("/a/b7/1234567?id=x1y2z3&b=1", &known), "/a/b7/12***67?id=x1**z3&b=1");
	assert_string_equal(masked_as("/a?b=1&c=45395787", &cut), "/a?b=1&c=********");
	assert_string_equal(masked_as("/a?b=1&password", &cut), "/a?b=1&password");
	assert_string_equal(masked_as("/a?b=1&password=x", &cut), "/a?b=1&password=****");
	assert_string_equal(masked_as("/a?b=1", &cut), "/a?b=1");
	/* what is behind the last part that is told apart is one part */
	for (int i = 0; i < 150; i++)
		n += (size_t)snprintf(many + n, sizeof many - n, "%ca=%d", i == 0 ? '?' : '&', i);
	SAME(many);
	n += (size_t)snprintf(many + n, sizeof many - n, "&password=S3cretPw99&z=1");
	const char *shown = masked_as(many, &(struct uri_known){ .cut = false });

	assert_null(strstr(shown, "S3cret"));
	assert_non_null(strstr(shown, "&a=90&"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_of_the_query),
		cmocka_unit_test(what_is_wrapped),
		cmocka_unit_test(segments_of_the_path),
		cmocka_unit_test(what_is_found_together),
		cmocka_unit_test(what_tells_nothing),
		cmocka_unit_test(what_is_known_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
