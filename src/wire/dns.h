/* src/wire/dns.h - one DNS message (RFC 1035, 2782, 3596, 9460), also as mDNS (RFC 6762),
 * LLMNR (RFC 4795) and NetBIOS name service (RFC 1002) write it.  Names come dotted,
 * without the last dot; what could be mistaken in them (a dot or backslash within a
 * label, control characters) is written \DDD, bytes above 0x7f stay as they are. */
#ifndef KS_WIRE_DNS_H
#define KS_WIRE_DNS_H
#include "base/why.h"
#include "wire/said.h"

enum { DNS_ROOM = 16 * 1024, DNS_NAME = 1024 };

/* Memory for one message's names and answers. */
struct dns_room {
	struct dns_answer answers[SAID_DNS_ANSWERS];
	char text[DNS_ROOM];
	size_t used;
};

/* What can be read of it; malformed is set when that is not all.  KS_TRUNCATED when not
 * even the head is there.  Spans point into room and message. */
KS_MUST int dns_read(struct span message, enum dns_kind kind, struct dns_room *room,
    struct said_dns *ret_dns);
/* Is it likely one, by its head and first name alone? */
bool dns_looks_like(struct span message);
#endif
