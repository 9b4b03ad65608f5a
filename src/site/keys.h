/* src/site/keys.h - every kind and key of the site file, one row each.  The reader,
 * its checks, `keisoku explain site` and the manual come from these rows. */
#ifndef KS_SITE_KEYS_H
#define KS_SITE_KEYS_H
#include "base/limits.h"
#include "base/span.h"
#include "base/text.h"
#include "site/quantity.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The commonest first: a kind's word is looked for from the top. */
enum kind { KIND_HOST, KIND_BREAKER, KIND_PDU, KIND_RACK, KIND_SENSOR, KIND_SERVICE, KIND_LEG,
	KIND_PANEL, KIND_UPS, KIND_FEED, KIND_ROOM, KIND_DEVICE, KIND_COOLING, KIND_CALENDAR,
	KIND_MAINTENANCE, KIND_NOTIFY, KIND_PAGE, KIND_WIRE, KIND_LIST, KIND_SITE, KINDS };

/* The pieces of the power path: a cord may go to any. */
#define KINDS_POWER (1u << KIND_FEED | 1u << KIND_UPS | 1u << KIND_PANEL | 1u << KIND_LEG | \
	1u << KIND_BREAKER | 1u << KIND_PDU)

struct kind_row {
	const char *word, *says; /* says: msgid */
	size_t size;		 /* of its struct in model.h */
	size_t list, count;	 /* offsets in struct site of the array and its length */
	size_t id, line;	 /* offsets in its struct */
	size_t name;		 /* and of the name; 0 where it has none */
	bool open;		 /* any key may stand there (list) */
};

/* What a value is and where it goes (the type of the member in model.h). */
enum type {
	TYPE_QUANTITY,	/* int64_t, thousandths of the unit's base */
	TYPE_MILLI,	/* uint32_t, the same */
	TYPE_COUNT,	/* uint32_t, whole */
	TYPE_WHOLE,	/* int64_t, whole */
	TYPE_ORDER,	/* int32_t, whole */
	TYPE_DAYS,	/* int64_t, whole days: 400d; the last with a number */
	TYPE_TEXT,	/* const char * */
	TYPE_NOTE,	/* for people; kept nowhere */
	TYPE_YES,	/* bool: yes no 1 0 */
	TYPE_CHOICE,	/* const char *: one of the words in `extra` */
	TYPE_CHECK,	/* const char *: ping snmp tcp:PORT */
	TYPE_ZONE,	/* const char *: a time zone */
	TYPE_REF,	/* pointer to a thing of one of the kinds in `kinds` */
	TYPE_DEPS,	/* several services */
	TYPE_CORDS,	/* PDU[.OUTLET],... */
	TYPE_AT,	/* RACK.U, RACK, ROOM or a place */
	TYPE_ON,	/* what a sensor measures */
	TYPE_SUBJECT,	/* const char *: the ID of anything */
	TYPE_MEASURE,	/* a kind of measurement */
	TYPE_PLACE,
	TYPE_FAHRENHEIT,/* unit=C or unit=F */
	TYPE_LIMIT,	/* int64_t in the unit of the sensor's kind */
	TYPE_OFFSET,	/* the same, as a difference */
	TYPE_HOURS,	/* weekly hours */
	TYPE_OFF,	/* own days off */
	TYPE_ICS,	/* calendar files */
	TYPE_COUNTRY,	/* const char *: JP CN KR TW US IN */
	TYPE_INSTANT,	/* int64_t; `twin` is the offset of its bool local */
	TYPE_FORMAT,	/* the version of the format: 1 */
	TYPES
};

struct key {
	uint8_t kind;	      /* enum kind */
	uint8_t type;	      /* enum type */
	bool required;
	const char *word;
	const char *unit;     /* its own unit; NULL: no quantity */
	const char *fallback; /* the default as one would write it; NULL: none */
	int64_t low, high;    /* thousandths of its own unit; COUNT, WHOLE, ORDER, DAYS: whole */
	size_t at, twin;      /* offset in the struct of model.h; of a second member */
	uint32_t kinds;	      /* TYPE_REF: 1 << enum kind ... */
	const char *extra;    /* TYPE_CHOICE: "B C D" */
	const char *says;     /* msgid */
};

extern const struct kind_row kinds[KINDS];
extern const struct key keys[];
extern const size_t keys_n;

/* KINDS / NULL when there is none of that name. */
enum kind kind_find(struct span word);
const struct key *key_find(enum kind kind, struct span word);
/* The rows of a kind lie together: the first, and how many. */
const struct key *keys_of(enum kind kind, size_t *ret_n);

/* The nearest word by edit distance: put() each candidate, take the best.  `best` is
 * "" unless one is close enough to have been meant. */
struct nearest {
	struct span word;
	size_t distance;
	char best[LIMIT_NAME + 1];
};
void nearest_start(struct nearest *nearest, struct span word);
void nearest_put(struct nearest *nearest, struct span candidate);

/* The reference: every kind and key with unit, default, limits and meaning.
 * say(ctx, msgid) gives the sentence in the reader's language. */
struct keys_voice {
	const char *(*say)(void *ctx, const char *msgid);
	void *ctx;
};
void keys_reference(struct text *text, const struct keys_voice *voice);
#endif
