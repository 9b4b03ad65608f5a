/* src/page/drawn_sense.h - /draw/heat and /draw/power: all sensors of one sense. */
#ifndef KS_PAGE_DRAWN_SENSE_H
#define KS_PAGE_DRAWN_SENSE_H
#include "page/drawn.h"

uint8_t heat_severity(const struct scene *scene);
uint8_t power_severity(const struct scene *scene);
void heat_drawn_want(struct scene *scene, const struct form *form);
bool heat_drawn(struct text *out, struct scene *scene, const struct form *form);
void power_drawn_want(struct scene *scene, const struct form *form);
bool power_drawn(struct text *out, struct scene *scene, const struct form *form);
#endif
