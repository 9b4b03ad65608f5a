/* src/words/format.h - printf with arguments that were kept, so that a translation
 * may say them in another order ("%2$s ... %1$d"). */
#ifndef KS_WORDS_FORMAT_H
#define KS_WORDS_FORMAT_H
#include "base/text.h"
#include "words/words.h"

enum { FORMAT_ARGS = 14 };

struct format_arg {
	enum { ARG_NONE, ARG_INT, ARG_REAL, ARG_STRING } is;
	int64_t number;
	double real;
	const char *string;
	size_t string_max; /* %.*s: at most so many bytes */
};

struct format_args {
	struct format_arg list[FORMAT_ARGS];
	size_t n;
};

/* Collect what fmt takes.  Understands what base/why.h lists. */
void format_collect(const char *fmt, va_list args, struct format_args *ret_args);

/* fmt with these arguments; false, and text unchanged, when fmt asks for one that is
 * not there or of another kind.  A string argument that is itself a sentence of the
 * catalogue (it has a blank) is said in lang. */
bool format_add(struct text *text, enum lang lang, const char *fmt,
    const struct format_args *args);
#endif
