/* src/wire/make_said.c - what was said, one row each: questions, requests, handshakes,
 * personal data, banners, oddities; in the order of frames. */
#include "wire/make_in.h"
#include "wire/tls_names.h"
#include <stdio.h>
#include <stdlib.h>

static int order_of(uint64_t frame_one, uint64_t frame_two, uint64_t one, uint64_t two)
{
	if (frame_one != frame_two)
		return frame_one < frame_two ? -1 : 1;
	return (one > two) - (one < two);
}

static int dns_order(const void *a, const void *b)
{
	const struct audit_dns *one = a, *two = b;
	int order = order_of(one->first_frame, two->first_frame, one->device, two->device);

	order = order != 0 ? order : strcmp(one->name, two->name);
	return order != 0 ? order : strcmp(one->type, two->type);
}

/* --device: what others said to each other is not in the report. */
static bool is_of_others(const struct make *make, uint32_t client, uint32_t server)
{
	return make->only && make_device(make, client, server) == AUDIT_NO_DEVICE;
}

static void dns_make(struct make *make)
{
	static const char *const kinds[] = { "dns", "mdns", "llmnr", "nbns" };
	const struct rows *rows = &make->g->dns;
	struct audit *audit = make->audit;

	audit->dns = make_take(make, rows->n, sizeof *audit->dns);
	for (uint32_t i = 0; !make->full && i < rows->n; i++) {
		const struct dns_row *row = rows_row(rows, i);
		char room[16];

		if (is_of_others(make, row->client, row->client))
			continue;
		const char *type = audit_dns_type_word(row->type, room);

		if (type == room)
			type = arena_text(make->arena, span_text(room));
		make->full |= type == NULL;
		audit->dns[audit->dns_n++] = (struct audit_dns){
			.device = make->device_of[row->client], .name = make_text(make, row->name),
			.type = type, .kind = kinds[row->kind % 4], .count = row->count,
			.answered = row->answered, .failed = row->failed, .first_ns = row->first_ns,
			.last_ns = row->last_ns, .first_frame = row->first_frame };
	}
	if (!make->full)
		qsort(audit->dns, audit->dns_n, sizeof *audit->dns, dns_order);
}

static int http_order(const void *a, const void *b)
{
	const struct audit_http *one = a, *two = b;

	return order_of(one->frame, two->frame, one->flow, two->flow);
}

static void http_make(struct make *make)
{
	const struct rows *rows = &make->g->http;
	struct audit *audit = make->audit;

	audit->http = make_take(make, rows->n, sizeof *audit->http);
	for (uint32_t i = 0; !make->full && i < rows->n; i++) {
		const struct http_row *row = rows_row(rows, i);

		if (row->client >= make->g->hosts.n || row->server >= make->g->hosts.n ||
		    is_of_others(make, row->client, row->server))
			continue;
		audit->http[audit->http_n++] = (struct audit_http){ .time_ns = row->time_ns,
			.frame = row->frame, .flow = row->flow,
			.device = make_device(make, row->client, row->server),
			.client = make_host_text(make, row->client),
			.server = make_host_text(make, row->server), .client_port = row->client_port,
			.port = row->port, .method = make_text(make, row->method),
			.host = make_text(make, row->host), .name = make_text(make, row->name), .uri = make_text(make, row->uri),
			.agent = make_text(make, row->agent),
			.content_type = make_text(make, row->content_type), .status = row->status,
			.request_bytes = row->request_bytes, .response_bytes = row->response_bytes,
			.decrypted = row->decrypted, .cut = row->cut,
			.nobodys = row->searched == 1, .version = row->version,
			.inward = make_inward(make, row->client, row->server) };
	}
	if (!make->full)
		qsort(audit->http, audit->http_n, sizeof *audit->http, http_order);
}

static int tls_order(const void *a, const void *b)
{
	const struct audit_tls *one = a, *two = b;

	return order_of(one->frame, two->frame, one->flow, two->flow);
}

static const char *number_text(struct make *make, const char *known, const char *format,
    unsigned number)
{
	char text[32];

	if (known != NULL || number == 0)
		return known != NULL ? known : "";
	(void)snprintf(text, sizeof text, format, number);
	known = arena_text(make->arena, span_text(text));
	make->full |= known == NULL;
	return known != NULL ? known : "";
}

static struct audit_tls tls_of(struct make *make, const struct tls_row *row)
{
	static const char *const transports[] = { "tls", "dtls", "quic" };

	return (struct audit_tls){ .time_ns = row->time_ns, .frame = row->frame,
		.flow = row->flow, .device = make_device(make, row->client, row->server),
		.server_device = make->device_of[row->server],
		.inward = make_inward(make, row->client, row->server),
		.client = make_host_text(make, row->client),
		.server = make_host_text(make, row->server), .client_port = row->client_port,
		.port = row->port, .sni = make_text(make, row->sni),
		.alpn = make_text(make, row->alpn), .ja3 = make_text(make, row->ja3),
		.ja4 = make_text(make, row->ja4), .transport = transports[row->transport % 3],
		.version = number_text(make, tls_version_name(row->version), "0x%04x", row->version),
		.cipher = number_text(make, row->cipher == 0 && !row->chosen ? "" :
		    tls_cipher_name(row->cipher), "0x%04x", row->cipher),
		.weak = row->chosen ? tls_cipher_weak(row->cipher) : 0, .version_number = row->version,
		.visible = row->visible, .resumed = row->resumed, .ech = row->ech, .keys_unused = row->keys_unused, .keys = row->keys,
		.established = row->settled && row->chosen && row->refused == REFUSED_NO,
		.leaf = AUDIT_NO_DEVICE, .chain = row->chain, .refused = row->refused,
		.alert = row->alert };
}

static void tls_make(struct make *make)
{
	const struct rows *rows = &make->g->tls;
	struct audit *audit = make->audit;

	audit->tls = make_take(make, rows->n, sizeof *audit->tls);
	for (uint32_t i = 0; !make->full && i < rows->n; i++) {
		const struct tls_row *row = rows_row(rows, i);

		if (row->client < make->g->hosts.n && row->server < make->g->hosts.n &&
		    !is_of_others(make, row->client, row->server))
			audit->tls[audit->tls_n++] = tls_of(make, row);
	}
	if (!make->full)
		qsort(audit->tls, audit->tls_n, sizeof *audit->tls, tls_order);
}

static int personal_order(const void *a, const void *b)
{
	const struct audit_personal *one = a, *two = b;
	int order = order_of(one->frame, two->frame, one->device, two->device);

	order = order != 0 ? order : strcmp(one->category, two->category);
	order = order != 0 ? order : strcmp(one->masked, two->masked);
	return order != 0 ? order : strcmp(one->where, two->where);
}

/* Words without a name that come back day after day: marks of the device. */
static void marks_make(struct make *make, const struct repeated *marks, size_t n)
{
	struct audit *audit = make->audit;

	for (size_t i = 0; !make->full && i < n; i++) {
		const struct host_row *client = rows_find(&make->g->hosts, &marks[i].device);
		const struct host_row *server = rows_find(&make->g->hosts, &marks[i].server);
		char *masked = arena_text(make->arena, span_text(marks[i].masked));
		char *where = arena_text(make->arena, span_text(marks[i].key));
		char *host = arena_text(make->arena, span_text(marks[i].host));

		make->full |= masked == NULL || where == NULL || host == NULL;
		if (make->full || client == NULL || server == NULL)
			continue;
		uint32_t from = rows_index(&make->g->hosts, client);
		uint32_t to = rows_index(&make->g->hosts, server);

		if (is_of_others(make, from, to))
			continue;

		audit->personal[audit->personal_n++] = (struct audit_personal){
			.category = "device_id", .grade = "possible", .masked = masked,
			.where = where, .host = host, .address = make_host_text(make, to),
			.client = make_host_text(make, from), .device = make_device(make, from, to),
			.inward = make_inward(make, from, to), .frame = marks[i].frame,
			.count = marks[i].count, .first_ns = marks[i].first_ns,
			.last_ns = marks[i].last_ns };
	}
}

/* Of numbers that are not called a card one in ten passes by chance: where at least three
 * of that form fail, and as many as pass, the ones that pass are no cards. */
struct card_count {
	uint32_t client, server, host, grade; /* key */
	uint64_t right, wrong;
};
enum { WRONG_LEAST = 3 };

static struct card_count *card_count(struct rows *counts, const struct personal_row *row)
{
	struct card_count key = { .client = row->client, .server = row->server, .host = row->host,
		.grade = row->grade };

	return rows_put(counts, &key, NULL);
}

static void cards_count(struct make *make, struct rows *counts)
{
	const struct rows *rows = &make->g->personal;

	rows_init(counts, sizeof(struct card_count), offsetof(struct card_count, right), rows->n + 1,
	    make->g->seed);
	for (uint32_t i = 0; i < rows->n; i++) {
		const struct personal_row *row = rows_row(rows, i);
		const char *category = make_text(make, row->category);
		bool wrong = strcmp(category, CARD_DOUBT) == 0;
		struct card_count *count = wrong || strcmp(category, "card") == 0 ?
		    card_count(counts, row) : NULL;

		if (count != NULL && wrong)
			count->wrong += row->count;
		else if (count != NULL)
			count->right += row->count;
	}
}

static bool card_chance(struct make *make, struct rows *counts, const struct personal_row *row)
{
	const char *category = make_text(make, row->category);
	const struct card_count *count;

	if (strcmp(category, CARD_DOUBT) == 0)
		return true;
	if (strcmp(category, "card") != 0 || row->grade == PERSONAL_CERTAIN)
		return false;
	count = card_count(counts, row);
	return count != NULL && count->wrong >= WRONG_LEAST && count->wrong >= count->right;
}

static void personal_make(struct make *make)
{
	static const char *const grades[] = { "possible", "likely", "certain" };
	const struct rows *rows = &make->g->personal;
	struct audit *audit = make->audit;
	size_t marks_n = 0;
	uint64_t lost = 0;
	struct rows cards;
	const struct repeated *marks = repeats_end(make->g->repeats, &marks_n, &lost);

	audit->lost.personal += lost;
	audit->personal = make_take(make, rows->n + marks_n, sizeof *audit->personal);
	cards_count(make, &cards);
	for (uint32_t i = 0; !make->full && i < rows->n; i++) {
		const struct personal_row *row = rows_row(rows, i);

		if (row->client >= make->g->hosts.n || row->server >= make->g->hosts.n ||
		    card_chance(make, &cards, row) || is_of_others(make, row->client, row->server))
			continue;
		audit->personal[audit->personal_n++] = (struct audit_personal){
			.category = make_text(make, row->category), .grade = grades[row->grade % 3],
			.masked = make_text(make, row->masked), .where = make_text(make, row->where),
			.host = make_text(make, row->host),
			.address = make_host_text(make, row->server),
			.client = make_host_text(make, row->client),
			.device = make_device(make, row->client, row->server),
			.inward = make_inward(make, row->client, row->server), .frame = row->frame,
			.count = row->count, .first_ns = row->first_ns, .last_ns = row->last_ns,
			.decrypted = row->decrypted, .answered = row->answered };
	}
	rows_end(&cards);
	marks_make(make, marks, marks_n);
	if (!make->full)
		qsort(audit->personal, audit->personal_n, sizeof *audit->personal, personal_order);
}

static int banner_order(const void *a, const void *b)
{
	const struct audit_banner *one = a, *two = b;
	int order = order_of(one->frame, two->frame, one->port, two->port);

	return order != 0 ? order : strcmp(one->text, two->text);
}

static void banners_make(struct make *make)
{
	const struct rows *rows = &make->g->banners;
	struct audit *audit = make->audit;

	audit->banners = make_take(make, rows->n, sizeof *audit->banners);
	for (uint32_t i = 0; !make->full && i < rows->n; i++) {
		const struct banner_row *row = rows_row(rows, i);

		if (row->server >= make->g->hosts.n || is_of_others(make, row->client, row->server))
			continue;
		audit->banners[audit->banners_n++] = (struct audit_banner){
			.device = make_device(make, row->client, row->server),
			.service = make_text(make, row->service), .text = make_text(make, row->text),
			.address = make_host_text(make, row->server), .port = row->port,
			.frame = row->frame };
	}
	if (!make->full)
		qsort(audit->banners, audit->banners_n, sizeof *audit->banners, banner_order);
}

static int odd_order(const void *a, const void *b)
{
	const struct audit_odd *one = a, *two = b;
	int order = order_of(one->first_frame, two->first_frame, one->device, two->device);

	order = order != 0 ? order : strcmp(one->what, two->what);
	return order != 0 ? order : strcmp(one->where, two->where);
}

static void odd_make(struct make *make)
{
	static const char *const words[] = { [ODD_GAP] = "gap", [ODD_OVERLAP] = "overlap",
		[ODD_FRAGMENT_OVERLAP] = "fragment_overlap", [ODD_FRAGMENT_LOST] = "fragment_lost",
		[ODD_MALFORMED] = "malformed", [ODD_FULL] = "full",
		[ODD_ADDRESS_TWICE] = "address_twice",
		[ODD_CLEAR_ON_SECRET_PORT] = "clear_on_secret_port" };
	const struct rows *rows = &make->g->odd;
	struct audit *audit = make->audit;

	audit->odd = make_take(make, rows->n, sizeof *audit->odd);
	for (uint32_t i = 0; !make->full && i < rows->n; i++) {
		const struct odd_row *row = rows_row(rows, i);

		if (row->kind >= sizeof words / sizeof *words || is_of_others(make, row->client, row->server))
			continue;
		audit->odd[audit->odd_n++] = (struct audit_odd){ .what = words[row->kind],
			.where = make_text(make, row->where), .count = row->count,
			.device = make_device(make, row->client, row->server),
			.inward = make_inward(make, row->client, row->server),
			.client = make_host_text(make, row->client),
			.server = make_host_text(make, row->server), .first_frame = row->first_frame,
			.first_ns = row->first_ns };
	}
	if (!make->full)
		qsort(audit->odd, audit->odd_n, sizeof *audit->odd, odd_order);
}

void make_said(struct make *make)
{
	dns_make(make);
	http_make(make);
	tls_make(make);
	personal_make(make);
	banners_make(make);
	odd_make(make);
}
