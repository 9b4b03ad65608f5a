/* test/fuzz/fuzz_http.c - the tongue of HTTP with any bytes of both sides: parts divided
 * by 0x1e go to client and server in turn, a part of 0x15 is a gap of 7 bytes, or of what
 * its second byte says; the first byte says in what pieces, the port, and whether it was
 * decrypted.  The stage holds that no memory stays and limits are kept. */
#include "../unit/stage.c"
#include "base/limits.h"
#include "wire/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct stage stage;
	struct span s = span_of(data, size);
	size_t step = span_be(&s, 1) + 1;
	struct span first[2] = { { .left = 0 } };
	int side = SIDE_CLIENT;

	stage_begin(&stage, &tongue_http);
	stage.flow.server_port = step % 3 == 0 ? 443 : 80;
	stage.flow.decrypted = step % 2 == 0;
	while (s.left > 0) {
		struct span part = span_until(&s, 0x1e);

		first[side] = part;
		(void)tongue_http.guess(&stage.flow, first);
		if (part.left == 1 && *part.at == 0x15)
			stage_gap(&stage, (enum said_side)side, 7);
		else if (part.left == 2 && *part.at == 0x15)
			stage_gap(&stage, (enum said_side)side, part.at[1]);
		else if (part.left > 0)
			stage_take(&stage, (enum said_side)side, part.at, part.left, step);
		if (stage.held > 2 * (LIMIT_HTTP_HEAD + LIMIT_HTTP_BODY))
			abort();
		side = !side;
	}
	(void)stage_end(&stage);
	stage_done(&stage);
	return 0;
}
