/* src/wire/accept.h - findings that their owner knows and lives with: why, who says so,
 * and until when.  One a line, "#" begins a comment:
 *
 *   accept DEVICE TO FINDING reason="printer too old" owner=yamada until=2027-03-31
 *
 * DEVICE is an address, MAC or name, TO a name or address of the other side, FINDING an id
 * (KS-WIRE-003); in each * stands for anything.  Keyed by names and not by addresses that
 * change.  An accepted finding stays listed, apart; past `until` it is open again. */
#ifndef KS_WIRE_ACCEPT_H
#define KS_WIRE_ACCEPT_H
#include "base/arena.h"
#include "base/why.h"

struct accept {
	const char *device, *to, *finding; /* patterns */
	const char *reason, *owner;
	int32_t until; /* days since 1970, the last on which it holds; 0: for ever */
	uint32_t line; /* from 1 */
};
struct accepts {
	struct accept *list;
	size_t n;
};

/* All texts lie in the arena; name is for sentences.  KS_MALFORMED: why says line and column; so does a FINDING
 * that no finding of the wire fits. */
KS_MUST int accepts_read(struct span bytes, const char *name, struct arena *arena,
    struct accepts *ret_accepts, struct why *why);

/* "2027-03-31" as days since 1970. */
KS_MUST int accept_day(struct span text, int32_t *ret_day);

/* What a finding is known by; unknown ones are "". */
struct accept_key {
	const char *address, *mac, *name; /* of the device */
	const char *to, *to_address;
	const char *finding;
};
/* Is it of that device; of that finding as well? */
bool accept_is_of(const struct accept *accept, const struct accept_key *key);
bool accept_fits(const struct accept *accept, const struct accept_key *key);
static inline bool accept_ended(const struct accept *accept, int32_t day)
{
	return accept->until != 0 && day > accept->until;
}
/* The first that fits and holds on that day; NULL: none.  ret_expired (may be NULL): one
 * would fit, but its day has passed. */
const struct accept *accept_find(const struct accepts *accepts, const struct accept_key *key,
    int32_t day, bool *ret_expired);
/* Does the whole text fit, * standing for anything?  Case of ASCII is ignored. */
bool pattern_fits(const char *pattern, const char *text);
#endif
