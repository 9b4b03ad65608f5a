/* src/words/status_in.h - what the lines of status.c share with status_wire.c. */
#ifndef KS_WORDS_STATUS_IN_H
#define KS_WORDS_STATUS_IN_H
#include "words/status.h"

/* Is the wire all that this site has? */
bool status_wire_alone(const struct status *status);
/* "wire tap: 12,000 packets, 3.4 MB heard so far"; each, where there are several. */
void status_heard_say(struct text *text, enum lang lang, const struct status *status);
/* "; 1 wire listened to": whether the network is, and what of it was lost. */
void status_wires_say(struct text *text, enum lang lang, const struct status *status);
#endif
