/* test/unit/test_places.c - countries out of the shared table (skipped where it is not
 * there), owners out of one made here, and files that are neither. */
#include "harness.h"
#include "base/drop.h"
#include "wire/places.h"
#include <stdio.h>
#include <stdlib.h>

/* Two networks of IPv4, one of IPv6; columns as places/owners writes them. */
static const uint32_t table[] = {
	2, 1, 12, 0, /* counts and filling, after the magic */
	0x01000000, 0x08080800, 0x010000ff, 0x080808ff, 0, 6, /* from, to, names */
	0, 0x20010db8, 0xffffffff, 0x20010db8, 0, 0, /* IPv6: halves as little endian has them */
};
static const char names[] = "Alpha\0Beta\0\0";

static size_t table_make(uint8_t *room)
{
	memcpy(room, "KSOWNER1", 8);
	memcpy(room + 8, table, sizeof table);
	memcpy(room + 8 + sizeof table, names, 12);
	return 8 + sizeof table + 12;
}

static const char *owner_of(const struct owners *owners, const char *text)
{
	struct address address = address_read(span_text(text));

	return owners_find(owners, &address);
}

static void owners_are_found(void **state)
{
	_Alignas(8) uint8_t room[256];
	struct owners owners;
	size_t n = table_make(room);

	(void)state;
	assert_true(owners_read(span_of(room, n), &owners));
	assert_string_equal(owner_of(&owners, "1.0.0.0"), "Alpha");
	assert_string_equal(owner_of(&owners, "1.0.0.255"), "Alpha");
	assert_string_equal(owner_of(&owners, "1.0.1.0"), "");
	assert_string_equal(owner_of(&owners, "0.255.255.255"), "");
	assert_string_equal(owner_of(&owners, "8.8.8.8"), "Beta");
	assert_string_equal(owner_of(&owners, "2001:db8::1"), "Alpha");
	assert_string_equal(owner_of(&owners, "2001:db9::1"), "");
	for (size_t cut = 0; cut < n; cut++)
		assert_false(owners_read(span_of(room, cut), &owners));
	room[0] = 'X';
	assert_false(owners_read(span_of(room, n), &owners));
}

static void files_that_are_none_are_refused(void **state)
{
	struct places *places = NULL;
	struct why why;
	char path[] = "/tmp/test_places_XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "hello", 5), 5);
	assert_int_equal(places_open(path, NULL, &places, &why), KS_IO);
	assert_non_null(strstr(why.text, path));
	assert_int_equal(places_open(NULL, path, &places, &why), KS_MALFORMED);
	assert_int_equal(places_open("/nowhere/x.mmdb", NULL, &places, &why), KS_IO);
	assert_null(places);
	(void)close(fd);
	(void)unlink(path);
	/* nothing beside the program: answers are empty, and nobody is to be named */
	char country[3];
	const char *owner = NULL;
	struct address address = address_read(span_text("8.8.8.8"));

	assert_int_equal(places_open_own("/nowhere/keisoku", NULL, &places, &why), KS_OK);
	assert_false(places_find(places, &address, country, &owner));
	assert_string_equal(country, "");
	assert_string_equal(owner, "");
	assert_string_equal(places_credit(places), "");
	places_close(places);
}

static void countries_are_found(void **state)
{
	static const struct { const char *address, *country; } known[] = {
		{ "8.8.8.8", "US" }, { "1.0.16.1", "JP" }, { "114.114.114.114", "CN" },
		{ "2400:4000::1", "JP" }, { "10.0.0.1", "" }, { "192.168.1.1", "" },
		{ "fe80::1", "" }, { "224.0.0.1", "" },
	};
	struct places *places = NULL;
	const char *shared = getenv("KS_SHARED"), *source = getenv("KS_SOURCE");
	char path[1024];
	struct why why;

	(void)state;
	(void)snprintf(path, sizeof path, "%s%s/wire/geo/geo-whois-asn-country.mmdb",
	    shared != NULL ? shared : source, shared != NULL ? "" : "/../shared/data");
	if (access(path, R_OK) != 0) {
		/* cmocka says "not ok" of what it skips */
		print_message("# SKIP: %s is not there\n", path);
		return;
	}
	assert_int_equal(places_open(path, NULL, &places, &why), KS_OK);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		struct address address = address_read(span_text(known[i].address));
		char country[3];
		const char *owner = NULL;

		assert_int_equal(places_find(places, &address, country, &owner), known[i].country[0] != '\0');
		assert_string_equal(country, known[i].country);
	}
	assert_string_not_equal(places_credit(places), "");
	places_close(places);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(owners_are_found),
		cmocka_unit_test(files_that_are_none_are_refused),
		cmocka_unit_test(countries_are_found),
	};

	return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
