/* test/fuzz/fuzz_wire_row.c - rows that the ear says, as core checks them: what is found
 * good has texts that end and are UTF-8, and numbers that JSON can carry; and any text made
 * fit for a row is good in it. */
#include "base/utf8.h"
#include "site/wire.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void text_look(const char *text, size_t room)
{
	if (memchr(text, '\0', room) == NULL || utf8_check(span_text(text)) != strlen(text))
		abort();
}

static void made_fit(const uint8_t *data, size_t size)
{
	struct wire_row row = { .kind = WIRE_DEVICE };
	char *text = malloc(size + 1);

	if (text == NULL)
		return;
	memcpy(text, data, size);
	text[size] = '\0';
	wire_text(row.device, sizeof row.device, text);
	wire_text(row.country, sizeof row.country, text);
	wire_text(row.name, sizeof row.name, text);
	if (!wire_row_good(&row))
		abort();
	free(text);
}

/* As the store keeps them, and back. */
static void words_find(struct span word)
{
	enum wire_kind kind;
	unsigned unseen;

	if (wire_kind_find(word, &kind) && !span_equal(word, wire_kind_word(kind)))
		abort();
	if (wire_unseen_find(word, &unseen) &&
	    (!span_equal(word, wire_unseen_word(unseen)) || wire_unseen_says(unseen)[0] == '\0'))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_row row;

	if (size > 0)
		made_fit(data, size);
	words_find(span_of(data, size));
	for (; size >= sizeof row; data += sizeof row, size -= sizeof row) {
		memcpy(&row, data, sizeof row);
		if (!wire_row_good(&row))
			continue;
		text_look(row.device, sizeof row.device);
		text_look(row.name, sizeof row.name);
		text_look(row.address, sizeof row.address);
		text_look(row.owner, sizeof row.owner);
		text_look(row.word, sizeof row.word);
		if (wire_is_heard(&row) && row.kind != WIRE_SOURCE)
			abort();
		if (row.kind == WIRE_FINDING)
			(void)wire_finding_of(&row, row.device);
		if (row.kind >= WIRE_KINDS || row.last_ms < row.first_ms || row.out >> 54 != 0)
			abort();
	}
	return 0;
}
