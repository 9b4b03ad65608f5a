/* src/wire/said.h - what was said on the wire: the events that parsers (tongues) and
 * the engine tell, and the listener that hears them.  Every struct and every span in it
 * lives only during the call; who needs it longer copies it.  Text comes as it was sent:
 * nothing is masked, escaped or checked for UTF-8 here, that is the listener's.
 *
 * Events of one flow come in the order of capture.  Flows are spread over threads, so a
 * listener hears the flows of one thread only, and whatever it computes must not depend
 * on how they were spread: put things in order by (frame, sub) when merging. */
#ifndef KS_WIRE_SAID_H
#define KS_WIRE_SAID_H
#include "wire/packet.h"
#include <stdbool.h>
#include <stdint.h>

enum said_limit {
	SAID_DNS_ANSWERS = 64, /* answers told of one message; `more` counts the rest */
	SAID_CERTIFICATES = 16,
	SAID_ALPNS = 8
};

/* One stream: a TCP 5-tuple until a new SYN with another sequence number, a UDP 5-tuple
 * without time-out, otherwise a pair of addresses and protocol (a pair of MACs and
 * ether type where there is no IP).  Side 0 is the client: who sent the SYN or the first
 * packet seen, corrected by content when a tongue knows better (see talk_turn). */
enum said_side { SIDE_CLIENT = 0, SIDE_SERVER = 1 };

struct flow_view {
	uint64_t id; /* frame of its first packet, times 2; +1 for one quoted by ICMP: the
		      * same number however many threads listen */
	struct address client, server;
	struct mac client_mac, server_mac; /* as last seen; zero when the link has none */
	uint16_t client_port, server_port;
	uint16_t ether_type; /* 0x0800 and 0x86dd for IP */
	uint16_t vlan;	     /* innermost of the first packet; 0 for none */
	uint8_t protocol;    /* enum ip_protocol; 0 when there is no IP */
	bool opened;	     /* TCP: its SYN was seen */
	bool answered;	     /* both sides have spoken */
	bool quoted;	     /* known only from an ICMP error */
	bool encrypted;	     /* a tongue found it so (talk_is_secret) */
	bool decrypted;	     /* this is the inside of a stream for which keys were there */
	bool unlocked;	     /* encrypted, no handshake told, and yet read (a proxy's) */
	uint8_t closed;	     /* enum flow_close, as far as seen */
	uint8_t closed_by;   /* enum said_side of the first FIN or RST */
	uint32_t handshake_us; /* SYN to SYN-ACK to ACK: round trip; 0 when not seen */
	const char *tongue;	/* name of the protocol found ("tls"); "" unknown yet */
	struct span name;	/* server's name from content: SNI or Host; empty unknown */
};

enum flow_close { CLOSE_NOT, CLOSE_FIN, CLOSE_RESET };

/* What is common to all events. */
struct said_head {
	int64_t time_ns;
	uint64_t frame; /* the frame that completed it */
	uint32_t sub;	/* counts events of one frame and flow, from 0: their order */
	uint8_t side;	/* enum said_side who said it */
	const struct flow_view *flow; /* never NULL */
};

/* A part of a flow's life: told when it ends, when it was quiet for a while, and at
 * every full hour (UTC), so that adding up the slices gives all that was sent, when, and
 * a slice that BEGAN_* is one contact. */
enum slice_began {
	BEGAN_NEW,	/* the stream's first packet */
	BEGAN_AGAIN,	/* it spoke again after LIMIT_FLOW_QUIET_S of silence */
	BEGAN_GOES_ON	/* no pause before it: an hour ended, or a report was due */
};
enum slice_ended {
	ENDED_NOT,	/* the flow lives on */
	ENDED_CLOSED,	/* FIN on both sides, or RST, and then silence or a new SYN */
	ENDED_IDLE,	/* expired after silence; should it speak again, it is no new stream */
	ENDED_CAPTURE,	/* the capture ended */
	ENDED_EVICTED	/* the table was full: counted in the report */
};
struct said_slice {
	int64_t first_ns, last_ns;
	uint64_t first_frame;
	uint64_t frames[2], bytes[2]; /* by enum said_side; original bytes of frames */
	uint64_t payload[2];	      /* transport payload, as headers say */
	uint8_t began, ended;	      /* enum slice_began, slice_ended */
	uint8_t ttl[2];		      /* of the slice's last packet; 0: none */
	uint32_t retransmits[2];      /* TCP segments sent again */
	uint64_t missing[2];	      /* TCP bytes sent but not captured, as far as known */
};

/* A flow from its first packet to its last, told once, when it ends. */
enum said_seen { /* by side */
	SEEN_SYN = 1, SEEN_SYN_ACK = 2, SEEN_ACK = 4, SEEN_DATA = 8, SEEN_FIN = 16,
	SEEN_RESET = 32,
	SEEN_AGAIN = 64, /* payload that was sent before */
	SEEN_SHUT = 128, /* a window of nothing */
	SEEN_GAP = 256	 /* bytes that were not captured */
};
struct said_flow {
	int64_t first_ns, last_ns;
	uint64_t frames[2], bytes[2], payload[2], missing[2]; /* as said_slice has them */
	uint32_t retransmits[2];
	uint16_t seen[2]; /* enum said_seen */
	uint8_t ended;	  /* enum slice_ended */
	char history[22]; /* as Zeek writes it: "ShADadFf"; zero-ended */
};

struct dns_answer {
	struct span name;
	struct span text;	/* target name, TXT text, or raw data of other types */
	struct address address; /* A, AAAA */
	uint16_t type, class;
	uint32_t ttl;
	uint8_t section; /* 1 answer, 2 authority, 3 additional */
	uint16_t port;	 /* SRV */
};
enum dns_kind { DNS_PLAIN, DNS_MDNS, DNS_LLMNR, DNS_NBNS };
struct said_dns {
	uint8_t kind; /* enum dns_kind */
	bool response, authoritative, truncated, recursive;
	uint16_t id;
	uint8_t opcode, rcode;
	struct span name; /* first question, dotted, no last dot; "" is the root */
	uint16_t type, class;
	uint16_t questions; /* as the header says */
	const struct dns_answer *answers;
	uint32_t answer_count;
	uint32_t more; /* answers that were not told, past SAID_DNS_ANSWERS */
	bool malformed; /* ends too soon, or its names do */
};

/* How an address, MAC and name belong together. */
enum name_how {
	NAME_ARP,   /* address and MAC, of who asks or announces itself */
	NAME_NDP,   /* the same in IPv6 */
	NAME_DHCP,  /* host name or vendor class, with MAC; address once acknowledged */
	NAME_DHCP6,
	NAME_MDNS, /* name of an address */
	NAME_NBNS,
	NAME_LLMNR,
	NAME_SSDP,  /* SERVER: or LOCATION: of a device */
	NAME_LLDP,  /* system name of a switch port's owner */
	NAME_CDP,
	NAME_CAPTURE, /* the capture file's own name block */
	NAME_AGENT,  /* User-Agent and the like: what the device says it is */
	NAME_ARP_ANSWER /* address and MAC, asked for: a router may answer for who is behind it */
};
struct said_name {
	uint8_t how;
	struct address address;
	struct mac mac;	      /* zero: not known from this */
	struct span name;     /* empty: address and MAC only */
	struct span describes; /* vendor class, platform, model: free text */
};

/* Evidence for a traceroute, and for round trips. */
enum hop_kind {
	HOP_PROBE,   /* a packet left with a small or unusual TTL */
	HOP_EXPIRED, /* a router said time exceeded; quote tells for whom */
	HOP_REACHED, /* unreachable port, or an echo reply */
	HOP_REFUSED  /* other unreachable */
};
struct said_hop {
	uint8_t kind;
	struct address prober, target, router; /* router: who answered; none for a probe */
	uint8_t protocol; /* of the probe */
	uint8_t ttl;	  /* of the probe as sent; as quoted for an answer */
	uint16_t from_port, to_port; /* of the probe; ICMP: identifier and sequence */
	uint8_t icmp_type, icmp_code; /* of the answer */
};

/* One request or response head of HTTP, any version. */
struct said_http {
	bool response;
	uint8_t version; /* 9, 10, 11, 20, 30 */
	uint64_t number; /* of the exchange within its flow, from 0: joins the two */
	uint64_t asked_frame; /* response: frame of its request; 0 when not seen */
	struct span method, uri, host;
	uint16_t status;
	struct span reason;
	struct span content_type, content_encoding, agent, referer, server, location;
	struct span authorization, cookie;
	struct span head;	/* all header lines as sent (HTTP/1), empty for others */
	int64_t content_length; /* as declared; -1 not declared */
	uint64_t head_bytes;
	bool proxied; /* CONNECT, or an absolute URI */
	bool cut; /* the head's end was not captured, never sent, or past LIMIT_HTTP_HEAD */
};
/* Its end: how much there really was. */
struct said_http_end {
	bool response;
	uint64_t number;
	uint64_t body_bytes; /* before decoding */
	bool complete;
	struct span magic; /* the body's first bytes, decoded (at most 256) */
	bool unread;	   /* packed in a way that is not known, or damaged */
};

/* A piece of decoded clear content, for whoever searches it.  Long ones come in pieces
 * that overlap by nothing; `at` says where a piece begins. */
enum body_kind { BODY_TEXT, BODY_URI, BODY_HEADER, BODY_FORM, BODY_JSON, BODY_PART, BODY_BYTES };
struct said_body {
	uint8_t kind;
	uint64_t number;      /* of the exchange */
	struct span host, uri, content_type;
	struct span key;      /* name of the form field, JSON path, header, part */
	struct span bytes;
	uint64_t at;
	bool last;
};

enum tls_when {
	TLS_HELLO,	/* the client's; server fields are empty */
	TLS_CHOSEN,	/* the server's hello */
	TLS_CHAIN,	/* certificates of `side` are here */
	TLS_ALERT,
	TLS_SETTLED	/* handshake done or given up: all that became known */
};
enum tls_refused { REFUSED_NO, REFUSED_LIKELY, REFUSED_YES };
/* A certificate of which only somebody's words are there (a HAR): nothing is verified. */
struct said_told {
	struct span subject, issuer;
	int64_t not_before_s, not_after_s;
};
/* One TLS, DTLS or QUIC handshake.  Fields grow from one `when` to the next. */
struct said_tls {
	uint8_t when;
	bool quic, datagram, resumed, ech, hello_retry, early_data, after_starttls;
	uint16_t record_version, client_version, version; /* 0x0303 ...; 0 not known */
	uint16_t cipher, group, signature;
	uint32_t quic_version;
	struct span sni, alpn; /* alpn: the chosen one, or the first offered */
	struct span offered_alpn[SAID_ALPNS];
	uint8_t offered_alpns;
	const char *ja3, *ja4, *ja3s; /* "" when not known */
	struct span client_random, session_id;
	struct span certificate[SAID_CERTIFICATES]; /* DER, leaf first */
	uint8_t certificates;
	const struct said_told *told; /* instead of them; NULL */
	bool certificate_visible; /* false in 1.3 without keys: say "not visible" */
	struct span ocsp_staple;
	uint8_t alert_level, alert_code;
	uint8_t refused; /* enum tls_refused; by `side` */
	uint8_t client_certificates;
	bool keys; /* decrypted with keys that were given */
	bool keys_unused; /* given, but of a kind that is not opened here */
};

struct said_credential {
	const char *how;    /* "http-basic", "ftp", "pop3", "imap", "smtp", "telnet", "redis", "form" */
	struct span user, secret; /* as sent; whoever keeps them masks them first */
	struct span host, uri;
	bool accepted, rejected; /* neither: the answer was not seen */
	bool digest;		 /* the word itself was not sent: HTTP Digest, APOP */
};

/* What a server or client says about itself in its first lines. */
struct said_banner {
	const char *service; /* "ssh", "smtp", "ftp", "imap", "pop3", "telnet", ... */
	struct span text;    /* software and version as sent, first line */
	struct span detail;  /* key exchange, cipher offered (ssh); empty */
};

/* What is neither right nor plainly wrong. */
enum odd_kind {
	ODD_GAP,	     /* bytes of a stream were never captured: count */
	ODD_OVERLAP,	     /* TCP bytes sent twice with another content: count */
	ODD_FRAGMENT_OVERLAP, /* the same in fragments */
	ODD_FRAGMENT_LOST,   /* a datagram of which fragments are missing */
	ODD_MALFORMED,	     /* a parser could not read on */
	ODD_FULL,	     /* a limit was met and something was not looked at */
	ODD_ADDRESS_TWICE,   /* two MACs claim one address */
	ODD_CLEAR_ON_SECRET_PORT /* readable where encryption is expected */
};
struct said_odd {
	uint8_t kind;
	const char *where; /* name of the parser: "tcp", "dns" */
	uint64_t count;
};

/* The first bytes of both sides of a stream that no tongue knows. */
struct said_unknown {
	struct span first[2]; /* by enum said_side, at most LIMIT_GUESS_BYTES each */
};

/* Who hears.  Any pointer may be NULL.  One listener belongs to one thread. */
struct listener {
	void *context;
	void (*slice)(void *context, const struct said_head *, const struct said_slice *);
	void (*dns)(void *context, const struct said_head *, const struct said_dns *);
	void (*name)(void *context, const struct said_head *, const struct said_name *);
	void (*hop)(void *context, const struct said_head *, const struct said_hop *);
	void (*http)(void *context, const struct said_head *, const struct said_http *);
	void (*http_end)(void *context, const struct said_head *, const struct said_http_end *);
	void (*body)(void *context, const struct said_head *, const struct said_body *);
	void (*tls)(void *context, const struct said_head *, const struct said_tls *);
	void (*credential)(void *context, const struct said_head *, const struct said_credential *);
	void (*banner)(void *context, const struct said_head *, const struct said_banner *);
	void (*odd)(void *context, const struct said_head *, const struct said_odd *);
	void (*unknown)(void *context, const struct said_head *, const struct said_unknown *);
	/* Flows one by one: costs memory and time that nothing else needs. */
	void (*flow)(void *context, const struct said_head *, const struct said_flow *);
	/* Live ones: so late it is now (ear_tick), for who holds something back. */
	void (*tick)(void *context, int64_t now_ns);
	/* Hears dns, http, http_end, body, tls, flow and tick beside it; NULL: nobody. */
	const struct listener *also;
};

/* Tell both of it: listener_http(ears, &head, &http). */
#define LISTENER_BOTH(kind)                                                            \
	static inline void listener_##kind(const struct listener *ears,                \
	    const struct said_head *head, const struct said_##kind *kind)              \
	{                                                                              \
		if (ears->kind != NULL)                                                \
			ears->kind(ears->context, head, kind);                         \
		if (ears->also != NULL && ears->also->kind != NULL)                    \
			ears->also->kind(ears->also->context, head, kind);             \
	}
LISTENER_BOTH(dns)
LISTENER_BOTH(http)
LISTENER_BOTH(http_end)
LISTENER_BOTH(body)
LISTENER_BOTH(tls)
LISTENER_BOTH(flow)
#undef LISTENER_BOTH
#endif
