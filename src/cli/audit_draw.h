/* src/cli/audit_draw.h - the pictures of an audit, as SVG inside a page: traffic over
 * time, bytes by country, contacts by the clock on a dial of 24 hours, certificates with
 * their dates beside the time of the capture.  Nothing is drawn when there is nothing. */
#ifndef KS_CLI_AUDIT_DRAW_H
#define KS_CLI_AUDIT_DRAW_H
#include "cli/audit_show.h"

enum { DRAW_RINGS = 6, DRAW_COUNTRIES = 10, DRAW_CERTIFICATES = 14 };

void draw_traffic(struct text *out, const struct audit_view *view, bool alone);
void draw_countries(struct text *out, const struct audit_view *view);
/* The first DRAW_RINGS of audit->periodic, from the outer ring inwards. */
void draw_clock(struct text *out, const struct audit_view *view);
void draw_certificates(struct text *out, const struct audit_view *view);

/* The class of ring i: its colour in the picture and in the list beside it. */
const char *draw_ring_class(size_t i);
#endif
