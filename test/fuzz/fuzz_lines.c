/* test/fuzz/fuzz_lines.c - protocols of lines and of first messages with any bytes: the
 * first byte chooses the tongue, the second the pieces, the port and who begins; parts
 * divided by 0x1e go to client and server in turn, a part of 0x15 is a gap. */
#include "../unit/stage.c"
#include "base/limits.h"
#include "wire/lines.h"
#include "wire/words_clear.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct tongue *const all[] = { &tongue_smtp, &tongue_pop3, &tongue_imap,
		&tongue_ftp, &tongue_telnet, &tongue_mqtt, &tongue_ldap, &tongue_snmp, &tongue_redis };
	static const uint16_t ports[] = { 0, 21, 23, 25, 110, 143, 587, 2525, 161, 389, 1883 };
	static struct stage stage;
	struct span s = span_of(data, size);
	size_t which = (size_t)span_be(&s, 1);
	const struct tongue *tongue = all[which == 8 ? 8 : which % 8];
	size_t step = span_be(&s, 1) + 1;
	struct span first[2] = { { .left = 0 } };
	int side = SIDE_CLIENT;

	stage_begin(&stage, tongue);
	stage.flow.server_port = ports[step % (sizeof ports / sizeof *ports)];
	if (step % 2 == 0)
		side = SIDE_SERVER;
	while (s.left > 0) {
		struct span part = span_until(&s, 0x1e);

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
