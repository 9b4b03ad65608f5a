/* test/unit/test_guard.c - the rights table holds what the house promises, and no
 * message passes out of its turn, length or direction. */
#include "harness.h"
#include "guard/message.h"
#include "guard/rights.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static void no_stranger_holds_a_switch(void **state)
{
	(void)state;
	unsigned writers = 0, switches = 0;

	for (unsigned i = 0; i < ROLES; i++) {
		uint32_t rights = role_rows[i].rights;

		assert_non_null(role_rows[i].name);
		assert_false((rights & RIGHT_STRANGERS) && (rights & RIGHT_SWITCH));
		assert_false((rights & RIGHT_LISTEN) && (rights & RIGHT_SWITCH));
		/* and no stranger's bytes are read by the one who writes */
		assert_false((rights & RIGHT_STRANGERS) && (rights & RIGHT_WRITE));
		assert_false((rights & RIGHT_LISTEN) && (rights & RIGHT_SECRETS));
		writers += (rights & RIGHT_WRITE) != 0;
		switches += (rights & RIGHT_SWITCH) != 0;
	}
	assert_int_equal(writers, 1);
	assert_int_equal(switches, 1);
	assert_true(role_may(ROLE_CORE, RIGHT_WRITE));
	assert_false(role_may(ROLE_CORE, RIGHT_CONNECT));
	enum role role;

	assert_true(role_find(span_text("page"), &role));
	assert_int_equal(role, ROLE_PAGE);
	assert_false(role_find(span_text("pages"), &role));
	assert_string_equal(role_name(ROLE_HAND), "hand");
	assert_string_equal(role_name(ROLES), "?");
	assert_false(role_may(ROLES, 0));
}

struct both {
	struct channel keeper, role;
};

static void both_open(struct both *both, enum role role)
{
	int fds[2];

	assert_int_equal(channel_pair(fds, NULL), KS_OK);
	assert_int_equal(channel_init(&both->keeper, fds[0], ROLE_KEEPER, role, NULL), KS_OK);
	assert_int_equal(channel_init(&both->role, fds[1], role, ROLE_KEEPER, NULL), KS_OK);
}

static void both_close(struct both *both)
{
	channel_done(&both->keeper);
	channel_done(&both->role);
}

static void greet(struct both *both)
{
	struct hello hello = { .version = MESSAGE_VERSION, .role = ROLE_POLLER };
	struct message message;

	assert_int_equal(message_say(&both->role, MESSAGE_HELLO, 0,
	    span_of(&hello, sizeof hello), NULL), KS_OK);
	assert_int_equal(message_take(&both->keeper, &message, NULL), KS_OK);
	assert_int_equal(message.head.kind, MESSAGE_HELLO);
	memset(&hello, 0, sizeof hello);
	message_record(&message, 0, &hello, sizeof hello);
	assert_int_equal(hello.role, ROLE_POLLER);
}

static void descriptors_cross_and_states_follow(void **state)
{
	(void)state;
	struct both both;
	struct message message;
	struct config config = { .lang = 1 };
	int pipe_fds[2];
	char byte = 0;

	both_open(&both, ROLE_POLLER);
	assert_int_equal(message_take(&both.keeper, &message, NULL), KS_ABSENT);
	assert_false(message_may(&both.keeper, MESSAGE_CONFIG));
	greet(&both);
	assert_true(message_may(&both.keeper, MESSAGE_CONFIG));
	assert_false(message_may(&both.keeper, MESSAGE_PING));
	assert_int_equal(pipe(pipe_fds), 0);
	struct parcel parcel = { .kind = MESSAGE_CONFIG, .count = 1,
		.body = span_of(&config, sizeof config), .fds = &pipe_fds[0], .fds_n = 1 };

	assert_int_equal(message_send(&both.keeper, &parcel, NULL), KS_OK);
	assert_int_equal(message_take(&both.role, &message, NULL), KS_OK);
	assert_int_equal(message.head.kind, MESSAGE_CONFIG);
	assert_true(message.fds[0] >= 0);
	assert_true(fcntl(message.fds[0], F_GETFD) & FD_CLOEXEC);
	assert_int_equal(write(pipe_fds[1], "x", 1), 1);
	assert_int_equal(read(message.fds[0], &byte, 1), 1);
	message_drop(&message);
	assert_int_equal(message.fds[0], -1);
	(void)close(pipe_fds[1]);
	both_close(&both);
}

/* One packet on a fresh channel of that peer, as the receiver judges it. */
static int judged(enum role self, enum role peer, uint8_t channel_state, uint32_t turn,
    const struct message_head *head, size_t body, size_t fds)
{
	static uint8_t packet[LIMIT_MESSAGE + 64];
	struct channel channel = { .fd = -1, .self = (uint8_t)self, .peer = (uint8_t)peer,
		.state = channel_state };
	struct message message;

	channel.open[turn] = turn == TURN_NONE ? 0 : 1;
	memcpy(packet, head, sizeof *head);
	return message_check(&channel, span_of(packet, sizeof *head + body), fds, &message, NULL);
}

/* None, all that there may be, one more: each with the bytes for so many. */
static void records_are_counted(const struct message_row *row, struct message_head head,
    enum role from, enum role to)
{
	for (uint32_t count = 0; count <= row->most + 1; count += row->most > 1 && count == 1 ? row->most - 1 : 1) {
		size_t body = (size_t)count * row->record;

		head.count = (uint16_t)count;
		head.bytes = (uint32_t)body;
		if (body <= LIMIT_MESSAGE)
			assert_int_equal(judged(to, from, row->states, row->answers, &head, body,
			    row->fds_least), (count == 0) == (row->most == 0) && count <= row->most ?
			    KS_OK : KS_MALFORMED);
	}
}

static void every_row_refuses_what_it_does_not_say(void **state)
{
	(void)state;
	for (unsigned kind = 1; kind < MESSAGE_KINDS; kind++) {
		const struct message_row *row = &message_rows[kind];
		struct message_head head = { .kind = (uint16_t)kind,
			.count = row->most > 0 ? 1 : 0, .bytes = row->most > 0 ? row->record : 0,
			.fds = row->fds_least };
		size_t body = head.bytes;

		assert_non_null(row->name);
		assert_true(row->record * row->most <= MESSAGE_PAYLOAD);
		for (unsigned from = 0; from < ROLES; from++) {
			for (unsigned to = 0; to < ROLES; to++) {
				bool may = (row->from >> from & 1) && (row->to >> to & 1);

				for (unsigned bit = 0; bit < 6; bit++) {
					int want = may && (row->states >> bit & 1) ? KS_OK
					    : KS_MALFORMED;

					assert_int_equal(judged((enum role)to, (enum role)from,
					    (uint8_t)(1U << bit), row->answers, &head, body,
					    row->fds_least), want);
				}
			}
		}
		unsigned from = (unsigned)__builtin_ctz(row->from);
		unsigned to = (unsigned)__builtin_ctz(row->to);

		assert_int_equal(judged((enum role)to, (enum role)from, row->states, row->answers,
		    &head, body + 1, row->fds_least), KS_MALFORMED);
		if (body > 0)
			assert_int_equal(judged((enum role)to, (enum role)from, row->states,
			    row->answers, &head, body - 1, row->fds_least), KS_MALFORMED);
		for (int fds = row->fds_least - 1; fds <= row->fds_most + 1; fds++) {
			head.fds = (uint32_t)fds;
			if (fds >= 0)
				assert_int_equal(judged((enum role)to, (enum role)from, row->states,
				    row->answers, &head, body, (size_t)fds),
				    fds >= row->fds_least && fds <= row->fds_most ? KS_OK : KS_MALFORMED);
		}
		head.fds = row->fds_least;
		assert_int_equal(judged((enum role)to, (enum role)from, row->states, row->answers,
		    &head, body, row->fds_least + 1U), KS_MALFORMED); /* more than it says */
		records_are_counted(row, head, (enum role)from, (enum role)to);
		if (row->answers != TURN_NONE) /* an answer nobody asked for */
			assert_int_equal(judged((enum role)to, (enum role)from, row->states,
			    TURN_NONE, &head, body, row->fds_least), KS_MALFORMED);
	}
}

static void a_full_queue_is_said_and_counted(void **state)
{
	(void)state;
	struct channel poller, core;
	struct message message;
	static uint8_t readings[READINGS_MOST * BYTES_READING];
	uint64_t site = 7, sent = 0, taken = 0;
	int fds[2], code;

	assert_int_equal(channel_pair(fds, NULL), KS_OK);
	assert_int_equal(channel_init(&poller, fds[0], ROLE_POLLER, ROLE_CORE, NULL), KS_OK);
	assert_int_equal(channel_init(&core, fds[1], ROLE_CORE, ROLE_POLLER, NULL), KS_OK);
	assert_false(message_may(&poller, MESSAGE_READINGS));
	assert_int_equal(message_say(&poller, MESSAGE_SITE, 0, span_of(&site, sizeof site), NULL),
	    KS_OK);
	struct parcel parcel = { .kind = MESSAGE_READINGS, .count = READINGS_MOST,
		.body = span_of(readings, sizeof readings) };

	while ((code = message_send(&poller, &parcel, NULL)) == KS_OK)
		assert_true(++sent < 10000);
	assert_int_equal(code, KS_FULL);
	assert_int_equal(poller.full, 1);
	assert_true(channel_waits(&poller));
	assert_false(message_may(&poller, MESSAGE_READINGS));
	assert_false(message_may(&poller, MESSAGE_NONE));
	assert_true(poller.queued < LIMIT_CHANNEL_QUEUE + LIMIT_MESSAGE);
	while (taken < sent + 1) {
		code = message_take(&core, &message, NULL);
		if (code == KS_ABSENT) {
			assert_int_equal(channel_flush(&poller, NULL), KS_OK);
			continue;
		}
		assert_int_equal(code, KS_OK);
		taken++;
	}
	assert_false(channel_waits(&poller));
	assert_int_equal(message_take(&core, &message, NULL), KS_ABSENT);
	channel_done(&poller);
	assert_int_equal(message_take(&core, &message, NULL), KS_IO);
	channel_done(&core);
}

static void asks_and_answers_keep_their_turns(void **state)
{
	(void)state;
	struct channel page, core;
	struct message message;
	int fds[2];

	assert_int_equal(channel_pair(fds, NULL), KS_OK);
	assert_int_equal(channel_init(&page, fds[0], ROLE_PAGE, ROLE_CORE, NULL), KS_OK);
	assert_int_equal(channel_init(&core, fds[1], ROLE_CORE, ROLE_PAGE, NULL), KS_OK);
	assert_false(message_may(&core, MESSAGE_END));
	assert_int_equal(message_say(&page, MESSAGE_ASK_STATUS, 9, span_of(NULL, 0), NULL), KS_OK);
	assert_false(message_may(&page, MESSAGE_ASK_STATUS)); /* one at a time */
	assert_int_equal(message_take(&core, &message, NULL), KS_OK);
	assert_int_equal(message.head.ticket, 9);
	assert_true(message_may(&core, MESSAGE_END));
	assert_int_equal(message_say(&core, MESSAGE_END, 9, span_of(NULL, 0), NULL), KS_OK);
	assert_false(message_may(&core, MESSAGE_END));
	assert_int_equal(message_take(&page, &message, NULL), KS_OK);
	assert_true(message_may(&page, MESSAGE_ASK_STATUS));
	/* bytes that are no message at all */
	assert_int_equal(send(fds[0], "hello", 5, 0), 5);
	assert_int_equal(message_take(&core, &message, NULL), KS_MALFORMED);
	channel_done(&page);
	channel_done(&core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_stranger_holds_a_switch),
		cmocka_unit_test(descriptors_cross_and_states_follow),
		cmocka_unit_test(every_row_refuses_what_it_does_not_say),
		cmocka_unit_test(a_full_queue_is_said_and_counted),
		cmocka_unit_test(asks_and_answers_keep_their_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
