/* src/wire/gather_merge.c - two gathers into one: numbers of hosts, names, relations and
 * chains of the one are those of the other after a look into a map. */
#include "wire/gather_in.h"
#include <stdlib.h>

struct maps {
	const struct gather *from;
	struct gather *into;
	uint32_t *names, *hosts, *relations, *certificates, *chains;
};

static void maps_done(struct maps *m)
{
	free(m->names);
	free(m->hosts);
	free(m->relations);
	free(m->certificates);
	free(m->chains);
}

static bool maps_new(struct maps *m)
{
	m->names = calloc(m->from->names.index.n + 1u, sizeof *m->names);
	m->hosts = calloc(m->from->hosts.n + 1u, sizeof *m->hosts);
	m->relations = calloc(m->from->relations.n + 1u, sizeof *m->relations);
	m->certificates = calloc(m->from->certificates.n + 1u, sizeof *m->certificates);
	m->chains = calloc(m->from->chains.n + 1u, sizeof *m->chains);
	return m->names != NULL && m->hosts != NULL && m->relations != NULL &&
	    m->certificates != NULL && m->chains != NULL;
}

static uint32_t host_map(const struct maps *m, uint32_t host)
{
	return host >= m->from->hosts.n ? UINT32_MAX : m->hosts[host];
}

/* For numbers that are "and one", 0 for none. */
static uint32_t plus_map(const uint32_t *map, uint32_t number, uint32_t n)
{
	if (number == 0 || number > n || map[number - 1] == UINT32_MAX)
		return 0;
	return map[number - 1] + 1;
}

static void first_last(int64_t *first, int64_t *last, const int64_t other[2])
{
	if (*first == 0 || other[0] < *first)
		*first = other[0];
	if (other[1] > *last)
		*last = other[1];
}

static void first_of(uint64_t *first, uint64_t other)
{
	if (*first == 0 || (other != 0 && other < *first))
		*first = other;
}

static void names_merge(struct maps *m)
{
	for (uint32_t i = 1; i <= m->from->names.index.n; i++)
		m->names[i] = name_put(&m->into->names, span_text(name_at(&m->from->names, i)));
}

static void hosts_merge(struct maps *m)
{
	for (uint32_t i = 0; i < m->from->hosts.n; i++) {
		const struct host_row *old = rows_row(&m->from->hosts, i);

		m->hosts[i] = gather_host(m->into, &old->address);
		if (m->hosts[i] == UINT32_MAX)
			continue;
		struct host_row *row = rows_row(&m->into->hosts, m->hosts[i]);

		row->near += old->near;
		row->routed += old->routed;
		if (!old->has_mac)
			continue;
		row->several |= old->several ||
		    (row->has_mac && memcmp(&row->mac, &old->mac, sizeof old->mac) != 0);
		if (!row->has_mac || memcmp(&old->mac, &row->mac, sizeof old->mac) < 0)
			row->mac = old->mac;
		row->has_mac = 1;
	}
}

void gather_relation_sum(struct relation_row *row, const struct relation_row *old, bool is_new)
{
	struct relation_key key = row->key;

	if (is_new) {
		*row = *old;
		row->key = key;
		return;
	}
	for (unsigned side = 0; side < 2; side++) {
		row->bytes[side] += old->bytes[side];
		row->frames[side] += old->frames[side];
		row->payload[side] += old->payload[side];
	}
	row->flows += old->flows;
	row->unanswered += old->unanswered;
	row->unlocked += old->unlocked;
	row->contacts += old->contacts;
	row->resets += old->resets;
	row->retransmits += old->retransmits;
	row->missing += old->missing;
	row->first_ns = old->first_ns < row->first_ns ? old->first_ns : row->first_ns;
	row->last_ns = old->last_ns > row->last_ns ? old->last_ns : row->last_ns;
	first_of(&row->first_frame, old->first_frame);
	if (old->tongue_frame < row->tongue_frame) {
		row->tongue = old->tongue;
		row->tongue_frame = old->tongue_frame;
	}
	row->clear |= old->clear;
	row->encrypted |= old->encrypted;
	row->quoted &= old->quoted;
}

/* Names and hosts are in both then, whatever else is merged. */
static int maps_begin(struct maps *m, struct why *why)
{
	if (!maps_new(m)) {
		maps_done(m);
		return fail(why, KS_FULL, "out of memory");
	}
	names_merge(m);
	hosts_merge(m);
	return KS_OK;
}

static void relations_merge(struct maps *m)
{
	for (uint32_t i = 0; i < m->from->relations.n; i++) {
		const struct relation_row *old = rows_row(&m->from->relations, i);
		struct relation_key key = old->key;
		struct relation_row *row = NULL;
		bool is_new = false;

		key.client = host_map(m, key.client);
		key.server = host_map(m, key.server);
		key.name = m->names[key.name];
		if (key.client != UINT32_MAX && key.server != UINT32_MAX)
			row = rows_put(&m->into->relations, &key, &is_new);
		m->relations[i] = row == NULL ? UINT32_MAX :
		    rows_index(&m->into->relations, row);
		if (row != NULL)
			gather_relation_sum(row, old, is_new);
	}
}

static void entries_merge(struct maps *m)
{
	for (uint32_t i = 0; i < m->from->entries.n; i++) {
		struct entry_row entry = *(struct entry_row *)rows_row(&m->from->entries, i);
		struct entry_row *row;

		entry.relation = m->relations[entry.relation];
		row = entry.relation == UINT32_MAX ? NULL : rows_add(&m->into->entries);
		if (row != NULL)
			*row = entry;
	}
}

static void samples_merge(struct maps *m, struct rows *into, const struct rows *from)
{
	for (uint32_t i = 0; i < from->n; i++) {
		struct sample_row sample = *(struct sample_row *)rows_row(from, i);
		struct sample_row *row;

		sample.relation = m->relations[sample.relation];
		row = sample.relation == UINT32_MAX ? NULL : rows_add(into);
		if (row != NULL)
			*row = sample;
	}
}

static void dns_merge(struct maps *m)
{
	for (uint32_t i = 0; i < m->from->dns.n; i++) {
		const struct dns_row *old = rows_row(&m->from->dns, i);
		struct dns_row key = *old, *row;

		key.name = m->names[old->name];
		key.client = host_map(m, old->client);
		row = key.client == UINT32_MAX ? NULL : rows_put(&m->into->dns, &key, NULL);
		if (row == NULL)
			continue;
		row->count += old->count;
		row->answered += old->answered;
		row->failed += old->failed;
		first_of(&row->first_frame, old->first_frame);
		first_last(&row->first_ns, &row->last_ns, (int64_t[]){ old->first_ns, old->last_ns });
	}
}

static void answers_merge(struct maps *m)
{
	for (uint32_t i = 0; i < m->from->answers.n; i++) {
		const struct answer_row *old = rows_row(&m->from->answers, i);
		struct answer_row key = { .host = host_map(m, old->host),
			.name = m->names[old->name] }, *row;

		row = key.host == UINT32_MAX ? NULL : rows_put(&m->into->answers, &key, NULL);
		if (row == NULL)
			continue;
		row->count += old->count;
		first_last(&row->first_ns, &row->last_ns, (int64_t[]){ old->first_ns, old->last_ns });
	}
}

static void namings_merge(struct maps *m)
{
	for (uint32_t i = 0; i < m->from->namings.n; i++) {
		const struct naming_row *old = rows_row(&m->from->namings, i);
		struct naming_row key = { .host = host_map(m, old->host),
			.name = m->names[old->name], .describes = m->names[old->describes],
			.how = old->how }, *row;

		row = key.host == UINT32_MAX ? NULL : rows_put(&m->into->namings, &key, NULL);
		if (row == NULL)
			continue;
		if (old->last_ns >= row->last_ns)
			row->mac = old->mac;
		row->count += old->count;
		row->last_ns = old->last_ns > row->last_ns ? old->last_ns : row->last_ns;
		first_of(&row->first_frame, old->first_frame);
	}
}

static void http_merge(struct maps *m)
{
	for (uint32_t i = 0; i < m->from->http.n; i++) {
		struct http_row *old = rows_row(&m->from->http, i), *row;

		row = rows_put(&m->into->http, old, NULL);
		if (row == NULL)
			continue;
		*row = *old;
		row->client = host_map(m, old->client);
		row->server = host_map(m, old->server);
		row->method = m->names[old->method];
		row->host = m->names[old->host];
		row->name = m->names[old->name];
		row->uri = m->names[old->uri];
		row->agent = m->names[old->agent];
		row->content_type = m->names[old->content_type];
		row->answer_type = m->names[old->answer_type];
	}
}

static void certificates_merge(struct maps *m)
{
	const struct gather *from = m->from;

	for (uint32_t i = 0; i < from->certificates.n; i++) {
		const struct certificate_row *old = rows_row(&from->certificates, i);
		uint32_t one = gather_certificate(m->into,
		    span_of(from->der + old->offset, old->length), old->told, old->first_frame);

		m->certificates[i] = one;
		if (one == UINT32_MAX)
			continue;
		struct certificate_row *row = rows_row(&m->into->certificates, one);

		row->seen += old->seen - 1;
		row->leaf |= old->leaf;
	}
	for (uint32_t i = 0; i < from->chains.n; i++) {
		const struct chain_row *old = rows_row(&from->chains, i);
		struct chain_row key = { .certificates = { 0 } }, *row;

		for (size_t k = 0; k < GATHER_CHAIN; k++)
			key.certificates[k] = plus_map(m->certificates, old->certificates[k],
			    from->certificates.n);
		row = rows_put(&m->into->chains, &key, NULL);
		m->chains[i] = row == NULL ? UINT32_MAX : rows_index(&m->into->chains, row);
	}
}

static void tls_merge(struct maps *m)
{
	for (uint32_t i = 0; i < m->from->tls.n; i++) {
		struct tls_row *old = rows_row(&m->from->tls, i), *row;

		row = rows_put(&m->into->tls, old, NULL);
		if (row == NULL)
			continue;
		*row = *old;
		row->client = host_map(m, old->client);
		row->server = host_map(m, old->server);
		row->sni = m->names[old->sni];
		row->alpn = m->names[old->alpn];
		row->ja3 = m->names[old->ja3];
		row->ja4 = m->names[old->ja4];
		row->chain = plus_map(m->chains, old->chain, m->from->chains.n);
		row->client_chain = plus_map(m->chains, old->client_chain, m->from->chains.n);
	}
}

static void personal_merge(struct maps *m)
{
	for (uint32_t i = 0; i < m->from->personal.n; i++) {
		const struct personal_row *old = rows_row(&m->from->personal, i);
		struct personal_row key = *old, *row;

		key.category = m->names[old->category];
		key.masked = m->names[old->masked];
		key.where = m->names[old->where];
		key.host = m->names[old->host];
		key.client = host_map(m, old->client);
		key.server = host_map(m, old->server);
		row = rows_put(&m->into->personal, &key, NULL);
		if (row == NULL)
			continue;
		row->count += old->count;
		first_of(&row->frame, old->frame);
		first_last(&row->first_ns, &row->last_ns, (int64_t[]){ old->first_ns, old->last_ns });
	}
}

static void rest_merge(struct maps *m)
{
	for (uint32_t i = 0; i < m->from->banners.n; i++) {
		const struct banner_row *old = rows_row(&m->from->banners, i);
		struct banner_row key = { .server = host_map(m, old->server),
			.service = m->names[old->service], .text = m->names[old->text],
			.port = old->port }, *row;

		row = rows_put(&m->into->banners, &key, NULL);
		if (row == NULL)
			continue;
		if (row->frame == 0 || old->frame < row->frame)
			row->client = host_map(m, old->client);
		first_of(&row->frame, old->frame);
	}
	for (uint32_t i = 0; i < m->from->odd.n; i++) {
		const struct odd_row *old = rows_row(&m->from->odd, i);
		struct odd_row key = { .kind = old->kind, .where = m->names[old->where],
			.client = host_map(m, old->client), .server = host_map(m, old->server) }, *row;

		row = rows_put(&m->into->odd, &key, NULL);
		if (row == NULL)
			continue;
		row->count += old->count;
		first_of(&row->first_frame, old->first_frame);
		first_last(&row->first_ns, &row->last_ns, (int64_t[]){ old->first_ns, old->last_ns });
	}
}

static void lost_merge(struct gather *into, const struct gather *from)
{
	into->hosts.lost += from->hosts.lost;
	into->relations.lost += from->relations.lost;
	into->entries.lost += from->entries.lost;
	into->dns.lost += from->dns.lost;
	into->http.lost += from->http.lost;
	into->tls.lost += from->tls.lost;
	into->personal.lost += from->personal.lost;
	into->names.index.lost += from->names.index.lost;
	into->http_requests += from->http_requests;
	into->tls_sessions += from->tls_sessions;
	into->dns_questions += from->dns_questions;
	into->credentials += from->credentials;
	into->unread += from->unread;
	into->heads_cut += from->heads_cut;
}

int gather_merge(struct gather *into, const struct gather *from, struct why *why)
{
	struct maps m = { .from = from, .into = into };
	int code = maps_begin(&m, why);

	if (code != KS_OK)
		return code;
	relations_merge(&m);
	entries_merge(&m);
	samples_merge(&m, &into->round_trips, &from->round_trips);
	samples_merge(&m, &into->rates, &from->rates);
	dns_merge(&m);
	answers_merge(&m);
	namings_merge(&m);
	http_merge(&m);
	certificates_merge(&m);
	tls_merge(&m);
	personal_merge(&m);
	tracks_merge(into->tracks, from->tracks);
	repeats_merge(into->repeats, from->repeats);
	rest_merge(&m);
	timeline_merge(&into->time, &from->time);
	lost_merge(into, from);
	maps_done(&m);
	return KS_OK;
}

int gather_names(struct gather *into, const struct gather *from, struct why *why)
{
	struct maps m = { .from = from, .into = into };
	int code = maps_begin(&m, why);

	if (code != KS_OK)
		return code;
	answers_merge(&m);
	namings_merge(&m);
	maps_done(&m);
	return KS_OK;
}
