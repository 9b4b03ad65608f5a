/* src/page/fields.h - the body of a form, application/x-www-form-urlencoded.  Pure. */
#ifndef KS_PAGE_FIELDS_H
#define KS_PAGE_FIELDS_H
#include "base/span.h"

/* The value of a field, decoded.  false, and *room is "": it is not there, is there twice,
 * does not fit, or has a bad escape or a zero byte. */
bool field_take(struct span body, const char *name, char *room, size_t size);
#endif
