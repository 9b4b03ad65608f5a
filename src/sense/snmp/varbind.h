/* src/sense/snmp/varbind.h - SNMP variables as bytes: how the driver `snmp` names
 * what it wants, and how the transport hands back what came.  No BER: the transport
 * speaks the wire (v1, v2c, v3), these bytes only cross from it to the driver.
 *
 *   OID      every sub-identifier in 1 to 5 bytes, so that comparing bytes compares
 *            OIDs and a prefix of bytes is a prefix of the OID:
 *            0..240 itself | 241..248 + 1 byte | 249 + 2 | 250 + 3 | 251 + 4
 *   ask.send a list of { length byte, OID }: all to GET, or the one to WALK
 *   reply    a list of { type byte, length byte, OID, be16 length, value }, in the
 *            order asked (GET) or met (WALK).  Numbers are 8 bytes, big-endian, two's
 *            complement; an OID value is packed as above; else the bytes as they came.
 *
 * What the transport owes the driver: every OID of a GET comes back once.  One that
 * the device has not (v2c exceptions; v1 noSuchName, after which the others are asked
 * again without it) comes as VAR_NO_OBJECT or VAR_NO_INSTANCE.  tooBig and genErr
 * are met by asking in halves.  A WALK ends outside the named OID, when an OID does
 * not grow, or at a limit; VAR_END_OF_MIB need not be handed over. */
#ifndef KS_SENSE_SNMP_VARBIND_H
#define KS_SENSE_SNMP_VARBIND_H
#include "base/span.h"
#include "base/text.h"
#include "base/why.h"
#include <stdbool.h>
#include <stdint.h>

enum { OID_MAX = 128, OID_BYTES = 255, OID_TEXT = 512 };

struct oid {
	uint32_t n; /* sub-identifiers used */
	uint32_t id[OID_MAX];
};

/* The tags of RFC 1157 and RFC 3416, as net-snmp's ASN_... have them. */
enum var_type {
	VAR_INTEGER = 0x02,
	VAR_OCTETS = 0x04,
	VAR_NULL = 0x05,
	VAR_OID = 0x06,
	VAR_ADDRESS = 0x40,
	VAR_COUNTER = 0x41,
	VAR_GAUGE = 0x42,
	VAR_TICKS = 0x43,
	VAR_OPAQUE = 0x44, /* its bytes as they came: 9f 78 04 ... is a float */
	VAR_COUNTER64 = 0x46,
	VAR_NO_OBJECT = 0x80,
	VAR_NO_INSTANCE = 0x81,
	VAR_END_OF_MIB = 0x82,
};

struct varbind {
	struct span oid;   /* packed; oid_unpack() for the numbers */
	enum var_type type;
	int64_t number;	   /* INTEGER, COUNTER, GAUGE, TICKS, COUNTER64 (its low 63 bits) */
	struct span value; /* OCTETS, ADDRESS, OPAQUE: bytes; OID: packed */
};

/* "1.3.6.1" or ".1.3.6.1"; false when it is no OID or too long. */
bool oid_read(struct span text, struct oid *ret_oid);
/* ".1.3.6.1", zero-ended, cut at room. */
void oid_write(const struct oid *oid, char *ret_text, size_t room);
/* Bytes needed; written only when that is <= room. */
size_t oid_pack(const struct oid *oid, uint8_t *ret_bytes, size_t room);
bool oid_unpack(struct span packed, struct oid *ret_oid);

/* Adds one OID to ask.send; false when it does not fit any more (nothing added). */
bool ask_oid(struct span packed, uint8_t *send, size_t room, uint16_t *send_n);
/* The next OID of ask.send, still packed; false at the end or when malformed. */
bool ask_oid_cut(struct span *send, struct span *ret_packed);

/* Adds one variable to a reply; text->full when it did not fit. */
void varbind_add(struct text *reply, const struct varbind *var);
/* The next variable of a reply.  KS_ABSENT at its end; KS_TRUNCATED or KS_MALFORMED
 * when the bytes are none of ours.  Spans point into reply. */
KS_MUST int varbind_cut(struct span *reply, struct varbind *ret_var);
/* Is it a value, and not one of the exceptions or NULL? */
static inline bool varbind_there(const struct varbind *var)
{
	return var->type < VAR_NO_OBJECT && var->type != VAR_NULL;
}
#endif
