/* src/page/live.c - events: one a second to everyone who listens, with the state, its
 * time and a number that changes when there is something new to fetch. */
#include "base/hash.h"
#include "page/inside.h"
#include <malloc.h>
#include <stdlib.h>

enum { EVERY_MS = 900, PING_MS = 15000, EVENT_BYTES = 2048, NAMES_BYTES = 16384, CROWD = 64,
	MANY = 2000, MANY_MS = 3500 };

/* What is shown, in a number: readings, findings and how bad it is. */
static uint64_t digest_of(const struct snapshot *s)
{
	uint64_t digest = s->verdict.severity;

	for (size_t i = 0; i < s->now_n; i++)
		digest = digest * 31 + (uint64_t)s->now[i].reading.time_ms;
	for (size_t i = 0; i < s->findings_n; i++)
		digest = digest * 31 + s->findings[i].id * 7 + s->findings[i].severity;
	return hash_of(span_of(&digest, sizeof digest), s->findings_n);
}

void live_take(struct page *page, struct http_request *request)
{
	struct stream *stream = calloc(1, sizeof *stream);

	if (stream == NULL) {
		http_say(request, 503, "out of memory; come again");
		return;
	}
	*stream = (struct stream){ .next = page->streams, .at = &page->streams,
		.request = request, .lang = show_lang(page, request) };
	access_pass(page, request, &stream->pass);
	if (stream->next != NULL)
		stream->next->at = &stream->next;
	page->streams = stream;
	http_stream(request);
	*http_user(request) = stream;
	http_push(request, span_text(": keisoku\n\n"));
	page->told_ms = 0;
}

/* Whose session is over hears no more. */
static void streams_end(struct page *page)
{
	for (struct stream *stream = page->streams; stream != NULL; stream = stream->next)
		if (!access_lives(page, &stream->pass))
			http_stream_end(stream->request);
}

void live_gone(struct page *page, struct http_request *request)
{
	struct stream *stream = *http_user(request);

	(void)page;
	if (stream == NULL)
		return;
	*stream->at = stream->next;
	if (stream->next != NULL)
		stream->next->at = stream->at;
	*http_user(request) = NULL;
	free(stream);
}

void live_end(struct page *page)
{
	for (struct stream *stream = page->streams, *next; stream != NULL; stream = next) {
		next = stream->next;
		*http_user(stream->request) = NULL;
		free(stream);
	}
	page->streams = NULL;
}

static void event_write(struct page *page, enum lang lang, struct text *out)
{
	struct scene scene;

	scene_of(page, lang, &scene);
	arena_init(&scene.arena, NAMES_BYTES);
	text_add(out, "event: now\ndata: ");
	view_event(out, &scene);
	text_add(out, "\n\n");
	arena_done(&scene.arena);
}

/* A new answer of core is there. */
void live_tell(struct page *page)
{
	int64_t now = page->options.mono_ms(page->options.user);
	uint64_t digest = digest_of(&page->status);
	struct text events[LANGS];

	page->event += digest != page->digest;
	page->digest = digest;
	if (page->streams == NULL || now - page->told_ms < EVERY_MS)
		return;
	page->told_ms = page->pinged_ms = now;
	for (unsigned i = 0; i < LANGS; i++) {
		text_init(&events[i], EVENT_BYTES);
		event_write(page, (enum lang)i, &events[i]);
	}
	for (struct stream *stream = page->streams; stream != NULL; stream = stream->next)
		http_push(stream->request, text_span(&events[stream->lang]));
	for (unsigned i = 0; i < LANGS; i++)
		text_done(&events[i]);
}

/* What many listeners took is given back when they have gone. */
static void room_give(struct page *page)
{
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		n += page->http[i] != NULL ? http_connections(page->http[i]) : 0;
	if (n > page->crowd)
		page->crowd = n;
	if (page->crowd < CROWD || n > page->crowd / 2)
		return;
	page->crowd = n;
	(void)malloc_trim(0);
}

void page_tick(struct page *page)
{
	int64_t now = page->options.mono_ms(page->options.user);

	/* a large site's answer is megabytes: less often, but before it looks stale */
	bool due = page->status.now_n < MANY || now - page->status.at_ms >= MANY_MS;

	if (page->streams != NULL && page->core && due)
		status_ask(page);
	show_go_on(page);
	streams_end(page);
	if (page->streams != NULL && now - page->pinged_ms >= PING_MS) {
		page->pinged_ms = now;
		for (struct stream *stream = page->streams; stream != NULL; stream = stream->next)
			http_push(stream->request, span_text(": ping\n\n"));
	}
	page_run(page);
	room_give(page);
}
