/* src/sense/driver.h - a sensor driver: what to ask, what came back; no I/O.
 *
 * A poll of a device is a talk: the transport calls ask() until it says ASK_NONE,
 * performs each ask (time-outs, retries, secrets and sockets live there, once) and
 * hands every reply to read().  So each driver is tested, replayed and fuzzed from
 * bytes, and none can hang the others.  Readings go to talk->offers. */
#ifndef KS_SENSE_DRIVER_H
#define KS_SENSE_DRIVER_H
#include "base/arena.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/why.h"
#include "site/measure.h"

enum transport { VIA_FILE, VIA_SNMP, VIA_HTTP, VIA_STREAM, VIA_MODBUS, VIA_COMMAND, TRANSPORTS };

/* What the site file or the command line says about one device. */
struct probe {
	const char *name;    /* for sentences: the sensor's ID, or the address */
	const char *address; /* host[:port], path, URL, command: as the driver takes it */
	const char *read;    /* the one value wanted; NULL: all */
	const char *root;    /* VIA_FILE: "" or where /sys is mounted, for tests */
};

enum ask_what {
	ASK_NONE,  /* the talk is over */
	ASK_BYTES, /* FILE: read `target`; HTTP: GET path `target`; COMMAND: run target;
		    * STREAM: send `send`, the reply ends as `end` says */
	ASK_LIST,  /* FILE: names in folder `target`, one a line, sorted */
	ASK_LINK,  /* FILE: where the symbolic link `target` points to, real path */
	ASK_GET,   /* SNMP: the variables named in `send` (sense/snmp/varbind.h) */
	ASK_WALK,  /* SNMP: all below the OID named in `send`, by GETBULK / GETNEXT */
	ASK_REGISTERS, /* MODBUS: `send` = unit, function, be16 address, be16 count */
};

struct ask {
	enum ask_what what;
	char target[512];
	uint8_t send[1024];
	uint16_t send_n;
	/* STREAM: looks at all bytes so far and says how many make one whole reply;
	 * 0: more is needed; more than reply_max bytes are refused unread. */
	size_t (*whole)(struct span so_far);
	uint32_t reply_max;
	bool may_fail; /* an error or absence is an answer too: read() gets a broken span */
};

/* One thing a device offers, with its value now. */
struct offer {
	char id[64];	  /* short and unique within the device, [A-Za-z0-9._-] */
	char label[96];	  /* the device's own words */
	char source[160]; /* OID, variable, path */
	uint8_t kind, place, quality, doubt, severity;
	bool fahrenheit;  /* the value came in Fahrenheit and was turned into C */
	int64_t milli;
	char state[40];	  /* word of a state */
	struct limits_offered { /* limits the device itself holds; INT64_MIN/MAX: none */
		int64_t low_critical, low_warning, high_warning, high_critical;
	} limits;
};

struct talk {
	const struct probe *probe;
	struct arena *arena;   /* lives for this poll */
	char model[96];	       /* set by the driver: what the device says it is; "" */
	char device[64];       /* set by the driver: the name it gives itself; "" */
	void *memory;	       /* the driver's own, lives as long as the device is known;
				* from calloc(memory_size), zeroed at first */
	uint32_t turn;	       /* number of this ask, from 0: the same in ask() and in
				* the read() of its reply */
	struct offer *offers;  /* room for LIMIT_DEVICE_READINGS */
	size_t offers_n;
	bool full;	       /* one did not fit: KS_FULL, counted */
};

struct driver {
	const char *name, *says; /* the word in the site file; one line of help (msgid) */
	enum transport via;
	uint16_t port;		 /* default; 0: none */
	size_t memory_size;
	void (*forget)(void *memory); /* frees what memory points to; NULL: nothing */
	int (*ask)(struct talk *talk, struct ask *ret_ask, struct why *why);
	/* reply.broken: nothing there (only after an ask with may_fail) */
	int (*read)(struct talk *talk, struct span reply, struct why *why);
};

/* A fresh offer at the end of talk->offers, limits none; NULL and full when no room. */
struct offer *talk_offer(struct talk *talk);

/* The drivers built in, NULL-ended; NULL when no driver has that name. */
extern const struct driver *const drivers[];
const struct driver *driver_find(struct span name);
#endif
