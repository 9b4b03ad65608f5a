/* src/cli/sheet.c - see sheet.h. */
#include "cli/sheet.h"
#include <string.h>

enum { SHEET_MOST = 4 << 20 };

static const char *const kind_words[] = { "string", "count", "port", "addr", "time",
	"interval", "bool", "vector[string]" };

void sheet_init(struct sheet *sheet, const struct sheet_kind *kind, bool json)
{
	*sheet = (struct sheet){ .kind = kind, .json = json };
	text_init(&sheet->text, SHEET_MOST);
}

void sheet_head(const struct sheet_kind *kind, FILE *to)
{
	(void)fprintf(to, "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n"
	    "#unset_field\t-\n#path\t%s\n#fields", kind->path);
	for (size_t i = 0; i < kind->n; i++)
		(void)fprintf(to, "\t%s", kind->columns[i].name);
	(void)fputs("\n#types", to);
	for (size_t i = 0; i < kind->n; i++)
		(void)fprintf(to, "\t%s", kind_words[kind->columns[i].kind]);
	(void)fputc('\n', to);
}

int sheet_path(const char *folder, const struct sheet_kind *kind, char path[SHEET_PATH],
    struct why *why)
{
	int n = snprintf(path, SHEET_PATH, "%s/%s.log", folder, kind->path);

	return n >= 0 && (size_t)n < SHEET_PATH ? KS_OK
	    : fail(why, KS_FULL, "%s: path too long", folder);
}

bool sheet_write(struct sheet *sheet, FILE *to)
{
	bool good = !sheet->text.full && (sheet->text.len == 0 ||
	    fwrite(sheet->text.at, 1, sheet->text.len, to) == sheet->text.len);

	text_clear(&sheet->text);
	return good;
}

void sheet_row(struct sheet *sheet)
{
	sheet->at = 0;
	sheet->comma = false;
	if (sheet->json)
		text_add_char(&sheet->text, '{');
}

void sheet_row_end(struct sheet *sheet)
{
	text_add(&sheet->text, sheet->json ? "}\n" : "\n");
}

static void name_begin(struct sheet *sheet, bool set)
{
	const struct column *column = &sheet->kind->columns[sheet->at++];

	if (!sheet->json && sheet->at > 1)
		text_add_char(&sheet->text, '\t');
	if (sheet->json && set) {
		text_addf(&sheet->text, "%s\"%s\":", sheet->comma ? "," : "", column->name);
		sheet->comma = true;
	}
	if (!sheet->json && !set)
		text_add_char(&sheet->text, '-');
}

/* Zeek writes tabs, line ends and what is no ASCII as \xHH; in a list also its commas. */
static void text_escape(struct text *text, struct span s, bool of_list)
{
	for (size_t i = 0; i < s.left; i++) {
		uint8_t c = s.at[i];

		if (c < 32 || c > 126 || c == '\\' || (of_list && c == ','))
			text_addf(text, "\\x%02x", c);
		else
			text_add_char(text, (char)c);
	}
}

static void word_add(struct sheet *sheet, struct span text, bool of_list)
{
	if (!sheet->json) {
		text_escape(&sheet->text, text, of_list);
		return;
	}
	text_add_char(&sheet->text, '"');
	text_add_json(&sheet->text, text);
	text_add_char(&sheet->text, '"');
}

void sheet_span(struct sheet *sheet, struct span text)
{
	name_begin(sheet, text.left > 0);
	if (text.left > 0)
		word_add(sheet, text, false);
}

void sheet_text(struct sheet *sheet, const char *text)
{
	sheet_span(sheet, span_text(text));
}

void sheet_texts(struct sheet *sheet, const struct span *texts, size_t n)
{
	name_begin(sheet, n > 0);
	if (n > 0 && sheet->json)
		text_add_char(&sheet->text, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			text_add_char(&sheet->text, ',');
		word_add(sheet, texts[i], true);
	}
	if (n > 0 && sheet->json)
		text_add_char(&sheet->text, ']');
}

void sheet_count(struct sheet *sheet, uint64_t value)
{
	name_begin(sheet, true);
	text_addf(&sheet->text, "%llu", (unsigned long long)value);
}

void sheet_none(struct sheet *sheet)
{
	name_begin(sheet, false);
}

void sheet_time(struct sheet *sheet, int64_t ns)
{
	name_begin(sheet, true);
	text_addf(&sheet->text, "%lld.%06lld", (long long)(ns / 1000000000),
	    (long long)(ns % 1000000000 / 1000));
}

void sheet_bool(struct sheet *sheet, bool value)
{
	name_begin(sheet, true);
	text_add(&sheet->text, sheet->json ? value ? "true" : "false" : value ? "T" : "F");
}

void sheet_uid(struct sheet *sheet, uint64_t flow)
{
	char uid[24];

	(void)snprintf(uid, sizeof uid, "C%016llx", (unsigned long long)flow);
	sheet_text(sheet, uid);
}
