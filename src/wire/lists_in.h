/* src/wire/lists_in.h - what the readers of lists share. */
#ifndef KS_WIRE_LISTS_IN_H
#define KS_WIRE_LISTS_IN_H
#include "base/limits.h"
#include "base/text.h"
#include "wire/lists.h"
#include "wire/rows.h"

enum entry_kind { ENTRY_EXACT, ENTRY_BELOW, ENTRY_BOTH, ENTRY_ADDRESS, ENTRY_URL, ENTRY_PRINT };
enum { NAME_MAX_BYTES = 253 };

struct range {
	struct address from, to;
	struct address reach; /* the farthest `to` of all up to this one, after lists_end */
	uint32_t meta;
	uint8_t bits; /* of the prefix; 255: two ends */
};

struct list_head {
	char *name, date[12];
};

/* What an entry says beside itself; many say the same, so that it is kept once. */
struct list_about {
	int64_t from_s, until_s; /* holds from, and no longer at; 0: open */
	uint64_t hash;		 /* of the category, seeded; 0: none */
	uint64_t day;		 /* since 1970, and one; end of key */
	uint32_t word, date;	 /* category and date: names of `words`, 0 not said */
};
enum { ABOUT_BITS = 24, ABOUT_NONE = (1 << ABOUT_BITS) - 1 };

/* Times of the entry being read.  Of several dates the first of these is its own. */
enum list_field { FIELD_OTHER, FIELD_SEEN, FIELD_CREATED, FIELD_FROM, FIELD_STAMP, FIELD_UNTIL };
struct list_when {
	int64_t from_s, until_s;
	int32_t day;  /* since 1970 */
	uint8_t rank; /* enum list_field of day; 0: none was said */
};
enum { LIST_COLUMNS = 24, LIST_RECENT = 256 };

struct lists {
	uint64_t seed;
	uint64_t *keys;	 /* 0: empty */
	uint32_t *metas; /* list << 24 | about */
	size_t slots, used; /* slots: a power of two */
	struct range *ranges; /* in order of `from` after lists_end */
	size_t ranges_n, ranges_room;
	struct list_head heads[LIMIT_LISTS];
	size_t heads_n;
	struct names words;
	struct rows abouts;
	struct { uint64_t hash; uint32_t about; } recent[LIST_RECENT]; /* without times */
	struct lists_count count;
	/* of the list being read */
	struct text line; /* what of a line came with the last piece */
	bool first, json, failed;
	struct list_when when;		/* of the entry to come */
	uint8_t columns[LIST_COLUMNS];	/* enum list_field, as a heading said */
	bool headed;
};

/* -- the table (lists.c) -- */
void entry_put(struct lists *lists, enum entry_kind kind, struct span bytes,
    struct span category);
void range_put(struct lists *lists, const struct range *range, struct span category);

/* -- one entry (lists_entry.c): false when it is none -- */
/* Normal form of a name; its length, 0 when it can be none. */
size_t name_normal(struct span name, char room[NAME_MAX_BYTES + 1]);
bool entry_name(struct lists *lists, struct span name, enum entry_kind kind,
    struct span category);
bool entry_address(struct lists *lists, struct span text, struct span category);
bool entry_url(struct lists *lists, struct span text, struct span category);
bool entry_print(struct lists *lists, struct span text, struct span category);
/* Whatever it is; a name: with all below it. */
bool entry_any(struct lists *lists, struct span text, struct span category);

/* -- formats: false when the line is neither an entry nor a comment -- */
bool line_read(struct lists *lists, struct span line); /* lists_line.c */
bool line_rule(struct lists *lists, struct span line); /* Suricata: lists_rule.c */
void json_read(struct lists *lists, struct span whole); /* MISP, STIX: lists_json.c */
/* The list's own date, where a comment or a field says one. */
void list_date(struct lists *lists, struct span text);
/* -- times (lists_when.c) -- */
/* "2026-04-23", also with a time of day (UTC, or as its offset says); seconds since 1970. */
bool list_time(struct span text, int64_t *ret_s);
enum list_field list_field(struct span name);
void list_when_take(struct list_when *when, enum list_field field, struct span text);
/* A row that names its columns; false: it names none that is known. */
bool list_heading(struct lists *lists, const struct span *field, size_t n);
void list_row_when(struct lists *lists, const struct span *field, size_t n);
/* For the table: list << ABOUT_BITS | about. */
uint32_t list_about_put(struct lists *lists, struct span category);
const struct list_about *list_about_of(const struct lists *lists, uint32_t meta);
bool list_about_holds(const struct list_about *about, const struct lists_met *met);
/* Does it hold whenever that one would? */
bool list_about_covers(const struct list_about *about, const struct list_when *when);
/* RFC 3492, with its xn--, into room; 0: impossible. */
size_t punycode(struct span label, char *room, size_t max);
#endif
