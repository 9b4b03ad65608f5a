/* src/sense/poll_in.h - the poller from within; only src/sense/poll*.c include it.
 *
 * A device is either in the heap waiting for its time, in its host's queue waiting for
 * a free place, or flying.  A flying one stays in the heap with its deadline, so there
 * is one timer for all.  All times here are uv_now() milliseconds. */
#ifndef KS_SENSE_POLL_IN_H
#define KS_SENSE_POLL_IN_H
#include "sense/poll.h"
#include "sense/poll_talk.h"
#include "sense/transport_address.h"

enum { GRANULE_LEAST_MS = 10, GRANULE_MOST_MS = 100, /* starts are gathered: a wake-up
		* costs as much as a question */
	PERIOD_LEAST_MS = 20,
	RETRY_GAP_MS = 500, PING_WAIT_MS = 1000, CONNECT_WAIT_MS = 2000,
	FIRST_SPREAD_MS = 5000, READS_APART_MOST = 3 };

enum device_is { DEVICE_TALKS, DEVICE_PINGED, DEVICE_CONNECTED };
enum device_state { DEVICE_WAITS, DEVICE_QUEUED, DEVICE_FLIES };

/* A sensor line, host or device of the site that this device stands for. */
struct line {
	uint8_t subject_kind;
	uint32_t subject;
	uint32_t reach;	 /* number of its MEASURE_REACH series */
	bool reach_said; /* announced */
};

/* A series that this device gave. */
struct known {
	uint64_t hash;	 /* of line, offer's id and kind */
	uint32_t number, line;
	uint8_t kind;
	bool seen;	 /* in this poll */
};

/* One talk: all of the device, or the one value of one line. */
struct unit {
	const char *read; /* NULL: all */
	uint32_t line;	  /* of read; UINT32_MAX: all that ask for everything */
	void *memory;
	struct known *known;
	uint32_t known_n, known_room;
};

struct poll_host {
	const char *name;
	uint32_t flying;
	bool listed;		/* in the queue of hosts */
	struct device_polled *first, *last;
	struct poll_host *next;
};

struct device_polled {
	struct poller *poller;
	enum device_is is;
	enum device_state state;
	uint32_t index, at;	/* in devices; in the heap */
	uint64_t due, slot;	/* heap key; the even start this poll belongs to */
	uint64_t period;
	uint32_t fails;		/* polls in a row */
	uint32_t tries;		/* lost in this poll */
	bool well_said, ever;	/* trouble was told; it answered once */
	bool finished;		/* once: had its turn */
	bool clear;		/* its password travels in clear */
	struct poll_host *host;
	struct device_polled *next;

	const struct driver *driver;
	struct channel_about about;
	const char *secret;	/* its file; NULL: none */
	struct channel *channel;
	struct line *lines;
	uint32_t lines_n;
	struct unit *units;
	uint32_t units_n, unit;	/* unit under way */
	bool any_well;		/* of the units of this poll */
	int code;		/* last failure of this poll */
	struct why *why;	/* its words; lives while flying */
	struct talker *talker;

	uint16_t port;		/* DEVICE_CONNECTED */
	struct sockaddr_storage address;
	bool looked_up;
	struct lookup *lookup;	/* owns itself while busy */
	uv_tcp_t *tcp;
	uint32_t number;	/* DEVICE_PINGED: of the last ping */
	uint32_t first_number;	/* of this poll */
};

struct poller {
	struct hub hub;
	struct poll_options options;
	const struct site *site;
	struct arena arena;
	struct device_polled *devices;
	uint32_t devices_n;
	struct poll_host *hosts;
	uint32_t hosts_n;
	struct device_polled **heap;
	uint32_t heap_n;
	struct poll_host *queue_first, *queue_last;
	struct talker *free_talkers;
	uv_timer_t *timer;
	uv_check_t *check;
	uint64_t armed, granule;
	uint32_t next_series, waiting, flying, unfinished;
	bool stopping;
	struct poll_counts counts;
	struct reading batch[POLL_BATCH];
	uint32_t batch_n;
	uv_poll_t *pings[2];	/* v4, v6 */
};

/* poll_site.c */
KS_MUST int poll_build(struct poller *poller, struct poller *old, struct why *why);
void unit_free(struct unit *unit, const struct driver *driver);
KS_MUST struct unit *device_add_unit(struct device_polled *device, const char *read,
    uint32_t line);

void device_done(struct device_polled *device, int code, const struct why *why);

/* poll.c */
void device_move(struct device_polled *device, uint64_t due); /* in the heap */

void poll_host_list(struct poller *poller, struct poll_host *host);

/* poll_flight.c */
void device_fly(struct device_polled *device);
void device_tick(struct device_polled *device, uint64_t now); /* its deadline has come */
void device_land(struct device_polled *device);		      /* the talker is free again */
void channel_close(struct device_polled *device);

/* poll_offer.c: what a talk brought into series and readings. */
void poll_say(struct poller *poller, const struct reading *reading);
void poll_flush(struct poller *poller);
void device_take(struct device_polled *device, const struct talk *talk, bool whole);
/* All series of the unit have nothing, for that reason. */
void unit_silent(struct device_polled *device, struct unit *unit, enum doubt doubt);
void device_reach(struct device_polled *device, int code);
enum doubt doubt_of(int code);
void line_id(const struct device_polled *device, const struct line *line, const char *what,
    char ret_id[64]);

/* poll_reach.c: hosts, without a driver. */
extern const struct driver driver_uptime;
KS_MUST int reach_begin(struct device_polled *device, struct why *why);
void reach_tick(struct device_polled *device, uint64_t now);
void reach_stop(struct device_polled *device);
KS_MUST int ping_open(struct poller *poller, struct why *why);
void ping_close(struct poller *poller);
#endif
