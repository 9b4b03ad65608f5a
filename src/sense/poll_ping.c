/* src/sense/poll_ping.c - echo requests and their replies. */
#include "sense/poll_ping.h"
#include "base/hash.h"

enum { ECHO4 = 8, ECHO4_REPLY = 0, ECHO6 = 128, ECHO6_REPLY = 129 };

static void put(uint8_t *to, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		to[i] = (uint8_t)(value >> 8 * (width - 1 - i));
}

void ping_write(bool six, uint32_t who, uint32_t number, uint64_t seed,
    uint8_t ret_packet[PING_BYTES])
{
	uint8_t *p = ret_packet;
	uint32_t sum = 0;

	memset(p, 0, PING_BYTES);
	p[0] = six ? ECHO6 : ECHO4;
	put(p + 4, (seed ^ 0x6b73) & 0xffff, 2);
	put(p + 6, number & 0xffff, 2);
	put(p + 8, who, 4);
	put(p + 12, number, 4);
	put(p + 16, hash_of(span_of(p + 8, 8), seed), 8);
	for (size_t i = 0; i < PING_BYTES; i += 2) /* RFC 1071; the kernel does v6 */
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	if (!six)
		put(p + 2, ~sum & 0xffff, 2);
}

bool ping_read(struct span packet, bool six, bool raw4, uint64_t seed, uint32_t *ret_who,
    uint32_t *ret_number)
{
	if (raw4) {
		size_t header = packet.left > 0 ? (packet.at[0] & 15u) * 4u : 0;

		if (header < 20)
			return false;
		(void)span_cut(&packet, header);
	}
	uint64_t type = span_be(&packet, 1), code = span_be(&packet, 1);

	(void)span_cut(&packet, 6);
	struct span named = span_cut(&packet, 8);
	uint64_t tag = span_be(&packet, 8);

	if (packet.broken || type != (six ? ECHO6_REPLY : ECHO4_REPLY) || code != 0 ||
	    tag != hash_of(named, seed))
		return false;
	*ret_who = (uint32_t)span_be(&named, 4);
	*ret_number = (uint32_t)span_be(&named, 4);
	return true;
}
