#include "sense/snmp/varbind.h"
#include "base/must.h"
#include <stdio.h>

bool oid_read(struct span text, struct oid *ret_oid)
{
	struct oid oid = { .n = 0 };

	text = span_trim(text);
	if (text.left > 0 && text.at[0] == '.')
		(void)span_cut(&text, 1);
	while (text.left > 0) {
		bool dotted = memchr(text.at, '.', text.left) != NULL;
		struct span part = span_until(&text, '.');
		uint64_t id = 0;

		if (part.left == 0 || part.left > 10 || oid.n == OID_MAX)
			return false;
		if (dotted && text.left == 0)
			return false;
		for (size_t i = 0; i < part.left; i++) {
			if (part.at[i] < '0' || part.at[i] > '9')
				return false;
			id = id * 10 + (uint64_t)(part.at[i] - '0');
		}
		if (id > UINT32_MAX)
			return false;
		oid.id[oid.n++] = (uint32_t)id;
	}
	if (oid.n == 0)
		return false;
	*ret_oid = oid;
	return true;
}

void oid_write(const struct oid *oid, char *ret_text, size_t room)
{
	size_t at = 0;

	must(room > 0);
	ret_text[0] = '\0';
	for (uint32_t i = 0; i < oid->n && i < OID_MAX; i++) {
		int n = snprintf(ret_text + at, room - at, ".%u", oid->id[i]);

		if (n < 0 || (size_t)n >= room - at) {
			ret_text[at] = '\0';
			return;
		}
		at += (size_t)n;
	}
}

/* One sub-identifier, in the order-keeping form of the header. */
static size_t id_pack(uint32_t id, uint8_t ret_bytes[5])
{
	if (id <= 240) {
		ret_bytes[0] = (uint8_t)id;
		return 1;
	}
	if (id < 241 + 8 * 256) {
		ret_bytes[0] = (uint8_t)(241 + (id - 241) / 256);
		ret_bytes[1] = (uint8_t)((id - 241) % 256);
		return 2;
	}
	size_t width = id <= 0xffff ? 2 : id <= 0xffffff ? 3 : 4;

	ret_bytes[0] = (uint8_t)(247 + width);
	for (size_t i = 0; i < width; i++)
		ret_bytes[1 + i] = (uint8_t)(id >> 8 * (width - 1 - i));
	return 1 + width;
}

size_t oid_pack(const struct oid *oid, uint8_t *ret_bytes, size_t room)
{
	size_t need = 0;
	uint8_t part[5];

	for (uint32_t i = 0; i < oid->n && i < OID_MAX; i++)
		need += id_pack(oid->id[i], part);
	if (need > room)
		return need;
	for (uint32_t i = 0; i < oid->n && i < OID_MAX; i++) {
		size_t n = id_pack(oid->id[i], part);

		memcpy(ret_bytes, part, n);
		ret_bytes += n;
	}
	return need;
}

bool oid_unpack(struct span packed, struct oid *ret_oid)
{
	uint32_t n = 0;

	while (packed.left > 0) {
		uint64_t id = span_be(&packed, 1);

		if (n == OID_MAX || id > 251)
			return false;
		if (id > 248)
			id = span_be(&packed, (size_t)(id - 247));
		else if (id > 240)
			id = 241 + (id - 241) * 256 + span_be(&packed, 1);
		ret_oid->id[n++] = (uint32_t)id;
	}
	ret_oid->n = n;
	return !packed.broken && n > 0;
}

bool ask_oid(struct span packed, uint8_t *send, size_t room, uint16_t *send_n)
{
	if (packed.left == 0 || packed.left > OID_BYTES ||
	    (size_t)*send_n + 1 + packed.left > room)
		return false;
	send[*send_n] = (uint8_t)packed.left;
	memcpy(send + *send_n + 1, packed.at, packed.left);
	*send_n = (uint16_t)(*send_n + 1 + packed.left);
	return true;
}

bool ask_oid_cut(struct span *send, struct span *ret_packed)
{
	if (send->left == 0)
		return false;
	struct span packed = span_cut(send, (size_t)span_be(send, 1));

	if (send->broken || packed.left == 0)
		return false;
	*ret_packed = packed;
	return true;
}

static bool type_is_number(enum var_type type)
{
	return type == VAR_INTEGER || type == VAR_COUNTER || type == VAR_GAUGE ||
	    type == VAR_TICKS || type == VAR_COUNTER64;
}

static bool type_is_bytes(enum var_type type)
{
	return type == VAR_OCTETS || type == VAR_OID || type == VAR_ADDRESS ||
	    type == VAR_OPAQUE;
}

void varbind_add(struct text *reply, const struct varbind *var)
{
	uint8_t number[8], head[4] = { (uint8_t)var->type, (uint8_t)var->oid.left };
	struct span value = { .at = NULL };

	must(var->oid.left > 0 && var->oid.left <= OID_BYTES);
	if (type_is_number(var->type)) {
		for (size_t i = 0; i < 8; i++)
			number[i] = (uint8_t)((uint64_t)var->number >> (56 - 8 * i));
		value = span_of(number, 8);
	} else if (type_is_bytes(var->type)) {
		value = var->value;
	}
	if (value.left > UINT16_MAX)
		value.left = UINT16_MAX;
	/* whole or not at all: a reply cut by its limit stays readable */
	if (reply->len + 4 + var->oid.left + value.left > reply->max) {
		reply->full = true;
		return;
	}
	text_add_span(reply, span_of(head, 2));
	text_add_span(reply, var->oid);
	head[2] = (uint8_t)(value.left >> 8);
	head[3] = (uint8_t)value.left;
	text_add_span(reply, span_of(head + 2, 2));
	text_add_span(reply, value);
}

int varbind_cut(struct span *reply, struct varbind *ret_var)
{
	struct varbind var = { .type = VAR_NULL };

	if (reply->left == 0)
		return reply->broken ? KS_TRUNCATED : KS_ABSENT;
	var.type = (enum var_type)span_be(reply, 1);
	var.oid = span_cut(reply, (size_t)span_be(reply, 1));
	var.value = span_cut(reply, (size_t)span_be(reply, 2));
	if (reply->broken)
		return KS_TRUNCATED;
	if (var.oid.left == 0)
		return KS_MALFORMED;
	if (type_is_number(var.type)) {
		if (var.value.left != 8)
			return KS_MALFORMED;
		var.number = (int64_t)span_be(&var.value, 8);
	} else if (!type_is_bytes(var.type)) {
		if (var.type != VAR_NULL && (var.type < VAR_NO_OBJECT ||
						var.type > VAR_END_OF_MIB))
			return KS_MALFORMED;
		if (var.value.left != 0)
			return KS_MALFORMED;
	}
	*ret_var = var;
	return KS_OK;
}
