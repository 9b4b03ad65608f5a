/* test/scene/snmp.c - a small SNMP v1 / v2c agent: BER in, BER out. */
#include "sim.h"
#include <stdio.h>
#include <stdlib.h>

enum { TAG_INTEGER = 2, TAG_STRING = 4, TAG_NULL = 5, TAG_OID = 6, TAG_SEQUENCE = 0x30,
	TAG_GAUGE = 0x42, TAG_TICKS = 0x43, TAG_NO_OBJECT = 0x80, TAG_END = 0x82,
	PDU_GET = 0xa0, PDU_NEXT = 0xa1, PDU_RESPONSE = 0xa2, PDU_BULK = 0xa5 };
enum { OID_MOST = 32, VARS_MOST = 96, ERROR_NO_NAME = 2 };

struct oid {
	uint32_t part[OID_MOST];
	size_t n;
};

struct var {
	struct oid oid;
	uint8_t tag;
	int64_t number;
	const char *string; /* dotted for TAG_OID */
};

struct mib {
	struct var vars[VARS_MOST];
	size_t n;
};

static struct oid oid_of(const char *dotted)
{
	struct oid oid = { .n = 0 };

	while (*dotted != '\0' && oid.n < OID_MOST) {
		char *end;

		oid.part[oid.n++] = (uint32_t)strtoul(dotted, &end, 10);
		dotted = *end == '.' ? end + 1 : end;
	}
	return oid;
}

static int oid_compare(const struct oid *a, const struct oid *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return a->n == b->n ? 0 : a->n < b->n ? -1 : 1;
}

static void put(struct mib *mib, const char *oid, uint8_t tag, int64_t number, const char *string)
{
	if (mib->n < VARS_MOST)
		mib->vars[mib->n++] = (struct var){ oid_of(oid), tag, number, string };
}

static void number(struct mib *mib, const char *oid, double value)
{
	put(mib, oid, TAG_INTEGER, (int64_t)(value < 0 ? value - 0.5 : value + 0.5), NULL);
}

static void string(struct mib *mib, const char *oid, const char *value)
{
	put(mib, oid, TAG_STRING, 0, value);
}

static void system_fill(struct mib *mib, const struct sim_room *room, const char *what,
    const char *object)
{
	string(mib, "1.3.6.1.2.1.1.1.0", what);
	put(mib, "1.3.6.1.2.1.1.2.0", TAG_OID, 0, object);
	put(mib, "1.3.6.1.2.1.1.3.0", TAG_TICKS, (room->now_ms - room->start_ms) / 10 + 777600000,
	    NULL);
	string(mib, "1.3.6.1.2.1.1.4.0", "");
	string(mib, "1.3.6.1.2.1.1.5.0", what);
}

/* RFC 1628: the rows lie in the order of their OIDs. */
static void ups_fill(struct mib *mib, struct sim_room *room)
{
	double watts = sim_watts(room);

	system_fill(mib, room, "Simulated UPS 6 kVA", "1.3.6.1.2.1.33");
#define UPS "1.3.6.1.2.1.33.1."
	string(mib, UPS "1.1.0", "keisoku scene");
	string(mib, UPS "1.2.0", "UPS 6000");
	number(mib, UPS "2.1.0", 2);   /* batteryNormal */
	number(mib, UPS "2.2.0", 0);   /* seconds on battery */
	number(mib, UPS "2.3.0", 60 * 3200 / (watts + 100) - 20);
	number(mib, UPS "2.4.0", 100);
	number(mib, UPS "2.5.0", 2182);
	number(mib, UPS "2.7.0", sim_sensor(room, 4.5));
	number(mib, UPS "3.2.0", 1);
	number(mib, UPS "3.3.1.2.1", 500);
	number(mib, UPS "3.3.1.3.1", 201);
	number(mib, UPS "4.1.0", 3);   /* normal */
	number(mib, UPS "4.2.0", 500);
	number(mib, UPS "4.3.0", 1);
	number(mib, UPS "4.4.1.2.1", 200);
	number(mib, UPS "4.4.1.3.1", watts / 20);
	number(mib, UPS "4.4.1.4.1", watts);
	number(mib, UPS "4.4.1.5.1", watts / 54);
	number(mib, UPS "6.1.0", 0);   /* alarms */
}

/* ENTITY-MIB names, ENTITY-SENSOR-MIB values: tenths of C and of %RH. */
static void environment_fill(struct mib *mib, struct sim_room *room)
{
	static const char *const names[] = { "Rack R1 top, inlet", "Rack R1 bottom, inlet",
		"Room, by the door", "Return air", "Room humidity" };
	static const double offsets[] = { 1.4, -0.6, 0, 2.2 };
	char oid[64];

	system_fill(mib, room, "Simulated environment unit", "1.3.6.1.4.1.32473.1.1");
	for (unsigned i = 1; i <= 5; i++) {
		(void)snprintf(oid, sizeof oid, "1.3.6.1.2.1.47.1.1.1.1.7.%u", i);
		string(mib, oid, names[i - 1]);
	}
	for (unsigned column = 1; column <= 5; column++)
		for (unsigned i = 1; i <= 5; i++) {
			double value = i == 5 ? room->humidity : sim_sensor(room, offsets[i - 1]);
			const double cells[] = { i == 5 ? 9 : 8, 9, 1, value * 10, 1 };

			(void)snprintf(oid, sizeof oid, "1.3.6.1.2.1.99.1.1.1.%u.%u", column, i);
			number(mib, oid, cells[column - 1]);
		}
}

/* Answers are written from the end to the front, so that lengths are known. */
struct back {
	uint8_t *at;
	size_t left; /* free bytes in front */
};

static void back_byte(struct back *b, uint8_t byte)
{
	if (b->left > 0)
		b->at[--b->left] = byte;
}

static void back_head(struct back *b, uint8_t tag, size_t end)
{
	size_t length = end - b->left;

	if (length < 128) {
		back_byte(b, (uint8_t)length);
	} else {
		back_byte(b, (uint8_t)length);
		back_byte(b, (uint8_t)(length >> 8));
		back_byte(b, 0x82);
	}
	back_byte(b, tag);
}

static void back_integer(struct back *b, uint8_t tag, int64_t value)
{
	size_t end = b->left;

	do {
		back_byte(b, (uint8_t)value);
		value >>= 8;
	} while (!((value == 0 && !(b->at[b->left] & 0x80)) ||
		   (value == -1 && (b->at[b->left] & 0x80))));
	back_head(b, tag, end);
}

static void back_oid(struct back *b, const struct oid *oid)
{
	size_t end = b->left;

	for (size_t i = oid->n; i-- > 2;) {
		uint32_t part = oid->part[i];

		back_byte(b, part & 0x7f);
		while ((part >>= 7) > 0)
			back_byte(b, (uint8_t)(part & 0x7f) | 0x80);
	}
	back_byte(b, (uint8_t)(oid->part[0] * 40 + oid->part[1]));
	back_head(b, TAG_OID, end);
}

static void back_var(struct back *b, const struct var *var)
{
	size_t end = b->left, value_end = end;

	if (var->tag == TAG_STRING) {
		for (size_t i = strlen(var->string); i-- > 0;)
			back_byte(b, (uint8_t)var->string[i]);
		back_head(b, TAG_STRING, value_end);
	} else if (var->tag == TAG_OID) {
		struct oid value = oid_of(var->string);

		back_oid(b, &value);
	} else if (var->tag == TAG_NULL || var->tag == TAG_NO_OBJECT || var->tag == TAG_END) {
		back_head(b, var->tag, value_end);
	} else {
		back_integer(b, var->tag, var->number);
	}
	back_oid(b, &var->oid);
	back_head(b, TAG_SEQUENCE, end);
}

static struct span ber_cut(struct span *s, uint8_t *ret_tag)
{
	size_t length;

	*ret_tag = (uint8_t)span_be(s, 1);
	length = (size_t)span_be(s, 1);
	if (length >= 0x80)
		length = (size_t)span_be(s, length & 0x7f);
	return span_cut(s, length);
}

static int64_t ber_integer(struct span *s)
{
	uint8_t tag;
	struct span value = ber_cut(s, &tag);
	int64_t number_ = value.left > 0 && (value.at[0] & 0x80) ? -1 : 0;

	for (; value.left > 0; (void)span_cut(&value, 1))
		number_ = (int64_t)((uint64_t)number_ << 8 | value.at[0]);
	return number_;
}

static struct oid ber_oid(struct span value)
{
	struct oid oid = { .n = 0 };
	uint32_t first = (uint32_t)span_be(&value, 1), part = 0;

	oid.part[oid.n++] = first / 40;
	oid.part[oid.n++] = first % 40;
	while (value.left > 0 && oid.n < OID_MOST) {
		uint32_t byte = (uint32_t)span_be(&value, 1);

		part = part << 7 | (byte & 0x7f);
		if (!(byte & 0x80)) {
			oid.part[oid.n++] = part;
			part = 0;
		}
	}
	return oid;
}

static struct var lookup(const struct mib *mib, const struct oid *oid, bool next, int version)
{
	for (size_t i = 0; i < mib->n; i++) {
		int order = oid_compare(&mib->vars[i].oid, oid);

		if (order == 0 ? !next : order > 0 && next)
			return mib->vars[i];
	}
	return (struct var){ .oid = *oid, .tag = (uint8_t)(version == 0 ? TAG_NULL :
	    next ? TAG_END : TAG_NO_OBJECT) };
}

struct question {
	int64_t version, id, non_repeaters, repetitions;
	uint8_t pdu;
	struct span community;
	struct oid names[64];
	size_t names_n;
};

static bool question_read(struct span request, struct question *ret)
{
	struct question q = { .names_n = 0 };
	struct span message, pdu, list;
	uint8_t tag;

	message = ber_cut(&request, &tag);
	q.version = ber_integer(&message);
	q.community = ber_cut(&message, &tag);
	pdu = ber_cut(&message, &q.pdu);
	q.id = ber_integer(&pdu);
	q.non_repeaters = ber_integer(&pdu);
	q.repetitions = ber_integer(&pdu);
	list = ber_cut(&pdu, &tag);
	if (pdu.broken || q.version > 1)
		return false;
	while (list.left > 0 && q.names_n < 64) {
		struct span pair = ber_cut(&list, &tag);

		q.names[q.names_n++] = ber_oid(ber_cut(&pair, &tag));
		if (pair.broken)
			return false;
	}
	*ret = q;
	return true;
}

static size_t answers_of(const struct mib *mib, const struct question *q, struct var *out,
    size_t most)
{
	size_t n = 0;
	bool bulk = q->pdu == PDU_BULK;

	for (size_t i = 0; i < q->names_n && n < most; i++) {
		struct oid at = q->names[i];
		int64_t times = bulk && (int64_t)i >= q->non_repeaters ? q->repetitions : 1;

		for (int64_t k = 0; k < times && n < most; k++) {
			out[n] = lookup(mib, &at, q->pdu != PDU_GET, (int)q->version);
			at = out[n].oid;
			if (out[n++].tag == TAG_END)
				break;
		}
	}
	return n;
}

size_t sim_snmp(struct sim_room *room, enum sim_agent agent, struct span request,
    uint8_t *answer, size_t most)
{
	static struct mib mib;
	struct question q;
	struct var vars[VARS_MOST];
	struct back b = { .at = answer, .left = most };
	size_t n, error = 0;

	if (!question_read(request, &q) || !span_equal(q.community, "public"))
		return 0;
	mib.n = 0;
	if (agent == SIM_UPS)
		ups_fill(&mib, room);
	else
		environment_fill(&mib, room);
	n = answers_of(&mib, &q, vars, q.pdu == PDU_BULK ? 40 : VARS_MOST);
	for (size_t i = n; i-- > 0;) {
		error = vars[i].tag == TAG_NULL ? i + 1 : error;
		back_var(&b, &vars[i]);
	}
	back_head(&b, TAG_SEQUENCE, most);
	back_integer(&b, TAG_INTEGER, (int64_t)error);
	back_integer(&b, TAG_INTEGER, error > 0 ? ERROR_NO_NAME : 0);
	back_integer(&b, TAG_INTEGER, q.id);
	back_head(&b, PDU_RESPONSE, most);
	size_t end = b.left;

	for (size_t i = q.community.left; i-- > 0;)
		back_byte(&b, q.community.at[i]);
	back_head(&b, TAG_STRING, end);
	back_integer(&b, TAG_INTEGER, q.version);
	back_head(&b, TAG_SEQUENCE, most);
	memmove(answer, answer + b.left, most - b.left);
	return most - b.left;
}
