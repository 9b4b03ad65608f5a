/* src/wire/lists_in.h - what the readers of lists share. */
#ifndef KS_WIRE_LISTS_IN_H
#define KS_WIRE_LISTS_IN_H
#include "base/limits.h"
#include "base/text.h"
#include "wire/lists.h"

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

struct lists {
	uint64_t seed;
	uint64_t *keys;	 /* 0: empty */
	uint32_t *metas; /* list << 24 | category */
	size_t slots, used; /* slots: a power of two */
	struct range *ranges; /* in order of `from` after lists_end */
	size_t ranges_n, ranges_room;
	struct list_head heads[LIMIT_LISTS];
	size_t heads_n;
	char **categories; /* 0 is "" */
	size_t categories_n, categories_room;
	uint32_t *category_slots;
	size_t category_slots_n;
	struct lists_count count;
	/* of the list being read */
	struct text line; /* what of a line came with the last piece */
	bool first, json, failed;
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
/* RFC 3492, with its xn--, into room; 0: impossible. */
size_t punycode(struct span label, char *room, size_t max);
#endif
