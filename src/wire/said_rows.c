/* src/wire/said_rows.c - see said_rows.h. */
#include "wire/said_rows.h"
#include "base/drop.h"
#include "base/hash.h"
#include "wire/uri_mask.h"
#include <stdlib.h>

enum { TEXT_MOST = 2048 }; /* as the report cuts them */

/* -- who waits ------------------------------------------------------------------------- */

static struct waiting **bucket_of(struct said_rows *rows, uint64_t flow)
{
	return &rows->buckets[hash_of(span_of(&flow, sizeof flow), 0) % ROWS_BUCKETS];
}

static struct waiting *wait_find(struct said_rows *rows, uint64_t flow, uint64_t number,
    enum waiting_kind kind)
{
	struct waiting *w = *bucket_of(rows, flow);

	while (w != NULL && (w->ends.id != flow || w->number != number || w->kind != kind))
		w = w->next;
	return w;
}

static void wait_leave(struct said_rows *rows, struct waiting *w)
{
	struct waiting **at = bucket_of(rows, w->ends.id);

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	*(w->older != NULL ? &w->older->newer : &rows->oldest) = w->newer;
	*(w->newer != NULL ? &w->newer->older : &rows->newest) = w->older;
	rows->waiting--;
}

static void wait_free(struct waiting *w)
{
	if (w->kind == WAIT_TLS)
		free(((struct session *)w)->leaf);
	free(w);
}

static bool field_found(void *context, struct span name);

struct asking {
	struct said_rows *rows;
	const struct waiting *of;
};

static void exchange_tell(struct said_rows *rows, const struct exchange *x)
{
	struct asking asking = { rows, &x->base };
	const struct uri_known known = { .field = field_found, .context = &asking,
		.own = x->base.ends.client_mac, .cut = x->cut };
	KS_DROP(text) struct text uri;

	text_init(&uri, 4 * TEXT_MOST);
	uri_mask(&uri, x->uri, &known);
	rows->exchange(rows->context, x, text_cstr(&uri));
}

/* Its row, and no more of it. */
static void wait_over(struct said_rows *rows, struct waiting *w)
{
	wait_leave(rows, w);
	if (w->kind != WAIT_TLS)
		exchange_tell(rows, (struct exchange *)w);
	else if (!((struct session *)w)->told)
		rows->session(rows->context, (struct session *)w);
	wait_free(w);
}

static void wait_enter(struct said_rows *rows, struct waiting *w, const struct said_head *head)
{
	struct waiting **at = bucket_of(rows, head->flow->id);

	if (rows->waiting == ROWS_WAIT)
		wait_over(rows, rows->oldest);
	w->ends = *head->flow;
	w->ends.name = span_of(NULL, 0);
	w->ends.tongue = "";
	w->time_ns = head->time_ns;
	w->next = *at;
	*at = w;
	w->older = rows->newest;
	*(rows->newest != NULL ? &rows->newest->newer : &rows->oldest) = w;
	rows->newest = w;
	rows->waiting++;
}

void said_rows_flow(struct said_rows *rows, uint64_t flow)
{
	struct waiting *w = *bucket_of(rows, flow), *next;

	for (; w != NULL; w = next) {
		next = w->next;
		if (w->ends.id == flow)
			wait_over(rows, w);
	}
}

void said_rows_end(struct said_rows *rows)
{
	while (rows->oldest != NULL)
		wait_over(rows, rows->oldest);
}

void said_rows_done(struct said_rows *rows)
{
	while (rows->oldest != NULL) {
		struct waiting *w = rows->oldest;

		wait_leave(rows, w);
		wait_free(w);
	}
	hashset_done(&rows->fields);
	free(rows->chains);
	rows->chains = NULL;
	rows->fields_full = false;
}

/* -- requests -------------------------------------------------------------------------- */

static enum waiting_kind http_kind(const struct said_head *head)
{
	return head->flow->decrypted ? WAIT_HTTP_INSIDE : WAIT_HTTP;
}

static struct span text_keep(uint8_t **at, struct span text)
{
	struct span kept = { .at = *at, .left = text.left < TEXT_MOST ? text.left : TEXT_MOST };

	if (kept.left > 0)
		memcpy(*at, text.at, kept.left);
	*at += kept.left;
	return kept;
}

static void exchange_new(struct said_rows *rows, const struct said_head *head,
    const struct said_http *http)
{
	struct waiting *old = wait_find(rows, head->flow->id, http->number, http_kind(head));
	struct exchange *x = calloc(1, sizeof *x + http->method.left + http->host.left +
	    http->uri.left + http->agent.left + http->content_type.left);

	if (old != NULL)
		wait_over(rows, old);
	if (x == NULL)
		return;
	uint8_t *at = x->texts;

	x->base.number = http->number;
	x->base.kind = (uint8_t)http_kind(head);
	x->method = text_keep(&at, http->method);
	x->host = text_keep(&at, http->host);
	x->uri = text_keep(&at, http->uri);
	x->cut = http->cut || http->uri.left >= TEXT_MOST;
	x->agent = text_keep(&at, http->agent);
	x->type = text_keep(&at, http->content_type);
	wait_enter(rows, &x->base, head);
}

void said_rows_http(struct said_rows *rows, const struct said_head *head,
    const struct said_http *http)
{
	struct exchange *x;

	if (!http->response) {
		exchange_new(rows, head, http);
		return;
	}
	x = (struct exchange *)wait_find(rows, head->flow->id, http->number, http_kind(head));
	/* 100 Continue and other interim answers come before the one that counts */
	if (x != NULL && (x->status < 200 || http->status >= 200))
		x->status = http->status;
}

void said_rows_http_end(struct said_rows *rows, const struct said_head *head,
    const struct said_http_end *end)
{
	struct exchange *x = (struct exchange *)wait_find(rows, head->flow->id, end->number,
	    http_kind(head));

	if (x == NULL)
		return;
	if (end->response) {
		x->response_bytes = end->body_bytes;
		x->answered |= x->status >= 200;
	} else {
		x->request_bytes = end->body_bytes;
		x->asked = true;
	}
	if (x->asked && x->answered)
		wait_over(rows, &x->base);
}

/* -- what is masked --------------------------------------------------------------------- */

static uint64_t field_hash(const struct said_rows *rows, const struct flow_view *ends,
    struct span name)
{
	const struct address pair[2] = { ends->client, ends->server };

	return hash_of(name, hash_of(span_of(pair, sizeof pair), rows->seed));
}

static bool field_found(void *context, struct span name)
{
	const struct asking *asking = context;

	return asking->rows->fields_full ||
	    hashset_has(&asking->rows->fields, field_hash(asking->rows, &asking->of->ends, name));
}

struct heard_field {
	struct said_rows *rows;
	const struct said_head *head;
};

static void personal_found(void *context, const struct said_body *where, const struct personal *what)
{
	const struct heard_field *heard = context;
	struct said_rows *rows = heard->rows;
	uint64_t hash = field_hash(rows, heard->head->flow, where->key);

	(void)what;
	if (!hashset_has(&rows->fields, hash) && !hashset_add(&rows->fields, hash))
		rows->fields_full = true;
}

void said_rows_body(struct said_rows *rows, const struct said_head *head,
    const struct said_body *body)
{
	struct heard_field heard = { rows, head };
	struct personal_sink sink = { personal_found, NULL, &heard };

	if (body->kind != BODY_URI)
		return;
	if (rows->search_flow != head->flow->id * 2 + head->side) {
		rows->search_flow = head->flow->id * 2 + head->side;
		rows->search = (struct personal_search){ .seed = rows->seed, .number = body->number };
	}
	rows->search.sink = &sink;
	rows->search.own = head->flow->client_mac;
	rows->search.from_server = head->side == SIDE_SERVER;
	personal_take(&rows->search, body);
	rows->search.sink = NULL;
}

/* -- handshakes ---------------------------------------------------------------------------- */

static void word_keep(char *to, size_t room, struct span text)
{
	size_t n = text.left < room ? text.left : room - 1;

	if (n == 0)
		return;
	memcpy(to, text.at, n);
	to[n] = '\0';
}

static void sni_keep(struct session *s, struct span name)
{
	if (name.left > 1 && name.at[name.left - 1] == '.')
		name.left--;
	word_keep(s->sni, sizeof s->sni, name);
	for (char *at = s->sni; *at != '\0'; at++)
		*at = (char)(*at >= 'A' && *at <= 'Z' ? *at | 32 : *at);
}

/* The handshake that goes on in this flow; a new one at a hello after one that is over. */
static struct session *session_of(struct said_rows *rows, const struct said_head *head,
    const struct said_tls *tls)
{
	struct session *s = (struct session *)wait_find(rows, head->flow->id, 0, WAIT_TLS);

	if (s != NULL && (tls->when != TLS_HELLO || !s->settled))
		return s;
	if (s != NULL)
		wait_over(rows, &s->base);
	s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	s->base.kind = WAIT_TLS;
	wait_enter(rows, &s->base, head);
	return s;
}

static void session_take(struct session *s, const struct said_tls *tls)
{
	if (tls->sni.left > 0)
		sni_keep(s, tls->sni);
	word_keep(s->alpn, sizeof s->alpn, tls->alpn);
	if (tls->ja3 != NULL)
		word_keep(s->ja3, sizeof s->ja3, span_text(tls->ja3));
	if (tls->ja4 != NULL)
		word_keep(s->ja4, sizeof s->ja4, span_text(tls->ja4));
	s->version = tls->version != 0 ? tls->version : s->version;
	s->cipher = tls->cipher != 0 ? tls->cipher : s->cipher;
	s->quic = tls->quic;
	s->datagram = tls->datagram;
	s->resumed |= tls->resumed;
	s->visible |= tls->certificate_visible;
	s->chosen |= tls->when == TLS_CHOSEN;
	s->settled |= tls->when == TLS_SETTLED;
	s->refused = tls->refused > s->refused ? tls->refused : s->refused;
}

void said_rows_tls(struct said_rows *rows, const struct said_head *head,
    const struct said_tls *tls)
{
	struct session *s = session_of(rows, head, tls);

	if (s == NULL || s->told)
		return;
	session_take(s, tls);
	if (tls->when == TLS_CHAIN && head->side == SIDE_SERVER && s->leaf == NULL)
		s->leaf = leaf_new(rows, tls, span_text(s->sni), s->base.time_ns / 1000000000);
	if (s->settled) {
		rows->session(rows->context, s);
		s->told = true;
		free(s->leaf);
		s->leaf = NULL;
	}
}
