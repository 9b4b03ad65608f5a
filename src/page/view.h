/* src/page/view.h - HTML out of a scene.  A view first says which samples it wants, then
 * is written; what a person reads goes through the catalogue, what goes out through
 * markup(), the one writer that escapes. */
#ifndef KS_PAGE_VIEW_H
#define KS_PAGE_VIEW_H
#include "draw/markup.h"
#include "page/scene.h"

/* A sentence of the catalogue in the language of `scene`; the marker for po/keywords. */
#define T(msgid) tr(scene->lang, msgid)

enum tab { TAB_OVERVIEW, TAB_HEAT, TAB_POWER, TAB_WIRE, TAB_PLAN, TAB_EVIDENCE, TABS };

struct view {
	const char *path;	/* "/heat", or "/host/" with an id behind it */
	enum tab tab;
	const char *title;	/* msgid; NULL: the id */
	void (*want)(struct scene *scene); /* NULL: nothing */
	/* false: there is no such thing; answered with 404 */
	bool (*write)(struct text *out, struct scene *scene);
};
extern const struct view views[];	/* NULL path ends */

/* The view of a path; *ret_id: what is behind its last slash, still percent-encoded. */
const struct view *view_find(const char *path, const char **ret_id);
/* The whole page. */
bool view_page(struct text *out, struct scene *scene, const struct view *view);
/* One line for title bar and live updates: "▲ server passes 35 °C in 32 min". */
void view_title(struct text *out, const struct scene *scene);
/* {"at":..,"state":"warning","title":"..",...}: what a live page is told each second. */
void view_event(struct text *out, const struct scene *scene);

/* pieces that several views use */
const char *state_class(uint8_t severity);	/* "ok" "warn" "crit" "none" */
void state_badge(struct text *out, const struct scene *scene, uint8_t severity);
void finding_badge(struct text *out, const struct scene *scene, const struct finding *finding);
void value_add(struct text *out, const struct scene *scene, enum measure kind, int64_t milli);
/* What a finding says, things called as people call them. */
void headline_say(struct text *words, const struct scene *scene, const struct finding *finding,
    int64_t now_ms);
/* The headline of the page: hosts that were lost, then what people must know first. */
void verdict_say(struct text *words, const struct scene *scene);
void finding_say(struct text *words, const struct scene *scene, const struct finding *finding);
void clock_add(struct text *out, const struct scene *scene, int64_t ms);
void duration_add(struct text *out, const struct scene *scene, int64_t ms);
/* <a href="/KIND/ID">name</a> */
void link_add(struct text *out, const char *kind, const char *id, const char *name);
/* The page of what a finding is about; "" when it has none. */
void subject_href(struct text *out, const struct finding *finding);
/* The page of a thing of the site file, whatever it is; "" when it has none. */
void thing_href(struct text *out, const struct scene *scene, const char *id);
/* What measures a piece of the power path, else what follows from its loss. */
void node_href(struct text *out, const struct scene *scene, uint32_t node);
/* The words, as a link where href is not "". */
void linked_add(struct text *out, const char *href, const char *words);
/* KS-HEAT-001, leading to its meaning. */
void rule_link(struct text *out, unsigned code);
void series_href(struct text *out, const struct status_now *now);
/* A figure that says what is not measured, and how to get it. */
void absent_add(struct text *out, const char *what, const char *how);
/* " · CSV · JSON": the same as a file; what: its name under /api/ and, behind a question mark,
 * what is asked of it. */
void files_add(struct text *out, const char *what);
/* The samples of a chart. */
void history_files(struct text *out, const struct scene *scene, const struct status_now *now);
/* A sparkline of what was wanted; says "collecting" where there is too little. */
void spark_add(struct text *out, struct scene *scene, const struct status_now *now,
    const char *tone);
/* "collecting: a curve in 20 s", for what has too few samples to be drawn. */
void collecting_add(struct text *out, const struct scene *scene, const struct status_now *now,
    const struct want *want);
/* "Collecting, first value in 8 s." */
void first_value_say(struct text *words, const struct scene *scene);
const char *tone_of(enum measure kind);

/* The hidden field without which no form is taken. */
void form_token_add(struct text *out, const struct scene *scene);

/* Light or dark; who has logged in, and the way out. */
void who_add(struct text *out, const struct scene *scene);

/* a card of one sense: its head; a bar with the words below it */
struct bar;
void card_open(struct text *out, const struct scene *scene, enum sense sense, const char *name,
    uint8_t severity);
void bar_add(struct text *out, const struct bar *bar, const char *low, const char *limit,
    const char *high);
void wire_card(struct text *out, struct scene *scene);

/* parts of the overview */
void part_verdict(struct text *out, struct scene *scene);
void part_senses(struct text *out, struct scene *scene);
void part_chart(struct text *out, struct scene *scene, const struct status_now *now);
void part_next(struct text *out, struct scene *scene);
void part_racks(struct text *out, struct scene *scene, const struct room *room);
void part_path(struct text *out, struct scene *scene);
/* The whole path; NULL: see why.  Only where scene->grid is there. */
struct path_picture *path_picture(struct scene *scene, struct why *why);
bool path_deep(const struct scene *scene);
void part_multiples(struct text *out, struct scene *scene);
void part_findings(struct text *out, struct scene *scene, size_t most);
void part_evidence(struct text *out, struct scene *scene, size_t most);
/* The chart alone, as a file of its own; false: there is nothing to draw. */
bool chart_alone(struct text *out, struct scene *scene, const struct status_now *now);
void want_main(struct scene *scene, const struct status_now *now);
size_t pick_multiples(const struct scene *scene, const struct status_now **list, size_t most);

/* What lies ahead, soonest first. */
struct coming {
	int64_t at_ms;
	uint8_t severity;
	char what[200], more[200], href[200]; /* where it comes from; "" nowhere */
};
size_t coming_list(struct scene *scene, struct coming *list, size_t most);

/* A rack out of the model: who stands where, in what air. */
struct rack_picture *rack_picture(struct scene *scene, const struct rack *rack);
enum { RACKS_WHOLE = 8, RACK_W = 2600 /* as wide as one is drawn */ };
#endif
