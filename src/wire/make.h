/* src/wire/make.h - out of what was gathered, the audit: devices with their names,
 * destinations, countries, certificates judged as of the capture, what is on a list,
 * what comes back by the clock, and the findings.  Pure: files, tables and roots are
 * handed in; nothing is asked of the machine. */
#ifndef KS_WIRE_MAKE_H
#define KS_WIRE_MAKE_H
#include "base/arena.h"
#include "base/why.h"
#include "base/zone.h"
#include "wire/accept.h"
#include "wire/audit.h"
#include "wire/ear.h"
#include "wire/gather.h"

struct trust; /* x509/x509.h */

/* A device that the owner named: in the site file, or by --device. */
struct make_known {
	struct address address; /* family ADDRESS_NONE: not known */
	struct mac mac;		/* zero: not known */
	const char *name;	/* "" only asked for */
	bool asked_for;		/* by --device: then no others are devices */
};

/* Where an address is and whose it is.  Empty texts when not known; the country is two
 * letters.  Texts live as long as the context. */
struct make_place {
	void *context;
	bool (*find)(void *context, const struct address *address, char ret_country[3],
	    const char **ret_owner);
	const char *attribution; /* to be printed wherever its answers are shown */
};

/* One of: a name; an address with its port; a URL; a JA3 or certificate digest. */
struct make_indicator {
	const char *name;
	const struct address *address;
	const char *text; /* of the address */
	uint16_t port;
	const char *url_host, *url_path;
	const char *fingerprint;
	int64_t first_ns, last_ns; /* when it was met */
};

/* Is it on a list, by an entry that holds at some time within?  Fills indicator, list, entry,
 * date, category and when it holds of ret_listed with
 * texts that live as long as the context, or as the indicator's. */
struct make_lists {
	void *context;
	bool (*find)(void *context, const struct make_indicator *indicator,
	    struct audit_listed *ret_listed);
};

struct make_plan {
	const struct audit_file *files; /* copied, texts borrowed */
	size_t files_n;
	const uint16_t *link_types;
	size_t link_types_n;
	struct ear_counts counts;
	const struct audit_gap *gaps; /* when nobody listened, as far as known; in order */
	size_t gaps_n;
	const struct make_known *known;
	size_t known_n;
	const struct zone *zone; /* for days and hours; NULL is UTC */
	const struct trust *trust; /* NULL: certificates are not held against roots */
	const char *trust_name;	   /* where the roots came from, for the reader */
	const struct make_place *place; /* NULL: no countries */
	const struct make_lists *lists; /* NULL: none */
	uint64_t secrets; /* of TLS that were given beside the capture: did any open something? */
	const struct accepts *accepts; /* NULL: none; lives as long as the audit */
	int32_t today; /* days since 1970: acceptances that ended before are over; 0: as of the
			* capture's end */
};

/* Everything in the audit lies in arena or is borrowed from plan and gather (names do:
 * gather must live as long as the audit). */
KS_MUST int audit_make(const struct make_plan *plan, const struct gather *gather,
    struct arena *arena, struct audit **ret_audit, struct why *why);

/* The words of enumerations, as JSON says them. */
const char *audit_refused_word(unsigned refused);   /* "no" "likely" "yes" */
const char *audit_transport_word(uint8_t protocol); /* "tcp"; "ip-47" when it has no name */
const char *audit_dns_type_word(uint16_t type, char room[16]);
/* Of verdict bit i; NULL past the last. */
const char *audit_verdict_word(unsigned i);

/* Roots to hold certificates against (PEM or DER), and those that the system knows, by
 * which a vendor's name is told from one who imitates it; either may be empty, and both
 * the same bytes.  Those of the system are read only when a certificate is met. */
KS_MUST int audit_trust_new(struct span chosen, struct span known, struct trust **ret_trust,
    struct why *why);
void audit_trust_free(struct trust *trust); /* NULL is fine */
static inline void drop_audit_trust(struct trust **trust)
{
	audit_trust_free(*trust);
}
#endif
