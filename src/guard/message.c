/* src/guard/message.c - the table of kinds and its check; channel.c moves the bytes. */
#include "guard/message.h"
#include "base/must.h"
#include <string.h>
#include <unistd.h>

#define BIT(role) (1U << (role))
#define KEEPER BIT(ROLE_KEEPER)
#define POLLER BIT(ROLE_POLLER)
#define CORE BIT(ROLE_CORE)
#define PAGE BIT(ROLE_PAGE)
#define COURIER BIT(ROLE_COURIER)
#define EAR BIT(ROLE_EAR)
#define WORKERS (BIT(ROLES) - 1 - KEEPER)
#define ANY_STATE (CHANNEL_NEW | CHANNEL_RUN)
#define ALIVE (CHANNEL_GREETED | CHANNEL_GIVEN | CHANNEL_STARTED | CHANNEL_RUN | CHANNEL_STOPPING)

_Static_assert(sizeof(struct message_head) == MESSAGE_HEAD, "the head has no holes");
_Static_assert(sizeof(struct sample_row) == 20, "samples are packed");
_Static_assert(sizeof(struct self) <= MESSAGE_PAYLOAD, "one message");
_Static_assert(sizeof(struct run) <= MESSAGE_PAYLOAD, "one message");

/* name, from, to, record, most, states, next, opens, answers, closes, fds */
const struct message_row message_rows[MESSAGE_KINDS] = {
	[MESSAGE_HELLO] = { "hello", WORKERS, KEEPER, sizeof(struct hello), 1, CHANNEL_NEW,
	    CHANNEL_GREETED, 0, 0, false, 0, 0 },
	[MESSAGE_CONFIG] = { "config", KEEPER, WORKERS, sizeof(struct config), 1,
	    CHANNEL_GREETED, CHANNEL_GIVEN, 0, 0, false, 1, 1 },
	[MESSAGE_HANDLE] = { "handle", KEEPER, WORKERS, sizeof(struct handle), 1,
	    CHANNEL_GIVEN | CHANNEL_STARTED | CHANNEL_RUN, 0, 0, 0, false, 1, 1 },
	[MESSAGE_START] = { "start", KEEPER, WORKERS, 0, 0, CHANNEL_GIVEN, CHANNEL_STARTED, 0, 0,
	    false, 0, 0 },
	[MESSAGE_READY] = { "ready", WORKERS, KEEPER, sizeof(struct hello), 1, CHANNEL_STARTED,
	    CHANNEL_RUN, 0, 0, false, 0, 0 },
	[MESSAGE_PING] = { "ping", KEEPER, WORKERS, 0, 0, CHANNEL_RUN, 0, TURN_PING, 0, false, 0,
	    0 },
	[MESSAGE_PONG] = { "pong", WORKERS, KEEPER, sizeof(struct pulse), 1,
	    CHANNEL_RUN | CHANNEL_STOPPING, 0, 0, TURN_PING, true, 0, 0 },
	[MESSAGE_RELOAD] = { "reload", KEEPER, WORKERS, sizeof(struct config), 1, CHANNEL_RUN, 0,
	    0, 0, false, 1, 1 },
	[MESSAGE_STOP] = { "stop", KEEPER, WORKERS, 0, 0, ALIVE, CHANNEL_STOPPING, 0, 0, false, 0,
	    0 },
	[MESSAGE_SAID] = { "said", WORKERS, KEEPER, sizeof(struct said), 1, ALIVE, 0, 0, 0, false,
	    0, 0 },
	[MESSAGE_EVENT] = { "event", KEEPER, CORE | PAGE, sizeof(struct event), 1,
	    CHANNEL_GIVEN | CHANNEL_STARTED | CHANNEL_RUN, 0, 0, 0, false, 0, 0 },
	[MESSAGE_RUN] = { "run", POLLER | KEEPER, KEEPER | BIT(ROLE_RUNNER), sizeof(struct run), 1,
	    CHANNEL_RUN | CHANNEL_GREETED, 0, TURN_RUN, 0, false, 2, 3 },
	[MESSAGE_RUN_DONE] = { "run_done", KEEPER, POLLER, sizeof(struct run_done), 1,
	    CHANNEL_RUN | CHANNEL_STOPPING, 0, 0, TURN_RUN, true, 0, 0 },
	[MESSAGE_SITE] = { "site", POLLER, CORE, sizeof(uint64_t), 1, ANY_STATE, CHANNEL_RUN, 0, 0,
	    false, 0, 0 },
	[MESSAGE_SERIES] = { "series", POLLER, CORE, BYTES_SERIES, SERIES_MOST, CHANNEL_RUN, 0, 0, 0, false,
	    0, 0 },
	[MESSAGE_READINGS] = { "readings", POLLER, CORE, BYTES_READING, READINGS_MOST, CHANNEL_RUN,
	    0, 0, 0, false, 0, 0 },
	[MESSAGE_ASK_STATUS] = { "ask_status", PAGE, CORE, 0, 0, ANY_STATE, 0, TURN_STATUS, 0,
	    false, 0, 0 },
	[MESSAGE_VERDICT] = { "verdict", CORE, PAGE, BYTES_VERDICT, 1, ANY_STATE, 0, 0,
	    TURN_STATUS, false, 0, 0 },
	[MESSAGE_FINDING] = { "finding", CORE, PAGE, BYTES_FINDING, FINDINGS_MOST, ANY_STATE, 0, 0,
	    TURN_STATUS, false, 0, 0 },
	[MESSAGE_NOW] = { "now", CORE, PAGE, BYTES_NOW, NOW_MOST, ANY_STATE, 0, 0, TURN_STATUS, false, 0,
	    0 },
	[MESSAGE_SELF] = { "self", CORE, PAGE, sizeof(struct self), 1, ANY_STATE, 0, 0,
	    TURN_STATUS, false, 0, 0 },
	[MESSAGE_END] = { "end", CORE, PAGE, 0, 0, ANY_STATE, 0, 0, TURN_STATUS, true, 0, 0 },
	[MESSAGE_ASK_SERIES] = { "ask_series", PAGE, CORE, 1, MESSAGE_PAYLOAD, ANY_STATE, 0,
	    TURN_SERIES, 0, false, 0, 0 },
	[MESSAGE_SERIES_ARE] = { "series_are", CORE, PAGE, sizeof(uint32_t), NUMBERS_MOST, ANY_STATE, 0, 0,
	    TURN_SERIES, true, 0, 0 },
	[MESSAGE_SAMPLES] = { "samples", PAGE, CORE, sizeof(struct sample_row), SAMPLES_MOST,
	    ANY_STATE, 0, TURN_SAMPLES, 0, false, 0, 0 },
	[MESSAGE_ACK] = { "ack", CORE, PAGE, 0, 0, ANY_STATE, 0, 0, TURN_SAMPLES, true, 0, 0 },
	[MESSAGE_NACK] = { "nack", CORE, PAGE, sizeof(struct nack), 1, ANY_STATE, 0, 0,
	    TURN_SAMPLES, true, 0, 0 },
	[MESSAGE_OUTLOOK] = { "outlook", CORE, PAGE, BYTES_OUTLOOK, OUTLOOKS_MOST, ANY_STATE, 0, 0,
	    TURN_STATUS, false, 0, 0 },
	[MESSAGE_ASK_RECENT] = { "ask_recent", PAGE, CORE, sizeof(struct recent_ask), RECENT_ASKS,
	    ANY_STATE, 0, TURN_RECENT, 0, false, 0, 0 },
	[MESSAGE_RECENT] = { "recent", CORE, PAGE, sizeof(struct sample_row), SAMPLES_MOST,
	    ANY_STATE, 0, 0, TURN_RECENT, false, 0, 0 },
	[MESSAGE_TELL] = { "tell", CORE, COURIER, BYTES_TELLING, 1, ANY_STATE, 0, TURN_TELL, 0,
	    false, 0, 0 },
	[MESSAGE_TOLD] = { "told", COURIER, CORE, BYTES_TOLD, 1, ANY_STATE, 0, 0, TURN_TELL, true,
	    0, 0 },
	[MESSAGE_WISH] = { "wish", PAGE, CORE, sizeof(struct wish), 1, ANY_STATE, 0, TURN_WISH, 0,
	    false, 0, 0 },
	[MESSAGE_ALERTS] = { "alerts", PAGE, CORE, sizeof(struct alert), ALERTS_MOST, ANY_STATE, 0,
	    TURN_WISH, 0, false, 0, 0 },
	[MESSAGE_WISHED] = { "wished", CORE, PAGE, sizeof(struct wished), 1, ANY_STATE, 0, 0,
	    TURN_WISH, true, 0, 0 },
	[MESSAGE_ENTRY] = { "entry", PAGE, CORE, sizeof(struct entry), 1, ANY_STATE, 0, 0, 0, false,
	    0, 0 },
	[MESSAGE_WIRE_NOW] = { "wire_now", EAR, CORE, BYTES_WIRE, LIMIT_WIRES, ANY_STATE, 0, 0, 0,
	    false, 0, 0 },
	[MESSAGE_WIRE_ROWS] = { "wire_rows", EAR, CORE, BYTES_WIRE, WIRE_MOST, ANY_STATE, 0, 0, 0,
	    false, 0, 0 },
	[MESSAGE_WIRE_TOLD] = { "wire_told", EAR, CORE, sizeof(struct wire_told), 1, ANY_STATE, 0,
	    0, 0, false, 0, 0 },
	[MESSAGE_WIRE_LEARNED] = { "wire_learned", EAR, CORE, 1, MESSAGE_PAYLOAD, ANY_STATE, 0, 0,
	    0, false, 0, 0 },
	[MESSAGE_WIRE_LEARNT] = { "wire_learnt", EAR, CORE, sizeof(struct wire_learnt), 1,
	    ANY_STATE, 0, 0, 0, false, 0, 0 },
	[MESSAGE_ASK_LEARNED] = { "ask_learned", EAR, CORE, 0, 0, ANY_STATE, 0, TURN_LEARNED, 0,
	    false, 0, 0 },
	[MESSAGE_LEARNED_IS] = { "learned_is", CORE, EAR, 1, MESSAGE_PAYLOAD, ANY_STATE, 0, 0,
	    TURN_LEARNED, false, 0, 0 },
	[MESSAGE_LEARNED_END] = { "learned_end", CORE, EAR, 0, 0, ANY_STATE, 0, 0, TURN_LEARNED,
	    true, 0, 0 },
	[MESSAGE_WIRE_STATE] = { "wire_state", CORE, PAGE, BYTES_WIRE, LIMIT_WIRES, ANY_STATE, 0, 0,
	    TURN_STATUS, false, 0, 0 },
	[MESSAGE_ASK_LABELS] = { "ask_labels", PAGE, CORE, sizeof(struct labels_ask), 1, ANY_STATE, 0,
	    TURN_LABELS, 0, false, 0, 0 },
	[MESSAGE_LABELS_ARE] = { "labels_are", CORE, PAGE, 1, MESSAGE_PAYLOAD, ANY_STATE, 0, 0,
	    TURN_LABELS, true, 0, 0 },
	[MESSAGE_RECENT_END] = { "recent_end", CORE, PAGE, 0, 0, ANY_STATE, 0, 0, TURN_RECENT, true,
	    0, 0 },
};

/* Asks that may be open at once; the asker waits, so the answerer never sees more. */
static const uint32_t turn_most[TURNS] = {
	[TURN_PING] = 1, [TURN_RUN] = LIMIT_RUNS, [TURN_STATUS] = 1, [TURN_SERIES] = 4,
	[TURN_SAMPLES] = LIMIT_BATCHES, [TURN_RECENT] = 2, /* a view, and a query */
	[TURN_TELL] = LIMIT_TELL_FLIGHT, [TURN_WISH] = LIMIT_WISHES, [TURN_LABELS] = 1,
	[TURN_LEARNED] = 1,
};

static bool may_pass(const struct message_row *row, const struct channel *channel,
    enum role from, enum role to)
{
	if (row->name == NULL || (row->from & BIT(from)) == 0 || (row->to & BIT(to)) == 0)
		return false;
	if ((row->states & channel->state) == 0)
		return false;
	return row->answers == TURN_NONE || channel->open[row->answers] > 0;
}

static bool turn_free(const struct message_row *row, const struct channel *channel)
{
	return row->opens == TURN_NONE || channel->open[row->opens] < turn_most[row->opens];
}

/* What the message changes, on either side alike. */
static void message_pass(struct channel *channel, const struct message_row *row)
{
	if (row->next != 0)
		channel->state = row->next;
	if (row->opens != TURN_NONE)
		channel->open[row->opens]++;
	if (row->closes)
		channel->open[row->answers]--;
}

bool message_may(const struct channel *channel, enum message_kind kind)
{
	const struct message_row *row = &message_rows[kind];

	return channel->fd >= 0 &&
	    may_pass(row, channel, (enum role)channel->self, (enum role)channel->peer) &&
	    turn_free(row, channel) && channel->queued < LIMIT_CHANNEL_QUEUE;
}

/* Lengths as the row has them: a body is whole records, at least one if it has any. */
static bool lengths_hold(const struct message_row *row, size_t count, size_t bytes)
{
	if (row->most == 0)
		return count == 0 && bytes == 0;
	return count >= 1 && count <= row->most && bytes == count * row->record;
}

void message_passed(struct channel *channel, const struct parcel *parcel);

/* For channel.c: called once the parcel is sure to go. */
void message_passed(struct channel *channel, const struct parcel *parcel)
{
	const struct message_row *row = &message_rows[parcel->kind];

	must(may_pass(row, channel, (enum role)channel->self, (enum role)channel->peer));
	must(turn_free(row, channel));
	must(lengths_hold(row, parcel->count, parcel->body.left));
	must(parcel->fds_n >= row->fds_least && parcel->fds_n <= row->fds_most);
	message_pass(channel, row);
}

int message_check(struct channel *channel, struct span packet, size_t fds_n,
    struct message *ret_message, struct why *why)
{
	struct message message = { .fds = { -1, -1, -1 } };
	struct span head = span_cut(&packet, MESSAGE_HEAD);

	if (head.broken)
		return fail(why, KS_MALFORMED, "a message from %s is too short",
		    role_name((enum role)channel->peer));
	memcpy(&message.head, head.at, sizeof message.head);
	const struct message_row *row = message.head.kind < MESSAGE_KINDS
	    ? &message_rows[message.head.kind] : &message_rows[MESSAGE_NONE];

	if (row->name == NULL)
		return fail(why, KS_MALFORMED, "%s sent a message of no kind (%u)",
		    role_name((enum role)channel->peer), (unsigned)message.head.kind);
	if (!may_pass(row, channel, (enum role)channel->peer, (enum role)channel->self) ||
	    !turn_free(row, channel))
		return fail(why, KS_MALFORMED, "%s sent %s out of turn",
		    role_name((enum role)channel->peer), row->name);
	if (message.head.bytes != packet.left ||
	    !lengths_hold(row, message.head.count, packet.left))
		return fail(why, KS_MALFORMED, "%s sent %s with a wrong length (%zu)",
		    role_name((enum role)channel->peer), row->name, packet.left);
	if (message.head.fds != fds_n || fds_n < row->fds_least || fds_n > row->fds_most)
		return fail(why, KS_MALFORMED, "%s sent %s with %zu descriptors",
		    role_name((enum role)channel->peer), row->name, fds_n);
	message.body = packet;
	message_pass(channel, row);
	*ret_message = message;
	return KS_OK;
}

void message_drop(struct message *message)
{
	for (size_t i = 0; i < MESSAGE_FDS; i++) {
		if (message->fds[i] >= 0)
			(void)close(message->fds[i]);
		message->fds[i] = -1;
	}
}

void message_record(const struct message *message, size_t i, void *ret_record, size_t size)
{
	const struct message_row *row = &message_rows[message->head.kind];

	must(size == row->record && i < message->head.count);
	memcpy(ret_record, message->body.at + i * size, size);
}
