/* src/wire/owner.c - the longest prefix of three possible ones. */
#include "wire/owner.h"

static const struct mac_owner_row *row_of(uint64_t prefix, unsigned bits)
{
	size_t low = 0, high = mac_owner_rows_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct mac_owner_row *row = &mac_owner_rows[mid];

		if (row->prefix == prefix && row->bits == bits)
			return row;
		if (row->prefix < prefix || (row->prefix == prefix && row->bits < bits))
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const char *mac_owner(const struct mac *mac)
{
	static const unsigned lengths[] = { 36, 28, 24 };
	struct span bytes = span_of(mac->byte, sizeof mac->byte);
	uint64_t value = span_be(&bytes, 6);

	if (mac_is_local(mac) || mac_is_group(mac))
		return "";
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		const struct mac_owner_row *row =
		    row_of(value >> (48 - lengths[i]) << (48 - lengths[i]), lengths[i]);

		if (row != NULL)
			return mac_owner_names + row->name;
	}
	return "";
}
