/* src/cli/audit_stop.h - Ctrl-C ends the listening, not the report: what was heard is told. */
#ifndef KS_CLI_AUDIT_STOP_H
#define KS_CLI_AUDIT_STOP_H
#include <stdbool.h>

/* From now on SIGINT and SIGTERM only ask.  fd: an input that is read meanwhile (a pipe), -1
 * none: whoever fills it was told to end too, so it is read to its end; after STOP_WAIT_S, or
 * when told again, as if it had ended. */
enum { STOP_WAIT_S = 2 };
void stop_by_signal(int fd);
bool stop_asked(void);
#endif
