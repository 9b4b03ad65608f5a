/* src/wire/make.c - the audit, put together in order. */
#include "wire/make_in.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *make_take(struct make *make, size_t count, size_t size)
{
	void *at = arena_array(make->arena, count == 0 ? 1 : count, size);

	if (at == NULL)
		make->full = true;
	return at;
}

const char *make_text(struct make *make, uint32_t name)
{
	return name_at(&make->g->names, name);
}

const char *make_host_text(struct make *make, uint32_t host)
{
	char text[ADDRESS_TEXT];
	const struct host_row *row;

	if (host >= make->g->hosts.n)
		return "";
	if (make->text_of[host] != NULL)
		return make->text_of[host];
	row = make_host(make, host);
	if (row->address.family == ADDRESS_MAC)
		(void)snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x",
		    row->address.byte[0], row->address.byte[1], row->address.byte[2],
		    row->address.byte[3], row->address.byte[4], row->address.byte[5]);
	else
		(void)address_show(&row->address, text);
	const char *kept = arena_text(make->arena, span_text(text));

	if (kept == NULL) {
		make->full = true;
		return "";
	}
	make->text_of[host] = kept;
	return kept;
}

uint32_t make_device(const struct make *make, uint32_t client, uint32_t server)
{
	uint32_t device = client < make->g->hosts.n ? make->device_of[client] : AUDIT_NO_DEVICE;

	if (device == AUDIT_NO_DEVICE && server < make->g->hosts.n)
		device = make->device_of[server];
	return device;
}

bool make_inward(const struct make *make, uint32_t client, uint32_t server)
{
	return (client >= make->g->hosts.n || make->device_of[client] == AUDIT_NO_DEVICE) &&
	    server < make->g->hosts.n && make->device_of[server] != AUDIT_NO_DEVICE;
}

bool audit_is_echo(const struct audit_destination *d)
{
	return d->inward && d->bytes_out == 0 && strncmp(d->transport, "icmp", 4) == 0;
}

const char *audit_refused_word(unsigned refused)
{
	static const char *const words[] = { "no", "likely", "yes" };

	return refused < sizeof words / sizeof *words ? words[refused] : "no";
}

const char *audit_transport_word(uint8_t protocol)
{
	static const struct {
		uint8_t protocol;
		const char *word;
	} rows[] = { { 0, "link" }, { IP_ICMP, "icmp" }, { IP_IGMP, "igmp" }, { IP_TCP, "tcp" },
		{ IP_UDP, "udp" }, { IP_IN_4, "ip-in-ip" }, { IP_IN_6, "ip-in-ip" }, { IP_GRE, "gre" },
		{ IP_ESP, "esp" }, { IP_AH, "ah" }, { IP_ICMP6, "icmp6" }, { IP_SCTP, "sctp" },
		{ IP_UDP_LITE, "udplite" }, { 89, "ospf" }, { 103, "pim" }, { 112, "vrrp" } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].protocol == protocol)
			return rows[i].word;
	return "ip";
}

const char *audit_dns_type_word(uint16_t type, char room[16])
{
	static const struct {
		uint16_t type;
		const char *word;
	} rows[] = { { 1, "A" }, { 2, "NS" }, { 5, "CNAME" }, { 6, "SOA" }, { 10, "NULL" },
		{ 12, "PTR" }, { 13, "HINFO" }, { 15, "MX" }, { 16, "TXT" }, { 25, "KEY" },
		{ 28, "AAAA" }, { 29, "LOC" }, { 32, "NB" }, { 33, "SRV" }, { 35, "NAPTR" },
		{ 39, "DNAME" }, { 41, "OPT" }, { 43, "DS" }, { 46, "RRSIG" }, { 47, "NSEC" },
		{ 48, "DNSKEY" }, { 50, "NSEC3" }, { 52, "TLSA" }, { 64, "SVCB" }, { 65, "HTTPS" },
		{ 99, "SPF" }, { 249, "TKEY" }, { 250, "TSIG" }, { 251, "IXFR" }, { 252, "AXFR" },
		{ 255, "ANY" }, { 257, "CAA" } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].type == type)
			return rows[i].word;
	(void)snprintf(room, 16, "TYPE%u", type);
	return room;
}

/* -- the capture itself ------------------------------------------------------------ */

struct spoke {
	int64_t from_ns, to_ns;
};

static int by_time(const void *a, const void *b)
{
	const struct spoke *one = a, *two = b;

	return (one->from_ns > two->from_ns) - (one->from_ns < two->from_ns);
}

static int by_number(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

	return (one > two) - (one < two);
}

enum { GAPS_MOST = 256, GAP_TIMES = 12 };
static const int64_t GAP_LEAST = 24 * 3600LL * 1000000000;

/* Nobody spoke for a day, and for far longer than pauses of this capture are: whether
 * nobody listened or all were off can not be told.  Shorter ones are a device asleep. */
static void gaps_make(struct make *make)
{
	const struct rows *entries = &make->g->entries;
	struct audit_capture *capture = &make->audit->capture;
	uint32_t n = entries->n;
	struct spoke *spoke = make_take(make, n, sizeof *spoke);
	int64_t *pauses = make_take(make, n, sizeof *pauses);
	struct audit_gap *gaps = make_take(make, GAPS_MOST, sizeof *gaps);
	size_t pauses_n = 0;

	if (make->full)
		return;
	capture->gaps = gaps;
	for (size_t i = 0; i < make->plan->gaps_n && i < GAPS_MOST; i++)
		gaps[capture->gaps_n++] = make->plan->gaps[i];
	if (n == 0)
		return;
	for (uint32_t i = 0; i < n; i++) {
		const struct entry_row *entry = rows_row(entries, i);

		spoke[i] = (struct spoke){ entry->first_ns, entry->first_ns + entry->lasted_ms * 1000000LL };
	}
	qsort(spoke, n, sizeof *spoke, by_time);
	for (uint32_t i = 1; i < n; i++)
		pauses[pauses_n++] = spoke[i].from_ns - spoke[i - 1].from_ns;
	qsort(pauses, pauses_n, sizeof *pauses, by_number);
	int64_t usual = pauses_n > 0 ? pauses[pauses_n * 9 / 10] : 0;
	int64_t least = usual > INT64_MAX / GAP_TIMES ? INT64_MAX : usual * GAP_TIMES;
	int64_t heard = spoke[0].from_ns;

	least = least < GAP_LEAST ? GAP_LEAST : least;
	for (uint32_t i = 0; i < n; i++) {
		if (spoke[i].from_ns - heard >= least && capture->gaps_n < GAPS_MOST)
			gaps[capture->gaps_n++] = (struct audit_gap){ heard, spoke[i].from_ns };
		heard = spoke[i].to_ns > heard ? spoke[i].to_ns : heard;
	}
}

static void capture_make(struct make *make)
{
	const struct make_plan *plan = make->plan;
	struct audit *audit = make->audit;
	struct audit_capture *to = &audit->capture;
	struct audit_file *files = make_take(make, plan->files_n, sizeof *files);
	uint16_t *links = make_take(make, plan->link_types_n, sizeof *links);

	if (make->full)
		return;
	*to = (struct audit_capture){ .files = files, .files_n = plan->files_n,
		.frames = plan->counts.frames, .frame_bytes = plan->counts.frame_bytes,
		.captured_bytes = plan->counts.captured_bytes,
		.outer_ip_bytes = plan->counts.outer_ip_bytes,
		.first_ns = plan->counts.first_ns, .last_ns = plan->counts.last_ns,
		.link_types = links, .link_types_n = plan->link_types_n, .cut = plan->counts.cut,
		.cut_to = plan->counts.cut_to,
		.malformed = plan->counts.malformed, .unknown_link = plan->counts.unknown_link,
		.fragments_lost = plan->counts.fragments_lost,
		.missing_bytes = plan->counts.gap_bytes };
	if (plan->files_n > 0)
		memcpy(files, plan->files, plan->files_n * sizeof *files);
	if (plan->link_types_n > 0)
		memcpy(links, plan->link_types, plan->link_types_n * sizeof *links);
	audit->flows = (struct audit_flows){ plan->counts.tcp, plan->counts.udp,
		plan->counts.other, plan->counts.evicted };
	audit->hosts = plan->counts.hosts;
	gaps_make(make);
}

static void time_make(struct make *make)
{
	const struct timeline *time = &make->g->time;
	struct audit_time *to = &make->audit->time;
	struct audit_column *columns = make_take(make, time->n, sizeof *columns);

	if (columns == NULL)
		return;
	for (uint32_t i = 0; i < time->n; i++)
		columns[i] = (struct audit_column){ time->out[i], time->in[i] };
	*to = (struct audit_time){ .from_ns = time->first * time->width_ns,
		.width_ns = time->width_ns, .columns = columns, .columns_n = time->n };
}

static void counts_make(struct make *make)
{
	const struct gather *g = make->g;
	struct audit *audit = make->audit;

	audit->http_requests = g->http_requests;
	audit->tls_sessions = g->tls_sessions;
	audit->dns_questions = g->dns_questions;
	audit->lost = (struct audit_lost){ .hosts = g->hosts.lost, .destinations = g->relations.lost,
		.dns = g->dns.lost, .http = g->http.lost, .tls = g->tls.lost,
		.personal = g->personal.lost, .contacts = g->entries.lost,
		.names = g->names.index.lost };
	audit->trust = make->plan->trust_name != NULL ? make->plan->trust_name : "";
	audit->geo_by = make->plan->place != NULL ? make->plan->place->attribution : "";
}

int audit_make(const struct make_plan *plan, const struct gather *gather, struct arena *arena,
    struct audit **ret_audit, struct why *why)
{
	static void (*const parts[])(struct make *) = { capture_make, time_make, counts_make,
		make_devices, make_destinations, make_countries, make_said, make_asked, make_certificates,
		make_listed, make_masked, make_when, make_unseen, make_findings,
		make_accepted };
	struct make make = { .plan = plan, .g = gather, .arena = arena };

	make.audit = make_take(&make, 1, sizeof *make.audit);
	make.device_of = make_take(&make, gather->hosts.n, sizeof *make.device_of);
	make.text_of = make_take(&make, gather->hosts.n, sizeof *make.text_of);
	make.name_of = make_take(&make, gather->hosts.n, sizeof *make.name_of);
	make.destination_of = make_take(&make, gather->relations.n * 2,
	    sizeof *make.destination_of);
	for (size_t i = 0; i < sizeof parts / sizeof *parts && !make.full; i++)
		parts[i](&make);
	if (make.full)
		return fail(why, KS_FULL, "the audit does not fit in memory");
	*ret_audit = make.audit;
	return KS_OK;
}
