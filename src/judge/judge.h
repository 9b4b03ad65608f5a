/* src/judge/judge.h - readings in, findings out.  Pure: opens nothing, asks no clock,
 * prints nothing, draws no random number.  Feed it series, readings and ticks; the
 * same feed gives the same findings, in a simulated year as at 3 a.m. */
#ifndef KS_JUDGE_JUDGE_H
#define KS_JUDGE_JUDGE_H
#include "base/why.h"
#include "site/finding.h"
#include "site/model.h"
#include "site/series.h"
#include "site/verdict.h"
#include "site/window.h"

struct judge;

/* The site is borrowed and must outlive the judge. */
KS_MUST int judge_new(const struct site *site, struct judge **ret_judge, struct why *why);
void judge_free(struct judge *judge);

/* Local time of calendars: the zone of a tz= of the site file (base/zone.h), borrowed
 * like the site.  A zone nobody lent is UTC. */
struct zone;
void judge_zone(struct judge *judge, const char *tz, const struct zone *zone);

/* Announce a series before its first reading; the same number again replaces it. */
KS_MUST int judge_series(struct judge *judge, const struct series *series,
    struct why *why);
/* One reading; its time_ms is its own.  Unknown series are counted and ignored.
 * A reading may be made worse (untrusted, stuck) by the judge: *ret_quality and
 * *ret_doubt say how it now stands. */
void judge_take(struct judge *judge, const struct reading *reading,
    enum quality *ret_quality, enum doubt *ret_doubt);
/* What a clock that nobody ever sets shows at the tick that follows: how much time has
 * passed is then measured, and a late tick is no set clock.  Without it, it is guessed. */
void judge_steady(struct judge *judge, int64_t steady_ms);
/* Time passes: hold times, silence, forecasts, grouping.  Call at least every 10 s;
 * jumps of now_ms in either direction raise no false finding. */
void judge_tick(struct judge *judge, int64_t now_ms);
/* keisoku was not measuring in [from, to): silence in there is nobody's fault. */
void judge_gap(struct judge *judge, int64_t from_ms, int64_t to_ms);
/* The two halves of it.  At the tick that follows so much time will have passed since the
 * last one, as nobody ticked: we were stopped, or the machine slept.  And: in [from, to)
 * nothing was measured, which is told when it was a minute or more. */
void judge_slept(struct judge *judge, int64_t ms);
void judge_hole(struct judge *judge, int64_t from_ms, int64_t to_ms);
/* Something keisoku says of itself (a role died, disk full): lasts until ended_ms. */
void judge_self(struct judge *judge, const struct finding *finding);

/* Another system's alert: subject as it is called there, word is the alert's name; ended
 * when ended_ms is set.  until_ms: it ends then unless it is said again; 0: in a day. */
void judge_alert(struct judge *judge, const struct finding *finding, int64_t until_ms);

/* What the wire says of a device (KS-WIRE): subject is the device as it is called there, place
 * the other side.  It ends at until_ms unless it is said again. */
void judge_wire(struct judge *judge, const struct finding *finding, int64_t until_ms);

/* So many wires are heard at present: where nothing else is measured, that is what is. */
void judge_hears(struct judge *judge, unsigned wires);

/* A finding that was open when the last run ended: it stays open with its id and since
 * until its rule claims it again, or for five minutes.  Call after judge_gap, before the
 * first reading.  False: it can not be taken up. */
bool judge_restore(struct judge *judge, const struct finding *finding, int64_t now_ms);

/* Silences and maintenance windows that people asked for; borrowed until the next call. */
void judge_windows(struct judge *judge, const struct window *windows, size_t n);

/* Findings that began, changed or ended since the last call, oldest first; borrowed
 * until the next judge_ call.  Ended ones come once, with ended_ms set.  core gives
 * ids (judge_name) before anything else is asked. */
size_t judge_changes(struct judge *judge, const struct finding **ret_findings);
void judge_name(struct judge *judge, size_t change, uint64_t id);

/* All open findings, causes before what they explain, worst first; borrowed. */
size_t judge_open(struct judge *judge, const struct finding **ret_findings);

/* Carry over from an older judge what still makes sense (reload of the site file). */
void judge_inherit(struct judge *judge, const struct judge *older);

/* The four questions of 3 a.m. in data; words/ makes six lines of it. */
void judge_verdict(struct judge *judge, int64_t now_ms, struct verdict *ret_verdict);

/* What to do about verdict->worst, where no judge runs: what follows from the finding and the
 * site alone.  site may be NULL. */
void judge_advise(const struct site *site, struct verdict *verdict);
#endif
