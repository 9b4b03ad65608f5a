/* src/cli/audit_story.h - the findings of one device as a story of few lines: what
 * belongs together is one line (all personal data to one host, all hosts with one kind of
 * certificate), the worst first; what is normal but worth knowing comes last. */
#ifndef KS_CLI_AUDIT_STORY_H
#define KS_CLI_AUDIT_STORY_H
#include "cli/audit_show.h"
#include "words/finding.h"

enum { STORY_LINES = 64, STORY_NAMES = 3 };

struct story_line {
	enum severity severity;
	char text[1200];
	const char *id; /* of the finding it tells: for `keisoku explain` */
};

struct story {
	struct story_line lines[STORY_LINES];
	size_t n, more; /* more: lines that did not fit */
};

/* device AUDIT_NO_DEVICE: what belongs to none, such as the capture itself. */
void story_tell(const struct audit_view *view, enum lang lang, uint32_t device,
    struct story *ret_story);
/* Without the findings that skip (one for each of the audit's) says. */
void story_tell_some(const struct audit_view *view, enum lang lang, uint32_t device,
    const bool *skip, struct story *ret_story);

/* The contact or trace by the clock that a finding tells of; NULL: none. */
const struct audit_periodic *story_periodic(const struct audit *audit,
    const struct audit_finding *finding);
/* "every 60 min ± 20 s, 216 of 216" or "every day at 04:30 ± 10 s, 9 of 12" */
void story_period(struct text *text, enum lang lang, const struct audit_periodic *p);
/* The sentence, a msgid, for several others: it takes who they are and how often.  NULL: a
 * finding of that kind is told by its own. */
const char *story_together(enum finding_code code, enum finding_way way);
#endif
