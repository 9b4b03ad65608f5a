/* src/page/wire_day.h - what the store knows of the wire in a stretch of time: rows of each
 * kind, in the scene's arena.  view_wire.c is the card and the page Wire, view_wire_part.c
 * its tables. */
#ifndef KS_PAGE_WIRE_DAY_H
#define KS_PAGE_WIRE_DAY_H
#include "page/view.h"
#include "site/wire.h"

struct wire_rows {
	struct wire_row *at;
	size_t n, room;
	bool more; /* there are others */
};

struct wire_day {
	enum lang lang;
	int64_t from_ms, to_ms, since_ms; /* since: the first hour that is kept; 0: none */
	bool bad;			  /* the store could not be read */
	struct wire_rows hours, devices, destinations, countries, met, findings, certificates,
	    periods, unseen;
	uint64_t bytes, frames, dropped, lost, evicted;
};

enum { WIRE_TOP = 20, WIRE_DAY_MS = 86400000, WIRE_SOON_DAYS = 30 };

/* Rows of one kind. */
struct wire_rows wire_ask(struct scene *scene, const struct wire_ask *ask);
/* Everything the page shows; whole false: what the card needs. */
void wire_day(struct scene *scene, bool whole, struct wire_day *ret_day);
/* What a device is called; its key when it was not heard in that time. */
const char *wire_device(const struct wire_day *day, const char *key);
/* The same as a finding, for its sentence. */
struct finding wire_finding(const struct wire_day *day, const struct wire_row *row);

void wire_sources(struct text *out, struct scene *scene);
void wire_findings(struct text *out, struct scene *scene, const struct wire_day *day);
void wire_devices(struct text *out, struct scene *scene, const struct wire_day *day);
void wire_where(struct text *out, struct scene *scene, const struct wire_day *day);
void wire_certificates(struct text *out, struct scene *scene, const struct wire_day *day);
void wire_periods(struct text *out, struct scene *scene, const struct wire_day *day);
void wire_unseen(struct text *out, struct scene *scene, const struct wire_day *day);
#endif
