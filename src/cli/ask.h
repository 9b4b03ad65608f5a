/* src/cli/ask.h - questions to the running daemon, over its local socket. */
#ifndef KS_CLI_ASK_H
#define KS_CLI_ASK_H
#include "base/text.h"
#include "base/why.h"
#include <jansson.h>

/* GET path over the daemon's socket; state: the value of --state, NULL: the usual
 * places.  KS_ABSENT: no daemon listens there; KS_LATE, KS_REFUSED: it did not answer
 * well.  The body is added to ret_body. */
KS_MUST int ask_get(const char *state, const char *path, struct text *ret_body,
    struct why *why);

/* A picture; ret_verdict: the word of a severity, "" when the answer says none.  KS_REFUSED
 * with the daemon's own sentence: there is no such picture. */
enum { ASK_VERDICT = 16 };
KS_MUST int ask_draw(const char *state, const char *path, struct text *ret_body,
    char ret_verdict[ASK_VERDICT], struct why *why);

/* The same by POST of a JSON body; waits up to 90 s, for trials of channels. */
KS_MUST int ask_post(const char *state, const char *path, struct span json,
    struct text *ret_body, struct why *why);

/* The daemon's keisoku.status/1; json_decref it. */
KS_MUST int ask_status(const char *state, json_t **ret_status, struct why *why);
#endif
