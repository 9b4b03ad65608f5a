#include "draw/drawing.h"

extern const char draw_css_file_at[], draw_css_file_end[];

struct span draw_css(void)
{
	return span_of(draw_css_file_at, (size_t)(draw_css_file_end - draw_css_file_at));
}
