/* src/site/model.h - THE model: what there is.  Read from a site file (site/read.h),
 * whole or not at all; never changed afterwards: a reload builds a new one.  All of
 * it lies in one arena; cross references are pointers into the arrays below, so the
 * index of a thing is `thing - site->things`.  Quantities are thousandths of the
 * unit named, as in site/measure.h. */
#ifndef KS_SITE_MODEL_H
#define KS_SITE_MODEL_H
#include "base/arena.h"
#include "site/measure.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct calendar;

/* A limit pair for one quantity; INT64_MIN / INT64_MAX = none. */
struct limits {
	int64_t low_critical, low_warning, high_warning, high_critical;
};

struct room {
	const char *id, *name;	 /* name: what people call it; the id when none */
	int64_t heat_mw;	 /* heat the cooling can take, milliwatt; 0: not said */
	int64_t volume_ml;	 /* air, millilitre (thousandths of a litre: 40m3); 0: not said */
	struct limits temperature, humidity, dew_point; /* defaults filled in */
	int64_t rise_mk_h;	 /* allowed rise, mK per hour */
	int64_t stop_milli;	 /* a plan must be done before; 0: critical */
	uint32_t line;		 /* where in the site file */
};

struct rack {
	const char *id, *name;
	const struct room *room; /* NULL: not said */
	uint32_t units;		 /* height in U */
	uint32_t line;
};

enum node_kind { NODE_FEED, NODE_UPS, NODE_PANEL, NODE_LEG, NODE_BREAKER, NODE_PDU, NODE_KINDS };

/* A piece of the power path.  Limit in VA = volt * amps * (sqrt 3 if phases=3) * derate. */
struct node {
	const char *id, *name;
	enum node_kind kind;
	const struct node *from;     /* NULL: the top of its tree */
	const struct node *from2;    /* a transfer switch's other side; NULL else */
	const struct rack *rack;     /* pdu, ups: where it stands; NULL when not said */
	int64_t milli_volt, milli_amp; /* amps 0: no limit of its own */
	uint32_t phases;	     /* 1 or 3 */
	uint32_t derate_milli;	     /* 800 = the 80 % rule */
	const char *curve;	     /* "B" "C" "D" "MCCB" "UL489" "IEC60255-SI" ...; NULL */
	uint32_t outlets;	     /* of a strip; 0: not said */
	uint32_t tms_milli;	     /* time multiplier of a relay */
	int64_t ambient_milli;	     /* C it works in; 0: not said */
	const char *phase;	     /* "RS" "ST" "TR" between lines, "R" "S" "T" to neutral; NULL */
	uint32_t line;
};

struct service {
	const char *id, *name;
	uint32_t tier;
	int64_t value, unit;	     /* loss when down; per host missing below need */
	uint32_t need, min;	     /* hosts wanted; below min it is down */
	int64_t cap_weight_milli;    /* a capped host costs 0.2 * cap */
	bool must;		     /* may never go down */
	int32_t stop;		     /* order class: higher stops later */
	const struct service **deps; /* this one needs those */
	size_t deps_n;
	size_t hosts_n;		     /* hosts that carry it */
	uint32_t line;
};

struct cord {
	const struct node *pdu;
	uint32_t outlet;	     /* 0: not said */
};

struct host {
	const char *id, *name;
	const struct rack *rack;     /* NULL: not said */
	uint32_t u, height;	     /* lowest U, 1-based; 0: not said */
	const struct cord *cords;
	size_t cords_n;
	int64_t mw, mw_max, mw_cap;  /* watts now, at most, when capped (0: cannot be) */
	uint32_t pf_milli;	     /* power factor */
	bool declared;		     /* watts from a nameplate, not measured */
	const struct service *service; /* NULL: none */
	const char *address;	     /* for reachability; NULL: not watched */
	const char *check;	     /* "ping" "tcp:443" "snmp"; NULL: ping */
	const char *secret;	     /* file with the SNMP community or v3 user; NULL */
	const struct device *behind; /* the switch it hangs on; NULL */
	int64_t every_ms;
	uint32_t line;
};

/* A thing on the network that is no host: switch, router, the building's gateway. */
struct device {
	const char *id, *name;
	const char *mac, *address, *owner, *check, *secret;
	const struct device *behind;
	const struct rack *rack;
	const struct room *room;
	int64_t every_ms;
	uint32_t line;
};

/* A sensor line: one value of a device (read= given), or all a device offers. */
struct sensor {
	const char *id, *name;
	const char *via;	     /* a driver's word: "snmp" "nut" "hwmon" ... */
	const char *address;	     /* host[:port], path, URL; as the driver takes it */
	const char *secret;	     /* file that holds it; NULL: the driver's default */
	const char *read;	     /* which value: OID, variable, path; NULL: all */
	bool kind_given;	     /* kind= stands in the file */
	enum measure kind;
	enum place place;
	const struct room *room;     /* from at= (through the rack); NULL: not said */
	const struct rack *rack;
	uint32_t u;
	const struct node *node;     /* on=: the ups, pdu or feed that it measures */
	const struct host *host;     /* on=: the host that it measures */
	const struct cooling *cooling; /* on=: the cooling unit that it measures */
	int64_t offset;		     /* calibration, added; thousandths of the unit */
	int64_t multiply_milli;	     /* scale=: 1000 = as it comes */
	bool fahrenheit;	     /* unit=F: the device speaks Fahrenheit */
	int64_t every_ms;
	struct limits limits;	     /* its own; none where not given */
	uint32_t line;
};

struct cooling {
	const char *id, *name;
	const struct room *room;
	int64_t capacity_mw;
	const struct node *from;     /* power; NULL: the building's, not on a UPS */
	const struct calendar *on_when; /* hours it runs; NULL: always */
	uint32_t line;
};

/* Weekly hours, minutes from Monday 00:00 local; [from, to). */
struct hours {
	uint32_t from, to;
};

/* One span of time, [from, to), ms: of instants (UTC), or of the wall clock of the
 * calendar's zone, written as if it were UTC.  It comes again every `every_ms` (0:
 * never), beginning before until_ms. */
struct period {
	int64_t from_ms, to_ms;
	int64_t every_ms, until_ms;
	bool local;
	const char *name;
};

struct calendar {
	const char *id, *name;
	const char *tz;		     /* IANA; the site's when not said */
	const struct hours *weekly;
	size_t weekly_n;	     /* none: always on */
	const char *holidays;	     /* country whose holidays turn a day off; NULL */
	const struct period *off;    /* own days off (and ICS), from the file */
	size_t off_n;
	uint32_t line;
};

/* A maintenance window: its subjects are told about, but nobody is woken. */
struct maintenance {
	const char *id, *name;
	const char *what;	     /* ID of a room, rack, host, node ...; NULL: all */
	int64_t from_ms, to_ms;	     /* 0, 0: not said */
	bool from_local, to_local;   /* of the site's wall clock, as in struct period */
	const struct calendar *when; /* or weekly by a calendar; ask maintenance_on() */
	uint32_t line;
};

/* A channel for messages (src/tell). */
struct notify {
	const char *id, *name;
	const char *via;	     /* "mail" "slack" ...: tell/channel.h */
	const char *to;		     /* address, URL, room or host:port; NULL: the secret is it */
	const char *server, *from;   /* mail */
	const char *secret;	     /* file: password, token, or the URL itself; NULL */
	const char *lang;	     /* NULL: the site's */
	const char *severity;	     /* the least that is told: "warning" "critical" */
	const struct calendar *quiet; /* while it is on, only `urgent` is told; NULL */
	const char *urgent;	     /* "critical" "none" */
	int64_t after_ms;	     /* escalation: only what nobody took within that time */
	int64_t every_ms;	     /* heartbeat: how often */
	uint32_t daily;		     /* hour of the site's day of "all is well"; 24: never */
	uint32_t line;
};

/* Where the network is listened to (role ear): an interface, or a capture that grows. */
struct wire {
	const char *id, *name;
	const char *interface, *filter; /* filter: BPF, NULL: everything */
	const char *file;		/* instead of an interface */
	const char *accept, *geo, *trust; /* NULL: none, built in, the machine's */
	uint32_t line;
};

/* list lines are kept as they are for the folder that will read them. */
struct other {
	const char *kind, *id;
	const char **keys, **values;
	size_t pairs_n;
	uint32_t line;
};

/* Where the page is served; one of them. */
struct front {
	const char *id, *name;
	const char *listen;		    /* "127.0.0.1:4270" */
	const char *cert, *key, *users; /* files; NULL: plain HTTP, nobody logs in */
	uint32_t line;
};

/* How plans are carried out: wave by wave (plan/order.h, plan/back.h). */
struct waves {
	int64_t drain_ms, stop_ms, check_ms, boot_ms, inrush_ma;
	uint32_t at_once, of_one;
};

struct site {
	struct arena arena;
	const char *id, *name, *tz, *lang; /* tz "Asia/Tokyo" lang "ja" when not said */
	const char *url;		   /* of the page, for links in messages; NULL */
	int64_t milli_volt;
	uint64_t hash;		     /* of the file's bytes: plans and reloads bind to it */
	int64_t keep_raw_days;	     /* retention; keep=400d */
	struct waves waves;
	struct room *rooms;		size_t rooms_n;
	struct rack *racks;		size_t racks_n;
	struct node *nodes;		size_t nodes_n;
	struct service *services;	size_t services_n;
	struct host *hosts;		size_t hosts_n;
	struct device *devices;		size_t devices_n;
	struct sensor *sensors;		size_t sensors_n;
	struct cooling *coolings;	size_t coolings_n;
	struct calendar *calendars;	size_t calendars_n;
	struct maintenance *maintenances; size_t maintenances_n;
	struct notify *notifies;	size_t notifies_n;
	struct front *fronts;		size_t fronts_n;
	struct wire *wires;		size_t wires_n;
	struct other *others;		size_t others_n;
};

void site_free(struct site *site); /* NULL is fine */
static inline void drop_site(struct site **site)
{
	site_free(*site);
}

/* Is ADDRESS:PORT of this machine alone (127.0.0.0/8, [::1]), or "off"? */
bool front_local(const char *listen);
/* A value of a list line; NULL when it has none of that key. */
const char *other_value(const struct other *other, const char *key);

/* Limit of a node in milli-VA, derated; 0 when it has none. */
int64_t node_limit_mva(const struct node *node);
const char *node_kind_word(enum node_kind kind);

/* The default limits by place (design.md section 4): inlets 27/32 C, rooms 30/35 C,
 * humidity 20-80 %, dew point 17 C; none for other kinds. */
struct limits limits_default(enum measure kind, enum place place);
struct limits limits_none(void);
#endif
