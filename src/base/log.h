/* src/base/log.h - one line on stderr: `time=... id=KS-... role=... key="value"`.
 * Only cli/, page/ and each role's main loop may call it; everything below returns.
 * Ids are stable: alert rules and translations key on them, never on prose. */
#ifndef KS_BASE_LOG_H
#define KS_BASE_LOG_H
#include <stdint.h>

/* The role's name, said on every line; borrowed for ever. */
void log_role(const char *role);
/* now_ms is UTC; fmt gives the rest of the line, already as key=value words. */
void log_line(int64_t now_ms, const char *id, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
#endif
