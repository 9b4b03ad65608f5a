/* src/role/keeper.h - `keisoku watch`: opens what others are handed, starts the roles as
 * processes of their own layout, restarts the fallen, reloads, stops.  keeper.c is its
 * loop; keeper_role.c one role's life; keeper_open.c sockets, site file, secrets;
 * notify.c speaks to systemd. */
#ifndef KS_ROLE_KEEPER_H
#define KS_ROLE_KEEPER_H
#include "base/text.h"
#include "guard/secret.h"
#include "role/clock.h"
#include "role/line.h"
#include "role/paths.h"
#include "site/model.h"
#include <sys/stat.h>
#include <uv.h>

struct watch_options {
	const char *site;   /* path of the site file */
	const char *state;  /* --state, NULL: not given */
	const char *listen; /* --listen ADDRESS:PORT; NULL: 127.0.0.1:4270; "off": none */
	struct clock clock; /* factor 0: the real one */
	uint32_t lang;
};

/* Runs until SIGTERM or SIGINT.  KS_OK: ended in order. */
/* Is that "off", or an ADDRESS:PORT that could be listened on? */
KS_MUST int keeper_listen_check(const char *word, struct why *why);
KS_MUST int keeper_run(const struct watch_options *options, struct why *why);

/* Inside. */
enum { KEEPER_PING_MS = 2000, KEEPER_PONG_MS = 30000, KEEPER_EXIT_MS = 1000, KEEPER_STOP_MS = 5000,
	KEEPER_LOOK_MS = 1000, BACKOFF_FIRST_MS = 50, BACKOFF_READY_MS = 1000, BACKOFF_MOST_MS = 30000,
	WELL_AFTER_MS = 3000 };

struct keeper;
struct kept { /* one role */
	struct keeper *keeper;
	enum role role;
	struct line line;
	uv_process_t process;
	uv_timer_t again; /* starts it after a fall */
	bool alive, given, ready, was_ready, timer_made;
	enum { TOLD, UNTOLD, ASKED } told; /* of its last fall; see falls_heard */
	uint32_t restarts, missing;
	int32_t pid;
	bool renew; /* it is ended because it must begin anew, or is not wanted any more */
	int64_t started_ms, asked_ms; /* monotonic; 0: no ping is out */
	uint64_t backoff_ms, full; /* full: limits hit, as it said last */
	int ended_status, ended_signal;
	char said[256]; /* its last sentence since it was ready */
};

/* The wires as they were opened last (keeper_wire.c). */
struct kept_wires {
	unsigned index[LIMIT_WIRES]; /* of the interface; 0: it is not heard */
	bool deaf[LIMIT_WIRES];	     /* and that was said */
	uint64_t hash;		     /* of the lines and of the files they name */
	int64_t looked_ms;
};

struct runner; /* a command that runs: keeper_run.c */

struct keeper {
	uv_loop_t loop;
	const struct watch_options *options;
	struct paths paths;
	struct text site_bytes;
	struct stat site_stat;
	uint64_t front_print; /* of the page's files, as they were handed */
	struct site *site;
	int sockets[HANDLES];
	struct kept roles[ROLES];
	struct kept_wires wires;
	struct runner *runners;
	uint32_t runners_n;
	uv_signal_t term, interrupt, hangup;
	uv_timer_t pulse, look, deadline;
	uint64_t notify_every_ms;
	int64_t notified_ms, pulsed_ms;
	bool stopping, refused, told_ready;
	char refused_why[256]; /* what is wrong with the new site file */
};

static inline int64_t keeper_now(const struct keeper *keeper)
{
	return clock_now_ms(&keeper->options->clock);
}
void keeper_say(const struct keeper *keeper, const char *id, const char *key, const char *text);

/* keeper_open.c */
KS_MUST int keeper_open(struct keeper *keeper, struct why *why);
void keeper_close(struct keeper *keeper);
KS_MUST int keeper_read_site(struct keeper *keeper, struct why *why); /* whole or not */
bool keeper_site_changed(struct keeper *keeper);
bool keeper_front_changed(struct keeper *keeper); /* and remembers it */
/* All secrets the site names, to that role. */
void keeper_secrets(struct keeper *keeper, struct kept *kept);

/* keeper_role.c */
void kept_start(struct kept *kept);
void kept_stop(struct kept *kept);
void kept_ping(struct kept *kept);
void keeper_config(const struct keeper *keeper, const struct kept *kept,
    struct config *ret_config);
bool keeper_event(struct keeper *keeper, const struct event *event); /* false: no core */
void keeper_refused(struct keeper *keeper, bool again);
bool keeper_all_ready(const struct keeper *keeper);
void keeper_role_ended(struct keeper *keeper); /* for an orderly stop */

/* keeper_wire.c: what the ear is handed */
void keeper_wires_hand(struct keeper *keeper, struct kept *ear);
void keeper_wires_look(struct keeper *keeper); /* each second: interfaces come and go */
void keeper_wires_reload(struct keeper *keeper); /* the site file has changed */
void keeper_wires_again(struct keeper *keeper); /* a new core knows nothing */
static inline bool keeper_wants(const struct keeper *keeper, enum role role)
{
	return role != ROLE_EAR || keeper->site->wires_n > 0;
}

/* keeper_run.c: commands for the poller */
void keeper_command(struct keeper *keeper, struct message *message);
char **keeper_environment(void); /* static, NULL-ended */
KS_MUST int keeper_spawn(struct keeper *keeper, enum role role, uv_process_t *process,
    uv_exit_cb ended, int fd, struct why *why);

/* notify.c: sd_notify(3) by hand, one datagram; nothing when not under systemd. */
void notify_say(const char *words);
uint64_t notify_watchdog_ms(void); /* how often to say WATCHDOG=1; 0: not wanted */
#endif
