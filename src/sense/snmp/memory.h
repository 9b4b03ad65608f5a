/* src/sense/snmp/memory.h - what the driver `snmp` remembers of one device; shared by
 * its asking half (snmp.c) and its hearing half (hear.c), by nobody else. */
#ifndef KS_SENSE_SNMP_MEMORY_H
#define KS_SENSE_SNMP_MEMORY_H
#include "sense/driver.h"
#include "sense/snmp/plan.h"

enum { FAMILIES_MOST = 160 };
enum phase { PHASE_HELLO, PHASE_WALK, PHASE_GET, PHASE_RAW, PHASE_END, PHASE_SAY };
enum { IS_NOT, IS_TRIED, IS_MATCHED };

struct snmp_memory {
	enum phase phase;
	bool known, again, walk_broken;
	uint8_t is[FAMILIES_MOST]; /* IS_...: of each family of the list */
	uint32_t family;	   /* walking: which family ... */
	uint32_t root_at;	   /* ... and how far in its list of subtrees */
	struct arena walk;	   /* the variables walked, only while walking */
	struct varbind *vars;
	uint32_t vars_n;
	struct plan plan;
	uint32_t asked_from, asked_to; /* part of plan.live in the ask under way */
	int64_t ticks, ticks_walked;   /* sysUpTime; -1 unknown */
	bool greeted;	      /* this poll's first GET has gone out */
	uint32_t polls;		       /* since the walk */
	char model[96], device[64];
	uint8_t object_id[OID_BYTES]; /* sysObjectID, packed */
	uint8_t object_id_n;
	struct offer raw; /* probe->read is an OID that no row has */
	uint8_t raw_oid[OID_BYTES]; /* that, packed */
	uint8_t raw_oid_n;	    /* 0: not asked in this poll */
};

void walk_forget(struct snmp_memory *memory);
int snmp_read(struct talk *talk, struct span reply, struct why *why);
#endif
