/* src/base/banned.h - forced into every file of ours (-include): functions that
 * grow without a limit, keep hidden state or lie about failure do not compile.
 * Declared before the C library does it, not poisoned: a library's own header may
 * still name them. */
#ifndef KS_BASE_BANNED_H
#define KS_BASE_BANNED_H
#define KS_BANNED(instead) __attribute__((deprecated("banned here; use " instead)))

char *strcpy(char *, const char *) KS_BANNED("struct text or snprintf");
char *strcat(char *, const char *) KS_BANNED("struct text");
int sprintf(char *, const char *, ...) KS_BANNED("snprintf or struct text");
char *strtok(char *, const char *) KS_BANNED("span_until");
int atoi(const char *) KS_BANNED("number_read");
long atol(const char *) KS_BANNED("number_read");
double atof(const char *) KS_BANNED("number_read");
struct tm;
struct tm *localtime(const long *) KS_BANNED("zone_split");
struct tm *gmtime(const long *) KS_BANNED("gmtime_r");
char *asctime(const struct tm *) KS_BANNED("text_time");
char *ctime(const long *) KS_BANNED("text_time");
#endif
