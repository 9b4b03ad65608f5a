/* src/cli/flow_rows_say.c - one flow, one DNS exchange: as a row of Zeek's and as an
 * event of Suricata's. */
#include "base/hash.h"
#include "cli/flow_rows_in.h"
#include "wire/make.h"
#include <string.h>

static const struct column conn_columns[] = { { "ts", IS_TIME }, { "uid", IS_TEXT }, ENDPOINTS,
	{ "proto", IS_TEXT }, { "service", IS_TEXT }, { "duration", IS_INTERVAL },
	{ "orig_bytes", IS_COUNT }, { "resp_bytes", IS_COUNT }, { "conn_state", IS_TEXT },
	{ "local_orig", IS_BOOL }, { "local_resp", IS_BOOL }, { "missed_bytes", IS_COUNT },
	{ "history", IS_TEXT }, { "orig_pkts", IS_COUNT }, { "orig_frame_bytes", IS_COUNT },
	{ "resp_pkts", IS_COUNT }, { "resp_frame_bytes", IS_COUNT }, { "resp_name", IS_TEXT } };
const struct sheet_kind sheet_conn = { "conn", conn_columns,
	sizeof conn_columns / sizeof *conn_columns };

static const struct column dns_columns[] = { { "ts", IS_TIME }, { "uid", IS_TEXT }, ENDPOINTS,
	{ "proto", IS_TEXT }, { "trans_id", IS_COUNT }, { "rtt", IS_INTERVAL }, { "query", IS_TEXT },
	{ "qclass", IS_COUNT }, { "qtype", IS_COUNT }, { "qtype_name", IS_TEXT },
	{ "rcode", IS_COUNT }, { "rcode_name", IS_TEXT }, { "AA", IS_BOOL }, { "TC", IS_BOOL },
	{ "RD", IS_BOOL }, { "answers", IS_TEXTS }, { "rejected", IS_BOOL } };
const struct sheet_kind sheet_dns = { "dns", dns_columns, sizeof dns_columns / sizeof *dns_columns };

/* -- flows ------------------------------------------------------------------------------ */

/* As Zeek's Conn::Info calls the states. */
static const char *tcp_state(const struct said_flow *flow)
{
	unsigned orig = flow->seen[SIDE_CLIENT], resp = flow->seen[SIDE_SERVER];
	const char *reset = strpbrk(flow->history, "Rr");

	if ((orig & SEEN_SYN) == 0 && (resp & SEEN_SYN_ACK) == 0)
		return "OTH"; /* from the middle on */
	if ((orig & SEEN_SYN) == 0)
		return resp & SEEN_FIN ? "SHR" : resp & SEEN_RESET ? "RSTRH" : "OTH";
	if ((resp & SEEN_SYN_ACK) == 0) {
		if (resp & SEEN_RESET)
			return "REJ";
		return orig & SEEN_RESET ? "RSTOS0" : orig & SEEN_FIN ? "SH" : "S0";
	}
	if (reset != NULL)
		return *reset == 'R' ? "RSTO" : "RSTR";
	if (orig & resp & SEEN_FIN)
		return "SF";
	return orig & SEEN_FIN ? "S2" : resp & SEEN_FIN ? "S3" : "S1";
}

static const char *state_of(const struct flow_view *view, const struct said_flow *flow)
{
	if (view->protocol == IP_TCP)
		return tcp_state(flow);
	if (view->protocol != IP_UDP)
		return "OTH";
	if (flow->frames[SIDE_CLIENT] == 0)
		return "SHR";
	return flow->frames[SIDE_SERVER] > 0 ? "SF" : "S0";
}

void sheet_ends(struct sheet *sheet, const struct flow_view *view)
{
	char text[ADDRESS_TEXT];

	sheet_text(sheet, address_show(&view->client, text));
	sheet_count(sheet, view->client_port);
	sheet_text(sheet, address_show(&view->server, text));
	sheet_count(sheet, view->server_port);
}

static bool is_local(const struct address *at)
{
	return address_is_private(at);
}

void conn_row(struct sheet *sheet, const struct flow_view *view, const struct said_flow *flow)
{
	sheet_row(sheet);
	sheet_time(sheet, flow->first_ns);
	sheet_uid(sheet, view->id);
	sheet_ends(sheet, view);
	sheet_text(sheet, audit_transport_word(view->protocol));
	sheet_text(sheet, strcmp(view->tongue, "tls") == 0 ? "ssl" : view->tongue);
	if (flow->last_ns > flow->first_ns)
		sheet_time(sheet, flow->last_ns - flow->first_ns);
	else
		sheet_none(sheet);
	sheet_count(sheet, flow->payload[SIDE_CLIENT]);
	sheet_count(sheet, flow->payload[SIDE_SERVER]);
	sheet_text(sheet, state_of(view, flow));
	sheet_bool(sheet, is_local(&view->client));
	sheet_bool(sheet, is_local(&view->server));
	sheet_count(sheet, flow->missing[SIDE_CLIENT] + flow->missing[SIDE_SERVER]);
	sheet_text(sheet, flow->history);
	sheet_count(sheet, flow->frames[SIDE_CLIENT]);
	sheet_count(sheet, flow->bytes[SIDE_CLIENT]);
	sheet_count(sheet, flow->frames[SIDE_SERVER]);
	sheet_count(sheet, flow->bytes[SIDE_SERVER]);
	sheet_span(sheet, view->name);
	sheet_row_end(sheet);
}

/* -- DNS -------------------------------------------------------------------------------- */

static const char *rcode_word(unsigned rcode)
{
	static const char *const words[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",
		"REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE" };

	return rcode < sizeof words / sizeof *words ? words[rcode] : "unknown";
}

static struct asked asked_of(const struct said_head *head, const struct said_dns *dns)
{
	const struct flow_view *view = head->flow;
	struct asked asked = { .flow = view->id, .time_ns = head->time_ns, .client = view->client,
		.server = view->server, .client_port = view->client_port, .port = view->server_port,
		.id = dns->id, .type = dns->type, .class = dns->class, .protocol = view->protocol,
		.recursive = dns->recursive };

	asked.name_n = (uint16_t)(dns->name.left < sizeof asked.name ? dns->name.left
								     : sizeof asked.name);
	if (asked.name_n > 0)
		memcpy(asked.name, dns->name.at, asked.name_n);
	return asked;
}

static size_t answers_of(const struct said_dns *dns, char room[][ADDRESS_TEXT], struct span *texts)
{
	size_t n = 0;

	for (uint32_t i = 0; i < dns->answer_count && i < SAID_DNS_ANSWERS; i++) {
		const struct dns_answer *a = &dns->answers[i];

		if (a->section != 1)
			continue;
		texts[n] = a->address.family != ADDRESS_NONE
		    ? span_text(address_show(&a->address, room[n])) : a->text;
		n++;
	}
	return n;
}

/* dns: the answer; NULL: none came. */
static void exchange_row(struct sheet *sheet, const struct asked *q, const struct said_dns *dns,
    int64_t answered_ns)
{
	char rooms[SAID_DNS_ANSWERS][ADDRESS_TEXT], text[ADDRESS_TEXT], type[16];
	struct span texts[SAID_DNS_ANSWERS];

	sheet_row(sheet);
	sheet_time(sheet, q->time_ns);
	sheet_uid(sheet, q->flow);
	sheet_text(sheet, address_show(&q->client, text));
	sheet_count(sheet, q->client_port);
	sheet_text(sheet, address_show(&q->server, text));
	sheet_count(sheet, q->port);
	sheet_text(sheet, audit_transport_word(q->protocol));
	sheet_count(sheet, q->id);
	if (dns != NULL && answered_ns > q->time_ns)
		sheet_time(sheet, answered_ns - q->time_ns);
	else
		sheet_none(sheet);
	sheet_span(sheet, span_of(q->name, q->name_n));
	sheet_count(sheet, q->class);
	sheet_count(sheet, q->type);
	sheet_text(sheet, audit_dns_type_word(q->type, type));
	if (dns == NULL) {
		sheet_none(sheet);
		sheet_none(sheet);
	} else {
		sheet_count(sheet, dns->rcode);
		sheet_text(sheet, rcode_word(dns->rcode));
	}
	sheet_bool(sheet, dns != NULL && dns->authoritative);
	sheet_bool(sheet, dns != NULL && dns->truncated);
	sheet_bool(sheet, q->recursive);
	sheet_texts(sheet, texts, dns != NULL ? answers_of(dns, rooms, texts) : 0);
	sheet_bool(sheet, dns != NULL && dns->rcode == 5);
	sheet_row_end(sheet);
}

static struct asked *slot_of(struct flows_part *part, const struct asked *q)
{
	const uint64_t key[] = { q->flow, q->id };

	return &part->asked[hash_of(span_of(key, sizeof key), 0) % ASKED];
}

/* A question waits for its answer in a place of its own; who takes that place ends it. */
void dns_row(struct flows_part *part, const struct said_head *head, const struct said_dns *dns)
{
	struct asked now = asked_of(head, dns), *at = slot_of(part, &now);
	bool same = at->flow == now.flow && at->id == now.id;

	if (dns->response) {
		exchange_row(&part->dns, same ? at : &now, dns, head->time_ns);
		at->flow = same ? 0 : at->flow;
		return;
	}
	if (at->flow != 0)
		exchange_row(&part->dns, at, NULL, 0);
	*at = now;
}

void dns_rest(struct flows_part *part, int64_t before_ns)
{
	for (size_t i = 0; i < ASKED; i++) {
		struct asked *at = &part->asked[i];

		if (at->flow == 0 || at->time_ns >= before_ns)
			continue;
		exchange_row(&part->dns, at, NULL, 0);
		at->flow = 0;
	}
}

/* -- EVE -------------------------------------------------------------------------------- */

static const char *proto_word(uint8_t protocol)
{
	switch (protocol) {
	case IP_TCP:
		return "TCP";
	case IP_UDP:
		return "UDP";
	case IP_ICMP:
		return "ICMP";
	case IP_ICMP6:
		return "IPv6-ICMP";
	case IP_SCTP:
		return "SCTP";
	default:
		return audit_transport_word(protocol);
	}
}

void event_open(struct json *j, const char *type, int64_t time_ns,
    const struct flow_view *view)
{
	char text[ADDRESS_TEXT];

	j->comma = false;
	json_open(j, NULL, '{');
	json_instant(j, "timestamp", time_ns);
	json_count(j, "flow_id", view->id);
	json_text(j, "event_type", type);
	json_text(j, "src_ip", address_show(&view->client, text));
	if (view->protocol == IP_TCP || view->protocol == IP_UDP)
		json_count(j, "src_port", view->client_port);
	json_text(j, "dest_ip", address_show(&view->server, text));
	if (view->protocol == IP_TCP || view->protocol == IP_UDP)
		json_count(j, "dest_port", view->server_port);
	json_text(j, "proto", proto_word(view->protocol));
}

void event_close(struct json *j)
{
	json_close(j, '}');
	text_add_char(&j->text, '\n');
	j->comma = false;
}

static void tcp_add(struct json *j, const struct said_flow *flow)
{
	unsigned seen = flow->seen[0] | flow->seen[1];

	json_open(j, "tcp", '{');
	json_flag(j, "syn", seen & (SEEN_SYN | SEEN_SYN_ACK));
	json_flag(j, "fin", seen & SEEN_FIN);
	json_flag(j, "rst", seen & SEEN_RESET);
	json_flag(j, "ack", seen & (SEEN_ACK | SEEN_SYN_ACK));
	json_text(j, "state", seen & (SEEN_FIN | SEEN_RESET) ? "closed"
	    : flow->seen[1] & SEEN_SYN_ACK		     ? "established"
							     : "syn_sent");
	json_close(j, '}');
}

void flow_event(struct json *j, const struct flow_view *view, const struct said_flow *flow)
{
	static const char *const reasons[] = { "unknown", "closed", "timeout", "shutdown", "forced" };
	bool both = flow->frames[0] > 0 && flow->frames[1] > 0;

	event_open(j, "flow", flow->last_ns, view);
	json_text(j, "app_proto", view->tongue[0] != '\0' ? view->tongue : "failed");
	json_open(j, "flow", '{');
	json_count(j, "pkts_toserver", flow->frames[SIDE_CLIENT]);
	json_count(j, "pkts_toclient", flow->frames[SIDE_SERVER]);
	json_count(j, "bytes_toserver", flow->bytes[SIDE_CLIENT]);
	json_count(j, "bytes_toclient", flow->bytes[SIDE_SERVER]);
	json_instant(j, "start", flow->first_ns);
	json_instant(j, "end", flow->last_ns);
	json_count(j, "age", (uint64_t)((flow->last_ns - flow->first_ns) / 1000000000));
	json_text(j, "state", flow->ended == ENDED_CLOSED ? "closed" : both ? "established" : "new");
	json_text(j, "reason", reasons[flow->ended % (sizeof reasons / sizeof *reasons)]);
	json_flag(j, "alerted", false);
	json_close(j, '}');
	if (view->protocol == IP_TCP)
		tcp_add(j, flow);
	if (view->name.left > 0)
		json_span(j, "dest_name", view->name);
	event_close(j);
}

static void answers_add(struct json *j, const struct said_dns *dns)
{
	char text[ADDRESS_TEXT], type[16];

	json_open(j, "answers", '[');
	for (uint32_t i = 0; i < dns->answer_count; i++) {
		const struct dns_answer *a = &dns->answers[i];

		if (a->section != 1)
			continue;
		json_open(j, NULL, '{');
		json_text(j, "rrtype", audit_dns_type_word(a->type, type));
		json_span(j, "rrname", a->name);
		json_span(j, "rdata", a->address.family != ADDRESS_NONE
		    ? span_text(address_show(&a->address, text)) : a->text);
		json_count(j, "ttl", a->ttl);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void dns_event(struct json *j, const struct said_head *head, const struct said_dns *dns)
{
	char type[16];

	event_open(j, dns->kind == DNS_PLAIN ? "dns" : "mdns", head->time_ns, head->flow);
	json_open(j, "dns", '{');
	json_text(j, "type", dns->response ? "answer" : "query");
	json_count(j, "id", dns->id);
	json_span(j, "rrname", dns->name);
	json_text(j, "rrtype", audit_dns_type_word(dns->type, type));
	if (dns->response) {
		json_text(j, "rcode", rcode_word(dns->rcode));
		answers_add(j, dns);
	}
	json_close(j, '}');
	event_close(j);
}
