/* src/wire/make_accept.c - findings that their owner accepts stay, apart.  Judged as of
 * today, not as of the capture: what was accepted until last year is open again, also in
 * an old capture. */
#include "base/zone.h"
#include "wire/make_in.h"

static const char *text_or_empty(const char *text)
{
	return text != NULL ? text : "";
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
		const struct audit_device *device =
		    f->device < audit->devices_n ? &audit->devices[f->device] : NULL;
		struct accept_key key = { .address = device != NULL ? text_or_empty(device->address) : "",
			.mac = device != NULL ? text_or_empty(device->mac) : "",
			.name = device != NULL ? text_or_empty(device->name) : "",
			.to = text_or_empty(f->to), .to_address = text_or_empty(f->to),
			.finding = finding_id((enum finding_code)f->base.code) };
		const struct accept *accept = accept_find(accepts, &key, day, NULL);

		if (accept == NULL)
			continue;
		struct audit_accepted *to = make_take(make, 1, sizeof *to);

		if (to == NULL)
			return;
		*to = (struct audit_accepted){ accept->reason, accept->owner, accept->until };
		f->accepted = to;
	}
}
