/* src/role/core_answer.c - what the page asks: verdict, findings, the newest value of
 * each series, keisoku itself.  A long answer waits for the page to read. */
#include "judge/outlook.h"
#include "role/core.h"
#include "words/status.h"
#include <string.h>

enum { SIZE_EVERY_MS = 5000 };

_Static_assert(sizeof(struct status_now) == BYTES_NOW, "see guard/message.h");
_Static_assert(sizeof(struct outlook) == BYTES_OUTLOOK, "see guard/message.h");

static bool room(const struct core *core)
{
	return core->page.open && core->page.channel.queued < LIMIT_CHANNEL_QUEUE / 2;
}

static void send_many(struct core *core, enum message_kind kind, const void *records, size_t n,
    size_t size)
{
	struct parcel parcel = { .kind = kind, .count = (uint16_t)n,
		.ticket = core->answer_ticket, .body = span_of(records, n * size) };

	if (n > 0)
		(void)line_send(&core->page, &parcel, NULL);
}

void core_self(struct core *core, struct self *ret_self)
{
	int64_t real = clock_mono_ms();
	struct why why = { .fmt = NULL };
	struct self *self = &core->self;

	if (core->last_size_ms == 0 || real - core->last_size_ms > SIZE_EVERY_MS) {
		core->last_size_ms = real;
		if (store_size(core->store, &core->size, &why) != KS_OK)
			worker_say(core->worker, "KS-STORE", "size", why.text);
	}
	const struct store_size *size = &core->size;
	const struct finding *open;

	self->now_ms = core_now(core);
	self->started_ms = core->started_ms;
	self->series = store_series_count(core->store);
	self->samples_sealed = size->samples_sealed;
	self->samples_head = size->samples_head;
	self->bytes_chunks = size->bytes_chunks;
	self->bytes_rollups = size->bytes_rollups;
	self->bytes_journal = size->bytes_journal;
	self->bytes_free_disk = size->bytes_free_disk;
	self->bytes_per_sample = size->bytes_per_sample;
	self->samples_per_day = size->samples_per_day;
	self->disk_full = core->store_full || size->disk_full;
	self->findings_open = (uint32_t)judge_open(core->judge, &open);
	self->roles[ROLE_CORE].pid = core->worker->started ? (int32_t)getpid() : 0;
	*ret_self = *self;
}

static void findings_send(struct core *core)
{
	const struct finding *open;
	size_t n = judge_open(core->judge, &open);

	while (core->answer_finding < n && room(core)) {
		size_t part = n - core->answer_finding;

		if (part > (size_t)FINDINGS_MOST)
			part = (size_t)FINDINGS_MOST;
		send_many(core, MESSAGE_FINDING, &open[core->answer_finding], part,
		    sizeof *open);
		core->answer_finding += part;
	}
	if (core->answer_finding >= n)
		core->answer_finding = SIZE_MAX;
}

/* With the limits by which it is judged, whoever said them. */
static struct status_now now_of(const struct core *core, const struct known *known)
{
	struct status_now now = { .series = known->series, .reading = known->last,
		.value_ms = known->value_ms, .store = known->store };
	struct limits limits = judge_limits(core->judge, known->series.number);

	now.series.low_critical = limits.low_critical;
	now.series.low_warning = limits.low_warning;
	now.series.high_warning = limits.high_warning;
	now.series.high_critical = limits.high_critical;
	now.series.limited = limits.low_critical != INT64_MIN || limits.low_warning != INT64_MIN ||
	    limits.high_warning != INT64_MAX || limits.high_critical != INT64_MAX;
	return now;
}

static void outlooks_send(struct core *core)
{
	struct outlook outlooks[OUTLOOKS_MOST];

	memset(outlooks, 0, sizeof outlooks);
	send_many(core, MESSAGE_OUTLOOK, outlooks,
	    judge_outlooks(core->judge, OUTLOOKS_MOST, outlooks), sizeof outlooks[0]);
}

static void series_send(struct core *core)
{
	struct status_now now[NOW_MOST];
	size_t n = 0;

	while (core->answer_series < core->known_n && room(core)) {
		const struct known *known = core->known[core->answer_series++];

		if (known != NULL && known->read)
			now[n++] = now_of(core, known);
		if (n == NOW_MOST) {
			send_many(core, MESSAGE_NOW, now, n, sizeof now[0]);
			n = 0;
		}
	}
	send_many(core, MESSAGE_NOW, now, n, sizeof now[0]);
}

void core_answer_on(struct core *core)
{
	if (!core->answering)
		return;
	if (core->answer_finding != SIZE_MAX)
		findings_send(core);
	if (core->answer_finding == SIZE_MAX)
		series_send(core);
	if (core->answer_finding != SIZE_MAX || core->answer_series < core->known_n)
		return; /* line.drained comes back here */
	struct self self;

	core_self(core, &self);
	(void)line_say(&core->page, MESSAGE_SELF, core->answer_ticket,
	    span_of(&self, sizeof self));
	(void)line_say(&core->page, MESSAGE_END, core->answer_ticket, span_of(NULL, 0));
	core->answering = false;
}

void core_answer(struct core *core, uint32_t ticket)
{
	struct verdict verdict;

	memset(&verdict, 0, sizeof verdict);
	core->answering = true;
	core->answer_ticket = ticket;
	core->answer_finding = core->answer_series = 0;
	judge_verdict(core->judge, core_now(core), &verdict);
	core_ready_advise(core, &verdict);
	(void)line_say(&core->page, MESSAGE_VERDICT, ticket, span_of(&verdict, sizeof verdict));
	outlooks_send(core);
	send_many(core, MESSAGE_WIRE_STATE, core->wire.now, core->wire.now_n,
	    sizeof core->wire.now[0]);
	core_answer_on(core);
}
