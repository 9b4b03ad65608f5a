/* Frames are taken apart in the caller's thread and go to the workers in batches: a
 * batch asks for its flows' memory all at once, and costs one lock. */
#include "wire/ear.h"
#include "base/limits.h"
#include "base/must.h"
#include "wire/capture.h"
#include "wire/frag.h"
#include "wire/link.h"
#include "wire/worker.h"
#include <pthread.h>
#include <stdlib.h>

/* Who sleeps is woken for WAKE batches, not for each: a waking costs as much as one. */
enum { LINK_ETHERNET = 1 }; /* LINKTYPE_ETHERNET */
enum { BATCH = 32, BATCHES = 64, WAKE = 32, COPY_ROOM = 256 * 1024 };

struct job {
	struct flow_key key;
	uint64_t hash;
	uint32_t clock;
	bool turned;
	struct packet packet;
};

struct batch {
	struct job jobs[BATCH];
	size_t count;
	struct lump *lump;   /* that its frames lie in; NULL: in copy */
	uint8_t *copy;	     /* COPY_ROOM bytes, when frames had to be copied */
	size_t copied;
	uint8_t *secrets; /* key log text, taken before the jobs */
	size_t secrets_len;
	bool last;	   /* nothing follows: the flows end, at this clock */
	uint32_t clock;
};

/* A worker with its thread and its ring of batches: [done, ready) wait, `ready` is being
 * filled by the reader. */
struct post {
	struct ear_worker worker;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;
	pthread_cond_t more, less;
	size_t ready, done;
	struct batch *batches;
};

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

/* -- work ---------------------------------------------------------------------------------- */

static void batch_run(struct ear_worker *worker, struct batch *batch)
{
	if (batch->secrets != NULL) {
		/* past the limit the rest of the secrets is not used */
		worker->counts.secrets_full += keylog_add(worker->keys,
		    span_of(batch->secrets, batch->secrets_len), NULL, NULL) != KS_OK;
		free(batch->secrets);
		batch->secrets = NULL;
	}
	for (size_t i = 0; i < batch->count; i++)
		flow_prefetch_slot(&worker->flows, batch->jobs[i].hash);
	for (size_t i = 0; i < batch->count; i++)
		flow_prefetch(&worker->flows, batch->jobs[i].hash);
	for (size_t i = 0; i < batch->count; i++) {
		struct job *job = &batch->jobs[i];

		worker_take(worker,
		    &(struct worker_packet){ .packet = &job->packet, .key = &job->key,
			.hash = job->hash, .clock = job->clock, .turned = job->turned });
		packet_drop(&job->packet);
	}
	if (batch->count > 0)
		worker_sweep(worker, batch->jobs[batch->count - 1].clock);
	batch->count = 0;
	batch->copied = 0;
	lump_drop(batch->lump);
	batch->lump = NULL;
}

static void *post_run(void *context)
{
	struct post *post = context;
	bool last = false;
	uint32_t clock = 0;

	while (!last) {
		(void)pthread_mutex_lock(&post->lock);
		while (post->done == post->ready)
			(void)pthread_cond_wait(&post->more, &post->lock);
		(void)pthread_mutex_unlock(&post->lock);

		struct batch *batch = &post->batches[post->done % BATCHES];

		last = batch->last;
		clock = batch->clock;
		batch_run(&post->worker, batch);
		(void)pthread_mutex_lock(&post->lock);
		post->done++;
		if (post->ready - post->done <= BATCHES - WAKE)
			(void)pthread_cond_signal(&post->less);
		(void)pthread_mutex_unlock(&post->lock);
	}
	worker_end(&post->worker, clock);
	return NULL;
}

static struct batch *post_batch(struct post *post)
{
	return &post->batches[post->ready % BATCHES];
}

/* Hand the filled batch over; wait until the next one is free. */
static void post_send(const struct ear *ear, struct post *post)
{
	struct batch *batch = post_batch(post);

	if (batch->count == 0 && batch->secrets == NULL && !batch->last)
		return;
	if (!ear->threads) {
		batch_run(&post->worker, batch);
		return;
	}
	(void)pthread_mutex_lock(&post->lock);
	post->ready++;
	if (post->ready - post->done >= WAKE)
		(void)pthread_cond_signal(&post->more);
	while (post->ready - post->done == BATCHES)
		(void)pthread_cond_wait(&post->less, &post->lock);
	(void)pthread_mutex_unlock(&post->lock);
}

/* Nothing waits for company any longer. */
static void post_flush(const struct ear *ear, struct post *post)
{
	post_send(ear, post);
	if (!ear->threads)
		return;
	(void)pthread_mutex_lock(&post->lock);
	(void)pthread_cond_signal(&post->more);
	(void)pthread_mutex_unlock(&post->lock);
}

void ear_flush(struct ear *ear)
{
	for (unsigned i = 0; i < ear->count; i++)
		post_flush(ear, &ear->posts[i]);
}

/* -- routing ------------------------------------------------------------------------------------ */

/* Frames without a lump die with the caller's call: the batch keeps a copy. */
static void batch_keep(struct batch *batch, struct packet *packet)
{
	uint8_t *to;

	if (packet->payload.left == 0 || packet->datagram != NULL)
		return;
	to = batch->copy + batch->copied;
	memcpy(to, packet->payload.at, packet->payload.left);
	packet->payload.at = to;
	batch->copied += packet->payload.left;
}

static bool batch_has_room(struct batch *batch, size_t bytes)
{
	if (batch->copy == NULL)
		batch->copy = malloc(COPY_ROOM);
	return batch->copy != NULL && COPY_ROOM - batch->copied >= bytes;
}

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
		post_send(ear, post);
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
		post_send(ear, post);
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
	counts->cut += (packet->flags & PACKET_CUT) != 0;
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
		post_send(ear, &ear->posts[i]);
	}
}

/* -- beginning and end ------------------------------------------------------------------------------ */

static int post_init(struct ear *ear, struct post *post, const struct ear_plan *plan,
    const struct listener *listener, struct why *why)
{
	size_t memory = plan->memory > 0 ? plan->memory : LIMIT_EAR_MEMORY;
	int code;

	(void)pthread_mutex_init(&post->lock, NULL);
	(void)pthread_cond_init(&post->more, NULL);
	(void)pthread_cond_init(&post->less, NULL);
	post->batches = calloc(ear->threads ? BATCHES : 1, sizeof *post->batches);
	if (post->batches == NULL)
		return fail(why, KS_FULL, "out of memory");
	code = worker_init(&post->worker, listener, plan->seed, memory / ear->count, why);
	if (code == KS_OK && plan->keylog.left > 0)
		code = keylog_add(post->worker.keys, plan->keylog, NULL, why);
	if (code == KS_OK && ear->threads) {
		if (pthread_create(&post->thread, NULL, post_run, post) != 0)
			return fail(why, KS_FULL, "cannot start a thread");
		post->started = true;
	}
	return code;
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

	if (post->batches == NULL) /* it never began */
		return;
	if (post->started) {
		post_batch(post)->last = true;
		post_batch(post)->clock = ear->clock;
		post_flush(ear, post);
		(void)pthread_join(post->thread, NULL);
		post->started = false;
	} else if (!ear->threads) {
		post_send(ear, post);
		worker_end(&post->worker, ear->clock);
	}
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
	for (unsigned i = 0; ear->posts != NULL && i < ear->count; i++) {
		struct post *post = &ear->posts[i];

		for (size_t j = 0; post->batches != NULL && j < (ear->threads ? BATCHES : 1); j++)
			free(post->batches[j].copy);
		free(post->batches);
		worker_done(&post->worker);
		(void)pthread_cond_destroy(&post->less);
		(void)pthread_cond_destroy(&post->more);
		(void)pthread_mutex_destroy(&post->lock);
	}
	free(ear->posts);
	fragments_free(ear->fragments);
	free(ear);
}
