/* src/wire/make_name.c - what hosts are called: destinations by what DNS answered most
 * often for their address, devices by what they say themselves. */
#include "wire/make_in.h"

/* The name of a host by DNS: answered most often, among equals the one known first. */
static void hosts_name(struct make *make)
{
	const struct rows *answers = &make->g->answers;
	uint32_t *best = make_take(make, make->g->hosts.n, sizeof *best);

	if (best == NULL)
		return;
	for (uint32_t i = 0; i < answers->n; i++) {
		const struct answer_row *row = rows_row(answers, i);
		const struct answer_row *than = best[row->host] == 0 ? NULL :
		    rows_row(answers, best[row->host] - 1);

		if (than == NULL || row->count > than->count ||
		    (row->count == than->count && row->first_ns < than->first_ns)) {
			best[row->host] = i + 1;
			make->name_of[row->host] = row->name;
		}
	}
}

/* How much a source is believed about a device's name; 0: not at all. */
static unsigned trust_of(unsigned how)
{
	switch ((enum name_how)how) {
	case NAME_DHCP:
		return 8;
	case NAME_DHCP6:
		return 7;
	case NAME_MDNS:
		return 6;
	case NAME_NBNS:
		return 5;
	case NAME_LLDP: case NAME_CDP:
		return 4;
	case NAME_LLMNR:
		return 3;
	case NAME_CAPTURE:
		return 2;
	default:
		return 0;
	}
}

static const char *how_word(unsigned how)
{
	static const char *const words[] = { [NAME_ARP] = "arp", [NAME_NDP] = "ndp",
		[NAME_DHCP] = "dhcp", [NAME_DHCP6] = "dhcp6", [NAME_MDNS] = "mdns",
		[NAME_NBNS] = "nbns", [NAME_LLMNR] = "llmnr", [NAME_SSDP] = "ssdp",
		[NAME_LLDP] = "lldp", [NAME_CDP] = "cdp", [NAME_CAPTURE] = "capture",
		[NAME_AGENT] = "agent" };

	return how < sizeof words / sizeof *words ? words[how] : "";
}

static bool naming_better(const struct naming_row *row, const struct naming_row *than)
{
	if (than == NULL || trust_of(row->how) != trust_of(than->how))
		return than == NULL || trust_of(row->how) > trust_of(than->how);
	return row->first_frame < than->first_frame;
}

/* Free text about itself: DHCP's vendor class says least, a User-Agent most. */
static unsigned model_of(unsigned how)
{
	return how == NAME_SSDP ? 4 : how == NAME_LLDP || how == NAME_CDP ? 3 :
	    how == NAME_AGENT ? 2 : 1;
}

static bool model_better(const struct naming_row *row, const struct naming_row *than)
{
	if (than == NULL || model_of(row->how) != model_of(than->how))
		return than == NULL || model_of(row->how) > model_of(than->how);
	return row->first_frame < than->first_frame;
}

static void devices_name(struct make *make)
{
	struct audit *audit = make->audit;
	const struct naming_row **name = make_take(make, audit->devices_n, sizeof *name);
	const struct naming_row **model = make_take(make, audit->devices_n, sizeof *model);

	if (make->full)
		return;
	for (uint32_t i = 0; i < make->g->namings.n; i++) {
		const struct naming_row *row = rows_row(&make->g->namings, i);
		uint32_t at = make->device_of[row->host];

		if (at == AUDIT_NO_DEVICE)
			continue;
		if (row->name != 0 && trust_of(row->how) > 0 && naming_better(row, name[at]))
			name[at] = row;
		if (row->describes != 0 && model_better(row, model[at]))
			model[at] = row;
	}
	for (size_t i = 0; i < audit->devices_n; i++) {
		struct audit_device *device = &audit->devices[i];

		if (name[i] != NULL && device->name[0] == '\0') {
			device->name = make_text(make, name[i]->name);
			device->name_from = how_word(name[i]->how);
		}
		if (model[i] != NULL)
			device->model = make_text(make, model[i]->describes);
	}
}

/* Last, what the house's own DNS calls it. */
static void devices_by_dns(struct make *make)
{
	for (uint32_t i = 0; i < make->g->hosts.n; i++) {
		uint32_t at = make->device_of[i];

		if (at == AUDIT_NO_DEVICE || make->name_of[i] == 0 ||
		    make->audit->devices[at].name[0] != '\0')
			continue;
		make->audit->devices[at].name = make_text(make, make->name_of[i]);
		make->audit->devices[at].name_from = "dns";
	}
}

void make_names(struct make *make)
{
	hosts_name(make);
	if (!make->full)
		devices_name(make);
	if (!make->full)
		devices_by_dns(make);
}
