#include "role/zones.h"
#include "base/drop.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TZIF_MOST = 65536 };

struct zone *zones_read(const char *tz)
{
	char path[256];
	KS_DROP(heap) uint8_t *bytes = malloc(TZIF_MOST);
	struct zone *zone = NULL;
	int n = snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", tz);

	if (bytes == NULL || !zone_name_good(span_text(tz)) || n < 0 ||
	    (size_t)n >= sizeof path)
		return NULL;
	KS_DROP(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t have = fd >= 0 ? read(fd, bytes, TZIF_MOST) : -1;

	if (have <= 0 || zone_new(span_of(bytes, (size_t)have), &zone, NULL) != KS_OK)
		return NULL;
	return zone;
}

static void zone_add(struct zones *zones, const char *tz)
{
	if (tz == NULL || strcmp(tz, "UTC") == 0)
		return;
	for (size_t i = 0; i < zones->n; i++) {
		if (strcmp(zones->at[i].tz, tz) == 0)
			return;
	}
	struct zone *zone = zones_read(tz);

	if (zone == NULL)
		zones->unread = tz;
	else
		zones->at[zones->n++] = (struct zones_one){ .tz = tz, .zone = zone };
}

int zones_load(const struct site *site, struct zones *ret_zones, struct why *why)
{
	struct zones zones = { .at = calloc(site->calendars_n + 1, sizeof *zones.at) };

	if (zones.at == NULL)
		return fail(why, KS_FULL, "out of memory");
	zone_add(&zones, site->tz);
	for (size_t i = 0; i < site->calendars_n; i++)
		zone_add(&zones, site->calendars[i].tz);
	*ret_zones = zones;
	return KS_OK;
}

void zones_done(struct zones *zones)
{
	for (size_t i = 0; i < zones->n; i++)
		zone_free(zones->at[i].zone);
	free(zones->at);
	*zones = (struct zones){ .at = NULL };
}

const struct zone *zones_find(const struct zones *zones, const char *tz)
{
	for (size_t i = 0; tz != NULL && i < zones->n; i++) {
		if (strcmp(zones->at[i].tz, tz) == 0)
			return zones->at[i].zone;
	}
	return NULL;
}
