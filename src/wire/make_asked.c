/* src/wire/make_asked.c - what the audit is of: the whole capture, or with --device what
 * those devices sent and received, and nothing else: how much, how many flows, when.  And
 * which of them are not in the capture at all: of these nothing can be told, least of all
 * that nothing was found. */
#include "wire/make_in.h"
#include "site/keys.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = ADDRESS_TEXT };

static bool is_asked(const struct make *make, const struct relation_row *row)
{
	return make_device(make, row->key.client, row->key.server) != AUDIT_NO_DEVICE;
}

static void flows_add(struct audit_flows *flows, const struct relation_row *row)
{
	uint64_t *to = row->key.protocol == IP_TCP ? &flows->tcp :
	    row->key.protocol == IP_UDP ? &flows->udp : &flows->other;

	*to += row->flows;
}

static void sums_make(struct make *make)
{
	struct audit *audit = make->audit;
	bool *met = make_take(make, make->g->hosts.n, sizeof *met);

	if (met == NULL)
		return;
	audit->frames = audit->bytes = audit->hosts = 0;
	audit->flows = (struct audit_flows){ .evicted = audit->flows.evicted };
	for (uint32_t i = 0; i < make->g->relations.n; i++) {
		const struct relation_row *row = make_relation(make, i);

		if (row->key.decrypted || !is_asked(make, row)) /* decrypted: counted as it came */
			continue;
		audit->frames += row->frames[0] + row->frames[1];
		audit->bytes += row->bytes[0] + row->bytes[1];
		flows_add(&audit->flows, row);
		audit->hosts += (uint64_t)!met[row->key.client] + !met[row->key.server];
		met[row->key.client] = met[row->key.server] = true;
	}
}

/* Told again from the slices: when all were heard it was not known who would be asked for. */
static void time_make(struct make *make)
{
	struct timeline *time = make_take(make, 1, sizeof *time);
	struct audit_time *to = &make->audit->time;

	if (time == NULL)
		return;
	for (uint32_t i = 0; i < make->g->entries.n; i++) {
		const struct entry_row *entry = rows_row(&make->g->entries, i);
		const struct relation_row *row = make_relation(make, entry->relation);
		const int64_t span[2] = { entry->first_ns, entry->first_ns + entry->lasted_ms * 1000000LL };
		unsigned near = make->device_of[row->key.client] == AUDIT_NO_DEVICE;

		if (!row->key.decrypted && is_asked(make, row))
			timeline_add(time, span, entry->bytes[near], entry->bytes[1 - near]);
	}
	to->columns = make_take(make, time->n, sizeof *to->columns);
	if (to->columns == NULL)
		return;
	for (uint32_t i = 0; i < time->n; i++)
		to->columns[i] = (struct audit_column){ time->out[i], time->in[i] };
	to->from_ns = time->first * time->width_ns;
	to->width_ns = time->width_ns;
	to->columns_n = time->n;
}

/* Of the requests and questions those that are told, where none was lost. */
static void said_count(struct make *make)
{
	struct audit *audit = make->audit;

	audit->http_requests = audit->http_n + audit->lost.http;
	audit->tls_sessions = audit->tls_n + audit->lost.tls;
	audit->dns_questions = audit->lost.dns;
	for (size_t i = 0; i < audit->dns_n; i++)
		audit->dns_questions += audit->dns[i].count;
}

/* -- who is not there ---------------------------------------------------------------------- */

static const char *mac_text(const struct mac *mac, char room[WORD])
{
	(void)snprintf(room, WORD, "%02x:%02x:%02x:%02x:%02x:%02x", mac->byte[0], mac->byte[1],
	    mac->byte[2], mac->byte[3], mac->byte[4], mac->byte[5]);
	return room;
}

static bool has_mac(const struct make *make, uint32_t i, const struct mac *mac)
{
	const struct host_row *host = make_host(make, i);

	if (host->address.family == ADDRESS_MAC)
		return memcmp(host->address.byte, mac->byte, sizeof mac->byte) == 0;
	return host->has_mac && make->place_of[i] != PLACE_BEHIND &&
	    memcmp(host->mac.byte, mac->byte, sizeof mac->byte) == 0;
}

/* One that was only named (in an answer of DNS, in a question of ARP) is not there. */
static bool is_there(const struct make *make, const bool *heard, const struct make_known *known)
{
	for (uint32_t i = 0; i < make->g->hosts.n; i++)
		if (heard[i] && (known->address.family != ADDRESS_NONE ?
		    address_equal(&make_host(make, i)->address, &known->address) :
		    has_mac(make, i, &known->mac)))
			return true;
	return false;
}

/* What a reader may have meant: addresses of the house that said something (of anybody,
 * where there is none), or cards. */
static const char *near_word(struct make *make, uint32_t i, bool mac, bool own, char room[WORD])
{
	const struct host_row *host = make_host(make, i);

	if (!make->sent[i])
		return "";
	if (mac)
		return host->has_mac && make->place_of[i] != PLACE_BEHIND ? mac_text(&host->mac, room) : "";
	if (host->address.family == ADDRESS_MAC || address_is_group(&host->address) ||
	    (own && !address_is_private(&host->address)))
		return "";
	return make_host_text(make, i);
}

struct words {
	const char **at;
	size_t n;
};

static int by_word(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In order: of those that are alike the same are told whatever thread heard them first. */
static void words_make(struct make *make, bool mac, bool own, struct words *ret)
{
	*ret = (struct words){ .at = make_take(make, make->g->hosts.n, sizeof *ret->at) };
	for (uint32_t i = 0; ret->at != NULL && i < make->g->hosts.n; i++) {
		char room[WORD];
		const char *word = near_word(make, i, mac, own, room);

		if (word == room)
			word = arena_text(make->arena, span_text(room));
		make->full |= word == NULL;
		if (word != NULL && word[0] != '\0')
			ret->at[ret->n++] = word;
	}
	if (ret->n > 1)
		qsort(ret->at, ret->n, sizeof *ret->at, by_word);
}

static bool is_told(const struct audit_missing *missing, const char *word)
{
	for (size_t i = 0; i < missing->near_n; i++)
		if (strcmp(missing->near[i], word) == 0)
			return true;
	return false;
}

/* One more, the nearest that is not among them yet. */
static bool near_add(struct audit_missing *missing, const struct words *words)
{
	struct nearest nearest;
	const char *best = NULL;

	nearest_start(&nearest, span_text(missing->asked));
	nearest.distance = LIMIT_NAME; /* however far: it is not taken, only told */
	for (size_t i = 0; i < words->n; i++) {
		size_t before = nearest.distance;

		if (is_told(missing, words->at[i]))
			continue;
		nearest_put(&nearest, span_text(words->at[i]));
		best = nearest.distance < before ? words->at[i] : best;
	}
	if (best != NULL)
		missing->near[missing->near_n++] = best;
	return best != NULL;
}

static void missing_add(struct make *make, const struct make_known *known)
{
	struct audit_missing *missing = &make->audit->missing[make->audit->missing_n];
	bool mac = known->address.family == ADDRESS_NONE;
	struct words words;
	char room[WORD] = "";

	if (mac)
		(void)mac_text(&known->mac, room);
	else
		(void)address_show(&known->address, room);
	missing->asked = arena_text(make->arena, span_text(room));
	words_make(make, mac, true, &words);
	if (words.n == 0)
		words_make(make, mac, false, &words);
	make->full |= missing->asked == NULL;
	if (make->full)
		return;
	make->audit->missing_n++;
	while (missing->near_n < AUDIT_NEAR && near_add(missing, &words))
		;
}

static void missing_make(struct make *make)
{
	struct audit *audit = make->audit;
	bool *heard = make_take(make, make->g->hosts.n, sizeof *heard);

	audit->missing = make_take(make, make->plan->known_n, sizeof *audit->missing);
	if (make->full)
		return;
	for (uint32_t i = 0; i < make->g->relations.n; i++) {
		const struct relation_row *row = make_relation(make, i);

		heard[row->key.client] |= row->frames[SIDE_CLIENT] > 0 || row->key.protocol != 0;
		heard[row->key.server] |= row->frames[SIDE_SERVER] > 0 || row->key.protocol != 0;
	}
	for (size_t i = 0; i < make->plan->known_n; i++) {
		const struct make_known *known = &make->plan->known[i];

		audit->asked_n += known->asked_for;
		if (known->asked_for && !is_there(make, heard, known))
			missing_add(make, known);
	}
}

void make_asked(struct make *make)
{
	struct audit *audit = make->audit;

	audit->frames = audit->capture.frames;
	audit->bytes = audit->capture.frame_bytes;
	if (!make->only)
		return;
	sums_make(make);
	time_make(make);
	said_count(make);
	missing_make(make);
}
