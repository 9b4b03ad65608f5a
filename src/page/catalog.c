#include "page/catalog.h"
#include "page/inside.h"

enum { CATALOG_BYTES = 512 * 1024 * 1024 };

void catalog_done(struct catalog *catalog)
{
	arena_done(&catalog->arena);
	*catalog = (struct catalog){ .done = catalog->done };
}

/* What is sealed by now need not be kept here. */
static void tail_drop(struct page *page, uint32_t sealed)
{
	struct catalog *catalog = &page->catalog;

	if (catalog->n == 0 || sealed + 1 < catalog->first + catalog->n)
		return;
	arena_done(&catalog->arena);
	catalog->of = NULL;
	catalog->n = catalog->room = 0;
}

void catalog_ask(struct page *page)
{
	struct catalog *catalog = &page->catalog;
	struct store *store = page_store(page);
	uint32_t sealed = store != NULL ? store_series_count(store) : 0;

	if (catalog->ticket != 0)
		return;
	tail_drop(page, sealed);
	if (catalog->n == 0) {
		arena_init(&catalog->arena, CATALOG_BYTES);
		catalog->first = sealed + 1;
	}
	const struct labels_ask ask = { .from = catalog->first + catalog->n };
	const struct parcel parcel = { .kind = MESSAGE_ASK_LABELS, .count = 1,
		.ticket = ++page->ticket, .body = span_of(&ask, sizeof ask) };

	if (page->options.send(page->options.user, &parcel, NULL) == KS_OK)
		catalog->ticket = page->ticket;
}

static bool label_keep(struct catalog *catalog, struct span labels)
{
	if (catalog->n == catalog->room) {
		uint32_t room = catalog->room == 0 ? 256 : catalog->room * 2;
		struct span *of = arena_array(&catalog->arena, room, sizeof *of);

		if (of == NULL)
			return false;
		if (catalog->n > 0)
			memcpy(of, catalog->of, catalog->n * sizeof *of);
		catalog->of = of;
		catalog->room = room;
	}
	char *kept = arena_text(&catalog->arena, labels);

	if (kept != NULL)
		catalog->of[catalog->n++] = span_of(kept, labels.left);
	return kept != NULL;
}

bool catalog_take(struct page *page, const struct message *message)
{
	struct catalog *catalog = &page->catalog;
	struct span body = message->body;
	uint32_t before = catalog->n;

	if (catalog->ticket == 0 || message->head.ticket != catalog->ticket)
		return false;
	catalog->now_ms = (int64_t)span_le(&body, 8);
	catalog->highest = (uint32_t)span_le(&body, 4);
	while (body.left > 0 && !body.broken) {
		struct span labels = span_cut(&body, (size_t)span_le(&body, 2));

		if (labels.broken || !label_keep(catalog, labels))
			break;
	}
	bool all = catalog->first + catalog->n > catalog->highest || catalog->n == before;

	if (all)
		catalog->done = catalog->ticket;
	catalog->ticket = 0;
	if (!all)
		catalog_ask(page);
	return all;
}

struct span catalog_labels(struct page *page, uint32_t number)
{
	const struct catalog *catalog = &page->catalog;

	if (number >= catalog->first)
		return number - catalog->first < catalog->n ? catalog->of[number - catalog->first] :
		    span_of(NULL, 0);
	return page->store != NULL ? store_labels(page->store, number) : span_of(NULL, 0);
}
