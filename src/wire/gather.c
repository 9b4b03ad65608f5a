/* src/wire/gather.c - the tables' beginning and end, hosts, certificates, masking. */
#include "wire/gather_in.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include <stdlib.h>

#define KEY_OF(type, first_after) offsetof(type, first_after)

static void tables_init(struct gather *g)
{
	names_init(&g->names, LIMIT_GATHER_NAMES, g->seed);
	rows_init(&g->hosts, sizeof(struct host_row), sizeof(struct address),
	    LIMIT_GATHER_HOSTS, g->seed);
	rows_init(&g->relations, sizeof(struct relation_row), sizeof(struct relation_key),
	    LIMIT_GATHER_RELATIONS, g->seed);
	rows_init(&g->entries, sizeof(struct entry_row), 0, LIMIT_GATHER_CONTACTS, 0);
	rows_init(&g->round_trips, sizeof(struct sample_row), 0, LIMIT_GATHER_SAMPLES, 0);
	rows_init(&g->rates, sizeof(struct sample_row), 0, LIMIT_GATHER_SAMPLES, 0);
	rows_init(&g->dns, sizeof(struct dns_row), KEY_OF(struct dns_row, count),
	    LIMIT_GATHER_DNS, g->seed);
	rows_init(&g->answers, sizeof(struct answer_row), KEY_OF(struct answer_row, count),
	    LIMIT_GATHER_DNS, g->seed);
	rows_init(&g->namings, sizeof(struct naming_row), KEY_OF(struct naming_row, mac),
	    LIMIT_GATHER_SAYINGS, g->seed);
	rows_init(&g->http, sizeof(struct http_row), KEY_OF(struct http_row, time_ns),
	    LIMIT_GATHER_HTTP, g->seed);
	rows_init(&g->tls, sizeof(struct tls_row), KEY_OF(struct tls_row, time_ns),
	    LIMIT_GATHER_TLS, g->seed);
	rows_init(&g->certificates, sizeof(struct certificate_row),
	    KEY_OF(struct certificate_row, offset), LIMIT_GATHER_CERTIFICATES, g->seed);
	rows_init(&g->chains, sizeof(struct chain_row), sizeof(struct chain_row),
	    LIMIT_GATHER_CERTIFICATES, g->seed);
	rows_init(&g->personal, sizeof(struct personal_row), KEY_OF(struct personal_row, count),
	    LIMIT_GATHER_PERSONAL, g->seed);
	rows_init(&g->banners, sizeof(struct banner_row), KEY_OF(struct banner_row, client),
	    LIMIT_GATHER_SAYINGS, g->seed);
	rows_init(&g->odd, sizeof(struct odd_row), KEY_OF(struct odd_row, count),
	    LIMIT_GATHER_SAYINGS, g->seed);
}

int gather_new(uint64_t seed, struct gather **ret_gather, struct why *why)
{
	struct gather *gather = calloc(1, sizeof *gather);

	if (gather == NULL)
		return fail(why, KS_FULL, "out of memory");
	if (tracks_new(&gather->tracks) != KS_OK || repeats_new(seed, &gather->repeats) != KS_OK) {
		tracks_free(gather->tracks);
		free(gather);
		return fail(why, KS_FULL, "out of memory");
	}
	gather->seed = seed;
	tables_init(gather);
	*ret_gather = gather;
	return KS_OK;
}

enum { TABLES = 15 };

static void tables_of(struct gather *g, struct rows *ret_tables[TABLES])
{
	struct rows *const tables[TABLES] = { &g->hosts, &g->relations, &g->entries,
		&g->round_trips, &g->rates, &g->dns, &g->answers, &g->namings, &g->http, &g->tls,
		&g->certificates, &g->chains, &g->personal, &g->banners, &g->odd };

	memcpy(ret_tables, tables, sizeof tables);
}

int gather_new_small(uint64_t seed, uint32_t share, struct gather **ret_gather,
    struct why *why)
{
	struct rows *tables[TABLES];
	int code = gather_new(seed, ret_gather, why);

	if (code != KS_OK)
		return code;
	tables_of(*ret_gather, tables);
	for (size_t i = 0; i < TABLES; i++)
		tables[i]->max /= share;
	(*ret_gather)->names.max /= share;
	return KS_OK;
}

bool gather_is_full(const struct gather *g)
{
	return g->hosts.lost + g->relations.lost + g->entries.lost + g->dns.lost + g->http.lost +
	    g->tls.lost + g->names.index.lost + g->certificates.lost > 0;
}

void gather_free(struct gather *g)
{
	struct rows *tables[TABLES];

	if (g == NULL)
		return;
	tables_of(g, tables);
	for (size_t i = 0; i < TABLES; i++)
		rows_end(tables[i]);
	names_done(&g->names);
	tracks_free(g->tracks);
	repeats_free(g->repeats);
	free(g->der);
	free(g);
}

void gather_made(struct gather *g)
{
	struct rows *tables[] = { &g->hosts, &g->relations, &g->entries, &g->round_trips, &g->rates, &g->dns, &g->answers };

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		rows_end(tables[i]);
}

struct listener gather_listener(struct gather *gather)
{
	return (struct listener){
		.context = gather,
		.slice = gather_slice,
		.dns = gather_dns,
		.name = gather_name,
		.hop = gather_hop,
		.http = gather_http,
		.http_end = gather_http_end,
		.body = gather_body,
		.tls = gather_tls,
		.unknown = gather_unknown,
		.credential = gather_credential,
		.banner = gather_banner,
		.odd = gather_odd,
	};
}

uint32_t gather_host_name(struct gather *gather, struct span host)
{
	struct span rest = host, name;

	if (host.left > 1 && *host.at == '[') { /* an address of IPv6, with or without a port */
		(void)span_cut(&rest, 1);
		name = span_until(&rest, ']');
	} else {
		name = span_until(&rest, ':');
		if (rest.left > 0 && memchr(rest.at, ':', rest.left) != NULL)
			name = host; /* several: not a port */
	}
	return name_put_host(&gather->names, name);
}

uint32_t gather_host(struct gather *gather, const struct address *address)
{
	struct host_row *row = rows_put(&gather->hosts, address, NULL);

	return row == NULL ? UINT32_MAX : rows_index(&gather->hosts, row);
}

uint32_t gather_host_of(struct gather *gather, const struct flow_view *flow, unsigned side)
{
	const struct mac *mac = side == SIDE_CLIENT ? &flow->client_mac : &flow->server_mac;
	struct address at = side == SIDE_CLIENT ? flow->client : flow->server;
	struct host_met *met = &gather->met[side != SIDE_CLIENT];
	struct host_row *row;

	if (met->host != 0 && memcmp(&met->address, &at, sizeof at) == 0 &&
	    memcmp(&met->mac, mac, sizeof *mac) == 0)
		return met->host - 1;
	*met = (struct host_met){ .address = at, .mac = *mac };
	if (at.family == ADDRESS_NONE) {
		memcpy(at.byte, mac->byte, sizeof mac->byte);
		at.family = ADDRESS_MAC;
	}
	row = rows_put(&gather->hosts, &at, NULL);
	if (row == NULL)
		return UINT32_MAX;
	if (!mac_is_zero(mac) && !mac_is_group(mac)) {
		int order = row->has_mac ? memcmp(mac, &row->mac, sizeof *mac) : -1;

		row->several |= row->has_mac && order != 0;
		row->has_mac = 1;
		if (order < 0)
			row->mac = *mac;
	}
	met->host = rows_index(&gather->hosts, row) + 1;
	return met->host - 1;
}

/* -- certificates ------------------------------------------------------------------ */

static bool der_keep(struct gather *g, struct span der)
{
	size_t room = g->der_room == 0 ? 65536 : g->der_room;

	while (room < g->der_used + der.left)
		room *= 2;
	if (room > LIMIT_GATHER_DER)
		return false;
	if (room != g->der_room) {
		uint8_t *at = realloc(g->der, room);

		if (at == NULL)
			return false;
		g->der = at;
		g->der_room = room;
	}
	memcpy(g->der + g->der_used, der.at, der.left);
	g->der_used += der.left;
	return true;
}

uint32_t gather_certificate(struct gather *gather, struct span der, bool told, uint64_t frame)
{
	struct certificate_row key = { .hash = hash_of(der, gather->seed), .length = der.left,
		.told = told };
	struct certificate_row *row = rows_find(&gather->certificates, &key);
	size_t offset = gather->der_used;

	if (der.left == 0)
		return UINT32_MAX;
	if (row == NULL) {
		if (!der_keep(gather, der)) {
			gather->certificates.lost++;
			return UINT32_MAX;
		}
		row = rows_put(&gather->certificates, &key, NULL);
		if (row == NULL)
			return UINT32_MAX;
		row->offset = offset;
		row->first_frame = frame;
	}
	row->seen++;
	if (frame < row->first_frame)
		row->first_frame = frame;
	return rows_index(&gather->certificates, row);
}

size_t gather_chain(const struct gather *gather, uint32_t chain, struct span ret_der[GATHER_CHAIN])
{
	const struct chain_row *row = rows_row(&gather->chains, chain);
	size_t n = 0;

	for (size_t i = 0; i < GATHER_CHAIN && row->certificates[i] != 0; i++) {
		const struct certificate_row *one =
		    rows_row(&gather->certificates, row->certificates[i] - 1);

		ret_der[n++] = span_of(gather->der + one->offset, one->length);
	}
	return n;
}

/* -- masking ----------------------------------------------------------------------- */

enum { MASK_KEEP = 2, MASK_WHOLE = 8, MASK_LONGEST = 64 };

/* Short values keep less: four characters of a six-letter name would be most of it. */
uint32_t gather_masked(struct gather *gather, struct span text)
{
	char masked[4 * MASK_LONGEST + 1];
	size_t n = utf8_count(text), used = 0, keep = n >= MASK_WHOLE ? MASK_KEEP : n >= 4;

	for (size_t i = 0; text.left > 0 && i < n; i++) {
		struct span before = text;
		uint32_t character;
		bool good = utf8_cut(&text, &character);

		if (i >= MASK_LONGEST && i + keep < n)
			continue;
		if (!good || (i >= keep && i + keep < n)) {
			masked[used++] = '*';
			continue;
		}
		memcpy(masked + used, before.at, before.left - text.left);
		used += before.left - text.left;
		if (used > sizeof masked - 8)
			break;
	}
	return name_put(&gather->names, span_of(masked, used));
}
