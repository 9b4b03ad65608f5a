/* src/sense/snmp/label.h - what a reading is called: the label for people, and the id,
 * which stays the same as long as the device's tables do. */
#ifndef KS_SENSE_SNMP_LABEL_H
#define KS_SENSE_SNMP_LABEL_H
#include "sense/snmp/refer.h"

struct naming {
	const struct refer_from *from;
	const struct varbind *label; /* the device's words, or NULL */
	bool several;		     /* the row has more than one reading */
};

/* At most 95 bytes of one line of UTF-8. */
void name_label(const struct naming *naming, struct text *text);
/* [a-z0-9._-], zero-ended; try 1 and 2 give other ids when the first is taken. */
uint64_t name_id(const struct naming *naming, uint32_t try, char ret_id[64]);
/* A device's text for people: UTF-8 (Latin-1 when it is none), control characters as
 * blanks, blanks at the ends gone. */
void label_clean(struct text *text, struct span bytes);
#endif
