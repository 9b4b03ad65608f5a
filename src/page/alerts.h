/* src/page/alerts.h - alerts of other systems: the body of Alertmanager's API v2 (POST
 * /api/v2/alerts: an array, as Prometheus sends it) and of its webhook, version "4" (an
 * object with "alerts"; Grafana and others send the same).  Pure. */
#ifndef KS_PAGE_ALERTS_H
#define KS_PAGE_ALERTS_H
#include "base/why.h"
#include "guard/message.h"

enum { ALERTS_ROOM = 512 }; /* of one request */

/* starts_ms 0: not said; ends_ms 1: over, not said since when.  KS_MALFORMED, KS_FULL. */
KS_MUST int alerts_read(struct span body, struct alert ret_alerts[ALERTS_ROOM],
    size_t *ret_n, struct why *why);
/* RFC 3339; false: it is none. */
bool alert_instant(struct span text, int64_t *ret_ms);
#endif
