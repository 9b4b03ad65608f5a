#include "cli/talks.h"
#include "role/paths.h"
#include "store/store.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DAYS = 31, CONTACTS_LEAST = 10, HOURS_LEAST = 3, ROWS_MOST = 20000, DEPTH = 64 };
static const int64_t day_ms = 86400000;

struct finder {
	const struct site *site;
	struct talks *talks;
};

static int by_id(const void *key, const void *host)
{
	return strcmp(key, (*(const struct host *const *)host)->id);
}

static int by_ids(const void *a, const void *b)
{
	return strcmp((*(const struct host *const *)a)->id, (*(const struct host *const *)b)->id);
}

/* Does it say so already, maybe through others? */
static bool needs(const struct service *from, const struct service *to, int depth)
{
	for (size_t i = 0; depth > 0 && i < from->deps_n; i++)
		if (from->deps[i] == to || needs(from->deps[i], to, depth - 1))
			return true;
	return false;
}

static struct talked *talked_of(struct talks *talks, const struct service *from,
    const struct service *to)
{
	for (size_t i = 0; i < talks->n; i++)
		if (talks->list[i].from == from && talks->list[i].to == to)
			return &talks->list[i];
	if (talks->n == TALKS_MOST) {
		talks->more++;
		return NULL;
	}
	talks->list[talks->n] = (struct talked){ .from = from, .to = to };
	return &talks->list[talks->n++];
}

struct looking {
	struct finder *finder;
	const struct host **hosts; /* by ID */
};

static const struct service *service_of(const struct looking *l, const char *id)
{
	const struct host **at = bsearch(id, l->hosts, l->finder->site->hosts_n,
	    sizeof(const struct host *), by_id);

	return at != NULL ? (*at)->service : NULL;
}

static int row_took(void *user, const struct wire_row *row)
{
	struct looking *l = user;
	struct talks *talks = l->finder->talks;
	const struct service *from = service_of(l, row->device), *to = service_of(l, row->name);
	struct talked *talked;

	if (from == NULL || to == NULL || from == to || row->count < CONTACTS_LEAST ||
	    row->number[4] < HOURS_LEAST || needs(from, to, DEPTH) ||
	    (talked = talked_of(talks, from, to)) == NULL)
		return 0;
	talked->contacts += row->count;
	if (row->count <= talked->most)
		return 0;
	size_t i = (size_t)(talked - talks->list);

	(void)snprintf(talks->texts[i][0], sizeof talks->texts[i][0], "%s", row->device);
	(void)snprintf(talks->texts[i][1], sizeof talks->texts[i][1], "%.63s", row->name);
	talked->host = talks->texts[i][0];
	talked->other = talks->texts[i][1];
	talked->most = row->count;
	talked->hours = row->number[4];
	talked->port = row->port;
	return 0;
}

static void rows_look(struct finder *finder, struct store *store)
{
	const struct site *site = finder->site;
	struct looking l = { .finder = finder,
		.hosts = calloc(site->hosts_n + 1, sizeof(const struct host *)) };
	int64_t now = (int64_t)time(NULL) * 1000;
	const struct wire_ask ask = { WIRE_TALK, WIRE_BY_THING, now - DAYS * day_ms, now + day_ms,
		ROWS_MOST };
	struct why why;

	for (size_t i = 0; l.hosts != NULL && i < site->hosts_n; i++)
		l.hosts[i] = &site->hosts[i];
	if (l.hosts != NULL && site->hosts_n > 0) {
		qsort(l.hosts, site->hosts_n, sizeof(const struct host *), by_ids);
		if (store_wire(store, &ask, row_took, &l, &why) != KS_OK)
			finder->talks->n = 0; /* an offer is no answer: without it all is said as before */
	}
	free(l.hosts);
}

void talks_find(const char *state, const struct site *site, struct talks *ret_talks)
{
	struct finder finder = { .site = site, .talks = ret_talks };
	const struct store_options options = { .keep_raw_days = 0 };
	struct store *store = NULL;
	struct store_found found;
	struct paths paths;
	struct why why;
	char id[64] = "";

	memset(ret_talks, 0, sizeof *ret_talks);
	if (site->services_n < 2 || paths_find(state, &paths, NULL) != KS_OK ||
	    access(paths.state, F_OK) != 0 ||
	    store_open(paths.state, STORE_READ, &options, &store, &found, &why) != KS_OK)
		return;
	if (store_note(store, "site", id, sizeof id, &why) == KS_OK && strcmp(id, site->id) == 0)
		rows_look(&finder, store);
	store_close(store);
}

void talks_say(struct text *text, enum lang lang, const struct talks *talks)
{
	if (talks->n == 0)
		return;
	text_add(text, tr(lang, N_("Heard on the wire, and not in the site file (nothing above rests on it):")));
	text_add_char(text, '\n');
	for (size_t i = 0; i < talks->n && i < TALKS_SHOWN; i++) {
		const struct talked *t = &talks->list[i];

		text_add(text, "  ");
		say(text, lang, "service %s calls service %s: %s to %s port %u, %llu {contact|contacts}; if it needs it: dep=%s",
		    t->from->id, t->to->id, t->host, t->other, t->port, (unsigned long long)t->contacts,
		    t->to->id);
		text_add_char(text, '\n');
	}
	if (talks->n > TALKS_SHOWN) {
		text_add(text, "  ");
		say(text, lang, "%zu more", talks->n - TALKS_SHOWN + talks->more);
		text_add_char(text, '\n');
	}
}

static void id_add(struct text *text, const char *key, const char *id)
{
	text_addf(text, "\"%s\":\"", key);
	text_add_json(text, span_text(id));
	text_add_char(text, '"');
}

void talks_json(struct text *text, const struct talks *talks)
{
	text_add(text, ",\"proposals\":[");
	for (size_t i = 0; i < talks->n; i++) {
		const struct talked *t = &talks->list[i];

		text_add(text, i > 0 ? ",{" : "{");
		id_add(text, "service", t->from->id);
		text_add_char(text, ',');
		id_add(text, "needs", t->to->id);
		text_add_char(text, ',');
		id_add(text, "host", t->host);
		text_add_char(text, ',');
		id_add(text, "other", t->other);
		text_addf(text, ",\"port\":%u,\"contacts\":%llu,\"hours\":%lld,\"line\":%u}", t->port,
		    (unsigned long long)t->contacts, (long long)t->hours, t->from->line);
	}
	text_add_char(text, ']');
}
