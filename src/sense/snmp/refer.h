/* src/sense/snmp/refer.h - references and conditions of rows.h, worked out: which OID a
 * reference names for one index, and whether a condition holds for a variable. */
#ifndef KS_SENSE_SNMP_REFER_H
#define KS_SENSE_SNMP_REFER_H
#include "sense/snmp/rows.h"
#include "sense/snmp/varbind.h"

/* "2.2.2" below family->base, ".1.3.6" whole.  Tables are ours: a bad OID is must(). */
void refer_oid(const struct snmp_family *family, struct span text, struct oid *ret_oid);

/* The OID a reference names, for the row of the table with this index (`at` holds the
 * whole OID of the value, the index is its numbers from index_at on). */
struct refer_from {
	const struct snmp_family *family;
	const struct snmp_row *row;
	const struct oid *at;
	uint32_t index_at;
};
void refer(const struct refer_from *from, struct span text, struct oid *ret_oid);

/* One part of a condition. */
struct term {
	struct span ref;    /* "" when it speaks of the index */
	struct span values; /* "1,2" */
	int part;	    /* #1 -> 1, #-1 -> -1; 0: ref */
	bool not, start;
};

/* Cuts the next term off a condition; false at its end. */
bool term_cut(struct span *condition, struct term *ret_term);
/* var NULL: missing */
bool term_holds(const struct term *term, const struct varbind *var);
bool term_holds_index(const struct term *term, const struct refer_from *from);

/* What a variable says as a number in thousandths: whole numbers, floats, text that
 * starts with one.  ret_tail (may be NULL): what follows in text, " C".
 * DOUBT_NONE, DOUBT_EMPTY or DOUBT_MALFORMED. */
enum doubt var_number(const struct varbind *var, int64_t *ret_milli,
    struct span *ret_tail);
/* Is milli, or the text of var, in the list "-1,-999,n/a"? */
bool var_listed(const struct varbind *var, int64_t milli, struct span list);
#endif
