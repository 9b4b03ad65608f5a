/* Any messages of a handshake, as if they had been decrypted: the first byte says which
 * version (bit 0: 1.3, bit 1: a datagram, bit 2: QUIC); then pieces as in tongue.h, each a
 * run of messages, or an alert when it has two bytes. */
#include "tongue.h"
#include "wire/tls_state.h"

static void message_piece(struct talk *talk, struct tls *tls, struct span *input)
{
	uint8_t how = (uint8_t)span_be(input, 1);
	size_t n = (size_t)span_be(input, 2);
	struct span part = span_cut(input, n < input->left ? n : input->left);
	uint8_t *block = malloc(part.left > 0 ? part.left : 1);

	if (block == NULL || input->broken)
		abort();
	if (part.left > 0)
		memcpy(block, part.at, part.left);
	if (part.left == 2)
		tls_alert(talk, tls, (enum said_side)(how & 1), block[0], block[1]);
	else if (part.left > 0)
		tls_messages(talk, tls, (enum said_side)(how & 1), span_of(block, part.left));
	free(block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct listener ears = { .tls = tongue_tls_said };
	struct span input = span_of(data, size);
	struct flow_view view = { .protocol = IP_TCP, .tongue = "", .closed = CLOSE_FIN };
	uint8_t how = (uint8_t)span_be(&input, 1);
	struct ear_worker worker;
	struct tls tls = { .v13 = how & 1, .datagram = how >> 1 & 1, .quic = how >> 2 & 1,
		.version = how & 1 ? 0x0304 : 0x0303, .cipher = how & 1 ? 0x1301 : 0xc02f,
		.keys = how >> 3 & 1 };

	if (worker_init(&worker, &ears, 7, 4 << 20, NULL) != KS_OK)
		abort();
	struct talk talk = { .worker = &worker, .ears = &ears, .flow = &view };

	while (input.left > 2)
		message_piece(&talk, &tls, &input);
	must(tls.sni_len <= TLS_SNI && tls.session_len <= TLS_SESSION);
	tls_over(&talk, &tls);
	must(worker.held == 0);
	worker_done(&worker);
	return 0;
}
