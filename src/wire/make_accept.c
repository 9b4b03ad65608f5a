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

/* As that device's. */
static struct accept_key key_of_finding(const struct audit *audit, const struct audit_finding *f,
    uint32_t device)
{
	struct accept_key key = key_of(device < audit->devices_n ? &audit->devices[device] : NULL);

	key.to = key.to_address = text_or_empty(f->to);
	if (f->base.way == WAY_AT && f->base.clients == 1) /* it may be named too */
		key.to_address = text_or_empty(f->client[0]);
	key.finding = finding_id((enum finding_code)f->base.code);
	return key;
}

static uint32_t device_at(const struct audit *audit, const char *address)
{
	for (uint32_t i = 0; i < audit->devices_n; i++)
		for (size_t k = 0; k < audit->devices[i].addresses_n; k++)
			if (strcmp(audit->devices[i].addresses[k], address) == 0)
				return i;
	return AUDIT_NO_DEVICE;
}

/* A line may name the client of a certificate instead of who shows it: then every client
 * must be a device with such a line. */
static const struct accept *accept_by_clients(const struct make *make,
    const struct audit_finding *f, int32_t day)
{
	const struct accept *accept = NULL;

	if (f->base.way != WAY_AT || f->clients_n < f->base.clients)
		return NULL;
	for (size_t i = 0; i < f->clients_n; i++) {
		uint32_t device = device_at(make->audit, f->client[i]);
		struct accept_key key = key_of_finding(make->audit, f, device);

		accept = device != AUDIT_NO_DEVICE ? accept_find(make->plan->accepts, &key, day, NULL) :
		    NULL;
		if (accept == NULL)
			return NULL;
	}
	return accept;
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
		const struct audit_finding *f = &audit->findings[i];
		struct accept_key key = key_of_finding(audit, f, f->device);

		if (accept_fits(accept, &key))
			return true;
		for (size_t k = 0; k < f->clients_n; k++) {
			uint32_t device = device_at(audit, f->client[k]);

			key = key_of_finding(audit, f, device);
			if (device != AUDIT_NO_DEVICE && accept_fits(accept, &key))
				return true;
		}
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
		struct accept_key key = key_of_finding(audit, f, f->device);
		const struct accept *accept = accept_find(accepts, &key, day, NULL);

		if (accept == NULL)
			accept = accept_by_clients(make, f, day);
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
