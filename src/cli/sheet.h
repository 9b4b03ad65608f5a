/* src/cli/sheet.h - rows of one of Zeek's logs, tab-separated or JSON lines, made cell
 * by cell in the order of its columns.
 * Source: Zeek documentation, "Zeek Log Formats". */
#ifndef KS_CLI_SHEET_H
#define KS_CLI_SHEET_H
#include "base/text.h"
#include "base/why.h"
#include <stdint.h>
#include <stdio.h>

enum cell_kind { IS_TEXT, IS_COUNT, IS_PORT, IS_ADDR, IS_TIME, IS_INTERVAL, IS_BOOL, IS_TEXTS };

struct column {
	const char *name;
	enum cell_kind kind;
};
#define ENDPOINTS                                                                      \
	{ "id.orig_h", IS_ADDR }, { "id.orig_p", IS_PORT }, { "id.resp_h", IS_ADDR },      \
	{ "id.resp_p", IS_PORT }

enum { SHEET_PATH = 4096 };
struct sheet_kind {
	const char *path; /* "conn" */
	const struct column *columns;
	size_t n;
};
extern const struct sheet_kind sheet_conn, sheet_dns, sheet_http, sheet_ssl, sheet_files;

struct sheet {
	const struct sheet_kind *kind;
	bool json;
	struct text text; /* whole rows that were not written yet */
	size_t at;	  /* the column whose cell comes next */
	bool comma;
};

void sheet_init(struct sheet *sheet, const struct sheet_kind *kind, bool json);
/* The name of its file, DIR/PATH.log; KS_FULL: too long. */
KS_MUST int sheet_path(const char *folder, const struct sheet_kind *kind, char path[SHEET_PATH],
    struct why *why);
/* The head that tab-separated ones have. */
void sheet_head(const struct sheet_kind *kind, FILE *to);
void sheet_row(struct sheet *sheet);
void sheet_row_end(struct sheet *sheet);
/* All rows so far; false when it could not be written. */
bool sheet_write(struct sheet *sheet, FILE *to);

/* "" and sheet_none: not known. */
void sheet_text(struct sheet *sheet, const char *text);
void sheet_span(struct sheet *sheet, struct span text);
void sheet_texts(struct sheet *sheet, const struct span *texts, size_t n);
void sheet_count(struct sheet *sheet, uint64_t value);
void sheet_none(struct sheet *sheet);
void sheet_time(struct sheet *sheet, int64_t ns); /* and a length of time */
void sheet_bool(struct sheet *sheet, bool value);
/* A name for a flow, as Zeek's uid: the same in every log. */
void sheet_uid(struct sheet *sheet, uint64_t flow);
#endif
