/* src/cli/compare.h - two audits held against each other: what is gone, what is new, what
 * stayed and by how much it changed.  Destinations are matched by name (by address where
 * there is none), findings by what and with whom: the device may have another address by
 * then. */
#ifndef KS_CLI_COMPARE_H
#define KS_CLI_COMPARE_H
#include "base/arena.h"
#include "cli/audit_show.h"

enum compare_side { BEFORE, AFTER };

/* One destination, country or finding; there[] says on which sides. */
struct compare_row {
	const char *name;    /* destination; letters of the country; words' other side */
	const char *country; /* of a destination */
	const char *word;    /* of a finding */
	uint16_t code;	     /* of a finding */
	uint8_t severity;
	uint8_t way;	     /* enum finding_way, of a finding */
	bool there[2];
	uint64_t bytes[2];   /* findings: how often */
	uint32_t handshake_us[2]; /* 0: none seen */
	const struct audit_finding *finding[2];
};

struct compare {
	const struct audit *audit[2];
	struct compare_row *destinations, *countries, *findings; /* the largest first */
	size_t destinations_n, countries_n, findings_n;
};

/* In arena; false when it is full. */
bool compare_make(struct arena *arena, const struct audit *before, const struct audit *after,
    struct compare *ret_compare);

/* Rows of a list on the sides that are asked for. */
size_t compare_count(const struct compare_row *rows, size_t n, bool before, bool after);

/* For each finding of one side: is it not among those that are there on these sides?  One
 * for story_tell_some(); NULL when memory is out; free() it. */
bool *compare_skip(const struct compare *compare, enum compare_side side, bool before,
    bool after);

struct compare_view {
	const struct compare *compare;
	enum lang lang;
	const struct zone *zone;
	const char *zone_name;
	bool color;
	size_t columns;
};

/* "-97.6 %"; "" when there was nothing before */
void say_change(struct text *text, uint64_t before, uint64_t after);
/* Per day, from the bytes and the length of a capture. */
uint64_t compare_daily(const struct audit *audit);

/* "-97.6 % bytes; 3 findings gone, 0 new, 1 kept"; what one side is missing. */
void compare_headline(struct text *text, enum lang lang, const struct compare *compare);
/* "20 Apr 00:04 to 1 May 23:58 (11 days 23 h)" */
void compare_period(struct text *text, const struct compare_view *view, enum compare_side side);

bool compare_json(const struct compare_view *view, FILE *to);
bool compare_text(const struct compare_view *view, FILE *to);
bool compare_html(const struct compare_view *view, FILE *to);
#endif
