/* test/fuzz/fuzz_transport.c - secret files, addresses, and what a raw socket hears. */
#include "sense/poll_ping.h"
#include "sense/transport_address.h"
#include "sense/transport_secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_of(data, size);
	struct secret secret;
	char host[HOST_ROOM], text[64];
	uint16_t port;
	uint32_t who, number;
	struct why why;

	if (secret_read(bytes, &secret, &why) == KS_OK)
		(void)!secret_copy(secret.alone, text, sizeof text, &why);
	(void)!address_split(bytes, 161, host, &port, &why);
	(void)ping_read(bytes, false, true, 1, &who, &number);
	(void)ping_read(bytes, true, false, 1, &who, &number);
	return 0;
}
