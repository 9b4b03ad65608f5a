/* Batches in a ring between the reader and a worker. */
#include "wire/post.h"
#include "base/limits.h"
#include "wire/capture.h"
#include <stdlib.h>

/* Who sleeps is woken for WAKE batches, not for each: a waking costs as much as one. */
enum { WAKE = 32, COPY_ROOM = 256 * 1024 };

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
	if (batch->tick_ns != 0)
		worker_tick(worker, batch->tick_ns, batch->expire);
	batch->tick_ns = 0;
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

void post_send(struct post *post)
{
	struct batch *batch = post_batch(post);

	if (batch->count == 0 && batch->secrets == NULL && batch->tick_ns == 0 && !batch->last)
		return;
	if (!post->threaded) {
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

void post_flush(struct post *post)
{
	post_send(post);
	if (!post->threaded)
		return;
	(void)pthread_mutex_lock(&post->lock);
	(void)pthread_cond_signal(&post->more);
	(void)pthread_mutex_unlock(&post->lock);
}

/* -- copies ---------------------------------------------------------------------------------- */

void batch_keep(struct batch *batch, struct packet *packet)
{
	uint8_t *to;

	if (packet->payload.left == 0 || packet->datagram != NULL)
		return;
	to = batch->copy + batch->copied;
	memcpy(to, packet->payload.at, packet->payload.left);
	packet->payload.at = to;
	batch->copied += packet->payload.left;
}

bool batch_has_room(struct batch *batch, size_t bytes)
{
	if (batch->copy == NULL)
		batch->copy = malloc(COPY_ROOM);
	return batch->copy != NULL && COPY_ROOM - batch->copied >= bytes;
}

/* -- beginning and end ----------------------------------------------------------------------- */

static size_t post_batches(const struct post *post)
{
	return post->threaded ? BATCHES : 1;
}

int post_begin(struct post *post, bool threaded, struct why *why)
{
	post->threaded = threaded;
	(void)pthread_mutex_init(&post->lock, NULL);
	(void)pthread_cond_init(&post->more, NULL);
	(void)pthread_cond_init(&post->less, NULL);
	post->batches = calloc(post_batches(post), sizeof *post->batches);
	if (post->batches == NULL)
		return fail(why, KS_FULL, "out of memory");
	if (threaded && pthread_create(&post->thread, NULL, post_run, post) != 0)
		return fail(why, KS_FULL, "cannot start a thread");
	post->started = threaded;
	return KS_OK;
}

void post_end(struct post *post, uint32_t clock)
{
	if (post->batches == NULL) /* it never began */
		return;
	if (post->started) {
		post_batch(post)->last = true;
		post_batch(post)->clock = clock;
		post_flush(post);
		(void)pthread_join(post->thread, NULL);
		post->started = false;
	} else if (!post->threaded) {
		post_send(post);
		worker_end(&post->worker, clock);
	}
}

void post_done(struct post *post)
{
	for (size_t i = 0; post->batches != NULL && i < post_batches(post); i++)
		free(post->batches[i].copy);
	free(post->batches);
	worker_done(&post->worker);
	(void)pthread_cond_destroy(&post->less);
	(void)pthread_cond_destroy(&post->more);
	(void)pthread_mutex_destroy(&post->lock);
}
