/* src/wire/har.c - see har.h. */
#include "base/drop.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/zone.h"
#include "wire/body.h"
#include "wire/decode.h"
#include "wire/har_in.h"
#include "wire/hashset.h"
#include "wire/http.h"
#include <stdio.h>

enum { HOSTS_MOST = 1 << 20 };

/* What is known of the whole file while it is read. */
struct reading_har {
	const struct har_ask *ask;
	struct hashset servers, handshakes; /* addresses; names, ports and addresses */
	struct har_counts counts;
};

struct span har_text(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return span_of(json_string_value(value), json_string_length(value));
}

static uint64_t count_of(const json_t *object, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(object, key));

	return n > 0 ? (uint64_t)n : 0;
}

bool har_looks(struct span head)
{
	head = span_trim(head);
	if (head.left >= 3 && memcmp(head.at, "\xef\xbb\xbf", 3) == 0)
		(void)span_cut(&head, 3);
	head = span_trim(head);
	if (head.left < 2 || *head.at != '{')
		return false;
	(void)span_cut(&head, 1);
	head = span_trim(head);
	return head.left >= 5 && memcmp(head.at, "\"log\"", 5) == 0;
}

/* Z, +09:00, +0900, +09 (ISO 8601); false: none of them. */
static bool zone_read(struct span s, int64_t *ret_min)
{
	bool west = *s.at == '-', colon = s.left == 6 && s.at[3] == ':';
	int64_t n = 0;

	if (s.left == 1 && (*s.at == 'Z' || *s.at == 'z'))
		return true;
	if ((*s.at != '+' && !west) || (s.left != 3 && s.left != 5 && !colon))
		return false;
	for (size_t i = 1; i < s.left; i++) {
		if (colon && i == 3)
			continue;
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		n = n * 10 + s.at[i] - '0';
	}
	n = s.left == 3 ? n * 60 : n / 100 * 60 + n % 100;
	*ret_min = west ? -n : n;
	return true;
}

/* 2026-04-23T12:34:56.789+09:00; false: it is none. */
static bool time_read(struct span s, int64_t *ret_ns)
{
	static const char form[] = "0000-00-00T00:00:00";
	int64_t part[6] = { 0 }, ms = 0, scale = 100, zone_min = 0;

	if (s.left < sizeof form - 1)
		return false;
	for (size_t i = 0, p = 0; form[i] != '\0'; i++) {
		uint8_t c = (uint8_t)span_be(&s, 1);

		if (form[i] != '0' ? c != (uint8_t)form[i] : c < '0' || c > '9')
			return false;
		if (form[i] == '0')
			part[p] = part[p] * 10 + (c - '0');
		else
			p++;
	}
	if (s.left > 0 && *s.at == '.')
		for ((void)span_cut(&s, 1); s.left > 0 && *s.at >= '0' && *s.at <= '9'; scale /= 10)
			ms += (int64_t)(span_be(&s, 1) - '0') * scale;
	if (s.left > 0 && !zone_read(s, &zone_min))
		return false;
	if (part[1] < 1 || part[1] > 12 || part[0] < 1970 || part[0] > 2200)
		return false;
	int64_t days = days_of((int32_t)part[0], (unsigned)part[1], part[2]);

	*ret_ns = ((((days * 24 + part[3]) * 60 + part[4] - zone_min) * 60 + part[5]) * 1000 + ms) *
	    1000000;
	return true;
}

static void say_leaf(void *context, const struct said_body *body)
{
	struct exchange *x = context;

	x->head.sub++;
	listener_body(x->ears, &x->head, body);
}

/* "HTTP/1.0", "h2", "http/2.0", "h3" */
static uint8_t version_of(const json_t *message)
{
	struct span word = har_text(message, "httpVersion");
	uint8_t last = word.left > 0 ? word.at[word.left - 1] : '1';

	if (word.left >= 8 && word.at[word.left - 2] == '.')
		return (uint8_t)(word.at[word.left - 3] >= '1' && word.at[word.left - 3] <= '3'
		    ? (word.at[word.left - 3] - '0') * 10 + (last == '1') : 11);
	return last == '2' ? 20 : last == '3' ? 30 : 11;
}

/* The head as it would stand on the wire, so that one reader reads both. */
static void head_write(struct text *text, const char *first, const json_t *message)
{
	size_t i = 0;
	json_t *field = NULL;

	text_add(text, first);
	json_array_foreach(json_object_get(message, "headers"), i, field) {
		struct span name = har_text(field, "name"), value = har_text(field, "value");

		/* names of HTTP/2 begin with a colon: they are in the first line */
		if (name.left == 0 || *name.at == ':' || memchr(name.at, '\n', name.left) != NULL ||
		    (value.left > 0 && memchr(value.at, '\n', value.left) != NULL))
			continue;
		text_add_span(text, name);
		text_add(text, ": ");
		text_add_span(text, value);
		text_add(text, "\r\n");
	}
}

static void end_say(struct exchange *x, bool response, uint64_t bytes, struct span content)
{
	struct said_http_end end = { .response = response, .body_bytes = bytes, .complete = true,
		.magic = span_of(content.at, content.left < 256 ? content.left : 256) };

	x->head.sub++;
	listener_http_end(x->ears, &x->head, &end);
}

static void content_tell(struct exchange *x, struct span type, struct span content, bool base64)
{
	struct body_sink sink = { say_leaf, x };
	struct said_body whole = x->about;
	KS_DROP(text) struct text plain;

	text_init(&plain, LIMIT_BODY_PLAIN);
	if (base64)
		base64_decode(content, &plain);
	whole.content_type = type;
	whole.bytes = base64 ? text_span(&plain) : content;
	if (whole.bytes.left > 0)
		body_tell(&whole, &sink);
}

/* A form whose fields the writer took apart itself. */
static void params_tell(struct exchange *x, const json_t *params)
{
	struct said_body field = x->about;
	size_t i = 0;
	json_t *param = NULL;

	field.kind = BODY_FORM;
	field.last = true;
	json_array_foreach(params, i, param) {
		field.key = har_text(param, "name");
		field.bytes = har_text(param, "value");
		if (i < LIMIT_BODY_LEAVES && field.bytes.left > 0)
			say_leaf(x, &field);
	}
}

/* Messages of a web socket, as Chrome and mitmproxy add them. */
static void messages_tell(struct exchange *x, const json_t *messages)
{
	size_t i = 0;
	json_t *message = NULL;

	json_array_foreach(messages, i, message) {
		if (i >= LIMIT_BODY_LEAVES)
			return;
		x->head.side = span_equal(har_text(message, "type"), "receive") ? SIDE_SERVER
		    : SIDE_CLIENT;
		content_tell(x, span_text("text/plain"), har_text(message, "data"), false);
	}
}

static void credential_say(struct exchange *x, struct span authorization)
{
	struct said_credential credential;
	KS_DROP(text) struct text room;

	text_init(&room, LIMIT_BODY_KEY);
	if (authorization.left == 0 || x->ears->credential == NULL ||
	    !http_authorization(authorization, &room, &credential))
		return;
	credential.host = x->about.host;
	credential.uri = x->about.uri;
	x->head.sub++;
	x->ears->credential(x->ears->context, &x->head, &credential);
}

static void request_say(struct exchange *x, const json_t *request, struct span path)
{
	const json_t *post = json_object_get(request, "postData");
	struct span method = har_text(request, "method"), content = har_text(post, "text");
	struct body_sink sink = { say_leaf, x };
	KS_DROP(text) struct text head, first;
	struct http_head read;

	text_init(&head, LIMIT_HTTP_HEAD);
	text_init(&first, LIMIT_HTTP_HEAD);
	text_addf(&first, "%.*s %.*s HTTP/1.1\r\n", (int)method.left, (const char *)method.at,
	    (int)path.left, (const char *)path.at);
	head_write(&head, text_cstr(&first), request);
	if (!http_head_read(text_span(&head), &read))
		return;
	x->head.side = SIDE_CLIENT;
	x->head_bytes[SIDE_CLIENT] = head.len;
	read.said.host = x->about.host;
	read.said.version = version_of(request);
	listener_http(x->ears, &x->head, &read.said);
	http_head_tell(&read, &x->about, &sink);
	credential_say(x, read.said.authorization);
	content_tell(x, har_text(post, "mimeType"), content, false);
	if (content.left == 0)
		params_tell(x, json_object_get(post, "params"));
	x->head.sub++;
	end_say(x, false, content.left > 0 ? content.left : count_of(request, "bodySize"), content);
}

static void response_say(struct exchange *x, const json_t *response)
{
	const json_t *body = json_object_get(response, "content");
	struct span content = har_text(body, "text");
	KS_DROP(text) struct text head;
	struct http_head read;
	char first[64];

	text_init(&head, LIMIT_HTTP_HEAD);
	if (count_of(response, "status") == 0 || count_of(response, "status") > 999)
		return; /* no answer came */
	(void)snprintf(first, sizeof first, "HTTP/1.1 %03u\r\n", (unsigned)count_of(response, "status"));
	head_write(&head, first, response);
	if (!http_head_read(text_span(&head), &read))
		return;
	x->head.side = SIDE_SERVER;
	x->head_bytes[SIDE_SERVER] = head.len;
	x->head.sub++;
	read.said.version = version_of(response);
	read.said.asked_frame = x->head.frame;
	listener_http(x->ears, &x->head, &read.said);
	content_tell(x, har_text(body, "mimeType"), content,
	    span_equal(har_text(body, "encoding"), "base64"));
	end_say(x, true, count_of(body, "size"), content);
}

/* https://user@host:port/path?query#part */
static bool url_cut(struct span url, struct exchange *x, struct span *ret_path)
{
	const uint8_t *colon = url.left > 0 ? memmem(url.at, url.left, "://", 3) : NULL;
	size_t n = 0;
	uint16_t port = 80;

	if (colon == NULL)
		return false;
	struct span scheme = span_cut(&url, (size_t)(colon - url.at));

	(void)span_cut(&url, 3);
	if (word_is(scheme, "https") || word_is(scheme, "wss")) {
		x->flow.decrypted = true;
		port = 443;
	}
	while (n < url.left && url.at[n] != '/' && url.at[n] != '?' && url.at[n] != '#')
		n++;
	struct span host = span_cut(&url, n), path = url;
	const uint8_t *at = host.left > 0 ? memrchr(host.at, '@', host.left) : NULL;

	if (at != NULL)
		(void)span_cut(&host, (size_t)(at - host.at) + 1);
	path = span_until(&url, '#');
	*ret_path = path.left > 0 ? path : span_text("/");
	if (host.left == 0 || host.left >= sizeof x->host)
		return false;
	memcpy(x->host, host.at, host.left);
	x->about.host = span_of(x->host, host.left);
	struct span name = host, digits = host;

	if (*host.at != '[') {
		name = span_until(&digits, ':');
		unsigned given = 0;

		for (size_t i = 0; i < digits.left && digits.at[i] >= '0' && digits.at[i] <= '9' && given < 65536; i++)
			given = given * 10 + (unsigned)(digits.at[i] - '0');
		port = given > 0 && given < 65536 ? (uint16_t)given : port;
	}
	x->flow.name = name;
	x->flow.server_port = port;
	return true;
}

/* Sizes are -1 where the writer does not know them: then what is there is counted. */
static uint64_t sent_bytes(const struct exchange *x, const json_t *message, unsigned side)
{
	const json_t *content = json_object_get(message, side == SIDE_SERVER ? "content" : "postData");
	uint64_t head = count_of(message, "headersSize"), body = count_of(message, "bodySize");
	uint64_t all = count_of(message, "_transferSize");

	if (all > 0)
		return all;
	head = head > 0 ? head : x->head_bytes[side];
	body = body > 0 ? body : count_of(content, "size");
	return head + (body > 0 ? body : har_text(content, "text").left);
}

static void slice_say(struct exchange *x, const json_t *entry)
{
	const json_t *request = json_object_get(entry, "request");
	const json_t *response = json_object_get(entry, "response");
	double took = json_number_value(json_object_get(entry, "time"));
	int64_t took_ns = took > 0 && took < 86400000 ? (int64_t)(took * 1000000) : 0;
	struct said_slice slice = { .first_ns = x->head.time_ns, .last_ns = x->head.time_ns + took_ns,
		.first_frame = x->head.frame, .began = BEGAN_NEW, .ended = ENDED_CLOSED };

	/* on the wire this is all that is seen of it */
	x->flow.tongue = x->flow.decrypted ? "tls" : "http";
	x->flow.decrypted = false;
	slice.payload[0] = sent_bytes(x, request, SIDE_CLIENT);
	slice.payload[1] = x->flow.answered ? sent_bytes(x, response, SIDE_SERVER) : 0;
	for (int side = 0; side < 2; side++) {
		slice.bytes[side] = slice.payload[side];
		slice.frames[side] = side == SIDE_CLIENT || x->flow.answered;
	}
	x->bytes = slice.bytes[0] + slice.bytes[1];
	x->head.sub++;
	if (x->ears->slice != NULL)
		x->ears->slice(x->ears->context, &x->head, &slice);
}

/* The server's address; 0.0.0.0 when the writer did not say it. */
static struct address server_of(const json_t *entry, const struct exchange *x)
{
	struct span text = har_text(entry, "serverIPAddress");
	struct address at;

	text = text.left > 0 ? text : x->flow.name;
	if (text.left > 2 && *text.at == '[')
		text = span_of(text.at + 1, text.left - 2);
	at = address_read(text);
	if (at.family == ADDRESS_NONE)
		at.family = ADDRESS_4;
	return at;
}

static bool is_first(struct reading_har *har, const struct exchange *x)
{
	struct span port = span_of(&x->flow.server_port, sizeof x->flow.server_port);
	struct span at = span_of(&x->flow.server, sizeof x->flow.server);
	uint64_t seed = har->ask->seed;

	return hashset_add(&har->handshakes, hash_of(x->about.host, seed) ^ hash_of(port, seed) ^
	    hash_of(at, seed));
}

static bool entry_say(struct reading_har *har, const json_t *entry, uint64_t frame, int64_t *ret_ns)
{
	const json_t *request = json_object_get(entry, "request");
	const json_t *response = json_object_get(entry, "response");
	struct exchange x = { .ears = har->ask->ears };
	struct span path;

	x.flow = (struct flow_view){ .id = frame * 2, .client = har->ask->device, .protocol = IP_TCP,
		.opened = true, .answered = count_of(response, "status") > 0, .closed = CLOSE_FIN,
		.tongue = "http" };
	x.head = (struct said_head){ .frame = frame, .flow = &x.flow };
	if (!url_cut(har_text(request, "url"), &x, &path))
		return false;
	if (!time_read(har_text(entry, "startedDateTime"), &x.head.time_ns)) {
		if (har->counts.untimed++ == 0)
			har->counts.first_untimed = frame - har->ask->first_frame + 1;
		return false;
	}
	x.flow.server = server_of(entry, &x);
	x.flow.ether_type = x.flow.server.family == ADDRESS_4 ? 0x0800 : 0x86dd;
	x.flow.encrypted = x.flow.decrypted;
	x.about.uri = path;
	if (x.flow.decrypted)
		har_tls_say(&x, entry, is_first(har, &x));
	request_say(&x, request, path);
	response_say(&x, response);
	messages_tell(&x, json_object_get(entry, "_webSocketMessages"));
	slice_say(&x, entry);
	har->counts.hosts += hashset_add(&har->servers,
	    hash_of(span_of(&x.flow.server, sizeof x.flow.server), har->ask->seed));
	har->counts.bytes += x.bytes;
	*ret_ns = x.head.time_ns;
	return true;
}

/* Whose requests they are: named after the file; what wrote it is said beside it. */
static void device_say(const struct har_ask *ask, const json_t *log, int64_t first_ns)
{
	const json_t *by = json_object_get(log, "browser");
	const struct flow_view flow = { .id = ask->first_frame * 2, .client = ask->device,
		.ether_type = 0x0800, .tongue = "" };
	const struct said_head head = { .time_ns = first_ns, .frame = ask->first_frame, .flow = &flow };
	struct said_name name = { .how = NAME_CAPTURE, .address = ask->device, .name = ask->name };
	KS_DROP(text) struct text words;

	by = json_is_object(by) ? by : json_object_get(log, "creator");
	text_init(&words, LIMIT_BODY_KEY);
	text_add_span(&words, har_text(by, "name"));
	text_add(&words, words.len > 0 ? " " : "");
	text_add_span(&words, har_text(by, "version"));
	name.describes = text_span(&words);
	if (ask->ears->name != NULL)
		ask->ears->name(ask->ears->context, &head, &name);
}

static void entries_say(struct reading_har *har, const json_t *entries)
{
	struct har_counts *counts = &har->counts;
	size_t i = 0;
	json_t *entry = NULL;

	json_array_foreach(entries, i, entry) {
		int64_t ns = 0;

		if (!entry_say(har, entry, har->ask->first_frame + i, &ns)) {
			counts->skipped++;
			continue;
		}
		if (counts->entries == 0 || ns < counts->first_ns)
			counts->first_ns = ns;
		if (counts->entries == 0 || ns > counts->last_ns)
			counts->last_ns = ns;
		counts->entries++;
	}
}

static void drop_json(json_t **json)
{
	json_decref(*json);
}

int har_read(struct span bytes, const struct har_ask *ask, struct har_counts *ret_counts,
    struct why *why)
{
	struct reading_har har = { .ask = ask, .servers = { .most = HOSTS_MOST },
		.handshakes = { .most = HOSTS_MOST } };
	json_error_t error;

	if (bytes.left > LIMIT_HAR_BYTES)
		return fail(why, KS_FULL, "longer than the %ld bytes that are read of a HAR",
		    (long)LIMIT_HAR_BYTES);
	if (bytes.left >= 3 && memcmp(bytes.at, "\xef\xbb\xbf", 3) == 0)
		(void)span_cut(&bytes, 3);
	KS_DROP(json) json_t *all = bytes.left == 0 ? NULL
	    : json_loadb((const char *)bytes.at, bytes.left, JSON_ALLOW_NUL, &error);
	const json_t *log = json_object_get(all, "log");

	if (all == NULL && bytes.left > 0)
		return fail(why, KS_MALFORMED, "line %d, column %d: %s", error.line, error.column,
		    error.text);
	if (!json_is_array(json_object_get(log, "entries")))
		return fail(why, KS_MALFORMED, "no HAR: it has no log with entries");
	entries_say(&har, json_object_get(log, "entries"));
	if (har.counts.entries > 0)
		device_say(ask, log, har.counts.first_ns);
	hashset_done(&har.servers);
	hashset_done(&har.handshakes);
	*ret_counts = har.counts;
	return KS_OK;
}

void har_counts_add(struct har_counts *all, const struct har_counts *one)
{
	if (one->entries == 0)
		return;
	if (all->entries == 0 || one->first_ns < all->first_ns)
		all->first_ns = one->first_ns;
	if (all->entries == 0 || one->last_ns > all->last_ns)
		all->last_ns = one->last_ns;
	all->entries += one->entries;
	all->bytes += one->bytes;
	all->hosts += one->hosts;
}
