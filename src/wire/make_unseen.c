/* src/wire/make_unseen.c - what could not be seen, and why: said as plainly as the rest. */
#include "site/wire.h"
#include "base/drop.h"
#include "base/text.h"
#include "wire/link.h"
#include "wire/make_in.h"

/* Returns how many flows were opened with keys. */
static uint64_t tls_count(const struct audit *audit, uint64_t counts[UNSEENS])
{
	enum { TLS_1_3 = 0x0304 };
	uint64_t opened = 0, last = UINT64_MAX;

	for (size_t i = 0; i < audit->tls_n; i++) {
		const struct audit_tls *tls = &audit->tls[i];

		/* a renegotiation is one more handshake in the same flow */
		opened += tls->keys && tls->flow != last;
		last = tls->keys ? tls->flow : last;
		counts[UNSEEN_ECH] += tls->ech;
		counts[strcmp(tls->transport, "quic") == 0 ? UNSEEN_SHUT_QUIC
		    : strcmp(tls->transport, "dtls") == 0 ? UNSEEN_SHUT_DTLS
							  : UNSEEN_SHUT] += tls->keys_unused;
		if (tls->visible)
			continue;
		counts[UNSEEN_TLS_13] += tls->version_number == TLS_1_3 || strcmp(tls->transport,
		    "quic") == 0 || (tls->version_number & 0xff00) == 0x7f00;
		counts[UNSEEN_RESUMED] += tls->resumed && tls->version_number < TLS_1_3;
	}
	return opened;
}

/* Secrets were given, and no session was theirs. */
static uint64_t keys_idle(const struct make *make)
{
	for (uint32_t i = 0; i < make->g->tls.n; i++) {
		const struct tls_row *row = rows_row(&make->g->tls, i);

		if (row->keys || row->keys_unused)
			return 0;
	}
	return make->plan->secrets;
}

/* -- tunnels ------------------------------------------------------------------------- */

enum { LISTED = 8, TUNNELS = UNSEEN_MACSEC - UNSEEN_ESP + 1 };

/* Those of one kind: the largest few. */
struct tunnels {
	uint64_t bytes, pairs;
	const struct relation_row *largest[LISTED];
};

static uint64_t relation_bytes(const struct relation_row *row)
{
	return row->bytes[0] + row->bytes[1];
}

/* UNSEENS: it is no tunnel. */
static unsigned tunnel_kind(const struct relation_row *row)
{
	static const struct {
		const char *tongue;
		unsigned kind;
	} rows[] = { { "esp", UNSEEN_ESP }, { "wireguard", UNSEEN_WIREGUARD }, { "openvpn", UNSEEN_OPENVPN } };

	if (row->key.protocol == IP_ESP)
		return UNSEEN_ESP;
	if (row->key.protocol == 0 && row->key.port == ETHER_MACSEC)
		return UNSEEN_MACSEC;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(row->tongue, rows[i].tongue) == 0)
			return rows[i].kind;
	return UNSEENS;
}

static void tunnel_add(struct tunnels *tunnels, const struct relation_row *row)
{
	size_t at = LISTED;

	tunnels->bytes += relation_bytes(row);
	tunnels->pairs++;
	while (at > 0 && (tunnels->largest[at - 1] == NULL ||
			     relation_bytes(row) > relation_bytes(tunnels->largest[at - 1])))
		at--;
	if (at == LISTED)
		return;
	memmove(&tunnels->largest[at + 1], &tunnels->largest[at],
	    (LISTED - 1 - at) * sizeof(struct relation_row *));
	tunnels->largest[at] = row;
}

static struct audit_unseen tunnel_unseen(struct make *make, const struct tunnels *tunnels,
    unsigned which)
{
	struct audit_unseen is = { .says = wire_unseen_says(which), .count = tunnels->bytes,
		.also = tunnels->pairs > LISTED ? tunnels->pairs - LISTED : 0, .between = "",
		.which = (uint8_t)which };
	KS_DROP(text) struct text list;
	char *copy;

	text_init(&list, LISTED * (2 * ADDRESS_TEXT + 64));
	for (size_t i = 0; i < LISTED && tunnels->largest[i] != NULL; i++) {
		const struct relation_row *row = tunnels->largest[i];

		text_addf(&list, "%s%s > %s", i > 0 ? ", " : "", make_host_text(make, row->key.client),
		    make_host_text(make, row->key.server));
		if (row->key.protocol == IP_UDP || row->key.protocol == IP_TCP)
			text_addf(&list, " port %u", row->key.port);
		text_addf(&list, ": %llu", (unsigned long long)relation_bytes(row));
	}
	copy = make_take(make, text_span(&list).left + 1, 1);
	if (copy != NULL) {
		memcpy(copy, text_cstr(&list), text_span(&list).left);
		is.between = copy;
	}
	return is;
}

/* -- all of it -------------------------------------------------------------------------- */

static struct audit_unseen unseen_of(const struct audit *audit, unsigned which, uint64_t count)
{
	if (which == UNSEEN_CUT)
		return (struct audit_unseen){ .says = "the end of %llu {frame|frames}: captured to %llu {byte|bytes} a frame, bodies and what else lies behind were not read",
			.count = count, .also = audit->capture.cut_to, .which = UNSEEN_CUT };
	return (struct audit_unseen){ .says = wire_unseen_says(which), .count = count,
		.which = (uint8_t)which };
}

void make_unseen(struct make *make)
{
	struct audit *audit = make->audit;
	uint64_t counts[UNSEENS] = { [UNSEEN_CUT] = audit->capture.cut,
		[UNSEEN_PACKED] = make->g->unread, [UNSEEN_HEADS] = make->g->heads_cut,
		[UNSEEN_MISSING] = audit->capture.missing_bytes,
		[UNSEEN_FRAGMENTS] = audit->capture.fragments_lost,
		[UNSEEN_LINK] = audit->capture.unknown_link,
		[UNSEEN_EVICTED] = audit->flows.evicted };

	uint64_t opened = tls_count(audit, counts);

	counts[UNSEEN_KEYS] = keys_idle(make);
	struct tunnels tunnels[TUNNELS] = { { .bytes = 0 } };

	for (uint32_t i = 0; i < make->g->relations.n; i++) {
		const struct relation_row *row = make_relation(make, i);
		bool unknown = row->tongue[0] == '\0' && row->payload[0] + row->payload[1] > 0 &&
		    (row->key.protocol == IP_TCP || row->key.protocol == IP_UDP) &&
		    row->unanswered < row->flows;
		unsigned kind = tunnel_kind(row);

		if (kind < UNSEENS) {
			tunnel_add(&tunnels[kind - UNSEEN_ESP], row);
			counts[kind] += relation_bytes(row);
			continue;
		}
		counts[UNSEEN_CONTENT] += row->encrypted && !row->clear ? row->flows - row->unlocked : 0;
		counts[UNSEEN_UNKNOWN] += unknown && !row->encrypted ? row->flows : 0;
	}
	counts[UNSEEN_CONTENT] -= opened < counts[UNSEEN_CONTENT] ? opened : counts[UNSEEN_CONTENT];
	for (size_t i = 0; i < audit->capture.files_n; i++)
		counts[UNSEEN_DROPPED] += audit->capture.files[i].dropped;
	audit->unseen = make_take(make, UNSEENS, sizeof *audit->unseen);
	for (unsigned i = 0; !make->full && i < UNSEENS; i++)
		if (counts[i] > 0)
			audit->unseen[audit->unseen_n++] = i >= UNSEEN_ESP && i <= UNSEEN_MACSEC
			    ? tunnel_unseen(make, &tunnels[i - UNSEEN_ESP], i)
			    : unseen_of(audit, i, counts[i]);
}
