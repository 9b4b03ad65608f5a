/* test/fuzz/fuzz_neighbours.c - any bytes as ARP, neighbour discovery, LLDP or CDP (by
 * the first byte): who is named has an address, a MAC or a name. */
#include "base/must.h"
#include "wire/neighbours.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(data, size);
	uint8_t what = (uint8_t)span_be(&rest, 1);
	struct address from = { .family = ADDRESS_6, .byte = { 0xfe, 0x80 } };
	struct said_name name = { .how = 0 };
	uint64_t sum = 0;
	bool told;

	switch (what % 4) {
	case 0:
		told = arp_read(rest, &name);
		break;
	case 1:
		told = ndp_read((uint8_t)(133 + what / 4 % 5), &from, rest, &name);
		break;
	case 2:
		told = lldp_read(rest, &name);
		break;
	default:
		told = cdp_read(rest, &name);
		break;
	}
	if (!told)
		return 0;
	must(name.name.left > 0 || name.describes.left > 0 || !mac_is_zero(&name.mac) ||
	    name.address.family != ADDRESS_NONE);
	for (size_t i = 0; i < name.name.left; i++)
		sum += name.name.at[i];
	for (size_t i = 0; i < name.describes.left; i++)
		sum += name.describes.at[i];
	must(sum < SIZE_MAX);
	return 0;
}
