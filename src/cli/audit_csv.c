/* src/cli/audit_csv.c - an audit's destinations for a spreadsheet: who spoke to whom, where
 * that is, how much, from when to when. */
#include "base/csv.h"
#include "base/drop.h"
#include "cli/audit_show.h"
#include <inttypes.h>

enum { ROW = 64 << 10 };
static const int64_t NS_MS = 1000000;

static void word_add(struct text *row, const char *word)
{
	csv_cell(row, span_text(word));
	text_add_char(row, ',');
}

/* All addresses in one cell, a blank between them. */
static void addresses_add(struct text *row, const struct audit_destination *d)
{
	KS_DROP(text) struct text all;

	text_init(&all, ROW);
	for (size_t i = 0; i < d->addresses_n; i++)
		text_addf(&all, "%s%s", i > 0 ? " " : "", d->addresses[i]);
	word_add(row, text_cstr(&all));
}

static void row_add(struct text *row, const struct audit *audit, const struct audit_destination *d)
{
	word_add(row, audit_device_address(audit, d->device));
	word_add(row, audit_device(audit, d->device));
	word_add(row, d->name);
	addresses_add(row, d);
	text_addf(row, "%u,", d->port);
	word_add(row, d->protocol);
	word_add(row, d->country);
	word_add(row, d->owner);
	text_addf(row, "%s,%s,%s,", d->inward ? "true" : "false", d->local ? "true" : "false",
	    d->encrypted ? "true" : "false");
	text_addf(row, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",", d->bytes_out, d->bytes_in,
	    d->frames_out, d->frames_in, d->contacts);
	text_add_time(row, d->first_ns / NS_MS);
	text_add_char(row, ',');
	text_add_time(row, d->last_ns / NS_MS);
	text_add(row, CSV_END);
}

bool audit_csv(const struct audit_view *view, FILE *to)
{
	KS_DROP(text) struct text row;

	text_init(&row, ROW);
	text_add(&row, CSV_MARK "device,device_name,name,addresses,port,protocol,country,owner,inward,local,encrypted,"
			"bytes_out,bytes_in,frames_out,frames_in,contacts,first,last" CSV_END);
	for (size_t i = 0;; i++) {
		if (fwrite(text_cstr(&row), 1, row.len, to) != row.len)
			return false;
		if (i == view->audit->destinations_n)
			return fflush(to) == 0;
		text_clear(&row);
		row_add(&row, view->audit, &view->audit->destinations[i]);
	}
}
