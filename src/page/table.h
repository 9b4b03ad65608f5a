/* src/page/table.h - a table for machines, written once and read as JSON or as CSV:
 *   {"schema":"keisoku.NAME/1","NAME":[{"COLUMN":..},..]}
 *   COLUMN,COLUMN\r\n..   (base/csv.h)
 * Times are RFC 3339 in UTC; what is not there is null, or an empty cell. */
#ifndef KS_PAGE_TABLE_H
#define KS_PAGE_TABLE_H
#include "page/drawn.h"

struct table {
	struct text *out;
	const char *const *columns; /* NULL ends */
	bool csv;
	size_t rows, cell;
};

void table_begin(struct table *table, struct text *out, const struct form *form,
    const char *name, const char *const *columns);
void table_row(struct table *table);
void table_end(struct table *table);

/* The cells of a row, in the order of the columns. */
void cell_word(struct table *table, struct span word);
void cell_text(struct table *table, const char *word);
void cell_milli(struct table *table, int64_t milli); /* INT64_MIN, INT64_MAX: nothing */
void cell_count(struct table *table, int64_t count);
void cell_flag(struct table *table, bool flag);
void cell_time(struct table *table, int64_t utc_ms); /* 0: nothing */

/* Is it asked for by /api/NAME/ID and kind=?  Of a room, a rack, or a thing that is
 * measured; without ID: of all. */
bool table_asked(const struct scene *scene, const struct status_now *now);
/* table_hours.c */
bool hours_table(struct text *out, struct scene *scene, const struct form *form);
/* Also of /draw/rack and /draw/tree. */
bool racks_table(struct text *out, struct scene *scene, const struct form *form);
bool path_table(struct text *out, struct scene *scene, const struct form *form);
/* table_loss.c: what losses do; scene->id names what is lost. */
bool losses_table(struct text *out, struct scene *scene, const struct form *form);
bool pairs_table(struct text *out, struct scene *scene, const struct form *form);
bool dark_table(struct text *out, struct scene *scene, const struct form *form);
bool broken_table(struct text *out, struct scene *scene, const struct form *form);
bool trips_table(struct text *out, struct scene *scene, const struct form *form);
bool shed_table(struct text *out, struct scene *scene, const struct form *form);
bool waves_table(struct text *out, struct scene *scene, const struct form *form);
/* table_capacity.c: what is left. */
bool capacity_power_table(struct text *out, struct scene *scene, const struct form *form);
bool capacity_racks_table(struct text *out, struct scene *scene, const struct form *form);
bool capacity_rooms_table(struct text *out, struct scene *scene, const struct form *form);
bool single_cords_table(struct text *out, struct scene *scene, const struct form *form);
/* table_wire.c: what the page Wire shows. */
bool wires_table(struct text *out, struct scene *scene, const struct form *form);
bool wire_hours_table(struct text *out, struct scene *scene, const struct form *form);
bool wire_devices_table(struct text *out, struct scene *scene, const struct form *form);
bool wire_destinations_table(struct text *out, struct scene *scene, const struct form *form);
bool wire_countries_table(struct text *out, struct scene *scene, const struct form *form);
bool wire_new_table(struct text *out, struct scene *scene, const struct form *form);
bool wire_findings_table(struct text *out, struct scene *scene, const struct form *form);
bool wire_periodic_table(struct text *out, struct scene *scene, const struct form *form);
bool wire_certificates_table(struct text *out, struct scene *scene, const struct form *form);
bool wire_unseen_table(struct text *out, struct scene *scene, const struct form *form);
/* The tables themselves, as pictures of /api/NAME; NULL path ends. */
extern const struct drawn tables[];
#endif
