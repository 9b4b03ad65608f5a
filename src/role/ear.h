/* src/role/ear.h - the one who listens to the network, inside.  It holds a packet socket
 * that was handed to it, tables of fixed maxima, and a line to core; it can open no file
 * and no connection, and has no capability.
 *
 * ear.c is its loop and its hours; ear_source.c interfaces and captures; ear_aids.c lists,
 * countries, roots; ear_report.c what an hour was, ear_rows.c the rows of it; ear_learn.c
 * what is learned over days. */
#ifndef KS_ROLE_EAR_H
#define KS_ROLE_EAR_H
#include "base/text.h"
#include "role/worker.h"
#include "role/zones.h"
#include "site/wire.h"
#include "wire/aids.h"
#include "wire/ear.h"
#include "wire/follow.h"
#include "wire/gather.h"
#include "wire/learned.h"
#include "wire/ring.h"

enum { EAR_SECOND_MS = 1000, EAR_REPORT_MS = 60000, EAR_SOON_MS = 5000, EAR_PART_MS = 300000, EAR_BUDGET = 8192,
	EAR_CUT_MS = 10000, EAR_FILE_MS = 200, EAR_ENGINE_MS = 86400000 };

struct ear_role;
struct ear_source {
	struct ear_role *role;
	char id[WIRE_NAME], name[WIRE_NAME]; /* name: the interface, or the file */
	struct ring *ring;	/* NULL: a capture that is followed, or nothing yet */
	struct follow follow;
	int fd;			/* of the capture; -1 */
	bool used, live, down, over;
	uv_poll_t *poll;	/* its own memory: it outlives us until it is closed */
	uint64_t frames, bytes;
	uint64_t dropped;	/* of rings that are gone */
	uint64_t dropped_told;	/* before this part of the hour */
	uint64_t bytes_before;	/* at the last second */
	uint16_t link;
	int64_t since_ms, last_ms;
};

/* Rows on their way to core. */
struct ear_outbox {
	struct wire_row *rows; /* LIMIT_WIRE_ROWS */
	size_t n, sent;
	bool full, under_way;
	uint64_t lost;
	struct wire_told told;
	struct text learned; /* goes after them */
	size_t learned_sent;
	bool learned_due;
	struct wire_learnt learnt;
};

struct ear_role {
	struct worker *worker;
	struct line core;
	struct zones zones;
	struct ear_source sources[LIMIT_WIRES];
	struct aids aids;
	struct trust *trust;
	bool aids_ready;
	struct text roots, chosen; /* until the trust is made of them */
	char *countries, *owners;  /* "/proc/self/fd/N" of the tables that came; NULL */
	bool own_countries;	   /* they are those that the build put beside the program */
	struct make_known *known;
	size_t known_n;

	uint64_t seed;
	struct ear *engine;
	bool engine_over; /* it was ended, and is made anew for the next part */
	struct listener listener; /* into `hour` */
	struct gather *hour;
	struct learned *days; /* contacts from which periods are learned; NULL: none yet */
	int64_t heard_ms, began_ms; /* learned until then; when we began */
	uint64_t forgotten;
	struct text packs; /* of a former ear, on their way */
	bool given;	   /* they came */
	bool whole_due;	   /* core has several: it shall have one */
	int64_t engine_ms; /* since when; monotonic */
	int64_t hour_ms;	/* of the hour that is heard; 0: none yet */
	uint32_t part;
	int64_t newest_ns, part_first_ns;
	struct ear_counts before; /* the engine's, when the part began */
	int64_t sure_ms; /* what began later is told the next time: its device is not known yet */
	int64_t part_began_ms, reported_ms, report_took_ms; /* monotonic */
	uint64_t frames, frames_told;
	bool anew; /* all that is heard comes out of files */
	struct ear_outbox out;
	uv_timer_t second, again;
	uint64_t full;
};

/* ear_source.c */
void source_packet(struct ear_role *role, const char *id, int take_fd);
void source_capture(struct ear_role *role, const char *id, int take_fd);
void source_look(struct ear_source *source); /* each second */
void sources_go_on(struct ear_role *role); /* there may be more at once */
bool source_read(struct ear_source *source); /* true: there is more at once */
void source_close(struct ear_source *source);
uint64_t source_dropped(struct ear_source *source);
void sources_say(struct ear_role *role);
/* ear_aids.c */
void ear_file(struct ear_role *role, const char *name, int take_fd);
void ear_aids_begin(struct ear_role *role);
void ear_aids_ready(struct ear_role *role); /* after all that came */
void ear_aids_end(struct ear_role *role);
KS_MUST int ear_known(struct ear_role *role, struct why *why);
/* ear.c */
bool ear_is_live(const struct ear_role *role); /* an interface is among what is heard */
void ear_frame(struct ear_role *role, struct ear_source *source, struct frame *frame);
/* ear_report.c */
void ear_tell(struct ear_role *role, bool last);
void ear_turn(struct ear_role *role, int64_t hour_ms); /* another part begins */
KS_MUST int ear_begin(struct ear_role *role, struct why *why);
void ear_send(struct ear_role *role);
void ear_audit(struct ear_role *role, const struct gather *gather, struct make_plan *plan,
    void (*rows)(struct ear_role *, const struct audit *));
/* ear_learn.c */
void learn_hour(struct ear_role *role, struct make_plan *plan); /* which is over */
void learn_pack(struct ear_role *role, bool last);
void learn_send(struct ear_role *role);
void learn_ask(struct ear_role *role); /* core for what a former one learned */
void learn_given(struct ear_role *role, const struct message *message);
/* ear_rows.c: rows of an audit; periods and what follows from days of another */
void rows_hour(struct ear_role *role, const struct audit *audit);
void rows_days(struct ear_role *role, const struct audit *audit);
#endif
