/* test/fuzz/fuzz_transport.c - secret files, addresses, and what a raw socket hears. */
#include "base/must.h"
#include "sense/poll_ping.h"
#include "sense/transport_address.h"
#include "sense/transport_secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A request of ours as a reply, changed by the input: only the whole of it is ours. */
static void echo(struct span bytes)
{
	uint8_t packet[20 + PING_BYTES] = { 0x45 };
	bool six = span_be(&bytes, 1) & 1;
	uint32_t who = 0, number = 0;

	ping_write(six, 7, 9, 1, packet + 20);
	packet[20] = six ? 129 : 0;
	size_t at = (size_t)(span_be(&bytes, 1) % sizeof packet);

	packet[at] ^= (uint8_t)span_be(&bytes, 1);
	size_t head = six ? 20 : 0;

	if (ping_read(span_of(packet + head, sizeof packet - head), six, !six, 1, &who, &number))
		must(who == 7 && number == 9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_of(data, size);
	struct secret secret;
	char host[HOST_ROOM], text[64];
	struct sockaddr_storage address, again;
	char shown[INET6_ADDRSTRLEN];
	uint16_t port;
	uint32_t who, number;
	struct why why;

	if (secret_read(bytes, &secret, &why) == KS_OK)
		(void)!secret_copy(secret.alone, text, sizeof text, &why);
	if (address_split(bytes, 161, host, &port, &why) == KS_OK &&
	    address_number(host, port, &address)) {
		address_text(&address, shown);
		must(address_number(shown, port, &again));
		must(memcmp(&address, &again, address_size(&address)) == 0);
	}
	(void)ping_read(bytes, false, true, 1, &who, &number);
	(void)ping_read(bytes, true, false, 1, &who, &number);
	echo(bytes);
	return 0;
}
