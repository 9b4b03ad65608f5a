/* src/page/calendar_out.h - /calendar.ics (RFC 5545): silences and maintenance windows,
 * those of the site file included, what the calendars start and stop, and the limit that
 * is foreseen.  Stable: it changes when one of these does, so that its ETag holds. */
#ifndef KS_PAGE_CALENDAR_OUT_H
#define KS_PAGE_CALENDAR_OUT_H
#include "page/acts.h"

void calendar_write(struct text *out, struct scene *scene);
/* One property, escaped (3.3.11) and folded at 75 octets between characters.  Pure. */
void calendar_line(struct text *out, const char *name, struct span value);
#endif
