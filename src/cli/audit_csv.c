/* src/cli/audit_csv.c - an audit's destinations for a spreadsheet: who spoke to whom, where
 * that is, how much, from when to when. */
#include "base/drop.h"
#include "cli/audit_show.h"
#include "page/table.h"

enum { CELL = 64 << 10, TABLE = 64 << 20 };
static const int64_t NS_MS = 1000000;

/* All addresses in one cell, a blank between them. */
static void addresses_add(struct table *t, const struct audit_destination *d)
{
	KS_DROP(text) struct text all;

	text_init(&all, CELL);
	for (size_t i = 0; i < d->addresses_n; i++)
		text_addf(&all, "%s%s", i > 0 ? " " : "", d->addresses[i]);
	cell_text(t, text_cstr(&all));
}

/* Empty: not known (hours of a store have no number of them). */
static void frames_add(struct table *t, uint64_t frames, uint64_t bytes)
{
	if (frames == 0 && bytes > 0)
		cell_text(t, "");
	else
		cell_count(t, (int64_t)frames);
}

static void row_add(struct table *t, const struct audit *audit, const struct audit_destination *d)
{
	table_row(t);
	cell_text(t, audit_device_address(audit, d->device));
	cell_text(t, audit_device(audit, d->device));
	cell_text(t, d->name);
	addresses_add(t, d);
	cell_count(t, d->port);
	cell_text(t, d->protocol);
	cell_text(t, d->country);
	cell_text(t, d->owner);
	cell_flag(t, d->inward);
	cell_flag(t, d->local);
	cell_flag(t, d->encrypted);
	cell_count(t, (int64_t)d->bytes_out);
	cell_count(t, (int64_t)d->bytes_in);
	frames_add(t, d->frames_out, d->bytes_out);
	frames_add(t, d->frames_in, d->bytes_in);
	cell_count(t, (int64_t)d->contacts);
	cell_time(t, d->first_ns / NS_MS);
	cell_time(t, d->last_ns / NS_MS);
}

bool audit_csv(const struct audit_view *view, FILE *to)
{
	static const char *const columns[] = { "device", "device_name", "name", "addresses", "port", "protocol",
		"country", "owner", "inward", "local", "encrypted", "bytes_out", "bytes_in", "frames_out", "frames_in",
		"contacts", "first", "last", NULL };
	const struct form form = { .as = FORM_CSV };
	KS_DROP(text) struct text text;
	struct table t;

	text_init(&text, TABLE);
	table_begin(&t, &text, &form, "destinations", columns);
	for (size_t i = 0; i < view->audit->destinations_n; i++)
		if (!audit_is_echo(&view->audit->destinations[i]))
			row_add(&t, view->audit, &view->audit->destinations[i]);
	table_end(&t);
	return !text.full && fwrite(text_cstr(&text), 1, text.len, to) == text.len && fflush(to) == 0;
}
