/* src/wire/tls.c - records of TLS over a stream. */
#include "wire/tls.h"
#include "wire/keylog.h"
#include "wire/tls_state.h"
#include "wire/tls_v2.h"

enum { HEAD = 5 };

/* The head of a record: is it one, and how long is the body? */
static bool head_read(struct span bytes, struct tls_record *ret_record, size_t *ret_n)
{
	uint32_t type = (uint32_t)span_be(&bytes, 1);
	uint32_t version = (uint32_t)span_be(&bytes, 2);
	size_t n = (size_t)span_be(&bytes, 2);

	if (bytes.broken || type < REC_CHANGE || type > REC_BEAT || version >> 8 != 3 ||
	    (version & 0xff) > 4 || n > TLS_RECORD)
		return false;
	*ret_record = (struct tls_record){ .type = (uint8_t)type, .version = (uint16_t)version };
	*ret_n = n;
	return true;
}

/* Could these be the first bytes of a record? */
static enum guess guess_side(struct span first)
{
	static const uint8_t least[3] = { REC_CHANGE, 3, 0 }, most[3] = { REC_DATA, 3, 4 };
	struct tls_record record;
	size_t n = 0;

	if (first.left == 0)
		return GUESS_MAYBE;
	for (size_t i = 0; i < 3 && i < first.left; i++)
		if (first.at[i] < least[i] || first.at[i] > most[i])
			return v2_guess(first);
	if (first.left < HEAD)
		return GUESS_MAYBE;
	if (!head_read(first, &record, &n) || n == 0)
		return GUESS_NO;
	if (record.type == REC_HANDSHAKE && first.left > HEAD)
		return first.at[HEAD] <= MSG_STATUS || n > 64 ? GUESS_YES : GUESS_NO;
	if (record.type == REC_HANDSHAKE)
		return GUESS_MAYBE;
	if (record.type == REC_CHANGE)
		return n == 1 ? GUESS_YES : GUESS_NO;
	return record.type == REC_ALERT && n != 2 && n < 16 ? GUESS_NO : GUESS_YES;
}

static enum guess tls_guess(const struct flow_view *flow, const struct span first[2])
{
	enum guess client = guess_side(first[SIDE_CLIENT]), server = guess_side(first[SIDE_SERVER]);

	(void)flow;
	if (client == GUESS_YES)
		return GUESS_YES;
	return server == GUESS_YES && first[SIDE_CLIENT].left == 0 ? GUESS_YES
	    : client == GUESS_NO || server == GUESS_NO ? GUESS_NO : GUESS_MAYBE;
}

/* Neither side can be understood any more, and none has bytes worth keeping. */
static void rest_when_sealed(struct talk *talk, struct tls *tls)
{
	const struct tls_side *client = &tls->sides[SIDE_CLIENT], *server = &tls->sides[SIDE_SERVER];

	if (!tls->settled || client->lock.ready || server->lock.ready ||
	    client->epoch == EPOCH_EARLY)
		return;
	talk_rest(talk, SIDE_CLIENT);
	talk_rest(talk, SIDE_SERVER);
}

/* A record that stays closed: what its place and length say. */
static void hear_sealed(struct talk *talk, struct tls *tls, enum said_side side, size_t n)
{
	struct tls_side *one = &tls->sides[side];
	bool data = !tls->v13 && one->changed && tls->sides[1 - side].changed;

	talk_is_secret(talk);
	if (one->epoch == EPOCH_EARLY)
		return; /* 0-RTT tells nothing of what comes after */
	if (one->sealed++ == 0)
		one->sealed_first = (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
	if (tls->v13 && side == SIDE_CLIENT && !tls->early &&
	    (one->sealed > 1 || one->sealed_first >= tls_finished_length(tls)))
		tls_settle(talk, tls);
	else if (tls->v13 && side == SIDE_CLIENT && tls->early && one->sealed > 2)
		tls_settle(talk, tls);
	else if (!tls->v13 && (data || !tls->server_hello) && one->sealed > 1)
		tls_settle(talk, tls);
	rest_when_sealed(talk, tls);
}

/* Decrypted, or never encrypted: content by its type. */
static void hear_plain(struct talk *talk, struct tls *tls, enum said_side side,
    const struct tls_record *plain)
{
	struct span body = plain->body;

	switch (plain->type) {
	case REC_HANDSHAKE:
		tls_messages(talk, tls, side, body);
		break;
	case REC_ALERT:
		if (body.left == 2)
			tls_alert(talk, tls, side, body.at[0], body.at[1]);
		break;
	case REC_DATA:
		if (side == SIDE_SERVER || tls->sides[side].epoch != EPOCH_EARLY)
			tls_settle(talk, tls);
		if (tls->inside == NULL && !tls->opened)
			tls->inside = talk_inside_new(talk);
		if (tls->inside != NULL) /* with a NULL cipher it is plain for all to see */
			tls->inside->readable = tls_cipher_is_clear(tls->cipher);
		tls->opened = true;
		if (tls->inside != NULL && body.left > 0)
			talk_inside_take(tls->inside, side, body);
		break;
	default:
		break;
	}
}

static bool is_sealed(const struct tls *tls, enum said_side side, const struct tls_record *record)
{
	const struct tls_side *one = &tls->sides[side];

	if (record->type == REC_CHANGE)
		return false;
	if (record->type == REC_DATA)
		return true;
	return !tls->v13 && one->changed; /* in 1.3 whatever is not data is in the clear */
}

/* With keys at hand: false when they do not fit.  Apart from the rest, because the room
 * for the content is large and costs even when it is not used. */
static bool __attribute__((noinline)) hear_opened(struct talk *talk, struct tls *tls,
    enum said_side side, const struct tls_record *record)
{
	struct tls_side *one = &tls->sides[side];
	uint8_t to[TLS_RECORD];
	struct tls_record plain;

	if (tls_keys_open(talk, tls, side, record, to, &plain) != KS_OK)
		return false;
	one->sealed += tls->v13 && one->epoch != EPOCH_EARLY ? 1 : 0;
	if (one->sealed == 1)
		one->sealed_first = (uint16_t)record->body.left;
	if (!tls_cipher_is_clear(tls->cipher)) {
		tls->keys = true;
		talk_is_secret(talk);
	}
	hear_plain(talk, tls, side, &plain);
	return true;
}

static void hear_record(struct talk *talk, struct tls *tls, enum said_side side,
    const struct tls_record *record)
{
	struct tls_side *one = &tls->sides[side];
	bool keyed = one->lock.ready || keylog_count(talk_keys(talk)) > 0;

	one->spoke = true;
	if (record->type == REC_HANDSHAKE && tls->record_version == 0)
		tls->record_version = record->version;
	if (record->type == REC_CHANGE) {
		if (!one->changed || one->changed_for != tls->hellos)
			tls_keys_changed(talk, tls, side);
		one->changed = true;
		one->changed_for = tls->hellos;
		one->after_hello |= side == SIDE_CLIENT && !tls->v13;
	} else if (!is_sealed(tls, side, record)) {
		hear_plain(talk, tls, side, record);
	} else if (!keyed || !hear_opened(talk, tls, side, record)) {
		if (one->lock.ready && tls->inside != NULL)
			talk_inside_gap(tls->inside, side, record->body.left);
		hear_sealed(talk, tls, side, record->body.left);
	}
}

/* These bytes are no record.  A first answer that is none (an error page in the clear,
 * say) belongs to another protocol; later ones are lost. */
static void no_record(struct talk *talk, struct tls *tls, enum said_side side, struct span bytes)
{
	struct tls_side *one = &tls->sides[side];

	if (!one->spoke && one->record.len == 0 && tls->client_hello && side == SIDE_SERVER) {
		talk_switch(talk, side, bytes);
		return;
	}
	say_odd(talk, side, ODD_MALFORMED, 1);
	one->deaf = true;
	talk_hold_free(talk, &one->record);
	talk_rest(talk, side);
}

/* Bodies that nobody will open are counted off, not gathered. */
static bool may_skip(const struct talk *talk, const struct tls *tls, enum said_side side,
    const struct tls_record *record)
{
	return record->type == REC_DATA && !tls->sides[side].lock.ready &&
	    keylog_count(talk_keys(talk)) == 0;
}

/* A record of which not all is here: kept until it is. */
static bool keep_record(struct talk *talk, struct tls *tls, enum said_side side,
    struct span *bytes, size_t whole)
{
	struct tls_side *one = &tls->sides[side];
	size_t want = whole - one->record.len, get = want < bytes->left ? want : bytes->left;

	if (talk_hold(talk, &one->record, span_cut(bytes, get), HEAD + TLS_RECORD) == KS_OK)
		return get == want;
	say_odd(talk, side, ODD_FULL, 1);
	one->deaf = true;
	talk_hold_free(talk, &one->record);
	return false;
}

/* Hear one record, at the front of bytes or begun in the hold.  False when more bytes
 * are needed, or the state is gone. */
static bool take_record(struct talk *talk, struct tls *tls, enum said_side side,
    struct span *bytes)
{
	struct hold *hold = &tls->sides[side].record;
	struct tls_record record;
	size_t n = 0;

	if ((hold->len > 0 || bytes->left < HEAD) && hold->len < HEAD &&
	    !keep_record(talk, tls, side, bytes, HEAD))
		return false;
	if (!head_read(hold->len > 0 ? hold_span(hold) : *bytes, &record, &n)) {
		no_record(talk, tls, side, *bytes);
		return false;
	}
	if (hold->len == 0 && bytes->left >= HEAD + n) {
		(void)span_cut(bytes, HEAD);
		record.body = span_cut(bytes, n);
		hear_record(talk, tls, side, &record);
		return true;
	}
	if (hold->len + bytes->left < HEAD + n && may_skip(talk, tls, side, &record)) {
		talk_skip(talk, side, HEAD + n - hold->len - bytes->left);
		talk_hold_free(talk, hold);
		hear_sealed(talk, tls, side, n);
		return false;
	}
	if (!keep_record(talk, tls, side, bytes, HEAD + n))
		return false;
	record.body = hold_span(hold);
	(void)span_cut(&record.body, HEAD);
	hear_record(talk, tls, side, &record);
	talk_hold_free(talk, hold);
	return true;
}

/* The first bytes are the server's: the sides were taken for each other. */
static enum said_side right_side(struct talk *talk, struct tls *tls, enum said_side side,
    struct span bytes)
{
	uint8_t want = side == SIDE_CLIENT ? MSG_SERVER_HELLO : MSG_CLIENT_HELLO;

	if (tls->sides[0].spoke || tls->sides[1].spoke || talk->outer != NULL ||
	    bytes.left <= HEAD || bytes.at[0] != REC_HANDSHAKE || bytes.at[HEAD] != want)
		return side;
	talk_turn(talk);
	return side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
}

static void tls_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct tls *tls = talk->state;

	side = right_side(talk, tls, side, bytes);
	/* what a proxy was asked to connect is no upgrade of its own protocol */
	tls->after_starttls = talk->before != NULL && strcmp(talk->before, "http") != 0;
	if (!tls->sides[side].spoke && tls->sides[side].record.len == 0 &&
	    v2_take(talk, tls, side, &bytes))
		return;
	while (bytes.left > 0 && !tls->sides[side].deaf && take_record(talk, tls, side, &bytes))
		;
}

/* What is kept of that side will never be whole. */
static void hear_part(struct talk *talk, struct tls *tls, enum said_side side)
{
	struct span record = hold_span(&tls->sides[side].record);
	struct span message = hold_span(&tls->sides[side].message);

	if (message.left > 0)
		tls_hear_part(talk, tls, side, message);
	else if (record.left > HEAD && span_be(&record, 1) == REC_HANDSHAKE) {
		(void)span_cut(&record, HEAD - 1);
		tls_hear_part(talk, tls, side, record);
	}
}

static void tls_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct tls *tls = talk->state;
	struct tls_side *one = &tls->sides[side];

	if (tls->inside != NULL)
		talk_inside_gap(tls->inside, side, n);
	hear_part(talk, tls, side);
	one->deaf = true; /* where the next record begins is not known any more */
	talk_hold_free(talk, &one->record);
	talk_hold_free(talk, &one->message);
	talk_rest(talk, side);
}

static void tls_half(struct talk *talk, enum said_side side)
{
	struct tls *tls = talk->state;

	if (side == SIDE_CLIENT && !tls_presented(tls))
		tls->left_blind = true;
}

static void tls_end(struct talk *talk)
{
	hear_part(talk, talk->state, SIDE_CLIENT);
	tls_over(talk, talk->state);
}

const struct tongue tongue_tls = {
	.name = "tls", .over = OVER_TCP, .state_size = sizeof(struct tls),
	.guess = tls_guess, .take = tls_take,
	.gap = tls_gap, .half = tls_half, .end = tls_end,
};
