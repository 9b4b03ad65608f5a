#include "page/table.h"
#include "base/csv.h"

void table_begin(struct table *table, struct text *out, const struct form *form,
    const char *name, const char *const *columns)
{
	*table = (struct table){ .out = out, .columns = columns, .csv = form->as == FORM_CSV };
	if (!table->csv) {
		text_addf(out, "{\"schema\":\"keisoku.%s/1\",\"%s\":[", name, name);
		return;
	}
	text_add(out, CSV_MARK);
	for (size_t i = 0; columns[i] != NULL; i++) {
		text_add(out, i > 0 ? "," : "");
		text_add(out, columns[i]);
	}
}

static void row_end(struct table *table)
{
	if (table->csv)
		text_add(table->out, CSV_END);
	else if (table->rows > 0)
		text_add_char(table->out, '}');
}

void table_row(struct table *table)
{
	row_end(table);
	if (!table->csv)
		text_add(table->out, table->rows > 0 ? ",{" : "{");
	table->rows++;
	table->cell = 0;
}

void table_end(struct table *table)
{
	row_end(table);
	if (!table->csv)
		text_add(table->out, "]}\n");
}

static void cell_begin(struct table *table)
{
	text_add(table->out, table->cell > 0 ? "," : "");
	if (!table->csv) {
		text_add_char(table->out, '"');
		text_add(table->out, table->columns[table->cell]);
		text_add(table->out, "\":");
	}
	table->cell++;
}

void cell_word(struct table *table, struct span word)
{
	cell_begin(table);
	if (table->csv) {
		csv_cell(table->out, word);
		return;
	}
	text_add_char(table->out, '"');
	text_add_json(table->out, word);
	text_add_char(table->out, '"');
}

void cell_text(struct table *table, const char *word)
{
	cell_word(table, span_text(word != NULL ? word : ""));
}

static void cell_nothing(struct table *table)
{
	if (!table->csv)
		text_add(table->out, "null");
}

void cell_milli(struct table *table, int64_t milli)
{
	cell_begin(table);
	if (milli == INT64_MIN || milli == INT64_MAX)
		cell_nothing(table);
	else
		text_add_milli(table->out, milli);
}

void cell_count(struct table *table, int64_t count)
{
	cell_begin(table);
	text_addf(table->out, "%lld", (long long)count);
}

void cell_flag(struct table *table, bool flag)
{
	cell_begin(table);
	text_add(table->out, flag ? "true" : "false");
}

void cell_time(struct table *table, int64_t utc_ms)
{
	cell_begin(table);
	if (utc_ms == 0) {
		cell_nothing(table);
		return;
	}
	text_add(table->out, table->csv ? "" : "\"");
	text_add_time(table->out, utc_ms);
	text_add(table->out, table->csv ? "" : "\"");
}
