#include "store/points.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void points_done(struct points *points)
{
	free(points->at);
	*points = (struct points){ .n = 0 };
}

int points_reserve(struct points *points, size_t more)
{
	size_t room = points->room;

	if (more <= room - points->n)
		return KS_OK;
	if (more > SIZE_MAX / sizeof *points->at / 4 - points->n)
		return KS_FULL;
	while (room < points->n + more)
		room = room == 0 ? 64 : room * 2;
	struct point *at = realloc(points->at, room * sizeof *at);

	if (at == NULL)
		return KS_FULL;
	points->at = at;
	points->room = room;
	return KS_OK;
}

int points_add(struct points *points, struct point point)
{
	if (points_reserve(points, 1) != KS_OK)
		return KS_FULL;
	points->at[points->n++] = point;
	return KS_OK;
}

/* Bottom-up merge of two neighbouring runs; stable, so later ones stay later. */
static void merge(const struct point *from, struct point *to, size_t middle, size_t n)
{
	size_t left = 0, right = middle;

	for (size_t i = 0; i < n; i++) {
		bool take_left = left < middle &&
		    (right >= n || from[left].time_ms <= from[right].time_ms);

		to[i] = from[take_left ? left++ : right++];
	}
}

static int by_time(const void *a, const void *b)
{
	const struct point *left = a, *right = b;

	return left->time_ms < right->time_ms ? -1 : left->time_ms > right->time_ms;
}

static void sort_points(struct point *at, size_t n)
{
	struct point *spare = malloc(n * sizeof *spare), *from = at, *to = spare;

	if (spare == NULL) { /* slow and certain: insertion keeps equal times in order */
		for (size_t i = 1; i < n; i++)
			for (size_t j = i; j > 0 && by_time(&at[j - 1], &at[j]) > 0; j--) {
				struct point held = at[j];

				at[j] = at[j - 1];
				at[j - 1] = held;
			}
		return;
	}
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t i = 0; i < n; i += width * 2) {
			size_t part = n - i < width * 2 ? n - i : width * 2;

			merge(from + i, to + i, part < width ? part : width, part);
		}
		struct point *held = from;

		from = to;
		to = held;
	}
	if (from != at)
		memcpy(at, from, n * sizeof *at);
	free(spare);
}

void points_settle(struct points *points)
{
	struct point *at = points->at;
	size_t n = points->n, kept = 0;
	bool sorted = true, twice = false;

	for (size_t i = 1; i < n && sorted; i++) {
		sorted = at[i - 1].time_ms <= at[i].time_ms;
		twice = twice || at[i - 1].time_ms == at[i].time_ms;
	}
	if (sorted && !twice)
		return;
	if (!sorted)
		sort_points(at, n);
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || at[i].time_ms != at[i + 1].time_ms)
			at[kept++] = at[i];
	points->n = kept;
}
