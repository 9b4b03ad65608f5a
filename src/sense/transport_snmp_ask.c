/* src/sense/transport_snmp_ask.c - GET and WALK as requests, and their answers. */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include "sense/snmp/varbind.h"
#include "sense/transport_snmp.h"

static bool is_missing(const struct channel_of_snmp *snmp, unsigned i)
{
	return i < SNMP_OIDS_MOST && (snmp->missing[i / 8] >> i % 8 & 1) != 0;
}

static void set_missing(struct channel_of_snmp *snmp, unsigned i)
{
	if (i < SNMP_OIDS_MOST)
		snmp->missing[i / 8] = (uint8_t)(snmp->missing[i / 8] | 1u << i % 8);
}

static void note(struct channel_of_snmp *snmp, int code, const char *what)
{
	snmp->noted = SNMP_FAILED;
	snmp->code = fail(&snmp->why, code, "%s: %s", snmp->about->name, what);
}

static size_t unpack(struct span packed, oid ret_oid[MAX_OID_LEN])
{
	struct oid unpacked;

	if (!oid_unpack(packed, &unpacked))
		return 0;
	for (size_t i = 0; i < unpacked.n; i++)
		ret_oid[i] = unpacked.id[i];
	return unpacked.n;
}

static size_t pack(const oid *name, size_t n, uint8_t ret_bytes[OID_BYTES])
{
	struct oid packed = { .n = 0 };

	if (n > OID_MAX)
		return 0;
	for (size_t i = 0; i < n; i++)
		packed.id[packed.n++] = (uint32_t)name[i];
	size_t used = oid_pack(&packed, ret_bytes, OID_BYTES);

	return used <= OID_BYTES ? used : 0;
}

int snmp_ask_begin(struct channel_of_snmp *snmp, struct why *why)
{
	uint32_t max = snmp->ask->reply_max > 0 ? snmp->ask->reply_max : LIMIT_REPLY_BYTES;

	text_init(&snmp->reply, max < LIMIT_REPLY_BYTES ? max : LIMIT_REPLY_BYTES);
	snmp->at = snmp->next = snmp->first = 0;
	snmp->got = 0;
	memset(snmp->missing, 0, sizeof snmp->missing);
	if (snmp->ask->what == ASK_GET) {
		snmp->most = SNMP_GET_MOST;
		return KS_OK;
	}
	struct span send = span_of(snmp->ask->send, snmp->ask->send_n), packed;

	snmp->most = SNMP_BULK_MOST;
	snmp->last_n = ask_oid_cut(&send, &packed) ? unpack(packed, snmp->last) : 0;
	if (snmp->last_n == 0)
		return fail(why, KS_MALFORMED, "%s: no OID to walk", snmp->about->name);
	return KS_OK;
}

/* The next up to `most` OIDs that are not known to be missing. */
static netsnmp_pdu *build_get(struct channel_of_snmp *snmp)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);
	struct span send = span_of(snmp->ask->send, snmp->ask->send_n), packed;
	unsigned i = snmp->first, asked = 0;

	(void)span_cut(&send, snmp->at);
	snmp->next = snmp->at;
	for (; pdu != NULL && asked < snmp->most && ask_oid_cut(&send, &packed); i++) {
		oid name[MAX_OID_LEN];
		size_t n = is_missing(snmp, i) ? 0 : unpack(packed, name);

		if (n > 0 && snmp_add_null_var(pdu, name, n) != NULL)
			asked++;
		else
			set_missing(snmp, i);
		snmp->next = (uint16_t)(snmp->ask->send_n - send.left);
	}
	return pdu;
}

static netsnmp_pdu *build_walk(struct channel_of_snmp *snmp)
{
	netsnmp_pdu *pdu = snmp_pdu_create(
	    snmp->version == SNMP_VERSION_1 ? SNMP_MSG_GETNEXT : SNMP_MSG_GETBULK);

	if (pdu != NULL && pdu->command == SNMP_MSG_GETBULK) {
		pdu->non_repeaters = 0;
		pdu->max_repetitions = snmp->most;
	}
	if (pdu != NULL)
		(void)snmp_add_null_var(pdu, snmp->last, snmp->last_n);
	return pdu;
}

static void add_missing(struct channel_of_snmp *snmp, struct span packed)
{
	struct varbind var = { .oid = packed, .type = VAR_NO_INSTANCE };

	varbind_add(&snmp->reply, &var);
}

/* Everything of send is answered once nothing is left to ask. */
static void get_on(struct channel_of_snmp *snmp)
{
	snmp->noted = snmp->at >= snmp->ask->send_n ? SNMP_WHOLE : SNMP_AGAIN;
}

/* A request of nothing but missing ones need not be sent. */
static bool only_missing(struct channel_of_snmp *snmp)
{
	struct span send = span_of(snmp->ask->send, snmp->next), packed;

	(void)span_cut(&send, snmp->at);
	while (ask_oid_cut(&send, &packed)) {
		add_missing(snmp, packed);
		snmp->first++;
	}
	snmp->at = snmp->next;
	get_on(snmp);
	return snmp->noted == SNMP_WHOLE;
}

int snmp_ask_send(struct channel_of_snmp *snmp, struct why *why)
{
	netsnmp_pdu *pdu;

	do {
		pdu = snmp->ask->what == ASK_GET ? build_get(snmp) : build_walk(snmp);
		if (pdu == NULL)
			return fail(why, KS_FULL, "%s: out of memory", snmp->about->name);
		if (pdu->variables != NULL)
			break;
		snmp_free_pdu(pdu);
		pdu = NULL;
	} while (!only_missing(snmp));
	if (pdu == NULL)
		return KS_OK; /* noted: whole */
	snmp->noted = SNMP_NOTHING;
	if (snmp_sess_async_send(snmp->session, pdu, snmp_noted, snmp) == 0) {
		netsnmp_session *session = snmp_sess_session(snmp->session);

		snmp_free_pdu(pdu);
		return fail(why, KS_IO, "%s: %s", snmp->about->name,
		    snmp_api_errstring(session != NULL ? session->s_snmp_errno : 0));
	}
	return KS_OK;
}

/* One variable as the driver's bytes. */
static void add_variable(struct text *reply, struct span name, const netsnmp_variable_list *got)
{
	struct varbind var = { .oid = name, .type = (enum var_type)got->type };
	uint8_t packed[OID_BYTES];

	switch (got->type) {
	case ASN_INTEGER:
		var.number = got->val.integer != NULL ? *got->val.integer : 0;
		break;
	case ASN_COUNTER: case ASN_GAUGE: case ASN_TIMETICKS:
		var.number = got->val.integer != NULL ? *got->val.integer & 0xffffffffL : 0;
		break;
	case ASN_COUNTER64:
		var.number = got->val.counter64 == NULL ? 0 :
		    (int64_t)(((uint64_t)got->val.counter64->high << 32 |
			(got->val.counter64->low & 0xffffffffUL)) & INT64_MAX);
		break;
	case ASN_OBJECT_ID:
		var.value = span_of(packed,
		    pack(got->val.objid, got->val_len / sizeof(oid), packed));
		break;
	case ASN_NULL: case SNMP_NOSUCHOBJECT: case SNMP_NOSUCHINSTANCE: case SNMP_ENDOFMIBVIEW:
		break;
	case ASN_OCTET_STR: case ASN_IPADDRESS:
		var.value = span_of(got->val.string, got->val_len);
		break;
	case ASN_OPAQUE_FLOAT:
	case ASN_OPAQUE_DOUBLE: /* net-snmp has unwrapped it: wrap it again (RFC 2578 7.1.9) */
		var.type = VAR_OPAQUE;
		packed[0] = 0x9f;
		packed[1] = got->type;
		packed[2] = got->type == ASN_OPAQUE_FLOAT ? 4 : 8;
		for (unsigned i = 0; i < packed[2]; i++)
			packed[3 + i] = ((const uint8_t *)got->val.bitstring)[packed[2] - 1 - i];
		var.value = span_of(packed, 3u + packed[2]);
		break;
	default: /* the driver is told that something is there, as bytes */
		var.type = VAR_OPAQUE;
		var.value = span_of(got->val.string, got->type == ASN_OPAQUE ? got->val_len : 0);
	}
	varbind_add(reply, &var);
}

static void take_get(struct channel_of_snmp *snmp, const netsnmp_pdu *pdu)
{
	struct span send = span_of(snmp->ask->send, snmp->next), packed;
	const netsnmp_variable_list *got = pdu->variables;
	unsigned i = snmp->first;

	(void)span_cut(&send, snmp->at);
	for (; ask_oid_cut(&send, &packed); i++) {
		oid name[MAX_OID_LEN];
		size_t n = is_missing(snmp, i) ? 0 : unpack(packed, name);

		if (n == 0) {
			add_missing(snmp, packed);
			continue;
		}
		if (got == NULL || snmp_oid_compare(got->name, got->name_length, name, n) != 0) {
			note(snmp, KS_MALFORMED, "the device answered something else than asked");
			return;
		}
		add_variable(&snmp->reply, packed, got);
		got = got->next_variable;
	}
	snmp->first = (uint16_t)i;
	snmp->at = snmp->next;
	get_on(snmp);
}

/* The errindex-th of those asked is not there (v1), or can not be said.  Where the device
 * counts beyond them it is the last: with one less each time the asking ends. */
static void drop_one(struct channel_of_snmp *snmp, long errindex)
{
	struct span send = span_of(snmp->ask->send, snmp->next), packed;
	unsigned drop = snmp->first;

	(void)span_cut(&send, snmp->at);
	for (unsigned i = drop; ask_oid_cut(&send, &packed); i++) {
		if (is_missing(snmp, i))
			continue;
		drop = i;
		if (--errindex <= 0)
			break;
	}
	set_missing(snmp, drop);
	snmp->noted = SNMP_AGAIN;
}

static void take_error(struct channel_of_snmp *snmp, const netsnmp_pdu *pdu)
{
	bool walk = snmp->ask->what == ASK_WALK;

	if (pdu->errstat == SNMP_ERR_NOSUCHNAME) {
		if (walk)
			snmp->noted = SNMP_WHOLE; /* v1: the end of the MIB */
		else
			drop_one(snmp, pdu->errindex);
	} else if (pdu->errstat == SNMP_ERR_TOOBIG || pdu->errstat == SNMP_ERR_GENERR ||
	    pdu->errstat == SNMP_ERR_RESOURCEUNAVAILABLE) {
		if (snmp->most > 1) {
			snmp->most /= 2;
			snmp->noted = SNMP_AGAIN;
		} else if (walk) {
			snmp->noted = SNMP_WHOLE;
		} else {
			drop_one(snmp, 1);
		}
	} else {
		note(snmp, pdu->errstat == SNMP_ERR_AUTHORIZATIONERROR ||
			pdu->errstat == SNMP_ERR_NOACCESS ? KS_REFUSED : KS_MALFORMED,
		    snmp_errstring((int)pdu->errstat));
	}
}

static void take_walk(struct channel_of_snmp *snmp, const netsnmp_pdu *pdu)
{
	struct span send = span_of(snmp->ask->send, snmp->ask->send_n), root = { 0 };
	oid top[MAX_OID_LEN];
	size_t top_n = ask_oid_cut(&send, &root) ? unpack(root, top) : 0;

	snmp->noted = pdu->variables != NULL ? SNMP_AGAIN : SNMP_WHOLE;
	for (const netsnmp_variable_list *got = pdu->variables; got != NULL;
	     got = got->next_variable) {
		uint8_t packed[OID_BYTES];
		size_t n = pack(got->name, got->name_length, packed);

		if (got->type == SNMP_ENDOFMIBVIEW || got->type == SNMP_NOSUCHOBJECT ||
		    got->type == SNMP_NOSUCHINSTANCE || n == 0 || got->name_length < top_n ||
		    snmp_oid_ncompare(got->name, got->name_length, top, top_n, top_n) != 0 ||
		    snmp_oid_compare(got->name, got->name_length, snmp->last, snmp->last_n) <= 0 ||
		    snmp->got >= LIMIT_DEVICE_VARBINDS || snmp->reply.full) {
			snmp->noted = SNMP_WHOLE;
			return;
		}
		add_variable(&snmp->reply, span_of(packed, n), got);
		snmp->got++;
		snmp->last_n = got->name_length;
		memcpy(snmp->last, got->name, got->name_length * sizeof(oid));
	}
}

void snmp_ask_take(struct channel_of_snmp *snmp, netsnmp_pdu *pdu)
{
	if (pdu->errstat != SNMP_ERR_NOERROR)
		take_error(snmp, pdu);
	else if (snmp->ask->what == ASK_GET)
		take_get(snmp, pdu);
	else
		take_walk(snmp, pdu);
}
