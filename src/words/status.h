/* src/words/status.h - the answer of `keisoku status`: six lines for a person and
 * keisoku.status/1 for a machine, the same whoever gives it (the page's /api/status,
 * or the command line out of the store when no daemon runs). */
#ifndef KS_WORDS_STATUS_H
#define KS_WORDS_STATUS_H
#include "site/series.h"
#include "site/model.h"
#include "site/verdict.h"
#include "site/wire.h"
#include "words/words.h"

/* The newest reading of a series, and when the newest value came that could be believed:
 * where a reading has no number, or one that is not shown, that is the age to tell. */
struct status_now {
	struct series series;
	struct reading reading;
	int64_t value_ms; /* UTC; 0: there never was one */
	uint32_t store;	  /* number of its samples in the store; 0: not kept */
	uint32_t reserved;
};

struct status {
	const struct verdict *verdict;
	const struct finding *findings; /* all open, causes before what they explain */
	size_t findings_n;
	const struct status_now *readings;
	size_t readings_n;
	const struct wire_row *wires; /* how each wire does now: WIRE_SOURCE */
	size_t wires_n;
	const char *site;	  /* its ID */
	const struct site *model; /* whose names are said; NULL: IDs are */
	const char *source;	  /* "daemon" or "store" */
	const struct zone *zone;  /* NULL: UTC */
	int64_t now_ms;
};

/* What, since, now, next, do, proof; without colours and line ends, each at most
 * STATUS_MOST terminal columns; most are within STATUS_COLUMNS, and who shows them at a
 * terminal wraps them. */
enum { STATUS_LINES = 6, STATUS_COLUMNS = 100, STATUS_MOST = 400 };
void status_line(struct text *text, enum lang lang, const struct status *status,
    unsigned line);

/* {"schema":"keisoku.status/1", ... "lines":{"ja":[..],"en":[..]}, ...} */
void status_json(struct text *text, const struct status *status);

/* One finding as a JSON object, with its sentence in both languages; site: whose names
 * the sentences say, NULL: IDs. */
void finding_json(struct text *text, const struct site *site, const struct zone *zone,
    const struct finding *finding, int64_t now_ms);

/* s cut to that many columns; what is cut ends in "...". */
void say_cut(struct text *text, struct span s, size_t columns);

/* What people must know first: the finding of the headline. */
const struct finding *status_named(const struct verdict *verdict);

/* "3 hosts lost; ", which stands before the headline; nothing where it says so itself. */
void status_lost_say(struct text *text, enum lang lang, const struct status *status);

/* The forecast of the verdict: what reaches which limit when. */
void status_next_say(struct text *text, enum lang lang, const struct status *status);

/* Why nothing is forecast, as of the verdict's worst. */
void say_no_forecast(struct text *text, enum lang lang, const struct verdict *verdict);

/* The series nearest to its upper limit, with the share of the way to it in thousandths (of
 * air: from 15 C); NULL and -1: none has one. */
const struct status_now *status_nearest(const struct status_now *now, size_t n,
    int64_t *ret_share);

/* What to do, in words: "open the doors of R1". */
void say_todo(struct text *text, enum lang lang, enum todo todo, const char *subject);
#endif
