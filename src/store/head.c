#include "store/head.h"
#include "base/must.h"
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 8, FIRST_HEADS = 256 };

void heads_init(struct heads *heads, int64_t window_ms)
{
	*heads = (struct heads){ .window_ms = window_ms };
}

static void head_empty(struct heads *heads, struct head *head)
{
	heads->open_n -= head->open;
	packer_done(&head->packer);
	free(head->slots);
	*head = (struct head){ .last_ms = head->last_ms };
}

void heads_sealed(struct heads *heads)
{
	for (size_t i = 0; i < heads->closed_n; i++) {
		heads->samples -= heads->closed[i].n;
		drop_blob(&heads->closed[i].blob);
	}
	heads->closed_n = 0;
	heads->closed_bytes = 0;
}

void heads_done(struct heads *heads)
{
	for (uint32_t i = 0; i < heads->room; i++)
		head_empty(heads, &heads->at[i]);
	heads_sealed(heads);
	free(heads->at);
	free(heads->closed);
	*heads = (struct heads){ .room = 0 };
}

bool window_of(const struct heads *heads, int64_t time_ms, uint32_t *ret_window)
{
	int64_t window = time_ms / heads->window_ms;

	if (time_ms < 0 || window >= 1LL << WINDOW_BITS)
		return false;
	*ret_window = (uint32_t)window;
	return true;
}

static int heads_room(struct heads *heads, uint32_t series)
{
	uint32_t room = heads->room == 0 ? FIRST_HEADS : heads->room;

	while (room <= series)
		room *= 2;
	if (room == heads->room)
		return KS_OK;
	struct head *at = realloc(heads->at, room * sizeof *at);

	if (at == NULL)
		return KS_FULL;
	memset(at + heads->room, 0, (room - heads->room) * sizeof *at);
	heads->at = at;
	heads->room = room;
	return KS_OK;
}

int heads_last(struct heads *heads, uint32_t series, int64_t last_ms)
{
	if (last_ms <= 0)
		return KS_OK;
	if (series >= heads->room && heads_room(heads, series) != KS_OK)
		return KS_FULL;
	if (!heads->at[series].open && heads->at[series].last_ms < last_ms)
		heads->at[series].last_ms = last_ms;
	return KS_OK;
}

static void head_slots(const struct heads *heads, const struct head *head,
    struct point *ret_points)
{
	int64_t base = head->window * heads->window_ms;

	for (size_t i = 0; i < head->n; i++) {
		ret_points[i].time_ms = base + head->slots[i].after_ms;
		memcpy(&ret_points[i].value, head->slots[i].half, sizeof(double));
	}
}

/* The slots as one more block of the stream. */
static int head_pack(const struct heads *heads, struct head *head)
{
	struct point points[BLOCK];

	head_slots(heads, head, points);
	int bad = packer_add(&head->packer, points, head->n);

	if (bad == KS_OK)
		head->n = 0;
	return bad;
}

static int closed_room(struct heads *heads)
{
	size_t room = heads->closed_room == 0 ? FIRST_HEADS : heads->closed_room * 2;

	if (heads->closed_n < heads->closed_room)
		return KS_OK;
	struct closed *closed = realloc(heads->closed, room * sizeof *closed);

	if (closed == NULL)
		return KS_FULL;
	heads->closed = closed;
	heads->closed_room = room;
	return KS_OK;
}

static int head_close(struct heads *heads, uint32_t series)
{
	struct head *head = &heads->at[series];
	struct closed closed = { .series = series, .window = head->window,
		.last_ms = head->last_ms };

	if (closed_room(heads) != KS_OK || (head->n > 0 && head_pack(heads, head) != KS_OK) ||
	    packer_blob(&head->packer, &closed.blob) != KS_OK)
		return KS_FULL;
	closed.n = head->packer.n;
	heads->closed[heads->closed_n++] = closed;
	heads->closed_bytes += closed.blob.len;
	head_empty(heads, head);
	return KS_OK;
}

int heads_close(struct heads *heads, int64_t until_ms)
{
	for (uint32_t i = 0; i < heads->room; i++)
		if (heads->at[i].open &&
		    (heads->at[i].window + 1) * heads->window_ms <= until_ms &&
		    head_close(heads, i) != KS_OK)
			return KS_FULL;
	return KS_OK;
}

/* Room for one more slot: packs a full block, or grows in steps. */
static int slot_room(const struct heads *heads, struct head *head)
{
	if (head->n == BLOCK)
		return head_pack(heads, head);
	if (head->n < head->room)
		return KS_OK;
	size_t room = head->room == 0 ? FIRST_SLOTS : (size_t)head->room * 2;
	struct slot *slots = realloc(head->slots, room * sizeof *slots);

	if (slots == NULL)
		return KS_FULL;
	head->slots = slots;
	head->room = (uint8_t)room;
	return KS_OK;
}

int heads_add(struct heads *heads, const struct sample *sample)
{
	uint32_t window;

	if (!window_of(heads, sample->time_ms, &window))
		return HEAD_LATE;
	if (sample->series >= heads->room && heads_room(heads, sample->series) != KS_OK)
		return KS_FULL;
	struct head *head = &heads->at[sample->series];

	if (sample->time_ms <= head->last_ms && (head->open || head->last_ms > 0))
		return HEAD_LATE;
	if (head->open && head->window != window && head_close(heads, sample->series) != KS_OK)
		return KS_FULL;
	/* more than a chunk may hold: late ones have no such limit */
	if (head->open && head->packer.n >= LIMIT_CHUNK_SAMPLES - BLOCK)
		return HEAD_LATE;
	if (slot_room(heads, head) != KS_OK)
		return KS_FULL;
	if (!head->open) {
		head->open = true;
		head->window = window;
		packer_init(&head->packer, window * heads->window_ms);
		heads->open_n++;
	}
	struct slot *slot = &head->slots[head->n++];

	slot->after_ms = (uint32_t)(sample->time_ms - window * heads->window_ms);
	memcpy(slot->half, &sample->value, sizeof slot->half);
	head->last_ms = sample->time_ms;
	heads->samples++;
	return HEAD_TAKEN;
}

int64_t heads_oldest_end(const struct heads *heads)
{
	uint32_t oldest = UINT32_MAX;

	for (uint32_t i = 0; i < heads->room; i++)
		if (heads->at[i].open && heads->at[i].window < oldest)
			oldest = heads->at[i].window;
	for (size_t i = 0; i < heads->closed_n; i++)
		if (heads->closed[i].window < oldest)
			oldest = heads->closed[i].window;
	return oldest == UINT32_MAX ? INT64_MAX : (oldest + 1LL) * heads->window_ms;
}

int heads_open_points(const struct heads *heads, uint32_t series,
    struct points *ret_points, struct why *why)
{
	const struct head *head = series < heads->room ? &heads->at[series] : NULL;
	struct blob blob = { .len = 0 };
	int bad = KS_OK;

	if (head == NULL || !head->open)
		return KS_OK;
	if (head->packer.n > 0) {
		bad = packer_blob(&head->packer, &blob);
		if (bad == KS_OK)
			bad = chunk_points(blob_span(&blob), head->packer.base_ms, ret_points, why);
		drop_blob(&blob);
	}
	if (bad == KS_OK)
		bad = points_reserve(ret_points, head->n);
	if (bad != KS_OK)
		return fail(why, bad, "memory ran out while samples were read");
	head_slots(heads, head, ret_points->at + ret_points->n);
	ret_points->n += head->n;
	return KS_OK;
}

int heads_points(const struct heads *heads, uint32_t series, int64_t from_ms,
    int64_t to_ms, struct points *ret_points, struct why *why)
{
	const struct head *head = series < heads->room ? &heads->at[series] : NULL;

	for (size_t i = 0; i < heads->closed_n; i++) {
		const struct closed *closed = &heads->closed[i];
		int64_t base = closed->window * heads->window_ms;

		if (closed->series != series || base >= to_ms || base + heads->window_ms <= from_ms)
			continue;
		int bad = chunk_points(blob_span(&closed->blob), base, ret_points, why);

		if (bad != KS_OK)
			return bad;
	}
	if (head == NULL || !head->open || head->window * heads->window_ms >= to_ms ||
	    (head->window + 1) * heads->window_ms <= from_ms)
		return KS_OK;
	return heads_open_points(heads, series, ret_points, why);
}
