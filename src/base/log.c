#include "base/log.h"
#include "base/plain.h"
#include "base/text.h"
#include <stdarg.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 2048 };

static const char *role_name = "cli";

void log_role(const char *role)
{
	role_name = role;
}

void log_line(int64_t now_ms, const char *id, const char *fmt, ...)
{
	struct text line, plain;
	va_list args;

	text_init(&line, LINE_MAX_BYTES);
	text_add(&line, "time=");
	text_add_time(&line, now_ms);
	text_addf(&line, " id=%s role=%s ", id, role_name);
	va_start(args, fmt);
	text_addv(&line, fmt, args);
	va_end(args);
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.at[i] < 0x20)
			line.at[i] = ' '; /* a device's words never start a line */
	text_init(&plain, 3 * LINE_MAX_BYTES + 1); /* a bad byte becomes three */
	plain_add(&plain, text_span(&line), PLAIN_ONE_LINE);
	text_add_char(&plain, '\n');
	/* one write, so that lines of several roles do not mix */
	if (write(STDERR_FILENO, text_cstr(&plain), plain.len) < 0)
		plain.full = true; /* nowhere left to say so */
	text_done(&plain);
	text_done(&line);
}
