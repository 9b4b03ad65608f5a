/* src/wire/gather_in.h - the tables of a gather, for the files that fill, merge and read
 * it.  Numbers of hosts, names, relations, chains are row numbers of the same gather.
 * Keys come first in each row and have no padding; the rest of a row may grow. */
#ifndef KS_WIRE_GATHER_IN_H
#define KS_WIRE_GATHER_IN_H
#include "base/arena.h"
#include "wire/gather.h"
#include "wire/personal.h"
#include "wire/repeats.h"
#include "wire/rows.h"
#include "wire/traceroute.h"

/* Beside IPv4 and IPv6: a host known by its MAC alone. */
enum { ADDRESS_MAC = 48, GATHER_CHAIN = SAID_CERTIFICATES };

struct host_row {
	struct address address; /* key: 17 bytes */
	uint8_t has_mac;
	uint8_t several; /* more than one MAC was seen with it */
	struct mac mac;	 /* of those the smallest: the same in any order of looking */
	/* slices of flows in which its packets came with a TTL as stacks send it, or to groups
	 * of the link; and with a smaller one: a router had passed them on */
	uint32_t near, routed;
};

/* Most events are of a flow that was just heard. */
struct host_met {
	struct address address;
	struct mac mac;
	uint32_t host; /* and one */
};

struct relation_key {
	uint32_t client, server; /* hosts */
	uint32_t name;		 /* SNI or Host; 0 */
	uint16_t port;		 /* of the server; ether type when there is no IP */
	uint8_t protocol, decrypted;
};

struct relation_row {
	struct relation_key key;
	uint64_t bytes[2], frames[2], payload[2]; /* by enum said_side */
	uint64_t unlocked; /* flows: see flow_view */
	uint64_t flows, unanswered, contacts, resets, retransmits, missing;
	int64_t first_ns, last_ns;
	uint64_t first_frame;
	uint64_t tongue_frame; /* of the flow that named the tongue */
	const char *tongue;    /* static */
	bool clear, encrypted; /* flows of both kinds may be there */
	bool quoted;	       /* all of it known from ICMP errors only */
};

/* A slice of a flow's life: what periods, silence and waking hours rest on. */
struct entry_row {
	int64_t first_ns;
	uint64_t frame;
	uint32_t relation, lasted_ms;
	uint32_t bytes[2]; /* saturating */
	uint8_t began;	   /* enum slice_began */
	uint8_t answered, closed;
	uint8_t thinned;       /* of its hour the only one that is left (learned.h) */
};

struct sample_row { /* of a relation: a handshake's microseconds, or bytes a second */
	uint64_t frame;
	uint32_t relation, value;
};

struct dns_row {
	uint32_t name, client; /* key */
	uint16_t type;
	uint16_t kind; /* enum dns_kind; end of key */
	uint64_t count, answered, failed, first_frame;
	int64_t first_ns, last_ns;
};

struct answer_row { /* an address was the answer to the question for a name */
	uint32_t host, name; /* key */
	uint64_t count;
	int64_t first_ns, last_ns;
};

struct naming_row {
	uint32_t host, name, describes; /* key; host may be one of a MAC alone */
	uint32_t how;			/* enum name_how; end of key */
	struct mac mac;
	uint64_t count, first_frame;
	int64_t last_ns;
};

struct http_row {
	uint64_t flow, number; /* key */
	uint64_t decrypted;    /* key */
	int64_t time_ns;
	uint64_t frame, request_bytes, response_bytes;
	uint32_t client, server, method, host, uri, agent, content_type, answer_type;
	uint32_t name; /* host as a name: gather_host_name() */
	uint16_t client_port, port, status;
	uint8_t version, credentials, cut;
	uint8_t searched; /* its address was; 2: something was found there */
};

struct tls_row {
	uint64_t flow, number; /* key; number: of the handshake within the flow */
	int64_t time_ns;
	uint64_t frame;
	uint32_t client, server, sni, alpn, ja3, ja4, chain, client_chain; /* chain: and one */
	uint16_t client_port, port, version, cipher, client_version;
	uint8_t transport; /* enum tls_transport */
	uint8_t refused, alert, visible, resumed, ech, keys, settled, chosen, keys_unused;
};
enum tls_transport { OVER_TLS, OVER_DTLS, OVER_QUIC };

struct certificate_row {
	uint64_t hash, length; /* key: of the DER bytes */
	uint64_t told;	       /* key: not DER but struct told_bytes, from somebody's words */
	size_t offset;	       /* in `der` */
	uint64_t seen, first_frame;
	uint8_t leaf, first_of_chain;
};

/* What stands in `der` for a certificate that was only told of: then subject, a zero and
 * the issuer. */
struct told_bytes {
	int64_t not_before_s, not_after_s;
};

struct chain_row {
	uint32_t certificates[GATHER_CHAIN]; /* key: rows and one; 0 after the last */
};

/* Category of rows that are no finding but numbers with a card's form and a wrong check
 * digit: among many of those, the right ones are chance. */
#define CARD_DOUBT "card?"
struct personal_row {
	uint64_t fingerprint;	     /* key */
	uint32_t category, grade;    /* key: name, enum personal_grade */
	uint32_t masked, where;	     /* key */
	uint32_t host, client;	     /* key: name of the host; host row */
	uint32_t server;	     /* key: host row */
	uint16_t decrypted, answered; /* key: the server said it */
	uint64_t count, frame;
	int64_t first_ns, last_ns;
};

struct banner_row {
	uint32_t server, service, text; /* key */
	uint16_t port, spare;		/* key */
	uint32_t client;
	uint64_t frame;
};

struct odd_row {
	uint32_t kind, where;	 /* key */
	uint32_t client, server; /* key */
	uint64_t count, first_frame;
	int64_t first_ns, last_ns;
};

/* Bytes over time: columns of one width, widened as the capture grows. */
enum { TIME_COLUMNS = 1024 };
struct timeline {
	int64_t width_ns, first; /* first: number of column 0, in widths since 1970 */
	uint32_t n;
	uint64_t out[TIME_COLUMNS], in[TIME_COLUMNS];
};

struct gather {
	uint64_t seed;
	struct names names;
	struct rows hosts, relations, entries, round_trips, rates;
	struct rows dns, answers, namings, http, tls, certificates, chains;
	struct rows personal, banners, odd;
	struct tracks *tracks;
	uint8_t *der; /* certificates' bytes */
	size_t der_used, der_room;
	uint64_t http_requests, tls_sessions, dns_questions, credentials;
	uint64_t unread; /* messages whose content could not be unpacked */
	uint64_t heads_cut;
	struct timeline time;
	struct host_met met[2]; /* by side: the last one looked up */
	struct personal_search search; /* of the conversation heard last */
	uint64_t search_flow;
	uint32_t searched; /* whose address is searched: its row's number + 1 */
	struct repeats *repeats;
};

/* A Host header as a name: in lower case, without port and last dot. */
uint32_t gather_host_name(struct gather *gather, struct span host);
/* The row of a host; UINT32_MAX when there is no more room. */
uint32_t gather_host(struct gather *gather, const struct address *address);
uint32_t gather_host_of(struct gather *gather, const struct flow_view *flow, unsigned side);
void gather_slice(void *context, const struct said_head *said, const struct said_slice *slice);
void gather_dns(void *context, const struct said_head *said, const struct said_dns *dns);
void gather_name(void *context, const struct said_head *said, const struct said_name *name);
void gather_hop(void *context, const struct said_head *said, const struct said_hop *hop);
void gather_searched(struct gather *g, const struct said_head *said, const struct said_body *body);
void gather_http(void *context, const struct said_head *said, const struct said_http *http);
void gather_http_end(void *context, const struct said_head *said, const struct said_http_end *end);
void gather_tls(void *context, const struct said_head *said, const struct said_tls *tls);
void gather_body(void *context, const struct said_head *said, const struct said_body *body);
void gather_unknown(void *context, const struct said_head *said,
    const struct said_unknown *unknown);
void gather_credential(void *context, const struct said_head *said,
    const struct said_credential *credential);
void gather_banner(void *context, const struct said_head *said, const struct said_banner *banner);
void gather_odd(void *context, const struct said_head *said, const struct said_odd *odd);

/* One more of the same, or the first; the key stays. */
void gather_relation_sum(struct relation_row *row, const struct relation_row *more, bool is_new);

/* bytes spread evenly over [first_ns, last_ns] */
void timeline_add(struct timeline *time, const int64_t span_ns[2], uint64_t out, uint64_t in);
void timeline_merge(struct timeline *into, const struct timeline *from);

/* DER bytes of a chain, leaf first; returns how many (at most GATHER_CHAIN). */
size_t gather_chain(const struct gather *gather, uint32_t chain,
    struct span ret_der[GATHER_CHAIN]);
uint32_t gather_certificate(struct gather *gather, struct span der, bool told, uint64_t frame);

/* First two and last two characters, the rest as asterisks; less of short ones. */
uint32_t gather_masked(struct gather *gather, struct span text);
#endif
