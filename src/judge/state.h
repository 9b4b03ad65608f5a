/* src/judge/state.h - what the judge remembers, for its own files only.  All times in
 * here are steady milliseconds (judge/clock.c): they never jump, and become UTC when
 * something is said.  Sizes follow the site and the series announced; what could grow
 * without them has a named limit below or in base/limits.h. */
#ifndef KS_JUDGE_STATE_H
#define KS_JUDGE_STATE_H
#include "base/limits.h"
#include "judge/judge.h"
#include "judge/outlook.h"
#include "physics/heat.h"

enum {
	SECOND = 1000,
	MINUTE = 60 * SECOND,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR,
};

enum {
	LIMIT_INCIDENTS = 64,	      /* groups of lost hosts at once */
	LIMIT_CHILDREN = LIMIT_FINDINGS / 2, /* hosts named one by one inside incidents */
	LIMIT_ZONES = 64,	      /* time zones of one site file */
	REACH_KEPT = 5 * MINUTE,     /* one that nobody asks any more is taken for what it was */
	LIMIT_EVAL = 32,	      /* sensors of a room read at each reading; more: at ticks */
};

/* One side of one limit: over it, since when, and since when back. */
struct gate {
	int64_t since, back;
	uint8_t n, back_n;
	bool on;
	bool known, first; /* had a value; has been over since its first one */
};

enum side { SIDE_LOW_CRITICAL, SIDE_LOW_WARNING, SIDE_HIGH_WARNING, SIDE_HIGH_CRITICAL, SIDES };

struct gates {
	struct gate side[SIDES];
	int64_t value;	    /* last value judged */
	int64_t over;	    /* last value over the limit: what a finding says */
	int64_t low_ended, high_ended; /* when it ended, until said; 0 */
};

/* What one series is doing. */
struct track {
	char id[FINDING_NAME];
	uint32_t number, subject;
	uint8_t subject_kind, kind, place;
	int32_t room, node;
	int64_t every_ms;
	struct limits limits;
	bool own;		/* its own limits from the site file */
	bool clear;		/* a REACH whose device is asked with a password in clear */

	bool seen, good;	/* any reading; ever a trusted one */
	bool restless;		/* quality or state changed: look at the next sweep */
	uint8_t quality, doubt, severity;
	uint8_t ill, ill_doubt;	/* quality and doubt of the last one not trusted */
	uint8_t bad_bits;	/* the last 8 readings, newest lowest; 1: not trusted */
	uint8_t state_n;	/* readings in a row with a bad state */
	uint8_t good_n;		/* trusted readings there have been; 2: enough */
	int64_t at, milli;	/* the last reading */
	int64_t heard;		/* the last one that the device itself answered */
	uint64_t tick;		/* ticks there had been at that time */
	bool silent;		/* found silent, until it is heard again */
	int64_t good_at, good_milli; /* the last trusted one */
	int64_t bad_since, state_since;
	bool bad;		/* two of the last three were not trusted */
	char state[40];

	int64_t odd_since, odd_milli; /* a value under suspicion; -1 times the scale */
	int64_t odd_at;
	uint8_t odd_n;		      /* readings at that new level */
	uint8_t odd;		      /* enum doubt of it; DOUBT_NONE: none */
	int64_t first_at, run_since;
	int64_t run_milli, run_at;    /* the value repeated; when it was so last */
	int64_t run_base;	      /* the neighbours' median when the run began */
	uint64_t run_who;	      /* and which neighbours they were */
	uint32_t run, longest, changes;
	int64_t step;		      /* smallest change ever seen */
	int64_t moved_at, moved_by;   /* last change of value: when, how far */
	struct gates gates;
	struct slot *limit_slot; /* its limit or state, this sweep; NULL */
	uint32_t home;		      /* its place in the list of its room */
};

/* Of a group of watched hosts: how many there are, are down, and from when to when. */
struct lost {
	uint32_t hosts, down;
	int64_t first, last;
};

/* First values that nothing confirms yet: the coldest of them, and when the first came. */
struct held {
	int64_t value, at;
	bool there, over;
};

/* A room: what its sensors say together. */
struct chamber {
	struct held air_held, inlet_held;
	uint32_t *tracks;	/* air and power series in it */
	size_t tracks_n, tracks_max;
	int64_t every_ms;	/* the longest period of its thermometers */
	bool known;		/* a median could be made */
	int64_t value, at;	/* median of the room's trusted sensors */
	bool inlet_known;
	int64_t inlet, inlet_at; /* the hottest trusted inlet */
	uint32_t inlet_track;
	int64_t humidity, dew, moist_at;
	bool humid_known, dew_known;
	struct gates air, inlets, humid, moist;
	struct limits air_limits, inlet_limits; /* what is ahead of a forecast */
	bool waiting;		/* readings came; judged at the next sweep */
	uint32_t inlet_subject; /* track named by the inlet finding */
	struct heat_past past;	/* minutes, for rise and forecast */
	struct heat_past inlet_past;
	uint64_t crowd_who;	/* of whom the crowd's median is */
	bool crowd_known;	/* of a large room, at the last sweep: the median of */
	int64_t crowd;		/* all its thermometers, so that a reading costs little */
	size_t air_n, inlet_n;	/* sensors behind the last values */
	int64_t inlet_median;
	struct forecast hard, mild; /* of the critical limit, and of the warning */
	int64_t hard_at, mild_at;   /* when they were made */
	int64_t made_of;	    /* what was measured then */
	struct forecast next, first; /* of these: the one told; the nearest */
	struct outlook outlook;	/* made when it is asked for, once a minute */
	int64_t outlook_minute;
	uint8_t heading_n;	/* minutes in a row that a forecast stood; evidence of its end */
	int64_t heading_since, rising_since, rising_value;
	uint8_t rising_over;	/* minutes in a row that it no longer rises */
	bool heading, rising;
	bool heading_hard;	/* told as critical: not less while it rises */
	struct lost cluster;
	uint32_t temp_n, temp_lost; /* temperature sensors ever good, and lost now */
	int64_t lost_since;
	/* slots of its open findings this sweep; NULL: none */
	struct slot *cooling_off, *calendar, *hot, *hot_inlet, *rise, *head, *blind, *unit;
	struct slot *moist_slot, *dew_slot;
};

enum probe_state { PROBE_UNKNOWN, PROBE_UP, PROBE_FAILING, PROBE_DOWN };

/* A host or a device that answers, or does not. */
struct reach {
	bool watched;
	uint8_t state;		/* enum probe_state */
	uint8_t fails;		/* in a row */
	uint32_t bits;		/* the last 32 probes, 1: failed */
	int64_t at, up_at;	/* last probe; last one that answered */
	int64_t fail_at;	/* first failed one of this row */
	int64_t recovered_at;	/* end of the last time it was down; 0: never */
	int64_t every_ms;
	int32_t incident;	/* index, -1: none */
	bool told;		/* said to be down */
	bool asked;		/* its series was announced to this judge */
	int64_t kept;		/* taken over as down, and so until then though nobody asks it */
	struct lost kids;	/* a device's: hosts that hang on it */
	uint64_t cause_id;	/* of the finding that explained it */
	int64_t cause_at;
	int64_t uptime, uptime_at; /* seconds, as it says; -1: never */
	struct slot *slot;
};

enum incident_cause { CAUSE_CLUSTER, CAUSE_RACK, CAUSE_NODE, CAUSE_BEHIND, CAUSE_HOT,
	CAUSE_BLIND, CAUSE_DEAD_NODE, CAUSE_SWITCH };

struct incident {
	bool used, told;
	uint8_t cause;		/* enum incident_cause; later ones are better evidence */
	uint8_t subject_kind;
	uint32_t subject, number; /* number: unique for ever, for the key */
	uint32_t count;
	int64_t since;
	struct slot *slot;
};

/* All series of one sensor line. */
struct line_health {
	uint32_t series, silent, absent, untrusted, stuck;
	uint32_t first[4];	/* a track of each kind */
	int64_t since[4];
	uint8_t doubt[4];
	uint32_t good;		/* series that ever gave a value */
	uint8_t hint;		/* why there is none: of the first series, or of its reach */
	bool never;		/* nothing ever came, and it should have */
	bool seen;
	bool on_battery;
	bool all_silent, ill;
	int64_t battery_since;
	uint32_t beside[2];	/* first trusted thermometer + 1: of the room, of inlets */
	struct slot *slot, *battery;
};

struct node_state {
	struct lost lost;	/* hosts fed by nothing else */
	bool dead;		/* its own instruments went silent or say off */
	struct slot *battery, *silent;
	struct track *worst;	/* furthest over its limit */
	int64_t ended;
	int64_t milliwatt;	/* while a room's power is summed */
	uint64_t walk;		/* the walk that came by last */
};

struct rack_state {
	struct lost lost;
};

/* One open finding in the book. */
struct slot {
	struct finding said;	/* as it is now */
	struct forecast told_next; /* as told last */
	char key[FINDING_NAME];
	bool used, claimed, changed, told;
	int64_t since, seen, ended, until; /* until: open without claims to then */
	int64_t ends;		/* proposed end; 0: now */
	struct slot *cause;	/* this sweep */
	uint64_t cause_id;	/* a cause that may have ended; used without `cause` */
	uint32_t next;		/* in its bucket; UINT32_MAX ends */
	uint32_t bucket;
	uint32_t index;
	uint32_t group;		/* the worst rank under this root, while sorting */
	uint32_t harm;		/* and how near to people's harm what is so bad is */
};

/* One line of the list being sorted. */
struct row {
	uint32_t slot, root, rank, harm, depth;
	int64_t root_since, since;
};

enum { BOOK_BUCKETS = 8192 };

struct book {
	struct slot *slots;	/* LIMIT_FINDINGS + 1 */
	uint32_t *buckets;
	uint32_t *order;	/* scratch */
	struct row *rows;	/* scratch */
	struct finding *list;	/* what judge_open and judge_changes lend */
	uint32_t *change_slot;
	size_t changes_n, used, high;
	bool hit;
};

struct steady {
	bool started;
	int64_t wall, now;	/* UTC of the last tick, and its steady time */
	int64_t measured, measured_was; /* by a clock that nobody sets: now, and at the last tick */
	uint8_t measured_n;	/* such times there have been; 2: enough */
	int64_t step, last_delta;
	uint32_t alike;
	uint64_t jumps, ticks;
};

struct judge {
	const struct site *site;
	const struct window *windows; /* that people asked for; borrowed */
	size_t windows_n;
	struct steady clock;
	struct track *tracks;
	size_t tracks_n, tracks_max;
	uint32_t *map;		/* open addressing: number -> track + 1; some of old numbers */
	uint32_t *names;	/* and of what it is: (id, kind) -> track + 1 */
	size_t map_max, map_used;
	int64_t *scratch;	/* one number a track, for medians */
	struct chamber *rooms;
	struct reach *hosts, *devices;
	struct node_state *nodes;
	struct rack_state *racks;
	struct line_health *lines;
	struct incident incidents[LIMIT_INCIDENTS];
	uint32_t incidents_made;
	struct book book;
	struct track *attic;	/* tracks of the judge before, until announced here */
	size_t attic_n;
	bool *parent;		/* devices that something hangs on */
	int64_t swept, excuse;	/* last sweep; nobody was silent before this */
	int64_t minute;		/* last minute taken into the past of rooms */
	uint64_t who;		/* whose the last median was */
	uint64_t walks;		/* through the power path */
	uint64_t unknown;	/* readings of series never announced */
	uint32_t alerts_refused; /* beyond LIMIT_ALERTS; when the last one was */
	int64_t alerts_refused_at;
	unsigned wires_heard;
	bool dirty, new_minute;
	bool clear_dirty;	/* clear_n is to be counted again */
	uint32_t clear_n;	/* devices read by a password in clear */
	struct {
		char tz[FINDING_NAME];
		const struct zone *zone;
	} zones[LIMIT_ZONES];
	size_t zones_n;
};

/* clock.c */
void clock_tick(struct steady *clock, int64_t now_ms);
void clock_steady(struct steady *clock, int64_t steady_ms);
int64_t clock_at(struct steady *clock, int64_t time_ms);
int64_t clock_wall(const struct steady *clock, int64_t steady_ms);

/* alert.c: the thing of the site file that others call so; of none: the site, by that name */
struct about {
	enum subject kind;
	const char *id, *place;
	uint32_t index;
};
struct about about_of(const struct site *site, const char *name);
void alert_key(const char *subject, const char *name, char key[FINDING_NAME]);
/* One of a device, other side, word and direction. */
void wire_key(const struct finding *said, char key[FINDING_NAME]);

/* gate.c */
struct claim;
enum { GATE_SAME, GATE_BEGAN, GATE_ENDED };
void gates_take(struct gates *gates, const struct limits *limits, enum measure kind,
    int64_t value, int64_t at);
int gates_level(const struct gates *gates);	/* -2 .. 2 */
int64_t gates_since(const struct gates *gates);
int64_t gates_limit(const struct gates *gates, const struct limits *limits);
bool limits_any(const struct limits *limits);
int64_t hysteresis_of(enum measure kind, int64_t limit);

/* book.c */
struct claim {
	enum finding_code code;
	enum subject subject_kind;
	enum severity severity;
	enum measure kind;
	enum doubt doubt;
	const char *key, *subject, *place, *word; /* key NULL: the subject */
	int64_t since, value, limit;
	uint32_t count;
	uint32_t index;		/* of the subject in the site's array, for hosts and devices */
	const struct forecast *next;
	uint8_t way; /* enum finding_way */
};
KS_MUST int book_init(struct book *book, struct why *why);
void book_done(struct book *book);
struct slot *book_find(struct book *book, enum finding_code code, const char *key);
struct slot *claim(struct judge *judge, const struct claim *claim);
void quit(struct judge *judge, enum finding_code code, const char *key, int64_t ended);
void book_begin(struct book *book);
void book_end(struct judge *judge);
struct slot *slot_root(struct slot *slot);
struct finding slot_say(const struct judge *judge, const struct slot *slot);
/* Writes root findings first, each followed by what it explains; how many. */
size_t book_sort(struct book *book, bool changed_only);

/* the rules; each claims what holds now */
void health_take(struct judge *judge, struct track *track, struct reading *reading,
    int64_t at);
void health_sweep(struct judge *judge);
void clear_sweep(struct judge *judge);
void blind_sweep(struct judge *judge);
bool track_fresh(const struct judge *judge, const struct track *track);
bool track_trusted(const struct judge *judge, const struct track *track);
bool track_silent(const struct judge *judge, const struct track *track);
bool track_breathes(const struct track *track);
enum doubt suspect(struct judge *judge, struct track *track, int64_t milli, int64_t at);
bool stuck_take(struct judge *judge, struct track *track, int64_t milli, int64_t at);
KS_MUST int series_place(struct judge *judge, struct track *track,
    const struct series *series, struct why *why);
void attic_fetch(struct judge *judge, struct track *track);

void limits_take(struct judge *judge, struct track *track);
void limits_sweep(struct judge *judge);
void room_take(struct judge *judge, const struct track *track);
void room_sweep(struct judge *judge);
bool room_median(struct judge *judge, const struct chamber *room, enum measure kind,
    const struct track *without, int64_t *ret_median);
int64_t rise_in(const struct heat_past *past, uint32_t minutes);
bool room_by_air(const struct judge *judge, const struct chamber *room);
void forecast_restore(struct judge *judge, const struct finding *finding, int64_t since);
void rise_sweep(struct judge *judge);
void forecast_sweep(struct judge *judge);
void power_sweep(struct judge *judge);
bool state_on_battery(const char *word);
void cooling_sweep(struct judge *judge);
void reach_take(struct judge *judge, const struct track *track,
    const struct reading *reading, int64_t at);
bool reach_waits(const struct judge *judge, const struct device *behind,
    const struct reach *child);
void reach_sweep(struct judge *judge);
/* One asks it now: what it was taken over as waits for the answer. */
void reach_asked(struct judge *judge, const struct track *track);
/* Said to be down by a former run: it stays so until a probe says otherwise. */
void reach_restore(struct judge *judge, const struct slot *slot);
void incident_sweep(struct judge *judge);
struct slot *incident_cause(struct judge *judge, const struct incident *incident);
void explain_prepare(struct judge *judge);
bool explain(struct judge *judge, size_t at, struct incident *ret_like);
/* The same, when it may have begun before `at`; else NULL. */
struct slot *began_before(const struct chamber *room, struct slot *slot, int64_t at);
/* Of the room's heat, else its blindness, what may have begun before `at`; NULL: nothing. */
struct slot *room_before(const struct chamber *room, int64_t at);
void uptime_take(struct judge *judge, const struct track *track, int64_t milli,
    int64_t at);
bool hours_on(const struct judge *judge, const struct calendar *calendar, int64_t utc_ms);
bool window_open(const struct judge *judge, const struct maintenance *window,
    int64_t utc_ms);
void minute_sweep(struct judge *judge);
void cause_sweep(struct judge *judge);
void explained(struct slot *slot, struct slot *cause); /* cause: itself or NULL: by nothing */
void wire_causes(struct judge *judge);
void mute_sweep(struct judge *judge);
/* index: of the subject, for a host */
bool mute_now(const struct judge *judge, const struct finding *finding, uint32_t index);

static inline uint32_t judge_index(const void *thing, const void *first, size_t size)
{
	return (uint32_t)((size_t)((const char *)thing - (const char *)first) / size);
}
#endif
