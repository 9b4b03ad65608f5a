#include "base/zone.h"
#include "base/limits.h"
#include <stdlib.h>

enum { DAY_S = 86400, TYPES = 256, HEADER = 44, FARTHEST_OFFSET_S = 26 * 3600 };

/* When summer time starts or ends (POSIX TZ): Mm.w.d, Jn or n, at second_s local. */
struct edge {
	char form; /* 'M', 'J', 'N' */
	uint16_t month, week, day;
	int32_t second_s;
};

struct zone {
	size_t turns_n;
	int32_t before_s;   /* offset before the first turn */
	bool ruled, summer; /* a footer; with summer time */
	int32_t standard_s, summer_s;
	struct edge start, end;
	struct turn {
		int64_t at_s;
		int32_t offset_s;
	} turns[];
};

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

int64_t days_of(int32_t year, unsigned month, int64_t day)
{
	/* years begin in March, so that the leap day is the last: 153 days every 5 months */
	int64_t y = (int64_t)year - (month <= 2 ? 1 : 0);
	int64_t era = floor_div(y, 400), of_era = y - era * 400;
	int64_t of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil days_split(int64_t days)
{
	int64_t z = days + 719468, era = floor_div(z, 146097), of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;
	int64_t month = m < 10 ? m + 3 : m - 9;

	return (struct civil){ .year = (int32_t)(y + era * 400 + (month <= 2 ? 1 : 0)),
		.month = (uint8_t)month, .day = (uint8_t)(of_year - (153 * m + 2) / 5 + 1),
		.weekday = (uint8_t)(((days + 3) % 7 + 7) % 7) };
}

unsigned days_in_month(int32_t year, unsigned month)
{
	return (unsigned)(days_of(month == 12 ? year + 1 : year, month % 12 + 1, 1) -
	    days_of(year, month, 1));
}

/* Local seconds since 1970 at which the edge lies in that year. */
static int64_t edge_in(const struct edge *edge, int32_t year)
{
	int64_t day = days_of(year, 1, 1);

	if (edge->form == 'M') {
		struct civil first = days_split(days_of(year, edge->month, 1));
		/* POSIX counts from Sunday; ours from Monday */
		unsigned until = (edge->day + 6u + 7u - first.weekday) % 7 + 7u * (edge->week - 1u);

		while (until >= days_in_month(year, edge->month))
			until -= 7; /* week 5 is the last one */
		day = days_of(year, edge->month, 1) + until;
	} else if (edge->form == 'J') {
		bool leap = days_in_month(year, 2) == 29;

		day += edge->day - 1 + (leap && edge->day >= 60 ? 1 : 0);
	} else {
		day += edge->day;
	}
	return day * DAY_S + edge->second_s;
}

static int32_t offset_at(const struct zone *zone, int64_t s)
{
	size_t low = 0, high = zone != NULL ? zone->turns_n : 0;

	if (zone == NULL)
		return 0;
	while (low < high) { /* the first turn after s */
		size_t mid = low + (high - low) / 2;

		if (zone->turns[mid].at_s <= s)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < zone->turns_n || !zone->ruled)
		return low > 0 ? zone->turns[low - 1].offset_s : zone->before_s;
	if (!zone->summer)
		return zone->standard_s;
	int32_t year = days_split(floor_div(s + zone->standard_s, DAY_S)).year;
	int64_t start = edge_in(&zone->start, year) - zone->standard_s;
	int64_t end = edge_in(&zone->end, year) - zone->summer_s;
	bool summer = start < end ? s >= start && s < end : s >= start || s < end;

	return summer ? zone->summer_s : zone->standard_s;
}

int32_t zone_offset(const struct zone *zone, int64_t utc_ms)
{
	return offset_at(zone, floor_div(utc_ms, 1000));
}

struct civil zone_split(const struct zone *zone, int64_t utc_ms)
{
	const int64_t far = days_of(9999, 12, 30) * DAY_S * 1000;

	utc_ms = utc_ms > far ? far : utc_ms < -2 * far ? -2 * far : utc_ms;
	int64_t s = floor_div(utc_ms, 1000);
	int32_t offset = offset_at(zone, s);
	int64_t local = s + offset, days = floor_div(local, DAY_S), rest = local - days * DAY_S;
	struct civil civil = days_split(days);

	civil.hour = (uint8_t)(rest / 3600);
	civil.minute = (uint8_t)(rest / 60 % 60);
	civil.second = (uint8_t)(rest % 60);
	civil.ms = (uint16_t)(utc_ms - s * 1000);
	civil.offset_s = offset;
	return civil;
}

int64_t zone_join(const struct zone *zone, const struct civil *civil)
{
	int64_t local = days_of(civil->year, civil->month, civil->day) * DAY_S +
	    civil->hour * 3600 + civil->minute * 60 + civil->second;
	int32_t before = offset_at(zone, local - DAY_S), after = offset_at(zone, local + DAY_S);
	int64_t s = local - before;

	if (offset_at(zone, s) != before && offset_at(zone, local - after) == after)
		s = local - after;
	return s * 1000 + civil->ms;
}

/* "9", "9:30", "-3:00:00"; ret untouched and false when it is none. */
static bool cut_clock(struct span *s, int32_t *ret_s)
{
	int32_t sum = 0, parts = 0, sign = 1;

	if (s->left > 0 && (s->at[0] == '-' || s->at[0] == '+'))
		sign = span_cut(s, 1).at[0] == '-' ? -1 : 1;
	for (int32_t unit = 3600; unit > 0; unit /= 60, parts++) {
		int32_t n = 0, digits = 0;

		if (parts > 0 && (s->left == 0 || s->at[0] != ':'))
			break;
		if (parts > 0)
			(void)span_cut(s, 1);
		for (; s->left > 0 && s->at[0] >= '0' && s->at[0] <= '9' && digits < 3; digits++)
			n = n * 10 + (span_cut(s, 1).at[0] - '0');
		if (digits == 0 || n > (unit == 3600 ? 167 : 59))
			return false;
		sum += n * unit;
	}
	*ret_s = sign * sum;
	return true;
}

static bool cut_number(struct span *s, uint16_t max, uint16_t *ret_value)
{
	uint32_t n = 0, digits = 0;

	for (; s->left > 0 && s->at[0] >= '0' && s->at[0] <= '9' && digits < 4; digits++)
		n = n * 10 + (uint32_t)(span_cut(s, 1).at[0] - '0');
	*ret_value = (uint16_t)n;
	return digits > 0 && n <= max;
}

static bool cut_char(struct span *s, char c)
{
	if (s->left == 0 || s->at[0] != (uint8_t)c)
		return false;
	(void)span_cut(s, 1);
	return true;
}

static bool cut_zone_word(struct span *s)
{
	size_t n = 0;

	if (cut_char(s, '<'))
		return span_until(s, '>').left > 0;
	for (; s->left > 0 && (s->at[0] | 0x20) >= 'a' && (s->at[0] | 0x20) <= 'z'; n++)
		(void)span_cut(s, 1);
	return n >= 3;
}

static bool cut_edge(struct span *s, struct edge *edge)
{
	edge->second_s = 2 * 3600;
	if (!cut_char(s, ','))
		return false;
	if (cut_char(s, 'M')) {
		edge->form = 'M';
		if (!cut_number(s, 12, &edge->month) || edge->month == 0 || !cut_char(s, '.') ||
		    !cut_number(s, 5, &edge->week) || edge->week == 0 || !cut_char(s, '.') ||
		    !cut_number(s, 6, &edge->day))
			return false;
	} else {
		edge->form = cut_char(s, 'J') ? 'J' : 'N';
		if (!cut_number(s, 365, &edge->day) || (edge->form == 'J' && edge->day == 0))
			return false;
	}
	return !cut_char(s, '/') || cut_clock(s, &edge->second_s);
}

/* RFC 8536 section 3.3: a POSIX TZ string; "" means no rule. */
static bool read_footer(struct zone *zone, struct span s)
{
	int32_t west = 0;

	if (s.left == 0)
		return true;
	if (!cut_zone_word(&s) || !cut_clock(&s, &west) || west > FARTHEST_OFFSET_S ||
	    west < -FARTHEST_OFFSET_S)
		return false;
	zone->ruled = true;
	zone->standard_s = -west; /* POSIX counts west of Greenwich */
	if (s.left == 0)
		return true;
	zone->summer = true;
	if (!cut_zone_word(&s))
		return false;
	west -= 3600;
	if (s.left > 0 && s.at[0] != ',' && !cut_clock(&s, &west))
		return false;
	zone->summer_s = -west;
	return west <= FARTHEST_OFFSET_S && west >= -FARTHEST_OFFSET_S &&
	    cut_edge(&s, &zone->start) && cut_edge(&s, &zone->end) && s.left == 0;
}

/* One header of a TZif file: how much of each. */
struct counts {
	uint8_t version;
	uint32_t isut, isstd, leap, time, type, chars;
};

static bool cut_header(struct span *s, struct counts *ret_counts)
{
	struct span head = span_cut(s, HEADER), magic = span_cut(&head, 4);

	if (!span_equal(magic, "TZif"))
		return false;
	ret_counts->version = (uint8_t)span_be(&head, 1);
	(void)span_cut(&head, 15);
	uint32_t *const list[] = { &ret_counts->isut, &ret_counts->isstd, &ret_counts->leap,
		&ret_counts->time, &ret_counts->type, &ret_counts->chars };

	for (size_t i = 0; i < 6; i++)
		*list[i] = (uint32_t)span_be(&head, 4);
	return ret_counts->type > 0 && ret_counts->type <= TYPES &&
	    ret_counts->time <= LIMIT_ZONE_TURNS && ret_counts->chars <= 2048 &&
	    ret_counts->isut <= TYPES && ret_counts->isstd <= TYPES && ret_counts->leap <= 1024;
}

/* The data block; times are `width` bytes.  False: malformed. */
static bool read_block(struct zone *zone, struct span *s, const struct counts *counts,
    size_t width)
{
	struct span times = span_cut(s, counts->time * width);
	struct span indices = span_cut(s, counts->time);
	struct span types = span_cut(s, (size_t)counts->type * 6);
	int32_t offsets[TYPES];

	(void)span_cut(s, counts->chars + counts->leap * (width + 4) + counts->isstd + counts->isut);
	for (uint32_t i = 0; i < counts->type; i++) {
		offsets[i] = (int32_t)(uint32_t)span_be(&types, 4);
		(void)span_cut(&types, 2);
		if (offsets[i] > FARTHEST_OFFSET_S || offsets[i] < -FARTHEST_OFFSET_S)
			return false;
	}
	zone->before_s = offsets[0];
	zone->turns_n = counts->time;
	for (uint32_t i = 0; i < counts->time; i++) {
		uint64_t raw = span_be(&times, width), which = span_be(&indices, 1);

		zone->turns[i].at_s = width == 8 ? (int64_t)raw : (int32_t)(uint32_t)raw;
		if (which >= counts->type ||
		    (i > 0 && zone->turns[i].at_s <= zone->turns[i - 1].at_s))
			return false;
		zone->turns[i].offset_s = offsets[which];
	}
	return !s->broken;
}

int zone_new(struct span s, struct zone **ret_zone, struct why *why)
{
	struct counts counts = { 0 };
	size_t width = 4;

	if (!cut_header(&s, &counts))
		return fail(why, KS_MALFORMED, "not a time zone file (TZif, RFC 8536)");
	if (counts.version >= '2') { /* the first block is for readers of 32 bits */
		(void)span_cut(&s, (size_t)counts.time * 5 + (size_t)counts.type * 6 +
		    counts.chars + (size_t)counts.leap * 8 + counts.isstd + counts.isut);
		if (!cut_header(&s, &counts))
			return fail(why, KS_MALFORMED, "time zone file: its second part is damaged");
		width = 8;
	}
	if (counts.leap > 0)
		return fail(why, KS_MALFORMED,
		    "time zone file counts leap seconds; use the one without \"right/\"");
	struct zone *zone = calloc(1, sizeof *zone + counts.time * sizeof(struct turn));

	if (zone == NULL)
		return fail(why, KS_FULL, "no memory left");
	bool good = read_block(zone, &s, &counts, width);

	if (good && width == 8)
		good = cut_char(&s, '\n') && read_footer(zone, span_until(&s, '\n'));
	if (!good) {
		zone_free(zone);
		return fail(why, KS_MALFORMED, "time zone file is damaged");
	}
	*ret_zone = zone;
	return KS_OK;
}

void zone_free(struct zone *zone)
{
	free(zone);
}

bool zone_name_good(struct span name)
{
	uint8_t before = '/';

	if (name.left == 0 || name.left > LIMIT_NAME)
		return false;
	for (; name.left > 0; before = span_cut(&name, 1).at[0]) {
		uint8_t c = name.at[0];
		bool word = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') ||
		    c == '_' || c == '+' || c == '-';

		if (!word && (c != '/' || before == '/'))
			return false;
	}
	return before != '/';
}
