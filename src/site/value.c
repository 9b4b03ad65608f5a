/* src/site/value.c - what stands after = into the member of the thing that its row in
 * keys.c names. */
#include "base/must.h"
#include "site/calendar.h"
#include "site/reader.h"

/* A kept number of that type is the milli divided by this; the rest must be 0. */
static const int64_t divisors[] = { [TYPE_QUANTITY] = 1, [TYPE_MILLI] = 1, [TYPE_COUNT] = 1000,
	[TYPE_WHOLE] = 1000, [TYPE_ORDER] = 1000, [TYPE_DAYS] = 86400000 };

static void store_number(const struct key *key, void *thing, int64_t milli)
{
	char *member = (char *)thing + key->at;
	int64_t wide = milli / divisors[key->type];
	uint32_t narrow = (uint32_t)wide; /* an int32_t has the same bytes */

	if (key->type == TYPE_MILLI || key->type == TYPE_COUNT || key->type == TYPE_ORDER)
		memcpy(member, &narrow, sizeof narrow);
	else
		memcpy(member, &wide, sizeof wide);
}

static void store_text(const struct key *key, void *thing, const char *text)
{
	memcpy((char *)thing + key->at, &text, sizeof text);
}

static void fault_range(struct reader *r, const struct pair *pair, const struct ready *ready)
{
	struct text low, high;

	text_init(&low, 40);
	text_init(&high, 40);
	quantity_write(&low, ready->low, ready->unit);
	quantity_write(&high, ready->high, ready->unit);
	fault(r, pair->all, "%s= must lie between %s and %s", pair->key->word, text_cstr(&low),
	    text_cstr(&high));
	text_done(&low);
	text_done(&high);
}

static void read_number(struct reader *r, const struct pair *pair, void *thing)
{
	const struct ready *ready = &r->ready[pair->key - keys];
	int64_t milli = 0;
	struct why why;

	if (quantity_read(piece_span(r, pair->value), ready->unit, &milli, &why) != KS_OK)
		fault_why(r, pair->value, &why);
	else if (milli < ready->low || milli > ready->high)
		fault_range(r, pair, ready);
	else if (milli % divisors[pair->key->type] != 0)
		fault(r, pair->value, "%s= takes whole numbers only", pair->key->word);
	else
		store_number(pair->key, thing, milli);
}

static void read_text(struct reader *r, const struct pair *pair, void *thing)
{
	store_text(pair->key, thing, reader_text(r, pair->value));
}

static void read_note(struct reader *r, const struct pair *pair, void *thing)
{
	(void)r;
	(void)pair;
	(void)thing;
}

static void read_yes(struct reader *r, const struct pair *pair, void *thing)
{
	struct span s = piece_span(r, pair->value);
	bool yes = span_equal(s, "yes") || span_equal(s, "1");

	if (!yes && !span_equal(s, "no") && !span_equal(s, "0"))
		fault(r, pair->value, "%s= is yes or no", pair->key->word);
	memcpy((char *)thing + pair->key->at, &yes, sizeof yes);
}

/* A value that is one of a few words: NULL and the fault said when it is not. */
static void read_choice(struct reader *r, const struct pair *pair, void *thing)
{
	struct span words = span_text(pair->key->extra), s = piece_span(r, pair->value);
	struct nearest nearest;

	nearest_start(&nearest, s);
	while (words.left > 0) {
		struct span word = span_until(&words, ' ');

		nearest_put(&nearest, word);
		if (word.left == s.left && memcmp(word.at, s.at, s.left) == 0) {
			read_text(r, pair, thing);
			return;
		}
	}
	memcpy(r->suggestion, nearest.best, sizeof r->suggestion);
	fault(r, pair->value, "%s= is one of: %s", pair->key->word, pair->key->extra);
}

static void read_check(struct reader *r, const struct pair *pair, void *thing)
{
	static const struct unit plain = { "", "", 1, 1, 0 };
	struct span s = piece_span(r, pair->value), rest = s, head = span_until(&rest, ':');
	int64_t port = 0;
	bool tcp = span_equal(head, "tcp") && quantity_read(rest, &plain, &port, NULL) == KS_OK &&
	    port % 1000 == 0 && port >= 1000 && port <= 65535000;

	if (!tcp && !span_equal(s, "ping") && !span_equal(s, "snmp"))
		fault(r, pair->value, "check= is ping, snmp or tcp:PORT with a port of 1 to 65535");
	read_text(r, pair, thing);
}

static void read_zone(struct reader *r, const struct pair *pair, void *thing)
{
	if (!zone_name_good(piece_span(r, pair->value)))
		fault(r, pair->value, "%s= is the name of a time zone, such as Asia/Tokyo",
		    pair->key->word);
	read_text(r, pair, thing);
}

static void read_ref(struct reader *r, const struct pair *pair, void *thing)
{
	const void *other = thing_named(r, pair->value, pair->key->kinds);

	memcpy((char *)thing + pair->key->at, &other, sizeof other);
}

static void read_deps(struct reader *r, const struct pair *pair, void *thing)
{
	struct service *service = thing;
	const struct service *deps[LIMIT_DEPENDENCIES];
	struct piece rest = pair->value, item;
	size_t n = 0;

	while (scan_item(r, &rest, &item)) {
		if (n == LIMIT_DEPENDENCIES) {
			fault(r, pair->value, "more than %d services", LIMIT_DEPENDENCIES);
			return;
		}
		deps[n] = thing_named(r, item, 1u << KIND_SERVICE);
		n += deps[n] != NULL ? 1 : 0;
	}
	service->deps = reader_take(r, n, sizeof *service->deps);
	service->deps_n = service->deps != NULL ? n : 0;
	if (service->deps_n > 0)
		memcpy(service->deps, deps, n * sizeof *deps);
}

/* "PDU.12" -> the length of "PDU", and 12; 0 when it is not of that form. */
static uint32_t split_outlet(struct span s, uint32_t *ret_outlet)
{
	uint32_t n = (uint32_t)s.left, digits = 0, outlet = 0;

	while (digits < n && digits < 4 && s.at[n - digits - 1] >= '0' && s.at[n - digits - 1] <= '9')
		digits++;
	for (uint32_t i = digits; i > 0; i--)
		outlet = outlet * 10 + (uint32_t)(s.at[n - i] - '0');
	if (digits == 0 || digits == n || s.at[n - digits - 1] != '.')
		return 0;
	*ret_outlet = outlet;
	return n - digits - 1;
}

/* PDU or PDU.OUTLET; where nothing has the ID before the dot, the dot is its own. */
static bool read_cord(struct reader *r, struct piece item, struct cord *ret_cord)
{
	struct span s = piece_span(r, item);
	uint32_t outlet = 0, n = split_outlet(s, &outlet);

	if (n > 0 && (ids_find(r, span_of(s.at, n)) != 0 || ids_find(r, s) == 0))
		item.n = n;
	else
		outlet = 0;
	ret_cord->outlet = outlet;
	ret_cord->pdu = thing_named(r, item, KINDS_POWER);
	return ret_cord->pdu != NULL;
}

static void read_cords(struct reader *r, const struct pair *pair, void *thing)
{
	struct host *host = thing;
	struct cord cords[LIMIT_CORDS];
	struct piece rest = pair->value, item;
	size_t n = 0;

	while (scan_item(r, &rest, &item)) {
		if (n == LIMIT_CORDS) {
			fault(r, pair->value, "more than %d cords", LIMIT_CORDS);
			return;
		}
		n += read_cord(r, item, &cords[n]) ? 1 : 0;
	}
	struct cord *kept = reader_take(r, n, sizeof *kept);

	host->cords = kept;
	host->cords_n = kept != NULL ? n : 0;
	if (host->cords_n > 0)
		memcpy(kept, cords, n * sizeof *cords);
}

static void read_subject(struct reader *r, const struct pair *pair, void *thing)
{
	if (thing_named(r, pair->value, (1u << KINDS) - 1) != NULL)
		read_text(r, pair, thing);
}

static void read_country(struct reader *r, const struct pair *pair, void *thing)
{
	const char *country = NULL;

	if (!holiday_country(piece_span(r, pair->value), &country))
		fault(r, pair->value, "holidays= is one of: %s", "JP CN KR TW US IN");
	store_text(pair->key, thing, country);
}

static void read_format(struct reader *r, const struct pair *pair, void *thing)
{
	(void)thing;
	if (!span_equal(piece_span(r, pair->value), "1"))
		fault(r, pair->value, "this keisoku reads format=1 only; the file is of a newer one");
}

static void read_measure(struct reader *r, const struct pair *pair, void *thing)
{
	struct sensor *sensor = thing;
	struct span s = piece_span(r, pair->value);
	struct nearest nearest;

	sensor->kind_given = true;
	if (measure_find(s, &sensor->kind))
		return;
	nearest_start(&nearest, s);
	for (unsigned kind = 0; kind < MEASURES; kind++)
		nearest_put(&nearest, span_text(measure_word((enum measure)kind)));
	memcpy(r->suggestion, nearest.best, sizeof r->suggestion);
	fault(r, pair->value, "nothing measures \"%.*s\"", (int)s.left, (const char *)s.at);
}

static void read_place(struct reader *r, const struct pair *pair, void *thing)
{
	struct sensor *sensor = thing;

	if (!place_find(piece_span(r, pair->value), &sensor->place))
		fault(r, pair->value, "place= is one of: %s",
		    "inlet outlet room return supply outside internal water");
}

static void read_fahrenheit(struct reader *r, const struct pair *pair, void *thing)
{
	struct sensor *sensor = thing;
	struct span s = piece_span(r, pair->value);

	sensor->fahrenheit = span_equal(s, "F");
	if (!sensor->fahrenheit && !span_equal(s, "C"))
		fault(r, pair->value, "unit= is C or F: what the device speaks");
}

static void read_at(struct reader *r, const struct pair *pair, void *thing)
{
	value_at(r, pair, thing);
}

static void read_on(struct reader *r, const struct pair *pair, void *thing)
{
	value_on(r, pair, thing);
}

static void read_limit(struct reader *r, const struct pair *pair, void *thing)
{
	value_limit(r, pair, thing);
}

static void read_hours(struct reader *r, const struct pair *pair, void *thing)
{
	value_hours(r, pair, thing);
}

static void read_off(struct reader *r, const struct pair *pair, void *thing)
{
	value_off(r, pair, thing);
}

static void read_ics(struct reader *r, const struct pair *pair, void *thing)
{
	value_ics(r, pair, thing);
}

static void (*const readers[TYPES])(struct reader *, const struct pair *, void *) = {
	[TYPE_QUANTITY] = read_number, [TYPE_MILLI] = read_number, [TYPE_COUNT] = read_number,
	[TYPE_WHOLE] = read_number, [TYPE_ORDER] = read_number, [TYPE_DAYS] = read_number,
	[TYPE_TEXT] = read_text, [TYPE_NOTE] = read_note, [TYPE_YES] = read_yes,
	[TYPE_CHOICE] = read_choice, [TYPE_CHECK] = read_check, [TYPE_ZONE] = read_zone,
	[TYPE_REF] = read_ref, [TYPE_DEPS] = read_deps, [TYPE_CORDS] = read_cords,
	[TYPE_AT] = read_at, [TYPE_ON] = read_on, [TYPE_SUBJECT] = read_subject,
	[TYPE_MEASURE] = read_measure, [TYPE_PLACE] = read_place,
	[TYPE_FAHRENHEIT] = read_fahrenheit, [TYPE_LIMIT] = read_limit,
	[TYPE_OFFSET] = read_limit, [TYPE_HOURS] = read_hours, [TYPE_OFF] = read_off,
	[TYPE_ICS] = read_ics, [TYPE_COUNTRY] = read_country, [TYPE_INSTANT] = value_instant,
	[TYPE_FORMAT] = read_format,
};

void value_apply(struct reader *r, const struct pair *pair, void *thing)
{
	readers[pair->key->type](r, pair, thing);
}

void value_default(struct reader *r, const struct key *key, void *thing)
{
	int64_t milli = 0;

	if (key->fallback == NULL)
		return;
	if (key->type > TYPE_DAYS)
		store_text(key, thing, key->fallback);
	else {
		must(quantity_read(span_text(key->fallback), r->ready[key - keys].unit, &milli,
			 NULL) == KS_OK);
		store_number(key, thing, milli);
	}
}
