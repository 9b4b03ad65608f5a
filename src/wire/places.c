/* src/wire/places.c - see places.h. */
#include "wire/places.h"
#include "base/drop.h"
#include <errno.h>
#include <fcntl.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { OWNER_MAX = 128 };

struct places {
	MMDB_s countries;
	bool has_countries, has_owners;
	void *map;
	size_t map_n;
	struct owners owners;
	char owner[OWNER_MAX];
	char credit[200];
};

static struct span column(struct span *bytes, size_t n, size_t width)
{
	return span_cut(bytes, n * width);
}

bool owners_read(struct span bytes, struct owners *ret_owners)
{
	struct owners is = { .n4 = 0 };
	struct span magic = span_cut(&bytes, 8);

	if (!span_equal(magic, "KSOWNER1"))
		return false;
	is.n4 = (uint32_t)span_le(&bytes, 4);
	is.n6 = (uint32_t)span_le(&bytes, 4);
	is.names_n = (uint32_t)span_le(&bytes, 4);
	(void)span_cut(&bytes, 4);
	is.from4 = (const uint32_t *)(const void *)column(&bytes, is.n4, 4).at;
	is.to4 = (const uint32_t *)(const void *)column(&bytes, is.n4, 4).at;
	is.name4 = (const uint32_t *)(const void *)column(&bytes, is.n4, 4).at;
	(void)span_cut(&bytes, is.n4 % 2 * 4);
	is.from6 = (const uint64_t *)(const void *)column(&bytes, is.n6, 8).at;
	is.to6 = (const uint64_t *)(const void *)column(&bytes, is.n6, 8).at;
	is.name6 = (const uint32_t *)(const void *)column(&bytes, is.n6, 4).at;
	(void)span_cut(&bytes, is.n6 % 2 * 4);
	struct span names = span_cut(&bytes, is.names_n);

	if (bytes.broken || names.left == 0 || names.at[names.left - 1] != '\0')
		return false;
	is.names = (const char *)names.at;
	*ret_owners = is;
	return true;
}

/* How many rows begin at or before the address. */
static uint32_t rows_before(const struct owners *o, uint64_t address, bool six)
{
	uint32_t low = 0, high = six ? o->n6 : o->n4;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		uint64_t from = six ? o->from6[mid] : o->from4[mid];

		if (from <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const char *owners_find(const struct owners *owners, const struct address *address)
{
	bool six = address->family == ADDRESS_6;
	struct span bytes = span_of(address->byte, six ? 8 : 4);
	uint64_t value = span_be(&bytes, six ? 8 : 4);
	uint32_t row = rows_before(owners, value, six);

	if (row == 0)
		return "";
	uint64_t to = six ? owners->to6[row - 1] : owners->to4[row - 1];
	uint32_t name = six ? owners->name6[row - 1] : owners->name4[row - 1];

	return value <= to && name < owners->names_n ? owners->names + name : "";
}

static int owners_open(struct places *places, const char *path, struct why *why)
{
	KS_DROP(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat is;

	if (fd < 0 || fstat(fd, &is) != 0)
		return fail(why, KS_IO, "%s: %s", path, strerror(errno));
	if (is.st_size <= 0)
		return fail(why, KS_MALFORMED, "%s: not a table of owners", path);
	places->map_n = (size_t)is.st_size;
	places->map = mmap(NULL, places->map_n, PROT_READ, MAP_PRIVATE, fd, 0);
	if (places->map == MAP_FAILED) {
		places->map = NULL;
		return fail(why, KS_IO, "%s: %s", path, strerror(errno));
	}
	if (!owners_read(span_of(places->map, places->map_n), &places->owners))
		return fail(why, KS_MALFORMED, "%s: not a table of owners", path);
	places->has_owners = true;
	return KS_OK;
}

const char places_owners_credit[] = "owners: Route Views (routeviews.org), NRO (nro.net), "
    "IP Geolocation by DB-IP (db-ip.com), CC BY 4.0";

/* Who wants to be named: the makers of our own tables; of another, who made it. */
static void credit_make(struct places *places, bool own)
{
	if (places->has_countries && !own)
		(void)snprintf(places->credit, sizeof places->credit, "%s",
		    places->countries.metadata.database_type != NULL
			? places->countries.metadata.database_type : "");
	else if (places->has_countries)
		(void)snprintf(places->credit, sizeof places->credit,
		    "countries: NRO (nro.net), CC BY 4.0");
	size_t n = strlen(places->credit);

	if (places->has_owners)
		(void)snprintf(places->credit + n, sizeof places->credit - n, "%s%s",
		    n > 0 ? "; " : "", places_owners_credit);
}

static int open_both(const char *countries, const char *owners, bool own,
    struct places **ret_places, struct why *why)
{
	KS_DROP(places) struct places *places = calloc(1, sizeof *places);
	int code = KS_OK;

	if (places == NULL)
		return fail(why, KS_FULL, "memory is out");
	if (countries != NULL) {
		int status = MMDB_open(countries, MMDB_MODE_MMAP, &places->countries);

		if (status != MMDB_SUCCESS)
			return fail(why, KS_IO, "%s: %s", countries, status == MMDB_IO_ERROR
			    ? strerror(errno) : MMDB_strerror(status));
		places->has_countries = true;
	}
	if (owners != NULL)
		code = owners_open(places, owners, why);
	if (code != KS_OK)
		return code;
	credit_make(places, own);
	*ret_places = places;
	places = NULL;
	return KS_OK;
}

int places_open(const char *countries, const char *owners, struct places **ret_places,
    struct why *why)
{
	return open_both(countries, owners, false, ret_places, why);
}

int places_open_built(const char *countries, const char *owners, struct places **ret_places,
    struct why *why)
{
	return open_both(countries, owners, true, ret_places, why);
}

/* Built: src/keisoku and src/wire/places/; installed: bin/keisoku and share/keisoku/. */
bool places_own_file(const char *program, const char *name, char *room, size_t size)
{
	static const char *const where[] = { "wire/places", "../share/keisoku" };
	const char *slash = strrchr(program, '/');
	int folder = slash != NULL ? (int)(slash - program) : 0;

	for (size_t i = 0; slash != NULL && i < 2; i++) {
		int n = snprintf(room, size, "%.*s/%s/%s", folder, program, where[i], name);

		if (n > 0 && (size_t)n < size && access(room, R_OK) == 0)
			return true;
	}
	return false;
}

int places_open_own(const char *program, const char *countries, struct places **ret_places,
    struct why *why)
{
	char country_path[1024], owner_path[1024];
	bool own = countries == NULL && places_own_file(program, "countries.mmdb", country_path, sizeof country_path);
	bool owners = places_own_file(program, "owners.bin", owner_path, sizeof owner_path);

	return open_both(own ? country_path : countries, owners ? owner_path : NULL, own,
	    ret_places, why);
}

void places_close(struct places *places)
{
	if (places == NULL)
		return;
	if (places->has_countries)
		MMDB_close(&places->countries);
	if (places->map != NULL)
		(void)munmap(places->map, places->map_n);
	free(places);
}

static bool text_of(MMDB_entry_s *entry, const char *const *path, char *room, size_t size)
{
	MMDB_entry_data_s data;

	if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
	    data.type != MMDB_DATA_TYPE_UTF8_STRING || data.data_size >= size)
		return false;
	memcpy(room, data.utf8_string, data.data_size);
	room[data.data_size] = '\0';
	return true;
}

static void mmdb_find(struct places *places, const struct address *address,
    char ret_country[3])
{
	static const char *const paths[][3] = { { "country_code", NULL },
		{ "country", "iso_code", NULL } };
	static const char *const owner[] = { "autonomous_system_organization", NULL };
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr *to = address->family == ADDRESS_4 ? (struct sockaddr *)(void *)&four
							   : (struct sockaddr *)(void *)&six;
	int error = MMDB_SUCCESS;

	memcpy(&four.sin_addr, address->byte, 4);
	memcpy(&six.sin6_addr, address->byte, 16);
	MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&places->countries, to, &error);

	if (error != MMDB_SUCCESS || !found.found_entry)
		return;
	for (size_t i = 0; i < 2 && ret_country[0] == '\0'; i++)
		if (!text_of(&found.entry, paths[i], ret_country, 3))
			ret_country[0] = '\0';
	if (!places->has_owners && !text_of(&found.entry, owner, places->owner, OWNER_MAX))
		places->owner[0] = '\0';
}

bool places_find(struct places *places, const struct address *address, char ret_country[3],
    const char **ret_owner)
{
	ret_country[0] = ret_country[1] = ret_country[2] = '\0';
	*ret_owner = "";
	if (address->family == ADDRESS_NONE || address_is_private(address) ||
	    address_is_group(address))
		return false;
	places->owner[0] = '\0';
	if (places->has_countries)
		mmdb_find(places, address, ret_country);
	*ret_owner = places->has_owners ? owners_find(&places->owners, address) : places->owner;
	return ret_country[0] != '\0' || (*ret_owner)[0] != '\0';
}

const char *places_credit(const struct places *places)
{
	return places->credit;
}
