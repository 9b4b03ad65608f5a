#include "page/page.h"
#include "base/limits.h"
#include "page/access.h"
#include "page/act.h"
#include "page/api.h"
#include "page/asset.h"
#include "page/http_tls.h"
#include "page/inside.h"
#include "page/wish.h"
#include <stdio.h>
#include <string.h>

enum { SNAPSHOT_MS = 250, SPARE_ROWS = 65536, ANSWER_BYTES = 64 * 1024 * 1024,
	FORM_BYTES = 4096 };

static int64_t mono(void *user)
{
	const struct page *page = user;

	return page->options.mono_ms(page->options.user);
}

struct job *job_new(struct page *page, struct http_request *request, enum job_kind kind)
{
	struct job *job = calloc(1, sizeof *job);

	if (job == NULL)
		return NULL;
	job->request = request;
	job->kind = kind;
	job->ticket = ++page->ticket;
	job->next = page->jobs;
	job->at = &page->jobs;
	if (job->next != NULL)
		job->next->at = &job->next;
	page->jobs = job;
	*http_user(request) = job;
	return job;
}

void job_end(struct page *page, struct job *job)
{
	if (job->request != NULL)
		*http_user(job->request) = NULL;
	*job->at = job->next;
	if (job->next != NULL)
		job->next->at = job->at;
	show_lost(page, job);
	login_done(job->login);
	api_lost(page, job);
	if (job->rows.room > page->spare.room && job->rows.room <= SPARE_ROWS) {
		struct rows held = page->spare;

		page->spare = job->rows;
		job->rows = held;
	}
	page->waiting -= job->counted;
	rows_done(&job->rows);
	free(job);
}

static bool is_write(const struct http_request *request)
{
	return strcmp(http_path(request), "/api/v1/write") == 0;
}

static int64_t begin(void *user, struct http_request *request)
{
	struct page *page = user;
	bool get = strcmp(http_method(request), "GET") == 0;

	page->counts.requests++;
	if (!access_begin(page, request))
		return -1;
	if (access_path(request))
		return FORM_BYTES;
	if (api_is(request))
		return api_begin(request);
	if (wish_is(request))
		return wish_begin(request);
	if (act_is(http_path(request)))
		return act_begin(request);
	if (!is_write(request)) {
		if (!get && strcmp(http_method(request), "HEAD") != 0) {
			http_say(request, 405, "only GET is understood here");
			return -1;
		}
		return 0;
	}
	if (strcmp(http_method(request), "POST") != 0) {
		http_say(request, 405, "remote-write is a POST");
		return -1;
	}
	if (strcmp(http_header(request, "Content-Encoding"), "snappy") != 0) {
		http_say(request, 415, "remote-write: Content-Encoding must be snappy");
		return -1;
	}
	const char *type = http_header(request, "Content-Type");

	if (strncmp(type, "application/x-protobuf", 22) != 0 ||
	    strstr(type, "write.v2") != NULL) {
		http_say(request, 415,
		    "remote-write: Content-Type must be application/x-protobuf (version 1.0)");
		return -1;
	}
	return LIMIT_REQUEST_BYTES;
}

static void roles_add(struct text *text, const struct self *self)
{
	text_add(text, ",\"roles\":[");
	for (unsigned i = 0, n = 0; i < ROLES; i++) {
		const struct self_role *role = &self->roles[i];

		if (role->pid == 0 && role->restarts == 0)
			continue;
		text_addf(text, "%s{\"role\":\"%s\",\"pid\":%d,\"restarts\":%u,\"unconfined\":%u}",
		    n++ > 0 ? "," : "", role_name(i), role->pid, role->restarts, role->missing);
	}
	text_addf(text, "],\"store\":{\"series\":%llu,\"samples_sealed\":%llu,\"samples_head\":%llu,"
	    "\"bytes_chunks\":%llu,\"bytes_rollups\":%llu,\"bytes_journal\":%llu,"
	    "\"bytes_free_disk\":%llu,\"disk_full\":%s}",
	    (unsigned long long)self->series, (unsigned long long)self->samples_sealed,
	    (unsigned long long)self->samples_head, (unsigned long long)self->bytes_chunks,
	    (unsigned long long)self->bytes_rollups, (unsigned long long)self->bytes_journal,
	    (unsigned long long)self->bytes_free_disk, self->disk_full != 0 ? "true" : "false");
}

static void answer_status(struct page *page, struct job *job)
{
	KS_DROP(text) struct text text;
	const struct status status = { .verdict = &page->status.verdict,
		.findings = page->status.findings, .findings_n = page->status.findings_n,
		.readings = page->status.now, .readings_n = page->status.now_n,
		.wires = page->status.wires, .wires_n = page->status.wires_n,
		.site = page->site != NULL ? page->site->id : "", .model = page->site,
		.source = "daemon",
		.zone = page->zone, .now_ms = page->status.self.now_ms };

	text_init(&text, ANSWER_BYTES);
	if (job->kind == JOB_METRICS) {
		metrics_write(page, &page->status, &text);
	} else {
		status_json(&text, &status);
		while (text.len > 0 && text.at[text.len - 1] != '}')
			text.len--;
		text.len -= text.len > 0; /* the object goes on */
		roles_add(&text, &page->status.self);
		text_add(&text, "}\n");
	}
	const struct http_answer answer = { .status = 200,
		.type = job->kind == JOB_METRICS ? "text/plain; version=0.0.4; charset=utf-8"
						 : "application/json",
		.body = text_span(&text) };

	if (job->request != NULL && text.full)
		http_say(job->request, 500, "the answer is too long");
	else if (job->request != NULL)
		http_answer(job->request, &answer);
	job_end(page, job);
}

static void answer_all(struct page *page)
{
	for (struct job *job = page->jobs, *next; job != NULL; job = next) {
		next = job->next;
		if (job->kind == JOB_METRICS || job->kind == JOB_STATUS)
			answer_status(page, job);
	}
	show_go_on(page);
}

void status_ask(struct page *page)
{
	const struct parcel parcel = { .kind = MESSAGE_ASK_STATUS, .ticket = ++page->ticket };

	if (page->asking || page->options.send(page->options.user, &parcel, NULL) != KS_OK)
		return; /* asked already, or asked again when the queue has drained */
	page->asking = true;
	page->asking_ticket = page->ticket;
	page->coming.findings_n = page->coming.now_n = page->coming.outlooks_n = page->coming.wires_n = 0;
}

static void take_status(struct page *page, struct http_request *request, enum job_kind kind)
{
	struct job *job = page->core ? job_new(page, request, kind) : NULL;

	if (job == NULL && page->core_says[0] != '\0')
		http_say(request, 503, page->core_says);
	else if (job == NULL)
		http_say(request, 503, "the core of keisoku is not there at the moment; come again");
	else if (page->status.at_ms != 0 && mono(page) - page->status.at_ms < SNAPSHOT_MS)
		answer_status(page, job);
	else
		status_ask(page);
}

/* Views, what they are made of, and who listens. */
static void take_shown(struct page *page, struct http_request *request, const char *path)
{
	const char *id = "", *icon = asset_icon(path);
	const struct view *view = view_find(path, &id);
	const struct drawn *drawn = view == NULL ? drawn_find(path, &id) : NULL;
	const struct asset *asset = asset_find(path);

	if (asset != NULL)
		asset_answer(request, asset);
	else if (icon != NULL)
		http_answer(request, &(struct http_answer){ .status = 200, .stays = true,
		    .type = "image/svg+xml", .body = span_text(icon) });
	else if (strcmp(path, "/events") == 0)
		live_take(page, request);
	else if (view != NULL || drawn != NULL || strcmp(path, "/api/history") == 0)
		show_take(page, request, view, drawn, id);
	else
		http_say(request, 404, "there is no such page; begin at /");
}

static void take(void *user, struct http_request *request)
{
	struct page *page = user;
	const char *path = http_path(request);

	if (!access_take(page, request))
		return;
	if (access_path(request))
		access_answer(page, request);
	else if (is_write(request))
		write_take(page, request);
	else if (api_is(request))
		api_take(page, request);
	else if (wish_is(request))
		wish_request(page, request);
	else if (act_is(path))
		act_take(page, request);
	else if (strcmp(path, "/metrics") == 0)
		take_status(page, request, JOB_METRICS);
	else if (strcmp(path, "/api/status") == 0)
		take_status(page, request, JOB_STATUS);
	else
		take_shown(page, request, path);
}

static void gone(void *user, struct http_request *request)
{
	struct job *job = http_is_stream(request) ? NULL : *http_user(request);

	if (http_is_stream(request))
		live_gone(user, request);
	if (job != NULL) /* core's answer will come all the same */
		job->request = NULL;
}

static int serve(struct page *page, unsigned which, int fd, struct why *why)
{
	struct http_options options = { .listen_fd = fd, .local = which == 1, .user = page,
		.now_ms = mono, .begin = begin, .take = take, .gone = gone };
	const struct page_files *files = &page->options.files;
	int code = KS_OK;

	if (fd >= 0 && which == 0 && files->cert.left > 0)
		code = http_tls_new(files->cert, files->key, &options.tls, why);
	return fd >= 0 && code == KS_OK ? http_new(&options, &page->http[which], why) : code;
}

int page_new(const struct page_options *options, struct page **ret_page, struct why *why)
{
	struct page *page = calloc(1, sizeof *page);

	if (page == NULL)
		return fail(why, KS_FULL, "memory ran out for the page");
	page->options = *options;
	page->store_path = options->store != NULL ? strdup(options->store) : NULL;
	known_init(&page->known, options->seed);
	int bad = access_new(page, why);

	if (bad == KS_OK)
		bad = serve(page, 0, options->listen_tcp, why);

	if (bad == KS_OK)
		bad = serve(page, 1, options->listen_unix, why);
	if (bad != KS_OK) {
		page_free(page);
		return bad;
	}
	page->options.files = (struct page_files){ .cert = { .at = NULL } }; /* were borrowed */
	*ret_page = page;
	return KS_OK;
}

static void snapshot_done(struct snapshot *snapshot)
{
	free(snapshot->findings);
	free(snapshot->outlooks);
	free(snapshot->wires);
	free(snapshot->now);
}

void page_free(struct page *page)
{
	if (page == NULL)
		return;
	page_core(page, false);
	while (page->jobs != NULL) {
		if (page->jobs->request != NULL)
			http_say(page->jobs->request, 503, "keisoku is stopping");
		job_end(page, page->jobs);
	}
	live_end(page);
	page_run(page);
	http_free(page->http[0]);
	http_free(page->http[1]);
	access_free(page->access);
	known_done(&page->known);
	snapshot_done(&page->status);
	snapshot_done(&page->coming);
	rows_done(&page->spare);
	free(page->asked);
	free(page->plain);
	store_close(page->store);
	free(page->store_path);
	catalog_done(&page->catalog);
	free(page);
}

uint64_t page_full(const struct page *page)
{
	return page->full;
}

const char *page_limit(const struct page *page)
{
	return page->limit != NULL ? page->limit : "";
}

void page_hit(struct page *page, const char *limit)
{
	page->full++;
	page->limit = limit;
}

int page_fd(const struct page *page, unsigned which)
{
	return which < 2 && page->http[which] != NULL ? http_fd(page->http[which]) : -1;
}

void page_run(struct page *page)
{
	access_go_on(page);
	for (size_t i = 0; i < 2; i++)
		if (page->http[i] != NULL)
			http_run(page->http[i]);
	api_go_on(page);
	for (size_t i = 0; i < 2; i++)
		if (page->http[i] != NULL)
			http_run(page->http[i]);
}

bool page_busy(const struct page *page)
{
	return page->busy;
}

void page_site(struct page *page, const struct site *site, const struct zone *zone)
{
	page->site = site;
	page->zone = zone;
	page->status.at_ms = 0; /* its series point into the old one */
	page->status.now_n = page->status.outlooks_n = 0;
}

void page_core(struct page *page, bool there)
{
	page->core = there;
	if (there)
		return;
	for (struct job *job = page->jobs, *next; job != NULL; job = next) {
		next = job->next;
		if (job->kind == JOB_LOGIN)
			continue;
		if (job->request != NULL)
			http_say(job->request, 503, page->core_says[0] != '\0'
			    ? page->core_says : "the core of keisoku went away; come again");
		job_end(page, job);
	}
	/* numbers are for ever, but what was asked is not answered any more */
	for (size_t i = 0; page->asked_ticket != 0 && i < page->asked_n; i++)
		page->known.at[page->asked[i]].number = SERIES_UNKNOWN;
	page->asked_ticket = 0;
	page->asking = false;
	page->recent = NULL;
	page->recent_ticket = 0;
	catalog_done(&page->catalog);
}

void page_core_says(struct page *page, const char *sentence)
{
	(void)snprintf(page->core_says, sizeof page->core_says, "%.300s", sentence);
}

void page_drained(struct page *page)
{
	bool waiting = false;

	write_go_on(page);
	for (const struct job *job = page->jobs; job != NULL; job = job->next)
		waiting = waiting || (job->kind != JOB_WRITE && job->kind != JOB_LOGIN);
	if (waiting)
		status_ask(page);
	page_run(page);
}

/* Records of a message behind what is there. */
static void collect(void **at, size_t *n, size_t *room, size_t size,
    const struct message *message)
{
	size_t more = message->head.count;

	if (*n + more > *room) {
		size_t want = (*n + more) * 2;
		void *grown = realloc(*at, want * size);

		if (grown == NULL)
			return;
		*at = grown;
		*room = want;
	}
	for (size_t i = 0; i < more; i++)
		message_record(message, i, (uint8_t *)*at + (*n + i) * size, size);
	*n += more;
}

static void take_answer(struct page *page, const struct message *message)
{
	struct snapshot *s = &page->coming;

	if (message->head.ticket != page->asking_ticket || !page->asking)
		return;
	if (message->head.kind == MESSAGE_VERDICT)
		message_record(message, 0, &s->verdict, sizeof s->verdict);
	else if (message->head.kind == MESSAGE_FINDING)
		collect((void **)&s->findings, &s->findings_n, &s->findings_room,
		    sizeof *s->findings, message);
	else if (message->head.kind == MESSAGE_OUTLOOK)
		collect((void **)&s->outlooks, &s->outlooks_n, &s->outlooks_room,
		    sizeof *s->outlooks, message);
	else if (message->head.kind == MESSAGE_WIRE_STATE)
		collect((void **)&s->wires, &s->wires_n, &s->wires_room, sizeof *s->wires, message);
	else if (message->head.kind == MESSAGE_NOW)
		collect((void **)&s->now, &s->now_n, &s->now_room, sizeof *s->now, message);
	else if (message->head.kind == MESSAGE_SELF)
		message_record(message, 0, &s->self, sizeof s->self);
	if (message->head.kind != MESSAGE_END)
		return;
	struct snapshot held = page->status;

	page->status = page->coming;
	page->status.at_ms = mono(page);
	page->core_says[0] = '\0';
	page->coming = held;
	page->asking = false;
	answer_all(page);
	live_tell(page);
}

void page_take(struct page *page, const struct message *message)
{
	switch (message->head.kind) {
	case MESSAGE_ACK:
	case MESSAGE_NACK:
		write_answered(page, message);
		break;
	case MESSAGE_WISHED:
		wish_answered(page, message);
		break;
	case MESSAGE_SERIES_ARE:
		write_series(page, message);
		break;
	case MESSAGE_RECENT:
	case MESSAGE_RECENT_END:
		show_recent(page, message);
		api_recent(page, message);
		break;
	case MESSAGE_LABELS_ARE:
		(void)catalog_take(page, message);
		break;
	default:
		take_answer(page, message);
	}
	page_run(page);
}
