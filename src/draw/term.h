/* src/draw/term.h - the same pictures for a terminal: sparklines, bars, racks, trees.
 * East Asian characters take two columns; those of ambiguous width (blocks) stand only at
 * the end of a line.  Colours are SGR sequences, only where `colour` is set; what others
 * named is made plain (base/plain.h).  ascii: no character beyond ASCII of ours. */
#ifndef KS_DRAW_TERM_H
#define KS_DRAW_TERM_H
#include "draw/chart.h"
#include "draw/path.h"
#include "draw/rack.h"

struct term {
	enum lang lang;
	bool colour, ascii;
	unsigned columns;	/* of the terminal; at least 40 */
};

/* Colour of a severity (enum severity) on, and all colours off. */
void term_state(struct text *text, const struct term *term, uint8_t severity);
void term_off(struct text *text, const struct term *term);
/* Somebody's word, cut or filled to that many columns. */
void term_cell(struct text *text, const struct term *term, const char *word, size_t columns);
/* "▁▂▃▄▅▆▇█", one character a step; a blank where nothing was measured. */
void term_spark(struct text *text, const struct term *term, const struct spark *spark,
    unsigned columns);
/* A bar of so many columns; share in thousandths. */
void term_bar(struct text *text, const struct term *term, int64_t share_milli,
    uint8_t severity, unsigned columns);
/* One line a unit; empty units that follow each other take one line. */
void term_rack(struct text *text, const struct term *term, const struct rack_picture *rack);
/* What hangs on what, indented; hosts below what feeds them first. */
void term_path(struct text *text, const struct term *term, const struct path_picture *path);
#endif
