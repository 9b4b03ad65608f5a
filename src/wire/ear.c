/* Frames are taken apart in the caller's thread and go to the workers' posts. */
#include "wire/ear.h"
#include "base/limits.h"
#include "base/must.h"
#include "wire/capture.h"
#include "wire/frag.h"
#include "wire/link.h"
#include "wire/post.h"
#include <stdlib.h>

enum { LINK_ETHERNET = 1 }; /* LINKTYPE_ETHERNET */

struct ear {
	struct post *posts;
	unsigned count;
	bool threads;
	uint64_t seed;
	struct fragments *fragments;
	struct ear_counts counts;
	struct lump *lump;
	uint32_t clock;
	int64_t clock_ns;
	bool ended;
	struct job aside; /* a packet whose shadows go before it */
};

void ear_flush(struct ear *ear)
{
	for (unsigned i = 0; i < ear->count; i++)
		post_flush(&ear->posts[i]);
}

/* -- routing ------------------------------------------------------------------------------------ */

static void job_copy(struct job *to, const struct job *from)
{
	memcpy(&to->packet, &from->packet, PACKET_PLAIN);
	if (from->packet.tunnels > 0) {
		to->packet.outer_from = from->packet.outer_from;
		to->packet.outer_to = from->packet.outer_to;
	}
	if (from->packet.flags & PACKET_LATE_ERROR)
		to->packet.quote = from->packet.quote;
	to->key = from->key;
	to->turned = from->turned;
}

/* Where the next frame is taken apart: where it stays, if nothing speaks against it. */
static struct job *ear_place(const struct ear *ear)
{
	struct batch *batch = post_batch(ear->posts);

	return &batch->jobs[batch->count];
}

/* The packet goes to whom it belongs; from the place of ear_place() it is not copied. */
static void ear_route(struct ear *ear, struct job *draft)
{
	struct packet *packet = &draft->packet;
	struct post *post = ear->posts;
	bool copy = ear->threads && ear->lump == NULL && packet->datagram == NULL;

	if (!flow_key_of(packet, &draft->key, &draft->turned))
		return;
	if (ear->count > 1)
		post = &ear->posts[flow_pair_hash(&draft->key, ear->seed) % ear->count];
	struct batch *batch = post_batch(post);

	if (copy && !batch_has_room(batch, packet->payload.left)) {
		post_send(post);
		batch = post_batch(post);
		if (!batch_has_room(batch, packet->payload.left))
			return;
	}
	struct job *job = &batch->jobs[batch->count++];

	if (job != draft)
		job_copy(job, draft);
	job->packet.carriers = 0; /* the rest is of carriers */
	job->clock = ear->clock;
	job->hash = flow_hash(&job->key, ear->seed);
	if (copy)
		batch_keep(batch, &job->packet);
	if (batch->lump == NULL && ear->lump != NULL) {
		batch->lump = ear->lump;
		lump_hold(batch->lump);
	}
	if (batch->count == BATCH)
		post_send(post);
}

/* A stream that is known only because it carries, or is quoted. */
static void ear_shadow(struct ear *ear, const struct packet *packet,
    struct packet_carrier ends, uint8_t protocol, bool quoted)
{
	struct job *job = ear_place(ear);
	struct packet *shadow = &job->packet;

	*shadow = *packet;
	shadow->carriers = 0;
	shadow->flags = PACKET_SHADOW | (quoted ? PACKET_QUOTED : 0);
	shadow->datagram = NULL;
	shadow->payload = span_of(NULL, 0);
	shadow->payload_length = 0;
	shadow->layer = PACKET_TRANSPORT;
	shadow->protocol = protocol;
	shadow->from = ends.from;
	shadow->to = ends.to;
	shadow->from_port = ends.from_port;
	shadow->to_port = ends.to_port;
	shadow->tcp_flags = 0;
	shadow->tcp_seq = quoted ? packet->quote.tcp_seq : 0;
	shadow->ttl = 0;
	ear_route(ear, job);
}

static void ear_shadows(struct ear *ear, const struct packet *packet)
{
	const struct packet_quote *quote = &packet->quote;

	for (uint8_t i = 0; i < packet->carriers; i++)
		ear_shadow(ear, packet, packet->carrier[i], IP_UDP, false);
	if (packet->flags & PACKET_LATE_ERROR &&
	    (quote->protocol == IP_UDP || (quote->protocol == IP_TCP && quote->whole)))
		ear_shadow(ear, packet,
		    (struct packet_carrier){ .from = quote->from, .to = quote->to,
			.from_port = quote->from_port, .to_port = quote->to_port },
		    quote->protocol, true);
}

static void ear_count(struct ear *ear, const struct packet *packet)
{
	struct ear_counts *counts = &ear->counts;

	if (counts->frames++ == 0 || packet->time_ns < counts->first_ns)
		counts->first_ns = packet->time_ns;
	if (counts->frames == 1 || packet->time_ns > counts->last_ns)
		counts->last_ns = packet->time_ns;
	counts->frame_bytes += packet->length;
	counts->captured_bytes += packet->captured;
	counts->outer_ip_bytes += packet->outer_length;
	counts->malformed += (packet->flags & PACKET_MALFORMED) != 0;
	if (packet->flags & PACKET_CUT) {
		counts->cut++;
		counts->cut_to = packet->captured > counts->cut_to ? packet->captured : counts->cut_to;
	}
	counts->overlaps += (packet->flags & PACKET_OVERLAP) != 0;
	counts->unknown_link += packet->layer == PACKET_NOTHING;
}

/* Its shadows go before it, and need the place where it lies. */
static void ear_packet(struct ear *ear, struct job *job)
{
	if (job->packet.carriers > 0 || job->packet.flags & PACKET_LATE_ERROR) {
		ear->aside = *job;
		job = &ear->aside;
		ear_shadows(ear, &job->packet);
	}
	ear_route(ear, job);
}

void ear_take(struct ear *ear, const struct frame *frame)
{
	if (frame->lump != ear->lump) { /* the reader may want the old one back */
		ear_flush(ear);
		ear->lump = frame->lump;
	}
	struct job *job = ear_place(ear);

	packet_read(frame, ear->fragments, &job->packet);
	if (frame->time_ns > ear->clock_ns) {
		ear->clock_ns = frame->time_ns;
		ear->clock = (uint32_t)(frame->time_ns / 1000000000);
	}
	struct span more = job->packet.more, inner;

	ear_count(ear, &job->packet);
	/* of several frames in one each counts its own bytes, the first what is left */
	job->packet.length -= more.left < job->packet.length ? (uint32_t)more.left : 0;
	ear_packet(ear, job);
	while (link_more_cut(&more, &inner)) {
		struct frame next = *frame;

		next.bytes = inner;
		next.length = (uint32_t)inner.left;
		next.link = LINK_ETHERNET;
		job = ear_place(ear);
		packet_read(&next, ear->fragments, &job->packet);
		ear_packet(ear, job);
	}
	if (!ear->threads && frame->lump == NULL)
		ear_flush(ear);
}

void ear_secrets(struct ear *ear, struct span keylog)
{
	if (keylog.left == 0)
		return;
	ear_flush(ear);
	for (unsigned i = 0; i < ear->count; i++) {
		struct batch *batch = post_batch(&ear->posts[i]);

		batch->secrets = malloc(keylog.left);
		if (batch->secrets == NULL)
			continue;
		memcpy(batch->secrets, keylog.at, keylog.left);
		batch->secrets_len = keylog.left;
		post_send(&ear->posts[i]);
	}
}

/* -- beginning and end ------------------------------------------------------------------------------ */

static int post_init(struct ear *ear, struct post *post, const struct ear_plan *plan,
    const struct listener *listener, struct why *why)
{
	size_t memory = plan->memory > 0 ? plan->memory : LIMIT_EAR_MEMORY;
	int code = worker_init(&post->worker, listener, plan->seed, memory / ear->count, why);

	if (code == KS_OK && plan->keylog.left > 0)
		code = keylog_add(post->worker.keys, plan->keylog, NULL, why);
	return code == KS_OK ? post_begin(post, ear->threads, why) : code;
}

int ear_new(const struct ear_plan *plan, struct ear **ret_ear, struct why *why)
{
	struct ear *ear = calloc(1, sizeof *ear);
	int code = KS_OK;

	if (ear == NULL)
		return fail(why, KS_FULL, "out of memory");
	ear->threads = plan->threads > 1;
	ear->count = plan->threads > 1 ? plan->threads : 1;
	ear->seed = plan->seed;
	must(ear->count <= LIMIT_EAR_THREADS);
	ear->fragments = fragments_new(plan->seed);
	ear->posts = calloc(ear->count, sizeof *ear->posts);
	if (ear->fragments == NULL || ear->posts == NULL)
		code = fail(why, KS_FULL, "out of memory");
	for (unsigned i = 0; code == KS_OK && i < ear->count; i++)
		code = post_init(ear, &ear->posts[i], plan, &plan->listeners[i], why);
	if (code != KS_OK) {
		ear_free(ear);
		return code;
	}
	*ret_ear = ear;
	return KS_OK;
}

static void counts_add(struct ear_counts *to, const struct worker_counts *more)
{
	to->tcp += more->tcp;
	to->udp += more->udp;
	to->other += more->other;
	to->evicted += more->evicted;
	to->gap_bytes += more->gap_bytes;
	to->overlaps += more->overlaps;
}

static void post_finish(struct ear *ear, struct post *post)
{
	struct ear_counts *counts = &ear->counts;

	post_end(post, ear->clock);
	counts_add(counts, &post->worker.counts);
}

void ear_end(struct ear *ear)
{
	struct fragment_counts fragments = fragments_counts(ear->fragments);

	must(!ear->ended);
	ear->ended = true;
	for (unsigned i = 0; i < ear->count; i++) {
		post_finish(ear, &ear->posts[i]);
		if (i > 0)
			hashset_join(&ear->posts[0].worker.hosts, &ear->posts[i].worker.hosts);
	}
	ear->counts.hosts = ear->posts[0].worker.hosts.count;
	ear->counts.fragments = fragments.taken;
	ear->counts.fragments_lost = fragments.lost;
	ear->lump = NULL;
}

void ear_report(struct ear *ear, int64_t now_ns, int64_t least_ns)
{
	must(!ear->threads && !ear->ended);
	ear_flush(ear);
	if (now_ns > ear->clock_ns) {
		ear->clock_ns = now_ns;
		ear->clock = (uint32_t)(now_ns / 1000000000);
	}
	worker_report(&ear->posts[0].worker, ear->clock_ns, least_ns);
}

void ear_tick(struct ear *ear, int64_t now_ns, bool expire)
{
	must(!ear->ended);
	if (expire && now_ns > ear->clock_ns) {
		ear->clock_ns = now_ns;
		ear->clock = (uint32_t)(now_ns / 1000000000);
	}
	ear_flush(ear);
	for (unsigned i = 0; i < ear->count; i++) {
		struct batch *batch = post_batch(&ear->posts[i]);

		batch->tick_ns = now_ns;
		batch->expire = expire;
		post_flush(&ear->posts[i]);
	}
}

struct ear_counts ear_counts_now(const struct ear *ear, uint64_t *ret_flows,
    uint64_t *ret_memory)
{
	struct ear_counts counts = ear->counts;

	*ret_flows = *ret_memory = 0;
	if (ear->ended)
		return counts;
	struct fragment_counts fragments = fragments_counts(ear->fragments);

	counts.fragments = fragments.taken;
	counts.fragments_lost = fragments.lost;
	for (unsigned i = 0; i < ear->count; i++) {
		const struct ear_worker *worker = &ear->posts[i].worker;

		counts_add(&counts, &worker->counts);
		*ret_flows += worker->flows.used;
		*ret_memory += flow_table_memory(&worker->flows) + worker->held;
	}
	return counts;
}

struct ear_counts ear_counts(const struct ear *ear)
{
	return ear->counts;
}

void ear_free(struct ear *ear)
{
	if (ear == NULL)
		return;
	if (!ear->ended && ear->posts != NULL && ear->fragments != NULL)
		ear_end(ear);
	for (unsigned i = 0; ear->posts != NULL && i < ear->count; i++)
		post_done(&ear->posts[i]);
	free(ear->posts);
	fragments_free(ear->fragments);
	free(ear);
}
