/* src/wire/http_begin.c - is it HTTP, where does a head begin, and how long is it? */
#include "wire/http.h"

enum guess http_guess(const struct flow_view *flow, const struct span first[2])
{
	enum guess asked = GUESS_MAYBE, answered = GUESS_MAYBE;

	(void)flow;
	for (int side = 0; side < 2; side++) {
		if (first[side].left == 0)
			continue;
		if (http_starts_response(first[side]) == GUESS_YES)
			return GUESS_YES;
		enum guess g = http_starts_request(first[side]);

		if (http_starts_response(first[side]) == GUESS_MAYBE && g == GUESS_NO)
			g = GUESS_MAYBE;
		*(side == SIDE_CLIENT ? &asked : &answered) = g;
	}
	if (asked == GUESS_YES || answered == GUESS_YES)
		return GUESS_YES;
	return asked == GUESS_NO || (answered == GUESS_NO && first[SIDE_CLIENT].left == 0) ? GUESS_NO
											   : GUESS_MAYBE;
}

bool http_guess_cut(const struct span first[2])
{
	struct http_head head;

	return http_head_read_cut(first[SIDE_CLIENT], &head) ||
	    http_head_read_cut(first[SIDE_SERVER], &head);
}

bool http_head_begins(struct span bytes)
{
	struct http_head head;

	return http_starts_request(bytes) == GUESS_YES || http_starts_response(bytes) == GUESS_YES ||
	    (memchr(bytes.at, '\n', bytes.left) == NULL && http_head_read_cut(bytes, &head));
}

size_t http_head_length(struct span s, size_t from)
{
	for (size_t i = from; i < s.left; i++) {
		const uint8_t *end = memchr(s.at + i, '\n', s.left - i);

		if (end == NULL)
			return 0;
		i = (size_t)(end - s.at);
		if (i + 1 < s.left && s.at[i + 1] == '\n')
			return i + 2;
		if (i + 2 < s.left && s.at[i + 1] == '\r' && s.at[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}
