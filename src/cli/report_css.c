/* src/cli/report_css.c - report.css, as the build put it into the program. */
#include "cli/audit_html.h"

extern const char report_css_file_at[], report_css_file_end[];

struct span report_css(void)
{
	return span_of(report_css_file_at, (size_t)(report_css_file_end - report_css_file_at));
}
