/* src/role/core_wire.c - what the ear says, checked: it parses what anyone may have sent.
 * Rows of an hour come one by one and are written together; what was found in the last
 * day goes to the judge, each other side and kind with its own number, so that one device is
 * one incident; bytes of devices become series. */
#include "role/core.h"
#include "base/drop.h"
#include "base/text.h"
#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000, FOUND_KEPT_MS = DAY_MS + WIRE_HOUR_MS, FOUND_MOST = 4096 };

/* -- findings --------------------------------------------------------------------------------- */

/* Of one device, code and direction so many are told apart; the rest is one finding. */
enum { FOUND_APART = 12 };

struct found { /* one of a device, code and direction, other side and word */
	struct finding finding;
	char device[WIRE_NAME], name[WIRE_LONG], word[WIRE_NAME];
	int64_t last_ms;
	uint32_t rest; /* of how many others it is the sum; 0: it is itself */
};
struct founds {
	struct core *core;
	struct found list[LIMIT_WIRE_FINDINGS];
	size_t n;
	uint64_t more;
};

static struct found *found_new(struct founds *all, const struct wire_row *row)
{
	if (all->n == LIMIT_WIRE_FINDINGS) {
		all->more++;
		return NULL;
	}
	struct found *found = &all->list[all->n++];

	*found = (struct found){ .finding = wire_finding_of(row,
	    row->flags & WIRE_OF_SITE || row->address[0] == '\0' ? row->device : row->address) };
	found->finding.count = 0;
	(void)snprintf(found->device, sizeof found->device, "%s", row->device);
	(void)snprintf(found->name, sizeof found->name, "%s", row->name);
	(void)snprintf(found->word, sizeof found->word, "%s", row->word);
	return found;
}

/* The sentence names one other side and one kind: what is of another is not of its number. */
static struct found *found_of(struct founds *all, const struct wire_row *row)
{
	const unsigned way = wire_finding_of(row, "").way;
	struct found *rest = NULL;
	size_t apart = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct found *found = &all->list[i];

		if (found->finding.code != wire_code_of(row) || found->finding.way != way ||
		    strcmp(found->device, row->device) != 0)
			continue;
		if (found->rest > 0)
			rest = found;
		else if (strcmp(found->name, row->name) == 0 && strcmp(found->word, row->word) == 0)
			return found;
		else
			apart++;
	}
	if (rest == NULL)
		rest = found_new(all, row);
	if (rest == NULL || (apart < FOUND_APART && rest->rest == 0))
		return rest;
	wire_rest_make(&rest->finding, ++rest->rest);
	return rest;
}

static int found_take(void *user, const struct wire_row *row)
{
	struct founds *all = user;

	if (row->level < SEVERITY_WARNING || row->flags & WIRE_ACCEPTED ||
	    !finding_is_wire(wire_code_of(row)))
		return 0;
	struct found *found = found_of(all, row);

	if (found == NULL)
		return 0;
	uint64_t count = found->finding.count + row->count;

	found->finding.count = count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
	if (row->first_ms < found->finding.since_ms)
		found->finding.since_ms = row->first_ms;
	if (row->last_ms > found->last_ms)
		found->last_ms = row->last_ms;
	return 0;
}

void core_wire_load(struct core *core)
{
	static struct founds all;
	int64_t now = core_now(core);
	const struct wire_ask ask = { .kind = WIRE_FINDING, .by = WIRE_BY_THING,
		.from_ms = now - DAY_MS, .to_ms = now + WIRE_HOUR_MS, .most = FOUND_MOST };
	struct why why = { .fmt = NULL };

	all = (struct founds){ .core = core };
	if (store_wire(core->store, &ask, found_take, &all, &why) != KS_OK) {
		worker_say(core->worker, "KS-STORE", "wire", why.text);
		return;
	}
	core->self.full += all.more;
	for (size_t i = 0; i < all.n; i++) {
		struct finding *f = &all.list[i].finding;

		f->seen_ms = now;
		if (all.list[i].last_ms + FOUND_KEPT_MS > now)
			judge_wire(core->judge, f, all.list[i].last_ms + FOUND_KEPT_MS);
	}
}

/* -- bytes of devices as series ------------------------------------------------------------------- */

static void label_add(struct text *text, const char *name, const char *value)
{
	text_add(text, name);
	text_add_char(text, (char)0xff);
	text_add(text, value);
	text_add_char(text, (char)0xff);
}

static void bytes_store(struct core *core, const struct wire_row *row, const char *direction,
    uint64_t bytes)
{
	KS_DROP(text) struct text key;
	struct sample sample = { .time_ms = row->last_ms, .value = (double)bytes };
	struct why why = { .fmt = NULL };

	text_init(&key, LIMIT_LABELS_BYTES);
	label_add(&key, "__name__", "keisoku_wire_hour_bytes");
	label_add(&key, "device", row->device);
	label_add(&key, "direction", direction);
	int code = store_series(core->store, text_span(&key), &sample.series, &why);

	if (code == KS_OK)
		code = store_append(core->store, &sample, 1, &why);
	if (code == KS_OK)
		core->self.samples++;
	else if (code == KS_MALFORMED)
		core->self.refused++;
	else
		core_store_failed(core, code, &why);
}

static void series_store(struct core *core)
{
	size_t n = 0;

	for (size_t i = 0; i < core->wire.rows_n && n < LIMIT_WIRE_SERIES; i++) {
		const struct wire_row *row = &core->wire.rows[i];

		if (row->kind != WIRE_DEVICE || row->device[0] == '\0')
			continue;
		bytes_store(core, row, "in", row->in);
		bytes_store(core, row, "out", row->out);
		n++;
	}
	core->appended = n > 0 || core->appended;
	if (n > 0)
		core_sync_soon(core, CORE_SYNC_MS);
}

/* -- an hour --------------------------------------------------------------------------------------- */

/* The first row of an hour is the hour itself: what was there before was not finished. */
static void rows_take(struct core *core, const struct message *message)
{
	for (size_t i = 0; i < message->head.count; i++) {
		struct wire_row row;

		message_record(message, i, &row, sizeof row);
		if (row.kind == WIRE_SOURCE) {
			core->wire.rows_n = 0;
			core->wire.bad = false;
		}
		if (!wire_row_good(&row) || row.hour_ms == 0 || core->wire.rows_n == LIMIT_WIRE_ROWS ||
		    (core->wire.rows_n > 0 && (row.hour_ms != core->wire.rows[0].hour_ms ||
			row.part != core->wire.rows[0].part))) {
			core->wire.bad = true;
			core->self.refused++;
			continue;
		}
		core->wire.rows[core->wire.rows_n++] = row;
	}
}

/* Once a day what is too old goes. */
static void hours_drop(struct core *core)
{
	int64_t now = core_now(core), keep = core->worker->site->keep_raw_days;
	struct why why = { .fmt = NULL };

	if (core->wire.dropped_ms != 0 && now - core->wire.dropped_ms < DAY_MS)
		return;
	core->wire.dropped_ms = now;
	keep = keep > 0 && keep < LIMIT_WIRE_DAYS ? keep : LIMIT_WIRE_DAYS;
	int code = store_wire_drop(core->store, now - keep * DAY_MS, &why);

	if (code != KS_OK)
		core_store_failed(core, code, &why);
}

static void hour_told(struct core *core, const struct wire_told *told)
{
	struct why why = { .fmt = NULL };

	if (core->wire.bad || told->rows != core->wire.rows_n || told->rows == 0 ||
	    told->hour_ms != core->wire.rows[0].hour_ms || told->part != core->wire.rows[0].part) {
		core->self.refused++;
		worker_say(core->worker, "KS-WIRE", "refused", "an hour that is not whole");
		core->wire.rows_n = 0;
		return;
	}
	int code = store_put_wire(core->store, core->wire.rows, core->wire.rows_n, &why);

	if (code != KS_OK)
		core_store_failed(core, code, &why);
	else if (told->last)
		series_store(core);
	core->wire.rows_n = 0;
	hours_drop(core);
	core_wire_load(core);
	core_findings(core);
}

static void now_take(struct core *core, const struct message *message)
{
	unsigned heard = 0;

	core->wire.now_n = 0;
	for (size_t i = 0; i < message->head.count; i++) {
		struct wire_row row;

		message_record(message, i, &row, sizeof row);
		if (wire_row_good(&row) && row.kind == WIRE_SOURCE && row.hour_ms == 0)
			core->wire.now[core->wire.now_n++] = row;
		else
			core->self.refused++;
	}
	for (size_t i = 0; i < core->wire.now_n; i++)
		heard += wire_is_heard(&core->wire.now[i]);
	judge_hears(core->judge, heard);
}

void core_ear(struct line *line, struct message *message)
{
	struct core *core = line->user;
	struct wire_told told;

	if (message->head.kind == MESSAGE_WIRE_NOW) {
		now_take(core, message);
	} else if (message->head.kind == MESSAGE_WIRE_ROWS) {
		rows_take(core, message);
	} else if (message->head.kind != MESSAGE_WIRE_TOLD) {
		core_learned(core, message);
	} else {
		message_record(message, 0, &told, sizeof told);
		hour_told(core, &told);
	}
}

/* What it was telling is not whole; what it told before stays. */
void core_ear_gone(struct line *line, int code, const struct why *why)
{
	struct core *core = line->user;

	core->wire.rows_n = core->wire.now_n = 0;
	judge_hears(core->judge, 0);
	core_learned_drop(core);
	if (code == KS_MALFORMED)
		worker_say(core->worker, "KS-ROLE", "ear", why->text);
}

/* -- a wire that is not heard ------------------------------------------------------------------------ */

static bool is_open(struct core *core, const char *subject)
{
	for (size_t i = 0; i < core->named_n; i++)
		if (core->named[i].code == FINDING_DEAF && strcmp(core->named[i].subject, subject) == 0)
			return true;
	return false;
}

void core_deaf(struct core *core, const struct event *event)
{
	struct span rest = span_text(event->text), id = span_until(&rest, '\t');
	char subject[FINDING_NAME], word[40];

	(void)snprintf(subject, sizeof subject, "%.*s", (int)id.left, (const char *)id.at);
	(void)snprintf(word, sizeof word, "%.*s", (int)(rest.left < 39 ? rest.left : 39),
	    rest.left > 0 ? (const char *)rest.at : "");
	if (rest.left > 0)
		core_self_finding(core, FINDING_DEAF, SEVERITY_WARNING, subject, word, 0);
	else if (is_open(core, subject))
		core_self_finding(core, FINDING_DEAF, SEVERITY_WARNING, subject, "", core_now(core));
}
