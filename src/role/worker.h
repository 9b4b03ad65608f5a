/* src/role/worker.h - what the main loops of all roles share: greet the keeper, take
 * configuration and handles, be confined, get ready, answer the watchdog, reload,
 * stop.  A role adds its own row of functions. */
#ifndef KS_ROLE_WORKER_H
#define KS_ROLE_WORKER_H
#include "guard/secret.h"
#include "role/clock.h"
#include "role/line.h"
#include "site/model.h"
#include <uv.h>

enum { WORKER_FD = 3 }; /* the channel to the keeper, in every role */

struct worker;
struct worker_ops {
	enum role role;
	uint64_t memory_bytes; /* RLIMIT_DATA; 0: none */
	void (*before)(void); /* while files can still be opened; NULL: nothing */
	/* Confined now; worker->site is there.  Sets worker->user. */
	int (*start)(struct worker *worker, struct why *why);
	/* A pair to another role, maybe instead of an older one; fd is the role's. */
	void (*peer)(struct worker *worker, enum role role, int fd);
	/* A packet socket or a file; fd is the role's.  NULL: it gets none. */
	void (*handed)(struct worker *worker, const struct handle *handle, int fd);
	/* Take the new site (and free the old with site_free when nothing needs it). */
	int (*reload)(struct worker *worker, struct site *take_site, struct why *why);
	void (*message)(struct worker *worker, struct message *message); /* the others */
	void (*stop)(struct worker *worker); /* say goodbye; the process ends then */
	uint64_t (*full)(struct worker *worker); /* limits hit so far; NULL: none */
	const char *(*limit)(struct worker *worker); /* the one hit last; NULL: not said */
};

struct worker_secret {
	char name[PATH_MOST];
	struct secret secret;
};

struct worker_given { /* before the start */
	struct handle handle;
	int fd;
};

struct worker {
	uv_loop_t loop;
	struct line keeper;
	const struct worker_ops *ops;
	void *user;
	struct config config;
	struct clock clock;
	struct site *site;
	struct worker_secret *secrets;
	size_t secrets_n;
	struct worker_given *given;
	size_t given_n;
	int handles[HANDLES]; /* listening and ICMP sockets; -1: none */
	int peers[ROLES];     /* handed before the start; -1: none */
	uint32_t missing;     /* what confinement could not do */
	bool started, ended;
	int exit_code;
};

/* The whole life of a role; returns the exit code of the process. */
int worker_run(const struct worker_ops *ops);
/* A role's own memory, zeroed, known to the worker as its user; NULL: none, and why. */
void *worker_user(struct worker *worker, size_t size, struct why *why);
/* UTC now, by the clock the keeper gave. */
int64_t worker_now(const struct worker *worker);
/* Memory that only the start needed goes back. */
void worker_clean(void);
/* One line of the log. */
void worker_say(const struct worker *worker, const char *id, const char *key, const char *text);
/* The content of a secret by the name the site file has; KS_ABSENT. */
KS_MUST int worker_secret(struct worker *worker, const char *name, struct span *ret_secret,
    struct why *why);

/* The roles; the runner is no loop of messages and has its own. */
extern const struct worker_ops poller_ops, core_ops, page_ops, courier_ops, ear_ops;
int runner_run(void);
/* By name, as `keisoku --role NAME` starts it. */
int role_run(const char *name);
#endif
