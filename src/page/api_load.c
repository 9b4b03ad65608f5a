/* src/page/api_load.c - the series and samples of a query: which there are, those that are
 * not sealed (asked of core), those that are (read by ourselves). */
#include "base/limits.h"
#include "page/api.h"
#include "site/metric.h"
#include <stdlib.h>

enum { MATCH_STEP = 512, MATCHES_BYTES = 256 * 1024 * 1024 };

static bool wants(const struct api *api, struct span labels)
{
	if (api->query != NULL)
		return query_wants(api->query, api->select, labels);
	if (api->ask.matches_n == 0)
		return true;
	for (size_t i = 0; i < api->ask.matches_n; i++)
		if (selector_wants(api->selectors[i], labels))
			return true;
	return false;
}

static int pick_add(struct api *api, struct pick pick, struct why *why)
{
	if (api->picks_n == api->picks_room) {
		size_t room = api->picks_room == 0 ? 64 : api->picks_room * 2;
		struct pick *picks = room > 2UL * LIMIT_SERIES ? NULL :
		    realloc(api->picks, room * sizeof *picks);

		if (picks == NULL)
			return fail(why, KS_FULL, "the query would look at too many series");
		api->picks = picks;
		api->picks_room = room;
	}
	api->picks[api->picks_n++] = pick;
	return KS_OK;
}

/* Only names of ours were ever changed. */
static bool ours(struct span labels)
{
	static const char name[] = "__name__\xffkeisoku_";

	return labels.left > sizeof name && memmem(labels.at, labels.left, name, sizeof name - 1) != NULL;
}

static int match_one(struct page *page, struct api *api, struct why *why)
{
	struct pick pick = { .number = api->number, .select = (uint16_t)api->select };
	struct span labels = catalog_labels(page, api->number);
	enum measure kind;

	if (labels.left == 0)
		return KS_OK;
	if (ours(labels) && metric_renamed(labels, &api->key, &kind)) {
		pick.older = true;
		pick.kind = (uint8_t)kind;
		labels = text_span(&api->key);
	}
	if (!wants(api, labels))
		return KS_OK;
	if (tags_add(&api->keys, labels, &pick.key) != KS_OK)
		return fail(why, KS_FULL, "the query would look at too many series");
	return pick_add(api, pick, why);
}

/* By labels; what is one series by now lies together, the older part first. */
static int by_labels(const void *a, const void *b, void *user)
{
	const struct pick *left = a, *right = b;
	const struct tags *keys = user;

	if (left->select != right->select)
		return left->select < right->select ? -1 : 1;
	if (left->key != right->key)
		return labels_order(keys->of[left->key], keys->of[right->key]);
	return (left->number > right->number) - (left->number < right->number);
}

int api_match(struct page *page, struct api *api, struct why *why)
{
	size_t selects = api->query != NULL ? query_selects(api->query) : 1;
	int bad = KS_OK;

	for (unsigned i = 0; i < MATCH_STEP && bad == KS_OK && api->select < selects; i++) {
		if (++api->number > page->catalog.highest) {
			api->number = 0;
			api->select++;
			continue;
		}
		bad = match_one(page, api, why);
	}
	if (bad != KS_OK || api->select < selects)
		return bad;
	if (api->picks_n > 1)
		qsort_r(api->picks, api->picks_n, sizeof *api->picks, by_labels, &api->keys);
	api->at = 0;
	api->batch_from_ms = INT64_MIN;
	api->stage = API_STAGE_RECENT;
	return KS_OK;
}

void api_range(const struct api *api, size_t select, int64_t *ret_from_ms, int64_t *ret_to_ms)
{
	*ret_from_ms = api->ask.start_ms;
	*ret_to_ms = api->ask.end_ms;
	if (api->query != NULL)
		query_range(api->query, select, ret_from_ms, ret_to_ms);
}

/* As many series as one message holds, of one selector: so no number is in it twice. */
int api_recent_ask(struct page *page, struct api *api, struct why *why)
{
	struct recent_ask asks[RECENT_ASKS];
	size_t n = 0;
	int64_t from, to;

	(void)why;
	if (api->at == api->picks_n || (api->query == NULL && api->ask.start_ms == INT64_MIN / 4 &&
	    api->ask.end_ms == INT64_MAX / 4)) {
		api->at = 0;
		api->stage = API_STAGE_SEALED;
		return KS_OK;
	}
	api_range(api, api->picks[api->at].select, &from, &to);
	from = from < 0 ? 0 : from;
	to = to < from ? from : to;
	for (size_t i = api->at; i < api->picks_n && n < RECENT_ASKS &&
	     api->picks[i].select == api->picks[api->at].select; i++, n++)
		asks[n] = (struct recent_ask){ .store = api->picks[i].number, .from_ms = from,
			.to_ms = to + 1, .step_ms = api->query == NULL ? to - from + 1 : 0 };
	if (api->batch_from_ms != INT64_MIN)
		asks[0].from_ms = api->batch_from_ms;
	const struct parcel parcel = { .kind = MESSAGE_ASK_RECENT, .count = (uint16_t)n,
		.ticket = ++page->ticket, .body = span_of(asks, n * sizeof asks[0]) };

	if (page->options.send(page->options.user, &parcel, NULL) != KS_OK)
		return KS_ABSENT; /* tried again when the queue has drained, and each second */
	api->ticket = page->ticket;
	api->batch_n = n;
	api->batch_rows = 0;
	api->batch_at = api->at;
	return KS_ABSENT;
}

static void recent_add(struct api *api, const struct sample_row *row)
{
	struct moment m;

	while (api->batch_at < api->at + api->batch_n && api->picks[api->batch_at].number != row->series)
		api->batch_at++;
	if (api->batch_at == api->at + api->batch_n)
		return;
	if (api->recents_n == api->recents_room) {
		size_t room = api->recents_room == 0 ? 1024 : api->recents_room * 2;
		struct moment *at = room > 2UL * LIMIT_QUERY_SAMPLES ? NULL :
		    realloc(api->recents, room * sizeof *at);

		if (at == NULL)
			return;
		api->recents = at;
		api->recents_room = room;
	}
	struct pick *pick = &api->picks[api->batch_at];

	memcpy(&m.time_ms, row->time_ms, sizeof m.time_ms);
	memcpy(&m.value, row->value, sizeof m.value);
	if (pick->recent_n++ == 0)
		pick->recent = api->recents_n;
	pick->has = true;
	api->recents[api->recents_n++] = m;
}

/* What was cut off at core's limit is asked for again. */
static void batch_end(struct api *api)
{
	api->ticket = 0;
	api->batch_from_ms = INT64_MIN;
	if (api->batch_rows >= RECENT_ROWS && api->batch_at < api->at + api->batch_n &&
	    api->recents_n > 0) {
		api->at = api->batch_at;
		api->batch_from_ms = api->recents[api->recents_n - 1].time_ms + 1;
	} else {
		api->at += api->batch_n;
	}
}

void api_recent(struct page *page, const struct message *message)
{
	struct job *job = page->jobs;

	while (job != NULL && (job->api == NULL || job->api->ticket != message->head.ticket))
		job = job->next;
	if (job == NULL)
		return;
	for (size_t i = 0; message->head.kind == MESSAGE_RECENT && i < message->head.count; i++) {
		struct sample_row row;

		message_record(message, i, &row, sizeof row);
		recent_add(job->api, &row);
	}
	job->api->batch_rows += message->head.kind == MESSAGE_RECENT ? message->head.count : 0;
	if (message->head.kind == MESSAGE_RECENT_END)
		batch_end(job->api);
}

struct reading_of { /* one pick, sealed and recent in order of time */
	struct api *api;
	const struct pick *pick;
	size_t recent;
	int bad;
	struct why *why;
};

static int give(struct reading_of *r, int64_t time_ms, double value)
{
	if (r->pick->older && !value_stale(value))
		value = metric_older((enum measure)r->pick->kind, value);
	r->bad = query_sample(r->api->query, r->pick->select, time_ms, value, r->why);
	return r->bad;
}

static int recents_until(struct reading_of *r, int64_t time_ms)
{
	const struct moment *recents = r->api->recents + r->pick->recent;

	while (r->bad == KS_OK && r->recent < r->pick->recent_n &&
	    recents[r->recent].time_ms <= time_ms) {
		(void)give(r, recents[r->recent].time_ms, recents[r->recent].value);
		r->recent++;
	}
	return r->bad;
}

/* Of one time, what core has is the newer. */
static int sealed_took(void *user, int64_t time_ms, double value)
{
	struct reading_of *r = user;

	return recents_until(r, time_ms) != KS_OK || give(r, time_ms, value) != KS_OK;
}

static int any_took(void *user, int64_t time_ms, double value)
{
	(void)time_ms;
	(void)value;
	*(bool *)user = true;
	return 1;
}

static int pick_load(struct page *page, struct api *api, struct why *why)
{
	const struct pick *pick = &api->picks[api->at];
	struct reading_of r = { .api = api, .pick = pick, .why = why };
	const struct pick *before = api->at > 0 ? pick - 1 : NULL;
	int64_t from, to;

	api_range(api, pick->select, &from, &to);
	if (before == NULL || before->select != pick->select || before->key != pick->key)
		r.bad = query_begin(api->query, pick->select, api->keys.of[pick->key], why);
	if (r.bad == KS_OK && page->store != NULL &&
	    store_read(page->store, pick->number, from, to + 1, sealed_took, &r, why) < 0)
		return KS_IO;
	return recents_until(&r, INT64_MAX);
}

int api_sealed(struct page *page, struct api *api, struct why *why)
{
	int bad = KS_OK;

	if (api->at == api->picks_n) {
		api->stage = API_STAGE_STEP;
		return KS_OK;
	}
	struct pick *pick = &api->picks[api->at];

	if (api->query != NULL)
		bad = pick_load(page, api, why);
	else if (api->ask.start_ms == INT64_MIN / 4 && api->ask.end_ms == INT64_MAX / 4)
		pick->has = true;
	else if (!pick->has && page->store != NULL &&
	    store_read(page->store, pick->number, api->ask.start_ms, api->ask.end_ms + 1, any_took,
		&pick->has, why) < 0)
		bad = KS_IO;
	api->at++;
	return bad;
}
