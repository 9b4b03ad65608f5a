/* Remote-write: a request's samples go to core in messages of SAMPLES_MOST; the answer
 * is given when core has acknowledged all of them. */
#include "base/limits.h"
#include "base/more.h"
#include "page/inside.h"
#include <snappy-c.h>
#include <stdio.h>

enum { REFUSED_MOST = 65536, PLAIN_KEPT = 1024 * 1024 };

static void answer(struct job *job, unsigned status, const char *sentence)
{
	if (job->request == NULL)
		return;
	if (status == 204)
		http_answer(job->request, &(struct http_answer){ .status = 204 });
	else
		http_say(job->request, status, sentence);
}

/* Everything acknowledged, or something failed and nothing is on its way. */
static bool write_done(struct page *page, struct job *job)
{
	if (job->open > 0 || job->asking || (job->failed == KS_OK && job->sent < job->rows.n))
		return false;
	if (job->failed == KS_FULL || job->failed == KS_IO || job->failed == KS_LATE)
		answer(job, 503, job->says);
	else if (job->failed != KS_OK)
		answer(job, 400, job->says);
	else if (job->rows.bad > 0)
		answer(job, 400, job->rows.why.text);
	else if (job->refused > 0)
		answer(job, 400, "some series were refused: labels too long, or too many series; "
		    "the other samples are stored");
	else
		answer(job, 204, NULL);
	page->counts.refused += job->refused;
	if (job->failed == KS_OK)
		page->counts.samples += job->rows.n - job->refused;
	job_end(page, job);
	return true;
}

/* One message's worth of rows, series numbers filled in. */
static int send_rows(struct page *page, struct job *job)
{
	struct sample_row rows[SAMPLES_MOST];
	size_t n = 0, i = job->sent;
	uint32_t refused = 0;

	for (; i < job->rows.n && n < SAMPLES_MOST; i++) {
		uint32_t number = page->known.at[job->rows.at[i].series].number;

		if (number == SERIES_REFUSED) {
			refused++;
			continue;
		}
		rows[n] = job->rows.at[i];
		rows[n++].series = number;
	}
	if (n > 0) {
		const struct parcel parcel = { .kind = MESSAGE_SAMPLES, .count = (uint16_t)n,
			.ticket = job->ticket, .body = span_of(rows, n * sizeof *rows) };
		int bad = page->options.send(page->options.user, &parcel, NULL);

		if (bad != KS_OK)
			return bad;
		job->open++;
	}
	job->sent = i;
	job->refused += refused;
	return KS_OK;
}

static bool all_known(struct page *page, struct job *job)
{
	for (size_t i = 0; i < job->rows.n; i++) {
		uint32_t number = page->known.at[job->rows.at[i].series].number;

		if (number == SERIES_UNKNOWN || number == SERIES_ASKED)
			return false;
	}
	return true;
}

static int asked_add(struct page *page, uint32_t index)
{
	uint32_t *asked = array_more(page->asked, page->asked_n, &page->asked_room, 256, sizeof *asked);

	if (asked == NULL)
		return KS_FULL;
	page->asked = asked;
	page->asked[page->asked_n++] = index;
	return KS_OK;
}

/* As many new label sets as one message holds. */
static void ask_series(struct page *page, const struct job *job)
{
	KS_DROP(text) struct text body;
	KS_DROP(text) struct text labels;
	struct why why;

	text_init(&body, MESSAGE_PAYLOAD);
	text_init(&labels, LIMIT_LABELS_BYTES);
	page->asked_n = 0;
	for (size_t i = 0; i < job->rows.n && page->asked_n < MESSAGE_PAYLOAD / 4; i++) {
		struct known_series *series = &page->known.at[job->rows.at[i].series];

		if (series->number != SERIES_UNKNOWN)
			continue;
		text_clear(&labels);
		if (remote_write_labels(span_of(series->raw, series->len), &labels, &why) != KS_OK) {
			series->number = SERIES_REFUSED;
			page->known.refused++;
			continue;
		}
		if (body.len + labels.len + 2 > MESSAGE_PAYLOAD ||
		    asked_add(page, job->rows.at[i].series) != KS_OK)
			break;
		text_add_char(&body, (char)(labels.len & 0xff));
		text_add_char(&body, (char)(labels.len >> 8));
		text_add_span(&body, text_span(&labels));
		series->number = SERIES_ASKED;
	}
	if (page->asked_n == 0)
		return;
	const struct parcel parcel = { .kind = MESSAGE_ASK_SERIES, .count = (uint16_t)body.len,
		.ticket = ++page->ticket, .body = text_span(&body) };

	page->asked_ticket = page->ticket;
	if (page->options.send(page->options.user, &parcel, NULL) == KS_OK)
		return;
	for (size_t i = 0; i < page->asked_n; i++)
		page->known.at[page->asked[i]].number = SERIES_UNKNOWN;
	page->asked_ticket = 0;
}

void write_series(struct page *page, const struct message *message)
{
	if (message->head.ticket != page->asked_ticket || page->asked_ticket == 0)
		return;
	page->asked_ticket = 0;
	for (size_t i = 0; i < page->asked_n; i++) {
		uint32_t number = SERIES_REFUSED;

		if (i < message->head.count)
			message_record(message, i, &number, sizeof number);
		number = number == 0 ? SERIES_REFUSED : number;
		page->known.refused += number == SERIES_REFUSED;
		page->known.at[page->asked[i]].number = number;
	}
	write_go_on(page);
}

/* Every job as far as it can go now. */
void write_go_on(struct page *page)
{
	for (struct job *job = page->jobs, *next; job != NULL; job = next) {
		next = job->next;
		if (job->kind != JOB_WRITE)
			continue;
		if (job->asking && !all_known(page, job)) {
			if (page->asked_ticket == 0)
				ask_series(page, job);
			if (!all_known(page, job))
				continue;
		}
		job->asking = false;
		while (job->failed == KS_OK && job->sent < job->rows.n &&
		    send_rows(page, job) == KS_OK)
			;
		(void)write_done(page, job);
	}
}

void write_answered(struct page *page, const struct message *message)
{
	struct job *job = page->jobs;

	while (job != NULL && (job->kind != JOB_WRITE || job->ticket != message->head.ticket))
		job = job->next;
	if (job == NULL || job->open == 0)
		return;
	job->open--;
	if (message->head.kind == MESSAGE_NACK && job->failed == KS_OK) {
		struct nack nack;

		message_record(message, 0, &nack, sizeof nack);
		nack.text[sizeof nack.text - 1] = '\0';
		job->failed = nack.code < 0 ? nack.code : KS_IO;
		(void)snprintf(job->says, sizeof job->says, "%s", nack.text);
	}
	if (!write_done(page, job))
		write_go_on(page);
}

static int unpack(struct page *page, struct span body, struct span *ret_plain,
    struct why *why)
{
	size_t len = 0;

	if (snappy_uncompressed_length((const char *)body.at, body.left, &len) != SNAPPY_OK)
		return fail(why, KS_MALFORMED, "remote-write: not a snappy block");
	if (len > LIMIT_PLAIN_BYTES)
		return fail(why, KS_FULL, "remote-write: %zu bytes unpacked; %ld are allowed", len,
		    (long)LIMIT_PLAIN_BYTES);
	if (len > page->plain_room) {
		uint8_t *plain = realloc(page->plain, len);

		if (plain == NULL)
			return fail(why, KS_FULL, "memory ran out for a request");
		page->plain = plain;
		page->plain_room = len;
	}
	if (snappy_uncompress((const char *)body.at, body.left, (char *)page->plain, &len) !=
	    SNAPPY_OK)
		return fail(why, KS_MALFORMED, "remote-write: not a snappy block");
	*ret_plain = span_of(page->plain, len);
	return KS_OK;
}

/* What was refused gives its place back as soon as no request speaks of it. */
static void known_sweep(struct page *page)
{
	uint64_t seed = page->known.seed;

	for (const struct job *job = page->jobs; job != NULL; job = job->next)
		if (job->kind == JOB_WRITE && job->rows.n > 0)
			return;
	if (page->known.refused < REFUSED_MOST &&
	    !(page->known.full && page->known.refused > 0))
		return;
	known_done(&page->known);
	known_init(&page->known, seed);
}

static void plain_done(struct page *page)
{
	if (page->plain_room <= PLAIN_KEPT)
		return;
	free(page->plain);
	page->plain = NULL;
	page->plain_room = 0;
}

/* KS_LATE: not now, come again. */
static int rows_take(struct page *page, struct job *job, struct span body, struct why *why)
{
	struct span plain;

	if (page->waiting >= LIMIT_WAITING_SAMPLES ||
	    (page->known.refused >= REFUSED_MOST && page->waiting > 0)) {
		page_hit(page, "LIMIT_WAITING_SAMPLES");
		return fail(why, KS_LATE, "too many samples wait for the store; come again");
	}
	int bad = unpack(page, body, &plain, why);

	if (bad != KS_OK)
		return bad;
	job->rows.most = LIMIT_WAITING_SAMPLES - page->waiting;
	page->known.full = false;
	bad = remote_write_read(plain, &page->known, &job->rows, why);
	if (bad == KS_FULL)
		page_hit(page, page->known.full ? "LIMIT_SERIES" : "LIMIT_WAITING_SAMPLES");
	if (bad == KS_FULL && page->known.full)
		return fail(why, KS_LATE, "there is no room for more than %d series; come again",
		    (int)LIMIT_SERIES);
	if (bad == KS_FULL && page->waiting > 0)
		return fail(why, KS_LATE, "too many samples wait for the store; come again");
	if (bad == KS_OK)
		page->waiting += job->counted = job->rows.n;
	return bad;
}

void write_take(struct page *page, struct http_request *request)
{
	struct why why = { .fmt = NULL };
	struct job *job = page->core ? job_new(page, request, JOB_WRITE) : NULL;

	page->counts.writes++;
	if (job == NULL) {
		http_say(request, 503, "the store is not there at the moment; come again");
		return;
	}
	known_sweep(page);
	job->rows = page->spare;
	job->rows.n = job->rows.bad = 0;
	page->spare = (struct rows){ .n = 0 };
	int bad = rows_take(page, job, http_body(request), &why);

	plain_done(page);
	if (bad == KS_LATE) {
		http_say(request, 503, why.text);
		job_end(page, job);
		return;
	}
	if (bad != KS_OK) {
		page->counts.malformed++;
		/* one that can never succeed is not to be sent again: 4xx, not 5xx */
		http_say(request, bad == KS_FULL ? 413 : 400, why.text);
		job_end(page, job);
		return;
	}
	job->asking = !all_known(page, job);
	write_go_on(page);
}
