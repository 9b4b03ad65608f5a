/* test/unit/snmp_tape.h - a recorded SNMP agent in memory: answers the driver's asks as
 * a transport would.  Reads `OID|type|value` (snmpsim) and numeric snmpwalk text. */
#ifndef KS_TEST_SNMP_TAPE_H
#define KS_TEST_SNMP_TAPE_H
#include "sense/driver.h"
#include "sense/snmp/snmp.h"
#include "sense/snmp/vars.h"
#include <stdio.h>

struct tape {
	struct vars vars;
	struct arena arena;
	uint32_t asks, gets, walks; /* counted while serving */
	uint32_t asked;		    /* OIDs named in GETs */
	bool silent_walks;	    /* every walk gets no answer */
	uint64_t mutate;	    /* not 0: a seed; some replies are damaged */
	uint32_t cut;		    /* not 0: replies end after so many bytes */
};

struct talked {
	struct talk talk;
	struct probe probe;
	struct arena arena;
	struct offer *offers;
	void *memory;
	uint8_t *reply; /* the last one handed over */
};

bool tape_open(struct tape *tape, const char *path);
void tape_line(struct tape *tape, const char *line);
void tape_sort(struct tape *tape);
void tape_done(struct tape *tape);
/* Puts the answer to one ask into reply; false: no answer at all. */
bool tape_answer(struct tape *tape, const struct ask *ask, struct text *reply);

void talked_init(struct talked *talked);
void talked_done(struct talked *talked);
/* One poll; the code of the driver. */
int talked_poll(struct talked *talked, struct tape *tape, const char *read,
    struct why *why);
const struct offer *talked_find(const struct talked *talked, const char *id_or_source);
#endif
