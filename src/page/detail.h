/* src/page/detail.h - the views of single things and of single senses; see view.h. */
#ifndef KS_PAGE_DETAIL_H
#define KS_PAGE_DETAIL_H
#include "page/scene.h"

void room_want(struct scene *scene);
bool room_write(struct text *out, struct scene *scene);
bool rack_write(struct text *out, struct scene *scene);
bool host_write(struct text *out, struct scene *scene);
void sensor_want(struct scene *scene);
bool sensor_write(struct text *out, struct scene *scene);
void incident_want(struct scene *scene);
bool incident_write(struct text *out, struct scene *scene);
void heat_want(struct scene *scene);
bool heat_write(struct text *out, struct scene *scene);
void power_want(struct scene *scene);
bool power_write(struct text *out, struct scene *scene);
bool wire_write(struct text *out, struct scene *scene);
bool plan_write(struct text *out, struct scene *scene);
bool plan_loss_write(struct text *out, struct scene *scene);
bool whatif_write(struct text *out, struct scene *scene);
bool evidence_write(struct text *out, struct scene *scene);
bool rule_write(struct text *out, struct scene *scene);

/* Of the series that `has` accepts: name, value, limit, age, trust, and a curve where one
 * was wanted. */
typedef bool has_fn(const struct scene *scene, const struct status_now *now, const void *what);
has_fn is_reach; /* whether something answers, and since when it runs */
/* "heat", "power", "wire"; NULL: no such sense. */
has_fn *sense_has(const char *word);
void readings_table(struct text *out, struct scene *scene, has_fn *has, const void *what);
/* Racks (of a room; NULL: all), then readings: beside each other where there is one rack. */
void racks_readings(struct text *out, struct scene *scene, const struct room *room, has_fn *has,
    const void *what);
/* Links that change the time shown: 1 h, 12 h, a day, a week, a month. */
void ranges_add(struct text *out, struct scene *scene);
#endif
