#include "play.h"
#include "base/drop.h"
#include <stdlib.h>

enum { ASKS_MAX = 20000 };

static int hex(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f'
	    ? (c | 0x20) - 'a' + 10 : 0;
}

static void unescape(struct text *text, struct span s)
{
	while (s.left > 0) {
		uint8_t c = span_cut(&s, 1).at[0];

		if (c == '\\' && s.left > 0) {
			c = span_cut(&s, 1).at[0];
			if (c == 'x' && s.left >= 2) {
				struct span pair = span_cut(&s, 2);

				c = (uint8_t)(hex(pair.at[0]) << 4 | hex(pair.at[1]));
			} else {
				c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
			}
		}
		text_add_char(text, (char)c);
	}
}

static void escape(struct text *text, struct span s)
{
	for (size_t i = 0; i < s.left; i++) {
		if (s.at[i] == '\n')
			text_add(text, "\\n");
		else if (s.at[i] == '\\')
			text_add(text, "\\\\");
		else if (s.at[i] < ' ' || s.at[i] >= 0x7f)
			text_addf(text, "\\x%02x", s.at[i]);
		else
			text_add_char(text, (char)s.at[i]);
	}
}

void play_key(struct text *text, const struct ask *ask)
{
	static const char *const words[] = { "none", "bytes", "list", "link", "get", "walk",
		"registers" };

	text_add(text, words[ask->what]);
	if (ask->target[0] != '\0')
		text_addf(text, " %s", ask->target);
	if (ask->send_n > 0) {
		text_add_char(text, ' ');
		escape(text, span_of(ask->send, ask->send_n));
	}
}

static void add_limit(struct text *text, const char *word, int64_t milli)
{
	if (milli == INT64_MIN || milli == INT64_MAX)
		return;
	text_addf(text, " %s=", word);
	text_add_milli(text, milli);
}

void play_line(struct text *text, const struct offer *offer)
{
	text_addf(text, "%s %s %s ", offer->id, measure_word(offer->kind), place_word(offer->place));
	if (offer->quality == QUALITY_ABSENT)
		text_add_char(text, '-');
	else
		text_add_milli(text, offer->milli);
	text_addf(text, " %s", quality_word(offer->quality));
	if (offer->doubt != DOUBT_NONE)
		text_addf(text, " (%s)", doubt_sentence(offer->doubt));
	if (offer->state[0] != '\0')
		text_addf(text, " \"%s\"", offer->state);
	if (offer->kind == MEASURE_STATE)
		text_addf(text, " %s", severity_word(offer->severity));
	if (offer->fahrenheit)
		text_add(text, " fahrenheit");
	add_limit(text, "lc", offer->limits.low_critical);
	add_limit(text, "lw", offer->limits.low_warning);
	add_limit(text, "hw", offer->limits.high_warning);
	add_limit(text, "hc", offer->limits.high_critical);
	text_add_char(text, '\n');
}

static char *copy_of(struct span s)
{
	char *copy = calloc(1, s.left + 1);

	if (copy != NULL && s.left > 0)
		memcpy(copy, s.at, s.left);
	return copy;
}

static void load_line(struct play *play, struct span line)
{
	struct play_reply *last = play->replies_n > 0 ? &play->replies[play->replies_n - 1] : NULL;

	if (line.left == 0 || line.at[0] == '#')
		return;
	if (line.left > 8 && memcmp(line.at, "address=", 8) == 0) {
		play->address = copy_of(span_of(line.at + 8, line.left - 8));
	} else if (line.left > 5 && memcmp(line.at, "read=", 5) == 0) {
		play->read = copy_of(span_of(line.at + 5, line.left - 5));
	} else if (line.left > 2 && line.at[0] == '>') {
		play->replies = realloc(play->replies, (play->replies_n + 1) * sizeof *play->replies);
		last = &play->replies[play->replies_n++];
		*last = (struct play_reply){ .key = copy_of(span_of(line.at + 2, line.left - 2)) };
		text_init(&last->bytes, LIMIT_REPLY_BYTES);
	} else if (line.left >= 2 && line.at[0] == '<' && last != NULL) {
		struct span rest = span_of(line.at + 2, line.left - 2);

		if (span_equal(rest, "!"))
			last->broken = true;
		else
			unescape(&last->bytes, rest);
	} else if (line.left > 2 && line.at[0] == '=') {
		text_add_span(&play->expected, span_of(line.at + 2, line.left - 2));
		text_add_char(&play->expected, '\n');
	}
}

bool play_load(struct play *play, const char *path)
{
	KS_DROP(text) struct text all;
	KS_DROP(file) FILE *file = fopen(path, "rb");
	char some[4096];
	size_t n;

	*play = (struct play){ .replies_n = 0 };
	text_init(&play->expected, 1 << 20);
	text_init(&all, 16 << 20);
	if (file == NULL)
		return false;
	while ((n = fread(some, 1, sizeof some, file)) > 0)
		text_add_span(&all, span_of(some, n));
	struct span rest = text_span(&all);

	while (rest.left > 0)
		load_line(play, span_until(&rest, '\n'));
	return true;
}

void play_done(struct play *play)
{
	for (size_t i = 0; i < play->replies_n; i++) {
		free(play->replies[i].key);
		text_done(&play->replies[i].bytes);
	}
	free(play->replies);
	free(play->address);
	free(play->read);
	text_done(&play->expected);
}

/* The first reply with that key that was used least. */
static struct play_reply *find(struct play *play, const char *key)
{
	struct play_reply *best = NULL;

	for (size_t i = 0; i < play->replies_n; i++)
		if (strcmp(play->replies[i].key, key) == 0 &&
		    (best == NULL || play->replies[i].used < best->used))
			best = &play->replies[i];
	return best;
}

/* Hands one reply over, in a block of exactly its size. */
static int hand(const struct driver *driver, struct talk *talk, const struct ask *ask,
    struct text *bytes, struct played *ret)
{
	uint8_t *block = malloc(bytes->len > 0 ? bytes->len : 1);
	int code;

	if (bytes->len > 0)
		memcpy(block, bytes->at, bytes->len);
	size_t n = bytes->len;

	if (ask->whole != NULL) {
		size_t whole = ask->whole(span_of(block, n));

		ret->whole_wrong |= whole != n;
		if (whole == 0 || whole > n) {
			free(block);
			return ask->may_fail
			    ? driver->read(talk, (struct span){ .broken = true }, &ret->why) : KS_LATE;
		}
		n = whole;
	}
	code = driver->read(talk, span_of(block, n), &ret->why);
	free(block);
	return code;
}

void play_run(const struct driver *driver, struct play *play, void *memory,
    const struct play_change *change, struct played *ret)
{
	const struct probe probe = { .name = "test", .address = play->address, .read = play->read,
		.root = "" };
	struct arena arena;
	struct talk talk = { .probe = &probe, .arena = &arena, .memory = memory,
		.offers = ret->offers };

	arena_init(&arena, 16 << 20);
	*ret = (struct played){ .offers = ret->offers };
	for (size_t i = 0; i < play->replies_n; i++)
		play->replies[i].used = 0;
	for (; ret->code == KS_OK && ret->missing[0] == '\0'; talk.turn++, ret->asks++) {
		struct ask ask = { .what = ASK_NONE };
		struct text key, bytes;

		ret->endless = ret->asks > ASKS_MAX;
		ret->code = driver->ask(&talk, &ask, &ret->why);
		if (ret->code != KS_OK || ask.what == ASK_NONE || ret->endless)
			break;
		text_init(&key, sizeof ret->missing - 1);
		text_init(&bytes, LIMIT_REPLY_BYTES);
		play_key(&key, &ask);
		struct play_reply *reply = find(play, text_cstr(&key));

		if (reply == NULL) {
			(void)snprintf(ret->missing, sizeof ret->missing, "%s", text_cstr(&key));
			if (change != NULL && ask.may_fail) { /* a mutation asks for new things */
				ret->missing[0] = '\0';
				ret->code = driver->read(&talk, (struct span){ .broken = true }, &ret->why);
			}
		} else if (reply->broken) {
			reply->used++;
			ret->code = !ask.may_fail ? KS_IO
			    : driver->read(&talk, (struct span){ .broken = true }, &ret->why);
		} else {
			reply->used++;
			text_add_span(&bytes, text_span(&reply->bytes));
			if (change != NULL)
				change->change(change->user, (size_t)(reply - play->replies), &bytes);
			ret->code = hand(driver, &talk, &ask, &bytes, ret);
		}
		text_done(&key);
		text_done(&bytes);
	}
	ret->offers_n = talk.offers_n;
	ret->full = talk.full;
	arena_done(&arena);
}
