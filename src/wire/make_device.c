/* src/wire/make_device.c - which hosts are devices, and what each is called.
 *
 * A device is who was asked for; otherwise every address of the house (private ones, and
 * public ones of the same MAC when that MAC is no router's); when the capture has none of
 * these, the one that talks most.  Addresses of one MAC are one device (make_card.c). */
#include "wire/make_in.h"
#include "wire/owner.h"
#include <stdio.h>
#include <stdlib.h>

static uint64_t mac_number(const struct mac *mac)
{
	struct span bytes = span_of(mac->byte, sizeof mac->byte);

	return span_be(&bytes, 6);
}

/* ARP and NDP say which MAC an address has, also where packets come through a router. */
struct said_mac {
	uint32_t host; /* key */
	struct mac mac;
};

static void macs_said(const struct make *make, struct rows *said)
{
	for (uint32_t i = 0; i < make->g->namings.n; i++) {
		const struct naming_row *row = rows_row(&make->g->namings, i);
		struct said_mac *to;

		if ((row->how != NAME_ARP && row->how != NAME_ARP_ANSWER && row->how != NAME_NDP) ||
		    mac_is_zero(&row->mac))
			continue;
		to = rows_put(said, &row->host, NULL);
		if (to != NULL && mac_is_zero(&to->mac))
			to->mac = row->mac;
	}
}

struct known_row {
	struct address at; /* key; ADDRESS_MAC for a MAC */
	uint32_t known;
};

static struct address address_of_mac(const struct mac *mac)
{
	struct address at = { .family = ADDRESS_MAC };

	memcpy(at.byte, mac->byte, sizeof mac->byte);
	return at;
}

static void known_put(struct rows *index, const struct address *at, uint32_t known)
{
	bool is_new;
	struct known_row *row = rows_put(index, at, &is_new);

	if (row != NULL && is_new)
		row->known = known;
}

static void known_index(const struct make *make, struct rows *index)
{
	for (uint32_t i = 0; i < make->plan->known_n; i++) {
		const struct make_known *known = &make->plan->known[i];
		struct address mac = address_of_mac(&known->mac);

		if (known->address.family != ADDRESS_NONE)
			known_put(index, &known->address, i);
		if (!mac_is_zero(&known->mac))
			known_put(index, &mac, i);
	}
}

static const struct make_known *known_of(const struct make *make, const struct rows *index,
    uint32_t number)
{
	const struct host_row *host = make_host(make, number);
	struct address mac = address_of_mac(&host->mac);
	const struct known_row *row = rows_find(index, &host->address);

	if (row == NULL && host->has_mac && make->place_of[number] != PLACE_BEHIND)
		row = rows_find(index, &mac);
	return row != NULL ? &make->plan->known[row->known] : NULL;
}

static uint32_t device_new(struct make *make, bool asked_for)
{
	struct audit *audit = make->audit;

	audit->devices[audit->devices_n] = (struct audit_device){ .address = "", .mac = "",
		.mac_owner = "", .name = "", .name_from = "", .model = "", .asked_for = asked_for };
	return (uint32_t)audit->devices_n++;
}

static bool any_asked(const struct make *make)
{
	for (size_t i = 0; i < make->plan->known_n; i++)
		if (make->plan->known[i].asked_for)
			return true;
	return false;
}

/* Those that the plan names. */
static void devices_known(struct make *make)
{
	uint32_t *device_of = make_take(make, make->plan->known_n, sizeof *device_of);
	bool only = any_asked(make);
	struct rows index;

	if (device_of == NULL)
		return;
	rows_init(&index, sizeof(struct known_row), sizeof(struct address), UINT32_MAX / 4,
	    make->g->seed);
	known_index(make, &index);
	for (uint32_t i = 0; i < make->g->hosts.n; i++) {
		const struct make_known *known = known_of(make, &index, i);

		if (known == NULL || (known->asked_for ? false : only || !make->sent[i]))
			continue;
		uint32_t *device = &device_of[known - make->plan->known];

		if (*device == 0) {
			*device = device_new(make, known->asked_for) + 1;
			make->audit->devices[*device - 1].name = known->name;
			if (known->name[0] != '\0')
				make->audit->devices[*device - 1].name_from = "site";
		}
		make->device_of[i] = *device - 1;
	}
	rows_end(&index);
}

/* What a MAC says of itself (DHCP) belongs to the asked device that has it. */
static void macs_of_asked(struct make *make, struct rows *macs)
{
	for (uint32_t i = 0; i < make->g->hosts.n; i++) {
		struct card *row = make_card(make, macs, i);

		if (make->device_of[i] != AUDIT_NO_DEVICE && make_of_card(make, row, i))
			row->device = make->device_of[i] + 1;
	}
}

/* An address of the house that said something: one that was only called is no device. */
static bool is_near(const struct make *make, uint32_t host)
{
	const struct address *at = &make_host(make, host)->address;

	return (at->family == ADDRESS_4 || at->family == ADDRESS_6) && make->sent[host] &&
	    address_is_private(at) && !address_is_group(at);
}

static void devices_near(struct make *make, struct rows *macs)
{
	for (uint32_t pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < make->g->hosts.n; i++) {
			const struct host_row *host = make_host(make, i);
			struct card *row = make_card(make, macs, i);
			bool own = make_of_card(make, row, i);

			if (make->device_of[i] != AUDIT_NO_DEVICE ||
			    host->address.family == ADDRESS_MAC || address_is_group(&host->address))
				continue;
			/* first the private ones, then what else is of the same MAC */
			if (pass == 0 ? !is_near(make, i) : !own || row->device == 0)
				continue;
			if (own && row->device != 0) {
				make->device_of[i] = row->device - 1;
				continue;
			}
			make->device_of[i] = device_new(make, false);
			if (own)
				row->device = make->device_of[i] + 1;
		}
}

/* No address of a house anywhere: whoever began most. */
static void device_busiest(struct make *make)
{
	uint64_t *flows = make_take(make, make->g->hosts.n, sizeof *flows);
	uint32_t best = UINT32_MAX;

	if (flows == NULL)
		return;
	for (uint32_t i = 0; i < make->g->relations.n; i++) {
		const struct relation_row *row = make_relation(make, i);

		if (!address_is_group(&make_host(make, row->key.client)->address))
			flows[row->key.client] += row->flows + row->frames[SIDE_CLIENT];
	}
	for (uint32_t i = 0; i < make->g->hosts.n; i++)
		if (make_host(make, i)->address.family != ADDRESS_MAC && flows[i] > 0 &&
		    (best == UINT32_MAX || flows[i] > flows[best] || (flows[i] == flows[best] &&
		    address_compare(&make_host(make, i)->address, &make_host(make, best)->address) < 0)))
			best = i; /* the same with any number of threads */
	if (best != UINT32_MAX)
		make->device_of[best] = device_new(make, false);
}

/* A MAC without an address joins the device that has it; alone it is a device itself. */
static void devices_of_macs(struct make *make, struct rows *macs, bool alone)
{
	for (uint32_t i = 0; i < make->g->hosts.n; i++) {
		const struct host_row *host = make_host(make, i);
		struct mac mac;
		uint64_t number;

		if (host->address.family != ADDRESS_MAC || make->device_of[i] != AUDIT_NO_DEVICE)
			continue;
		memcpy(mac.byte, host->address.byte, sizeof mac.byte);
		number = mac_number(&mac);
		const struct card *row = rows_find(macs, &number);

		if (row != NULL && row->device != 0)
			make->device_of[i] = row->device - 1;
		else if (alone && row == NULL && make->sent[i] && !mac_is_group(&mac))
			make->device_of[i] = device_new(make, false);
	}
}

/* -- numbers and names of each ----------------------------------------------------- */

static void bytes_add(struct make *make, const struct relation_row *row)
{
	uint32_t of[2] = { make->device_of[row->key.client], make->device_of[row->key.server] };

	for (unsigned side = 0; side < 2; side++) {
		if (of[side] == AUDIT_NO_DEVICE || row->key.decrypted)
			continue;
		struct audit_device *device = &make->audit->devices[of[side]];

		device->bytes_out += row->bytes[side];
		device->bytes_in += row->bytes[1 - side];
		device->frames_out += row->frames[side];
		device->frames_in += row->frames[1 - side];
		device->client |= side == SIDE_CLIENT &&
		    (row->key.protocol == IP_TCP || row->key.protocol == IP_UDP);
		if (device->first_ns == 0 || row->first_ns < device->first_ns)
			device->first_ns = row->first_ns;
		if (row->last_ns > device->last_ns)
			device->last_ns = row->last_ns;
	}
}

static int by_bytes(const void *a, const void *b)
{
	const struct audit_device *one = a, *two = b;
	uint64_t of_one = one->bytes_out + one->bytes_in, of_two = two->bytes_out + two->bytes_in;

	if (one->asked_for != two->asked_for)
		return one->asked_for ? -1 : 1;
	if (one->client != two->client)
		return one->client ? -1 : 1;
	if (of_one != of_two)
		return of_one < of_two ? 1 : -1;
	return strcmp(one->address, two->address);
}

/* Sorting moves them; device_of follows. */
static void devices_sort(struct make *make)
{
	struct audit *audit = make->audit;
	uint32_t *to = make_take(make, audit->devices_n, sizeof *to);

	if (to == NULL)
		return;
	/* the number before sorting is kept where the count of destinations will be */
	for (uint32_t i = 0; i < audit->devices_n; i++)
		audit->devices[i].destinations = i;
	qsort(audit->devices, audit->devices_n, sizeof *audit->devices, by_bytes);
	for (uint32_t i = 0; i < audit->devices_n; i++) {
		to[audit->devices[i].destinations] = i;
		audit->devices[i].destinations = 0;
	}
	for (uint32_t i = 0; i < make->g->hosts.n; i++)
		if (make->device_of[i] != AUDIT_NO_DEVICE)
			make->device_of[i] = to[make->device_of[i]];
}

static const char *mac_text(struct make *make, const struct mac *mac)
{
	char text[18];
	const char *kept;

	(void)snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", mac->byte[0],
	    mac->byte[1], mac->byte[2], mac->byte[3], mac->byte[4], mac->byte[5]);
	kept = arena_text(make->arena, span_text(text));
	make->full |= kept == NULL;
	return kept != NULL ? kept : "";
}

static bool better_address(const struct make *make, uint32_t host, uint32_t than)
{
	const struct address *one = &make_host(make, host)->address;
	const struct address *two = &make_host(make, than)->address;

	/* IPv4 before IPv6, link-local last; then by value */
	int rank_one = one->family == ADDRESS_4 ? 0 : one->family == ADDRESS_6 ? 1 : 3;
	int rank_two = two->family == ADDRESS_4 ? 0 : two->family == ADDRESS_6 ? 1 : 3;

	rank_one += one->family == ADDRESS_6 && one->byte[0] == 0xfe;
	rank_two += two->family == ADDRESS_6 && two->byte[0] == 0xfe;
	return rank_one != rank_two ? rank_one < rank_two : address_compare(one, two) < 0;
}

static void mac_set(struct make *make, const struct rows *said, struct audit_device *device,
    uint32_t host)
{
	const struct host_row *row = make_host(make, host);
	struct mac mac = row->mac;

	const struct said_mac *by_arp = rows_find(said, &host);

	if (row->address.family == ADDRESS_MAC)
		memcpy(mac.byte, row->address.byte, sizeof mac.byte);
	else if (by_arp != NULL && make->place_of[host] != PLACE_BEHIND)
		mac = by_arp->mac;
	else if (!row->has_mac || make->place_of[host] == PLACE_BEHIND) /* the router's */
		return;
	if (device->mac[0] != '\0' || mac_is_zero(&mac))
		return;
	device->mac = mac_text(make, &mac);
	device->mac_owner = mac_owner(&mac);
}

static void addresses_set(struct make *make, const struct rows *said)
{
	struct audit *audit = make->audit;
	uint32_t *best = make_take(make, audit->devices_n, sizeof *best);
	const char **texts = make_take(make, make->g->hosts.n, sizeof *texts);
	size_t used = 0;

	if (make->full)
		return;
	for (uint32_t i = 0; i < make->g->hosts.n; i++) {
		uint32_t at = make->device_of[i];

		if (at == AUDIT_NO_DEVICE)
			continue;
		if (make_host(make, i)->address.family != ADDRESS_MAC)
			audit->devices[at].addresses_n++;
		if (best[at] == 0 || better_address(make, i, best[at] - 1))
			best[at] = i + 1;
		mac_set(make, said, &audit->devices[at], i);
	}
	for (uint32_t d = 0; d < audit->devices_n; d++) {
		audit->devices[d].addresses = texts + used;
		used += audit->devices[d].addresses_n;
		audit->devices[d].addresses_n = 0;
		if (best[d] != 0 && make_host(make, best[d] - 1)->address.family != ADDRESS_MAC)
			audit->devices[d].address = make_host_text(make, best[d] - 1);
	}
	for (uint32_t i = 0; i < make->g->hosts.n; i++) {
		if (make->device_of[i] == AUDIT_NO_DEVICE ||
		    make_host(make, i)->address.family == ADDRESS_MAC)
			continue;
		struct audit_device *device = &audit->devices[make->device_of[i]];

		device->addresses[device->addresses_n++] = make_host_text(make, i);
	}
}

static void sent_find(struct make *make)
{
	for (uint32_t i = 0; i < make->g->relations.n; i++) {
		const struct relation_row *row = make_relation(make, i);

		make->sent[row->key.client] |= row->frames[SIDE_CLIENT] > 0;
		make->sent[row->key.server] |= row->frames[SIDE_SERVER] > 0;
	}
}

static void devices_find(struct make *make)
{
	struct rows macs;

	rows_init(&macs, sizeof(struct card), sizeof(uint64_t), UINT32_MAX / 4, make->g->seed);
	make_cards(make, &macs);
	devices_known(make);
	make->only = any_asked(make);
	if (make->only) {
		macs_of_asked(make, &macs);
	} else {
		devices_near(make, &macs);
		if (make->audit->devices_n == 0)
			device_busiest(make);
	}
	devices_of_macs(make, &macs, !make->only);
	rows_end(&macs);
}

void make_devices(struct make *make)
{
	struct rows said;

	make->audit->devices = make_take(make, make->g->hosts.n, sizeof *make->audit->devices);
	make->sent = make_take(make, make->g->hosts.n, sizeof *make->sent);
	make->place_of = make_take(make, make->g->hosts.n, sizeof *make->place_of);
	if (make->full)
		return;
	for (uint32_t i = 0; i < make->g->hosts.n; i++)
		make->device_of[i] = AUDIT_NO_DEVICE;
	sent_find(make);
	devices_find(make);
	for (uint32_t i = 0; i < make->g->relations.n; i++)
		bytes_add(make, make_relation(make, i));
	rows_init(&said, sizeof(struct said_mac), sizeof(uint32_t), UINT32_MAX / 4, make->g->seed);
	macs_said(make, &said);
	addresses_set(make, &said);
	rows_end(&said);
	devices_sort(make);
	make_names(make);
}
