/* Any bytes as hellos of either side, and as a QUIC datagram: fingerprints are always
 * whole, spans lie inside. */
#include "base/must.h"
#include "wire/ja.h"
#include "wire/quic_packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct span all, struct span part)
{
	must(part.left == 0 || (part.at >= all.at && part.at + part.left <= all.at + all.left));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_of(data, size), datagram = all;
	struct client_hello client;
	struct server_hello server;
	struct quic_packet packet;
	struct quic_lock ours, theirs;
	char ja3[JA3_TEXT] = "", ja4[JA4_TEXT] = "";
	uint8_t plain[4096];
	size_t n = 0;

	client_hello_read(all, size % 2 == 1, &client);
	inside(all, client.sni);
	inside(all, client.alpn);
	ja3_client(&client, ja3);
	ja4_client(&client, 't', ja4);
	must(strlen(ja3) == 32 && strlen(ja4) == 36);
	server_hello_read(all, &server);
	inside(all, server.alpn);
	ja3_server(&server, ja3);
	while (datagram.left > 0 && quic_packet_cut(&datagram, &packet)) {
		inside(all, packet.whole);
		if (packet.whole.left <= sizeof plain &&
		    quic_lock_initial(packet.version, packet.to, &ours, &theirs) == KS_OK)
			(void)!quic_lock_open(&ours, &packet, plain, &n);
	}
	return 0;
}
