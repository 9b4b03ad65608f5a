/* src/wire/make_in.h - what the parts of audit_make() share. */
#ifndef KS_WIRE_MAKE_IN_H
#define KS_WIRE_MAKE_IN_H
#include "wire/gather_in.h"
#include "wire/make.h"

struct make {
	const struct make_plan *plan;
	const struct gather *g;
	struct arena *arena;
	struct audit *audit;
	bool full; /* the arena was: nothing is made of it */

	uint32_t *device_of;	  /* by host: its device, AUDIT_NO_DEVICE */
	const char **text_of;	  /* by host: the address as text, made when asked for */
	bool only;		  /* --device: nobody else is a device */
	bool *sent;		  /* by host: it said something itself */
	uint8_t *place_of;	  /* by host: enum card_place */
	uint32_t *name_of;	  /* by host: name that DNS gave, 0 */
	uint32_t *destination_of; /* by relation: [0] of the client's device, [1] of the
				   * server's; two each */
	int64_t *contact_ms;	  /* of answered contacts, by relation and then time */
	uint32_t *order;	  /* entries by relation and time */
};

void *make_take(struct make *make, size_t count, size_t size); /* zeroed; NULL: full */
const char *make_host_text(struct make *make, uint32_t host);
const char *make_text(struct make *make, uint32_t name); /* of gather's names */
static inline const struct host_row *make_host(const struct make *make, uint32_t host)
{
	return rows_row(&make->g->hosts, host);
}
static inline const struct relation_row *make_relation(const struct make *make, uint32_t i)
{
	return rows_row(&make->g->relations, i);
}
/* The device of a host; the other side's when this one is none. */
uint32_t make_device(const struct make *make, uint32_t client, uint32_t server);
/* Only who was called is a device. */
bool make_inward(const struct make *make, uint32_t client, uint32_t server);

/* Where an address is, seen from the card that its packets come from. */
enum card_place { PLACE_UNKNOWN, PLACE_CARD, PLACE_BEHIND };
struct card { /* a MAC, and what it carries */
	uint64_t mac; /* key */
	uint32_t device; /* and one */
	uint32_t private_4, public_4, networks_6, unknown;
	uint64_t network_6;
	int64_t sum_ms, first_ns, last_ns; /* sum: how long each was heard */
	bool passes; /* packets of others */
	bool router; /* no address tells anything of another */
};
/* Rows of struct card; fills place_of. */
void make_cards(struct make *make, struct rows *cards);
struct card *make_card(const struct make *make, const struct rows *cards, uint32_t host);
/* Is that address one of the card's own, so that it belongs to the card's device? */
bool make_of_card(const struct make *make, const struct card *card, uint32_t host);

/* In this order. */
void make_devices(struct make *make);
void make_names(struct make *make);
void make_destinations(struct make *make);
void make_countries(struct make *make);
void make_said(struct make *make);
void make_asked(struct make *make); /* after make_said: it counts what is told */
void make_certificates(struct make *make);
void make_masked(struct make *make); /* after make_listed: lists know whole addresses */
void make_listed(struct make *make);
void make_when(struct make *make);
void make_unseen(struct make *make);
void make_findings(struct make *make);
void make_accepted(struct make *make);

/* A name's registered domain ("a.b.co.jp" -> "b.co.jp"); the name itself when there is
 * none above it.  Points into name. */
const char *domain_of(const char *name);
#endif
