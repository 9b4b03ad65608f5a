/* src/sense/poll_site.c - the devices of a site, out of its lines. */
#include "sense/poll_in.h"
#include "base/number.h"
#include <stdlib.h>

enum { POLLER_MEMORY = 1024 * 1024 * 1024, PERIOD_USUAL_MS = 30000 };

static int compare_words(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* By device first, then as in the site file. */
static int by_device(const void *a, const void *b)
{
	const struct sensor *x = *(const struct sensor *const *)a;
	const struct sensor *y = *(const struct sensor *const *)b;
	int order = compare_words(x->address, y->address);

	if (order == 0)
		order = compare_words(x->via, y->via);
	if (order == 0)
		order = compare_words(x->secret, y->secret);
	return order != 0 ? order : x < y ? -1 : x > y;
}

static bool same_device(const struct sensor *x, const struct sensor *y)
{
	return compare_words(x->address, y->address) == 0 && compare_words(x->via, y->via) == 0 &&
	    compare_words(x->secret, y->secret) == 0;
}

static uint64_t period_of(const struct poller *poller, int64_t every_ms)
{
	uint64_t ms = every_ms > 0 ? (uint64_t)every_ms : PERIOD_USUAL_MS;
	uint64_t fast = ms / (poller->options.factor > 0 ? poller->options.factor : 1);

	return fast > PERIOD_LEAST_MS ? fast : PERIOD_LEAST_MS;
}

struct unit *device_add_unit(struct device_polled *device, const char *read, uint32_t line)
{
	struct unit *more = realloc(device->units, (device->units_n + 1) * sizeof *more);
	size_t size = device->driver != NULL && device->driver->memory_size > 0 ?
	    device->driver->memory_size : 1;

	if (more == NULL)
		return NULL;
	device->units = more;
	struct unit *unit = &more[device->units_n];

	*unit = (struct unit){ .read = read, .line = line, .memory = calloc(1, size) };
	if (unit->memory == NULL)
		return NULL;
	device->units_n++;
	return unit;
}

void unit_free(struct unit *unit, const struct driver *driver)
{
	if (unit->memory != NULL && driver != NULL && driver->forget != NULL)
		driver->forget(unit->memory);
	free(unit->memory);
	free(unit->known);
	*unit = (struct unit){ 0 };
}

static int add_units(struct device_polled *device, struct why *why)
{
	const struct sensor *sensors = device->poller->site->sensors;
	bool all = device->lines_n > READS_APART_MOST;
	bool well = true;

	for (uint32_t i = 0; i < device->lines_n; i++)
		all |= device->lines[i].subject_kind != SUBJECT_SENSOR ||
		    sensors[device->lines[i].subject].read == NULL;
	if (all)
		well = device_add_unit(device, NULL, UINT32_MAX) != NULL;
	for (uint32_t i = 0; well && !all && i < device->lines_n; i++)
		well = device_add_unit(device, sensors[device->lines[i].subject].read, i) != NULL;
	return well ? KS_OK : fail(why, KS_FULL, "%s: out of memory", device->about.name);
}

static struct device_polled *new_device(struct poller *poller, const char *name,
    const char *address, int64_t every_ms)
{
	struct device_polled *device = &poller->devices[poller->devices_n];

	*device = (struct device_polled){ .poller = poller, .index = poller->devices_n++,
		.period = period_of(poller, every_ms),
		.about = { .name = name, .address = address } };
	return device;
}

static int add_sensors(struct poller *poller, const struct sensor **sorted, size_t n,
    struct why *why)
{
	for (size_t i = 0; i < n;) {
		const struct sensor *first = sorted[i];
		struct device_polled *device = new_device(poller, first->id, first->address,
		    first->every_ms);
		size_t lines = 1;

		while (i + lines < n && same_device(first, sorted[i + lines]))
			lines++;
		device->lines = arena_array(&poller->arena, lines, sizeof *device->lines);
		if (device->lines == NULL)
			return fail(why, KS_FULL, "the poller's memory is full");
		for (size_t l = 0; l < lines; l++) {
			const struct sensor *sensor = sorted[i + l];
			uint64_t period = period_of(poller, sensor->every_ms);

			device->lines[device->lines_n++] = (struct line){
				.subject_kind = SUBJECT_SENSOR,
				.subject = (uint32_t)(sensor - poller->site->sensors) };
			if (period < device->period)
				device->period = period;
		}
		device->driver = driver_find(span_text(first->via != NULL ? first->via : ""));
		if (device->driver == NULL)
			return fail(why, KS_ABSENT, "%s: there is no via=%s", first->id,
			    first->via != NULL ? first->via : "");
		device->about.port = device->driver->port;
		device->secret = first->secret;
		int code = add_units(device, why);

		if (code != KS_OK)
			return code;
		i += lines;
	}
	return KS_OK;
}

static int add_check(struct poller *poller, struct device_polled *device, const char *check,
    struct why *why)
{
	struct span words = span_text(check != NULL ? check : "ping");
	struct span how = span_until(&words, ':');

	(void)poller;
	if (span_equal(how, "ping")) {
		device->is = DEVICE_PINGED;
	} else if (span_equal(how, "tcp")) {
		int64_t port = 0;

		if (number_read(words, 0, &port) != KS_OK || port < 1 || port > 65535)
			return fail(why, KS_MALFORMED, "%s: check=%s: no such port",
			    device->about.name, check);
		device->is = DEVICE_CONNECTED;
		device->port = (uint16_t)port;
	} else if (span_equal(how, "snmp")) {
		device->driver = &driver_uptime;
		device->about.port = driver_uptime.port;
		return add_units(device, why);
	} else {
		return fail(why, KS_MALFORMED, "%s: check=%s is none of ping, tcp:PORT, snmp",
		    device->about.name, check);
	}
	return KS_OK;
}

static int add_line(struct poller *poller, struct device_polled *device, uint8_t subject_kind,
    size_t subject, struct why *why)
{
	device->lines = arena_array(&poller->arena, 1, sizeof *device->lines);
	if (device->lines == NULL)
		return fail(why, KS_FULL, "the poller's memory is full");
	device->lines[0] = (struct line){ .subject_kind = subject_kind,
		.subject = (uint32_t)subject };
	device->lines_n = 1;
	return KS_OK;
}

static int add_checks(struct poller *poller, struct why *why)
{
	const struct site *site = poller->site;
	int code = KS_OK;

	for (size_t i = 0; code == KS_OK && i < site->hosts_n; i++) {
		const struct host *host = &site->hosts[i];

		if (host->address == NULL)
			continue;
		struct device_polled *device = new_device(poller, host->id, host->address,
		    host->every_ms);

		code = add_line(poller, device, SUBJECT_HOST, i, why);
		device->secret = host->secret;
		if (code == KS_OK)
			code = add_check(poller, device, host->check, why);
	}
	for (size_t i = 0; code == KS_OK && i < site->devices_n; i++) {
		const struct device *thing = &site->devices[i];

		if (thing->address == NULL)
			continue;
		struct device_polled *device = new_device(poller, thing->id, thing->address,
		    thing->every_ms);

		code = add_line(poller, device, SUBJECT_DEVICE, i, why);
		device->secret = thing->secret;
		if (code == KS_OK)
			code = add_check(poller, device, thing->check, why);
	}
	return code;
}


static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Devices behind one address share a window; what has no address is this machine. */
static int add_hosts(struct poller *poller, struct why *why)
{
	size_t n = poller->devices_n;
	const char **names = arena_array(&poller->arena, n + 1, sizeof *names);
	const char **sorted = arena_array(&poller->arena, n + 1, sizeof *sorted);

	if (names == NULL || sorted == NULL)
		return fail(why, KS_FULL, "the poller's memory is full");
	for (size_t i = 0; i < n; i++) {
		const struct device_polled *device = &poller->devices[i];
		char host[HOST_ROOM] = "";
		uint16_t port = 0;
		bool far = device->driver == NULL || (device->driver->via != VIA_FILE &&
		    device->driver->via != VIA_COMMAND);

		if (far && (device->about.address == NULL ||
		    address_split(span_text(device->about.address), 1, host, &port, NULL) != KS_OK))
			host[0] = '\0';
		names[i] = sorted[i] = arena_text(&poller->arena, span_text(host));
		if (names[i] == NULL)
			return fail(why, KS_FULL, "the poller's memory is full");
	}
	if (n > 0)
		qsort(sorted, n, sizeof *sorted, by_name);
	poller->hosts = arena_array(&poller->arena, n + 1, sizeof *poller->hosts);
	if (poller->hosts == NULL)
		return fail(why, KS_FULL, "the poller's memory is full");
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(sorted[i], sorted[i - 1]) != 0) {
			poller->hosts[poller->hosts_n].name = sorted[i];
			sorted[poller->hosts_n++] = sorted[i];
		}
	for (size_t i = 0; i < n; i++) {
		const char **found = bsearch(&names[i], sorted, poller->hosts_n, sizeof *sorted,
		    by_name);

		poller->devices[i].host = &poller->hosts[found - sorted];
	}
	return KS_OK;
}

static int by_address(const void *a, const void *b)
{
	const struct device_polled *x = *(struct device_polled *const *)a;
	const struct device_polled *y = *(struct device_polled *const *)b;
	int order = compare_words(x->about.address, y->about.address);

	return order != 0 ? order : x->driver < y->driver ? -1 : x->driver > y->driver;
}

/* What the drivers of the old poller had learnt. */
static int inherit(struct poller *poller, struct poller *old, struct why *why)
{
	struct device_polled **sorted = arena_array(&poller->arena, old->devices_n + 1,
	    sizeof *sorted);

	if (sorted == NULL)
		return fail(why, KS_FULL, "the poller's memory is full");
	poller->next_series = old->next_series;
	for (uint32_t i = 0; i < old->devices_n; i++)
		sorted[i] = &old->devices[i];
	if (old->devices_n > 0)
		qsort(sorted, old->devices_n, sizeof *sorted, by_address);
	for (uint32_t i = 0; i < poller->devices_n && old->devices_n > 0; i++) {
		struct device_polled *new = &poller->devices[i], *key = new;
		struct device_polled **at = bsearch(&key, sorted, old->devices_n, sizeof *sorted,
		    by_address);

		for (uint32_t u = 0; at != NULL && u < new->units_n; u++)
			for (uint32_t v = 0; v < (*at)->units_n; v++) {
				struct unit *from = &(*at)->units[v], *to = &new->units[u];
				void *memory = to->memory;

				if ((from->read == NULL) != (to->read == NULL) ||
				    compare_words(from->read, to->read) != 0)
					continue;
				to->memory = from->memory;
				from->memory = memory;
				break;
			}
	}
	return KS_OK;
}

int poll_build(struct poller *poller, struct poller *old, struct why *why)
{
	const struct site *site = poller->site;
	size_t most = site->sensors_n + site->hosts_n + site->devices_n;
	const struct sensor **sorted;
	int code;

	arena_init(&poller->arena, POLLER_MEMORY);
	poller->devices = arena_array(&poller->arena, most + 1, sizeof *poller->devices);
	poller->heap = arena_array(&poller->arena, most + 1, sizeof *poller->heap);
	sorted = arena_array(&poller->arena, site->sensors_n + 1, sizeof *sorted);
	if (poller->devices == NULL || poller->heap == NULL || sorted == NULL)
		return fail(why, KS_FULL, "the poller's memory is full");
	for (size_t i = 0; i < site->sensors_n; i++)
		sorted[i] = &site->sensors[i];
	if (site->sensors_n > 0)
		qsort(sorted, site->sensors_n, sizeof *sorted, by_device);
	code = add_sensors(poller, sorted, site->sensors_n, why);
	if (code == KS_OK)
		code = add_checks(poller, why);
	if (code == KS_OK)
		code = add_hosts(poller, why);
	if (code == KS_OK && old != NULL)
		code = inherit(poller, old, why);
	return code;
}
