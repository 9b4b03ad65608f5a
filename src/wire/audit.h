/* src/wire/audit.h - what a capture says: the answer of `keisoku audit`, as plain data
 * in one arena.  Made by audit_make() out of what gather heard; shown by cli (text,
 * JSON, HTML, Zeek and EVE rows) and kept by the daemon.  Nothing in it is a secret:
 * personal data and credentials are masked before they come here.
 *
 * Times are nanoseconds since 1970 in UTC; bytes are original bytes of frames unless
 * it says payload; texts are zero-ended, as sent (not escaped), "" when not known.
 * `device` is an index into devices.  Frames count from 1 over all files of one audit;
 * capture.files says where each file begins.  Lists are in the order of the first
 * frame, except devices and destinations (most bytes first).  Where a list is bounded,
 * `lost` counts what is not in it: the numbers are then lower bounds. */
#ifndef KS_WIRE_AUDIT_H
#define KS_WIRE_AUDIT_H
#include "base/arena.h"
#include "base/why.h"
#include "site/finding.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_NO_DEVICE UINT32_MAX
enum { AUDIT_EVIDENCE = 8, AUDIT_CLIENTS = 8, AUDIT_NAMES = 4, AUDIT_FINGERPRINT = 65,
	AUDIT_NEAR = 3 };

struct audit_file {
	const char *name, *format, *packing; /* "pcapng", "gzip" */
	uint64_t first_frame, frames, bytes; /* bytes of the file that were read */
	uint64_t dropped;     /* by who captured, as the file tells */
	uint64_t stopped_at;  /* byte of the (unpacked) file where reading ended early */
	const struct why *why; /* NULL: read to its end */
};

/* Nobody at all spoke: cut out of every judgement of silence. */
struct audit_gap {
	int64_t from_ns, to_ns;
};

struct audit_capture {
	struct audit_file *files;
	size_t files_n;
	uint64_t frames, frame_bytes, captured_bytes, outer_ip_bytes;
	int64_t first_ns, last_ns; /* both 0: no frame at all */
	uint16_t *link_types;	   /* LINKTYPE_ numbers */
	size_t link_types_n;
	struct audit_gap *gaps;
	size_t gaps_n;
	uint64_t cut_to; /* the most that is here of a frame that was cut */
	uint64_t cut, malformed, unknown_link, fragments_lost, missing_bytes;
};

struct audit_flows {
	uint64_t tcp, udp, other, evicted;
};

struct audit_device {
	const char *address; /* the one it spoke most with; "" when it had none */
	const char **addresses;
	size_t addresses_n;
	const char *mac;       /* "00:11:22:33:44:55" */
	const char *mac_owner; /* who got the prefix from IEEE */
	const char *name;      /* what it calls itself, or the site file */
	const char *name_from; /* "site" "dhcp" "mdns" "nbns" "lldp" "ssdp" "dns" "capture" */
	const char *model;     /* vendor class, User-Agent, model as it says itself */
	bool asked_for;	       /* by --device, or in the site file */
	bool client;	       /* it began at least one flow */
	uint64_t bytes_out, bytes_in, frames_out, frames_in;
	int64_t first_ns, last_ns;
	uint32_t destinations, countries; /* without audit_is_echo() */
};

struct audit_destination {
	uint32_t device;
	const char *name;   /* DNS, SNI or Host; "" */
	const char *domain; /* registered domain of name: "vendor.example" */
	/* who says that it is called so: "content" (SNI, Host), "dns" (an answer with that
	 * address); "".  By DNS an address may have other names: which one was meant can not
	 * be told from the bytes.  The first few, and how many there are */
	const char *name_from;
	const char *other[AUDIT_NAMES];
	uint32_t others;
	const char **addresses;
	size_t addresses_n;
	const char *protocol;  /* what was spoken: "tls"; "tcp" "udp" "icmp" when not known */
	const char *transport; /* "tcp" "udp" "icmp" "arp" ... */
	uint16_t port;	       /* of the server; 0 where there are none */
	const char *country;   /* ISO 3166 two letters; "" not known, or local */
	const char *owner;     /* of the network */
	bool inward;	       /* the other side began */
	bool local;	       /* the other side is in the same house */
	bool encrypted;	       /* all that was said was encrypted, as far as seen */
	uint64_t bytes_out, bytes_in, frames_out, frames_in;
	uint64_t flows, unanswered;
	uint64_t contacts; /* flows, and flows that spoke again after silence */
	int64_t first_ns, last_ns;
	uint64_t first_frame;
	uint32_t handshake_us; /* median round trip of TCP handshakes; 0: none seen */
	uint32_t handshakes;   /* of so many */
	uint64_t rate_in;      /* bytes of payload a second, median of large answers; 0: none */
	uint32_t number;       /* its place in the list */
};

/* ICMP of others that the device never answered, most of it errors that routers sent back:
 * no destination that a reader looks for, and none in the count of a device's. */
bool audit_is_echo(const struct audit_destination *destination);

struct audit_dns {
	uint32_t device; /* who asked; AUDIT_NO_DEVICE: several */
	const char *name, *type, *kind; /* "A"; "dns" "mdns" "llmnr" "nbns" */
	uint64_t count;	  /* questions */
	uint64_t answered, failed; /* answers without and with an error code */
	int64_t first_ns, last_ns;
	uint64_t first_frame;
};

struct audit_http {
	int64_t time_ns;
	uint64_t frame, flow;
	uint32_t device;
	const char *client, *server; /* addresses */
	uint16_t client_port, port;
	const char *method, *host, *uri, *agent, *content_type; /* host: as sent */
	const char *name; /* of host: in lower case, without port and last dot */
	uint16_t status; /* 0: no answer seen */
	uint64_t request_bytes, response_bytes; /* bodies, before decoding */
	bool decrypted; /* came out of TLS with the owner's keys */
	bool inward;	/* asked of the device by others */
	bool cut;	/* its head's end was not read: fields may be missing */
	bool nobodys;	/* its address was searched, and nothing personal is in it */
	uint8_t version;
};

struct audit_certificate {
	const char *subject, *issuer, *serial, *key, *digest, *san;
	int64_t not_before_s, not_after_s;
	char sha256[AUDIT_FINGERPRINT], sha1[41]; /* hexadecimal */
	bool leaf, self_signed, self_issued, ca, unparseable;
	bool told; /* only names and dates, as a HAR tells them: nothing was verified */
	uint64_t seen, first_frame;
};

struct audit_tls {
	int64_t time_ns;
	uint64_t frame, flow;
	uint32_t device;	/* the client's; the server's where the client has none */
	uint32_t server_device; /* AUDIT_NO_DEVICE: none of the house */
	bool inward;		/* the client is none of the house, the server is */
	const char *client, *server; /* addresses */
	uint16_t client_port, port;
	const char *sni, *alpn, *version, *cipher, *ja3, *ja4;
	const char *transport; /* "tls" "dtls" "quic" */
	bool visible;	       /* the server's certificate was */
	bool resumed, ech, keys, established;
	bool keys_unused; /* secrets were given that keisoku cannot use */
	uint32_t leaf;	   /* index into certificates; AUDIT_NO_DEVICE: none */
	uint32_t verdicts; /* bits of enum cert_verdict (x509/x509.h) */
	uint32_t issuers;  /* of them those that only an issuer earned */
	bool named;	   /* a name, or an address, was there to hold the certificate to */
	uint32_t weak;	   /* bits of enum tls_weak (wire/tls_names.h): the chosen suite */
	uint32_t chain;	   /* for the maker alone */
	uint16_t version_number; /* 0x0303; 0 not known */
	uint8_t refused;   /* enum tls_refused */
	uint8_t alert;	   /* description of the alert that refused; 0 */
};

struct audit_personal {
	const char *category; /* card my_number bank_account phone email location
				 photo_location contact device_id credential address */
	const char *grade;    /* certain likely possible */
	const char *masked;   /* first two and last two characters */
	const char *where;    /* "body" "uri" "header" ..., and the key's name */
	const char *host;     /* to whom: name or address */
	const char *address;  /* of that host */
	const char *client;   /* address of who called */
	bool inward;	      /* the device is the one that was called */
	bool answered;	      /* who was called said it: it went to the client */
	uint32_t device;
	uint64_t frame, count;
	int64_t first_ns, last_ns;
	bool decrypted;
};

/* Which way it went: out of the device; from the host that it called; at it, from clients. */
static inline enum finding_way audit_personal_way(const struct audit_personal *p)
{
	return p->inward == p->answered ? WAY_OUT : p->answered ? WAY_FROM : WAY_AT;
}
/* The other side of that. */
static inline const char *audit_personal_other(const struct audit_personal *p)
{
	return p->inward ? p->client : p->host;
}

struct audit_listed {
	const char *indicator; /* the name or address that is on it */
	const char *list, *entry, *category;
	const char *date;	    /* the entry's own, else the list's */
	int64_t from_ns, until_ns; /* when the entry holds; 0: open */
	uint8_t way; /* enum finding_way; at: the indicator is the device's own */
	uint32_t device;
	uint64_t count, first_frame;
	int64_t first_ns, last_ns; /* while it held */
};

struct audit_periodic {
	uint32_t device;
	const char *to;	  /* name, or address; "" with what = traceroute */
	const char *what; /* "contact" "traceroute" */
	const char *kind; /* "timer" "daily" "weekly" */
	const char *address;
	uint16_t port;
	bool local;
	bool inward;	  /* it contacts the device */
	uint8_t weekdays; /* weekly: on which it comes, bit 0 is Monday */
	int32_t of_day_s; /* daily, weekly: after local midnight; -1 for a timer */
	/* by whose clock, where a change of clocks told: "utc" "europe" "north_america"
	 * "australia" "new_zealand", ""; the local day of the change, and the time before it */
	const char *clock;
	int32_t shift_day, before_s;
	const char *protocol, *country;
	int64_t period_ms, jitter_ms;
	uint32_t contacts, missed;
	int64_t first_ns, last_ns;
	int64_t *times_ns; /* for the picture; at most AUDIT_TIMES of them, spread evenly */
	size_t times_n;
	uint64_t first_frame;
};
enum { AUDIT_TIMES = 2048 };

struct audit_traceroute {
	int64_t time_ns;
	uint32_t device;
	const char *target, *name;   /* address, and what DNS calls it; inward: of who traces */
	const char *client;	     /* address of who traces */
	bool inward;		     /* others trace the way to the device */
	const char *method;	     /* udp icmp tcp */
	uint32_t hops;		     /* distinct TTLs */
	uint32_t routers;	     /* who answered */
	bool reached;
	uint64_t first_frame;
};

struct audit_silence {
	uint32_t device;
	const char *to, *protocol;
	uint16_t port;
	bool inward; /* it used to contact the device */
	uint64_t first_frame;
	int32_t *days; /* since 1970-01-01, in the chosen time zone */
	size_t days_n;
	const char **calendars; /* "CN" ...; empty: none named */
	size_t calendars_n;
};

/* Traffic over time: columns of equal width, the first begins at from_ns. */
struct audit_column {
	uint64_t bytes_out, bytes_in;
};
struct audit_time {
	int64_t from_ns, width_ns;
	struct audit_column *columns;
	size_t columns_n;
};

struct audit_country {
	const char *country; /* "" not known */
	uint64_t bytes_out, bytes_in, flows;
	uint32_t destinations;
};

struct audit_banner {
	uint32_t device;
	const char *service, *text, *address;
	uint16_t port;
	uint64_t frame;
};

struct audit_odd {
	const char *what, *where; /* word of enum odd_kind; parser */
	uint32_t device;
	const char *client, *server; /* addresses */
	bool inward;		     /* the client is none of the house */
	uint64_t count, first_frame;
	int64_t first_ns;
};

/* Accepted by the owner, who wrote why and until when. */
struct audit_accepted {
	const char *reason, *owner;
	int32_t until; /* day since 1970; 0: for ever */
};

/* A line of the accept file that accepts nothing here: its owner should look at it again. */
enum stale {
	STALE_DEVICE,  /* no device of this capture is its */
	STALE_FINDING, /* the device is here, nothing was found that it is for */
	STALE_ENDED,   /* its day has passed, and nothing was found that it was for */
	STALE_OPEN,    /* its day has passed: what it was for is open again */
	STALES
};
struct audit_stale {
	const char *device, *to, *finding; /* as written */
	struct audit_accepted is;
	uint32_t line;
	uint8_t why; /* enum stale */
};

struct audit_finding {
	struct finding base; /* subject: the device; place: the other side */
	uint32_t device;
	const char *entry, *date; /* LISTED: which entry of the list, as of when; else NULL */
	const char *to; /* the other side in full; WAY_AT: what clients called the device */
	const char *client[AUDIT_CLIENTS]; /* WAY_AT: addresses of the first of them */
	size_t clients_n;		   /* kept here; base.clients is how many there are */
	uint64_t frames[AUDIT_EVIDENCE];
	size_t frames_n;
	const struct audit_accepted *accepted; /* NULL: open */
};

/* Words about what no listener could see; each is a msgid, count says how many, also is its
 * second number, or how many more there are than `between` has. */
struct audit_unseen {
	const char *says;
	uint64_t count, also;
	const char *between; /* whom: "a > b:port (bytes)", the largest first; NULL: not said */
	uint8_t which; /* enum unseen (site/wire.h) */
};

/* Asked for by --device, and nothing was heard of it. */
struct audit_missing {
	const char *asked;	      /* address or MAC */
	const char *near[AUDIT_NEAR]; /* like ones that are there, the likest first */
	size_t near_n;
};

struct audit_lost { /* past a named limit: not in the lists above */
	uint64_t hosts, destinations, dns, http, tls, personal, contacts, hops, names, findings;
};

struct audit {
	struct audit_capture capture;
	/* With --device these, the lists, sums and medians below are of those devices alone */
	uint64_t frames, bytes; /* without it: those of capture */
	struct audit_flows flows; /* evicted: of all */
	uint64_t hosts;
	uint64_t http_requests, tls_sessions, dns_questions; /* all, also lost ones */
	struct audit_device *devices;
	size_t devices_n;
	struct audit_missing *missing;
	size_t missing_n, asked_n; /* asked_n: those of --device, there or not */
	struct audit_destination *destinations;
	size_t destinations_n;
	struct audit_dns *dns;
	size_t dns_n;
	struct audit_http *http;
	size_t http_n;
	struct audit_tls *tls;
	size_t tls_n;
	struct audit_certificate *certificates;
	size_t certificates_n;
	struct audit_personal *personal;
	size_t personal_n;
	struct audit_listed *listed;
	size_t listed_n;
	struct audit_periodic *periodic;
	size_t periodic_n;
	struct audit_traceroute *traceroutes;
	size_t traceroutes_n;
	struct audit_silence *silence;
	size_t silence_n;
	struct audit_country *countries;
	size_t countries_n;
	struct audit_banner *banners;
	size_t banners_n;
	struct audit_odd *odd;
	size_t odd_n;
	struct audit_finding *findings;
	size_t findings_n;
	struct audit_stale *stale;
	size_t stale_n;
	struct audit_unseen *unseen;
	size_t unseen_n;
	struct audit_time time;
	uint32_t handshake_us; /* median round trip of all TCP handshakes; 0: none */
	uint64_t handshakes;
	uint64_t rate_in; /* median of large answers, bytes of payload a second; 0: none */
	uint64_t rates;
	struct audit_lost lost;
	const char *trust; /* what certificates were held against; "" nothing */
	const char *geo_by; /* attribution of the country table; "" none was used */
};
#endif
