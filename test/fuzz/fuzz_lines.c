/* test/fuzz/fuzz_lines.c - protocols of lines and of first messages with any bytes: the
 * first byte chooses the tongue, the second the pieces; parts divided by 0x1e go to client
 * and server in turn, a part of 0x15 is a gap. */
#include "../unit/stage.c"
#include "base/limits.h"
#include "wire/lines.h"
#include "wire/words_clear.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct tongue *const all[] = { &tongue_smtp, &tongue_pop3, &tongue_imap,
		&tongue_ftp, &tongue_telnet, &tongue_mqtt, &tongue_ldap, &tongue_snmp };
	static struct stage stage;
	struct span s = span_of(data, size);
	const struct tongue *tongue = all[span_be(&s, 1) % 8];
	size_t step = span_be(&s, 1) + 1;
	int side = SIDE_CLIENT;

	stage_begin(&stage, tongue);
	while (s.left > 0) {
		struct span part = span_until(&s, 0x1e), first[2] = { { .left = 0 } };

		first[side] = part;
		(void)tongue->guess(&stage.flow, first);
		if (part.left == 1 && *part.at == 0x15)
			stage_gap(&stage, (enum said_side)side, 7);
		else if (part.left > 0)
			stage_take(&stage, (enum said_side)side, part.at, part.left, step);
		if (stage.held > 2 * LIMIT_LETTER)
			abort();
		side = !side;
	}
	(void)stage_end(&stage);
	stage_done(&stage);
	return 0;
}
