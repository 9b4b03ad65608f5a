/* src/sense/poll_talk.c - turns of ask and read. */
#include "sense/poll_talk.h"

static void finish(struct talker *talker, int code, const struct why *why)
{
	talker->over = true;
	talker->done(talker, code, why);
}

/* Asks until an ask is under way, or the talk is over. */
static void go_on(struct talker *talker)
{
	struct why why = { 0 };
	int code;

	for (;;) {
		if (talker->talk.turn >= TALK_ASKS_MOST) {
			code = fail(&why, KS_FULL, "%s: more than %d questions in one poll",
			    talker->probe.name, TALK_ASKS_MOST);
			finish(talker, code, &why);
			return;
		}
		talker->ask.what = ASK_NONE;
		talker->ask.target[0] = '\0';
		talker->ask.send_n = 0;
		talker->ask.whole = NULL;
		talker->ask.reply_max = 0;
		talker->ask.may_fail = false;
		code = talker->driver->ask(&talker->talk, &talker->ask, &why);
		if (code != KS_OK || talker->ask.what == ASK_NONE) {
			finish(talker, code, &why);
			return;
		}
		code = talker->channel->kind->ask(talker->channel, &talker->ask, &why);
		talker->asking = code == KS_OK;
		if (code == KS_OK)
			return;
		if (talker->ask.may_fail) {
			code = talker->driver->read(&talker->talk,
			    (struct span){ .broken = true }, &why);
			talker->talk.turn++;
		}
		if (code != KS_OK) {
			finish(talker, code, &why);
			return;
		}
	}
}

static void answered(void *user, int code, struct span reply, const struct why *why)
{
	struct talker *talker = user;
	struct why own = { 0 };

	if (talker->over)
		return;
	talker->asking = false;
	/* what may fail is asked twice before silence is taken for "not here": a subtree
	 * lost to a busy agent would be missed until the next day */
	if (code == KS_LATE && talker->ask.may_fail && !talker->again) {
		talker->again = true;
		talker->asking = talker->channel->kind->ask(talker->channel, &talker->ask,
		    &own) == KS_OK;
		if (talker->asking)
			return;
	}
	talker->again = false;
	/* one unanswered question may be the device's way of saying no; two are silence */
	talker->lost = code == KS_LATE ? talker->lost + 1 : 0;
	if (code != KS_OK && (!talker->ask.may_fail || talker->lost > 1)) {
		finish(talker, code, why);
		return;
	}
	if (code != KS_OK)
		reply = (struct span){ .broken = true };
	code = talker->driver->read(&talker->talk, reply, &own);
	talker->talk.turn++;
	if (code != KS_OK)
		finish(talker, code, &own);
	else
		go_on(talker);
}

void talker_start(struct talker *talker, const struct driver *driver,
    struct channel *channel, const struct probe *probe, void *memory)
{
	uint64_t longest = LIMIT_POLL_TALK_S * 1000u;

	talker->probe = *probe;
	talker->driver = driver;
	talker->channel = channel;
	talker->over = talker->asking = false;
	talker->lost = 0;
	talker->again = false;
	talker->ends = uv_now(channel->hub->loop) + longest;
	arena_init(&talker->arena, TALK_MEMORY);
	talker->talk = (struct talk){ .probe = &talker->probe, .arena = &talker->arena,
		.memory = memory, .offers = talker->offers };
	channel->answer = answered;
	channel->user = talker;
	go_on(talker);
}

uint64_t talker_deadline(const struct talker *talker)
{
	return talker->channel->deadline < talker->ends ? talker->channel->deadline : talker->ends;
}

void talker_tick(struct talker *talker, uint64_t now)
{
	struct why why = { 0 };

	if (now >= talker->ends) {
		(void)fail(&why, KS_LATE, "%s: all questions took longer than %d s",
		    talker->probe.name, (int)LIMIT_POLL_TALK_S);
		finish(talker, KS_LATE, &why);
	} else if (now >= talker->channel->deadline) {
		talker->channel->kind->tick(talker->channel, now);
	}
}
