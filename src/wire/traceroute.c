/* src/wire/traceroute.c - runs of probes by (device, target, method), and what makes one a
 * traceroute. */
#include "wire/traceroute.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/more.h"
#include "wire/pack.h"
#include <stdlib.h>

enum {
	ROUTERS = 30,
	RUNS_FIRST = 64,
	TTLS_LEAST = 3,	   /* distinct values */
	ROUTERS_LEAST = 3, /* where only the answers were captured */
	FIRST_TTL_MAX = 5, /* begins near the device... */
	WAYS = 8	   /* places one run may be at */
};
static const int64_t run_pause_ns = 300LL * 1000000000;

struct run {
	struct traceroute is;
	uint64_t ttls; /* bit t - 1: TTL t was sent */
	uint64_t routers[ROUTERS];
	uint8_t routers_n, last_ttl;
	uint16_t rises, falls; /* of the TTL, from one new value to the next */
	bool used;
};

struct tracks {
	struct run open[LIMIT_TRACKS];
	struct run *kept;
	size_t kept_n, kept_room;
	struct traceroute *found;
	uint64_t lost;
};

int tracks_new(struct tracks **ret_tracks)
{
	struct tracks *tracks = calloc(1, sizeof *tracks);

	if (tracks == NULL)
		return KS_FULL;
	*ret_tracks = tracks;
	return KS_OK;
}

void tracks_free(struct tracks *tracks)
{
	if (tracks == NULL)
		return;
	free(tracks->kept);
	free(tracks->found);
	free(tracks);
}

static unsigned run_ttls(const struct run *run)
{
	return (unsigned)__builtin_popcountll(run->ttls);
}

static void run_keep(struct tracks *tracks, const struct run *run)
{
	/* what a lone low TTL was, nothing later can tell */
	if (run_ttls(run) < 2 && run->routers_n == 0)
		return;
	struct run *kept = tracks->kept_n >= LIMIT_TRACEROUTES ? NULL
	    : array_more(tracks->kept, tracks->kept_n, &tracks->kept_room, RUNS_FIRST, sizeof *kept);

	if (kept == NULL) {
		tracks->lost++;
		return;
	}
	tracks->kept = kept;
	tracks->kept[tracks->kept_n++] = *run;
}

static bool run_same(const struct traceroute *a, const struct traceroute *b)
{
	return a->method == b->method && address_equal(&a->device, &b->device) &&
	    address_equal(&a->target, &b->target);
}

/* The run that goes on, or a new one in place of the one longest silent. */
static struct run *run_find(struct tracks *tracks, const struct traceroute *key)
{
	uint64_t hash = hash_of(span_of(key->device.byte, 16),
	    hash_of(span_of(key->target.byte, 16), key->method));
	struct run *oldest = NULL;

	for (size_t i = 0; i < WAYS; i++) {
		struct run *run = &tracks->open[(hash + i) % LIMIT_TRACKS];

		if (run->used && run_same(&run->is, key)) {
			if (key->first_ns - run->is.last_ns <= run_pause_ns)
				return run;
			oldest = run;
			break;
		}
		if (oldest == NULL || (oldest->used && (!run->used ||
				run->is.last_ns < oldest->is.last_ns)))
			oldest = run;
	}
	if (oldest->used)
		run_keep(tracks, oldest);
	*oldest = (struct run){ .is = *key, .used = true };
	return oldest;
}

static void router_add(struct run *run, uint64_t router)
{
	for (size_t i = 0; i < run->routers_n; i++)
		if (run->routers[i] == router)
			return;
	if (run->routers_n < ROUTERS)
		run->routers[run->routers_n++] = router;
}

static void probe_add(struct run *run, uint8_t ttl)
{
	uint64_t bit = 1ull << (ttl - 1);

	run->is.probes_seen = true;
	if (run->ttls & bit)
		return;
	if (run->last_ttl != 0)
		ttl > run->last_ttl ? run->rises++ : run->falls++;
	run->ttls |= bit;
	run->last_ttl = ttl;
}

void tracks_take(struct tracks *tracks, int64_t time_ns, uint64_t frame,
    const struct said_hop *hop)
{
	struct traceroute key = { .first_ns = time_ns, .last_ns = time_ns, .frame = frame,
		.device = hop->prober, .target = hop->target };

	if (address_is_group(&hop->target) || hop->target.family == ADDRESS_NONE)
		return;
	if (hop->kind == HOP_PROBE && (hop->ttl == 0 || hop->ttl > TRACE_TTL_MAX))
		return;
	switch (hop->protocol) {
	case IP_UDP:
	case IP_UDP_LITE:
		key.method = TRACE_UDP;
		break;
	case IP_TCP:
		key.method = TRACE_TCP;
		break;
	case IP_ICMP:
	case IP_ICMP6:
		key.method = TRACE_ICMP;
		break;
	default:
		return;
	}
	struct run *run = run_find(tracks, &key);

	if (time_ns > run->is.last_ns)
		run->is.last_ns = time_ns;
	if (hop->kind == HOP_PROBE)
		probe_add(run, hop->ttl);
	else if (hop->kind == HOP_EXPIRED)
		router_add(run, hash_of(span_of(hop->router.byte, 16), hop->router.family));
	else if (address_equal(&hop->router, &hop->target))
		run->is.reached = true;
}

void tracks_merge(struct tracks *into, const struct tracks *from)
{
	for (size_t i = 0; i < from->kept_n; i++)
		run_keep(into, &from->kept[i]);
	for (size_t i = 0; i < LIMIT_TRACKS; i++)
		if (from->open[i].used)
			run_keep(into, &from->open[i]);
	into->lost += from->lost;
}

static int run_order(const void *a, const void *b)
{
	const struct traceroute *x = &((const struct run *)a)->is;
	const struct traceroute *y = &((const struct run *)b)->is;
	int order = address_compare(&x->device, &y->device);

	if (order == 0)
		order = address_compare(&x->target, &y->target);
	if (order == 0)
		order = x->method - y->method;
	if (order == 0)
		order = (x->first_ns > y->first_ns) - (x->first_ns < y->first_ns);
	return order != 0 ? order : (x->frame > y->frame) - (x->frame < y->frame);
}

static int found_order(const void *a, const void *b)
{
	const struct traceroute *x = a, *y = b;
	int order = (x->first_ns > y->first_ns) - (x->first_ns < y->first_ns);

	return order != 0 ? order : (x->frame > y->frame) - (x->frame < y->frame);
}

/* Probes heard by one worker, answers by another: one run.  What is the same was heard once,
 * and told of twice. */
static void run_join(struct run *into, const struct run *from)
{
	bool again = from->is.first_ns == into->is.first_ns && from->ttls == into->ttls;

	if (from->is.last_ns > into->is.last_ns)
		into->is.last_ns = from->is.last_ns;
	into->is.reached |= from->is.reached;
	into->is.probes_seen |= from->is.probes_seen;
	into->ttls |= from->ttls;
	into->rises = (uint16_t)(into->rises + (again ? 0 : from->rises));
	into->falls = (uint16_t)(into->falls + (again ? 0 : from->falls));
	for (size_t i = 0; i < from->routers_n; i++)
		router_add(into, from->routers[i]);
}

/* Runs in order and joined where one goes on another; how many are left. */
static size_t runs_join(struct run *runs, size_t n)
{
	size_t joined = 0;

	if (n > 0)
		qsort(runs, n, sizeof *runs, run_order);
	for (size_t i = 0; i < n; i++) {
		struct run *last = joined > 0 ? &runs[joined - 1] : NULL;

		if (last != NULL && run_same(&runs[i].is, &last->is) &&
		    runs[i].is.first_ns - last->is.last_ns <= run_pause_ns)
			run_join(last, &runs[i]);
		else
			runs[joined++] = runs[i];
	}
	return joined;
}

/* Rising TTLs from near the device on, or from anywhere when two routers confirm it; or,
 * probes unseen, answers of many routers. */
static bool run_is_traceroute(const struct run *run)
{
	unsigned ttls = run_ttls(run);

	if (!run->is.probes_seen)
		return run->routers_n >= ROUTERS_LEAST;
	return ttls >= TTLS_LEAST && run->falls * 4 <= run->rises &&
	    (__builtin_ctzll(run->ttls) < FIRST_TTL_MAX || run->routers_n >= 2);
}

/* All runs of it into one array, those that are still open too. */
static struct run *runs_all(const struct tracks *tracks, size_t *ret_n)
{
	struct run *runs = calloc(tracks->kept_n + LIMIT_TRACKS, sizeof *runs);
	size_t n = 0;

	for (size_t i = 0; runs != NULL && i < tracks->kept_n; i++)
		runs[n++] = tracks->kept[i];
	for (size_t i = 0; runs != NULL && i < LIMIT_TRACKS; i++)
		if (tracks->open[i].used)
			runs[n++] = tracks->open[i];
	*ret_n = runs != NULL ? runs_join(runs, n) : 0;
	return runs;
}

const struct traceroute *tracks_end(struct tracks *tracks, size_t *ret_n, uint64_t *ret_lost)
{
	size_t n = 0;

	for (size_t i = 0; i < LIMIT_TRACKS; i++) {
		if (tracks->open[i].used)
			run_keep(tracks, &tracks->open[i]);
		tracks->open[i].used = false;
	}
	tracks->kept_n = runs_join(tracks->kept, tracks->kept_n);
	free(tracks->found);
	tracks->found = calloc(tracks->kept_n + 1, sizeof *tracks->found);
	for (size_t i = 0; tracks->found != NULL && i < tracks->kept_n; i++) {
		const struct run *run = &tracks->kept[i];

		if (!run_is_traceroute(run))
			continue;
		tracks->found[n] = run->is;
		tracks->found[n].hops = (uint8_t)(run->is.probes_seen ? run_ttls(run) : run->routers_n);
		tracks->found[n++].answered = run->routers_n;
	}
	if (n > 0)
		qsort(tracks->found, n, sizeof *tracks->found, found_order);
	*ret_n = n;
	*ret_lost = tracks->lost;
	return tracks->found;
}

/* -- kept for days --------------------------------------------------------------------- */

void tracks_keep(struct tracks *into, const struct tracks *from, int64_t oldest_ns,
    int64_t settled_ns)
{
	size_t n = 0;
	struct run *runs = runs_all(from, &n);

	into->lost += runs == NULL;
	for (size_t i = 0; i < n; i++)
		if (runs[i].is.last_ns >= oldest_ns &&
		    (runs[i].is.last_ns >= settled_ns || run_is_traceroute(&runs[i])))
			run_keep(into, &runs[i]);
	free(runs);
}

void tracks_ends(const struct tracks *tracks, void (*fn)(void *user,
    const struct address *device, const struct address *target), void *user)
{
	for (size_t i = 0; i < tracks->kept_n; i++)
		fn(user, &tracks->kept[i].is.device, &tracks->kept[i].is.target);
}

enum { RUN_REACHED = 1, RUN_PROBES = 2, RUN_BYTES = 20 /* the least of one */ };

void tracks_pack(const struct tracks *tracks, struct text *to)
{
	int64_t before = 0;

	pack_number(to, tracks->kept_n);
	for (size_t i = 0; i < tracks->kept_n; i++) {
		const struct run *run = &tracks->kept[i];

		pack_address(to, &run->is.device);
		pack_address(to, &run->is.target);
		text_add_char(to, (char)run->is.method);
		text_add_char(to, (char)((run->is.reached ? RUN_REACHED : 0) |
		    (run->is.probes_seen ? RUN_PROBES : 0)));
		pack_time(to, run->is.first_ns / 1000000, &before);
		pack_time(to, run->is.last_ns / 1000000, &before);
		pack_number(to, run->ttls);
		pack_number(to, run->rises);
		pack_number(to, run->falls);
		pack_number(to, run->routers_n);
		text_add_span(to, span_of(run->routers, run->routers_n * sizeof run->routers[0]));
	}
}

static void run_unpack(struct tracks *tracks, struct span *from, int64_t *before)
{
	struct run run = { .is.device = pack_address_cut(from, ADDRESS_NONE) };

	run.is.target = pack_address_cut(from, ADDRESS_NONE);
	run.is.method = (uint8_t)pack_below(from, TRACE_TCP + 1);
	unsigned flags = (unsigned)pack_below(from, (RUN_REACHED | RUN_PROBES) + 1);

	run.is.reached = flags & RUN_REACHED;
	run.is.probes_seen = flags & RUN_PROBES;
	run.is.first_ns = pack_time_cut(from, before) * 1000000;
	run.is.last_ns = pack_time_cut(from, before) * 1000000;
	run.ttls = varint_cut(from);
	run.rises = (uint16_t)pack_below(from, UINT16_MAX + 1);
	run.falls = (uint16_t)pack_below(from, UINT16_MAX + 1);
	run.routers_n = (uint8_t)pack_below(from, ROUTERS + 1);
	struct span routers = span_cut(from, run.routers_n * sizeof run.routers[0]);

	if (routers.left > 0)
		memcpy(run.routers, routers.at, routers.left);
	if (run.is.last_ns < run.is.first_ns)
		*from = (struct span){ .broken = true };
	if (!from->broken)
		run_keep(tracks, &run);
}

void tracks_unpack(struct tracks *tracks, struct span *from)
{
	uint64_t n = pack_below(from, from->left / RUN_BYTES + 1);
	int64_t before = 0;

	for (uint64_t i = 0; i < n && !from->broken; i++)
		run_unpack(tracks, from, &before);
}
