/* src/page/table_wire.c - what the page Wire shows, as tables: the wires themselves as they
 * are now; of the time asked for (else a day) hours, devices, destinations, countries, whom
 * somebody met first, what was found, what comes by the clock, certificates, what could not
 * be seen.  Rows as site/wire.h has them. */
#include "base/drop.h"
#include "page/table.h"
#include "page/wire_day.h"
#include "words/finding.h"
#include "words/wire.h"

enum { ROWS_MOST = 5000 };

static void day_of(struct scene *scene, struct wire_day *ret_day)
{
	if (scene->from_ms == 0)
		scene->from_ms = scene->now_ms - WIRE_DAY_MS;
	wire_day(scene, true, ret_day);
}

/* More than the page has room for. */
static struct wire_rows rows_of(struct scene *scene, const struct wire_day *day, enum wire_kind kind,
    enum wire_by by)
{
	return day->since_ms == 0 ? (struct wire_rows){ .n = 0 } : wire_ask(scene,
	    &(struct wire_ask){ kind, by, day->from_ms, day->to_ms, ROWS_MOST });
}

static void cell_bytes(struct table *t, uint64_t bytes)
{
	cell_count(t, (int64_t)bytes);
}

bool wires_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "wire", "name", "state", "frames", "bytes", "bytes_last_second",
		"dropped", "flows", "evicted", "last", NULL };
	struct table t;

	table_begin(&t, out, form, "wires", columns);
	for (size_t i = 0; i < scene->wires_n; i++) {
		const struct wire_row *row = &scene->wires[i];

		table_row(&t);
		cell_text(&t, row->device);
		cell_text(&t, row->name);
		cell_text(&t, row->word);
		cell_bytes(&t, row->count);
		cell_bytes(&t, row->out);
		cell_bytes(&t, row->in);
		for (size_t k = 0; k < 3; k++)
			cell_count(&t, row->number[k]);
		cell_time(&t, row->last_ms);
	}
	table_end(&t);
	return true;
}

bool wire_hours_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "time", "frames", "bytes", "dropped", "flows", "evicted", "lost",
		NULL };
	struct wire_day day;
	struct table t;

	day_of(scene, &day);
	table_begin(&t, out, form, "wire_hours", columns);
	for (size_t i = 0; i < day.hours.n; i++) {
		const struct wire_row *row = &day.hours.at[i];

		table_row(&t);
		cell_time(&t, row->hour_ms);
		cell_bytes(&t, row->count);
		cell_bytes(&t, row->out);
		for (size_t k = 0; k < 4; k++)
			cell_count(&t, row->number[k]);
	}
	table_end(&t);
	return !day.bad;
}

bool wire_devices_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "device", "name", "address", "mac", "mac_owner", "bytes_out",
		"bytes_in", "destinations", "countries", "requests_in_clear", "tls_handshakes",
		"certificates_not_visible", "last", NULL };
	struct wire_day day;
	struct table t;

	day_of(scene, &day);
	table_begin(&t, out, form, "wire_devices", columns);
	for (size_t i = 0; i < day.devices.n; i++) {
		const struct wire_row *row = &day.devices.at[i];

		table_row(&t);
		cell_text(&t, row->device);
		cell_text(&t, row->name);
		cell_text(&t, row->address);
		cell_text(&t, row->word);
		cell_text(&t, row->owner);
		cell_bytes(&t, row->out);
		cell_bytes(&t, row->in);
		cell_bytes(&t, row->count);
		for (size_t k = 0; k < 4; k++)
			cell_count(&t, row->number[k]);
		cell_time(&t, row->last_ms);
	}
	table_end(&t);
	return !day.bad;
}

static void other_cells(struct table *t, const struct wire_day *day, const struct wire_row *row)
{
	cell_text(t, wire_device(day, row->device));
	cell_text(t, row->name);
	cell_text(t, row->address);
	cell_count(t, row->port);
}

bool wire_destinations_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "device", "name", "address", "port", "protocol", "country",
		"in_house", "owner", "bytes_out", "bytes_in", "flows", "inward", NULL };
	struct wire_rows rows;
	struct wire_day day;
	struct table t;

	day_of(scene, &day);
	rows = rows_of(scene, &day, WIRE_DESTINATION, WIRE_BY_THING);
	table_begin(&t, out, form, "wire_destinations", columns);
	for (size_t i = 0; i < rows.n; i++) {
		const struct wire_row *row = &rows.at[i];

		table_row(&t);
		other_cells(&t, &day, row);
		cell_text(&t, row->protocol);
		cell_text(&t, row->country);
		cell_flag(&t, (row->flags & WIRE_LOCAL) != 0);
		cell_text(&t, row->owner);
		cell_bytes(&t, row->out);
		cell_bytes(&t, row->in);
		cell_bytes(&t, row->count);
		cell_flag(&t, (row->flags & WIRE_INWARD) != 0);
	}
	table_end(&t);
	return !day.bad;
}

bool wire_countries_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "country", "destinations", "bytes_out", "bytes_in", NULL };
	struct wire_rows rows;
	struct wire_day day;
	struct table t;

	day_of(scene, &day);
	rows = rows_of(scene, &day, WIRE_DESTINATION, WIRE_BY_COUNTRY);
	table_begin(&t, out, form, "wire_countries", columns);
	for (size_t i = 0; i < rows.n; i++) {
		table_row(&t);
		cell_text(&t, rows.at[i].country);
		cell_count(&t, rows.at[i].number[0]);
		cell_bytes(&t, rows.at[i].out);
		cell_bytes(&t, rows.at[i].in);
	}
	table_end(&t);
	return !day.bad;
}

/* In the first day everything is new: then there are none. */
bool wire_new_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "device", "name", "country", "owner", "first", NULL };
	struct wire_rows rows = { .n = 0 };
	struct wire_day day;
	struct table t;

	day_of(scene, &day);
	if (day.since_ms != 0 && day.since_ms + WIRE_DAY_MS <= scene->now_ms && day.from_ms > day.since_ms)
		rows = rows_of(scene, &day, WIRE_DESTINATION, WIRE_FIRST_MET);
	table_begin(&t, out, form, "wire_new", columns);
	for (size_t i = 0; i < rows.n; i++) {
		table_row(&t);
		cell_text(&t, wire_device(&day, rows.at[i].device));
		cell_text(&t, rows.at[i].name);
		cell_text(&t, rows.at[i].country);
		cell_text(&t, rows.at[i].owner);
		cell_time(&t, rows.at[i].first_ms);
	}
	table_end(&t);
	return !day.bad;
}

bool wire_findings_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "rule", "severity", "device", "other", "count", "first", "last",
		"accepted", "words", "way", NULL };
	struct wire_day day;
	struct table t;

	day_of(scene, &day);
	table_begin(&t, out, form, "wire_findings", columns);
	for (size_t i = 0; i < day.findings.n; i++) {
		const struct wire_row *row = &day.findings.at[i];
		struct finding f = wire_finding(&day, row);
		KS_DROP(text) struct text words;

		text_init(&words, 900);
		say_headline(&words, scene->lang, scene->zone, &f, scene->now_ms);
		table_row(&t);
		cell_text(&t, finding_id((enum finding_code)f.code));
		cell_text(&t, severity_word((enum severity)row->level));
		cell_text(&t, wire_device(&day, row->device));
		cell_text(&t, row->name);
		cell_bytes(&t, row->count);
		cell_time(&t, row->first_ms);
		cell_time(&t, row->last_ms);
		cell_text(&t, row->flags & WIRE_ACCEPTED ? row->owner : "");
		cell_text(&t, text_cstr(&words));
		cell_text(&t, way_word((enum finding_way)f.way));
	}
	table_end(&t);
	return !day.bad;
}

bool wire_periodic_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "device", "name", "address", "port", "kind", "period_s",
		"jitter_s", "contacts", "missed", "first", "last", NULL };
	struct wire_day day;
	struct table t;

	day_of(scene, &day);
	table_begin(&t, out, form, "wire_periodic", columns);
	for (size_t i = 0; i < day.periods.n; i++) {
		const struct wire_row *row = &day.periods.at[i];

		table_row(&t);
		other_cells(&t, &day, row);
		cell_text(&t, row->word);
		cell_milli(&t, row->number[0]);
		cell_milli(&t, row->number[1]);
		cell_bytes(&t, row->count);
		cell_count(&t, row->number[2]);
		cell_time(&t, row->first_ms);
		cell_time(&t, row->last_ms);
	}
	table_end(&t);
	return !day.bad;
}

/* All that were seen, good ones too. */
bool wire_certificates_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "name", "address", "port", "issuer", "not_before", "not_after",
		"verdicts", "count", NULL };
	struct wire_day day;
	struct table t;

	day_of(scene, &day);
	table_begin(&t, out, form, "wire_certificates", columns);
	for (size_t i = 0; i < day.certificates.n; i++) {
		const struct wire_row *row = &day.certificates.at[i];

		table_row(&t);
		cell_text(&t, row->name);
		cell_text(&t, row->address);
		cell_count(&t, row->port);
		cell_text(&t, row->owner);
		cell_time(&t, row->number[0] * 1000);
		cell_time(&t, row->number[1] * 1000);
		cell_text(&t, row->word);
		cell_bytes(&t, row->count);
	}
	table_end(&t);
	return !day.bad;
}

bool wire_unseen_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "what", "count", "words", NULL };
	struct wire_day day;
	struct table t;

	day_of(scene, &day);
	table_begin(&t, out, form, "wire_unseen", columns);
	for (size_t i = 0; i < day.unseen.n; i++) {
		const struct wire_row *row = &day.unseen.at[i];
		KS_DROP(text) struct text words = { 0 };
		unsigned which;

		if (!wire_unseen_find(span_text(row->word), &which))
			continue;
		text_init(&words, 400);
		say(&words, scene->lang, wire_unseen_says(which), (unsigned long long)row->count);
		table_row(&t);
		cell_text(&t, row->word);
		cell_bytes(&t, row->count);
		cell_text(&t, text_cstr(&words));
	}
	table_end(&t);
	return !day.bad;
}
