/* src/cli/whatif.h - inside of `keisoku whatif`: one question under way, shared by the
 * files that answer it (whatif.c asks, whatif_text.c and whatif_json.c say). */
#ifndef KS_CLI_WHATIF_H
#define KS_CLI_WHATIF_H
#include "base/text.h"
#include "plan/cascade.h"
#include "plan/loss.h"
#include "words/words.h"

enum { WHATIF_TEXT = 64 << 20, WHATIF_FLUSH = 1 << 20, WHATIF_LOST = 64 };

struct whatif {
	enum lang lang;
	bool json, follow;	  /* --json; --cascade */
	const struct site *site;
	struct arena arena;
	struct grid *grid;
	struct flow *flow;
	struct loss *loss;
	struct cascade *cascade;
	bool *off;		  /* of each host: switched off by --off */
	uint32_t off_n;
	uint32_t lost[WHATIF_LOST], lost_n; /* --lose */
	bool one;		  /* one loss is asked about, not a list of them */
	const char *state;	  /* --state; NULL: the usual places */
	struct grid_reading *readings; /* of now, in the arena */
	size_t readings_n;
	const struct room *room;  /* of --lose-cooling; NULL: not asked */
	struct text text;
	size_t losses_n;	  /* said so far */
	bool broken;		  /* stdout did not take it */
};

/* What the daemon or its store knows to be measured now, into the arena; how many. */
size_t whatif_seen(struct whatif *whatif, const char *state, struct grid_reading **ret_readings);

/* Gives to stdout what is there, when it is much or the end. */
void whatif_flush(struct whatif *whatif, bool end);

/* The answer's head and end; between them each loss, as the flow stands after it. */
void whatif_json_begin(struct whatif *whatif);
void whatif_json_loss(struct whatif *whatif, const uint32_t *nodes, uint32_t n);
void whatif_json_end(struct whatif *whatif);

/* All there is to say of one loss; and one line of a list of them. */
void whatif_say_loss(struct whatif *whatif, const uint32_t *nodes, uint32_t n);
/* Where the watts come from, and how old they are. */
void whatif_say_numbers(struct whatif *whatif);

/* The fastest that --lose-cooling's room was seen to warm; else not known. */
struct whatif_rise {
	bool known;
	int64_t milli_h, ago_ms; /* K in an hour; since that hour */
};
struct whatif_rise whatif_past(const struct whatif *whatif);

/* --lose-cooling ROOM, --add WORDS: false when stderr has been told why not. */
bool whatif_cooling(struct whatif *whatif, const char *id);
bool whatif_add(struct whatif *whatif, const char *path, const char *words);
/* Without any question: what is left, and until when. */
void whatif_capacity(struct whatif *whatif);
void whatif_trends(struct whatif *whatif);

/* --every and --pairs. */
void whatif_every(struct whatif *whatif);
void whatif_pairs(struct whatif *whatif);

/* "A,B" */
void whatif_names(const struct whatif *whatif, struct text *text, const uint32_t *nodes, uint32_t n);
/* One node or host of many: up to `most` IDs, then how many more. */
void whatif_list(struct whatif *whatif, const uint32_t *things, uint32_t n, uint32_t most, bool hosts);
#endif
