/* src/judge/clear.c - who is read by a password that travels in clear (SNMP v1, v2c):
 * one finding for all of them, that is seen and wakes nobody.  A device is an address,
 * however many lines of the site file it stands on. */
#include "base/hash.h"
#include "judge/state.h"
#include <stdlib.h>

static const char *track_address(const struct site *site, const struct track *track)
{
	const char *address = track->subject_kind == SUBJECT_HOST
	    ? site->hosts[track->subject].address : track->subject_kind == SUBJECT_DEVICE
	    ? site->devices[track->subject].address : site->sensors[track->subject].address;

	return address != NULL ? address : "";
}

static int hash_order(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return a < b ? -1 : a > b;
}

static uint32_t clear_count(struct judge *judge)
{
	int64_t *hashes = judge->scratch;
	uint32_t devices = 0;
	size_t n = 0;

	for (size_t i = 0; i < judge->tracks_n; i++) {
		const struct track *track = &judge->tracks[i];

		if (track->clear && track->number != UINT32_MAX)
			hashes[n++] = (int64_t)hash_of(
			    span_text(track_address(judge->site, track)), 0);
	}
	if (n > 0)
		qsort(hashes, n, sizeof *hashes, hash_order);
	for (size_t i = 0; i < n; i++)
		devices += i == 0 || hashes[i] != hashes[i - 1];
	return devices;
}

void clear_sweep(struct judge *judge)
{
	if (judge->clear_dirty)
		judge->clear_n = clear_count(judge);
	judge->clear_dirty = false;
	if (judge->clear_n > 0)
		(void)claim(judge, &(struct claim){ .code = FINDING_CLEAR_COMMUNITY,
			.severity = SEVERITY_OK, .subject_kind = SUBJECT_SITE,
			.subject = judge->site->id, .kind = MEASURE_COUNT,
			.since = judge->clock.now, .value = judge->clear_n * 1000LL,
			.count = judge->clear_n });
}
