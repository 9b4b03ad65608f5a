/* src/wire/exif.c - see exif.h. */
#include "wire/exif.h"

enum { TAG_GPS = 0x8825, TAG_LATITUDE_REF = 1, TAG_LATITUDE, TAG_LONGITUDE_REF,
	TAG_LONGITUDE, TYPE_RATIONAL = 5, ENTRIES_MAX = 256, SEGMENTS_MAX = 64 };

struct tiff {
	struct span all;
	bool little;
};

static uint64_t number(const struct tiff *tiff, struct span *s, size_t width)
{
	return tiff->little ? span_le(s, width) : span_be(s, width);
}

static struct span at_offset(const struct tiff *tiff, uint64_t offset)
{
	struct span s = tiff->all;

	if (offset > s.left)
		return (struct span){ .broken = true };
	(void)span_cut(&s, (size_t)offset);
	return s;
}

/* Degrees, minutes, seconds as three fractions. */
static bool degrees(const struct tiff *tiff, uint64_t offset, int64_t *ret_micro)
{
	static const int64_t parts[] = { 1, 60, 3600 };
	struct span s = at_offset(tiff, offset);
	int64_t micro = 0;

	for (int i = 0; i < 3; i++) {
		int64_t top = (int64_t)number(tiff, &s, 4), bottom = (int64_t)number(tiff, &s, 4);

		if (bottom == 0) /* also where the bytes end */
			return false;
		micro += top * 1000000 / bottom / parts[i];
	}
	*ret_micro = micro;
	return true;
}

static bool gps_read(const struct tiff *tiff, uint64_t offset, int64_t ret_micro[2])
{
	struct span s = at_offset(tiff, offset);
	uint64_t n = number(tiff, &s, 2);
	int64_t micro[2] = { 0, 0 }, sign[2] = { 1, 1 };
	bool has[2] = { false, false };

	for (uint64_t i = 0; i < n && i < ENTRIES_MAX && !s.broken; i++) {
		uint64_t tag = number(tiff, &s, 2), type = number(tiff, &s, 2);
		uint64_t count = number(tiff, &s, 4);
		struct span value = span_cut(&s, 4), letter = value;
		uint64_t where = number(tiff, &value, 4);
		uint64_t c = span_be(&letter, 1);

		if (tag == TAG_LATITUDE_REF || tag == TAG_LONGITUDE_REF)
			sign[tag == TAG_LONGITUDE_REF] = c == 'S' || c == 'W' ? -1 : 1;
		else if ((tag == TAG_LATITUDE || tag == TAG_LONGITUDE) && type == TYPE_RATIONAL &&
		    count == 3)
			has[tag == TAG_LONGITUDE] = degrees(tiff, where, &micro[tag == TAG_LONGITUDE]);
	}
	if (!has[0] || !has[1] || micro[0] > 90000000 || micro[1] > 180000000 ||
	    (micro[0] == 0 && micro[1] == 0))
		return false;
	ret_micro[0] = micro[0] * sign[0];
	ret_micro[1] = micro[1] * sign[1];
	return true;
}

static bool tiff_read(struct span bytes, int64_t ret_micro[2])
{
	struct tiff tiff = { .all = bytes };
	struct span s = bytes;
	uint64_t order = span_be(&s, 2), first = 0;

	if (order != 0x4949 && order != 0x4d4d)
		return false;
	tiff.little = order == 0x4949;
	if (number(&tiff, &s, 2) != 42)
		return false;
	first = number(&tiff, &s, 4);
	s = at_offset(&tiff, first);
	uint64_t n = number(&tiff, &s, 2);

	for (uint64_t i = 0; i < n && i < ENTRIES_MAX && !s.broken; i++) {
		uint64_t tag = number(&tiff, &s, 2);

		(void)span_cut(&s, 6);
		uint64_t value = number(&tiff, &s, 4);

		if (tag == TAG_GPS && !s.broken)
			return gps_read(&tiff, value, ret_micro);
	}
	return false;
}

bool exif_place(struct span jpeg, int64_t ret_micro[2])
{
	if (span_be(&jpeg, 2) != 0xffd8)
		return false;
	for (int i = 0; i < SEGMENTS_MAX; i++) {
		uint64_t marker = span_be(&jpeg, 2), length = span_be(&jpeg, 2);

		if (jpeg.broken || marker >> 8 != 0xff || marker == 0xffda || length < 2)
			return false;
		size_t n = (size_t)length - 2;
		struct span part = span_cut(&jpeg, n < jpeg.left ? n : jpeg.left);
		struct span head = span_cut(&part, part.left < 6 ? part.left : 6);

		if (marker == 0xffe1 && head.left == 6 && memcmp(head.at, "Exif\0\0", 6) == 0)
			return tiff_read(part, ret_micro);
	}
	return false;
}
