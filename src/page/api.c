#include "page/api.h"
#include "base/limits.h"
#include "page/asked.h"
#include "page/asset.h"
#include <stdlib.h>

static const char form_type[] = "application/x-www-form-urlencoded";

bool api_is(const struct http_request *request)
{
	enum api_route route;
	struct span name;

	/* alerts of others come in under the name by which rules' alerts are asked */
	return api_find(http_path(request), &route, &name) &&
	    (route != API_ALERTS || strcmp(http_method(request), "POST") != 0);
}

int64_t api_begin(struct http_request *request)
{
	const char *method = http_method(request);

	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return 0;
	if (strcmp(method, "POST") != 0)
		api_error(request, 405, "bad_data", "only GET and POST are understood here");
	else if (strncmp(http_header(request, "Content-Type"), form_type, sizeof form_type - 1) != 0)
		api_error(request, 415, "bad_data", "Content-Type must be application/x-www-form-urlencoded");
	else
		return API_FORM_BYTES;
	return -1;
}

void api_error(struct http_request *request, unsigned status, const char *type,
    const char *sentence)
{
	KS_DROP(text) struct text out;

	text_init(&out, 8192);
	text_addf(&out, "{\"status\":\"error\",\"errorType\":\"%s\",\"error\":\"", type);
	text_add_json(&out, span_text(sentence));
	text_add(&out, "\"}\n");
	http_answer(request, &(struct http_answer){ .status = status, .type = "application/json",
		.body = text_span(&out) });
}

static void api_done(struct api *api)
{
	if (api == NULL)
		return;
	query_free(api->query);
	for (size_t i = 0; i < API_MATCHES; i++)
		selector_free(api->selectors[i]);
	api_ask_done(&api->ask);
	arena_done(&api->arena);
	text_done(&api->key);
	free(api->picks);
	free(api->recents);
	free(api);
}

void api_lost(struct page *page, struct job *job)
{
	(void)page;
	api_done(job->api);
	job->api = NULL;
}

static void failed(struct page *page, struct job *job, int code, const struct why *why)
{
	const char *type = code == KS_LATE ? "timeout" : code == KS_IO ? "internal" : "execution";

	if (code == KS_FULL)
		page_hit(page, "query"); /* one of LIMIT_QUERY_...: who asked is told which */
	if (job->request != NULL)
		api_error(job->request, code == KS_LATE ? 503 : code == KS_IO ? 500 : 422, type, why->text);
	job_end(page, job);
}

static void answer(struct page *page, struct job *job)
{
	struct api *api = job->api;
	KS_DROP(text) struct text out;
	struct http_answer said = { .status = 200, .type = "application/json" };
	bool table = api->query != NULL && api->ask.csv;

	text_init(&out, API_ANSWER_BYTES);
	if (table) {
		said.type = "text/csv; charset=utf-8";
		table = query_csv(api->query, &out);
	}
	if (!table) {
		said.type = "application/json";
		text_add(&out, "{\"status\":\"success\",\"data\":");
		if (api->query != NULL)
			query_answer(api->query, &out);
		else
			api_names_answer(api, &out);
		text_add(&out, "}\n");
	}
	said.body = text_span(&out);
	if (job->request != NULL && out.full)
		api_error(job->request, 422, "execution", "the answer would be too long");
	else if (job->request != NULL)
		http_answer(job->request, &said);
	job_end(page, job);
}

/* The selectors of a request for names. */
static int selectors_read(struct api *api, struct why *why)
{
	int bad = KS_OK;

	if (api->ask.route == API_SERIES && api->ask.matches_n == 0)
		return fail(why, KS_MALFORMED, "no match[] parameter provided");
	for (size_t i = 0; i < api->ask.matches_n && bad == KS_OK; i++) {
		struct why said = { .fmt = NULL };

		bad = selector_new(text_span(&api->ask.matches[i]), &api->selectors[i], &said);
		if (bad != KS_OK)
			bad = fail(why, bad, "invalid parameter \"match[]\": %s", said.text);
	}
	return bad;
}

static int query_read(struct page *page, struct api *api, struct why *why)
{
	const struct query_ask ask = { .text = text_span(&api->ask.query),
		.start_ms = api->ask.start_ms, .end_ms = api->ask.end_ms,
		.step_ms = api->ask.step_ms, .seed = page->options.seed };
	struct why said = { .fmt = NULL };
	int bad = query_new(&ask, &api->query, &said);

	return bad == KS_OK ? bad : fail(why, bad, "invalid parameter \"query\": %s", said.text);
}

static bool is_query(const struct api *api)
{
	return api->ask.route == API_QUERY || api->ask.route == API_QUERY_RANGE;
}

/* The catalogue is there, and with it what time it is. */
static int series_known(struct page *page, struct api *api, struct why *why)
{
	if (page->catalog.done <= api->asked) {
		catalog_ask(page);
		return KS_ABSENT;
	}
	api->stage = API_STAGE_MATCH;
	if (!is_query(api) || !api->ask.now)
		return KS_OK;
	api->ask.start_ms = api->ask.end_ms = page->catalog.now_ms;
	query_free(api->query);
	api->query = NULL;
	return query_read(page, api, why);
}

static int go(struct page *page, struct job *job, struct why *why)
{
	struct api *api = job->api;

	switch (api->stage) {
	case API_STAGE_SERIES:
		return series_known(page, api, why);
	case API_STAGE_MATCH:
		return api_match(page, api, why);
	case API_STAGE_RECENT:
		return api->ticket != 0 ? KS_ABSENT : api_recent_ask(page, api, why);
	case API_STAGE_SEALED:
		return api_sealed(page, api, why);
	default:
		return api->query != NULL ? query_step(api->query, why) : KS_ABSENT;
	}
}

/* One job for the rest of the slice; true: it is over, or waits for core. */
static bool slice(struct page *page, struct job *job, int64_t until)
{
	struct why why = { .fmt = NULL };
	int64_t now;
	int bad = KS_OK;

	if (job->request == NULL) {
		job_end(page, job);
		return true;
	}
	do {
		if (job->api->stage == API_STAGE_SEALED)
			store_hold(page->store);
		bad = go(page, job, &why);
		now = page->options.mono_ms(page->options.user);
		if (bad == KS_ABSENT && job->api->stage == API_STAGE_STEP) {
			store_release(page->store);
			answer(page, job);
			return true;
		}
		if ((bad == KS_OK || bad == KS_ABSENT) && now > job->api->deadline_ms)
			bad = fail(&why, KS_LATE, "query timed out in expression evaluation");
	} while (bad == KS_OK && now < until);
	store_release(page->store);
	if (bad != KS_OK && bad != KS_ABSENT)
		failed(page, job, bad, &why);
	return bad != KS_OK;
}

static size_t memory_of(const struct job *job)
{
	const struct api *api = job->api;

	return api->arena.used + api->picks_room * sizeof *api->picks +
	    api->recents_room * sizeof *api->recents +
	    (api->query != NULL ? query_memory(api->query) : 0);
}

/* Together they hold too much: the largest is given up, so that the others can end. */
static void memory_hold(struct page *page)
{
	struct job *largest = NULL;
	struct why why = { .fmt = NULL };
	size_t all = 0;

	for (struct job *job = page->jobs; job != NULL; job = job->next) {
		if (job->kind != JOB_API)
			continue;
		all += memory_of(job);
		if (largest == NULL || memory_of(job) > memory_of(largest))
			largest = job;
	}
	if (all > LIMIT_QUERIES_BYTES)
		failed(page, largest, fail(&why, KS_FULL, "all queries together would need more than %ld bytes "
		    "of memory", (long)LIMIT_QUERIES_BYTES), &why);
}

void api_go_on(struct page *page)
{
	int64_t until = page->options.mono_ms(page->options.user) + API_SLICE_MS;

	page->busy = false;
	for (struct job *job = page->jobs, *next; job != NULL; job = next) {
		next = job->next;
		if (job->kind != JOB_API)
			continue;
		page->busy = !slice(page, job, until) || page->busy;
	}
	memory_hold(page);
}

static int ask_read(struct page *page, struct http_request *request, struct api *api,
    struct why *why)
{
	struct span name = span_of(NULL, 0);
	char label[128];

	(void)api_find(http_path(request), &api->ask.route, &name);
	int bad = api_ask_read(&api->ask, span_text(http_query_raw(request)), http_body(request), why);

	if (bad != KS_OK)
		return bad;
	if (api->ask.route == API_VALUES) {
		char escaped[256];

		(void)snprintf(escaped, sizeof escaped, "%.*s", (int)name.left, (const char *)name.at);
		if (name.left >= sizeof escaped || !path_unescape(escaped, label, sizeof label) ||
		    !label_name_good(span_text(label)))
			return fail(why, KS_MALFORMED, "invalid label name: \"%.100s\"", escaped);
		text_init(&api->ask.name, sizeof label);
		text_add(&api->ask.name, label);
	}
	if (is_query(api))
		return query_read(page, api, why);
	return api->ask.route <= API_VALUES ? selectors_read(api, why) : KS_OK;
}

static void job_begin(struct page *page, struct http_request *request, struct api *api)
{
	int64_t most = LIMIT_QUERY_S * 1000LL;
	size_t n = 0;

	for (const struct job *other = page->jobs; other != NULL; other = other->next)
		n += other->kind == JOB_API;
	struct job *job = n < LIMIT_QUERIES && page->core ? job_new(page, request, JOB_API) : NULL;

	if (job == NULL) {
		if (n >= LIMIT_QUERIES)
			page_hit(page, "LIMIT_QUERIES");
		api_error(request, 503, "unavailable", n >= LIMIT_QUERIES ?
		    "too many queries at once; come again" :
		    "the core of keisoku is not there at the moment; come again");
		api_done(api);
		return;
	}
	job->api = api;
	api->asked = page->ticket;
	if (page->catalog.ticket > api->asked)
		api->asked = page->catalog.ticket;
	if (api->ask.timeout_ms > 0 && api->ask.timeout_ms < most)
		most = api->ask.timeout_ms;
	api->deadline_ms = page->options.mono_ms(page->options.user) + most;
	api_go_on(page);
}

/* The description of all routes, built in. */
static bool described(struct http_request *request)
{
	extern const char openapi_at[], openapi_end[];
	const struct asset asset = { .type = "application/json", .at = openapi_at, .end = openapi_end };
	enum api_route route;
	struct span name;

	if (!api_find(http_path(request), &route, &name) || route != API_OPENAPI)
		return false;
	asset_answer(request, &asset);
	return true;
}

void api_take(struct page *page, struct http_request *request)
{
	if (described(request))
		return;
	struct api *api = calloc(1, sizeof *api);
	struct why why = { .fmt = NULL };
	KS_DROP(text) struct text out;
	int bad = KS_FULL;

	text_init(&out, API_ANSWER_BYTES);
	if (api == NULL) {
		api_error(request, 503, "unavailable", "memory ran out; come again");
		return;
	}
	arena_init(&api->arena, LIMIT_QUERY_BYTES);
	text_init(&api->key, 2 * LIMIT_LABELS_BYTES);
	bad = tags_init(&api->keys, &api->arena, page->options.seed);
	if (bad == KS_OK)
		bad = ask_read(page, request, api, &why);
	if (bad != KS_OK) {
		api_error(request, 400, "bad_data", why.text);
		api_done(api);
	} else if (api_fixed(&api->ask, &out)) {
		http_answer(request, &(struct http_answer){ .status = 200, .type = "application/json",
			.body = text_span(&out) });
		api_done(api);
	} else {
		job_begin(page, request, api);
	}
}
