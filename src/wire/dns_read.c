#include "wire/dns.h"
#include "base/limits.h"

enum { HEAD = 12, POINTER = 0xc0, NBNS_CODED = 32 };
enum dns_type {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_PTR = 12,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	TYPE_NB = 32,
	TYPE_SRV = 33,
	TYPE_DNAME = 39,
	TYPE_SVCB = 64,
	TYPE_HTTPS = 65
};

/* A message while it is read: at is where, whole is what pointers lead into. */
struct reading {
	struct span whole;
	size_t at;
	struct dns_room *room;
	bool broken;
};

static struct span reading_cut(struct reading *r, size_t n)
{
	struct span rest = span_of(r->whole.at + r->at, r->whole.left - r->at);
	struct span cut = span_cut(&rest, n);

	if (rest.broken)
		r->broken = true;
	else
		r->at += n;
	return cut;
}

static uint32_t reading_number(struct reading *r, size_t width)
{
	uint32_t value = 0;

	if (r->whole.left - r->at < width) {
		r->broken = true;
		return 0;
	}
	if (width == 2)
		value = (uint32_t)r->whole.at[r->at] << 8 | r->whole.at[r->at + 1];
	else
		for (size_t i = 0; i < width; i++)
			value = value << 8 | r->whole.at[r->at + i];
	r->at += width;
	return value;
}

static bool is_plain(uint8_t c, bool label)
{
	return c >= 0x21 && c != 0x7f && !(label && (c == '.' || c == '\\'));
}

static void name_add(struct dns_room *room, size_t from, uint8_t c, bool label)
{
	bool plain = is_plain(c, label);

	if (room->used - from + 4 > DNS_NAME || room->used + 4 > DNS_ROOM)
		return;
	if (plain) {
		room->text[room->used++] = (char)c;
		return;
	}
	room->text[room->used++] = '\\';
	room->text[room->used++] = (char)('0' + c / 100);
	room->text[room->used++] = (char)('0' + c / 10 % 10);
	room->text[room->used++] = (char)('0' + c % 10);
}

static void label_add(struct dns_room *room, size_t from, const uint8_t *label, size_t n)
{
	size_t i = 0;

	/* nearly all labels fit and are plain */
	if (room->used - from + 4 + n <= DNS_NAME && room->used + 4 + n <= DNS_ROOM)
		for (; i < n && is_plain(label[i], true); i++)
			room->text[room->used++] = (char)label[i];
	for (; i < n; i++)
		name_add(room, from, label[i], true);
}

/* The name at *at: labels and pointers, each pointer further to the front. */
static struct span name_read(struct reading *r, size_t *at)
{
	struct dns_room *room = r->room;
	size_t from = room->used, here = *at, before = here, bytes = 0;
	bool leapt = false;

	for (;;) {
		uint8_t head = here < r->whole.left ? r->whole.at[here] : 0xff;

		if (here >= r->whole.left || (head & POINTER) == 0x40 || (head & POINTER) == 0x80)
			break;
		if ((head & POINTER) == POINTER) {
			if (here + 2 > r->whole.left)
				break;
			size_t to = (size_t)(head & 0x3f) << 8 | r->whole.at[here + 1];

			if (!leapt)
				*at = here + 2;
			leapt = true;
			if (to >= before) /* or it could run for ever */
				break;
			here = before = to;
			continue;
		}
		if (head == 0) {
			if (!leapt)
				*at = here + 1;
			return span_of(room->text + from, room->used - from);
		}
		bytes += head + 1U;
		if (here + 1 + head > r->whole.left || bytes > 255)
			break;
		if (room->used > from)
			name_add(room, from, '.', false);
		label_add(room, from, r->whole.at + here + 1, head);
		here += 1U + head;
	}
	r->broken = true;
	return span_of(room->text + from, room->used - from);
}

/* RFC 1001 section 14: 16 bytes as 32 letters A to P; blanks fill, the last is a kind. */
static struct span name_nbns(struct reading *r, struct span coded)
{
	struct dns_room *room = r->room;
	size_t from = room->used, end;

	if (coded.left < NBNS_CODED)
		return coded;
	for (size_t i = 0; i < NBNS_CODED; i++)
		if (coded.at[i] < 'A' || coded.at[i] > 'P')
			return coded;
	for (size_t i = 0; i + 2 < NBNS_CODED; i += 2)
		name_add(room, from,
		    (uint8_t)((coded.at[i] - 'A') << 4 | (coded.at[i + 1] - 'A')), false);
	end = room->used;
	while (end > from + 4 && memcmp(room->text + end - 4, "\\032", 4) == 0)
		end -= 4;
	while (end > from + 4 && memcmp(room->text + end - 4, "\\000", 4) == 0)
		end -= 4;
	room->used = end;
	return span_of(room->text + from, end - from);
}

static struct span reading_name(struct reading *r, enum dns_kind kind)
{
	struct span name = name_read(r, &r->at);

	return kind == DNS_NBNS ? name_nbns(r, name) : name;
}

/* Strings with their lengths, one after the other, with a blank between. */
static struct span text_strings(struct reading *r, struct span data)
{
	struct dns_room *room = r->room;
	size_t from = room->used;

	while (data.left > 0) {
		size_t length = (size_t)span_be(&data, 1);
		struct span part = span_cut(&data, length < data.left ? length : data.left);

		if (part.left == 0 || room->used + part.left + 1 > DNS_ROOM)
			continue;
		if (room->used > from)
			room->text[room->used++] = ' ';
		memcpy(room->text + room->used, part.at, part.left);
		room->used += part.left;
	}
	return span_of(room->text + from, room->used - from);
}

/* A name within the data: it may point out of it. */
static struct span data_name(struct reading *r, size_t at)
{
	struct reading inner = *r;
	struct span name = name_read(&inner, &at);

	r->broken |= inner.broken;
	return name;
}

static void answer_data(struct reading *r, struct dns_answer *answer, size_t at,
    struct span data)
{
	answer->text = data;
	switch (answer->type) {
	case TYPE_A:
	case TYPE_AAAA:
		answer->address = address_of(data);
		break;
	case TYPE_NS:
	case TYPE_CNAME:
	case TYPE_PTR:
	case TYPE_DNAME:
		answer->text = data_name(r, at);
		break;
	case TYPE_MX:
	case TYPE_SVCB:
	case TYPE_HTTPS:
		answer->text = data_name(r, at + 2);
		break;
	case TYPE_SRV:
		(void)span_cut(&data, 4);
		answer->port = (uint16_t)span_be(&data, 2);
		answer->text = data_name(r, at + 6);
		break;
	case TYPE_TXT:
		answer->text = text_strings(r, data);
		break;
	case TYPE_NB:
		(void)span_cut(&data, 2);
		answer->address = address_of(span_cut(&data, 4));
		break;
	default:
		break;
	}
}

static bool answer_read(struct reading *r, enum dns_kind kind, struct dns_answer *answer)
{
	struct span data;
	size_t at;

	answer->name = reading_name(r, kind);
	if (r->broken)
		return false;
	answer->type = (uint16_t)reading_number(r, 2);
	answer->class = (uint16_t)reading_number(r, 2);
	if (kind == DNS_MDNS)
		answer->class &= 0x7fff; /* the first bit means "only this one" */
	answer->ttl = reading_number(r, 4);
	size_t length = reading_number(r, 2);

	at = r->at;
	data = reading_cut(r, length);
	if (r->broken)
		return false;
	answer_data(r, answer, at, data);
	return !r->broken;
}

static void answers_read(struct reading *r, enum dns_kind kind, const uint32_t counts[3],
    struct said_dns *dns)
{
	for (uint8_t section = 0; section < 3; section++)
		for (uint32_t i = 0; i < counts[section]; i++) {
			struct dns_answer *answer = &r->room->answers[dns->answer_count];

			if (r->at >= r->whole.left) { /* fewer than announced */
				dns->malformed = true;
				return;
			}
			if (dns->answer_count == SAID_DNS_ANSWERS) {
				dns->more++;
				continue;
			}
			memset(answer, 0, sizeof *answer);
			answer->section = (uint8_t)(section + 1);
			if (!answer_read(r, kind, answer)) {
				dns->malformed = true;
				return;
			}
			if (answer->type != 41) /* the EDNS pseudo record is no answer */
				dns->answer_count++;
		}
}

int dns_read(struct span message, enum dns_kind kind, struct dns_room *room,
    struct said_dns *ret_dns)
{
	struct reading r = { .whole = message, .room = room };
	struct said_dns dns = { .kind = (uint8_t)kind, .answers = room->answers };
	uint32_t flags, counts[3];

	room->used = 0;
	if (message.left < HEAD)
		return KS_TRUNCATED;
	dns.id = (uint16_t)reading_number(&r, 2);
	flags = reading_number(&r, 2);
	dns.questions = (uint16_t)reading_number(&r, 2);
	for (int i = 0; i < 3; i++)
		counts[i] = reading_number(&r, 2);
	dns.response = flags >> 15;
	dns.opcode = flags >> 11 & 15;
	dns.authoritative = flags >> 10 & 1;
	dns.truncated = flags >> 9 & 1;
	dns.recursive = flags >> 8 & 1;
	dns.rcode = flags & 15;
	for (uint32_t i = 0; i < dns.questions && !r.broken; i++) {
		struct span name = reading_name(&r, kind);
		uint16_t type = (uint16_t)reading_number(&r, 2);
		uint16_t class = (uint16_t)reading_number(&r, 2);

		if (i == 0) {
			dns.name = name;
			dns.type = type;
			dns.class = kind == DNS_MDNS ? class & 0x7fff : class;
		}
	}
	if (r.broken)
		dns.malformed = true;
	else
		answers_read(&r, kind, counts, &dns);
	*ret_dns = dns;
	return KS_OK;
}

bool dns_looks_like(struct span message)
{
	struct span head = message, name;
	uint64_t flags, questions, records;

	(void)span_cut(&head, 2);
	flags = span_be(&head, 2);
	questions = span_be(&head, 2);
	records = span_be(&head, 2) + span_be(&head, 2) + span_be(&head, 2);
	if (head.broken || questions != 1 || records > 64 || (flags >> 11 & 15) > 5 ||
	    (flags & 0x40) != 0 || (flags & 15) > 10 || ((flags >> 15) == 0 && (flags & 15) != 0))
		return false;
	name = head;
	for (int labels = 0; labels < 64; labels++) {
		size_t length = (size_t)span_be(&name, 1);

		if (name.broken || length > 63)
			return false;
		if (length == 0)
			break;
		struct span label = span_cut(&name, length);

		for (size_t i = 0; i < label.left; i++)
			if (label.at[i] < 0x21 || label.at[i] == 0x7f)
				return false;
	}
	uint64_t type = span_be(&name, 2), class = span_be(&name, 2);

	return !name.broken && type > 0 && (type <= 260 || type == 32769) &&
	    (class == 1 || class == 3 || class == 255);
}
