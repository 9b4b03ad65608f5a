/* src/wire/post.h - a worker's post: the ring of batches that come to it, and the thread in
 * which it takes them, when it has one of its own.  A batch asks for its flows' memory all at
 * once, and costs one lock. */
#ifndef KS_WIRE_POST_H
#define KS_WIRE_POST_H
#include "wire/worker.h"
#include <pthread.h>

enum { BATCH = 32, BATCHES = 64 };

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
	int64_t tick_ns;   /* so late it is after the jobs (worker_tick); 0: nothing is to be done */
	bool expire;
	bool last;	   /* nothing follows: the flows end, at this clock */
	uint32_t clock;
};

/* A worker with its thread and its ring of batches: [done, ready) wait, `ready` is being
 * filled by the reader. */
struct post {
	struct ear_worker worker;
	pthread_t thread;
	bool threaded, started; /* it is to have a thread; the thread runs */
	pthread_mutex_t lock;
	pthread_cond_t more, less;
	size_t ready, done;
	struct batch *batches;
};

/* The one that is being filled. */
static inline struct batch *post_batch(struct post *post)
{
	return &post->batches[post->ready % BATCHES];
}
/* Hand the filled batch over (without a thread of its own: it is taken now); wait until the
 * next one is free. */
void post_send(struct post *post);
/* Nothing waits for company any longer. */
void post_flush(struct post *post);
/* Frames without a lump die with the caller's call: the batch keeps a copy. */
bool batch_has_room(struct batch *batch, size_t bytes);
void batch_keep(struct batch *batch, struct packet *packet);
/* After worker_init(): room for batches, and the thread. */
KS_MUST int post_begin(struct post *post, bool threaded, struct why *why);
/* The rest is taken, every flow ends, at this clock, and so does the thread. */
void post_end(struct post *post, uint32_t clock);
/* The worker's memory as well; of one that never began, too. */
void post_done(struct post *post);
#endif
