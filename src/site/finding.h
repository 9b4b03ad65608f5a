/* src/site/finding.h - the second thing ever said: what is wrong with what, since
 * when, and what comes next.  Data only; words/ makes the sentence. */
#ifndef KS_SITE_FINDING_H
#define KS_SITE_FINDING_H
#include "site/measure.h"

/* X(constant, id): the id is stable for ever: `keisoku explain ID`, alert rules and
 * accepted findings key on it. */
#define KS_FINDINGS(X)                                                                 \
	X(FINDING_HOT, "KS-HEAT-001")	       /* above a limit of its place */        \
	X(FINDING_COLD, "KS-HEAT-002")						       \
	X(FINDING_RISING, "KS-HEAT-003")       /* faster than allowed per hour */      \
	X(FINDING_HEADING, "KS-HEAT-004")      /* will pass a limit: forecast */       \
	X(FINDING_HUMID, "KS-HEAT-005")						       \
	X(FINDING_DRY, "KS-HEAT-006")						       \
	X(FINDING_DEW, "KS-HEAT-007")						       \
	X(FINDING_COOLING_OFF, "KS-HEAT-008")  /* on battery, cooling is not */	       \
	X(FINDING_AC_CALENDAR, "KS-HEAT-009")  /* building cooling is off by calendar */ \
	X(FINDING_OVERLOAD, "KS-POWER-001")    /* above a node's limit or 80 % rule */  \
	X(FINDING_ON_BATTERY, "KS-POWER-002")					       \
	X(FINDING_BATTERY_LOW, "KS-POWER-003")					       \
	X(FINDING_STATE, "KS-STATE-001")       /* a state its MIB grades bad */	       \
	X(FINDING_LIMIT, "KS-LIMIT-001")       /* any other limit of the site file */  \
	X(FINDING_UNTRUSTED, "KS-SENSE-001")					       \
	X(FINDING_ABSENT, "KS-SENSE-002")					       \
	X(FINDING_STUCK, "KS-SENSE-003")					       \
	X(FINDING_SILENT, "KS-SENSE-004")      /* a device does not answer */	       \
	X(FINDING_ROOM_BLIND, "KS-SENSE-005")  /* all sensors of a room lost */	       \
	X(FINDING_HOST_DOWN, "KS-HOST-001")					       \
	X(FINDING_REBOOT, "KS-HOST-002")       /* uptime went back, nobody asked */    \
	X(FINDING_HOSTS_LOST, "KS-HOST-003")   /* incident: many hosts, one cause */   \
	X(FINDING_SWITCH_DOWN, "KS-NET-001")					       \
	X(FINDING_DISK_FULL, "KS-SELF-001")    /* keisoku's own store */	       \
	X(FINDING_ROLE_DIED, "KS-SELF-002")					       \
	X(FINDING_UNCONFINED, "KS-SELF-003")   /* the kernel lacks a confinement */    \
	X(FINDING_SITE_REFUSED, "KS-SELF-004") /* reload: the new file is wrong */     \
	X(FINDING_CLEAR_COMMUNITY, "KS-SELF-005") /* SNMP v1, v2c: said, never an alarm */ \
	X(FINDING_GAP, "KS-SELF-006")	       /* keisoku itself was not measuring */  \
	X(FINDING_LIMIT_HIT, "KS-SELF-007")    /* one of our own limits was hit */      \
	X(FINDING_DAMAGED, "KS-SELF-008")      /* the store's journal was damaged */      \
	X(FINDING_CHANNEL, "KS-SELF-009")      /* messages do not get through */	       \
	X(FINDING_DEAF, "KS-SELF-010")	       /* a wire is not listened to */	       \
	X(FINDING_ALERT, "KS-ALERT-001")       /* another system's alert */	       \
	X(FINDING_WIRE_LISTED, "KS-WIRE-001")  /* speaks with what is on a list */      \
	X(FINDING_WIRE_PERSONAL, "KS-WIRE-002") /* personal data in clear */	       \
	X(FINDING_WIRE_CREDENTIAL, "KS-WIRE-003") /* a password in clear */	       \
	X(FINDING_WIRE_CLEAR_SENT, "KS-WIRE-004") /* data sent by plain HTTP */	       \
	X(FINDING_WIRE_CLEAR, "KS-WIRE-005")   /* plain HTTP otherwise */	       \
	X(FINDING_WIRE_NOT_ENCRYPTED, "KS-WIRE-006") /* where it should be */	       \
	X(FINDING_WIRE_REFUSED, "KS-WIRE-007") /* a certificate was refused */	       \
	X(FINDING_WIRE_CLAIMS, "KS-WIRE-008")  /* a certificate with a foreign name */  \
	X(FINDING_WIRE_UNTRUSTED, "KS-WIRE-009")				       \
	X(FINDING_WIRE_DATES, "KS-WIRE-010")   /* expired, or not valid yet */	       \
	X(FINDING_WIRE_MISMATCH, "KS-WIRE-011")					       \
	X(FINDING_WIRE_WEAK_CERTIFICATE, "KS-WIRE-012")				       \
	X(FINDING_WIRE_ODD_CERTIFICATE, "KS-WIRE-013")				       \
	X(FINDING_WIRE_OLD_TLS, "KS-WIRE-014")					       \
	X(FINDING_WIRE_PERIODIC, "KS-WIRE-015")					       \
	X(FINDING_WIRE_TRACEROUTE, "KS-WIRE-016")				       \
	X(FINDING_WIRE_TRACEROUTES, "KS-WIRE-017") /* again and again by the clock */   \
	X(FINDING_WIRE_SILENCE, "KS-WIRE-018")					       \
	X(FINDING_WIRE_OVERLAP, "KS-WIRE-019") /* other bytes in the same place */      \
	X(FINDING_WIRE_ADDRESS_TWICE, "KS-WIRE-020")				       \
	X(FINDING_WIRE_TUNNEL, "KS-WIRE-021")  /* data inside names */		       \
	X(FINDING_WIRE_SCAN, "KS-WIRE-022")					       \
	X(FINDING_WIRE_INCOMPLETE, "KS-WIRE-023") /* the capture itself */	       \
	X(FINDING_LOSS_STOPS, "KS-PLAN-001")   /* a single loss stops a service */      \
	X(FINDING_LOSS_TRIPS, "KS-PLAN-002")   /* a single loss makes others open */

enum finding_code {
#define X(name, id) name,
	KS_FINDINGS(X)
#undef X
	FINDING_CODES
};

enum subject { SUBJECT_SITE, SUBJECT_ROOM, SUBJECT_RACK, SUBJECT_NODE, SUBJECT_HOST,
	SUBJECT_SERVICE, SUBJECT_SENSOR, SUBJECT_DEVICE, SUBJECT_COOLING, SUBJECT_ROLE, SUBJECTS };

enum { FINDING_NAME = 64, FINDING_CLIENT = 48 };

/* Of the wire: who began what is told. */
enum finding_way {
	WAY_OUT,  /* the subject, towards `place` */
	WAY_FROM, /* `place`, towards the subject */
	WAY_AT,	  /* others, its clients, towards the subject; `place` is what they called it */
	WAYS
};

/* Why nothing is forecast. */
enum forecast_why {
	FORECAST_NOT_ASKED,
	FORECAST_FEW,	   /* too few minutes are known */
	FORECAST_OLD,	   /* no value came lately */
	FORECAST_IRREGULAR,/* it rises, but like nothing that can be carried on */
	FORECAST_CALM,	   /* no rise */
	FORECAST_FAR,	   /* it rises, but not so far within 12 hours */
	FORECAST_PASSED,   /* the last limit is passed */
	FORECAST_WHYS
};

/* A forecast always carries its interval (80 %); seconds from `at_ms`. */
struct forecast {
	bool known;
	uint8_t kind;	     /* enum measure of the limit */
	uint8_t why;	     /* enum forecast_why, when it is not known */
	int64_t at_ms;	     /* when it was made */
	int64_t limit_milli; /* what will be crossed */
	int32_t low_s, mid_s, high_s;
};

struct finding {
	uint64_t id;	      /* unique in one store; 0 before core gave one */
	uint64_t cause;	      /* id of the finding that explains this one; 0: itself */
	uint16_t code;	      /* enum finding_code */
	uint8_t severity;     /* enum severity; how bad now */
	uint8_t subject_kind; /* enum subject */
	uint8_t kind;	      /* enum measure of value and limit */
	uint8_t doubt;	      /* enum doubt, for KS-SENSE findings */
	bool silenced;	      /* by a maintenance window or calendar */
	uint8_t way;	      /* enum finding_way, for KS-WIRE findings */
	char subject[FINDING_NAME]; /* ID in the site file */
	char place[FINDING_NAME];   /* room or rack it is in; "" when none */
	char word[40];		    /* the state's or role's own word */
	int64_t since_ms, seen_ms;  /* began; last confirmed */
	int64_t ended_ms;	    /* 0 while it lasts */
	int64_t value_milli, limit_milli;
	uint32_t count;		    /* how many hosts, sensors, kills ... */
	uint32_t clients;	    /* WAY_AT: how many different ones; 0: not counted */
	char client[FINDING_CLIENT]; /* who, when it is one; "" */
	struct forecast next;
};

const char *finding_id(enum finding_code code);
/* Of the wire: the subject is a device, the place the other side it speaks with, or by
 * which name others called the device itself (enum finding_way). */
static inline bool finding_is_wire(unsigned code)
{
	return code >= FINDING_WIRE_LISTED && code <= FINDING_WIRE_INCOMPLETE;
}
/* What would be, not what is: its numbers are none of now.  LOSS_TRIPS: the place is what
 * opens, value and limit what both carry now (%), next.low_s and high_s when it opens at the
 * earliest and latest (0: it need not), the word whether losing either opens the other. */
static inline bool finding_is_plan(unsigned code)
{
	return code == FINDING_LOSS_STOPS || code == FINDING_LOSS_TRIPS;
}
const char *subject_word(enum subject subject);
const char *way_word(enum finding_way way); /* "out" "from" "at" */
#endif
