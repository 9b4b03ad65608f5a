/* src/page/scene.h - one moment as a view shows it: what core said, what there is, and
 * what follows from both.  Made for one rendering; everything lies in its arena. */
#ifndef KS_PAGE_SCENE_H
#define KS_PAGE_SCENE_H
#include "base/arena.h"
#include "draw/chart.h"
#include "draw/path.h"
#include "draw/rack.h"
#include "guard/message.h"
#include "judge/outlook.h"
#include "page/access.h"
#include "plan/flow.h"
#include "site/model.h"
#include "store/store.h"
#include "words/status.h"

enum { SCENE_WANTS = 24, SCENE_BYTES = 256 * 1024 * 1024 };
enum sense { SENSE_HEAT, SENSE_POWER, SENSE_WIRE, SENSES };

/* Samples of one series that a view shows; filled in before it is written. */
struct want {
	uint32_t store;		/* number in the store; 0: none */
	uint8_t kind;		/* enum measure */
	int64_t from_ms, to_ms, step_ms; /* of each step the highest */
	struct chart_point *points;
	size_t points_n, points_room;
	int64_t newest_ms;
};

struct single_loss;
struct scene {
	struct arena arena;
	enum lang lang;
	const struct site *site;	/* NULL: none loaded */
	const struct zone *zone;
	const struct verdict *verdict;
	const struct finding *findings;	/* open, causes first */
	size_t findings_n;
	const struct status_now *now;	/* the newest of each series */
	size_t now_n;
	uint32_t *airs;			/* of now: the trusted temperatures of inlets and rooms */
	size_t airs_n;
	const struct outlook *outlooks;
	size_t outlooks_n;
	const struct wire_row *wires;	/* how each wire does now */
	size_t wires_n;
	const struct self *self;
	struct status status;		/* the same, for words/ */
	int64_t now_ms;
	struct store *store;		/* NULL: not to be read */
	struct grid *grid;		/* NULL: the site has no power path */
	struct flow *flow;
	uint8_t *sides;			/* of each node */
	struct single_loss *worst;	/* of each node: the loss that loads it most, of those tried */
	struct want wants[SCENE_WANTS];
	size_t wants_n;
	/* of the address: /KIND/ID?from=..&to=.. */
	const char *id;			/* "" when none */
	const char *kind_asked;		/* ?kind=, "" when none */
	int64_t from_ms, to_ms;		/* asked for; 0: not */
	bool read_off;			/* the chart is to be read off (chart.js) */
	uint64_t event;			/* number of the newest event this shows */
	const char *theme;		/* "dark", "light"; "" or NULL: as the browser likes */
	struct page_who who;		/* who looks; page_may(&scene->who, ..) */
	char form_token[FORM_TOKEN];	/* the field "form" of every form: form_token_add() */
};

/* Rest zeroed by the caller.  KS_FULL: memory. */
KS_MUST int scene_begin(struct scene *scene, struct why *why);
void scene_end(struct scene *scene);

/* The samples of a series; NULL when they were not wanted, or there is no room. */
struct want *scene_want(struct scene *scene, const struct status_now *now, int64_t from_ms,
    int64_t to_ms, unsigned steps);
struct want *scene_wanted(struct scene *scene, const struct status_now *now);
/* One sample into its step, times rising: as the store has it, or in thousandths
 * (INT64_MIN: nothing was measured from here on). */
void want_add(struct want *want, int64_t time_ms, double value);
void want_put(struct want *want, int64_t time_ms, int64_t milli);

/* Of a kind of readings (enum measure), of a finding; SENSES: of none. */
enum sense kind_sense(uint8_t kind);
enum sense finding_sense(const struct finding *finding);
/* How bad is a sense, by its open findings (enum severity); UNKNOWN: not measured. */
uint8_t scene_severity(const struct scene *scene, enum sense sense);
/* How bad is this thing, by the findings about it. */
uint8_t scene_severity_of(const struct scene *scene, enum subject kind, const char *id);

/* The hottest air: inlets first, then rooms; NULL when none is measured. */
const struct status_now *scene_hottest(const struct scene *scene);
/* What the main chart is about: the subject of the verdict, else the hottest air. */
const struct status_now *scene_main(const struct scene *scene);
/* A room is no series: its own thermometer, the hottest of them. */
const struct status_now *scene_room(const struct scene *scene, const char *id);
const struct status_now *scene_find(const struct scene *scene, const char *id,
    const char *kind);
bool now_trusted(const struct status_now *now);
/* The upper limits by which it is judged; INT64_MAX: none. */
int64_t now_limit(const struct status_now *now, int64_t *ret_critical);
/* By its own limits; what can not be believed is SEVERITY_UNKNOWN. */
uint8_t now_severity(const struct status_now *now);
/* Which room it is in; NULL when that is not said. */
const struct room *now_room(const struct scene *scene, const struct status_now *now);
/* Its name for people: the sensor's name, or its id. */
const char *now_name(const struct scene *scene, const struct status_now *now);
const struct outlook *scene_outlook(const struct scene *scene, const struct room *room);

/* Told not to answer: it may well draw nothing, no watts are claimed of it. */
bool scene_down(const struct scene *scene, const struct host *host);

/* The air a host breathes: between the inlet sensors of its rack by height, else of its
 * room; INT64_MIN when nothing is measured there.  *ret_room: it is the room's. */
int64_t scene_air(const struct scene *scene, const struct rack *rack, uint32_t u,
    bool *ret_room);

/* The nearest limit of all: the share of the way to it, thousandths. */
struct nearest {
	const struct status_now *now; /* a series; or */
	uint32_t node;		      /* a node of the grid, GRID_NONE else */
	int64_t share_milli;
};
struct nearest scene_nearest(const struct scene *scene);

/* Sides of power, A, B, ...: the roots of the path, in the order of the file. */
/* Fills sides and worst; KS_FULL: memory. */
KS_MUST int scene_power(struct scene *scene, struct why *why);
static inline uint8_t scene_side(const struct scene *scene, uint32_t node)
{
	return scene->sides[node];
}
uint8_t scene_sides(const struct scene *scene);
/* Of all that could be lost (roots, UPSes, panels): what is overloaded then. */
struct single_loss {
	uint32_t lost, over;	/* nodes; GRID_NONE: nothing is */
	int64_t share_milli;	/* of the limit of `over` */
	uint32_t dark;		/* hosts without power then */
};
struct single_loss scene_loss(struct scene *scene, uint32_t lost);
/* What the node draws now, micro-VA: by its own meter, else by what hangs on it. */
int64_t scene_load(const struct scene *scene, uint32_t node);
/* The same, of uneven three-phase loads as if all lines were as full as the fullest: what a limit
 * and a share of it are about. */
int64_t scene_full(const struct scene *scene, uint32_t node);
#endif
