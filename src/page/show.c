/* src/page/show.c - a view or a history, from the request to the answer: wait for what
 * core knows, ask it for the samples that are not sealed, read the sealed ones, write. */
#include "base/hash.h"
#include "base/csv.h"
#include "base/limits.h"
#include "page/inside.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FRESH_MS = 1000, HTML_BYTES = 16 * 1024 * 1024, STORE_AGAIN_MS = 5000 };
enum { GZIP_LEVEL = 6, GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8 };

void show_done(struct show *show)
{
	if (show == NULL)
		return;
	for (size_t i = 0; i < show->wants_n; i++)
		free(show->wants[i].points);
	free(show);
}

void show_lost(struct page *page, struct job *job)
{
	if (page->recent == job)
		page->recent = NULL; /* its answer still comes; the ticket stays open */
	show_done(job->show);
	job->show = NULL;
}

void scene_of(const struct page *page, enum lang lang, struct scene *ret_scene)
{
	const struct snapshot *s = &page->status;

	*ret_scene = (struct scene){ .lang = lang, .site = page->site, .zone = page->zone,
		.verdict = &s->verdict, .findings = s->findings, .findings_n = s->findings_n,
		.now = s->now, .now_n = s->now_n, .outlooks = s->outlooks,
		.outlooks_n = s->outlooks_n, .wires = s->wires, .wires_n = s->wires_n,
		.self = &s->self, .now_ms = s->self.now_ms,
		.store = page->store, .id = "", .kind_asked = "", .event = page->event };
}

struct store *page_store(struct page *page)
{
	int64_t now = page->options.mono_ms(page->options.user);
	const struct store_options options = { .window_s = 0 };
	struct store_found found;
	struct why why;

	if (page->store != NULL || page->store_path == NULL ||
	    (page->store_tried_ms != 0 && now - page->store_tried_ms < STORE_AGAIN_MS))
		return page->store;
	page->store_tried_ms = now;
	if (store_open(page->store_path, STORE_READ, &options, &page->store, &found, &why) != KS_OK)
		page->store = NULL;
	return page->store;
}

static bool show_same(const struct show *a, const struct show *b)
{
	return a->view == b->view && a->drawn == b->drawn &&
	    a->form.as == b->form.as && a->form.term.colour == b->form.term.colour &&
	    a->form.term.ascii == b->form.term.ascii &&
	    a->form.term.columns == b->form.term.columns && a->lang == b->lang && a->gzip == b->gzip &&
	    a->from_ms == b->from_ms && a->to_ms == b->to_ms && a->points == b->points &&
	    strcmp(a->form_token, b->form_token) == 0 &&
	    strcmp(a->who.name, b->who.name) == 0 && strcmp(a->theme, b->theme) == 0 && strcmp(a->id, b->id) == 0 && strcmp(a->kind, b->kind) == 0;
}

static void scene_asked(const struct page *page, const struct show *show, struct scene *scene)
{
	scene_of(page, show->lang, scene);
	scene->id = show->id;
	scene->kind_asked = show->kind;
	scene->who = show->who;
	scene->theme = show->theme;
	memcpy(scene->form_token, show->form_token, sizeof scene->form_token);
	scene->from_ms = show->from_ms < 0 ? scene->now_ms + show->from_ms : show->from_ms;
	scene->to_ms = show->to_ms < 0 ? scene->now_ms + show->to_ms : show->to_ms;
	if (scene->to_ms != 0 && scene->from_ms >= scene->to_ms)
		scene->from_ms = scene->to_ms = 0;
}

/* A history's only series. */
static void history_want(struct scene *scene, const struct show *show)
{
	int64_t to = scene->to_ms != 0 ? scene->to_ms : scene->now_ms + 1;
	int64_t from = scene->from_ms != 0 ? scene->from_ms : to - 12 * 3600000LL;

	(void)scene_want(scene, scene_find(scene, show->id, show->kind), from, to, show->points);
}

static void wants_find(struct scene *scene, const struct show *show)
{
	if (show->drawn != NULL)
		show->drawn->want(scene, &show->form);
	else if (show->view == NULL)
		history_want(scene, show);
	else if (show->view->want != NULL)
		show->view->want(scene);
}

static int sealed_took(void *user, int64_t time_ms, double value)
{
	want_add(user, time_ms, value);
	return 0;
}

/* What is sealed, then what core sent. */
static void want_fill(struct page *page, const struct show *show, struct want *want)
{
	struct why why;

	if (page_store(page) != NULL)
		(void)!store_read(page->store, want->store, want->from_ms, want->to_ms, sealed_took,
		    want, &why);
	for (size_t i = 0; i < show->wants_n; i++) {
		const struct want *recent = &show->wants[i];

		if (recent->store != want->store)
			continue;
		for (size_t k = 0; k < recent->points_n; k++)
			want_put(want, recent->points[k].time_ms, recent->points[k].milli);
	}
}

static void history_json(struct text *out, const struct scene *scene, const struct status_now *now)
{
	const struct want *want = &scene->wants[0];
	int64_t critical, limit = now_limit(now, &critical);

	text_add(out, "{\"schema\":\"keisoku.history/1\",\"series\":\"");
	text_add_json(out, span_text(now->series.id));
	text_addf(out, "\",\"kind\":\"%s\",\"unit\":\"%s\",\"from\":\"",
	    measure_word((enum measure)now->series.kind), measure_unit((enum measure)now->series.kind));
	text_add_time(out, want->from_ms);
	text_add(out, "\",\"to\":\"");
	text_add_time(out, want->to_ms);
	text_add(out, "\",\"step_s\":");
	text_add_milli(out, want->step_ms);
	text_add(out, ",\"limits\":[");
	if (limit != INT64_MAX) {
		text_add(out, "{\"severity\":\"warning\",\"value\":");
		text_add_milli(out, limit);
		text_add(out, "}");
	}
	if (critical != INT64_MAX) {
		text_add(out, limit != INT64_MAX ? "," : "");
		text_add(out, "{\"severity\":\"critical\",\"value\":");
		text_add_milli(out, critical);
		text_add(out, "}");
	}
	text_add(out, "],\"times\":[");
	for (size_t i = 0; i < want->points_n; i++) {
		text_add(out, i > 0 ? "," : "");
		text_add_milli(out, want->points[i].time_ms);
	}
	text_add(out, "],\"values\":[");
	for (size_t i = 0; i < want->points_n; i++) {
		text_add(out, i > 0 ? "," : "");
		if (want->points[i].milli == INT64_MIN)
			text_add(out, "null");
		else
			text_add_milli(out, want->points[i].milli);
	}
	text_add(out, "]}\n");
}

static void history_csv(struct text *out, const struct scene *scene, const struct status_now *now)
{
	const struct want *want = &scene->wants[0];

	text_addf(out, CSV_MARK "time,%s (%s)" CSV_END, measure_word((enum measure)now->series.kind),
	    measure_unit((enum measure)now->series.kind));
	for (size_t i = 0; i < want->points_n; i++) {
		text_add_time(out, want->points[i].time_ms);
		text_add_char(out, ',');
		if (want->points[i].milli != INT64_MIN)
			text_add_milli(out, want->points[i].milli);
		text_add(out, CSV_END);
	}
}

/* 200, or 404 when there is no such thing. */
static unsigned show_write(struct page *page, const struct show *show, struct text *out,
    const char **ret_verdict)
{
	struct scene scene;
	struct why why = { .fmt = NULL };
	unsigned status = 200;

	scene_asked(page, show, &scene);
	scene.store = page_store(page);
	if (scene_begin(&scene, &why) != KS_OK) {
		scene_end(&scene);
		return 500;
	}
	wants_find(&scene, show);
	for (size_t i = 0; i < scene.wants_n; i++)
		want_fill(page, show, &scene.wants[i]);
	const struct status_now *now = show->view == NULL && show->drawn == NULL ?
	    scene_find(&scene, show->id, show->kind) : NULL;

	if (show->drawn != NULL && show->drawn->severity != NULL)
		*ret_verdict = severity_word((enum severity)show->drawn->severity(&scene));
	if (show->drawn != NULL)
		status = show->drawn->write(out, &scene, &show->form) ? 200 : 404;
	else if (show->view != NULL)
		status = view_page(out, &scene, show->view) ? 200 : 404;
	else if (now != NULL && scene.wants_n == 1 && show->form.as == FORM_CSV)
		history_csv(out, &scene, now);
	else if (now != NULL && scene.wants_n == 1)
		history_json(out, &scene, now);
	else
		status = 404;
	scene_end(&scene);
	return out->full ? 500 : status;
}

/* false: memory. */
static bool gzip(const struct text *plain, uint8_t **ret_at, size_t *ret_n)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)plain->at, .avail_in = (uInt)plain->len };

	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	uLong most = deflateBound(&z, (uLong)plain->len);

	*ret_at = malloc(most);
	z.next_out = *ret_at;
	z.avail_out = (uInt)most;
	int code = *ret_at != NULL ? deflate(&z, Z_FINISH) : Z_MEM_ERROR;

	*ret_n = z.total_out;
	(void)deflateEnd(&z);
	return code == Z_STREAM_END;
}

/* The job and all that wait for the very same. */
static void answer_same(struct page *page, struct job *job, const struct http_answer *made)
{
	const struct show *show = job->show;

	for (struct job *other = page->jobs, *next; other != NULL; other = next) {
		next = other->next;
		if (other == job || other->kind != JOB_SHOW || !show_same(other->show, show))
			continue;
		struct http_answer answer = *made;

		answer.cookie = other->show->cookie[0] != '\0' ? other->show->cookie : NULL;
		if (other->request != NULL)
			http_answer(other->request, &answer);
		job_end(page, other);
	}
	struct http_answer answer = *made;

	answer.cookie = show->cookie[0] != '\0' ? show->cookie : NULL;
	if (job->request != NULL)
		http_answer(job->request, &answer);
	job_end(page, job);
}

static const char *type_of(const struct show *show)
{
	static const char *const types[] = { [FORM_TEXT] = "text/plain; charset=utf-8",
		[FORM_SVG] = "image/svg+xml", [FORM_CSV] = "text/csv; charset=utf-8",
		[FORM_JSON] = "application/json",
		[FORM_ICS] = "text/calendar; charset=utf-8" };

	return show->view != NULL ? "text/html; charset=utf-8" : types[show->form.as];
}

static void show_answer(struct page *page, struct job *job)
{
	KS_DROP(text) struct text out;
	KS_DROP(heap) uint8_t *packed = NULL;
	struct http_answer answer = { .page = job->show->view != NULL,
		.type = type_of(job->show) };
	size_t packed_n = 0;

	text_init(&out, HTML_BYTES);
	answer.status = show_write(page, job->show, &out, &answer.verdict);
	if (answer.status == 404 && out.len > 0 && job->show->drawn != NULL &&
	    job->show->form.as <= FORM_SVG) { /* which thing there is not */
		text_add_char(&out, '\n');
		answer.type = "text/plain; charset=utf-8";
	}
	if (out.len == 0 || answer.status == 500) {
		text_clear(&out);
		text_add(&out, answer.status == 404 ? "there is no such thing, or nothing of it to draw\n" :
		    "the answer could not be made\n");
		answer.type = "text/plain; charset=utf-8";
	}
	answer.body = text_span(&out);
	if (job->show->form.as == FORM_ICS)
		answer.etag = hash_of(answer.body, 0) | 1;
	if (job->show->gzip && gzip(&out, &packed, &packed_n)) {
		answer.body = span_of(packed, packed_n);
		answer.gzip = true;
	}
	answer_same(page, job, &answer);
}

/* The samples of one job at a time are asked of core. */
static void recent_next(struct page *page)
{
	struct recent_ask asks[RECENT_ASKS];
	struct job *job = page->recent_ticket == 0 ? page->jobs : NULL;
	size_t n = 0;

	while (job != NULL && (job->kind != JOB_SHOW || !job->show->ready))
		job = job->next;
	if (job == NULL)
		return;
	for (; n < job->show->wants_n && n < RECENT_ASKS; n++) {
		const struct want *want = &job->show->wants[n];

		asks[n] = (struct recent_ask){ .store = want->store, .from_ms = want->from_ms,
			.to_ms = want->to_ms, .step_ms = want->step_ms };
	}
	const struct parcel parcel = { .kind = MESSAGE_ASK_RECENT, .count = (uint16_t)n,
		.ticket = ++page->ticket, .body = span_of(asks, n * sizeof asks[0]) };

	if (page->options.send(page->options.user, &parcel, NULL) != KS_OK)
		return; /* tried again when the queue has drained, and each second */
	page->recent_ticket = page->ticket;
	page->recent = job;
	job->show->ready = false;
}

/* What core knows is there: which samples does it want? */
static void show_prepare(struct page *page, struct job *job)
{
	struct show *show = job->show;
	struct scene scene;

	scene_asked(page, show, &scene);
	wants_find(&scene, show);
	for (size_t i = 0; i < scene.wants_n; i++)
		show->wants[i] = scene.wants[i];
	show->wants_n = scene.wants_n;
	show->ready = true;
	if (show->wants_n == 0)
		show_answer(page, job);
}

/* Core's last answer is young enough for this question. */
static bool known_now(const struct page *page, const struct show *show)
{
	return page->status.at_ms != 0 && page->status.at_ms + FRESH_MS >= show->asked_ms;
}

void show_go_on(struct page *page)
{
	bool waits = false;

	for (struct job *job = page->jobs, *next; job != NULL; job = next) {
		next = job->next;
		if (job->kind != JOB_SHOW || job->show->ready || job->show->wants_n > 0)
			continue;
		if (!known_now(page, job->show)) {
			waits = true;
			continue;
		}
		show_prepare(page, job);
		next = page->jobs; /* others may have been answered with it */
	}
	if (waits)
		status_ask(page);
	recent_next(page);
}

void show_recent(struct page *page, const struct message *message)
{
	struct job *job = page->recent;

	if (message->head.ticket != page->recent_ticket || page->recent_ticket == 0)
		return;
	for (size_t i = 0; message->head.kind == MESSAGE_RECENT && job != NULL &&
	     i < message->head.count; i++) {
		struct sample_row row;
		int64_t time_ms;
		double value;

		message_record(message, i, &row, sizeof row);
		memcpy(&time_ms, row.time_ms, sizeof time_ms);
		memcpy(&value, row.value, sizeof value);
		for (size_t k = 0; k < job->show->wants_n; k++)
			if (job->show->wants[k].store == row.series)
				want_add(&job->show->wants[k], time_ms, value);
	}
	if (message->head.kind != MESSAGE_RECENT_END)
		return;
	page->recent_ticket = 0;
	page->recent = NULL;
	if (job != NULL)
		show_answer(page, job);
	recent_next(page);
}

static void show_absent(struct page *page, struct http_request *request, const struct show *show)
{
	KS_DROP(text) struct text out;

	text_init(&out, 4096);
	markup(&out, "<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" "
	    "content=\"3\"><title>\xe2\x97\x8c keisoku</title><meta name=\"viewport\" "
	    "content=\"width=device-width\"><h1>%s</h1><p>%s</p><p>%s</p></html>\n",
	    show->lang == LANG_JA ? "ja" : "en",
	    tr(show->lang, N_("Nothing is known at this moment")),
	    tr(show->lang, N_("The part of keisoku that judges is not there; it is being started. This "
	    "page asks again every 3 seconds.")), page->core_says);
	http_answer(request, &(struct http_answer){ .status = 503, .page = true,
	    .type = "text/html; charset=utf-8", .body = text_span(&out), .retry_s = 3 });
}

void show_take(struct page *page, struct http_request *request, const struct view *view,
    const struct drawn *drawn, const char *id)
{
	struct show *show = NULL;
	int64_t now = page->options.mono_ms(page->options.user);

	/* a page shows its usual range; for a program a wrong one is an error */
	if (view == NULL && show_range_bad(request)) {
		http_say(request, 400, "from= and to= are seconds since 1970 (negative: before now), from= before to=");
		return;
	}
	show = calloc(1, sizeof *show);
	if (show != NULL) {
		show->view = view;
		show->drawn = drawn;
	}
	if (show == NULL || !show_read(page, request, id, show)) {
		http_say(request, show == NULL ? 503 : 404, "there is no such page; begin at /");
		show_done(show);
		return;
	}
	struct job *job = page->core ? job_new(page, request, JOB_SHOW) : NULL;

	if (job == NULL) {
		show_absent(page, request, show);
		show_done(show);
		return;
	}
	job->show = show;
	access_who(page, request, &show->who);
	access_form(page, request, show->form_token);
	show->asked_ms = now;
	show_go_on(page);
}
