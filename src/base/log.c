#include "base/log.h"
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
	struct text line;
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
	line.max++;
	line.full = false;
	text_add_char(&line, '\n');
	/* one write, so that lines of several roles do not mix */
	if (write(STDERR_FILENO, text_cstr(&line), line.len) < 0)
		line.full = true; /* nowhere left to say so */
	text_done(&line);
}
