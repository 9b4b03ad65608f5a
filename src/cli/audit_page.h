/* src/cli/audit_page.h - a report for a terminal being written: columns, headings, colour,
 * and words of others that may not move the cursor. */
#ifndef KS_CLI_AUDIT_PAGE_H
#define KS_CLI_AUDIT_PAGE_H
#include "cli/audit_show.h"

enum { PAGE_NAME = 38, PAGE_ROWS = 10, PAGE_BYTES = 1 << 22 };

struct page {
	const struct audit_view *view;
	const struct audit *audit;
	enum lang lang;
	struct text text;
	size_t width;
};

void page_color(struct page *p, const char *code); /* as in ESC [ code m */
void page_plain(struct page *p);
void page_words(struct page *p, const char *words); /* of others */
/* Over several lines, of which `used` columns are taken; ends the line. */
void page_wrap(struct page *p, const char *words, size_t used, size_t indent);
void page_cell(struct page *p, const char *words, size_t width); /* cut when longer */
void page_right(struct page *p, const char *words, size_t width);
/* Cells of a table (audit_table.h). */
enum { PAGE_CELL = 40 };
void cell_of_bytes(char cell[PAGE_CELL], uint64_t bytes);
void cell_of_count(char cell[PAGE_CELL], uint64_t count);
void cell_of_clock(char cell[PAGE_CELL], const struct page *p, int64_t ns);
void page_heading(struct page *p, const char *msgid);
void page_more(struct page *p, size_t n); /* nothing for 0 */

/* Lists, personal data, requests, TLS, traceroutes, what could not be seen. */
void page_details(struct page *p);
#endif
