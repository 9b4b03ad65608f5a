/* src/wire/gather_said.c - questions and names, requests, handshakes, credentials. */
#include "base/drop.h"
#include "base/limits.h"
#include "base/text.h"
#include "wire/gather_in.h"

enum { TYPE_A = 1, TYPE_AAAA = 28, TLS_MOST_IN_FLOW = 64 };

static void times_add(int64_t *first_ns, int64_t *last_ns, int64_t at_ns)
{
	if (*first_ns == 0 || at_ns < *first_ns)
		*first_ns = at_ns;
	if (at_ns > *last_ns)
		*last_ns = at_ns;
}

static void frame_first(uint64_t *first, uint64_t frame)
{
	if (*first == 0 || frame < *first)
		*first = frame;
}

/* -- DNS --------------------------------------------------------------------------- */

static void answers_take(struct gather *g, const struct said_head *said, const struct said_dns *dns,
    uint32_t name)
{
	for (uint32_t i = 0; i < dns->answer_count; i++) {
		const struct dns_answer *answer = &dns->answers[i];
		struct answer_row key = { .name = name };

		if ((answer->type != TYPE_A && answer->type != TYPE_AAAA) ||
		    answer->address.family == ADDRESS_NONE || answer->section != 1)
			continue;
		key.host = gather_host(g, &answer->address);
		if (key.host == UINT32_MAX)
			return;
		struct answer_row *row = rows_put(&g->answers, &key, NULL);

		if (row == NULL)
			return;
		row->count++;
		times_add(&row->first_ns, &row->last_ns, said->time_ns);
	}
}

void gather_dns(void *context, const struct said_head *said, const struct said_dns *dns)
{
	struct gather *g = context;
	/* who asks is the client, whoever speaks now; mDNS has no sides */
	unsigned asker = dns->kind == DNS_MDNS ? said->side : SIDE_CLIENT;
	struct dns_row key = { .name = name_put_host(&g->names, dns->name),
		.client = gather_host_of(g, said->flow, asker), .type = dns->type,
		.kind = dns->kind };

	g->dns_questions += !dns->response && dns->kind == DNS_PLAIN;
	if (dns->response && dns->kind == DNS_PLAIN)
		answers_take(g, said, dns, key.name);
	if (key.client == UINT32_MAX || dns->questions == 0)
		return;
	struct dns_row *row = rows_put(&g->dns, &key, NULL);

	if (row == NULL)
		return;
	row->count += !dns->response;
	row->answered += dns->response && dns->rcode == 0;
	row->failed += dns->response && dns->rcode != 0;
	times_add(&row->first_ns, &row->last_ns, said->time_ns);
	frame_first(&row->first_frame, said->frame);
}

void gather_name(void *context, const struct said_head *said, const struct said_name *name)
{
	struct gather *g = context;
	struct address at = name->address;
	struct naming_row key = { .how = name->how };

	if (at.family == ADDRESS_NONE) {
		memcpy(at.byte, name->mac.byte, sizeof name->mac.byte);
		at.family = ADDRESS_MAC;
	}
	key.host = gather_host(g, &at);
	if (key.host == UINT32_MAX)
		return;
	key.name = name_put(&g->names, name->name);
	key.describes = name_put(&g->names, name->describes);
	struct naming_row *row = rows_put(&g->namings, &key, NULL);

	if (row == NULL)
		return;
	row->mac = name->mac;
	row->count++;
	row->last_ns = said->time_ns > row->last_ns ? said->time_ns : row->last_ns;
	frame_first(&row->first_frame, said->frame);
}

void gather_hop(void *context, const struct said_head *said, const struct said_hop *hop)
{
	struct gather *g = context;

	tracks_take(g->tracks, said->time_ns, said->frame, hop);
}

/* -- HTTP -------------------------------------------------------------------------- */

static struct http_row *http_row(struct gather *g, const struct said_head *said, uint64_t number,
    bool make)
{
	const struct http_row key = { .flow = said->flow->id, .number = number,
		.decrypted = said->flow->decrypted };

	return make ? rows_put(&g->http, &key, NULL) : rows_find(&g->http, &key);
}

static void request_take(struct gather *g, const struct said_head *said, const struct said_http *http)
{
	const struct flow_view *flow = said->flow;
	uint32_t client = gather_host_of(g, flow, SIDE_CLIENT);
	uint32_t server = gather_host_of(g, flow, SIDE_SERVER);
	struct http_row *row;

	g->http_requests++;
	if (client == UINT32_MAX || server == UINT32_MAX)
		return;
	row = http_row(g, said, http->number, true);
	if (row == NULL)
		return;
	row->time_ns = said->time_ns;
	row->frame = said->frame;
	row->client = client;
	row->server = server;
	row->client_port = flow->client_port;
	row->port = flow->server_port;
	row->version = http->version;
	row->method = name_put(&g->names, http->method);
	row->host = name_put(&g->names, http->host);
	row->name = gather_host_name(g, http->host);
	row->uri = name_put(&g->names, http->uri);
	row->agent = name_put(&g->names, http->agent);
	row->content_type = name_put(&g->names, http->content_type);
	row->credentials = http->authorization.left > 0;
	row->cut = http->cut;
}

/* Only addresses in which something was found are searched again when they are shown. */
void gather_searched(struct gather *g, const struct said_head *said, const struct said_body *body)
{
	const struct http_row *row = g->searched > 0 ? rows_row(&g->http, g->searched - 1) : NULL;

	if (row == NULL || row->flow != said->flow->id || row->number != body->number ||
	    row->decrypted != said->flow->decrypted) {
		row = http_row(g, said, body->number, false);
		g->searched = row == NULL ? 0 : rows_index(&g->http, row) + 1;
	}
	if (row != NULL && row->searched == 0)
		((struct http_row *)rows_row(&g->http, g->searched - 1))->searched = 1;
}

void gather_http(void *context, const struct said_head *said, const struct said_http *http)
{
	struct gather *g = context;

	g->heads_cut += http->cut;
	if (!http->response) {
		request_take(g, said, http);
		return;
	}
	struct http_row *row = http_row(g, said, http->number, false);

	/* 100 Continue and other interim answers come before the one that counts */
	if (row == NULL || (row->status >= 200 && http->status < 200))
		return;
	row->status = http->status;
	row->answer_type = name_put(&g->names, http->content_type);
}

void gather_http_end(void *context, const struct said_head *said, const struct said_http_end *end)
{
	struct http_row *row = http_row(context, said, end->number, false);

	((struct gather *)context)->unread += end->unread;
	if (row == NULL)
		return;
	if (end->response) {
		row->response_bytes = end->body_bytes;
		return;
	}
	row->request_bytes = end->body_bytes;
	/* a request is there with its last byte */
	if (end->complete)
		row->frame = said->frame;
}

/* -- TLS --------------------------------------------------------------------------- */

/* The handshake that goes on in this flow; a new one at each first hello. */
static struct tls_row *tls_row(struct gather *g, const struct said_head *said,
    const struct said_tls *tls)
{
	struct tls_row key = { .flow = said->flow->id }, *last = NULL, *row;

	for (; key.number < TLS_MOST_IN_FLOW; key.number++) {
		row = rows_find(&g->tls, &key);
		if (row == NULL)
			break;
		last = row;
	}
	bool again = tls->when == TLS_HELLO && last != NULL && last->settled;

	if (last != NULL && !again)
		return last;
	g->tls_sessions++;
	row = key.number < TLS_MOST_IN_FLOW ? rows_put(&g->tls, &key, NULL) : NULL;
	if (row != NULL) {
		row->time_ns = said->time_ns;
		row->frame = said->frame;
	}
	return row;
}

static uint32_t told_take(struct gather *g, const struct said_told *told, uint64_t frame)
{
	struct told_bytes dates = { told->not_before_s, told->not_after_s };
	KS_DROP(text) struct text bytes;

	text_init(&bytes, LIMIT_TLS_MESSAGE);
	text_add_span(&bytes, span_of(&dates, sizeof dates));
	text_add_span(&bytes, told->subject);
	text_add_char(&bytes, '\0');
	text_add_span(&bytes, told->issuer);
	return bytes.full ? UINT32_MAX : gather_certificate(g, text_span(&bytes), true, frame);
}

static uint32_t chain_take(struct gather *g, const struct said_head *said, const struct said_tls *tls)
{
	struct chain_row key = { .certificates = { 0 } };
	size_t n = 0;

	if (tls->told != NULL) {
		uint32_t one = told_take(g, tls->told, said->frame);

		if (one == UINT32_MAX)
			return 0;
		((struct certificate_row *)rows_row(&g->certificates, one))->leaf = true;
		key.certificates[n++] = one + 1;
	}
	for (size_t i = 0; i < tls->certificates && i < GATHER_CHAIN; i++) {
		uint32_t one = gather_certificate(g, tls->certificate[i], false, said->frame);

		if (one == UINT32_MAX)
			break;
		struct certificate_row *row = rows_row(&g->certificates, one);

		row->leaf |= i == 0;
		key.certificates[n++] = one + 1;
	}
	struct chain_row *row = n > 0 ? rows_put(&g->chains, &key, NULL) : NULL;

	return row == NULL ? 0 : rows_index(&g->chains, row) + 1;
}

static void name_set(struct gather *g, uint32_t *name, struct span text)
{
	if (text.left > 0)
		*name = name_put(&g->names, text);
}

static void hello_take(struct gather *g, struct tls_row *row, const struct said_tls *tls)
{
	if (tls->sni.left > 0)
		row->sni = name_put_host(&g->names, tls->sni);
	name_set(g, &row->alpn, tls->alpn);
	if (tls->ja3 != NULL)
		name_set(g, &row->ja3, span_text(tls->ja3));
	if (tls->ja4 != NULL)
		name_set(g, &row->ja4, span_text(tls->ja4));
	row->client_version = tls->client_version != 0 ? tls->client_version : row->client_version;
	row->version = tls->version != 0 ? tls->version : row->version;
	row->cipher = tls->cipher != 0 ? tls->cipher : row->cipher;
	row->transport = tls->quic ? OVER_QUIC : tls->datagram ? OVER_DTLS : OVER_TLS;
	row->resumed |= tls->resumed;
	row->ech |= tls->ech;
	row->keys |= tls->keys;
	row->keys_unused |= tls->keys_unused;
	row->visible |= tls->certificate_visible;
	row->chosen |= tls->when == TLS_CHOSEN;
	row->settled |= tls->when == TLS_SETTLED;
	if (tls->refused > row->refused) {
		row->refused = tls->refused;
		row->alert = tls->alert_code;
	}
}

void gather_tls(void *context, const struct said_head *said, const struct said_tls *tls)
{
	struct gather *g = context;
	struct tls_row *row = tls_row(g, said, tls);
	uint32_t chain;

	if (row == NULL)
		return;
	row->client = gather_host_of(g, said->flow, SIDE_CLIENT);
	row->server = gather_host_of(g, said->flow, SIDE_SERVER);
	row->client_port = said->flow->client_port;
	row->port = said->flow->server_port;
	hello_take(g, row, tls);
	if (tls->when != TLS_CHAIN)
		return;
	chain = chain_take(g, said, tls);
	if (said->side == SIDE_SERVER && chain != 0)
		row->chain = chain;
	else if (chain != 0)
		row->client_chain = chain;
}

/* -- the rest ---------------------------------------------------------------------- */

static uint32_t host_name(struct gather *g, const struct said_head *said, struct span host)
{
	char text[ADDRESS_TEXT];

	if (host.left == 0)
		host = said->flow->name;
	if (host.left > 0)
		return gather_host_name(g, host);
	return name_put(&g->names, span_text(address_show(&said->flow->server, text)));
}

static void personal_put(struct gather *g, const struct said_head *said, struct personal_row *key)
{
	struct personal_row *row;

	key->client = gather_host_of(g, said->flow, SIDE_CLIENT);
	key->server = gather_host_of(g, said->flow, SIDE_SERVER);
	key->decrypted = said->flow->decrypted;
	row = rows_put(&g->personal, key, NULL);
	if (row == NULL)
		return;
	row->count++;
	times_add(&row->first_ns, &row->last_ns, said->time_ns);
	frame_first(&row->frame, said->frame);
}

/* Looks like a card's number, and its check digit is wrong: counted for each host. */
void gather_card_doubt(struct gather *g, const struct said_head *said,
    const struct said_body *body, uint32_t grade)
{
	struct personal_row key = { .grade = grade };

	key.category = name_put(&g->names, span_text(CARD_DOUBT));
	key.masked = key.where = name_put(&g->names, span_text(""));
	key.host = host_name(g, said, body->host);
	personal_put(g, said, &key);
}

void gather_personal(struct gather *gather, const struct said_head *said,
    const struct said_body *body, const struct personal_found *found)
{
	struct personal_row key = { .fingerprint = found->fingerprint, .grade = found->grade,
		.answered = said->side == SIDE_SERVER };
	char where[160];
	size_t n = found->where.left < 60 ? found->where.left : 60;
	size_t k = found->key.left < 90 ? found->key.left : 90;

	memcpy(where, found->where.at == NULL ? (const uint8_t *)"" : found->where.at, n);
	if (k > 0) {
		where[n++] = ' ';
		memcpy(where + n, found->key.at, k);
		n += k;
	}
	key.category = name_put(&gather->names, span_text(found->category));
	key.masked = name_put(&gather->names, found->masked);
	key.where = name_put(&gather->names, span_of(where, n));
	key.host = host_name(gather, said, body->host);
	personal_put(gather, said, &key);
}

/* The user's name is shown masked, of the secret nothing at all. */
void gather_credential(void *context, const struct said_head *said,
    const struct said_credential *credential)
{
	struct gather *g = context;
	struct personal_row key = { .grade = PERSONAL_CERTAIN };

	if (credential->digest)
		return; /* no password was sent */
	g->credentials++;
	key.category = name_put(&g->names, span_text("credential"));
	key.where = name_put(&g->names, span_text(credential->how));
	key.masked = gather_masked(g, credential->user.left > 0 ? credential->user :
	    span_text("********"));
	key.host = host_name(g, said, credential->host);
	personal_put(g, said, &key);
}

void gather_banner(void *context, const struct said_head *said, const struct said_banner *banner)
{
	struct gather *g = context;
	/* who speaks is who is described */
	struct banner_row key = { .server = gather_host_of(g, said->flow, said->side),
		.service = name_put(&g->names, span_text(banner->service)),
		.text = name_put(&g->names, banner->text),
		.port = said->side == SIDE_SERVER ? said->flow->server_port : 0 };
	struct banner_row *row = rows_put(&g->banners, &key, NULL);

	if (row == NULL || key.server == UINT32_MAX)
		return;
	if (row->frame == 0 || said->frame < row->frame) /* who heard it first, and where */
		row->client = gather_host_of(g, said->flow, 1u - said->side);
	frame_first(&row->frame, said->frame);
}

void gather_odd(void *context, const struct said_head *said, const struct said_odd *odd)
{
	struct gather *g = context;
	struct odd_row key = { .kind = odd->kind,
		.where = name_put(&g->names, span_text(odd->where == NULL ? "" : odd->where)),
		.client = gather_host_of(g, said->flow, SIDE_CLIENT),
		.server = gather_host_of(g, said->flow, SIDE_SERVER) };
	struct odd_row *row = rows_put(&g->odd, &key, NULL);

	if (row == NULL)
		return;
	row->count += odd->count;
	frame_first(&row->first_frame, said->frame);
	times_add(&row->first_ns, &row->last_ns, said->time_ns);
}
