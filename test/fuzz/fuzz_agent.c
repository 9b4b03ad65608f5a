/* test/fuzz/fuzz_agent.c - any SNMP agent, polled four times: lines `OID|type|value` as
 * test/data/snmp has them, which answer whatever is asked; lines after `%` stand for the
 * later polls.  A first line `read=...` is what the site file says. */
#include "../unit/snmp_tape.c"
#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MOST = 400, POLLS = 4 };

static void tape_fill(struct tape *tape, struct span *rest)
{
	char line[512];

	*tape = (struct tape){ .asks = 0 };
	arena_init(&tape->arena, 16 << 20);
	tape->vars.at = calloc(LINES_MOST, sizeof *tape->vars.at);
	must(tape->vars.at != NULL);
	while (rest->left > 0 && tape->vars.n < LINES_MOST) {
		struct span text = span_until(rest, '\n');

		if (span_equal(text, "%"))
			break;
		(void)snprintf(line, sizeof line, "%.*s", (int)text.left,
		    text.left > 0 ? (const char *)text.at : "");
		tape_line(tape, line);
	}
	tape_sort(tape);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(data, size);
	struct talked talked;
	struct tape tape;
	struct why why;
	char read[200] = "";

	if (rest.left > 5 && memcmp(rest.at, "read=", 5) == 0) {
		struct span word = span_until(&rest, '\n');

		(void)snprintf(read, sizeof read, "%.*s", (int)word.left - 5, (const char *)word.at + 5);
	}
	talked_init(&talked);
	tape_fill(&tape, &rest);
	for (int i = 0; i < POLLS; i++) {
		if (i > 0 && rest.left > 0) {
			tape_done(&tape);
			tape_fill(&tape, &rest);
		}
		(void)!talked_poll(&talked, &tape, read[0] != '\0' ? read : NULL, &why);
		for (size_t o = 0; o < talked.talk.offers_n; o++)
			must(talked.offers[o].quality != QUALITY_OK ||
			    measure_possible((enum measure)talked.offers[o].kind, talked.offers[o].milli));
	}
	tape_done(&tape);
	talked_done(&talked);
	return 0;
}
