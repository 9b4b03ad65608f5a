/* Blocks of memory, and which format it is. */
#include "base/drop.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/text.h"
#include "wire/capture_inside.h"
#include "wire/har.h"
#include <stdlib.h>
#include <sys/stat.h>

/* -- lumps ---------------------------------------------------------------------------- */

void lump_hold(struct lump *lump)
{
	atomic_fetch_add_explicit(&lump->holders, 1, memory_order_relaxed);
}

/* The pool goes with its last user: lumps may outlive the capture. */
static void pool_leave(struct lump_pool *pool)
{
	if (pool == NULL ||
	    atomic_fetch_sub_explicit(&pool->users, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < LUMPS; i++)
		free(pool->lumps[i].bytes);
	(void)pthread_cond_destroy(&pool->free);
	(void)pthread_mutex_destroy(&pool->lock);
	free(pool);
}

void lump_drop(struct lump *lump)
{
	struct lump_pool *pool = lump != NULL ? lump->pool : NULL;

	if (pool == NULL ||
	    atomic_fetch_sub_explicit(&lump->holders, 1, memory_order_acq_rel) != 1)
		return;
	(void)pthread_mutex_lock(&pool->lock);
	(void)pthread_cond_signal(&pool->free);
	(void)pthread_mutex_unlock(&pool->lock);
	pool_leave(pool);
}

static struct lump *pool_find(struct lump_pool *pool)
{
	struct lump *bare = NULL;

	for (size_t i = 0; i < LUMPS; i++) {
		struct lump *lump = &pool->lumps[i];

		if (lump->bytes == NULL)
			bare = bare == NULL ? lump : bare;
		else if (atomic_load_explicit(&lump->holders, memory_order_acquire) == 0)
			return lump;
	}
	if (bare != NULL)
		bare->bytes = malloc(LUMP_SIZE);
	return bare != NULL && bare->bytes != NULL ? bare : NULL;
}

/* A lump nobody holds, held once by the caller; waits for one when there are some. */
static struct lump *pool_take(struct lump_pool *pool)
{
	struct lump *lump;

	(void)pthread_mutex_lock(&pool->lock);
	while ((lump = pool_find(pool)) == NULL && pool->lumps[0].bytes != NULL)
		(void)pthread_cond_wait(&pool->free, &pool->lock);
	(void)pthread_mutex_unlock(&pool->lock);
	if (lump != NULL) {
		lump_hold(lump);
		atomic_fetch_add_explicit(&pool->users, 1, memory_order_relaxed);
	}
	return lump;
}

static struct lump_pool *pool_new(void)
{
	struct lump_pool *pool = calloc(1, sizeof *pool);

	if (pool == NULL)
		return NULL;
	atomic_init(&pool->users, 1);
	(void)pthread_mutex_init(&pool->lock, NULL);
	(void)pthread_cond_init(&pool->free, NULL);
	for (size_t i = 0; i < LUMPS; i++)
		pool->lumps[i].pool = pool;
	return pool;
}

/* -- bytes in order --------------------------------------------------------------------- */

/* What is left moves to the front of a fresh lump: frames told earlier may still be
 * held in the old one. */
static int lump_turn(struct capture *capture, struct why *why)
{
	struct lump *next = pool_take(capture->pool);
	size_t left = capture->end - capture->at;

	if (next == NULL)
		return fail(why, KS_FULL, "out of memory");
	if (left > 0)
		memcpy(next->bytes, capture->lump->bytes + capture->at, left);
	lump_drop(capture->lump);
	capture->lump = next;
	capture->at = 0;
	capture->end = left;
	return KS_OK;
}

static int lump_fill(struct capture *capture, size_t n, struct why *why)
{
	size_t full = n > LUMP_READ ? LUMP_SIZE : LUMP_READ;
	int code = KS_OK;

	if (capture->lump == NULL || capture->at + n > full)
		code = lump_turn(capture, why);
	while (code == KS_OK && capture->end - capture->at < n && !capture->input_over) {
		size_t got = 0;
		int input = input_read(capture->input, capture->lump->bytes + capture->end,
		    full - capture->end, &got, &capture->input_why);

		capture->end += got;
		capture->facts.bytes_read = input_taken(capture->input);
		if (input != KS_OK) {
			capture->input_over = true;
			capture->input_code = input;
		}
	}
	return code;
}

/* More than lies there: read on. */
int capture_reach(struct capture *capture, size_t n, struct why *why)
{
	int code;
	size_t left;

	must(n <= LUMP_SIZE);
	code = lump_fill(capture, n, why);
	if (code != KS_OK)
		return code;
	left = capture->end - capture->at;
	if (left < n && capture->input_code != KS_ABSENT) {
		if (why != NULL)
			*why = capture->input_why;
		return capture->input_code;
	}
	if (left < n)
		return left == 0 ? KS_ABSENT : capture_stop_short(capture, why);
	return KS_OK;
}

int capture_skip(struct capture *capture, uint64_t n, struct why *why)
{
	struct span bytes;

	while (n > 0) {
		size_t part = n < LUMP_SIZE / 2 ? (size_t)n : LUMP_SIZE / 2;
		int code = capture_peek(capture, part, &bytes, why);

		if (code != KS_OK)
			return code == KS_ABSENT ? capture_stop_short(capture, why) : code;
		capture_eat(capture, part);
		n -= part;
	}
	return KS_OK;
}

int capture_stop_short(struct capture *capture, struct why *why)
{
	return fail(why, KS_TRUNCATED,
	    "%s: cut short in the middle of a record, at byte %llu after frame %llu",
	    capture->name, (unsigned long long)capture->facts.offset,
	    (unsigned long long)capture->frames);
}

int capture_stop_bad(struct capture *capture, const char *what, struct why *why)
{
	return fail(why, KS_MALFORMED, "%s: %s, at byte %llu after frame %llu", capture->name,
	    what, (unsigned long long)capture->facts.offset,
	    (unsigned long long)capture->frames);
}

/* -- interfaces and frames ---------------------------------------------------------------- */

int capture_interface_add(struct capture *capture, struct interface interface,
    struct why *why)
{
	if (capture->interface_count == LIMIT_CAPTURE_INTERFACES)
		return fail(why, KS_FULL, "%s: more than %d interfaces", capture->name,
		    (int)LIMIT_CAPTURE_INTERFACES);
	if (capture->interface_count == capture->interface_room) {
		uint32_t room = capture->interface_room > 0 ? capture->interface_room * 2 : 8;
		struct interface *more = realloc(capture->interfaces, room * sizeof *more);

		if (more == NULL)
			return fail(why, KS_FULL, "out of memory");
		capture->interfaces = more;
		capture->interface_room = room;
	}
	capture->interfaces[capture->interface_count++] = interface;
	capture->facts.interfaces = capture->interface_count;
	return KS_OK;
}

int64_t interface_time(const struct interface *interface, uint64_t ticks)
{
	const uint64_t far = INT64_MAX / 1000000000;
	uint64_t s, rest, ns;

	if (interface->units == 1000000) { /* nearly always */
		s = ticks / 1000000;
		ns = ticks % 1000000 * 1000;
	} else {
		s = ticks / interface->units;
		rest = ticks % interface->units;
		ns = (uint64_t)((double)rest * 1e9 / (double)interface->units);
		if (interface->units <= 1000000000)
			ns = rest * (1000000000 / interface->units);
	}
	if (s >= far || interface->offset_s >= (int64_t)(far - s) ||
	    interface->offset_s < -(int64_t)far)
		return INT64_MAX;
	return ((int64_t)s + interface->offset_s) * 1000000000 + (int64_t)ns;
}

/* -- which format ---------------------------------------------------------------------------- */

/* Formats that other programs turn into pcapng, and packings that others undo, by their
 * first bytes. */
static const struct foreign {
	const char *magic, *says;
	uint8_t len;
	const char *unpack; /* NULL: not packed */
} foreign[] = {
	{ "XCP", "NetXRay", 3, NULL },
	{ "GMBU", "Network Monitor", 4, NULL },
	{ "RTSS", "Network Monitor", 4, NULL },
	{ "TRSNIFF data", "Sniffer", 12, NULL },
	{ "btsnoop", "btsnoop", 7, NULL },
	{ "BZh", "bzip2", 3, "bzip2 -dc" },
	{ "\x04\x22\x4d\x18", "lz4", 4, "lz4 -dc" },
	{ "PK\x03\x04", "zip", 4, "unzip -p" },
};

static int capture_unknown(const struct capture *capture, struct span head, struct why *why)
{
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		const struct foreign *one = &foreign[i];

		if (head.left < one->len || memcmp(head.at, one->magic, one->len) != 0)
			continue;
		if (one->unpack != NULL)
			return fail(why, KS_MALFORMED,
			    "%s: packed with %s, which keisoku does not read; unpack it into a pipe: %s FILE | keisoku audit -",
			    capture->name, one->says, one->unpack);
		return fail(why, KS_MALFORMED, "%s: a %s file; turn it into pcapng first (editcap can)",
		    capture->name, one->says);
	}
	return fail(why, KS_MALFORMED, "%s: neither pcap, pcapng, snoop nor HAR", capture->name);
}

static int no_frames(struct capture *capture, struct frame *ret_frame, struct why *why)
{
	(void)capture;
	(void)ret_frame;
	(void)why;
	return KS_ABSENT;
}

int capture_whole(struct capture *capture, struct text *to, struct why *why)
{
	struct span bytes;
	int code;

	while ((code = capture_peek(capture, 1, &bytes, why)) == KS_OK) {
		size_t n = capture->end - capture->at;

		text_add_span(to, span_of(bytes.at, n));
		capture_eat(capture, n);
		if (to->full)
			return fail(why, KS_FULL, "%s: longer than the %lld bytes that are read of such a file",
			    capture->name, (long long)to->max);
	}
	return code == KS_ABSENT ? KS_OK : code;
}

/* Text that may be a HAR: a pipe that drips is waited for. */
static bool is_har(struct capture *capture)
{
	enum { BEGINS = 256 };
	struct span head = span_of(capture->lump->bytes + capture->at, capture->end - capture->at);

	if (memchr("{ \t\r\n\xef", *head.at, 6) == NULL)
		return false;
	(void)capture_peek(capture, BEGINS, &head, NULL); /* a short file has less */
	head = span_of(capture->lump->bytes + capture->at, capture->end - capture->at);
	return har_looks(head);
}

static int capture_begin(struct capture *capture, struct why *why)
{
	struct span head;
	int code = capture_peek(capture, 4, &head, why);

	if (code == KS_ABSENT)
		return fail(why, KS_TRUNCATED, "%s: empty", capture->name);
	if (code != KS_OK)
		return code;
	switch (span_be(&head, 4)) {
	case 0x0a0d0d0a:
		return pcapng_begin(capture, why);
	case 0x736e6f6f: /* "snoo" */
		return snoop_begin(capture, why);
	case 0xa1b2c3d4: /* us, ns, modified, IXIA; each in both byte orders */
	case 0xd4c3b2a1:
	case 0xa1b23c4d:
	case 0x4d3cb2a1:
	case 0xa1b2cd34:
	case 0x34cdb2a1:
		return pcap_begin(capture, why);
	default:
		if (is_har(capture)) {
			capture->facts.format = "har";
			capture->next = no_frames;
			return KS_OK;
		}
		head = span_of(capture->lump->bytes + capture->at, capture->end - capture->at);
		return capture_unknown(capture, head, why);
	}
}

int capture_new(int fd, const char *name, const struct capture_ears *ears,
    struct capture **ret_capture, struct why *why)
{
	KS_DROP(capture) struct capture *capture = calloc(1, sizeof *capture);
	struct stat about;
	int code;

	if (capture == NULL || (capture->pool = pool_new()) == NULL)
		return fail(why, KS_FULL, "out of memory");
	capture->name = name;
	capture->input_code = KS_ABSENT;
	if (ears != NULL)
		capture->ears = *ears;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0)
		capture->facts.bytes_total = (uint64_t)about.st_size;
	code = input_new(fd, name, &capture->input, why);
	if (code == KS_OK && capture->facts.bytes_total == 0)
		input_idle(capture->input, capture->ears.idle, capture->ears.context);
	if (code == KS_OK)
		code = capture_begin(capture, why);
	if (code != KS_OK)
		return code;
	capture->facts.packing = input_packing(capture->input);
	*ret_capture = capture;
	capture = NULL;
	return KS_OK;
}

int capture_next(struct capture *capture, struct frame *ret_frame, struct why *why)
{
	if (capture->over)
		return KS_ABSENT;
	int code = capture->next(capture, ret_frame, why);

	if (code != KS_OK)
		capture->over = true;
	return code;
}

const struct capture_facts *capture_facts(const struct capture *capture)
{
	return &capture->facts;
}

void capture_free(struct capture *capture)
{
	if (capture == NULL)
		return;
	input_free(capture->input);
	lump_drop(capture->lump);
	pool_leave(capture->pool);
	free(capture->interfaces);
	free(capture);
}
