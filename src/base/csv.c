#include "base/csv.h"
#include "base/plain.h"

enum { CELL_BYTES = 65536 };

void csv_cell(struct text *out, struct span word)
{
	struct text plain;
	struct span rest;
	bool quote = false;

	text_init(&plain, CELL_BYTES);
	if (word.left > 0 && strchr("=+-@\t\r", word.at[0]) != NULL && word.at[0] != '\0')
		text_add_char(&plain, '\'');
	plain_add(&plain, word, PLAIN_ONE_LINE);
	rest = text_span(&plain);
	for (size_t i = 0; i < rest.left; i++)
		quote = quote || rest.at[i] == ',' || rest.at[i] == '"';
	if (quote)
		text_add_char(out, '"');
	while (rest.left > 0) {
		char c = (char)span_be(&rest, 1);

		if (c == '"')
			text_add_char(out, '"');
		text_add_char(out, c);
	}
	if (quote)
		text_add_char(out, '"');
	out->full = out->full || plain.full;
	text_done(&plain);
}
