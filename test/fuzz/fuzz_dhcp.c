/* test/fuzz/fuzz_dhcp.c - any bytes as a message of DHCP, DHCPv6 or SSDP (by the first
 * byte): what is named can be read to its end. */
#include "base/must.h"
#include "wire/dhcp.h"
#include "wire/ssdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(data, size);
	uint8_t what = (uint8_t)span_be(&rest, 1);
	char room[DHCP_NAME];
	struct said_name name = { .how = 0 };
	uint64_t sum = 0;
	bool told;

	if (what % 3 == 0)
		told = dhcp_looks_like(rest) && dhcp_read(rest, room, &name);
	else if (what % 3 == 1)
		told = dhcp6_read(rest, room, &name);
	else
		told = ssdp_read(rest, &name);
	if (!told)
		return 0;
	for (size_t i = 0; i < name.name.left; i++)
		sum += 1u + name.name.at[i]; /* a name may be of zeroes */
	for (size_t i = 0; i < name.describes.left; i++)
		sum += 1u + name.describes.at[i];
	must(sum > 0 || name.address.family != ADDRESS_NONE || !mac_is_zero(&name.mac));
	return 0;
}
