/* src/site/reader.h - inside of site/read.c and its neighbours: one reading of one
 * file.  The file is copied once and things point into the copy; a place in it is a
 * struct piece, so that an error knows its line and column. */
#ifndef KS_SITE_READER_H
#define KS_SITE_READER_H
#include "site/keys.h"
#include "site/model.h"
#include "site/read.h"

struct piece {
	uint32_t at, n;
};

/* One line of the file. */
struct line {
	struct piece all, id;
	uint32_t index; /* of its thing in its array */
	uint8_t kind;	/* KINDS: empty, comment or not understood */
};

/* A key's row, made ready: bounds in thousandths of the base unit. */
struct ready {
	const struct unit *unit;
	int64_t low, high;
	uint8_t bit; /* keys that write the same member share it */
};

struct pair {
	const struct key *key; /* NULL in kinds that take any */
	struct piece word, value, all;
};

struct reader {
	struct span bytes; /* as given */
	char *copy;
	struct site *site;
	struct arena scratch;
	bool wide_blanks; /* the file holds full-width spaces somewhere */
	struct site_errors *errors;
	const struct site_files *files;
	struct ready *ready;		    /* one a row of keys[] */
	const struct key *first_key[KINDS];
	size_t keys_n[KINDS];
	void *blank[KINDS];		    /* a thing with its defaults */
	struct line *lines;
	size_t lines_n;
	bool bytes_told;	/* what is said now is of bytes that no text has */
	struct slot {
		uint32_t hash, line;	    /* of an ID; line 0: empty */
	} *slots;
	size_t slots_mask;
	uint32_t site_line;		    /* 0: none yet */
	bool full;			    /* memory or a limit ran out */
	struct pair pairs[LIMIT_SITE_KEYS]; /* of the line being read */
	size_t pairs_n;
	char suggestion[LIMIT_NAME + 1];    /* for the next fault */
};

static inline struct span piece_span(const struct reader *r, struct piece piece)
{
	return span_of(r->copy + piece.at, piece.n);
}

/* fault.c: one error; the text under the caret is `at`.  r->suggestion goes with it. */
void fault(struct reader *r, struct piece at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void fault_why(struct reader *r, struct piece at, const struct why *why);
/* At key= of that line (1-based), or at its ID when the key does not stand there. */
void fault_key(struct reader *r, uint32_t line, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

bool fault_has_key(const struct reader *r, uint32_t line, const char *key);

/* ids.c: the table of IDs; a line number, 0 when there is none. */
void ids_start(struct reader *r);
uint32_t ids_find(const struct reader *r, struct span id);
void ids_put(struct reader *r, uint32_t line);
void *thing_of(const struct reader *r, uint32_t line);
/* The thing of one of these kinds with that ID; NULL, and the fault said. */
void *thing_named(struct reader *r, struct piece id, uint32_t kinds);

/* memory of the model; NULL and r->full when there is none */
void *reader_take(struct reader *r, size_t count, size_t size);
/* the piece as a string of the model */
const char *reader_text(struct reader *r, struct piece piece);

/* scan.c: the words of a line. */
struct piece scan_word(const struct reader *r, struct piece *rest);
/* The pairs of a line into r->pairs; faults are said. */
void scan_pairs(struct reader *r, const struct line *line);
/* The next of a list split by commas, trimmed; false at the end. */
bool scan_item(const struct reader *r, struct piece *rest, struct piece *ret_item);

/* value.c: r->pairs[i] into the thing; and a default as the row has it. */
void value_apply(struct reader *r, const struct pair *pair, void *thing);
void value_default(struct reader *r, const struct key *key, void *thing);
/* value_days.c: hours, days off and instants. */
void value_hours(struct reader *r, const struct pair *pair, struct calendar *calendar);
void value_off(struct reader *r, const struct pair *pair, struct calendar *calendar);
void value_ics(struct reader *r, const struct pair *pair, struct calendar *calendar);
void value_instant(struct reader *r, const struct pair *pair, void *thing);
/* value_place.c: where a sensor is and what its numbers mean. */
void value_at(struct reader *r, const struct pair *pair, struct sensor *sensor);
void value_on(struct reader *r, const struct pair *pair, struct sensor *sensor);
void value_limit(struct reader *r, const struct pair *pair, struct sensor *sensor);

/* cross.c: what only the whole file can tell; fills what follows from other things. */
void cross_all(struct reader *r);
/* cycle.c */
void cross_cycles(struct reader *r);
#endif
