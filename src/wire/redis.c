/* src/wire/redis.c - Redis and what speaks like it (RESP, redis.io/docs/reference/protocol-spec):
 * names and passwords of AUTH and HELLO, as arrays of strings or as a line. */
#include "base/limits.h"
#include "base/number.h"
#include "wire/body.h"
#include "wire/lines.h"

enum { PORT_REDIS = 6379, ARGS = 6, ARG_MOST = 536870912 /* proto-max-bulk-len */ };

struct redis {
	struct line line[2];
	struct login login;
	uint64_t args_left;	 /* of the command that comes as an array */
	uint64_t bulk_left;	 /* bytes of the string being read, with its line's end */
	uint64_t bulk_told;	 /* of those, what is kept of it */
	uint32_t count, waiting; /* strings so far; commands not answered */
	struct word args[ARGS];
};

static bool is_command(struct span line)
{
	static const char *const words[] = { "AUTH", "HELLO", "PING", "SELECT", "INFO", "CLIENT", "COMMAND",
		"CONFIG" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (line_begins(line, words[i]))
			return true;
	return false;
}

static bool is_answer(struct span s)
{
	static const char *const words[] = { "+OK\r\n", "+PONG\r\n", "-NOAUTH ", "-WRONGPASS ", "-ERR ",
		"-DENIED ", "-NOPERM " };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (s.left >= strlen(words[i]) && memcmp(s.at, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* "*2\r\n$4\r\n": nobody else begins so. */
static enum guess array_guess(struct span s)
{
	size_t i = 1;

	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		for (; i < s.left && s.at[i] >= '0' && s.at[i] <= '9'; i++)
			digits++;
		for (const char *end = part == 0 ? "\r\n$" : "\r\n"; *end != '\0'; end++, i++) {
			if (i >= s.left)
				return GUESS_MAYBE;
			if (digits == 0 || digits > 9 || s.at[i] != (uint8_t)*end)
				return GUESS_NO;
		}
	}
	return GUESS_YES;
}

static enum guess redis_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span asks = first[SIDE_CLIENT], says = first[SIDE_SERVER], line = asks;

	if (asks.left == 0)
		return says.left > 8 && (memcmp(says.at, "-NOAUTH ", 8) == 0) ? GUESS_YES : GUESS_NO;
	if (*asks.at == '*')
		return array_guess(asks);
	line = span_trim(span_until(&asks, '\n'));
	if (!is_command(line))
		return GUESS_NO;
	if (says.left == 0)
		return flow->server_port == PORT_REDIS ? GUESS_YES : GUESS_MAYBE;
	return flow->server_port == PORT_REDIS || is_answer(says) ? GUESS_YES : GUESS_NO;
}

/* AUTH [user] secret; HELLO 3 AUTH user secret. */
static void command_end(struct talk *talk, struct redis *redis)
{
	const struct word *a = redis->args;
	uint32_t n = redis->count;

	redis->count = 0;
	redis->waiting++;
	if (n < 2)
		return;
	bool hello = n >= 5 && word_is(word_span(&a[0]), "HELLO") && word_is(word_span(&a[2]), "AUTH");

	if (!hello && !(word_is(word_span(&a[0]), "AUTH") && n <= 3))
		return;
	login_tell(talk, &redis->login, "redis", false, false); /* one that was not answered */
	redis->login.user = hello ? a[3] : n == 3 ? a[1] : (struct word){ .n = 0 };
	redis->login.secret = hello ? a[4] : a[n - 1];
	redis->login.waits = true;
	if (redis->waiting > 1) /* whose answer comes next is not known */
		login_tell(talk, &redis->login, "redis", false, false);
}

/* A command as one line. */
static void line_take(struct talk *talk, struct redis *redis, struct span line)
{
	for (redis->count = 0; line.left > 0 && redis->count < ARGS;) {
		struct span word = span_until(&line, ' ');

		if (word.left > 0)
			word_set(&redis->args[redis->count++], word);
	}
	if (redis->count > 0)
		command_end(talk, redis);
}

static uint64_t size_of(struct span line)
{
	int64_t n = 0;

	(void)span_cut(&line, 1);
	return number_read(line, 0, &n) == KS_OK && n > 0 && n <= ARG_MOST ? (uint64_t)n : 0;
}

static void client_line(struct talk *talk, struct redis *redis, struct span line)
{
	if (line.left == 0)
		return;
	if (*line.at == '*' && redis->args_left == 0) {
		redis->args_left = size_of(line);
		redis->count = 0;
	} else if (*line.at == '$' && redis->args_left > 0) {
		redis->bulk_told = size_of(line);
		redis->bulk_left = redis->bulk_told + 2;
		if (redis->count < ARGS)
			redis->args[redis->count].n = 0;
	} else if (redis->args_left == 0) {
		line_take(talk, redis, line);
	} else {
		redis->args_left = 0; /* not what was announced */
	}
}

/* Bytes of a string; of what no password is, nothing is kept. */
static void bulk_take(struct talk *talk, struct redis *redis, struct span *bytes)
{
	struct word *word = redis->count < ARGS ? &redis->args[redis->count] : NULL;
	size_t n = bytes->left < redis->bulk_left ? bytes->left : (size_t)redis->bulk_left;
	struct span part = span_cut(bytes, n);

	redis->bulk_left -= n;
	for (; part.left > 0 && redis->bulk_told > 0; redis->bulk_told--) {
		uint8_t c = (uint8_t)span_be(&part, 1);

		if (word == NULL || word->n == WORD_MOST) {
			redis->bulk_told = 0;
			break;
		}
		word->text[word->n++] = (char)c;
	}
	if (redis->bulk_left > 0)
		return;
	redis->bulk_told = 0;
	redis->count++;
	if (--redis->args_left == 0)
		command_end(talk, redis);
}

static void redis_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct redis *redis = talk->state;
	struct span line;

	while (bytes.left > 0) {
		if (side == SIDE_CLIENT && redis->bulk_left > 0) {
			bulk_take(talk, redis, &bytes);
			continue;
		}
		if (side == SIDE_SERVER && !redis->login.waits)
			break; /* answers to questions of no interest */
		if (!line_cut(&redis->line[side], &bytes, &line))
			break;
		if (side == SIDE_CLIENT)
			client_line(talk, redis, line);
		else if (line.left > 0)
			login_tell(talk, &redis->login, "redis", true, *line.at != '-');
	}
	if (side == SIDE_SERVER)
		redis->waiting = 0;
}

static void redis_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct redis *redis = talk->state;

	redis->line[side].n = 0;
	if (side == SIDE_SERVER)
		return;
	if (n < redis->bulk_left) { /* within a string: it is not told */
		redis->bulk_left -= n;
		redis->bulk_told = 0;
		return;
	}
	redis->bulk_left = redis->args_left = 0;
	redis->count = 0;
}

static void redis_end(struct talk *talk)
{
	struct redis *redis = talk->state;

	login_tell(talk, &redis->login, "redis", false, false);
}

const struct tongue tongue_redis = { .name = "redis", .over = OVER_TCP,
	.state_size = sizeof(struct redis), .guess = redis_guess, .take = redis_take,
	.gap = redis_gap, .end = redis_end };
_Static_assert(sizeof(struct redis) <= LIMIT_TALK_STATE, "one conversation's state");
