/* src/role/core.h - the one writer, inside: readings and samples in, findings out.
 * core.c is its loop; core_take.c what the poller says; core_find.c findings and acts;
 * core_self.c what keisoku says of itself; core_write.c remote-write; core_answer.c what the page asks. */
#ifndef KS_ROLE_CORE_H
#define KS_ROLE_CORE_H
#include "judge/judge.h"
#include "role/worker.h"
#include "role/zones.h"
#include "site/series.h"
#include "store/store.h"
#include "tell/tell.h"

/* A series the poller announced, with its newest reading. */
struct known {
	struct series series;
	struct reading last;
	uint32_t store; /* number in the store */
	int64_t value_ms; /* of the newest value that was believed; 0: none is known */
	bool read;	/* last is set */
	bool looked;	/* value_ms was looked up in the store */
	bool void_said; /* the store has a "stale" mark since the last value */
};

/* An open finding's number, kept over restarts by what it is about. */
struct named {
	uint64_t id;
	int64_t since_ms, heard_ms;
	uint16_t code;
	uint8_t subject_kind, kind;
	char subject[FINDING_NAME];
	struct finding last;
	bool old;   /* of a former run, and the judge did not take it up */
	bool dirty; /* the store has not taken its newest state */
};

/* What happened once and is shown for a while: a role died, it hit a limit. */
enum fading_kind { FADING_DIED, FADING_LIMIT, FADINGS };
struct fading {
	int64_t until_ms; /* 0: nothing to show */
	uint32_t count;
	char word[40];
};

enum { DIED_SHOWN_MS = 3600000, LIMIT_SHOWN_MS = 600000 };
enum { CORE_SYNC_MS = 250, CORE_GROUP_MS = 5, CORE_GROUP_MOST = 1024, GAP_LEAST_MS = 60000,
	OLD_KEEP_MS = 300000, CORE_STEP_MS = 2, PAUSE_EDGE_MS = 10000 };

/* Somebody waits to hear what became of a trial message. */
struct trial {
	bool used;
	uint32_t ticket; /* of the WISH */
	uint64_t telling; /* 0: not sent yet */
	int64_t asked_ms;
	char channel[FINDING_NAME];
};

struct core {
	struct worker *worker;
	struct store *store;
	struct judge *judge;
	struct zones zones; /* lent to the judge */
	struct line poller, page, courier, ear;
	struct tell *tell;
	struct window windows[LIMIT_WINDOWS];
	size_t windows_n;
	int64_t entries_ms; /* the minute in which `entries` people came to the page */
	uint32_t entries;
	struct trial trials[LIMIT_WISHES];
	uint8_t link_key[32]; /* core_link.c */
	bool link_ready;
	uv_timer_t tick, sync, step; /* step: the store has more to do */
	bool sync_armed;
	bool poller_current;	 /* it speaks of the same site as we do */
	uint64_t site_waits;	 /* hash the poller named and we have not yet; 0: none */
	struct known **known;
	size_t known_n, known_room;
	struct named *named;
	size_t named_n;
	uint32_t *acks;		 /* tickets that wait for the sync */
	size_t acks_n;
	bool appended;		 /* something waits for the sync */
	bool store_full;
	int64_t started_ms, last_tick_ms, last_size_ms;
	int64_t last_boot_ms;	 /* of the last tick, by a clock that nobody sets */
	struct {
		int64_t from_ms, to_ms; /* we were stopped, or the machine slept; 0: no */
		bool measured;		/* the poller was not: it has readings of that time */
	} pause;
	struct store_size size;
	struct self self;
	struct fading fading[FADINGS][ROLES];
	struct {
		int64_t next_ms, done_ms;
		uint64_t hash; /* of the site and the loads it was tried with */
		char stops[FINDING_NAME], trips[FINDING_NAME]; /* losses told of; "": none */
	} plan;
	struct shelf *shelf; /* core_ready.c; NULL: no plans yet */
	struct {
		struct wire_row now[LIMIT_WIRES]; /* how each wire does */
		size_t now_n;
		struct wire_row *rows; /* of the hour that is being told: LIMIT_WIRE_ROWS */
		size_t rows_n;
		bool bad;		  /* one of them was not good */
		struct text learned;	  /* what it learned, as it comes */
		struct text given;	  /* what a former ear learned, on its way to the next */
		size_t given_sent;
		bool giving;
		int64_t dropped_ms;	  /* old hours were let go of */
	} wire;
	/* the answer under way */
	bool answering;
	uint32_t answer_ticket;
	size_t answer_finding, answer_series;
};

static inline int64_t core_now(const struct core *core)
{
	return worker_now(core->worker);
}

/* core_take.c */
void core_poller(struct line *line, struct message *message);
void core_forget(struct core *core); /* all series of the poller */
/* core_find.c */
void core_findings(struct core *core);	/* changes of the judge into the store */
void core_findings_load(struct core *core, int64_t now_ms);
void core_findings_retry(struct core *core, int64_t now_ms);
/* core_self.c */
void core_self_restored(struct core *core, const struct finding *finding);
void core_fade(struct core *core, int64_t now_ms); /* what was shown long enough */
void core_event(struct core *core, const struct event *event);
void core_act(struct core *core, enum act_kind kind, const char *who, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void core_self_finding(struct core *core, enum finding_code code, enum severity severity,
    const char *subject, const char *word, int64_t ended_ms);
/* core_link.c: the link "I have it" of a message */
void core_link_load(struct core *core);
void core_link_put(const struct core *core, struct telling *telling);
KS_MUST int core_link_check(const struct core *core, const struct wish *wish, struct why *why);
/* core_plan.c */
void core_plan(struct core *core, int64_t now_ms);
void core_plan_restored(struct core *core, const struct finding *finding);
/* core_ready.c: plans of all single losses of the site as just measured */
struct grid_ask;
struct verdict;
void core_ready_start(struct core *core, const struct site *site, const struct grid_ask *ask);
void core_ready_tick(struct core *core);
void core_ready_advise(const struct core *core, struct verdict *verdict);
void core_ready_drop(struct core *core);
/* core_tell.c: messages to people, through the courier */
KS_MUST int core_tell_make(struct core *core, const struct site *site, struct why *why);
void core_tell_load(struct core *core, int64_t now_ms); /* what a former run told */
void core_tell_tick(struct core *core, int64_t now_ms);
void core_tell_moment(struct core *core, const struct finding *finding);
void core_courier(struct line *line, struct message *message);
void core_courier_gone(struct line *line, int code, const struct why *why);
void core_tell_drained(struct line *line);
/* core_wish.c: what people and other systems ask for */
void core_wish(struct core *core, struct message *message);
void core_alerts(struct core *core, struct message *message);
void core_wished(struct core *core, uint32_t ticket, uint64_t number, int code,
    const char *text);
void core_window_take(struct core *core, const struct act *act); /* of a former run */
void core_windows_tick(struct core *core, int64_t now_ms);
/* core_wire.c: the hours of the wire, core_learn.c what they teach */
void core_ear(struct line *line, struct message *message);
void core_ear_gone(struct line *line, int code, const struct why *why);
void core_learned(struct core *core, const struct message *message);
void core_learned_drop(struct core *core);
void core_wire_load(struct core *core); /* what the last day found */
void core_ear_drained(struct line *line);
void core_deaf(struct core *core, const struct event *event);
/* core_write.c */
void core_series_asked(struct core *core, struct message *message);
void core_labels_asked(struct core *core, struct message *message);
void core_samples(struct core *core, struct message *message);
void core_sync_soon(struct core *core, uint64_t within_ms);
void core_sync(struct core *core);
void core_store_failed(struct core *core, int code, const struct why *why);
/* core_recent.c */
void core_recent(struct core *core, struct message *message);
/* core_answer.c */
void core_answer(struct core *core, uint32_t ticket);
void core_answer_on(struct core *core); /* the page has read: go on */
void core_self(struct core *core, struct self *ret_self);
#endif
