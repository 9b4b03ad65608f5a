/* src/cli/audit_table.h - a table of a report for a terminal that may be narrow.  The first
 * columns, the lead, say what a row is of.  Where all is not room enough, the lead gets less,
 * and what is longer has a line of its own; then every row has the lead above and the rest below;
 * then the rest is words one after the other.  Widths are columns of the terminal. */
#ifndef KS_CLI_AUDIT_TABLE_H
#define KS_CLI_AUDIT_TABLE_H
#include "cli/audit_page.h"

struct table_column {
	size_t width;	  /* with a blank; 0: what is left (the last one), wrapped */
	bool right;	  /* numbers */
	const char *head; /* msgid; NULL none */
	const char *says; /* msgid with %s: the cell among other words; NULL: the cell alone */
};
enum table_fold { TABLE_WIDE, TABLE_LESS, TABLE_BELOW, TABLE_WORDS };
struct page_table {
	const struct table_column *columns;
	size_t n, lead;
	size_t indent;	   /* of a row; what goes below has two more */
	const char *joint; /* msgid between words; NULL: ", " */
	enum table_fold fold; /* this and the rest are page_table_begin()'s */
	size_t name;	      /* width of the lead's last column */
	char above[64];	      /* the lead that stands on a line of its own above: not said again */
};
/* How it is folded, and its heads, if any. */
void page_table_begin(struct page *p, struct page_table *table);
/* n cells; "" where there is nothing. */
void page_table_row(struct page *p, struct page_table *table, const char *const *cells);
#endif
