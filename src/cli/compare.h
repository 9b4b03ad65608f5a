/* src/cli/compare.h - two audits held against each other: what is gone, what is new, what
 * stayed and by how much it changed.  Destinations are matched by name (by address where
 * there is none), findings by device (compare_device.c: it may have another address by then),
 * what and with whom. */
#ifndef KS_CLI_COMPARE_H
#define KS_CLI_COMPARE_H
#include "base/arena.h"
#include "cli/audit_show.h"
#include "cli/audit_story.h"

enum compare_side { BEFORE, AFTER };
enum compare_part { PART_GONE, PART_NEW, PART_CHANGED, PART_KEPT, COMPARE_PARTS };

/* One destination, country or finding; there[] says on which sides. */
struct compare_row {
	const char *name;    /* destination; letters of the country; words' other side */
	const char *key;     /* by which it is found on the other side; mostly the name */
	const char *country; /* of a destination */
	const char *word;    /* of a finding */
	uint16_t code;	     /* of a finding */
	uint8_t severity;
	uint8_t way;	     /* enum finding_way, of a finding */
	uint32_t device;     /* of a finding: one number for both sides; AUDIT_NO_DEVICE */
	bool there[2];
	bool changed;	     /* a finding that is on both sides, but not as it was */
	uint64_t bytes[2];   /* findings: how often */
	uint32_t handshake_us[2]; /* median; 0: none seen */
	uint32_t handshakes[2];	  /* of so many */
	const struct audit_finding *finding[2];
};

struct compare {
	const struct audit *audit[2];
	struct compare_row *destinations, *countries, *findings; /* the largest first */
	size_t destinations_n, countries_n, findings_n;
	const uint32_t *other[2]; /* by device of a side: which it is on the other; or
				   * AUDIT_NO_DEVICE */
};

/* In arena; false when it is full. */
bool compare_make(struct arena *arena, const struct audit *before, const struct audit *after,
    struct compare *ret_compare);

/* Rows of a list on the sides that are asked for. */
size_t compare_count(const struct compare_row *rows, size_t n, bool before, bool after);

/* A finding that was not there before, or is not as it was and no less often; open ones. */
bool compare_is_worse(const struct compare_row *row);
/* Of a finding. */
enum compare_part compare_part_of(const struct compare_row *row);
/* Was the round trip of a destination so much longer or shorter that it must be named? */
bool compare_is_slower(const struct compare_row *row);
/* On which side the findings of a part are told: gone ones before, all others after. */
enum compare_side compare_side_of(enum compare_part part);

struct compare_view {
	const struct compare *compare;
	enum lang lang;
	const struct zone *zone;
	const char *zone_name;
	bool color;
	size_t columns;
	size_t told[COMPARE_PARTS]; /* lines that tell the findings of each part */
};

/* What one device (AUDIT_NO_DEVICE: none) of that part's side did, as lines; those that
 * changed end in how it was before. */
void compare_tell(const struct compare_view *view, enum compare_part part, uint32_t device,
    struct story *ret_story);
/* Fills told: what is counted is what is shown. */
void compare_told(struct compare_view *view);
/* "keiri-pc", "192.0.2.7 (before: 192.0.2.5)", "192.0.2.9 (not seen before)" */
void compare_device_say(struct text *text, const struct compare_view *view,
    enum compare_side side, uint32_t device);
/* "beta.example: round trip 20.1 ms → 200 ms (×10)" */
void compare_round_trip(struct text *text, const struct compare_view *view,
    const struct compare_row *row);
/* "0.04 ms", "20.1 ms"; "-" when none was seen. */
void say_round_trip(struct text *text, uint32_t us);

/* "-97.6 %"; "" when there was nothing before */
void say_change(struct text *text, uint64_t before, uint64_t after);
/* Per day, from the bytes and the length of a capture. */
uint64_t compare_daily(const struct audit *audit);

/* "-97.6 % bytes; 3 findings gone, 0 new, 1 kept"; "no change"; what one side is missing. */
void compare_headline(struct text *text, const struct compare_view *view);
/* "20 Apr 00:04 to 1 May 23:58 (11 days 23 h)" */
void compare_period(struct text *text, const struct compare_view *view, enum compare_side side);

bool compare_json(const struct compare_view *view, FILE *to);
bool compare_text(const struct compare_view *view, FILE *to);
bool compare_html(const struct compare_view *view, FILE *to);
#endif
