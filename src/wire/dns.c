/* The tongue of names: a message is a datagram, or has its length before it over TCP. */
#include "base/limits.h"
#include "wire/tongues.h"
#include "wire/worker.h"

enum { PORT_DNS = 53, PORT_NBNS = 137, PORT_MDNS = 5353, PORT_LLMNR = 5355 };

struct dns_state {
	struct hold part[2]; /* of a message over TCP */
};

static bool port_is(const struct flow_view *flow, uint16_t port)
{
	return flow->server_port == port || flow->client_port == port;
}

static enum dns_kind kind_of(const struct flow_view *flow)
{
	if (port_is(flow, PORT_MDNS))
		return DNS_MDNS;
	if (port_is(flow, PORT_LLMNR))
		return DNS_LLMNR;
	return port_is(flow, PORT_NBNS) ? DNS_NBNS : DNS_PLAIN;
}

static enum guess dns_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span message = first[SIDE_CLIENT].left > 0 ? first[SIDE_CLIENT]
							  : first[SIDE_SERVER];

	if (port_is(flow, PORT_DNS) || port_is(flow, PORT_MDNS) ||
	    port_is(flow, PORT_LLMNR) || port_is(flow, PORT_NBNS)) {
		struct span head = message;

		(void)span_cut(&head, 2);
		uint64_t flags = span_be(&head, 2), counts = 0;

		for (int i = 0; i < 4; i++)
			counts |= span_be(&head, 2);
		return !head.broken && (flags >> 11 & 15) < 9 && counts < 1024 ? GUESS_YES : GUESS_NO;
	}
	return dns_looks_like(message) ? GUESS_YES : GUESS_NO;
}

/* Who answers to a name in the local network says so itself. */
static void names_tell(struct talk *talk, enum said_side side, const struct said_dns *dns)
{
	static const uint8_t hows[] = { [DNS_MDNS] = NAME_MDNS, [DNS_LLMNR] = NAME_LLMNR,
		[DNS_NBNS] = NAME_NBNS };

	if (dns->kind == DNS_PLAIN || (!dns->response && dns->kind != DNS_NBNS))
		return;
	for (uint32_t i = 0; i < dns->answer_count; i++) {
		const struct dns_answer *answer = &dns->answers[i];
		struct said_name name = { .how = hows[dns->kind], .address = answer->address,
			.name = answer->name };

		/* NetBIOS: an answer, or its own registration (operations 5 to 9) */
		if (answer->address.family == ADDRESS_NONE ||
		    address_is_group(&answer->address) ||
		    (dns->kind == DNS_NBNS && !dns->response && dns->opcode < 5))
			continue;
		say_name(talk, side, &name);
	}
}

static void message_take(struct talk *talk, enum said_side side, struct span message)
{
	struct said_dns dns;

	if (dns_read(message, kind_of(talk->flow), talk->worker->dns, &dns) != KS_OK) {
		say_odd(talk, side, ODD_MALFORMED, 1);
		return;
	}
	say_dns(talk, side, &dns);
	names_tell(talk, side, &dns);
}

static void dns_take(struct talk *talk, enum said_side side, struct span bytes)
{
	message_take(talk, side, bytes);
}

const struct tongue tongue_dns = {
	.name = "dns", .over = OVER_UDP, .guess = dns_guess, .take = dns_take,
};

/* -- over TCP ------------------------------------------------------------------------------ */

static enum guess dns_tcp_guess(const struct flow_view *flow, const struct span first[2])
{
	enum said_side side = first[SIDE_CLIENT].left > 0 ? SIDE_CLIENT : SIDE_SERVER;
	struct span message = first[side];
	size_t length = (size_t)span_be(&message, 2);

	(void)flow;
	if (message.broken)
		return first[side].left > 0 ? GUESS_MAYBE : GUESS_NO;
	if (length < 17 || message.left > length)
		return length >= 17 && dns_looks_like(span_of(message.at, length)) ? GUESS_YES
										  : GUESS_NO;
	if (message.left < length && message.left < 12)
		return flow->server_port == PORT_DNS ? GUESS_MAYBE : GUESS_NO;
	return dns_looks_like(message) ? GUESS_YES : GUESS_NO;
}

static void dns_tcp_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct dns_state *state = talk->state;
	struct hold *part = &state->part[side];

	if (talk_hold(talk, part, bytes, LIMIT_DNS_TCP) != KS_OK) {
		talk_hold_free(talk, part);
		talk_rest(talk, side);
		say_odd(talk, side, ODD_FULL, bytes.left);
		return;
	}
	for (;;) {
		struct span rest = hold_span(part);
		size_t length = (size_t)span_be(&rest, 2);

		if (rest.broken || rest.left < length)
			return;
		message_take(talk, side, span_cut(&rest, length));
		talk_hold_eat(part, 2 + length);
	}
}

/* Where the next message begins is not known any more. */
static void dns_tcp_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct dns_state *state = talk->state;

	(void)n;
	talk_hold_free(talk, &state->part[side]);
	talk_rest(talk, side);
}

static void dns_tcp_end(struct talk *talk)
{
	struct dns_state *state = talk->state;

	talk_hold_free(talk, &state->part[SIDE_CLIENT]);
	talk_hold_free(talk, &state->part[SIDE_SERVER]);
}

const struct tongue tongue_dns_tcp = {
	.name = "dns", .over = OVER_TCP, .state_size = sizeof(struct dns_state),
	.guess = dns_tcp_guess, .take = dns_tcp_take, .gap = dns_tcp_gap,
	.end = dns_tcp_end,
};
