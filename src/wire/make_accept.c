/* src/wire/make_accept.c - findings that their owner accepts stay, apart.  Judged as of
 * today, not as of the capture: what was accepted until last year is open again, also in
 * an old capture. */
#include "base/zone.h"
#include "wire/make_in.h"

static const char *text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static struct accept_key key_of(const struct audit_device *device)
{
	return (struct accept_key){ .address = device != NULL ? text_or_empty(device->address) : "",
		.mac = device != NULL ? text_or_empty(device->mac) : "",
		.name = device != NULL ? text_or_empty(device->name) : "" };
}

static struct accept_key key_of_finding(const struct audit *audit, const struct audit_finding *f)
{
	struct accept_key key =
	    key_of(f->device < audit->devices_n ? &audit->devices[f->device] : NULL);

	key.to = key.to_address = text_or_empty(f->to);
	key.finding = finding_id((enum finding_code)f->base.code);
	return key;
}

static bool is_here(const struct audit *audit, const struct accept *accept)
{
	for (size_t i = 0; i < audit->devices_n; i++) {
		struct accept_key key = key_of(&audit->devices[i]);

		if (accept_is_of(accept, &key))
			return true;
	}
	return false;
}

static bool is_found(const struct audit *audit, const struct accept *accept)
{
	for (size_t i = 0; i < audit->findings_n; i++) {
		struct accept_key key = key_of_finding(audit, &audit->findings[i]);

		if (accept_fits(accept, &key))
			return true;
	}
	return false;
}

/* Lines that accept nothing are told, each with why.  One device alone (--device): lines of
 * others may well have their use. */
static void stale_tell(struct make *make, int32_t day)
{
	const struct accepts *accepts = make->plan->accepts;
	struct audit *audit = make->audit;

	audit->stale = make_take(make, accepts->n, sizeof *audit->stale);
	for (size_t i = 0; i < accepts->n && audit->stale != NULL; i++) {
		const struct accept *a = &accepts->list[i];
		bool ended = accept_ended(a, day), found = is_found(audit, a);

		if ((found && !ended) || (make->only && !is_here(audit, a)))
			continue;
		audit->stale[audit->stale_n++] = (struct audit_stale){ a->device, a->to, a->finding,
			{ a->reason, a->owner, a->until }, a->line,
			ended ? found ? STALE_OPEN : STALE_ENDED
			    : is_here(audit, a) ? STALE_FINDING : STALE_DEVICE };
	}
}

void make_accepted(struct make *make)
{
	const struct accepts *accepts = make->plan->accepts;
	struct audit *audit = make->audit;
	struct civil last = zone_split(make->plan->zone, audit->capture.last_ns / 1000000);
	int32_t day = make->plan->today != 0 ? make->plan->today :
	    (int32_t)days_of(last.year, last.month, last.day);

	for (size_t i = 0; accepts != NULL && !make->full && i < audit->findings_n; i++) {
		struct audit_finding *f = &audit->findings[i];
		struct accept_key key = key_of_finding(audit, f);
		const struct accept *accept = accept_find(accepts, &key, day, NULL);

		if (accept == NULL)
			continue;
		struct audit_accepted *to = make_take(make, 1, sizeof *to);

		if (to == NULL)
			return;
		*to = (struct audit_accepted){ accept->reason, accept->owner, accept->until };
		f->accepted = to;
	}
	if (accepts != NULL && !make->full)
		stale_tell(make, day);
}
