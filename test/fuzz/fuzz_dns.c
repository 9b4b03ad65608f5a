/* test/fuzz/fuzz_dns.c - any bytes as a message of each kind (first byte): names stay in
 * their room and are what they should be. */
#include "base/must.h"
#include "wire/dns.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dns_room room;
	struct span message = span_of(data, size);
	enum dns_kind kind = (enum dns_kind)(span_be(&message, 1) % 4);
	struct said_dns dns;

	if (dns_looks_like(message))
		must(message.left >= 17);
	if (dns_read(message, kind, &room, &dns) != KS_OK)
		return 0;
	must(room.used <= DNS_ROOM && dns.answer_count <= SAID_DNS_ANSWERS);
	must(dns.name.left <= DNS_NAME);
	for (uint32_t i = 0; i < dns.answer_count; i++) {
		const struct dns_answer *answer = &dns.answers[i];

		must(answer->section >= 1 && answer->section <= 3 && answer->name.left <= DNS_NAME);
		for (size_t j = 0; j < answer->text.left; j++)
			if (answer->text.at[j] == 1)
				message.left ^= 1; /* every byte can be read */
	}
	return 0;
}
