/* src/wire/traceroute.h - a device measures the way to somewhere: probes with a rising TTL
 * (hop limit), and what routers answered.  By UDP (also Paris: constant ports), ICMP echo,
 * TCP SYN; IPv4 and IPv6.  RFC 792, 4443; hops are the distinct TTLs seen.
 *
 * Evidence comes in any order of routers but by time within one worker; runs of several
 * workers are put together by tracks_merge().  Fixed memory: LIMIT_TRACKS runs open at once,
 * LIMIT_TRACEROUTES found; what did not fit is counted. */
#ifndef KS_WIRE_TRACEROUTE_H
#define KS_WIRE_TRACEROUTE_H
#include "base/text.h"
#include "base/why.h"
#include "wire/said.h"

enum trace_method { TRACE_UDP, TRACE_ICMP, TRACE_TCP };

struct traceroute {
	int64_t first_ns, last_ns;
	uint64_t frame; /* of the first probe or answer */
	struct address device, target;
	uint8_t method; /* enum trace_method */
	uint8_t hops;	/* distinct TTLs sent; where probes were not seen, routers that answered */
	uint8_t answered; /* distinct routers */
	bool reached;	/* the target itself answered */
	bool probes_seen;
};

struct tracks;
KS_MUST int tracks_new(struct tracks **ret_tracks);
void tracks_free(struct tracks *tracks);
static inline void drop_tracks(struct tracks **tracks)
{
	tracks_free(*tracks);
}
/* Probes with a TTL above TRACE_TTL_MAX need not be told. */
enum { TRACE_TTL_MAX = 64 };
void tracks_take(struct tracks *tracks, int64_t time_ns, uint64_t frame,
    const struct said_hop *hop);
void tracks_merge(struct tracks *into, const struct tracks *from);
/* Of `from` what days need: runs that ended at oldest_ns or later and are traceroutes, or
 * ended at settled_ns or later and may still become one. */
void tracks_keep(struct tracks *into, const struct tracks *from, int64_t oldest_ns,
    int64_t settled_ns);
/* Both ends of each run that is kept. */
void tracks_ends(const struct tracks *tracks, void (*fn)(void *user,
    const struct address *device, const struct address *target), void *user);
/* Runs that are kept as bytes, and back into tracks: breaks the span when they are none. */
void tracks_pack(const struct tracks *tracks, struct text *to);
void tracks_unpack(struct tracks *tracks, struct span *from);
/* Ends all runs; the traceroutes found, in order of time.  Borrowed from tracks. */
const struct traceroute *tracks_end(struct tracks *tracks, size_t *ret_n, uint64_t *ret_lost);
#endif
