/* test/unit/court.h - a judge with a site written in a test, its own clock, and a
 * record of all findings it ever gave, by id as core would name them. */
#ifndef KS_TEST_COURT_H
#define KS_TEST_COURT_H
#include "judge/judge.h"
#include "site/model.h"

enum { COURT_RECORDS = 4096, COURT_SERIES = 2048 };
enum { SEC = 1000, MIN = 60 * SEC, HR = 60 * MIN };

struct court {
	struct site *site;
	struct judge *judge;
	int64_t now;
	struct finding record[COURT_RECORDS]; /* the last word on each; index is id - 1 */
	size_t records;
	size_t changes;		/* all that was ever told */
	size_t disorder;	/* a child before its cause, an end before a beginning */
	enum quality quality;	/* of the last reading, as judged */
	enum doubt doubt;
};

#define COURT_START 1792972800000LL /* 2026-10-26 00:00 UTC, a Monday */

struct court *court_new(const char *site);
void court_free(struct court *court);
void court_series(struct court *court, uint32_t number, const char *id, enum measure kind);
/* The same with an id of its own, for lines that offer several. */
void court_series_as(struct court *court, uint32_t number, const char *id, enum measure kind,
    const char *series);
void court_say(struct court *court, uint32_t number, int64_t milli);
void court_bad(struct court *court, uint32_t number, enum quality quality, enum doubt doubt);
void court_state(struct court *court, uint32_t number, const char *word,
    enum severity severity);
void court_take(struct court *court, const struct reading *reading);
/* Ten seconds pass; what changed is fetched and named. */
void court_tick(struct court *court);
void court_fetch(struct court *court);
/* How many records of this code there ever were; of them open. */
size_t court_count(const struct court *court, enum finding_code code);
size_t court_open(const struct court *court, enum finding_code code);
/* The newest record of the code; NULL when there is none. */
const struct finding *court_last(const struct court *court, enum finding_code code);
/* Records of severity warning or worse that nothing else explains. */
size_t court_roots(const struct court *court);

/* A room of three thermometers, t1 t2 t3, numbered 1 2 3; warm and quiet for 5 min. */
#define COURT_ROOM "site s tz=UTC volt=200\nroom r1 volume=40m3\nrack k1 room=r1\n"
#define COURT_T(id) "sensor " id " via=snmp address=192.0.2.1 at=r1 kind=temperature read=1.3 every=10s\n"
struct court *court_three(void);
/* What the series 1, 2 ... say for so many ticks; NOT is silence. */
#define NOT INT64_MIN
#define SAY(court, ticks, ...)                                                             \
	court_say_all(court, (const int64_t[]){ __VA_ARGS__ },                             \
	    sizeof(const int64_t[]){ __VA_ARGS__ } / sizeof(int64_t), ticks)
void court_say_all(struct court *court, const int64_t *values, size_t n, int ticks);
void court_say_three(struct court *court, int64_t a, int64_t b, int64_t c, int ticks);
#endif
