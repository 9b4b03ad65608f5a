/* src/base/why.h - how we fail: a code to act on, a sentence for a person.
 * fail() keeps the format, which is the msgid of the catalogue, and copies of its
 * arguments, so that words/ can say the same sentence in the reader's language. */
#ifndef KS_BASE_WHY_H
#define KS_BASE_WHY_H
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#define KS_MUST __attribute__((warn_unused_result))

enum ks_fail {
	KS_OK = 0,
	KS_MALFORMED = -1, /* the bytes are not what they claim to be */
	KS_TRUNCATED = -2, /* they may be, but end too soon */
	KS_FULL = -3,	   /* a limit of ours, or the disk's */
	KS_IO = -4,	   /* the system said no; see the sentence */
	KS_ABSENT = -5,	   /* asked for what is not there */
	KS_REFUSED = -6,   /* the other side answered no (login, rights, version) */
	KS_LATE = -7,	   /* no answer in time */
};

enum { WHY_ARGS = 6, WHY_POOL = 192, WHY_TEXT = 320 };

struct why_arg {
	enum { WHY_NONE, WHY_INT, WHY_REAL, WHY_STRING } is;
	int64_t number;
	double real;
	uint16_t string_at; /* offset of a zero-ended copy in pool */
};

struct why {
	char text[WHY_TEXT]; /* the sentence in English, zero-ended, cut if longer */
	const char *fmt;     /* static; NULL when nothing failed yet */
	struct why_arg args[WHY_ARGS];
	char pool[WHY_POOL];
};

/* Write the sentence, return the code: failing is one line.  why may be NULL.
 * Conversions understood: %s %.*s %c %d %i %u %x with h l ll z j, %f %g %e with a
 * precision, %%; no %n, no positional ones (a translation may use %2$s). */
int fail(struct why *why, enum ks_fail code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for one who has a va_list, and for keeping arguments of a sentence that
 * is no failure. */
void why_keep(struct why *why, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

/* The next argument of an integer conversion, as printf takes it: length is 0, 'l',
 * 'L' (ll), 'z' or 'j'; h and hh come as int. */
int64_t format_integer(char length, bool is_signed, va_list *args);
#endif
