/* src/draw/rack.h - a rack from the front: every unit, what stands in it, coloured by
 * the air it breathes, the number always printed; its cords as dots, filled where that
 * side feeds it; free units in the heading. */
#ifndef KS_DRAW_RACK_H
#define KS_DRAW_RACK_H
#include "draw/drawing.h"
#include "words/words.h"

struct rack_item {
	const char *name, *href; /* href NULL: no link */
	uint32_t u, height;	 /* lowest unit, 1-based */
	int64_t milli_c;	 /* inlet temperature at its height; INT64_MIN: not known */
	int64_t mw;		 /* milliwatt; 0: not known */
	uint8_t severity;	 /* enum severity */
	uint8_t sides, on;	 /* sides of power in this room; bits of those that feed it */
};

struct rack_picture {
	enum lang lang;
	const char *name, *href;
	uint32_t units;
	uint8_t sides;		 /* how many dots; 0 or 1: none */
	const struct rack_item *items;
	size_t items_n;
};

/* Width of the drawing is taken as it is; the height follows: rack_height(). */
int32_t rack_height(uint32_t units);
void rack_draw(struct drawing *drawing, const struct rack_picture *rack);
uint32_t rack_free(const struct rack_picture *rack);
int64_t rack_watts(const struct rack_picture *rack); /* milliwatt */
/* Thumbnail: one line a unit, no words. */
void rack_thumb(struct drawing *drawing, const struct rack_picture *rack);
#endif
