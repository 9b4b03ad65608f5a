/* src/wire/pieces.c - a hold with a list of what of it is filled. */
#include "wire/pieces.h"

/* Lengthen the hold with zeroes, to be written over. */
static bool stretch(struct talk *talk, struct hold *hold, size_t to, size_t max)
{
	static const uint8_t zeroes[1024];

	while (hold->len < to) {
		size_t want = to - hold->len;

		if (talk_hold(talk, hold, span_of(zeroes, want < sizeof zeroes ? want : sizeof zeroes),
		    max) != KS_OK)
			return false;
	}
	return true;
}

bool pieces_put(struct talk *talk, struct pieces *pieces, uint64_t at, struct span piece,
    size_t max)
{
	uint64_t end = at + piece.left;
	uint8_t i = 0, k;

	if (at > max || end > max || piece.left == 0)
		return piece.left == 0;
	while (i < pieces->n && pieces->parts[i].to < at)
		i++;
	for (k = i; k < pieces->n && pieces->parts[k].from <= end; k++)
		;
	if ((k == i && pieces->n == PIECES) || !stretch(talk, &pieces->bytes, (size_t)end, max))
		return false;
	memcpy(pieces->bytes.at + at, piece.at, piece.left);
	if (k > i) {
		at = pieces->parts[i].from < at ? pieces->parts[i].from : at;
		end = pieces->parts[k - 1].to > end ? pieces->parts[k - 1].to : end;
	}
	/* parts i .. k-1 become one */
	memmove(&pieces->parts[i + 1], &pieces->parts[k],
	    (size_t)(pieces->n - k) * sizeof pieces->parts[0]);
	pieces->n = (uint8_t)(pieces->n - (k - i) + 1);
	pieces->parts[i].from = (uint32_t)at;
	pieces->parts[i].to = (uint32_t)end;
	return true;
}

struct span pieces_front(const struct pieces *pieces)
{
	return span_of(pieces->bytes.at,
	    pieces->n > 0 && pieces->parts[0].from == 0 ? pieces->parts[0].to : 0);
}

void pieces_free(struct talk *talk, struct pieces *pieces)
{
	talk_hold_free(talk, &pieces->bytes);
	pieces->n = 0;
}
