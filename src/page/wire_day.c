#include "page/wire_day.h"
#include <string.h>

enum { FOUND_MOST = 200, CERTIFICATES_MOST = 400, PERIODS_MOST = 2000, HOURS_SHOWN = 24 * 92 };

static int row_took(void *user, const struct wire_row *row)
{
	struct wire_rows *rows = user;

	if (rows->n == rows->room) {
		rows->more = true;
		return 0;
	}
	rows->at[rows->n++] = *row;
	return 0;
}

struct wire_rows wire_ask(struct scene *scene, const struct wire_ask *ask)
{
	struct wire_ask one_more = *ask;
	struct wire_rows rows = { .at = arena_array(&scene->arena, ask->most, sizeof *rows.at) };
	struct why why = { .fmt = NULL };

	one_more.most++;
	if (rows.at == NULL || scene->store == NULL)
		return rows;
	rows.room = ask->most;
	if (store_wire(scene->store, &one_more, row_took, &rows, &why) != KS_OK)
		rows.n = 0;
	return rows;
}

/* Of several hours the newest word on each relation: learning goes on. */
static void periods_newest(struct wire_rows *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++) {
		size_t k = 0;

		while (k < kept && (strcmp(rows->at[k].device, rows->at[i].device) != 0 ||
		    strcmp(rows->at[k].name, rows->at[i].name) != 0 ||
		    rows->at[k].port != rows->at[i].port ||
		    strcmp(rows->at[k].word, rows->at[i].word) != 0))
			k++;
		rows->at[k] = rows->at[i];
		kept += k == kept;
	}
	rows->n = kept;
}

static void hours_sum(struct wire_day *day)
{
	for (size_t i = 0; i < day->hours.n; i++) {
		const struct wire_row *hour = &day->hours.at[i];

		day->bytes += hour->out;
		day->frames += hour->count;
		day->dropped += (uint64_t)hour->number[0];
		day->evicted += (uint64_t)hour->number[2];
		day->lost += (uint64_t)hour->number[3];
	}
}

void wire_day(struct scene *scene, bool whole, struct wire_day *ret_day)
{
	struct wire_day day = { .lang = scene->lang, .to_ms = scene->now_ms + WIRE_HOUR_MS };
	struct why why = { .fmt = NULL };

	day.from_ms = whole && scene->from_ms != 0 ? scene->from_ms : scene->now_ms - WIRE_DAY_MS;
	day.from_ms = day.from_ms / WIRE_HOUR_MS * WIRE_HOUR_MS;
	if (whole && scene->to_ms != 0)
		day.to_ms = scene->to_ms;
	day.bad = scene->store == NULL ||
	    store_wire_since(scene->store, &day.since_ms, &why) != KS_OK;
	const struct wire_ask ask = { .by = WIRE_BY_THING, .from_ms = day.from_ms, .to_ms = day.to_ms,
		.most = WIRE_TOP };
#define ASK(kind_, by_, most_)                                                           \
	wire_ask(scene, &(struct wire_ask){ (kind_), (by_), ask.from_ms, ask.to_ms, (most_) })
	if (day.since_ms != 0) {
		day.hours = ASK(WIRE_SOURCE, WIRE_BY_HOUR, HOURS_SHOWN);
		day.devices = ASK(WIRE_DEVICE, WIRE_BY_THING, whole ? LIMIT_WIRE_DEVICES : 3);
		day.findings = ASK(WIRE_FINDING, WIRE_BY_THING, FOUND_MOST);
		hours_sum(&day);
	}
	if (day.since_ms != 0 && whole) {
		day.destinations = ASK(WIRE_DESTINATION, WIRE_BY_THING, WIRE_TOP);
		day.countries = ASK(WIRE_DESTINATION, WIRE_BY_COUNTRY, WIRE_TOP);
		day.met = ASK(WIRE_DESTINATION, WIRE_FIRST_MET, WIRE_TOP);
		day.certificates = ASK(WIRE_CERTIFICATE, WIRE_BY_THING, CERTIFICATES_MOST);
		day.unseen = ASK(WIRE_UNSEEN, WIRE_BY_THING, UNSEENS);
		day.periods = ASK(WIRE_PERIODIC, WIRE_AS_IS, PERIODS_MOST);
		periods_newest(&day.periods);
	}
#undef ASK
	*ret_day = day;
}

const char *wire_device(const struct wire_day *day, const char *key)
{
	for (size_t i = 0; i < day->devices.n; i++)
		if (strcmp(day->devices.at[i].device, key) == 0 && day->devices.at[i].name[0] != '\0')
			return day->devices.at[i].name;
	return key[0] != '\0' ? key : tr(day->lang, N_("a device that could not be told"));
}

struct finding wire_finding(const struct wire_day *day, const struct wire_row *row)
{
	const char *name = wire_device(day, row->device);
	/* a device that has a name of its own, in that hour */
	struct finding f = wire_finding_of(row, row->address[0] != '\0' && row->device[0] != '\0' &&
	    strcmp(name, row->device) == 0 ? row->address : name);

	f.since_ms = 0;
	return f;
}
