/* src/role/core_recent.c - samples that are not sealed yet, for who draws them: the page
 * reads what is sealed by itself. */
#include "role/core.h"
#include <string.h>

struct recent {
	struct core *core;
	const struct recent_ask *ask;
	uint32_t ticket;
	struct sample_row rows[SAMPLES_MOST];
	size_t n, sent;
	double best;	/* of the step that runs */
	int64_t best_ms, step;
	bool open;
};

static void rows_send(struct recent *recent)
{
	const struct parcel parcel = { .kind = MESSAGE_RECENT, .count = (uint16_t)recent->n,
		.ticket = recent->ticket,
		.body = span_of(recent->rows, recent->n * sizeof recent->rows[0]) };

	if (recent->n > 0)
		(void)line_send(&recent->core->page, &parcel, NULL);
	recent->sent += recent->n;
	recent->n = 0;
}

static void row_add(struct recent *recent, int64_t time_ms, double value)
{
	struct sample_row *row = &recent->rows[recent->n++];

	row->series = recent->ask->store;
	memcpy(row->time_ms, &time_ms, sizeof time_ms);
	memcpy(row->value, &value, sizeof value);
	if (recent->n == SAMPLES_MOST)
		rows_send(recent);
}

static void best_add(struct recent *recent)
{
	if (recent->open)
		row_add(recent, recent->best_ms, recent->best);
	recent->open = false;
}

/* NaN, the mark that nothing was measured from here on, stands for itself. */
static int sample_took(void *user, int64_t time_ms, double value)
{
	struct recent *recent = user;
	const struct recent_ask *ask = recent->ask;
	int64_t step = ask->step_ms > 0 ? (time_ms - ask->from_ms) / ask->step_ms : 0;

	if (recent->sent + recent->n >= RECENT_ROWS)
		return 1;
	if (ask->step_ms == 0 || value != value) {
		best_add(recent);
		row_add(recent, time_ms, value);
		return 0;
	}
	if (recent->open && recent->step == step && recent->best >= value)
		return 0;
	if (recent->open && recent->step != step)
		best_add(recent);
	recent->best = value;
	recent->best_ms = time_ms;
	recent->step = step;
	recent->open = true;
	return 0;
}

void core_recent(struct core *core, struct message *message)
{
	struct recent recent = { .core = core, .ticket = message->head.ticket };

	for (size_t i = 0; i < message->head.count; i++) {
		struct recent_ask ask;
		struct why why = { .fmt = NULL };

		message_record(message, i, &ask, sizeof ask);
		if (ask.store == 0 || ask.store > store_series_count(core->store) || ask.step_ms < 0 ||
		    ask.from_ms >= ask.to_ms || ask.from_ms < 0)
			continue;
		recent.ask = &ask;
		recent.open = false;
		int code = store_recent(core->store, ask.store, ask.from_ms, ask.to_ms, sample_took,
		    &recent, &why);

		if (code < 0)
			worker_say(core->worker, "KS-STORE", "recent", why.text);
		best_add(&recent);
	}
	rows_send(&recent);
	(void)line_say(&core->page, MESSAGE_RECENT_END, recent.ticket, span_of(NULL, 0));
}
