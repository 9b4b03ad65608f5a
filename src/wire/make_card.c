/* src/wire/make_card.c - which addresses are of one network card, and which only came through
 * it: a router's.
 *
 * A card's own packets arrive with the TTL its stack gave them; each router on the way takes
 * one away.  So an address whose packets came with less (63, 127, 254) is of somebody behind
 * that card, unless it says itself, by ARP, neighbour discovery or DHCP, that the card is its.
 * (An answer to an ARP request is no such word: routers answer for those behind them.)  What
 * never spoke near counts as behind when somebody else is.  Where no TTL tells, a card with
 * more than a few private addresses is a router, and one with a public address too; but not
 * one whose addresses follow each other in time: that is DHCP over days. */
#include "wire/make_in.h"

enum { ROUTER_PRIVATE = 4, /* more private addresses behind one MAC: a router */
	NS_MS = 1000000 };

static uint64_t mac_number(const struct mac *mac)
{
	struct span bytes = span_of(mac->byte, sizeof mac->byte);

	return span_be(&bytes, 6);
}

/* Whose address it is says the card itself. */
static void own_words(struct make *make)
{
	for (uint32_t i = 0; i < make->g->namings.n; i++) {
		const struct naming_row *row = rows_row(&make->g->namings, i);
		const struct host_row *host = make_host(make, row->host);

		if ((row->how == NAME_ARP || row->how == NAME_NDP || row->how == NAME_DHCP ||
		    row->how == NAME_DHCP6) && host->has_mac && memcmp(&row->mac, &host->mac, sizeof row->mac) == 0)
			make->place_of[row->host] = PLACE_CARD;
	}
}

static void places_find(struct make *make)
{
	own_words(make);
	for (uint32_t i = 0; i < make->g->hosts.n; i++) {
		const struct host_row *host = make_host(make, i);

		if (make->place_of[i] == PLACE_UNKNOWN && host->near + host->routed > 0)
			make->place_of[i] = host->routed > host->near ? PLACE_BEHIND : PLACE_CARD;
	}
}

/* From its first packet to its last. */
struct heard {
	int64_t first_ns, last_ns;
};

static struct heard *heard_find(struct make *make)
{
	struct heard *heard = make_take(make, make->g->hosts.n, sizeof *heard);

	for (uint32_t i = 0; heard != NULL && i < make->g->relations.n; i++) {
		const struct relation_row *row = make_relation(make, i);

		for (unsigned side = 0; side < 2; side++) {
			struct heard *one = &heard[side == SIDE_CLIENT ? row->key.client : row->key.server];

			if (row->frames[side] == 0)
				continue;
			if (one->first_ns == 0 || row->first_ns < one->first_ns)
				one->first_ns = row->first_ns;
			if (row->last_ns > one->last_ns)
				one->last_ns = row->last_ns;
		}
	}
	return heard;
}

static void card_take(struct card *row, const struct address *at, const struct heard *heard)
{
	struct span bytes = span_of(at->byte, 8);
	uint64_t network = span_be(&bytes, 8);
	bool near = address_is_private(at);

	if (at->family == ADDRESS_4)
		*(near ? &row->private_4 : &row->public_4) += 1;
	if (at->family == ADDRESS_6 && !near && network != row->network_6) {
		row->networks_6++;
		row->network_6 = network;
	}
	if (at->family != ADDRESS_4 || heard->first_ns == 0)
		return;
	row->sum_ms += (heard->last_ns - heard->first_ns) / NS_MS;
	if (row->first_ns == 0 || heard->first_ns < row->first_ns)
		row->first_ns = heard->first_ns;
	if (heard->last_ns > row->last_ns)
		row->last_ns = heard->last_ns;
}

/* One after the other, with a tenth of overlap for answers that came late. */
static bool in_turn(const struct card *row)
{
	return row->sum_ms <= (row->last_ns - row->first_ns) / NS_MS / 10 * 11;
}

static bool is_carried(const struct host_row *host)
{
	return host->has_mac && host->address.family != ADDRESS_MAC && !address_is_group(&host->address);
}

void make_cards(struct make *make, struct rows *cards)
{
	struct heard *heard = heard_find(make);

	places_find(make);
	for (uint32_t i = 0; !make->full && i < make->g->hosts.n; i++) {
		const struct host_row *host = make_host(make, i);
		uint64_t mac = mac_number(&host->mac);
		struct card *row;

		if (!is_carried(host))
			continue;
		row = rows_put(cards, &mac, NULL);
		if (row == NULL)
			continue;
		row->passes |= make->place_of[i] == PLACE_BEHIND;
		row->unknown += make->place_of[i] == PLACE_UNKNOWN;
	}
	for (uint32_t i = 0; !make->full && i < make->g->hosts.n; i++) {
		struct card *row = make_card(make, cards, i);

		if (row != NULL && is_carried(make_host(make, i)) && (make->place_of[i] == PLACE_CARD ||
		    (make->place_of[i] == PLACE_UNKNOWN && !row->passes)))
			card_take(row, &make_host(make, i)->address, &heard[i]);
	}
	for (uint32_t i = 0; i < cards->n; i++) {
		struct card *row = rows_row(cards, i);

		row->router = row->public_4 > 0 || row->networks_6 > 1 ||
		    (row->private_4 > ROUTER_PRIVATE && (row->unknown > 0 || !in_turn(row)));
	}
}

struct card *make_card(const struct make *make, const struct rows *cards, uint32_t host)
{
	const struct host_row *row = make_host(make, host);
	uint64_t mac = mac_number(&row->mac);

	return row->has_mac ? rows_find(cards, &mac) : NULL;
}

bool make_of_card(const struct make *make, const struct card *card, uint32_t host)
{
	return card != NULL && !card->router && !make_host(make, host)->several &&
	    make->place_of[host] != PLACE_BEHIND &&
	    !(card->passes && make->place_of[host] == PLACE_UNKNOWN);
}
