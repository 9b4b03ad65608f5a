/* src/sense/transport.h - how an ask (sense/driver.h) is carried to a device and its
 * reply back: one channel a device, one kind of channel a transport.  All over libuv;
 * nothing here blocks, and what can only block runs on libuv's thread pool.
 *
 * A channel has at most one ask under way.  `answer` is called exactly once for each
 * ask that returned KS_OK, never from within ask(); after close() it is not called. */
#ifndef KS_SENSE_TRANSPORT_H
#define KS_SENSE_TRANSPORT_H
#include "sense/driver.h"
#include "sense/poll.h"
#include <uv.h>

/* Time-outs of one ask, milliseconds of the real clock. */
enum {
	SNMP_WAIT_MS = 1000, SNMP_TRIES = 2,
	HTTP_WAIT_MS = 10000, HTTP_CONNECT_MS = 3000,
	STREAM_WAIT_MS = 5000,
	MODBUS_WAIT_MS = 1000,
};

struct hub_snmp;
struct hub_http;

/* What all channels of one loop share. */
struct hub {
	uv_loop_t *loop;
	const char *root;	 /* before paths of VIA_FILE; "" */
	struct poll_spawn spawn;
	struct hub_snmp *snmp;	 /* made by the first channel of its kind */
	struct hub_http *http;
	uint64_t seed;
	uint32_t factor;	 /* of the poller's time; time-outs shrink with it, not below */
};

enum { WAIT_LEAST_MS = 200 };

/* A time-out in the poller's time. */
static inline uint64_t hub_wait(const struct hub *hub, uint64_t ms)
{
	uint64_t fast = hub->factor > 1 ? ms / hub->factor : ms;

	return fast > WAIT_LEAST_MS || ms < WAIT_LEAST_MS ? fast : WAIT_LEAST_MS;
}

void hub_init(struct hub *hub, uv_loop_t *loop, const struct poll_options *options);
/* All channels must have been closed before. */
void hub_done(struct hub *hub);

struct channel {
	const struct channel_kind *kind;
	struct hub *hub;
	void (*answer)(void *user, int code, struct span reply, const struct why *why);
	void *user;
	bool clear;	   /* open() found: its password travels in clear */
	uint64_t deadline; /* uv_now() when tick() wants to be called; UINT64_MAX: never */
};

struct channel_about {
	const char *name;    /* for sentences */
	const char *address; /* as in the site file */
	uint16_t port;	     /* the driver's default; 0: none */
	struct span secret;  /* content of the secret file; empty: none */
};

struct channel_kind {
	/* Allocates; no question is asked yet, connecting comes with the first ask.
	 * `about` is borrowed for as long as the channel lives. */
	int (*open)(struct hub *hub, const struct channel_about *about,
	    struct channel **ret_channel, struct why *why);
	int (*ask)(struct channel *channel, const struct ask *ask, struct why *why);
	/* The deadline has come: answers, or sets another one. */
	void (*tick)(struct channel *channel, uint64_t now);
	/* The poll is over: a connection that costs the device something is closed. */
	void (*rest)(struct channel *channel, bool healthy);
	void (*close)(struct channel *channel);
};

extern const struct channel_kind channel_file, channel_snmp, channel_http, channel_stream,
    channel_modbus, channel_command;
/* By enum transport. */
extern const struct channel_kind *const channel_kinds[];
#endif
