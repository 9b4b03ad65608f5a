#include "cli/check_look.h"
#include "base/drop.h"
#include "base/limits.h"
#include "base/number.h"
#include "cli/site_load.h"
#include "plan/phase.h"
#include "role/front.h"
#include "sense/driver.h"
#include "wire/ring.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Kept in line order; what does not fit is counted. */
static void look_keep(struct look *look, struct warning warning)
{
	size_t at = look->n;

	look->warnings += !warning.note;
	while (at > 0 && look->list[at - 1].line > warning.line)
		at--;
	if (look->n == LOOK_LISTED)
		look->more++;
	else
		look->n++;
	if (at == LOOK_LISTED)
		return;
	memmove(&look->list[at + 1], &look->list[at], (look->n - at - 1) * sizeof look->list[0]);
	look->list[at] = warning;
}

__attribute__((format(printf, 3, 4))) static void warn(struct look *look, uint32_t line,
    const char *fmt, ...)
{
	struct warning warning = { .line = line };
	va_list args;

	va_start(args, fmt);
	why_keep(&warning.why, fmt, args);
	va_end(args);
	look_keep(look, warning);
}

__attribute__((format(printf, 3, 4))) static void note(struct look *look, uint32_t line,
    const char *fmt, ...)
{
	struct warning warning = { .line = line, .note = true };
	va_list args;

	va_start(args, fmt);
	why_keep(&warning.why, fmt, args);
	va_end(args);
	look_keep(look, warning);
}

/* Each host's load is shared by its cords, and flows up to the feed. */
static void add_loads(const struct site *site, struct look *look)
{
	for (size_t i = 0; i < site->hosts_n; i++) {
		const struct host *host = &site->hosts[i];

		for (size_t k = 0; k < host->cords_n; k++) {
			int64_t mw = host->mw / (int64_t)host->cords_n;
			int64_t mva = number_scale(mw, 1000, host->pf_milli);

			for (const struct node *node = host->cords[k].pdu; node != NULL; node = node->from) {
				look->mw[node - site->nodes] += mw;
				look->mva[node - site->nodes] += mva;
			}
		}
	}
}

static void look_nodes(const struct site *site, struct look *look)
{
	for (size_t i = 0; i < site->nodes_n; i++) {
		const struct node *node = &site->nodes[i];
		int64_t limit = node_limit_mva(node);

		if (limit > 0 && look->mva[i] > limit)
			warn(look, node->line, "%s %s carries %lld VA by the watts given here; its limit "
			    "is %lld VA", node_kind_word(node->kind), node->id,
			    (long long)number_scale(look->mva[i], 1, 1000),
			    (long long)number_scale(limit, 1, 1000));
	}
}

/* Lines of three phases that carry too much where the sum does not say so. */
static void look_lines(const struct site *site, struct look *look)
{
	KS_DROP(arena) struct arena arena = { 0 };
	struct grid *grid = NULL;
	struct flow *flow = NULL;
	size_t said = 0;

	while (said < site->nodes_n && site->nodes[said].phase == NULL)
		said++;
	if (said == site->nodes_n)
		return; /* most sites: all is even */
	arena_init(&arena, LIMIT_SITE_MEMORY);
	if (grid_new(site, &grid_as_is, &arena, &grid, NULL) != KS_OK || flow_new(grid, &arena, &flow, NULL) != KS_OK)
		return;
	for (uint32_t i = 0; i < grid->nodes_n; i++) {
		struct phase_lines lines;
		unsigned line = phase_fullest(flow, i, &lines);

		if (line != 3 && phase_over(flow, i) && grid->nodes[i].load_uva <= grid->nodes[i].limit_uva)
			warn(look, site->nodes[i].line, "%s %s, line %c: %.1f A by the watts given here; it may carry %.1f A all day",
			    node_kind_word(site->nodes[i].kind), site->nodes[i].id, "RST"[line], lines.amps[line], lines.may);
	}
}

static void look_hosts(const struct site *site, struct look *look)
{
	for (size_t i = 0; i < site->hosts_n; i++) {
		const struct host *host = &site->hosts[i];

		if (host->cords_n == 0 && site->nodes_n > 0)
			warn(look, host->line, "host %s has no cords=: its load is counted nowhere", host->id);
		if (host->mw == 0)
			warn(look, host->line, "host %s has no w=: its watts count as 0", host->id);
		if (host->cords_n == 2 && host->cords[0].pdu == host->cords[1].pdu)
			warn(look, host->line, "both cords of host %s go to %s", host->id,
			    host->cords[0].pdu->id);
	}
}

/* A service on two feeds, some of whose hosts hang on one; single: a count a service. */
static void look_cords(const struct site *site, struct look *look, size_t *single)
{
	for (size_t i = 0; i < site->hosts_n; i++) {
		const struct host *host = &site->hosts[i];

		if (host->service != NULL && host->cords_n == 1 && host->cords[0].pdu->from2 == NULL)
			single[host->service - site->services]++;
	}
	for (size_t i = 0; i < site->services_n; i++) {
		const struct service *service = &site->services[i];

		if (single[i] > 0 && single[i] < service->hosts_n)
			note(look, service->line, "service %s: %zu of its %zu hosts have one cord, the "
			    "others two", service->id, single[i], service->hosts_n);
	}
}

static void look_services(const struct site *site, struct look *look)
{
	for (size_t i = 0; i < site->services_n; i++) {
		const struct service *service = &site->services[i];

		if (service->hosts_n < service->need)
			warn(look, service->line, "service %s needs %u hosts; %zu carry it (svc=%s)",
			    service->id, service->need, service->hosts_n, service->id);
	}
}

static void look_rooms(const struct site *site, struct look *look, int64_t *heat)
{
	for (size_t i = 0; i < site->hosts_n; i++) {
		const struct rack *rack = site->hosts[i].rack;

		if (rack != NULL && rack->room != NULL)
			heat[rack->room - site->rooms] += site->hosts[i].mw;
	}
	for (size_t i = 0; i < site->rooms_n; i++) {
		const struct room *room = &site->rooms[i];
		bool watched = false;

		for (size_t k = 0; k < site->sensors_n; k++)
			watched |= site->sensors[k].room == room;
		if (!watched)
			note(look, room->line, "room %s has no sensor: nobody would see it grow hot", room->id);
		if (room->heat_mw > 0 && heat[i] > room->heat_mw)
			warn(look, room->line, "room %s: hosts give off %lld W; its cooling takes %lld W",
			    room->id, (long long)(heat[i] / 1000), (long long)(room->heat_mw / 1000));
	}
}

static void look_sensors(const struct site *site, struct look *look)
{
	for (size_t i = 0; i < site->sensors_n; i++) {
		const struct sensor *sensor = &site->sensors[i];

		if (sensor->place == PLACE_NONE && sensor->room == NULL && sensor->node == NULL &&
		    sensor->host == NULL && sensor->cooling == NULL)
			warn(look, sensor->line, "sensor %s has no at=, place= or on=: no limits of a place "
			    "apply to it", sensor->id);
		if (drivers[0] != NULL && driver_find(span_text(sensor->via)) == NULL)
			warn(look, sensor->line, "sensor %s: nothing here reads via=%s", sensor->id,
			    sensor->via);
	}
}

static void look_zone(struct look *look, uint32_t line, const char *tz)
{
	struct zone *zone = NULL;
	struct why why;

	if (zone_load(tz, &zone, &why) != KS_OK)
		warn(look, line, "no time zone \"%s\" on this machine: times would be shown in UTC", tz);
	zone_free(zone);
}

/* Whoever may not read the key can not check it: that is no fault of the site. */
static void look_front(const struct front *front, struct look *look)
{
	struct why why = { .fmt = NULL };
	int64_t days = 0;

	if (front == NULL || front->cert == NULL)
		return;
	int code = front_files_check(front, &why);

	if (code == KS_OK)
		code = front_days(front, &days, &why);
	if (code == KS_OK && days < FRONT_SOON_DAYS)
		warn(look, front->line, "the page's certificate is good for %lld more days", (long long)days);
	else if (code != KS_OK)
		look_keep(look, (struct warning){ .line = front->line, .why = why });
}

static void look_file(struct look *look, uint32_t line, const char *id, const char *path)
{
	if (path != NULL && access(path, F_OK) != 0)
		warn(look, line, "%s: the file %s is not there", id, path);
}

/* What a wire line names; interfaces of another machine are no fault of the file. */
static void look_wires(const struct site *site, struct look *look)
{
	for (size_t i = 0; i < site->wires_n; i++) {
		const struct wire *wire = &site->wires[i];
		struct why why = { .fmt = NULL };

		if (wire->filter != NULL && ring_filter_good(wire->filter, &why) != KS_OK)
			look_keep(look, (struct warning){ .line = wire->line, .why = why });
		look_file(look, wire->line, wire->id, wire->file);
		look_file(look, wire->line, wire->id, wire->accept);
		look_file(look, wire->line, wire->id, wire->geo);
		look_file(look, wire->line, wire->id, wire->trust);
	}
	for (size_t i = 0; site->wires_n > 0 && i < site->others_n; i++) {
		const char *path = other_value(&site->others[i], "file");

		if (path == NULL)
			warn(look, site->others[i].line, "list %s has no file=: nothing is looked for in it",
			    site->others[i].id);
		look_file(look, site->others[i].line, site->others[i].id, path);
	}
}

bool look_over(const struct site *site, struct look *ret_look)
{
	struct look *look = ret_look;
	size_t *single = calloc(site->services_n + 1, sizeof *single);
	int64_t *heat = calloc(site->rooms_n + 1, sizeof *heat);

	look->n = look->more = look->warnings = 0;
	look->mva = calloc(site->nodes_n + 1, sizeof *look->mva);
	look->mw = calloc(site->nodes_n + 1, sizeof *look->mw);
	bool good = look->mva != NULL && look->mw != NULL && single != NULL && heat != NULL;

	if (good) {
		add_loads(site, look);
		look_nodes(site, look);
		look_lines(site, look);
		look_hosts(site, look);
		look_cords(site, look, single);
		look_services(site, look);
		look_rooms(site, look, heat);
		look_sensors(site, look);
		look_zone(look, 1, site->tz);
		for (size_t i = 0; i < site->calendars_n; i++)
			if (strcmp(site->calendars[i].tz, site->tz) != 0)
				look_zone(look, site->calendars[i].line, site->calendars[i].tz);
	}
	if (good) {
		look_front(site_front(site), look);
		look_wires(site, look);
	}
	free(single);
	free(heat);
	return good;
}

void look_done(struct look *look)
{
	free(look->mva);
	free(look->mw);
}
