/* Addresses of IP: order, text, and which of them belong to nobody. */
#include "wire/packet.h"
#include <arpa/inet.h>

int address_compare(const struct address *a, const struct address *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->byte, b->byte, sizeof a->byte);
}

struct address address_of(struct span bytes)
{
	struct address address = { .family = ADDRESS_NONE };

	if (bytes.left == 4)
		address.family = ADDRESS_4;
	else if (bytes.left == 16)
		address.family = ADDRESS_6;
	if (address.family != ADDRESS_NONE)
		memcpy(address.byte, bytes.at, bytes.left);
	return address;
}

const char *address_show(const struct address *address, char text[ADDRESS_TEXT])
{
	int family = address->family == ADDRESS_4 ? AF_INET : AF_INET6;

	text[0] = '\0';
	if (address->family != ADDRESS_NONE)
		(void)inet_ntop(family, address->byte, text, ADDRESS_TEXT);
	return text;
}

struct address address_read(struct span text)
{
	struct address address = { .family = ADDRESS_NONE };
	char copy[ADDRESS_TEXT];

	if (text.left == 0 || text.left >= sizeof copy)
		return address;
	memcpy(copy, text.at, text.left);
	copy[text.left] = '\0';
	if (inet_pton(AF_INET, copy, address.byte) == 1)
		address.family = ADDRESS_4;
	else if (inet_pton(AF_INET6, copy, address.byte) == 1)
		address.family = ADDRESS_6;
	return address;
}

/* A block of addresses: those whose first `bits` equal these. */
struct block {
	uint8_t byte[4];
	uint8_t bits;
};

static bool block_has(const struct block *block, const uint8_t *byte)
{
	unsigned whole = block->bits / 8, rest = block->bits % 8;

	if (memcmp(block->byte, byte, whole) != 0)
		return false;
	return rest == 0 || (block->byte[whole] ^ byte[whole]) >> (8 - rest) == 0;
}

bool address_is_private(const struct address *address)
{
	static const struct block four[] = { { { 10 }, 8 }, { { 172, 16 }, 12 },
		{ { 192, 168 }, 16 }, { { 169, 254 }, 16 }, { { 100, 64 }, 10 },
		{ { 127 }, 8 } };
	static const struct block six[] = { { { 0xfc }, 7 }, { { 0xfe, 0x80 }, 10 } };
	static const uint8_t loopback[16] = { [15] = 1 };

	if (address->family == ADDRESS_6) {
		for (size_t i = 0; i < sizeof six / sizeof *six; i++)
			if (block_has(&six[i], address->byte))
				return true;
		return memcmp(address->byte, loopback, sizeof loopback) == 0;
	}
	for (size_t i = 0; address->family == ADDRESS_4 && i < sizeof four / sizeof *four; i++)
		if (block_has(&four[i], address->byte))
			return true;
	return false;
}

bool address_is_group(const struct address *address)
{
	static const uint8_t nobody[16] = { 0 };

	if (memcmp(address->byte, nobody, sizeof nobody) == 0)
		return true;
	if (address->family == ADDRESS_6)
		return address->byte[0] == 0xff;
	return address->byte[0] >> 4 == 0xe ||
	    memcmp(address->byte, (const uint8_t[4]){ 255, 255, 255, 255 }, 4) == 0;
}
