/* src/role/core_write.c - remote-write, and the group commit: what comes within a few
 * milliseconds is made durable by one sync and acknowledged together. */
#include "role/core.h"
#include "base/must.h"
#include <stdlib.h>
#include <string.h>

static void nack(struct core *core, uint32_t ticket, int code, const struct why *why)
{
	struct nack nack = { .code = code };

	(void)snprintf(nack.text, sizeof nack.text, "%s", why->text);
	(void)line_say(&core->page, MESSAGE_NACK, ticket, span_of(&nack, sizeof nack));
}

/* The disk is full, or worse: said once when it begins and once when it is over. */
void core_store_failed(struct core *core, int code, const struct why *why)
{
	core->self.full++;
	if (core->store_full)
		return;
	core->store_full = true;
	worker_say(core->worker, "KS-SELF-001", "store", why->text);
	core_self_finding(core, FINDING_DISK_FULL, SEVERITY_CRITICAL, "store",
	    code == KS_FULL ? "full" : "io", 0);
}

static void store_well(struct core *core)
{
	if (!core->store_full)
		return;
	core->store_full = false;
	worker_say(core->worker, "KS-SELF-001", "store", "writes again");
	core_self_finding(core, FINDING_DISK_FULL, SEVERITY_CRITICAL, "store", "",
	    core_now(core));
}

void core_sync(struct core *core)
{
	struct why why = { .fmt = NULL };
	size_t n = core->acks_n;

	core->sync_armed = false;
	if (!core->appended && n == 0)
		return;
	core->appended = false;
	core->acks_n = 0;
	int code = store_sync(core->store, &why);

	core->self.batches++;
	if (code != KS_OK)
		core_store_failed(core, code, &why);
	else
		store_well(core);
	for (size_t i = 0; i < n && core->page.open; i++) {
		if (code == KS_OK)
			(void)line_say(&core->page, MESSAGE_ACK, core->acks[i], span_of(NULL, 0));
		else
			nack(core, core->acks[i], code, &why);
	}
}

static void sync_due(uv_timer_t *timer)
{
	core_sync(timer->data);
}

void core_sync_soon(struct core *core, uint64_t within_ms)
{
	if (core->sync_armed && uv_timer_get_due_in(&core->sync) <= within_ms)
		return;
	core->sync_armed = true;
	must(uv_timer_start(&core->sync, sync_due, within_ms, 0) == 0);
}

void core_samples(struct core *core, struct message *message)
{
	struct sample samples[SAMPLES_MOST];
	struct why why = { .fmt = NULL };
	uint32_t series = store_series_count(core->store);
	size_t n = message->head.count;
	int code = KS_OK;

	for (size_t i = 0; i < n; i++) {
		struct sample_row row;

		message_record(message, i, &row, sizeof row);
		if (row.series == 0 || row.series > series)
			code = fail(&why, KS_MALFORMED, "no series of that number");
		samples[i].series = row.series;
		memcpy(&samples[i].time_ms, row.time_ms, sizeof samples[i].time_ms);
		memcpy(&samples[i].value, row.value, sizeof samples[i].value);
	}
	if (code == KS_OK) {
		code = store_append(core->store, samples, n, &why);
		if (code == KS_MALFORMED) /* the sender's mistake, not the disk's */
			core->self.refused++;
		else if (code != KS_OK)
			core_store_failed(core, code, &why);
	}
	if (code != KS_OK) {
		nack(core, message->head.ticket, code, &why);
		return;
	}
	core->self.samples += n;
	core->appended = true;
	core->acks[core->acks_n++] = message->head.ticket;
	if (core->acks_n == CORE_GROUP_MOST)
		core_sync(core);
	else
		core_sync_soon(core, CORE_GROUP_MS);
}

/* Label sets {u16 length, labels}.. into numbers, in the same order. */
void core_series_asked(struct core *core, struct message *message)
{
	static uint32_t numbers[NUMBERS_MOST];
	struct span in = message->body;
	uint16_t n = 0;

	while (in.left > 0 && n < NUMBERS_MOST) {
		struct span labels = span_cut(&in, (size_t)span_le(&in, 2));
		struct why why = { .fmt = NULL };
		uint32_t number = UINT32_MAX;

		if (!in.broken && !labels.broken &&
		    store_series(core->store, labels, &number, &why) != KS_OK) {
			number = UINT32_MAX;
			core->self.refused++;
		}
		numbers[n++] = number;
	}
	if (n == 0)
		numbers[n++] = UINT32_MAX;
	core->appended = true;
	struct parcel parcel = { .kind = MESSAGE_SERIES_ARE, .count = n,
		.ticket = message->head.ticket, .body = span_of(numbers, n * sizeof numbers[0]) };

	(void)line_send(&core->page, &parcel, NULL);
}

/* Which series there are beyond those that the page has read by itself. */
void core_labels_asked(struct core *core, struct message *message)
{
	static uint8_t body[MESSAGE_PAYLOAD];
	struct labels_ask ask;
	uint32_t highest = store_series_count(core->store);
	uint64_t now = (uint64_t)core_now(core);
	size_t n = 0;

	message_record(message, 0, &ask, sizeof ask);
	for (unsigned shift = 0; shift < 64; shift += 8)
		body[n++] = (uint8_t)(now >> shift);
	for (unsigned shift = 0; shift < 32; shift += 8)
		body[n++] = (uint8_t)(highest >> shift);
	for (uint32_t at = ask.from > 0 ? ask.from : 1; at <= highest; at++) {
		struct span labels = store_labels(core->store, at);

		if (labels.left + 2 > sizeof body - n)
			break;
		body[n++] = (uint8_t)labels.left;
		body[n++] = (uint8_t)(labels.left >> 8);
		if (labels.left > 0)
			memcpy(body + n, labels.at, labels.left);
		n += labels.left;
	}
	const struct parcel parcel = { .kind = MESSAGE_LABELS_ARE, .count = (uint16_t)n,
		.ticket = message->head.ticket, .body = span_of(body, n) };

	(void)line_send(&core->page, &parcel, NULL);
}
